//! The view: as of when, how much of it, under which standard of proof.

use std::str::FromStr;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ledger::{AsOf, Level, Timestamp};

use crate::Site;
use crate::ask::{Ask, Sent, local};
use crate::problem::Problem;
use crate::room::{Room, answer, html, see};
use crate::session::Choice;
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "view.html")]
struct Page {
    shell: Shell,
    standards: Vec<(String, String)>,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let mut shell = room.shell("View", Nav::Elsewhere)?;
        shell.bar.back = "/".into();
        shell.bar.open = true;
        let standards = room.registry().standards().iter();
        let standards = standards.map(|s| (s.label.get("en").to_owned(), s.description.clone())).collect();
        html(&Page { shell, standards })
    })
    .await
}

pub async fn choose(State(site): State<Arc<Site>>, sent: Sent) -> Response {
    let Sent { ask, typed } = sent;
    answer(site, ask, move |room| {
        let choice = Choice {
            as_of: if typed.has("now") { AsOf::Now } else { as_of(room, typed.get("as-of"))? },
            level: typed.some("level").map(Level::from_str).transpose()?,
            standard: standard(room, typed.get("standard"))?,
        };
        room.site.sessions().choose(&room.ask.cookie, choice);
        Ok(see(local(typed.get("back"))))
    })
    .await
}

/// An entry's number, a date, or nothing for now.
fn as_of(room: &Room<'_>, text: &str) -> Result<AsOf, Problem> {
    if text.is_empty() || text.eq_ignore_ascii_case("now") {
        return Ok(AsOf::Now);
    }
    if let Ok(position) = text.replace([',', ' '], "").parse::<u64>() {
        let newest = room.ledger().position()?;
        if position == 0 || position > newest {
            return Err(Problem::wrong(
                format!("There is no entry {position}."),
                format!(
                    "The ledger has entries 1 to {newest}. Write one of them, a date like 2020-11-16, or nothing for now."
                ),
            ));
        }
        return Ok(AsOf::Position(position));
    }
    Ok(AsOf::Time(text.parse::<Timestamp>()?))
}

fn standard(room: &Room<'_>, name: &str) -> Result<String, Problem> {
    room.registry().standard(name).map(|standard| standard.name.clone()).ok_or_else(|| {
        Problem::wrong("That standard of proof is not known.", "Choose one of those that the form offers.")
    })
}
