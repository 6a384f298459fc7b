//! Archives of CSV files: ODK Central gives a form's submissions as one, and each of its repeats as another.

use text::Archive;

use super::{MOST_SHEETS, Sheet, Writer, broken, too_large};
use crate::encoding::tell;
use crate::rows::{CellFault, Csv, tell_dialect};

/// Each CSV file of the archive; the others are told by whoever looks for them (attachments stay in the archive, which is kept).
pub fn read(archive: &mut Archive<'_>) -> Result<Vec<Sheet>, text::Error> {
    let names = archive.names();
    let tables: Vec<&String> = names
        .iter()
        .filter(|name| name.to_ascii_lowercase().ends_with(".csv") && !name.starts_with("__MACOSX/"))
        .collect();
    if tables.is_empty() {
        return Err(text::Error::Unsupported {
            what: "an archive without a CSV file, workbook or OpenDocument sheet".into(),
            hint: "import the list itself".into(),
        });
    }
    if tables.len() > MOST_SHEETS {
        return Err(too_large("zip", format!("it has {} CSV files", tables.len())));
    }
    let mut sheets = Vec::new();
    for name in tables {
        let Some(bytes) = archive.bytes(name)? else { continue };
        let stem = name.rsplit('/').next().unwrap_or(name);
        let stem = stem.get(..stem.len() - 4).unwrap_or(stem);
        sheets.push(Sheet { name: stem.to_owned(), csv: table(&bytes, name)?, merged: 0 });
    }
    // The submissions come before their repeats, so that what a repeat points at is there.
    sheets.sort_by_key(|sheet| (is_repeat(&sheet.csv), sheet.name.len(), sheet.name.clone()));
    Ok(sheets)
}

fn table(bytes: &[u8], name: &str) -> Result<Vec<u8>, text::Error> {
    let failed = |error: std::io::Error| broken("zip", format!("{name}: {error}"));
    let encoded = tell(bytes, None).map_err(failed)?;
    let dialect = tell_dialect(bytes, &encoded, None, None).map_err(failed)?;
    let mut csv = Csv::new(bytes, &encoded, &dialect);
    let mut out = Writer::default();
    while let Some(row) = csv.next_row().map_err(failed)? {
        if row.number == 1 {
            csv.expect(row.cells.len());
        }
        let mut cells = row.cells;
        for (column, fault) in row.faults {
            let what = match fault {
                CellFault::TooLong { bytes } => format!("\u{FFFD} {bytes} bytes, too long for a cell"),
                _ => "\u{FFFD} a quotation mark is not closed in this row".to_owned(),
            };
            if let Some(cell) = cells.get_mut(column) {
                *cell = what;
            }
        }
        out.row(row.number, &cells)?;
    }
    Ok(out.csv)
}

fn is_repeat(csv: &[u8]) -> bool {
    let head = csv.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(head).split(',').any(|name| name.trim_matches('"') == "PARENT_KEY")
}
