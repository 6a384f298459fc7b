//! The ledger in an encrypted SQLite file (SQLCipher: AES-256-CBC and HMAC-SHA-512 a page).
//!
//! Items are stored once. Beside each stand the row numbers of the entities it concerns, because small numbers keep the
//! indexes small: an index entry costs some ten bytes where an id would cost thirty.

mod medium;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use schema::EntityId;
use zeroize::Zeroizing;

use crate::Error;
use crate::clearance::Clearance;
use crate::clock::{Clock, Timestamp};
use crate::entry::{Entry, Feed};
use crate::id::{AccountId, Digest, hex};
use crate::merkle::Frontier;
use crate::storage::{
    Backend, Columns, EntityRow, EntryRow, FeedHead, Head, ItemNo, ItemRow, Medium, NewItem, RawItem, Storage, UNKNOWN,
};

/// Format of the tables. A ledger of a higher one is refused.
const FORMAT: u64 = 1;
const PAGE: u64 = 4096;

const TABLES: &str = "
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE feed(no INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, sequence INTEGER NOT NULL, hash BLOB NOT NULL,
  millis INTEGER NOT NULL, counter INTEGER NOT NULL);
CREATE TABLE entry(position INTEGER PRIMARY KEY, feed INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
  account BLOB NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL, header BLOB NOT NULL);
CREATE UNIQUE INDEX entry_of_feed ON entry(feed, sequence);
CREATE INDEX entry_at ON entry(at);
CREATE TABLE entity(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, schema TEXT NOT NULL, clearance TEXT NOT NULL, key TEXT,
  created INTEGER NOT NULL);
CREATE INDEX entity_of_schema ON entity(schema, no);
CREATE INDEX entity_of_key ON entity(key) WHERE key IS NOT NULL;
CREATE TABLE item(no INTEGER PRIMARY KEY, kind INTEGER NOT NULL, subject INTEGER, target INTEGER, source INTEGER, on_item INTEGER,
  salt BLOB, body BLOB);
CREATE INDEX item_about ON item(subject) WHERE subject IS NOT NULL;
CREATE INDEX item_pointing_at ON item(target) WHERE target IS NOT NULL;
CREATE INDEX item_from ON item(source) WHERE source IS NOT NULL;
CREATE INDEX item_of_kind ON item(kind) WHERE kind NOT IN (3, 4);
CREATE TABLE origin(digest BLOB PRIMARY KEY, item INTEGER NOT NULL) WITHOUT ROWID;
";

/// An encrypted file, and the key to it.
pub(crate) struct SqliteBackend {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
}

impl SqliteBackend {
    pub(crate) fn new(path: &Path, key: [u8; 32]) -> Self {
        SqliteBackend { path: path.into(), key: Zeroizing::new(key) }
    }

    fn open(&self, create: bool) -> Result<Connection, Error> {
        open_encrypted(&self.path, &self.key, create)
    }

    /// A first page that authenticates, and says that there are more pages than the file has.
    fn cut_off(&self, error: &rusqlite::Error) -> Option<Error> {
        if error.sqlite_error_code() != Some(rusqlite::ErrorCode::DatabaseCorrupt) {
            return None;
        }
        let pages = std::fs::metadata(&self.path).ok()?.len() / PAGE;
        Some(Error::Damaged {
            place: format!("page {} of ledger.db", pages + 1),
            problem: "it is missing: the file was cut off".into(),
        })
    }
}

/// Opens an encrypted database with its raw key; the caller sets what else it needs.
pub(crate) fn open_encrypted(path: &Path, key: &[u8; 32], create: bool) -> Result<Connection, Error> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    } else if !path.exists() {
        return Err(Error::Damaged { place: path.display().to_string(), problem: "the file is missing".into() });
    }
    // SQLCipher sets itself up at the first key that it is given; two at once can trip over each other.
    static KEYING: Mutex<()> = Mutex::new(());
    let _alone = crate::ledger::lock(&KEYING);
    let mut connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        // A backup on a medium that cannot be written is still to be read and verified; nobody else can be writing to it.
        let address = format!("file:{}?immutable=1", escaped(path));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        connection = Connection::open_with_flags(address, flags)?;
    }
    let pragma =
        Zeroizing::new(format!("PRAGMA key = \"x'{}'\"; PRAGMA cipher_log_level = NONE;", *Zeroizing::new(hex(key))));
    connection.execute_batch(&pragma)?;
    connection.busy_timeout(Duration::from_secs(20))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A path as it is written in a `file:` address.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

