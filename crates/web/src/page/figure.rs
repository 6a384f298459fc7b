//! Figures: a number with its unit, bounds, definition, window and position; what others published; the list behind it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use crate::figstub::Figure;
use ledger::ClaimId;
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::markup::{Words, counted, shortened};
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, bare, data, html};
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "figures.html")]
struct List {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    title: Words,
    words: String,
    window: Words,
    clearance: String,
}

pub async fn list(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let mut rows = Vec::new();
        for definition in room.reader.definitions("figure")? {
            let href = format!("/figure/{}", definition.name);
            let clearance = definition.clearance.to_string();
            rows.push(match room.site.figures.get(room, &definition.name) {
                Ok(figure) => Row {
                    href,
                    title: Words::of(&figure.title),
                    words: figure.words(),
                    window: Words::of(&window(room, &figure)),
                    clearance,
                },
                Err(problem) => Row {
                    href,
                    title: Words::of(&definition.name),
                    words: format!("not computed: {}", problem.told().1),
                    window: Words::default(),
                    clearance,
                },
            });
        }
        if room.ask.json {
            let list: Vec<_> = rows.iter().map(|row| json!({"address": row.href, "words": row.words})).collect();
            return Ok(data(&json!(list)));
        }
        html(&List { shell: room.shell("Figures", Nav::Figures)?, rows })
    })
    .await
}

#[derive(Template)]
#[template(path = "figure.html")]
struct Page {
    shell: Shell,
    name: String,
    title: Words,
    lede: Words,
    words: String,
    also: Vec<String>,
    bounds: String,
    digest: String,
    position: u64,
    facts: Vec<(&'static str, Words)>,
    published: Vec<Other>,
    items: Vec<Entry>,
    groups: Vec<Words>,
    possible: usize,
}

/// A number that somebody else published.
struct Other {
    who: Words,
    number: String,
    unit: String,
    window: Words,
    differs: Words,
}

/// One line of the list behind the number.
struct Entry {
    entity: Words,
    certain: bool,
    why: Words,
    rests_on: String,
    claims: Vec<(String, usize)>,
}
fn window(_: &Room<'_>, _: &Figure) -> String { String::new() }
pub async fn page(State(site): State<Arc<Site>>, Path(_name): Path<String>, ask: Ask) -> Response {
    answer(site, ask, |_| Err(Problem::NotFound)).await
}
