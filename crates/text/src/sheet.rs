//! Sheets: XLSX, XLS, ODS and CSV as tables, row by row.
//!
//! What a sheet says of its size is not believed: rows are read as they come, and counted.

mod chains;
mod csv_file;
mod ods;
mod records;
mod workbook;

use crate::detect::Format;
use crate::document::{Document, Options, Table};
use crate::error::Error;
use crate::writer::Writer;

/// Cells of one file, empty ones between others included.
const MAX_CELLS: usize = 3_000_000;

pub fn read(bytes: &[u8], format: Format, options: &Options) -> Result<Document, Error> {
    match format {
        Format::Csv => csv_file::read(bytes, options),
        Format::Ods => ods::read(bytes),
        Format::Xls => workbook::read_old(bytes),
        _ => workbook::read(bytes),
    }
}

/// Gathers one sheet's rows, within the bounds.
struct Sheet<'a> {
    writer: &'a mut Writer,
    cells: &'a mut usize,
    format: &'static str,
    table: Table,
    merged: usize,
}

impl<'a> Sheet<'a> {
    fn new(writer: &'a mut Writer, cells: &'a mut usize, format: &'static str, name: &str) -> Self {
        Self { writer, cells, format, table: Table { caption: Some(name.to_owned()), rows: Vec::new() }, merged: 0 }
    }

    /// Adds a row; one without words leaves no trace.
    fn row(&mut self, row: &[String]) -> Result<(), Error> {
        let used = row.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        *self.cells += used;
        self.check()?;
        if used > 0 {
            let spans = self.writer.row(&row[..used]);
            self.table.rows.push(spans);
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Error> {
        if *self.cells > MAX_CELLS || self.writer.is_full() {
            let name = self.table.caption.as_deref().unwrap_or("");
            return Err(Error::too_large(
                self.format,
                format!("its sheet {name} has more than {MAX_CELLS} cells; save the part you need as CSV"),
            ));
        }
        Ok(())
    }

    fn end(self) {
        if self.merged > 0 {
            self.writer
                .document
                .tell("Merged cells", format!("{} in {}", self.merged, self.table.caption.as_deref().unwrap_or("")));
        }
        self.writer.table(self.table);
    }
}

#[cfg(test)]
mod tests;
