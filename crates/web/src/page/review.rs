//! Review: a document with each proposal's words marked, and the proposals beside it, one of them open as a form.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ledger::{ClaimState, ClaimView};
use reading::Proposal;
use review::{Fault, Item, Plan, Sheet, State as Fate, Ties, Typed, draft};
use schema::EntityId;
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::assets;
use crate::form::review::{Shown, shown};
use crate::marked::{Paragraph, Span, paragraphs};
use crate::markup::{Words, counted, shortened};
use crate::page::source::parts;
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, data, html, html_with_script};
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    shell: Shell,
    script: &'static str,
    id: String,
    title: Words,
    paragraphs: Vec<Paragraph>,
    part: usize,
    parts: usize,
    decided: usize,
    total: usize,
    gone: usize,
    last: Option<Last>,
    now: Option<Now>,
    lines: Vec<Line>,
    low: Vec<Line>,
    low_open: bool,
    elsewhere: usize,
    tally: Tally,
    past: bool,
}

/// What was decided a moment ago.
struct Last {
    number: usize,
    what: Words,
    state: &'static str,
    class: &'static str,
    claims: String,
    reopened: bool,
    mine: bool,
}

/// The proposal in hand.
struct Now {
    number: usize,
    key: String,
    kind: String,
    heading: Words,
    drafted: String,
    fields: Vec<Shown>,
    further: Vec<Shown>,
    further_open: bool,
    faults: Vec<Fault>,
    fate: &'static str,
    class: &'static str,
    open: bool,
    by: Words,
    at: String,
    reason: Option<Words>,
    claims: Vec<(String, String, Words)>,
    low: bool,
    before: Option<String>,
    after: Option<String>,
    mine: bool,
}

/// A proposal in a line.
struct Line {
    number: usize,
    href: String,
    kind: &'static str,
    summary: Words,
    fate: &'static str,
    class: &'static str,
    here: bool,
}

/// What became of all of them.
#[derive(Default)]
struct Tally {
    accepted: usize,
    changed: usize,
    rejected: usize,
    claims: usize,
}

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let id = source(room, &id)?;
        let Some(sheet) = sheet(room, id)? else { return empty(room, id) };
        if room.ask.json {
            return Ok(data(&as_data(room, &sheet)?));
        }
        let at = sheet.item(room.ask.query.get("at")).or_else(|| next_open(&sheet, None));
        let key = at.map(|item| item.key.short());
        show(room, &sheet, key.as_deref(), None, Vec::new())
    })
    .await
}

/// The source of this address.
pub fn source(room: &Room<'_>, id: &str) -> Result<EntityId, Problem> {
    let id = room.entity(id)?;
    let schema = room.reader.schema_of(id)?.ok_or(Problem::NotFound)?;
    if room.registry().schema(&schema).is_some_and(|schema| schema.is_source) { Ok(id) } else { Err(Problem::NotFound) }
}

/// A source's proposals and what became of them.
pub fn sheet(room: &Room<'_>, id: EntityId) -> Result<Option<Sheet>, Problem> {
    let desk = room.site.desk().map_err(|what| Problem::Inside { what: what.into(), hint: String::new() })?;
    Ok(Sheet::open(&room.reader, &room.site.workspace, id, desk)?)
}

impl From<review::Error> for Problem {
    fn from(error: review::Error) -> Self {
        let (what, hint) = (capitalised(&error.to_string()), error.hint().to_owned());
        match error {
            review::Error::Workspace(error) => error.into(),
            review::Error::Ledger(error) => error.into(),
            review::Error::Reading(_) | review::Error::Random(_) => Problem::Inside { what, hint },
            _ => Problem::Wrong { what, hint: capitalised(&hint) },
        }
    }
}

/// The next open proposal after this one, or the first; those that matter less come last.
pub fn next_open<'a>(sheet: &'a Sheet, after: Option<&Item>) -> Option<&'a Item> {
    let from = after.and_then(|item| sheet.items.iter().position(|other| other.key == item.key)).map_or(0, |at| at + 1);
    let (before, later) = sheet.items.split_at(from.min(sheet.items.len()));
    let open = |low: bool| later.iter().chain(before).find(|item| item.state == Fate::Open && item.is_low() == low);
    open(false).or_else(|| open(true))
}

/// Where a proposal is shown: its form, with its words in view.
pub fn address(source: EntityId, item: &Item, more: &str) -> String {
    format!("/source/{source}/review?at={}{more}#c-{}", item.key.short(), item.key.short())
}

