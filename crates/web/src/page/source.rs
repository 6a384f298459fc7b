//! A source: the document's text with its claims marked in it, and the claims beside.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ledger::{ClaimState, ClaimView, ObjectHash};
use schema::EntityId;
use serde_json::json;
use workspace::Text;

use crate::Site;
use crate::account::{self, Line};
use crate::ask::Ask;
use crate::assets;
use crate::json;
use crate::marked::{Paragraph, Span, paragraph_end, paragraphs};
use crate::markup::{Words, counted, shortened, thousands};
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, data, html_with_script, see};
use crate::shell::{Nav, Shell};

/// Code points of text on one page; longer documents are read in parts.
const PART: usize = 24_000;
/// Claims without words that one page lists.
const WORDLESS: usize = 60;

/// Rows of a list that a page still shows as a document with its claims.
const LONGEST_LIST: u64 = 500;

#[derive(Template)]
#[template(path = "source.html")]
struct Page {
    shell: Shell,
    script: &'static str,
    id: String,
    kind: String,
    title: Words,
    lede: String,
    paragraphs: Vec<Paragraph>,
    no_text: Option<String>,
    groups: Vec<Group>,
    wordless: Vec<Statement>,
    wordless_number: usize,
    wordless_more: usize,
    part: usize,
    parts: usize,
    about: Vec<Line>,
    custody: Vec<Custody>,
}

/// Claims that rest on the same words.
struct Group {
    number: usize,
    words: Words,
    in_text: Option<String>,
    claims: Vec<Statement>,
}

/// What is said of one thing by one voice.
struct Statement {
    about: Words,
    /// Who says so, where it is not the document's own voice.
    by: Option<Words>,
    why: Words,
    said: Vec<Said>,
}

struct Said {
    id: String,
    property: String,
    value: Words,
    gone: bool,
}

struct Custody {
    name: Words,
    size: String,
    sha256: String,
    events: Vec<Words>,
}

/// A stretch of words that claims rest on, before it is shown.
struct Quoted<'a> {
    start: Option<usize>,
    end: usize,
    words: &'a str,
    claims: Vec<&'a ClaimView>,
}

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let id = room.entity(&id)?;
        let schema = room.reader.schema_of(id)?.ok_or(Problem::NotFound)?;
        if !room.registry().schema(&schema).is_some_and(|schema| schema.is_source) {
            return Err(Problem::NotFound);
        }
        // A long list is no text to read: its own page shows its rows, some at a time.
        let long = |list: &lists::List| list.document == id.to_string() && list.rows > LONGEST_LIST;
        if !room.ask.json && lists::lists_in(&room.reader)?.iter().any(long) {
            return Ok(see(&format!("/lists/{id}")));
        }
        let claims = room.reader.claims_in(id)?;
        if room.ask.json {
            return Ok(data(
                &json!({"id": id.to_string(), "label": room.reader.label(id)?, "position": room.reader.position(),
                                   "claims": json::claims(&claims)}),
            ));
        }
        html_with_script(&view(room, id, &schema, &claims)?, StatusCode::OK)
    })
    .await
}

fn view(room: &Room<'_>, id: EntityId, schema: &str, claims: &[ClaimView]) -> Result<Page, Problem> {
    let record = room.reader.record(id)?.ok_or(Problem::NotFound)?;
    // The publisher's voice is the document's own: it is named below, once.
    let own = record.first("publisher").and_then(|publisher| match publisher.value {
        schema::Value::Entity(publisher) => Some(publisher),
        _ => None,
    });
    let (found, no_text) = text_of(room, id);
    let (text, object) = found.map_or((None, None), |found| (Some(found.text), Some(found.object)));
    let chars: Vec<char> = text.as_deref().unwrap_or_default().chars().collect();
    let quoted = quoted(claims, text.as_deref().unwrap_or_default(), object, chars.len());
    let starts = parts(&chars);
    let wanted = room.ask.query.get("claim");
    let at = quoted.iter().find(|q| q.claims.iter().any(|claim| claim.id.to_string() == wanted)).and_then(|q| q.start);
    let part = match at {
        Some(at) => starts.partition_point(|start| *start <= at).max(1),
        None => usize::try_from(room.ask.query.number("part").unwrap_or(1)).unwrap_or(1).clamp(1, starts.len()),
    };
    let from = starts.get(part - 1).copied().unwrap_or(0);
    let to = starts.get(part).copied().unwrap_or(chars.len());
    let mut spans = Vec::new();
    let mut groups = Vec::new();
    for (index, q) in quoted.iter().enumerate() {
        let number = index + 1;
        if q.start.is_some_and(|start| start < from || start >= to) {
            continue;
        }
        let anchors: Vec<String> = q.claims.iter().map(|claim| claim.id.to_string()).collect();
        let in_text = q.start.and(anchors.first().cloned());
        if let Some(start) = q.start {
            spans.push(Span { start, end: q.end, number, anchors, ..Span::default() });
        }
        let claims = statements(room, &q.claims, own)?;
        groups.push(Group { number, words: Words::of(&shortened(q.words, 160)), in_text, claims });
    }
    let mut wordless: Vec<&ClaimView> = claims.iter().filter(|claim| claim.locator.is_none()).collect();
    // What a source says of itself is its description, shown as such below.
    wordless.retain(|claim| claim.entity != id);
    let about = account::lines(room, &record)?;
    let said = claims.iter().filter(|claim| claim.entity != id).count();
    Ok(Page {
        shell: room.shell(&record.label, Nav::Documents)?,
        script: assets::script(),
        id: id.to_string(),
        kind: room.schema_label(schema),
        title: Words::of(&record.label),
        lede: match said {
            0 => "Nothing is claimed from it yet, in this view.".into(),
            n => format!(
                "{} rest on it, in {}.",
                counted(n, "claim", "claims"),
                counted(quoted.len(), "passage", "passages")
            ),
        },
        paragraphs: text.as_deref().map(|text| paragraphs(text, from, to, &spans)).unwrap_or_default(),
        no_text,
        groups,
        wordless_number: wordless.len(),
        wordless_more: wordless.len().saturating_sub(WORDLESS),
        wordless: statements(room, wordless.get(..WORDLESS).unwrap_or(&wordless), own)?,
        part,
        parts: starts.len(),
        about,
        custody: custody(room, id)?,
    })
}

