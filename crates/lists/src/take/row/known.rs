//! By what a row is known: its key, its language, its kind; and what is wrong with it before anybody asks what it means.

use schema::{Lang, fold};

use super::{SHOWN, hash_of};
use crate::rows::{CellFault, Row};
use crate::take::cell::cut;
use crate::take::compile::{Compiled, EntityTaker, Keys, TableTaker};
use crate::take::{Refused, Why};

impl TableTaker {
    /// What the row says of its own language.
    pub(super) fn language_of(&self, row: &Row) -> Result<Option<Lang>, Refused> {
        let cell = self.language.and_then(|at| row.cells.get(at)).map_or("", |cell| cell.trim());
        if cell.is_empty() {
            return Ok(None);
        }
        Lang::new(cell).map(Some).map_err(|error| {
            let why = Why::new(error.to_string(), "Write the language’s code, such as en, km or es.");
            Refused { column: self.language, value: cut(cell, SHOWN), why }
        })
    }

    pub(super) fn key_of(&mut self, row: &Row, lang: Option<&Lang>) -> Result<String, Refused> {
        let (key, ordinal) = match &self.key {
            Keys::Columns { columns, ordinal } => {
                let key = joined(row, columns);
                if key.is_empty() {
                    let why = Why::new(
                        "the row has no key, so it could not be known again in the list’s next version",
                        "Fill it in, or name another `key` in the mapping.",
                    );
                    return Err(Refused { column: columns.first().copied(), value: String::new(), why });
                }
                (key, *ordinal)
            }
            Keys::Content { column } => {
                let given =
                    column.and_then(|at| row.cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
                match given {
                    Some(key) => (key.to_owned(), false),
                    None => (content_key(row, column.unwrap_or(usize::MAX)), true),
                }
            }
        };
        let hash = match lang {
            Some(lang) => hash_of(&format!("{key}\u{1F}{lang}")),
            None => hash_of(&key),
        };
        if ordinal {
            let count = self.ordinals.entry(hash).or_default();
            *count += 1;
            return Ok(if *count == 1 { key } else { format!("{key}#{count}") });
        }
        if !self.seen.insert(hash) {
            let column = if let Keys::Columns { columns, .. } = &self.key { columns.first().copied() } else { None };
            let also = if lang.is_some() { " and the same language" } else { "" };
            let why = Why::new(
                format!("another row above has the same key{also}"),
                "Give each row its own, or name as `key` what tells rows apart; the first of them was taken.",
            );
            return Err(Refused { column, value: cut(&key, SHOWN), why });
        }
        Ok(key)
    }
}

impl EntityTaker {
    /// Whether a row like this makes it.
    pub(super) fn is_made_by(&self, row: &Row) -> bool {
        let Some((column, said)) = &self.when else { return true };
        row.cells.get(*column).is_some_and(|cell| said.contains(&fold(cell.trim())))
    }
}

impl Compiled {
    /// A row that says of itself to be of a kind that the mapping does not know.
    pub(super) fn of_no_kind(&self, makes: &[usize], row: &Row) -> Option<Refused> {
        let entities = || makes.iter().map(|at| &self.entities[*at]);
        if entities().any(|entity| entity.is_made_by(row)) {
            return None;
        }
        let column = entities().find_map(|entity| entity.when.as_ref()).map(|(column, _)| *column);
        let value = column.and_then(|at| row.cells.get(at)).map_or("", |cell| cell.trim());
        let why = if value.is_empty() {
            Why::new("nothing says of what kind this row is", "Fill it in.")
        } else {
            let hint = "Say what it is with an [[entity]] that has when = { column = \"…\", is = [\"…\"] }, or take only what is good.";
            Why::new(format!("the mapping makes nothing of what is called “{}”", cut(value, SHOWN)), hint)
        };
        Some(Refused { column, value: cut(value, SHOWN), why })
    }
}

/// What is wrong with a row as such.
pub(super) fn broken(row: &Row, table: &TableTaker) -> Option<Refused> {
    let refused = |column, value: &str, reason: String, hint: &str| {
        Some(Refused { column, value: cut(value, SHOWN), why: Why::new(reason, hint) })
    };
    for (column, fault) in &row.faults {
        let cell = row.cells.get(*column).map_or("", String::as_str);
        match fault {
            CellFault::Unclosed => {
                let hint = "Close it, or take it out; a quotation mark inside a quoted cell is written twice.";
                return refused(Some(*column), cell, "a quotation mark opens here and is not closed".into(), hint);
            }
            CellFault::NoObject(why) => {
                return refused(None, &row.raw, format!("the line is no JSON object: {why}"), "Correct the line.");
            }
            CellFault::TooLong { .. } => {}
        }
    }
    if let Some(opened) = row.doubtful {
        return refused(
            None,
            &row.raw,
            format!("this may be the rest of a cell: a quotation mark opened in row {opened} is not closed"),
            "Close the quotation mark in that row.",
        );
    }
    let width = table.headers.len();
    let beyond = row.cells.iter().enumerate().skip(width).find(|(_, cell)| !cell.trim().is_empty());
    if let Some((column, cell)) = beyond {
        return refused(
            Some(column),
            cell,
            format!(
                "the row has {} cells and there are {width} headings, so its cells may have shifted",
                row.cells.len()
            ),
            "Put quotation marks round a value that holds the separator, or give the column a heading.",
        );
    }
    None
}

pub(super) fn joined(row: &Row, columns: &[usize]) -> String {
    let cells: Vec<&str> = columns.iter().map(|at| row.cells.get(*at).map_or("", |cell| cell.trim())).collect();
    if cells.iter().all(|cell| cell.is_empty()) { String::new() } else { cells.join("\u{1F}") }
}

/// Over all cells, spaces at their ends and empty ones at the row's end aside; our own columns aside.
fn content_key(row: &Row, ours_from: usize) -> String {
    let cells: Vec<&str> = row.cells.iter().take(ours_from).map(|cell| cell.trim()).collect();
    let used = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    format!("{:032x}", hash_of(&cells[..used].join("\u{1F}")))
}
