//! Items: each against its entry's commitment, and the columns and tables by which it is found against its bytes.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::Receiver;

use schema::EntityId;
use sha2::{Digest as _, Sha256};

use super::Findings;
use super::entries::Expected;
use crate::Error;
use crate::check::item_row;
use crate::entry::commit;
use crate::id::{ClaimId, Digest};
use crate::item::{Item, Target};
use crate::ledger::origin_of;
use crate::storage::{Columns, EntityRow, ItemNo, RawItem, Storage};

/// What the items gave.
pub(super) struct Checked {
    pub(super) items: u64,
    pub(super) claims: u64,
    pub(super) erased: u64,
    pub(super) not_understood: u64,
    pub(super) findings: Findings,
    pub(super) error: Option<Error>,
}

struct Check<'a> {
    storage: &'a dyn Storage,
    /// Entries in their order, as they are checked.
    entries: Receiver<Expected>,
    entry: Option<Expected>,
    /// Items of that entry met so far: the index that comes next.
    next: u32,
    entities: HashMap<EntityId, EntityRow>,
    gone: Vec<ItemNo>,
    /// Items of which an entry says that they were destroyed.
    explained: HashSet<ItemNo>,
    origins: Origins,
    checked: Checked,
}

/// Checks all items in their order; `progress` is told the positions of entries done.
pub(super) fn check(storage: &dyn Storage, entries: Receiver<Expected>, progress: &mut dyn FnMut(u64)) -> Checked {
    let checked =
        Checked { items: 0, claims: 0, erased: 0, not_understood: 0, findings: Findings::default(), error: None };
    let mut check = Check {
        storage,
        entries,
        entry: None,
        next: 0,
        entities: HashMap::new(),
        gone: Vec::new(),
        explained: HashSet::new(),
        origins: Origins::default(),
        checked,
    };
    let done = check.run(progress);
    check.checked.error = done.err();
    check.checked
}

