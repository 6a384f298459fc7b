//! Groups and names: “ten land defenders” of one source, and names in another that may be theirs.

use std::collections::{BTreeMap, BTreeSet};

use ledger::Reader;
use schema::{Date, EntityId, Place, Term, Value};

use crate::Error;
use crate::gather::Event;
use crate::judged::{Pair, ordered};
use crate::questions::Questions;

/// From this probability on a name is asked about before it is called another member.
const LIKELY: f64 = 0.5;

/// At least and at most so many.
pub type Size = (Option<u64>, Option<u64>);

/// A group of which not all are known by name, and who may be one of it.
#[derive(Clone, Debug)]
pub struct Band {
    pub group: EntityId,
    pub label: String,
    /// Its size as the preferred account gives it; `None`: not said.
    pub size: Option<Size>,
    /// Members known by name.
    pub named: usize,
    /// What was done to it, for people: “Arrest · 13 August 2020 · Phnom Penh”.
    pub told: String,
    /// Persons to whom the same may have been done, then and there, the likelier first.
    pub candidates: Vec<Candidate>,
    /// Other groups to which the same may have been done: perhaps this one in other words.
    pub alike: Vec<(EntityId, String)>,
}

/// Somebody who may belong to a group.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub person: EntityId,
    pub label: String,
    /// Why it may be, for people.
    pub why: String,
    /// Whether kind, day and place all agree, and none of them is merely unknown.
    pub firm: bool,
    /// The pair to judge first, where this is likely somebody who is known to belong to it already.
    pub perhaps: Option<(EntityId, EntityId)>,
}

/// Every group with room for more names, and the names that may be in it.
///
/// # Errors
/// As the ledger says.
pub fn bands(reader: &Reader<'_>, questions: &Questions) -> Result<Vec<Band>, Error> {
    let people = questions.people();
    let mut likely: BTreeMap<Pair, (EntityId, EntityId)> = BTreeMap::new();
    for question in questions.open(reader, &[])?.iter().filter(|question| question.probability >= LIKELY) {
        likely.insert(ordered(reader.shown_as(question.a), reader.shown_as(question.b)), (question.a, question.b));
    }
    let mut told: Vec<(EntityId, &Event)> = Vec::new();
    for (victim, event) in people.others() {
        if reader.schema_of(*victim)?.is_some_and(|schema| reader.registry().is_a(&schema, "Group")) {
            told.push((reader.shown_as(*victim), event));
        }
    }
    let groups: BTreeSet<EntityId> = told.iter().map(|(group, _)| *group).collect();
    let mut bands = Vec::new();
    for group in groups {
        let Some(record) = reader.record(group)? else { continue };
        let size = bounds(reader, group)?;
        let members: BTreeSet<EntityId> = reader
            .values(group, "member")?
            .into_iter()
            .filter_map(|value| match value {
                Value::Entity(id) => Some(reader.shown_as(id)),
                _ => None,
            })
            .collect();
        let full = size.is_some_and(|(_, most)| most.is_some_and(|most| members.len() as u64 >= most));
        let own: Vec<&Event> = told.iter().filter(|(known, _)| *known == group).map(|(_, event)| *event).collect();
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut seen = BTreeSet::new();
        for (person, known) in people.iter().filter(|_| !full) {
            let shown = reader.shown_as(person);
            if members.contains(&shown) || !seen.insert(shown) {
                continue;
            }
            let best = own.iter().flat_map(|ours| known.events.iter().filter_map(|theirs| alike(reader, ours, theirs)));
            if let Some((firm, why)) = best.max_by_key(|(firm, _)| *firm) {
                let perhaps = members.iter().find_map(|member| likely.get(&ordered(shown, *member))).copied();
                candidates.push(Candidate { person: shown, label: reader.label(shown)?, why, firm, perhaps });
            }
        }
        candidates.sort_by(|a, b| b.firm.cmp(&a.firm).then_with(|| a.label.cmp(&b.label)));
        let mut others = BTreeSet::new();
        for (other, theirs) in told.iter().filter(|(other, _)| *other != group) {
            if own.iter().any(|ours| alike(reader, ours, theirs).is_some_and(|(firm, _)| firm))
                && reader.kept_apart(group, *other)?.is_none()
                && may_be_as_many(size, bounds(reader, *other)?)
            {
                others.insert(*other);
            }
        }
        if candidates.is_empty() && others.is_empty() {
            continue;
        }
        let alike = others.into_iter().map(|id| Ok((id, reader.label(id)?))).collect::<Result<_, Error>>()?;
        bands.push(Band {
            group,
            label: record.label.clone(),
            size,
            named: members.len(),
            told: own.first().map(|event| words(reader, event)).unwrap_or_default(),
            candidates,
            alike,
        });
    }
    Ok(bands)
}

