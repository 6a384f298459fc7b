//! The list behind the number: whom or what it counts, and the claims that each line rests on.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{ClaimId, Reader};
use schema::EntityId;

use crate::bounds::{Band, Bounds, Same, count};
use crate::deed::{Basis, Deed, Known};
use crate::links::Links;
use crate::{Error, Unit};

/// One line of the list: a person, or an act, by the figure's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The person or act.
    pub entity: EntityId,
    /// What the view calls it.
    pub label: String,
    /// Whether it counts towards the lower bound; else towards the upper one only.
    pub certain: bool,
    /// Why it is certain or only possible, in words.
    pub reason: String,
    /// The acts by which it counts, in the order of their dates; of an act, itself.
    pub acts: Vec<CountedAct>,
    /// What it rests on: claims on type, victim, date, group and place, in the order in which they were recorded.
    pub claims: Vec<ClaimId>,
    /// Independent roots of those claims' sources.
    pub roots: usize,
}

/// An act that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedAct {
    /// The act.
    pub entity: EntityId,
    /// What the view calls it.
    pub label: String,
    /// Its date, or its incident's, for people; may be empty.
    pub date: String,
    /// Its place, or its incident's, for people; may be empty.
    pub place: String,
    /// Whether it is certain.
    pub certain: bool,
}

/// A group to which it was done, and how many of it are not on the list by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedGroup {
    /// The group.
    pub entity: EntityId,
    /// What the view calls it.
    pub label: String,
    /// Its size, as far apart as independent accounts put it.
    pub size: Bounds,
    /// Members who are on the list by name: they have an act of their own that counts.
    pub named: u64,
    /// The rest.
    pub unnamed: Bounds,
    /// Whether it is certain that it was done to this group, in the window.
    pub certain: bool,
    /// What the unnamed do to the bounds, and why.
    pub reason: String,
    /// What it rests on.
    pub claims: Vec<ClaimId>,
}

/// Whom the acts were done to.
#[derive(Default)]
pub(crate) struct Victims {
    /// Persons, and whether it is certain of each.
    pub named: BTreeMap<EntityId, bool>,
    /// Groups, each once, and whether it is certain of each.
    pub bands: Vec<(Band, bool)>,
    /// Acts of which nobody knows the victim.
    pub unknown: u64,
}

impl Victims {
    pub(crate) fn of(deeds: &[Deed], known: &mut Known<'_, '_>) -> Result<Self, Error> {
        let mut victims = Victims::default();
        for Deed { told, .. } in deeds {
            let certain = told.certain && told.victims.len() == 1;
            victims.unknown += u64::from(told.victims.is_empty());
            for victim in &told.victims {
                if known.is_a(*victim, "Person")? {
                    *victims.named.entry(*victim).or_default() |= certain;
                }
            }
            if let Some(band) = &told.band {
                match victims.bands.iter_mut().find(|(known, _)| known.group == band.group) {
                    Some((known, so_far)) => {
                        known.size.lower = known.size.lower.max(band.size.lower);
                        *so_far |= certain;
                    }
                    None => victims.bands.push((band.clone(), certain)),
                }
            }
        }
        Ok(victims)
    }
}

/// The list, in the figure's unit, in the order of the dates.
pub(crate) fn items(
    reader: &Reader<'_>,
    unit: Unit,
    deeds: &[Deed],
    victims: &Victims,
    links: &Links,
    known: &mut Known<'_, '_>,
) -> Result<Vec<Item>, Error> {
    if unit == Unit::Acts {
        return Ok(deeds.iter().map(of_act).collect());
    }
    let mut order = Vec::new();
    let mut done_to: BTreeMap<EntityId, Vec<&Deed>> = BTreeMap::new();
    for deed in deeds {
        for victim in deed.told.victims.iter().collect::<BTreeSet<_>>() {
            done_to.entry(*victim).or_default().push(deed);
        }
        order.extend(&deed.told.victims);
    }
    let mut items = Vec::new();
    for victim in order {
        let Some(certain) = victims.named.get(victim) else { continue };
        if let Some(own) = done_to.remove(victim) {
            items.extend(of_person(reader, *victim, *certain, &own, victims, links, known)?);
        }
    }
    Ok(items)
}

fn of_act(deed: &Deed) -> Item {
    Item {
        entity: deed.entity,
        label: deed.label.clone(),
        certain: deed.told.certain,
        reason: reason(deed.told.certain, deed.reasons.iter()),
        acts: vec![counted(deed)],
        claims: deed.basis.claims(),
        roots: deed.basis.roots(),
    }
}

