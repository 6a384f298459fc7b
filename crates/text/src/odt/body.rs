//! The words of `content.xml`.

use crate::document::{BlockKind, Table};
use crate::writer::Writer;
use crate::xml::{Element, Node};
use std::collections::HashMap;

const MAX_DEPTH: usize = 120;
/// A row or cell may say that it is repeated a million times: so many are believed.
const MAX_REPEATS: usize = 100;
const MAX_COLUMNS: usize = 500;

struct Body<'a> {
    writer: &'a mut Writer,
    /// Style name to its parents' names.
    parents: HashMap<&'a str, &'a str>,
    /// List style name to, for each level, the number format ("" for bullets), prefix and suffix.
    lists: HashMap<&'a str, Vec<(&'a str, &'a str, &'a str)>>,
    notes: Vec<(String, String, &'a Element)>,
    boxes: Vec<&'a Element>,
    prefix: Option<String>,
}

pub fn write<'a>(content: &'a Element, styles: Option<&'a Element>, writer: &'a mut Writer) {
    let mut body = Body {
        writer,
        parents: HashMap::new(),
        lists: HashMap::new(),
        notes: Vec::new(),
        boxes: Vec::new(),
        prefix: None,
    };
    for root in styles.into_iter().chain(std::iter::once(content)).flat_map(Element::elements) {
        for group in root.elements().filter(|group| matches!(group.name.as_str(), "styles" | "automatic-styles")) {
            body.styles(group);
        }
    }
    if let Some(text) = content.at(&["document-content", "body", "text"]) {
        body.blocks(text, BlockKind::Paragraph, 0);
    }
    for (id, label, note) in std::mem::take(&mut body.notes) {
        let first = body.writer.document.blocks.len();
        body.prefix = Some(format!("[{label}] "));
        body.blocks(note, BlockKind::Note, 0);
        body.writer.end();
        body.prefix = None;
        if body.writer.document.blocks.len() > first {
            body.writer.note(&id, first, &label);
        }
    }
}

impl<'a> Body<'a> {
    fn styles(&mut self, group: &'a Element) {
        for style in group.elements() {
            let Some(name) = style.attribute("name") else { continue };
            match style.name.as_str() {
                "style" => {
                    if let Some(parent) = style.attribute("parent-style-name") {
                        self.parents.insert(name, parent);
                    }
                }
                "list-style" => {
                    let levels = style
                        .elements()
                        .take(10)
                        .map(|level| {
                            let format = if level.name == "list-level-style-number" {
                                level.attribute("num-format").unwrap_or("")
                            } else {
                                ""
                            };
                            (
                                format,
                                level.attribute("num-prefix").unwrap_or(""),
                                level.attribute("num-suffix").unwrap_or(""),
                            )
                        })
                        .collect();
                    self.lists.insert(name, levels);
                }
                _ => {}
            }
        }
    }

    /// What a paragraph style is, by the name of it or of one it comes from.
    fn kind(&self, style: &str) -> Option<BlockKind> {
        let mut name = style;
        for _ in 0..12 {
            match name {
                "Title" => return Some(BlockKind::Title),
                "Subtitle" => return Some(BlockKind::Heading(2)),
                "Quotations" => return Some(BlockKind::Quote),
                "Caption" | "Illustration" | "Table" => return Some(BlockKind::Caption),
                _ => {}
            }
            name = self.parents.get(name)?;
        }
        None
    }

    fn blocks(&mut self, parent: &'a Element, kind: BlockKind, depth: usize) {
        if depth > MAX_DEPTH || self.writer.is_full() {
            return;
        }
        for element in parent.elements() {
            match element.name.as_str() {
                "h" => {
                    let level =
                        element.attribute("outline-level").and_then(|level| level.parse::<u8>().ok()).unwrap_or(1);
                    self.paragraph(element, BlockKind::Heading(level.clamp(1, 9)), depth);
                }
                "p" => {
                    let style = element.attribute("style-name").and_then(|style| self.kind(style));
                    let own = if kind == BlockKind::Paragraph { style.unwrap_or(kind) } else { kind };
                    self.paragraph(element, own, depth);
                }
                "list" => self.list(element, kind, 0, None, depth),
                "table" => self.table(element, kind, depth),
                // Deleted words are kept here, and comments: neither is the text.
                "tracked-changes" | "annotation" | "forms" | "sequence-decls" | "variable-decls"
                | "user-field-decls" => {}
                _ => self.blocks(element, kind, depth + 1),
            }
        }
    }

