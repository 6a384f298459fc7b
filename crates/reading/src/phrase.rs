//! Noun phrases: a shallow chunker over the lexicons. A sentence becomes a row of items: noun
//! phrases that name persons, bodies or countable things, dates, and single words for the rest.

mod chunk;

use crate::lexicon::Flags;
use crate::numbers;

pub(crate) use chunk::chunk;

/// What a noun phrase speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NpKind {
    /// A named person: the full name.
    Person(String),
    /// A named body.
    Organisation(String),
    Place(String),
    /// Another name: a law, a thing.
    Named(String),
    /// “eight labour activists”, “the court”.
    Common,
    /// he, she, they…
    Pronoun {
        plural: bool,
    },
    /// it: a body told of before, if anything of ours.
    It,
    /// A number that stands alone: “the four”, “all five”, “26,593”.
    Number,
    /// “nobody”
    Nobody,
}

/// A noun phrase.
#[derive(Debug, Clone)]
pub(crate) struct Np {
    pub kind: NpKind,
    /// The noun that says what it is, lower case; empty for names and pronouns.
    pub head: String,
    pub number: Option<numbers::Found>,
    pub plural: bool,
    /// the, these, all, both
    pub definite: bool,
    /// his, her, their
    pub owned: bool,
    /// “no workers”
    pub negated: bool,
    /// “other”, “another”, “others”
    pub other: bool,
    /// “118 of its officials”, “fewer than 20 of those arrested”
    pub partitive: bool,
    /// Followed by a possessive ending.
    pub possessive: bool,
    pub flags: Flags,
    /// Token where the words begin that describe it, after determiners and number.
    pub described: usize,
    /// The token after a role before a name.
    pub name_start: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum ItemKind {
    Np(Np),
    Date,
    Word,
}

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub kind: ItemKind,
    pub start: usize,
    pub end: usize,
}

impl Item {
    pub fn np(&self) -> Option<&Np> {
        match &self.kind {
            ItemKind::Np(np) => Some(np),
            _ => None,
        }
    }
}

impl Np {
    pub fn is_person(&self) -> bool {
        match &self.kind {
            NpKind::Person(_) | NpKind::Pronoun { .. } | NpKind::Nobody => true,
            NpKind::Common => self.flags.any(Flags::PERSON.with(Flags::PERSONS)),
            NpKind::Number => self.number.is_some(),
            _ => false,
        }
    }

    pub fn is_organisation(&self) -> bool {
        match &self.kind {
            NpKind::Organisation(_) | NpKind::It => true,
            NpKind::Common => {
                self.flags.any(Flags::ORGANISATION.with(Flags::ORGANISATIONS)) && !self.flags.any(Flags::PERSON)
            }
            _ => false,
        }
    }

    /// Police, courts, officials: who acts for the State.
    pub fn is_agent(&self) -> bool {
        self.flags.any(Flags::AGENT)
    }
}
