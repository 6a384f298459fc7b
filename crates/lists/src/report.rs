//! What came of a list: counts, and every cell that was not taken, with its place, its reason and what to do.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use serde::Serialize;

use crate::error::counted;
use crate::take::{Refused, cell_cut};

/// Cells and remarks that a report names one by one; the others are counted, and stand in the file of refused rows.
pub const MOST_NAMED: usize = 10_000;
/// Further rows with the same cell that the text names.
const FEW: usize = 8;

/// The report of an import, of a dry run, or of an import that was not made because something could not be taken.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub list: String,
    /// The list's document, as text of its id.
    pub document: String,
    pub file: String,
    /// Nothing was recorded: it was only looked at.
    pub dry_run: bool,
    /// The import's id; none when nothing was recorded.
    pub import: Option<String>,
    /// The ledger's position afterwards.
    pub position: Option<u64>,
    /// Rows that hold anything, the headings aside.
    pub rows: u64,
    /// Rows of which everything was taken.
    pub rows_whole: u64,
    /// Rows of which some cells were not taken.
    pub rows_in_part: u64,
    pub rows_refused: u64,
    /// Rows that say what they said at the last import: nothing is recorded for them.
    pub rows_unchanged: u64,
    /// Rows that the list had before, and that say something else now.
    pub rows_changed: u64,
    /// Rows that the list had before and that this file does not have.
    pub rows_missing: u64,
    /// New entities, by schema.
    pub entities: BTreeMap<String, u64>,
    pub claims: u64,
    /// Claims of earlier imports that the list no longer makes.
    pub retracted: u64,
    /// Claims that a person retracted and that the list still makes: they stay retracted.
    pub stay_retracted: u64,
    /// Columns of which nothing was made; they are kept with the raw row.
    pub unmapped: Vec<String>,
    /// Columns that the mapping names and the file does not have.
    pub missing_columns: Vec<String>,
    pub refused: Vec<Problem>,
    /// Cells that were refused, also those beyond the ones that are named.
    pub cells_refused: u64,
    /// Remarks on cells that were taken: formulas kept as text, rows that are short.
    pub remarks: Vec<Problem>,
    pub remarks_all: u64,
    /// What cells say to say nothing, and how often.
    pub nothing: BTreeMap<String, u64>,
    pub notices: Vec<String>,
    /// What stands in the way although every cell is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A cell, or a row where `column` is empty.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Problem {
    /// The sheet; empty where the file has one table.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub table: String,
    /// As a spreadsheet program numbers it, the headings included.
    pub row: u64,
    /// Line of the file; nought where it has none.
    #[serde(skip_serializing_if = "is_nought")]
    pub line: u64,
    pub column: String,
    /// Cut.
    pub value: String,
    pub reason: String,
    /// What to do.
    pub hint: String,
    /// The row was not taken at all.
    pub whole_row: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_nought(number: &u64) -> bool {
    *number == 0
}

impl Problem {
    pub(crate) fn new(
        table: &str,
        row: u64,
        line: u64,
        headers: &[String],
        refused: &Refused,
        whole_row: bool,
    ) -> Problem {
        let column = match refused.column {
            Some(at) => headers.get(at).cloned().unwrap_or_else(|| format!("(column {})", at + 1)),
            None => String::new(),
        };
        Problem {
            table: table.into(),
            row,
            line,
            column,
            value: cell_cut(&refused.value, 120),
            reason: refused.why.reason.clone(),
            hint: refused.why.hint.clone(),
            whole_row,
        }
    }

    /// “row 17, column Date”
    #[must_use]
    pub fn place(&self) -> String {
        let mut place = if self.table.is_empty() { String::new() } else { format!("{}, ", self.table) };
        let _ = write!(place, "row {}", self.row);
        if self.line > 0 && self.line != self.row {
            let _ = write!(place, " (line {})", self.line);
        }
        if !self.column.is_empty() {
            let _ = write!(place, ", {}", self.column);
        }
        place
    }
}

impl Report {
    pub(crate) fn refuse(&mut self, problem: Problem) {
        self.cells_refused += 1;
        if self.refused.len() < MOST_NAMED {
            self.refused.push(problem);
        }
    }

    pub(crate) fn remark(&mut self, problem: Problem) {
        self.remarks_all += 1;
        if self.remarks.len() < MOST_NAMED {
            self.remarks.push(problem);
        }
    }

