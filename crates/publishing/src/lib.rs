//! **What do we say?** Letters whose every figure and sentence can be followed back: composed from a draft and a view of the
//! ledger, printed as HTML and as PDF.
//!
//! Data flow one way: [`Draft::parse`] reads Markdown with front matter; [`compose`] asks the ledger everything that the draft
//! leaves open and gives a [`Composed`] letter, which is pure data; [`html`] and [`pdf`] print it, and can say nothing that is
//! not in it.
//!
//! # Must never
//! - print what the publication's clearance does not cover: [`compose`] takes only a reader who sees exactly that;
//! - show a number without its definition, window, unit and position;
//! - let a figure change silently: one that differs from what it was when the draft was recorded is marked, in words and by shape;
//! - name what its readers may not see, not even as something that could not be found;
//! - take a text for markup: a name, a quotation or a draft cannot command the browser or the typesetter;
//! - print anything that the same letter would not print again: no clock, no chance, no network.
#![forbid(unsafe_code)]

mod annex;
mod compose;
mod draft;
mod error;
mod html;
mod markdown;
mod marks;
pub mod model;
mod notes;
mod pdf;
mod resolve;
mod runs;
mod seen;
mod then;
mod walk;

pub use compose::{compose, compose_from};
pub use draft::{Ask, Draft, Drafted, Named, Reference};
pub use error::Error;
pub use html::{STYLE, escape, fragment, html};
pub use model::{Change, Composed, Unresolved};
pub use pdf::pdf;
