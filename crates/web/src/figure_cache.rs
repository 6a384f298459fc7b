//! Figures that were computed already. A position, a definition and a clearance give the same figure for ever, so an answer that
//! was given once can be given again; nothing here is a source of truth.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::figstub::Figure;
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
        let wrong = |error: crate::figstub::Error| Problem::Wrong {
            what: capitalised(&error.to_string()),
            hint: "Its definition can be corrected in the case file that it came from.".into(),
        };
        let definition = crate::figstub::load(&room.reader, name).map_err(wrong)?;
        let figure = Arc::new(crate::figstub::compute(&room.reader, &definition).map_err(wrong)?);
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
            if figure.items.iter().any(|item| item.entity == id) {
                links.push(Words::of(&figure.title).linked(&format!("/figure/{}", definition.name)));
            }
        }
        Ok(links)
    }
}
