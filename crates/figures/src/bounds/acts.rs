//! Acts: those told one by one, those told of groups together, and how many of the first may be among the second.
//!
//! The lower bound is a proof and no guess: it takes acts of which no two can be one, and groups' acts of which no two can
//! overlap, adds them, and takes off the most that could be in both.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use schema::{EntityId, Term};

use super::flow::{Network, SINK, SOURCE};
use super::{Band, Bounds, Same, Told, count};
use crate::links::Links;

/// What was done: acts against one victim, and acts against groups by their size.
pub(crate) fn acts(told: &[Told], links: &Links, kin: &dyn Fn(&Term, &Term) -> bool) -> Bounds {
    let same = Same { links, kin };
    let (bands, singles): (Vec<&Told>, Vec<&Told>) = told.iter().partition(|act| act.band.is_some());
    let distinct = singly(&singles, same);
    // Which of several groups that may be the same people is taken is free: each choice is a lower bound, the best one stands.
    let overlap = |a: &Told, b: &Told| same.may_overlap(a, b);
    let least = |act: &Told| Reverse(act.size().lower);
    let choices = [
        apart(&bands, |act| (act.vagueness(), least(act)), overlap),
        apart(&bands, |act| (least(act), act.vagueness()), overlap),
    ];
    let more = choices.iter().map(|groups| {
        let sizes = groups.iter().fold(0, |sum: u64, act| sum.saturating_add(act.size().lower));
        sizes.saturating_sub(at_most_in(&distinct, groups, same))
    });
    let upper = bands.iter().try_fold(count(singles.len()), |sum, act| Some(sum.saturating_add(act.size().upper?)));
    Bounds {
        lower: count(distinct.len()).saturating_add(more.max().unwrap_or(0)),
        upper: upper.map(|upper| upper.saturating_sub(surely_in(&singles, &bands, same))),
    }
}

/// Certain acts against one victim each of which no two may be one, the least vague taken first. Only acts that share a victim, or of
/// which one has none, can be one, so each is held against those alone.
fn singly<'t>(acts: &[&'t Told], same: Same<'_>) -> Vec<&'t Told> {
    let mut certain: Vec<&Told> = acts.iter().copied().filter(|act| act.certain).collect();
    certain.sort_by_cached_key(|act| act.vagueness());
    let mut taken: Vec<&Told> = Vec::new();
    let mut of_nobody: Vec<&Told> = Vec::new();
    let mut by_name: HashMap<EntityId, Vec<&Told>> = HashMap::new();
    for act in certain {
        let names: BTreeSet<EntityId> =
            act.victims.iter().chain(std::iter::once(&act.id)).map(|id| same.links.one(*id)).collect();
        let met = if act.victims.is_empty() {
            taken.iter().any(|other| same.may_be_one(act, other))
        } else {
            let near = names.iter().filter_map(|name| by_name.get(name)).flatten();
            near.chain(&of_nobody).any(|other| same.may_be_one(act, other))
        };
        if met {
            continue;
        }
        taken.push(act);
        if act.victims.is_empty() {
            of_nobody.push(act);
        }
        for name in names {
            by_name.entry(name).or_default().push(act);
        }
    }
    taken
}

/// Certain acts of which no two may be one, taken in this order.
fn apart<'t, K: Ord>(
    acts: &[&'t Told],
    order: impl Fn(&Told) -> K,
    may_be_one: impl Fn(&Told, &Told) -> bool,
) -> Vec<&'t Told> {
    let mut certain: Vec<&Told> = acts.iter().copied().filter(|act| act.certain).collect();
    certain.sort_by_cached_key(|act| order(act));
    let mut taken: Vec<&Told> = Vec::new();
    for act in certain {
        if !taken.iter().any(|other| may_be_one(act, other)) {
            taken.push(act);
        }
    }
    taken
}

/// How many of these acts can at most be among the groups' acts. A named member's is that member's one; those of others
/// are of the unnamed, as many as there are, and each of another person.
fn at_most_in(singles: &[&Told], groups: &[&Told], same: Same<'_>) -> u64 {
    let mut network = Network::new();
    let starts = starts(&mut network, singles);
    for group in groups {
        let Some(band) = &group.band else { continue };
        let least = group.size().lower;
        let all = network.point();
        network.way(all, SINK, least);
        for member in &band.members {
            let seat = network.point();
            network.way(seat, all, 1);
            for (single, start) in singles.iter().zip(&starts) {
                if same.may_be_of(single, group, *member) {
                    network.way(*start, seat, 1);
                }
            }
        }
        let unnamed = network.point();
        let named = if group.is_disputed() { 0 } else { names(band, same.links) };
        network.way(unnamed, all, least.saturating_sub(named));
        let mut persons: BTreeMap<EntityId, usize> = BTreeMap::new();
        for (single, start) in singles.iter().zip(&starts).filter(|(single, _)| same.may_be_unnamed_of(single, group)) {
            let seat = match single.victims.as_slice() {
                [victim] => *persons.entry(*victim).or_insert_with(|| {
                    let seat = network.point();
                    network.way(seat, unnamed, 1);
                    seat
                }),
                _ => unnamed,
            };
            network.way(*start, seat, 1);
        }
    }
    network.most()
}

/// How many of these acts are certainly among the groups' acts: of each member one, and each act in one group, so that
/// neither an act more nor a name more can make the upper bound wrong.
fn surely_in(singles: &[&Told], groups: &[&Told], same: Same<'_>) -> u64 {
    let mut network = Network::new();
    let starts = starts(&mut network, singles);
    for group in groups {
        let all = network.point();
        network.way(all, SINK, group.size().upper.unwrap_or(u64::MAX));
        let mut seats: BTreeMap<EntityId, usize> = BTreeMap::new();
        for (single, start) in singles.iter().zip(&starts) {
            let Some(member) = same.surely_of(single, group) else { continue };
            let seat = *seats.entry(member).or_insert_with(|| {
                let seat = network.point();
                network.way(seat, all, 1);
                seat
            });
            network.way(*start, seat, 1);
        }
    }
    network.most()
}

fn starts(network: &mut Network, singles: &[&Told]) -> Vec<usize> {
    let mut start = || {
        let start = network.point();
        network.way(SOURCE, start, 1);
        start
    };
    singles.iter().map(|_| start()).collect()
}

/// Members by name; those who may be one person count once.
fn names(band: &Band, links: &Links) -> u64 {
    let names: BTreeSet<EntityId> = band.members.iter().map(|member| links.one(*member)).collect();
    count(names.len())
}
