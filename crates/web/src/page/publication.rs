//! Publications: what there is to say, composed from the ledger; what changed since it was drafted; what was released.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use ledger::{Digest as LedgerDigest, Item, Publish};
use matching::Unjudged;
use publishing::{Composed, Draft};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Site;
use crate::ask::{Ask, Sent};
use crate::assets;
use crate::markup::Words;
use crate::page::letter::{composed, file_name, told};
use crate::problem::Problem;
use crate::room::{Room, answer, bare, data, html, see};
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "publications.html")]
struct List {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    title: Words,
    date: String,
    clearance: String,
    released: usize,
}

pub async fn list(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let mut rows = Vec::new();
        for definition in room.reader.definitions("publication")? {
            // A draft that cannot be read says so on its own page.
            let draft = Draft::parse(&definition.text).ok();
            rows.push(Row {
                href: format!("/publication/{}", definition.name),
                title: Words::of(draft.as_ref().map_or(definition.name.as_str(), |draft| draft.title.as_str())),
                date: draft.map(|draft| draft.date.display(room.registry(), "en")).unwrap_or_default(),
                clearance: definition.clearance.to_string(),
                released: room.reader.publications_released(&definition.name)?.len(),
            });
        }
        if room.ask.json {
            let list: Vec<_> = rows.iter().map(|row| json!({"address": row.href, "date": row.date, "clearance": row.clearance, "released": row.released})).collect();
            return Ok(data(&json!(list)));
        }
        html(&List { shell: room.shell("Publications", Nav::Publications)?, rows })
    })
    .await
}

#[derive(Template)]
#[template(path = "publication.html")]
struct Page {
    shell: Shell,
    name: String,
    letter_style: &'static str,
    position: u64,
    standard: String,
    clearance: String,
    digest: String,
    changes: Vec<(Words, Words, Words)>,
    unresolved: Vec<(usize, Words)>,
    /// A figure's page, its title, and in words how many pairs on its list nobody has judged.
    unjudged: Vec<(String, Words, String)>,
    /// The people of its figures are still being compared.
    comparing: bool,
    released: Vec<Words>,
    may_release: bool,
    letter: Words,
}

pub async fn page(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let name = bare(&name);
        let (draft, letter) = composed(room, name)?;
        if room.ask.json {
            let value = serde_json::to_value(&letter);
            return Ok(data(&value.map_err(|error| Problem::Inside { what: error.to_string(), hint: String::new() })?));
        }
        let open = unjudged(room, &letter)?;
        let released = room.reader.publications_released(name)?;
        let released = released.iter().map(|(publish, position, at)| {
            let files: Vec<&str> = publish.files.iter().map(|(file, _)| file.as_str()).collect();
            Words::of(&format!(
                "{}: as of entry {}, recorded in entry {position}: {}",
                at.date(),
                publish.position,
                files.join(", ")
            ))
        });
        html(&Page {
            shell: room.shell(draft.title.as_str(), Nav::Publications)?,
            name: name.to_owned(),
            letter_style: assets::letter_style(),
            position: letter.position,
            standard: letter.standard_label.clone(),
            clearance: letter.clearance.clone(),
            digest: letter.digest.clone(),
            changes: letter
                .changes
                .iter()
                .map(|c| (Words::of(&c.reference), Words::of(&c.drafted), Words::of(&c.now)))
                .collect(),
            unresolved: letter
                .unresolved
                .iter()
                .map(|u| (u.line, Words::of(&format!("{}: {}", u.reference, u.problem))))
                .collect(),
            comparing: open.is_none(),
            unjudged: open
                .unwrap_or_default()
                .into_iter()
                .map(|open| (format!("/figure/{}", open.figure), Words::of(&open.title), pairs(open.pairs)))
                .collect(),
            released: released.collect(),
            may_release: !room.ask.session.looks_at_the_past() && letter.unresolved.is_empty(),
            letter: Words::ready(publishing::fragment(&letter)),
        })
    })
    .await
}

/// The letter's numbers that count people apart who are likely one; `None`: they are still being compared.
fn unjudged(room: &Room<'_>, letter: &Composed) -> Result<Option<Vec<Unjudged>>, Problem> {
    let mut names =
        letter.made.iter().filter(|made| made.kind == "figure").map(|made| made.reference.as_str()).peekable();
    if room.ask.session.looks_at_the_past() || names.peek().is_none() {
        return Ok(Some(Vec::new()));
    }
    room.site.matchers.soon(room, |questions| Ok(matching::unjudged_in(questions, room.ledger(), &room.reader, names)?))
}

fn pairs(count: usize) -> String {
    if count == 1 { "1 pair".into() } else { format!("{count} pairs") }
}

/// Releases it: the files are written to the workspace's `out` folder, and the ledger says which they are.
pub async fn release(State(site): State<Arc<Site>>, Path(name): Path<String>, sent: Sent) -> Response {
    let seen = sent.typed.get("digest").to_owned();
    let although = sent.typed.has("although");
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let (draft, letter) = composed(room, &name)?;
        if letter.digest != seen {
            return Err(Problem::wrong(
                "The letter is not the one that you saw: something was recorded since that changes it. Nothing was released.",
                "Go back, reload the page, read what changed, and release that.",
            ));
        }
        if !letter.unresolved.is_empty() {
            return Err(Problem::wrong("The letter has references that cannot be answered.", "Correct them in the draft first."));
        }
        let Some(open) = unjudged(room, &letter)? else {
            return Err(Problem::wrong(
                "The people of its figures are still being compared: whether some are counted twice is not known yet. Nothing was released.",
                "Ask again in a moment.",
            ));
        };
        if let Some(open) = open.first().filter(|_| !although) {
            return Err(Problem::wrong(
                format!("“{}” counts {} of persons who may be one, and nobody has judged them. Nothing was released.", open.title, pairs(open.pairs)),
                "Judge them under Matches, or go back and say that it is to be released all the same.",
            ));
        }
        let stem = format!("{}-{}", file_name(&name), letter.position);
        let files = [
            (format!("{stem}.html"), publishing::html(&letter).into_bytes()),
            (format!("{stem}.pdf"), publishing::pdf(&letter).map_err(told)?),
        ];
        let mut hashes = Vec::new();
        for (file, bytes) in &files {
            write(room, file, bytes)?;
            hashes.push((file.clone(), LedgerDigest(Sha256::digest(bytes).into())));
        }
        let publish = Publish { publication: name.clone(), position: letter.position, files: hashes, clearance: draft.clearance };
        room.ledger().append(&room.author(), vec![Item::Publish(publish)])?;
        Ok(see(&format!("/publication/{name}")).into_response())
    })
    .await
}

fn write(room: &Room<'_>, file: &str, bytes: &[u8]) -> Result<(), Problem> {
    let folder = room.site.workspace.out();
    std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(file), bytes)).map_err(|error| {
        Problem::Inside {
            what: format!(
                "{file} could not be written to the workspace’s folder “out”: {error}. Nothing was released."
            ),
            hint: "See that the disk has room and that the folder may be written, then release again.".into(),
        }
    })
}
