//! What can go wrong with a workspace. Every message is a sentence for the person at the keyboard.

use std::io;
use std::path::{Path, PathBuf};

use schema::DataError;

/// Errors of this crate; those of ledger and vault pass through.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The passphrase opens no slot, and nothing says that the file was changed.
    #[error("the passphrase does not open the workspace in {}", dir.display())]
    WrongPassphrase { dir: PathBuf },
    /// The recovery code is well formed and opens no slot.
    #[error("the recovery code does not open the workspace in {}", dir.display())]
    WrongRecoveryCode { dir: PathBuf },
    /// Something was given that cannot be right.
    #[error("{what}")]
    Wrong { what: String, hint: String },
    /// There is no workspace here.
    #[error("{} is not a workspace: {problem}", dir.display())]
    NotAWorkspace { dir: PathBuf, problem: String, hint: String },
    /// Written by a newer version of this program.
    #[error("the workspace in {} is of format {found}; this program knows formats up to {known}", dir.display())]
    Newer { dir: PathBuf, found: u64, known: u64 },
    /// Something on the disk is no longer what was written.
    #[error("{place} is damaged: {problem}")]
    Damaged { place: String, problem: String, hint: String },
    /// The workspace's own schemata or vocabularies do not load.
    #[error("the workspace’s own schemata and vocabularies do not load:\n{}", listed(.0))]
    Extensions(Vec<DataError>),
    #[error("the disk is full: {} could not be written", path.display())]
    Full { path: PathBuf },
    #[error("{doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    /// The system gave no random numbers or not enough memory.
    #[error("the keys could not be made: {0}")]
    Keys(String),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Vault(#[from] vault::Error),
}

impl Error {
    /// Whether this says that what is on the disk is no longer what was written: the command line exits with 3.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Error::Damaged { .. } | Error::Ledger(ledger::Error::Damaged { .. }) => true,
            Error::Vault(error) => error.is_damage(),
            _ => false,
        }
    }

    /// What to do next, where that is not in the message itself.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::WrongPassphrase { .. } => Some(
                "check the keyboard’s layout and capitals; if it is lost, `rapporteur recover` takes the recovery code",
            ),
            Error::WrongRecoveryCode { .. } => Some("the code belongs to one workspace: is it this one’s?"),
            Error::Wrong { hint, .. } | Error::NotAWorkspace { hint, .. } | Error::Damaged { hint, .. } => Some(hint),
            Error::Newer { .. } => Some("open it with a newer version of the program; nothing was changed"),
            Error::Extensions(_) => Some("correct these files, or take them out of the workspace’s folder"),
            Error::Full { .. } => Some("make room on the disk and try again; nothing was lost"),
            Error::Io { .. } => Some("check that the folder exists and that you may write in it"),
            Error::Keys(_) => None,
            Error::Ledger(error) => error.hint(),
            Error::Vault(error) => error.hint(),
        }
    }

    pub(crate) fn wrong(what: impl Into<String>, hint: impl Into<String>) -> Error {
        Error::Wrong { what: what.into(), hint: hint.into() }
    }

    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Error {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full { path: path.into() },
            _ => Error::Io { doing, path: path.into(), source },
        }
    }
}

fn listed(errors: &[DataError]) -> String {
    errors.iter().map(|error| format!("  {error}")).collect::<Vec<_>>().join("\n")
}
