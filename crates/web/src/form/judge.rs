//! Same or different? A person's judgement on two entities; a later one takes its place.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{Item, Judge, Verdict};
use schema::EntityId;

use crate::Site;
use crate::ask::{Ask, Sent};
use crate::form::fields::{Filled, Section};
use crate::form::source::{Found, found};
use crate::form::{Sheet, fault_of, recorded};
use crate::markup::Words;
use crate::page::library::offered;
use crate::problem::Problem;
use crate::room::{Room, answer};

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        room.writing()?;
        let id = room.entity(&id)?;
        let typed = room.ask.query.clone();
        sheet(room, id, Filled::new(&typed))?.page()
    })
    .await
}

pub async fn send(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let id = room.entity(&id)?;
        let mut filled = Filled::new(&typed);
        if let Some(item) = item(room, id, &mut filled)? {
            match room.ledger().append(&room.author(), vec![item]) {
                Ok(receipt) => return Ok(recorded(room, id, &receipt, &typed)),
                Err(error) => filled.faults.push(fault_of(error.into())?),
            }
        }
        sheet(room, id, filled)?.page()
    })
    .await
}

fn item(room: &Room<'_>, id: EntityId, filled: &mut Filled<'_>) -> Result<Option<Item>, Problem> {
    let other = match filled.typed.some("other") {
        None => {
            filled.wrong("other", "The other", "Name the other, or write the address of its page.");
            None
        }
        Some(text) => match found(room, text, &schema_of(room, id)?)? {
            Found::One(other) => Some(other),
            Found::Several(text) | Found::None(text) => {
                filled.wrong("other", "The other", text);
                None
            }
        },
    };
    let verdict = match filled.typed.get("verdict") {
        "same" => Some(Verdict::Same),
        "different" => Some(Verdict::Different),
        "unsure" => Some(Verdict::Unsure),
        "withdrawn" => Some(Verdict::Withdrawn),
        _ => {
            filled.wrong("verdict", "Judgement", "Choose one.");
            None
        }
    };
    let reason = filled.typed.get("reason").to_owned();
    if reason.is_empty() {
        filled.wrong("reason", "Why", "Say why: whoever reads this later will ask.");
    }
    Ok(match (other, verdict, filled.faults.is_empty()) {
        (Some(other), Some(verdict), true) => {
            Some(Item::Judge(Judge { a: id, b: other, verdict, reason, origin: None }))
        }
        _ => None,
    })
}

fn schema_of(room: &Room<'_>, id: EntityId) -> Result<String, Problem> {
    room.reader.schema_of(id)?.ok_or(Problem::NotFound)
}

fn sheet(room: &Room<'_>, id: EntityId, filled: Filled<'_>) -> Result<Sheet, Problem> {
    let mut sheet = Sheet::new(room, "Same or different?", Words::of("Same or different?"), filled.typed)?;
    sheet.kind = room.link(id)?;
    sheet.lede = "Two entries of the library may be one, or may only look like it. Judged the same, they are shown as one; nothing is \
                  merged for good, and a later judgement takes the place of this one."
        .into();
    let label = room.reader.label(id)?;
    let others = offered(room, &[schema_of(room, id)?], 250)?.into_iter().map(|(_, other)| other);
    let others = others.filter(|other| *other != label).collect();
    let verdicts = [
        ("", "(choose)"),
        ("same", "They are the same"),
        ("different", "They are different"),
        ("unsure", "It cannot be said"),
        ("withdrawn", "Take an earlier judgement on the two back"),
    ];
    let verdicts = verdicts.map(|(value, label)| (value.to_owned(), label.to_owned())).to_vec();
    sheet.sections = vec![Section {
        legend: "Your judgement",
        fields: vec![
            filled.offering("other", "The other", "A name, or the address of a page.", others).required(),
            filled.select("verdict", "Judgement", "", verdicts).required(),
            filled.area("reason", "Why", "What it rests on, in a sentence.", false, 3).required(),
        ],
        ..Section::default()
    }];
    sheet.submit = "Record the judgement";
    sheet.cancel = format!("/entity/{id}");
    sheet.faults = filled.faults;
    Ok(sheet)
}
