//! The twelve kinds of value.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::nearest::did_you_mean;

/// A kind of value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Words in a language.
    Text,
    /// A name as written.
    Name,
    /// A date (EDTF).
    Date,
    /// A number with bounds.
    Count,
    /// A length of time.
    Duration,
    /// A court's sentence.
    Sentence,
    /// An amount of money.
    Money,
    /// A place.
    Place,
    /// A term of a vocabulary.
    Term,
    /// A reference to an entity.
    Entity,
    /// A web or mail address.
    Url,
    /// An issued number or symbol.
    Identifier,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Text,
        Self::Name,
        Self::Date,
        Self::Count,
        Self::Duration,
        Self::Sentence,
        Self::Money,
        Self::Place,
        Self::Term,
        Self::Entity,
        Self::Url,
        Self::Identifier,
    ];

    /// The word for it in files: lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Name => "name",
            Self::Date => "date",
            Self::Count => "count",
            Self::Duration => "duration",
            Self::Sentence => "sentence",
            Self::Money => "money",
            Self::Place => "place",
            Self::Term => "term",
            Self::Entity => "entity",
            Self::Url => "url",
            Self::Identifier => "identifier",
        }
    }

    /// What a person can write, for hints and for the help beside a form's field.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Text => "some words",
            Self::Name => "a name such as Rong Chhun",
            Self::Date => "a date such as 31 July 2020, 2020-07 or about August 2020",
            Self::Count => "a number such as 19, at least 21 or 10 to 12",
            Self::Duration => "a length of time such as 18 months or 15 months 11 days",
            Self::Sentence => {
                "a sentence such as 24 months; 20 months, 15 months 11 days to serve; or 12 months \
                 suspended"
            }
            Self::Money => "an amount with its currency, such as 2 million riel or 500 USD",
            Self::Place => "a place such as Wat Botum Park [KH-12]",
            Self::Term => "a term of the vocabulary",
            Self::Entity => "an entity's id",
            Self::Url => "an address that begins with https://",
            Self::Identifier => "a symbol such as A/HRC/51/66",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no kind of value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{given}” is not a kind of value. {hint}")]
pub struct UnknownKind {
    /// What was given.
    pub given: String,
    /// What would be right.
    pub hint: String,
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|k| k.as_str() == text).ok_or_else(|| UnknownKind {
            given: text.to_owned(),
            hint: did_you_mean(
                text,
                Self::ALL.map(Self::as_str),
                "Write one of: text, name, date, count, duration, sentence, money, place, \
                     term, entity, url, identifier.",
            ),
        })
    }
}
