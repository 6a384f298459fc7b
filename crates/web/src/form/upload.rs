//! Adding documents: files from this device, and what the person who has them knows of them. Their words are read at once.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use intake::{Added, Arriving, Content, Given, Intake};
use ledger::Clearance;

use crate::Site;
use crate::ask::{Ask, Pairs};
use crate::form::fields::{Fault, Filled, Section, clearances, terms};
use crate::markup::{Words, thousands};
use crate::page::enter;
use crate::problem::{Problem, capitalised, unreadable};
use crate::room::{Room, answer, html, html_wrong};
use crate::routes::LARGEST_UPLOAD;
use crate::shell::{Nav, Shell};

/// Files that one form takes; more come in with the command line.
const MOST_FILES: usize = 60;

/// The form, and below it what became of the files that were just sent.
#[derive(Template)]
#[template(path = "upload.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    sections: Vec<Section>,
    opened: u64,
    done: Vec<Line>,
    limit: usize,
}

/// One file, or a document that was found in one.
struct Line {
    inside: bool,
    title: Words,
    /// `None`: it could not be taken.
    source: Option<String>,
    review: bool,
    state: String,
    warnings: Vec<String>,
}

/// A form with files, sent from one of the session's own pages.
pub struct Upload {
    pub ask: Ask,
    pub typed: Pairs,
    pub files: Vec<(String, Vec<u8>)>,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        room.writing()?;
        html(&sheet(room, &Filled::new(&Pairs::default()), Vec::new())?)
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
        if files.is_empty() {
            filled.wrong("files", "Files", "Choose at least one file.");
        }
        if files.len() > MOST_FILES {
            filled.wrong("files", "Files", format!("A form takes {MOST_FILES} files at a time; on the command line, rapporteur add takes whole folders."));
        }
        let clearance = match typed.get("clearance").parse::<Clearance>() {
            Ok(clearance) if room.reader.cleared().may_see(&clearance) => clearance,
            _ => {
                filled.wrong("clearance", "May be seen by", "Choose who may see these documents.");
                Clearance::internal()
            }
        };
        if !filled.faults.is_empty() {
            return html_wrong(&sheet(room, &filled, Vec::new())?);
        }
        let done = take(room, &typed, files, &clearance)?;
        html(&sheet(room, &Filled::new(&Pairs::default()), done)?)
    })
    .await
}

/// A connection that breaks off, or a file over the limit, is told as such.
fn cut_off(rejection: impl IntoResponse) -> Response {
    enter::refused(&unreadable(rejection, LARGEST_UPLOAD))
}

/// Reads the form. The session's own token comes before the first file, so that nothing of another site's form is taken in.
pub async fn receive(site: &Arc<Site>, request: Request) -> Result<Upload, Response> {
    let (mut parts, body) = request.into_parts();
    let ask = Ask::from_request_parts(&mut parts, site).await?;
    let request = Request::from_parts(parts, body);
    let mut form = Multipart::from_request(request, site).await.map_err(cut_off)?;
    let mut typed = Pairs::default();
    let mut files = Vec::new();
    loop {
        let field = form.next_field().await.map_err(cut_off)?;
        let Some(field) = field else { break };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "token" && !ask.session.owns(typed.get("token")) {
            return Err(enter::refused(&Problem::Foreign));
        }
        match field.file_name().map(str::to_owned) {
            Some(file_name) => {
                let bytes = field.bytes().await.map_err(cut_off)?;
                if !(file_name.is_empty() && bytes.is_empty()) {
                    files.push((file_name, bytes.to_vec()));
                }
            }
            None => typed.set(&name, &field.text().await.map_err(cut_off)?),
        }
    }
    if !ask.session.owns(typed.get("token")) {
        return Err(enter::refused(&Problem::Foreign));
    }
    Ok(Upload { ask, typed, files })
}

