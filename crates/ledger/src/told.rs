//! What has been told about one entity: its claims with what was done upon them, as far as a view may see.

use schema::{EntityId, Value, Verification};

use crate::Error;
use crate::clearance::Clearance;
use crate::id::Digest;
use crate::item::{Assess, Claim, Item, Target};
use crate::record::ClaimState;
use crate::storage::{EntityRow, ItemNo, ItemRow, Storage};

/// An entity as a view sees it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) id: EntityId,
    pub(crate) schema: String,
    pub(crate) clearance: Clearance,
    pub(crate) key: Option<String>,
}

/// One claim, and what was done upon it up to the view's position.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) no: ItemNo,
    /// `None`: its words were destroyed.
    pub(crate) claim: Option<Claim>,
    pub(crate) value: Option<Value>,
    pub(crate) clearance: Clearance,
    pub(crate) verification: Verification,
    pub(crate) credibility: Option<String>,
    pub(crate) preferred: Option<(ItemNo, String)>,
    pub(crate) retracted: Option<(ItemNo, String)>,
    pub(crate) erased: Option<(ItemNo, String)>,
    pub(crate) assessed: Option<(ItemNo, String)>,
}

impl Told {
    /// Whether it counts under a standard, or why it does not. Who retracted it is filled in by whoever knows the entries.
    pub(crate) fn stands(&self, standard: &schema::Standard) -> bool {
        self.retracted.is_none()
            && self.erased.is_none()
            && self.value.is_some()
            && self.verification.counts_under(standard)
    }

    /// Whether it is alleged by anybody: not retracted, not destroyed, not withdrawn or found false.
    pub(crate) fn is_alleged(&self) -> bool {
        let rejected = matches!(self.verification, Verification::Withdrawn | Verification::False);
        self.retracted.is_none() && self.erased.is_none() && self.value.is_some() && !rejected
    }

    pub(crate) fn origin(&self) -> Option<Digest> {
        self.claim.as_ref().and_then(|claim| claim.origin)
    }

    pub(crate) fn state(
        &self,
        standard: &schema::Standard,
        told_by: impl Fn(ItemNo) -> (String, crate::Timestamp),
    ) -> ClaimState {
        if let Some((_, reason)) = &self.erased {
            return ClaimState::Erased { reason: reason.clone() };
        }
        if let Some((no, reason)) = &self.retracted {
            let (by, at) = told_by(*no);
            return ClaimState::Retracted { reason: reason.clone(), by, at, position: no.position() };
        }
        if self.value.is_none() {
            return ClaimState::NotUnderstood;
        }
        if self.verification.counts_under(standard) { ClaimState::Stands } else { ClaimState::OutsideStandard }
    }
}

/// Everything that the items about one entity say of it.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) seen: Seen,
    /// In the order in which they were recorded.
    pub(crate) told: Vec<Told>,
    /// How reliable the entity is as a source, by the latest assessment.
    pub(crate) reliability: Option<String>,
}

/// The clearance of an entity as it stood; `None` when it was not there yet.
///
/// # Errors
/// As the database says, or when an item does not decode.
pub(crate) fn clearance(
    storage: &dyn Storage,
    id: EntityId,
    before: ItemNo,
    changes: bool,
) -> Result<Option<Clearance>, Error> {
    let Some(row) = storage.entity(id)?.filter(|row| row.created < before) else { return Ok(None) };
    if !changes {
        return Ok(Some(row.clearance));
    }
    Ok(Some(account(row, storage.items_about(id, before)?)?.seen.clearance))
}

/// Reads the items about an entity, whoever may see them.
///
/// # Errors
/// When an item does not decode.
pub(crate) fn account(row: EntityRow, items: Vec<ItemRow>) -> Result<Account, Error> {
    let mut account = Account {
        seen: Seen { id: row.id, schema: row.schema, clearance: row.clearance, key: row.key },
        told: Vec::new(),
        reliability: None,
    };
    for row in items {
        let Some(body) = &row.body else {
            account.told.push(Told::gone(row.no));
            continue;
        };
        match Item::decode(body)? {
            Item::Claim(claim) => account.told.push(Told::new(row.no, claim)),
            Item::Classify(classify) if matches!(classify.target, Target::Entity(_)) => {
                account.seen.clearance = classify.clearance
            }
            Item::Assess(Assess { target: Target::Entity(_), reliability: Some(grade), .. }) => {
                account.reliability = Some(grade)
            }
            item => {
                if let Some(on) = row.on_item
                    && let Ok(at) = account.told.binary_search_by_key(&on, |told| told.no)
                {
                    account.told[at].take(row.no, item);
                }
            }
        }
    }
    Ok(account)
}

impl Told {
    fn new(no: ItemNo, claim: Claim) -> Self {
        Told {
            no,
            value: claim.typed().ok(),
            clearance: claim.clearance.clone(),
            claim: Some(claim),
            verification: Verification::Unverified,
            credibility: None,
            preferred: None,
            retracted: None,
            erased: None,
            assessed: None,
        }
    }

    fn gone(no: ItemNo) -> Self {
        Told {
            no,
            claim: None,
            value: None,
            // Who might have seen it is gone with it: that something was destroyed is for those inside only.
            clearance: Clearance::internal(),
            verification: Verification::Unverified,
            credibility: None,
            preferred: None,
            retracted: None,
            erased: Some((no, "its words were destroyed".into())),
            assessed: None,
        }
    }

    fn take(&mut self, no: ItemNo, item: Item) {
        match item {
            Item::Retract(retract) => self.retracted = Some((no, retract.reason)),
            Item::Prefer(prefer) => self.preferred = Some((no, prefer.reason)),
            Item::Erase(erase) => self.erased = Some((no, erase.reason)),
            Item::Classify(classify) => self.clearance = classify.clearance,
            Item::Assess(assess) => {
                if let Some(verification) = assess.verification.and_then(|step| step.parse().ok()) {
                    self.verification = verification;
                    self.assessed = Some((no, assess.reason));
                }
                if assess.credibility.is_some() {
                    self.credibility = assess.credibility;
                }
            }
            _ => {}
        }
    }
}
