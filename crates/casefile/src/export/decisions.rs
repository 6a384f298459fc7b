//! Judgements, assessments, preferences, figures and letters, as YAML.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{ClaimId, ClaimView, Definition, Judge, Verdict};
use schema::yaml::{self, Node};
use schema::{EntityId, Verification};

use super::Export;
use crate::emit::Yaml;
use crate::error::{Error, counted};
use crate::plan::FIGURE_KEYED;
use crate::publication::{self, NOT_IN_THIS_VIEW, New, Reference};
use crate::substitute::substitute;

/// One assessment as the history tells it: on which claim (none: on the entity as a source), in which words, for which reason.
pub(super) type Assessed = (Option<ClaimId>, String, Option<String>);

impl Export<'_> {
    /// The latest on each pair, in the order in which they were made.
    pub(super) fn write_judgements(&mut self) -> Result<(), Error> {
        let mut latest: BTreeMap<(EntityId, EntityId), (usize, Judge)> = BTreeMap::new();
        for (order, (judge, _)) in self.reader.judgements()?.into_iter().enumerate() {
            latest.insert((judge.a.min(judge.b), judge.a.max(judge.b)), (order, judge));
        }
        let mut ordered: Vec<(usize, Judge)> = latest.into_values().collect();
        ordered.sort_by_key(|(order, _)| *order);
        let mut list = Vec::new();
        for (_, judge) in ordered {
            let (Some(a), Some(b)) = (self.names.key(judge.a), self.names.key(judge.b)) else { continue };
            let verdict = match judge.verdict {
                Verdict::Same => "same",
                Verdict::Different => "different",
                Verdict::Unsure => "unsure",
                Verdict::Withdrawn => continue,
            };
            let pair = Yaml::List(vec![Yaml::text(a), Yaml::text(b)]);
            list.push(Yaml::map([(verdict, Some(pair)), ("because", Some(Yaml::text(judge.reason)))]));
        }
        self.write_list("judgements", list)
    }

    pub(super) fn write_assessments(&mut self, claims: &[ClaimView]) -> Result<(), Error> {
        let mut list = Vec::new();
        for claim in claims {
            let Some(because) = &claim.assessed_because else { continue };
            if claim.verification == Verification::Unverified && because.is_empty() {
                continue;
            }
            let Some(mut pairs) = self.which(claim)? else { continue };
            pairs.push(("status".into(), Yaml::text(claim.verification.as_str())));
            pairs.push(("because".into(), Yaml::text(because)));
            // Two passages of one source may say the same: one entry speaks of both.
            let entry = Yaml::Map(pairs);
            if !list.contains(&entry) {
                list.push(entry);
            }
        }
        self.write_list("assessments", list)
    }

    /// Of each property the preference that holds.
    pub(super) fn write_preferences(
        &mut self,
        entities: &BTreeSet<EntityId>,
        claims: &[ClaimView],
    ) -> Result<(), Error> {
        let written: BTreeSet<_> = claims.iter().map(|claim| claim.id).collect();
        let about: BTreeSet<EntityId> =
            entities.iter().copied().chain(claims.iter().map(|claim| claim.entity)).collect();
        let mut list = Vec::new();
        let mut done = BTreeSet::new();
        let mut ordered: Vec<EntityId> = about.into_iter().collect();
        ordered.sort_by(|a, b| self.names.key(*a).cmp(&self.names.key(*b)));
        for id in ordered {
            let Some(record) = self.reader.record(id)? else { continue };
            if !done.insert(record.id) {
                continue;
            }
            for property in &record.properties {
                let first = property.values.first().map(|value| value.claims.as_slice()).unwrap_or_default();
                let preferred =
                    first.iter().find(|claim| claim.preferred_because.is_some() && written.contains(&claim.id));
                let Some(claim) = preferred else { continue };
                let Some(mut pairs) = self.which(claim)? else { continue };
                pairs.extend(
                    claim.preferred_because.as_ref().map(|because| ("because".to_owned(), Yaml::text(because))),
                );
                list.push(Yaml::Map(pairs));
            }
        }
        self.write_list("preferences", list)
    }

    /// `about`, `property`, `value`, `source`.
    fn which(&self, claim: &ClaimView) -> Result<Option<Vec<(String, Yaml)>>, Error> {
        let (Some(about), Some(source), Some(value)) =
            (self.names.key(claim.entity), claim.source.and_then(|source| self.names.key(source)), &claim.value)
        else {
            return Ok(None);
        };
        let Some(value) = self.value(claim.entity, &claim.property, value)? else { return Ok(None) };
        Ok(Some(vec![
            ("about".into(), Yaml::text(about)),
            ("property".into(), Yaml::text(&claim.property)),
            ("value".into(), value),
            ("source".into(), Yaml::text(source)),
        ]))
    }

    /// How reliable the source was assessed to be, and why: the ledger tells it in the words of its history.
    pub(super) fn reliability(&self, source: EntityId) -> Result<Option<(String, String)>, Error> {
        let lines = self.assessed(source)?;
        let last = lines.into_iter().rev().find_map(|(claim, text, because)| {
            match (claim, text.rsplit_once("reliability ")) {
                (None, Some((_, code))) => Some((code.to_owned(), because.unwrap_or_default())),
                _ => None,
            }
        });
        Ok(last)
    }

    /// The assessments of an entity and its claims, oldest first: claim, words, reason.
    pub(super) fn assessed(&self, entity: EntityId) -> Result<Vec<Assessed>, Error> {
        let lines = self.reader.history(entity)?.into_iter().filter(|line| line.what == "assessed");
        Ok(lines.map(|line| (line.claim, line.text, line.reason)).collect())
    }

    pub(super) fn write_figures(&mut self) -> Result<(), Error> {
        let mut list = Vec::new();
        for definition in self.latest("figure")? {
            match yaml::parse("figures.yaml", &definition.text) {
                Ok(node) => {
                    let mut left_out = 0;
                    let written = substitute(&node, &FIGURE_KEYED, &mut |_, name| {
                        let key = self.names.named(name);
                        left_out += usize::from(key.is_none());
                        key.map(str::to_owned)
                    });
                    list.push(written);
                    self.tell_left_out("figure", &definition.name, left_out);
                    self.figures.insert(definition.name);
                }
                Err(error) => {
                    self.report.notices.push(format!("the figure {} is not written: {error}", definition.name))
                }
            }
        }
        self.write_list("figures", list)
    }

    pub(super) fn write_publications(&mut self) -> Result<(), Error> {
        let mut list = Vec::new();
        for definition in self.latest("publication")? {
            let file = format!("letters/{}.md", definition.name);
            let parsed = publication::split(&file, &definition.text)
                .map_err(|problem| problem.to_string())
                .and_then(|(front, body)| Ok((yaml::parse(&file, &front).map_err(|error| error.to_string())?, body)));
            let (front, body) = match parsed {
                Ok(parsed) => parsed,
                Err(problem) => {
                    self.report.notices.push(format!("the letter {} is not written: {problem}", definition.name));
                    continue;
                }
            };
            let front: Node = front;
            let mut left_out = 0;
            let front = substitute(&front, &publication::KEYED, &mut |_, name| {
                let key = self.names.named(name);
                left_out += usize::from(key.is_none());
                Some(key.unwrap_or(NOT_IN_THIS_VIEW).to_owned())
            });
            let body = publication::rewrite_whole(body, |reference, _| {
                let key = match reference {
                    Reference::Figure(name) => self.figures.get(name).map(String::as_str),
                    Reference::Name(name) | Reference::Cite(name) | Reference::Fact(name, _) => self.names.named(name),
                };
                left_out += usize::from(key.is_none());
                key.map_or(New::NotInThisView, |key| New::Named(key.to_owned()))
            });
            self.tell_left_out("letter", &definition.name, left_out);
            self.folder.write(&file, publication::join(&front.render(), &body).as_bytes())?;
            list.push(Yaml::map([
                ("publication", Some(Yaml::text(&definition.name))),
                ("file", Some(Yaml::text(file))),
            ]));
        }
        self.write_list("publications", list)
    }

    /// The definitions of a kind that hold, by name; only those whose name can be a key.
    fn latest(&mut self, kind: &str) -> Result<Vec<Definition>, Error> {
        let mut latest: BTreeMap<String, Definition> = BTreeMap::new();
        for definition in self.reader.definitions(kind)? {
            if !crate::read::is_key(&definition.name) {
                self.report
                    .notices
                    .push(format!("the {kind} “{}” is not written: its name cannot be a key", definition.name));
                continue;
            }
            let newer = latest.get(&definition.name).is_none_or(|known| known.position <= definition.position);
            if newer {
                latest.insert(definition.name.clone(), definition);
            }
        }
        Ok(latest.into_values().collect())
    }

    /// Says how many references of a definition are not in this view, and nothing else of them.
    fn tell_left_out(&mut self, kind: &str, name: &str, references: usize) {
        if references > 0 {
            self.report.notices.push(format!("{kind} {name}: {} left out", counted(references, "reference")));
        }
    }
}
