//! Excel's workbooks, by calamine.

use super::Sheet;
use crate::archive::Archive;
use crate::document::Document;
use crate::error::Error;
use crate::writer::Writer;
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xls, Xlsx};
use std::io::Cursor;

const XLSX: &str = "xlsx";
const XLS: &str = "xls";
const MAX_SHEETS: usize = 500;

pub fn read(bytes: &[u8]) -> Result<Document, Error> {
    let mut writer = Writer::new();
    // calamine unpacks without bounds: what would burst is found here first.
    let mut archive = Archive::open(bytes, XLSX)?;
    for name in archive.names() {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            archive.bytes(&name)?;
        }
    }
    crate::docx::properties(&mut archive, &mut writer.document)?;
    drop(archive);
    let broken = |error: calamine::XlsxError| Error::broken(XLSX, format!("{error}"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsxError::Password => Error::Encrypted { format: XLSX.to_owned() },
        other => broken(other),
    })?;
    let mut cells = 0;
    let mut sparse = Vec::new();
    for name in book.sheet_names().into_iter().take(MAX_SHEETS) {
        let mut sheet = Sheet::new(&mut writer, &mut cells, XLSX, &name);
        sheet.merged = book.merge_cells_by_sheet_name(&name).map_or(0, |merged| merged.len());
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
        let said = reader.dimensions();
        let said =
            u64::from(said.end.0.saturating_sub(said.start.0)) * u64::from(said.end.1.saturating_sub(said.start.1));
        let (mut row, mut at, mut held) = (Vec::new(), 0, 0_u64);
        while let Some(cell) =
            reader.next_cell().map_err(|error| Error::broken(XLSX, format!("sheet {name}: {error}")))?
        {
            let (line, column) = cell.get_position();
            if line != at {
                sheet.row(&row)?;
                row.clear();
                at = line;
            }
            let column = column as usize;
            if column >= 16_384 {
                return Err(Error::too_large(XLSX, format!("its sheet {name} has a cell in column {}", column + 1)));
            }
            let words = shown(cell.get_value());
            if words.is_empty() {
                continue;
            }
            held += 1;
            if row.len() <= column {
                // The white between cells counts too: it is memory.
                row.resize(column + 1, String::new());
            }
            row[column] = words;
        }
        sheet.row(&row)?;
        if said > 1_000_000 && held * 100 < said {
            sparse
                .push(format!("sheet {name} says that it has {said} cells; the {held} that hold something were read"));
        }
        sheet.end();
    }
    sparse.into_iter().for_each(|warning| writer.document.warn(warning));
    writer.finish(XLSX)
}

pub fn read_old(bytes: &[u8]) -> Result<Document, Error> {
    let stream = super::chains::workbook(bytes).ok_or_else(|| {
        Error::broken(XLS, "its sectors do not hang together; open it in a spreadsheet program and save it as XLSX")
    })?;
    let (most, all) = super::records::room(&stream);
    if most > super::MAX_CELLS as u64 || all > 2 * super::MAX_CELLS as u64 {
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
    let mut writer = Writer::new();
    let mut cells = 0;
    for name in book.sheet_names().into_iter().take(MAX_SHEETS) {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let mut sheet = Sheet::new(&mut writer, &mut cells, XLS, &name);
        for row in range.rows() {
            let row: Vec<String> = row.iter().map(shown_old).collect();
            sheet.row(&row)?;
        }
        sheet.end();
    }
    writer.finish(XLS)
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => figure(*number),
        DataRef::Bool(value) => value.to_string().to_uppercase(),
        DataRef::DateTime(date) => dated(date),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn shown_old(value: &Data) -> String {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => figure(*number),
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::DateTime(date) => dated(date),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A number as people write it: fifteen digits is what Excel keeps.
fn figure(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        let short = format!("{number:.12}");
        let short = short.trim_end_matches('0').trim_end_matches('.');
        if number.abs() > 1e-6 && number.abs() < 1e15 { short.to_owned() } else { format!("{number}") }
    }
}

/// A date as ISO 8601, with its time if it has one; a duration as hours and minutes.
fn dated(date: &ExcelDateTime) -> String {
    let days = date.as_f64();
    if !(-1e7..1e7).contains(&days) {
        return figure(days);
    }
    if date.is_duration() {
        let minutes = (days * 1440.0).round() as i64;
        return format!("{}:{:02}", minutes / 60, (minutes % 60).abs());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        (_, _, 0) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}
