//! The keys of an export: the ones that things had in their case file, or new ones made from their labels.

use std::collections::{HashMap, HashSet};

use ledger::Reader;
use schema::EntityId;

use crate::error::Error;
use crate::publication::NOT_IN_THIS_VIEW;
use crate::read::is_key;

/// A key for every entity that may be seen.
#[derive(Default)]
pub(super) struct Names {
    keys: HashMap<EntityId, String>,
    /// Who has which key in the ledger; of several, the one with the lowest id.
    holders: HashMap<String, EntityId>,
    /// Those whose id does not follow from the case file's name and the key.
    explicit: HashSet<EntityId>,
}

impl Names {
    /// Gives the keys. An entity that has its key by right (its id follows from it) is never made to share it.
    pub fn give(reader: &Reader<'_>, namespace: &str, ids: impl Iterator<Item = EntityId>) -> Result<Names, Error> {
        let mut names = Names::default();
        // Of a thing that has the marker as its key, every reference to what is hidden would speak.
        let mut taken: HashSet<String> = HashSet::from([NOT_IN_THIS_VIEW.to_owned()]);
        let mut others = Vec::new();
        let mut ids: Vec<EntityId> = ids.collect();
        ids.sort();
        for id in ids {
            let key = reader.key_of(id)?;
            if let Some(key) = &key {
                names.holders.entry(key.clone()).or_insert(id);
            }
            match key.filter(|key| is_key(key)) {
                Some(key) if key != NOT_IN_THIS_VIEW && EntityId::derive(namespace, &key) == id => {
                    taken.insert(key.clone());
                    names.keys.insert(id, key);
                }
                key => others.push((key, id)),
            }
        }
        // Keys that were given before labels that are made into keys.
        others.sort_by_key(|(key, id)| (key.is_none(), *id));
        for (key, id) in others {
            let wanted = match key {
                Some(key) => key,
                None => made(reader, id)?,
            };
            let free = std::iter::once(wanted.clone())
                .chain((2..=u32::MAX).map(|n| format!("{wanted}-{n}")))
                .find(|key| !taken.contains(key))
                .unwrap_or(wanted);
            taken.insert(free.clone());
            names.keys.insert(id, free);
            names.explicit.insert(id);
        }
        Ok(names)
    }

    pub fn key(&self, id: EntityId) -> Option<&str> {
        self.keys.get(&id).map(String::as_str)
    }

    /// The key of what a definition names by id or by key; `None` for what is not in this view, whether or not it is anywhere.
    pub fn named(&self, name: &str) -> Option<&str> {
        let id = name.parse().ok().or_else(|| self.holders.get(name).copied())?;
        self.key(id)
    }

    pub fn explicit(&self, id: EntityId) -> bool {
        self.explicit.contains(&id)
    }
}

/// From the label; what has none in Latin letters is called by its schema and the beginning of its id.
fn made(reader: &Reader<'_>, id: EntityId) -> Result<String, Error> {
    let label = reader.label_opt(id)?.unwrap_or_default();
    if let Some(slug) = slug(&label) {
        return Ok(slug);
    }
    let schema = reader.schema_of(id)?.unwrap_or_default().to_lowercase();
    let id: String = id.to_string().chars().take(8).collect();
    Ok(slug_of(&format!("{schema}-{id}")))
}

/// A text as a key: lower case, everything else one “-”; none when it has fewer than two Latin letters or digits.
pub(super) fn slug(text: &str) -> Option<String> {
    let made = slug_of(text);
    (made.len() >= 2).then_some(made)
}

fn slug_of(text: &str) -> String {
    const LONGEST: usize = 48;
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= LONGEST {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn labels_become_keys() {
        assert_eq!(slug("Rong Chhun").as_deref(), Some("rong-chhun"));
        assert_eq!(slug("  “A/HRC/51/66” (2022) ").as_deref(), Some("a-hrc-51-66-2022"));
        assert_eq!(slug("រ៉ុង ឈុន"), None);
    }
}
