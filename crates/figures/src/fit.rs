//! Whether an act fits a definition: certainly, possibly, or not; and why.

use std::collections::BTreeSet;

use ledger::{ClaimView, PropertyView, Reader, Record, ValueView};
use schema::{EntityId, Place, Term, Value};

use crate::{Definition, Error};

/// How a thing stands to what a definition asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Certain,
    /// Why it is not certain.
    Possible(Vec<String>),
    Outside,
    /// Nothing is claimed that could fit.
    Missing,
}

impl Fit {
    /// Both must fit. What is outside by one is outside, whatever is missing of the other.
    pub(crate) fn and(self, other: Fit) -> Fit {
        match (self, other) {
            (Fit::Outside, _) | (_, Fit::Outside) => Fit::Outside,
            (Fit::Missing, _) | (_, Fit::Missing) => Fit::Missing,
            (Fit::Possible(mut reasons), Fit::Possible(more)) => {
                reasons.extend(more);
                Fit::Possible(reasons)
            }
            (Fit::Possible(reasons), _) | (_, Fit::Possible(reasons)) => Fit::Possible(reasons),
            (Fit::Certain, Fit::Certain) => Fit::Certain,
        }
    }
}

/// How one value stands to what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Certainly,
    Possibly,
    Outside,
}

/// The type of the act.
pub(crate) fn kind(reader: &Reader<'_>, record: &Record, definition: &Definition) -> Result<Fit, Error> {
    let test = |value: &Value| within_terms(reader, value, &definition.acts);
    settle(reader, record, "type", &test, "it is known only as", "another account calls it")
}

/// What the victim was in this act. Several groups may hold at once, so one that fits is enough.
pub(crate) fn group(reader: &Reader<'_>, record: &Record, definition: &Definition) -> Fit {
    if definition.victim_groups.is_empty() {
        return Fit::Certain;
    }
    let Some(claimed) = record.property("victimGroup") else { return Fit::Missing };
    let mut broader = None;
    for value in &claimed.values {
        match within_terms(reader, &value.value, &definition.victim_groups) {
            Within::Certainly => return Fit::Certain,
            Within::Possibly => broader = Some(format!("the victim is known only as {}", value.display)),
            Within::Outside => {}
        }
    }
    broader.map_or(Fit::Outside, |reason| Fit::Possible(vec![reason]))
}

/// Whether a value of `type` is of something else altogether.
pub(crate) fn is_other_kind(reader: &Reader<'_>, value: &Value, definition: &Definition) -> bool {
    within_terms(reader, value, &definition.acts) == Within::Outside
}

/// Whether a value of `victimGroup` is one that the definition counts: the claims of the others are not what a figure rests on.
pub(crate) fn is_group(reader: &Reader<'_>, value: &Value, definition: &Definition) -> bool {
    within_terms(reader, value, &definition.victim_groups) != Within::Outside
}

/// The date of the act or, never more than possibly, of its incident.
pub(crate) fn date(
    reader: &Reader<'_>,
    record: &Record,
    incident: Option<&Record>,
    definition: &Definition,
) -> Result<Fit, Error> {
    let window = definition.window;
    let test = |value: &Value| match value {
        Value::Date(date) if date.certainly_within(&window) => Within::Certainly,
        Value::Date(date) if date.possibly_within(&window) => Within::Possibly,
        _ => Within::Outside,
    };
    let fit = |record| settle(reader, record, "date", &test, "the window may or may not hold", "another account gives");
    match (fit(record)?, incident) {
        (Fit::Missing, Some(incident)) => {
            let shown = incident.first("date").map(|value| value.display.clone()).unwrap_or_default();
            let inherited = Fit::Possible(vec![format!("its own date is not known; its incident is dated {shown}")]);
            Ok(fit(incident)?.and(inherited))
        }
        (fit, _) => Ok(fit),
    }
}

/// The place of the act or of its incident. One that nobody tells is possible: it narrows a figure, it does not make it.
pub(crate) fn place(
    reader: &Reader<'_>,
    record: &Record,
    incident: Option<&Record>,
    definition: &Definition,
) -> Result<Fit, Error> {
    let Some(wanted) = &definition.place else { return Ok(Fit::Certain) };
    let test = |value: &Value| match value {
        Value::Place(Place { area: Some(area), .. }) => {
            within_terms(reader, &Value::Term(area.term()), std::slice::from_ref(wanted))
        }
        // A name or a point alone: where that is, nobody has said.
        _ => Within::Possibly,
    };
    let fit =
        |record| settle(reader, record, "place", &test, "its place is known only as", "another account puts it in");
    let own = match (fit(record)?, incident) {
        (Fit::Missing, Some(incident)) => fit(incident)?,
        (fit, _) => fit,
    };
    Ok(match own {
        Fit::Missing => Fit::Possible(vec!["its place is not known".into()]),
        fit => fit,
    })
}

