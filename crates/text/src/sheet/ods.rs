//! OpenDocument sheets, read by ourselves: a cell or row may say that it is repeated a million times.

use super::{MAX_CELLS, Sheet};
use crate::archive::Archive;
use crate::document::Document;
use crate::error::Error;
use crate::writer::Writer;
use crate::xml::{self, Element};

const FORMAT: &str = "ods";
/// The same words in more rows than this are no table but a trap.
const MOST_REPEATED: usize = 65_536;

pub fn read(bytes: &[u8]) -> Result<Document, Error> {
    let mut archive = Archive::open(bytes, FORMAT)?;
    crate::odt::check_open(&mut archive, FORMAT)?;
    let content =
        archive.text("content.xml")?.ok_or_else(|| Error::broken(FORMAT, "its part content.xml is missing"))?;
    let content = xml::parse(&content, FORMAT)?;
    let mut writer = Writer::new();
    crate::odt::about(&mut archive, &mut writer.document)?;
    let mut cells = 0;
    let book = content.at(&["document-content", "body", "spreadsheet"]);
    for table in book.into_iter().flat_map(Element::elements).filter(|element| element.name == "table") {
        let mut sheet = Sheet::new(&mut writer, &mut cells, FORMAT, table.attribute("name").unwrap_or(""));
        rows(table, &mut sheet, 0)?;
        sheet.end();
    }
    writer.finish(FORMAT)
}

fn rows(parent: &Element, sheet: &mut Sheet<'_>, depth: usize) -> Result<(), Error> {
    for element in parent.elements() {
        match element.name.as_str() {
            "table-row" => {
                let row = row(element, sheet)?;
                if row.iter().all(String::is_empty) {
                    continue;
                }
                let repeated = repeats(element, "number-rows-repeated");
                if repeated > MOST_REPEATED {
                    let name = sheet.table.caption.as_deref().unwrap_or("");
                    let what = format!("its sheet {name} has a row with words that stands there {repeated} times");
                    return Err(Error::too_large(FORMAT, what));
                }
                for _ in 0..repeated {
                    sheet.row(&row)?;
                }
            }
            "table-header-rows" | "table-rows" | "table-row-group" if depth < 16 => rows(element, sheet, depth + 1)?,
            _ => {}
        }
    }
    Ok(())
}

fn row(element: &Element, sheet: &mut Sheet<'_>) -> Result<Vec<String>, Error> {
    let mut row: Vec<String> = Vec::new();
    let mut owed = 0_usize;
    for cell in element.elements().filter(|cell| matches!(cell.name.as_str(), "table-cell" | "covered-table-cell")) {
        let repeated = repeats(cell, "number-columns-repeated");
        sheet.merged +=
            usize::from(["number-columns-spanned", "number-rows-spanned"].iter().any(|name| repeats(cell, name) > 1));
        let words: Vec<String> = cell.elements().filter(|child| child.name == "p").map(Element::all_text).collect();
        let words = words.join(" ");
        if words.trim().is_empty() {
            // Empty cells cost nothing until a word follows them.
            owed = owed.saturating_add(repeated);
            continue;
        }
        if row.len().saturating_add(owed).saturating_add(repeated) > MAX_CELLS {
            let name = sheet.table.caption.as_deref().unwrap_or("");
            return Err(Error::too_large(FORMAT, format!("its sheet {name} has a row of more than {MAX_CELLS} cells")));
        }
        row.resize(row.len() + std::mem::take(&mut owed), String::new());
        row.resize(row.len() + repeated, words);
    }
    Ok(row)
}

fn repeats(element: &Element, name: &str) -> usize {
    element.attribute(name).and_then(|count| count.parse().ok()).unwrap_or(1)
}
