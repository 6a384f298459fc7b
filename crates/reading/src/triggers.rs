//! Which words tell of which act: `data/triggers.yaml`, and where they stand in a sentence.

use std::collections::HashMap;

use schema::DataError;
use schema::yaml::Node;

use crate::lexicon::{Flags, Forms, Verbs};
use crate::model::Person;
use crate::token::Token;

/// An act type and its conditions.
#[derive(Debug, Clone)]
pub(crate) struct ActType {
    pub name: String,
    pub needs_term: bool,
    pub only: Option<Person>,
    pub scene: bool,
    pub legal: bool,
}

/// Where the victim stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Object of the active, subject of the passive.
    Object,
    /// Subject.
    Subject,
    /// Whose thing the object is.
    Holder,
    /// The pattern is a part of a list's entry, without a verb: “; in pre-trial detention”.
    Fragment,
    /// After one of these prepositions.
    To(Vec<String>),
    /// The pattern is a noun; the victim stands after one of these, or is its possessor.
    Noun(Vec<String>),
}

#[derive(Debug, Clone)]
enum Elem {
    Gap,
    Any(Vec<String>),
}

#[derive(Debug, Clone)]
struct Pattern {
    act: usize,
    place: Place,
    rest: Vec<Elem>,
    weight: usize,
}

/// How a verb form may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Form {
    pub base: bool,
    pub third: bool,
    pub past: bool,
    pub participle: bool,
    pub gerund: bool,
    pub noun: bool,
}

/// A trigger found in a sentence.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub act: usize,
    pub place: Place,
    pub form: Form,
    /// Its first token, and one past the last that the pattern took.
    pub at: usize,
    pub end: usize,
    /// One past the verb itself and the literal words right behind it.
    pub head_end: usize,
    pub weight: usize,
    /// In the passive of a holder pattern: the token of the thing (“the licence was revoked”).
    pub thing: Option<usize>,
}

pub(crate) struct Triggers {
    pub acts: Vec<ActType>,
    patterns: Vec<Pattern>,
    by_word: HashMap<String, Vec<(usize, Form)>>,
    /// First words of the patterns that begin with a verb, in their base form.
    verbs: Vec<String>,
}

/// The words of a pattern stand no farther apart than this.
const REACH: usize = 16;

impl Triggers {
    pub fn load(file: &Node, verbs: &Verbs) -> Result<Self, DataError> {
        let mut out = Self { acts: Vec::new(), patterns: Vec::new(), by_word: HashMap::new(), verbs: Vec::new() };
        out.add_all(file, verbs, false)?;
        Ok(out)
    }

