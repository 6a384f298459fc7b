//! From what is known of people to rows that `linkage` compares, and back.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use ledger::Reader;
use linkage::{Kind, Linkage, Settings, Table};
use schema::{EntityId, Place};

use crate::Error;
use crate::gather::People;

/// Names of one person that are compared, each for itself.
const MOST_NAMES: usize = 4;
/// Events of one person that are compared, each for itself.
const MOST_EVENTS: usize = 4;
/// Companions that a row names.
const MOST_COMPANIONS: usize = 60;
/// Pairs less likely than this are forgotten at once.
pub(crate) const KEEP: f64 = 0.002;
/// Of more people no model is made for the sake of two.
const MOST_FOR_TWO: usize = 2_000;
/// Fewer people than this make no model: there is nothing to learn from.
const FEWEST: usize = 2;

/// Two entries and how like they are.
#[derive(Clone, Debug)]
pub(crate) struct Scored {
    pub(crate) a: EntityId,
    pub(crate) b: EntityId,
    pub(crate) weight: f64,
    pub(crate) parts: Arc<[Part]>,
}

/// One step of the waterfall.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What was compared.
    pub comparison: Arc<str>,
    /// What was found, in words.
    pub level: Arc<str>,
    /// How often that is found when the two are one, and when they are two.
    pub m: f64,
    pub u: f64,
    /// log₂ m ÷ u.
    pub bits: f64,
    /// As much of it as comes from how rare the value is, which agrees.
    pub rarity: f64,
}

impl Part {
    /// “among the same 62%, among others 0.4%”; nothing where nothing could be compared.
    #[must_use]
    pub fn odds(&self) -> String {
        let percent = |share: f64| match share * 100.0 {
            p if p >= 10.0 => format!("{p:.0}%"),
            p if p >= 1.0 => format!("{p:.1}%"),
            p if p >= 0.01 => format!("{p:.2}%"),
            _ => "under 0.01%".to_owned(),
        };
        if self.bits.abs() < 0.05 {
            return String::new();
        }
        let rare =
            if self.rarity > 0.3 { format!("; rare here: {:+.1} of the bits", self.rarity) } else { String::new() };
        format!("{} of those who are the same, {} of those who are not{rare}", percent(self.m), percent(self.u))
    }
}

/// All pairs worth keeping, and how the parameters were come by.
pub(crate) struct Told {
    pub(crate) pairs: Vec<Scored>,
    pub(crate) trained: String,
}

fn failed(error: linkage::Error) -> Error {
    Error::Linkage(error.to_string())
}

/// Compares all people of the view: by blocks, never all with all.
pub(crate) fn score(reader: &Reader<'_>, people: &People) -> Result<Told, Error> {
    if people.len() < FEWEST {
        return Ok(Told { pairs: Vec::new(), trained: "There are too few people to compare.".into() });
    }
    let (table, owners) = table(reader, people)?;
    let linkage = Linkage::train(&table, &Settings::default()).map_err(failed)?;
    let mut best: BTreeMap<(EntityId, EntityId), (f32, u32, u32)> = BTreeMap::new();
    for link in linkage.candidates(KEEP) {
        let (Some(&a), Some(&b)) = (owners.get(link.a as usize), owners.get(link.b as usize)) else { continue };
        if a == b {
            continue;
        }
        let known = best.entry((a.min(b), a.max(b))).or_insert((f32::MIN, 0, 0));
        if link.weight > known.0 {
            *known = (link.weight, link.a, link.b);
        }
    }
    let mut words = Words::default();
    let pairs = best.into_iter().map(|((a, b), (_, x, y))| told(a, b, linkage.score(x, y), &mut words)).collect();
    let rules = linkage.blocking();
    let which = match rules.as_slice() {
        [all] if all.rule == "all" => "Every record is compared with every other".to_owned(),
        _ => {
            let compared: u64 = rules.iter().map(|rule| rule.pairs).sum();
            format!("{} blocking rules give {compared} pairs of records to compare", rules.len())
        }
    };
    let trained = format!(
        "{which}. How often each agreement is found among the same and among others is estimated from them (Fellegi and Sunter’s model, with EM), beginning from what other lists have taught."
    );
    Ok(Told { pairs, trained })
}

