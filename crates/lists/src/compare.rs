//! What the list says of an entity, held against what the ledger has of it from this list.

use std::collections::{HashMap, HashSet};

use ledger::{Claim, ClaimId, ClaimState, ClaimView, Reader};
use schema::EntityId;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::record::by_import;
use crate::take::{Compiled, Taken, TakenClaim};

/// What is to be recorded of one entity.
#[derive(Debug, Default)]
pub struct Difference {
    /// Places in the taken entity's claims.
    pub new: Vec<usize>,
    /// Claims that the list no longer makes.
    pub retract: Vec<ClaimId>,
    /// Claims that a person retracted and that the list still makes.
    pub stay_retracted: u64,
    /// Words of the entity were destroyed: what was destroyed does not come back by itself.
    pub destroyed: bool,
}

/// A property with its value, as two claims are compared.
fn said(property: &str, claim: &Claim) -> (String, String, String, Option<String>) {
    (property.to_owned(), claim.kind.clone(), claim.value.clone(), claim.lang.clone())
}

fn said_of(view: &ClaimView) -> Option<(String, String, String, Option<String>)> {
    let value = view.value.as_ref()?;
    Some(said(&view.property, &Claim::new(view.entity, &view.property, value, view.entity)))
}

/// Compares. `may_retract`: whether a claim is one that this row alone makes. `properties`: those that the mapping gives, and whose cells in this row could be read.
pub fn compare(
    reader: &Reader<'_>,
    id: EntityId,
    list: EntityId,
    claims: &[(String, Claim)],
    properties: &HashSet<String>,
    may_retract: &dyn Fn(&ClaimView) -> bool,
) -> Result<Difference, Error> {
    let mut difference = Difference::default();
    let mut standing: HashMap<_, ClaimId> = HashMap::new();
    let mut put_aside = HashSet::new();
    let mut retract = Vec::new();
    let wanted: HashSet<_> = claims.iter().map(|(property, claim)| said(property, claim)).collect();
    for view in reader.claims_about(id)? {
        if matches!(view.state, ClaimState::Erased { .. }) {
            difference.destroyed = true;
            continue;
        }
        if view.entity != id || view.source != Some(list) {
            continue;
        }
        let Some(words) = said_of(&view) else { continue };
        match &view.state {
            ClaimState::Stands | ClaimState::OutsideStandard => {
                if may_retract(&view) && !wanted.contains(&words) && properties.contains(&view.property) {
                    retract.push(view.id);
                }
                standing.insert(words, view.id);
            }
            ClaimState::Retracted { reason, .. } if !by_import(reason) => {
                put_aside.insert(words);
            }
            _ => {}
        }
    }
    if difference.destroyed {
        return Ok(difference);
    }
    for (at, (property, claim)) in claims.iter().enumerate() {
        let words = said(property, claim);
        if standing.contains_key(&words) {
            continue;
        }
        if put_aside.contains(&words) {
            difference.stay_retracted += 1;
        } else {
            difference.new.push(at);
        }
    }
    difference.retract = retract;
    Ok(difference)
}

/// A hash over all that a row says, in whatever order its columns stand: the first 16 bytes of a SHA-256.
pub fn hash_of_row(compiled: &Compiled, taken: &Taken) -> u128 {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for entity in &taken.entities {
        for claim in &entity.claims {
            parts.push(bytes_of(&compiled.entities[entity.rule].properties[claim.property].name, entity.id, claim));
        }
    }
    // A cell that could not be read makes the row another one than when it can.
    parts.extend(taken.refused.iter().map(|refused| format!("?{:?}{}", refused.column, refused.value).into_bytes()));
    parts.sort_unstable();
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

fn bytes_of(property: &str, id: EntityId, claim: &TakenClaim) -> Vec<u8> {
    let mut bytes = id.bytes().to_vec();
    let lang = claim.value.lang().map_or_else(String::new, ToString::to_string);
    for part in [property, claim.value.kind().as_str(), &claim.value.canonical(), &lang] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}
