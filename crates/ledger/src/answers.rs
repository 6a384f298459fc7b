//! Answers to the questions that pages and commands ask, beside the record itself. All of them through a [`Reader`], so through a view.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use schema::{EntityId, Label};

use crate::Error;
use crate::check::kinds;
use crate::clearance::Clearance;
use crate::clock::Timestamp;
use crate::entry::Feed;
use crate::id::{ClaimId, Digest};
use crate::item::{Decision, Item, Judge, Publish, Target, Verdict};
use crate::reader::Reader;
use crate::record::ClaimView;
use crate::storage::{ItemNo, ItemRow};

/// An entity that points at another.
#[derive(Clone, Debug)]
pub struct Related {
    /// The inverse's name: `proceedings`, `actsAgainst`.
    pub relation: String,
    pub label: Label,
    /// The property by which it points.
    pub property: String,
    /// Whether it is a part of what it points at: an act of its incident, a step of its proceeding.
    pub part: bool,
    pub id: EntityId,
    pub schema: String,
    pub title: String,
    /// Sorts relations of one kind in the order of their dates, and on one day in the order of their types.
    pub sort: String,
}

/// A named text as it stood.
#[derive(Clone, Debug)]
pub struct Definition {
    pub kind: String,
    pub name: String,
    pub text: String,
    pub clearance: Clearance,
    pub position: u64,
}

/// One thing that happened to what is known about an entity.
#[derive(Clone, Debug)]
pub struct HistoryLine {
    pub position: u64,
    pub recorded_at: Timestamp,
    pub recorded_by: String,
    /// `created`, `claimed`, `retracted`, `assessed`, `preferred`, `judged`, `erased`, `classified`, `custody`, `stamped`,
    /// `decided`.
    pub what: &'static str,
    pub text: String,
    pub claim: Option<ClaimId>,
    pub reason: Option<String>,
}

/// An entry as a page shows it.
#[derive(Clone, Debug)]
pub struct EntryView {
    pub position: u64,
    pub feed: Feed,
    pub sequence: u64,
    pub recorded_at: Timestamp,
    pub account: String,
    pub hash: Digest,
    /// One line for each item in this view.
    pub items: Vec<String>,
    /// Items that are not in this view.
    pub hidden: usize,
}

/// What sort of thing was recorded since some position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Judgements, or nothing: of each entity the same is known as before.
    Judged,
    /// Claims and acts upon them: [`Reader::changes`] tells of which entities.
    Said,
    /// Clearances among them: something may have left the view, of which no change can tell.
    Classified,
}

/// An entity about which, or pointing at which, something was recorded.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub position: u64,
    pub entity: EntityId,
}