/// Compares two, however unlike they are, with the model of all; `None` where there are too many to make it for the sake of two.
pub(crate) fn compare(reader: &Reader<'_>, people: &People, a: EntityId, b: EntityId) -> Result<Option<Scored>, Error> {
    if people.len() > MOST_FOR_TWO {
        return Ok(None);
    }
    let (table, owners) = table(reader, people)?;
    let linkage = Linkage::train(&table, &Settings::default()).map_err(failed)?;
    let of = |id: EntityId| -> Vec<u32> {
        owners.iter().enumerate().filter(|(_, owner)| **owner == id).map(|(row, _)| row as u32).collect()
    };
    let others = of(b);
    let scored = of(a).into_iter().flat_map(|x| others.iter().map(move |y| (x, *y))).map(|(x, y)| linkage.score(x, y));
    Ok(scored.max_by(|x, y| x.weight.total_cmp(&y.weight)).map(|scored| told(a, b, scored, &mut Words::default())))
}

/// The words of the model's levels, each kept once: they are the same for tens of thousands of pairs.
#[derive(Default)]
struct Words(HashSet<Arc<str>>);

impl Words {
    fn of(&mut self, text: String) -> Arc<str> {
        if let Some(known) = self.0.get(text.as_str()) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.0.insert(Arc::clone(&text));
        text
    }
}

fn told(a: EntityId, b: EntityId, scored: linkage::Scored, words: &mut Words) -> Scored {
    let parts = scored.explanation.into_iter().map(|part| Part {
        comparison: words.of(part.comparison),
        level: words.of(part.level),
        m: part.m,
        u: part.u,
        bits: part.weight,
        rarity: part.rarity,
    });
    Scored { a, b, weight: scored.weight, parts: parts.collect() }
}

/// One row for each name and event of each person; whose each row is.
fn table(reader: &Reader<'_>, people: &People) -> Result<(Table, Vec<EntityId>), Error> {
    let columns = [
        ("name", Kind::Name),
        ("date of birth", Kind::Birth),
        ("date", Kind::Event),
        ("age", Kind::Age),
        ("place", Kind::Place),
        ("sex", Kind::Sex),
        ("organisation", Kind::Organisation),
        ("role", Kind::Role),
        ("others named with them", Kind::Set),
    ];
    let mut table = Table::new(&columns);
    let mut owners = Vec::new();
    for (id, known) in people.iter() {
        let born = known.born.map(|date| date.canonical()).unwrap_or_default();
        let age = known.age.as_ref().and_then(|(age, when)| {
            let years = age.min.or(age.max)?;
            Some(when.map_or_else(|| years.to_string(), |when| format!("{years}@{}", when.canonical())))
        });
        let mut bodies = Vec::new();
        for body in &known.bodies {
            bodies.extend(reader.label_opt(*body)?);
        }
        let companions: Vec<String> = people
            .companions(id)
            .into_iter()
            .take(MOST_COMPANIONS)
            .map(|other| {
                people
                    .get(other)
                    .and_then(|other| other.names.first())
                    .map_or_else(String::new, |name| names::latin(&name.text))
            })
            .filter(|name| !name.is_empty())
            .collect();
        let (bodies, roles, companions) = (bodies.join("; "), known.roles.join("; "), companions.join("; "));
        let nameless = [String::new()];
        let names: Vec<String> = known.names.iter().take(MOST_NAMES).map(|name| name.text.clone()).collect();
        let names = if names.is_empty() { &nameless[..] } else { &names };
        let mut events: Vec<(String, String)> = Vec::new();
        for event in &known.events {
            let date = event.date.map(|date| date.canonical()).unwrap_or_default();
            let place = event.place.as_ref().map(|place| path(reader, place)).unwrap_or_default();
            if events.len() < MOST_EVENTS && !events.contains(&(date.clone(), place.clone())) {
                events.push((date, place));
            }
        }
        if events.is_empty() {
            events.push((String::new(), String::new()));
        }
        for name in names {
            for (date, place) in &events {
                let cells = [
                    name.as_str(),
                    &born,
                    date,
                    age.as_deref().unwrap_or_default(),
                    place,
                    known.sex.as_deref().unwrap_or_default(),
                    &bodies,
                    &roles,
                    &companions,
                ];
                table.push(&cells).map_err(failed)?;
                owners.push(id);
            }
        }
    }
    Ok((table, owners))
}

/// “Wat Botum Park / Phnom Penh / Cambodia”: from the smallest part to the largest.
fn path(reader: &Reader<'_>, place: &Place) -> String {
    let mut parts: Vec<String> = place.name.iter().cloned().collect();
    if let Some(area) = &place.area {
        let code = area.as_str();
        let registry = reader.registry();
        let label = |code: &str| {
            let term = schema::AreaCode::new(code).map(|area| area.term());
            term.and_then(|term| registry.term(&term))
                .map_or_else(|| code.to_owned(), |term| term.label.get("en").to_owned())
        };
        if code.contains('-') {
            let whole = label(code);
            if parts.first() != Some(&whole) {
                parts.push(whole);
            }
        }
        parts.push(label(code.split('-').next().unwrap_or(code)));
    }
    parts.join(" / ")
}
