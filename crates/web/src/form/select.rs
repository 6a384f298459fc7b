//! Claiming words of a document: which words, about whom or what, and what they say of it.
//!
//! With our script, words that are selected in the text come with their place; without it they are typed or pasted, and found.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::{Claim, Clearance, EntityItem, Item, Level, Locator};
use schema::{EntityId, Kind, Value};

use crate::Site;
use crate::ask::{Ask, Sent};
use crate::form::fields::{Filled, Section};
use crate::form::incident::asserter;
use crate::form::source::{Found, found, new_id};
use crate::form::words::{SourceText, words};
use crate::form::{Sheet, claim, fault_of};
use crate::markup::{Words, shortened};
use crate::page::library::offered;
use crate::page::review::source;
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, see};

/// Of what something new can be made by its name alone.
const NEW: [&str; 9] = [
    "Person",
    "Group",
    "Organization",
    "PublicBody",
    "MediaOutlet",
    "PoliticalParty",
    "Incident",
    "Proceeding",
    "Place",
];
/// Words so short are most often the value itself.
const SHORT: usize = 80;

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        room.writing()?;
        let id = source(room, &id)?;
        let typed = room.ask.query.clone();
        let mut filled = Filled::new(&typed);
        let text = text(room, id)?;
        if typed.some("about").is_none() {
            return first(room, id, filled, text.as_ref())?.page();
        }
        let quoted = quoted(&mut filled, text.as_ref());
        let about = about(room, &mut filled)?;
        match (quoted, about) {
            (Some(words), Some(about)) => second(room, id, filled, &words, &about)?.page(),
            _ => first(room, id, filled, text.as_ref())?.page(),
        }
    })
    .await
}

pub async fn send(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let id = source(room, &id)?;
        let mut filled = Filled::new(&typed);
        let text = text(room, id)?;
        let quoted = quoted(&mut filled, text.as_ref());
        let about = about(room, &mut filled)?;
        let (Some(words), Some(about)) = (quoted, about) else {
            return first(room, id, filled, text.as_ref())?.page();
        };
        if let Some(claim) = record(room, id, &mut filled, &words, &about)? {
            return Ok(see(&format!("/source/{id}?claim={claim}#c-{claim}")));
        }
        second(room, id, filled, &words, &about)?.page()
    })
    .await
}

fn text(room: &Room<'_>, id: EntityId) -> Result<Option<SourceText>, Problem> {
    let text = room.site.workspace.text_of(&room.reader, id)?;
    Ok(text.map(|text| SourceText { text: text.text, object: text.object }))
}

/// The words that are meant: by their place, or by themselves and, where they occur more than once, by which of them.
fn quoted(filled: &mut Filled<'_>, text: Option<&SourceText>) -> Option<Locator> {
    const LABEL: &str = "Words of the document";
    if let (Some(source), Some(start), Some(end)) = (text, filled.typed.number("start"), filled.typed.number("end"))
        && filled.typed.some("words").is_none()
    {
        return match workspace::span(&source.text, source.object, start, end) {
            Ok(locator) => Some(locator),
            Err(error) => {
                filled.wrong("words", LABEL, capitalised(&error.to_string()));
                None
            }
        };
    }
    let occurrence = filled.typed.number("occurrence").and_then(|number| usize::try_from(number).ok());
    if let (Some(source), Some(occurrence)) = (text, occurrence) {
        let typed = filled.typed.raw("words");
        return match workspace::locate(&source.text, source.object, typed.trim(), None, None, Some(occurrence)) {
            Ok(locator) => Some(locator),
            Err(error) => {
                filled.wrong("occurrence", "Which of them", capitalised(&error.to_string()));
                None
            }
        };
    }
    let before = filled.faults.len();
    let found = words(filled, "words", LABEL, text);
    if found.is_none() && filled.faults.len() == before {
        filled.wrong("words", LABEL, "Quote the words that say so, as they stand in the document.");
    }
    found
}

