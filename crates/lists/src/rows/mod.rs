//! Rows as a file gives them, one after the other.

pub mod csv;
mod dialect;
pub mod json;

pub use csv::Csv;
pub use dialect::{Dialect, tell as tell_dialect};

/// A cell longer than this many bytes is refused: a document belongs in the vault, not in a cell.
pub const LONGEST_CELL: usize = 1 << 20;
/// A row has at most so many cells; no list that people keep has more.
pub const MOST_CELLS: usize = 16_384;

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet program numbers it, from 1.
    pub number: u64,
    /// Line of the file on which it begins, from 1; nought where the file has no lines.
    pub line: u64,
    pub cells: Vec<String>,
    /// Cells that hold several values (JSON lists), with these.
    pub parts: Vec<(usize, Vec<String>)>,
    /// The row in the file's own characters, without the line end.
    pub raw: String,
    /// Where `raw` stands in the file's text: code points, end exclusive.
    pub span: Option<(u64, u64)>,
    pub faults: Vec<(usize, CellFault)>,
    /// A row that may be the rest of a cell whose quotation mark, opened in that row, was never closed.
    pub doubtful: Option<u64>,
}

impl Row {
    pub fn is_blank(&self) -> bool {
        self.faults.is_empty() && self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    pub fn parts_of(&self, column: usize) -> Option<&[String]> {
        self.parts.iter().find(|(at, _)| *at == column).map(|(_, parts)| parts.as_slice())
    }
}

/// What is wrong with a cell before anybody asks what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// More bytes than a cell may have; they were not kept.
    TooLong { bytes: u64 },
    /// A quotation mark opens here and is not closed.
    Unclosed,
    /// The line is no JSON object, because of this.
    NoObject(String),
}
