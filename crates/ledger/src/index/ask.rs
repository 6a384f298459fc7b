//! Questions to the cards: lists, counts, and what somebody meant by what they typed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use schema::{EntityId, Registry};

use super::card::{Found, card};
use super::shelf::{Hit, Shelf, Test};
use super::{Card, CardFilter, Facets, Page, Sort};
use crate::Error;
use crate::clearance::{Cleared, Level};
use crate::reader::Reader;
use crate::view::AsOf;

/// Where cards are not kept for a view, so many are computed for one answer.
const MOST_CANDIDATES: usize = 5_000;

impl Reader<'_> {
    /// Whether the kept cards are this view's own answers.
    fn is_kept(&self) -> bool {
        self.view().as_of == AsOf::Now
            && self.standard().name == "all-allegations"
            && *self.cleared() == Cleared::to(self.cleared().level())
    }

    /// The library: entities as cards.
    ///
    /// # Errors
    /// As the database says.
    pub fn list(&self, filter: &CardFilter) -> Result<Page<Card>, Error> {
        let limit = filter.limit.clamp(1, 500);
        let asked = Asked::of(self, filter);
        let wanted = |schema: &str| asked.lists(self.registry(), schema);
        self.ledger.index().with(self.ledger, |connection, shelf| {
            if self.is_kept() {
                let (mut hits, total) =
                    shelf.page(&asked.test(&wanted), filter.sort, filter.after.as_deref(), limit + 1);
                let next = next(&mut hits, limit);
                let items = hits.iter().map(|hit| kept(connection, hit)).collect::<Result<Vec<_>, _>>()?;
                return Ok(Page { items: items.into_iter().flatten().collect(), next, total });
            }
            let (mut found, total) =
                self.computed(shelf, &asked, &wanted, filter.sort, filter.after.as_deref(), limit + 1)?;
            let next = if found.len() > limit { found.get(limit - 1).map(|(hit, _)| hit.cursor.clone()) } else { None };
            found.truncate(limit);
            Ok(Page { items: found.into_iter().map(|(_, found)| found.card).collect(), next, total })
        })
    }

    /// How many entities of each schema the filter leaves, its own choice of schemata aside.
    ///
    /// # Errors
    /// As the database says.
    pub fn facets(&self, filter: &CardFilter) -> Result<Facets, Error> {
        let asked = Asked::of(self, filter);
        let wanted = |schema: &str| asked.counts(self.registry(), schema);
        self.ledger.index().with(self.ledger, |_, shelf| {
            let schemata = if self.is_kept() {
                shelf.count(&asked.test(&wanted))
            } else {
                let mut counts: BTreeMap<String, u64> = BTreeMap::new();
                for (_, found) in self.computed(shelf, &asked, &wanted, Sort::Label, None, MOST_CANDIDATES)?.0 {
                    *counts.entry(found.card.schema).or_default() += 1;
                }
                counts.into_iter().collect()
            };
            let total = schemata.iter().map(|(_, count)| count).sum();
            Ok(Facets { schemata, total })
        })
    }

    /// For a view whose cards are not kept: candidates from the kept ones, each computed again; the first `limit`, and how many were found.
    fn computed(
        &self,
        shelf: &Shelf,
        asked: &Asked<'_>,
        wanted: &dyn Fn(&str) -> bool,
        sort: Sort,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<(Hit, Found)>, u64), Error> {
        let (candidates, _) = shelf.page(&asked.test(wanted), sort, after, MOST_CANDIDATES);
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        let mut total = 0;
        for candidate in candidates {
            let id = self.shown_as(candidate.id);
            if seen.insert(id)
                && let Some(found) = card(self, id)?
                && asked.still_holds(&found)
            {
                total += 1;
                if rows.len() < limit {
                    rows.push((candidate, found));
                }
            }
        }
        Ok((rows, total))
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
        cards.sort_by_key(|card| {
            (schema::fold(&card.label) != wanted, is_part(self.registry(), &card.schema), card.label.clone())
        });
        Ok(cards)
    }
}

fn is_part(registry: &Registry, schema: &str) -> bool {
    registry.properties(schema).iter().any(|property| property.part)
}

/// The ids that begin with these characters.
fn id_range(prefix: &str) -> Option<(EntityId, EntityId)> {
    if prefix.len() > 26 {
        return None;
    }
    let filled = |with: char| format!("{prefix}{}", with.to_string().repeat(26 - prefix.len())).parse().ok();
    Some((filled('0')?, filled('z')?))
}

/// A filter, read once.
struct Asked<'a> {
    schemata: &'a [String],
    level: Option<u8>,
    words: Vec<String>,
    window: Option<(i64, i64)>,
}

impl<'a> Asked<'a> {
    fn of(reader: &Reader<'_>, filter: &'a CardFilter) -> Self {
        let level = Level::ALL.iter().position(|level| *level == reader.cleared().level()).unwrap_or(0);
        let window = filter.window.as_ref().map(|window| {
            let (first, last) = window.possible_range();
            (first.map_or(i64::MIN, |day| day.number()), last.map_or(i64::MAX, |day| day.number()))
        });
        Asked {
            schemata: &filter.schemata,
            level: reader.is_kept().then(|| u8::try_from(level).unwrap_or(0)),
            words: schema::fold(&filter.text).split_whitespace().map(str::to_owned).collect(),
            window,
        }
    }

    fn test<'t>(&'t self, schema: &'t dyn Fn(&str) -> bool) -> Test<'t> {
        Test { level: self.level, schema, words: &self.words, window: self.window }
    }

    /// Whether a list is of this schema too.
    fn lists(&self, registry: &Registry, schema: &str) -> bool {
        if self.schemata.is_empty() {
            return !is_part(registry, schema);
        }
        self.schemata.iter().any(|wanted| wanted == "*" || registry.is_a(schema, wanted))
    }

    /// Whether facets count this schema: all but parts, unless everything is asked for.
    fn counts(&self, registry: &Registry, schema: &str) -> bool {
        self.schemata.iter().any(|wanted| wanted == "*") || !is_part(registry, schema)
    }

    fn still_holds(&self, found: &Found) -> bool {
        let named = self.words.iter().all(|word| found.names.contains(word.as_str()));
        let dated = self.window.is_none_or(|(first, last)| {
            found.card.date.is_some()
                && found.days.0.unwrap_or(i64::MIN) <= last
                && found.days.1.unwrap_or(i64::MAX) >= first
        });
        named && dated
    }
}

/// Leaves `limit` hits, and says how to go on when there were more.
fn next(hits: &mut Vec<Hit>, limit: usize) -> Option<String> {
    let more = hits.len() > limit;
    hits.truncate(limit);
    hits.last().filter(|_| more).map(|hit| hit.cursor.clone())
}

fn kept(connection: &Connection, hit: &Hit) -> Result<Option<Card>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT schema, label, summary, date, claims, disputed FROM card WHERE no = ?1")?;
    let card = statement.query_row([hit.no], |row| {
        let count = |column: usize| row.get::<_, i64>(column).map(|count| usize::try_from(count).unwrap_or(0));
        Ok(Card {
            id: hit.id,
            schema: row.get(0)?,
            label: row.get(1)?,
            summary: row.get(2)?,
            date: row.get(3)?,
            claims: count(4)?,
            disputed: count(5)?,
        })
    });
    Ok(card.optional()?)
}
