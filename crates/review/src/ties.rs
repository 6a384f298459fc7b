//! Which name of a document means whom, by what was accepted from it so far.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{ClaimState, ClaimView, Reader};
use reading::{Group, Proposal};
use schema::{EntityId, Value, fold};

use crate::Error;
use crate::sheet::Sheet;

/// Names and groups of one document, each with the entity that somebody tied it to.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    names: BTreeMap<String, EntityId>,
    /// Incidents that acts of this document belong to.
    pub incidents: Vec<EntityId>,
    /// Entities about which this document says something: the nearer of two that would fit.
    pub spoken_of: BTreeSet<EntityId>,
}

impl Ties {
    pub(crate) fn of(reader: &Reader<'_>, sheet: &Sheet) -> Result<Ties, Error> {
        let all = reader.claims_in(sheet.source)?;
        let standing: Vec<&ClaimView> = all.iter().filter(|claim| claim.state == ClaimState::Stands).collect();
        let publisher = match reader.value(sheet.source, "publisher")? {
            Some(Value::Entity(id)) => Some(id),
            _ => None,
        };
        let mut ties = Ties::default();
        // What was said by hand first: a decision on a proposal knows which name it meant.
        for claim in &standing {
            ties.spoken_of.insert(claim.entity);
            match &claim.value {
                Some(Value::Name(name)) if claim.property == "name" => ties.tie(&name.text, claim.entity),
                Some(Value::Entity(id)) if claim.property == "incident" && !ties.incidents.contains(id) => {
                    ties.incidents.push(*id);
                }
                _ => {}
            }
        }
        for item in sheet.items.iter().filter(|item| !item.claims.is_empty()) {
            let of_item: Vec<&&ClaimView> = standing.iter().filter(|claim| item.claims.contains(&claim.id)).collect();
            let pointed = |property: &str| {
                of_item.iter().find_map(|claim| match claim.value {
                    Some(Value::Entity(id)) if claim.property == property => Some(id),
                    _ => None,
                })
            };
            let voice = of_item.iter().find_map(|claim| claim.asserter.filter(|asserter| Some(*asserter) != publisher));
            let pairs: Vec<(Option<&String>, Option<EntityId>)> = match &item.proposal {
                Proposal::Act(act) => {
                    if let (Some(group), Some(id)) = (&act.victim.group, pointed("victim")) {
                        ties.names.insert(group_key(group), id);
                    }
                    vec![
                        (act.victim.name.as_ref(), pointed("victim")),
                        (act.agent.as_ref(), pointed("perpetrator").or(pointed("court"))),
                        (act.asserter.as_ref(), voice),
                    ]
                }
                Proposal::Count(count) => vec![(count.asserter.as_ref(), pointed("publishedBy").or(voice))],
                Proposal::Saying(saying) => vec![(Some(&saying.asserter), pointed("speaker"))],
                Proposal::Request(request) => {
                    vec![(request.asserter.as_ref(), pointed("by")), (request.addressee.as_ref(), pointed("addressee"))]
                }
                Proposal::Signatory(signatory) => vec![(Some(&signatory.name), pointed("signatory"))],
                Proposal::Citation(_) => Vec::new(),
            };
            for (name, id) in pairs {
                if let (Some(name), Some(id)) = (name, id) {
                    ties.tie(name, id);
                }
            }
        }
        Ok(ties)
    }

    fn tie(&mut self, name: &str, id: EntityId) {
        self.names.insert(fold(name), id);
    }

    /// Whom this name means here, if somebody said so.
    #[must_use]
    pub fn whom(&self, name: &str) -> Option<EntityId> {
        self.names.get(&fold(name)).copied()
    }

    /// Which entity this unnamed group is, if somebody said so.
    #[must_use]
    pub fn which(&self, group: &Group) -> Option<EntityId> {
        self.names.get(&group_key(group)).copied()
    }
}

/// Two groups of one size and description in one document are taken to be one until somebody says otherwise.
fn group_key(group: &Group) -> String {
    format!("\u{1}{:?} {:?} {}", group.min, group.max, fold(&group.description))
}
