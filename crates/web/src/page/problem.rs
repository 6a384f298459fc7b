//! What was asked gets no page: what happened, and what to do next.

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::page::enter;
use crate::problem::Problem;
use crate::room::Room;
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    shell: Shell,
    heading: &'static str,
    what: String,
    hint: String,
}

pub fn page(room: &Room<'_>, problem: &Problem) -> Response {
    let (heading, what, hint) = problem.told();
    if room.ask.json {
        let text = format!("{:#}\n", json!({"error": what, "hint": hint}));
        return (problem.status(), [(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response();
    }
    let shell = room.shell(heading, Nav::Elsewhere);
    match shell.and_then(|shell| Ok(Page { shell, heading, what, hint }.render()?)) {
        Ok(text) => (problem.status(), Html(text)).into_response(),
        Err(_) => enter::refused(problem),
    }
}