fn of_person(
    reader: &Reader<'_>,
    id: EntityId,
    certain: bool,
    own: &[&Deed],
    victims: &Victims,
    links: &Links,
    known: &mut Known<'_, '_>,
) -> Result<Option<Item>, Error> {
    let Some(record) = known.record(id)? else { return Ok(None) };
    let mut basis = Basis::default();
    own.iter().for_each(|deed| basis.join(&deed.basis));
    let mut reason = reason(certain, own.iter().flat_map(|deed| &deed.reasons));
    for other in links.unsure_with(id) {
        if victims.named.contains_key(&other) {
            reason.push_str(&format!(
                "; may be the same person as {}, so the lower bound counts one of them",
                reader.label(other)?
            ));
        }
    }
    Ok(Some(Item {
        entity: record.id,
        label: record.label.clone(),
        certain,
        reason,
        acts: own.iter().map(|deed| counted(deed)).collect(),
        claims: basis.claims(),
        roots: basis.roots(),
    }))
}

fn counted(deed: &Deed) -> CountedAct {
    let Deed { entity, label, date, place, .. } = deed;
    CountedAct {
        entity: *entity,
        label: label.clone(),
        date: date.clone(),
        place: place.clone(),
        certain: deed.told.certain,
    }
}

fn reason<'r>(certain: bool, reasons: impl Iterator<Item = &'r String>) -> String {
    if certain {
        return "certain: what was done, to whom and when are all within the definition".into();
    }
    let mut told: Vec<&str> = Vec::new();
    for reason in reasons {
        if !told.contains(&reason.as_str()) {
            told.push(reason);
        }
    }
    format!("possible: {}", told.join("; "))
}

/// The groups, in the order of the list.
pub(crate) fn groups(
    unit: Unit,
    deeds: &[Deed],
    victims: &Victims,
    known: &mut Known<'_, '_>,
    same: Same<'_>,
) -> Result<Vec<CountedGroup>, Error> {
    let mut groups = Vec::new();
    for (band, certain) in &victims.bands {
        let Some(record) = known.record(band.group)? else { continue };
        let of_group: Vec<&Deed> = deeds
            .iter()
            .filter(|deed| deed.told.band.as_ref().is_some_and(|other| other.group == band.group))
            .collect();
        let mut basis = Basis::default();
        of_group.iter().for_each(|deed| basis.join(&deed.basis));
        basis.rest_on(&record, "size");
        basis.rest_on(&record, "member");
        let named: BTreeSet<EntityId> = match unit {
            Unit::Persons => band.members.iter().copied().filter(|member| victims.named.contains_key(member)).collect(),
            Unit::Acts => {
                let singles = deeds.iter().filter(|deed| deed.told.band.is_none());
                singles.flat_map(|deed| of_group.iter().filter_map(|of| same.surely_of(&deed.told, &of.told))).collect()
            }
        };
        let named = count(named.len());
        let unnamed = Bounds {
            lower: band.size.lower.saturating_sub(named),
            upper: band.size.upper.map(|size| size.saturating_sub(named)),
        };
        groups.push(CountedGroup {
            entity: record.id,
            label: record.label.clone(),
            size: band.size,
            named,
            unnamed,
            certain: *certain,
            reason: group_reason(unit, unnamed, reason_of(&of_group)),
            claims: basis.claims(),
        });
    }
    Ok(groups)
}

fn reason_of(deeds: &[&Deed]) -> Option<String> {
    let reasons: Vec<String> = deeds.iter().flat_map(|deed| deed.reasons.clone()).collect();
    (!deeds.iter().any(|deed| deed.told.certain) && !reasons.is_empty()).then(|| reason(false, reasons.iter()))
}

fn group_reason(unit: Unit, unnamed: Bounds, possible: Option<String>) -> String {
    let rule = match (unit, unnamed.upper) {
        (_, Some(0)) => "all of it are on the list by name",
        (_, None) => "its size is not known, so there is no upper bound",
        (Unit::Persons, _) => {
            "the unnamed may be people who are named elsewhere on the list: they raise the upper bound only"
        }
        (Unit::Acts, _) => "it counts by its size, less what is on the list act by act",
    };
    match possible {
        Some(possible) => format!("{possible}; {rule}"),
        None => rule.to_owned(),
    }
}
