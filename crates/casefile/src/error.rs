//! What can go wrong between a case file and a workspace.

use std::path::PathBuf;

use thiserror::Error;

use crate::problem::Problem;

/// Errors of importing and exporting; those of the ledger and the vault pass through.
#[derive(Debug, Error)]
pub enum Error {
    /// The case file does not hold together; nothing of it was taken.
    #[error("the case file was not taken: {} to put right\n{}", counted(.0.len(), "thing"), listed(.0))]
    Problems(Vec<Problem>),
    #[error("{what}")]
    Wrong { what: String, hint: String },
    #[error("{doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: std::io::Error },
    /// What the ledger refused, and at which place of the case file.
    #[error("{place}: {error}")]
    Refused { place: String, error: ledger::Error },
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Vault(#[from] vault::Error),
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
}

impl Error {
    /// What to do next, where that is not in the message itself.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Problems(_) => Some("nothing was recorded; mend the files and import again"),
            Error::Wrong { hint, .. } => Some(hint),
            Error::Io { .. } => Some("check that the folder exists and that you may write in it"),
            Error::Refused { error, .. } | Error::Ledger(error) => error.hint(),
            Error::Vault(_) => None,
            Error::Workspace(error) => error.hint(),
        }
    }
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// “1 thing”, “3 things”.
pub(crate) fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
