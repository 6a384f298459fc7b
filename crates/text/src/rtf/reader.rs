//! What the control words mean for the text.

use super::FORMAT;
use super::names;
use super::words::{Token, Tokens};
use crate::decode::code_page;
use crate::document::{BlockKind, Table};
use crate::error::Error;
use crate::writer::Writer;
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::HashMap;

const MAX_DEPTH: usize = 2000;
const MAX_CELLS: usize = 500;

/// Where the words of a group go.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    Text,
    Nowhere,
    Note,
    /// The number of a list's item.
    Label,
    /// A field of `\info`.
    About(&'static str),
    Fonts,
    Styles,
}

#[derive(Clone)]
struct Group {
    place: Place,
    encoding: &'static Encoding,
    /// How many characters stand for a `\u` in readers that do not know it.
    fallback: usize,
    hidden: bool,
}

struct Rtf<'a> {
    writer: &'a mut Writer,
    stack: Vec<Group>,
    group: Group,
    base: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    styles: HashMap<i32, BlockKind>,
    style: i32,
    bytes: Vec<u8>,
    buffer: String,
    skip: usize,
    /// A high surrogate waiting for its other half.
    half: Option<u16>,
    kind: BlockKind,
    label: String,
    in_table: bool,
    cells: Vec<String>,
    cell: String,
    table: Table,
    notes: Vec<String>,
    /// `\*`: the next word names a destination that may be left out.
    optional: bool,
}

pub fn read(bytes: &[u8], writer: &mut Writer) -> Result<(), Error> {
    let group = Group { place: Place::Text, encoding: WINDOWS_1252, fallback: 1, hidden: false };
    let mut rtf = Rtf {
        writer,
        stack: Vec::new(),
        group,
        base: WINDOWS_1252,
        fonts: HashMap::new(),
        font: 0,
        styles: HashMap::new(),
        style: 0,
        bytes: Vec::new(),
        buffer: String::new(),
        skip: 0,
        half: None,
        kind: BlockKind::Paragraph,
        label: String::new(),
        in_table: false,
        cells: Vec::new(),
        cell: String::new(),
        table: Table::default(),
        notes: Vec::new(),
        optional: false,
    };
    for token in Tokens::new(bytes) {
        if rtf.writer.is_full() {
            break;
        }
        rtf.token(&token)?;
    }
    rtf.paragraph();
    rtf.end_table();
    for (index, note) in std::mem::take(&mut rtf.notes).into_iter().enumerate() {
        let label = (index + 1).to_string();
        rtf.writer.begin(BlockKind::Note);
        rtf.writer.words(&format!("[{label}] "));
        rtf.writer.words(&note);
        if let Some(body) = rtf.writer.end() {
            rtf.writer.note(&label, body, &label);
        }
    }
    Ok(())
}

