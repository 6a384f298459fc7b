//! OpenDocument sheets, read as a stream: a cell or row may say that it is repeated a million times.
//!
//! A date's and a number's own value is taken, not what the sheet shows of it: `13/08/20` is 2020-08-13 there, without doubt.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::archive::Archive;
use super::{MOST_CELLS, MOST_SHEETS, Sheet, Writer, broken, too_large};

const FORMAT: &str = "ods";

#[derive(Default)]
struct State {
    sheets: Vec<Sheet>,
    name: Option<String>,
    out: Writer,
    number: u64,
    row_repeats: u64,
    row: Vec<String>,
    /// Empty cells cost nothing until a word follows them.
    owed: usize,
    cell: Option<Cell>,
    /// How deep in a note or a comment of a cell, which is not the cell's own words.
    aside: usize,
    paragraph: bool,
}

struct Cell {
    repeats: usize,
    value: Option<String>,
    words: String,
    paragraphs: usize,
}

pub fn read(archive: &mut Archive<'_>) -> Result<Vec<Sheet>, text::Error> {
    if let Some(manifest) = archive.bytes("META-INF/manifest.xml")?
        && String::from_utf8_lossy(&manifest).contains("encryption-data")
    {
        return Err(text::Error::Encrypted { format: FORMAT.into() });
    }
    let content = archive.bytes("content.xml")?.ok_or_else(|| broken(FORMAT, "its part content.xml is missing"))?;
    let content = String::from_utf8(content).map_err(|_| broken(FORMAT, "its part content.xml is not UTF-8"))?;
    let mut reader = Reader::from_str(&content);
    let mut state = State::default();
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().map_err(|error| broken(FORMAT, format!("{error}; was it sent whole?")))?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > 256 {
                    return Err(broken(FORMAT, "its parts are nested too deeply"));
                }
                state.open(&element)?;
            }
            Event::Empty(element) => {
                state.open(&element)?;
                state.shut(element.local_name().as_ref())?;
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                state.shut(element.local_name().as_ref())?;
            }
            Event::Text(words) => state.say(&words),
            Event::CData(words) => state.say(&words),
            Event::GeneralRef(name) => match (name.resolve_char_ref(), &*name) {
                (Ok(Some(character)), _) => state.say(&character.to_string()),
                (_, "lt") => state.say("<"),
                (_, "gt") => state.say(">"),
                (_, "amp") => state.say("&"),
                (_, "quot") => state.say("\""),
                (_, "apos") => state.say("'"),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if depth > 0 {
        return Err(broken(FORMAT, "it ends in the middle; was it sent whole?"));
    }
    Ok(state.sheets)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}

fn repeats(element: &BytesStart<'_>, name: &str) -> usize {
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1)
}

impl State {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), text::Error> {
        match element.local_name().as_ref() {
            "table" if self.name.is_none() && self.sheets.len() < MOST_SHEETS => {
                self.name = Some(attribute(element, "name").unwrap_or_default());
                self.number = 0;
            }
            "table-row" => {
                self.row.clear();
                self.owed = 0;
                self.row_repeats = repeats(element, "number-rows-repeated") as u64;
            }
            "table-cell" | "covered-table-cell" => {
                let kind = attribute(element, "value-type").unwrap_or_default();
                let value = match kind.as_str() {
                    "date" => {
                        attribute(element, "date-value").map(|date| date.trim_end_matches("T00:00:00").to_owned())
                    }
                    "float" | "currency" => attribute(element, "value"),
                    "boolean" => attribute(element, "boolean-value").map(|value| value.to_uppercase()),
                    "string" => attribute(element, "string-value"),
                    _ => None,
                };
                let repeats = repeats(element, "number-columns-repeated");
                self.cell = Some(Cell { repeats, value, words: String::new(), paragraphs: 0 });
            }
            "annotation" | "shape" | "frame" => self.aside += 1,
            "p" if self.aside == 0 => {
                if let Some(cell) = &mut self.cell {
                    if cell.paragraphs > 0 {
                        cell.words.push('\n');
                    }
                    cell.paragraphs += 1;
                    self.paragraph = true;
                }
            }
            "s" => self.say(&" ".repeat(repeats(element, "c").min(1000))),
            "tab" => self.say("\t"),
            "line-break" => self.say("\n"),
            _ => {}
        }
        Ok(())
    }

    fn say(&mut self, words: &str) {
        if let Some(cell) = &mut self.cell
            && self.paragraph
            && self.aside == 0
        {
            cell.words.push_str(words);
        }
    }

    fn shut(&mut self, name: &str) -> Result<(), text::Error> {
        match name {
            "p" => self.paragraph = false,
            "annotation" | "shape" | "frame" => self.aside = self.aside.saturating_sub(1),
            "table-cell" | "covered-table-cell" => {
                let Some(cell) = self.cell.take() else { return Ok(()) };
                let words = cell.value.unwrap_or(cell.words);
                if words.trim().is_empty() {
                    self.owed = self.owed.saturating_add(cell.repeats);
                    return Ok(());
                }
                if self.row.len().saturating_add(self.owed).saturating_add(cell.repeats) > 16_384 {
                    return Err(too_large(FORMAT, "one of its rows has more than 16,384 cells"));
                }
                self.row.resize(self.row.len() + std::mem::take(&mut self.owed), String::new());
                self.row.resize(self.row.len() + cell.repeats, words);
            }
            "table-row" => {
                if self.row.is_empty() {
                    self.number = self.number.saturating_add(self.row_repeats);
                    return Ok(());
                }
                if self.row_repeats as usize > MOST_CELLS {
                    return Err(too_large(FORMAT, "one of its rows is repeated without end"));
                }
                for _ in 0..self.row_repeats {
                    self.number += 1;
                    self.out.row(self.number, &self.row)?;
                }
            }
            "table" => {
                if let Some(name) = self.name.take() {
                    let out = std::mem::take(&mut self.out);
                    self.sheets.push(Sheet { name, csv: out.csv });
                }
            }
            _ => {}
        }
        Ok(())
    }
}
