//! Same or different: what the judgements add up to. A pure function of the judgements, in their order.

use std::collections::HashMap;

use schema::EntityId;

use crate::item::{Judge, Verdict};

/// Entities judged to be one, and pairs judged to be two.
///
/// *Same* is transitive; *different* blocks whole clusters: when two offices have judged against each other, *different* wins,
/// because joining two people is the graver error.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Clusters {
    /// Every entity in a cluster of more than one, with all members in id order; the first is the cluster's name.
    members: HashMap<EntityId, Vec<EntityId>>,
    different: Vec<(EntityId, EntityId)>,
    unsure: Vec<(EntityId, EntityId)>,
}

impl Clusters {
    pub(crate) fn of(judgements: &[Judge]) -> Self {
        let mut latest: Vec<((EntityId, EntityId), Verdict)> = Vec::new();
        let mut place: HashMap<(EntityId, EntityId), usize> = HashMap::new();
        for judge in judgements {
            let pair = ordered(judge.a, judge.b);
            match place.get(&pair) {
                Some(&at) => latest[at].1 = judge.verdict,
                None => {
                    place.insert(pair, latest.len());
                    latest.push((pair, judge.verdict));
                }
            }
        }
        let pairs =
            |wanted: Verdict| latest.iter().filter(move |(_, verdict)| *verdict == wanted).map(|(pair, _)| *pair);
        let mut clusters = Clusters {
            members: HashMap::new(),
            different: pairs(Verdict::Different).collect(),
            unsure: pairs(Verdict::Unsure).collect(),
        };
        for (a, b) in pairs(Verdict::Same).collect::<Vec<_>>() {
            if clusters.blocked(a, b).is_none() {
                clusters.join(a, b);
            }
        }
        clusters
    }

    /// The cluster's name: the smallest id in it.
    pub(crate) fn name(&self, id: EntityId) -> EntityId {
        self.members.get(&id).and_then(|members| members.first()).copied().unwrap_or(id)
    }

    pub(crate) fn members(&self, id: EntityId) -> Vec<EntityId> {
        self.members.get(&id).cloned().unwrap_or_else(|| vec![id])
    }

    /// The pair judged different that forbids joining these two.
    pub(crate) fn blocked(&self, a: EntityId, b: EntityId) -> Option<(EntityId, EntityId)> {
        let (a, b) = (self.name(a), self.name(b));
        self.different.iter().find(|(x, y)| ordered(self.name(*x), self.name(*y)) == ordered(a, b)).copied()
    }

    /// Whether somebody looked at these two and could not tell.
    pub(crate) fn unsure(&self, a: EntityId, b: EntityId) -> bool {
        let pair = ordered(self.name(a), self.name(b));
        self.unsure.iter().any(|(x, y)| ordered(self.name(*x), self.name(*y)) == pair)
    }

    fn join(&mut self, a: EntityId, b: EntityId) {
        let mut all = self.members(a);
        all.extend(self.members(b));
        all.sort_unstable();
        all.dedup();
        for member in &all {
            self.members.insert(*member, all.clone());
        }
    }
}

fn ordered(a: EntityId, b: EntityId) -> (EntityId, EntityId) {
    if a <= b { (a, b) } else { (b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> EntityId {
        EntityId::from_bytes([n; 16])
    }

    fn judge(a: u8, b: u8, verdict: Verdict) -> Judge {
        Judge { a: id(a), b: id(b), verdict, reason: "compared".into(), origin: None }
    }

    #[test]
    fn same_is_transitive_and_reversible() {
        let mut judgements = vec![judge(1, 2, Verdict::Same), judge(2, 3, Verdict::Same)];
        assert_eq!(Clusters::of(&judgements).members(id(3)), vec![id(1), id(2), id(3)]);
        judgements.push(judge(3, 2, Verdict::Unsure));
        let clusters = Clusters::of(&judgements);
        assert_eq!(clusters.members(id(3)), vec![id(3)]);
        assert!(clusters.unsure(id(1), id(3)), "unsure of a member is unsure of its cluster");
    }

    #[test]
    fn different_blocks_whole_clusters() {
        let clusters = Clusters::of(&[
            judge(1, 2, Verdict::Same),
            judge(3, 4, Verdict::Same),
            judge(1, 4, Verdict::Different),
            judge(2, 3, Verdict::Same),
        ]);
        assert_eq!(clusters.members(id(1)), vec![id(1), id(2)]);
        assert_eq!(clusters.blocked(id(2), id(3)), Some((id(1), id(4))));
    }

    proptest! {
        #[test]
        fn no_cluster_ever_holds_a_pair_judged_different(pairs in proptest::collection::vec((0u8..9, 0u8..9, 0u8..3), 0..40)) {
            let judgements: Vec<Judge> = pairs.into_iter().filter(|(a, b, _)| a != b).map(|(a, b, verdict)| {
                judge(a, b, [Verdict::Same, Verdict::Different, Verdict::Unsure][usize::from(verdict)])
            }).collect();
            let clusters = Clusters::of(&judgements);
            for (a, b) in &clusters.different {
                prop_assert_ne!(clusters.name(*a), clusters.name(*b));
            }
        }
    }
}