/// Whom or what the words speak of.
enum About {
    Known(EntityId, String),
    New(&'static str, Value),
}

impl About {
    fn schema(&self) -> &str {
        match self {
            About::Known(_, schema) => schema,
            About::New(schema, _) => schema,
        }
    }
}

fn about(room: &Room<'_>, filled: &mut Filled<'_>) -> Result<Option<About>, Problem> {
    const LABEL: &str = "About whom or what";
    let Some(text) = filled.typed.some("about").map(str::to_owned) else {
        filled.wrong("about", LABEL, "Say of whom or what the words speak.");
        return Ok(None);
    };
    let new = NEW.into_iter().find(|schema| *schema == filled.typed.get("is"));
    if let Some(schema) = new {
        return match Value::parse(Kind::Name, &text, None) {
            Ok(name) => Ok(Some(About::New(schema, name))),
            Err(error) => {
                filled.wrong("about", LABEL, capitalised(&error.to_string()));
                Ok(None)
            }
        };
    }
    match found(room, &text, "Thing")? {
        Found::One(id) => Ok(room.reader.schema_of(id)?.map(|schema| About::Known(id, schema))),
        Found::Several(text) => {
            filled.wrong("about", LABEL, text);
            Ok(None)
        }
        Found::None(text) => {
            filled.wrong("about", LABEL, format!("{text} Or say below what it is, to make it new."));
            Ok(None)
        }
    }
}

/// First: the words, and whom they are about.
fn first(room: &Room<'_>, id: EntityId, filled: Filled<'_>, text: Option<&SourceText>) -> Result<Sheet, Problem> {
    let mut sheet = begin(room, id, &filled)?;
    let placed = match (text, filled.typed.number("start"), filled.typed.number("end")) {
        (Some(text), Some(start), Some(end)) if filled.typed.some("words").is_none() => {
            workspace::span(&text.text, text.object, start, end).ok()
        }
        _ => None,
    };
    let mut fields = Vec::new();
    let mut intro = String::new();
    match &placed {
        Some(locator) => {
            intro = format!("“{}”", shortened(&locator.exact, 400));
            for name in ["start", "end"] {
                sheet.hidden.push((name.into(), filled.typed.get(name).to_owned()));
            }
        }
        None => {
            fields.push(filled.area("words", "Words of the document", "Copied as they stand in it.", true, 3));
            if filled.typed.some("words").is_some() {
                fields.push(filled.line(
                    "occurrence",
                    "Which of them",
                    "1 for the first, if they occur more than once.",
                ));
            }
        }
    }
    let names = offered(room, &["Thing".to_owned()], 250)?.into_iter().map(|(_, label)| label).collect();
    let mut is = vec![(String::new(), "is known already".to_owned())];
    is.extend(NEW.map(|schema| (schema.to_owned(), format!("is new: {}", room.schema_label(schema).to_lowercase()))));
    sheet.sections = vec![
        Section { legend: "The words", intro, fields, ..Section::default() },
        Section {
            legend: "Of whom or what they speak",
            fields: vec![
                filled.offering("about", "About whom or what", "A name, or the address of a page.", names).required(),
                filled.select("is", "which", "", is),
            ],
            ..Section::default()
        },
    ];
    sheet.method = "get";
    sheet.submit = "Go on";
    sheet.faults = filled.faults;
    Ok(sheet)
}

/// Then: what they say of it.
fn second(room: &Room<'_>, id: EntityId, filled: Filled<'_>, words: &Locator, about: &About) -> Result<Sheet, Problem> {
    let mut sheet = begin(room, id, &filled)?;
    let mut typed = filled.typed.clone();
    if !typed.has("value") && words.exact.chars().count() <= SHORT {
        typed.set("value", &words.exact.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if !typed.has("clearance") {
        typed.set("clearance", &room.reader.clearance_of(id)?.unwrap_or_else(Clearance::internal).to_string());
    }
    let filled = Filled { typed: &typed, faults: filled.faults };
    let properties = room.registry().properties(about.schema());
    let mut choices = vec![(String::new(), "(choose)".to_owned())];
    choices.extend(properties.iter().map(|property| (property.name.clone(), property.label.get("en").to_owned())));
    let whom = match about {
        About::Known(id, schema) => {
            format!("{} ({})", room.reader.label(*id)?, room.schema_label(schema).to_lowercase())
        }
        About::New(schema, name) => {
            format!("{}, a new {}", name.display(room.registry(), "en"), room.schema_label(schema).to_lowercase())
        }
    };
    let voices: Vec<String> =
        offered(room, &["LegalEntity".into()], 250)?.into_iter().map(|(_, label)| label).collect();
    let mut make = vec![(String::new(), "(nothing: tell me)".to_owned())];
    make.extend(
        NEW.map(|schema| (schema.to_owned(), format!("make a new {}", room.schema_label(schema).to_lowercase()))),
    );
    sheet.lede = whom;
    sheet.sections = vec![
        Section { legend: "The words", intro: format!("“{}”", shortened(&words.exact, 400)), ..Section::default() },
        Section {
            legend: "What they say of it",
            fields: vec![
                filled.select("property", "Property", "", choices).required(),
                filled
                    .line(
                        "value",
                        "Value",
                        "A date as 31 July 2020, a number with its bounds, a term by its label, somebody by name.",
                    )
                    .required(),
            ],
            further: Some((
                "If the value is somebody or something that is not known yet",
                filled.typed.some("make").is_some(),
                vec![filled.select("make", "Then", "", make)],
            )),
            ..Section::default()
        },
        Section {
            legend: "Who says so, and who may see it",
            fields: vec![
                filled.offering("asserter", "Who says so", "Only if it is not the document itself.", voices),
                filled.select("clearance", "May be seen by", "", circles(room, id)?),
                filled.line("note", "Note", "Anything that the next reader should know."),
            ],
            ..Section::default()
        },
    ];
    for name in ["start", "end", "words", "occurrence", "about", "is"] {
        if filled.typed.has(name) {
            sheet.hidden.push((name.into(), filled.typed.raw(name)));
        }
    }
    sheet.submit = "Record the claim";
    sheet.faults = filled.faults;
    Ok(sheet)
}

fn begin(room: &Room<'_>, id: EntityId, filled: &Filled<'_>) -> Result<Sheet, Problem> {
    let mut sheet = Sheet::new(room, "Claim words of a document", Words::of("Claim these words"), filled.typed)?;
    sheet.kind = Words::of(&room.reader.label(id)?).linked(&format!("/source/{id}"));
    sheet.cancel = format!("/source/{id}");
    Ok(sheet)
}

/// The source's circle and narrower ones: nothing from a source is seen more widely than the source.
fn circles(room: &Room<'_>, id: EntityId) -> Result<Vec<(String, String)>, Problem> {
    let own = room.reader.clearance_of(id)?.unwrap_or_else(Clearance::internal);
    let mut circles = vec![own.clone()];
    if own.team.is_none() {
        circles.extend(Level::ALL.into_iter().filter(|level| *level > own.level).map(Clearance::from));
    }
    circles.retain(|circle| room.reader.cleared().may_see(circle));
    Ok(circles.iter().map(|circle| (circle.to_string(), circle.to_string())).collect())
}

/// Records the claim; its address. `None`: something is wrong, and is noted.
fn record(
    room: &Room<'_>,
    id: EntityId,
    filled: &mut Filled<'_>,
    words: &Locator,
    about: &About,
) -> Result<Option<ledger::ClaimId>, Problem> {
    let Ok(property) = room.registry().property(about.schema(), filled.typed.get("property")) else {
        filled.wrong("property", "Property", "Choose what the words say of it.");
        return Ok(None);
    };
    if filled.typed.some("value").is_none() {
        filled.wrong("value", "Value", "Say what the words say.");
    }
    let (value, made) = claim::value(room, about.schema(), property, filled)?;
    let asserter = asserter(room, filled)?;
    let circle = Clearance::from_str(filled.typed.get("clearance")).ok();
    let circle = circle.filter(|circle| {
        circles(room, id).is_ok_and(|circles| circles.iter().any(|(value, _)| *value == circle.to_string()))
    });
    if circle.is_none() {
        filled.wrong("clearance", "May be seen by", "Choose one of those that the form offers.");
    }
    let (Some(value), Some(clearance), true) = (value, circle, filled.faults.is_empty()) else { return Ok(None) };
    let said = |entity: EntityId, property: &str, value: &Value, note: Option<String>| {
        let mut claim = Claim::new(entity, property, value, id);
        claim.locator = Some(words.clone());
        claim.asserter = asserter;
        claim.clearance = clearance.clone();
        claim.note = note;
        Item::Claim(claim)
    };
    let entity = |id: EntityId, schema: &str| {
        Item::Entity(EntityItem { id, schema: schema.into(), clearance: clearance.clone(), key: None })
    };
    let mut items = Vec::new();
    let subject = match about {
        About::Known(id, _) => *id,
        About::New(schema, name) => {
            let id = new_id()?;
            items.push(entity(id, schema));
            // What is called so in a list is a title where a schema has one.
            let called =
                if room.registry().property(schema, "title").is_ok() && *schema != "Person" { "title" } else { "name" };
            let text = name.display(room.registry(), "en");
            let value = room.registry().parse(schema, called, &text, None).unwrap_or_else(|_| name.clone());
            if called != property.name {
                items.push(said(id, called, &value, None));
            }
            id
        }
    };
    if let Some((made, schema, name)) = made {
        items.push(entity(made, &schema));
        items.push(said(made, "name", &name, None));
    }
    items.push(said(subject, &property.name, &value, filled.typed.some("note").map(str::to_owned)));
    match room.ledger().append(&room.author(), items) {
        Ok(receipt) => Ok(receipt.claims.last().copied()),
        Err(error) => {
            filled.faults.push(fault_of(error.into())?);
            Ok(None)
        }
    }
}
