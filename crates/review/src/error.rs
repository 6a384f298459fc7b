//! What can go wrong with a review. Every message is a sentence for the person who decides.

use crate::plan::Fault;

/// Errors of this crate; those of ledger, workspace, intake and reading pass through.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields of the plan that cannot be recorded as they stand.
    #[error("{} of the proposal’s fields cannot be recorded as they stand", .0.len())]
    Faults(Vec<Fault>),
    /// Somebody decided on this proposal before.
    #[error("{by} {what} this proposal on {at}; it was left as it is, and nothing was recorded twice")]
    Decided { by: String, at: String, what: &'static str },
    /// The document does not propose this (any more).
    #[error("this document proposes no such thing any more")]
    Gone,
    /// There is nothing to take back.
    #[error("you have decided nothing in this document that could be taken back")]
    NothingToUndo,
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error(transparent)]
    Reading(#[from] reading::Error),
    #[error(transparent)]
    Intake(#[from] intake::Error),
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
}

impl Error {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &str {
        match self {
            Error::Faults(_) => "correct the fields that are marked, then accept it again",
            Error::Decided { .. } => {
                "go on with the next one; to change what was recorded, open the claims of this document"
            }
            Error::Gone => "open the document’s review again: the program that reads it may have become better",
            Error::NothingToUndo => "what others decided, they take back themselves",
            Error::Random(_) => "try again",
            Error::Reading(_) => "report it: a document is never to blame",
            Error::Intake(error) => error.hint().unwrap_or_default(),
            Error::Workspace(error) => error.hint().unwrap_or_default(),
            Error::Ledger(error) => error.hint().unwrap_or_default(),
        }
    }
}
