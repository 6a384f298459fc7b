//! A claim on any property of an entity: which property first, then its value by its kind.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::Item;
use schema::{EntityId, Kind, Lang, Property, Value};

use crate::Site;
use crate::ask::{Ask, Pairs, Sent};
use crate::form::fields::{Field, Filled, Section, clearances, terms};
use crate::form::incident::{Said, asserter, clearance};
use crate::form::source::{self, Found, found, new_id};
use crate::form::{Sheet, fault_of, recorded, words};
use crate::markup::Words;
use crate::page::library::offered;
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer};

/// Languages that a text or a name is most often in; the others are said by their BCP 47 tag in a case file.
const LANGUAGES: [(&str, &str); 6] =
    [("", "(not said)"), ("en", "English"), ("km", "Khmer"), ("fr", "French"), ("th", "Thai"), ("vi", "Vietnamese")];

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        room.writing()?;
        let id = room.entity(&id)?;
        let typed = room.ask.query.clone();
        match typed.some("property") {
            None => which(room, id, &typed)?.page(),
            Some(property) => {
                let schema = room.reader.schema_of(id)?.ok_or(Problem::NotFound)?;
                let property = room.registry().property(&schema, property).map_err(|_| Problem::NotFound)?;
                sheet(room, id, property, Filled::new(&typed))?.page()
            }
        }
    })
    .await
}

pub async fn send(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let id = room.entity(&id)?;
        let schema = room.reader.schema_of(id)?.ok_or(Problem::NotFound)?;
        let property = room.registry().property(&schema, typed.get("property")).map_err(|_| Problem::NotFound)?;
        let mut filled = Filled::new(&typed);
        if let Some(receipt) = record(room, id, &schema, property, &mut filled)? {
            return Ok(recorded(room, id, &receipt, &typed));
        }
        sheet(room, id, property, filled)?.page()
    })
    .await
}

/// First: what is it about?
fn which(room: &Room<'_>, id: EntityId, typed: &Pairs) -> Result<Sheet, Problem> {
    let label = room.reader.label(id)?;
    let schema = room.reader.schema_of(id)?.ok_or(Problem::NotFound)?;
    let mut sheet = Sheet::new(room, &format!("Add a claim about {label}"), heading(room, id)?, typed)?;
    let properties = room.registry().properties(&schema);
    let choices =
        properties.iter().map(|property| (property.name.clone(), property.label.get("en").to_owned())).collect();
    let filled = Filled::new(typed);
    sheet.sections = vec![Section {
        legend: "What is said of it?",
        intro: "To correct a value, add the claim of the better source: both are kept, and the page says which is preferred and why.".into(),
        fields: vec![filled.select("property", "Property", "", choices)],
        ..Section::default()
    }];
    sheet.method = "get";
    sheet.submit = "Go on";
    sheet.cancel = format!("/entity/{id}");
    Ok(sheet)
}

fn heading(room: &Room<'_>, id: EntityId) -> Result<Words, Problem> {
    Ok(Words::joined(&[Words::of("Add a claim about"), room.link(id)?], " "))
}

/// Then: the value, its source, its words.
fn sheet(room: &Room<'_>, id: EntityId, property: &Property, filled: Filled<'_>) -> Result<Sheet, Problem> {
    let label = room.reader.label(id)?;
    let mut sheet = Sheet::new(room, &format!("Add a claim about {label}"), heading(room, id)?, filled.typed)?;
    let current = room.reader.record(id)?.and_then(|record| {
        let values = &record.property(&property.name)?.values;
        Some(values.iter().map(|value| value.display.clone()).collect::<Vec<_>>().join("; "))
    });
    let value = Section {
        legend: "What is said",
        intro: match current {
            Some(current) => format!("{} So far: {current}", property.description),
            None => property.description.clone(),
        },
        fields: value_fields(room, property, &filled)?,
        ..Section::default()
    };
    let names = offered(room, &["LegalEntity".into()], 250)?.into_iter().map(|(_, label)| label).collect();
    let who = Section {
        legend: "Who says so, and who may see it",
        fields: vec![
            filled.offering("asserter", "Who says so", "Only if it is not the source itself.", names),
            filled.select("clearance", "May be seen by", "", clearances(room.reader.cleared().level())),
            filled.line("note", "Note", "Anything that the next reader should know."),
        ],
        ..Section::default()
    };
    let words = Section { legend: "In which words", fields: source::words_fields(&filled), ..Section::default() };
    sheet.sections = vec![value, source::section(room, &filled)?, words, who];
    sheet.hidden = vec![("property".into(), property.name.clone())];
    sheet.submit = "Record the claim";
    sheet.cancel = format!("/entity/{id}");
    sheet.faults = filled.faults;
    Ok(sheet)
}

