//! OpenDocument sheets, read as a stream: a cell or row may say that it is repeated a million times.
//!
//! A date's and a number's own value is the cell's word, not what the sheet shows of it: `13/08/20` is 2020-08-13 there, without doubt. A day that is not
//! shown is not said: “Sep 2020” is 2020-09.

use super::numbers::as_shown;
use super::stream::{Walker, attribute, walk};
use super::{MOST_COLUMNS, MOST_SHEETS, Rows, Written};
use crate::archive::Archive;
use crate::error::Error;
use quick_xml::events::BytesStart;

pub const FORMAT: &str = "ods";
/// The same words in more rows than this are no table but a trap.
const MOST_REPEATED: u64 = 65_536;

/// What is walked through: the sheet, its row, its cell.
struct State<'a> {
    to: &'a mut dyn Rows,
    sheets: usize,
    name: Option<String>,
    merged: usize,
    number: u64,
    row_repeats: u64,
    row: Vec<Written>,
    /// Empty cells cost nothing until a word follows them.
    owed: usize,
    cell: Option<Cell>,
    /// How deep in a note or a comment of a cell, which is not the cell's own words.
    aside: usize,
    paragraph: bool,
}

struct Cell {
    repeats: usize,
    is_date: bool,
    /// Of a cell that no program has worked out yet.
    formula: Option<String>,
    value: Option<String>,
    words: String,
    paragraphs: usize,
}

pub fn read(archive: &mut Archive<'_>, to: &mut dyn Rows) -> Result<(), Error> {
    crate::odt::check_open(archive, FORMAT)?;
    let content =
        archive.bytes("content.xml")?.ok_or_else(|| Error::broken(FORMAT, "its part content.xml is missing"))?;
    let content = String::from_utf8(content).map_err(|_| Error::broken(FORMAT, "its part content.xml is not UTF-8"))?;
    let mut state = State {
        to,
        sheets: 0,
        name: None,
        merged: 0,
        number: 0,
        row_repeats: 1,
        row: Vec::new(),
        owed: 0,
        cell: None,
        aside: 0,
        paragraph: false,
    };
    walk(&content, FORMAT, &mut state)
}

fn repeats(element: &BytesStart<'_>, name: &str) -> usize {
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1)
}

impl Walker for State<'_> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Error> {
        match name {
            "table" if self.name.is_none() && self.sheets < MOST_SHEETS => {
                let name = attribute(element, "name").unwrap_or_default();
                self.to.sheet(&name)?;
                (self.name, self.number, self.merged) = (Some(name), 0, 0);
                self.sheets += 1;
            }
            "table-row" => {
                self.row.clear();
                self.owed = 0;
                self.row_repeats = repeats(element, "number-rows-repeated") as u64;
            }
            "table-cell" | "covered-table-cell" => {
                let spans = |name| repeats(element, name) > 1;
                self.merged += usize::from(spans("number-columns-spanned") || spans("number-rows-spanned"));
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
                let is_date = kind == "date";
                let formula = attribute(element, "formula").filter(|_| kind.is_empty());
                // `of:=…`: the name of its language is no part of it.
                let formula =
                    formula.map(|text| text.find('=').and_then(|at| text.get(at..)).unwrap_or(&text).to_owned());
                self.cell = Some(Cell { repeats, is_date, formula, value, words: String::new(), paragraphs: 0 });
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
            "s" => self.words(&" ".repeat(repeats(element, "c").min(1000))),
            "tab" => self.words("\t"),
            "line-break" => self.words("\n"),
            _ => {}
        }
        Ok(())
    }

    fn words(&mut self, words: &str) {
        if let Some(cell) = &mut self.cell
            && self.paragraph
            && self.aside == 0
        {
            cell.words.push_str(words);
        }
    }

    fn shut(&mut self, name: &str) -> Result<(), Error> {
        match name {
            "p" => self.paragraph = false,
            "annotation" | "shape" | "frame" => self.aside = self.aside.saturating_sub(1),
            "table-cell" | "covered-table-cell" => {
                let Some(cell) = self.cell.take() else { return Ok(()) };
                let value = match cell.value {
                    Some(value) if cell.is_date => Some(as_shown(&value, &cell.words).to_owned()),
                    None if cell.words.is_empty() => cell.formula,
                    value => value,
                };
                let written = match value.filter(|value| *value != cell.words) {
                    Some(text) => Written { text, shown: Some(cell.words).filter(|words| !words.is_empty()) },
                    None => Written::text(cell.words),
                };
                if written.text.trim().is_empty() {
                    self.owed = self.owed.saturating_add(cell.repeats);
                    return Ok(());
                }
                if self.row.len().saturating_add(self.owed).saturating_add(cell.repeats) > MOST_COLUMNS {
                    let sheet = self.name.as_deref().unwrap_or_default();
                    let what = format!("its sheet {sheet} has a row of more than {MOST_COLUMNS} cells");
                    return Err(Error::too_large(FORMAT, what));
                }
                self.row.resize(self.row.len() + std::mem::take(&mut self.owed), Written::default());
                self.row.resize(self.row.len() + cell.repeats, written);
            }
            "table-row" => {
                if self.row.is_empty() || self.name.is_none() {
                    self.number = self.number.saturating_add(self.row_repeats);
                    return Ok(());
                }
                if self.row_repeats > MOST_REPEATED {
                    let (sheet, times) = (self.name.as_deref().unwrap_or_default(), self.row_repeats);
                    let what = format!("its sheet {sheet} has a row with words that stands there {times} times");
                    return Err(Error::too_large(FORMAT, what));
                }
                for _ in 0..self.row_repeats {
                    self.number += 1;
                    self.to.row(self.number, &self.row)?;
                }
            }
            "table" if self.name.take().is_some() => self.to.end(self.merged, 0)?,
            _ => {}
        }
        Ok(())
    }
}
