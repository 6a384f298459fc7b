//! Answers about lists that were computed already: who is on which list, and what is estimated from that. A position and a
//! view give the same answer for ever; nothing here is a source of truth.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lists::Lists;

use crate::problem::{Problem, capitalised};
use crate::room::Room;

/// Answers kept before all are forgotten.
const KEPT: usize = 8;

/// Answers by what was asked, at which position and through which view.
pub struct Kept<T> {
    kept: Mutex<HashMap<String, Arc<T>>>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept { kept: Mutex::default() }
    }
}

impl<T> Kept<T> {
    /// The answer to `asked` in the room's view; made once.
    pub fn get(
        &self,
        room: &Room<'_>,
        asked: &str,
        make: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<Arc<T>, Problem> {
        let view = &room.reader;
        let key = format!("{asked} at {} for {} under {}", view.position(), view.cleared(), view.standard().name);
        if let Some(known) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&made));
        Ok(made)
    }
}

/// Who is on which list, in the room's view.
pub fn lists_of(room: &Room<'_>) -> Result<Arc<Lists>, Problem> {
    let view = room.ask.session.view().at(ledger::AsOf::Position(room.reader.position()));
    room.site.lists.get(room, "lists", || Ok(Lists::read(&room.site.workspace, &view, "Person")?))
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
    (capitalised(&error.to_string()), error.hint().map(capitalised).unwrap_or_default())
}
