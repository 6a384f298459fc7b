//! What can go wrong with a search. A damaged index is not among it: that is thrown away and made again.

use thiserror::Error;

/// Why there is no answer, or no index.
#[derive(Debug, Error)]
pub enum Error {
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The folder of the indexes cannot be used.
    #[error("the search index in {folder} cannot be {doing}: {source}")]
    Disk { doing: &'static str, folder: String, source: std::io::Error },
    /// The index does not work, and making it again did not help.
    #[error("the search index does not work: {0}")]
    Index(String),
    /// A cursor that this workspace did not give, or gave for another question.
    #[error("this is not the continuation of this search")]
    Cursor,
    #[error("there is no saved search “{0}”")]
    NotSaved(String),
    #[error("a saved search needs {0}")]
    Saving(&'static str),
}

impl Error {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Ledger(error) => error.hint(),
            Error::Disk { .. } => {
                Some("check that the folder can be written and that the disk is not full; the ledger is not touched")
            }
            Error::Index(_) => Some("delete the folder “search” of the workspace: it is made again from the ledger"),
            Error::Cursor => Some("begin with the first page of results"),
            Error::NotSaved(_) => Some("see which there are: rapporteur search --saved"),
            Error::Saving(_) => Some("give it a short name, and something to look for"),
        }
    }
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Error::Index(error.to_string())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::Index(error.to_string())
    }
}
