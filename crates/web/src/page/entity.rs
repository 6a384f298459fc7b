//! An entity: what is claimed, by whom, in which words; the other accounts; what belongs to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{ClaimView, Record, Related};
use schema::EntityId;

use crate::Site;
use crate::account::{self, Line};
use crate::ask::Ask;
use crate::json;
use crate::ladder::{Ladder, ladder};
use crate::markup::{Words, counted, shortened};
use crate::problem::Problem;
use crate::room::{Room, answer, data, html};
use crate::shell::{Nav, Shell};

/// How many of one relation are shown before the rest is a number.
const SHOWN: usize = 40;
/// How many sources the margin names.
const SOURCES: usize = 15;

#[derive(Template)]
#[template(path = "entity.html")]
struct Page {
    shell: Shell,
    id: String,
    kind: Words,
    title: Words,
    other_name: Option<Words>,
    summary: Option<Words>,
    totals: String,
    saved: Option<Saved>,
    is_source: bool,
    lines: Vec<Line>,
    ladders: Vec<Ladder>,
    relations: Vec<Relation>,
    counted_in: Vec<Words>,
    lists: Vec<OnList>,
    sources: Vec<(Words, String)>,
    more_sources: usize,
    merged: Vec<String>,
    clearance: String,
    judgements: Vec<Words>,
}

/// A list that knows it.
pub struct OnList {
    pub list: Words,
    pub by: Words,
    pub spellings: Words,
    pub rows: String,
}

pub struct Relation {
    pub label: Words,
    pub number: usize,
    pub items: Vec<(Words, Words)>,
    pub more: usize,
}

/// What happened since a form was opened: shown after it was saved.
pub struct Saved {
    pub entry: u64,
    pub opened: u64,
    pub since: Vec<Since>,
}

pub struct Since {
    pub text: Words,
    pub entry: u64,
}

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let id = room.entity(&id)?;
        let record = room.reader.record(id)?.ok_or(Problem::NotFound)?;
        if room.ask.json {
            return Ok(data(&json::record(&room.reader, &record)?));
        }
        html(&view(room, id, &record)?)
    })
    .await
}

fn view(room: &Room<'_>, asked: EntityId, record: &Record) -> Result<Page, Problem> {
    let here = section(room, &record.schema);
    let lines = account::lines(room, record)?;
    let related = room.reader.related(record.id)?;
    let is_source = room.registry().schema(&record.schema).is_some_and(|schema| schema.is_source);
    let sources = record.sources.iter().take(SOURCES).map(|source| {
        let label = Words::of(&shortened(&source.label, 90)).linked(&format!("/source/{}", source.id));
        (label, counted(source.claims, "claim", "claims"))
    });
    Ok(Page {
        shell: room.shell(&record.label, here)?,
        id: record.id.to_string(),
        kind: kind(room, record)?,
        title: Words::of(&record.label),
        other_name: other_name(record),
        summary: text_of(record, "summary"),
        totals: account::totals(record.sources.len(), record.roots, record.claims, record.disputed),
        saved: saved(room, asked)?,
        is_source,
        lines,
        ladders: ladders(room, record, &related)?,
        relations: relations(room, &related)?,
        counted_in: counted_in(room, record)?,
        lists: on_lists(room, record.id)?,
        sources: sources.collect(),
        more_sources: record.sources.len().saturating_sub(SOURCES),
        merged: record.merged.iter().map(ToString::to_string).collect(),
        clearance: record.clearance.to_string(),
        judgements: judgements(room, record)?,
    })
}

/// Figures count people, groups and acts: nothing else is looked for in their lists.
fn counted_in(room: &Room<'_>, record: &Record) -> Result<Vec<Words>, Problem> {
    let counts = ["Person", "Group", "Act"].iter().any(|schema| room.registry().is_a(&record.schema, schema));
    if counts { room.site.figures.holding(room, record.id) } else { Ok(Vec::new()) }
}

/// Which lists know it, and how each of them writes the name.
fn on_lists(room: &Room<'_>, id: EntityId) -> Result<Vec<OnList>, Problem> {
    let known = lists::knows(&room.reader, id)?.into_iter().filter(|known| !known.rows.is_empty());
    let shown = known.map(|known| {
        let spellings: Vec<Words> = known.spellings.iter().map(|name| Words::of(name)).collect();
        OnList {
            list: Words::of(&known.list).linked(&format!("/lists/{}", known.document)),
            by: Words::of(known.by.as_deref().unwrap_or_default()),
            spellings: Words::joined(&spellings, ", "),
            rows: known.rows.join(", "),
        }
    });
    Ok(shown.collect())
}

/// The part of the site that shows things of this schema.
#[must_use]
pub fn section(room: &Room<'_>, schema: &str) -> Nav {
    let registry = room.registry();
    for (ancestor, nav) in [("Person", Nav::People), ("Proceeding", Nav::Proceedings), ("Document", Nav::Documents)] {
        if registry.is_a(schema, ancestor) {
            return nav;
        }
    }
    Nav::Library
}

/// “Person · trade unionist”: the schema, and what it is featured by.
fn kind(room: &Room<'_>, record: &Record) -> Result<Words, Problem> {
    let mut parts = vec![Words::of(&room.schema_label(&record.schema))];
    for name in ["occupation", "kind", "type"] {
        if let Some(property) = record.property(name) {
            let shown: Vec<String> =
                property.values.iter().take(2).map(|value| shortened(&value.display, 60)).collect();
            parts.push(Words::of(&shown.join(", ")));
        }
    }
    Ok(Words::joined(&parts, " · "))
}

