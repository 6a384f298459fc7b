//! The data twins of the pages, in the shape that the command line prints too.

use ledger::{Card, ClaimState, ClaimView, Page, Reader, Record};
use serde_json::{Map, Value, json};

use crate::problem::Problem;

/// `{"id","schema","label","position","properties":{NAME:[{"value","preferred","why","verification","claims":[…]}]},"related":[…]}`
pub fn record(reader: &Reader<'_>, record: &Record) -> Result<Value, Problem> {
    let mut properties = Map::new();
    for property in &record.properties {
        let values: Vec<Value> = property
            .values
            .iter()
            .map(|value| {
                json!({
                    "value": value.value.canonical(),
                    "display": value.display,
                    "preferred": value.preferred,
                    "why": value.why,
                    "verification": value.verification.as_str(),
                    "roots": value.roots,
                    "claims": value.claims.iter().map(claim).collect::<Vec<_>>(),
                })
            })
            .collect();
        properties.insert(property.name.clone(), json!(values));
    }
    let related: Vec<Value> = reader
        .related(record.id)?
        .iter()
        .map(|other| json!({"relation": other.relation, "id": other.id.to_string(), "schema": other.schema, "label": other.title}))
        .collect();
    Ok(json!({
        "id": record.id.to_string(),
        "schema": record.schema,
        "label": record.label,
        "position": reader.position(),
        "standard": reader.standard().name,
        "merged": record.merged.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "properties": properties,
        "related": related,
    }))
}

/// One claim.
#[must_use]
pub fn claim(claim: &ClaimView) -> Value {
    let state = match &claim.state {
        ClaimState::Stands => "stands",
        ClaimState::OutsideStandard => "outside-standard",
        ClaimState::Retracted { .. } => "retracted",
        ClaimState::Erased { .. } => "erased",
        ClaimState::NotUnderstood => "not-understood",
    };
    json!({
        "id": claim.id.to_string(),
        "entity": claim.entity.to_string(),
        "property": claim.property,
        "value": claim.value.as_ref().map(schema::Value::canonical),
        "display": claim.display,
        "asserter": claim.asserter_label,
        "source": claim.source.map(|id| id.to_string()),
        "source_label": claim.source_label,
        "quote": claim.locator.as_ref().map(|locator| locator.exact.clone()),
        "no_words": claim.no_words,
        "recorded_at": claim.recorded_at.to_string(),
        "recorded_by": claim.recorded_by,
        "position": claim.position,
        "verification": claim.verification.as_str(),
        "state": state,
    })
}

#[must_use]
pub fn claims(claims: &[ClaimView]) -> Value {
    json!(claims.iter().map(claim).collect::<Vec<_>>())
}

/// A page of a list.
#[must_use]
pub fn cards(page: &Page<Card>, position: u64) -> Value {
    let items: Vec<Value> = page
        .items
        .iter()
        .map(|card| {
            json!({"id": card.id.to_string(), "schema": card.schema, "label": card.label, "summary": card.summary,
                   "date": card.date, "claims": card.claims, "disputed": card.disputed})
        })
        .collect();
    json!({"position": position, "total": page.total, "next": page.next, "items": items})
}
