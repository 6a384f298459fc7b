//! A publication composed for the room's reader: what its page, its files and its release all start from.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use publishing::{Composed, Draft};
use sha2::{Digest, Sha256};

use crate::Site;
use crate::ask::Ask;
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer};

/// Composes a publication at the room's position, through the view of those whom it is meant for.
///
/// # Errors
/// `NotFound` if there is none of that name for this reader; what is wrong with the draft, with its line.
pub fn composed(room: &Room<'_>, name: &str) -> Result<(Draft, Composed), Problem> {
    let definition = room.reader.definition("publication", name)?.ok_or(Problem::NotFound)?;
    let mut draft = Draft::parse(&definition.text).map_err(told)?;
    draft.recorded = Some(definition.position);
    if !room.reader.cleared().may_see(&draft.clearance) {
        return Err(Problem::NotFound);
    }
    let letter = publishing::compose_from(room.ledger(), &draft, room.ask.session.choice.as_of).map_err(told)?;
    Ok((draft, letter))
}

pub fn told(error: publishing::Error) -> Problem {
    match error {
        publishing::Error::Ledger(error) => error.into(),
        publishing::Error::Draft { .. } | publishing::Error::Clearance { .. } | publishing::Error::Standard { .. } => {
            Problem::wrong(capitalised(&error.to_string()), "Correct the draft in its case file and import it again.")
        }
        error => Problem::Inside { what: capitalised(&error.to_string()), hint: String::new() },
    }
}

/// The letter as one page of its own, to keep or to send.
pub async fn standalone(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let page = publishing::html(&composed(room, &name)?.1);
        // Its style is in the page: the policy allows exactly that style, by its hash, and nothing else.
        let style =
            page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).map_or("", |(style, _)| style);
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        );
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::CONTENT_DISPOSITION, disposition("inline", &name, "html")),
        ];
        Ok((headers, page).into_response())
    })
    .await
}

pub async fn pdf(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let bytes = publishing::pdf(&composed(room, &name)?.1).map_err(told)?;
        let headers = [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (header::CONTENT_DISPOSITION, disposition("inline", &name, "pdf")),
        ];
        Ok((headers, bytes).into_response())
    })
    .await
}

/// A file name out of a publication's name: nothing in it can end the header or leave the folder.
fn disposition(how: &str, name: &str, ending: &str) -> String {
    format!("{how}; filename=\"{}.{ending}\"", file_name(name))
}

#[must_use]
pub fn file_name(name: &str) -> String {
    let safe: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(80).collect();
    if safe.is_empty() { "publication".into() } else { safe }
}
