//! A thing: what its claims add up to in this view, with the things that point at it.

use std::process::ExitCode;

use ledger::{ClaimView, PropertyView, Reader, Record, Related, ValueView};
use schema::EntityId;
use serde_json::{Map, Value, json};

use crate::arguments::{Asked, Common};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, asked: &Asked) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let id = open::the_thing(&reader, &asked.thing)?;
    let Some(record) = reader.record(id)? else {
        return Err(Failure::new(format!("there is no “{}” in this view", asked.thing), "ask with a wider view"));
    };
    if common.json {
        text::json(&as_json(&reader, &record)?)?;
    } else {
        text::out(&as_text(&reader, &record)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(reader: &Reader<'_>, record: &Record) -> Result<Value, Failure> {
    let mut related = Vec::new();
    for relation in reader.related(record.id)? {
        related.push(related_json(reader, &relation, true)?);
    }
    Ok(json!({
        "id": record.id.to_string(),
        "schema": record.schema,
        "label": record.label,
        "position": reader.position(),
        "clearance": reader.cleared().to_string(),
        "standard": reader.standard().name,
        "same_as": record.merged.iter().map(EntityId::to_string).collect::<Vec<_>>(),
        "properties": properties(record),
        "related": related,
    }))
}

/// A related thing in full; a proceeding brings its steps, an incident its acts, but no more than that.
fn related_json(reader: &Reader<'_>, relation: &Related, with_parts: bool) -> Result<Value, Failure> {
    let record = reader.record(relation.id)?;
    let mut object = Map::new();
    object.insert("relation".into(), relation.relation.clone().into());
    object.insert("id".into(), relation.id.to_string().into());
    object.insert("schema".into(), relation.schema.clone().into());
    object.insert("label".into(), relation.title.clone().into());
    object.insert("properties".into(), record.as_ref().map_or_else(|| Value::Object(Map::new()), properties));
    if with_parts {
        let mut parts = Vec::new();
        for part in reader.related(relation.id)?.iter().filter(|part| part.part) {
            parts.push(related_json(reader, part, false)?);
        }
        object.insert("related".into(), parts.into());
    }
    Ok(Value::Object(object))
}

fn properties(record: &Record) -> Value {
    let values = |property: &PropertyView| property.values.iter().map(value).collect::<Vec<_>>();
    Value::Object(record.properties.iter().map(|property| (property.name.clone(), values(property).into())).collect())
}

fn value(view: &ValueView) -> Value {
    json!({
        "value": view.value.canonical(),
        "display": view.display,
        "lang": view.value.lang().map(ToString::to_string),
        "preferred": view.preferred,
        "why": view.why,
        "verification": view.verification.as_str(),
        "roots": view.roots,
        "claims": view.claims.iter().map(claim).collect::<Vec<_>>(),
    })
}

/// One claim as data; the shape that `show`, `claims` and the figures' lists share.
pub fn claim(claim: &ClaimView) -> Value {
    json!({
        "id": claim.id.to_string(),
        "asserter": claim.asserter_label,
        "source": claim.source_label,
        "source_id": claim.source.map(|id| id.to_string()),
        "quote": claim.quote(),
        "locator": claim.locator.as_ref().map(|locator| json!({
            "start": locator.start,
            "end": locator.end,
            "page": locator.page,
            "prefix": locator.prefix,
            "suffix": locator.suffix,
            "text_of": locator.text_of.map(|object| object.to_string()),
        })),
        "no_words": claim.no_words,
        "recorded_at": claim.recorded_at.to_string(),
        "recorded_by": claim.recorded_by,
        "position": claim.position,
        "verification": claim.verification.as_str(),
        "credibility": claim.credibility,
        "clearance": claim.clearance.to_string(),
        "note": claim.note,
    })
}

fn as_text(reader: &Reader<'_>, record: &Record) -> Result<String, Failure> {
    let mut lines = vec![
        format!("{} ({})", record.label, record.schema),
        format!(
            "{} · {} claims from {} sources, {} independent · position {}, {}, {}",
            record.id,
            record.claims,
            record.sources.len(),
            record.roots,
            reader.position(),
            reader.cleared(),
            reader.standard().label.en,
        ),
    ];
    for property in &record.properties {
        lines.push(String::new());
        lines.push(property.label.en.clone());
        for view in &property.values {
            let mark = if view.preferred { '•' } else { '◦' };
            lines.push(format!(
                "  {mark} {}  [{}; {}]",
                view.display,
                view.verification.as_str().replace('-', " "),
                view.why
            ));
            for claim in &view.claims {
                let words = match (claim.quote(), &claim.no_words) {
                    (Some(quote), _) => format!("“{quote}”"),
                    (None, Some(reason)) => format!("({reason})"),
                    (None, None) => "(words not in this view)".into(),
                };
                let who = [claim.asserter_label.as_str(), claim.source_label.as_str()];
                let who: Vec<&str> = who.into_iter().filter(|name| !name.is_empty()).collect();
                lines.push(format!("      {}: {words}", who.join(", in ")));
            }
        }
    }
    let related = reader.related(record.id)?;
    if !related.is_empty() {
        lines.push(String::new());
    }
    for relation in related {
        lines.push(format!("{}: {} ({}) {}", relation.label.en, relation.title, relation.schema, relation.id));
    }
    Ok(lines.join("\n"))
}
