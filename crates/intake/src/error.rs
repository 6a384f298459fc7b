//! What can go wrong on the way in.

use std::path::PathBuf;

/// Why a file did not become a source, or a stamp was not attached.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Vault(#[from] vault::Error),
    #[error(transparent)]
    Reading(#[from] reading::Error),
    #[error(transparent)]
    Evidence(#[from] evidence::Error),
    #[error(transparent)]
    Schema(#[from] schema::SchemaError),
    #[error("{what}")]
    Wrong { what: String, hint: String },
}

impl Error {
    pub(crate) fn wrong(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::Wrong { what: what.into(), hint: hint.into() }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Workspace(error) => error.hint(),
            Error::Ledger(error) => error.hint(),
            Error::Wrong { hint, .. } => Some(hint),
            _ => None,
        }
    }
}
