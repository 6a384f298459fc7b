//! From a model's answer to proposals: what is not in the text is dropped, and so is what no rule could have proposed.

use reading::{
    Act, Citation, Count, Group, Person, Proposal, Quote, Reading, Relevance, Request, Saying, Sentence, Signatory,
    Victim,
};
use schema::{Date, Registry, Term};
use serde::Deserialize;
use serde_json::Value;

/// The types of acts that are proposed; what else a model makes up is dropped.
pub(crate) const ACTS: [&str; 30] = [
    "arrest",
    "detention",
    "charge",
    "indictment",
    "conviction",
    "sentence",
    "acquittal",
    "release",
    "bail",
    "summons",
    "physical-assault",
    "killing",
    "enforced-disappearance",
    "torture",
    "threat",
    "harassment",
    "surveillance",
    "raid",
    "dispersal",
    "travel-ban",
    "deportation",
    "eviction",
    "dismissal",
    "licence-revocation",
    "website-block",
    "party-disqualification",
    "party-dissolution",
    "registration-denial",
    "censorship",
    "defamation-suit",
];
/// Nobody is sentenced to longer, in months.
const LONGEST_SENTENCE: f64 = 12_000.0;
/// A quote longer than this is no quote but the document.
const LONGEST_QUOTE: usize = 1_500;

