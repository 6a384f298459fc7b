//! Where entries are kept: the trait that a database fulfils. SQLite is the first; PostgreSQL comes as a second, so nothing here
//! speaks SQL, and the story in `tests/story.rs` runs against any [`Backend`].
//!
//! A store keeps entries and items as bytes, and beside each item the few columns by which it is found again (what it is about, what
//! it points at, which source it rests on, which item it acts upon). Those columns follow from the bytes; `verify` checks that they do.

use schema::EntityId;

use crate::Error;
use crate::clearance::Clearance;
use crate::clock::{Clock, Timestamp};
use crate::entry::{Entry, Feed, Salt};
use crate::id::{AccountId, Digest};
use crate::merkle::Frontier;

/// Number of an item in this store: its entry's position, and its place in the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemNo(pub(crate) i64);

impl ItemNo {
    const BITS: u32 = 20;

    #[must_use]
    pub fn new(position: u64, index: usize) -> Self {
        let position = i64::try_from(position).unwrap_or(i64::MAX >> Self::BITS);
        ItemNo((position << Self::BITS) | i64::try_from(index).unwrap_or(0))
    }

    /// The first number after the entry at `position`: the bound of everything up to it.
    #[must_use]
    pub fn end_of(position: u64) -> Self {
        Self::new(position.saturating_add(1).min(1 << 42), 0)
    }

    #[must_use]
    pub fn position(self) -> u64 {
        (self.0 >> Self::BITS).unsigned_abs()
    }

    #[must_use]
    pub fn index(self) -> u32 {
        u32::try_from(self.0 & ((1 << Self::BITS) - 1)).unwrap_or(0)
    }
}

/// Where the ledger stands.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Entries so far, over all feeds: the size of the tree.
    pub position: u64,
    pub frontier: Frontier,
    pub feeds: Vec<FeedHead>,
    /// The newest signed checkpoint; empty before the first entry.
    pub checkpoint: String,
}

/// Where one feed stands.
#[derive(Clone, Copy, Debug)]
pub struct FeedHead {
    pub feed: Feed,
    pub sequence: u64,
    pub hash: Digest,
    pub clock: Clock,
}

/// An item about to be stored, with the columns by which it will be found.
#[derive(Debug)]
pub struct NewItem {
    pub kind: u16,
    pub salt: Salt,
    pub body: Vec<u8>,
    pub columns: Columns,
    pub origin: Option<Digest>,
    pub entity: Option<NewEntity>,
}

/// How an item is found again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The entity that the item is about.
    pub subject: Option<EntityId>,
    /// The entity that its value points at.
    pub target: Option<EntityId>,
    /// The source it rests on.
    pub source: Option<EntityId>,
    /// The item that it acts upon.
    pub on_item: Option<ItemNo>,
}

/// An entity that an item brings into being.
#[derive(Clone, Debug)]
pub struct NewEntity {
    pub id: EntityId,
    pub schema: String,
    pub clearance: Clearance,
    pub key: Option<String>,
}

/// An entity as the store knows it.
#[derive(Clone, Debug)]
pub struct EntityRow {
    pub id: EntityId,
    pub schema: String,
    /// What it was created with; later [`Classify`](crate::Classify) items may have changed it.
    pub clearance: Clearance,
    pub key: Option<String>,
    pub created: ItemNo,
}

/// An item as it is read. No body: its payload was destroyed.
#[derive(Clone, Debug)]
pub struct ItemRow {
    pub no: ItemNo,
    pub kind: u16,
    pub on_item: Option<ItemNo>,
    pub body: Option<Vec<u8>>,
}

/// What a page says about an entry without opening its header.
#[derive(Clone, Copy, Debug)]
pub struct EntryRow {
    pub position: u64,
    pub feed: Feed,
    pub sequence: u64,
    pub at: Timestamp,
    pub account: AccountId,
    pub hash: Digest,
}

/// Stands for an entity that a column names and the store does not know. No entity has this id.
pub const UNKNOWN: EntityId = EntityId::from_bytes([0xff; 16]);

/// An item as `verify` reads it.
#[derive(Debug)]
pub struct RawItem {
    pub no: ItemNo,
    pub kind: u16,
    pub salt: Option<Salt>,
    pub body: Option<Vec<u8>>,
    pub columns: Columns,
}

/// What the storage medium is made of, and what of it is damaged.
#[derive(Clone, Debug, Default)]
pub struct Medium {
    pub pages: u64,
    /// The page, where the damage has one, and what is wrong with it.
    pub damaged: Vec<(Option<u64>, String)>,
    /// Damage beyond what is listed.
    pub more: u64,
}

