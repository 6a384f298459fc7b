//! What became of programs' proposals: who decided what, and what is open.

use std::collections::BTreeMap;

use schema::EntityId;

use crate::Error;
use crate::check::kinds;
use crate::clock::Timestamp;
use crate::id::{ClaimId, Digest};
use crate::item::{Decide, Item};
use crate::reader::Reader;

/// A decision on a proposal, and who made it.
#[derive(Clone, Debug)]
pub struct Decided {
    pub id: ClaimId,
    pub decide: Decide,
    pub by: String,
    pub at: Timestamp,
    pub position: u64,
}

impl Reader<'_> {
    /// The decision that holds on each proposal from this document: the last one. Proposals that were reopened are among them,
    /// with what they are: [`Decision::Reopened`](crate::Decision::Reopened).
    ///
    /// # Errors
    /// As the database says.
    pub fn decisions_in(&self, source: EntityId) -> Result<BTreeMap<Digest, Decided>, Error> {
        let mut decided = BTreeMap::new();
        for one in self.all_decisions_in(source)? {
            decided.insert(one.decide.proposal, one);
        }
        Ok(decided)
    }

    /// Every decision on proposals from this document, oldest first: what undoing goes back through.
    ///
    /// # Errors
    /// As the database says.
    pub fn all_decisions_in(&self, source: EntityId) -> Result<Vec<Decided>, Error> {
        let mut decisions = Vec::new();
        if self.schema_of(source)?.is_none() {
            return Ok(decisions);
        }
        for row in self.storage()?.items_about(source, self.before)? {
            if row.kind != kinds::DECIDE {
                continue;
            }
            if let Some(Item::Decide(decide)) = row.body.as_deref().map(Item::decode).transpose()? {
                let (by, at) = self.recorded(row.no);
                decisions.push(Decided { id: self.address(row.no), decide, by, at, position: row.no.position() });
            }
        }
        Ok(decisions)
    }
}
