//! Sheets: XLSX, XLS, ODS and CSV as tables, row by row.
//!
//! What a sheet says of its size is not believed: rows are read as they come, and counted.

mod chains;
mod csv_file;
mod formats;
mod numbers;
mod ods;
mod records;
mod stream;
mod xls;
mod xlsx;

use crate::archive::Archive;
use crate::detect::Format;
use crate::document::{Document, Options, Table};
use crate::error::Error;
use crate::writer::Writer;

/// Cells of one file, empty ones between others included.
const MAX_CELLS: usize = 3_000_000;
/// Sheets beyond this are not looked at; no workbook has them.
const MOST_SHEETS: usize = 500;
/// What spreadsheet programs have room for.
const MOST_COLUMNS: usize = 16_384;
/// A sheet that says so many cells and has a hundredth of them is remarked upon.
const SPARSE: u64 = 1_000_000;

/// One cell of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The cell's own words: a number with the digits that the file has, a day as ISO 8601.
    pub text: String,
    /// What the sheet shows of it, where that is not the same.
    pub shown: Option<String>,
}

impl Written {
    fn text(text: String) -> Self {
        Written { text, shown: None }
    }
}

/// Whoever takes the rows of a workbook's sheets, as they come.
pub trait Rows {
    /// A sheet begins.
    ///
    /// # Errors
    /// When it is more than there is room for; so for all.
    fn sheet(&mut self, name: &str) -> Result<(), Error>;
    /// A row, numbered from 1 as a spreadsheet program does; blank ones may be left out.
    ///
    /// # Errors
    /// As [`Rows::sheet`].
    fn row(&mut self, number: u64, cells: &[Written]) -> Result<(), Error>;
    /// The sheet ends: how many of its cells were merged, and how many cells it says that it has (nought where it does not say).
    ///
    /// # Errors
    /// As [`Rows::sheet`].
    fn end(&mut self, merged: usize, said: u64) -> Result<(), Error>;
}

/// Reads the sheets of a workbook (XLSX, ODS); `false` when the archive is none.
///
/// # Errors
/// When it is broken, encrypted, or asks for more than a file may; and what `to` says.
pub fn sheets(archive: &mut Archive<'_>, to: &mut dyn Rows) -> Result<bool, Error> {
    let names = archive.names();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if has("xl/workbook.xml") || has("[Content_Types].xml") {
        archive.call(xlsx::FORMAT);
        xlsx::read(archive, to)?;
    } else if has("content.xml") {
        archive.call(ods::FORMAT);
        ods::read(archive, to)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

pub fn read(bytes: &[u8], format: Format, options: &Options) -> Result<Document, Error> {
    match format {
        Format::Csv => csv_file::read(bytes, options),
        Format::Xls => xls::read(bytes),
        Format::Ods => workbook(bytes, ods::FORMAT),
        _ => workbook(bytes, xlsx::FORMAT),
    }
}

fn workbook(bytes: &[u8], format: &'static str) -> Result<Document, Error> {
    let mut archive = Archive::open(bytes, format)?;
    let mut gathered = Sheets::new(format);
    if format == ods::FORMAT {
        crate::odt::check_open(&mut archive, format)?;
        crate::odt::about(&mut archive, &mut gathered.writer.document)?;
        ods::read(&mut archive, &mut gathered)?;
    } else {
        crate::docx::properties(&mut archive, &mut gathered.writer.document)?;
        xlsx::read(&mut archive, &mut gathered)?;
    }
    gathered.writer.finish(format)
}

/// Gathers sheets as tables of a document, within the bounds.
struct Sheets {
    writer: Writer,
    format: &'static str,
    table: Table,
    /// Cells of all sheets, empty ones between others included.
    cells: usize,
    /// Cells of this sheet that hold something.
    held: u64,
}

impl Sheets {
    fn new(format: &'static str) -> Self {
        let table = Table { caption: None, rows: Vec::new() };
        Self { writer: Writer::new(), format, table, cells: 0, held: 0 }
    }

    /// Adds a row; one without words leaves no trace.
    fn words(&mut self, row: &[String]) -> Result<(), Error> {
        let used = row.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        self.cells += used;
        self.held += row.iter().filter(|cell| !cell.trim().is_empty()).count() as u64;
        if self.cells > MAX_CELLS || self.writer.is_full() {
            let name = self.table.caption.as_deref().unwrap_or("");
            return Err(Error::too_large(
                self.format,
                format!("its sheet {name} has more than {MAX_CELLS} cells; save the part you need as CSV"),
            ));
        }
        if used > 0 {
            let spans = self.writer.row(&row[..used]);
            self.table.rows.push(spans);
        }
        Ok(())
    }
}

impl Rows for Sheets {
    fn sheet(&mut self, name: &str) -> Result<(), Error> {
        self.table = Table { caption: Some(name.to_owned()), rows: Vec::new() };
        self.held = 0;
        Ok(())
    }

    fn row(&mut self, _number: u64, cells: &[Written]) -> Result<(), Error> {
        let shown = |cell: &Written| cell.shown.as_ref().unwrap_or(&cell.text).clone();
        self.words(&cells.iter().map(shown).collect::<Vec<_>>())
    }

    fn end(&mut self, merged: usize, said: u64) -> Result<(), Error> {
        let name = self.table.caption.clone().unwrap_or_default();
        if merged > 0 {
            self.writer.document.tell("Merged cells", format!("{merged} in {name}"));
        }
        if said > SPARSE && self.held * 100 < said {
            let held = self.held;
            self.writer
                .document
                .warn(format!("sheet {name} says that it has {said} cells; the {held} that hold something were read"));
        }
        self.writer.table(std::mem::replace(&mut self.table, Table { caption: None, rows: Vec::new() }));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