/// A database that keeps a ledger.
pub trait Backend: Send + Sync {
    /// A connection; many may be open at once, also from other processes.
    ///
    /// # Errors
    /// When the database cannot be opened with this key, or is damaged.
    fn connect(&self) -> Result<Box<dyn Storage>, Error>;

    /// Makes the tables of an empty database.
    ///
    /// # Errors
    /// When there is a ledger already.
    fn create(&self) -> Result<(), Error>;

    /// Checks the storage medium itself, below the entries: names each damaged page.
    ///
    /// # Errors
    /// When the medium cannot be read at all.
    fn check_medium(&self) -> Result<Medium, Error>;
}

/// One connection. Reads are bounded by `before`, so that a connection needs no transaction to see one moment of an append-only log.
pub trait Storage: Send {
    /// Begins an exclusive write: no other process writes until `commit` or `rollback`.
    ///
    /// # Errors
    /// `Busy` when another process does not finish.
    fn begin(&mut self) -> Result<(), Error>;
    /// Begins to read one moment: what others write until `rollback` does not show.
    ///
    /// # Errors
    /// As the database says.
    fn snapshot(&mut self) -> Result<(), Error>;
    /// Stores a sealed entry and its items, with the head that they lead to.
    ///
    /// # Errors
    /// As the database says; the caller rolls back.
    fn put(
        &mut self,
        entry: &Entry,
        row: &EntryRow,
        clock: Clock,
        items: Vec<NewItem>,
        head: &Head,
    ) -> Result<(), Error>;
    /// Makes the write durable: when this returns, it survives the loss of power.
    ///
    /// # Errors
    /// `DiskFull` and others; then nothing was written.
    fn commit(&mut self) -> Result<(), Error>;
    /// Forgets the write.
    fn rollback(&mut self);
    /// Destroys an item's payload and its salt. Its commitment stays in its entry.
    ///
    /// # Errors
    /// As the database says.
    fn destroy(&mut self, item: ItemNo) -> Result<(), Error>;

    /// # Errors
    /// As the database says; so for all that follow.
    fn head(&self) -> Result<Head, Error>;
    fn entity(&self, id: EntityId) -> Result<Option<EntityRow>, Error>;
    fn entity_by_key(&self, key: &str) -> Result<Vec<EntityRow>, Error>;
    /// Entities whose ids lie between these two, both included.
    fn entities_between(&self, first: EntityId, last: EntityId, most: usize) -> Result<Vec<EntityRow>, Error>;
    fn entities_of(&self, schema: &str, before: ItemNo) -> Result<Vec<EntityRow>, Error>;
    fn entity_count(&self) -> Result<u64, Error>;
    fn items_about(&self, entity: EntityId, before: ItemNo) -> Result<Vec<ItemRow>, Error>;
    fn items_pointing_at(&self, entity: EntityId, before: ItemNo) -> Result<Vec<ItemRow>, Error>;
    fn items_from(&self, source: EntityId, before: ItemNo) -> Result<Vec<ItemRow>, Error>;
    fn items_of_kind(&self, kind: u16, before: ItemNo) -> Result<Vec<ItemRow>, Error>;
    /// The last item of that kind.
    fn last_of_kind(&self, kind: u16, before: ItemNo) -> Result<Option<ItemNo>, Error>;
    fn items_of_entry(&self, position: u64) -> Result<Vec<ItemRow>, Error>;
    /// Entities that items of entries after `since` are about or point at, with the newest such position.
    fn touched(&self, since: u64, upto: u64) -> Result<Vec<(EntityId, u64)>, Error>;
    fn item(&self, no: ItemNo) -> Result<Option<ItemRow>, Error>;
    fn by_origin(&self, origin: &Digest) -> Result<Option<ItemNo>, Error>;
    fn entry(&self, position: u64) -> Result<Option<EntryRow>, Error>;
    fn entries(&self, from: u64, to: u64) -> Result<Vec<EntryRow>, Error>;
    fn position_of(&self, feed_tag: [u8; 4], sequence: u64) -> Result<Option<u64>, Error>;
    /// The last entry recorded at or before this time.
    fn position_at(&self, time: Timestamp) -> Result<u64, Error>;
    fn each_entry(&self, each: &mut dyn FnMut(EntryRow, Entry) -> Result<(), Error>) -> Result<(), Error>;
    /// An entity that the store does not know is told as [`UNKNOWN`].
    fn each_item(&self, each: &mut dyn FnMut(RawItem) -> Result<(), Error>) -> Result<(), Error>;
    fn each_entity(&self, each: &mut dyn FnMut(EntityRow) -> Result<(), Error>) -> Result<(), Error>;
    fn each_origin(&self, each: &mut dyn FnMut(Digest, ItemNo) -> Result<(), Error>) -> Result<(), Error>;
}
