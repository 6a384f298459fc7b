//! What the ledger has already of a case file.

use std::collections::{BTreeSet, HashMap, HashSet};

use ledger::{Author, Claim, ClaimId, ClaimState, ClaimView, Clearance, Cleared, Digest, View};
use schema::{EntityId, Value};
use workspace::Workspace;

use crate::error::Error;
use crate::import::everything;
use crate::origin;
use crate::plan::Plan;
use crate::words;

/// Entities, claims and objects of a plan that are in the ledger.
///
/// It is asked with the widest view, and tells only what whoever holds the case file can compute already: whether this very
/// claim, word for word, is there.
pub(crate) struct Known {
    pub entities: HashSet<EntityId>,
    /// By origin.
    pub claims: HashMap<Digest, KnownClaim>,
    /// Source and object.
    pub objects: HashSet<(EntityId, Digest)>,
}

pub(crate) struct KnownClaim {
    pub id: ClaimId,
    pub clearance: Clearance,
    pub retracted: bool,
}

impl Known {
    pub fn read(workspace: &Workspace, plan: &Plan<'_>) -> Result<Known, Error> {
        let teams: BTreeSet<&str> = plan
            .entities
            .iter()
            .map(|entity| &entity.clearance)
            .chain(plan.claims().map(|claim| &claim.claim.clearance))
            .filter_map(|clearance| clearance.team.as_deref())
            .collect();
        let reader = workspace.ledger.read(&everything(teams))?;
        let mut known = Known { entities: HashSet::new(), claims: HashMap::new(), objects: HashSet::new() };
        for entity in &plan.entities {
            if reader.schema_of(entity.id)?.is_some() {
                known.entities.insert(entity.id);
            }
        }
        let wanted: HashSet<Digest> = plan.claims().map(|claim| claim.origin).collect();
        for source in plan.sources.iter().filter(|source| known.entities.contains(&source.id)) {
            let text = source
                .object
                .as_ref()
                .and_then(|object| Some((object.sha256, std::str::from_utf8(object.bytes).ok()?)));
            for claim in reader.claims_in(source.id)? {
                // What somebody recorded by a form, and exported, comes back without an origin of its own: it is the same claim.
                let origin = match claim.origin {
                    Some(origin) => Some(origin),
                    None => computed(&claim, text, reader.value(source.id, "publisher")?),
                };
                let Some(origin) = origin.filter(|origin| wanted.contains(origin)) else { continue };
                let retracted = !matches!(claim.state, ClaimState::Stands | ClaimState::OutsideStandard);
                known.claims.insert(origin, KnownClaim { id: claim.id, clearance: claim.clearance, retracted });
            }
        }
        for object in reader.objects()? {
            known.objects.extend(object.source.map(|source| (source, object.object)));
        }
        Ok(known)
    }
}

/// The origin that a claim would have had, had it come from a case file.
fn computed(claim: &ClaimView, text: Option<(Digest, &str)>, publisher: Option<Value>) -> Option<Digest> {
    let nth = match (&claim.locator, text) {
        (Some(locator), Some((object, text))) if locator.text_of == Some(object) => words::nth(text, locator),
        _ => 1,
    };
    let same = Claim {
        asserter: claim.asserter.filter(|asserter| publisher != Some(Value::Entity(*asserter))),
        locator: claim.locator.clone(),
        no_words: claim.no_words.clone(),
        note: claim.note.clone(),
        ..Claim::new(claim.entity, &claim.property, claim.value.as_ref()?, claim.source?)
    };
    Some(origin::of_claim(&same, nth))
}

/// What the author's own account may see.
pub(crate) fn own_view(workspace: &Workspace, author: &Author) -> Result<View, Error> {
    let reader = workspace.ledger.read(&everything([]))?;
    let account = reader.accounts()?.into_iter().rev().find(|account| account.id == author.account);
    let cleared = match account {
        Some(account) => account.teams.iter().fold(Cleared::to(account.level), |cleared, team| cleared.with_team(team)),
        None => Cleared::to(ledger::Level::Public),
    };
    Ok(View::new(cleared))
}
