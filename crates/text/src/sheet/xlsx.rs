//! Excel's workbooks, read as a stream. A number is what the file writes, never what a machine makes of it; formulas are not run: the
//! value that the workbook keeps beside one is taken, and where it keeps none, the formula itself as text.

use super::formats::{Style, styles};
use super::numbers::{dated, figure, lasting};
use super::stream::{Opened, Walker, attribute, walk};
use super::{MOST_COLUMNS, MOST_SHEETS, Rows, Written};
use crate::archive::Archive;
use crate::error::Error;
use quick_xml::events::BytesStart;
use std::collections::HashMap;

pub const FORMAT: &str = "xlsx";
/// In numbers of the system that begins in 1904, this many days are missing.
const SINCE_1904: f64 = 1462.0;

#[derive(Default)]
struct Book {
    strings: Vec<String>,
    styles: Vec<Style>,
    from_1904: bool,
}

pub fn read(archive: &mut Archive<'_>, to: &mut dyn Rows) -> Result<(), Error> {
    let links = links(archive, "_rels/.rels", "")?;
    let main = links.values().find(|link| link.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.xml".to_owned(), |link| link.target.clone());
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
    let (folder, beside) = (folder.to_owned(), format!("{folder}/_rels/{name}.rels"));
    let links = self::links(archive, &beside, &folder)?;
    let text = part(archive, &main)?
        .ok_or_else(|| Error::broken(FORMAT, format!("its part {main} is missing; was it sent whole?")))?;
    let mut book = Book::default();
    let mut sheets = Vec::new();
    walk(
        &text,
        FORMAT,
        &mut Opened(|name: &str, element: &BytesStart<'_>| match name {
            "workbookPr" => book.from_1904 = attribute(element, "date1904").is_some_and(|said| is_true(&said)),
            "sheet" => sheets.extend(attribute(element, "name").zip(attribute(element, "id"))),
            _ => {}
        }),
    )?;
    let of_kind = |kind: &str| links.values().find(|link| link.kind == kind).map(|link| link.target.clone());
    if let Some(text) = of_kind("sharedStrings").map(|name| part(archive, &name)).transpose()?.flatten() {
        let mut strings = Strings::default();
        walk(&text, FORMAT, &mut strings)?;
        book.strings = strings.all;
    }
    if let Some(text) = of_kind("styles").map(|name| part(archive, &name)).transpose()?.flatten() {
        book.styles = styles(&text)?;
    }
    for (name, id) in sheets.into_iter().take(MOST_SHEETS) {
        let Some(link) = links.get(&id).filter(|link| link.kind == "worksheet") else { continue };
        let Some(text) = part(archive, &link.target)? else { continue };
        to.sheet(&name)?;
        let mut sheet = Sheet::new(&book, &name, to);
        walk(&text, FORMAT, &mut sheet)?;
        let (merged, said) = (sheet.merged, sheet.said);
        to.end(merged, said)?;
    }
    Ok(())
}

fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, Error> {
    let Some(bytes) = archive.bytes(name)? else { return Ok(None) };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))),
        Err(error) => Ok(Some(crate::decode::text(error.as_bytes()))),
    }
}

fn is_true(said: &str) -> bool {
    matches!(said, "1" | "true" | "on")
}

struct Link {
    /// The last word of its type.
    kind: String,
    target: String,
}

/// What a part points at, by the names of its links; `folder` is where the part lies.
fn links(archive: &mut Archive<'_>, name: &str, folder: &str) -> Result<HashMap<String, Link>, Error> {
    let mut links = HashMap::new();
    let Some(text) = part(archive, name)? else { return Ok(links) };
    walk(
        &text,
        FORMAT,
        &mut Opened(|name: &str, element: &BytesStart<'_>| {
            let said = (attribute(element, "Id"), attribute(element, "Type"), attribute(element, "Target"));
            if let ("Relationship", (Some(id), Some(kind), Some(target))) = (name, said) {
                let kind = kind.rsplit('/').next().unwrap_or(&kind).to_owned();
                let target = match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None if folder.is_empty() => target,
                    None => format!("{folder}/{target}"),
                };
                links.insert(id, Link { kind, target });
            }
        }),
    )?;
    Ok(links)
}

/// The table of words that cells share: plain, or in runs; how Japanese words are said stands beside them and is left out.
#[derive(Default)]
struct Strings {
    all: Vec<String>,
    one: String,
    in_words: bool,
    aside: bool,
}

impl Walker for Strings {
    fn open(&mut self, name: &str, _: &BytesStart<'_>) -> Result<(), Error> {
        match name {
            "si" => self.one.clear(),
            "rPh" => self.aside = true,
            "t" => self.in_words = true,
            _ => {}
        }
        Ok(())
    }

    fn words(&mut self, words: &str) {
        if self.in_words && !self.aside {
            self.one.push_str(words);
        }
    }

    fn shut(&mut self, name: &str) -> Result<(), Error> {
        match name {
            "si" => self.all.push(unescaped(&std::mem::take(&mut self.one))),
            "rPh" => self.aside = false,
            "t" => self.in_words = false,
            _ => {}
        }
        Ok(())
    }
}

/// `_x000D_` is how a character that XML may not have is written (ECMA-376 part 1, §22.9.2.19).
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let end = if character.is_some() { at + 7 } else { at + 2 };
        out.push_str(&rest[..at]);
        match character {
            Some(character) => out.push(character),
            None => out.push_str("_x"),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// One sheet, while it is walked.
struct Sheet<'a> {
    book: &'a Book,
    name: &'a str,
    to: &'a mut dyn Rows,
    number: u64,
    row: Vec<Written>,
    next: usize,
    cell: Option<Cell>,
    in_words: bool,
    in_formula: bool,
    aside: bool,
    merged: usize,
    said: u64,
}

