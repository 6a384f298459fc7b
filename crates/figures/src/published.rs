//! What others published beside it, and what each counts differently. Differences are told in words, and never weighed.

use ledger::{ClaimId, Reader, Record};
use schema::{Agreement, Date, EntityId, Registry, Term, Value};

use crate::deed::Basis;
use crate::{Definition, Error, Unit};

/// A number that somebody published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The ReportedCount.
    pub entity: EntityId,
    /// What the view calls it.
    pub label: String,
    /// Who counted or published it.
    pub asserter: String,
    /// At least.
    pub lower: Option<u64>,
    /// At most.
    pub upper: Option<u64>,
    /// Whether they round.
    pub approximate: bool,
    /// Code of vocabulary `counting-units`.
    pub unit: Option<String>,
    /// The unit for people: “arrests”.
    pub unit_label: Option<String>,
    /// From when to when (ISO 8601-2).
    pub window: Option<String>,
    /// The window for people: “16 August 2020 to 16 November 2020”.
    pub window_label: Option<String>,
    /// Of whom or of what, in their own words.
    pub population: Option<String>,
    /// What it counts differently, one difference each.
    pub differences: Vec<String>,
    /// What it rests on.
    pub claims: Vec<ClaimId>,
}

impl Published {
    /// The differences in one line.
    #[must_use]
    pub fn differs(&self) -> String {
        if self.differences.is_empty() { "in nothing that it states".into() } else { self.differences.join("; ") }
    }
}

/// What a published number says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stated {
    pub unit: Option<Term>,
    pub population: Option<String>,
    pub groups: Vec<Term>,
    pub kinds: Vec<Term>,
    pub window: Option<Date>,
    pub as_of: Option<Date>,
    pub rounded: bool,
}

/// The published numbers that the definition names, as far as they are in this view.
pub(crate) fn beside(reader: &Reader<'_>, definition: &Definition) -> Result<Vec<Published>, Error> {
    let mut beside = Vec::new();
    for id in &definition.published {
        if let Some(record) = reader.record(*id)? {
            beside.push(published(reader, definition, &record)?);
        }
    }
    Ok(beside)
}

fn published(reader: &Reader<'_>, definition: &Definition, record: &Record) -> Result<Published, Error> {
    let registry = reader.registry();
    let count = match record.first("count").map(|value| &value.value) {
        Some(Value::Count(count)) => Some(*count),
        _ => None,
    };
    let stated = Stated {
        unit: terms(record, "unit").into_iter().next(),
        population: record.first("population").map(|value| value.display.clone()),
        groups: terms(record, "victimGroup"),
        kinds: terms(record, "actType"),
        window: date(record, "window"),
        as_of: date(record, "asOf"),
        rounded: count.is_some_and(|count| count.approximate),
    };
    let mut basis = Basis::default();
    for property in ["count", "unit", "population", "victimGroup", "actType", "window", "asOf", "publishedBy"] {
        basis.rest_on(record, property);
    }
    let quoted = record.first("count").and_then(|value| value.claims.first()).map(|claim| claim.asserter_label.clone());
    let asserter = match record.first("publishedBy") {
        Some(value) => value.display.clone(),
        None => quoted.unwrap_or_else(|| "not stated".into()),
    };
    Ok(Published {
        entity: record.id,
        label: record.label.clone(),
        asserter,
        lower: count.and_then(|count| count.min),
        upper: count.and_then(|count| count.max),
        approximate: stated.rounded,
        unit: stated.unit.as_ref().map(|unit| unit.code.clone()),
        unit_label: stated.unit.as_ref().map(|unit| named(registry, unit)),
        window: stated.window.map(|window| window.canonical()),
        window_label: stated.window.as_ref().map(span),
        differences: differences(registry, definition, &stated),
        population: stated.population,
        claims: basis.claims(),
    })
}

