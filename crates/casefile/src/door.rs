//! The door of an import: everything that it appends goes through one transaction, or, when it is only tried, nowhere.

use std::collections::HashMap;

use ledger::{Digest, Item, Reader, Transaction, View};
use vault::Stored;
use workspace::{Addition, NewObject, NewSource, Workspace};

use crate::error::Error;

/// An entry takes at most this many items; the ledger's own bound is higher.
const MOST: usize = 50_000;

/// The ledger's door, or a look at it.
pub(crate) struct Door<'a, 't, 'w> {
    pub workspace: &'a Workspace,
    /// Without it, it is only tried.
    pub open: Option<Open<'a, 't, 'w>>,
    pub entries: usize,
}

pub(crate) struct Open<'a, 't, 'w> {
    pub transaction: &'a mut Transaction<'t>,
    pub addition: &'a mut Addition<'w>,
    /// What was put into the vault, by its hash.
    pub stored: HashMap<Digest, Stored>,
}

impl Door<'_, '_, '_> {
    /// The ledger with what was appended so far.
    pub fn read(&self, view: &View) -> Result<Reader<'_>, Error> {
        Ok(match &self.open {
            Some(open) => open.transaction.read(view)?,
            None => self.workspace.ledger.read(view)?,
        })
    }

    /// Appends what is new as one entry; says how many items that was.
    pub fn append(&mut self, what: &str, items: Vec<Item>) -> Result<usize, Error> {
        let Some(open) = self.open.as_mut().filter(|_| !items.is_empty()) else { return Ok(0) };
        let mut appended = 0;
        for part in items.chunks(MOST) {
            let receipt = open
                .transaction
                .append_new(part.to_vec())
                .map_err(|error| Error::Refused { place: what.to_owned(), error })?;
            appended += receipt.claims.len();
            self.entries += usize::from(!receipt.claims.is_empty());
        }
        Ok(appended)
    }

    /// Adds a source by the door that forms use: its bytes are in the vault, so one entry.
    pub fn add_source(
        &mut self,
        what: &str,
        mut source: NewSource<'_>,
        object: Object<'_>,
        mut items: Vec<Item>,
    ) -> Result<(), Error> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let Object { sha256, file_name, media_type, bytes } = object;
        let stored = match open.stored.get(&sha256) {
            Some(stored) => stored.clone(),
            None => open.addition.put(bytes)?,
        };
        source.bytes = Some(NewObject::stored(file_name, media_type, stored));
        let rest = items.split_off(items.len().min(MOST));
        let receipt = open.addition.append(open.transaction, source, items).map_err(|error| match error {
            workspace::Error::Ledger(error) => Error::Refused { place: what.to_owned(), error },
            other => Error::Workspace(other),
        })?;
        self.entries += usize::from(!receipt.claims.is_empty());
        self.append(what, rest)?;
        Ok(())
    }
}

/// The bytes of a source and what is said of their file.
pub(crate) struct Object<'a> {
    pub sha256: Digest,
    pub file_name: &'a str,
    pub media_type: &'a str,
    pub bytes: &'a [u8],
}
