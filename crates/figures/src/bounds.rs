//! The arithmetic of bounds: a pure function of acts, groups and judgements. See the crate's page for the rules.

use std::collections::{BTreeMap, BTreeSet};

use schema::EntityId;

use crate::links::Links;

mod acts;
mod flow;
mod told;

pub(crate) use acts::acts;
pub(crate) use told::{Same, Told};

/// A lower and an upper bound, both inclusive. No upper bound: “at least”.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What is certain.
    pub lower: u64,
    /// What is possible; `None` where there is no end to it.
    pub upper: Option<u64>,
}

/// Several persons told of together.
#[derive(Clone, Debug)]
pub(crate) struct Band {
    pub group: EntityId,
    pub size: Bounds,
    /// Whose names are known, with an act of their own or not.
    pub members: BTreeSet<EntityId>,
}

/// Distinct persons. `named`: whether it is certain of each; `bands`: with whether it is certain of each, a group once.
pub(crate) fn persons(named: &BTreeMap<EntityId, bool>, bands: &[(Band, bool)], unknown: u64, links: &Links) -> Bounds {
    let certain: BTreeSet<EntityId> =
        named.iter().filter(|(_, certain)| **certain).map(|(id, _)| links.one(*id)).collect();
    let largest = bands.iter().filter(|(_, certain)| *certain).map(|(band, _)| band.size.lower).max().unwrap_or(0);
    // Members without an act of their own stay part of their group's number; one of two groups is one person all the same.
    let mut known: BTreeSet<EntityId> = named.keys().copied().collect();
    let mut unnamed = Some(unknown);
    for (band, _) in bands {
        known.extend(&band.members);
        let rest = band.size.upper.map(|size| size.saturating_sub(count(band.members.len())));
        unnamed = unnamed.zip(rest).map(|(sum, rest)| sum.saturating_add(rest));
    }
    Bounds {
        lower: largest.max(count(certain.len())),
        upper: unnamed.map(|unnamed| unnamed.saturating_add(count(known.len()))),
    }
}

pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
