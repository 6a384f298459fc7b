//! From a row's cells to what is claimed of which entity, and what cannot be taken, with its reason.

mod cell;
mod compile;
pub mod dates;
mod row;

use schema::{EntityId, Lang, Value};

pub use cell::{cut as cell_cut, says_nothing};
pub use compile::{Compiled, Source};
pub use row::hash_of;

/// Why a cell is not taken, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Without a full stop.
    pub reason: String,
    /// Whole sentences.
    pub hint: String,
}

impl Why {
    pub fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Why { reason: reason.into(), hint: hint.into() }
    }
}

/// What a row comes to.
#[derive(Debug, Default)]
pub struct Taken {
    /// The row's key in words; empty when it has none.
    pub key: String,
    /// What the row says of its language, where the list has such a column.
    pub lang: Option<Lang>,
    /// Those that the row makes, in the mapping's order.
    pub entities: Vec<TakenEntity>,
    /// Those that the row no longer makes, if it made them before: rule and id.
    pub unmade: Vec<(usize, EntityId)>,
    pub refused: Vec<Refused>,
    /// The row as a whole is not taken.
    pub lost: bool,
    /// Remarks on cells that were taken.
    pub remarks: Vec<Refused>,
    /// Cells that say that they say nothing.
    pub nothing: Vec<String>,
}

#[derive(Debug)]
pub struct TakenEntity {
    /// Which rule of the mapping.
    pub rule: usize,
    pub id: EntityId,
    pub claims: Vec<TakenClaim>,
}

#[derive(Debug)]
pub struct TakenClaim {
    /// Which property of the rule.
    pub property: usize,
    pub value: Value,
    /// The column it comes from; none for what the mapping says of every row.
    pub column: Option<usize>,
}

/// A cell that is not taken.
#[derive(Clone, Debug)]
pub struct Refused {
    /// None: the row itself.
    pub column: Option<usize>,
    pub value: String,
    pub why: Why,
}
