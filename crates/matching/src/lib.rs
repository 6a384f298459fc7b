//! **Which entries of this workspace may be one, and what is worth asking next?**
//!
//! `linkage` compares records and knows no ledger; here its records are made of what a view shows ([`People`]), its pairs become
//! questions for a person ([`Questions`]), and each is laid out so that it can be answered: both sides with their sources,
//! differences first ([`Sides`]), and what an answer would do to the figures ([`effect`]).
//!
//! # Must never
//! - judge: it appends nothing that stays. A person answers, and the answer is an entry of the ledger like any other;
//! - know more than the view that asks: what a reader may not see makes no pair, moves no score and trains no parameter.
#![forbid(unsafe_code)]

mod effect;
mod error;
mod gather;
mod judged;
mod learn;
mod members;
mod questions;
mod rows;
mod several;
mod sides;
mod unjudged;

pub use effect::{Effect, effect};
pub use error::Error;
pub use gather::{Event, Known, People};
pub use learn::Learnt;
pub use members::{Band, Candidate, Size, bands};
pub use questions::{Question, Questions, Stakes, Standing, words};
pub use rows::Part;
pub use several::{Asked, Set, Tie};
pub use sides::{Cell, Comparison, Row, Side, Sides};
pub use unjudged::{Unjudged, unjudged, unjudged_in};
