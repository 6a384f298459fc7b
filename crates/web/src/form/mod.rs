//! Forms: a page that also takes what was typed. What is wrong comes back at its field, with everything that was typed.

pub mod act;
pub mod bring;
pub mod claim;
pub mod columns;
pub mod fields;
pub mod incident;
pub mod judge;
pub mod mapped;
pub mod review;
pub mod same;
pub mod select;
pub mod several;
pub mod source;
pub mod unlist;
pub mod upload;
pub mod words;

use askama::Template;
use axum::response::Response;
use ledger::Receipt;
use schema::EntityId;

use crate::account::Account;
use crate::ask::Pairs;
use crate::form::fields::{Fault, Section};
use crate::markup::Words;
use crate::problem::{Problem, capitalised};
use crate::room::{Room, html, html_wrong, see};
use crate::shell::{Nav, Shell};

/// A form as a page: sections of fields, and what is wrong with them.
#[derive(Template)]
#[template(path = "form.html")]
pub struct Sheet {
    pub shell: Shell,
    pub kind: Words,
    pub heading: Words,
    pub lede: String,
    pub claim: Option<Account>,
    pub faults: Vec<Fault>,
    pub sections: Vec<Section>,
    /// The position that the form was opened at: what was said since is shown after it is saved.
    pub opened: u64,
    /// The form's own way to send: `post`, or `get` for a form that only chooses.
    pub method: &'static str,
    pub hidden: Vec<(String, String)>,
    pub submit: &'static str,
    pub cancel: String,
}

impl Sheet {
    pub fn new(room: &Room<'_>, title: &str, heading: Words, opened: &Pairs) -> Result<Self, Problem> {
        let mut shell = room.shell(title, Nav::Add)?;
        shell.bar.back = room.ask.address.clone();
        Ok(Sheet {
            shell,
            kind: Words::default(),
            heading,
            lede: String::new(),
            claim: None,
            faults: Vec::new(),
            sections: Vec::new(),
            opened: opened.number("opened").unwrap_or(room.reader.position()),
            method: "post",
            hidden: Vec::new(),
            submit: "Record",
            cancel: "/".into(),
        })
    }

    /// The page; one with faults says so in its status too.
    pub fn page(&self) -> Result<Response, Problem> {
        if self.faults.is_empty() { html(self) } else { html_wrong(self) }
    }
}

/// On to the entity's page, which says what was recorded and what others said since the form was opened.
pub fn recorded(room: &Room<'_>, id: EntityId, receipt: &Receipt, typed: &Pairs) -> Response {
    let opened = typed.number("opened").unwrap_or(room.reader.position());
    see(&format!("/entity/{id}?saved={}&since={opened}", receipt.position))
}

/// What the ledger or the workspace says is wrong, as a fault of the whole form; what failed inside stays a problem.
pub fn fault_of(problem: Problem) -> Result<Fault, Problem> {
    match problem {
        Problem::Wrong { what, hint } => {
            let hint = if hint.is_empty() { hint } else { format!(" {}", capitalised(&hint)) };
            Ok(Fault { name: String::new(), label: String::new(), text: format!("{what}{hint}") })
        }
        other => Err(other),
    }
}

impl From<workspace::Error> for Problem {
    fn from(error: workspace::Error) -> Self {
        let hint = error.hint().unwrap_or_default().to_owned();
        match error {
            workspace::Error::Ledger(error) => error.into(),
            workspace::Error::Wrong { what, hint } => Problem::Wrong { what: capitalised(&what), hint },
            error => Problem::Inside { what: capitalised(&error.to_string()), hint },
        }
    }
}
