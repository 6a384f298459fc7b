//! Every claim about an entity: those that stand, those outside the standard, those retracted.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::Site;
use crate::account::{Account, account};
use crate::ask::Ask;
use crate::json;
use crate::markup::{Words, counted};
use crate::page::entity::section;
use crate::problem::Problem;
use crate::room::{answer, data, html};
use crate::shell::Shell;

/// Claims on one page.
const PAGE: usize = 60;

#[derive(Template)]
#[template(path = "claims.html")]
struct Page {
    shell: Shell,
    id: String,
    title: Words,
    kind: String,
    total: String,
    groups: Vec<(Words, Vec<Account>)>,
    next: Option<usize>,
}

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let id = room.entity(&id)?;
        let record = room.reader.record(id)?.ok_or(Problem::NotFound)?;
        let mut claims = room.reader.claims_about(id)?;
        if room.ask.json {
            return Ok(data(&json::claims(&claims)));
        }
        let order: Vec<&str> =
            room.registry().properties(&record.schema).iter().map(|property| property.name.as_str()).collect();
        let place = |name: &str| order.iter().position(|known| *known == name).unwrap_or(usize::MAX);
        let other = |name: &str| !matches!(name, "name" | "alias" | "title");
        claims.sort_by_key(|claim| (other(&claim.property), place(&claim.property), claim.position));
        let from = usize::try_from(room.ask.query.number("from").unwrap_or(0)).unwrap_or(0);
        let mut groups: Vec<(Words, Vec<Account>)> = Vec::new();
        let mut last = "";
        for claim in claims.iter().skip(from).take(PAGE) {
            if groups.is_empty() || last != claim.property {
                let label = room.registry().property(&record.schema, &claim.property);
                groups.push((
                    Words::of(label.map_or(claim.property.as_str(), |property| property.label.get("en"))),
                    Vec::new(),
                ));
                last = &claim.property;
            }
            if let Some((_, items)) = groups.last_mut() {
                items.push(account(room, claim, "", None)?);
            }
        }
        html(&Page {
            shell: room.shell(format!("Claims about {}", record.label), section(room, &record.schema))?,
            id: record.id.to_string(),
            title: Words::of(&record.label),
            kind: room.schema_label(&record.schema),
            total: counted(claims.len(), "claim", "claims"),
            groups,
            next: Some(from + PAGE).filter(|next| *next < claims.len()),
        })
    })
    .await
}
