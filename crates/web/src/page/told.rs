//! What came of an import, or would: counts, and each cell that was not taken, with its reason and what to do.

use lists::Report;

use crate::brought::Outcome;
use crate::markup::{Words, counted, shortened, thousands};
use crate::problem::capitalised;
use crate::room::Room;

/// Cells not taken that the page names; all of them are in the file of rows.
const NAMED: usize = 100;

/// What came of an import, or would.
pub struct Told {
    pub heading: &'static str,
    pub class: &'static str,
    pub lines: Vec<Words>,
    pub refused: Vec<Cell>,
    pub more: u64,
    pub remarks: Vec<Cell>,
    pub files: Vec<(String, String)>,
    /// Good cells can be taken without the others.
    pub choice: bool,
    pub fine: bool,
}

/// A cell that was not taken.
pub struct Cell {
    pub place: String,
    pub column: Words,
    pub value: Words,
    pub reason: String,
    pub hint: String,
    pub whole_row: bool,
}

/// Why a cell is not taken, and what to do.
pub fn reason(why: &str, hint: &str) -> String {
    let hint = here(hint.trim());
    if hint.is_empty() { capitalised(why) } else { format!("{} {}", capitalised(why), capitalised(&hint)) }
}

/// What to do, where it can be done on the page itself and not in the mapping's file.
fn here(hint: &str) -> String {
    hint.replace("Or say dates = \"day-first\" or \"month-first\" in the mapping", "Or choose it at “Dates in figures”")
}

/// The report of a run, as the pages tell it.
pub fn tell(room: &Room<'_>, action: &str, report: &Report, outcome: &Outcome) -> Told {
    let not_taken = report.rows_in_part + report.rows_refused;
    let (heading, class) = match (report.dry_run, &report.import, outcome.not_whole) {
        (true, _, _) if report.is_whole() => ("This is what would be recorded. Nothing was.", "done"),
        (true, _, _) => ("Not everything can be taken. Nothing was recorded.", ""),
        (false, Some(_), _) => ("Recorded", "done"),
        _ => ("▲ Nothing was recorded: not everything can be taken", "bad"),
    };
    let files = outcome.rejected.iter().enumerate().map(|(number, (table, bytes))| {
        let of = if table.is_empty() { String::new() } else { format!(" of {table}") };
        let size = thousands((bytes.len() as u64).div_ceil(1000));
        (format!("{action}/rows/{number}.csv"), format!("These rows{of} as a file to correct (CSV, {size} kB)"))
    });
    Told {
        heading,
        class,
        lines: lines(room, report),
        refused: report.refused.iter().take(NAMED).map(told_cell).collect(),
        more: report.cells_refused.saturating_sub(report.refused.len().min(NAMED) as u64),
        remarks: report.remarks.iter().take(20).map(told_cell).collect(),
        files: files.collect(),
        choice: not_taken > 0 && report.import.is_none(),
        fine: report.is_whole(),
    }
}

fn lines(room: &Room<'_>, report: &Report) -> Vec<Words> {
    let rows = |number: u64| counted(usize::try_from(number).unwrap_or(usize::MAX), "row", "rows");
    let mut lines = vec![format!(
        "{}: {} whole, {} in part, {} not taken.",
        rows(report.rows),
        thousands(report.rows_whole),
        thousands(report.rows_in_part),
        thousands(report.rows_refused)
    )];
    let entities: Vec<String> = report
        .entities
        .iter()
        .map(|(schema, number)| {
            let label = if *number == 1 { room.schema_label(schema) } else { room.schema_plural(schema) };
            format!("{} {}", thousands(*number), label.to_lowercase())
        })
        .collect();
    if report.claims + report.retracted > 0 || !entities.is_empty() {
        let new = if entities.is_empty() { "nothing".into() } else { entities.join(", ") };
        lines.push(format!("New: {new}; {} claims.", thousands(report.claims)));
    }
    if report.rows_unchanged + report.rows_changed > 0 {
        lines.push(format!(
            "Of them {} as before, and {} that say something else now.",
            thousands(report.rows_unchanged),
            thousands(report.rows_changed)
        ));
    }
    if report.retracted > 0 {
        lines.push(format!("{} earlier claims that the list no longer makes.", thousands(report.retracted)));
    }
    if report.stay_retracted > 0 {
        let text = "claims that somebody retracted by hand and the list still makes: they stay retracted.";
        lines.push(format!("{} {text}", thousands(report.stay_retracted)));
    }
    if !report.unmapped.is_empty() {
        lines.push(format!("Kept with the row’s own words only: {}.", report.unmapped.join(", ")));
    }
    if !report.missing_columns.is_empty() {
        lines.push(format!("The mapping names columns that the file lacks: {}.", report.missing_columns.join(", ")));
    }
    if !report.nothing.is_empty() {
        let said: Vec<String> = report.nothing.iter().map(|(word, times)| format!("“{word}” {times} times")).collect();
        lines.push(format!("Read as saying nothing: {}.", said.join(", ")));
    }
    lines.iter().map(|line| Words::of(line)).collect()
}

fn told_cell(problem: &lists::Problem) -> Cell {
    let table = if problem.table.is_empty() { String::new() } else { format!("{}, ", problem.table) };
    Cell {
        place: format!("{table}{}", problem.row),
        column: Words::of(&shortened(&problem.column, 60)),
        value: Words::of(&shortened(&problem.value, 80)),
        reason: capitalised(&problem.reason),
        hint: Some(here(problem.hint.trim()))
            .filter(|hint| !hint.is_empty())
            .map_or_else(String::new, |hint| capitalised(&hint)),
        whole_row: problem.whole_row,
    }
}