    /// Adds a list of triggers. Those of an analyst (`own`) are for act types that are known already.
    pub fn add_all(&mut self, file: &Node, verbs: &Verbs, own: bool) -> Result<(), DataError> {
        for entry in file.list()? {
            entry.known_keys(&[
                "type",
                "verbs",
                "subject",
                "holder",
                "to",
                "nouns",
                "needs",
                "only",
                "scene",
                "legal",
                "fragments",
            ])?;
            let only = match entry.get("only") {
                None => None,
                Some(node) => Some(match node.str()? {
                    "person" => Person::Person,
                    "organisation" => Person::Organisation,
                    other => {
                        return Err(
                            node.error(format!("“{other}” is no kind of victim"), "Write person or organisation.")
                        );
                    }
                }),
            };
            let needs_term = match entry.get("needs") {
                None => false,
                Some(node) if node.str()? == "term" => true,
                Some(node) => {
                    return Err(node.error("only a term can be needed", "Write “needs: term”, or take the line out."));
                }
            };
            let node = entry.require("type")?;
            let name = node.str()?.to_owned();
            let known = self.acts.iter().find(|a| a.name == name).cloned();
            if own && known.is_none() {
                return Err(node.error(
                    format!("“{name}” is no act type"),
                    "Write one of the types that `data/triggers.yaml` has: arrest, detention, charge…",
                ));
            }
            let like = known.filter(|_| own);
            let flag = |key: &str, like: Option<bool>| -> Result<bool, DataError> {
                if entry.get(key).is_some() { entry.flag(key) } else { Ok(like.unwrap_or(false)) }
            };
            let act = self.acts.len();
            self.acts.push(ActType {
                needs_term: needs_term || entry.get("needs").is_none() && like.as_ref().is_some_and(|l| l.needs_term),
                only: only.or_else(|| like.as_ref().filter(|_| entry.get("only").is_none()).and_then(|l| l.only)),
                scene: flag("scene", like.as_ref().map(|l| l.scene))?,
                legal: flag("legal", like.as_ref().map(|l| l.legal))?,
                name,
            });
            for key in ["verbs", "subject", "holder", "to", "nouns", "fragments"] {
                let Some(list) = entry.get(key) else { continue };
                for node in list.one_or_many() {
                    self.add(node, key, act, verbs)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, node: &Node, key: &str, act: usize, verbs: &Verbs) -> Result<(), DataError> {
        let text = node.str()?;
        let (words, after) = match text.split_once('>') {
            Some((words, after)) => (words.trim(), Some(after.trim())),
            None => (text.trim(), None),
        };
        let mut words = words.split_whitespace();
        let first = words
            .next()
            .filter(|w| *w != "..")
            .ok_or_else(|| node.error("a trigger begins with a word", "Write the verb or noun first."))?;
        let rest: Vec<Elem> = words
            .map(|w| if w == ".." { Elem::Gap } else { Elem::Any(w.split('|').map(str::to_owned).collect()) })
            .collect();
        if matches!(rest.last(), Some(Elem::Gap)) {
            return Err(node.error("a trigger cannot end with “..”", "Take the dots out."));
        }
        let prepositions = |default: &str| -> Vec<String> {
            after.unwrap_or(default).split(' ').next().unwrap_or(default).split('|').map(str::to_owned).collect()
        };
        let place = match key {
            "verbs" => Place::Object,
            "subject" => Place::Subject,
            "holder" => Place::Holder,
            "fragments" => Place::Fragment,
            "nouns" => Place::Noun(prepositions("of|against")),
            _ if after.is_none() => {
                return Err(node.error("the preposition is missing", "Write “file .. lawsuit > against”."));
            }
            _ => Place::To(prepositions("to")),
        };
        let weight = 1 + rest.iter().filter(|e| matches!(e, Elem::Any(_))).count();
        let index = self.patterns.len();
        let noun = matches!(place, Place::Noun(_));
        let place_is_fragment = place == Place::Fragment;
        self.patterns.push(Pattern { act, place, rest, weight });
        if place_is_fragment {
            let form = Form { participle: true, ..Form::default() };
            self.by_word.entry(first.to_owned()).or_default().push((index, form));
        } else if noun {
            let form = Form { noun: true, ..Form::default() };
            self.by_word.entry(first.to_owned()).or_default().push((index, form));
        } else {
            self.verbs.push(first.to_owned());
            for (word, form) in readings(&verbs.forms(first)) {
                self.by_word.entry(word).or_default().push((index, form));
            }
            if first == "be" {
                for (word, form) in readings(&verbs.forms("am")) {
                    if word != "am" && word != "been" && word != "being" {
                        self.by_word.entry(word).or_default().push((index, form));
                    }
                }
            }
        }
        Ok(())
    }

    /// The act type of a name.
    pub fn act(&self, name: &str) -> Option<usize> {
        self.acts.iter().position(|a| a.name == name)
    }

    /// The verbs that patterns begin with, in their base form.
    pub fn verbs(&self) -> Vec<String> {
        self.verbs.clone()
    }

    pub fn first_words(&self) -> Vec<String> {
        self.by_word
            .iter()
            // Verbs that do many other things must not end a noun phrase by themselves.
            .filter(|(_, list)| list.iter().any(|(p, f)| self.patterns[*p].weight == 1 && f.noun || self.patterns[*p].place != Place::Fragment && self.patterns[*p].weight == 1))
            .map(|(w, _)| w.clone())
            .collect()
    }

    /// The triggers that begin at a token: for each act type the most specific, and of different
    /// act types those that are as specific as the best (“released on bail” is release and bail).
    pub fn at(&self, tokens: &[Token], at: usize) -> Vec<Hit> {
        let Some(token) = tokens.get(at) else { return Vec::new() };
        let Some(list) = self.by_word.get(&token.norm) else { return Vec::new() };
        let mut hits: Vec<Hit> = Vec::new();
        for (index, form) in list {
            let pattern = &self.patterns[*index];
            let found = matches(&pattern.rest, tokens, at + 1).map(|(end, head_end)| (end, head_end, None));
            if pattern.place == Place::Fragment
                && token.norm != "on"
                && !at.checked_sub(1).and_then(|k| tokens.get(k)).is_some_and(|t| {
                    matches!(t.norm.as_str(), ";" | "|" | "(")
                        || matches!(token.norm.as_str(), "guilty" | "not")
                            && matches!(t.norm.as_str(), ":" | "," | "–" | "—" | ".")
                })
            {
                continue;
            }
            let Some((end, head_end, thing)) = found.or_else(|| reversed(pattern, *form, tokens, at)) else { continue };
            let hit = Hit {
                thing,
                act: pattern.act,
                place: pattern.place.clone(),
                form: *form,
                at,
                end,
                head_end,
                weight: pattern.weight,
            };
            match hits.iter_mut().find(|h| h.act == hit.act && h.place == hit.place) {
                Some(old) if old.weight >= hit.weight => {}
                Some(old) => *old = hit,
                None => hits.push(hit),
            }
        }
        let best = hits.iter().map(|h| h.weight).max().unwrap_or(0);
        let name = |h: &Hit| self.acts[h.act].name.as_str();
        let bail = hits.iter().any(|h| name(h) == "bail");
        // Of the best act other patterns stay too: “given six years”, where nothing follows “to”.
        let acts: Vec<usize> = hits.iter().filter(|h| h.weight == best).map(|h| h.act).collect();
        let keep: Vec<bool> = hits
            .iter()
            .map(|h| h.weight == best || acts.contains(&h.act) || (bail && name(h) == "release") || h.form.noun)
            .collect();
        let mut kept = keep.into_iter();
        hits.retain(|_| kept.next().unwrap_or(false));
        hits.sort_by_key(|h| (std::cmp::Reverse(h.weight), h.place != Place::Holder));
        hits
    }
}

fn readings(forms: &Forms) -> Vec<(String, Form)> {
    let mut out: Vec<(String, Form)> = Vec::new();
    for word in forms.all() {
        let form = Form {
            base: word == forms.base,
            third: word == forms.third,
            past: word == forms.past,
            participle: word == forms.participle,
            gerund: word == forms.gerund,
            noun: false,
        };
        if !out.iter().any(|(w, _)| *w == word) {
            out.push((word, form));
        }
    }
    out
}

/// “VOD's licence was revoked”: the passive of “revoke .. licence”.
fn reversed(pattern: &Pattern, form: Form, tokens: &[Token], at: usize) -> Option<(usize, usize, Option<usize>)> {
    let to = matches!(pattern.place, Place::To(_)) && pattern.rest.len() >= 2;
    if pattern.place != Place::Holder && !to || !form.participle {
        return None;
    }
    let Some(Elem::Any(words)) = pattern.rest.last() else { return None };
    // “was turned down”: the words right behind the verb stay there.
    let fixed = pattern.rest.len().saturating_sub(2);
    let (end, _) = matches(&pattern.rest[..fixed], tokens, at + 1)?;
    let from = at.saturating_sub(if to { 22 } else { 14 });
    let near = tokens.get(from..at)?;
    if !near.iter().rev().take(4).any(|t| t.is(Flags::BE)) {
        return None;
    }
    let thing = near.iter().rposition(|t| words.contains(&t.norm))? + from;
    let between = tokens.get(thing..at)?;
    (!between.iter().any(|t| matches!(t.norm.as_str(), ";" | "and" | "but"))).then_some((end, end, Some(thing)))
}

/// Matches the rest of a pattern; where it ends, and where the words right behind the verb end.
fn matches(rest: &[Elem], tokens: &[Token], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    let mut head_end = from;
    let mut adjacent = true;
    let mut relative = false;
    let mut i = 0;
    while i < rest.len() {
        match &rest[i] {
            Elem::Any(words) => {
                if !words.contains(&tokens.get(at)?.norm) {
                    return None;
                }
                at += 1;
                if adjacent {
                    head_end = at;
                }
            }
            Elem::Gap => {
                let Some(Elem::Any(words)) = rest.get(i + 1) else { return None };
                // Nothing stands in the gap: “found guilty”.
                adjacent &= tokens.get(at).is_some_and(|t| words.contains(&t.norm));
                let limit = (at + REACH).min(tokens.len());
                let negation = words.iter().any(|w| w == "not");
                let mut k = at;
                loop {
                    let token = tokens.get(k).filter(|_| k < limit)?;
                    if words.contains(&token.norm) {
                        break;
                    }
                    relative |= matches!(token.norm.as_str(), "who" | "which");
                    let stop = matches!(
                        token.norm.as_str(),
                        ";" | ":" | "“" | "”" | "\"" | "." | "but" | "after" | "when" | "while"
                    ) || token.is(Flags::SPEECH.with(Flags::MODAL))
                        && !token.is(Flags::PERSON)
                        && !relative
                        && !(negation && token.is(Flags::MODAL));
                    if stop {
                        return None;
                    }
                    k += 1;
                }
                at = k;
            }
        }
        i += 1;
    }
    Some((at, head_end))
}
