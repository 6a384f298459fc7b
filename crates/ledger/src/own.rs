//! What is said of one entity itself, before any judgement joined it with others: what *same or different?* is asked about.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use schema::{EntityId, Value};

use crate::Error;
use crate::item::Verdict;
use crate::reader::Reader;

/// A value that stands in this view, as it was said of this very entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    pub property: String,
    pub value: Value,
    /// `None`: the source's identity is not in this view.
    pub source: Option<EntityId>,
}

impl Reader<'_> {
    /// Every entity of a schema and its descendants, also those judged to be one with another, in the order of their ids; with the
    /// schema of each.
    ///
    /// # Errors
    /// As the database says; so for all that follow.
    pub fn each_of_schema(&self, schema: &str) -> Result<Vec<(EntityId, String)>, Error> {
        let registry = self.registry();
        let names = registry.schemata().map(|known| known.name.as_str()).filter(|name| registry.is_a(name, schema));
        let mut found = Vec::new();
        for name in names {
            for row in self.storage()?.entities_of(name, self.before)? {
                if self.account(row.id)?.is_some() {
                    found.push((row.id, name.to_owned()));
                }
                self.forget_some();
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// What is said of this entity itself, in the order in which it was recorded; nothing of those judged to be one with it.
    /// Empty when this view has none such.
    pub fn own(&self, id: EntityId) -> Result<Vec<Own>, Error> {
        let Some(account) = self.account(id)? else { return Ok(Vec::new()) };
        let mut own = Vec::new();
        for told in &account.told {
            if let (Some(claim), Some(value)) = (&told.claim, &told.value)
                && self.counts(told)?
            {
                let source = self.account(claim.source)?.map(|_| claim.source);
                own.push(Own { property: claim.property.clone(), value: value.clone(), source });
            }
        }
        self.forget_some();
        Ok(own)
    }

    /// All ids judged to be one with this one, itself among them, as far as this view has them; in their order.
    pub fn one_with(&self, id: EntityId) -> Result<Vec<EntityId>, Error> {
        Ok(self.members(id)?.iter().map(|account| account.seen.id).collect())
    }

    /// The pairs judged *same* that make these two one through others, on a shortest way from one to the other; empty when none do. A
    /// judgement on the two themselves is not on it: it can be judged anew.
    pub fn joined_through(&self, a: EntityId, b: EntityId) -> Result<Vec<(EntityId, EntityId)>, Error> {
        if !self.one_with(a)?.contains(&b) {
            return Ok(Vec::new());
        }
        let ordered = |x: EntityId, y: EntityId| (x.min(y), x.max(y));
        let mut latest = BTreeMap::new();
        for (judge, _) in self.judgements()? {
            latest.insert(ordered(judge.a, judge.b), judge.verdict);
        }
        latest.remove(&ordered(a, b));
        let same: Vec<_> =
            latest.into_iter().filter(|(_, verdict)| *verdict == Verdict::Same).map(|(pair, _)| pair).collect();
        let mut came_from: BTreeMap<EntityId, EntityId> = BTreeMap::from([(a, a)]);
        let mut queue = VecDeque::from([a]);
        while let Some(here) = queue.pop_front() {
            for (x, y) in same.iter().filter(|(x, y)| *x == here || *y == here) {
                let next = if *x == here { *y } else { *x };
                if let Entry::Vacant(way) = came_from.entry(next) {
                    way.insert(here);
                    queue.push_back(next);
                }
            }
        }
        let mut way = Vec::new();
        let mut at = b;
        while let Some(before) = came_from.get(&at).copied().filter(|before| *before != at) {
            way.push((before, at));
            at = before;
        }
        way.reverse();
        Ok(way)
    }

    /// The pair judged different that keeps these two, or those they are one with, apart; as far as this view has it.
    pub fn kept_apart(&self, a: EntityId, b: EntityId) -> Result<Option<(EntityId, EntityId)>, Error> {
        match self.clusters.blocked(a, b) {
            Some((x, y)) if self.account(x)?.is_some() && self.account(y)?.is_some() => Ok(Some((x, y))),
            _ => Ok(None),
        }
    }
}