/// The page, with this proposal open; with what was typed and is wrong, if it comes back.
pub fn show(
    room: &Room<'_>,
    sheet: &Sheet,
    at: Option<&str>,
    typed: Option<Typed<'_>>,
    faults: Vec<Fault>,
) -> Result<Response, Problem> {
    let ties = sheet.ties(&room.reader)?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let at = at.and_then(|key| sheet.item(key));
    let chars: Vec<char> = sheet.reading.text.chars().collect();
    let starts = parts(&chars);
    let part_of = |start: usize| starts.partition_point(|first| *first <= start).max(1);
    let part = match at {
        Some(item) => part_of(item.proposal.at().start),
        None => usize::try_from(room.ask.query.number("part").unwrap_or(1)).unwrap_or(1).clamp(1, starts.len()),
    };
    let from = starts.get(part - 1).copied().unwrap_or(0);
    let to = starts.get(part).copied().unwrap_or(chars.len());
    let mut spans = Vec::new();
    let mut lines = Vec::new();
    let mut low = Vec::new();
    let mut elsewhere = 0;
    for (index, item) in sheet.items.iter().enumerate() {
        let here = at.is_some_and(|at| at.key == item.key);
        let words = item.proposal.at();
        let number = index + 1;
        if (from..to).contains(&words.start) {
            let label = format!("proposal {number}, {}", item.state.as_str());
            spans.push(Span {
                start: words.start,
                end: words.end,
                number,
                anchors: vec![item.key.short()],
                to: Some((address(sheet.source, item, ""), label)),
                now: here,
            });
        } else {
            elsewhere += 1;
            continue;
        }
        let line = Line {
            number,
            href: address(sheet.source, item, ""),
            kind: kind(&item.proposal),
            summary: Words::of(&summary(room, &item.proposal)),
            fate: item.state.as_str(),
            class: class(item.state),
            here,
        };
        if item.is_low() { low.push(line) } else { lines.push(line) }
    }
    let mut tally = Tally::default();
    for item in &sheet.items {
        match item.state {
            Fate::Accepted => tally.accepted += 1,
            Fate::Changed => tally.changed += 1,
            Fate::Rejected => tally.rejected += 1,
            Fate::Open => {}
        }
        tally.claims += item.claims.len();
    }
    let title = room.reader.label(sheet.source)?;
    let page = Page {
        shell: room.shell(format!("Review: {title}"), Nav::Review)?,
        script: assets::script(),
        id: sheet.source.to_string(),
        title: Words::of(&title),
        paragraphs: paragraphs(&sheet.reading.text, from, to, &spans),
        part,
        parts: starts.len(),
        decided: sheet.decided(),
        total: sheet.items.len(),
        gone: sheet.gone,
        last: last(room, sheet),
        now: at.map(|item| now(room, sheet, &ties, item, typed, faults)).transpose()?,
        low_open: low.iter().any(|line| line.here),
        lines,
        low,
        elsewhere,
        tally,
        past: room.ask.session.looks_at_the_past(),
    };
    html_with_script(&page, status)
}

fn now(
    room: &Room<'_>,
    sheet: &Sheet,
    ties: &Ties,
    item: &Item,
    typed: Option<Typed<'_>>,
    faults: Vec<Fault>,
) -> Result<Now, Problem> {
    let open = item.state == Fate::Open;
    let plan = if open {
        draft(&room.reader, sheet, ties, item, typed)?
    } else {
        Plan { kind: kind(&item.proposal), fields: Vec::new() }
    };
    let drafted = match typed {
        // What was edited stays told from what is proposed.
        Some(typed) => typed("drafted").unwrap_or_default(),
        None => plan.digest().to_string(),
    };
    let fields = shown(room, &plan, &faults);
    let (further, fields): (Vec<Shown>, Vec<Shown>) = fields.into_iter().partition(|field| field.further);
    let number = sheet.items.iter().position(|other| other.key == item.key).map_or(0, |at| at + 1);
    let neighbour =
        |at: Option<usize>| at.and_then(|at| sheet.items.get(at)).map(|item| address(sheet.source, item, ""));
    let mut claims = Vec::new();
    for id in &item.claims {
        if let Some(claim) = room.reader.claim(*id)? {
            claims.push((claim.id.to_string(), property(room, &claim)?, said(room, &claim)?));
        }
    }
    Ok(Now {
        number,
        key: item.key.short(),
        kind: plan.kind.to_owned(),
        heading: Words::of(&shortened(&summary(room, &item.proposal), 90)),
        drafted,
        further_open: further.iter().any(|field| field.fault.is_some()),
        fields,
        further,
        faults,
        fate: item.state.as_str(),
        class: class(item.state),
        open,
        by: Words::of(&item.by),
        at: item.at.map(|at| at.minute()).unwrap_or_default(),
        reason: item.reason.as_deref().map(Words::of),
        claims,
        low: item.is_low(),
        before: neighbour(number.checked_sub(2)),
        after: neighbour(Some(number)),
        mine: item.by == room.ask.session.name,
    })
}

