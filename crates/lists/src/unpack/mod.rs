//! Workbooks and archives made into plain tables: one CSV (UTF-8, RFC 4180) for each sheet, the row's number as its first cell.
//!
//! Their bytes are a stranger's, and the readers below are other people's code: this runs in the child process of the `text` crate, under
//! its limits on memory, time and output, wherever a child can be had. The tables travel back as the attachments of a document.

mod odk;

use std::ffi::{OsStr, OsString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use text::{Archive, Attachment, Converter, Document, Limits, Options, Rows, Written};

use crate::error::Error;

/// Before a file's name, this asks the child for tables instead of words.
const ASK: &str = "list:";
/// Cells of one file, empty ones between others included.
const MOST_CELLS: usize = 20_000_000;
/// Bytes of all tables of one file.
const MOST_BYTES: usize = 448 << 20;
const MOST_SHEETS: usize = 500;

/// One sheet.
pub struct Sheet {
    pub name: String,
    pub csv: Vec<u8>,
    /// How many ranges of cells are merged.
    pub merged: usize,
}

/// What the program's child is to serve with [`text::serve_child_with`]: lists when it is asked for one, else [`text::extract`].
///
/// # Errors
/// As [`text::extract`].
pub fn extract(bytes: &[u8], file_name: &str, options: &Options) -> Result<Document, text::Error> {
    let Some(name) = file_name.strip_prefix(ASK) else { return text::extract(bytes, file_name, options) };
    let sheets = match catch_unwind(AssertUnwindSafe(|| sheets(bytes, name))) {
        Ok(sheets) => sheets?,
        Err(_) => {
            return Err(broken(
                "file",
                "its reader gave up on it; open it in the program that made it and save it again",
            ));
        }
    };
    let whose = |sheet: &Sheet| if sheet.name.is_empty() { String::new() } else { format!("{}: ", sheet.name) };
    let warn = |sheet: &Sheet| {
        format!(
            "{}{} merged: only the first row of each has its value, the rows below have none. Unmerge them and fill the value down where it holds for all",
            whose(sheet),
            if sheet.merged == 1 {
                "1 range of cells is".to_owned()
            } else {
                format!("{} ranges of cells are", sheet.merged)
            },
        )
    };
    let warnings = sheets.iter().filter(|sheet| sheet.merged > 0).map(warn).collect();
    let attachment = |sheet: Sheet| Attachment { name: sheet.name, media_type: "text/csv".into(), bytes: sheet.csv };
    Ok(Document {
        format: "list".into(),
        attachments: sheets.into_iter().map(attachment).collect(),
        warnings,
        ..Document::default()
    })
}

/// Where workbooks and archives are opened.
pub struct Unpacker {
    child: Option<(PathBuf, Vec<OsString>)>,
}

impl Unpacker {
    /// In child processes: this program, called with these arguments, must serve [`extract`].
    #[must_use]
    pub fn child(program: &Path, arguments: &[&OsStr]) -> Self {
        Unpacker { child: Some((program.to_owned(), arguments.iter().map(|word| (*word).to_owned()).collect())) }
    }

    /// In this process, within bounds on cells, bytes and ratio: for tests, and where no child can be had.
    #[must_use]
    pub fn here() -> Self {
        Unpacker { child: None }
    }

    /// The sheets, and what is to be told of them.
    pub(crate) fn unpack(&self, bytes: &[u8], name: &str) -> Result<(Vec<Sheet>, Vec<String>), Error> {
        let asked = format!("{ASK}{name}");
        let outcome = match &self.child {
            None => extract(bytes, &asked, &Options::default()),
            Some((program, arguments)) => {
                let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
                let limits = Limits {
                    memory: 3 << 30,
                    cpu: Duration::from_secs(120),
                    wall: Duration::from_secs(240),
                    output: 512 << 20,
                };
                Converter::new(program, &arguments, &limits).convert(bytes, &asked, &Options::default())
            }
        };
        let document = outcome.map_err(|error| told(name, &error))?;
        if document.format != "list" {
            return Err(Error::file(
                name,
                "the converter gave words instead of tables",
                "this is a mistake in the program: its child must serve lists::extract",
            ));
        }
        let sheet = |attachment: Attachment| Sheet { name: attachment.name, csv: attachment.bytes, merged: 0 };
        Ok((document.attachments.into_iter().map(sheet).collect(), document.warnings))
    }
}

fn told(name: &str, error: &text::Error) -> Error {
    let hint = match error {
        text::Error::Broken { .. } => {
            "nothing of it was taken; open it in the program that made it, save it again or as CSV, and import that"
        }
        text::Error::TooLarge { .. } | text::Error::Stopped { .. } => {
            "nothing of it was taken; save the sheet that you need as CSV and import that"
        }
        _ => "nothing of it was taken",
    };
    Error::file(name, error.to_string(), hint)
}

fn sheets(bytes: &[u8], name: &str) -> Result<Vec<Sheet>, text::Error> {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return old(bytes, name);
    }
    let mut archive = Archive::open(bytes, "zip")?.roomy();
    let mut gathered = Sheets::default();
    if text::sheets(&mut archive, &mut gathered)? {
        return Ok(gathered.done);
    }
    odk::read(&mut archive)
}

