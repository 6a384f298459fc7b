//! What can go wrong with a figure. Every message is a sentence, with what to do next as its hint.

use ledger::Cleared;
use schema::DataError;
use thiserror::Error;

/// Errors of this crate.
#[derive(Debug, Error)]
pub enum Error {
    /// No figure of that name is defined in this view.
    #[error("there is no figure “{name}” in this view")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest name, or how to define one.
        hint: String,
    },
    /// The definition's text is not what a definition is; with line and field.
    #[error("{}", .0)]
    Written(#[from] DataError),
    /// The definition is well written, but counts something that there is not.
    #[error("the definition of the figure “{figure}”: {what}")]
    Definition {
        /// Name of the figure.
        figure: String,
        /// What is wrong.
        what: String,
        /// What would be right.
        hint: String,
    },
    /// The reader's view is not the one that the figure asks for.
    #[error("the figure “{figure}” is computed for {needed}; this view is for {given}")]
    View {
        /// Name of the figure.
        figure: String,
        /// The clearance and standard that the figure states: “public, under all-allegations”.
        needed: String,
        /// The reader's.
        given: String,
    },
    /// The reader may not see what the figure rests on.
    #[error("the figure “{figure}” rests on what {needed} may see; this view is {given} only")]
    Clearance {
        /// Name of the figure.
        figure: String,
        /// The clearance that the figure states.
        needed: Cleared,
        /// The reader's clearance.
        given: Cleared,
    },
    /// The ledger could not answer.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The answer could not be written down.
    #[error("the figure could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// What to do next, where that is not in the message itself.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Unknown { hint, .. } | Error::Definition { hint, .. } => Some(hint),
            Error::View { .. } => Some("read the ledger through the view that `figures::view` gives"),
            Error::Clearance { .. } => Some("ask somebody who is cleared for it, or use a figure for your circle"),
            Error::Ledger(error) => error.hint(),
            Error::Written(_) | Error::Json(_) => None,
        }
    }
}
