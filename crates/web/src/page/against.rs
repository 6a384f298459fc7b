//! A published count held against our list: which of ours fall in their window, and how many of theirs we do not have.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use figures::{Against, Where};
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::figure_cache::told;
use crate::markup::{Words, counted, thousands};
use crate::problem::Problem;
use crate::room::{answer, bare, data, html};
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "against.html")]
struct Page {
    shell: Shell,
    figure: String,
    title: Words,
    asserter: Words,
    theirs: String,
    window: Option<String>,
    verdict: String,
    parts: Vec<Part>,
    unnamed: u64,
    /// Pairs on our list that are likely one person, and that nobody has judged: they are counted twice here.
    unjudged: usize,
    differences: Vec<String>,
}

struct Part {
    heading: &'static str,
    about: &'static str,
    lines: Vec<(Words, String)>,
}

pub async fn page(State(site): State<Arc<Site>>, Path((name, count)): Path<(String, String)>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let figure = room.site.figures.get(room, bare(&name))?;
        let count = room.entity(&count)?;
        // Dates are weighed with the figure's own eyes, as its list was.
        let definition = figures::load(&room.reader, bare(&name)).map_err(told)?;
        let reader = room.ledger().read(&figures::view(&room.reader, &definition).map_err(told)?)?;
        let held = figures::against(&reader, &figure, count).map_err(told)?.ok_or(Problem::NotFound)?;
        if room.ask.json {
            let ours: Vec<_> = held
                .ours
                .iter()
                .map(|line| json!({"id": line.entity.to_string(), "label": line.label, "date": line.date, "window": format!("{:?}", line.place).to_lowercase()}))
                .collect();
            return Ok(data(&json!({
                "figure": figure.name, "published_by": held.asserter, "lower": held.theirs.0, "upper": held.theirs.1,
                "window": held.window, "ours": ours, "missing_at_least": held.missing(),
            })));
        }
        let part = |heading, about, place| Part {
            heading,
            about,
            lines: held
                .ours
                .iter()
                .filter(|line| line.place == place)
                .map(|line| (Words::of(&line.label).linked(&format!("/entity/{}", line.entity)), line.date.clone()))
                .collect(),
        };
        let parts = [
            part("Ours in their window", "they may be among theirs", Where::Inside),
            part("Ours that may be in their window", "their dates leave it open", Where::Possibly),
            part("Ours outside their window", "they are not among theirs", Where::Outside),
        ];
        html(&Page {
            shell: room.shell("Theirs and ours", Nav::Figures)?,
            figure: figure.name.clone(),
            title: Words::of(&figure.title),
            asserter: Words::of(&held.asserter),
            theirs: number(&held),
            window: held.window.clone(),
            verdict: verdict(&held),
            parts: parts.into_iter().filter(|part| !part.lines.is_empty()).collect(),
            unnamed: held.unnamed,
            // Where the comparison fails or is not done, its own page says so.
            unjudged: room
                .site
                .matchers
                .soon(room, |questions| Ok(matching::unjudged(questions, &room.reader, &figure)?))
                .ok()
                .flatten()
                .unwrap_or(0),
            differences: held.differences.clone(),
        })
    })
    .await
}

fn number(held: &Against) -> String {
    match held.theirs {
        (Some(least), Some(most)) if least == most => thousands(least),
        (Some(least), Some(most)) => format!("{} to {}", thousands(least), thousands(most)),
        (Some(least), None) => format!("at least {}", thousands(least)),
        (None, Some(most)) => format!("at most {}", thousands(most)),
        (None, None) => "a number that they do not state".into(),
    }
}

/// What follows, and no more than that.
fn verdict(held: &Against) -> String {
    let noun = |n: usize| if held.acts { counted(n, "act", "acts") } else { counted(n, "person", "persons") };
    let ours = noun((held.number(Where::Inside) + held.number(Where::Possibly)) as usize);
    match held.missing() {
        None => "They state no window or no number, so nothing can be told apart by it.".into(),
        Some(0) => format!(
            "On our list, {ours} fall or may fall in their window: as many as they count, or more. Whether they are the same, only names would tell."
        ),
        Some(missing) => format!(
            "On our list, {ours} fall or may fall in their window. Even if every one of them is among theirs, they know of at least {missing} that we do not have by name."
        ),
    }
}