/// Gathers a workbook's sheets.
#[derive(Default)]
struct Sheets {
    done: Vec<Sheet>,
    name: String,
    out: Writer,
}

impl Rows for Sheets {
    fn sheet(&mut self, name: &str) -> Result<(), text::Error> {
        self.name = name.to_owned();
        Ok(())
    }

    fn row(&mut self, number: u64, cells: &[Written]) -> Result<(), text::Error> {
        let words: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
        self.out.row(number, &words)
    }

    fn end(&mut self, merged: usize, _said: u64) -> Result<(), text::Error> {
        let csv = std::mem::take(&mut self.out).csv;
        self.done.push(Sheet { name: std::mem::take(&mut self.name), csv, merged });
        Ok(())
    }
}

/// Excel's old workbooks: the reader of documents knows their traps. It leaves blank rows out, so rows are numbered as they come.
fn old(bytes: &[u8], name: &str) -> Result<Vec<Sheet>, text::Error> {
    let document = text::extract(bytes, name, &Options { attachments: false, ..Options::default() })?;
    let mut places: Vec<usize> = document.text.char_indices().map(|(at, _)| at).collect();
    places.push(document.text.len());
    let cell = |from: u32, to: u32| match (places.get(from as usize), places.get(to as usize)) {
        (Some(from), Some(to)) => &document.text[*from..*to],
        _ => "",
    };
    let sheet = |table: &text::Table| {
        let mut out = Writer::default();
        for (number, row) in table.rows.iter().enumerate() {
            let cells: Vec<&str> = row.iter().map(|at| cell(at.start, at.end)).collect();
            out.row(number as u64 + 1, &cells)?;
        }
        Ok(Sheet { name: table.caption.clone().unwrap_or_default(), csv: out.csv, merged: 0 })
    };
    document.tables.iter().map(sheet).collect()
}

/// Writes a table's rows.
#[derive(Default)]
struct Writer {
    csv: Vec<u8>,
    cells: usize,
}

impl Writer {
    /// A row and its number; a blank one leaves its place empty.
    fn row(&mut self, number: u64, cells: &[impl AsRef<str>]) -> Result<(), text::Error> {
        let used = cells.iter().rposition(|cell| !cell.as_ref().trim().is_empty()).map_or(0, |last| last + 1);
        if used == 0 {
            return Ok(());
        }
        self.cells += used;
        if self.cells > MOST_CELLS || self.csv.len() > MOST_BYTES {
            return Err(too_large("workbook", format!("one of its sheets has more than {MOST_CELLS} cells")));
        }
        self.csv.extend_from_slice(number.to_string().as_bytes());
        for cell in &cells[..used] {
            self.csv.push(b',');
            put_cell(&mut self.csv, cell.as_ref());
        }
        self.csv.push(b'\n');
        Ok(())
    }
}

/// A cell as RFC 4180 writes it.
pub fn put_cell(out: &mut Vec<u8>, cell: &str) {
    if !cell.contains([',', '"', '\n', '\r']) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in cell.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

fn broken(format: &str, why: impl Into<String>) -> text::Error {
    text::Error::Broken { format: format.into(), why: why.into() }
}

fn too_large(format: &str, why: impl Into<String>) -> text::Error {
    text::Error::TooLarge { format: format.into(), why: why.into() }
}
