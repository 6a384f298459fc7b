//! Figures that were computed already. A position, a definition and a clearance give the same figure for ever, so an answer that
//! was given once can be given again; nothing here is a source of truth.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use figures::Figure;
use schema::EntityId;

use crate::markup::Words;
use crate::problem::{Problem, capitalised};
use crate::room::Room;

/// Answers kept before all are forgotten.
const KEPT: usize = 64;

/// (name, position, clearance)
type Key = (String, u64, String);

#[derive(Default)]
pub struct FigureCache {
    kept: Mutex<HashMap<Key, Arc<Figure>>>,
}

impl FigureCache {
    /// The figure of that name in the room's view.
    pub fn get(&self, room: &Room<'_>, name: &str) -> Result<Arc<Figure>, Problem> {
        if room.reader.definition("figure", name)?.is_none() {
            return Err(Problem::NotFound);
        }
        let key = (name.to_owned(), room.reader.position(), room.reader.cleared().to_string());
        if let Some(figure) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(figure));
        }
        let definition = figures::load(&room.reader, name).map_err(told)?;
        // A figure is computed with its own clearance and standard, so it never depends on who asks.
        let reader = room.ledger().read(&figures::view(&room.reader, &definition).map_err(told)?)?;
        let figure = Arc::new(figures::compute(&reader, &definition).map_err(told)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&figure));
        Ok(figure)
    }

    /// Links to the figures whose list holds this entity.
    pub fn holding(&self, room: &Room<'_>, id: EntityId) -> Result<Vec<Words>, Problem> {
        let mut links = Vec::new();
        for definition in room.reader.definitions("figure")? {
            // A figure that cannot be computed says so on its own page.
            let Ok(figure) = self.get(room, &definition.name) else { continue };
            let acts = figure.items.iter().flat_map(|item| &item.acts).map(|act| act.entity);
            let groups = figure.groups.iter().map(|group| group.entity);
            if figure.items.iter().map(|item| item.entity).chain(acts).chain(groups).any(|counted| counted == id) {
                links.push(Words::of(&figure.title).linked(&format!("/figure/{}", definition.name)));
            }
        }
        Ok(links)
    }
}

pub(crate) fn told(error: figures::Error) -> Problem {
    match error {
        figures::Error::Unknown { .. } | figures::Error::Clearance { .. } => Problem::NotFound,
        figures::Error::Ledger(error) => error.into(),
        error => Problem::Wrong {
            what: capitalised(&error.to_string()),
            hint: error.hint().unwrap_or("Correct the definition in its case file and import it again.").to_owned(),
        },
    }
}
