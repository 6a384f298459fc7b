//! Coming in and going out; and the pages that are shown to whom nothing else may be shown.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::Site;
use crate::ask::Sent;
use crate::assets;
use crate::problem::Problem;

/// A page without a workspace: no name, no view, nothing of the ledger.
#[derive(Template)]
#[template(path = "bare.html")]
struct Bare {
    heading: String,
    what: String,
    hint: String,
    command: &'static str,
    style: &'static str,
}

fn bare(status: StatusCode, heading: &str, what: &str, hint: &str, command: &'static str) -> Response {
    let page = Bare { heading: heading.into(), what: what.into(), hint: hint.into(), command, style: assets::style() };
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => status.into_response(),
    }
}

const ANOTHER_LINK: &str =
    "Stop the program with Ctrl-C where it runs, and start it again: it prints a new link. A link works once.";
const COMMAND: &str = "rapporteur serve --workspace DIR";

/// To whoever is not signed in, whatever was asked for.
pub fn signed_out(json: bool) -> Response {
    if json {
        let text = "{\"error\":\"not signed in\",\"hint\":\"open the sign-in link that the program printed\"}\n";
        return (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], text)
            .into_response();
    }
    let what = "Open the sign-in link that the program printed when it started.";
    bare(StatusCode::UNAUTHORIZED, "Sign in", what, ANOTHER_LINK, COMMAND)
}

/// A problem that leaves no page to frame it.
pub fn refused(problem: &Problem) -> Response {
    let (heading, what, hint) = problem.told();
    bare(problem.status(), heading, &what, &hint, "")
}

#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    key: String,
}

/// `/enter?key=…`: spends the key, sets the cookie, goes to the library.
pub async fn enter(State(site): State<Arc<Site>>, Query(Key { key }): Query<Key>) -> Response {
    let name = site.cookie_name().to_owned();
    let entered = tokio::task::spawn_blocking(move || site.enter(&key)).await;
    match entered {
        Ok(Ok(Some(cookie))) => {
            let cookie = format!("{name}={cookie}; Path=/; HttpOnly; SameSite=Strict");
            (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, "/".to_owned())]).into_response()
        }
        Ok(Ok(None)) => bare(
            StatusCode::FORBIDDEN,
            "This link does not sign you in",
            "It was used before, or it is not whole: each sign-in link works once.",
            ANOTHER_LINK,
            COMMAND,
        ),
        Ok(Err(error)) => {
            tracing::error!(%error, "sign-in failed");
            refused(&Problem::Inside { what: error.to_string(), hint: String::new() })
        }
        Err(error) => {
            tracing::error!(%error, "sign-in failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Signs out: the session ends here and now.
pub async fn leave(State(site): State<Arc<Site>>, sent: Sent) -> Response {
    site.sessions().leave(&sent.ask.cookie);
    site.brought.leave(&sent.ask.cookie);
    bare(StatusCode::OK, "You are signed out", "This browser no longer sees the workspace.", ANOTHER_LINK, COMMAND)
}