/// The victims that independent accounts name, the preferred one first; as the view shows them.
pub(crate) fn victims(reader: &Reader<'_>, record: &Record) -> Result<Vec<EntityId>, Error> {
    let mut named = Vec::new();
    if let Some(property) = record.property("victim") {
        for value in independent(reader, record, property)? {
            if let Value::Entity(id) = value.value
                && !named.contains(&reader.shown_as(id))
            {
                named.push(reader.shown_as(id));
            }
        }
    }
    Ok(named)
}

/// What independent accounts say, the preferred one first.
pub(crate) fn accounts(reader: &Reader<'_>, record: &Record, property: &str) -> Result<Vec<Value>, Error> {
    let Some(property) = record.property(property) else { return Ok(Vec::new()) };
    Ok(independent(reader, record, property)?.into_iter().map(|account| account.value.clone()).collect())
}

/// A term that is one of these or below one is certain; one above one of these is possible.
fn within_terms(reader: &Reader<'_>, value: &Value, wanted: &[Term]) -> Within {
    let Value::Term(term) = value else { return Within::Outside };
    let registry = reader.registry();
    if wanted.iter().any(|wanted| registry.narrower_or_equal(term, wanted)) {
        Within::Certainly
    } else if wanted.iter().any(|wanted| registry.narrower_or_equal(wanted, term)) {
        Within::Possibly
    } else {
        Within::Outside
    }
}

/// The preferred account decides, as far as no independent one says otherwise.
fn settle(
    reader: &Reader<'_>,
    record: &Record,
    property: &str,
    test: &dyn Fn(&Value) -> Within,
    loosely: &str,
    otherwise: &str,
) -> Result<Fit, Error> {
    let Some(property) = record.property(property) else { return Ok(Fit::Missing) };
    let accounts = independent(reader, record, property)?;
    let Some((first, others)) = accounts.split_first() else { return Ok(Fit::Missing) };
    let preferred = test(&first.value);
    let elsewhere = |value: &&&ValueView| (test(&value.value) == Within::Outside) != (preferred == Within::Outside);
    let mut reasons = Vec::new();
    if preferred == Within::Possibly {
        reasons.push(format!("{loosely} {}", first.display));
    }
    for other in others.iter().filter(elsewhere) {
        reasons.push(format!("{otherwise} {}", other.display));
    }
    Ok(match preferred {
        Within::Outside if reasons.is_empty() => Fit::Outside,
        _ if reasons.is_empty() => Fit::Certain,
        _ => Fit::Possible(reasons),
    })
}

/// The preferred value, and the others that do not come from the same voices in the same roots.
pub(crate) fn independent<'p>(
    reader: &Reader<'_>,
    record: &Record,
    property: &'p PropertyView,
) -> Result<Vec<&'p ValueView>, Error> {
    let Some((first, others)) = property.values.split_first() else { return Ok(Vec::new()) };
    let mut accounts = vec![first];
    if !others.is_empty() {
        let known = voices(reader, record, first)?;
        for other in others {
            if !voices(reader, record, other)?.is_subset(&known) {
                accounts.push(other);
            }
        }
    }
    Ok(accounts)
}

/// Root of the source, and whoever is quoted in it: two persons quoted in one article are two.
type Voice = (Option<EntityId>, Option<EntityId>);

fn voices(reader: &Reader<'_>, record: &Record, value: &ValueView) -> Result<BTreeSet<Voice>, Error> {
    value.claims.iter().map(|claim| voice(reader, record, claim)).collect()
}

fn voice(reader: &Reader<'_>, record: &Record, claim: &ClaimView) -> Result<Voice, Error> {
    let Some(source) = claim.source else { return Ok((None, None)) };
    let publisher = match reader.value(source, "publisher")? {
        Some(Value::Entity(id)) => Some(id),
        _ => None,
    };
    // A copy's publisher is no voice of its own.
    Ok((root(record, claim), claim.asserter.filter(|asserter| Some(*asserter) != publisher)))
}

/// Where the words of a claim come from; `None` when its source is not in this view.
pub(crate) fn root(record: &Record, claim: &ClaimView) -> Option<EntityId> {
    let source = claim.source?;
    record.sources.iter().find(|known| known.id == source).map(|known| known.root)
}
