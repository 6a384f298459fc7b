//! The capture table: how many persons (or events) are on exactly which lists.

use std::collections::BTreeMap;
use std::io::Read;

/// The most lists that are read. Beyond it a table of every pattern no longer fits the methods: merge lists.
pub const MOST_LISTS: usize = 16;

/// Counts by pattern. Bit j of a pattern is set where the case is on list j; the pattern 0, on no list, is never there:
/// it is what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    lists: Vec<String>,
    counts: BTreeMap<u32, u64>,
}

/// Why a table was not read. Lines are counted from 1, the header's.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The bytes could not be read as a table of cells.
    #[error("The table cannot be read: {0}. It must be CSV in UTF-8 with a header line.")]
    Unreadable(#[from] csv::Error),
    /// No header, or no rows.
    #[error(
        "The table is empty. It needs a header with one column for each list and a column `count`, then one line for each pattern."
    )]
    Empty,
    /// There is no column of counts.
    #[error(
        "No column is called `count`. The columns are: {found}. Name the column that says how many cases have the line's pattern `count`."
    )]
    NoCount {
        /// The headers that were read.
        found: String,
    },
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
    /// Too many lists, or none.
    #[error(
        "The table has {found} lists; between 1 and {MOST_LISTS} can be read. Merge lists that share their sources."
    )]
    Lists {
        /// How many columns of lists there are.
        found: usize,
    },
    /// A cell of a list is neither 0 nor 1.
    #[error(
        "Line {line}, column `{column}`: `{value}` is neither 0 nor 1. A list's column says only whether the cases are on it; a column that is no list must be taken out, or named as the column to divide by."
    )]
    NotMembership {
        /// Line of the file, from 1.
        line: u64,
        /// The column's header.
        column: String,
        /// What stood there.
        value: String,
    },
    /// A count is not a whole number of 0 or more.
    #[error(
        "Line {line}, column `count`: `{value}` is not a whole number. Write how many cases have this pattern, without separators."
    )]
    NotCount {
        /// Line of the file, from 1.
        line: u64,
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
    #[error("Line {line} has {found} cells, the header has {expected}.")]
    Ragged {
        /// Line of the file, from 1.
        line: u64,
        /// Cells in this row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// More cases than can be counted.
    #[error("Line {line}: the counts add up to more than can be reckoned with.")]
    TooMany {
        /// Line of the file, from 1.
        line: u64,
    },
}

impl Table {
    /// Reads a table: a header; one 0/1 column for each list; a column `count`. Patterns without cases may be left out;
    /// the same pattern twice is added up. Comma, semicolon or tabulator separate the cells.
    ///
    /// # Errors
    /// [`TableError`], with line and column.
    pub fn read(reader: impl Read) -> Result<Self, TableError> {
        let mut strata = read(reader, None)?;
        strata.pop().map(|(_, table)| table).ok_or(TableError::Empty)
    }

    /// Reads a table that is divided by the values of one column (`stratum`): one table for each value, in the order in
    /// which the values first appear. All have the same lists.
    ///
    /// # Errors
    /// [`TableError`], with line and column.
    pub fn read_strata(reader: impl Read, stratum: &str) -> Result<Vec<(String, Self)>, TableError> {
        read(reader, Some(stratum))
    }

    /// A table from what linkage found: for each person (cluster of records) the lists they are on, as bits.
    /// Clusters that are on no list, and bits beyond the lists, are left out of account. Lists beyond the first
    /// [`MOST_LISTS`] are not taken.
    pub fn from_records(lists: &[impl AsRef<str>], memberships: impl IntoIterator<Item = u32>) -> Self {
        let lists: Vec<String> = lists.iter().take(MOST_LISTS).map(|name| name.as_ref().to_owned()).collect();
        let all = full(lists.len());
        let mut counts = BTreeMap::new();
        for pattern in memberships {
            if pattern & all != 0 {
                *counts.entry(pattern & all).or_insert(0) += 1;
            }
        }
        Self { lists, counts }
    }

    /// A table from patterns and their counts; as [`Table::from_records`] for what is left out.
    pub fn from_counts(lists: &[impl AsRef<str>], counts: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let mut table = Self::from_records(lists, []);
        let all = full(table.lists.len());
        for (pattern, count) in counts {
            if pattern & all != 0 && count > 0 {
                *table.counts.entry(pattern & all).or_insert(0) += count;
            }
        }
        table
    }

    /// The lists' names, bit 0 first.
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// How many lists there are.
    pub fn width(&self) -> usize {
        self.lists.len()
    }

    /// How many cases are documented: on one list or more.
    pub fn documented(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The patterns that have cases, in the order of their bits.
    pub fn patterns(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.counts.iter().map(|(pattern, count)| (*pattern, *count))
    }

    /// How many cases are on all of these lists (and perhaps on others).
    pub fn on_all(&self, of: u32) -> u64 {
        self.patterns().filter(|(pattern, _)| pattern & of == of).map(|(_, count)| count).sum()
    }

    /// How many cases are on exactly 1, 2, 3 … lists.
    pub fn by_frequency(&self) -> Vec<u64> {
        let mut by = vec![0; self.width()];
        for (pattern, count) in self.patterns() {
            if let Some(sum) = (pattern.count_ones() as usize).checked_sub(1).and_then(|at| by.get_mut(at)) {
                *sum += count;
            }
        }
        by
    }

    /// The names of these lists, joined with a middle dot.
    pub fn names(&self, of: u32) -> String {
        let names: Vec<&str> = (0..self.width()).filter(|j| of >> j & 1 == 1).map(|j| self.lists[j].as_str()).collect();
        names.join("·")
    }

    /// The same table without the lists on which nobody is, and the names of those lists.
    pub(crate) fn without_empty_lists(&self) -> (Self, Vec<String>) {
        let kept: Vec<usize> = (0..self.width()).filter(|j| self.on_all(1 << j) > 0).collect();
        let empty = (0..self.width()).filter(|j| !kept.contains(j)).map(|j| self.lists[j].clone()).collect();
        let lists: Vec<&String> = kept.iter().map(|j| &self.lists[*j]).collect();
        let narrow =
            |pattern: u32| kept.iter().enumerate().fold(0, |out, (to, from)| out | (pattern >> from & 1) << to);
        (Self::from_counts(&lists, self.patterns().map(|(pattern, count)| (narrow(pattern), count))), empty)
    }
}

/// All lists' bits.
pub(crate) fn full(width: usize) -> u32 {
    (1_u32 << width.min(MOST_LISTS)) - 1
}

fn read(mut reader: impl Read, stratum: Option<&str>) -> Result<Vec<(String, Table)>, TableError> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(csv::Error::from)?;
    let body = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let header = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let often = |separator: &u8| header.iter().filter(|byte| *byte == separator).count();
    let separator = if often(&b',') > 0 { b',' } else { [b';', b'\t'].into_iter().max_by_key(often).unwrap_or(b',') };
    let mut rows = csv::ReaderBuilder::new().delimiter(separator).flexible(true).trim(csv::Trim::All).from_reader(body);
    let headers: Vec<String> = rows.headers()?.iter().map(str::to_owned).collect();
    if headers.iter().all(String::is_empty) {
        return Err(TableError::Empty);
    }
    if let Some(twice) = headers.iter().enumerate().find(|(at, name)| headers[..*at].contains(name)) {
        return Err(TableError::TwiceNamed(twice.1.clone()));
    }
    let found = || headers.join(", ");
    let count_at = headers
        .iter()
        .position(|name| name.eq_ignore_ascii_case("count"))
        .ok_or_else(|| TableError::NoCount { found: found() })?;
    let stratum_at = match stratum {
        None => None,
        Some(asked) => Some(
            headers
                .iter()
                .position(|name| name == asked)
                .ok_or_else(|| TableError::NoStratum { asked: asked.to_owned(), found: found() })?,
        ),
    };
    let list_at: Vec<usize> = (0..headers.len()).filter(|at| *at != count_at && Some(*at) != stratum_at).collect();
    if list_at.is_empty() || list_at.len() > MOST_LISTS {
        return Err(TableError::Lists { found: list_at.len() });
    }
    let lists: Vec<&String> = list_at.iter().map(|at| &headers[*at]).collect();

    let mut strata: Vec<(String, Table)> = Vec::new();
    let mut total = 0_u64;
    for row in rows.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != headers.len() {
            return Err(TableError::Ragged { line, found: row.len(), expected: headers.len() });
        }
        let mut pattern = 0_u32;
        for (bit, at) in list_at.iter().enumerate() {
            match &row[*at] {
                "0" => {}
                "1" => pattern |= 1 << bit,
                value => {
                    let (column, value) = (headers[*at].clone(), short(value));
                    return Err(TableError::NotMembership { line, column, value });
                }
            }
        }
        let count: u64 =
            row[count_at].parse().map_err(|_| TableError::NotCount { line, value: short(&row[count_at]) })?;
        if pattern == 0 {
            return Err(TableError::OnNoList { line });
        }
        // 2⁵³: up to here every count is exact in the arithmetic of the methods.
        total = total.checked_add(count).filter(|sum| *sum <= 1 << 53).ok_or(TableError::TooMany { line })?;
        let name = stratum_at.map_or("", |at| &row[at]);
        let at = strata.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            strata.push((name.to_owned(), Table::from_records(&lists, [])));
            strata.len() - 1
        });
        if count > 0 {
            *strata[at].1.counts.entry(pattern).or_insert(0) += count;
        }
    }
    if strata.is_empty() { Err(TableError::Empty) } else { Ok(strata) }
}

/// At most 40 characters of a cell, for a message.
fn short(value: &str) -> String {
    let mut text: String = value.chars().take(40).collect();
    if text.len() < value.len() {
        text.push('…');
    }
    text
}
