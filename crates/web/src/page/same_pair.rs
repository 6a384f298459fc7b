//! One pair, laid out for a judgement: differences first, what the score is made of, and what an answer would do to the figures.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ledger::Verdict;
use matching::{Asked, Question, Sides, Standing};
use schema::EntityId;
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::assets;
use crate::markup::Words;
use crate::page::same::{comparing, neighbours};
use crate::page::same_score::{Bar, bars, silent};
use crate::page::same_sides::{Line, heads, lines, reason};
use crate::page::same_words::{Last, effect_words, is_open, last, percent, standing};
use crate::problem::{Problem, initial};
use crate::room::{Room, answer, data, html_with_script, see};
use crate::shell::{Nav, Shell};

/// Records laid out side by side.
const MOST_SIDES: usize = 6;

#[derive(Template)]
#[template(path = "pair.html")]
struct Page {
    shell: Shell,
    script: &'static str,
    action: String,
    heading: Words,
    likely: String,
    percent: String,
    standing: &'static str,
    settled: bool,
    effects: Vec<Words>,
    counted: Words,
    unchanged: bool,
    sides: Vec<(Words, Words)>,
    rows: Vec<Line>,
    single: Vec<Line>,
    parts: Vec<Bar>,
    silent: String,
    total: String,
    reason: String,
    fault: Option<Words>,
    last: Option<Last>,
    left: usize,
    before: Option<String>,
    after: Option<String>,
    past: bool,
}

pub async fn page(State(site): State<Arc<Site>>, Path((a, b)): Path<(String, String)>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let (a, b) = (room.entity(&a)?, room.entity(&b)?);
        show(room, (a, b), None, "")
    })
    .await
}

/// A pair, perhaps with what was wrong with a form about it.
pub fn show(
    room: &Room<'_>,
    pair: (EntityId, EntityId),
    fault: Option<Words>,
    typed: &str,
) -> Result<Response, Problem> {
    let (a, b) = pair;
    for id in [a, b] {
        if !room.reader.schema_of(id)?.is_some_and(|schema| room.registry().is_a(&schema, "Person")) {
            return others(room, pair);
        }
    }
    let weighed = room.site.matchers.weighed(room)?;
    let page = room.site.matchers.soon(room, |questions| {
        let Some(question) = questions.pair(&room.reader, a, b)? else { return Err(Problem::NotFound) };
        let mut ids = vec![a, b];
        for id in room.reader.one_with(a)?.into_iter().chain(room.reader.one_with(b)?) {
            if !ids.contains(&id) && ids.len() < MOST_SIDES {
                ids.push(id);
            }
        }
        let sides = Sides::of(&room.reader, questions.people(), &ids)?;
        let past = room.ask.session.looks_at_the_past();
        let settled = matches!(question.standing, Standing::Same | Standing::Different);
        // A judgement that the ledger would refuse changes nothing; why it would, it says when it is made.
        let effects = if past || settled || weighed.heavy {
            Vec::new()
        } else {
            matching::effect(room.ledger(), &room.author(), &room.reader, &[pair], Verdict::Same).unwrap_or_default()
        };
        if room.ask.json {
            return Ok(data(&pair_data(room, &question, &sides, &effects)?));
        }
        let counting = weighed.stakes.counting(room.reader.shown_as(a), room.reader.shown_as(b));
        let titles: Vec<Words> = counting.iter().map(|title| Words::of(title)).collect();
        let asked = questions.asked(&room.reader, &weighed.stakes)?;
        let here = |asked: &Asked| matches!(asked, Asked::Pair(q) if (q.a, q.b) == pair || (q.b, q.a) == pair);
        let (before, after) = neighbours(&asked, here);
        let (rows, single) = lines(&sides);
        let labels: Vec<Words> = sides.sides.iter().take(2).map(|side| Words::of(&side.label)).collect();
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let page = Page {
            shell: room.shell("Same or different?", Nav::Same)?,
            script: assets::script(),
            action: format!("/same/{a}/{b}"),
            heading: Words::joined(&labels, " · "),
            likely: initial(question.words()),
            percent: percent(question.probability),
            standing: standing(question.standing),
            settled,
            unchanged: effects.is_empty() && titles.is_empty() && weighed.stakes.any() && !settled,
            counted: if weighed.heavy && !settled { Words::joined(&titles, ", ") } else { Words::default() },
            effects: effects.iter().map(effect_words).collect(),
            sides: heads(&sides),
            rows,
            single,
            parts: bars(&question.parts),
            silent: silent(&question.parts),
            total: format!("{:+.1}", question.weight),
            reason: if typed.is_empty() { reason(&sides, question.probability) } else { typed.to_owned() },
            fault,
            last: last(room)?,
            left: asked.iter().filter(|asked| is_open(asked)).count(),
            before,
            after: after.filter(|next| *next != format!("/same/{a}/{b}")),
            past,
        };
        html_with_script(&page, status)
    })?;
    page.map_or_else(|| comparing(room), Ok)
}

/// Only persons are compared. Other things of one kind are judged on a form; things of two kinds are never the same.
fn others(room: &Room<'_>, (a, b): (EntityId, EntityId)) -> Result<Response, Problem> {
    let schema = |id| -> Result<String, Problem> { room.reader.schema_of(id)?.ok_or(Problem::NotFound) };
    let (x, y) = (schema(a)?, schema(b)?);
    if room.registry().is_a(&x, &y) || room.registry().is_a(&y, &x) {
        return Ok(see(&format!("/entity/{a}/judge?other=%2Fentity%2F{b}")));
    }
    let kinds = [x, y].map(|schema| room.schema_label(&schema).to_lowercase());
    Err(Problem::wrong(
        format!(
            "“{}” is {} and “{}” is {}: they are never the same.",
            room.reader.label(a)?,
            with_article(&kinds[0]),
            room.reader.label(b)?,
            with_article(&kinds[1])
        ),
        "If one of them was recorded as the wrong kind of thing, record it anew as the right kind, and retract its claims here.",
    ))
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn pair_data(
    room: &Room<'_>,
    question: &Question,
    sides: &Sides,
    effects: &[matching::Effect],
) -> Result<serde_json::Value, Problem> {
    let parts: Vec<_> = question
        .parts
        .iter()
        .map(|part| json!({"comparison": &*part.comparison, "level": &*part.level, "m": part.m, "u": part.u, "bits": part.bits}))
        .collect();
    let rows: Vec<_> = sides
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Vec<_>> = row
                .cells
                .iter()
                .map(|cells| {
                    cells
                        .iter()
                        .map(|cell| json!({"value": cell.display, "source": cell.source_label, "quote": cell.quote}))
                        .collect()
                })
                .collect();
            json!({"property": row.label, "comparison": format!("{:?}", row.comparison), "values": cells})
        })
        .collect();
    let effects: Vec<_> = effects
        .iter()
        .map(|effect| json!({"figure": effect.figure, "now": effect.now, "if_same": effect.then}))
        .collect();
    Ok(json!({
        "position": room.reader.position(),
        "sides": sides.sides.iter().map(|side| json!({"id": side.id.to_string(), "name": side.label})).collect::<Vec<_>>(),
        "probability": question.probability, "weight": question.weight, "standing": standing(question.standing),
        "waterfall": parts, "rows": rows, "effects": effects,
    }))
}
