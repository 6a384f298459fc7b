//! What can go wrong on the way from a draft to a letter.

use ledger::Cleared;

/// Every message says what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The draft cannot be read.
    #[error("line {line} of the draft: {problem}; {hint}")]
    Draft { line: usize, problem: String, hint: String },
    /// The reader sees more, or less, than the letter's readers may.
    #[error(
        "{letter} is for those cleared to {needed}, but it was to be composed with what {given} may see; \
         compose it with a view cleared to exactly {needed}"
    )]
    Clearance { letter: String, needed: Cleared, given: Cleared },
    /// The reader's standard of proof is not the letter's.
    #[error(
        "{letter} stands under the standard “{needed}”, but it was to be composed under “{given}”; compose it with a view under “{needed}”"
    )]
    Standard { letter: String, needed: String, given: String },
    /// The typesetter refused the letter.
    #[error("{letter} could not be set as PDF/A-2a and PDF/UA-1: {problem}")]
    Typeset { letter: String, problem: String },
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// Not the letter's fault.
    #[error("the letter could not be made: {0}; this is a defect of the program")]
    Internal(String),
}
