//! **What do people write by hand?** Sources and claims in YAML, under version control, taken in and given back.
//!
//! A *case file* is a folder: entities, sources with the words of their claims, judgements, assessments, preferences, figures
//! and letters. [`CaseFile::read`] reads all of it and reports everything that is wrong at once, with file and line;
//! [`CaseFile::check`] holds it against the schema and against the sources' own texts; [`import`] appends what the ledger has
//! not got yet; [`export`] writes a folder that gives the same records again. `docs/casefile.md` is the manual.
//!
//! # Must never
//! - take a claim in by a back way: it appends entries through the ledger's own door, which checks them again;
//! - lose silently: whatever is left out is in the [`Report`], with the place and the reason;
//! - write what the reader of an export may not see.
#![forbid(unsafe_code)]

mod door;
mod emit;
mod error;
mod export;
mod files;
mod import;
mod known;
mod model;
mod origin;
mod originals;
mod plan;
mod problem;
mod publication;
mod read;
mod report;
mod substitute;
mod words;

pub use error::Error;
pub use export::export;
pub use import::{Options, import};
pub use model::{
    Assessment, CaseFile, ClaimDecl, Content, EntityDecl, Evidence, Figure, Judgement, Key, Preference, Publication,
    Reliability, Said, SaidValue, SourceDecl,
};
pub use originals::Original;
pub use problem::{At, Problem};
pub use report::Report;
pub use words::Quote;
