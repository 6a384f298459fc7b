//! What cards are found and sorted by, in memory: some hundred bytes a card. A list, its total and its facets are one pass over it.

use std::collections::{BinaryHeap, HashMap, HashSet};

use memchr::memmem::Finder;
use rusqlite::{Connection, Row};
use schema::EntityId;

use super::Sort;
use crate::Error;

const COLUMNS: &str =
    "SELECT no, id, lowest, highest, schema, names, sort, date_sort, date IS NOT NULL, first, last, recent FROM card";

/// One stored card.
struct Slot {
    id: EntityId,
    /// Its row in the table of cards.
    no: u32,
    /// Levels that it holds for, both included.
    levels: (u8, u8),
    schema: u16,
    dated: bool,
    /// Numbers of the first and the last possible day; the ends of the range where they are open.
    days: (i32, i32),
    recent: u32,
    /// Where its names begin in the text, where the label ends, where the names end and the date's sort key begins, where that ends.
    text: [u32; 4],
}

#[derive(Default)]
pub(super) struct Shelf {
    slots: Vec<Slot>,
    text: String,
    schemata: Vec<String>,
    /// Cards taken out; their text stays until the shelf is loaded anew.
    gone: usize,
}

/// What a card must fulfil.
pub(super) struct Test<'a> {
    /// The reader's level; `None`: cards of any level are candidates.
    pub(super) level: Option<u8>,
    /// Whether a schema is wanted.
    pub(super) schema: &'a dyn Fn(&str) -> bool,
    pub(super) words: &'a [String],
    /// Numbers of the window's first and last day.
    pub(super) window: Option<(i64, i64)>,
}

/// A place in an order. Two cards never share one: ids settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Text(&'a str),
    Newest(std::cmp::Reverse<u64>),
}

/// A card that a test leaves.
pub(super) struct Hit {
    pub(super) id: EntityId,
    pub(super) no: u32,
    /// Goes on after it.
    pub(super) cursor: String,
}

impl Shelf {
    /// Reads all cards.
    ///
    /// # Errors
    /// As the database says.
    pub(super) fn load(connection: &Connection) -> Result<Self, Error> {
        let mut shelf = Shelf::default();
        let count: i64 = connection.query_row("SELECT COUNT(*) FROM card", [], |row| row.get(0))?;
        shelf.slots.reserve_exact(usize::try_from(count).unwrap_or(0));
        let mut names = HashMap::new();
        let mut statement = connection.prepare(COLUMNS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            shelf.put(row, &mut names)?;
        }
        shelf.text.shrink_to_fit();
        Ok(shelf)
    }

    /// Takes out the cards of these entities and puts in those that they have now.
    ///
    /// # Errors
    /// As the database says.
    pub(super) fn replace(&mut self, connection: &Connection, changed: &HashSet<EntityId>) -> Result<(), Error> {
        let before = self.slots.len();
        self.slots.retain(|slot| !changed.contains(&slot.id));
        self.gone += before - self.slots.len();
        if self.gone > self.slots.len() / 4 + 1_000 {
            *self = Self::load(connection)?;
            return Ok(());
        }
        let mut names: HashMap<String, u16> = self.schemata.iter().cloned().zip(0..).collect();
        let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
        for id in changed {
            let mut rows = statement.query([id.bytes().as_slice()])?;
            while let Some(row) = rows.next()? {
                self.put(row, &mut names)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, row: &Row<'_>, known: &mut HashMap<String, u16>) -> Result<(), Error> {
        let too_many = || Error::Storage("there are more cards than one shelf holds".into());
        let schema = row.get_ref(4)?.as_str().map_err(|error| Error::Storage(error.to_string()))?;
        let schema = match known.get(schema) {
            Some(number) => *number,
            None => {
                let number = u16::try_from(self.schemata.len()).map_err(|_| too_many())?;
                self.schemata.push(schema.to_owned());
                known.insert(schema.to_owned(), number);
                number
            }
        };
        let start = self.text.len();
        let label = start + usize::try_from(row.get::<_, i64>(6)?).unwrap_or(0);
        self.text.push_str(row.get_ref(5)?.as_str().map_err(|error| Error::Storage(error.to_string()))?);
        let names = self.text.len();
        self.text.push_str(row.get_ref(7)?.as_str().map_err(|error| Error::Storage(error.to_string()))?);
        let place = |at: usize| u32::try_from(at).map_err(|_| too_many());
        let day = |column: usize, open: i32| -> Result<i32, Error> {
            let day: Option<i64> = row.get(column)?;
            Ok(day.map_or(open, |day| i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })))
        };
        self.slots.push(Slot {
            id: EntityId::from_bytes(row.get(1)?),
            no: row.get(0)?,
            levels: (row.get(2)?, row.get(3)?),
            schema,
            dated: row.get(8)?,
            days: (day(9, i32::MIN)?, day(10, i32::MAX)?),
            recent: u32::try_from(row.get::<_, i64>(11)?).unwrap_or(u32::MAX),
            text: [place(start)?, place(label.min(names))?, place(names)?, place(self.text.len())?],
        });
        Ok(())
    }

