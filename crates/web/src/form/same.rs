//! A judgement on one pair, from the page that lays it out.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{Item, Judge, Verdict};

use crate::Site;
use crate::ask::Sent;
use crate::form::fault_of;
use crate::page::same;
use crate::room::{answer, see};

pub async fn send(State(site): State<Arc<Site>>, Path((a, b)): Path<(String, String)>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let (a, b) = (room.entity(&a)?, room.entity(&b)?);
        let verdict = match typed.get("do") {
            "same" => Verdict::Same,
            "different" => Verdict::Different,
            "unsure" => Verdict::Unsure,
            "undo" => Verdict::Withdrawn,
            _ => {
                return same::show(
                    room,
                    (a, b),
                    Some("Choose one: the same, different, or that it cannot be said.".into()),
                    typed.get("reason"),
                );
            }
        };
        let reason = match (typed.get("reason"), verdict) {
            ("", Verdict::Withdrawn) => "taken back by the one who reviews",
            (reason, _) => reason,
        };
        if reason.is_empty() {
            let fault = "Say what it rests on: whoever reads this later will ask.".into();
            return same::show(room, (a, b), Some(fault), "");
        }
        let judge = Judge { a, b, verdict, reason: reason.into(), origin: None };
        match room.ledger().append(&room.author(), vec![Item::Judge(judge)]) {
            Err(error) => same::show(room, (a, b), Some(fault_of(error.into())?.text), reason),
            Ok(receipt) => {
                // The next pair is looked for in the ledger as it is now, not as this request's reader saw it.
                let judged = receipt.position.to_string();
                Ok(see(&match verdict {
                    Verdict::Withdrawn => format!("/same/{a}/{b}?judged={judged}"),
                    _ => format!("/same?next=1&after={judged}"),
                }))
            }
        }
    })
    .await
}