impl Backend for SqliteBackend {
    fn connect(&self) -> Result<Box<dyn Storage>, Error> {
        let connection = self.open(false)?;
        // The first page is read here: a wrong key and a damaged page look alike, so the caller, who knows that the key is right, says which.
        connection.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA cache_size = -12000; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;",
        )
        .map_err(first_page)?;
        let found = connection
            .pragma_query_value(None, "user_version", |row| row.get(0).map(unsigned))
            .map_err(|error| self.cut_off(&error).unwrap_or_else(|| first_page(error)))?;
        if found > FORMAT {
            return Err(Error::Newer { found, known: FORMAT });
        }
        if found == 0 {
            return Err(Error::Damaged { place: "ledger.db".into(), problem: "it holds no ledger".into() });
        }
        Ok(Box::new(SqliteStorage { connection, numbers: HashMap::new() }))
    }

    fn create(&self) -> Result<(), Error> {
        let connection = self.open(true)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        let found = connection.pragma_query_value(None, "user_version", |row| row.get(0).map(unsigned))?;
        if found != 0 {
            return Err(Error::Refused {
                what: "there is a ledger here already".into(),
                hint: "choose an empty folder".into(),
            });
        }
        connection.execute_batch(&format!("BEGIN EXCLUSIVE; {TABLES} PRAGMA user_version = {FORMAT}; COMMIT;"))?;
        Ok(())
    }

    fn check_medium(&self) -> Result<Medium, Error> {
        medium::check(&self.path, || self.open(false))
    }
}

fn first_page(error: rusqlite::Error) -> Error {
    match Error::from(error) {
        Error::Damaged { .. } => Error::Damaged {
            place: "page 1 of ledger.db".into(),
            problem: "it does not authenticate: the file was changed, or it is another workspace’s".into(),
        },
        other => other,
    }
}

/// A connection to an encrypted SQLite file.
pub struct SqliteStorage {
    connection: Connection,
    /// Row numbers of entities met in the current write.
    numbers: HashMap<EntityId, i64>,
}

const ITEM: &str = "SELECT no, kind, on_item, body FROM item";

impl SqliteStorage {
    fn number(&self, id: EntityId) -> Result<Option<i64>, Error> {
        if let Some(no) = self.numbers.get(&id) {
            return Ok(Some(*no));
        }
        let mut statement = self.connection.prepare_cached("SELECT no FROM entity WHERE id = ?1")?;
        Ok(statement.query_row([id.bytes().as_slice()], |row| row.get(0)).optional()?)
    }

    fn remembered(&mut self, id: Option<EntityId>) -> Result<Option<i64>, Error> {
        let Some(id) = id else { return Ok(None) };
        let Some(no) = self.number(id)? else {
            return Err(Error::Unknown {
                what: format!("the entity {id}"),
                hint: "an item may only speak of entities that exist".into(),
            });
        };
        self.numbers.insert(id, no);
        Ok(Some(no))
    }

    fn items(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<ItemRow>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, item_row)?;
        rows.map(|row| row.map_err(Error::from)).collect()
    }

    fn items_by(&self, column: &str, entity: EntityId, before: ItemNo) -> Result<Vec<ItemRow>, Error> {
        let Some(no) = self.number(entity)? else { return Ok(Vec::new()) };
        self.items(&format!("{ITEM} WHERE {column} = ?1 AND no < ?2 ORDER BY no"), [no, before.0])
    }

    fn rows<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, read)?;
        rows.map(|row| row.map_err(Error::from)).collect()
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }
}