    fn part(&self, slot: &Slot, from: usize, to: usize) -> &str {
        self.text.get(slot.text[from] as usize..slot.text[to] as usize).unwrap_or_default()
    }

    fn key(&self, slot: &Slot, sort: Sort) -> Key<'_> {
        match sort {
            Sort::Label => Key::Text(self.part(slot, 0, 1)),
            Sort::Date => Key::Text(self.part(slot, 2, 3)),
            Sort::Recent => Key::Newest(std::cmp::Reverse(u64::from(slot.recent))),
        }
    }

    /// The slots that fulfil a test.
    fn matching(&self, test: &Test<'_>) -> impl Iterator<Item = &Slot> {
        let wanted: Vec<bool> = self.schemata.iter().map(|name| (test.schema)(name)).collect();
        let words: Vec<Finder<'_>> = test.words.iter().map(Finder::new).collect();
        let (level, window) = (test.level, test.window);
        self.slots.iter().filter(move |slot| {
            level.is_none_or(|level| slot.levels.0 <= level && level <= slot.levels.1)
                && wanted.get(usize::from(slot.schema)) == Some(&true)
                && window.is_none_or(|(first, last)| {
                    slot.dated && i64::from(slot.days.0) <= last && i64::from(slot.days.1) >= first
                })
                && words.iter().all(|word| word.find(self.part(slot, 0, 2).as_bytes()).is_some())
        })
    }

    /// So many cards after the cursor, in their order, and how many there are in all.
    pub(super) fn page(&self, test: &Test<'_>, sort: Sort, after: Option<&str>, limit: usize) -> (Vec<Hit>, u64) {
        let after = after.and_then(|cursor| {
            let (value, id) = cursor.rsplit_once('\n')?;
            let key = match sort {
                Sort::Recent => Key::Newest(std::cmp::Reverse(value.parse().ok()?)),
                _ => Key::Text(value),
            };
            Some((key, id.parse::<EntityId>().ok()?, u32::MAX))
        });
        let mut total = 0;
        // The first `limit` places so far, the last of them on top.
        let mut first: BinaryHeap<(Key<'_>, EntityId, u32)> = BinaryHeap::with_capacity(limit + 1);
        for slot in self.matching(test) {
            total += 1;
            let place = (self.key(slot, sort), slot.id, slot.no);
            if after.is_some_and(|after| place <= after)
                || (first.len() == limit && first.peek().is_some_and(|last| place >= *last))
            {
                continue;
            }
            if first.len() == limit {
                first.pop();
            }
            first.push(place);
        }
        let hit = |(key, id, no): (Key<'_>, EntityId, u32)| {
            let cursor = match key {
                Key::Text(text) => format!("{text}\n{id}"),
                Key::Newest(number) => format!("{}\n{id}", number.0),
            };
            Hit { id, no, cursor }
        };
        (first.into_sorted_vec().into_iter().map(hit).collect(), total)
    }

    /// How many cards of each schema fulfil a test.
    pub(super) fn count(&self, test: &Test<'_>) -> Vec<(String, u64)> {
        let mut counts = vec![0; self.schemata.len()];
        for slot in self.matching(test) {
            counts[usize::from(slot.schema)] += 1;
        }
        let mut counted: Vec<(String, u64)> =
            self.schemata.iter().cloned().zip(counts).filter(|(_, count)| *count > 0).collect();
        counted.sort();
        counted
    }
}