fn take(
    room: &Room<'_>,
    typed: &Pairs,
    files: Vec<(String, Vec<u8>)>,
    clearance: &Clearance,
) -> Result<Vec<Line>, Problem> {
    let text = |name: &str| typed.some(name).map(str::to_owned);
    let view = room.ask.session.view();
    let intake = Intake::new(&room.site.workspace, room.author(), &view, &room.site.readers)?;
    let alone = files.len() == 1;
    let mut done = Vec::new();
    for (file_name, bytes) in files {
        let arriving = Arriving {
            content: Content::Bytes(bytes),
            given: Given {
                title: text("title").filter(|_| alone),
                kind: text("kind"),
                published: text("published"),
                url: text("url").filter(|_| alone),
            },
            clearance: clearance.clone(),
            method: text("method").unwrap_or_else(|| "upload".into()),
            consent: text("consent"),
            ..Arriving::bytes(&file_name, Vec::new())
        };
        match intake.add(arriving) {
            Ok(added) => tell(&added, false, &mut done),
            Err(error) => done.push(Line {
                inside: false,
                title: Words::of(&file_name),
                source: None,
                review: false,
                state: format!("Not taken: {error}"),
                warnings: Vec::new(),
            }),
        }
    }
    Ok(done)
}

fn tell(added: &Added, inside: bool, lines: &mut Vec<Line>) {
    let state = match (added.already, added.characters) {
        (true, _) => "There already: nothing was added.".to_owned(),
        (false, 0) => "Kept; it has no words that could be read.".to_owned(),
        (false, characters) => format!("{} characters were read.", thousands(characters as u64)),
    };
    lines.push(Line {
        inside,
        title: Words::of(&added.title),
        source: Some(added.id.to_string()),
        review: added.characters > 0,
        state,
        warnings: added.warnings.iter().map(|warning| capitalised(warning)).collect(),
    });
    for part in &added.inside {
        tell(part, true, lines);
    }
}

fn sheet(room: &Room<'_>, filled: &Filled<'_>, done: Vec<Line>) -> Result<Page, Problem> {
    let mut shell = room.shell("Add documents", Nav::Add)?;
    shell.bar.back = "/documents/add".into();
    let section = Section {
        legend: "What you know of them",
        intro: "Leave empty what the documents say themselves: title, date, language and address are read from them."
            .into(),
        fields: vec![
            filled.select("kind", "Kind", "", terms(room.registry(), "document-kinds", "(not said)")),
            filled.line("published", "Date", "2020-11-17, November 2020, about 2020 …"),
            filled.select("clearance", "May be seen by", "", clearances(room.reader.cleared().level())),
        ],
        further: Some((
            "For a single file",
            filled.typed.some("title").or(filled.typed.some("url")).is_some(),
            vec![
                filled.line("title", "Title", "As it stands on the document.").wide(),
                filled.line("url", "Address", "https://… where it was found").wide(),
            ],
        )),
    };
    let consent = Section {
        legend: "How they came to you",
        fields: vec![
            filled.line("method", "How", "Handed over by the family; downloaded; sent by e-mail …").wide(),
            filled
                .line(
                    "consent",
                    "What their giver agreed to",
                    "In a few words. If consent is withdrawn later, they can be destroyed (rapporteur withdraw).",
                )
                .wide(),
        ],
        ..Section::default()
    };
    Ok(Page {
        shell,
        faults: filled.faults.clone(),
        sections: vec![section, consent],
        opened: room.reader.position(),
        done,
        limit: crate::routes::LARGEST_UPLOAD / (1024 * 1024),
    })
}

impl From<intake::Error> for Problem {
    fn from(error: intake::Error) -> Self {
        let hint = error.hint().unwrap_or_default().to_owned();
        match error {
            intake::Error::Ledger(error) => error.into(),
            intake::Error::Workspace(error) => error.into(),
            intake::Error::Wrong { what, hint } => {
                Problem::Wrong { what: capitalised(&what), hint: capitalised(&hint) }
            }
            error => Problem::Inside { what: capitalised(&error.to_string()), hint },
        }
    }
}
