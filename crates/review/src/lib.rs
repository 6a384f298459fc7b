//! **What becomes of a proposal?** A person looks at what a program suggests from a document, and accepts it, changes it or
//! rejects it; then, and only then, there are claims, each with the proposal's words.
//!
//! The way of a proposal: [`Desk`] has a document read and remembers what was proposed, in memory only; [`Sheet`] lays the
//! proposals beside the decisions in the ledger; [`draft`] says which claims one would make, as fields that a person can
//! edit; [`Hand::accept`] records claims and decision in one transaction, [`Hand::reject`] records a decision, [`undo`] takes
//! the account's last one back.
//!
//! # Must never
//! - record anything that a person did not decide: proposals stay in memory, and a rejected one leaves no word in any claim;
//! - be more certain than the words: a lower bound stays one, a rounded number stays rounded, who says so is the asserter,
//!   and what the text does not tell is left out;
//! - decide twice: what somebody else decided meanwhile is refused, and nothing of it is recorded again.
#![forbid(unsafe_code)]

mod act;
mod build;
mod decide;
mod desk;
mod draft;
mod error;
mod key;
mod likeness;
mod plan;
mod sheet;
mod suggest;
mod ties;
mod voice;

pub use decide::{Hand, Undone, undo};
pub use desk::{Desk, Reading};
pub use draft::draft;
pub use error::Error;
pub use key::Key;
pub use plan::{Fault, Field, Input, Plan, Typed, Which, Whom};
pub use sheet::{Item, Sheet, State};
pub use suggest::{Candidate, suggest};
pub use ties::Ties;
