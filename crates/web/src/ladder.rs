//! A proceeding as a ladder of steps, in the order of their dates.

use ledger::Record;
use schema::{Agreement, EntityId, Value};

use crate::markup::Words;
use crate::problem::Problem;
use crate::room::Room;

pub struct Ladder {
    pub title: Words,
    pub href: String,
    pub under: Words,
    pub steps: Vec<Step>,
}

pub struct Step {
    pub when: String,
    /// No single day: drawn dotted.
    pub vague: bool,
    pub what: Words,
    pub outcome: Words,
    /// Accounts that differ, each as a sentence.
    pub differing: Vec<Words>,
}

/// What a step came to, in this order.
const OUTCOME: [&str; 8] = ["verdict", "sentence", "fine", "damages", "charge", "provision", "result", "execution"];
/// Values that are not understood without their label.
const LABELLED: [&str; 2] = ["fine", "damages"];

/// The ladder of a proceeding; `None` if it has no steps in this view.
pub fn ladder(room: &Room<'_>, proceeding: EntityId) -> Result<Option<Ladder>, Problem> {
    let Some(record) = room.reader.record(proceeding)? else { return Ok(None) };
    let mut steps = Vec::new();
    let all = record.property("defendant").map_or(0, |property| property.values.len());
    for related in room.reader.related(proceeding)? {
        if !(related.part && room.registry().is_a(&related.schema, "ProceedingStep")) {
            continue;
        }
        if let Some(record) = room.reader.record(related.id)? {
            steps.push((related.sort, step(room, &record, all)?));
        }
    }
    if steps.is_empty() {
        return Ok(None);
    }
    steps.sort_by(|a, b| a.0.cmp(&b.0));
    let under: Vec<Words> =
        ["court", "provision"].iter().map(|name| listed(room, &record, name)).collect::<Result<_, _>>()?;
    let under: Vec<Words> = under.into_iter().filter(|words| !words.is_empty()).collect();
    Ok(Some(Ladder {
        title: Words::of(&record.label),
        href: format!("/entity/{}", record.id),
        under: Words::joined(&under, " · "),
        steps: steps.into_iter().map(|(_, step)| step).collect(),
    }))
}

/// One step; whom it is about is said where it is not all of the defendants.
fn step(room: &Room<'_>, record: &Record, all: usize) -> Result<Step, Problem> {
    let best = |name: &str| record.property(name).and_then(|property| property.values.first());
    let date = best("date");
    let (when, vague) = match date.map(|date| (&date.value, date)) {
        Some((Value::Date(value), view)) => {
            let (first, last) = value.possible_range();
            (view.display.clone(), first.is_none() || first != last)
        }
        _ => ("date not recorded".into(), true),
    };
    let name = best("type").map_or_else(|| record.label.clone(), |kind| kind.display.clone());
    let some = record.property("defendant").is_some_and(|property| property.values.len() < all);
    let shown = some.then_some("defendant").into_iter().chain(OUTCOME);
    let outcome: Vec<Words> = shown.map(|name| listed(room, record, name)).collect::<Result<_, _>>()?;
    let outcome: Vec<Words> = outcome.into_iter().filter(|words| !words.is_empty()).collect();
    let mut differing = Vec::new();
    for property in &record.properties {
        for value in property.values.iter().skip(1).filter(|value| value.agrees == Some(Agreement::Different)) {
            let who = value.claims.first().map_or("", |claim| claim.asserter_label.as_str());
            let label = property.label.get("en").to_lowercase();
            differing.push(Words::of(&format!("Another account ({label}): {}, {who}", value.display)));
        }
    }
    Ok(Step {
        when,
        vague,
        what: Words::of(&name).linked(&format!("/entity/{}", record.id)),
        outcome: Words::joined(&outcome, " · "),
        differing,
    })
}

/// The values of a property in one line: the preferred one, or all where several stand side by side.
fn listed(room: &Room<'_>, record: &Record, name: &str) -> Result<Words, Problem> {
    let Some(property) = record.property(name) else { return Ok(Words::default()) };
    let take = if property.cardinality == schema::Cardinality::One { 1 } else { 6 };
    let parts: Vec<Words> = property
        .values
        .iter()
        .take(take)
        .map(|value| match &value.value {
            Value::Entity(id) => room.link(*id),
            _ => Ok(Words::of(&value.display)),
        })
        .collect::<Result<_, _>>()?;
    let listed = Words::joined(&parts, ", ");
    if LABELLED.contains(&name) && !parts.is_empty() {
        let label = Words::of(&format!("{}:", property.label.get("en").to_lowercase()));
        return Ok(Words::joined(&[label, listed], " "));
    }
    Ok(listed)
}
