//! A list comes in: the file, then what its columns become, then what came of it. Nothing is recorded before the last step.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use lists::{Options, Take};
use schema::fold;

use crate::Site;
use crate::ask::{Ask, Pairs, Sent};
use crate::brought::{Draft, Run, lock};
use crate::form::fields::{Fault, Filled, Section};
use crate::form::mapped::{cleared, edit, examples, propose, remembered, whose, write_down};
use crate::form::upload::{Upload, receive};
use crate::list_cache::told;
use crate::page::brought;
use crate::problem::Problem;
use crate::room::{Room, answer, html, html_wrong, see};
use crate::routes::LARGEST_UPLOAD;
use crate::shell::{Nav, Shell};

/// A browser waits so long for an import; then a page says how far it is.
const PATIENCE: Duration = Duration::from_millis(2500);

/// The first step.
#[derive(Template)]
#[template(path = "bring.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    section: Section,
    opened: u64,
    limit: usize,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        room.writing()?;
        html(&sheet(room, &Filled::new(&room.ask.query))?)
    })
    .await
}

pub async fn send(State(site): State<Arc<Site>>, request: Request) -> Response {
    let Upload { ask, typed, files } = match receive(&site, request).await {
        Ok(upload) => upload,
        Err(refused) => return refused,
    };
    answer(site, ask, move |room| {
        room.writing()?;
        let mut filled = Filled::new(&typed);
        if cleared(room, typed.get("clearance")).is_none() {
            filled.wrong("clearance", "May be seen by", "Choose who may see this list.");
        }
        match files.into_iter().next() {
            None => filled.wrong("files", "File", "Choose the file of the list."),
            Some((name, bytes)) if filled.faults.is_empty() => match begin(room, &typed, &name, bytes) {
                Ok(draft) => {
                    let kept = room.site.brought.keep(&room.ask.cookie, draft).map_err(no_random)?;
                    return Ok(see(&format!("/lists/add/{kept}")));
                }
                Err(error) => {
                    let (what, hint) = told(&error);
                    filled.wrong("files", "File", format!("{what} {hint}"));
                }
            },
            Some(_) => {}
        }
        html_wrong(&sheet(room, &filled)?)
    })
    .await
}

fn sheet(room: &Room<'_>, filled: &Filled<'_>) -> Result<Page, Problem> {
    let mut shell = room.shell("Take in a list", Nav::Lists)?;
    shell.bar.back = "/lists/add".into();
    let mut section = whose(room, filled)?;
    // What the list is called can wait for the next step.
    section.fields.iter_mut().for_each(|field| field.required = false);
    Ok(Page {
        shell,
        faults: filled.faults.clone(),
        section,
        opened: room.reader.position(),
        limit: LARGEST_UPLOAD / (1024 * 1024),
    })
}

fn no_random(error: getrandom::Error) -> Problem {
    Problem::Inside { what: format!("The operating system gives no random numbers: {error}."), hint: String::new() }
}

/// Opens the file and proposes what its columns become: as a list with these headings was taken in before, or anew.
fn begin(room: &Room<'_>, typed: &Pairs, name: &str, bytes: Vec<u8>) -> Result<Draft, lists::Error> {
    let mut draft = Draft::new(name, bytes);
    (draft.list, draft.by) = (typed.get("list").to_owned(), typed.get("by").to_owned());
    draft.clearance = typed.get("clearance").to_owned();
    let file = draft.file(&room.site.unpacker)?;
    draft.examples = examples(room, &file);
    propose(room, &mut draft, &file)?;
    if let Some((import, mapping)) = remembered(room, &file)? {
        let at = import.at.get(..10).unwrap_or_default();
        draft.remembered = Some(format!("{} of {at}", import.list));
        if draft.list.is_empty() {
            draft.list.clone_from(&import.list);
        }
        if draft.by.is_empty() && fold(&draft.list) == fold(&import.list) {
            draft.by = import.by.unwrap_or_default();
        }
        draft.mapping = mapping;
    }
    write_down(&mut draft);
    Ok(draft)
}

