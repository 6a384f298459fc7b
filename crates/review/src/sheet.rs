//! A document's proposals beside what became of them.

use std::sync::Arc;

use ledger::{ClaimId, Decide, Decided, Decision, Reader, Timestamp};
use reading::{Proposal, Relevance};
use schema::EntityId;
use workspace::Workspace;

use crate::desk::{Desk, Reading};
use crate::key::{Key, match_up};
use crate::{Error, Ties};

/// What became of a proposal so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Accepted,
    /// Accepted with other values than were proposed.
    Changed,
    Rejected,
}

impl State {
    /// In a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Accepted => "accepted",
            State::Changed => "changed",
            State::Rejected => "rejected",
        }
    }
}

/// A proposal and what became of it.
#[derive(Clone, Debug)]
pub struct Item {
    pub key: Key,
    pub proposal: Proposal,
    pub state: State,
    /// Who decided; empty while it is open.
    pub by: String,
    pub at: Option<Timestamp>,
    /// The claims that were made of it.
    pub claims: Vec<ClaimId>,
    /// The key that the decision was recorded under: another than the proposal's own where a better program reads now.
    pub(crate) decided_as: Option<Key>,
    pub reason: Option<String>,
}

impl Item {
    /// Whether it matters less: ordinary crime, or what happens to a perpetrator (coding rule 6).
    #[must_use]
    pub fn is_low(&self) -> bool {
        matches!(&self.proposal, Proposal::Act(act) if act.relevance == Relevance::Low)
    }
}

/// A document's proposals in the order of its text.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub source: EntityId,
    pub reading: Arc<Reading>,
    pub items: Vec<Item>,
    /// Decisions on what is no longer proposed.
    pub gone: usize,
}

impl Sheet {
    /// The proposals of a source and the decisions on them, as this reader's view has them. `None`: it has no text here.
    ///
    /// # Errors
    /// As ledger, workspace and proposer say.
    pub fn open(
        reader: &Reader<'_>,
        workspace: &Workspace,
        source: EntityId,
        desk: &Desk,
    ) -> Result<Option<Sheet>, Error> {
        match desk.read(workspace, reader, source)? {
            Some(reading) => Sheet::lay(reader, source, reading).map(Some),
            None => Ok(None),
        }
    }

    /// The same of a text that is read already.
    pub(crate) fn lay(reader: &Reader<'_>, source: EntityId, reading: Arc<Reading>) -> Result<Sheet, Error> {
        let decided: Vec<Decided> = reader
            .decisions_in(source)?
            .into_values()
            .filter(|decided| decided.decide.decision != Decision::Reopened)
            .collect();
        let decides: Vec<&Decide> = decided.iter().map(|decided| &decided.decide).collect();
        let keys: Vec<(Key, usize, usize)> = reading
            .proposals
            .iter()
            .map(|proposal| (Key::of(proposal, reading.object), proposal.at().start, proposal.at().end))
            .collect();
        let matched = match_up(&keys, &decides, reading.object);
        let gone = decided.len() - matched.iter().flatten().count();
        let items = keys.iter().zip(&reading.proposals).zip(matched).map(|(((key, ..), proposal), found)| {
            let decided = found.and_then(|at| decided.get(at));
            Item {
                key: *key,
                proposal: proposal.clone(),
                state: decided.map_or(State::Open, |decided| state_of(decided.decide.decision)),
                by: decided.map(|decided| decided.by.clone()).unwrap_or_default(),
                at: decided.map(|decided| decided.at),
                claims: decided.map(|decided| decided.decide.claims.clone()).unwrap_or_default(),
                decided_as: decided.map(|decided| Key(decided.decide.proposal)),
                reason: decided.and_then(|decided| decided.decide.reason.clone()),
            }
        });
        let items = items.collect();
        Ok(Sheet { source, reading, items, gone })
    }

    /// The proposal of this key, written out or short.
    #[must_use]
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.key.short() == key || item.key.to_string() == key)
    }

    /// How many are decided.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.items.iter().filter(|item| item.state != State::Open).count()
    }

    /// Which names of this document are tied to which entities by what was accepted.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn ties(&self, reader: &Reader<'_>) -> Result<Ties, Error> {
        Ties::of(reader, self)
    }
}

fn state_of(decision: Decision) -> State {
    match decision {
        Decision::Accepted => State::Accepted,
        Decision::Changed => State::Changed,
        Decision::Rejected => State::Rejected,
        Decision::Reopened => State::Open,
    }
}
