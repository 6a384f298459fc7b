//! What was said about an entity, entry by entry: the newest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::markup::{Words, counted};
use crate::page::entity::section;
use crate::problem::Problem;
use crate::room::{answer, data, html};
use crate::shell::Shell;

const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "history.html")]
struct Page {
    shell: Shell,
    id: String,
    title: Words,
    kind: String,
    total: String,
    lines: Vec<Line>,
    next: Option<usize>,
}

struct Line {
    position: u64,
    when: String,
    by: Words,
    what: String,
    text: Words,
    reason: Option<Words>,
    claim: Option<String>,
}

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let id = room.entity(&id)?;
        let record = room.reader.record(id)?.ok_or(Problem::NotFound)?;
        let mut history = room.reader.history(id)?;
        if room.ask.json {
            let lines: Vec<_> = history
                .iter()
                .map(|line| {
                    json!({"position": line.position, "recorded_at": line.recorded_at.to_string(), "recorded_by": line.recorded_by,
                           "what": line.what, "text": line.text, "claim": line.claim.map(|claim| claim.to_string()), "reason": line.reason})
                })
                .collect();
            return Ok(data(&json!(lines)));
        }
        history.sort_by_key(|line| std::cmp::Reverse(line.position));
        let from = usize::try_from(room.ask.query.number("from").unwrap_or(0)).unwrap_or(0);
        let lines = history.iter().skip(from).take(PAGE).map(|line| Line {
            position: line.position,
            when: line.recorded_at.minute(),
            by: Words::of(&line.recorded_by),
            what: line.what.to_string(),
            text: Words::of(&line.text),
            reason: line.reason.as_deref().map(Words::of),
            claim: line.claim.map(|claim| claim.to_string()),
        });
        html(&Page {
            shell: room.shell(format!("History of {}", record.label), section(room, &record.schema))?,
            id: record.id.to_string(),
            title: Words::of(&record.label),
            kind: room.schema_label(&record.schema),
            total: counted(history.len(), "line", "lines"),
            lines: lines.collect(),
            next: Some(from + PAGE).filter(|next| *next < history.len()),
        })
    })
    .await
}
