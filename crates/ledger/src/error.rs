//! What can go wrong with a ledger. Every message is a sentence for the person at the keyboard, with what to do next as its hint.

use schema::{SchemaError, ValueError};
use thiserror::Error;

/// Errors of this crate. Those of the database are told as `Storage`, or as `Damaged` when the file itself is at fault.
#[derive(Debug, Error)]
pub enum Error {
    #[error("{what}")]
    Wrong { what: String, hint: String },
    #[error("{what} is not known here")]
    Unknown { what: String, hint: String },
    /// An item of a draft cannot be taken; nothing of the draft was.
    #[error("item {number} ({kind}): {what}")]
    Item { number: usize, kind: &'static str, what: String, hint: String },
    #[error("refused: {what}")]
    Refused { what: String, hint: String },
    #[error("{place} is damaged: {problem}")]
    Damaged { place: String, problem: String },
    #[error("this workspace is of format {found}; this program knows formats up to {known}")]
    Newer { found: u64, known: u64 },
    #[error("another process has been writing to this workspace for too long")]
    Busy,
    #[error("the disk is full: nothing of this was recorded")]
    DiskFull,
    #[error("ledger.db cannot be written: nothing of this was recorded ({0})")]
    CannotWrite(String),
    #[error(transparent)]
    Value(#[from] ValueError),
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("the ledger’s database: {0}")]
    Storage(String),
    #[error("the ledger’s encoding: {0}")]
    Encoding(String),
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
}

impl Error {
    /// What to do next, where that is not in the message itself.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Wrong { hint, .. }
            | Error::Unknown { hint, .. }
            | Error::Item { hint, .. }
            | Error::Refused { hint, .. } => Some(hint),
            Error::Damaged { .. } => {
                Some("run `rapporteur verify` for the whole list, then restore a backup: nothing was changed")
            }
            Error::Newer { .. } => Some("open it with a newer version of the program; nothing was changed"),
            Error::Busy => Some("try again in a moment, or stop the other process"),
            Error::DiskFull => Some("free some space and try again"),
            Error::CannotWrite(_) => Some("see whether the disk is full, read-only or failing, and try again"),
            _ => None,
        }
    }

    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Error::Damaged { .. })
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Damaged {
                place: "ledger.db".into(),
                problem: "a page does not authenticate or does not fit its place".into(),
            },
            Some(ErrorCode::SystemIoFailure) if is_reading(&error) => {
                Error::Damaged { place: "ledger.db".into(), problem: format!("a page cannot be read: {error}") }
            }
            Some(ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => Error::CannotWrite(error.to_string()),
            Some(ErrorCode::DiskFull) => Error::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
            _ if matches!(
                error,
                rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..)
            ) =>
            {
                Error::Damaged {
                    place: "ledger.db".into(),
                    problem: format!("a row holds what does not belong there: {error}"),
                }
            }
            _ => Error::Storage(error.to_string()),
        }
    }
}

/// Whether an error of the operating system came while reading.
fn is_reading(error: &rusqlite::Error) -> bool {
    /// `SQLITE_IOERR_READ` and `SQLITE_IOERR_SHORT_READ`.
    const READING: [i32; 2] = [10 | (1 << 8), 10 | (2 << 8)];
    error.sqlite_error().is_some_and(|error| READING.contains(&error.extended_code) || error.extended_code == 10)
}
