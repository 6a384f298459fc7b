//! Decisions: each is one transaction, checked against what others decided in the meantime.

use std::collections::BTreeSet;
use std::sync::Arc;

use ledger::{Author, ClaimId, ClaimState, Decide, Decision, Digest, Item as Entry, Reader, Receipt, Retract, View};
use schema::EntityId;
use workspace::Workspace;

use crate::build::entries;
use crate::desk::Reading;
use crate::draft::draft;
use crate::key::Key;
use crate::plan::Typed;
use crate::sheet::{Item, Sheet, State};
use crate::{Error, Ties};

/// Why an undone decision's claims no longer stand.
const TAKEN_BACK: &str = "the decision on the proposal was taken back";

/// Somebody with a document in hand: what decisions are made through.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    pub workspace: &'a Workspace,
    pub author: &'a Author,
    /// What that person sees: nobody decides on what they may not see.
    pub view: &'a View,
    pub source: EntityId,
    pub reading: &'a Arc<Reading>,
}

impl Hand<'_> {
    /// Accepts a proposal: its claims and the decision, or nothing.
    ///
    /// `typed` gives what stands in the plan's form fields; a field that it does not give stands as it is proposed. With `None`,
    /// or when `drafted` is the digest of what `typed` gives (nothing was edited), the proposal is accepted as it is proposed now:
    /// who was tied to its names a moment ago is whom they mean. Where the words were given another reading, the decision is
    /// [`Decision::Changed`].
    ///
    /// # Errors
    /// [`Error::Faults`] at fields that cannot be recorded; [`Error::Decided`] when somebody decided before; [`Error::Gone`]; and
    /// as the ledger says. Then nothing was recorded.
    pub fn accept(&self, key: &str, typed: Option<Typed<'_>>, drafted: Option<&str>) -> Result<Receipt, Error> {
        let Hand { workspace, source, reading, .. } = *self;
        workspace.ledger.append_all_with(self.author, |transaction| {
            let (item, items, decision) = {
                let reader = transaction.read(self.view)?;
                let (sheet, ties, item) = open(&reader, source, reading, key)?;
                let proposed = draft(&reader, &sheet, &ties, &item, None)?;
                let plan = match typed {
                    Some(typed) => {
                        let filled = draft(&reader, &sheet, &ties, &item, Some(typed))?;
                        let untouched = drafted.is_some_and(|drafted| drafted == filled.digest().to_string());
                        if untouched { proposed.clone() } else { filled }
                    }
                    None => proposed.clone(),
                };
                let at = item.proposal.at();
                let locator = workspace.span(&reading.text, reading.object, at.start as u64, at.end as u64)?;
                let items = entries(&reader, &plan, &item.proposal, source, locator)?;
                let decision = if plan.differs(&proposed) { Decision::Changed } else { Decision::Accepted };
                (item, items, decision)
            };
            let are_claims: Vec<bool> = items.iter().map(|item| matches!(item, Entry::Claim(_))).collect();
            let receipt = transaction.append(items)?;
            let claims = receipt.claims.iter().zip(are_claims).filter(|(_, is)| *is).map(|(id, _)| *id).collect();
            let decide = decide(source, reading, &item, decision, claims, None);
            let decided = transaction.append(vec![Entry::Decide(decide)])?;
            Ok(Receipt { position: decided.position, ..receipt })
        })
    }

    /// Rejects a proposal, with a reason or without. Nothing of it is in any claim.
    ///
    /// # Errors
    /// [`Error::Decided`], [`Error::Gone`], and as the ledger says.
    pub fn reject(&self, key: &str, reason: Option<&str>) -> Result<Receipt, Error> {
        let Hand { workspace, source, reading, .. } = *self;
        workspace.ledger.append_all_with(self.author, |transaction| {
            let item = {
                let reader = transaction.read(self.view)?;
                open(&reader, source, reading, key)?.2
            };
            let reason = reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
            let decide = decide(source, reading, &item, Decision::Rejected, Vec::new(), reason);
            Ok(transaction.append(vec![Entry::Decide(decide)])?)
        })
    }

    /// Takes back the account's last decision in this document; see [`undo`].
    ///
    /// # Errors
    /// As [`undo`].
    pub fn undo(&self) -> Result<Undone, Error> {
        undo(self.workspace, self.author, self.view, self.source)
    }
}

/// What was taken back.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The proposal that is open again.
    pub key: Key,
    /// What had been decided.
    pub was: State,
    pub receipt: Receipt,
}

