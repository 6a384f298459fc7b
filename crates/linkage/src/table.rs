//! Records as typed columns: every distinct value is kept once, and a row holds its number.

use crate::error::Error;
use crate::intern::Dict;

/// What a column holds, and so how two of its values are compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole name, parts in any order and any script.
    Name,
    /// Given name or names.
    GivenName,
    /// Family name or names.
    FamilyName,
    /// Date of birth, EDTF.
    Birth,
    /// Date of the event that put the person on the list, EDTF.
    Event,
    /// Age in years; `34` at the row's event date, or `34@2020-07-31` at that date. Compared
    /// with dates of birth and with ages.
    Age,
    /// A place, from the smallest part to the largest, parts separated by ` / `.
    Place,
    /// Sex or gender, by its first letter.
    Sex,
    /// An identifier of the person (a national number, a telephone).
    Identifier,
    /// A short code that many persons share (postcode, number of a house).
    Code,
    /// Words: an address, a description.
    Text,
    /// An organisation.
    Organisation,
    /// A role or occupation.
    Role,
    /// Others named with the person, by identifier, separated by `;`.
    Set,
    /// The list on which the record is.
    List,
    /// Kept, never compared.
    Ignore,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Its distinct values.
    pub values: Dict,
    /// For each row the number of its value; 0 is missing.
    pub cells: Vec<u32>,
}

/// Records to be linked.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// For each row the file (or group) from which it comes. Empty, or one for each row.
    pub sources: Vec<u8>,
    /// Whether only rows of different sources are compared (each source names nobody twice).
    pub across_only: bool,
}

impl Table {
    /// A table with these columns and no rows.
    #[must_use]
    pub fn new(columns: &[(&str, Kind)]) -> Self {
        let column = |&(name, kind): &(&str, Kind)| Column {
            name: name.to_owned(),
            kind,
            values: Dict::default(),
            cells: Vec::new(),
        };
        Self { columns: columns.iter().map(column).collect(), ..Self::default() }
    }

    /// Adds a row; one cell for each column, empty for missing. Returns its number, from 0.
    ///
    /// # Errors
    /// When the number of cells is not that of the columns.
    pub fn push(&mut self, cells: &[&str]) -> Result<u32, Error> {
        if cells.len() != self.columns.len() {
            return Err(Error::Settings(format!(
                "a row has {} cells where the table has {} columns",
                cells.len(),
                self.columns.len()
            )));
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            let id = column.values.intern(cell.trim().as_bytes());
            column.cells.push(id);
        }
        Ok((self.rows() - 1) as u32)
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |c| c.cells.len())
    }

    /// The first column of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> Option<usize> {
        self.columns.iter().position(|c| c.kind == kind)
    }

    /// What a cell holds; empty when missing.
    #[must_use]
    pub fn cell(&self, row: u32, column: usize) -> &str {
        let column = &self.columns[column];
        column.values.text(column.cells[row as usize])
    }
}
