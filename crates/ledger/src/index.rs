//! The library's cards: a projection for the current position at each level of clearance. It may be deleted at any time; the next
//! question rebuilds it from the ledger.
//!
//! A card is the same for all levels between two that make a difference, so it is stored once with the levels it holds for. Past
//! positions, other standards and teams are not kept: for them the cards are candidates, each computed again through the view.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;

use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use schema::{Date, EntityId, Value};
use zeroize::Zeroizing;

use crate::Error;
use crate::check::kinds;
use crate::clearance::{Cleared, Level};
use crate::item::Item;
use crate::ledger::{Ledger, bodies, lock};
use crate::reader::Reader;
use crate::sqlite::open_encrypted;
use crate::storage::ItemNo;
use crate::view::{AsOf, View};

/// A new number here rebuilds every projection.
const FORMAT: i64 = 1;

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
CREATE TABLE card(id BLOB NOT NULL, lowest INTEGER NOT NULL, highest INTEGER NOT NULL, schema TEXT NOT NULL, label TEXT NOT NULL,
  names TEXT NOT NULL, sort TEXT NOT NULL, summary TEXT NOT NULL, date TEXT, date_sort TEXT NOT NULL, first INTEGER, last INTEGER,
  claims INTEGER NOT NULL, disputed INTEGER NOT NULL, recent INTEGER NOT NULL, PRIMARY KEY(id, lowest)) WITHOUT ROWID;
CREATE INDEX card_by_label ON card(sort, id);
CREATE INDEX card_by_date ON card(date_sort, id);
CREATE INDEX card_by_recent ON card(recent, id);
CREATE INDEX card_of_schema ON card(schema, lowest, highest);
CREATE INDEX card_of_schema_by_label ON card(schema, sort, id);
INSERT INTO state VALUES(0);
";

pub(crate) struct Index {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
    connection: Mutex<Option<Connection>>,
}

impl Index {
    pub(crate) fn new(path: PathBuf, key: Zeroizing<[u8; 32]>) -> Self {
        Index { path, key, connection: Mutex::new(None) }
    }

    /// Runs a question on projections that have caught up with the ledger.
    fn with<T>(&self, ledger: &Ledger, ask: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let mut guard = lock(&self.connection);
        if guard.is_none() {
            *guard = Some(self.open()?);
        }
        let Some(connection) = guard.as_mut() else { return Err(Error::Storage("the projections cannot be opened".into())) };
        catch_up(ledger, connection)?;
        ask(connection)
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
                self.try_open()
            }
        }
    }

    fn try_open(&self) -> Result<Connection, Error> {
        let connection = open_encrypted(&self.path, &self.key, true)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;")?;
        let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if found != FORMAT {
            connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {FORMAT}; COMMIT;"))?;
        }
        Ok(connection)
    }
}