/// Takes back the account's last decision in this document: its claims are retracted with that reason, and the proposal is open
/// again. The name and size of somebody whom others' claims rest on by now stay.
///
/// # Errors
/// [`Error::NothingToUndo`], and as the ledger says.
pub fn undo(workspace: &Workspace, author: &Author, view: &View, source: EntityId) -> Result<Undone, Error> {
    workspace.ledger.append_all_with(author, |transaction| {
        let (last, items) = {
            let reader = transaction.read(view)?;
            let me = reader.account_name(author.account);
            let holding = reader.decisions_in(source)?.into_values();
            let mine = holding.filter(|decided| decided.by == me && decided.decide.decision != Decision::Reopened);
            // Among the decisions of one moment none is later than another by itself; an entry holds one.
            let last = mine.max_by_key(|decided| decided.position).ok_or(Error::NothingToUndo)?;
            let claims: BTreeSet<ClaimId> = last.decide.claims.iter().copied().collect();
            let mut items = Vec::new();
            for claim in &claims {
                if stands(&reader, *claim)? && !is_leant_on(&reader, *claim, &claims)? {
                    items.push(Entry::Retract(Retract { claim: *claim, reason: TAKEN_BACK.into(), origin: None }));
                }
            }
            (last, items)
        };
        let was = match last.decide.decision {
            Decision::Accepted => State::Accepted,
            Decision::Changed => State::Changed,
            Decision::Rejected => State::Rejected,
            Decision::Reopened => State::Open,
        };
        let mut items: Vec<Entry> = items;
        items.push(Entry::Decide(Decide {
            decision: Decision::Reopened,
            claims: Vec::new(),
            reason: Some(TAKEN_BACK.into()),
            ..last.decide.clone()
        }));
        let receipt = transaction.append(items)?;
        Ok(Undone { key: Key(last.decide.proposal), was, receipt })
    })
}

/// The open proposal of this key; whoever decided it before is named.
fn open(
    reader: &Reader<'_>,
    source: EntityId,
    reading: &Arc<Reading>,
    key: &str,
) -> Result<(Sheet, Ties, Item), Error> {
    // Whoever may not see the source is told as little as of a proposal that is none.
    if reader.schema_of(source)?.is_none() {
        return Err(Error::Gone);
    }
    let sheet = Sheet::lay(reader, source, Arc::clone(reading))?;
    let item = sheet.item(key).cloned().ok_or(Error::Gone)?;
    let what = match item.state {
        State::Open => {
            let ties = sheet.ties(reader)?;
            return Ok((sheet, ties, item));
        }
        State::Accepted => "accepted",
        State::Changed => "accepted, with changes,",
        State::Rejected => "rejected",
    };
    Err(Error::Decided { by: item.by, at: item.at.map(|at| at.minute()).unwrap_or_default(), what })
}

fn decide(
    source: EntityId,
    reading: &Reading,
    item: &Item,
    decision: Decision,
    claims: Vec<ClaimId>,
    reason: Option<String>,
) -> Decide {
    let at = item.proposal.at();
    let proposal: Digest = item.decided_as.unwrap_or(item.key).0;
    Decide {
        source,
        text_of: reading.object,
        proposal,
        proposer: reading.proposer.clone(),
        decision,
        claims,
        reason,
        start: at.start as u64,
        end: at.end as u64,
    }
}

fn stands(reader: &Reader<'_>, claim: ClaimId) -> Result<bool, Error> {
    Ok(reader
        .claim(claim)?
        .is_some_and(|claim| matches!(claim.state, ClaimState::Stands | ClaimState::OutsideStandard)))
}

/// Whether it names an entity that others' claims point at or speak of.
fn is_leant_on(reader: &Reader<'_>, claim: ClaimId, own: &BTreeSet<ClaimId>) -> Result<bool, Error> {
    let Some(claim) = reader.claim(claim)? else { return Ok(false) };
    if !matches!(claim.property.as_str(), "name" | "size" | "title" | "defendant") {
        return Ok(false);
    }
    // Others who say the same thing of it: then it is known without this claim too, and may lose it.
    let others = |about: &ledger::ClaimView| about.state == ClaimState::Stands && !own.contains(&about.id);
    let about = reader.claims_about(claim.entity)?;
    if about.iter().any(|other| others(other) && other.property == claim.property) {
        return Ok(false);
    }
    if about.iter().any(others) {
        return Ok(true);
    }
    for related in reader.related(claim.entity)? {
        let pointing = reader.claims_about(related.id)?;
        let points = |other: &ledger::ClaimView| {
            others(other)
                && matches!(other.value, Some(schema::Value::Entity(id)) if reader.shown_as(id) == reader.shown_as(claim.entity))
        };
        if pointing.iter().any(points) {
            return Ok(true);
        }
    }
    Ok(false)
}
