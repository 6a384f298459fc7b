//! The answer: a number that is never without what it means.

use ledger::{Clearance, Digest};
use schema::EntityId;
use sha2::{Digest as _, Sha256};

use crate::bounds::Bounds;
use crate::item::{CountedGroup, Item};
use crate::published::Published;
use crate::{Error, Title, json};

/// A named count, computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// `defenders-arrested-2020`.
    pub name: String,
    /// What people read above the number.
    pub title: Title,
    /// Who and what is counted, in prose.
    pub definition: String,
    /// `persons` or `acts`.
    pub unit: String,
    /// Codes of the types of acts.
    pub acts: Vec<String>,
    /// Codes of the groups of victims; empty: anybody.
    pub victim_groups: Vec<String>,
    /// From when to when, both days included (ISO 8601-2).
    pub window: String,
    /// Code of the place; `None`: anywhere.
    pub place: Option<String>,
    /// Name of the standard of proof.
    pub standard: String,
    /// Whose eyes it was computed with.
    pub clearance: Clearance,
    /// Entries of the ledger that it is computed from.
    pub position: u64,
    /// SHA-256 of [`Figure::canonical`].
    pub digest: Digest,
    /// What is certain.
    pub lower: u64,
    /// What is possible; `None`: there is no end to it.
    pub upper: Option<u64>,
    /// The number in the figure's own unit, with its words.
    pub count: Count,
    /// In other units, counted apart: never to be added to the first.
    pub also: Vec<Count>,
    /// The list behind the number.
    pub items: Vec<Item>,
    /// Groups with members who are not named.
    pub groups: Vec<CountedGroup>,
    /// What others published, and what each counts differently.
    pub published: Vec<Published>,
    /// Texts that define the terms used, with their labels.
    pub sources: Vec<(EntityId, String)>,
    /// What the sources cover, and what they miss.
    pub source_note: Option<String>,
    /// Acts that would count, but nothing says when they were.
    pub undated: usize,
    /// Claims that it rested on or might have, and that were destroyed; as far as this view may know of that.
    pub gone: usize,
}

/// A number in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// `persons` or `acts`.
    pub unit: String,
    /// What is certain.
    pub lower: u64,
    /// What is possible.
    pub upper: Option<u64>,
    /// What one of it is called: `person`, `arrest`.
    pub one: String,
    /// What several are called: `persons`, `arrests`.
    pub many: String,
}

impl Count {
    /// “at least 15 and at most 21 persons”, “19 arrests”, “at least 3 persons”.
    #[must_use]
    pub fn words(&self) -> String {
        let noun = |n: u64| if n == 1 { &self.one } else { &self.many };
        match (self.lower, self.upper) {
            (0, Some(0)) => format!("no {}", self.many),
            (0, None) => format!("an unknown number of {}", self.many),
            (0, Some(most)) => format!("at most {} {}", grouped(most), noun(most)),
            (least, Some(most)) if least == most => format!("{} {}", grouped(least), noun(least)),
            (least, Some(most)) => format!("at least {} and at most {} {}", grouped(least), grouped(most), noun(most)),
            (least, None) => format!("at least {} {}", grouped(least), noun(least)),
        }
    }

    pub(crate) fn of(unit: &str, bounds: Bounds, (one, many): (String, String)) -> Self {
        Count { unit: unit.to_owned(), lower: bounds.lower, upper: bounds.upper, one, many }
    }
}

impl Figure {
    /// The number in words: “at least 15 and at most 21 persons”.
    #[must_use]
    pub fn words(&self) -> String {
        self.count.words()
    }

    /// The figure as data: one JSON object, indented, ending in a line break. The same position and definition give the
    /// same bytes. (The shape is that of `rapporteur figure NAME --json`.)
    #[must_use]
    pub fn json(&self) -> String {
        // Nothing in it can fail to be written: keys are texts, numbers are whole.
        json::pretty(self).unwrap_or_default()
    }

    /// What the digest is of: the same object without `digest`, in the same order, without any white space between.
    ///
    /// Whoever holds the JSON can check it: take `digest` out, write the rest so, and hash it.
    ///
    /// # Errors
    /// [`Error::Json`], when it cannot be written.
    pub fn canonical(&self) -> Result<String, Error> {
        json::canonical(self)
    }

    pub(crate) fn sealed(mut self) -> Result<Self, Error> {
        self.digest = Digest(Sha256::digest(self.canonical()?.as_bytes()).into());
        Ok(self)
    }
}

/// Groups of three digits, as English writes them.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        let words =
            |lower, upper| Count::of("persons", Bounds { lower, upper }, ("person".into(), "persons".into())).words();
        assert_eq!(words(15, Some(21)), "at least 15 and at most 21 persons");
        assert_eq!(words(17, Some(17)), "17 persons");
        assert_eq!(words(1, Some(1)), "1 person");
        assert_eq!(words(0, Some(1)), "at most 1 person");
        assert_eq!(words(0, Some(0)), "no persons");
        assert_eq!(words(1_234_567, None), "at least 1,234,567 persons");
    }
}