/// Follows the ledger's change feed to its end.
fn catch_up(ledger: &Ledger, connection: &mut Connection) -> Result<(), Error> {
    let at = |connection: &Connection| -> Result<u64, Error> {
        Ok(connection.query_row("SELECT position FROM state", [], |row| row.get::<_, i64>(0))?.unsigned_abs())
    };
    let position = ledger.position()?;
    if at(connection)? == position {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have caught up, or the ledger may have been put back to an older copy.
    let mut since = at(&transaction)?;
    if since > position {
        transaction.execute_batch("DELETE FROM card; UPDATE state SET position = 0;")?;
        since = 0;
    }
    project(ledger, &transaction, since, position)?;
    transaction.execute("UPDATE state SET position = ?1", [i64::try_from(position).unwrap_or(i64::MAX)])?;
    transaction.commit()?;
    Ok(())
}

fn project(ledger: &Ledger, connection: &Connection, since: u64, position: u64) -> Result<(), Error> {
    let readers = Level::ALL
        .map(|level| ledger.read(&View::new(Cleared::to(level)).at(AsOf::Position(position))))
        .into_iter()
        .collect::<Result<Vec<Reader<'_>>, _>>()?;
    let Some(widest) = readers.last() else { return Ok(()) };
    let storage = widest.storage()?;
    let mut queue: VecDeque<EntityId> = VecDeque::new();
    for (entity, _) in storage.touched(since, position)? {
        queue.push_back(entity);
    }
    let judged = storage.last_of_kind(kinds::JUDGE, ItemNo::end_of(position))?;
    if judged.is_some_and(|no| no.position() > since) {
        // A judgement taken back parts entities that it did not name.
        let take = |item| if let Item::Judge(judge) = item { Some([judge.a, judge.b]) } else { None };
        queue.extend(bodies(storage, kinds::JUDGE, ItemNo::end_of(position), take)?.into_iter().flatten());
    }
    let fresh = since == 0;
    let mut done = HashSet::new();
    while let Some(id) = queue.pop_front() {
        if !done.insert(id) {
            continue;
        }
        let changed = put_cards(&readers, connection, id)?;
        if fresh {
            // Everything is in the queue already, and labels are made from the ledger, not from cards.
            continue;
        }
        if changed {
            for row in storage.items_pointing_at(id, ItemNo::end_of(position))? {
                if let Some(Item::Claim(claim)) = row.body.as_deref().map(Item::decode).transpose()? {
                    queue.push_back(claim.entity);
                }
            }
        }
        // What is known of a source may weigh the claims that rest on it.
        for row in storage.items_from(id, ItemNo::end_of(position))? {
            if let Some(Item::Claim(claim)) = row.body.as_deref().map(Item::decode).transpose()? {
                queue.push_back(claim.entity);
            }
        }
    }
    Ok(())
}

/// Computes an entity's card at each level that makes a difference. Whether its label changed at any.
fn put_cards(readers: &[Reader<'_>], connection: &Connection, id: EntityId) -> Result<bool, Error> {
    let before: Vec<(i64, String)> = {
        let mut statement = connection.prepare_cached("SELECT lowest, label FROM card WHERE id = ?1 ORDER BY lowest")?;
        let rows = statement.query_map([id.bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    connection.prepare_cached("DELETE FROM card WHERE id = ?1")?.execute([id.bytes().as_slice()])?;
    let mut after: Vec<(i64, String)> = Vec::new();
    let Some((widest, _)) = readers.split_last() else { return Ok(false) };
    // The widest reader meets everything there is, and tells which levels matter.
    widest.levels.set(0);
    let top = card(widest, id)?;
    let levels = widest.levels.get() | 1;
    if widest.shown_as(id) == id {
        let steps: Vec<usize> = (0..readers.len()).filter(|level| levels & (1 << level) != 0).collect();
        for (nth, lowest) in steps.iter().enumerate() {
            let highest = steps.get(nth + 1).map_or(readers.len(), |next| *next) - 1;
            let found = if highest == readers.len() - 1 { top.clone() } else { card(&readers[*lowest], id)? };
            if let Some(found) = found {
                insert(connection, &found, *lowest, highest)?;
                after.push((i64::try_from(*lowest).unwrap_or(0), found.card.label));
            }
        }
    }
    Ok(before != after)
}

/// A card with what it is found by.
#[derive(Clone)]
struct Found {
    card: Card,
    names: String,
    sort: String,
    date_sort: String,
    days: (Option<i64>, Option<i64>),
    recent: u64,
}

fn card(reader: &Reader<'_>, id: EntityId) -> Result<Option<Found>, Error> {
    let Some(record) = reader.record(id)? else { return Ok(None) };
    if record.id != reader.shown_as(id) && record.id != id {
        return Ok(None);
    }
    let schema = reader.registry().schema(&record.schema);
    let mut summary = Vec::new();
    for name in schema.map(|schema| schema.featured.as_slice()).unwrap_or_default() {
        if let Some(value) = record.first(name)
            && name != "date"
            && value.display != record.label
        {
            summary.push(value.display.clone());
        }
    }
    let dated = ["date", "window", "published", "issued"].iter().find_map(|name| record.first(name));
    let (date, date_sort, days) = match dated.map(|view| (&view.value, &view.display)) {
        Some((Value::Date(date), display)) => {
            let (first, last) = date.possible_range();
            let number = |day: schema::Day| i64::from(day.number());
            (Some(display.clone()), Value::Date(date.clone()).sort_key(), (first.map(number), last.map(number)))
        }
        _ => (None, "~".into(), (None, None)),
    };
    let mut names = schema::fold(&record.label);
    for property in ["name", "alias", "title", "identifier", "symbol"] {
        for value in record.property(property).map(|property| property.values.as_slice()).unwrap_or_default() {
            names.push('\n');
            names.push_str(&schema::fold(&value.display));
        }
    }
    let recent = record.properties.iter().flat_map(|property| &property.values).flat_map(|value| &value.claims).map(|claim| claim.position).max();
    Ok(Some(Found {
        sort: schema::fold(&record.label),
        names,
        date_sort,
        days,
        recent: recent.unwrap_or(0),
        card: Card {
            id,
            schema: record.schema,
            label: record.label,
            summary: summary.join(" · "),
            date,
            claims: record.claims,
            disputed: record.disputed,
        },
    }))
}

fn insert(connection: &Connection, found: &Found, lowest: usize, highest: usize) -> Result<(), Error> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO card(id, lowest, highest, schema, label, names, sort, summary, date, date_sort, first, last, claims, disputed, recent)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            found.card.id.bytes().as_slice(),
            number(lowest),
            number(highest),
            found.card.schema,
            found.card.label,
            found.names,
            found.sort,
            found.card.summary,
            found.card.date,
            found.date_sort,
            found.days.0,
            found.days.1,
            number(found.card.claims),
            number(found.card.disputed),
            i64::try_from(found.recent).unwrap_or(i64::MAX),
        ])?;
    Ok(())
}

impl Reader<'_> {
    /// Whether the kept cards are this view's own answers.
    fn is_kept(&self) -> bool {
        self.view().as_of == AsOf::Now && self.standard().name == "all-allegations" && self.cleared().teams().next().is_none()
    }

    /// The library: entities as cards.
    ///
    /// # Errors
    /// As the database says.
    pub fn list(&self, filter: &CardFilter) -> Result<Page<Card>, Error> {
        let limit = filter.limit.clamp(1, 500);
        let condition = Condition::of(self, filter, true);
        self.ledger.index().with(self.ledger, |connection| {
            let (key, descending) = match filter.sort {
                Sort::Label => ("sort", false),
                Sort::Date => ("date_sort", false),
                Sort::Recent => ("recent", true),
            };
            if self.is_kept() {
                let total = condition.count(connection)?;
                let rows = condition.page(connection, key, descending, filter.after.as_deref(), limit + 1)?;
                return Ok(paged(rows, limit, total));
            }
            // Candidates from the kept cards, each computed again: as many as make a page, and the count of those looked at.
            let candidates = condition.page(connection, key, descending, filter.after.as_deref(), 5_000)?;
            let mut seen = BTreeSet::new();
            let mut rows = Vec::new();
            for (cursor, candidate) in candidates {
                let id = self.shown_as(candidate.id);
                if seen.insert(id)
                    && let Some(found) = card(self, id)?
                    && condition.still_holds(&found)
                {
                    rows.push((cursor, found.card));
                }
            }
            let total = rows.len() as u64;
            Ok(paged(rows, limit, total))
        })
    }

    /// How many entities of each schema the filter leaves, its own choice of schemata aside.
    ///
    /// # Errors
    /// As the database says.
    pub fn facets(&self, filter: &CardFilter) -> Result<Facets, Error> {
        let condition = Condition::of(self, filter, false);
        self.ledger.index().with(self.ledger, |connection| {
            let mut counts: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
            if self.is_kept() {
                let sql = format!("SELECT schema, COUNT(*) FROM card WHERE {} GROUP BY schema", condition.sql);
                let mut statement = connection.prepare_cached(&sql)?;
                let rows = statement.query_map(params_from_iter(&condition.values), |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
                for row in rows {
                    let (schema, count): (String, i64) = row?;
                    counts.insert(schema, count.unsigned_abs());
                }
            } else {
                let mut seen = BTreeSet::new();
                for (_, candidate) in condition.page(connection, "sort", false, None, 5_000)? {
                    let id = self.shown_as(candidate.id);
                    if seen.insert(id)
                        && let Some(found) = card(self, id)?
                        && condition.still_holds(&found)
                    {
                        *counts.entry(found.card.schema).or_default() += 1;
                    }
                }
            }
            let total = counts.values().sum();
            Ok(Facets { schemata: counts.into_iter().collect(), total })
        })
    }

    /// Entities by what somebody types: an id or its beginning, a case file's key, a name, or a part of one. The best match first.
    ///
    /// # Errors
    /// As the database says.
    pub fn find(&self, text: &str) -> Result<Vec<Card>, Error> {
        let text = text.trim();
        let mut ids: Vec<EntityId> = text.parse().ok().into_iter().collect();
        ids.extend(self.storage()?.entity_by_key(text)?.into_iter().map(|row| row.id));
        let mut found: Vec<Card> = Vec::new();
        let mut seen = BTreeSet::new();
        for id in ids {
            if let Some(found_here) = card(self, self.shown_as(id))?
                && seen.insert(found_here.card.id)
            {
                found.push(found_here.card);
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        if text.len() >= 4
            && let Some((first, last)) = id_range(text)
        {
            for row in self.storage()?.entities_between(first, last, 20)? {
                if let Some(found_here) = card(self, self.shown_as(row.id))?
                    && seen.insert(found_here.card.id)
                {
                    found.push(found_here.card);
                }
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let filter = CardFilter { text: text.into(), limit: 50, schemata: vec!["*".into()], ..CardFilter::default() };
        let mut cards = self.list(&filter)?.items;
        let wanted = schema::fold(text);
        // What bears the name comes before what mentions it, and a thing of its own before a part of another.
        cards.sort_by_key(|card| (schema::fold(&card.label) != wanted, is_part(self, &card.schema), card.label.clone()));
        Ok(cards)
    }
}

fn is_part(reader: &Reader<'_>, schema: &str) -> bool {
    reader.registry().properties(schema).iter().any(|property| property.part)
}

fn paged(mut rows: Vec<(String, Card)>, limit: usize, total: u64) -> Page<Card> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|(cursor, _)| cursor.clone()) } else { None };
    Page { items: rows.into_iter().map(|(_, card)| card).collect(), next, total }
}

/// The ids that begin with these characters.
fn id_range(prefix: &str) -> Option<(EntityId, EntityId)> {
    if prefix.len() > 26 {
        return None;
    }
    let filled = |with: char| format!("{prefix}{}", with.to_string().repeat(26 - prefix.len())).parse().ok();
    Some((filled('0')?, filled('z')?))
}

/// A filter as SQL over cards, and as a test on one.
struct Condition {
    sql: String,
    values: Vec<rusqlite::types::Value>,
    words: Vec<String>,
    window: Option<(i64, i64)>,
}

impl Condition {
    fn of(reader: &Reader<'_>, filter: &CardFilter, by_schema: bool) -> Self {
        let mut condition = Condition { sql: "1".into(), values: Vec::new(), words: Vec::new(), window: None };
        let level = Level::ALL.iter().position(|level| *level == reader.cleared().level()).unwrap_or(0);
        if reader.is_kept() {
            condition.and("lowest <= ? AND highest >= ?", [level, level].map(|level| rusqlite::types::Value::from(level as i64)));
        }
        let registry = reader.registry();
        let every = filter.schemata.iter().any(|name| name == "*");
        if !every {
            let wanted: Vec<&str> = registry
                .schemata()
                .filter(|schema| !schema.is_abstract)
                .map(|schema| schema.name.as_str())
                .filter(|name| match by_schema && !filter.schemata.is_empty() {
                    true => filter.schemata.iter().any(|ancestor| registry.is_a(name, ancestor)),
                    false => !is_part(reader, name),
                })
                .collect();
            let marks = vec!["?"; wanted.len()].join(", ");
            condition.and(&format!("schema IN ({marks})"), wanted.into_iter().map(|name| rusqlite::types::Value::from(name.to_owned())));
        }
        for word in schema::fold(&filter.text).split_whitespace() {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            condition.and("names LIKE ? ESCAPE '\\'", [rusqlite::types::Value::from(format!("%{escaped}%"))]);
            condition.words.push(word.to_owned());
        }
        if let Some(window) = &filter.window {
            let (first, last) = window.possible_range();
            let bounds = (first.map_or(i64::MIN, |day| i64::from(day.number())), last.map_or(i64::MAX, |day| i64::from(day.number())));
            condition.and(
                "date IS NOT NULL AND COALESCE(first, -9223372036854775808) <= ? AND COALESCE(last, 9223372036854775807) >= ?",
                [bounds.1, bounds.0].map(rusqlite::types::Value::from),
            );
            condition.window = Some(bounds);
        }
        condition
    }

    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = rusqlite::types::Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    fn still_holds(&self, found: &Found) -> bool {
        let named = self.words.iter().all(|word| found.names.contains(word.as_str()));
        let dated = self.window.is_none_or(|(first, last)| {
            found.card.date.is_some() && found.days.0.unwrap_or(i64::MIN) <= last && found.days.1.unwrap_or(i64::MAX) >= first
        });
        named && dated
    }

    fn count(&self, connection: &Connection) -> Result<u64, Error> {
        let sql = format!("SELECT COUNT(*) FROM card WHERE {}", self.sql);
        let mut statement = connection.prepare_cached(&sql)?;
        let count = statement.query_row(params_from_iter(&self.values), |row| row.get::<_, i64>(0)).optional()?;
        Ok(count.unwrap_or(0).unsigned_abs())
    }

    /// Cards after a cursor, each with its own cursor.
    fn page(&self, connection: &Connection, key: &str, descending: bool, after: Option<&str>, limit: usize) -> Result<Vec<(String, Card)>, Error> {
        let mut values = self.values.clone();
        let (compare, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
        let mut sql = format!("SELECT id, schema, label, summary, date, claims, disputed, CAST({key} AS TEXT) FROM card WHERE {}", self.sql);
        if let Some((value, id)) = after.and_then(|cursor| cursor.rsplit_once('\n')).and_then(|(value, id)| Some((value, id.parse::<EntityId>().ok()?))) {
            sql.push_str(&format!(" AND ({key}, id) {compare} (?, ?)"));
            let value = if key == "recent" { rusqlite::types::Value::from(value.parse::<i64>().unwrap_or(0)) } else { value.to_owned().into() };
            values.extend([value, rusqlite::types::Value::from(id.bytes().to_vec())]);
        }
        sql.push_str(&format!(" ORDER BY {key} {direction}, id {direction} LIMIT {limit}"));
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(&values), read_card)?;
        rows.map(|row| row.map_err(Error::from)).collect()
    }
}

fn read_card(row: &Row<'_>) -> rusqlite::Result<(String, Card)> {
    let id = EntityId::from_bytes(row.get(0)?);
    let count = |column: usize| row.get::<_, i64>(column).map(|count| usize::try_from(count).unwrap_or(0));
    let card = Card {
        id,
        schema: row.get(1)?,
        label: row.get(2)?,
        summary: row.get(3)?,
        date: row.get(4)?,
        claims: count(5)?,
        disputed: count(6)?,
    };
    Ok((format!("{}\n{id}", row.get::<_, String>(7)?), card))
}
