//! People, proceedings, documents: tables of one kind of thing.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ledger::Sort;
use schema::EntityId;

use crate::Site;
use crate::ask::Ask;
use crate::json;
use crate::markup::{Words, shortened, thousands};
use crate::page::library::of_schema;
use crate::problem::Problem;
use crate::room::{Room, answer, data, html};
use crate::shell::{Nav, Shell};

/// A table of everything of one schema.
struct Table {
    schema: &'static str,
    nav: Nav,
    path: &'static str,
    heading: &'static str,
    lede: &'static str,
    empty: &'static str,
    sort: Sort,
    /// (heading, the properties of which the first that is there is shown)
    columns: &'static [(&'static str, &'static [&'static str])],
    /// Where a row leads.
    to: &'static str,
}

const PEOPLE: Table = Table {
    schema: "Person",
    nav: Nav::People,
    path: "/people",
    heading: "People",
    lede: "Everybody who is named, with the name as the sources write it.",
    empty: "No person is named yet in this view. A person comes in with the first claim about them: add an incident, and its victim.",
    sort: Sort::Label,
    columns: &[("Known as", &["occupation", "position", "title"]), ("With", &["affiliation"])],
    to: "/entity/",
};

const PROCEEDINGS: Table = Table {
    schema: "Proceeding",
    nav: Nav::Proceedings,
    path: "/proceedings",
    heading: "Proceedings",
    lede: "Cases before courts and authorities, each with its ladder of steps.",
    empty: "No proceeding is recorded yet in this view. It comes in with a claim: who stands before which court, for what.",
    sort: Sort::Date,
    columns: &[("Defendant", &["defendant"]), ("Court", &["court"]), ("Under", &["provision", "charge"])],
    to: "/entity/",
};

const DOCUMENTS: Table = Table {
    schema: "Document",
    nav: Nav::Documents,
    path: "/documents",
    heading: "Documents",
    lede: "The sources: each opens with its claims marked in its text.",
    empty: "There is no source yet in this view. Add the documents that you have: their words are read, and you decide what they say.",
    sort: Sort::Date,
    columns: &[("Published by", &["publisher", "author"]), ("Date", &["published"]), ("Kind", &["kind"])],
    to: "/source/",
};

#[derive(Template)]
#[template(path = "listing.html")]
struct Page {
    shell: Shell,
    heading: &'static str,
    lede: &'static str,
    empty: &'static str,
    path: &'static str,
    total: String,
    q: String,
    columns: Vec<&'static str>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

struct Row {
    href: String,
    title: Words,
    cells: Vec<(&'static str, Words)>,
    claims: usize,
    disputed: usize,
}

pub async fn people(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| table(room, &PEOPLE)).await
}

pub async fn proceedings(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| table(room, &PROCEEDINGS)).await
}

pub async fn documents(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| table(room, &DOCUMENTS)).await
}

fn table(room: &Room<'_>, table: &Table) -> Result<Response, Problem> {
    let query = &room.ask.query;
    let page = room.reader.list(&of_schema(table.schema, query, table.sort))?;
    if room.ask.json {
        return Ok(data(&json::cards(&page, room.reader.position())));
    }
    let rows = page.items.iter().map(|card| {
        let cells =
            table.columns.iter().map(|(heading, names)| Ok((*heading, cell(room, card.id, &card.schema, names)?)));
        Ok(Row {
            href: format!("{}{}", table.to, card.id),
            title: Words::of(&card.label),
            cells: cells.collect::<Result<_, Problem>>()?,
            claims: card.claims,
            disputed: card.disputed,
        })
    });
    html(&Page {
        shell: room.shell(table.heading, table.nav)?,
        heading: table.heading,
        lede: table.lede,
        empty: table.empty,
        path: table.path,
        total: thousands(page.total),
        q: query.get("q").to_owned(),
        columns: table.columns.iter().map(|(heading, _)| *heading).collect(),
        rows: rows.collect::<Result<_, Problem>>()?,
        next: page.next.as_deref().map(|next| format!("{}?{}", table.path, query.with(&[("after", next)]))),
        first: query.some("after").map(|_| format!("{}?{}", table.path, query.with(&[("after", "")]))),
    })
}

/// The values of the first of these properties that has any.
fn cell(room: &Room<'_>, id: EntityId, schema: &str, names: &[&str]) -> Result<Words, Problem> {
    for name in names {
        let Ok(property) = room.registry().property(schema, name) else { continue };
        let mut values = room.reader.values(id, name)?;
        if property.cardinality == schema::Cardinality::One {
            values = room.reader.value(id, name)?.into_iter().collect();
        }
        let shown: Vec<Words> = values
            .iter()
            .take(3)
            .map(|value| match value {
                schema::Value::Entity(id) => room.link(*id),
                value => Ok(Words::of(&shortened(&value.display(room.registry(), "en"), 80))),
            })
            .collect::<Result<_, _>>()?;
        if !shown.is_empty() {
            let listed = Words::joined(&shown, ", ");
            let more = values.len() - shown.len();
            return Ok(if more > 0 {
                Words::joined(&[listed, Words::of(&format!("{more} more"))], " and ")
            } else {
                listed
            });
        }
    }
    Ok(Words::default())
}
