//! What the ledger knows of objects: each one's chain of custody, and the time stamps over the whole.

use schema::EntityId;

use crate::Error;
use crate::check::kinds;
use crate::clearance::{Clearance, Level};
use crate::clock::Timestamp;
use crate::id::{ClaimId, Digest, ObjectHash};
use crate::item::{Custody, CustodyEvent, Item, Stamp};
use crate::merkle::Frontier;
use crate::reader::Reader;
use crate::storage::ItemRow;

/// Entries whose hashes are read at once.
const PAGE: usize = 4096;

/// An object and its chain of custody, oldest first.
#[derive(Clone, Debug)]
pub struct ObjectView {
    pub object: ObjectHash,
    pub source: Option<EntityId>,
    pub custody: Vec<(Custody, Timestamp, String)>,
}

impl ObjectView {
    /// What the first event says of the object.
    #[must_use]
    pub fn acquired(&self) -> Option<&Custody> {
        self.custody.first().map(|(custody, _, _)| custody)
    }
}

impl CustodyEvent {
    /// The event in words: `acquired`, `consent withdrawn`…
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CustodyEvent::Acquired => "acquired",
            CustodyEvent::Viewed => "viewed",
            CustodyEvent::Exported => "exported",
            CustodyEvent::Transferred => "transferred",
            CustodyEvent::Sealed => "sealed",
            CustodyEvent::Destroyed => "destroyed",
            CustodyEvent::Verified => "verified",
            CustodyEvent::Hashed => "hashed",
            CustodyEvent::ConsentWithdrawn => "consent withdrawn",
        }
    }
}

impl Reader<'_> {
    /// The objects of a source, each with its chain of custody.
    ///
    /// # Errors
    /// As the database says.
    pub fn objects_of(&self, source: EntityId) -> Result<Vec<ObjectView>, Error> {
        let mut rows = Vec::new();
        for member in self.members(source)? {
            rows.extend(
                self.storage()?
                    .items_about(member.seen.id, self.before)?
                    .into_iter()
                    .filter(|row| row.kind == kinds::CUSTODY),
            );
        }
        self.custody_of(&rows)
    }

    /// Custody items by object and source.
    fn custody_of(&self, rows: &[ItemRow]) -> Result<Vec<ObjectView>, Error> {
        let mut objects: Vec<ObjectView> = Vec::new();
        for row in rows {
            let Some(Item::Custody(custody)) = row.body.as_deref().map(Item::decode).transpose()? else { continue };
            let (by, at) = self.recorded(row.no);
            match objects.iter_mut().find(|known| {
                known.object == custody.object && (custody.source.is_none() || known.source == custody.source)
            }) {
                Some(known) => known.custody.push((custody, at, by)),
                None => objects.push(ObjectView {
                    object: custody.object,
                    source: custody.source,
                    custody: vec![(custody, at, by)],
                }),
            }
        }
        Ok(objects)
    }

    /// Every object of this view. An object belongs to its source: who may not see that, does not see the object.
    ///
    /// # Errors
    /// As the database says.
    pub fn objects(&self) -> Result<Vec<ObjectView>, Error> {
        let objects = self.custody_of(&self.storage()?.items_of_kind(kinds::CUSTODY, self.before)?)?;
        let mut visible = Vec::with_capacity(objects.len());
        for object in objects {
            let seen = match object.source {
                Some(source) => self.account(source)?.is_some(),
                None => self.sees(&Clearance::from(Level::Internal)),
            };
            if seen {
                visible.push(object);
            }
        }
        Ok(visible)
    }

    /// The addresses of the links of the chains of custody of a source's objects: what is erased when its giver withdraws consent.
    ///
    /// # Errors
    /// As the database says.
    pub fn custody_items(&self, source: EntityId) -> Result<Vec<ClaimId>, Error> {
        let mut items = Vec::new();
        for member in self.members(source)? {
            for row in self.storage()?.items_about(member.seen.id, self.before)? {
                if row.kind == kinds::CUSTODY && row.body.is_some() {
                    items.push(self.address(row.no));
                }
            }
        }
        Ok(items)
    }

    /// The time stamps over the ledger, oldest first, each with the position at which it was attached.
    ///
    /// # Errors
    /// As the database says.
    pub fn stamps(&self) -> Result<Vec<(Stamp, u64)>, Error> {
        let mut stamps = Vec::new();
        for row in self.storage()?.items_of_kind(kinds::STAMP, self.before)? {
            if let Some(Item::Stamp(stamp)) = row.body.as_deref().map(Item::decode).transpose()? {
                stamps.push((stamp, row.no.position()));
            }
        }
        Ok(stamps)
    }

    /// The root of the tree over the first `size` entries; see [`crate::merkle`]. `None` if this view does not go so far.
    ///
    /// # Errors
    /// As the database says.
    pub fn root_at(&self, size: u64) -> Result<Option<Digest>, Error> {
        if size > self.position() {
            return Ok(None);
        }
        let mut frontier = Frontier::default();
        for from in (1..=size).step_by(PAGE) {
            for entry in self.storage()?.entries(from, size.min(from + PAGE as u64 - 1))? {
                frontier.push(entry.hash);
            }
        }
        Ok((frontier.size() == size).then(|| frontier.root()))
    }
}
