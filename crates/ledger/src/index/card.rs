//! One entity's cards: computed through the readers of all levels, stored once for the levels that it looks the same to.

use std::collections::{HashSet, VecDeque};

use rusqlite::{Connection, params};
use schema::{EntityId, Value};

use super::Card;
use crate::Error;
use crate::check::kinds;
use crate::clearance::{Cleared, Level};
use crate::item::{Classify, Item, Target};
use crate::ledger::{Ledger, bodies};
use crate::reader::Reader;
use crate::storage::ItemNo;
use crate::view::{AsOf, View};

/// Makes the cards again of whatever changed after `since`; says which entities' those are.
pub(super) fn project(
    ledger: &Ledger,
    connection: &Connection,
    since: u64,
    position: u64,
) -> Result<HashSet<EntityId>, Error> {
    // Beyond the four levels, the keeper's: what only a team may see is a candidate for its members, and no level's card.
    let readers = Level::ALL
        .map(Cleared::to)
        .into_iter()
        .chain([Cleared::for_keeping()])
        .map(|cleared| ledger.read(&View::new(cleared).at(AsOf::Position(position))))
        .collect::<Result<Vec<Reader<'_>>, _>>()?;
    let Some(widest) = readers.last() else { return Ok(HashSet::new()) };
    // Where a judgement is hidden from some, a thing may be one for these and two for those, and so may all that is named after it.
    let every = if readers.iter().all(|reader| reader.clusters == widest.clusters) { 0 } else { u8::MAX };
    let storage = widest.storage()?;
    let mut queue: VecDeque<EntityId> = VecDeque::new();
    let fresh = since == 0;
    if fresh {
        storage.each_entity(&mut |row| {
            queue.push_back(row.id);
            Ok(())
        })?;
    } else {
        queue.extend(storage.touched(since, position)?.into_iter().map(|(entity, _)| entity));
    }
    let mut rejudged: HashSet<EntityId> = HashSet::new();
    let judged = storage.last_of_kind(kinds::JUDGE, ItemNo::end_of(position))?;
    if judged.is_some_and(|no| no.position() > since) {
        // A judgement taken back parts entities that it did not name.
        let take = |item| if let Item::Judge(judge) = item { Some([judge.a, judge.b]) } else { None };
        rejudged.extend(bodies(storage, kinds::JUDGE, ItemNo::end_of(position), take)?.into_iter().flatten());
        queue.extend(rejudged.iter().copied());
    }
    let classified = storage.last_of_kind(kinds::CLASSIFY, ItemNo::end_of(position))?;
    if classified.is_some_and(|no| no.position() > since) {
        // Who comes into sight or leaves it may be shown as somebody else, whose own card stays as it was: what points here changes.
        let take = |item| match item {
            Item::Classify(Classify { target: Target::Entity(id), .. }) => Some(id),
            _ => None,
        };
        let found = bodies(storage, kinds::CLASSIFY, ItemNo::end_of(position), take)?;
        rejudged.extend(found.iter().copied());
        queue.extend(found);
    }
    let mut done = HashSet::new();
    while let Some(id) = queue.pop_front() {
        // What is judged to be one is shown as one, so it changes as one.
        let mut group: HashSet<EntityId> = readers.iter().flat_map(|reader| reader.clusters.members(id)).collect();
        group.retain(|member| done.insert(*member));
        // Two accounts of who the victim was are one where the two are one: what points here changes though no label does.
        let mut changed = group.iter().any(|member| rejudged.contains(member));
        for member in &group {
            changed |= put_cards(&readers, connection, *member, every)?;
            readers.iter().for_each(Reader::forget_some);
        }
        if fresh {
            // Everything is in the queue already, and labels are made from the ledger, not from cards.
            continue;
        }
        for member in group {
            let mut rows =
                if changed { storage.items_pointing_at(member, ItemNo::end_of(position))? } else { Vec::new() };
            // What is known of a source may weigh the claims that rest on it.
            rows.extend(storage.items_from(member, ItemNo::end_of(position))?);
            for row in rows {
                if let Some(Item::Claim(claim)) = row.body.as_deref().map(Item::decode).transpose()? {
                    queue.push_back(claim.entity);
                }
            }
        }
    }
    Ok(done)
}

