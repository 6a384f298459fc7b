//! The source, asked for once: one that is known, or a new one with its text.

use ledger::{Author, Claim, Clearance, Digest as LedgerDigest, EntityItem, Item, Receipt};
use schema::{EntityId, Kind, Value};
use sha2::{Digest, Sha256};
use workspace::{NewObject, NewSource};

use crate::form::fields::{Fault, Field, Filled, Section, terms};
use crate::form::words::SourceText;
use crate::page::library::offered;
use crate::problem::{Problem, capitalised};
use crate::room::Room;

/// Sources that the list offers; the others are found by their title or address.
const OFFERED: usize = 300;
const NEW: [&str; 6] = ["new-title", "new-kind", "new-publisher", "new-published", "new-url", "new-text"];

/// The source that was chosen or described.
pub struct Chosen {
    pub id: EntityId,
    pub text: Option<SourceText>,
    new: Option<New>,
}

struct New {
    about: Vec<(String, Value)>,
    text: Option<String>,
    publisher: Option<Publisher>,
}

enum Publisher {
    Known(EntityId),
    /// Nobody of that name is known: an organisation is made.
    Named(EntityId, Value),
}

/// The section that asks for it.
pub fn section(room: &Room<'_>, filled: &Filled<'_>) -> Result<Section, Problem> {
    let mut known = vec![(String::new(), "(a new one, described below)".to_owned())];
    known.extend(offered(room, &["Document".to_owned()], OFFERED)?);
    let more = known.len() > OFFERED;
    let mut fields = vec![filled.select("source", "A source that is here already", "", known).wide()];
    if more || filled.typed.some("source-find").is_some() {
        fields.push(filled.line(
            "source-find",
            "Or find one",
            "The title or the address of a source that the list does not show.",
        ));
    }
    let organisations = offered(room, &["Organization".to_owned()], 200)?.into_iter().map(|(_, label)| label).collect();
    let new = vec![
        filled.line("new-title", "Title", "As it stands on the document.").wide(),
        filled.select("new-kind", "Kind", "", terms(room.registry(), "document-kinds", "(not said)")),
        filled.offering(
            "new-publisher",
            "Published by",
            "An organisation, an outlet; a new name makes a new organisation.",
            organisations,
        ),
        filled.line("new-published", "Date", "2020-11-17, November 2020, about 2020 …"),
        filled.line("new-url", "Address", "https://…"),
        filled.area(
            "new-text",
            "Its text",
            "Paste it whole if you have it: it is kept, encrypted, and your quotations are found in it.",
            true,
            6,
        ),
    ];
    let open = filled.typed.get("source").is_empty();
    Ok(Section {
        legend: "Where it is said",
        intro: "Asked once: everything on this form rests on it.".into(),
        fields,
        further: Some(("A new source", open, new)),
    })
}

/// Reads the section. `None`: something is wrong with it, and is noted.
pub fn chosen(room: &Room<'_>, filled: &mut Filled<'_>) -> Result<Option<Chosen>, Problem> {
    let typed = filled.typed;
    let known = match (typed.some("source"), typed.some("source-find")) {
        (Some(id), _) => Some(room.entity(id)),
        (None, Some(text)) => match found(room, text, "Document")? {
            Found::One(id) => Some(Ok(id)),
            Found::Several(text) | Found::None(text) => {
                filled.wrong("source-find", "Or find one", text);
                return Ok(None);
            }
        },
        (None, None) => None,
    };
    if let Some(known) = known {
        let Ok(id) = known else {
            filled.wrong("source", "A source that is here already", "It is not in this view any more. Choose another.");
            return Ok(None);
        };
        let text = room.site.workspace.text_of(&room.reader, id)?;
        let text = text.map(|text| SourceText { text: text.text, object: text.object });
        return Ok(Some(Chosen { id, text, new: None }));
    }
    if !NEW.iter().any(|name| typed.some(name).is_some()) {
        filled.wrong("source", "A source that is here already", "Choose the source, or describe a new one below.");
        return Ok(None);
    }
    described(room, filled)
}

