//! Vocabularies: codes with labels, in a hierarchy, with a version.

use std::collections::{BTreeMap, HashMap};

use crate::fold::fold;
use crate::schemata::Label;
use crate::value::{Duration, Money, Term};

/// A list of terms, from data.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Vocabulary {
    /// `acts`.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// `2026-11`.
    pub version: String,
    /// The standard that the codes come from.
    pub source: String,
    /// Whom to thank, in the words they ask for; may be empty.
    pub attribution: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The terms, broader before narrower, in the order of the file.
    pub terms: Vec<TermEntry>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

/// A term.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct TermEntry {
    /// Unique in its vocabulary: `arrest`, `KH-12`, `sr-cambodia-2023.off-target`.
    pub code: String,
    /// What people read.
    pub label: Label,
    /// What it covers; may be empty.
    pub description: String,
    /// Other names that people type.
    pub aliases: Vec<String>,
    /// The same in other lists: `huridocs-mt4` → `030101000000`.
    pub codes: BTreeMap<String, String>,
    /// The code of the next broader term.
    pub broader: Option<String>,
    /// 0 at the top.
    pub depth: usize,
    /// Its place in a rule of precedence, 1 first (SDG 16.10.1: killing before torture).
    pub rank: Option<u64>,
    /// What the law threatens, for articles of a criminal code.
    pub penalty: Option<Penalty>,
    /// Whether somebody still has to check it against the source.
    pub verify: bool,
    /// Its place on a scale, higher is better, below 0 is regress. Never a number to average.
    pub order: Option<i64>,
}

/// The range of penalties that an article provides; a missing bound is not stated.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Penalty {
    /// Least prison term.
    pub minimum_term: Option<Duration>,
    /// Greatest prison term.
    pub maximum_term: Option<Duration>,
    /// Least fine.
    pub minimum_fine: Option<Money>,
    /// Greatest fine.
    pub maximum_fine: Option<Money>,
    /// Where that is read.
    pub source: String,
}

/// What a look-up by whatever somebody typed found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found<'a> {
    /// This term.
    One(&'a TermEntry),
    /// Several have that label: their codes.
    Several(Vec<&'a str>),
    /// None; the nearest code or label, if one is near.
    Nothing(Option<&'a str>),
}

impl Vocabulary {
    pub(crate) fn new(name: String, label: Label) -> Self {
        Self {
            name,
            label,
            version: String::new(),
            source: String::new(),
            attribution: String::new(),
            description: String::new(),
            terms: Vec::new(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
        }
    }

    /// Adds a term after the others. `false` if its code is taken.
    pub(crate) fn add(&mut self, entry: TermEntry) -> bool {
        if self.by_code.contains_key(&entry.code) {
            return false;
        }
        let index = self.terms.len();
        self.by_code.insert(entry.code.clone(), index);
        let names = std::iter::once(entry.code.as_str())
            .chain(entry.label.forms())
            .chain(entry.aliases.iter().map(String::as_str));
        for name in names {
            let places = self.by_name.entry(fold(name)).or_default();
            if !places.contains(&index) {
                places.push(index);
            }
        }
        self.terms.push(entry);
        true
    }

    /// The term with exactly this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&TermEntry> {
        self.by_code.get(code).and_then(|i| self.terms.get(*i))
    }

    /// The term that somebody means who types this: a code, or a label or alias in any locale,
    /// in any letter case.
    #[must_use]
    pub fn find(&self, text: &str) -> Found<'_> {
        let text = text.trim();
        if let Some(entry) = self.get(text) {
            return Found::One(entry);
        }
        let folded = fold(text);
        match self.by_name.get(&folded).map(Vec::as_slice) {
            Some([one]) => match self.terms.get(*one) {
                Some(entry) => Found::One(entry),
                None => Found::Nothing(None),
            },
            Some(several) => {
                let entries: Vec<&TermEntry> = several.iter().filter_map(|i| self.terms.get(*i)).collect();
                // A code in another letter case is meant before a label that reads the same.
                match entries.iter().find(|e| fold(&e.code) == folded) {
                    Some(entry) => Found::One(entry),
                    None => Found::Several(entries.iter().map(|e| e.code.as_str()).collect()),
                }
            }
            None => {
                let names = self.terms.iter().flat_map(|t| std::iter::once(t.code.as_str()).chain(t.label.forms()));
                Found::Nothing(crate::nearest::nearest(text, names))
            }
        }
    }

    /// The term as a value.
    #[must_use]
    pub fn value(&self, entry: &TermEntry) -> Term {
        Term { vocabulary: self.name.clone(), code: entry.code.clone() }
    }

    /// Whether the term `code` is `broader` or stands below it.
    #[must_use]
    pub fn narrower_or_equal(&self, code: &str, broader: &str) -> bool {
        let mut at = self.get(code);
        while let Some(entry) = at {
            if entry.code == broader {
                return true;
            }
            at = entry.broader.as_deref().and_then(|b| self.get(b));
        }
        false
    }

    /// The terms right below one, or the top terms.
    pub fn narrower<'a>(&'a self, broader: Option<&'a str>) -> impl Iterator<Item = &'a TermEntry> + 'a {
        self.terms.iter().filter(move |t| t.broader.as_deref() == broader)
    }
}
