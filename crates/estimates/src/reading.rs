//! Tables as people have them: capture histories in the usual forms, or what is wrong with the file, where, and which form is
//! expected.

use std::collections::BTreeSet;
use std::io::Read;

use crate::table::{MOST_LISTS, Table};

/// What a column is called that says how many cases have the line's pattern; the first that is there.
const COUNTS: [&str; 6] = ["count", "counts", "freq", "frequency", "number", "n"];
/// What a column is called that holds the whole pattern: as text of 0 and 1, a character for each list.
const PATTERNS: [&str; 5] = ["pattern", "history", "capture_history", "capture history", "ch"];
/// What a column is called that says on how many lists cases are.
const HOW_OFTEN: [&str; 5] = ["nbcap", "captures", "times", "nlists", "frequency of capture"];

/// The most cases: more than there are people, and few enough for the methods' arithmetic to be exact.
const MOST_CASES: u64 = 100_000_000_000;

/// Why a table was not read. Lines are counted from 1, the header's.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The bytes could not be read as a table of cells.
    #[error("The table cannot be read: {0}. It must be CSV in UTF-8 with a header line.")]
    Unreadable(#[from] csv::Error),
    /// No header, or no rows.
    #[error(
        "The table is empty. It needs a header with one column for each list and a column `count`, then one line for each pattern: `A,B,C,count`, below it `1,0,0,60` for the 60 cases on A alone."
    )]
    Empty,
    /// There is no column of counts, and the lines are no cases of their own.
    #[error(
        "No column is called `count`. The columns are: {found}. {why} Call the column that says how many cases have the line's pattern `count`: `A,B,C,count`, below it `1,0,0,60` for the 60 cases on A alone."
    )]
    NoCount {
        /// The headers that were read.
        found: String,
        /// Why the lines are not taken for one case each.
        why: String,
    },
    /// A column `n` with nothing but 0 and 1: a list, or a count.
    #[error(
        "Column `{0}` holds only 0 and 1: is it a list, or does it say how many cases there are? Call it `count`, or give the list a longer name."
    )]
    ListOrCount(String),
    /// On how many lists cases are, not on which.
    #[error(
        "Column `{0}` says on how many lists cases are, not on which; the methods here need to know on which. The table must have one column of 0 and 1 for each list and a column `count`: `A,B,C,count`, below it `1,0,0,60` for the 60 cases on A alone."
    )]
    HowOften(String),
    /// The column to divide by is not there.
    #[error("No column is called `{asked}`. The columns are: {found}.")]
    NoStratum {
        /// The column asked for.
        asked: String,
        /// The headers that were read.
        found: String,
    },
    /// Two columns have one name.
    #[error("Two columns are called `{0}`. Give each list its own name.")]
    TwiceNamed(String),
    /// There is no list.
    #[error(
        "The table has no column for a list. It needs one column of 0 and 1 for each list beside `count`: `A,B,C,count`, below it `1,0,0,60` for the 60 cases on A alone."
    )]
    NoLists,
    /// Too many lists.
    #[error("The table has {found} lists; at most {MOST_LISTS} can be read. Merge lists that share their sources.")]
    Lists {
        /// How many columns of lists there are.
        found: usize,
    },
    /// A cell of a list is neither 0 nor 1.
    #[error(
        "Line {line}, column `{column}`: {value} is neither 0 nor 1. A list's column says only whether the cases are on it; a column that is no list must be taken out, or named as the column to divide by."
    )]
    NotMembership {
        /// Line of the file, from 1.
        line: u64,
        /// The column's header.
        column: String,
        /// What stood there.
        value: String,
    },
    /// A pattern is no text of 0 and 1, or not as long as the others.
    #[error(
        "Line {line}, column `{column}`: {value} is no pattern. Every pattern has a 0 or 1 for each list, and all are equally long ({length} here); a spreadsheet program may have taken leading zeros away."
    )]
    NotPattern {
        /// Line of the file, from 1.
        line: u64,
        /// The column's header.
        column: String,
        /// What stood there.
        value: String,
        /// How long the first pattern is.
        length: usize,
    },
    /// A count is not a whole number of 0 or more.
    #[error(
        "Line {line}, column `{column}`: {value} is not a whole number of 0 or more. Write how many cases have this pattern, without separators."
    )]
    NotCount {
        /// Line of the file, from 1.
        line: u64,
        /// The column's header.
        column: String,
        /// What stood there.
        value: String,
    },
    /// Cases on no list at all.
    #[error(
        "Line {line}: this row is on no list (all zeros). How many such cases there are is what is to be estimated: take the row out."
    )]
    OnNoList {
        /// Line of the file, from 1.
        line: u64,
    },
    /// A row is longer or shorter than the header.
    #[error(
        "Line {line} has {found} cells, the header has {expected}. Write a cell for each column, also where it is 0."
    )]
    Ragged {
        /// Line of the file, from 1.
        line: u64,
        /// Cells in this row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// More cases than can be counted.
    #[error(
        "Line {line}: the counts add up to more than a hundred thousand million cases. Is this column read as a count by mistake?"
    )]
    TooMany {
        /// Line of the file, from 1.
        line: u64,
    },
}

/// Which column is what.
struct Columns {
    count: Option<usize>,
    stratum: Option<usize>,
    /// The lists' columns; or the one that holds the pattern.
    lists: Vec<usize>,
    pattern: bool,
}

