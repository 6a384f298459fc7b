//! What one row adds to the ledger: compared with what this list said of it before.

use std::collections::{HashMap, HashSet};

use ledger::{Claim, ClaimView, EntityItem, Item, Reader, Retract};
use schema::{EntityId, Value};

use super::{Out, Session};
use crate::compare::{compare, hash_of_row};
use crate::error::Error;
use crate::record::reason;
use crate::report::Problem;
use crate::rows::Row;
use crate::take::{Refused, Source, Taken, TakenClaim, Why, hash_of};

impl Session<'_, '_, '_> {
    /// One row's items.
    pub(super) fn row(
        &mut self,
        number: usize,
        row: &Row,
        taken: Taken,
        reader: Option<&Reader<'_>>,
        out: &mut Out<'_, '_, '_>,
    ) -> Result<(), Error> {
        let key = self.key_of(number, &taken);
        let said = hash_of_row(&self.compiled, &taken);
        if self.known.get(&key) == Some(&said) {
            self.report.rows_unchanged += 1;
            return Ok(());
        }
        let quote = self.quote(row);
        let mut entities = Vec::new();
        let mut claims = Vec::new();
        let mut retracts = Vec::new();
        let mut was_there = false;
        for entity in &taken.entities {
            let taker = &self.compiled.entities[entity.rule];
            let shared = taker.key.is_some();
            let drafts: Vec<(String, Claim)> = entity
                .claims
                .iter()
                .map(|claim| {
                    let property = taker.properties[claim.property].name.clone();
                    (property.clone(), self.claim(entity.id, &property, &claim.value, &quote, row))
                })
                .collect();
            let there = match reader {
                Some(reader) if !out.made.contains(&entity.id) => reader.schema_of(entity.id)?.is_some(),
                _ => false,
            };
            let mut new: Vec<usize> = (0..drafts.len()).collect();
            if there && let Some(reader) = reader {
                was_there |= !shared;
                let readable = self.readable(entity.rule, &taken);
                // Of a thing that several rows speak of in their languages, each may take back what it said in its own.
                let may_retract = |claim: &ClaimView| match (&taken.lang, shared) {
                    (_, true) => false,
                    (None, _) => true,
                    (own, _) => claim.value.as_ref().and_then(Value::lang) == own.as_ref(),
                };
                let difference = compare(reader, entity.id, self.document, &drafts, &readable, &may_retract)?;
                if difference.destroyed {
                    self.destroyed(number, row);
                }
                self.report.stay_retracted += difference.stay_retracted;
                new = if difference.destroyed { Vec::new() } else { difference.new };
                retracts.extend(difference.retract);
            } else if out.made.insert(entity.id) {
                *self.report.entities.entry(taker.schema.clone()).or_default() += 1;
                entities.push(Item::Entity(EntityItem {
                    id: entity.id,
                    schema: taker.schema.clone(),
                    clearance: self.options.clearance.clone(),
                    key: None,
                }));
            }
            for (at, (property, claim)) in drafts.into_iter().enumerate() {
                if !new.contains(&at) {
                    continue;
                }
                let said = || {
                    let lang = claim.lang.as_deref().unwrap_or_default();
                    hash_of(&format!("{}\u{1F}{property}\u{1F}{lang}\u{1F}{}", entity.id, claim.value))
                };
                if (shared || taken.lang.is_some()) && !out.shared.insert(said()) {
                    continue;
                }
                claims.push(Item::Claim(claim));
            }
        }
        if let Some(reader) = reader
            && was_there
        {
            for (_, id) in &taken.unmade {
                retracts.extend(self.all_of(reader, *id)?);
            }
        }
        self.report.claims += claims.len() as u64;
        self.report.retracted += retracts.len() as u64;
        if entities.is_empty() && claims.is_empty() && retracts.is_empty() {
            let told = !taken.refused.is_empty() || self.known.contains_key(&key);
            if taken.entities.is_empty() && !told {
                self.nothing(number, row);
            } else {
                self.report.rows_unchanged += 1;
            }
            return Ok(());
        }
        self.report.rows_changed += u64::from(was_there || self.known.contains_key(&key));
        // Also those that are no longer made: an undo finds by them what this import retracted.
        let unmade = taken.unmade.iter().copied().filter(|_| was_there);
        let ids: Vec<(usize, EntityId)> =
            taken.entities.iter().map(|entity| (entity.rule, entity.id)).chain(unmade).collect();
        out.rows.row(key, said, &ids);
        if out.writing.is_some() {
            out.items.extend(entities);
            out.items.extend(claims);
            let why = reason("the list no longer says so", &out.import);
            out.items.extend(
                retracts.into_iter().map(|claim| Item::Retract(Retract { claim, reason: why.clone(), origin: None })),
            );
        }
        Ok(())
    }

    /// Takes out claims that point at what is not there, as cells that are refused.
    pub(super) fn links(
        &self,
        row: &Row,
        taken: &mut Taken,
        number: usize,
        ahead: Option<&HashMap<EntityId, usize>>,
        reader: Option<&Reader<'_>>,
        out: &Out<'_, '_, '_>,
    ) -> Result<(), Error> {
        let own: Vec<EntityId> = taken.entities.iter().map(|entity| entity.id).collect();
        let parent = self.compiled.tables[number].parent.as_ref().map(|parent| parent.column);
        let mut dangling = Vec::new();
        let mut spoilt = Vec::new();
        for entity in &mut taken.entities {
            let taker = &self.compiled.entities[entity.rule];
            let mut kept = Vec::with_capacity(entity.claims.len());
            for claim in std::mem::take(&mut entity.claims) {
                let property = &taker.properties[claim.property];
                let elsewhere = matches!(property.source, Source::Parent(_) | Source::Keyed { .. });
                if let Value::Entity(id) = claim.value
                    && elsewhere
                    && let Some(rule) = ahead.and_then(|ahead| ahead.get(&id))
                    && !self.may_point(&taker.schema, &property.name, &self.compiled.entities[*rule].schema)
                {
                    let schema = &self.compiled.entities[*rule].schema;
                    let why = format!("the {} of a {} cannot be a {schema}", property.name, taker.schema);
                    dangling
                        .push((property.column().or(parent), Why::new(why, "Correct it, or map it in another way.")));
                    continue;
                }
                if let Value::Entity(id) = claim.value
                    && elsewhere
                    && !own.contains(&id)
                    && !out.made.contains(&id)
                    && !ahead.is_some_and(|ahead| ahead.contains_key(&id))
                {
                    let there = match reader {
                        Some(reader) => reader.schema_of(id)?.is_some(),
                        None => false,
                    };
                    if !there {
                        let why = Why::new(
                            format!("the {} that it points at was not taken, or is not in the file", property.name),
                            "Bring the row that it points at; then import this one again.",
                        );
                        dangling.push((property.column().or(parent), why));
                        if property.needed {
                            spoilt.push(entity.id);
                        }
                        continue;
                    }
                }
                kept.push(claim);
            }
            entity.claims = kept;
        }
        // Nothing is said of an act against nobody; nor does what is in the same row point at it.
        taken.entities.retain(|entity| !spoilt.contains(&entity.id));
        let gone = |claim: &TakenClaim| matches!(claim.value, Value::Entity(id) if spoilt.contains(&id));
        taken.entities.iter_mut().for_each(|entity| entity.claims.retain(|claim| !gone(claim)));
        for (column, why) in dangling {
            let value = column.and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
            taken.refused.push(Refused { column, value, why });
        }
        Ok(())
    }

    /// Whether a property of this schema may point at something of that one.
    fn may_point(&self, schema: &str, property: &str, at: &str) -> bool {
        let range = self.registry.property(schema, property).map(|known| known.range.clone()).unwrap_or_default();
        range.is_empty() || range.iter().any(|range| self.registry.is_a(at, range))
    }

    /// The properties of an entity whose cells could be read in this row.
    pub(super) fn readable(&self, rule: usize, taken: &Taken) -> HashSet<String> {
        let refused: HashSet<usize> = taken.refused.iter().filter_map(|refused| refused.column).collect();
        let properties = &self.compiled.entities[rule].properties;
        let broken: HashSet<&str> = properties
            .iter()
            .filter(|property| match &property.source {
                Source::Columns { columns, .. } => columns.iter().any(|at| refused.contains(at)),
                Source::Keyed { column, .. } => refused.contains(column),
                Source::Interval { from, to } => from.iter().chain(to).any(|at| refused.contains(at)),
                _ => false,
            })
            .map(|property| property.name.as_str())
            .collect();
        properties.iter().map(|property| property.name.clone()).filter(|name| !broken.contains(name.as_str())).collect()
    }

    /// Standing claims of this list about an entity that its row no longer makes.
    pub(super) fn all_of(&self, reader: &Reader<'_>, id: EntityId) -> Result<Vec<ledger::ClaimId>, Error> {
        if reader.schema_of(id)?.is_none() {
            return Ok(Vec::new());
        }
        let views = reader.claims_about(id)?;
        let ours = views.into_iter().filter(|view| view.entity == id && view.source == Some(self.document));
        let stands = |view: &ledger::ClaimView| {
            matches!(view.state, ledger::ClaimState::Stands | ledger::ClaimState::OutsideStandard)
        };
        Ok(ours.filter(stands).map(|view| view.id).collect())
    }

    pub(super) fn destroyed(&mut self, number: usize, row: &Row) {
        let taker = &self.compiled.tables[number];
        let why = Why::new(
            "words of this row were destroyed in the workspace, and do not come back by an import",
            "If they may be held again, record them anew by hand.",
        );
        let refused = Refused { column: None, value: String::new(), why };
        let problem = Problem::new(&taker.name, row.number, row.line, &taker.headers, &refused, false);
        self.report.remark(problem);
    }

    /// A row of which the mapping makes nothing at all: it is in the file, and nowhere else.
    fn nothing(&mut self, number: usize, row: &Row) {
        let taker = &self.compiled.tables[number];
        let why = Why::new(
            "nothing is made of this row: it gives none of the things that the mapping asks for",
            "See whether the mapping lacks a column that this row uses, or an [[entity]] for what it tells.",
        );
        let refused = Refused { column: None, value: String::new(), why };
        let problem = Problem::new(&taker.name, row.number, row.line, &taker.headers, &refused, false);
        self.report.remark(problem);
    }
}
