//! What a reference names, and what is said when that is not in the letter's view.
//!
//! What is hidden and what never was are told alike, and neither by its name: a name in a draft may be all that there is to hide.

use ledger::Reader;
use schema::EntityId;

use crate::Error;
use crate::draft::Reference;
use crate::model::Inline;
use crate::resolve::Composer;

/// Stands where a reference would name something that is not in this view.
pub const UNSEEN: &str = "a reference that is not in this view";

impl Composer<'_, '_> {
    /// The entity with this id or key, if it is in the view.
    pub fn entity(&self, name: &str) -> Result<Option<EntityId>, Error> {
        entity_in(self.reader, name)
    }

    /// Lists a reference to what is not in this view without its name: what is hidden and what never was are told alike.
    pub fn unseen(&mut self, line: usize) {
        self.unresolved(UNSEEN, line, "there is no such thing, or the publication’s readers may not see it");
    }

    /// The same, and what stands in the line in its place.
    pub fn missing_unseen(&mut self, reference: &Reference) -> Vec<Inline> {
        self.unseen(reference.line);
        vec![Inline::Missing { reference: UNSEEN.into() }]
    }
}

/// The entity with this id or key, if it is in this reader's view.
pub fn entity_in(reader: &Reader<'_>, name: &str) -> Result<Option<EntityId>, Error> {
    if let Ok(id) = name.parse::<EntityId>() {
        return Ok(reader.schema_of(id)?.map(|_| id));
    }
    for card in reader.find(name)? {
        // A key names exactly one entity; what `find` makes of a label is for searching. Of entities judged to be the
        // same, the name may be any one's.
        let merged = reader.record(card.id)?.map(|record| record.merged).unwrap_or_default();
        for id in std::iter::once(card.id).chain(merged) {
            if reader.key_of(id)?.as_deref() == Some(name) {
                return Ok(Some(card.id));
            }
        }
    }
    Ok(None)
}