/// The text, or why it is not shown.
fn text_of(room: &Room<'_>, id: EntityId) -> (Option<Text>, Option<String>) {
    match room.site.workspace.text_of(&room.reader, id) {
        Ok(Some(text)) => (Some(text), None),
        Ok(None) => {
            (None, Some("The workspace holds no text of this source; what it says is quoted beside each claim.".into()))
        }
        Err(error) => (None, Some(format!("{} {}", capitalised(&error.to_string()), error.hint().unwrap_or_default()))),
    }
}

/// Claims with words, gathered by the words, in the order of the text. Words that were counted in an earlier reading of the document
/// are looked for in this one.
fn quoted<'a>(claims: &'a [ClaimView], text: &str, object: Option<ObjectHash>, length: usize) -> Vec<Quoted<'a>> {
    let mut all: Vec<Quoted<'_>> = Vec::new();
    for claim in claims {
        let Some(locator) = &claim.locator else { continue };
        let counted = match (locator.text_of, object) {
            (Some(of), Some(object)) if of != object => intake::place(text, locator),
            _ => locator.start.zip(locator.end),
        };
        let span = counted.and_then(|(start, end)| {
            let span = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
            (span.0 < span.1 && span.1 <= length).then_some(span)
        });
        let (start, end) = span.map_or((None, 0), |(start, end)| (Some(start), end));
        match all.iter_mut().find(|q| q.start == start && q.end == end && q.words == locator.exact) {
            Some(known) => known.claims.push(claim),
            None => all.push(Quoted { start, end, words: &locator.exact, claims: vec![claim] }),
        }
    }
    all.sort_by_key(|q| (q.start.unwrap_or(usize::MAX), q.end));
    all
}

/// Where each part of a long text begins: at a paragraph.
pub fn parts(chars: &[char]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = PART;
    while at < chars.len() {
        let end = paragraph_end(chars, at, chars.len().min(at + PART / 2));
        if end >= chars.len() {
            break;
        }
        starts.push(end);
        at = end + PART;
    }
    starts
}

/// Claims, gathered by what they are about, who says so, and why there are no words.
fn statements(room: &Room<'_>, claims: &[&ClaimView], own: Option<EntityId>) -> Result<Vec<Statement>, Problem> {
    let mut keys: Vec<(EntityId, Option<EntityId>, Option<&str>)> = Vec::new();
    let mut all: Vec<Statement> = Vec::new();
    for claim in claims {
        let asserter = claim.asserter.filter(|asserter| Some(*asserter) != own);
        let key = (claim.entity, asserter, claim.no_words.as_deref());
        let at = match keys.iter().position(|known| *known == key) {
            Some(at) => at,
            None => {
                keys.push(key);
                all.push(Statement {
                    about: room.link(claim.entity)?,
                    by: asserter.map(|_| Words::of(&claim.asserter_label)),
                    why: Words::of(claim.no_words.as_deref().unwrap_or_default()),
                    said: Vec::new(),
                });
                keys.len() - 1
            }
        };
        let said = said(room, claim)?;
        if let Some(statement) = all.get_mut(at) {
            statement.said.push(said);
        }
    }
    Ok(all)
}

fn said(room: &Room<'_>, claim: &ClaimView) -> Result<Said, Problem> {
    let schema = room.reader.schema_of(claim.entity)?;
    let label = schema
        .and_then(|schema| Some(room.registry().property(&schema, &claim.property).ok()?.label.get("en").to_owned()));
    let value = match &claim.value {
        Some(schema::Value::Entity(id)) => room.link(*id)?,
        _ => Words::of(&shortened(&claim.display, 200)),
    };
    Ok(Said {
        id: claim.id.to_string(),
        property: label.unwrap_or_else(|| claim.property.clone()),
        value,
        gone: !matches!(claim.state, ClaimState::Stands),
    })
}

fn custody(room: &Room<'_>, id: EntityId) -> Result<Vec<Custody>, Problem> {
    let objects = room.reader.objects_of(id)?.into_iter().map(|object| {
        let first = object.custody.first().map(|(custody, _, _)| custody);
        let events = object.custody.iter().map(|(custody, at, by)| {
            let method = custody.method.as_deref().map(|method| format!(", {method}")).unwrap_or_default();
            Words::of(&format!(
                "{} on {} by {by}{method}: {}",
                capitalised(custody.event.as_str()),
                at.date(),
                custody.reason
            ))
        });
        Custody {
            name: Words::of(first.and_then(|custody| custody.file_name.as_deref()).unwrap_or("without a file name")),
            size: first
                .and_then(|custody| custody.size)
                .map(|size| format!("{} bytes", thousands(size)))
                .unwrap_or_default(),
            sha256: object.object.to_string(),
            events: events.collect(),
        }
    });
    Ok(objects.collect())
}
