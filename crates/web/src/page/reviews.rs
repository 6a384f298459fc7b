//! What is to be reviewed: documents with their proposals counted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ledger::{CardFilter, Sort};
use schema::EntityId;
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::markup::Words;
use crate::page::review::sheet;
use crate::problem::Problem;
use crate::room::{Room, answer, data, html, see};
use crate::shell::{Nav, Shell};

/// Documents on one page: as many as stay read in memory.
const PAGE: usize = 40;
/// Documents that were not read yet are read for so long; the page then says how many are left.
const PATIENCE: Duration = Duration::from_millis(600);

#[derive(Template)]
#[template(path = "reviews.html")]
struct Page {
    shell: Shell,
    open: usize,
    rows: Vec<Row>,
    unread: Vec<Row>,
    done: usize,
    next: Option<String>,
    first: Option<String>,
    none: bool,
}

struct Row {
    href: String,
    title: Words,
    about: Words,
    open: usize,
    decided: usize,
    total: usize,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let query = &room.ask.query;
        let filter = CardFilter {
            schemata: vec!["Document".into()],
            sort: Sort::Recent,
            after: query.some("after").map(str::to_owned),
            limit: PAGE,
            ..CardFilter::default()
        };
        let page = room.reader.list(&filter)?;
        let began = Instant::now();
        let (mut rows, mut unread, mut done) = (Vec::new(), Vec::new(), 0);
        let mut skip = query.some("after-document").map(str::to_owned);
        for card in &page.items {
            let row = |open, decided, total| Row {
                href: format!("/source/{}/review", card.id),
                title: Words::of(&card.label),
                about: Words::of(&card.summary),
                open,
                decided,
                total,
            };
            if began.elapsed() > PATIENCE && !is_read(room, card.id)? {
                unread.push(row(0, 0, 0));
                continue;
            }
            let Some(sheet) = sheet(room, card.id)? else { continue };
            let (total, decided) = (sheet.items.len(), sheet.decided());
            if total > decided {
                // “The next document”: the first with anything open after the one that was just done.
                if skip.is_none() && query.has("next") {
                    return Ok(see(&format!("/source/{}/review", card.id)));
                }
                rows.push(row(total - decided, decided, total));
            } else {
                done += 1;
            }
            if skip.as_deref() == Some(card.id.to_string().as_str()) {
                skip = None;
            }
        }
        if query.has("next")
            && let Some(first) = rows.first()
        {
            return Ok(see(&first.href));
        }
        let open = rows.iter().map(|row| row.open).sum();
        if room.ask.json {
            let rows: Vec<_> = rows
                .iter()
                .map(
                    |row| json!({"review": row.href, "open": row.open, "decided": row.decided, "proposals": row.total}),
                )
                .collect();
            return Ok(data(
                &json!({"position": room.reader.position(), "open": open, "documents": rows, "next": page.next}),
            ));
        }
        html(&Page {
            shell: room.shell("Review", Nav::Review)?,
            open,
            none: page.items.is_empty(),
            rows,
            unread,
            done,
            next: page.next.as_deref().map(|next| format!("/review?{}", query.with(&[("after", next)]))),
            first: query.some("after").map(|_| "/review".to_owned()),
        })
    })
    .await
}

/// Whether its proposals are at hand.
fn is_read(room: &Room<'_>, id: EntityId) -> Result<bool, Problem> {
    let Ok(desk) = room.site.desk() else { return Ok(false) };
    Ok(room.reader.objects_of(id)?.iter().any(|view| desk.knows(view.object)))
}