#[derive(Deserialize)]
struct Said {
    kind: String,
    #[serde(default)]
    quote: String,
    #[serde(rename = "type", default)]
    act_type: Option<String>,
    #[serde(default)]
    victim: Option<SaidVictim>,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    provisions: Vec<Value>,
    #[serde(default)]
    sentence: Option<SaidSentence>,
    #[serde(default)]
    asserter: Option<String>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    relevance: Option<String>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    min: Option<u64>,
    #[serde(default)]
    max: Option<u64>,
    #[serde(default)]
    population: Option<String>,
    #[serde(default)]
    window: Option<String>,
    #[serde(default)]
    addressee: Option<String>,
    #[serde(rename = "ref", default)]
    reference: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct SaidVictim {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    group: Option<SaidGroup>,
    #[serde(default)]
    is: Option<String>,
}

#[derive(Deserialize)]
struct SaidGroup {
    #[serde(default)]
    min: Option<u64>,
    #[serde(default)]
    max: Option<u64>,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct SaidSentence {
    #[serde(default)]
    months: Option<f64>,
    #[serde(default)]
    to_serve_months: Option<f64>,
    #[serde(default)]
    fine: Option<String>,
}

/// The proposals in a model's answer on this part of the text (`part`: its first code point and its words).
pub(crate) fn proposals(answer: &str, reading: &Reading, part: (usize, &str), registry: &Registry) -> Vec<Proposal> {
    let Some(said) = list(answer) else { return Vec::new() };
    let items = said.into_iter().filter_map(|item| serde_json::from_value::<Said>(item).ok());
    items.filter_map(|said| proposal(said, reading, part, registry)).collect()
}

/// The list of proposals, wherever in its chatter a model put it.
fn list(answer: &str) -> Option<Vec<Value>> {
    let start = answer.find(['{', '['])?;
    let end = answer.rfind(['}', ']'])?;
    match serde_json::from_str(answer.get(start..=end)?).ok()? {
        Value::Array(list) => Some(list),
        Value::Object(mut object) => match object.remove("proposals") {
            Some(Value::Array(list)) => Some(list),
            _ => None,
        },
        _ => None,
    }
}

fn proposal(said: Said, reading: &Reading, part: (usize, &str), registry: &Registry) -> Option<Proposal> {
    let at = found(&said.quote, part)?;
    let words = |text: Option<String>| text.filter(|text| in_text(reading, text)).map(|text| text.trim().to_owned());
    Some(match said.kind.as_str() {
        "act" => {
            let act_type = said.act_type.filter(|name| ACTS.contains(&name.as_str()))?;
            let victim = victim(said.victim?, reading)?;
            Proposal::Act(Act {
                sentence: sentence(said.sentence, &act_type, reading)?,
                act_type,
                victim,
                date: said.date.and_then(edtf),
                place: words(said.place),
                agent: words(said.agent),
                provisions: said.provisions.into_iter().filter_map(|value| article(&value, reading)).collect(),
                asserter: words(said.asserter),
                relevance: match said.relevance.as_deref() {
                    Some("low") => Relevance::Low,
                    _ => Relevance::High,
                },
                at,
            })
        }
        "count" => {
            let unit = said.unit.filter(|unit| known(registry, "counting-units", unit))?;
            let ordered = said.min.zip(said.max).is_none_or(|(min, max)| min <= max);
            if (said.min, said.max) == (None, None) || !ordered {
                return None;
            }
            Proposal::Count(Count {
                unit,
                min: said.min,
                max: said.max,
                population: words(said.population),
                window: said.window.and_then(edtf),
                asserter: words(said.asserter),
                at,
            })
        }
        "saying" => Proposal::Saying(Saying { asserter: words(said.asserter)?, role: words(said.role), at }),
        "request" => {
            Proposal::Request(Request { addressee: words(said.addressee), asserter: words(said.asserter), at })
        }
        "citation" => Proposal::Citation(Citation {
            reference: said.reference.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| at.quote.clone()),
            note: None,
            at,
        }),
        "signatory" => Proposal::Signatory(Signatory { name: words(said.name)?, at }),
        _ => return None,
    })
}

/// Where the quoted words stand in the part. Exactly, or not at all.
fn found(quote: &str, (first, words): (usize, &str)) -> Option<Quote> {
    let quote = quote.trim();
    let length = quote.chars().count();
    if length == 0 || length > LONGEST_QUOTE {
        return None;
    }
    let byte = words.find(quote)?;
    let start = first + words.get(..byte)?.chars().count();
    Some(Quote { quote: quote.to_owned(), start, end: start + length })
}

/// Whether these words stand in the text, apart from white space.
fn in_text(reading: &Reading, words: &str) -> bool {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = folded(words);
    !words.is_empty() && words.chars().count() <= 300 && folded(&reading.text).contains(&words)
}

fn victim(said: SaidVictim, reading: &Reading) -> Option<Victim> {
    let is = match said.is.as_deref() {
        Some("organisation" | "organization") => Person::Organisation,
        _ => Person::Person,
    };
    let name = said.name.filter(|name| in_text(reading, name));
    let group = said.group.map(|group| Group { min: group.min, max: group.max, description: group.description });
    match (name, group) {
        (Some(name), _) => Some(Victim { name: Some(name.trim().to_owned()), group: None, is }),
        (None, Some(group)) if in_text(reading, &group.description) => {
            let ordered = group.min.zip(group.max).is_none_or(|(min, max)| min <= max);
            ordered.then_some(Victim { name: None, group: Some(group), is })
        }
        _ => None,
    }
}

/// `None`: a sentence that cannot be. A term belongs to a sentence alone.
#[allow(clippy::option_option)]
fn sentence(said: Option<SaidSentence>, act_type: &str, reading: &Reading) -> Option<Option<Sentence>> {
    let Some(said) = said.filter(|_| act_type == "sentence") else { return Some(None) };
    let possible = |months: Option<f64>| months.is_none_or(|months| (0.0..=LONGEST_SENTENCE).contains(&months));
    let within = said.to_serve_months.zip(said.months).is_none_or(|(served, all)| served <= all);
    if !possible(said.months) || !possible(said.to_serve_months) || !within {
        return None;
    }
    let fine = said.fine.filter(|fine| in_text(reading, fine));
    Some(Some(Sentence { months: said.months, to_serve_months: said.to_serve_months, fine }))
}

/// An article whose number stands in the text.
fn article(value: &Value, reading: &Reading) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    in_text(reading, &text).then_some(text)
}

fn edtf(text: String) -> Option<String> {
    Date::parse(text.trim()).ok().map(|date| date.canonical())
}

fn known(registry: &Registry, vocabulary: &str, code: &str) -> bool {
    Term::new(vocabulary, code).ok().is_some_and(|term| registry.term(&term).is_some())
}