/// Inputs by the kind of value.
fn value_fields(room: &Room<'_>, property: &Property, filled: &Filled<'_>) -> Result<Vec<Field>, Problem> {
    let label = property.label.get("en");
    let language = || {
        let choices = LANGUAGES.map(|(code, label)| (code.to_owned(), label.to_owned())).to_vec();
        filled.select("lang", "Language", "", choices)
    };
    Ok(match property.kind {
        Kind::Text => vec![filled.area("value", label, "", false, 3).required(), language()],
        Kind::Name => vec![filled.line("value", label, "As the source writes it.").required(), language()],
        Kind::Term => {
            let vocabulary = property.vocabulary.as_deref().unwrap_or_default();
            vec![filled.select("value", label, "", terms(room.registry(), vocabulary, "(choose)")).required()]
        }
        Kind::Entity => {
            let offered = offered(room, &property.range, 250)?.into_iter().map(|(_, label)| label).collect();
            let mut schemata = vec![(String::new(), "(nothing: tell me)".to_owned())];
            schemata.extend(makeable(room, property).into_iter().map(|schema| {
                let label = format!("make a new {}", room.schema_label(&schema));
                (schema, label)
            }));
            vec![
                filled.offering("value", label, "A name, or the address of a page.", offered).required(),
                filled.select("make", "If it is not known yet", "", schemata),
            ]
        }
        kind => vec![filled.line("value", label, hint(kind)).required()],
    })
}

fn hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "2020-07-31, July 2020, about August 2020, 2020-10/2020-11, before 2017-09-03 …",
        Kind::Count => "19, at least 21, about 40,000, 10 to 12 …",
        Kind::Duration => "18 months, 15 months 11 days, two years …",
        Kind::Sentence => "P20M; serve P15M5D; suspended P4M25D; fine 2000000 KHR (what is not said is left out)",
        Kind::Money => "2,000,000 riel, 500 USD …",
        Kind::Place => "Wat Botum Park [KH-12] (11.5564, 104.9282): name, area and point, each may be left out",
        Kind::Url => "https://…",
        Kind::Identifier => "un-symbol:A/HRC/51/66, or as it is written",
        _ => "",
    }
}

/// Schemata of which a new thing can be made by its name alone.
fn makeable(room: &Room<'_>, property: &Property) -> Vec<String> {
    let registry = room.registry();
    let named = ["Person", "Group", "Organization", "PublicBody", "MediaOutlet", "PoliticalParty", "Place"];
    let fits = |schema: &str| property.range.iter().any(|range| registry.is_a(schema, range) || range == "Thing");
    named.into_iter().filter(|schema| fits(schema)).map(String::from).collect()
}

fn record(
    room: &Room<'_>,
    id: EntityId,
    schema: &str,
    property: &Property,
    filled: &mut Filled<'_>,
) -> Result<Option<ledger::Receipt>, Problem> {
    let label = property.label.get("en");
    if filled.typed.some("value").is_none() {
        filled.wrong("value", label, "Say what the source says.");
    }
    let (value, made) = value(room, schema, property, filled)?;
    let chosen = source::chosen(room, filled)?;
    let text = chosen.as_ref().and_then(|chosen| chosen.text.as_ref());
    let basis = words::basis(filled, text);
    let asserter = asserter(room, filled)?;
    let clearance = clearance(room, filled);
    let (Some(value), Some(chosen), Some(basis), true) = (value, chosen, basis, filled.faults.is_empty()) else {
        return Ok(None);
    };
    let said = Said { source: chosen.id, basis, asserter, clearance: clearance.clone() };
    let mut items = Vec::new();
    if let Some((made, schema, name)) = made {
        items.push(said.entity(made, &schema));
        items.push(said.claim(made, "name", &name, None));
    }
    let mut item = said.claim(id, &property.name, &value, None);
    if let Item::Claim(claim) = &mut item {
        claim.note = filled.typed.some("note").map(str::to_owned);
    }
    items.push(item);
    match chosen.record(room, &clearance, items) {
        Ok(receipt) => Ok(Some(receipt)),
        Err(problem) => {
            filled.faults.push(fault_of(problem)?);
            Ok(None)
        }
    }
}

/// Something that is made because a name was not known: its address, schema and name.
pub(crate) type Made = Option<(EntityId, String, Value)>;

/// The value that was typed; an entity by its name, made if the form says so.
pub(crate) fn value(
    room: &Room<'_>,
    schema: &str,
    property: &Property,
    filled: &mut Filled<'_>,
) -> Result<(Option<Value>, Made), Problem> {
    let label = property.label.get("en");
    let Some(text) = filled.typed.some("value").map(str::to_owned) else { return Ok((None, None)) };
    if property.kind != Kind::Entity {
        let lang = filled.typed.some("lang").and_then(|lang| Lang::new(lang).ok());
        return Ok(match room.registry().parse(schema, &property.name, &text, lang.as_ref()) {
            Ok(value) => (Some(value), None),
            Err(error) => {
                filled.wrong("value", label, capitalised(&error.to_string()));
                (None, None)
            }
        });
    }
    let ranges = if property.range.is_empty() { vec!["Thing".to_owned()] } else { property.range.clone() };
    let mut problem = String::new();
    for range in &ranges {
        match found(room, &text, range)? {
            Found::One(id) => return Ok((Some(Value::Entity(id)), None)),
            Found::Several(text) | Found::None(text) => problem = text,
        }
    }
    let make = filled.typed.get("make").to_owned();
    if !make.is_empty() && makeable(room, property).contains(&make) {
        match Value::parse(Kind::Name, &text, None) {
            Ok(name) => {
                let id = new_id()?;
                return Ok((Some(Value::Entity(id)), Some((id, make, name))));
            }
            Err(error) => problem = capitalised(&error.to_string()),
        }
    }
    filled.wrong("value", label, problem);
    Ok((None, None))
}
