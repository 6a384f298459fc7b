//! The body of a draft: CommonMark with tables, and references in double square brackets.
//!
//! References are taken out before Markdown is read and put back into its tree, so that a `|`, `_` or `*` inside one is no
//! table cell and no emphasis. HTML in the Markdown is text like any other: it is printed as it was written.

use comrak::nodes::{ListType, Node, NodeValue, TableAlignment};
use comrak::{Arena, Options, parse_document};

use crate::Error;
use crate::draft::{Ask, Drafted, Reference};
use crate::model::{Align, Block};

/// In place of reference n: OPEN, n in decimal, CLOSE. Both are private characters, which a draft may not use.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// Deeper than any letter; shallow enough for every typesetter's stack.
const DEEPEST: usize = 12;

/// Reads the body; `first_line` is its first line's number in the draft.
pub fn read(body: &str, first_line: usize) -> Result<Vec<Block<Drafted>>, Error> {
    let (text, references) = take_out(body, first_line)?;
    let mut options = Options::default();
    options.extension.table = true;
    let arena = Arena::new();
    let root = parse_document(&arena, &text, &options);
    let mut reading = Reading { references, first_line, level: 1 };
    let blocks = reading.blocks(root, 0)?;
    Ok(blocks)
}

/// The text with its references replaced, and the references.
fn take_out(body: &str, first_line: usize) -> Result<(String, Vec<Reference>), Error> {
    let mut out = String::with_capacity(body.len());
    let mut references = Vec::new();
    let mut line = first_line;
    let mut rest = body;
    while let Some(found) = rest.find(['[', '\\', '\n', OPEN, CLOSE]) {
        let (before, from) = rest.split_at(found);
        out.push_str(before);
        let mut take = |count: usize| {
            let (taken, after) = from.split_at(count);
            out.push_str(taken);
            rest = after;
        };
        if from.starts_with('\n') {
            line += 1;
            take(1);
        } else if from.starts_with('\\') {
            // A backslash keeps what follows as it is: “\[[” is no reference.
            let next = from.chars().nth(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
            take(1 + next);
        } else if from.starts_with([OPEN, CLOSE]) {
            return Err(Error::Draft {
                line,
                problem: "there is a character of Unicode's private area here, which has no meaning to a reader".into(),
                hint: "take it out".into(),
            });
        } else if let Some(inner) = from.strip_prefix("[[") {
            let end = inner.find("]]").filter(|end| !inner[..*end].contains("\n\n") && !inner[..*end].contains("[["));
            let Some(end) = end else {
                return Err(Error::Draft {
                    line,
                    problem: "a reference begins here with “[[” and does not end".into(),
                    hint: "close it with “]]”, or write “\\[[” for two plain brackets".into(),
                });
            };
            let written = inner[..end].split_whitespace().collect::<Vec<_>>().join(" ");
            out.push(OPEN);
            out.push_str(&references.len().to_string());
            out.push(CLOSE);
            references.push(Reference { ask: ask(&written, line)?, written, line });
            // Lines inside a reference are counted, and kept, so that what follows keeps its place.
            let breaks = inner[..end].matches('\n').count();
            line += breaks;
            rest = &inner[end + 2..];
        } else {
            take(1);
        }
    }
    out.push_str(rest);
    Ok((out, references))
}

/// What a reference asks for.
fn ask(written: &str, line: usize) -> Result<Ask, Error> {
    let wrong = |problem: String, hint: &str| Error::Draft { line, problem, hint: hint.into() };
    let (head, extra) = match written.split_once('|') {
        Some((head, extra)) => (head.trim(), Some(extra.trim()).filter(|extra| !extra.is_empty())),
        None => (written, None),
    };
    let Some((kind, name)) =
        head.split_once(':').map(|(kind, name)| (kind.trim(), name.trim())).filter(|(_, name)| !name.is_empty())
    else {
        return Err(wrong(
            format!("“[[{written}]]” is not a reference"),
            "write [[figure:NAME]], [[fact:ENTITY.PROPERTY]], [[name:ENTITY]] or [[cite:SOURCE]]; “\\[[” gives two plain brackets",
        ));
    };
    let drafted = || match extra.map(|extra| extra.strip_prefix("drafted ").map(str::trim)) {
        None => Ok(None),
        Some(Some(value)) if !value.is_empty() => Ok(Some(value.to_string())),
        Some(_) => Err(wrong(
            format!("after “|” in “[[{written}]]” stands something else than the drafted value"),
            "write it as [[figure:NAME|drafted 14..20]]",
        )),
    };
    match kind {
        "figure" => Ok(Ask::Figure { name: name.into(), drafted: drafted()? }),
        "fact" => match name.rsplit_once('.') {
            Some((entity, property)) if !entity.is_empty() && !property.is_empty() => {
                Ok(Ask::Fact { entity: entity.into(), property: property.into(), drafted: drafted()? })
            }
            _ => Err(wrong(
                format!("“[[{written}]]” names no property"),
                "write [[fact:ENTITY.PROPERTY]], such as [[fact:rc1-verdict.date]]",
            )),
        },
        "name" if extra.is_none() => Ok(Ask::Name { entity: name.into() }),
        "name" => {
            Err(wrong(format!("“[[{written}]]” has a “|”"), "a name takes nothing beside the entity: [[name:ENTITY]]"))
        }
        "cite" => Ok(Ask::Cite { entity: name.into(), pinpoint: extra.map(str::to_string) }),
        other => Err(wrong(
            format!("there is no reference of the kind “{other}”"),
            "the kinds are figure, fact, name and cite",
        )),
    }
}

struct Reading {
    references: Vec<Reference>,
    first_line: usize,
    /// Level of the last heading as printed: no heading leaps, whatever the draft does.
    level: u8,
}

impl Reading {
    fn error(&self, node: Node<'_>, problem: &str, hint: &str) -> Error {
        let line = node.data().sourcepos.start.line.max(1) + self.first_line - 1;
        Error::Draft { line, problem: problem.into(), hint: hint.into() }
    }

    fn deep(&self, node: Node<'_>, depth: usize) -> Result<usize, Error> {
        if depth >= DEEPEST {
            return Err(self.error(
                node,
                "this is nested too deep for a letter",
                "use fewer lists, quotations or emphases inside each other",
            ));
        }
        Ok(depth + 1)
    }

    fn blocks(&mut self, parent: Node<'_>, depth: usize) -> Result<Vec<Block<Drafted>>, Error> {
        let depth = self.deep(parent, depth)?;
        let mut out = Vec::new();
        for node in parent.children() {
            let value = node.data().value.clone();
            out.push(match value {
                NodeValue::Paragraph => Block::Paragraph { inlines: self.inlines(node, depth)? },
                NodeValue::Heading(heading) => {
                    // “#” and “##” are both the first level under the title.
                    let level = heading.level.clamp(2, 6).min(self.level + 1);
                    self.level = level;
                    if node.children().next().is_none() {
                        return Err(self.error(node, "this heading is empty", "give it words, or take it out"));
                    }
                    Block::Heading { level, inlines: self.inlines(node, depth)? }
                }
                NodeValue::List(list) => Block::List {
                    start: (list.list_type == ListType::Ordered).then_some(list.start),
                    tight: list.tight,
                    items: node.children().map(|item| self.blocks(item, depth)).collect::<Result<_, _>>()?,
                },
                NodeValue::BlockQuote => Block::Quote { blocks: self.blocks(node, depth)? },
                NodeValue::Table(table) => self.table(node, &table.alignments, depth)?,
                NodeValue::CodeBlock(code) => Block::Code { text: self.restored(code.literal.trim_end()) },
                NodeValue::HtmlBlock(html) => {
                    let mut inlines = Vec::new();
                    self.text(&mut inlines, html.literal.trim_end());
                    Block::Paragraph { inlines }
                }
                NodeValue::ThematicBreak => Block::Rule,
                _ => {
                    return Err(self.error(
                        node,
                        "this kind of paragraph has no place in a letter",
                        "write it as plain paragraphs or a list",
                    ));
                }
            });
        }
        Ok(out)
    }

    fn table(&mut self, node: Node<'_>, alignments: &[TableAlignment], depth: usize) -> Result<Block<Drafted>, Error> {
        let align = alignments
            .iter()
            .map(|align| match align {
                TableAlignment::Right => Align::Right,
                TableAlignment::Center => Align::Center,
                TableAlignment::None | TableAlignment::Left => Align::Left,
            })
            .collect();
        let mut head = Vec::new();
        let mut rows = Vec::new();
        for row in node.children() {
            let cells = row.children().map(|cell| self.inlines(cell, depth)).collect::<Result<Vec<_>, _>>()?;
            if matches!(row.data().value, NodeValue::TableRow(true)) {
                head = cells;
            } else {
                rows.push(cells);
            }
        }
        Ok(Block::Table { align, head, rows })
    }

    fn inlines(&mut self, parent: Node<'_>, depth: usize) -> Result<Vec<Drafted>, Error> {
        let depth = self.deep(parent, depth)?;
        let mut out = Vec::new();
        for node in parent.children() {
            let value = node.data().value.clone();
            match value {
                NodeValue::Text(text) => self.text(&mut out, &text),
                NodeValue::SoftBreak => self.text(&mut out, " "),
                NodeValue::LineBreak => out.push(Drafted::Break),
                NodeValue::Code(code) => out.push(Drafted::Code(self.restored(&code.literal))),
                NodeValue::HtmlInline(html) => self.text(&mut out, &html),
                NodeValue::Emph => out.push(Drafted::Emphasis(self.inlines(node, depth)?)),
                NodeValue::Strong => out.push(Drafted::Strong(self.inlines(node, depth)?)),
                NodeValue::Link(link) => {
                    let children = self.inlines(node, depth)?;
                    let url = link.url.trim();
                    if ["http://", "https://", "mailto:"]
                        .iter()
                        .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
                    {
                        out.push(Drafted::Link { url: url.to_string(), children });
                    } else {
                        return Err(self.error(
                            node,
                            &format!("a letter cannot link to “{}”", self.restored(url)),
                            "link to an address that begins with https://, http:// or mailto:",
                        ));
                    }
                }
                NodeValue::Image(_) => {
                    return Err(self.error(
                        node,
                        "a letter carries no pictures",
                        "describe it, or link to its address",
                    ));
                }
                _ => {
                    return Err(self.error(
                        node,
                        "this kind of text has no place in a letter",
                        "write it as plain text",
                    ));
                }
            }
        }
        Ok(out)
    }

    /// Adds text, with its references put back.
    fn text(&self, out: &mut Vec<Drafted>, text: &str) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            push_text(out, before);
            rest = after;
            if let Some((number, after)) = rest.split_once(CLOSE) {
                if let Some(reference) = number.parse().ok().and_then(|number: usize| self.references.get(number)) {
                    out.push(Drafted::Reference(reference.clone()));
                }
                rest = after;
            }
        }
        push_text(out, rest);
    }

    /// Text in which a reference has no meaning (code, an address): as it was written.
    fn restored(&self, text: &str) -> String {
        self.references.iter().enumerate().fold(text.to_string(), |text, (number, reference)| {
            if !text.contains(OPEN) {
                return text;
            }
            text.replace(&format!("{OPEN}{number}{CLOSE}"), &format!("[[{}]]", reference.written))
        })
    }
}

fn push_text(out: &mut Vec<Drafted>, text: &str) {
    match out.last_mut() {
        _ if text.is_empty() => {}
        Some(Drafted::Text(last)) => last.push_str(text),
        _ => out.push(Drafted::Text(text.to_string())),
    }
}
