//! What each cell of the first rows becomes, for whoever looks before importing.

use schema::{Registry, Value};
use serde::Serialize;

use crate::error::Error;
use crate::file::ListFile;
use crate::mapping::Mapping;
use crate::report::Problem;
use crate::take::{Compiled, Source, cell_cut};

/// A table's first rows.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub table: String,
    pub headers: Vec<String>,
    pub rows: Vec<PreviewRow>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PreviewRow {
    /// As a spreadsheet program numbers it.
    pub row: u64,
    pub key: String,
    /// The row is not taken.
    pub refused: bool,
    /// In the order of the columns; cells without a heading come after them.
    pub cells: Vec<PreviewCell>,
    /// What is said of every row: constants, and entities of the same row.
    pub also: Vec<Becomes>,
    /// What is wrong with the row as such.
    pub problems: Vec<Problem>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PreviewCell {
    pub column: String,
    /// Cut.
    pub value: String,
    /// Nothing of it: kept with the raw row only.
    pub becomes: Vec<Becomes>,
    /// Reason, and what to do.
    pub refused: Vec<(String, String)>,
}

/// A value that a cell becomes.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Becomes {
    /// What the mapping calls the entity.
    pub entity: String,
    pub schema: String,
    pub property: String,
    pub kind: String,
    /// As pages show it.
    pub shown: String,
    /// As the ledger keeps it.
    pub canonical: String,
}

/// Previews the first `rows` rows of each mapped table.
///
/// # Errors
/// [`Error::Mapping`] when the mapping does not fit, and when the file cannot be read.
pub fn preview(
    file: &ListFile,
    mapping: &Mapping,
    list: &str,
    registry: &Registry,
    rows: usize,
) -> Result<Vec<Preview>, Error> {
    let mut compiled = Compiled::new(list, file, mapping, registry, true)?;
    let mut previews = Vec::new();
    for number in 0..compiled.tables.len() {
        let table = &file.tables[compiled.tables[number].table];
        let mut preview = Preview { table: table.name.clone(), headers: table.headers.clone(), rows: Vec::new() };
        let mut reading = file.rows(table)?;
        while preview.rows.len() < rows {
            let Some(row) = reading.next_row()? else { break };
            let taken = compiled.take(number, &row, registry);
            compiled.remember(number, &row, &taken.key);
            let name = |at: usize| table.headers.get(at).cloned().unwrap_or_else(|| format!("(column {})", at + 1));
            let mut cells: Vec<PreviewCell> = (0..table.headers.len().max(row.cells.len()))
                .map(|at| PreviewCell {
                    column: name(at),
                    value: row.cells.get(at).map(|cell| cell_cut(cell, 200)).unwrap_or_default(),
                    becomes: Vec::new(),
                    refused: Vec::new(),
                })
                .collect();
            let mut also = Vec::new();
            for entity in &taken.entities {
                let taker = &compiled.entities[entity.rule];
                for claim in &entity.claims {
                    let becomes = Becomes {
                        entity: taker.name.clone(),
                        schema: taker.schema.clone(),
                        property: taker.properties[claim.property].name.clone(),
                        kind: claim.value.kind().as_str().to_owned(),
                        shown: shown(
                            &compiled,
                            &taken,
                            &taker.properties[claim.property].source,
                            &claim.value,
                            registry,
                        ),
                        canonical: claim.value.canonical(),
                    };
                    match claim.column.and_then(|at| cells.get_mut(at)) {
                        Some(cell) => cell.becomes.push(becomes),
                        None => also.push(becomes),
                    }
                }
            }
            let mut problems = Vec::new();
            for refused in &taken.refused {
                match refused.column.and_then(|at| cells.get_mut(at)) {
                    Some(cell) => cell.refused.push((refused.why.reason.clone(), refused.why.hint.clone())),
                    None => {
                        let problem =
                            Problem::new(&table.name, row.number, row.line, &table.headers, refused, taken.lost);
                        problems.push(problem);
                    }
                }
            }
            preview.rows.push(PreviewRow {
                row: row.number,
                key: taken.key,
                refused: taken.lost,
                cells,
                also,
                problems,
            });
        }
        previews.push(preview);
    }
    Ok(previews)
}

fn shown(
    compiled: &Compiled,
    taken: &crate::take::Taken,
    source: &Source,
    value: &Value,
    registry: &Registry,
) -> String {
    if let Source::Parent(rule) = source {
        return format!("the {} of the row that it belongs to", compiled.entities[*rule].name);
    }
    match value {
        Value::Entity(id) => match taken.entities.iter().find(|entity| entity.id == *id) {
            Some(entity) => format!("the {} of this row", compiled.entities[entity.rule].name),
            None => "another row’s".to_owned(),
        },
        other => other.display(registry, "en"),
    }
}
