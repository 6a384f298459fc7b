//! The search of a site: kept up with the ledger in the background, so that what somebody just recorded is found.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use ledger::{Cleared, Reader};
use schema::EntityId;
use search::Search;
use workspace::Workspace;

use crate::Site;

/// Entries that a question waits for. More are brought in behind its back.
const WORTH_WAITING: u64 = 32;

pub struct Finder {
    pub search: Search,
    /// Audiences that somebody asked for.
    asked: Mutex<HashSet<Cleared>>,
    /// Those whose index is being brought up at this moment.
    at_work: Mutex<HashSet<Cleared>>,
}

impl Finder {
    pub fn of(workspace: &Workspace) -> Self {
        Finder {
            search: Search::open(&workspace.search_folder(), workspace.search_key()),
            asked: Mutex::default(),
            at_work: Mutex::default(),
        }
    }
}

/// The text of a source. What cannot be read is left out; `verify` names it.
pub fn words(workspace: &Workspace, reader: &Reader<'_>, id: EntityId) -> Option<String> {
    workspace.text_of(reader, id).ok().flatten().map(|text| text.text)
}

/// Before a question: a little is brought in at once, more in the background.
pub fn keep_up(site: &Arc<Site>, cleared: &Cleared) -> Result<(), search::Error> {
    let finder = &site.finder;
    lock(&finder.asked).insert(cleared.clone());
    let ledger = &site.workspace.ledger;
    match finder.search.behind(ledger, cleared)? {
        Some(0) => Ok(()),
        Some(1..=WORTH_WAITING) => {
            let texts = |reader: &Reader<'_>, id| words(&site.workspace, reader, id);
            finder.search.update(ledger, cleared, &texts, &mut |_, _| true).map(|_| ())
        }
        _ => {
            in_background(site, cleared.clone());
            Ok(())
        }
    }
}

fn in_background(site: &Arc<Site>, cleared: Cleared) {
    if !lock(&site.finder.at_work).insert(cleared.clone()) {
        return;
    }
    let site = Arc::clone(site);
    std::thread::spawn(move || {
        let texts = |reader: &Reader<'_>, id| words(&site.workspace, reader, id);
        let done = site.finder.search.update(&site.workspace.ledger, &cleared, &texts, &mut |_, _| true);
        lock(&site.finder.at_work).remove(&cleared);
        if let Err(error) = done {
            tracing::warn!(%error, "the search index could not be brought up to date");
        }
    });
}

/// After whatever was sent: the indexes that somebody uses follow.
pub async fn after_writes(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let writes = request.method() == Method::POST;
    let response = next.run(request).await;
    if writes {
        for cleared in lock(&site.finder.asked).clone() {
            in_background(&site, cleared);
        }
    }
    response
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
