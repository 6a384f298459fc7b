//! The library: everything there is, narrowed by what it is, by words and by date.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ledger::{Card, CardFilter, Facets, Sort};
use schema::{Date, Kind, Value, ValueError};

use crate::Site;
use crate::ask::{Ask, Pairs};
use crate::json;
use crate::markup::{Words, counted, shortened, thousands};
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, data, html};
use crate::shell::{Choice, Nav, Shell};

/// Cards on one page.
const PAGE: usize = 40;

#[derive(Template)]
#[template(path = "library.html")]
struct Page {
    shell: Shell,
    heading: String,
    found: String,
    facets: Vec<Facet>,
    items: Vec<Item>,
    table: bool,
    as_cards: String,
    as_table: String,
    sorts: Vec<Choice>,
    schema: String,
    q: String,
    from: String,
    to: String,
    wrong: Option<String>,
    narrowed: bool,
    next: Option<String>,
    first: Option<String>,
    data: String,
}

struct Facet {
    label: String,
    number: String,
    href: String,
    here: bool,
}

/// One thing in a list.
pub struct Item {
    pub href: String,
    pub title: Words,
    pub kind: String,
    pub summary: Words,
    pub date: Option<Words>,
    pub claims: String,
    pub number: usize,
    pub disputed: usize,
}

impl Item {
    pub fn of(room: &Room<'_>, card: &Card) -> Item {
        Item {
            href: format!("/entity/{}", card.id),
            title: Words::of(&card.label),
            kind: room.schema_label(&card.schema),
            summary: Words::of(&shortened(&card.summary, 220)),
            date: card.date.as_deref().map(Words::of),
            claims: counted(card.claims, "claim", "claims"),
            number: card.claims,
            disputed: card.disputed,
        }
    }
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let query = &room.ask.query;
        let (filter, wrong) = filter(query);
        let page = room.reader.list(&filter)?;
        if room.ask.json {
            return Ok(data(&json::cards(&page, room.reader.position())));
        }
        let facets = room.reader.facets(&filter)?;
        let schema = query.get("schema").to_owned();
        let heading = if schema.is_empty() { "Library".to_owned() } else { room.schema_plural(&schema) };
        let to = |changes: &[(&str, &str)]| format!("/?{}", query.with(changes));
        let narrowed = ["q", "schema", "from", "to"].iter().any(|name| query.some(name).is_some());
        html(&Page {
            shell: room.shell(heading.clone(), Nav::Library)?,
            heading,
            found: found(page.total),
            facets: facet_list(room, &facets, query, &schema),
            items: page.items.iter().map(|card| Item::of(room, card)).collect(),
            table: query.get("as") == "table",
            as_cards: to(&[("as", "")]),
            as_table: to(&[("as", "table")]),
            sorts: sorts(query.get("sort")),
            schema,
            q: query.get("q").to_owned(),
            from: query.get("from").to_owned(),
            to: query.get("to").to_owned(),
            wrong,
            narrowed,
            next: page.next.as_deref().map(|next| to(&[("after", next)])),
            first: query.some("after").map(|_| to(&[("after", "")])),
            data: format!("/library.json?{}", query.with(&[])),
        })
    })
    .await
}

fn found(total: u64) -> String {
    match total {
        0 => "Nothing found".into(),
        1 => "1 thing".into(),
        total => format!("{} things", thousands(total)),
    }
}

/// What the query asks for; and what of it cannot be understood.
fn filter(query: &Pairs) -> (CardFilter, Option<String>) {
    let (window, wrong) = match window(query) {
        Ok(window) => (window, None),
        Err(error) => (None, Some(format!("{} {}", capitalised(&error.problem), capitalised(&error.hint)))),
    };
    let filter = CardFilter {
        schemata: query.some("schema").map(str::to_owned).into_iter().collect(),
        text: query.get("q").to_owned(),
        window,
        sort: match query.get("sort") {
            "date" => Sort::Date,
            "recent" => Sort::Recent,
            _ => Sort::Label,
        },
        after: query.some("after").map(str::to_owned),
        limit: PAGE,
    };
    (filter, wrong)
}

/// From one date to another; either may be left open.
fn window(query: &Pairs) -> Result<Option<Date>, ValueError> {
    let day = |name: &str| query.some(name).map(|text| Value::parse(Kind::Date, text, None)).transpose();
    let (from, to) = (day("from")?, day("to")?);
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let end = |date: Option<Value>| date.map_or_else(|| "..".to_owned(), |date| date.canonical());
    let interval = format!("{}/{}", end(from), end(to));
    Ok(match Value::parse(Kind::Date, &interval, None)? {
        Value::Date(date) => Some(date),
        _ => None,
    })
}

fn sorts(chosen: &str) -> Vec<Choice> {
    [("", "Name"), ("date", "Date"), ("recent", "Recorded last")]
        .into_iter()
        .map(|(value, label)| Choice { value: value.into(), label: label.into(), chosen: value == chosen })
        .collect()
}

fn facet_list(room: &Room<'_>, facets: &Facets, query: &Pairs, chosen: &str) -> Vec<Facet> {
    let facet = |label: String, number: u64, schema: &str| Facet {
        label,
        number: thousands(number),
        href: format!("/?{}", query.with(&[("schema", schema), ("after", "")])),
        here: schema == chosen,
    };
    let mut all = vec![facet("Everything".into(), facets.total, "")];
    all.extend(facets.schemata.iter().map(|(schema, number)| facet(room.schema_plural(schema), *number, schema)));
    all
}

/// A list of one schema: what people, proceedings and documents share.
pub fn of_schema(schema: &str, query: &Pairs, sort: Sort) -> CardFilter {
    CardFilter {
        schemata: vec![schema.into()],
        text: query.get("q").to_owned(),
        sort: match query.get("sort") {
            "name" => Sort::Label,
            "date" => Sort::Date,
            "recent" => Sort::Recent,
            _ => sort,
        },
        after: query.some("after").map(str::to_owned),
        limit: PAGE,
        ..CardFilter::default()
    }
}

/// Every entity of a schema that a form may offer, by name; the newest when there are too many.
pub fn offered(room: &Room<'_>, schemata: &[String], limit: usize) -> Result<Vec<(String, String)>, Problem> {
    let filter = CardFilter { schemata: schemata.to_vec(), sort: Sort::Recent, limit, ..CardFilter::default() };
    let mut all: Vec<(String, String)> =
        room.reader.list(&filter)?.items.into_iter().map(|card| (card.id.to_string(), card.label)).collect();
    all.sort_by_key(|(_, label)| label.to_lowercase());
    Ok(all)
}
