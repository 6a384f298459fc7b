//! What was read: one text, and spans into it.
//!
//! Every span counts Unicode code points of [`Document::text`] from 0, end exclusive. A span is a promise for
//! ever: together with the quoted words it finds its place again after the reader improves (see `find`).

use serde::{Deserialize, Serialize};

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Languages for tesseract, by its own names (`eng`, `khm`); those not installed are left out, with a warning.
    pub ocr_languages: Vec<String>,
    /// Languages (BCP 47) that a text is likely to be in; empty: those this program knows the most of.
    pub likely_languages: Vec<String>,
    /// Whether attachments are kept, with their bytes.
    pub attachments: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ocr_languages: vec!["eng".to_owned(), "khm".to_owned()],
            likely_languages: Vec::new(),
            attachments: true,
        }
    }
}

/// The words of one file, and what the file says of itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Document {
    /// The words. Of a plain-text file: its own, unchanged (a byte order mark stays outside).
    pub text: String,
    /// `html`, `pdf`, `docx`, `odt`, `rtf`, `text`, `markdown`, `email`, `mhtml`, `xlsx`, `xls`, `ods`, `csv` or `image`.
    pub format: String,
    /// Told from the bytes, not from the name.
    pub media_type: String,
    /// The document's title, as the document itself gives it.
    pub title: Option<String>,
    /// Who wrote it, as written.
    pub byline: Option<String>,
    /// The line with place or date that opens it, as written.
    pub date_line: Option<String>,
    /// When it was published, as EDTF, if the file says so in a form that a program can be sure of.
    pub published: Option<String>,
    /// BCP 47 language of most of it.
    pub language: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Its own address; absolute, http or https.
    pub canonical: Option<String>,
    /// They cover the words in order; between them lies only white space.
    pub blocks: Vec<Block>,
    /// Footnotes and endnotes, each linked to its mark.
    pub notes: Vec<Note>,
    /// Where each page begins (PDF); empty in formats without pages.
    pub pages: Vec<u32>,
    /// Tables, with a span for every cell.
    pub tables: Vec<Table>,
    /// Files inside the file.
    pub attachments: Vec<Attachment>,
    /// What the file says of itself: Author, Producer, Created, From, Message-ID…
    pub about: Vec<(String, String)>,
    /// What was not read, and why, in plain English.
    pub warnings: Vec<String>,
    /// Which reader, in which version: for the custody record of the derived text.
    pub method: String,
}

/// A run of words that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// What the words are.
    pub kind: BlockKind,
    /// BCP 47, if the words are enough to tell.
    pub language: Option<String>,
    /// Page, from 1 (PDF).
    pub page: Option<u32>,
}

/// What a block's words are in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// The document's title.
    Title,
    /// A heading, from level 1.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item of a list.
    Item,
    /// A row of a table.
    Row,
    /// A footnote or endnote.
    Note,
    /// The words under a picture or over a table.
    Caption,
    /// Who wrote it.
    Byline,
    /// Another's words, set apart.
    Quote,
    /// Words that are not the document's own matter (separators, a file's front matter), kept only where the
    /// text is the file's own.
    Other,
}

/// A footnote or endnote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// `1`, `*`, `iv`.
    pub label: String,
    /// Where its mark stands in the text.
    pub mark: Option<(u32, u32)>,
    /// Index of the (first) block with its words.
    pub body: usize,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// The caption, or the sheet's name.
    pub caption: Option<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell's words, as a span of the text; an empty cell has `start == end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// A file inside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name there.
    pub name: String,
    /// Told from its bytes where they tell, else as declared.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Document {
    /// Whether every span lies in the text, in order, and the blocks leave only white space between them.
    ///
    /// # Errors
    /// Which span does not, in words for a developer.
    pub fn check(&self) -> Result<(), String> {
        let length = crate::count::points(&self.text);
        let mut at = 0;
        let mut slices = crate::count::Slices::new(&self.text);
        for (index, block) in self.blocks.iter().enumerate() {
            if block.start < at || block.end <= block.start || block.end > length {
                return Err(format!("block {index} spans {}..{} after {at} of {length}", block.start, block.end));
            }
            if !is_blank(slices.slice(at, block.start)) {
                return Err(format!("words before block {index} are in no block"));
            }
            at = block.end;
        }
        if !is_blank(slices.slice(at, length)) {
            return Err("words at the end are in no block".to_owned());
        }
        let inside = |start: u32, end: u32| start <= end && end <= length;
        if let Some(cell) =
            self.tables.iter().flat_map(|table| table.rows.iter().flatten()).find(|cell| !inside(cell.start, cell.end))
        {
            return Err(format!("a cell spans {}..{} of {length}", cell.start, cell.end));
        }
        if let Some(note) = self
            .notes
            .iter()
            .find(|note| note.body >= self.blocks.len() || note.mark.is_some_and(|(start, end)| !inside(start, end)))
        {
            return Err(format!("the note {} points outside the text", note.label));
        }
        if !self.pages.is_sorted() || self.pages.last().is_some_and(|page| *page > length) {
            return Err("pages are out of order".to_owned());
        }
        Ok(())
    }

    pub(crate) fn tell(&mut self, key: &str, value: impl Into<String>) {
        let value: String = value.into();
        let value = value.trim();
        // A file may say the same twice (Info and XMP); it may not say ten thousand things.
        if !value.is_empty() && self.about.len() < 200 && !self.about.iter().any(|(k, v)| k == key && v == value) {
            self.about.push((key.to_owned(), crate::count::head(value, 4000).to_owned()));
        }
    }

    pub(crate) fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if self.warnings.len() < 100 && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

/// White space and control characters: what lies between blocks.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || c == '\u{FEFF}')
}
