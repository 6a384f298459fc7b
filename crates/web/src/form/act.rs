//! Acts upon a claim: retract it, prefer it, assess it. None of them changes it; each is an entry of its own, with its reason.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{Assess, ClaimView, Item, Prefer, Retract, Target};

use crate::Site;
use crate::account::account;
use crate::ask::{Ask, Pairs, Sent};
use crate::form::fields::{Filled, Section, ladder, terms};
use crate::form::{Sheet, fault_of, recorded};
use crate::markup::Words;
use crate::problem::Problem;
use crate::room::{Room, answer};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Retract,
    Prefer,
    Assess,
}

pub async fn retract(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    show(site, id, ask, Act::Retract).await
}

pub async fn prefer(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    show(site, id, ask, Act::Prefer).await
}

pub async fn assess(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    show(site, id, ask, Act::Assess).await
}

pub async fn send_retract(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    take(site, id, sent, Act::Retract).await
}

pub async fn send_prefer(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    take(site, id, sent, Act::Prefer).await
}

pub async fn send_assess(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    take(site, id, sent, Act::Assess).await
}

async fn show(site: Arc<Site>, id: String, ask: Ask, act: Act) -> Response {
    answer(site, ask, move |room| {
        room.writing()?;
        let claim = claim(room, &id)?;
        sheet(room, &claim, act, Filled::new(&Pairs::default()))?.page()
    })
    .await
}

async fn take(site: Arc<Site>, id: String, sent: Sent, act: Act) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let claim = claim(room, &id)?;
        let mut filled = Filled::new(&typed);
        let item = item(&claim, act, &mut filled);
        if filled.faults.is_empty() {
            match room.ledger().append(&room.author(), vec![item]) {
                Ok(receipt) => return Ok(recorded(room, claim.entity, &receipt, &typed)),
                Err(error) => filled.faults.push(fault_of(error.into())?),
            }
        }
        sheet(room, &claim, act, filled)?.page()
    })
    .await
}

fn claim(room: &Room<'_>, id: &str) -> Result<ClaimView, Problem> {
    room.reader.claim(room.claim_id(id)?)?.ok_or(Problem::NotFound)
}

fn item(claim: &ClaimView, act: Act, filled: &mut Filled<'_>) -> Item {
    let reason = filled.typed.get("reason").to_owned();
    if reason.is_empty() {
        filled.wrong("reason", "Why", "Say why: whoever reads this later will ask.");
    }
    let some = |name: &str| filled.typed.some(name).map(str::to_owned);
    match act {
        Act::Retract => Item::Retract(Retract { claim: claim.id, reason, origin: None }),
        Act::Prefer => Item::Prefer(Prefer { claim: claim.id, reason, origin: None }),
        Act::Assess => {
            let (verification, credibility) = (some("verification"), some("credibility"));
            let assess = Assess {
                target: Target::Claim(claim.id),
                standard: some("standard").filter(|_| verification.is_some()),
                reliability: None,
                reason,
                origin: None,
                verification,
                credibility,
            };
            if assess.verification.is_none() && assess.credibility.is_none() {
                filled.wrong("verification", "Verification", "Choose how far it is verified, or how credible it is.");
            }
            Item::Assess(assess)
        }
    }
}

fn sheet(room: &Room<'_>, claim: &ClaimView, act: Act, filled: Filled<'_>) -> Result<Sheet, Problem> {
    let (title, lede, submit) = match act {
        Act::Retract => (
            "Retract a claim",
            "It no longer counts, and stays readable in the history with your reason. To correct a value, also add the right claim.",
            "Retract it",
        ),
        Act::Prefer => (
            "Prefer a claim",
            "Among the accounts of this property it is shown first; the others stay beside it. Without this, verification, \
             reliability and the number of independent sources decide.",
            "Prefer it",
        ),
        Act::Assess => (
            "Assess a claim",
            "How far can it be relied on? Verification says what was checked; credibility, how the information fits what is known.",
            "Record the assessment",
        ),
    };
    let mut sheet = Sheet::new(room, title, Words::of(title), filled.typed)?;
    sheet.lede = lede.into();
    sheet.claim = Some(account(room, claim, "", None)?);
    sheet.kind = room.link(claim.entity)?;
    let mut fields = Vec::new();
    if act == Act::Assess {
        let mut standards = vec![(String::new(), "(not said)".to_owned())];
        standards.extend(room.registry().standards().iter().map(|s| (s.name.clone(), s.label.get("en").to_owned())));
        fields.push(filled.select("verification", "Verification", "", ladder()));
        fields.push(filled.select("standard", "To the standard", "", standards));
        fields.push(filled.select(
            "credibility",
            "Credibility of the information",
            "",
            terms(room.registry(), "information-credibility", "(no change)"),
        ));
    }
    fields.push(filled.area("reason", "Why", "What it rests on, in a sentence.", false, 3).required());
    sheet.sections = vec![Section { legend: "Your judgement", fields, ..Section::default() }];
    sheet.submit = submit;
    sheet.cancel = format!("/claim/{}", claim.id);
    sheet.faults = filled.faults;
    Ok(sheet)
}