/// What they count differently from the definition.
pub(crate) fn differences(registry: &Registry, ours: &Definition, theirs: &Stated) -> Vec<String> {
    let mut differences = Vec::new();
    match &theirs.unit {
        None => differences.push("unit not stated".into()),
        Some(unit) if same_unit(registry, ours, unit) => {}
        Some(unit) => differences.push(format!("unit: {}, not {}", named(registry, unit), ours.unit)),
    }
    if let Some(population) = &theirs.population {
        differences.push(format!("population, in their words: {population}"));
    }
    if !theirs.groups.is_empty() {
        differences.extend(compared(registry, "groups of victims", &ours.victim_groups, &theirs.groups));
    } else if theirs.population.is_none() && !ours.victim_groups.is_empty() {
        differences.push("population not stated".into());
    }
    if theirs.kinds.is_empty() {
        differences.push("types of acts not stated".into());
    } else {
        differences.extend(compared(registry, "types of acts", &ours.acts, &theirs.kinds));
    }
    differences.extend(window(ours, theirs));
    if theirs.rounded {
        differences.push("a rounded number".into());
    }
    differences
}

/// “persons” for persons; for acts “acts”, or the plural of the one type that is counted.
fn same_unit(registry: &Registry, ours: &Definition, theirs: &Term) -> bool {
    let own = |code: &str| Term::new("counting-units", code).is_ok_and(|own| registry.narrower_or_equal(theirs, &own));
    match ours.unit {
        Unit::Persons => theirs.code == "persons",
        Unit::Acts => {
            let plural = theirs.code.strip_suffix('s').unwrap_or(&theirs.code);
            theirs.code == "acts" || (own("acts") && ours.acts.iter().any(|act| act.code == plural))
        }
    }
}

/// “types of acts: threat and detention too”, “types of acts: without arrest”.
fn compared(registry: &Registry, what: &str, ours: &[Term], theirs: &[Term]) -> Option<String> {
    let list =
        |terms: Vec<&Term>| terms.into_iter().map(|term| named(registry, term)).collect::<Vec<_>>().join(" and ");
    if ours.is_empty() {
        return Some(format!("{what}: {} only", list(theirs.iter().collect())));
    }
    let more: Vec<&Term> = theirs.iter().filter(|t| !ours.iter().any(|o| registry.narrower_or_equal(t, o))).collect();
    let less: Vec<&Term> = ours.iter().filter(|o| !theirs.iter().any(|t| registry.narrower_or_equal(o, t))).collect();
    // Something narrower of ours is counted: say what, not only what is not.
    let narrower: Vec<&Term> =
        theirs.iter().filter(|t| less.iter().any(|o| registry.narrower_or_equal(t, o))).collect();
    let mut parts = Vec::new();
    if !more.is_empty() {
        parts.push(format!("{} too", list(more)));
    }
    if !narrower.is_empty() {
        parts.push(format!("only {}", list(narrower)));
    } else if !less.is_empty() {
        parts.push(format!("without {}", list(less)));
    }
    (!parts.is_empty()).then(|| format!("{what}: {}", parts.join(", ")))
}

/// “window: 16 August 2020 to 16 November 2020, 26 days in common with ours”.
fn window(ours: &Definition, theirs: &Stated) -> Option<String> {
    let Some(window) = &theirs.window else {
        return Some(match &theirs.as_of {
            Some(day) => format!("window not stated, as of {}", span(day)),
            None => "window not stated".into(),
        });
    };
    if window.agreement(&ours.window) == Agreement::Same {
        return None;
    }
    let common = match window.overlap_days(&ours.window) {
        Some(0) => "no day in common with ours".into(),
        Some(1) => "1 day in common with ours".into(),
        Some(days) => format!("{days} days in common with ours"),
        None => "without end, as ours is".into(),
    };
    Some(format!("window: {}, {common}", span(window)))
}

/// A window for people: “31 July 2020 to 10 September 2020”.
fn span(window: &Date) -> String {
    let plain = window.is_interval() && !window.is_approximate() && !window.is_uncertain();
    match window.possible_range() {
        (Some(first), Some(last)) if plain => {
            format!("{} to {}", Date::of_day(first).display("en"), Date::of_day(last).display("en"))
        }
        _ => window.display("en"),
    }
}

