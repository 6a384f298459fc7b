//! Which pairs may be one, kept between questions for each view that asks: only what is new is compared anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use matching::Questions;

use crate::problem::{Problem, capitalised};
use crate::room::Room;

/// Views kept before all are forgotten.
const KEPT: usize = 8;

#[derive(Default)]
pub struct Matchers {
    kept: Mutex<HashMap<String, Arc<Mutex<Questions>>>>,
}

impl Matchers {
    /// Answers with the pairs of the room's view, at its position.
    pub fn with<T>(&self, room: &Room<'_>, work: impl FnOnce(&Questions) -> Result<T, Problem>) -> Result<T, Problem> {
        let key = format!("{} under {}", room.reader.cleared(), room.reader.standard().name);
        let questions = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT && !kept.contains_key(&key) {
                kept.clear();
            }
            Arc::clone(kept.entry(key).or_default())
        };
        let mut questions = questions.lock().unwrap_or_else(PoisonError::into_inner);
        questions.follow(&room.reader)?;
        work(&questions)
    }
}

impl From<matching::Error> for Problem {
    fn from(error: matching::Error) -> Self {
        let (what, hint) = (capitalised(&error.to_string()), error.hint().to_owned());
        match error {
            matching::Error::Ledger(error) => error.into(),
            matching::Error::Linkage(_) => Problem::Inside { what, hint },
            _ => Problem::Wrong { what, hint },
        }
    }
}
