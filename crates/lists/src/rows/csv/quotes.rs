//! Quotation marks that are not closed, and those that nobody meant to be a pair.

use std::io::Read;

use super::{Csv, End, line_ends};
use crate::rows::{CellFault, MOST_CELLS, Row};

impl<R: Read> Csv<R> {
    /// Whether the lines after the first of a row look like rows of their own.
    pub(super) fn looks_like_rows(&self, begin: usize, row: usize) -> bool {
        let cells = if self.expected > 1 { self.expected } else { self.count(self.text[row..begin].lines().next()) };
        let lines: Vec<&str> = self.text[begin..].lines().skip(1).take(8).collect();
        let alike = lines.iter().filter(|line| cells > 1 && self.count(Some(line)) == cells).count();
        alike >= 2 && alike * 2 > lines.len()
    }

    /// Separators and one.
    fn count(&self, line: Option<&str>) -> usize {
        line.map_or(0, |line| line.bytes().filter(|b| *b == self.separator).count() + 1)
    }

    /// Whether a cell of several lines is the end of one row, whole rows, and the beginning of another: two quotation marks that
    /// nobody meant to be a pair.
    pub(super) fn swallowed(&self, content: &str, column: usize) -> bool {
        if self.expected < 4 {
            return false;
        }
        // Commas of a story are followed by a space, those between cells seldom are.
        let told = content.as_bytes().windows(2).any(|pair| pair[0] == self.separator && pair[1] == b' ');
        if told {
            return false;
        }
        let normal = content.replace("\r\n", "\n").replace('\r', "\n");
        let lines: Vec<usize> = normal.split('\n').map(|line| self.count(Some(line)) - 1).collect();
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return false };
        lines.len() > 1
            && *first + column == self.expected - 1
            && *last == column
            && lines[1..lines.len() - 1].iter().all(|count| *count == self.expected - 1)
    }

    /// A row of one line, for one whose quotation mark is not closed: it is told with its cells as they stand there.
    pub(super) fn recover(&mut self, mut row: Row, start: usize, begin: usize, by: End) -> Row {
        let length = self.text[begin..].find(['\n', '\r']).unwrap_or(self.text.len() - begin);
        let end = begin + length;
        row.faults.push((row.cells.len(), CellFault::Unclosed));
        let rest = self.text[begin..end].split(char::from(self.separator)).map(str::to_owned);
        let room = MOST_CELLS.saturating_sub(row.cells.len());
        row.cells.extend(rest.take(room));
        row.raw = self.text[start..end].to_owned();
        let points = row.raw.chars().count() as u64;
        row.span = Some((self.points, self.points + points));
        if by == End::File {
            self.unclosed = Some(row.number);
        }
        // The cells before it may have had lines of their own.
        let lines = line_ends(&row.raw);
        let by = if end < self.text.len() { End::Line } else { End::File };
        self.close(end, points, lines, by);
        row
    }
}
