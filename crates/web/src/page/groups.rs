//! Groups and names: who of those known by name may belong to a group that a source only counts.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::Site;
use crate::ask::{Ask, Pairs};
use crate::markup::Words;
use crate::page::same::comparing;
use crate::room::{answer, data, html};
use crate::shell::{Nav, Shell};

/// Candidates shown for one group.
const SHOWN: usize = 30;

#[derive(Template)]
#[template(path = "groups.html")]
struct Page {
    shell: Shell,
    bands: Vec<Shown>,
    past: bool,
}

struct Shown {
    label: Words,
    told: Words,
    size: String,
    named: usize,
    firm: Vec<Line>,
    possible: Vec<Line>,
    more: usize,
    alike: Vec<(Words, String)>,
}

/// Somebody who may belong to a group, and what to do about it.
struct Line {
    label: Words,
    why: String,
    href: String,
    act: &'static str,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let bands = room.site.matchers.soon(room, |questions| Ok(matching::bands(&room.reader, questions)?))?;
        let Some(bands) = bands else { return comparing(room) };
        if room.ask.json {
            let list: Vec<_> = bands
                .iter()
                .map(|band| {
                    let candidates: Vec<_> = band
                        .candidates
                        .iter()
                        .map(|one| json!({"id": one.person.to_string(), "name": one.label, "why": one.why, "firm": one.firm, "perhaps_a_member": one.perhaps.is_some()}))
                        .collect();
                    json!({"id": band.group.to_string(), "name": band.label, "named": band.named, "candidates": candidates})
                })
                .collect();
            return Ok(data(&json!({"position": room.reader.position(), "groups": list})));
        }
        let shown = bands.into_iter().map(|band| {
            let add = |person: schema::EntityId| {
                // By its address: there may be two of one name.
                let query = Pairs::default().with(&[("property", "member"), ("value", &format!("/entity/{person}"))]);
                format!("/entity/{}/add?{query}", band.group)
            };
            let line = |one: &matching::Candidate| {
                let label = Words::of(&one.label).linked(&format!("/entity/{}", one.person));
                match one.perhaps {
                    Some((a, b)) => Line {
                        label,
                        why: format!("{}; likely somebody who is known as a member already", one.why),
                        href: format!("/same/{a}/{b}"),
                        act: "Same or different?",
                    },
                    None => Line { label, why: one.why.clone(), href: add(one.person), act: "Claim as a member" },
                }
            };
            let (firm, possible): (Vec<_>, Vec<_>) = band.candidates.iter().partition(|one| one.firm);
            Shown {
                label: Words::of(&band.label).linked(&format!("/entity/{}", band.group)),
                told: Words::of(&band.told),
                size: match band.size {
                    Some((Some(least), Some(most))) if least == most => format!("{least} people"),
                    Some((Some(least), Some(most))) => format!("{least} to {most} people"),
                    Some((Some(least), None)) => format!("at least {least} people"),
                    Some((None, Some(most))) => format!("at most {most} people"),
                    _ => "size not said".into(),
                },
                named: band.named,
                firm: firm.iter().take(SHOWN).map(|one| line(one)).collect(),
                more: firm.len().saturating_sub(SHOWN) + possible.len().saturating_sub(SHOWN),
                possible: possible.iter().take(SHOWN).map(|one| line(one)).collect(),
                alike: band
                    .alike
                    .iter()
                    .map(|(id, label)| {
                        let query = Pairs::default().with(&[("other", &format!("/entity/{id}"))]);
                        (Words::of(label).linked(&format!("/entity/{id}")), format!("/entity/{}/judge?{query}", band.group))
                    })
                    .collect(),
            }
        });
        html(&Page {
            shell: room.shell("Groups and names", Nav::Same)?,
            bands: shown.collect(),
            past: room.ask.session.looks_at_the_past(),
        })
    })
    .await
}