impl Reader<'_> {
    /// Entities of this view that point at this one, with their inverse names; parts in the order of their dates.
    ///
    /// # Errors
    /// As the database says; so for all that follow.
    pub fn related(&self, id: EntityId) -> Result<Vec<Related>, Error> {
        let mut found: BTreeMap<(String, EntityId), Related> = BTreeMap::new();
        for member in self.members(id)? {
            let rows = self.storage()?.items_pointing_at(member.seen.id, self.before)?;
            let mut pointing = HashSet::new();
            for row in rows.iter().filter(|row| row.kind == kinds::CLAIM) {
                if let Some(Item::Claim(claim)) = row.body.as_deref().map(Item::decode).transpose()? {
                    pointing.insert(claim.entity);
                }
            }
            for entity in pointing {
                self.relations(entity, member.seen.id, &mut found)?;
            }
        }
        let mut related: Vec<Related> = found.into_values().collect();
        related.sort_by(|a, b| {
            (!a.part, &a.relation, &a.sort, &a.title, a.id).cmp(&(!b.part, &b.relation, &b.sort, &b.title, b.id))
        });
        Ok(related)
    }

    fn relations(
        &self,
        entity: EntityId,
        target: EntityId,
        found: &mut BTreeMap<(String, EntityId), Related>,
    ) -> Result<(), Error> {
        let Some(account) = self.account(entity)? else { return Ok(()) };
        for told in &account.told {
            let (Some(claim), Some(schema::Value::Entity(id))) = (&told.claim, &told.value) else { continue };
            if *id != target || !self.counts(told)? {
                continue;
            }
            let Ok(property) = self.registry().property(&account.seen.schema, &claim.property) else { continue };
            let shown = self.shown_as(entity);
            let (relation, label) = match &property.inverse {
                Some(inverse) => (inverse.name.clone(), inverse.label.clone()),
                None => (format!("{}Of", property.name), Label::english(format!("{} of", property.label.en))),
            };
            if found.contains_key(&(relation.clone(), shown)) {
                continue;
            }
            let date = self.value(shown, "date")?.map(|date| date.sort_key()).unwrap_or_else(|| "~".into());
            let sort = format!("{date}\u{1}{:04}", self.rank_of_type(shown)?);
            found.insert(
                (relation.clone(), shown),
                Related {
                    relation,
                    label,
                    property: property.name.clone(),
                    part: property.part,
                    id: shown,
                    schema: account.seen.schema.clone(),
                    title: self.label(shown)?,
                    sort,
                },
            );
        }
        Ok(())
    }

    /// Where the vocabulary puts what happened: on one day a verdict comes before the sentence.
    fn rank_of_type(&self, id: EntityId) -> Result<usize, Error> {
        let Some(schema::Value::Term(term)) = self.value(id, "type")? else { return Ok(0) };
        let terms = self.registry().vocabulary(&term.vocabulary).map(|vocabulary| vocabulary.terms.as_slice());
        Ok(terms.unwrap_or_default().iter().position(|entry| entry.code == term.code).unwrap_or(0))
    }

    /// Who may see this entity: its own clearance, whatever it was judged to be the same as.
    ///
    /// # Errors
    /// As the database says.
    pub fn clearance_of(&self, id: EntityId) -> Result<Option<Clearance>, Error> {
        Ok(self.account(id)?.map(|account| account.seen.clearance.clone()))
    }

    /// Every claim about an entity, also those that do not count, in the order in which they were recorded.
    ///
    /// # Errors
    /// As the database says.
    pub fn claims_about(&self, id: EntityId) -> Result<Vec<ClaimView>, Error> {
        let mut claims = Vec::new();
        for member in self.members(id)? {
            for told in &member.told {
                if self.in_view(told)? {
                    claims.push(self.claim_view(told)?);
                }
            }
        }
        claims.sort_by_key(|claim| (claim.position, claim.id.index));
        Ok(claims)
    }

    /// One claim, if this view has it.
    ///
    /// # Errors
    /// As the database says.
    pub fn claim(&self, id: ClaimId) -> Result<Option<ClaimView>, Error> {
        let Some(row) = crate::check::item_row(self.storage()?, id)? else { return Ok(None) };
        if row.no >= self.before {
            return Ok(None);
        }
        let Some(Item::Claim(claim)) = row.body.as_deref().map(Item::decode).transpose()? else { return Ok(None) };
        let Some(account) = self.account(claim.entity)? else { return Ok(None) };
        match account.told.iter().find(|told| told.no == row.no) {
            Some(told) if self.in_view(told)? => self.claim_view(told).map(Some),
            _ => Ok(None),
        }
    }

    /// The claims found in a source, in the order of its text; without a place in the text, in the order of recording.
    ///
    /// # Errors
    /// As the database says.
    pub fn claims_in(&self, source: EntityId) -> Result<Vec<ClaimView>, Error> {
        let mut claims = Vec::new();
        for member in self.members(source)? {
            let rows = self.storage()?.items_from(member.seen.id, self.before)?;
            let mut about = BTreeSet::new();
            for row in &rows {
                if let Some(Item::Claim(claim)) = row.body.as_deref().map(Item::decode).transpose()? {
                    about.insert(claim.entity);
                }
            }
            for entity in about {
                let Some(account) = self.account(entity)? else { continue };
                for told in &account.told {
                    if told.claim.as_ref().is_some_and(|claim| claim.source == member.seen.id) && self.in_view(told)? {
                        claims.push(self.claim_view(told)?);
                    }
                }
            }
        }
        let start = |claim: &ClaimView| claim.locator.as_ref().and_then(|locator| locator.start).unwrap_or(u64::MAX);
        claims.sort_by_key(|claim| (start(claim), claim.position, claim.id.index));
        Ok(claims)
    }

    /// What was done about an entity, oldest first.
    ///
    /// # Errors
    /// As the database says.
    pub fn history(&self, id: EntityId) -> Result<Vec<HistoryLine>, Error> {
        let mut lines = Vec::new();
        for member in self.members(id)? {
            let mut rows = self.storage()?.items_about(member.seen.id, self.before)?;
            rows.extend(
                self.storage()?
                    .items_pointing_at(member.seen.id, self.before)?
                    .into_iter()
                    .filter(|row| row.kind == kinds::JUDGE),
            );
            let hidden = self.hidden_items(&member.told)?;
            for row in &rows {
                let judged_unseen = row.kind == kinds::JUDGE && !self.shows(row)?;
                if !judged_unseen && !hidden.contains(&row.no) && row.on_item.is_none_or(|on| !hidden.contains(&on)) {
                    lines.push((row.no, self.history_line(row)?));
                }
            }
        }
        lines.sort_by_key(|(no, _)| *no);
        lines.dedup_by_key(|(no, _)| *no);
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }

    fn hidden_items(&self, told: &[crate::told::Told]) -> Result<HashSet<ItemNo>, Error> {
        let mut hidden = HashSet::new();
        for told in told {
            if !self.in_view(told)? {
                hidden.insert(told.no);
            }
        }
        Ok(hidden)
    }

    fn history_line(&self, row: &ItemRow) -> Result<HistoryLine, Error> {
        let (recorded_by, recorded_at) = self.recorded(row.no);
        let (what, text, reason) = match row.body.as_deref().map(Item::decode).transpose()? {
            Some(item) => self.describe(&item)?,
            None => ("erased", "a claim whose words were destroyed".into(), None),
        };
        let claim = row.on_item.or((row.kind == kinds::CLAIM).then_some(row.no)).map(|no| self.address(no));
        // Who recorded a claim from a hidden source is as hidden as the source.
        let recorded_by = match row.body.as_deref().map(Item::decode).transpose()? {
            Some(Item::Claim(claim)) if self.source(claim.source)?.is_none() => String::new(),
            _ => recorded_by,
        };
        Ok(HistoryLine { position: row.no.position(), recorded_at, recorded_by, what, text, claim, reason })
    }

    /// An item in words: what was done, to what, and why.
    fn describe(&self, item: &Item) -> Result<(&'static str, String, Option<String>), Error> {
        let entity = |id: EntityId| self.label(id);
        Ok(match item {
            Item::Genesis(genesis) => ("created", format!("the workspace “{}”", genesis.name), None),
            Item::Account(account) => ("account", format!("{} may see {}", account.name, account.level), None),
            Item::Entity(made) => ("created", format!("{} ({})", entity(made.id)?, made.schema), None),
            Item::Claim(claim) => {
                let value = match claim.typed() {
                    Ok(value) => self.show(&value)?,
                    Err(_) => claim.value.clone(),
                };
                let property = self
                    .schema_of(claim.entity)?
                    .and_then(|schema| {
                        self.registry()
                            .property(&schema, &claim.property)
                            .ok()
                            .map(|property| property.label.en.clone())
                    })
                    .unwrap_or_else(|| claim.property.clone());
                let source = match self.source(claim.source)? {
                    Some(_) => entity(claim.source)?,
                    None => "a source outside this view".into(),
                };
                ("claimed", format!("{property}: {value} — {source}"), None)
            }
            Item::Retract(retract) => ("retracted", format!("claim {}", retract.claim), Some(retract.reason.clone())),
            Item::Assess(assess) => {
                let target = match assess.target {
                    Target::Claim(claim) => format!("claim {claim}"),
                    Target::Entity(id) => entity(id)?,
                };
                let grade = [
                    assess.verification.as_deref().map(|step| step.replace('-', " ")),
                    assess.reliability.as_deref().map(|grade| format!("reliability {grade}")),
                    assess.credibility.as_deref().map(|grade| format!("credibility {grade}")),
                ];
                let grade: Vec<String> = grade.into_iter().flatten().collect();
                ("assessed", format!("{target}: {}", grade.join(", ")), Some(assess.reason.clone()))
            }
            Item::Prefer(prefer) => ("preferred", format!("claim {}", prefer.claim), Some(prefer.reason.clone())),
            Item::Judge(judge) => {
                let (a, b) = (self.own_label(judge.a)?, self.own_label(judge.b)?);
                let text = match judge.verdict {
                    Verdict::Same => format!("{a} and {b} are the same"),
                    Verdict::Different => format!("{a} and {b} are different"),
                    Verdict::Unsure => format!("whether {a} and {b} are the same could not be told"),
                    Verdict::Withdrawn => format!("the judgement on {a} and {b} is taken back"),
                };
                ("judged", text, Some(judge.reason.clone()))
            }
            Item::Erase(erase) => ("erased", format!("the words of {}", erase.item), Some(erase.reason.clone())),
            Item::Custody(custody) => {
                let event = custody.event.as_str();
                let name = custody.file_name.as_deref().unwrap_or("an object");
                ("custody", format!("{name} {event}, SHA-256 {}", custody.object), Some(custody.reason.clone()))
            }
            Item::Define(define) => ("defined", format!("{} “{}”", define.kind, define.name), None),
            Item::Publish(publish) => {
                ("published", format!("“{}” at position {}", publish.publication, publish.position), None)
            }
            Item::Classify(classify) => {
                let target = match classify.target {
                    Target::Claim(claim) => format!("claim {claim}"),
                    Target::Entity(id) => entity(id)?,
                };
                ("classified", format!("{target}: {}", classify.clearance), Some(classify.reason.clone()))
            }
            Item::Stamp(stamp) => {
                let authority = stamp.authority.as_deref().unwrap_or("an authority");
                (
                    "stamped",
                    format!("the first {} entries existed at {}, says {authority}", stamp.position, stamp.time),
                    None,
                )
            }
            Item::Decide(decide) => {
                let text = match decide.decision {
                    Decision::Accepted => format!("a proposal of {} was accepted", decide.proposer),
                    Decision::Changed => format!("a proposal of {} was accepted with changes", decide.proposer),
                    Decision::Rejected => format!("a proposal of {} was rejected", decide.proposer),
                    Decision::Reopened => "a decision on a proposal was taken back".into(),
                };
                ("decided", text, decide.reason.clone())
            }
            Item::Unknown { .. } => ("unknown", "an item that a newer version wrote".into(), None),
        })
    }

    /// All judgements between entities of this view, oldest first, each with its position.
    ///
    /// # Errors
    /// As the database says.
    pub fn judgements(&self) -> Result<Vec<(Judge, u64)>, Error> {
        self.judgements_since(0)
    }

    /// The same, of entries after this position: for who knows those before.
    ///
    /// # Errors
    /// As the database says.
    pub fn judgements_since(&self, since: u64) -> Result<Vec<(Judge, u64)>, Error> {
        let mut judgements = Vec::new();
        for row in self.storage()?.items_of_kind(kinds::JUDGE, self.before)? {
            if row.no.position() <= since {
                continue;
            }
            if let Some(Item::Judge(judge)) = row.body.as_deref().map(Item::decode).transpose()?
                && self.account(judge.a)?.is_some()
                && self.account(judge.b)?.is_some()
            {
                judgements.push((judge, row.no.position()));
            }
        }
        Ok(judgements)
    }

    /// What sort of thing was recorded after this position, seen or not. For projections, which follow the ledger; nobody is to be told.
    ///
    /// # Errors
    /// As the database says.
    pub fn since(&self, position: u64) -> Result<Since, Error> {
        let classified = self.storage()?.last_of_kind(kinds::CLASSIFY, self.before)?;
        if classified.is_some_and(|last| last.position() > position) {
            return Ok(Since::Classified);
        }
        for position in position + 1..=self.position() {
            if self.storage()?.items_of_entry(position)?.iter().any(|row| row.kind != kinds::JUDGE) {
                return Ok(Since::Said);
            }
        }
        Ok(Since::Judged)
    }

    /// The definition of that kind and name, as last recorded.
    ///
    /// # Errors
    /// As the database says.
    pub fn definition(&self, kind: &str, name: &str) -> Result<Option<Definition>, Error> {
        Ok(self.definitions(kind)?.into_iter().find(|definition| definition.name == name))
    }

    /// All definitions of a kind, by name.
    ///
    /// # Errors
    /// As the database says.
    pub fn definitions(&self, kind: &str) -> Result<Vec<Definition>, Error> {
        let mut latest: BTreeMap<String, Definition> = BTreeMap::new();
        for row in self.storage()?.items_of_kind(kinds::DEFINE, self.before)? {
            if let Some(Item::Define(define)) = row.body.as_deref().map(Item::decode).transpose()?
                && define.kind == kind
            {
                if self.sees(&define.clearance) {
                    let position = row.no.position();
                    let definition = Definition {
                        kind: define.kind,
                        name: define.name.clone(),
                        text: define.text,
                        clearance: define.clearance,
                        position,
                    };
                    latest.insert(define.name, definition);
                } else {
                    latest.remove(&define.name);
                }
            }
        }
        Ok(latest.into_values().collect())
    }

    /// The releases of a publication, oldest first: what, at which position, when.
    ///
    /// # Errors
    /// As the database says.
    pub fn publications_released(&self, name: &str) -> Result<Vec<(Publish, u64, Timestamp)>, Error> {
        let mut released = Vec::new();
        for row in self.storage()?.items_of_kind(kinds::PUBLISH, self.before)? {
            if let Some(Item::Publish(publish)) = row.body.as_deref().map(Item::decode).transpose()?
                && publish.publication == name
                && self.sees(&publish.clearance)
            {
                released.push((publish, row.no.position(), self.recorded(row.no).1));
            }
        }
        Ok(released)
    }

    /// Entries from one position to another, both included, as far as this view goes.
    ///
    /// # Errors
    /// As the database says.
    pub fn entries(&self, from: u64, to: u64) -> Result<Vec<EntryView>, Error> {
        let mut entries = Vec::new();
        for row in self.storage()?.entries(from, to.min(self.position()))? {
            let mut items = Vec::new();
            let mut hidden = 0;
            for item in self.storage()?.items_of_entry(row.position)? {
                if self.shows(&item)? {
                    items.push(self.history_line(&item).map(|line| format!("{}: {}", line.what, line.text))?);
                } else {
                    hidden += 1;
                }
            }
            entries.push(EntryView {
                position: row.position,
                feed: row.feed,
                sequence: row.sequence,
                recorded_at: row.at,
                account: self.account_name(row.account),
                hash: row.hash,
                items,
                hidden,
            });
        }
        Ok(entries)
    }

    /// Whether an item may be named in this view.
    fn shows(&self, row: &ItemRow) -> Result<bool, Error> {
        let Some(item) = row.body.as_deref().map(Item::decode).transpose()? else {
            return Ok(self.sees(&Clearance::internal()));
        };
        let upon = |on: Option<ItemNo>| -> Result<bool, Error> {
            match on.map(|no| self.storage()?.item(no)).transpose()?.flatten() {
                Some(row) => self.shows(&row),
                None => Ok(self.sees(&Clearance::internal())),
            }
        };
        Ok(match item {
            Item::Genesis(_) => true,
            Item::Account(_) | Item::Unknown { .. } => self.sees(&Clearance::internal()),
            Item::Entity(made) => self.account(made.id)?.is_some(),
            Item::Claim(claim) => match self.account(claim.entity)? {
                None => false,
                Some(account) => match account.told.iter().find(|told| told.no == row.no) {
                    Some(told) => self.in_view(told)? && self.account(claim.source)?.is_some(),
                    None => false,
                },
            },
            Item::Retract(_) | Item::Prefer(_) | Item::Erase(_) => upon(row.on_item)?,
            Item::Assess(assess) => match assess.target {
                Target::Claim(_) => upon(row.on_item)?,
                Target::Entity(id) => self.account(id)?.is_some(),
            },
            Item::Classify(classify) => match classify.target {
                Target::Claim(_) => upon(row.on_item)?,
                Target::Entity(id) => self.account(id)?.is_some(),
            },
            Item::Judge(judge) => self.account(judge.a)?.is_some() && self.account(judge.b)?.is_some(),
            Item::Custody(custody) => match custody.source {
                Some(source) => self.account(source)?.is_some(),
                None => self.sees(&Clearance::internal()),
            },
            Item::Define(define) => self.sees(&define.clearance),
            Item::Publish(publish) => self.sees(&publish.clearance),
            Item::Stamp(_) => true,
            Item::Decide(decide) => self.account(decide.source)?.is_some(),
        })
    }

    /// Entities of this view about which something was recorded after this position: what projections and open forms follow.
    ///
    /// # Errors
    /// As the database says.
    pub fn changes(&self, since: u64) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        for (entity, position) in self.storage()?.touched(since, self.position())? {
            if self.account(entity)?.is_some() {
                changes.push(Change { position, entity });
            }
        }
        changes.sort_by_key(|change| (change.position, change.entity));
        Ok(changes)
    }

    /// The entities of a schema and its descendants, in the order of their ids. Entities judged to be one are given once.
    ///
    /// # Errors
    /// As the database says.
    pub fn of_schema(&self, schema: &str) -> Result<Vec<EntityId>, Error> {
        let mut found = BTreeSet::new();
        let names: Vec<&str> = self
            .registry()
            .schemata()
            .map(|known| known.name.as_str())
            .filter(|name| self.registry().is_a(name, schema))
            .collect();
        for name in names {
            for row in self.storage()?.entities_of(name, self.before)? {
                if self.account(row.id)?.is_some() {
                    found.insert(self.shown_as(row.id));
                }
            }
        }
        Ok(found.into_iter().collect())
    }
}
