//! The words of the document part, paragraph by paragraph.

use super::numbering::Numbering;
use super::styles::{Styles, on};
use crate::document::{BlockKind, Table};
use crate::writer::Writer;
use crate::xml::{Element, Node};

pub struct Parts {
    pub styles: Styles,
    pub numbering: Numbering,
    pub footnotes: Option<Element>,
    pub endnotes: Option<Element>,
}

struct Body<'a> {
    parts: Parts,
    writer: &'a mut Writer,
    /// Notes met so far: (kind, id, label).
    met: Vec<(&'static str, String, String)>,
    footnotes: i64,
    endnotes: i64,
    /// Text boxes met in the paragraph being written.
    boxes: Vec<&'a Element>,
    /// Words owed at the head of the next paragraph.
    prefix: Option<String>,
    in_note: bool,
    /// Nested fields: whether their instructions, not their results, are being read.
    fields: Vec<bool>,
}

const MAX_DEPTH: usize = 120;
const MAX_COLUMNS: usize = 500;

pub fn write<'a>(document: &'a Element, mut parts: Parts, writer: &'a mut Writer) {
    let notes = (parts.footnotes.take(), parts.endnotes.take());
    let mut body = Body {
        parts,
        writer,
        met: Vec::new(),
        footnotes: 0,
        endnotes: 0,
        boxes: Vec::new(),
        prefix: None,
        in_note: false,
        fields: Vec::new(),
    };
    if let Some(element) = document.at(&["document", "body"]) {
        body.blocks(element, BlockKind::Paragraph, 0);
    }
    let Body { met, parts, writer, .. } = body;
    // A note's own body, with a walker of its own: it may not borrow as long as the document.
    let mut notes_body = Body {
        parts,
        writer,
        met: Vec::new(),
        footnotes: 0,
        endnotes: 0,
        boxes: Vec::new(),
        prefix: None,
        in_note: true,
        fields: Vec::new(),
    };
    for (kind, id, label) in met {
        let (root, list, item) =
            if kind == "f" { (&notes.0, "footnotes", "footnote") } else { (&notes.1, "endnotes", "endnote") };
        let found = root.as_ref().and_then(|root| root.child(list)).and_then(|list| {
            list.elements().find(|element| element.name == item && element.attribute("id") == Some(&id))
        });
        if let Some(note) = found {
            notes_body.note(note, &format!("{kind}:{id}"), &label);
        }
    }
}