/// A term's label, without the capital that begins it.
fn named(registry: &Registry, term: &Term) -> String {
    let label = registry.term(term).map_or(term.code.as_str(), |entry| entry.label.en.as_str());
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}

fn terms(record: &Record, property: &str) -> Vec<Term> {
    let values = record.property(property).map(|property| property.values.as_slice()).unwrap_or_default();
    let mut terms: Vec<Term> = values
        .iter()
        .filter_map(|value| match &value.value {
            Value::Term(term) => Some(term.clone()),
            _ => None,
        })
        .collect();
    // The order of the values is that of their weight; among groups or types no one is first.
    if property != "unit" {
        terms.sort();
    }
    terms
}

fn date(record: &Record, property: &str) -> Option<Date> {
    match record.first(property).map(|value| &value.value) {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const OURS: &str = "figure: f\ntitle: t\ndefinition: d\nunit: persons\nacts: [arrest]\nvictimGroups: [human-rights-defender]\n\
                        window: 2020-07-31/2020-09-10\nstandard: all-allegations\n";

    fn terms(vocabulary: &str, codes: &[&str]) -> Vec<Term> {
        codes.iter().map(|code| Term::new(vocabulary, code).unwrap()).collect()
    }

    fn told(theirs: &Stated) -> Vec<String> {
        differences(&Registry::builtin().unwrap(), &Definition::parse(OURS).unwrap(), theirs)
    }

    /// The two counts of 2020 that are most often set against each other: they must not be added or called contradictory without unit, window and population.
    #[test]
    fn the_counts_of_2020() {
        let experts = Stated {
            unit: terms("counting-units", &["persons"]).pop(),
            groups: terms("victim-groups", &["human-rights-defender"]),
            kinds: terms("acts", &["arrest", "detention", "threat"]),
            window: Some(Date::parse("2020-08-16/2020-11-16").unwrap()),
            ..Stated::default()
        };
        assert_eq!(
            told(&experts),
            [
                "types of acts: detention and threat too",
                "window: 16 August 2020 to 16 November 2020, 26 days in common with ours"
            ]
        );
        let licadho = Stated {
            unit: terms("counting-units", &["arrests"]).pop(),
            population: Some("human rights defenders and activists".into()),
            groups: terms("victim-groups", &["human-rights-defender"]),
            kinds: terms("acts", &["arrest"]),
            window: Some(Date::parse("2020-07-31/2020-09-10").unwrap()),
            ..Stated::default()
        };
        assert_eq!(
            told(&licadho),
            ["unit: arrests, not persons", "population, in their words: human rights defenders and activists"]
        );
    }

    #[test]
    fn what_is_not_stated_is_told_so() {
        let nothing = ["unit not stated", "population not stated", "types of acts not stated", "window not stated"];
        assert_eq!(told(&Stated::default()), nothing);
    }

    #[test]
    fn wider_narrower_and_apart() {
        let registry = Registry::builtin().unwrap();
        let groups = |theirs: &[&str]| {
            let ours = terms("victim-groups", &["human-rights-defender"]);
            compared(&registry, "groups", &ours, &terms("victim-groups", theirs))
        };
        assert_eq!(groups(&["human-rights-defender", "land-rights-defender"]), None);
        assert_eq!(groups(&["land-rights-defender"]).unwrap(), "groups: only land rights defender");
        assert_eq!(groups(&["journalist"]).unwrap(), "groups: journalist too, without human rights defender");
    }

    #[test]
    fn a_window_with_an_unknown_end_is_compared_as_far_as_it_goes() {
        let theirs = Stated { window: Some(Date::parse("2020-07-31/").unwrap()), ..Stated::default() };
        assert_eq!(told(&theirs).pop().unwrap(), "window: from 31 July 2020, end unknown, 42 days in common with ours");
    }
}
