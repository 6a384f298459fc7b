//! Who may be whom: the judgements that leave a question open, and those that close it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ledger::{Reader, Verdict};
use schema::EntityId;

use crate::Error;

/// Entities tied by unsure judgements, and pairs judged different. Ids are those that the reader shows.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Of every entity in an unsure pair, the smallest id that a chain of unsure pairs leads to.
    first: HashMap<EntityId, EntityId>,
    unsure: BTreeSet<(EntityId, EntityId)>,
    different: BTreeSet<(EntityId, EntityId)>,
}

impl Links {
    pub(crate) fn of(reader: &Reader<'_>) -> Result<Self, Error> {
        let mut latest = BTreeMap::new();
        for (judge, _) in reader.judgements()? {
            latest.insert(ordered(judge.a, judge.b), judge.verdict);
        }
        let shown = |(a, b): (EntityId, EntityId)| ordered(reader.shown_as(a), reader.shown_as(b));
        let pairs = |wanted: Verdict| {
            latest.iter().filter(move |(_, verdict)| **verdict == wanted).map(|(pair, _)| shown(*pair))
        };
        Ok(Self::from_pairs(pairs(Verdict::Unsure), pairs(Verdict::Different)))
    }

    /// A pair that is also judged different, through other members of its clusters, is not open any more.
    pub(crate) fn from_pairs(
        unsure: impl IntoIterator<Item = (EntityId, EntityId)>,
        different: impl IntoIterator<Item = (EntityId, EntityId)>,
    ) -> Self {
        let different: BTreeSet<_> = different.into_iter().collect();
        let unsure: BTreeSet<_> =
            unsure.into_iter().filter(|(a, b)| a != b && !different.contains(&(*a, *b))).collect();
        let mut links = Links { first: HashMap::new(), unsure, different };
        for (a, b) in links.unsure.clone() {
            let (a, b) = ordered(links.one(a), links.one(b));
            for name in links.first.values_mut().filter(|name| **name == b) {
                *name = a;
            }
            links.first.insert(a, a);
            links.first.insert(b, a);
        }
        links
    }

    /// One name for all that may be one.
    pub(crate) fn one(&self, id: EntityId) -> EntityId {
        self.first.get(&id).copied().unwrap_or(id)
    }

    /// Whether somebody has judged that these are two.
    pub(crate) fn different(&self, a: EntityId, b: EntityId) -> bool {
        self.different.contains(&ordered(a, b))
    }

    /// Those that may be the same as this one, by a judgement on the two.
    pub(crate) fn unsure_with(&self, id: EntityId) -> impl Iterator<Item = EntityId> {
        self.unsure.iter().filter_map(move |(a, b)| match (*a == id, *b == id) {
            (true, _) => Some(*b),
            (_, true) => Some(*a),
            _ => None,
        })
    }
}

fn ordered(a: EntityId, b: EntityId) -> (EntityId, EntityId) {
    if a <= b { (a, b) } else { (b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> EntityId {
        EntityId::from_bytes([n; 16])
    }

    #[test]
    fn a_chain_of_unsure_pairs_may_be_one() {
        let links = Links::from_pairs([(id(3), id(4)), (id(1), id(2)), (id(2), id(3))], [(id(5), id(6))]);
        assert_eq!([1, 2, 3, 4].map(|n| links.one(id(n))), [id(1); 4]);
        assert_eq!(links.one(id(9)), id(9));
        assert_eq!(links.unsure_with(id(2)).collect::<Vec<_>>(), [id(1), id(3)]);
        assert!(links.different(id(6), id(5)));
    }

    #[test]
    fn different_closes_an_open_pair() {
        let links = Links::from_pairs([(id(1), id(2))], [(id(1), id(2))]);
        assert_ne!(links.one(id(1)), links.one(id(2)));
    }
}
