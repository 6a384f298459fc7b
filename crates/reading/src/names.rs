//! Names of persons, organisations and places: runs of capitalised words, told apart by what is
//! in them and around them, in the whole document rather than in one sentence.

mod runs;

use std::collections::HashMap;

use crate::lexicon::Lexicon;
use crate::token::{Case, Token};
use runs::runs;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Person,
    Organisation,
    Place,
    Law,
    Other,
}

/// A name in a sentence.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Tokens of the name itself, without title or role.
    pub start: usize,
    pub end: usize,
    /// First token of the title or role before it.
    pub lead: usize,
    pub kind: NameKind,
    /// The fullest form that the document has.
    pub name: String,
}

/// What the document as a whole says of its names.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// Evidence by name in lower case.
    scores: HashMap<String, i32>,
    /// Full names of persons, in order of appearance.
    persons: Vec<String>,
    organisations: Vec<String>,
    /// Words that occur in lower case: common words.
    common: std::collections::HashSet<String>,
}

fn text_of<'a>(text: &'a str, tokens: &[Token], start: usize, end: usize) -> &'a str {
    match (tokens.get(start), end.checked_sub(1).and_then(|e| tokens.get(e))) {
        (Some(a), Some(b)) => text.get(a.start..b.end).unwrap_or_default(),
        _ => "",
    }
}

fn spaced(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Registry {
    fn knows(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn knows_organisation(&self, name: &str) -> bool {
        self.organisations.iter().any(|o| o.to_lowercase() == name)
    }

    fn is_person_at(&self, tokens: &[Token], at: usize) -> bool {
        self.persons.iter().any(|p| {
            let parts: Vec<String> = p.to_lowercase().split(' ').map(str::to_owned).collect();
            parts.iter().enumerate().all(|(k, w)| tokens.get(at + k).is_some_and(|t| t.norm == *w))
        })
    }

    /// The full name behind a full or short one.
    pub fn find(&self, name: &str) -> Option<&str> {
        let lower = name.to_lowercase();
        let exact = self.persons.iter().find(|p| p.to_lowercase() == lower);
        exact
            .or_else(|| {
                let words: Vec<&str> = lower.split(' ').collect();
                self.persons.iter().find(|p| {
                    let full = p.to_lowercase();
                    let full: Vec<&str> = full.split(' ').collect();
                    words.len() < full.len() && words.iter().all(|w| full.contains(w))
                })
            })
            // “Seng Theary” and “Theary Seng”.
            .or_else(|| {
                let mut words: Vec<&str> = lower.split(' ').collect();
                words.sort_unstable();
                self.persons.iter().find(|p| {
                    let full = p.to_lowercase();
                    let mut full: Vec<&str> = full.split(' ').collect();
                    full.sort_unstable();
                    full == words
                })
            })
            .map(String::as_str)
    }

    /// First pass: every name with its evidence. `sentences` are the tokens of body text.
    pub fn learn(text: &str, sentences: &[(&[Token], Vec<bool>)], lexicon: &Lexicon) -> Self {
        let mut registry = Self::default();
        for (tokens, _) in sentences {
            for t in *tokens {
                if t.case == Case::Lower {
                    registry.common.insert(t.norm.clone());
                }
            }
        }
        let mut order: Vec<(String, String)> = Vec::new();
        for (tokens, dated) in sentences {
            let taken = |k: usize| dated.get(k).copied().unwrap_or(false);
            for run in runs(tokens, &taken, &registry, lexicon) {
                let name = spaced(text_of(text, tokens, run.start, run.end));
                let key = name.to_lowercase();
                *registry.scores.entry(key.clone()).or_default() += run.score;
                if run.guess == NameKind::Organisation {
                    registry.organisations.push(name.clone());
                }
                if !order.iter().any(|(k, _)| *k == key) {
                    order.push((key, name));
                }
            }
        }
        // Longer names first become persons; then “Ms Sreymom” finds “Chum Sreymom”.
        for (key, name) in &order {
            if name.contains(' ') && registry.scores.get(key).is_some_and(|s| *s > 0) {
                registry.persons.push(name.clone());
            }
        }
        for (key, name) in &order {
            if !name.contains(' ') && registry.scores.get(key).is_some_and(|s| *s >= 4) && !registry.knows(name) {
                registry.persons.push(name.clone());
            }
        }
        registry
    }

    /// Second pass: the names of a sentence.
    pub fn names(&self, text: &str, tokens: &[Token], taken: &dyn Fn(usize) -> bool, lexicon: &Lexicon) -> Vec<Named> {
        runs(tokens, taken, self, lexicon)
            .into_iter()
            .map(|run| {
                let name = spaced(text_of(text, tokens, run.start, run.end));
                let key = name.to_lowercase();
                let full = match run.guess {
                    NameKind::Organisation | NameKind::Place | NameKind::Law if !self.persons.contains(&name) => None,
                    _ => self.find(&key),
                };
                let kind = match (full, run.guess) {
                    (Some(_), _) => NameKind::Person,
                    (None, NameKind::Person) if run.score >= 4 => NameKind::Person,
                    (None, NameKind::Person) => NameKind::Other,
                    (None, guess) => guess,
                };
                let name = full.map_or(name, str::to_owned);
                Named { start: run.start, end: run.end, lead: run.lead, kind, name }
            })
            .collect()
    }
}