impl Check<'_> {
    fn run(&mut self, progress: &mut dyn FnMut(u64)) -> Result<(), Error> {
        let storage = self.storage;
        storage.each_entity(&mut |row| {
            self.entities.insert(row.id, row);
            Ok(())
        })?;
        self.entry = self.entries.recv().ok();
        storage.each_item(&mut |item| {
            let position = item.no.position();
            while self.entry.as_ref().is_some_and(|entry| entry.position < position) {
                progress(self.close_entry());
            }
            self.item(&item)
        })?;
        while self.entry.is_some() {
            progress(self.close_entry());
        }
        for no in std::mem::take(&mut self.gone) {
            if self.explained.remove(&no) {
                self.checked.erased += 1;
            } else {
                self.checked.findings.find(place(no), "its words are gone, and no entry says why");
            }
        }
        for no in std::mem::take(&mut self.explained) {
            self.checked.findings.find(place(no), "an entry says that its words were destroyed, and they are here");
        }
        let mut unmade: Vec<EntityId> = std::mem::take(&mut self.entities).into_keys().collect();
        unmade.sort_unstable();
        for id in unmade {
            self.checked.findings.find(format!("entity {id}"), "no entry made it");
        }
        self.origins(storage)
    }

    /// The rest of an entry's items must not be missing.
    fn close_entry(&mut self) -> u64 {
        let Some(entry) = self.entry.take() else { return 0 };
        self.missing(&entry, entry.items());
        self.next = 0;
        self.entry = self.entries.recv().ok();
        entry.position
    }

    fn missing(&mut self, entry: &Expected, upto: u32) {
        for index in self.next..upto {
            self.checked.findings.find(format!("item {index} of entry {}", entry.position), "it is missing");
        }
    }

    fn item(&mut self, item: &RawItem) -> Result<(), Error> {
        self.checked.items += 1;
        let index = item.no.index();
        let at = index as usize * 32;
        let entry = self.entry.take().filter(|entry| entry.position == item.no.position());
        let commitment: Option<[u8; 32]> =
            entry.as_ref().and_then(|entry| entry.commitments.get(at..at + 32)).and_then(|bytes| bytes.try_into().ok());
        if let (Some(entry), Some(_)) = (&entry, commitment) {
            self.missing(entry, index);
            self.next = index + 1;
        }
        self.entry = entry;
        let Some(commitment) = commitment else {
            self.checked.findings.find(place(item.no), "its entry does not commit to it");
            return Ok(());
        };
        let (salt, body) = match (&item.salt, &item.body) {
            (Some(salt), Some(body)) => (salt, body),
            (None, None) => {
                self.gone.push(item.no);
                return Ok(());
            }
            _ => {
                self.checked.findings.find(place(item.no), "half of it is gone");
                return Ok(());
            }
        };
        if commit(salt, body).0 != commitment {
            self.checked.findings.find(place(item.no), "its words are not those that its entry committed to");
            return Ok(());
        }
        match Item::decode(body) {
            Err(error) => self.checked.findings.find(place(item.no), error.to_string()),
            Ok(decoded) => {
                if let Some(problem) = self.understood(item, &decoded)? {
                    self.checked.findings.find(place(item.no), problem);
                }
            }
        }
        Ok(())
    }

    /// Whether what is kept beside an item follows from its bytes.
    fn understood(&mut self, raw: &RawItem, item: &Item) -> Result<Option<&'static str>, Error> {
        if raw.kind != item.kind() {
            return Ok(Some("it is filed under another kind"));
        }
        if let Some(origin) = origin_of(item) {
            self.origins.item(*origin, raw.no);
        }
        let about = |id: EntityId| Columns { subject: Some(id), ..Columns::default() };
        let expected = match item {
            Item::Entity(made) => {
                let same = self.entities.remove(&made.id).is_some_and(|row| {
                    row.schema == made.schema
                        && row.clearance == made.clearance
                        && row.key == made.key
                        && row.created == raw.no
                });
                if !same {
                    return Ok(Some("the entity is filed otherwise than it was made"));
                }
                about(made.id)
            }
            Item::Claim(claim) => {
                self.checked.claims += 1;
                let target = if claim.kind == "entity" { claim.value.parse().ok() } else { None };
                Columns { subject: Some(claim.entity), target, source: Some(claim.source), on_item: None }
            }
            Item::Retract(retract) => self.upon(raw, retract.claim)?,
            Item::Prefer(prefer) => self.upon(raw, prefer.claim)?,
            Item::Erase(erase) => {
                let columns = self.upon(raw, erase.item)?;
                self.explained.extend(columns.on_item);
                columns
            }
            Item::Assess(assess) => self.target(raw, assess.target)?,
            Item::Classify(classify) => self.target(raw, classify.target)?,
            Item::Judge(judge) => Columns { subject: Some(judge.a), target: Some(judge.b), ..Columns::default() },
            Item::Custody(custody) => Columns { subject: custody.source, ..Columns::default() },
            Item::Decide(decide) => Columns { subject: Some(decide.source), ..Columns::default() },
            Item::Genesis(_) | Item::Account(_) | Item::Define(_) | Item::Publish(_) | Item::Stamp(_) => {
                Columns::default()
            }
            Item::Unknown { .. } => {
                // How it is to be found is for the version that knows it.
                self.checked.not_understood += 1;
                return Ok(None);
            }
        };
        Ok((expected != raw.columns).then_some("it is filed under another entity, source or item than its own"))
    }

    fn target(&self, raw: &RawItem, target: Target) -> Result<Columns, Error> {
        match target {
            Target::Claim(claim) => self.upon(raw, claim),
            Target::Entity(id) => Ok(Columns { subject: Some(id), ..Columns::default() }),
        }
    }

    /// The columns of an act upon another item.
    fn upon(&self, raw: &RawItem, item: ClaimId) -> Result<Columns, Error> {
        let Some(row) = item_row(self.storage, item)? else { return Ok(Columns::default()) };
        let subject = match row.body.as_deref().map(Item::decode) {
            Some(Ok(Item::Claim(claim))) => Some(claim.entity),
            // What was destroyed cannot say what it was about: believe the column.
            None => raw.columns.subject,
            Some(_) => None,
        };
        Ok(Columns { subject, on_item: Some(row.no), ..Columns::default() })
    }

    /// Origins are compared as sums first, and one by one only where the sums differ: for most that is at no cost in memory.
    fn origins(&mut self, storage: &dyn Storage) -> Result<(), Error> {
        let mut kept = Origins::default();
        storage.each_origin(&mut |origin, no| {
            kept.item(origin, no);
            Ok(())
        })?;
        if kept == self.origins {
            return Ok(());
        }
        let mut first: HashMap<Digest, ItemNo> = HashMap::new();
        let mut destroyed: HashSet<ItemNo> = HashSet::new();
        storage.each_item(&mut |item| {
            match item.body.as_deref().map(Item::decode) {
                Some(Ok(decoded)) => {
                    if let Some(origin) = origin_of(&decoded) {
                        first.entry(*origin).or_insert(item.no);
                    }
                }
                Some(Err(_)) => {}
                None => {
                    destroyed.insert(item.no);
                }
            }
            Ok(())
        })?;
        let findings = &mut self.checked.findings;
        storage.each_origin(&mut |origin, no| {
            match first.remove(&origin) {
                // The first of that origin may have been destroyed, and a later one of the same origin still be there.
                Some(found) if found == no || destroyed.contains(&no) => {}
                None if destroyed.contains(&no) => {}
                _ => findings.find(place(no), "the origin kept for it is not its own"),
            }
            Ok(())
        })?;
        for no in first.into_values() {
            findings.find(place(no), "its origin is not kept: an import could take it twice");
        }
        Ok(())
    }
}

impl Expected {
    fn items(&self) -> u32 {
        u32::try_from(self.commitments.len() / 32).unwrap_or(u32::MAX)
    }
}

/// A count and a sum over origins with their items, the same in any order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Origins {
    count: u64,
    sum: u128,
}

impl Origins {
    fn item(&mut self, origin: Digest, no: ItemNo) {
        let hash = Sha256::new().chain_update(origin.0).chain_update(no.0.to_be_bytes()).finalize();
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        self.count += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
    }
}

fn place(no: ItemNo) -> String {
    format!("item {} of entry {}", no.index(), no.position())
}
