//! What the text has spoken of so far: sentences with their analysis, and whom “he”, “the two men”
//! and “the union” mean.

mod memory;

use crate::clause::Clauses;
use crate::dates;
use crate::model::{Group, Person, Victim};
use crate::numbers::Bounds;
use crate::phrase::{Item, ItemKind, Np};
use crate::text::Role;
use crate::token::Token;

pub(crate) use memory::{Memory, gender_of, numbered};

/// A sentence with all that the earlier steps found in it.
#[derive(Debug)]
pub(crate) struct Sentence {
    pub paragraph: usize,
    pub role: Role,
    /// Bytes in the text.
    pub start: usize,
    pub end: usize,
    pub tokens: Vec<Token>,
    pub dates: Vec<dates::Found>,
    pub items: Vec<Item>,
    /// The item of each token.
    pub item_of: Vec<usize>,
    /// Whether each token stands inside quotation marks.
    pub quoted: Vec<bool>,
    /// Its verbs with their subjects and objects.
    pub clauses: Clauses,
}

impl Sentence {
    pub fn word(&self, item: usize) -> &str {
        match self.items.get(item) {
            Some(Item { kind: ItemKind::Word, start, .. }) => &self.tokens[*start].norm,
            _ => "",
        }
    }

    pub fn np(&self, item: usize) -> Option<&Np> {
        self.items.get(item).and_then(Item::np)
    }

    pub fn norm(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |t| t.norm.as_str())
    }

    /// Bytes of a range of tokens.
    pub fn bytes(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.tokens.get(from).map_or(self.start, |t| t.start);
        let end = to.checked_sub(1).and_then(|k| self.tokens.get(k)).map_or(self.end, |t| t.end);
        (start, end.max(start))
    }

    /// The words of a range of tokens, in one line.
    pub fn words(&self, text: &str, from: usize, to: usize) -> String {
        let (a, b) = self.bytes(from, to);
        text.get(a..b).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whom or what an act befell, or who speaks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entity {
    Person(String),
    Organisation(String),
    Group { bounds: Option<Bounds>, description: String, organisation: bool, definite: bool },
}

impl Entity {
    pub fn victim(&self) -> Victim {
        match self {
            Self::Person(name) => Victim { name: Some(name.clone()), group: None, is: Person::Person },
            Self::Organisation(name) => Victim { name: Some(name.clone()), group: None, is: Person::Organisation },
            Self::Group { bounds, description, organisation, .. } => Victim {
                name: None,
                group: Some(Group {
                    min: bounds.and_then(|b| b.min),
                    max: bounds.and_then(|b| b.max),
                    description: description.clone(),
                }),
                is: if *organisation { Person::Organisation } else { Person::Person },
            },
        }
    }

    pub const fn is_organisation(&self) -> bool {
        matches!(self, Self::Organisation(_) | Self::Group { organisation: true, .. })
    }

    fn is_many(&self) -> bool {
        match self {
            Self::Group { bounds, .. } => bounds.is_none_or(|b| b.min.is_none_or(|n| n > 1)),
            _ => false,
        }
    }
}

fn followed_by_of(sentence: &Sentence, item: usize) -> bool {
    sentence.word(item + 1) == "of"
}

/// “members of the Lucky Star casino union”: the noun phrase without its number, and what “of” adds.
pub(crate) fn describe(np: &Np, sentence: &Sentence, item: usize, text: &str) -> String {
    let Some(it) = sentence.items.get(item) else { return np.head.clone() };
    let from = np.described.min(it.end.saturating_sub(1)).max(it.start);
    let mut end = it.end;
    if followed_by_of(sentence, item)
        && let Some(next) = sentence.items.get(item + 2)
        && next.np().is_some()
    {
        end = next.end;
    }
    let words = sentence.words(text, from, end);
    if words.is_empty() { np.head.clone() } else { words }
}