fn columns(headers: &[String], stratum: Option<&str>) -> Result<Columns, TableError> {
    if headers.iter().all(String::is_empty) {
        return Err(TableError::Empty);
    }
    if let Some(twice) = headers.iter().enumerate().find(|(at, name)| headers[..*at].contains(name)) {
        return Err(TableError::TwiceNamed(twice.1.clone()));
    }
    let stratum = match stratum {
        None => None,
        Some(asked) => Some(
            headers
                .iter()
                .position(|name| name == asked)
                .ok_or_else(|| TableError::NoStratum { asked: asked.to_owned(), found: headers.join(", ") })?,
        ),
    };
    let is = |at: usize, of: &[&str]| of.iter().any(|name| headers[at].eq_ignore_ascii_case(name));
    let count = COUNTS.iter().find_map(|name| (0..headers.len()).find(|at| Some(*at) != stratum && is(*at, &[name])));
    let lists: Vec<usize> = (0..headers.len()).filter(|at| Some(*at) != count && Some(*at) != stratum).collect();
    match lists.as_slice() {
        [one] if is(*one, &HOW_OFTEN) => Err(TableError::HowOften(headers[*one].clone())),
        [one] if is(*one, &PATTERNS) => Ok(Columns { count, stratum, lists, pattern: true }),
        [] => Err(TableError::NoLists),
        _ if lists.len() > MOST_LISTS => Err(TableError::Lists { found: lists.len() }),
        _ => Ok(Columns { count, stratum, lists, pattern: false }),
    }
}

pub(crate) fn read(mut reader: impl Read, stratum: Option<&str>) -> Result<Vec<(String, Table)>, TableError> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(csv::Error::from)?;
    let body = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let header = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let often = |separator: &u8| header.iter().filter(|byte| *byte == separator).count();
    let separator = if often(&b',') > 0 { b',' } else { [b';', b'\t'].into_iter().max_by_key(often).unwrap_or(b',') };
    let mut rows = csv::ReaderBuilder::new().delimiter(separator).flexible(true).trim(csv::Trim::All).from_reader(body);
    let headers: Vec<String> = rows.headers()?.iter().map(str::to_owned).collect();
    let columns = columns(&headers, stratum)?;
    let mut names: Vec<String> = columns.lists.iter().map(|at| headers[*at].clone()).collect();

    let mut strata: Vec<(String, Table)> = Vec::new();
    let (mut total, mut more_than_one, mut alike) = (0_u64, false, false);
    let mut seen = BTreeSet::new();
    for row in rows.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != headers.len() {
            return Err(TableError::Ragged { line, found: row.len(), expected: headers.len() });
        }
        let pattern = if columns.pattern {
            let cell = &row[columns.lists[0]];
            if strata.is_empty() {
                names = (1..=cell.len().clamp(1, MOST_LISTS)).map(|list| format!("List {list}")).collect();
            }
            whole_pattern(cell, names.len()).ok_or_else(|| TableError::NotPattern {
                line,
                column: headers[columns.lists[0]].clone(),
                value: short(cell),
                length: names.len(),
            })?
        } else {
            on_lists(&row, line, &headers, &columns)?
        };
        let count = match columns.count {
            None => 1,
            Some(at) => row[at].parse::<u64>().map_err(|_| TableError::NotCount {
                line,
                column: headers[at].clone(),
                value: short(&row[at]),
            })?,
        };
        if pattern == 0 {
            return Err(TableError::OnNoList { line });
        }
        more_than_one |= count > 1;
        alike |= !seen.insert(pattern);
        total = total.checked_add(count).filter(|sum| *sum <= MOST_CASES).ok_or(TableError::TooMany { line })?;
        let name = columns.stratum.map_or("", |at| if row[at].trim().is_empty() { "not known" } else { &row[at] });
        let at = strata.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            strata.push((name.to_owned(), Table::from_records(&names, [])));
            strata.len() - 1
        });
        if count > 0 {
            *strata[at].1.counts.entry(pattern).or_insert(0) += count;
        }
    }
    match columns.count {
        _ if strata.is_empty() => Err(TableError::Empty),
        Some(at) if !more_than_one && alike && headers[at].eq_ignore_ascii_case("n") => {
            Err(TableError::ListOrCount(headers[at].clone()))
        }
        None if !alike => {
            let why = "No two lines are alike, so they are hardly one case each.".into();
            Err(TableError::NoCount { found: headers.join(", "), why })
        }
        _ => Ok(strata),
    }
}

/// The lists of one row, as bits.
fn on_lists(row: &csv::StringRecord, line: u64, headers: &[String], columns: &Columns) -> Result<u32, TableError> {
    let mut pattern = 0_u32;
    for (bit, at) in columns.lists.iter().enumerate() {
        match (&row[*at], columns.count) {
            ("0", _) => {}
            ("1", _) => pattern |= 1 << bit,
            (value, None) if value.parse::<u64>().is_ok() => {
                let why = format!("Line {line}, column `{}`, has {}.", headers[*at], short(value));
                return Err(TableError::NoCount { found: headers.join(", "), why });
            }
            (value, _) => {
                return Err(TableError::NotMembership { line, column: headers[*at].clone(), value: short(value) });
            }
        }
    }
    Ok(pattern)
}

/// `0110` as bits, the first list in front.
fn whole_pattern(cell: &str, length: usize) -> Option<u32> {
    (cell.len() == length).then_some(())?;
    cell.bytes().enumerate().try_fold(0, |pattern, (list, byte)| match byte {
        b'0' => Some(pattern),
        b'1' => Some(pattern | 1 << list),
        _ => None,
    })
}

/// At most 40 characters of a cell, for a message.
fn short(value: &str) -> String {
    let text: String = value.chars().take(40).collect();
    let more = if text.len() < value.len() { "…" } else { "" };
    if value.is_empty() { "an empty cell".into() } else { format!("`{text}{more}`") }
}
