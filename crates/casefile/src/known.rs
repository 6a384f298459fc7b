//! What the ledger has already of a case file.

use std::collections::{BTreeSet, HashMap, HashSet};

use ledger::{Author, Claim, ClaimId, ClaimState, ClaimView, Clearance, Cleared, Digest, Level, Reader, View};
use schema::{EntityId, Value};

use crate::error::Error;
use crate::model::CaseFile;
use crate::origin;
use crate::plan::Plan;
use crate::words;

/// Entities, claims and objects of a plan that are in the ledger.
///
/// It is asked with the view [`in_hand`], and tells only what whoever holds the case file can compute already: whether this very
/// claim, word for word, is there.
pub(crate) struct Known {
    pub entities: HashSet<EntityId>,
    /// By origin.
    pub claims: HashMap<Digest, KnownClaim>,
}

pub(crate) struct KnownClaim {
    pub id: ClaimId,
    pub clearance: Clearance,
    pub retracted: bool,
}

impl Known {
    pub fn read(reader: &Reader<'_>, plan: &Plan<'_>) -> Result<Known, Error> {
        let mut known = Known { entities: HashSet::new(), claims: HashMap::new() };
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
        Ok(known)
    }
}

/// Sources and their objects, also those that were destroyed: what the ledger says was destroyed does not come back by itself.
pub(crate) fn objects(reader: &Reader<'_>) -> Result<HashSet<(EntityId, Digest)>, Error> {
    Ok(reader.objects()?.into_iter().filter_map(|object| Some((object.source?, object.object))).collect())
}

/// The widest view there is: for keeping objects once, and for nothing that a report tells.
pub(crate) fn everything() -> View {
    View::new(Cleared::for_keeping())
}

/// The view of all that the importer has in hand: every level, and the teams that the case file names.
pub(crate) fn in_hand(case_file: &CaseFile, plan: &Plan<'_>) -> View {
    View::new(teams(case_file, plan).into_iter().fold(Cleared::to(Level::Restricted), Cleared::with_team))
}

fn teams<'a>(case_file: &'a CaseFile, plan: &'a Plan<'_>) -> BTreeSet<&'a str> {
    let entities = plan.entities.iter().map(|entity| &entity.clearance);
    let claims = plan.claims().map(|planned| &planned.claim.clearance);
    let definitions = plan.definitions.iter().map(|define| &define.clearance);
    let all = entities.chain(claims).chain(definitions).chain(&case_file.clearance);
    all.filter_map(|clearance| clearance.team.as_deref()).collect()
}

/// Teams to which the case file restricts something and in which nobody is, each in a sentence: whoever imports it will look for it.
pub(crate) fn unattended(reader: &Reader<'_>, case_file: &CaseFile, plan: &Plan<'_>) -> Result<Vec<String>, Error> {
    let accounts = reader.accounts()?;
    let attended: BTreeSet<&str> = accounts.iter().flat_map(|account| &account.teams).map(String::as_str).collect();
    Ok(teams(case_file, plan)
        .difference(&attended)
        .map(|team| format!("nobody is in the team “{team}”: `rapporteur account NAME --team {}`", quoted(team)))
        .collect())
}

/// As a shell takes it.
fn quoted(team: &str) -> String {
    if team.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return team.to_owned();
    }
    format!("'{}'", team.replace('\'', "'\\''"))
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
pub(crate) fn own_view(reader: &Reader<'_>, author: &Author) -> Result<View, Error> {
    let account = reader.accounts()?.into_iter().rev().find(|account| account.id == author.account);
    let cleared = match account {
        Some(account) => account.teams.iter().fold(Cleared::to(account.level), |cleared, team| cleared.with_team(team)),
        None => Cleared::to(Level::Public),
    };
    Ok(View::new(cleared))
}
