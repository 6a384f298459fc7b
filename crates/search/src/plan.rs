//! A question made ready: every word with the forms and spellings that stand for it in what this audience sees.

use std::collections::BTreeSet;

use schema::Registry;

use crate::Error;
use crate::fields::Analysed;
use crate::query::{Field, Node};
use crate::spelled::key;
use crate::words::{normal, unaccented};

/// What a hit on the word itself weighs, and on another spelling of the name.
const ITSELF: u16 = 4;
const ANOTHER_SPELLING: u16 = 2;
/// A Latin word shorter than this (in letters) is not taken for a name spelled otherwise.
const SHORTEST_NAME: usize = 3;
/// Spellings of one name that are looked for.
const MOST_SPELLINGS: usize = 24;

/// What is looked for, in terms of the index.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plan {
    All,
    /// Any of these normal forms; the weight of each.
    Word(Vec<(String, u16)>),
    /// Exact forms, one after the other.
    Phrase(Vec<String>),
    /// The beginning of an exact form.
    Prefix(String),
    /// Any of these words of names.
    Name(Vec<(String, String)>),
    /// A normal form in the labels of sources, or in places.
    In(Field, String),
    /// Any of these facets' terms.
    Facet(Vec<String>),
    Days(Days),
    And(Vec<Plan>),
    Or(Vec<Plan>),
    Not(Box<Plan>),
}

/// A window, by the numbers of its days; the ends of the range of numbers where it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) from: i32,
    pub(crate) to: i32,
    pub(crate) certainly: bool,
}

impl Days {
    /// Whether something of these days is in the window.
    pub(crate) fn hold(self, (first, last): (i32, i32), firm: bool) -> bool {
        if first > last {
            return false;
        }
        if self.certainly {
            firm && first >= self.from && last <= self.to
        } else {
            first <= self.to && last >= self.from
        }
    }
}

/// What the audience's names are spelled like.
pub(crate) trait Spellings {
    /// How the words of this key are written, in names that this audience sees.
    fn written(&self, key: &str) -> Result<Vec<String>, Error>;
}

/// Makes a question ready.
pub(crate) fn plan(node: &Node, registry: &Registry, spellings: &dyn Spellings) -> Result<Plan, Error> {
    Ok(match node {
        Node::Word(word) => any_spelling(word, spellings)?,
        Node::Unspaced(words) => unspaced(words, spellings)?,
        Node::Phrase(words) => Plan::Phrase(words.clone()),
        Node::Prefix(beginning) => Plan::Prefix(beginning.clone()),
        Node::Within(Field::Name, words) => names(words, spellings)?,
        Node::Within(field, words) => Plan::And(words.iter().map(|word| Plan::In(*field, normal(word))).collect()),
        Node::Type(schema) => {
            let below = registry.schemata().filter(|known| registry.is_a(&known.name, schema));
            Plan::Facet(below.map(|known| format!("t={}", known.name)).collect())
        }
        Node::Lang(code) => Plan::Facet(vec![format!("l={code}")]),
        Node::Date(window) => {
            let (from, to) = window.date.possible_range();
            let day = |day: Option<schema::Day>, open: i32| {
                day.map_or(open, |day| {
                    i32::try_from(day.number()).unwrap_or(if day.number() < 0 { i32::MIN } else { i32::MAX })
                })
            };
            Plan::Days(Days { from: day(from, i32::MIN), to: day(to, i32::MAX), certainly: window.certainly })
        }
        Node::And(nodes) => all(nodes, registry, spellings)?,
        Node::Or(nodes) => {
            Plan::Or(nodes.iter().map(|node| plan(node, registry, spellings)).collect::<Result<_, _>>()?)
        }
        Node::Not(node) => Plan::Not(Box::new(plan(node, registry, spellings)?)),
    })
}

/// All of them; two neighbouring words may be one name: “Sovann Chhay” is also Sovannchhay.
fn all(nodes: &[Node], registry: &Registry, spellings: &dyn Spellings) -> Result<Plan, Error> {
    let mut parts = Vec::with_capacity(nodes.len());
    let mut at = 0;
    while let Some(node) = nodes.get(at) {
        at += 1;
        if let (Node::Word(a), Some(Node::Word(b))) = (node, nodes.get(at))
            && let Some(joined) = joined(a, b, spellings)?
        {
            let apart = Plan::And(vec![any_spelling(a, spellings)?, any_spelling(b, spellings)?]);
            parts.push(Plan::Or(vec![apart, joined]));
            at += 1;
            continue;
        }
        parts.push(plan(node, registry, spellings)?);
    }
    Ok(Plan::And(parts))
}

fn joined(a: &str, b: &str, spellings: &dyn Spellings) -> Result<Option<Plan>, Error> {
    let one = format!("{}{}", unaccented(a), unaccented(b));
    if !is_name_like(&one) {
        return Ok(None);
    }
    let written = spellings.written(&key(&one))?;
    let single: Vec<(String, u16)> =
        written.iter().filter(|word| !word.contains(' ')).map(|word| (normal(word), ANOTHER_SPELLING)).collect();
    Ok((!single.is_empty()).then_some(Plan::Word(single)))
}

fn is_name_like(word: &str) -> bool {
    if word.is_ascii() {
        word.len() >= SHORTEST_NAME && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    } else {
        // Of a script of syllables two letters may be a name.
        word.chars().nth(1).is_some() && !word.chars().any(char::is_numeric)
    }
}

