//! Where is it? Full text, names and facets over what a view may see.
//!
//! **Must never** be a source of truth: it can be rebuilt from the ledger at any time; nor show a reader a trace of what
//! that reader may not see.
//!
//! # One index an audience
//!
//! An *audience* is everybody with one clearance: a level and a set of teams. Each has an index of its own, made on its first
//! question, of exactly what it sees. So what it may not see cannot change a result, a count, a facet, a suggestion, an order or a
//! snippet, and takes no time: for a word that only others may read, the index does what it does for a word that nobody ever
//! wrote. Three things would tell in spite of that, and are kept from telling:
//!
//! - *what was taken out* stays in an index's dictionaries until its segments are merged: so no score counts documents
//!   ([`leaf`]), and a spelling or a suggestion counts only where a document that stands has it;
//! - *what changed since* the index was last brought up to date is left out of an answer, which says so;
//! - *what was found* is read again through the asking [`Reader`](ledger::Reader), and dropped where that has no such thing.
//!
//! # The way of a question
//!
//! [`Query`] (what was typed) → `plan` (with spellings and forms) → `run` (over an index: counts by profile, first hits) → [`Answer`]
//! (read through the view, with the words in context).
#![forbid(unsafe_code)]

mod answer;
mod audience;
#[doc(hidden)]
pub mod bench;
mod cursor;
mod dense;
mod document;
mod error;
mod fields;
mod follow;
mod leaf;
mod plan;
mod profile;
pub mod query;
mod run;
mod saved;
mod sealed;
mod search;
mod shelf;
mod snippet;
pub mod spelled;
mod suggest;
pub mod words;

pub use answer::{Answer, Behind, Hit};
pub use document::{Document, Texts};
pub use error::Error;
pub use follow::{Progress, Updated};
pub use profile::{FacetCounts, FacetValue};
pub use query::{Facet, Problem, Query};
pub use saved::{Saved, save, saved, saved_as};
pub use search::Search;
#[doc(hidden)]
pub use search::remembers;
pub use snippet::{Marked, Snippet};