/// The name in the other script, beside the title.
fn other_name(record: &Record) -> Option<Words> {
    let khmer = |text: &str| text.chars().any(|c| matches!(c, '\u{1780}'..='\u{17ff}'));
    if khmer(&record.label) {
        return None;
    }
    let values = record.property("name")?.values.iter();
    values.map(|value| value.display.as_str()).find(|name| khmer(name)).map(Words::of)
}

fn text_of(record: &Record, property: &str) -> Option<Words> {
    record.property(property)?.values.first().map(|value| Words::of(&value.display))
}

/// A proceeding's own steps; a person's or an organisation's proceedings with theirs.
fn ladders(room: &Room<'_>, record: &Record, related: &[Related]) -> Result<Vec<Ladder>, Problem> {
    if room.registry().is_a(&record.schema, "Proceeding") {
        return Ok(ladder(room, record.id)?.into_iter().collect());
    }
    let proceedings = related.iter().filter(|other| other.property == "defendant" && other.schema == "Proceeding");
    let mut all = Vec::new();
    for proceeding in proceedings.take(12) {
        all.extend(ladder(room, proceeding.id)?);
    }
    Ok(all)
}

/// What points at it, by what it is to it.
fn relations(room: &Room<'_>, related: &[Related]) -> Result<Vec<Relation>, Problem> {
    let mut groups: Vec<(String, Vec<&Related>)> = Vec::new();
    let in_ladders = |other: &Related| {
        (other.part || other.property == "defendant")
            && matches!(other.schema.as_str(), "ProceedingStep" | "Proceeding")
    };
    for other in related.iter().filter(|other| !in_ladders(other)) {
        let label = other.label.get("en");
        match groups.iter_mut().find(|(known, _)| known == label) {
            Some((_, items)) => items.push(other),
            None => groups.push((label.to_owned(), vec![other])),
        }
    }
    groups
        .into_iter()
        .map(|(label, mut items)| {
            items.sort_by(|a, b| a.sort.cmp(&b.sort));
            let mixed = items.iter().any(|other| items.first().is_some_and(|first| first.schema != other.schema));
            let shown = items.iter().take(SHOWN).map(|other| {
                let title = Words::of(&other.title).linked(&format!("/entity/{}", other.id));
                Ok((title, beside(room, other, mixed)?))
            });
            Ok(Relation {
                label: Words::of(&label),
                number: items.len(),
                more: items.len().saturating_sub(SHOWN),
                items: shown.collect::<Result<_, Problem>>()?,
            })
        })
        .collect()
}

/// When, how many, and what where several kinds stand together: what the title does not say already.
fn beside(room: &Room<'_>, other: &Related, mixed: bool) -> Result<Words, Problem> {
    let mut parts = Vec::new();
    if mixed {
        parts.push(room.schema_label(&other.schema));
    }
    for name in ["date", "published", "sentOn", "count"] {
        if room.registry().property(&other.schema, name).is_err() {
            continue;
        }
        if let Some(value) = room.reader.value(other.id, name)? {
            parts.push(value.display(room.registry(), "en"));
        }
    }
    parts.retain(|part| !other.title.contains(part.as_str()));
    Ok(Words::of(&parts.join(" · ")))
}

/// Judgements that name it, in words.
fn judgements(room: &Room<'_>, record: &Record) -> Result<Vec<Words>, Problem> {
    let ours = |id: EntityId| id == record.id || record.merged.contains(&id);
    let mut said = Vec::new();
    let mut latest = std::collections::BTreeMap::new();
    for (judge, position) in room.reader.judgements()? {
        latest.insert((judge.a.min(judge.b), judge.a.max(judge.b)), (position, judge));
    }
    let mut latest: Vec<_> = latest.into_values().collect();
    latest.sort_by_key(|(position, _)| *position);
    for (position, judge) in latest {
        let other = match (ours(judge.a), ours(judge.b)) {
            (true, false) => judge.b,
            (false, true) => judge.a,
            _ => continue,
        };
        if room.reader.schema_of(other)?.is_none() {
            continue;
        }
        let verdict = match judge.verdict {
            ledger::Verdict::Same => "The same as ",
            ledger::Verdict::Different => "Not the same as ",
            ledger::Verdict::Unsure => "Perhaps the same as ",
            ledger::Verdict::Withdrawn => continue,
        };
        let why = Words::of(&format!(": {} (entry {position})", judge.reason));
        said.push(Words::joined(&[Words::of(verdict), room.link(other)?, why], ""));
    }
    Ok(said)
}

/// After a form: where it was saved, and what others said about this since the form was opened.
pub fn saved(room: &Room<'_>, id: EntityId) -> Result<Option<Saved>, Problem> {
    let (Some(entry), Some(opened)) = (room.ask.query.number("saved"), room.ask.query.number("since")) else {
        return Ok(None);
    };
    let claims: Vec<ClaimView> = room.reader.claims_about(id)?;
    let mut since: Vec<Since> = claims
        .iter()
        .filter(|claim| claim.position > opened && claim.position != entry)
        .map(|claim| Since {
            text: Words::of(&format!("{}: {} ({})", claim.property, claim.display, claim.recorded_by)),
            entry: claim.position,
        })
        .collect();
    for line in room.reader.history(id)? {
        if line.position > opened && line.position != entry && line.what != "claimed" {
            since.push(Since {
                text: Words::of(&format!("{}: {} ({})", line.what, line.text, line.recorded_by)),
                entry: line.position,
            });
        }
    }
    since.sort_by_key(|line| line.entry);
    Ok(Some(Saved { entry, opened, since }))
}
