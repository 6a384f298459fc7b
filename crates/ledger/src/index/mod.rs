//! The library's cards: a projection for the current position at each level of clearance. It may be deleted at any time; the next
//! question rebuilds it from the ledger.
//!
//! A card is the same for all levels between two that make a difference, so it is stored once with the levels it holds for. What cards
//! are found and sorted by stands in memory (the [`Shelf`]), so that a list and its counts are one pass over a few megabytes. Past
//! positions, other standards and teams are not kept: for them the cards are candidates, each computed again through the view.

mod ask;
mod card;
mod shelf;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;

use rusqlite::Connection;
use schema::{Date, EntityId};
use zeroize::Zeroizing;

use crate::Error;
use crate::ledger::{Ledger, lock};
use crate::sqlite::open_encrypted;
use shelf::Shelf;

/// A new number here rebuilds every projection.
const FORMAT: i64 = 4;

/// An entity in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub id: EntityId,
    pub schema: String,
    pub label: String,
    /// One line from the schema's featured properties.
    pub summary: String,
    pub date: Option<String>,
    pub claims: usize,
    pub disputed: usize,
}

/// Which cards, in which order, from where.
#[derive(Clone, Debug, Default)]
pub struct CardFilter {
    /// Schemata and their descendants; empty: all but parts of other things.
    pub schemata: Vec<String>,
    /// Words that the names contain, in any order, whatever the case.
    pub text: String,
    /// Only what possibly happened in this window.
    pub window: Option<Date>,
    pub sort: Sort,
    /// The cursor that the page before ended with.
    pub after: Option<String>,
    /// At most 500.
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Label,
    Date,
    /// Newest entry first.
    Recent,
}

/// Some of a list, and how to go on.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `after` for the next page.
    pub next: Option<String>,
    pub total: u64,
}

/// How many cards of each schema a filter leaves, whatever schemata it names.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    pub schemata: Vec<(String, u64)>,
    pub total: u64,
}

const TABLES: &str = "
DROP TABLE IF EXISTS card; DROP TABLE IF EXISTS state;
CREATE TABLE state(position INTEGER NOT NULL);
CREATE TABLE card(no INTEGER PRIMARY KEY, id BLOB NOT NULL, lowest INTEGER NOT NULL, highest INTEGER NOT NULL, schema TEXT NOT NULL,
  names TEXT NOT NULL, sort INTEGER NOT NULL, date_sort TEXT NOT NULL, first INTEGER, last INTEGER, recent INTEGER NOT NULL,
  label TEXT NOT NULL, summary TEXT NOT NULL, date TEXT, claims INTEGER NOT NULL, disputed INTEGER NOT NULL);
CREATE INDEX card_of_entity ON card(id);
INSERT INTO state VALUES(0);
";

pub(crate) struct Index {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
    opened: Mutex<Option<Opened>>,
}

struct Opened {
    connection: Connection,
    /// The position that the shelf stands at, and the shelf.
    shelf: Option<(u64, Shelf)>,
}

/// What following the ledger did.
enum Followed {
    /// Nothing: the cards stood there already, or another process brought them there.
    Stood,
    /// From this position on, these entities' cards were made again.
    From(u64, HashSet<EntityId>),
}

impl Index {
    pub(crate) fn new(path: PathBuf, key: Zeroizing<[u8; 32]>) -> Self {
        Index { path, key, opened: Mutex::new(None) }
    }

    /// Runs a question on projections that have caught up with the ledger.
    fn with<T>(&self, ledger: &Ledger, ask: impl FnOnce(&Connection, &Shelf) -> Result<T, Error>) -> Result<T, Error> {
        let mut guard = lock(&self.opened);
        let opened = match &mut *guard {
            Some(opened) => opened,
            none => none.insert(Opened { connection: self.open()?, shelf: None }),
        };
        let (position, followed) = catch_up(ledger, &mut opened.connection)?;
        let shelf = match (opened.shelf.take(), followed) {
            (Some((at, shelf)), Followed::Stood) if at == position => shelf,
            (Some((at, mut shelf)), Followed::From(from, changed)) if at == from && from > 0 => {
                shelf.replace(&opened.connection, &changed)?;
                shelf
            }
            _ => Shelf::load(&opened.connection)?,
        };
        let (_, shelf) = opened.shelf.insert((position, shelf));
        ask(&opened.connection, shelf)
    }

    fn open(&self) -> Result<Connection, Error> {
        match self.try_open() {
            Ok(connection) => Ok(connection),
            // A projection that cannot be read is worth nothing and costs nothing: make it again.
            Err(_) => {
                for suffix in ["", "-wal", "-shm"] {
                    let mut name = self.path.as_os_str().to_owned();
                    name.push(suffix);
                    let _ = std::fs::remove_file(PathBuf::from(name));
                }
                // Where nothing can be written, it is made in memory for this process.
                self.try_open().or_else(|_| made(Connection::open_in_memory()?))
            }
        }
    }

    fn try_open(&self) -> Result<Connection, Error> {
        let connection = open_encrypted(&self.path, &self.key, true)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -6000; PRAGMA temp_store = MEMORY;")?;
        made(connection)
    }
}

/// The tables, made anew where they are not of this format.
fn made(connection: Connection) -> Result<Connection, Error> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found != FORMAT {
        connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {FORMAT}; COMMIT;"))?;
    }
    Ok(connection)
}

/// Follows the ledger's change feed to its end; says where that is.
fn catch_up(ledger: &Ledger, connection: &mut Connection) -> Result<(u64, Followed), Error> {
    let at = |connection: &Connection| -> Result<u64, Error> {
        let mut statement = connection.prepare_cached("SELECT position FROM state")?;
        Ok(statement.query_row([], |row| row.get::<_, i64>(0))?.unsigned_abs())
    };
    let position = ledger.position()?;
    if at(connection)? == position {
        return Ok((position, Followed::Stood));
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have caught up, or the ledger may have been put back to an older copy.
    let mut since = at(&transaction)?;
    if since > position {
        transaction.execute_batch("DELETE FROM card; UPDATE state SET position = 0;")?;
        since = 0;
    }
    let changed = card::project(ledger, &transaction, since, position)?;
    transaction.execute("UPDATE state SET position = ?1", [i64::try_from(position).unwrap_or(i64::MAX)])?;
    transaction.commit()?;
    Ok((position, Followed::From(since, changed)))
}
