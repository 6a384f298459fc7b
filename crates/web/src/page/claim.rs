//! One claim, whole: the value, the words, who said it, who recorded it, and what was done about it since.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ledger::ClaimState;

use crate::Site;
use crate::account::{Account, account};
use crate::ask::Ask;
use crate::json;
use crate::markup::Words;
use crate::page::entity::{Saved, saved, section};
use crate::problem::Problem;
use crate::room::{answer, data, html};
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "claim.html")]
struct Page {
    shell: Shell,
    about: Words,
    property: Words,
    a: Account,
    facts: Vec<(&'static str, Words)>,
    saved: Option<Saved>,
    may_retract: bool,
}

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let id = room.claim_id(&id)?;
        let claim = room.reader.claim(id)?.ok_or(Problem::NotFound)?;
        if room.ask.json {
            return Ok(data(&json::claim(&claim)));
        }
        let schema = room.reader.schema_of(claim.entity)?.ok_or(Problem::NotFound)?;
        let label = room.reader.label(claim.entity)?;
        let property = room.registry().property(&schema, &claim.property);
        let mut facts = vec![
            ("Recorded", Words::of(&format!("{} UTC, by {}", claim.recorded_at.minute(), claim.recorded_by))),
            ("Entry", Words::of(&claim.position.to_string()).linked(&format!("/ledger/{}", claim.position))),
            ("May be seen by", Words::of(&claim.clearance.to_string())),
        ];
        if let Some(value) = &claim.value {
            facts.push(("As written", Words::of(&value.canonical())));
        }
        if let Some(credibility) = &claim.credibility {
            facts.push(("Credibility", Words::of(credibility)));
        }
        if let Some((start, end)) = claim.locator.as_ref().and_then(|locator| locator.start.zip(locator.end)) {
            facts.push(("Place in the text", Words::of(&format!("characters {start} to {end}"))));
        }
        if let Some(page) = claim.locator.as_ref().and_then(|locator| locator.page) {
            facts.push(("Page", Words::of(&page.to_string())));
        }
        html(&Page {
            shell: room.shell(format!("Claim about {label}"), section(room, &schema))?,
            about: room.link(claim.entity)?,
            property: Words::of(property.map_or(claim.property.as_str(), |property| property.label.get("en"))),
            a: account(room, &claim, "", None)?,
            facts,
            saved: saved(room, claim.entity)?,
            may_retract: !matches!(claim.state, ClaimState::Retracted { .. } | ClaimState::Erased { .. }),
        })
    })
    .await
}
