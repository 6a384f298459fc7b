//! One thing that is wrong in a case file, said so that its writer can put it right.

use std::fmt;

use schema::DataError;

/// Where in the folder: a file, as a path inside it, and a line of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// Path inside the case file's folder, with `/`.
    pub file: String,
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
}

impl At {
    #[must_use]
    pub fn new(file: &str, line: usize) -> Self {
        At { file: file.into(), line }
    }

    /// A problem at this place.
    #[must_use]
    pub fn problem(&self, what: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem { file: self.file.clone(), line: self.line, what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}, line {line}", self.file),
        }
    }
}

/// What is wrong, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path inside the case file's folder.
    pub file: String,
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do next.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", At::new(&self.file, self.line), self.what)?;
        if !self.hint.is_empty() {
            write!(f, "\n  {}", self.hint)?;
        }
        Ok(())
    }
}

impl From<DataError> for Problem {
    fn from(error: DataError) -> Self {
        Problem { file: error.file, line: error.line, what: error.problem, hint: error.hint }
    }
}
