//! Writes a document's text block by block, so that spans are right by construction.
//!
//! White space inside a block is collapsed as a browser would do; blocks are separated by an empty line, rows
//! and items by a line end. Zero-width characters stay: Khmer uses them between words.

use crate::document::{Block, BlockKind, Cell, Document, Note, Table};
use crate::error::Error;

/// The most text that one file may give, in bytes: a shelf of books.
pub const MAX_TEXT: usize = 48 << 20;
const MAX_BLOCKS: usize = 2_000_000;

#[derive(Default)]
pub struct Writer {
    pub document: Document,
    points: u32,
    open: Option<Open>,
    /// Notes whose mark was met: (label, mark), in order, waiting for a body.
    pub marks: Vec<(String, (u32, u32))>,
    page: Option<u32>,
    full: bool,
}

struct Open {
    kind: BlockKind,
    start: u32,
    start_byte: usize,
    /// White space is owed before the next word.
    gap: Option<char>,
    page: Option<u32>,
}

impl Writer {
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the text has reached what one file may give.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// From here on, blocks lie on this page (from 1).
    pub fn page(&mut self, number: u32) {
        self.end();
        self.page = Some(number);
        self.separate(BlockKind::Paragraph);
        self.document.pages.push(self.points);
    }

    /// The next word is the first on this page (from 1), though its block began on the page before.
    pub fn page_within(&mut self, number: u32) {
        self.page = Some(number);
        let owed = u32::from(self.open.as_ref().is_some_and(|open| open.gap.is_some()));
        self.document.pages.push(self.points + owed);
    }