    /// Nothing of it was recorded after all.
    pub(crate) fn take_back(&mut self) {
        self.entities.clear();
        (self.claims, self.retracted, self.rows_changed, self.rows_unchanged, self.stay_retracted) = (0, 0, 0, 0, 0);
        self.rows_missing = 0;
        (self.import, self.position) = (None, None);
    }

    /// Whether everything in the list can be taken.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.rows_refused == 0 && self.rows_in_part == 0
    }

    /// One JSON value.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// For people: the counts, then each cell that was not taken; `most` of them, and how many more there are.
    #[must_use]
    pub fn to_text(&self, most: usize) -> String {
        let mut out = String::new();
        let done = match (self.dry_run, &self.import) {
            (true, _) => "would be recorded; nothing was".to_owned(),
            (false, Some(import)) => format!("recorded as import {import}"),
            (false, None) => "nothing was recorded".to_owned(),
        };
        let _ = writeln!(out, "{} from {}: {done}", self.list, self.file);
        let _ = writeln!(
            out,
            "  {}: {} whole, {} in part, {} not taken",
            counted(self.rows, "row"),
            self.rows_whole,
            self.rows_in_part,
            self.rows_refused
        );
        if self.rows_unchanged + self.rows_changed > 0 {
            let _ = writeln!(out, "  of them {} as before and {} changed", self.rows_unchanged, self.rows_changed);
        }
        let entities: Vec<String> = self.entities.iter().map(|(schema, count)| format!("{count} {schema}")).collect();
        let entities = if entities.is_empty() { "none".into() } else { entities.join(", ") };
        let _ = writeln!(out, "  new entities: {entities}; claims: {}; retracted: {}", self.claims, self.retracted);
        if self.stay_retracted > 0 {
            let _ = writeln!(
                out,
                "  {} that somebody retracted by hand and the list still makes: they stay retracted",
                counted(self.stay_retracted, "claim")
            );
        }
        for notice in &self.notices {
            let _ = writeln!(out, "  {notice}");
        }
        if !self.unmapped.is_empty() {
            let _ = writeln!(out, "  kept with the raw row only: {}", self.unmapped.join(", "));
        }
        if !self.missing_columns.is_empty() {
            let _ = writeln!(out, "  columns of the mapping that the file lacks: {}", self.missing_columns.join(", "));
        }
        if !self.nothing.is_empty() {
            let said: Vec<String> = self.nothing.iter().map(|(word, count)| format!("“{word}” {count}×")).collect();
            let _ = writeln!(out, "  taken as saying nothing: {}", said.join(", "));
        }
        listed(&mut out, "Not taken", &self.refused, self.cells_refused, most);
        listed(&mut out, "Taken, with a remark", &self.remarks, self.remarks_all, most.min(20));
        if let Some(hint) = &self.hint {
            let _ = writeln!(out, "{hint}");
        }
        out
    }
}

fn listed(out: &mut String, head: &str, problems: &[Problem], all: u64, most: usize) {
    if all == 0 {
        return;
    }
    let _ = writeln!(out, "{head}:");
    // The same cell in many rows is told once, with all of them.
    let mut told: Vec<(&Problem, Vec<u64>)> = Vec::new();
    let mut places: HashMap<(&str, &str, &str, &str, bool), usize> = HashMap::new();
    for problem in problems {
        let Problem { table, column, value, reason, whole_row, .. } = problem;
        match places.entry((table, column, value, reason, *whole_row)) {
            Entry::Occupied(place) => told[*place.get()].1.push(problem.row),
            Entry::Vacant(place) => {
                place.insert(told.len());
                told.push((problem, Vec::new()));
            }
        }
    }
    for (problem, others) in told.iter().take(most) {
        let value = if problem.value.is_empty() { String::new() } else { format!(" “{}”", problem.value) };
        let lost = if problem.whole_row { " (the row was not taken)" } else { "" };
        let hint = if problem.hint.is_empty() { String::new() } else { format!(". {}", problem.hint.trim()) };
        let few: Vec<String> = others.iter().take(FEW).map(u64::to_string).collect();
        let more = match (few.len(), others.len()) {
            (0, _) => String::new(),
            (named, all) if named == all => format!(" (also rows {})", few.join(", ")),
            (named, all) => format!(" (also rows {} and {} more)", few.join(", "), all - named),
        };
        let _ = writeln!(out, "  {}{more}:{value}: {}{hint}{lost}", problem.place(), problem.reason);
    }
    let shown: usize = told.iter().take(most).map(|(_, others)| others.len() + 1).sum();
    let more = all.saturating_sub(shown as u64);
    if more > 0 {
        let _ = writeln!(out, "  and {more} more");
    }
}
