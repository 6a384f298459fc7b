//! Independent roots: sources that repeat one another count once.
//!
//! Four reprints of one agency story are one root. The rule is OHCHR's (Manual on Human Rights Monitoring, ch. 7): what corroborates is
//! an independent source, so the claims `derivedFrom` between sources are followed to where the words come from.

use std::collections::{BTreeMap, BTreeSet};

use schema::EntityId;

/// Where a source's words come from: itself when it repeats nobody. A circle of sources that repeat one another is one root, its smallest id.
pub(crate) fn root(source: EntityId, repeats: impl Fn(EntityId) -> Option<EntityId>) -> EntityId {
    let mut way = vec![source];
    let mut at = source;
    while let Some(next) = repeats(at) {
        if let Some(back) = way.iter().position(|passed| *passed == next) {
            return way[back..].iter().min().copied().unwrap_or(next);
        }
        way.push(next);
        at = next;
    }
    at
}

/// The distinct roots among these.
pub(crate) fn distinct(roots: impl IntoIterator<Item = EntityId>) -> BTreeSet<EntityId> {
    roots.into_iter().collect()
}

/// How many claims each source gives, with its root.
pub(crate) type Tally = BTreeMap<EntityId, (usize, EntityId)>;

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> EntityId {
        EntityId::from_bytes([n; 16])
    }

    #[test]
    fn four_reprints_of_one_agency_story_are_one_root() {
        let agency = id(9);
        let roots = distinct((1..=4).map(|reprint| root(id(reprint), |source| (source != agency).then_some(agency))));
        assert_eq!(roots.len(), 1);
    }

    #[test]
    fn a_circle_is_one_root() {
        let next = |source: EntityId| Some(if source == id(1) { id(2) } else { id(1) });
        assert_eq!(root(id(1), next), root(id(2), next));
    }
}
