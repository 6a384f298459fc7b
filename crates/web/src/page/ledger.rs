//! The ledger itself: entries, checkpoint, and whether all of it is as it was written.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{EntryView, Timestamp};
use serde_json::json;

use crate::Site;
use crate::ask::{Ask, Sent};
use crate::markup::{Words, counted, shortened, thousands};
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, bare, data, html, see};
use crate::shell::{Nav, Shell};
use crate::site::Verified;

/// Entries on one page.
const PAGE: u64 = 40;
/// Items of an entry on one page.
const ITEMS: usize = 300;

#[derive(Template)]
#[template(path = "ledger.html")]
struct Page {
    shell: Shell,
    total: String,
    rows: Vec<Row>,
    older: Option<u64>,
    newer: bool,
    checkpoint: String,
    verified: Option<Verified>,
}

struct Row {
    position: u64,
    when: String,
    by: Words,
    items: String,
    first: Words,
    hash: String,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let position = room.reader.position();
        let to = room.ask.query.number("to").unwrap_or(position).min(position);
        let from = to.saturating_sub(PAGE - 1).max(1);
        let mut entries = if to == 0 { Vec::new() } else { room.reader.entries(from, to)? };
        if room.ask.json {
            return Ok(data(
                &json!({"position": position, "entries": entries.iter().map(as_json).collect::<Vec<_>>()}),
            ));
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.position));
        let rows = entries.iter().map(|entry| Row {
            position: entry.position,
            when: entry.recorded_at.minute(),
            by: Words::of(&entry.account),
            items: counted(entry.items.len(), "item", "items"),
            first: Words::of(&shortened(entry.items.first().map_or("", String::as_str), 160)),
            hash: entry.hash.to_string().chars().take(12).collect(),
        });
        html(&Page {
            shell: room.shell("Ledger", Nav::Ledger)?,
            total: thousands(position),
            rows: rows.collect(),
            older: (from > 1).then(|| from - 1),
            newer: to < position,
            checkpoint: room.ledger().checkpoint()?,
            verified: room.site.verified(),
        })
    })
    .await
}

/// Verifies the whole workspace now.
pub async fn verify(State(site): State<Arc<Site>>, sent: Sent) -> Response {
    answer(site, sent.ask, |room| {
        let verified = match room.site.workspace.verify(&mut |_, _, _| {}) {
            Ok(report) => {
                let many = |count: u64, one, more| counted(usize::try_from(count).unwrap_or(usize::MAX), one, more);
                let (entries, items, claims) =
                    report.ledger.as_ref().map_or((0, 0, 0), |ledger| (ledger.entries, ledger.items, ledger.claims));
                let checked = format!(
                    "{}, {}, {}, {}: every page, chain, signature, commitment and object was checked.",
                    many(entries, "entry", "entries"),
                    many(items, "item", "items"),
                    many(claims, "claim", "claims"),
                    many(report.objects, "object", "objects"),
                );
                let findings = report.findings.iter().map(|finding| format!("{}: {}", finding.place, finding.problem));
                Verified {
                    at: Timestamp::now(),
                    ok: report.ok(),
                    said: std::iter::once(checked).chain(findings).collect(),
                }
            }
            Err(error) => Verified { at: Timestamp::now(), ok: false, said: vec![capitalised(&error.to_string())] },
        };
        room.site.set_verified(verified);
        Ok(see("/ledger"))
    })
    .await
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    shell: Shell,
    position: u64,
    when: String,
    by: Words,
    feed: String,
    sequence: u64,
    hash: String,
    items: Vec<Words>,
    more: usize,
    before: Option<u64>,
    after: Option<u64>,
}

pub async fn entry(State(site): State<Arc<Site>>, Path(number): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| entry_page(room, &number)).await
}

fn entry_page(room: &Room<'_>, number: &str) -> Result<Response, Problem> {
    let number: u64 = bare(number).parse().map_err(|_| Problem::NotFound)?;
    if number == 0 || number > room.reader.position() {
        return Err(Problem::NotFound);
    }
    let entry = room.reader.entries(number, number)?.into_iter().next().ok_or(Problem::NotFound)?;
    if room.ask.json {
        return Ok(data(&as_json(&entry)));
    }
    html(&EntryPage {
        shell: room.shell(format!("Entry {number}"), Nav::Ledger)?,
        position: number,
        when: entry.recorded_at.to_string(),
        by: Words::of(&entry.account),
        feed: entry.feed.to_string(),
        sequence: entry.sequence,
        hash: entry.hash.to_string(),
        items: entry.items.iter().take(ITEMS).map(|item| Words::of(&shortened(item, 220))).collect(),
        more: entry.items.len().saturating_sub(ITEMS),
        before: (number > 1).then(|| number - 1),
        after: (number < room.reader.position()).then(|| number + 1),
    })
}

fn as_json(entry: &EntryView) -> serde_json::Value {
    json!({"position": entry.position, "feed": entry.feed.to_string(), "sequence": entry.sequence,
           "recorded_at": entry.recorded_at.to_string(), "account": entry.account, "hash": entry.hash.to_string(), "items": entry.items})
}