/// A new source, as it is described.
fn described(room: &Room<'_>, filled: &mut Filled<'_>) -> Result<Option<Chosen>, Problem> {
    let before = filled.faults.len();
    if filled.typed.some("new-title").is_none() {
        filled.wrong("new-title", "Title", "A source needs a title: what would you call it in a footnote?");
    }
    let mut about = Vec::new();
    for (name, label, property) in [
        ("new-title", "Title", "title"),
        ("new-kind", "Kind", "kind"),
        ("new-published", "Date", "published"),
        ("new-url", "Address", "sourceUrl"),
    ] {
        if let Some(value) = value(room, filled, name, label, "Document", property) {
            about.push((property.to_owned(), value));
        }
    }
    let publisher = match filled.typed.some("new-publisher").map(str::to_owned) {
        None => None,
        Some(name) => match found(room, &name, "LegalEntity")? {
            Found::One(id) => Some(Publisher::Known(id)),
            Found::None(_) => match Value::parse(Kind::Name, &name, None) {
                Ok(value) => Some(Publisher::Named(new_id()?, value)),
                Err(error) => {
                    filled.wrong("new-publisher", "Published by", capitalised(&error.to_string()));
                    None
                }
            },
            Found::Several(text) => {
                filled.wrong("new-publisher", "Published by", text);
                None
            }
        },
    };
    if filled.faults.len() > before {
        return Ok(None);
    }
    let text = Some(filled.typed.raw("new-text")).filter(|text| !text.trim().is_empty());
    let source_text = text
        .as_ref()
        .map(|text| SourceText { text: text.clone(), object: LedgerDigest(Sha256::digest(text.as_bytes()).into()) });
    Ok(Some(Chosen { id: new_id()?, text: source_text, new: Some(New { about, text, publisher }) }))
}

impl Chosen {
    /// Records the items, and the source with them if it is new: one entry.
    pub fn record(self, room: &Room<'_>, clearance: &Clearance, items: Vec<Item>) -> Result<Receipt, Problem> {
        let author: Author = room.author();
        let Some(new) = self.new else { return Ok(room.ledger().append(&author, items)?) };
        let mut all = Vec::new();
        let said = |entity: EntityId, property: &str, value: &Value| {
            let mut claim = Claim::new(entity, property, value, self.id);
            claim.no_words = Some("bibliographic description of the source".into());
            claim.clearance = clearance.clone();
            Item::Claim(claim)
        };
        if let Some(publisher) = &new.publisher {
            let id = match publisher {
                Publisher::Known(id) => *id,
                Publisher::Named(id, name) => {
                    let schema = "Organization".to_owned();
                    all.push(Item::Entity(EntityItem { id: *id, schema, clearance: clearance.clone(), key: None }));
                    all.push(said(*id, "name", name));
                    *id
                }
            };
            all.push(said(self.id, "publisher", &Value::Entity(id)));
        }
        all.extend(items);
        let mut source = NewSource::new(self.id, "Document");
        source.clearance = clearance.clone();
        source.about = new.about;
        source.method = "pasted into a form".into();
        source.bytes =
            new.text.map(|text| NewObject::bytes("pasted.txt", "text/plain; charset=utf-8", text.into_bytes()));
        Ok(room.site.workspace.add_source(&author, source, all)?)
    }
}

/// Who or what a typed name means.
pub enum Found {
    One(EntityId),
    /// Several are called that: how to say which.
    Several(String),
    /// Nobody is: what to do.
    None(String),
}

/// An entity of that schema by its address, or by exactly this name.
pub fn found(room: &Room<'_>, text: &str, schema: &str) -> Result<Found, Problem> {
    if let Ok(id) = room.entity(text) {
        return Ok(Found::One(id));
    }
    let wanted = schema::fold(text);
    let cards = room.reader.find(text)?;
    let fitting: Vec<_> = cards
        .iter()
        .filter(|card| room.registry().is_a(&card.schema, schema) && schema::fold(&card.label) == wanted)
        .collect();
    Ok(match fitting.as_slice() {
        [] => Found::None(format!(
            "Nothing here is called “{text}”. Write the name as the library has it, or the address of its page."
        )),
        [one] => Found::One(one.id),
        several => {
            let list: Vec<String> =
                several.iter().take(5).map(|card| format!("{} ({})", card.id, card.summary)).collect();
            Found::Several(format!(
                "Several are called “{text}”. Write the address of the one you mean: {}.",
                list.join("; ")
            ))
        }
    })
}

/// Reads a field as a value of that property; what is wrong with it is noted.
pub fn value(
    room: &Room<'_>,
    filled: &mut Filled<'_>,
    name: &str,
    label: &str,
    schema: &str,
    property: &str,
) -> Option<Value> {
    let text = filled.typed.some(name)?;
    match room.registry().parse(schema, property, text, None) {
        Ok(value) => Some(value),
        Err(error) => {
            filled.faults.push(Fault { name: name.into(), label: label.into(), text: capitalised(&error.to_string()) });
            None
        }
    }
}

/// A new entity's address: 128 random bits.
pub fn new_id() -> Result<EntityId, Problem> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Problem::Inside {
        what: format!("The operating system gives no random numbers: {error}."),
        hint: String::new(),
    })?;
    Ok(EntityId::from_bytes(bytes))
}

/// The fields of words and reason that every form of claims ends with.
pub fn words_fields(filled: &Filled<'_>) -> Vec<Field> {
    vec![
        filled.area("words", "Words of the source", "The sentence that says so, copied as it stands.", true, 3),
        filled
            .line("no-words", "Or why there are none to quote", "For example: told by telephone; seen in a photograph.")
            .wide(),
    ]
}
