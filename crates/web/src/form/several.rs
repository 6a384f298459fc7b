//! A judgement on a group of records: on all of them at once, on one that is another, on each link; and taking an entry of judgements back.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{Item, Judge, Verdict};
use schema::EntityId;

use crate::Site;
use crate::ask::Sent;
use crate::form::same::refusal;
use crate::markup::Words;
use crate::page::same::on;
use crate::page::same_several::show;
use crate::page::same_words::judged_in;
use crate::problem::Problem;
use crate::room::{Room, answer, see};

/// Records that one form judges.
const MOST: usize = 9;

pub async fn send(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let id = room.entity(&id)?;
        // Who was on the page that was answered: the group may have changed since.
        let members: Vec<EntityId> =
            typed.get("members").split_whitespace().take(MOST).map(|id| room.entity(id)).collect::<Result<_, _>>()?;
        let reason = typed.get("reason");
        let wrong = |text: &str, typed: &str| show(room, id, Some(Words::of(text).linked("#f-reason")), typed);
        let Some((verdict, pairs, about)) = meant(room, &members, typed.get("do"))? else {
            return wrong("Choose one: all the same, one that is another, or a judgement on one link.", reason);
        };
        if reason.is_empty() {
            return wrong("Say what it rests on: whoever reads this later will ask.", "");
        }
        if verdict == Verdict::Same
            && let Some(words) = refusal(room, &pairs)?
        {
            return show(room, id, Some(words), reason);
        }
        let judge = |(a, b): &(EntityId, EntityId)| {
            Item::Judge(Judge { a: *a, b: *b, verdict, reason: reason.into(), origin: None })
        };
        match room.ledger().append(&room.author(), pairs.iter().map(judge).collect()) {
            Err(error) => wrong(&crate::form::fault_of(error.into())?.text, reason),
            Ok(receipt) => on(room, &about, Some(receipt.position)),
        }
    })
    .await
}

/// A verdict, the pairs that it is given on, and whom the next question is to be about, where this one does not settle the group.
type Meant = (Verdict, Vec<(EntityId, EntityId)>, Vec<EntityId>);

/// What a button means for these records; `None`: it is none of the form's.
fn meant(room: &Room<'_>, members: &[EntityId], button: &str) -> Result<Option<Meant>, Problem> {
    if members.len() < 2 {
        return Ok(None);
    }
    let shown = |id: EntityId| room.reader.shown_as(id);
    let joining = || room.site.matchers.with(room, |questions| Ok(questions.joining(&room.reader, members)));
    let member =
        |text: &str| text.parse::<usize>().ok().and_then(|number| members.get(number.checked_sub(1)?)).copied();
    let mut parts = button.split('-');
    let (word, a, b) = (parts.next().unwrap_or_default(), parts.next().and_then(member), parts.next().and_then(member));
    let verdict = match word {
        "same" => Verdict::Same,
        "different" | "another" => Verdict::Different,
        "unsure" => Verdict::Unsure,
        _ => return Ok(None),
    };
    let pairs = match (word, a, b) {
        ("another", Some(a), None) => {
            // One word on each person that it is not, however many records make that person.
            let mut met = BTreeSet::from([shown(a)]);
            members.iter().filter(|id| met.insert(shown(**id))).map(|id| (a, *id)).collect()
        }
        ("another", ..) => return Ok(None),
        (_, Some(a), Some(b)) => vec![(a, b)],
        ("different", None, None) => {
            let mut met = BTreeSet::new();
            let each: Vec<EntityId> = members.iter().filter(|id| met.insert(shown(**id))).copied().collect();
            each.iter().enumerate().flat_map(|(at, a)| each.iter().skip(at + 1).map(|b| (*a, *b))).collect()
        }
        (_, None, None) => joining()?,
        _ => return Ok(None),
    };
    let about = match (word, a) {
        (_, None) => Vec::new(),
        ("another", Some(a)) => members.iter().filter(|id| **id != a).copied().collect(),
        _ => members.to_vec(),
    };
    Ok((!pairs.is_empty()).then_some((verdict, pairs, about)))
}

/// Takes back every judgement of an entry that still stands.
pub async fn undo(State(site): State<Arc<Site>>, Path(entry): Path<String>, sent: Sent) -> Response {
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let judged = judged_in(room, entry.parse().map_err(|_| Problem::NotFound)?)?;
        let later = room.reader.judgements_since(entry.parse().unwrap_or_default())?;
        let pair = |judge: &Judge| (judge.a.min(judge.b), judge.a.max(judge.b));
        let stands = |judge: &&Judge| !later.iter().any(|(other, _)| pair(other) == pair(judge));
        let back = judged.iter().filter(stands).filter(|judge| judge.verdict != Verdict::Withdrawn).map(|judge| {
            let reason = "taken back by the one who reviews".into();
            Item::Judge(Judge { a: judge.a, b: judge.b, verdict: Verdict::Withdrawn, reason, origin: None })
        });
        let back: Vec<Item> = back.collect();
        let Some(first) = judged.first().filter(|_| !back.is_empty()) else {
            return Err(Problem::wrong(
                "There is nothing to take back here.",
                "It was taken back already, or judged anew since.",
            ));
        };
        let position = room.ledger().append(&room.author(), back)?.position;
        Ok(see(&match judged.len() {
            1 => format!("/same/{}/{}?judged={position}", first.a, first.b),
            _ => format!("/same/several/{}?judged={position}", first.a),
        }))
    })
    .await
}
