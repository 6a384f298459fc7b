//! Answers about lists that were computed already: who is on which list, and what is estimated from that. A position and a
//! view give the same answer for ever; nothing here is a source of truth.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use askama::Template;
use axum::response::Response;
use lists::Lists;

use crate::brought::lock;
use crate::problem::{Problem, capitalised};
use crate::room::{Room, html};
use crate::shell::{Nav, Shell};

/// Answers kept before all are forgotten.
const KEPT: usize = 8;
/// With more entities on lists than this they are counted while the browser waits on a page of its own.
const AT_ONCE: u64 = 4_000;
/// So long a request waits for the count all the same.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Answers by what was asked, at which position and through which view.
pub struct Kept<T> {
    kept: Mutex<HashMap<String, Arc<T>>>,
    at_work: Mutex<HashSet<String>>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept { kept: Mutex::default(), at_work: Mutex::default() }
    }
}

fn key(room: &Room<'_>, asked: &str) -> String {
    let view = &room.reader;
    format!("{asked} at {} for {} under {}", view.position(), view.cleared(), view.standard().name)
}

impl<T> Kept<T> {
    /// The answer to `asked` in the room's view; made once.
    pub fn get(
        &self,
        room: &Room<'_>,
        asked: &str,
        make: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<Arc<T>, Problem> {
        let key = key(room, asked);
        if let Some(known) = self.known(&key) {
            return Ok(known);
        }
        Ok(self.keep(key, make()?))
    }

    fn known(&self, key: &str) -> Option<Arc<T>> {
        lock(&self.kept).get(key).map(Arc::clone)
    }

    fn keep(&self, key: String, made: T) -> Arc<T> {
        let made = Arc::new(made);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&made));
        made
    }
}

/// Who is on which list, in the room's view.
pub fn lists_of(room: &Room<'_>) -> Result<Arc<Lists>, Problem> {
    room.site.lists.get(room, "lists", || Ok(Lists::read(&room.site.workspace, &view(room), "Person")?))
}

fn view(room: &Room<'_>) -> ledger::View {
    room.ask.session.view().at(ledger::AsOf::Position(room.reader.position()))
}

/// The same for a page: where there is much to count it is counted on a thread of its own, and `None` says that it is not done.
pub fn lists_soon(room: &Room<'_>) -> Result<Option<Arc<Lists>>, Problem> {
    let kept = &room.site.lists;
    let key = key(room, "lists");
    if let Some(known) = kept.known(&key) {
        return Ok(Some(known));
    }
    let imports = lists::lists_in(&room.reader)?.into_iter().flat_map(|list| list.imports);
    let entities: u64 = imports.filter(|import| import.undone.is_none()).map(|import| import.entities).sum();
    if room.ask.json || entities <= AT_ONCE {
        return lists_of(room).map(Some);
    }
    if lock(&kept.at_work).insert(key.clone()) {
        let (kept, key, view) = (Arc::clone(kept), key.clone(), view(room));
        let workspace = Arc::clone(&room.site.workspace);
        std::thread::spawn(move || {
            match Lists::read(&workspace, &view, "Person") {
                Ok(lists) => drop(kept.keep(key.clone(), lists)),
                Err(error) => tracing::warn!(%error, "the lists could not be counted"),
            }
            lock(&kept.at_work).remove(&key);
        });
    }
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(known) = kept.known(&key) {
            return Ok(Some(known));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(None)
}

#[derive(Template)]
#[template(path = "counting.html")]
struct Counting {
    shell: Shell,
    address: String,
}

/// The page that stands in until the lists are counted.
pub fn counting(room: &Room<'_>) -> Result<Response, Problem> {
    html(&Counting { shell: room.shell("The lists are being counted", Nav::Lists)?, address: room.ask.address.clone() })
}

impl From<lists::Error> for Problem {
    fn from(error: lists::Error) -> Self {
        let (what, hint) = told(&error);
        match error {
            lists::Error::Ledger(error) => error.into(),
            lists::Error::Workspace(error) => error.into(),
            lists::Error::Io { .. } | lists::Error::Vault(_) => Problem::Inside { what, hint },
            _ => Problem::Wrong { what, hint },
        }
    }
}

/// What is wrong, and what to do, as sentences.
pub fn told(error: &lists::Error) -> (String, String) {
    let what = match error {
        // Which file it is stands beside the message.
        lists::Error::File { why, .. } => capitalised(why),
        error => capitalised(&error.to_string()),
    };
    (what, error.hint().map(capitalised).unwrap_or_default())
}
