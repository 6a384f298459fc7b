//! What was judged, as far as a view has it: followed entry by entry, since a long ledger is not read for every answer.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Judge, Reader, Since, Verdict};
use schema::EntityId;

use crate::Error;

/// Two entities, the smaller id first.
pub(crate) type Pair = (EntityId, EntityId);

pub(crate) fn ordered(a: EntityId, b: EntityId) -> Pair {
    (a.min(b), a.max(b))
}

/// Judgements of a view, and what follows from them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judged {
    position: u64,
    /// The latest word on each pair.
    pub(crate) latest: BTreeMap<Pair, Verdict>,
    /// Pairs judged different, and pairs of which nobody could tell, by the ids that the reader shows.
    apart: BTreeSet<Pair>,
    unsure: BTreeSet<Pair>,
}

impl Judged {
    /// Brings itself up to the reader's position.
    pub(crate) fn follow(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        if reader.position() == self.position {
            return Ok(());
        }
        let anew = reader.position() < self.position || reader.since(self.position)? == Since::Classified;
        if anew {
            *self = Judged::default();
        }
        self.take(reader.judgements_since(self.position)?);
        self.position = reader.position();
        let shown = |wanted: Verdict| -> BTreeSet<Pair> {
            let pairs = self.latest.iter().filter(|(_, verdict)| **verdict == wanted);
            pairs.map(|((a, b), _)| ordered(reader.shown_as(*a), reader.shown_as(*b))).collect()
        };
        (self.apart, self.unsure) = (shown(Verdict::Different), shown(Verdict::Unsure));
        Ok(())
    }

    fn take(&mut self, judgements: Vec<(Judge, u64)>) {
        for (judge, _) in judgements {
            self.latest.insert(ordered(judge.a, judge.b), judge.verdict);
        }
    }

    /// Whether a judgement keeps these two apart, which the reader shows under these ids.
    pub(crate) fn apart(&self, a: EntityId, b: EntityId) -> bool {
        self.apart.contains(&ordered(a, b))
    }

    /// Whether somebody looked at these two and could not tell; by the ids that the reader shows.
    pub(crate) fn unsure(&self, a: EntityId, b: EntityId) -> bool {
        self.unsure.contains(&ordered(a, b))
    }

    /// How many pairs somebody has judged, and not taken back.
    pub(crate) fn len(&self) -> usize {
        self.latest.values().filter(|verdict| **verdict != Verdict::Withdrawn).count()
    }
}
