//! What can go wrong while pairs are looked for.

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Figure(#[from] figures::Error),
    /// The comparison itself could not be made.
    #[error("the entries could not be compared: {0}")]
    Linkage(String),
    /// Two that can never be one, or that are one already.
    #[error("{what}")]
    Pair { what: String, hint: String },
}

impl Error {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &str {
        match self {
            Error::Pair { hint, .. } => hint,
            _ => "",
        }
    }
}
