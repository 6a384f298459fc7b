//! What can go wrong with an object, and what to do next.

use std::io;
use std::path::{Path, PathBuf};

/// Why an object could not be added, read, verified or destroyed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not there.
    #[error("object {object} is missing: there is no file {}", path.display())]
    Missing { object: String, path: PathBuf },
    /// The file is there, and what is in it was changed or cut off.
    #[error("object {object} is damaged: {} at {place}: {problem}", path.display())]
    Damaged {
        object: String,
        path: PathBuf,
        /// Which part of the file, in bytes from its beginning.
        place: String,
        problem: String,
    },
    /// The file is whole, but it is another object's, put under this one's name.
    #[error("object {object} is damaged: {} holds another object, {found}", path.display())]
    Exchanged { object: String, path: PathBuf, found: String },
    /// No room left on the disk. Nothing was kept of what was being added.
    #[error("the disk is full: {} could not be written, and nothing of it was kept", path.display())]
    Full { path: PathBuf },
    /// More bytes than the caller wanted in memory.
    #[error("object {object} has more than {limit} bytes")]
    TooLarge { object: String, limit: u64 },
    /// What was to be added could not be read to its end. Nothing of it was kept.
    #[error("what was to be added could not be read to its end: {0}")]
    Input(#[source] io::Error),
    /// The file system refused.
    #[error("{doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    /// The system gave no random numbers, or a key could not be made.
    #[error("the object could not be encrypted: {0}")]
    Encryption(String),
}

impl Error {
    /// Whether this says that what is stored is no longer what was stored.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Error::Missing { .. } | Error::Damaged { .. } | Error::Exchanged { .. })
    }

    /// What to do next, where there is something to do.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Missing { .. } | Error::Damaged { .. } | Error::Exchanged { .. } => Some(
                "restore this file from a copy of the workspace, or add the original again: a damaged file is replaced",
            ),
            Error::Full { .. } => Some("make room on the disk, then add it again"),
            Error::TooLarge { .. } => Some("read it as a stream, or allow more"),
            Error::Input(_) => Some("check the file that you are adding, then add it again"),
            Error::Io { .. } => Some("check that the folder exists and that you may write in it"),
            Error::Encryption(_) => None,
        }
    }

    /// An error of the file system, with a full disk told apart.
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Error {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full { path: path.into() },
            _ => Error::Io { doing, path: path.into(), source },
        }
    }
}