struct Cell {
    column: usize,
    kind: String,
    style: usize,
    words: String,
    formula: Option<String>,
}

impl Walker for Sheet<'_> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Error> {
        match name {
            "row" => {
                self.number = attribute(element, "r").and_then(|r| r.parse().ok()).unwrap_or(self.number + 1);
                self.next = 0;
            }
            "c" => {
                let column = attribute(element, "r").and_then(|place| column(&place)).unwrap_or(self.next);
                if column >= MOST_COLUMNS {
                    let what = format!("its sheet {} has a cell in column {}", self.name, column + 1);
                    return Err(Error::too_large(FORMAT, what));
                }
                self.next = column + 1;
                let kind = attribute(element, "t").unwrap_or_default();
                let style = attribute(element, "s").and_then(|style| style.parse().ok()).unwrap_or(0);
                self.cell = Some(Cell { column, kind, style, words: String::new(), formula: None });
            }
            "rPh" => self.aside = true,
            "v" | "t" => self.in_words = self.cell.is_some(),
            "f" => {
                if let Some(cell) = &mut self.cell {
                    cell.formula = Some(String::new());
                    self.in_formula = true;
                }
            }
            "mergeCell" => self.merged += 1,
            "dimension" => self.said = attribute(element, "ref").map_or(0, |places| room(&places)),
            _ => {}
        }
        Ok(())
    }

    fn words(&mut self, words: &str) {
        if let Some(cell) = &mut self.cell
            && !self.aside
        {
            match &mut cell.formula {
                Some(formula) if self.in_formula => formula.push_str(words),
                _ if self.in_words => cell.words.push_str(words),
                _ => {}
            }
        }
    }

    fn shut(&mut self, name: &str) -> Result<(), Error> {
        match name {
            "f" => self.in_formula = false,
            "v" | "t" => self.in_words = false,
            "rPh" => self.aside = false,
            "c" => {
                let Some(cell) = self.cell.take() else { return Ok(()) };
                let written = self.written(&cell);
                if !written.text.is_empty() {
                    if self.row.len() <= cell.column {
                        self.row.resize(cell.column + 1, Written::default());
                    }
                    self.row[cell.column] = written;
                }
            }
            "row" => {
                self.to.row(self.number, &self.row)?;
                self.row.clear();
            }
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Sheet<'a> {
    fn new(book: &'a Book, name: &'a str, to: &'a mut dyn Rows) -> Self {
        let row = Vec::new();
        Sheet {
            book,
            name,
            to,
            number: 0,
            row,
            next: 0,
            cell: None,
            in_words: false,
            in_formula: false,
            aside: false,
            merged: 0,
            said: 0,
        }
    }

    fn written(&self, cell: &Cell) -> Written {
        let words = cell.words.as_str();
        if let Some(formula) = &cell.formula
            && words.is_empty()
            && cell.kind != "str"
        {
            // No program has worked it out yet. One that is shared with another cell has its words there.
            return Written::text(format!(
                "={}",
                if formula.is_empty() { "(the formula of another cell)" } else { formula }
            ));
        }
        match cell.kind.as_str() {
            "s" => {
                let at = words.trim().parse::<usize>().ok();
                Written::text(at.and_then(|at| self.book.strings.get(at)).cloned().unwrap_or_default())
            }
            "str" | "inlineStr" => Written::text(unescaped(words)),
            "b" => Written::text(if is_true(words.trim()) { "TRUE" } else { "FALSE" }.into()),
            "d" => Written::text(words.trim().trim_end_matches("T00:00:00").to_owned()),
            "e" => Written::text(words.to_owned()),
            _ => {
                let style = self.book.styles.get(cell.style).copied().unwrap_or(Style::Number);
                let Ok(number) = words.trim().parse::<f64>() else { return Written::text(words.to_owned()) };
                let since = if self.book.from_1904 { SINCE_1904 } else { 0.0 };
                match (style, dated(number + since)) {
                    (Style::Lasting, _) => Written::text(lasting(number)),
                    (Style::Day, Some(day)) => Written::text(day),
                    (Style::Month, Some(day)) => Written::text(day.get(..7).unwrap_or(&day).to_owned()),
                    (Style::Year, Some(day)) => Written::text(day.get(..4).unwrap_or(&day).to_owned()),
                    _ => Written { text: words.trim().to_owned(), shown: Some(figure(number)) },
                }
            }
        }
    }
}

/// The column of a place, from nought: `B4` is 1.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number =
        letters.take(5).fold(0_usize, |sum, byte| sum * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// Cells of a range such as `A1:C10`.
fn room(places: &str) -> u64 {
    let Some((from, to)) = places.split_once(':') else { return 1 };
    let row = |place: &str| place.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse::<u64>().unwrap_or(0);
    let wide = column(to).unwrap_or(0).saturating_sub(column(from).unwrap_or(0)) as u64 + 1;
    wide.saturating_mul(row(to).saturating_sub(row(from)) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_escapes() {
        assert_eq!((column("A1"), column("AB12"), column("7"), room("A1:C10")), (Some(0), Some(27), None, 30));
        assert_eq!(unescaped("a_x000A_b _x and _xZZZZ_"), "a\nb _x and _xZZZZ_");
    }
}
