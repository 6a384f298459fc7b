//! A new incident: where it is said, what happened, to whom, in which words. One form, one entry.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use ledger::{Claim, Clearance, EntityItem, Item, Locator};
use schema::{EntityId, Kind, Value};

use crate::Site;
use crate::ask::{Ask, Sent};
use crate::form::fields::{Field, Filled, Section, clearances, terms};
use crate::form::source::{self, Found, found, new_id, value};
use crate::form::words::{self, Basis, SourceText};
use crate::form::{Sheet, fault_of, recorded};
use crate::markup::Words;
use crate::page::library::offered;
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer};

/// Acts that one form takes.
const ACTS: [&str; 3] = ["", "2", "3"];
/// Fields that may rest on words of their own.
const OWN_WORDS: [(&str, &str); 3] = [
    ("words-date", "Words for the date"),
    ("words-place", "Words for the place"),
    ("words-act", "Words for who and what"),
];

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        room.writing()?;
        let typed = room.ask.query.clone();
        sheet(room, Filled::new(&typed))?.page()
    })
    .await
}

pub async fn send(State(site): State<Arc<Site>>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let mut filled = Filled::new(&typed);
        if let Some((id, receipt)) = record(room, &mut filled)? {
            return Ok(recorded(room, id, &receipt, &typed));
        }
        sheet(room, filled)?.page()
    })
    .await
}

fn sheet(room: &Room<'_>, filled: Filled<'_>) -> Result<Sheet, Problem> {
    let mut sheet = Sheet::new(room, "Add an incident", Words::of("Add an incident"), filled.typed)?;
    sheet.lede = "What happened, to whom, when and where, and the words that say so. Something else to add? Open the page of the \
                  person, proceeding or document and choose “Add a claim”."
        .into();
    let registry = room.registry();
    let mut places = terms(registry, "places", "(not said)");
    places.retain(|(code, _)| code.is_empty() || code.starts_with("KH"));
    let what = Section {
        legend: "What happened",
        fields: vec![
            filled
                .line("title", "Title", "As you would name it in a list: “Arrests at Wat Botum Park”.")
                .required()
                .wide(),
            filled.line("date", "Date", "2020-08-13, August 2020, about 2020, 2020-08-01/2020-08-15 …"),
            filled.select("area", "Province", "", places),
            filled.line("place", "Place", "As the source names it."),
        ],
        further: Some((
            "More about it",
            filled.typed.some("kind").or(filled.typed.some("account")).is_some(),
            vec![
                filled.select("kind", "Kind of incident", "", terms(registry, "incident-kinds", "(not said)")),
                filled.area("account", "What somebody says of it", "In a sentence of your own.", false, 3),
            ],
        )),
        ..Section::default()
    };
    let names: Vec<String> = offered(room, &["LegalEntity".into()], 250)?.into_iter().map(|(_, label)| label).collect();
    let more = ACTS.iter().skip(1).any(|n| filled.typed.some(&format!("victim{n}")).is_some());
    let mut further = Vec::new();
    for n in ACTS.iter().skip(1) {
        further.extend(act_fields(room, &filled, n, &names));
    }
    let whom = Section {
        legend: "To whom, and what was done",
        intro: "One act is one thing done to one person or group. A name that is not known yet makes a new person."
            .into(),
        fields: act_fields(room, &filled, "", &names),
        further: Some(("Further acts in the same incident", more, further)),
    };
    let own = OWN_WORDS.map(|(name, label)| filled.area(name, label, "", true, 2)).into();
    let own_open = OWN_WORDS.iter().any(|(name, _)| filled.typed.some(name).is_some());
    let words = Section {
        legend: "In which words",
        fields: source::words_fields(&filled),
        further: Some(("Other words for some of it", own_open, own)),
        ..Section::default()
    };
    let who = Section {
        legend: "Who says so, and who may see it",
        fields: vec![
            filled.offering(
                "asserter",
                "Who says so",
                "Only if it is not the source itself: a witness, an organisation it quotes.",
                names,
            ),
            filled.select("clearance", "May be seen by", "", clearances(room.reader.cleared().level())),
        ],
        ..Section::default()
    };
    sheet.sections = vec![source::section(room, &filled)?, what, whom, words, who];
    sheet.submit = "Record the incident";
    sheet.faults = filled.faults;
    Ok(sheet)
}