fn bounds(reader: &Reader<'_>, group: EntityId) -> Result<Option<Size>, Error> {
    Ok(match reader.value(group, "size")? {
        Some(Value::Count(count)) => Some((count.min, count.max)),
        _ => None,
    })
}

/// Whether two groups may have one size. Who gives no bound excludes nothing.
fn may_be_as_many(a: Option<Size>, b: Option<Size>) -> bool {
    let (Some((a_least, a_most)), Some((b_least, b_most))) = (a, b) else { return true };
    let above = |least: Option<u64>, most: Option<u64>| least.zip(most).is_some_and(|(least, most)| least > most);
    !above(a_least, b_most) && !above(b_least, a_most)
}

/// Whether two events may be one happening, and whether firmly; with the reason for people.
fn alike(reader: &Reader<'_>, a: &Event, b: &Event) -> Option<(bool, String)> {
    let registry = reader.registry();
    let kin = |x: &Term, y: &Term| registry.narrower_or_equal(x, y) || registry.narrower_or_equal(y, x);
    let (kind_a, kind_b) = (a.kind.as_ref()?, b.kind.as_ref()?);
    if !kin(kind_a, kind_b) {
        return None;
    }
    // Without a date on both sides anything might be anything.
    let (day_a, day_b) = (a.date?, b.date?);
    let shared = day_a.overlap_days(&day_b);
    if shared == Some(0) {
        return None;
    }
    let (place_firm, place_told) = match (&a.place, &b.place) {
        (Some(x), Some(y)) => {
            if !near(x, y) {
                return None;
            }
            (true, "the same place")
        }
        _ => (false, "a place not known on one side"),
    };
    let precise = |date: &Date| date.days_inclusive().is_some_and(|days| days <= 3);
    let day_firm = precise(&day_a) && precise(&day_b);
    let day_told = if day_firm { "the same day" } else { "a day that may be the same" };
    let same_incident = a.incident.is_some() && a.incident == b.incident;
    let told = if same_incident { "the same incident".to_owned() } else { format!("{day_told}, {place_told}") };
    Some((same_incident || day_firm && place_firm, told))
}

/// Whether two places may be one.
fn near(a: &Place, b: &Place) -> bool {
    match (&a.area, &b.area, &a.name, &b.name) {
        (Some(x), Some(y), _, _) => x.contains(y) || y.contains(x),
        (_, _, Some(x), Some(y)) => names::place(x) == names::place(y),
        _ => true,
    }
}

fn words(reader: &Reader<'_>, event: &Event) -> String {
    let kind =
        event.kind.as_ref().and_then(|kind| reader.registry().term(kind)).map(|term| term.label.get("en").to_owned());
    let place = event.place.as_ref().and_then(|place| {
        place.name.clone().or_else(|| {
            let area = place.area.as_ref()?;
            Some(reader.registry().term(&area.term())?.label.get("en").to_owned())
        })
    });
    [kind, event.date.map(|date| date.display("en")), place].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
