//! Rows of a CSV file, in memory of constant size, with what is wrong in them.
//!
//! RFC 4180, read as people write it: any line end, also mixed; rows of any number of cells; quotation marks inside a quoted cell that are
//! not doubled. A quotation mark that is never closed costs its own row and no other: where the text shows that rows were swallowed, the
//! reader goes back to the line after it. A cell beyond [`LONGEST_CELL`] is dropped as it comes, and told.

mod quotes;

use std::io::{self, Read};

use super::{CellFault, Dialect, LONGEST_CELL, MOST_CELLS, Row};
use crate::encoding::{Characters, Encoded};

/// A reader of rows.
pub struct Csv<R> {
    from: Characters<R>,
    text: String,
    /// Where the next row begins in `text`.
    at: usize,
    /// Code points of the file before that.
    points: u64,
    line: u64,
    number: u64,
    separator: u8,
    quote: Option<u8>,
    /// Cells that a row should have; nought when not known.
    expected: usize,
    /// The row whose quotation mark was open when the file ended.
    unclosed: Option<u64>,
}

/// A cell as it was scanned.
struct Scanned {
    content: String,
    /// One past the cell, before what ended it.
    end: usize,
    by: End,
    /// Bytes that were dropped because there were too many, and their code points.
    dropped: (u64, u64),
    lines: u64,
    broken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Separator,
    Line,
    File,
}

impl<R: Read> Csv<R> {
    pub fn new(from: R, encoded: &Encoded, dialect: &Dialect) -> Self {
        Csv {
            from: Characters::new(from, encoded),
            text: String::new(),
            at: 0,
            points: 0,
            line: 1,
            number: 0,
            separator: dialect.separator,
            quote: dialect.quote,
            expected: 0,
            unclosed: None,
        }
    }

    /// How many cells the rows to come should have: it helps to see a quotation mark that was never closed.
    pub fn expect(&mut self, cells: usize) {
        self.expected = cells;
    }

    /// Bytes of the file that were read so far.
    pub fn read(&self) -> u64 {
        self.from.read
    }

