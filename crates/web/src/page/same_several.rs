//! Three records or more that may be one, laid out together: one answer for all, for one of them, or for each link.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ledger::Verdict;
use matching::{Asked, Set, Sides, Standing, Tie};
use schema::EntityId;

use crate::Site;
use crate::ask::Ask;
use crate::assets;
use crate::markup::{Words, counted};
use crate::page::same::{comparing, neighbours, on};
use crate::page::same_graph::{Graph, graph};
use crate::page::same_sides::{Line, heads, lines, reason};
use crate::page::same_words::{Last, effect_words, is_open, last, own_names, percent, standing};
use crate::problem::Problem;
use crate::room::{Room, answer, html_with_script};
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "several.html")]
struct Page {
    shell: Shell,
    script: &'static str,
    action: String,
    members: String,
    heading: Words,
    likely: &'static str,
    percent: String,
    numbers: Vec<usize>,
    weak: Option<String>,
    effects: Vec<Words>,
    counted: Words,
    heads: Vec<(usize, Words, Words)>,
    rows: Vec<Line>,
    single: Vec<Line>,
    graph: Graph,
    links: Vec<Shown>,
    unlike: String,
    more: String,
    reason: String,
    fault: Option<Words>,
    last: Option<Last>,
    left: usize,
    before: Option<String>,
    after: Option<String>,
    past: bool,
}

/// A link of the group, as a row of the table.
struct Shown {
    between: (usize, usize),
    href: String,
    words: &'static str,
    percent: String,
    /// What it rests on most, in words.
    why: String,
    alone: String,
    standing: &'static str,
    open: bool,
}

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let id = room.entity(&id)?;
        show(room, id, None, "")
    })
    .await
}

/// The group of this record, perhaps with what was wrong with a form about it.
pub fn show(room: &Room<'_>, id: EntityId, fault: Option<Words>, typed: &str) -> Result<Response, Problem> {
    let weighed = room.site.matchers.weighed(room)?;
    let page = room.site.matchers.soon(room, |questions| {
        let asked = questions.asked(&room.reader, &weighed.stakes)?;
        let here = |asked: &Asked| matches!(asked, Asked::Several(_)) && asked.holds(id);
        let Some(Asked::Several(set)) = asked.iter().find(|asked| here(asked)) else { return Ok(None) };
        let sides = Sides::of(&room.reader, questions.people(), &set.members)?;
        let past = room.ask.session.looks_at_the_past();
        let needed: Vec<(EntityId, EntityId)> = set.needed().map(|tie| (tie.a, tie.b)).collect();
        let effects = if past || weighed.heavy {
            Vec::new()
        } else {
            matching::effect(room.ledger(), &room.author(), &room.reader, &needed, Verdict::Same).unwrap_or_default()
        };
        let (before, after) = neighbours(&asked, here);
        let (rows, single) = lines(&sides);
        let titles: Vec<Words> = set.counted.iter().map(|title| Words::of(title)).collect();
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let page = Page {
            shell: room.shell("Same or different?", Nav::Same)?,
            script: assets::script(),
            action: format!("/same/several/{id}"),
            members: set.members.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            heading: own_names(room, &set.members)?,
            likely: matching::words(set.probability),
            percent: percent(set.probability),
            numbers: (1..=set.members.len()).collect(),
            weak: weak(set),
            effects: effects.iter().map(effect_words).collect(),
            counted: if weighed.heavy { Words::joined(&titles, ", ") } else { Words::default() },
            heads: (1..).zip(heads(&sides)).map(|(number, (label, sources))| (number, label, sources)).collect(),
            rows,
            single,
            graph: graph(set),
            links: set.ties.iter().map(|tie| link(set, tie)).collect(),
            unlike: if set.unlike > 0 { counted(set.unlike, "pair", "pairs") } else { String::new() },
            more: if set.more > 0 { counted(set.more, "more record", "more records") } else { String::new() },
            reason: if typed.is_empty() { reason(&sides, set.probability) } else { typed.to_owned() },
            fault: fault.clone(),
            last: last(room)?,
            left: asked.iter().filter(|asked| is_open(asked)).count(),
            before,
            after,
            past,
        };
        html_with_script(&page, status).map(Some)
    })?;
    match page {
        Some(Some(page)) => Ok(page),
        // It was judged meanwhile, or is a pair by now.
        Some(None) => on(room, &[id], room.ask.query.number("judged")),
        None => comparing(room),
    }
}

fn number(set: &Set, id: EntityId) -> usize {
    set.members.iter().position(|known| *known == id).map_or(0, |at| at + 1)
}

fn between(set: &Set, tie: &Tie) -> (usize, usize) {
    let (a, b) = (number(set, tie.a), number(set, tie.b));
    (a.min(b), a.max(b))
}

/// The link to look at first, where the group hangs on one that may not hold.
fn weak(set: &Set) -> Option<String> {
    let tie = set.weak().filter(|tie| tie.probability < 0.9)?;
    let (a, b) = between(set, tie);
    Some(format!(
        "The group hangs on one weak link: {a} and {b}, {}. Without it, {} stand{} apart.",
        percent(tie.probability),
        counted(tie.alone.unwrap_or(1), "record", "records"),
        if tie.alone == Some(1) { "s" } else { "" }
    ))
}

fn link(set: &Set, tie: &Tie) -> Shown {
    let judged = tie.standing == Standing::Same;
    let mut parts: Vec<_> = tie.parts.iter().skip(1).filter(|part| part.bits.abs() >= 0.5).collect();
    parts.sort_by(|x, y| y.bits.abs().total_cmp(&x.bits.abs()));
    let told = parts.iter().take(2).map(|part| format!("{} ({:+.0})", part.level, part.bits)).collect::<Vec<_>>();
    Shown {
        between: between(set, tie),
        href: format!("/same/{}/{}", tie.a, tie.b),
        words: if judged { "the same" } else { matching::words(tie.probability) },
        percent: if judged { String::new() } else { percent(tie.probability) },
        why: if judged { String::new() } else { told.join("; ") },
        alone: match tie.alone {
            Some(1) => "holds 1 record alone".into(),
            Some(many) => format!("holds {many} records alone"),
            None => String::new(),
        },
        standing: standing(tie.standing),
        open: !judged,
    }
}
