//! Excel's old workbooks, by calamine: their numbers are floats in the file itself.

use super::numbers::{dated, figure, lasting};
use super::{MAX_CELLS, MOST_SHEETS, Rows, Sheets};
use crate::document::Document;
use crate::error::Error;
use calamine::{Data, Reader, Xls};
use std::io::Cursor;

const XLS: &str = "xls";

pub fn read(bytes: &[u8]) -> Result<Document, Error> {
    let stream = super::chains::workbook(bytes).ok_or_else(|| {
        Error::broken(XLS, "its sectors do not hang together; open it in a spreadsheet program and save it as XLSX")
    })?;
    let (most, all) = super::records::room(&stream);
    if most > MAX_CELLS as u64 || all > 2 * MAX_CELLS as u64 {
        return Err(Error::too_large(
            XLS,
            format!("it says that it has {most} cells in one sheet; save it as XLSX, which says only what it has"),
        ));
    }
    drop(stream);
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsError::Password => Error::Encrypted { format: XLS.to_owned() },
        other => Error::broken(XLS, format!("{other}")),
    })?;
    let mut sheets = Sheets::new(XLS);
    for name in book.sheet_names().into_iter().take(MOST_SHEETS) {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        sheets.sheet(&name)?;
        for row in range.rows() {
            let row: Vec<String> = row.iter().map(shown).collect();
            sheets.words(&row)?;
        }
        sheets.end(0, 0)?;
    }
    sheets.writer.finish(XLS)
}

fn shown(value: &Data) -> String {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => figure(*number),
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::DateTime(date) if date.is_duration() => lasting(date.as_f64()),
        Data::DateTime(date) => dated(date.as_f64()).unwrap_or_else(|| figure(date.as_f64())),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}
