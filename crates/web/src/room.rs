//! Where a request is answered: on a thread that may wait for the disk, with a reader made from the session's view.

use std::str::FromStr;
use std::sync::Arc;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use ledger::{Author, ClaimId, Ledger, Reader};
use schema::{EntityId, Registry};

use crate::Site;
use crate::ask::Ask;
use crate::guard::POLICY_WITH_SCRIPT;
use crate::markup::Words;
use crate::page::{enter, problem};
use crate::problem::Problem;
use crate::shell::{Nav, Shell};

/// One request, its session's reader, and what pages need from both.
pub struct Room<'a> {
    pub site: &'a Site,
    pub ask: &'a Ask,
    pub reader: Reader<'a>,
}

/// Runs `work` in a room of its own.
pub async fn answer<W>(site: Arc<Site>, ask: Ask, work: W) -> Response
where
    W: FnOnce(&Room<'_>) -> Result<Response, Problem> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(move || match site.workspace.ledger.read(&ask.session.view()) {
        Ok(reader) => {
            let room = Room { site: &site, ask: &ask, reader };
            work(&room).unwrap_or_else(|error| problem::page(&room, &error))
        }
        Err(error) => enter::refused(&error.into()),
    });
    done.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request could not be answered");
        enter::refused(&Problem::Inside {
            what: "The program failed while it made this page. Nothing was recorded by it.".into(),
            hint: "Try again; if it happens again, what the program printed says where.".into(),
        })
    })
}

impl Room<'_> {
    pub fn ledger(&self) -> &Ledger {
        &self.site.workspace.ledger
    }

    pub fn registry(&self) -> &Registry {
        self.reader.registry()
    }

    pub fn author(&self) -> Author {
        Author::new(self.ask.session.account)
    }

    /// The frame of a page of this title.
    pub fn shell(&self, title: impl Into<String>, here: Nav) -> Result<Shell, Problem> {
        Shell::new(self, title.into(), here)
    }

    /// The entity of this address, in this view.
    ///
    /// # Errors
    /// `NotFound`, whether the text is no id, nothing has it, or the reader may not see it.
    pub fn entity(&self, text: &str) -> Result<EntityId, Problem> {
        let id = EntityId::from_str(bare(text)).map_err(|_| Problem::NotFound)?;
        self.reader.schema_of(id)?.map(|_| id).ok_or(Problem::NotFound)
    }

    /// The address of a claim; whether there is one is for the reader to say.
    pub fn claim_id(&self, text: &str) -> Result<ClaimId, Problem> {
        ClaimId::from_str(bare(text)).map_err(|_| Problem::NotFound)
    }

    /// A schema's label for people.
    pub fn schema_label(&self, schema: &str) -> String {
        self.registry().schema(schema).map_or_else(|| schema.to_owned(), |schema| schema.label.get("en").to_owned())
    }

    /// A schema's label for many.
    pub fn schema_plural(&self, schema: &str) -> String {
        self.registry().schema(schema).map_or_else(|| schema.to_owned(), |schema| schema.plural.get("en").to_owned())
    }

    /// An entity's label as a link to its page; without a link when it is not in this view.
    pub fn link(&self, id: EntityId) -> Result<Words, Problem> {
        Ok(match self.reader.label_opt(id)? {
            Some(label) => Words::of(&label).linked(&format!("/entity/{id}")),
            None => Words::of("(not in this view)"),
        })
    }

    /// Nothing can be said in the past: forms are refused while the view is set there.
    pub fn writing(&self) -> Result<(), Problem> {
        if self.ask.session.looks_at_the_past() {
            return Err(Problem::wrong(
                "You are looking at an earlier state of the ledger, and nothing can be added there.",
                "Change the view to “now” (leave “as of” empty), then open the form again.",
            ));
        }
        Ok(())
    }
}

/// An address's last part without the ending that asks for data.
#[must_use]
pub fn bare(text: &str) -> &str {
    text.strip_suffix(".json").unwrap_or(text)
}

/// A page.
pub fn html(page: &impl Template) -> Result<Response, Problem> {
    Ok(Html(page.render()?).into_response())
}

/// A page on which our script may run. It is the same page without it.
pub fn html_with_script(page: &impl Template, status: StatusCode) -> Result<Response, Problem> {
    Ok((status, [(header::CONTENT_SECURITY_POLICY, POLICY_WITH_SCRIPT)], Html(page.render()?)).into_response())
}

/// A page that says something is wrong with a form.
pub fn html_wrong(page: &impl Template) -> Result<Response, Problem> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

/// On to another page, by GET.
#[must_use]
pub fn see(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())]).into_response()
}

/// Data.
#[must_use]
pub fn data(value: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], format!("{value:#}\n")).into_response()
}
