//! **What does a document say?** From a file to its text, and from the text to proposals.
//!
//! [`read_text`] gives a document's words with offsets that hold for ever: Unicode code points
//! of the extracted text, end exclusive. Of a plain text file the extracted text is the file's
//! own, unchanged. A [`Proposer`] suggests what a careful analyst would code in it: acts, counts,
//! sayings, requests, citations and signatories, each with the words it rests on.
//!
//! [`Rules`] is the engine that needs no network and gives the same answer every time. Its
//! words are data (`data/*.yaml`): an analyst adds a trigger, a unit or a speech verb without
//! touching Rust, and a workspace brings its own with [`Rules::with`]. Sentences and words come from ICU4X
//! (`icu_segmenter`, UAX #29); noun phrases, verb groups and clauses from a shallow parser of our own over the
//! lexicons. The one part-of-speech tagger for Rust that is kept and needs no download, `harper-brill`, was
//! tried and left: with its chunker it brings the neural network framework `burn`, some 260 crates in all.
//!
//! The way of a sentence: `text` (paragraphs) → `token` → `dates`, `names`, `phrase` (noun
//! phrases) → `clause` (verbs with their subjects and objects) → `verb` (polarity) → `roles` (lists, appositions)
//! → `acts`, `counts`, `sayings`, `requests`, `citations`, `signatories` → `merge` (told twice is once).
//!
//! # Must never
//! - write to the ledger: a proposal is nothing until a person accepts it;
//! - be more certain than the text: what is denied, feared, demanded or yet to come is no act,
//!   an unknown day is no day, and a quote that is not in the text at its offsets is an error;
//! - do I/O: bytes come in, proposals go out.
#![forbid(unsafe_code)]
// Conditions here read as the rules of the language do; their shortest form does not.
#![allow(clippy::nonminimal_bool, clippy::type_complexity, clippy::single_range_in_vec_init)]

mod about;
mod acts;
mod citations;
mod clause;
mod counts;
mod dates;
mod discourse;
mod error;
mod json;
mod lexicon;
mod lists;
mod merge;
mod model;
mod names;
mod numbers;
mod penalty;
mod phrase;
mod requests;
mod roles;
mod rules;
mod sayings;
mod signatories;
mod table;
mod text;
mod token;
mod triggers;
mod verb;

pub use error::Error;
pub use json::propose_json;
pub use model::{
    Act, Citation, Count, Group, Person, Proposal, Proposer, Quote, Relevance, Request, Saying, Sentence, Signatory,
    Victim,
};
pub use rules::Rules;
pub use text::{Reading, Role, Span, read_text};
