//! What can go wrong with a list as a whole. What is wrong with one cell is in the [`Report`](crate::Report).

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::report::Report;

/// Errors of this crate; those of ledger, vault and workspace pass through.
#[derive(Debug, Error)]
pub enum Error {
    /// Something was given that cannot be right.
    #[error("{what}")]
    Wrong { what: String, hint: String },
    /// The file is of no kind that can be read, is broken, or asks for more than a file may.
    #[error("{file}: {why}")]
    File { file: String, why: String, hint: String },
    /// The mapping does not hold together, or does not fit the file or the schema.
    #[error("{}", listed(.0))]
    Mapping(Vec<Fault>),
    /// Cells or rows cannot be taken, and nobody said to take the others: nothing was recorded.
    #[error("{} cannot be taken as they are; nothing was recorded", counted(.0.rows_refused + .0.rows_in_part, "row"))]
    NotWhole(Box<Report>),
    /// Whoever watched it said to stop: nothing was recorded.
    #[error("the import was stopped; nothing of it was recorded")]
    Stopped,
    /// Somebody else's import of the same list came between what was compared and what would have been recorded.
    #[error("another import of this list was recorded meanwhile; nothing was recorded by this one")]
    Overtaken,
    #[error("{doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Vault(#[from] vault::Error),
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
}

/// Something to put right in a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `MAP.toml:12`, or the part of the mapping that it concerns.
    pub place: String,
    pub what: String,
    pub hint: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)?;
        if !self.hint.is_empty() {
            write!(f, ". {}", self.hint)?;
        }
        Ok(())
    }
}

impl Error {
    pub(crate) fn wrong(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::Wrong { what: what.into(), hint: hint.into() }
    }

    pub(crate) fn file(file: &str, why: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::File { file: file.into(), why: why.into(), hint: hint.into() }
    }

    pub(crate) fn mapping(place: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::Mapping(vec![Fault { place: place.into(), what: what.into(), hint: hint.into() }])
    }

    /// What to do next, where that is not in the message itself.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Wrong { hint, .. } | Error::File { hint, .. } => Some(hint.as_str()).filter(|hint| !hint.is_empty()),
            Error::Mapping(_) => Some("put the mapping right and try again; nothing was recorded"),
            Error::NotWhole(_) => Some(
                "correct the rows that the report names and import again, or import what is good with --take-good and \
                 bring the rest later",
            ),
            Error::Overtaken => Some("run it again: what the other one recorded is not recorded twice"),
            Error::Stopped => Some("start it again when you are ready"),
            Error::Io { .. } => Some("see whether the file is there and may be read or written"),
            Error::Ledger(error) => error.hint(),
            Error::Vault(_) => None,
            Error::Workspace(error) => error.hint(),
        }
    }
}

fn listed(faults: &[Fault]) -> String {
    let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
    match list.as_slice() {
        [one] => format!("the mapping: {one}"),
        many => format!("the mapping has {} to put right:\n{}", counted(many.len() as u64, "thing"), many.join("\n")),
    }
}

/// “1 row”, “3 rows”.
pub(crate) fn counted(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