    /// Ends the open block, if any, and begins one.
    pub fn begin(&mut self, kind: BlockKind) {
        self.end();
        self.open =
            Some(Open { kind, start: self.points, start_byte: self.document.text.len(), gap: None, page: self.page });
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether the open block has words already.
    pub fn has_words(&self) -> bool {
        self.open.as_ref().is_some_and(|open| self.document.text.len() > open.start_byte)
    }

    /// Ends the open block; one without words leaves no trace. Gives its index.
    pub fn end(&mut self) -> Option<usize> {
        let open = self.open.take()?;
        if self.document.text.len() == open.start_byte {
            return None;
        }
        if self.document.blocks.len() >= MAX_BLOCKS {
            self.full = true;
        }
        self.document.blocks.push(Block {
            start: open.start,
            end: self.points,
            kind: open.kind,
            language: None,
            page: open.page,
        });
        Some(self.document.blocks.len() - 1)
    }

    /// The words of the open block so far.
    pub fn open_words(&self) -> &str {
        self.open.as_ref().map_or("", |open| &self.document.text[open.start_byte..])
    }

    /// Drops the open block with its words.
    pub fn discard(&mut self) {
        if let Some(open) = self.open.take() {
            self.document.text.truncate(open.start_byte);
            self.points = open.start;
            self.marks.retain(|(_, mark)| mark.1 <= open.start);
        }
    }

    fn separate(&mut self, kind: BlockKind) {
        let Some(last) = self.document.blocks.last() else { return };
        let tight = matches!((last.kind, kind), (BlockKind::Row, BlockKind::Row) | (BlockKind::Item, BlockKind::Item));
        let wanted = if tight { 1 } else { 2 };
        let text = &mut self.document.text;
        let present = text.bytes().rev().take(2).take_while(|byte| *byte == b'\n').count();
        for _ in present..wanted {
            text.push('\n');
            self.points += 1;
        }
    }

    /// Adds words to the open block (a paragraph is opened if there is none).
    pub fn words(&mut self, words: &str) {
        for character in words.chars() {
            self.character(character);
        }
    }

    fn character(&mut self, character: char) {
        if self.full {
            return;
        }
        if character.is_whitespace() || (character.is_control() && character != '\u{AD}') {
            if self.has_words()
                && let Some(open) = &mut self.open
                && open.gap.is_none()
            {
                open.gap = Some(' ');
            }
            return;
        }
        if self.open.is_none() {
            self.begin(BlockKind::Paragraph);
        }
        if !self.has_words() {
            let kind = self.open.as_ref().map_or(BlockKind::Paragraph, |open| open.kind);
            self.separate(kind);
            if let Some(open) = &mut self.open {
                (open.start, open.start_byte) = (self.points, self.document.text.len());
            }
        } else if let Some(gap) = self.open.as_mut().and_then(|open| open.gap.take()) {
            self.document.text.push(gap);
            self.points += 1;
        }
        self.document.text.push(character);
        self.points += 1;
        if self.document.text.len() >= MAX_TEXT {
            self.full = true;
        }
    }

    /// A line end inside the block.
    pub fn line(&mut self) {
        if self.has_words()
            && let Some(open) = &mut self.open
        {
            open.gap = Some('\n');
        }
    }

    /// A footnote's mark, written `[1]` in every format, so that a raised figure never joins a word or a year.
    pub fn mark(&mut self, label: &str, shown: &str) {
        let shown = bare_label(shown);
        if shown.is_empty() || self.full {
            return;
        }
        // A mark belongs to the word before it.
        if let Some(open) = &mut self.open {
            open.gap = None;
        }
        self.words("[");
        let start = self.points.saturating_sub(1);
        self.words(&shown);
        self.words("]");
        self.marks.push((label.to_owned(), (start, self.points)));
    }

    /// Links a note's body to the first unused mark with its label.
    pub fn note(&mut self, label: &str, body: usize, shown: &str) {
        let mark = self.marks.iter().position(|(known, _)| known == label).map(|index| self.marks.remove(index).1);
        self.document.notes.push(Note { label: bare_label(shown), mark, body });
    }

    /// One row of a table: cells joined by tabs. Gives the cells' spans.
    pub fn row(&mut self, cells: &[String]) -> Vec<Cell> {
        self.end();
        let cells: Vec<String> = cells.iter().map(|cell| collapse(cell)).collect();
        if cells.iter().all(String::is_empty) {
            return cells.iter().map(|_| Cell { start: self.points, end: self.points }).collect();
        }
        self.separate(BlockKind::Row);
        let (start, first, last) = (
            self.points,
            cells.iter().position(|cell| !cell.is_empty()).unwrap_or(0),
            cells.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0),
        );
        let mut spans = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            // A block begins and ends with a word: tabs before the first and after the last say nothing.
            if index > first && index <= last {
                self.document.text.push('\t');
                self.points += 1;
            }
            let from = self.points;
            self.document.text.push_str(cell);
            self.points += crate::count::points(cell);
            spans.push(Cell { start: from, end: self.points });
        }
        self.full |= self.document.text.len() >= MAX_TEXT;
        let block = Block { start, end: self.points, kind: BlockKind::Row, language: None, page: self.page };
        self.document.blocks.push(block);
        spans
    }

    pub fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.document.tables.push(table);
        }
    }

    /// A mark inside a table's cell was written before its place was known: it is found by its words.
    fn find_marks(&mut self) {
        let taken: Vec<(u32, u32)> = self.document.notes.iter().filter_map(|note| note.mark).collect();
        let mut points = crate::count::Points::new(&self.document.text);
        for note in self.document.notes.iter_mut().filter(|note| note.mark.is_none()).take(1000) {
            let Some(body) = self.document.blocks.get(note.body) else { continue };
            let shown = format!("[{}]", note.label);
            let length = crate::count::points(&shown);
            let found = self.document.text.match_indices(&shown).take(64).map(|(at, _)| points.at(at));
            let free = found.filter(|at| *at < body.start && !taken.contains(&(*at, at + length)));
            note.mark = free.last().map(|at| (at, at + length));
        }
    }

    /// The document; one that outgrew the limit is refused rather than cut.
    pub fn finish(mut self, format: &str) -> Result<Document, Error> {
        self.end();
        self.find_marks();
        let end = self.document.text.trim_end().len();
        self.document.text.truncate(end);
        let last = crate::count::points(&self.document.text);
        self.document.pages.iter_mut().for_each(|page| *page = (*page).min(last));
        if self.full {
            return Err(Error::too_large(format, "it holds more than 48 MB of text; split it"));
        }
        Ok(self.document)
    }
}

/// White space collapsed to single spaces, none at the ends.
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for character in text.chars() {
        if character.is_whitespace() || (character.is_control() && character != '\u{AD}') {
            gap = !out.is_empty();
        } else {
            if std::mem::take(&mut gap) {
                out.push(' ');
            }
            out.push(character);
        }
    }
    out
}

/// A note's label without its brackets, dots and raised figures' disguise.
pub fn bare_label(shown: &str) -> String {
    let label = collapse(shown);
    let label = label.trim_matches(['[', ']', '(', ')', '.', ':', ' ']);
    label.chars().take(12).collect()
}
