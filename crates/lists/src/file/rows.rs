//! The rows of a table, whatever the file is.

use std::io::{self, Read};
use std::path::PathBuf;

use crate::error::Error;
use crate::rejected;
use crate::rows::json::{self, Objects};
use crate::rows::{Csv, Row};

/// The rows of one table.
pub(crate) struct Rows {
    pub(super) from: From,
    pub(super) after: u64,
    pub(super) width: usize,
    pub(super) corrected: bool,
    pub(super) file: String,
}

pub(super) enum From {
    Csv(Csv<Box<dyn Read>>),
    Sheet(Csv<Box<dyn Read>>),
    /// `whole`: the file is one value, and has no lines of its own.
    Json {
        objects: Objects<Box<dyn Read>>,
        schema: String,
        columns: Vec<String>,
        whole: bool,
    },
}

impl Rows {
    /// Bytes of the table read so far.
    pub fn read(&self) -> u64 {
        match &self.from {
            From::Csv(csv) | From::Sheet(csv) => csv.read(),
            From::Json { objects, .. } => objects.read(),
        }
    }

    /// The next row that is not blank.
    pub fn next_row(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let row =
                self.any().map_err(|source| Error::Io { doing: "reading", path: PathBuf::from(&self.file), source })?;
            let Some(mut row) = row else { return Ok(None) };
            if row.number <= self.after || row.is_blank() {
                continue;
            }
            if self.corrected {
                row.cells.iter_mut().for_each(rejected::bare);
            }
            return Ok(Some(row));
        }
    }

    fn any(&mut self) -> io::Result<Option<Row>> {
        match &mut self.from {
            From::Csv(csv) => {
                csv.expect(self.width);
                csv.next_row()
            }
            From::Sheet(csv) => Ok(csv.next_row()?.map(|mut row| {
                if !row.cells.is_empty() {
                    row.number = row.cells.remove(0).parse().unwrap_or(row.number);
                }
                row.raw = row.raw.split_once(',').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
                row.faults.iter_mut().for_each(|(column, _)| *column = column.saturating_sub(1));
                (row.line, row.span) = (0, None);
                row
            })),
            From::Json { objects, schema, columns, whole } => loop {
                let Some(line) = objects.next_line()? else { return Ok(None) };
                let mut row = line.row;
                if *whole {
                    (row.line, row.span) = (0, None);
                }
                let Some(value) = line.value else {
                    // Told once: with the first of the tables.
                    row.cells = vec![row.raw.clone()];
                    return Ok(Some(row));
                };
                if json::schema_of(&value) == *schema {
                    json::fill(&mut row, &value, columns);
                    return Ok(Some(row));
                }
            },
        }
    }
}
