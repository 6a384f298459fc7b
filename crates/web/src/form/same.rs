//! A judgement on one pair, from the page that lays it out.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{Item, Judge, Verdict};
use schema::EntityId;

use crate::Site;
use crate::ask::Sent;
use crate::form::fault_of;
use crate::markup::Words;
use crate::page::same::on;
use crate::page::same_pair::show;
use crate::page::same_words::own_name;
use crate::problem::Problem;
use crate::room::{Room, answer, see};

pub async fn send(State(site): State<Arc<Site>>, Path((a, b)): Path<(String, String)>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let (a, b) = (room.entity(&a)?, room.entity(&b)?);
        let wrong = |text: &str, typed: &str| show(room, (a, b), Some(Words::of(text).linked("#f-reason")), typed);
        let verdict = match typed.get("do") {
            "same" => Verdict::Same,
            "different" => Verdict::Different,
            "unsure" => Verdict::Unsure,
            "undo" => Verdict::Withdrawn,
            _ => return wrong("Choose one: the same, different, or that it cannot be said.", typed.get("reason")),
        };
        let reason = match (typed.get("reason"), verdict) {
            ("", Verdict::Withdrawn) => "taken back by the one who reviews",
            (reason, _) => reason,
        };
        if reason.is_empty() {
            return wrong("Say what it rests on: whoever reads this later will ask.", "");
        }
        if verdict == Verdict::Same
            && let Some(words) = refusal(room, &[(a, b)])?
        {
            return show(room, (a, b), Some(words), reason);
        }
        if verdict == Verdict::Different
            && let Some((x, y)) = room.reader.joined_through(a, b)?.first()
        {
            let both = Words::joined(&[Words::of(&own_name(room, *x)?), Words::of(&own_name(room, *y)?)], " and ");
            let way = Words::of("Take that judgement back first").linked(&format!("/same/{x}/{y}"));
            let words =
                [Words::of("They are one through other judgements: "), both, Words::of(" were judged the same. "), way];
            let why = Words::of(", if it was wrong: else one record would be torn from what it was joined with.");
            return show(room, (a, b), Some(Words::joined(&[Words::joined(&words, ""), why], "")), reason);
        }
        let judge = Judge { a, b, verdict, reason: reason.into(), origin: None };
        match room.ledger().append(&room.author(), vec![Item::Judge(judge)]) {
            Err(error) => wrong(&fault_of(error.into())?.text, reason),
            Ok(receipt) => match verdict {
                Verdict::Withdrawn => Ok(see(&format!("/same/{a}/{b}?judged={}", receipt.position))),
                _ => on(room, &[], Some(receipt.position)),
            },
        }
    })
    .await
}

/// Why these cannot be judged the same: somebody told two of them apart, and which two. Only what this view has is told; what the
/// ledger refuses beyond that, it refuses for what the account may see and the view leaves out.
pub fn refusal(room: &Room<'_>, pairs: &[(EntityId, EntityId)]) -> Result<Option<Words>, Problem> {
    for (a, b) in pairs {
        if let Some((x, y)) = room.reader.kept_apart(*a, *b)? {
            let both = Words::joined(&[Words::of(&own_name(room, x)?), Words::of(&own_name(room, y)?)], " and ");
            let way = Words::of("Take that judgement back first").linked(&format!("/same/{x}/{y}"));
            let why = Words::of(": joining two people is the graver error.");
            return Ok(Some(Words::joined(&[both, Words::of(" were judged different. "), way, why], "")));
        }
    }
    Ok(None)
}