fn act_fields(room: &Room<'_>, filled: &Filled<'_>, n: &str, names: &[String]) -> Vec<Field> {
    let name = |field: &str| format!("{field}{n}");
    let kinds =
        ["Person", "Group", "Organization"].map(|schema| (schema.to_owned(), room.schema_label(schema))).to_vec();
    // The names are offered once: three copies of a long list would weigh more than the page.
    let victim = if n.is_empty() {
        filled.offering(&name("victim"), "Victim", "A name, or the address of a page.", names.to_vec()).required()
    } else {
        filled.line(&name("victim"), &format!("Victim of act {n}"), "")
    };
    vec![
        filled.select(&name("type"), "Type of act", "", terms(room.registry(), "acts", "(choose)")),
        victim,
        filled.select(&name("victim-is"), "If not known yet, it is a new", "", kinds),
        filled.select(&name("group"), "In this event, as", "", terms(room.registry(), "victim-groups", "(not said)")),
    ]
}

/// Everything that the form says, as items of one entry. `None`: something is wrong, and is noted.
fn record(room: &Room<'_>, filled: &mut Filled<'_>) -> Result<Option<(EntityId, ledger::Receipt)>, Problem> {
    let chosen = source::chosen(room, filled)?;
    let text = chosen.as_ref().and_then(|chosen| chosen.text.as_ref());
    let clearance = clearance(room, filled);
    let asserter = asserter(room, filled)?;
    let basis = words::basis(filled, text);
    let own = own_words(filled, text);
    if filled.typed.some("title").is_none() {
        filled.wrong("title", "Title", "Give the incident a title: it is how people will find it.");
    }
    let title = value(room, filled, "title", "Title", "Incident", "title");
    let kind = value(room, filled, "kind", "Kind of incident", "Incident", "kind");
    let account = value(room, filled, "account", "What somebody says of it", "Incident", "account");
    let date = value(room, filled, "date", "Date", "Incident", "date");
    let place = place(filled);
    let acts = acts(room, filled)?;
    let (Some(chosen), Some(basis), Some(title), true) = (chosen, basis, title, filled.faults.is_empty()) else {
        return Ok(None);
    };
    let said = Said { source: chosen.id, basis, asserter, clearance: clearance.clone() };
    let incident = new_id()?;
    let mut items = vec![said.entity(incident, "Incident")];
    items.push(said.by_hand(incident, "title", &title, "title given by the person who recorded it"));
    let about = [
        ("kind", kind, None),
        ("account", account, None),
        ("date", date.clone(), Some(&own[0])),
        ("place", place.clone(), Some(&own[1])),
    ];
    for (property, value, own) in about {
        items.extend(value.map(|value| said.claim(incident, property, &value, own.and_then(Option::as_ref))));
    }
    for act in acts {
        let victim = match act.victim {
            Victim::Known(id) => id,
            Victim::New { id, schema, name } => {
                items.push(said.entity(id, schema));
                items.push(said.claim(id, "name", &name, own[2].as_ref()));
                id
            }
        };
        let id = new_id()?;
        items.push(said.entity(id, "Act"));
        items.push(said.claim(id, "type", &act.kind, own[2].as_ref()));
        items.push(said.claim(id, "victim", &Value::Entity(victim), own[2].as_ref()));
        items.push(said.claim(id, "incident", &Value::Entity(incident), own[2].as_ref()));
        items.extend(act.group.map(|group| said.claim(id, "victimGroup", &group, own[2].as_ref())));
        items.extend(date.iter().map(|date| said.claim(id, "date", date, own[0].as_ref())));
        items.extend(place.iter().map(|place| said.claim(id, "place", place, own[1].as_ref())));
    }
    match chosen.record(room, &clearance, items) {
        Ok(receipt) => Ok(Some((incident, receipt))),
        Err(problem) => {
            filled.faults.push(fault_of(problem)?);
            Ok(None)
        }
    }
}

/// What all claims of a form share.
pub struct Said {
    pub source: EntityId,
    pub basis: Basis,
    pub asserter: Option<EntityId>,
    pub clearance: Clearance,
}

impl Said {
    pub fn entity(&self, id: EntityId, schema: &str) -> Item {
        Item::Entity(EntityItem { id, schema: schema.into(), clearance: self.clearance.clone(), key: None })
    }

    /// A claim on the form's words, or on words of its own.
    pub fn claim(&self, entity: EntityId, property: &str, value: &Value, own: Option<&Locator>) -> Item {
        let mut claim = Claim::new(entity, property, value, self.source);
        claim.locator = own.or(self.basis.locator.as_ref()).cloned();
        claim.no_words = if claim.locator.is_none() { self.basis.no_words.clone() } else { None };
        claim.asserter = self.asserter;
        claim.clearance = self.clearance.clone();
        Item::Claim(claim)
    }

