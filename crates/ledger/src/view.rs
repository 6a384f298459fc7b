//! The three questions that every read answers first: as of when, for whom, under which standard of proof.

use crate::clearance::{Cleared, Level};
use crate::clock::Timestamp;

/// As of which moment of the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// The newest entry.
    #[default]
    Now,
    /// After this many entries.
    Position(u64),
    /// What had been recorded by this time.
    Time(Timestamp),
}

/// (ledger position, clearance, standard): every read goes through one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    pub as_of: AsOf,
    pub cleared: Cleared,
    /// Name of a standard of proof in the registry: `all-allegations`, `corroborated`, `reasonable-grounds`.
    pub standard: String,
}

impl View {
    /// Now, under the standard that lets every allegation count.
    #[must_use]
    pub fn new(cleared: Cleared) -> Self {
        View { as_of: AsOf::Now, cleared, standard: "all-allegations".into() }
    }

    /// What anybody may see.
    #[must_use]
    pub fn public() -> Self {
        View::new(Cleared::to(Level::Public))
    }

    #[must_use]
    pub fn at(mut self, as_of: AsOf) -> Self {
        self.as_of = as_of;
        self
    }

    #[must_use]
    pub fn under(mut self, standard: &str) -> Self {
        self.standard = standard.into();
        self
    }
}