/// A word, or another spelling of it where it is a name.
fn any_spelling(word: &str, spellings: &dyn Spellings) -> Result<Plan, Error> {
    let mut forms = vec![(normal(word), ITSELF)];
    let mut plans = other_spellings(word, &mut forms, spellings)?;
    plans.insert(0, Plan::Word(forms));
    Ok(any(plans))
}

/// Words typed without a space: as they stand, or another spelling of the name that they are together.
fn unspaced(words: &[String], spellings: &dyn Spellings) -> Result<Plan, Error> {
    let mut forms = Vec::new();
    let mut plans = other_spellings(&words.concat(), &mut forms, spellings)?;
    plans.retain(|plan| !matches!(plan, Plan::Phrase(known) if known == words));
    if !forms.is_empty() {
        plans.insert(0, Plan::Word(forms));
    }
    plans.insert(0, Plan::Phrase(words.to_vec()));
    Ok(any(plans))
}

/// How else the names of this audience are written that sound so: single words beside `forms`, others as phrases.
fn other_spellings(word: &str, forms: &mut Vec<(String, u16)>, spellings: &dyn Spellings) -> Result<Vec<Plan>, Error> {
    let mut split = Vec::new();
    let plain = unaccented(word);
    if !is_name_like(&plain) {
        return Ok(split);
    }
    for written in spellings.written(&key(&plain))?.into_iter().take(MOST_SPELLINGS) {
        if written.contains(' ') {
            split.push(Plan::Phrase(written.split(' ').map(str::to_owned).collect()));
            continue;
        }
        let form = normal(&written);
        if forms.iter().all(|(known, _)| *known != form) {
            forms.push((form, ANOTHER_SPELLING));
        }
    }
    Ok(split)
}

fn any(mut plans: Vec<Plan>) -> Plan {
    if plans.len() == 1 { plans.remove(0) } else { Plan::Or(plans) }
}

fn names(words: &[String], spellings: &dyn Spellings) -> Result<Plan, Error> {
    let one = |word: &str| -> Result<Plan, Error> {
        let key = key(word);
        let written = spellings.written(&key)?;
        Ok(Plan::Name(written.into_iter().map(|written| (key.clone(), written)).collect()))
    };
    let mut plain: Vec<String> = words.iter().map(|word| unaccented(word).into_owned()).collect();
    let apart = Plan::And(plain.iter().map(|word| one(word)).collect::<Result<_, _>>()?);
    if plain.len() != 2 {
        return Ok(apart);
    }
    let second = plain.pop().unwrap_or_default();
    let first = plain.pop().unwrap_or_default();
    Ok(Plan::Or(vec![apart, one(&format!("{first}{second}"))?]))
}

impl Plan {
    /// Whether a document is found by it: what the index answers, without one.
    pub(crate) fn finds(&self, document: &Analysed) -> bool {
        match self {
            Plan::All => true,
            Plan::Word(forms) => forms.iter().any(|(form, _)| document.words.contains(form)),
            Plan::Phrase(words) => has_phrase(&document.exact, words),
            Plan::Prefix(beginning) => document.exact.iter().any(|(word, _)| word.starts_with(beginning.as_str())),
            Plan::Name(names) => document
                .names
                .iter()
                .any(|name| names.iter().any(|(key, written)| name.key == *key && name.written == *written)),
            Plan::In(Field::Source, word) => document.sources.contains(word),
            Plan::In(_, word) => document.places.contains(word),
            Plan::Facet(terms) => document.facets.iter().any(|facet| terms.contains(facet)),
            Plan::Days(days) => days.hold(document.days, document.profile.firm),
            Plan::And(plans) => plans.iter().all(|plan| plan.finds(document)),
            Plan::Or(plans) => plans.iter().any(|plan| plan.finds(document)),
            Plan::Not(plan) => !plan.finds(document),
        }
    }

    /// What is to be marked in what is found: words that are asked for, not those that must not be there.
    pub(crate) fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        self.collect(&mut wanted);
        wanted
    }

    fn collect(&self, wanted: &mut Wanted) {
        match self {
            Plan::Word(forms) => wanted.forms.extend(forms.iter().map(|(form, _)| form.clone())),
            Plan::Phrase(words) => wanted.phrases.push(words.clone()),
            Plan::Prefix(beginning) => wanted.beginnings.push(beginning.clone()),
            Plan::Name(names) => {
                wanted.forms.extend(names.iter().flat_map(|(_, written)| written.split(' ')).map(normal));
            }
            Plan::In(_, word) => {
                wanted.forms.insert(word.clone());
            }
            Plan::And(plans) | Plan::Or(plans) => plans.iter().for_each(|plan| plan.collect(wanted)),
            Plan::All | Plan::Facet(_) | Plan::Days(_) | Plan::Not(_) => {}
        }
    }
}

fn has_phrase(exact: &[(String, usize)], words: &[String]) -> bool {
    words.is_empty()
        || exact.windows(words.len()).any(|window| {
            let first = window.first().map_or(0, |(_, place)| *place);
            window
                .iter()
                .zip(words)
                .enumerate()
                .all(|(nth, ((word, place), wanted))| word == wanted && *place == first + nth)
        })
}

/// Words to be marked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) forms: BTreeSet<String>,
    pub(crate) phrases: Vec<Vec<String>>,
    pub(crate) beginnings: Vec<String>,
}