    /// A claim that no source says in words.
    fn by_hand(&self, entity: EntityId, property: &str, value: &Value, why: &str) -> Item {
        let mut claim = Claim::new(entity, property, value, self.source);
        claim.no_words = Some(why.into());
        claim.clearance = self.clearance.clone();
        Item::Claim(claim)
    }
}

struct Act {
    kind: Value,
    victim: Victim,
    group: Option<Value>,
}

enum Victim {
    Known(EntityId),
    New { id: EntityId, schema: &'static str, name: Value },
}

fn acts(room: &Room<'_>, filled: &mut Filled<'_>) -> Result<Vec<Act>, Problem> {
    let mut acts: Vec<Act> = Vec::new();
    let mut new: Vec<(String, EntityId)> = Vec::new();
    for n in ACTS {
        let (type_name, victim_name, group_name) = (format!("type{n}"), format!("victim{n}"), format!("group{n}"));
        let victim = filled.typed.some(&victim_name).map(str::to_owned);
        if victim.is_none() && !n.is_empty() {
            continue;
        }
        let kind = value(room, filled, &type_name, "Type of act", "Act", "type");
        let group = value(room, filled, &group_name, "In this event, as", "Act", "victimGroup");
        if filled.typed.some(&type_name).is_none() {
            filled.wrong(&type_name, "Type of act", "Choose what was done.");
        }
        let Some(name) = victim else {
            filled.wrong(
                &victim_name,
                "Victim",
                "Say to whom it was done; for people whose names are not known, a group.",
            );
            continue;
        };
        let known = new.iter().find(|(known, _)| schema::fold(known) == schema::fold(&name)).map(|(_, id)| *id);
        let victim = match known {
            Some(id) => Some(Victim::Known(id)),
            None => self::victim(room, filled, n, &victim_name, &name)?,
        };
        if let Some(Victim::New { id, .. }) = &victim {
            new.push((name, *id));
        }
        if let (Some(kind), Some(victim)) = (kind, victim) {
            acts.push(Act { kind, victim, group });
        }
    }
    Ok(acts)
}

fn victim(
    room: &Room<'_>,
    filled: &mut Filled<'_>,
    n: &str,
    field: &str,
    name: &str,
) -> Result<Option<Victim>, Problem> {
    Ok(match found(room, name, "LegalEntity")? {
        Found::One(id) => Some(Victim::Known(id)),
        Found::Several(text) => {
            filled.wrong(field, "Victim", text);
            None
        }
        Found::None(_) => {
            let schema = match filled.typed.get(&format!("victim-is{n}")) {
                "Group" => "Group",
                "Organization" => "Organization",
                _ => "Person",
            };
            match Value::parse(Kind::Name, name, None) {
                Ok(name) => Some(Victim::New { id: new_id()?, schema, name }),
                Err(error) => {
                    filled.wrong(field, "Victim", capitalised(&error.to_string()));
                    None
                }
            }
        }
    })
}

/// Province and name as one place.
fn place(filled: &mut Filled<'_>) -> Option<Value> {
    let (area, name) = (filled.typed.get("area"), filled.typed.get("place"));
    let text = match (area.is_empty(), name.is_empty()) {
        (true, true) => return None,
        (true, false) => name.to_owned(),
        (false, true) => format!("[{area}]"),
        (false, false) => format!("{name} [{area}]"),
    };
    match Value::parse(Kind::Place, &text, None) {
        Ok(place) => Some(place),
        Err(error) => {
            filled.wrong("place", "Place", capitalised(&error.to_string()));
            None
        }
    }
}

fn own_words(filled: &mut Filled<'_>, text: Option<&SourceText>) -> [Option<Locator>; 3] {
    OWN_WORDS.map(|(name, label)| words::words(filled, name, label, text))
}

/// Who says so, if it is not the source itself.
pub fn asserter(room: &Room<'_>, filled: &mut Filled<'_>) -> Result<Option<EntityId>, Problem> {
    let Some(name) = filled.typed.some("asserter").map(str::to_owned) else { return Ok(None) };
    Ok(match found(room, &name, "LegalEntity")? {
        Found::One(id) => Some(id),
        Found::Several(text) | Found::None(text) => {
            filled.wrong("asserter", "Who says so", text);
            None
        }
    })
}

/// Who may see it: never more than the session sees, so that nobody writes what they cannot read.
pub fn clearance(room: &Room<'_>, filled: &mut Filled<'_>) -> Clearance {
    let typed = filled.typed.some("clearance").unwrap_or("internal");
    match Clearance::from_str(typed) {
        Ok(clearance) if room.reader.cleared().may_see(&clearance) => clearance,
        _ => {
            filled.wrong("clearance", "May be seen by", "Choose one of those that the form offers.");
            Clearance::internal()
        }
    }
}