/// Computes an entity's card at each level that makes a difference; `every`: at these levels in any case. Whether its label changed at any.
fn put_cards(readers: &[Reader<'_>], connection: &Connection, id: EntityId, every: u8) -> Result<bool, Error> {
    let before: Vec<(i64, String)> = {
        let mut statement =
            connection.prepare_cached("SELECT lowest, label FROM card WHERE id = ?1 ORDER BY lowest")?;
        let rows = statement.query_map([id.bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    if !before.is_empty() {
        connection.prepare_cached("DELETE FROM card WHERE id = ?1")?.execute([id.bytes().as_slice()])?;
    }
    let Some((widest, _)) = readers.split_last() else { return Ok(false) };
    // The widest reader meets everything there is, and tells which levels matter.
    widest.levels.set(0);
    let top = card(widest, id)?.filter(|_| widest.shown_as(id) == id);
    let levels = widest.levels.get() | every | 1;
    let steps: Vec<usize> = (0..readers.len()).filter(|level| levels & (1 << level) != 0).collect();
    let mut looks: Vec<(usize, Option<Found>)> = Vec::new();
    for (nth, level) in steps.iter().enumerate() {
        let reader = &readers[*level];
        // From the last step upwards it looks as it does to the widest reader.
        let found = if nth + 1 == steps.len() {
            top.clone()
        } else if reader.shown_as(id) == id {
            card(reader, id)?
        } else {
            None
        };
        if looks.last().is_none_or(|(_, lower)| *lower != found) {
            looks.push((*level, found));
        }
    }
    let mut after: Vec<(i64, String)> = Vec::new();
    for (nth, (lowest, found)) in looks.iter().enumerate() {
        let highest = looks.get(nth + 1).map_or(readers.len(), |(next, _)| *next) - 1;
        if let Some(found) = found {
            insert(connection, found, *lowest, highest)?;
            after.push((i64::try_from(*lowest).unwrap_or(0), found.card.label.clone()));
        }
    }
    Ok(before != after)
}

/// A card with what it is found by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) card: Card,
    /// The label and the other names, folded, one a line.
    pub(super) names: String,
    /// How many bytes of the names are the label: cards are sorted by them.
    pub(super) sort: usize,
    pub(super) date_sort: String,
    /// First and last day that are possible; open ends are `None`.
    pub(super) days: (Option<i64>, Option<i64>),
    pub(super) recent: u64,
}

/// An entity's card in a reader's view.
///
/// # Errors
/// As the database says.
pub(super) fn card(reader: &Reader<'_>, id: EntityId) -> Result<Option<Found>, Error> {
    let Some(record) = reader.record(id)? else { return Ok(None) };
    if record.id != reader.shown_as(id) && record.id != id {
        return Ok(None);
    }
    // Of what was said of it everything was taken back: it is in no list. Its page and its history stay.
    if record.claims == 0 && is_taken_back(reader, id)? {
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
            let number = |day: schema::Day| day.number();
            (Some(display.clone()), Value::Date(*date).sort_key(), (first.map(number), last.map(number)))
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
    let recent = record
        .properties
        .iter()
        .flat_map(|property| &property.values)
        .flat_map(|value| &value.claims)
        .map(|claim| claim.position)
        .max();
    Ok(Some(Found {
        sort: schema::fold(&record.label).len(),
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

/// Whether this view has claims about it, and each of them was retracted.
fn is_taken_back(reader: &Reader<'_>, id: EntityId) -> Result<bool, Error> {
    let mut any = false;
    for member in reader.members(id)? {
        for told in &member.told {
            if reader.in_view(told)? {
                any = true;
                if told.retracted.is_none() {
                    return Ok(false);
                }
            }
        }
    }
    Ok(any)
}

fn insert(connection: &Connection, found: &Found, lowest: usize, highest: usize) -> Result<(), Error> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT INTO card(id, lowest, highest, schema, names, sort, date_sort, first, last, recent, label, summary, date, claims, disputed)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            found.card.id.bytes().as_slice(),
            number(lowest),
            number(highest),
            found.card.schema,
            found.names,
            number(found.sort),
            found.date_sort,
            found.days.0,
            found.days.1,
            i64::try_from(found.recent).unwrap_or(i64::MAX),
            found.card.label,
            found.card.summary,
            found.card.date,
            number(found.card.claims),
            number(found.card.disputed),
        ])?;
    Ok(())
}
