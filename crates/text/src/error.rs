//! What can go wrong with a file, said so that its owner knows what to do next.

use serde::{Deserialize, Serialize};

/// Why a file gave no document. It crosses from the child process as it is, so it holds plain values only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// No reader for this kind of file.
    #[error("{what} cannot be read: {hint}")]
    Unsupported {
        /// The kind of file, as far as it can be told.
        what: String,
        /// What to do instead.
        hint: String,
    },
    /// The file is locked with a password.
    #[error("the {format} file is locked with a password; save a copy without it and add that copy")]
    Encrypted {
        /// The format's name.
        format: String,
    },
    /// The file does not hold what its kind promises.
    #[error("the {format} file cannot be read: {why}")]
    Broken {
        /// The format's name.
        format: String,
        /// What is wrong with it, and where.
        why: String,
    },
    /// The file asks for more than a file may (a zip bomb, a sheet of 10⁹ cells).
    #[error("the {format} file was refused: {why}")]
    TooLarge {
        /// The format's name.
        format: String,
        /// Which limit it broke.
        why: String,
    },
    /// The child process was stopped, or fell over.
    #[error("reading the file was stopped: {why}")]
    Stopped {
        /// Which limit it broke.
        why: String,
    },
    /// The child process could not be started or spoken to.
    #[error("the converter could not be run: {why}")]
    Converter {
        /// What the system said.
        why: String,
    },
}

impl Error {
    pub(crate) fn broken(format: &str, why: impl Into<String>) -> Self {
        Self::Broken { format: format.to_owned(), why: why.into() }
    }

    pub(crate) fn too_large(format: &str, why: impl Into<String>) -> Self {
        Self::TooLarge { format: format.to_owned(), why: why.into() }
    }
}
