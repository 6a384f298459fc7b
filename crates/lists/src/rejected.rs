//! The rows that were not taken, as a file to correct and to bring again.
//!
//! It has the list's own columns and values and two of ours at the end: the row's key, so that a corrected row is known for the same one,
//! and why it was not taken. A spreadsheet program would run a cell that begins like a formula; such a cell is written with an apostrophe
//! before it, which the reader of these files takes away again.

use std::io::{self, Write};

use crate::unpack::put_cell;

/// Our columns, the last two.
pub const KEY_COLUMN: &str = "rapporteur_key";
pub const WHY_COLUMN: &str = "why";

/// Whether a table is one of these files, by its last two headings.
pub(crate) fn is_ours(headers: &[String]) -> bool {
    matches!(headers, [.., key, why] if key == KEY_COLUMN && why == WHY_COLUMN)
}

/// Takes our apostrophe away.
pub(crate) fn bare(cell: &mut String) {
    if cell.starts_with('\'') && runs(cell) {
        cell.remove(0);
    }
}

/// Whether a spreadsheet program might run it, apostrophes aside.
fn runs(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Writes the file: UTF-8 with a byte order mark, as spreadsheet programs like it, commas, RFC 4180.
pub(crate) struct Rejects<W> {
    to: W,
    width: usize,
    /// Headings of the file that the rows come from: ours too, where it is one of these files.
    headings: usize,
    pub rows: u64,
}

impl<W: Write> Rejects<W> {
    pub fn new(mut to: W, headers: &[String]) -> io::Result<Self> {
        to.write_all("\u{FEFF}".as_bytes())?;
        let own = headers.iter().filter(|header| *header != KEY_COLUMN && *header != WHY_COLUMN).count();
        let mut rejects = Rejects { to, width: own, headings: headers.len(), rows: 0 };
        let names: Vec<&str> = headers[..own].iter().map(String::as_str).chain([KEY_COLUMN, WHY_COLUMN]).collect();
        rejects.line(&names)?;
        Ok(rejects)
    }

    /// Cells beyond the headings stand behind our own two, each in a cell, where whoever corrects the row sees them.
    pub fn row(&mut self, cells: &[String], key: &str, why: &str) -> io::Result<()> {
        let own = (0..self.width).map(|at| cells.get(at).map_or("", String::as_str));
        let beyond = cells.get(self.headings..).unwrap_or_default();
        let used = beyond.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        let line: Vec<&str> = own.chain([key, why]).chain(beyond[..used].iter().map(String::as_str)).collect();
        self.rows += 1;
        self.line(&line)
    }

    fn line(&mut self, cells: &[&str]) -> io::Result<()> {
        let mut out = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            if runs(cell) {
                put_cell(&mut out, &format!("'{cell}"));
            } else {
                put_cell(&mut out, cell);
            }
        }
        out.extend_from_slice(b"\r\n");
        self.to.write_all(&out)
    }

    pub fn end(mut self) -> io::Result<u64> {
        self.to.flush()?;
        Ok(self.rows)
    }
}
