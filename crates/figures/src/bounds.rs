//! The arithmetic of bounds: a pure function of acts, groups and judgements. See the crate's page for the rules.

use std::collections::{BTreeMap, BTreeSet};

use schema::{Agreement, Date, EntityId, Term};

use crate::links::Links;

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

/// An act as far as counting needs to know it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub id: EntityId,
    pub certain: bool,
    /// Several when accounts differ on who it was; none when it is not known.
    pub victims: Vec<EntityId>,
    /// When it was done to a group.
    pub band: Option<Band>,
    pub kind: Term,
    pub date: Option<Date>,
    pub incident: Option<EntityId>,
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

/// What was done: acts against one victim, and acts against groups by their size.
pub(crate) fn acts(told: &[Told], links: &Links, kin: &dyn Fn(&Term, &Term) -> bool) -> Bounds {
    let (bands, singles): (Vec<&Told>, Vec<&Told>) = told.iter().partition(|act| act.band.is_some());
    let certain: Vec<&Told> = singles.iter().copied().filter(|act| act.certain).collect();
    let mut lower = distinct(&certain, &|a, b| may_be_one(a, b, links, kin)).len();
    // Two groups of one occasion may be the same people under two descriptions: the larger remainder counts.
    let surely: Vec<&Told> = bands.iter().copied().filter(|act| act.certain).collect();
    for occasion in
        distinct(&surely, &|a, b| one_occasion(a, b, kin) && !links.different(a.id, b.id) && !differ(a, b, links))
    {
        let rest = occasion.into_iter().filter_map(|at| {
            let act = surely.get(at)?;
            let told_singly = certain.iter().filter(|single| part_of(single, act, kin) != Part::No).count();
            Some(size(act).lower.saturating_sub(count(told_singly)))
        });
        lower = lower.saturating_add(usize::try_from(rest.max().unwrap_or(0)).unwrap_or(usize::MAX));
    }
    // An act is part of one group's at most, so that more acts never make a smaller upper bound.
    let mut parts = vec![0_u64; bands.len()];
    for single in &singles {
        let of = bands.iter().position(|act| part_of(single, act, kin) == Part::Certainly);
        if let Some(part) = of.and_then(|at| parts.get_mut(at)) {
            *part += 1;
        }
    }
    let upper = bands.iter().zip(parts).try_fold(count(singles.len()), |sum, (act, part)| {
        size(act).upper.map(|size| sum.saturating_add(size.saturating_sub(part)))
    });
    Bounds { lower: count(lower), upper }
}

/// Whether an act against one person is among those told of a group together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Certainly,
    Possibly,
    No,
}

pub(crate) fn part_of(single: &Told, group: &Told, kin: &dyn Fn(&Term, &Term) -> bool) -> Part {
    if !one_occasion(single, group, kin) {
        return Part::No;
    }
    let together = single.incident.is_some() && single.incident == group.incident;
    match (&group.band, single.victims.as_slice()) {
        (Some(band), [victim]) if together && band.members.contains(victim) => Part::Certainly,
        _ => Part::Possibly,
    }
}

/// Whether two acts are of one kind, may have been on one day, and are not known to be of different incidents.
fn one_occasion(a: &Told, b: &Told, kin: &dyn Fn(&Term, &Term) -> bool) -> bool {
    let incidents = match (a.incident, b.incident) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let dates = match (a.date, b.date) {
        (Some(a), Some(b)) => a.agreement(&b) != Agreement::Different,
        _ => true,
    };
    incidents && dates && kin(&a.kind, &b.kind)
}

fn may_be_one(a: &Told, b: &Told, links: &Links, kin: &dyn Fn(&Term, &Term) -> bool) -> bool {
    if links.different(a.id, b.id) {
        return false;
    }
    if links.one(a.id) == links.one(b.id) {
        return true;
    }
    let one_victim = a.victims.iter().any(|x| b.victims.iter().any(|y| links.one(*x) == links.one(*y)));
    one_victim && one_occasion(a, b, kin)
}

/// Whether the groups that two acts were against are judged to be two.
fn differ(a: &Told, b: &Told, links: &Links) -> bool {
    match (&a.band, &b.band) {
        (Some(a), Some(b)) => links.different(a.group, b.group),
        _ => false,
    }
}

fn size(act: &Told) -> Bounds {
    act.band.as_ref().map_or(Bounds { lower: 1, upper: Some(1) }, |band| band.size)
}

/// Places in `acts`, those together that a chain of `may_be_one` joins.
fn distinct(acts: &[&Told], may_be_one: &dyn Fn(&Told, &Told) -> bool) -> Vec<Vec<usize>> {
    let mut together: Vec<Vec<usize>> = Vec::new();
    for (at, act) in acts.iter().enumerate() {
        let joins = |others: &Vec<usize>| {
            others.iter().any(|other| acts.get(*other).is_some_and(|other| may_be_one(act, other)))
        };
        let (joined, apart): (Vec<_>, Vec<_>) = together.into_iter().partition(joins);
        together = apart;
        together.push(joined.into_iter().flatten().chain([at]).collect());
    }
    together
}

pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
