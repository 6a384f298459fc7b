//! “The same person as…”: who is known under this name, or one very like it.

use std::collections::BTreeMap;

use ledger::{Card, CardFilter, Reader};
use schema::{EntityId, Value, fold};

use crate::Error;
use crate::likeness::{Likeness, likeness, words};

/// Candidates that are offered.
const MOST: usize = 6;
/// Cards that one question looks at.
const LOOKED_AT: usize = 60;

/// Somebody who is known and may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: EntityId,
    pub label: String,
    /// What else is known, in a line: to tell people of one name apart.
    pub detail: String,
    /// Why it is offered.
    pub why: String,
    pub(crate) same_name: bool,
}

impl Candidate {
    pub(crate) fn known(reader: &Reader<'_>, id: EntityId, why: &str) -> Result<Option<Candidate>, Error> {
        let Some(label) = reader.label_opt(id)? else { return Ok(None) };
        let schema = reader.schema_of(id)?.unwrap_or_default();
        let detail = reader.registry().schema(&schema).map_or(schema, |schema| schema.label.get("en").to_lowercase());
        Ok(Some(Candidate { id: reader.shown_as(id), label, detail, why: why.into(), same_name: false }))
    }
}

/// Who of this schema (or its descendants) is known under this name or one like it, the likeliest first.
///
/// A name a letter apart is found without a list of all names: one half of the word is untouched by the difference, and the
/// library's cards are looked up by halves.
///
/// # Errors
/// As the ledger says.
pub fn suggest(reader: &Reader<'_>, name: &str, schema: &str) -> Result<Vec<Candidate>, Error> {
    let parts = words(name);
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let mut met: BTreeMap<EntityId, Card> = BTreeMap::new();
    for text in questions(&parts) {
        let filter = CardFilter { schemata: vec![schema.into()], text, limit: LOOKED_AT, ..CardFilter::default() };
        for card in reader.list(&filter)?.items {
            met.entry(card.id).or_insert(card);
        }
    }
    let mut found: Vec<(Likeness, Candidate)> = Vec::new();
    for card in met.into_values() {
        let mut best = likeness(name, &card.label);
        for property in ["name", "alias"] {
            for value in reader.values(card.id, property).unwrap_or_default() {
                if let Value::Name(other) = value {
                    best = [best, likeness(name, &other.text)].into_iter().flatten().min();
                }
            }
        }
        if let Some(like) = best {
            let kind = reader.registry().schema(&card.schema);
            let kind = kind.map_or_else(|| card.schema.clone(), |schema| schema.label.get("en").to_lowercase());
            let detail = if card.summary.is_empty() { kind } else { format!("{kind}, {}", card.summary) };
            let candidate = Candidate {
                id: card.id,
                label: card.label,
                detail,
                why: like.why().into(),
                same_name: like == Likeness::Same,
            };
            found.push((like, candidate));
        }
    }
    found.sort_by(|(a, x), (b, y)| (a, fold(&x.label), x.id).cmp(&(b, fold(&y.label), y.id)));
    found.truncate(MOST);
    Ok(found.into_iter().map(|(_, candidate)| candidate).collect())
}

/// What to look up: the longest words as they stand, and for a difference of one letter each half of each.
fn questions(parts: &[String]) -> Vec<String> {
    let mut longest: Vec<&String> = parts.iter().collect();
    longest.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    longest.truncate(2);
    let halves = |word: &str| -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < 4 {
            return vec![word.to_owned()];
        }
        let (front, back) = letters.split_at(letters.len() / 2);
        vec![front.iter().collect(), back.iter().collect()]
    };
    let mut all = vec![longest.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ")];
    match longest.as_slice() {
        [one] => all.extend(halves(one).into_iter().filter(|half| half.chars().count() > 2)),
        [one, two] => {
            for a in halves(one) {
                all.extend(halves(two).into_iter().map(|b| format!("{a} {b}")));
            }
        }
        _ => {}
    }
    all.dedup();
    all
}