    /// The next row, blank ones too; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        if self.at > LONGEST_CELL {
            self.text.drain(..self.at);
            self.at = 0;
        }
        if !self.there(self.at)? {
            return Ok(None);
        }
        self.number += 1;
        let mut row = Row { number: self.number, line: self.line, doubtful: self.unclosed, ..Row::default() };
        let start = self.at;
        let mut position = start;
        let mut begins = Vec::new();
        let (mut dropped, mut lines) = ((0, 0), 0);
        let by = loop {
            begins.push(position);
            let cell = self.cell(position, start)?;
            if cell.broken || (cell.lines > 0 && self.swallowed(&cell.content, begins.len() - 1)) {
                return Ok(Some(self.recover(row, start, position, cell.by)));
            }
            if cell.dropped.0 > 0 {
                row.faults.push((row.cells.len(), CellFault::TooLong { bytes: cell.dropped.0 }));
            }
            dropped = (dropped.0 + cell.dropped.0, dropped.1 + cell.dropped.1);
            lines += cell.lines;
            position = cell.end;
            if row.cells.len() < MOST_CELLS {
                row.cells.push(cell.content);
            } else if row.cells.len() == MOST_CELLS {
                row.faults.push((MOST_CELLS, CellFault::TooLong { bytes: (position - start) as u64 }));
            }
            match cell.by {
                End::Separator => position += 1,
                by => break by,
            }
        };
        row.raw = self.text[start..position].to_owned();
        let inside = row.raw.chars().count() as u64 + dropped.1;
        row.span = (dropped.0 == 0).then_some((self.points, self.points + inside));
        self.close(position, inside, lines, by);
        if row.cells.len() == self.expected {
            row.doubtful = None;
        }
        Ok(Some(row))
    }

    /// Moves on behind a row and its line end.
    fn close(&mut self, end: usize, points: u64, lines: u64, by: End) {
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        let length = match (by, rest) {
            (End::File, _) => 0,
            (_, [b'\r', b'\n', ..]) => 2,
            _ => 1,
        };
        self.at = end + length;
        self.points += points + length as u64;
        self.line += lines + u64::from(by == End::Line);
    }

    /// Whether there is a byte at this place, after reading on if need be.
    fn there(&mut self, at: usize) -> io::Result<bool> {
        while at >= self.text.len() {
            if !self.from.more(&mut self.text)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    fn cell(&mut self, begin: usize, row: usize) -> io::Result<Scanned> {
        let there = self.there(begin)?;
        match self.quote {
            Some(quote) if there && self.byte(begin) == quote => self.quoted(begin, row, quote),
            _ => self.plain(begin),
        }
    }

    fn plain(&mut self, begin: usize) -> io::Result<Scanned> {
        let mut position = begin;
        let mut dropped = (0, 0);
        let by = loop {
            if !self.there(position)? {
                break End::File;
            }
            let separator = self.separator;
            let found =
                self.text.as_bytes()[position..].iter().position(|b| *b == separator || *b == b'\n' || *b == b'\r');
            match found {
                Some(offset) => {
                    position += offset;
                    if self.byte(position) == separator {
                        break End::Separator;
                    }
                    // Whether the line feed that belongs to it is there shows only after it was read.
                    self.there(position + 1)?;
                    break End::Line;
                }
                None => position = self.text.len(),
            }
            self.drop_long(begin, &mut position, &mut dropped);
        };
        if dropped.0 > 0 || position - begin > LONGEST_CELL {
            self.drop_all(begin, &mut position, &mut dropped);
        }
        let content = self.text[begin..position].to_owned();
        Ok(Scanned { content, end: position, by, dropped, lines: 0, broken: false })
    }

    fn quoted(&mut self, begin: usize, row: usize, quote: u8) -> io::Result<Scanned> {
        let mut content = String::new();
        let mut position = begin + 1;
        let mut dropped = (0, 0);
        let mut lines = 0;
        let broken =
            |by, lines| Ok(Scanned { content: String::new(), end: 0, by, dropped: (0, 0), lines, broken: true });
        let by = loop {
            if !self.there(position)? {
                if dropped.0 == 0 {
                    return broken(End::File, lines);
                }
                break End::File;
            }
            let rest = &self.text.as_bytes()[position..];
            let until = rest.iter().position(|b| *b == quote).unwrap_or(rest.len());
            let piece = &self.text[position..position + until];
            lines += line_ends(piece);
            if dropped.0 == 0 {
                content.push_str(piece);
            }
            let closed = until < rest.len();
            position += until;
            if content.len() > LONGEST_CELL || dropped.0 > 0 {
                if dropped.0 == 0 && lines > 0 && self.looks_like_rows(begin, row) {
                    return broken(End::Line, lines);
                }
                content.clear();
                self.drop_all(begin + 1, &mut position, &mut dropped);
            }
            if !closed {
                continue;
            }
            // At a quotation mark: doubled, closing, or one that somebody forgot to double.
            let after = self.there(position + 1)?.then(|| self.byte(position + 1));
            match after {
                Some(next) if next == quote => {
                    if dropped.0 == 0 {
                        content.push(char::from(quote));
                    }
                    position += 2;
                }
                None => {
                    position += 1;
                    break End::File;
                }
                Some(next) if next == self.separator => {
                    position += 1;
                    break End::Separator;
                }
                Some(b'\n' | b'\r') => {
                    position += 1;
                    self.there(position + 1)?;
                    break End::Line;
                }
                Some(_) if lines > 0 && dropped.0 == 0 => return broken(End::Line, lines),
                Some(_) => {
                    content.push(char::from(quote));
                    position += 1;
                }
            }
        };
        Ok(Scanned { content, end: position, by, dropped, lines, broken: false })
    }

    /// Forgets what stands in a cell that is too long already, but for the last piece.
    fn drop_long(&mut self, begin: usize, position: &mut usize, dropped: &mut (u64, u64)) {
        if *position - begin > LONGEST_CELL || dropped.0 > 0 {
            self.drop_all(begin, position, dropped);
        }
    }

    fn drop_all(&mut self, begin: usize, position: &mut usize, dropped: &mut (u64, u64)) {
        let gone = &self.text[begin..*position];
        dropped.0 += gone.len() as u64;
        dropped.1 += gone.chars().count() as u64;
        self.text.drain(begin..*position);
        *position = begin;
    }
}

fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let lone = bytes.iter().enumerate().filter(|(at, b)| **b == b'\r' && bytes.get(at + 1) != Some(&b'\n')).count();
    (bytes.iter().filter(|b| **b == b'\n').count() + lone) as u64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::encoding::tell;

    fn rows_of(bytes: &[u8], expected: usize) -> Vec<Row> {
        let encoded = tell(bytes, None).unwrap();
        let mut csv = Csv::new(bytes, &encoded, &Dialect { separator: b',', quote: Some(b'"'), hint: false });
        csv.expect(expected);
        let mut rows = Vec::new();
        while let Some(row) = csv.next_row().unwrap() {
            rows.push(row);
        }
        rows
    }

    fn cells(bytes: &[u8], expected: usize) -> Vec<Vec<String>> {
        rows_of(bytes, expected).into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn line_ends_may_be_mixed_and_cells_quoted() {
        assert_eq!(
            cells(b"a,b\r\n\"1,\"\"x\"\"\",2\r3,\"four\nlines\"\n5,6", 2),
            [vec!["a", "b"], vec!["1,\"x\"", "2"], vec!["3", "four\nlines"], vec!["5", "6"]]
        );
        assert_eq!(cells(b"a,b\n\"Sok \"Dara\" Chea\",2\n", 2)[1], ["Sok \"Dara\" Chea", "2"]);
        assert_eq!(cells(b"a\n\nb\n", 1), [vec!["a"], vec![""], vec!["b"]]);
    }

    #[test]
    fn a_row_knows_its_place() {
        let text = "ឈ្មោះ,b\r\n\"x\ny\",2\r\nz,3\r\n";
        let all: Vec<char> = text.chars().collect();
        let rows = rows_of(text.as_bytes(), 2);
        for row in &rows {
            let (start, end) = row.span.unwrap();
            let words: String = all[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()].iter().collect();
            assert_eq!(words, row.raw);
        }
        assert_eq!(rows.iter().map(|row| (row.number, row.line)).collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 4)]);
    }

    #[test]
    fn an_open_quotation_mark_costs_one_row() {
        let rows = rows_of(b"a,b,c,d\n1,\"two,3,4\n5,6,7,8\n9,10,11,12\n", 4);
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[1].faults, [(1, CellFault::Unclosed)]);
        assert_eq!(rows[1].cells, ["1", "\"two", "3", "4"]);
        assert_eq!(rows[2].cells, ["5", "6", "7", "8"]);
        // Two of them that look like a pair.
        let rows = rows_of(b"a,b,c,d\n1,\"two,3,4\n5,6,7,8\n9,\",11,12\n13,14,15,16\n", 4);
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[2].cells, ["5", "6", "7", "8"]);
        assert_eq!(rows[4].cells, ["13", "14", "15", "16"]);
        // A story of several lines is no such thing.
        let rows = rows_of(b"a,b,c,d\n1,\"One, two, three.\nFour, five.\",3,4\n5,6,7,8\n", 4);
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn a_cell_without_end_is_dropped_and_told() {
        let mut bytes = b"a,b,c\n1,".to_vec();
        bytes.extend(std::iter::repeat_n(b'x', LONGEST_CELL * 3));
        bytes.extend_from_slice(b",3\n4,\"");
        bytes.extend(std::iter::repeat_n(b'y', LONGEST_CELL * 2));
        bytes.extend_from_slice(b"\",6\n7,8,9\n");
        let rows = rows_of(&bytes, 3);
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[1].faults, [(1, CellFault::TooLong { bytes: LONGEST_CELL as u64 * 3 })]);
        assert_eq!(rows[1].cells, ["1", "", "3"]);
        assert_eq!(rows[2].cells, ["4", "", "6"]);
        assert!(matches!(rows[2].faults[..], [(1, CellFault::TooLong { .. })]));
        let (start, end) = rows[3].span.unwrap();
        assert_eq!(end - start, 5);
        assert_eq!(end as usize + 1, bytes.len());
    }
}
