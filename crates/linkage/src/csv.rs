//! Reading CSV in blocks: cells as slices, quotes undone in place, never a whole file in memory.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Bytes read at once.
const BLOCK: usize = 4 << 20;
/// Longest record that is taken.
const LONGEST: usize = 64 << 20;

/// A reader of CSV records (RFC 4180; separator `,`, `;`, tab or `|`, told from the first line; LF or
/// CRLF; UTF-8, a byte order mark is skipped).
pub struct Reader<R> {
    path: PathBuf,
    from: R,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    done: bool,
    line: u64,
    separator: u8,
    cells: Vec<(u32, u32)>,
    /// Cells in which quotes are doubled.
    doubled: Vec<usize>,
    started: u64,
}

impl<R: Read> Reader<R> {
    /// A reader of anything; the path is for messages.
    pub fn new(path: &Path, from: R) -> Self {
        Self {
            path: path.to_owned(),
            from,
            buffer: Vec::new(),
            at: 0,
            end: 0,
            done: false,
            line: 1,
            separator: b',',
            cells: Vec::new(),
            doubled: Vec::new(),
            started: 1,
        }
    }

    /// An error at the present record.
    #[must_use]
    pub fn error(&self, what: String) -> Error {
        Error::Csv { path: self.path.clone(), line: self.started, what }
    }

    /// Reads the header and settles the separator: the one that occurs most in the first line.
    ///
    /// # Errors
    /// When the file is empty, cannot be read, or is not UTF-8.
    pub fn header(&mut self) -> Result<Vec<String>, Error> {
        self.fill(0)?;
        if self.buffer[..self.end].starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
        if self.buffer[..self.end].starts_with(b"PK\x03\x04") {
            return Err(self.error("this is a zip archive (an XLSX or ODS file?), not CSV; save the sheet as CSV, or bring it in with `import`".to_owned()));
        }
        let first = memchr::memchr(b'\n', &self.buffer[self.at..self.end]).map_or(self.end, |n| self.at + n);
        // Between quotes a separator is none: the first, third, … piece lies outside.
        let outside = || self.buffer[self.at..first].split(|&x| x == b'"').step_by(2).flatten();
        let count = |c: u8| outside().filter(|&&x| x == c).count();
        self.separator = [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|&c| count(c)).unwrap_or(b',');
        if count(self.separator) == 0 {
            self.separator = b',';
        }
        if !self.next()? {
            return Err(self.error("the file is empty; the first line must name the columns".to_owned()));
        }
        let mut names = Vec::new();
        for i in 0..self.len() {
            let name = std::str::from_utf8(self.cell(i))
                .map_err(|_| self.error("the header is not UTF-8; save the file as UTF-8".to_owned()))?
                .trim();
            if !name.is_empty() && names.iter().any(|n| n == name) {
                return Err(self.error(format!("two columns are called “{name}”; rename one")));
            }
            names.push(name.to_owned());
        }
        Ok(names)
    }

    /// Cells of the record.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether the record has no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A cell of the record.
    #[inline]
    #[must_use]
    pub fn cell(&self, i: usize) -> &[u8] {
        let (from, to) = self.cells[i];
        &self.buffer[from as usize..to as usize]
    }

    /// The line in which the record begins, from 1.
    #[must_use]
    pub const fn began(&self) -> u64 {
        self.started
    }

    /// The separator in use.
    #[must_use]
    pub const fn separator(&self) -> u8 {
        self.separator
    }

    /// Makes sure that more than `have` bytes from `at` on are there, or that the file is done.
    fn fill(&mut self, have: usize) -> Result<(), Error> {
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            self.end -= self.at;
            self.at = 0;
        }
        if have > LONGEST {
            return Err(self.error(format!(
                "a record is longer than {} MB: a quote that opens here is probably never closed",
                LONGEST >> 20
            )));
        }
        if self.buffer.len() < self.end + BLOCK {
            self.buffer.resize(self.end + BLOCK, 0);
        }
        while !self.done && self.end < self.buffer.len() {
            let n = self
                .from
                .read(&mut self.buffer[self.end..])
                .map_err(|source| Error::Io { path: self.path.clone(), source })?;
            self.end += n;
            self.done = n == 0;
        }
        Ok(())
    }

    /// Goes to the next record; `false` at the end. Empty lines are passed over.
    ///
    /// # Errors
    /// When the file cannot be read, or a quote is not closed.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<bool, Error> {
        loop {
            self.started = self.line;
            if let Some(there) = self.try_next()? {
                return Ok(there);
            }
            if self.done {
                return Err(self.error("a quote that opens in this record is never closed".to_owned()));
            }
            self.line = self.started;
            let have = self.end - self.at;
            self.fill(have)?;
        }
    }

    /// Undoes doubled quotes in place, once the record is known to be whole.
    fn undouble(&mut self) {
        for &cell in &self.doubled {
            let (from, to) = (self.cells[cell].0 as usize, self.cells[cell].1 as usize);
            let (mut read, mut write) = (from, from);
            while read < to {
                let c = self.buffer[read];
                self.buffer[write] = c;
                read += 1 + usize::from(c == b'"');
                write += 1;
            }
            self.cells[cell].1 = write as u32;
        }
    }

    /// `None` when the record does not end within the buffer.
    fn try_next(&mut self) -> Result<Option<bool>, Error> {
        // Empty lines.
        while self.at < self.end && (self.buffer[self.at] == b'\n' || self.buffer[self.at] == b'\r') {
            self.line += u64::from(self.buffer[self.at] == b'\n');
            self.started = self.line;
            self.at += 1;
        }
        if self.at >= self.end {
            return Ok(self.done.then_some(false));
        }
        self.cells.clear();
        self.doubled.clear();
        let (separator, end) = (self.separator, self.end);
        let mut i = self.at;
        loop {
            let mut from = i;
            let mut to;
            if i < end && self.buffer[i] == b'"' {
                i += 1;
                from = i;
                let mut j = i;
                let close = loop {
                    match memchr::memchr(b'"', &self.buffer[j..end]) {
                        None => return Ok(None),
                        Some(n) if j + n + 1 < end && self.buffer[j + n + 1] == b'"' => j += n + 2,
                        Some(n) if j + n + 1 >= end && !self.done => return Ok(None),
                        Some(n) => break j + n,
                    }
                };
                let inside = &self.buffer[i..close];
                self.line += memchr::memchr_iter(b'\n', inside).count() as u64;
                if memchr::memchr(b'"', inside).is_some() {
                    self.doubled.push(self.cells.len());
                }
                to = close;
                i = close + 1;
                if i < end && ![separator, b'\n', b'\r'].contains(&self.buffer[i]) {
                    return Err(
                        self.error("text follows a closing quote; quotes inside a cell must be doubled".to_owned())
                    );
                }
            } else {
                while i < end && self.buffer[i] != separator && self.buffer[i] != b'\n' {
                    i += 1;
                }
                to = i;
                if to > from && self.buffer[to - 1] == b'\r' && (i >= end || self.buffer[i] == b'\n') {
                    to -= 1;
                }
            }
            self.cells.push((from as u32, to as u32));
            if i < end && self.buffer[i] == b'\r' && i + 1 < end && self.buffer[i + 1] == b'\n' {
                i += 1;
            }
            if i >= end {
                if !self.done {
                    return Ok(None);
                }
                self.at = end;
                self.line += 1;
                self.undouble();
                return Ok(Some(true));
            }
            if self.buffer[i] == b'\n' {
                self.at = i + 1;
                self.line += 1;
                self.undouble();
                return Ok(Some(true));
            }
            i += 1;
        }
    }
}