impl Rtf<'_> {
    fn token(&mut self, token: &Token<'_>) -> Result<(), Error> {
        match token {
            Token::Open => {
                self.flush();
                if self.stack.len() >= MAX_DEPTH {
                    return Err(Error::too_large(FORMAT, "its groups are nested too deeply"));
                }
                self.stack.push(self.group.clone());
                self.skip = 0;
            }
            Token::Close => {
                self.flush();
                self.close();
                self.skip = 0;
            }
            Token::Byte(byte) => {
                if self.skip > 0 {
                    self.skip -= 1;
                } else if self.group.place != Place::Nowhere {
                    self.bytes.push(*byte);
                }
            }
            Token::Symbol(symbol) => {
                self.flush();
                match symbol {
                    b'~' => self.put(" "),
                    b'_' => self.put("\u{2011}"),
                    b'*' => self.optional = true,
                    b'\\' | b'{' | b'}' => self.bytes.push(*symbol),
                    b'\n' | b'\r' => self.paragraph(),
                    _ => {}
                }
            }
            Token::Word(word, number) => {
                self.flush();
                let optional = std::mem::take(&mut self.optional);
                let word = std::str::from_utf8(word).unwrap_or("");
                self.word(word, *number, optional);
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        let inner = self.group.clone();
        if let Some(outer) = self.stack.pop() {
            self.group = outer;
        }
        match inner.place {
            Place::About(key) if !matches!(self.group.place, Place::About(_)) => {
                let value = std::mem::take(&mut self.buffer);
                self.writer.document.tell(key, crate::writer::collapse(&value));
            }
            Place::Label if self.group.place != Place::Label => {
                self.label = crate::writer::collapse(&std::mem::take(&mut self.buffer))
            }
            Place::Styles if self.stack.len() >= 2 => {
                let name = crate::writer::collapse(&std::mem::take(&mut self.buffer)).to_lowercase();
                self.name_style(name.trim_end_matches(';').trim());
            }
            Place::Fonts => self.buffer.clear(),
            _ => {}
        }
    }

    fn name_style(&mut self, name: &str) {
        if let Some(kind) = names::style(name) {
            self.styles.insert(self.style, kind);
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, optional: bool) {
        match word {
            "par" | "sect" | "page" | "column" => self.paragraph(),
            "line" | "softline" => self.break_line(),
            "tab" => self.put(" "),
            "cell" | "nestcell" => {
                if self.group.place == Place::Text && self.cells.len() < MAX_CELLS {
                    self.writer.end();
                    self.cells.push(std::mem::take(&mut self.cell));
                }
            }
            "row" | "nestrow" => self.row(),
            "trowd" | "intbl" => {
                if self.group.place == Place::Text {
                    self.in_table = true;
                }
            }
            "pard" => {
                if self.group.place == Place::Text {
                    self.kind = BlockKind::Paragraph;
                    self.in_table = false;
                }
            }
            "s" => self.style = number.unwrap_or(0),
            "outlinelevel" => {
                if let Some(level) = number.and_then(|level| u8::try_from(level).ok()).filter(|level| *level < 9) {
                    self.kind = BlockKind::Heading(level + 1);
                }
            }
            "f" => self.choose_font(number.unwrap_or(0)),
            "fcharset" => {
                let encoding = names::charset(number.unwrap_or(0), self.base);
                if self.group.place == Place::Fonts {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "ansicpg" => {
                self.base = code_page(number.and_then(|page| u32::try_from(page).ok()).unwrap_or(1252));
                self.group.encoding = self.base;
            }
            "mac" => self.group.encoding = code_page(10000),
            "plain" => {
                self.group.hidden = false;
                self.group.encoding = self.base;
            }
            "uc" => self.group.fallback = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(64),
            "u" => self.unicode(number.unwrap_or(0)),
            "v" | "deleted" => self.group.hidden = number != Some(0),
            "emdash" => self.put("—"),
            "endash" => self.put("–"),
            "lquote" => self.put("‘"),
            "rquote" => self.put("’"),
            "ldblquote" => self.put("“"),
            "rdblquote" => self.put("”"),
            "bullet" => self.put("•"),
            "emspace" | "enspace" | "qmspace" => self.put(" "),
            "zwj" => self.put("\u{200D}"),
            "zwnj" => self.put("\u{200C}"),
            "zwbo" => self.put("\u{200B}"),
            _ => self.destination(word, optional),
        }
        if word == "s" && self.group.place == Place::Text {
            self.kind = self.styles.get(&self.style).copied().unwrap_or(BlockKind::Paragraph);
        }
    }

    fn destination(&mut self, word: &str, optional: bool) {
        if self.group.place == Place::Nowhere {
            return;
        }
        let place = match word {
            "footnote" if self.group.place == Place::Text => {
                self.notes.push(String::new());
                let label = self.notes.len().to_string();
                if self.in_table {
                    self.cell.push_str(&format!("[{label}]"));
                } else {
                    self.writer.mark(&label, &label);
                }
                Place::Note
            }
            "fonttbl" => Place::Fonts,
            "stylesheet" => Place::Styles,
            "listtext" | "pntext" => Place::Label,
            "shptxt" | "fldrslt" | "result" => return,
            // Groups that hold other destinations: their own words are none.
            "info" => return,
            // The words of a shape lie in a group of their own inside it; its properties come as `{\sp{\sn …}{\sv …}}`.
            "shpinst" | "object" => {
                self.group.hidden = false;
                return;
            }
            word => match names::about(word) {
                Some(key) => Place::About(key),
                None if optional || names::is_no_text(word) => Place::Nowhere,
                None => return,
            },
        };
        self.buffer.clear();
        self.group.place = place;
    }

    fn choose_font(&mut self, font: i32) {
        self.font = font;
        if self.group.place != Place::Fonts {
            self.group.encoding = self.fonts.get(&font).copied().unwrap_or(self.base);
        }
    }

    fn unicode(&mut self, number: i32) {
        // Negative numbers are those above 32767, written as signed.
        let unit = (number & 0xFFFF) as u16;
        let character = match (self.half.take(), unit) {
            (_, 0xD800..=0xDBFF) => {
                self.half = Some(unit);
                None
            }
            (Some(high), 0xDC00..=0xDFFF) => char::decode_utf16([high, unit]).next().and_then(Result::ok),
            (None, 0xDC00..=0xDFFF) => None,
            _ if number > 0xFFFF => u32::try_from(number).ok().and_then(char::from_u32),
            _ => char::from_u32(u32::from(unit)),
        };
        if let Some(character) = character {
            self.put(character.encode_utf8(&mut [0; 4]));
        }
        self.skip = self.group.fallback;
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let text = crate::decode::with(self.group.encoding, &bytes);
        self.put(&text);
    }

    fn put(&mut self, words: &str) {
        if self.group.hidden && self.group.place == Place::Text {
            return;
        }
        match self.group.place {
            Place::Nowhere | Place::Fonts => {}
            Place::Note => {
                if let Some(note) = self.notes.last_mut() {
                    note.push_str(words);
                }
            }
            Place::Label | Place::About(_) | Place::Styles => {
                if self.buffer.len() < 10_000 {
                    self.buffer.push_str(words);
                }
            }
            Place::Text if self.in_table => self.cell.push_str(words),
            Place::Text => {
                if words.trim().is_empty() && !self.writer.has_words() {
                    return;
                }
                if !self.writer.is_open() {
                    self.end_table();
                    let label = std::mem::take(&mut self.label);
                    let kind =
                        if label.is_empty() || self.kind != BlockKind::Paragraph { self.kind } else { BlockKind::Item };
                    self.writer.begin(kind);
                    if label.chars().any(char::is_alphanumeric) {
                        self.writer.words(&format!("{label} "));
                    }
                }
                self.writer.words(words);
            }
        }
    }

    fn break_line(&mut self) {
        match self.group.place {
            Place::Text if !self.in_table => self.writer.line(),
            _ => self.put(" "),
        }
    }

    fn paragraph(&mut self) {
        self.flush();
        match self.group.place {
            Place::Text if self.in_table => self.cell.push(' '),
            Place::Text => {
                self.writer.end();
                self.label.clear();
            }
            _ => self.put(" "),
        }
    }

    fn row(&mut self) {
        if self.group.place != Place::Text || self.cells.is_empty() {
            return;
        }
        let cells = std::mem::take(&mut self.cells);
        let row = self.writer.row(&cells);
        self.table.rows.push(row);
        self.cell.clear();
        self.label.clear();
        self.in_table = false;
    }

    fn end_table(&mut self) {
        if !self.cells.is_empty() || !self.cell.trim().is_empty() {
            // A file cut inside a row: its words are kept.
            self.cells.push(std::mem::take(&mut self.cell));
            self.row();
        }
        self.writer.table(std::mem::take(&mut self.table));
    }
}