impl<'a> Body<'a> {
    fn note<'b>(&mut self, note: &'b Element, id: &str, label: &str)
    where
        'b: 'a,
    {
        let first = self.writer.document.blocks.len();
        self.prefix = Some(format!("[{label}] "));
        self.fields.clear();
        self.blocks(note, BlockKind::Note, 0);
        self.writer.end();
        self.prefix = None;
        if self.writer.document.blocks.len() > first {
            self.writer.note(id, first, label);
        }
    }

    fn blocks(&mut self, parent: &'a Element, kind: BlockKind, depth: usize) {
        if depth > MAX_DEPTH || self.writer.is_full() {
            return;
        }
        for element in parent.elements() {
            match element.name.as_str() {
                "p" => self.paragraph(element, kind, depth),
                "tbl" => self.table(element, kind, depth),
                "sdt" => {
                    if let Some(content) = element.child("sdtContent") {
                        self.blocks(content, kind, depth + 1);
                    }
                }
                "AlternateContent" => {
                    if let Some(choice) = element.child("Choice").or_else(|| element.child("Fallback")) {
                        self.blocks(choice, kind, depth + 1);
                    }
                }
                "ins" | "moveTo" | "customXml" | "smartTag" => self.blocks(element, kind, depth + 1),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: &'a Element, kind: BlockKind, depth: usize) {
        let properties = paragraph.child("pPr");
        let value = |path: &[&str]| {
            properties.and_then(|properties| properties.at(path)).and_then(|element| element.attribute("val"))
        };
        let style = value(&["pStyle"]).unwrap_or("");
        let mut own = kind;
        let mut label = None;
        if kind == BlockKind::Paragraph {
            let direct = value(&["numPr", "numId"])
                .map(|id| (id.to_owned(), value(&["numPr", "ilvl"]).and_then(|level| level.parse().ok()).unwrap_or(0)));
            let list = direct.or_else(|| self.parts.styles.list(style)).filter(|(id, _)| id != "0");
            label = list.and_then(|(id, level)| self.parts.numbering.next(&id, level));
            let outline = value(&["outlineLvl"]).and_then(|level| level.parse::<u8>().ok()).filter(|level| *level < 9);
            own = match self.parts.styles.kind(style) {
                Some(kind) => kind,
                None if outline.is_some() => BlockKind::Heading(outline.unwrap_or(0) + 1),
                None if label.is_some() => BlockKind::Item,
                None => kind,
            };
        }
        self.writer.begin(own);
        if let Some(prefix) = self.prefix.take() {
            self.writer.words(&prefix);
        } else if let Some(label) = label.filter(|label| !label.trim().is_empty()) {
            self.prefix = Some(format!("{label} "));
        }
        self.inline(paragraph, depth);
        self.writer.end();
        if !self.in_note {
            self.prefix = None;
        }
        for text_box in std::mem::take(&mut self.boxes) {
            self.blocks(text_box, BlockKind::Paragraph, depth + 1);
        }
    }

    fn words(&mut self, words: &str) {
        if words.trim().is_empty() && !self.writer.has_words() {
            return;
        }
        // A list's number stands only where words follow.
        if let Some(prefix) = self.prefix.take() {
            self.writer.words(&prefix);
        }
        self.writer.words(words);
    }

    fn inline(&mut self, parent: &'a Element, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for element in parent.elements() {
            match element.name.as_str() {
                "r" => self.run(element, depth),
                "del" | "moveFrom" | "pPr" | "rPr" | "commentRangeStart" | "commentRangeEnd" | "bookmarkStart"
                | "bookmarkEnd" => {}
                "AlternateContent" => {
                    if let Some(choice) = element.child("Choice").or_else(|| element.child("Fallback")) {
                        self.inline(choice, depth + 1);
                    }
                }
                // Text boxes stand beside the paragraph: their words follow it.
                "txbxContent" => self.boxes.push(element),
                _ => self.inline(element, depth + 1),
            }
        }
    }

    fn run(&mut self, run: &'a Element, depth: usize) {
        if let Some(properties) = run.child("rPr") {
            let style = properties.child("rStyle").and_then(|style| style.attribute("val"));
            let direct = properties.child("vanish").map(on);
            if direct.unwrap_or_else(|| style.is_some_and(|style| self.parts.styles.hidden(style))) {
                return;
            }
        }
        let elements: Vec<&Element> = run.elements().collect();
        for (index, element) in elements.iter().enumerate() {
            let instructing = self.fields.last().copied().unwrap_or(false);
            match element.name.as_str() {
                "fldChar" => match element.attribute("fldCharType") {
                    Some("begin") => self.fields.push(true),
                    Some("separate") => {
                        if let Some(last) = self.fields.last_mut() {
                            *last = false;
                        }
                    }
                    Some("end") => {
                        self.fields.pop();
                    }
                    _ => {}
                },
                _ if instructing => {}
                "t" => {
                    for node in &element.children {
                        if let Node::Text(text) = node {
                            self.words(text);
                        }
                    }
                }
                "tab" | "ptab" => self.words(" "),
                "br" if matches!(element.attribute("type"), Some("page" | "column")) => self.words(" "),
                "br" | "cr" => self.writer.line(),
                "noBreakHyphen" => self.words("\u{2011}"),
                "sym" => self.symbol(element),
                "footnoteReference" | "endnoteReference" if !self.in_note => {
                    let custom = element.attribute("customMarkFollows").is_some_and(|value| value != "0");
                    let mark = elements.get(index + 1).filter(|_| custom).map(|next| next.all_text());
                    self.mark(element, mark);
                    if custom {
                        break;
                    }
                }
                "footnoteRef" | "endnoteRef" | "rPr" | "instrText" | "delText" | "delInstrText" | "annotationRef" => {}
                "AlternateContent" => {
                    if let Some(choice) = element.child("Choice").or_else(|| element.child("Fallback")) {
                        self.inline(choice, depth + 1);
                    }
                }
                _ => self.inline(element, depth + 1),
            }
        }
    }

    fn symbol(&mut self, element: &Element) {
        let code = element.attribute("char").and_then(|code| u32::from_str_radix(code, 16).ok()).unwrap_or(0);
        // Symbol fonts live in the private use area; what is not there is Unicode.
        if let Some(character) = char::from_u32(code).filter(|c| !('\u{E000}'..='\u{F8FF}').contains(c)) {
            self.words(&character.to_string());
        }
    }

    fn mark(&mut self, element: &Element, custom: Option<String>) {
        let Some(id) = element.attribute("id") else { return };
        let kind = if element.name == "footnoteReference" { "f" } else { "e" };
        let label = match custom.map(|label| crate::writer::bare_label(&label)).filter(|label| !label.is_empty()) {
            Some(label) => label,
            None if kind == "f" => {
                self.footnotes += 1;
                self.footnotes.to_string()
            }
            None => {
                self.endnotes += 1;
                // Word's own default, and no clash with the footnotes' numbers.
                crate::html::ordinal(self.endnotes, "i")
            }
        };
        self.words("");
        self.writer.mark(&format!("{kind}:{id}"), &label);
        self.met.push((kind, id.to_owned(), label));
    }

    fn table(&mut self, table: &'a Element, kind: BlockKind, depth: usize) {
        let rows: Vec<&Element> = rows(table, 0);
        let widest = rows.iter().map(|row| cells(row).len()).max().unwrap_or(0);
        let nested = rows.iter().any(|row| cells(row).iter().any(|cell| cell.child("tbl").is_some()));
        if widest <= 1 || nested || self.in_note {
            // A frame around words, or a page arranged by tables.
            for row in rows {
                for cell in cells(row) {
                    self.blocks(cell, kind, depth + 1);
                }
            }
            return;
        }
        self.writer.end();
        let mut made = Table::default();
        for row in rows {
            let mut words: Vec<String> = Vec::new();
            for cell in cells(row) {
                let properties = cell.child("tcPr");
                let span = properties
                    .and_then(|properties| properties.at(&["gridSpan"]))
                    .and_then(|span| span.attribute("val"))
                    .and_then(|span| span.parse().ok())
                    .unwrap_or(1_usize);
                let merged = properties
                    .and_then(|properties| properties.child("vMerge"))
                    .is_some_and(|merge| merge.attribute("val") != Some("restart"));
                words.push(if merged { String::new() } else { self.cell(cell) });
                words.extend((1..span.min(100)).map(|_| String::new()));
                if words.len() > MAX_COLUMNS {
                    break;
                }
            }
            made.rows.push(self.writer.row(&words));
        }
        self.writer.table(made);
    }

    /// A cell's words; its notes are numbered here and written at the end like all others.
    fn cell(&mut self, cell: &'a Element) -> String {
        let mut inner = Writer::new();
        let outer = std::mem::replace(&mut *self.writer, inner);
        self.blocks(cell, BlockKind::Paragraph, 1);
        self.writer.end();
        inner = std::mem::replace(&mut *self.writer, outer);
        inner.document.text
    }
}

fn rows(table: &Element, depth: usize) -> Vec<&Element> {
    let mut found = Vec::new();
    for element in table.elements() {
        match element.name.as_str() {
            "tr" if element.at(&["trPr", "del"]).is_none() => found.push(element),
            "sdt" | "sdtContent" | "customXml" | "ins" if depth < 8 => found.extend(rows(element, depth + 1)),
            _ => {}
        }
    }
    found
}

fn cells(row: &Element) -> Vec<&Element> {
    let mut found = Vec::new();
    for element in row.elements() {
        match element.name.as_str() {
            "tc" => found.push(element),
            "sdt" => found.extend(element.child("sdtContent").into_iter().flat_map(cells)),
            _ => {}
        }
    }
    found
}
