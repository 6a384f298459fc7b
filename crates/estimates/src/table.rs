//! The capture table: how many persons (or events) are on exactly which lists.

use std::collections::BTreeMap;
use std::io::Read;

use crate::reading::{TableError, read};

/// The most lists that are read. Beyond it a table of every pattern no longer fits the methods: merge lists.
pub const MOST_LISTS: usize = 16;

/// Counts by pattern. Bit j of a pattern is set where the case is on list j; the pattern 0, on no list, is never there:
/// it is what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub(crate) lists: Vec<String>,
    pub(crate) counts: BTreeMap<u32, u64>,
}

impl Table {
    /// Reads a table in one of the usual forms, with a header; comma, semicolon or tabulator separate the cells.
    ///
    /// - One 0/1 column for each list, and how many cases have the line's pattern: `count`, `freq`, `frequency`, `n` or `number`.
    /// - The same without that column: each line is one case.
    /// - The pattern in one column (`pattern`, `history` or `ch`, as `0110`), the lists without names.
    ///
    /// Patterns without cases may be left out; the same pattern twice is added up.
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