    fn list(&mut self, list: &'a Element, kind: BlockKind, level: usize, style: Option<&'a str>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let style = list.attribute("style-name").or(style);
        let mut number = 0_i64;
        let own = if kind == BlockKind::Note { kind } else { BlockKind::Item };
        for item in list.elements().filter(|item| matches!(item.name.as_str(), "list-item" | "list-header")) {
            number =
                item.attribute("start-value").and_then(|start| start.parse().ok()).unwrap_or(number.saturating_add(1));
            let shape = style.and_then(|style| self.lists.get(style)).and_then(|levels| levels.get(level)).copied();
            if let Some((format, before, after)) = shape
                && !format.is_empty()
                && item.name == "list-item"
                && self.prefix.is_none()
            {
                self.prefix = Some(format!("{before}{}{after} ", crate::html::ordinal(number, format)));
            }
            for element in item.elements() {
                match element.name.as_str() {
                    "list" => self.list(element, kind, level + 1, style, depth + 1),
                    "p" | "h" => self.paragraph(element, own, depth + 1),
                    _ => self.blocks(element, own, depth + 1),
                }
            }
        }
    }

    fn paragraph(&mut self, paragraph: &'a Element, kind: BlockKind, depth: usize) {
        self.writer.begin(kind);
        self.inline(paragraph, depth);
        self.writer.end();
        for text_box in std::mem::take(&mut self.boxes) {
            self.blocks(text_box, BlockKind::Paragraph, depth + 1);
        }
    }

    fn words(&mut self, words: &str) {
        if words.trim().is_empty() && !self.writer.has_words() {
            return;
        }
        if let Some(prefix) = self.prefix.take() {
            self.writer.words(&prefix);
        }
        self.writer.words(words);
    }

    fn inline(&mut self, parent: &'a Element, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for node in &parent.children {
            let element = match node {
                Node::Text(text) => {
                    self.words(text);
                    continue;
                }
                Node::Element(element) => element,
            };
            match element.name.as_str() {
                "s" | "tab" => self.words(" "),
                "line-break" => self.writer.line(),
                "note" => self.note(element),
                "annotation" | "annotation-end" | "ruby-text" | "script" | "tracked-changes" | "title" | "desc" => {}
                "text-box" => self.boxes.push(element),
                _ => self.inline(element, depth + 1),
            }
        }
    }

    fn note(&mut self, note: &'a Element) {
        let label = note
            .child("note-citation")
            .map(|citation| crate::writer::bare_label(&citation.all_text()))
            .unwrap_or_default();
        let Some(body) = note.child("note-body") else { return };
        if label.is_empty() {
            return;
        }
        let id = format!("{}:{}", self.notes.len(), label);
        self.words("");
        self.writer.mark(&id, &label);
        self.notes.push((id, label, body));
    }

    fn table(&mut self, table: &'a Element, kind: BlockKind, depth: usize) {
        let rows = rows(table, 0);
        let cells = |row: &'a Element| {
            row.elements().filter(|cell| matches!(cell.name.as_str(), "table-cell" | "covered-table-cell"))
        };
        let widest = rows.iter().map(|row| cells(row).count()).max().unwrap_or(0);
        let nested = rows.iter().any(|row| cells(row).any(|cell| cell.child("table").is_some()));
        if widest <= 1 || nested {
            for row in rows {
                for cell in cells(row) {
                    self.blocks(cell, kind, depth + 1);
                }
            }
            return;
        }
        self.writer.end();
        let mut made = Table { caption: None, rows: Vec::new() };
        for row in rows {
            let mut words: Vec<String> = Vec::new();
            for cell in cells(row) {
                let repeated: usize =
                    cell.attribute("number-columns-repeated").and_then(|count| count.parse().ok()).unwrap_or(1);
                let outer = std::mem::take(&mut *self.writer);
                self.blocks(cell, BlockKind::Paragraph, depth + 1);
                self.writer.end();
                let inner = std::mem::replace(&mut *self.writer, outer);
                for _ in 0..repeated.min(MAX_REPEATS) {
                    words.push(inner.document.text.clone());
                }
                if words.len() > MAX_COLUMNS {
                    break;
                }
            }
            made.rows.push(self.writer.row(&words));
        }
        self.writer.table(made);
    }
}

fn rows(table: &Element, depth: usize) -> Vec<&Element> {
    let mut found = Vec::new();
    for element in table.elements() {
        match element.name.as_str() {
            "table-row" => found.push(element),
            "table-header-rows" | "table-rows" | "table-row-group" if depth < 8 => {
                found.extend(rows(element, depth + 1))
            }
            _ => {}
        }
    }
    found
}