fn property(room: &Room<'_>, claim: &ClaimView) -> Result<String, Problem> {
    let schema = room.reader.schema_of(claim.entity)?.unwrap_or_default();
    let property = room.registry().property(&schema, &claim.property);
    let label = property.map_or_else(|_| claim.property.clone(), |property| property.label.get("en").to_owned());
    Ok(format!("{}, {}", room.schema_label(&schema), label.to_lowercase()))
}

fn said(room: &Room<'_>, claim: &ClaimView) -> Result<Words, Problem> {
    let gone = if matches!(claim.state, ClaimState::Retracted { .. }) { " (retracted)" } else { "" };
    Ok(match &claim.value {
        Some(schema::Value::Entity(id)) => Words::joined(&[room.link(*id)?, Words::of(gone)], ""),
        _ => Words::of(&format!("{}{gone}", shortened(&claim.display, 120))),
    })
}

/// What the page before this one did, for its status line.
fn last(room: &Room<'_>, sheet: &Sheet) -> Option<Last> {
    let item = sheet.item(room.ask.query.get("last"))?;
    let number = sheet.items.iter().position(|other| other.key == item.key)? + 1;
    Some(Last {
        number,
        what: Words::of(&shortened(&summary(room, &item.proposal), 70)),
        state: item.state.as_str(),
        class: class(item.state),
        claims: counted(item.claims.len(), "claim", "claims"),
        reopened: item.state == Fate::Open,
        mine: item.by == room.ask.session.name,
    })
}

fn class(state: Fate) -> &'static str {
    match state {
        Fate::Open => "open",
        Fate::Accepted => "verified",
        Fate::Changed => "corroborated",
        Fate::Rejected => "gone",
    }
}

/// What kind of thing a proposal is, in a word or two.
pub fn kind(proposal: &Proposal) -> &'static str {
    match proposal {
        Proposal::Act(_) => "Act",
        Proposal::Count(_) => "Count",
        Proposal::Saying(_) => "Statement",
        Proposal::Request(_) => "Request",
        Proposal::Citation(_) => "Citation",
        Proposal::Signatory(_) => "Signatory",
    }
}

/// A proposal in a line.
fn summary(room: &Room<'_>, proposal: &Proposal) -> String {
    let one_line = |text: &str| shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "), 80);
    let date = |text: &Option<String>| {
        let date = schema::Date::parse(text.as_deref()?).ok()?;
        Some(date.display("en"))
    };
    let parts: Vec<Option<String>> = match proposal {
        Proposal::Act(act) => {
            let term = schema::Term::new("acts", &act.act_type).ok();
            let entry = term.as_ref().and_then(|term| room.registry().term(term));
            let victim = match (&act.victim.name, &act.victim.group) {
                (Some(name), _) => Some(name.clone()),
                (None, Some(group)) => Some(one_line(&group.description)),
                (None, None) => None,
            };
            vec![
                Some(entry.map_or(act.act_type.clone(), |entry| entry.label.get("en").to_owned())),
                victim,
                date(&act.date),
            ]
        }
        Proposal::Count(count) => vec![Some(one_line(&count.at.quote)), date(&count.window), count.asserter.clone()],
        Proposal::Saying(saying) => vec![Some(saying.asserter.clone()), Some(one_line(&saying.at.quote))],
        Proposal::Request(request) => vec![request.asserter.clone(), Some(one_line(&request.at.quote))],
        Proposal::Citation(citation) => vec![Some(one_line(&citation.reference))],
        Proposal::Signatory(signatory) => vec![Some(signatory.name.clone())],
    };
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A source that has no words here.
fn empty(room: &Room<'_>, id: EntityId) -> Result<Response, Problem> {
    #[derive(Template)]
    #[template(path = "review_empty.html")]
    struct Empty {
        shell: Shell,
        id: String,
        title: Words,
    }
    let title = room.reader.label(id)?;
    html(&Empty {
        shell: room.shell(format!("Review: {title}"), Nav::Review)?,
        id: id.to_string(),
        title: Words::of(&title),
    })
}

fn as_data(room: &Room<'_>, sheet: &Sheet) -> Result<serde_json::Value, Problem> {
    let items: Vec<serde_json::Value> = sheet
        .items
        .iter()
        .map(|item| {
            let claims: Vec<String> = item.claims.iter().map(ToString::to_string).collect();
            json!({"key": item.key.to_string(), "state": item.state.as_str(), "proposal": item.proposal, "by": item.by,
                   "at": item.at.map(|at| at.minute()), "reason": item.reason, "claims": claims})
        })
        .collect();
    Ok(
        json!({"id": sheet.source.to_string(), "label": room.reader.label(sheet.source)?, "position": room.reader.position(),
              "proposer": sheet.reading.proposer, "decided": sheet.decided(), "proposals": items}),
    )
}