impl Storage for SqliteStorage {
    fn begin(&mut self) -> Result<(), Error> {
        self.numbers.clear();
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn snapshot(&mut self) -> Result<(), Error> {
        Ok(self.connection.execute_batch("BEGIN DEFERRED")?)
    }

    fn put(
        &mut self,
        entry: &Entry,
        row: &EntryRow,
        clock: Clock,
        items: Vec<NewItem>,
        head: &Head,
    ) -> Result<(), Error> {
        let feed: i64 = self
            .connection
            .prepare_cached(
                "INSERT INTO feed(key, sequence, hash, millis, counter) VALUES(?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(key) DO UPDATE SET sequence = ?2, hash = ?3, millis = ?4, counter = ?5 RETURNING no",
            )?
            .query_row(
                params![
                    row.feed.0.as_slice(),
                    signed(row.sequence),
                    entry.hash.0.as_slice(),
                    signed(clock.millis),
                    clock.counter
                ],
                |row| row.get(0),
            )?;
        self.connection
            .prepare_cached(
                "INSERT INTO entry(position, feed, sequence, at, account, hash, signature, header) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                signed(row.position),
                feed,
                signed(row.sequence),
                signed(row.at.0),
                row.account.0.as_slice(),
                entry.hash.0.as_slice(),
                entry.signature,
                entry.header
            ])?;
        for (index, item) in items.into_iter().enumerate() {
            let no = ItemNo::new(row.position, index);
            if let Some(entity) = &item.entity {
                self.connection
                    .prepare_cached(
                        "INSERT INTO entity(id, schema, clearance, key, created) VALUES(?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![
                        entity.id.bytes().as_slice(),
                        entity.schema,
                        entity.clearance.to_string(),
                        entity.key,
                        no.0
                    ])?;
                self.numbers.insert(entity.id, self.connection.last_insert_rowid());
            }
            let subject = self.remembered(item.columns.subject)?;
            let target = self.remembered(item.columns.target)?;
            let source = self.remembered(item.columns.source)?;
            self.connection
                .prepare_cached(
                    "INSERT INTO item(no, kind, subject, target, source, on_item, salt, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute(params![
                    no.0,
                    item.kind,
                    subject,
                    target,
                    source,
                    item.columns.on_item.map(|no| no.0),
                    item.salt.as_slice(),
                    item.body
                ])?;
            if let Some(origin) = &item.origin {
                self.connection
                    .prepare_cached("INSERT OR IGNORE INTO origin(digest, item) VALUES(?1, ?2)")?
                    .execute(params![origin.0.as_slice(), no.0])?;
            }
        }
        let mut set = self.connection.prepare_cached("INSERT OR REPLACE INTO meta(name, value) VALUES(?1, ?2)")?;
        set.execute(params!["frontier", head.frontier.to_bytes()])?;
        set.execute(params!["checkpoint", head.checkpoint.as_bytes()])?;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        self.numbers.clear();
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    fn rollback(&mut self) {
        self.numbers.clear();
        // A failed commit may have rolled back already; then there is nothing to do and nothing to say.
        let _ = self.connection.execute_batch("ROLLBACK");
    }

    fn destroy(&mut self, item: ItemNo) -> Result<(), Error> {
        self.connection.execute_batch("PRAGMA secure_delete = ON")?;
        self.connection.execute("UPDATE item SET body = NULL, salt = NULL WHERE no = ?1", [item.0])?;
        Ok(())
    }

    fn head(&self) -> Result<Head, Error> {
        let frontier = match self.meta("frontier")? {
            Some(bytes) => Frontier::from_bytes(&bytes).ok_or_else(|| Error::Damaged {
                place: "ledger.db".into(),
                problem: "the tree’s edge does not fit its size".into(),
            })?,
            None => Frontier::default(),
        };
        let feeds = self.rows("SELECT key, sequence, hash, millis, counter FROM feed ORDER BY key", [], |row| {
            Ok(FeedHead {
                feed: Feed(row.get(0)?),
                sequence: unsigned(row.get(1)?),
                hash: Digest(row.get(2)?),
                clock: Clock { millis: unsigned(row.get(3)?), counter: row.get(4)? },
            })
        })?;
        let checkpoint =
            self.meta("checkpoint")?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        Ok(Head { position: frontier.size(), frontier, feeds, checkpoint })
    }

    fn entity(&self, id: EntityId) -> Result<Option<EntityRow>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, schema, clearance, key, created FROM entity WHERE id = ?1")?;
        Ok(statement.query_row([id.bytes().as_slice()], entity_row).optional()?)
    }

    fn entity_by_key(&self, key: &str) -> Result<Vec<EntityRow>, Error> {
        self.rows(
            "SELECT id, schema, clearance, key, created FROM entity WHERE key = ?1 ORDER BY id",
            [key],
            entity_row,
        )
    }

    fn entities_between(&self, first: EntityId, last: EntityId, most: usize) -> Result<Vec<EntityRow>, Error> {
        self.rows(
            "SELECT id, schema, clearance, key, created FROM entity WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
            params![first.bytes().as_slice(), last.bytes().as_slice(), signed(most as u64)],
            entity_row,
        )
    }

    fn entities_of(&self, schema: &str, before: ItemNo) -> Result<Vec<EntityRow>, Error> {
        self.rows(
            "SELECT id, schema, clearance, key, created FROM entity WHERE schema = ?1 AND created < ?2 ORDER BY id",
            params![schema, before.0],
            entity_row,
        )
    }

    fn entity_count(&self) -> Result<u64, Error> {
        Ok(self.connection.query_row("SELECT COUNT(*) FROM entity", [], |row| row.get(0).map(unsigned))?)
    }

    fn items_about(&self, entity: EntityId, before: ItemNo) -> Result<Vec<ItemRow>, Error> {
        self.items_by("subject", entity, before)
    }

    fn items_pointing_at(&self, entity: EntityId, before: ItemNo) -> Result<Vec<ItemRow>, Error> {
        self.items_by("target", entity, before)
    }

    fn items_from(&self, source: EntityId, before: ItemNo) -> Result<Vec<ItemRow>, Error> {
        self.items_by("source", source, before)
    }

    fn items_of_kind(&self, kind: u16, before: ItemNo) -> Result<Vec<ItemRow>, Error> {
        // The literal lets the partial index serve: kinds are numbers of this program, never text from outside.
        self.items(&format!("{ITEM} WHERE kind = {kind} AND kind NOT IN (3, 4) AND no < ?1 ORDER BY no"), [before.0])
    }

    fn last_of_kind(&self, kind: u16, before: ItemNo) -> Result<Option<ItemNo>, Error> {
        let sql = format!("SELECT MAX(no) FROM item WHERE kind = {kind} AND kind NOT IN (3, 4) AND no < ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([before.0], |row| row.get::<_, Option<i64>>(0))?.map(ItemNo))
    }

    fn items_of_entry(&self, position: u64) -> Result<Vec<ItemRow>, Error> {
        self.items(
            &format!("{ITEM} WHERE no >= ?1 AND no < ?2 ORDER BY no"),
            [ItemNo::new(position, 0).0, ItemNo::end_of(position).0],
        )
    }

    fn touched(&self, since: u64, upto: u64) -> Result<Vec<(EntityId, u64)>, Error> {
        let (from, to) = (ItemNo::end_of(since).0, ItemNo::end_of(upto).0);
        self.rows(
            "SELECT entity.id, MAX(changed.no >> 20) FROM (
               SELECT subject AS entity, no FROM item WHERE no >= ?1 AND no < ?2 AND subject IS NOT NULL
               UNION ALL SELECT target, no FROM item WHERE no >= ?1 AND no < ?2 AND target IS NOT NULL
             ) AS changed JOIN entity ON entity.no = changed.entity GROUP BY entity.no",
            [from, to],
            |row| Ok((entity_id(row, 0)?, unsigned(row.get(1)?))),
        )
    }

    fn item(&self, no: ItemNo) -> Result<Option<ItemRow>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("{ITEM} WHERE no = ?1"))?;
        Ok(statement.query_row([no.0], item_row).optional()?)
    }

    fn by_origin(&self, origin: &Digest) -> Result<Option<ItemNo>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT item FROM origin WHERE digest = ?1")?;
        Ok(statement.query_row([origin.0.as_slice()], |row| row.get(0).map(ItemNo)).optional()?)
    }

    fn entry(&self, position: u64) -> Result<Option<EntryRow>, Error> {
        Ok(self.entries(position, position)?.pop())
    }

    fn entries(&self, from: u64, to: u64) -> Result<Vec<EntryRow>, Error> {
        self.rows(
            "SELECT entry.position, feed.key, entry.sequence, entry.at, entry.account, entry.hash FROM entry JOIN feed ON feed.no = entry.feed
             WHERE entry.position BETWEEN ?1 AND ?2 ORDER BY entry.position",
            [signed(from), signed(to)],
            entry_row,
        )
    }

    fn position_of(&self, feed_tag: [u8; 4], sequence: u64) -> Result<Option<u64>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT entry.position FROM entry JOIN feed ON feed.no = entry.feed WHERE substr(feed.key, 1, 4) = ?1 AND entry.sequence = ?2",
        )?;
        Ok(statement
            .query_row(params![feed_tag.as_slice(), signed(sequence)], |row| row.get(0).map(unsigned))
            .optional()?)
    }

    fn position_at(&self, time: Timestamp) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached("SELECT MAX(position) FROM entry WHERE at <= ?1")?;
        let position: Option<i64> = statement.query_row([signed(time.0)], |row| row.get(0))?;
        Ok(position.map_or(0, unsigned))
    }

    fn each_entry(&self, each: &mut dyn FnMut(EntryRow, Entry) -> Result<(), Error>) -> Result<(), Error> {
        let mut statement = self.connection.prepare(
            "SELECT entry.position, feed.key, entry.sequence, entry.at, entry.account, entry.hash, entry.header, entry.signature
             FROM entry JOIN feed ON feed.no = entry.feed ORDER BY entry.position",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let position: i64 = row.get(0)?;
            let entry = |row: &Row<'_>| -> rusqlite::Result<(EntryRow, Entry)> {
                Ok((entry_row(row)?, Entry { header: row.get(6)?, hash: Digest(row.get(5)?), signature: row.get(7)? }))
            };
            let (row, entry) = entry(row).map_err(|error| Error::Damaged {
                place: format!("entry {position}"),
                problem: format!("its row holds what does not belong there: {error}"),
            })?;
            each(row, entry)?;
        }
        Ok(())
    }

    fn each_item(&self, each: &mut dyn FnMut(RawItem) -> Result<(), Error>) -> Result<(), Error> {
        let ids: HashMap<i64, EntityId> = self
            .rows("SELECT no, id FROM entity", [], |row| Ok((row.get(0)?, entity_id(row, 1)?)))?
            .into_iter()
            .collect();
        let mut statement = self
            .connection
            .prepare("SELECT no, kind, salt, body, subject, target, source, on_item FROM item ORDER BY no")?;
        let mut rows = statement.query([])?;
        let id = |no: Option<i64>| no.map(|no| ids.get(&no).copied().unwrap_or(UNKNOWN));
        while let Some(row) = rows.next()? {
            let no = ItemNo(row.get(0)?);
            let item = |row: &Row<'_>| -> rusqlite::Result<RawItem> {
                let columns = Columns {
                    subject: id(row.get(4)?),
                    target: id(row.get(5)?),
                    source: id(row.get(6)?),
                    on_item: row.get::<_, Option<i64>>(7)?.map(ItemNo),
                };
                Ok(RawItem { no, kind: row.get(1)?, salt: row.get(2)?, body: row.get(3)?, columns })
            };
            // A row of other types than this program writes is passed on as one that no commitment fits.
            each(item(row).unwrap_or(RawItem {
                no,
                kind: 0,
                salt: Some([0; 16]),
                body: Some(Vec::new()),
                columns: Columns::default(),
            }))?;
        }
        Ok(())
    }

    fn each_entity(&self, each: &mut dyn FnMut(EntityRow) -> Result<(), Error>) -> Result<(), Error> {
        let mut statement = self.connection.prepare("SELECT id, schema, clearance, key, created FROM entity")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(entity_row(row)?)?;
        }
        Ok(())
    }

    fn each_origin(&self, each: &mut dyn FnMut(Digest, ItemNo) -> Result<(), Error>) -> Result<(), Error> {
        let mut statement = self.connection.prepare("SELECT digest, item FROM origin")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(Digest(row.get(0)?), ItemNo(row.get(1)?))?;
        }
        Ok(())
    }
}

fn item_row(row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        no: ItemNo(row.get(0)?),
        kind: row.get(1)?,
        on_item: row.get::<_, Option<i64>>(2)?.map(ItemNo),
        body: row.get(3)?,
    })
}

fn entry_row(row: &Row<'_>) -> rusqlite::Result<EntryRow> {
    Ok(EntryRow {
        position: unsigned(row.get(0)?),
        feed: Feed(row.get(1)?),
        sequence: unsigned(row.get(2)?),
        at: Timestamp(unsigned(row.get(3)?)),
        account: AccountId(row.get(4)?),
        hash: Digest(row.get(5)?),
    })
}

fn entity_row(row: &Row<'_>) -> rusqlite::Result<EntityRow> {
    let clearance: String = row.get(2)?;
    Ok(EntityRow {
        id: entity_id(row, 0)?,
        schema: row.get(1)?,
        // What cannot be read is shown to nobody.
        clearance: clearance.parse().unwrap_or_else(|_| Clearance::restricted("\u{0}")),
        key: row.get(3)?,
        created: ItemNo(row.get(4)?),
    })
}

fn entity_id(row: &Row<'_>, column: usize) -> rusqlite::Result<EntityId> {
    Ok(EntityId::from_bytes(row.get(column)?))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
