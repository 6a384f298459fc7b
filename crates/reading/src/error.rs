//! What can go wrong between a file and its proposals.

use schema::DataError;
use thiserror::Error;

/// Why a document could not be read, or the rules not loaded.
#[derive(Debug, Error)]
pub enum Error {
    /// The bytes are no text in UTF-8.
    #[error(
        "{file}: this is no UTF-8 text (byte {at}). Save it as UTF-8, or add it in its own format (PDF, DOCX, HTML)"
    )]
    NotText {
        /// The file's name as it was handed over.
        file: String,
        /// Offset of the first byte that is not UTF-8.
        at: usize,
    },
    /// A data file of the engine is wrong.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A pattern in the program or its data is no regular expression.
    #[error("a pattern cannot be read: {0}")]
    Pattern(#[from] regex::Error),
    /// A proposal's quote is not what stands at its offsets.
    #[error("a proposal quotes “{quote}” at {start}, but the text has other words there; it was not shown")]
    Misquoted {
        /// The words of the proposal.
        quote: String,
        /// Where they should have been, in code points.
        start: usize,
    },
    /// A proposer could not do its work.
    #[error("{problem}")]
    Proposer {
        /// What went wrong, and where.
        problem: String,
    },
}