/// The second step and the third: what the columns become, how far the import is, or what came of it.
pub async fn step(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        room.writing()?;
        let Some(draft) = room.site.brought.find(&room.ask.cookie, &name) else { return Err(forgotten()) };
        let mut draft = lock(&draft);
        brought::show(room, &name, &mut draft, &Pairs::default(), Vec::new())
    })
    .await
}

pub async fn go_on(State(site): State<Arc<Site>>, Path(name): Path<String>, sent: Sent) -> Response {
    let Sent { ask, typed } = sent;
    answer(site, ask, move |room| {
        room.writing()?;
        let Some(draft) = room.site.brought.find(&room.ask.cookie, &name) else { return Err(forgotten()) };
        let mut draft = lock(&draft);
        let here = format!("/lists/add/{name}");
        let running = draft.run.as_ref().filter(|run| run.outcome().is_none());
        if let Some(run) = running {
            if typed.get("do") == "stop" {
                run.stop();
                run.wait(PATIENCE);
            }
            return Ok(see(&here));
        }
        let done = draft.run.as_ref().and_then(|run| run.outcome());
        if done.is_some_and(|outcome| outcome.report.as_ref().is_ok_and(|report| report.import.is_some())) {
            return Ok(see(&here));
        }
        draft.run = None;
        let mut faults = edit(room, &mut draft, &typed)?;
        let options = match typed.get("do") {
            "dry" => Some((Take::All, true)),
            "take" => Some((Take::All, false)),
            "take-whole" => Some((Take::WholeRows, false)),
            "take-good" => Some((Take::Good, false)),
            _ => None,
        };
        if let (Some((take, dry_run)), true) = (options, faults.is_empty()) {
            match start(room, &mut draft, take, dry_run) {
                Ok(run) => {
                    run.wait(PATIENCE);
                    draft.run = Some(run);
                    return Ok(see(&here));
                }
                Err(error) => {
                    let (what, hint) = told(&error);
                    let name = if draft.list.is_empty() { "list" } else { "toml" };
                    let label = if draft.list.is_empty() { "Name" } else { "Mapping" };
                    faults.push(Fault { name: name.into(), label: label.into(), text: format!("{what} {hint}") });
                }
            }
        }
        brought::show(room, &name, &mut draft, &typed, faults)
    })
    .await
}

fn forgotten() -> Problem {
    Problem::wrong(
        "This list is no longer here.",
        "A file that was brought and not taken in is kept for an hour, in memory only. Bring it again from Lists.",
    )
}

fn start(room: &Room<'_>, draft: &mut Draft, take: Take, dry_run: bool) -> Result<Arc<Run>, lists::Error> {
    let file = draft.file(&room.site.unpacker)?;
    let mut options = Options::new(&draft.mapping, Some(&draft.list), Some(&draft.by))?;
    (options.take, options.dry_run) = (take, dry_run);
    // What does not fit the file is said here, beside the mapping, and not by the import.
    lists::preview(&file, &draft.mapping, &draft.list, room.registry(), 1)?;
    Run::begin(Arc::clone(&room.site.workspace), room.author(), file, draft.mapping.clone(), options).map_err(|error| {
        lists::Error::Wrong { what: format!("the import cannot be started: {error}"), hint: "try again".into() }
    })
}

/// The rows that were not taken, as a file to correct and bring again.
pub async fn rows(State(site): State<Arc<Site>>, Path((name, file)): Path<(String, String)>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let draft = room.site.brought.find(&room.ask.cookie, &name).ok_or(Problem::NotFound)?;
        let outcome = lock(&draft).run.as_ref().and_then(|run| run.outcome()).ok_or(Problem::NotFound)?;
        let number: usize =
            file.strip_suffix(".csv").and_then(|number| number.parse().ok()).ok_or(Problem::NotFound)?;
        let (_, bytes) = outcome.rejected.get(number).ok_or(Problem::NotFound)?;
        let kind = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"rows-to-correct.csv\""),
        ];
        Ok((kind, bytes.clone()).into_response())
    })
    .await
}
