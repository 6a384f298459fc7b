//! Values: what a claim says a property is.
//!
//! Twelve kinds. Each reads what people type ([`Value::parse`]), has one text form that loses
//! nothing and reads back as the same value ([`Value::canonical`]), a form for people
//! ([`Value::display`]), a total order among its kind ([`Value::sort_key`]) and a test of
//! whether two accounts say the same ([`Value::agreement`]).

mod count;
mod date;
mod duration;
mod identifier;
mod kind;
mod money;
mod name;
mod number;
mod place;
mod sentence;
mod term;
mod text;
mod url;

use std::cmp::Ordering;

use thiserror::Error;

use crate::id::EntityId;
use crate::lang::Lang;
use crate::registry::Registry;

pub use count::Count;
pub use date::{Date, Day};
pub use duration::Duration;
pub use identifier::Identifier;
pub use kind::{Kind, UnknownKind};
pub use money::{Currency, Money};
pub use name::{Name, NameParts};
pub use number::Decimal;
pub use place::{AreaCode, GeoPoint, Place};
pub use sentence::{Pronounced, Sentence};
pub use term::Term;
pub(crate) use term::{is_code, is_vocabulary_name};
pub use text::Text;
pub use url::WebUrl;

/// A typed value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// Words, in a language.
    Text(Text),
    /// A name as somebody writes it.
    Name(Name),
    /// A date, as precise as it is known.
    Date(Date),
    /// A number of things, with bounds.
    Count(Count),
    /// A length of time in calendar parts.
    Duration(Duration),
    /// What a court pronounced.
    Sentence(Sentence),
    /// An amount in a currency.
    Money(Money),
    /// Somewhere.
    Place(Place),
    /// A term of a vocabulary.
    Term(Term),
    /// Another entity.
    Entity(EntityId),
    /// An address on the web.
    Url(WebUrl),
    /// A number or symbol that somebody issued.
    Identifier(Identifier),
}

/// Why a text is no value of a kind: what was given, what is wrong, what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: {problem}. {hint}", shown(.given))]
pub struct ValueError {
    /// The kind that was wanted.
    pub kind: Kind,
    /// What was given.
    pub given: String,
    /// What is wrong, without a full stop.
    pub problem: String,
    /// What would be right, in whole sentences.
    pub hint: String,
}

/// The given text as an error message shows it: never empty, never a page long.
fn shown(given: &str) -> String {
    const LONGEST: usize = 80;
    if given.trim().is_empty() {
        return "(nothing)".to_owned();
    }
    if given.chars().count() <= LONGEST {
        return given.to_owned();
    }
    given.chars().take(LONGEST).chain(['…']).collect()
}

impl ValueError {
    pub(crate) fn new(kind: Kind, given: &str, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, given: given.to_owned(), problem: problem.into(), hint: hint.into() }
    }
}

/// How one account stands to another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Agreement {
    /// They say the same.
    Same,
    /// The first is true whenever the second is, and says less: `2020-07` of `2020-07-31`.
    LessPrecise,
    /// The first says more, and the second agrees with it.
    MorePrecise,
    /// Both can be true: another script, another order of the names, overlapping bounds.
    Compatible,
    /// They cannot both be true of a property that has one value.
    Different,
}

impl Agreement {
    /// The same comparison from the other side.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::LessPrecise => Self::MorePrecise,
            Self::MorePrecise => Self::LessPrecise,
            other => other,
        }
    }

    /// From which of the two says more, when what both say agrees.
    pub(crate) const fn of(self_says_more: bool, other_says_more: bool) -> Self {
        match (self_says_more, other_says_more) {
            (false, false) => Self::Same,
            (false, true) => Self::LessPrecise,
            (true, false) => Self::MorePrecise,
            (true, true) => Self::Compatible,
        }
    }
}

impl Value {
    /// Reads a value: its canonical form, or what people type (“at least 21”, “31 July 2020”,
    /// “2 million riel”, Khmer digits).
    ///
    /// A term needs `vocabulary:code` here; [`Registry::parse`] also takes bare codes and labels.
    /// `lang` is kept by texts and names and ignored by all others.
    ///
    /// # Errors
    /// [`ValueError`] says what is wrong and what would be right.
    pub fn parse(kind: Kind, text: &str, lang: Option<&Lang>) -> Result<Self, ValueError> {
        if text.trim().is_empty() {
            return Err(ValueError::new(
                kind,
                text,
                "nothing is written here",
                format!("Write {}, or leave the property out.", kind.example()),
            ));
        }
        Ok(match kind {
            Kind::Text => Self::Text(Text::new(text, lang.cloned())?),
            Kind::Name => Self::Name(Name::parse(text, lang.cloned())?),
            Kind::Date => Self::Date(Date::parse(text)?),
            Kind::Count => Self::Count(Count::parse(text)?),
            Kind::Duration => Self::Duration(Duration::parse(text)?),
            Kind::Sentence => Self::Sentence(Sentence::parse(text)?),
            Kind::Money => Self::Money(Money::parse(text)?),
            Kind::Place => Self::Place(Place::parse(text)?),
            Kind::Term => Self::Term(Term::parse(text)?),
            Kind::Entity => Self::Entity(text.trim().parse().map_err(|e: crate::EntityIdError| {
                ValueError::new(kind, text, e.to_string(), "Write the 26 characters that its page shows.")
            })?),
            Kind::Url => Self::Url(WebUrl::parse(text)?),
            Kind::Identifier => Self::Identifier(Identifier::parse(text)?),
        })
    }

    /// The one text form: `Value::parse(v.kind(), &v.canonical(), v.lang())` gives `v` again.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self {
            Self::Text(v) => v.text.clone(),
            Self::Name(v) => v.canonical(),
            Self::Date(v) => v.canonical(),
            Self::Count(v) => v.canonical(),
            Self::Duration(v) => v.canonical(),
            Self::Sentence(v) => v.canonical(),
            Self::Money(v) => v.canonical(),
            Self::Place(v) => v.canonical(),
            Self::Term(v) => v.to_string(),
            Self::Entity(v) => v.to_string(),
            Self::Url(v) => v.as_str().to_owned(),
            Self::Identifier(v) => v.canonical(),
        }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Name(_) => Kind::Name,
            Self::Date(_) => Kind::Date,
            Self::Count(_) => Kind::Count,
            Self::Duration(_) => Kind::Duration,
            Self::Sentence(_) => Kind::Sentence,
            Self::Money(_) => Kind::Money,
            Self::Place(_) => Kind::Place,
            Self::Term(_) => Kind::Term,
            Self::Entity(_) => Kind::Entity,
            Self::Url(_) => Kind::Url,
            Self::Identifier(_) => Kind::Identifier,
        }
    }

    /// The language of a text or name, if it is known.
    #[must_use]
    pub fn lang(&self) -> Option<&Lang> {
        match self {
            Self::Text(v) => v.lang.as_ref(),
            Self::Name(v) => v.lang.as_ref(),
            _ => None,
        }
    }

    /// The form for people, in English or (`km`) Khmer. The label of an entity is not known
    /// here: its id is shown.
    #[must_use]
    pub fn display(&self, registry: &Registry, locale: &str) -> String {
        match self {
            Self::Text(v) => v.text.clone(),
            Self::Name(v) => v.text.clone(),
            Self::Date(v) => v.display(locale),
            Self::Count(v) => v.display(locale),
            Self::Duration(v) => v.display(locale),
            Self::Sentence(v) => v.display(locale),
            Self::Money(v) => v.display(locale),
            Self::Place(v) => v.display(registry, locale),
            Self::Term(v) => registry.term(v).map_or_else(|| v.code.clone(), |t| t.label.get(locale).to_owned()),
            Self::Entity(v) => v.to_string(),
            Self::Url(v) => v.as_str().to_owned(),
            Self::Identifier(v) => v.value.clone(),
        }
    }

    /// Which comes first, if that can be said: never across kinds, across currencies, or for
    /// durations whose order depends on which months are meant. Where it can be said, it is the
    /// order of [`Value::sort_key`].
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.kind() != other.kind() {
            return None;
        }
        match (self, other) {
            (Self::Money(a), Self::Money(b)) if a.currency != b.currency => return None,
            (Self::Duration(a), Self::Duration(b)) if !a.is_comparable(b) => return None,
            _ => {}
        }
        Some(self.sort_key().cmp(&other.sort_key()))
    }

    /// How this account stands to another. Values of different kinds are different.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        if self == other {
            return Agreement::Same;
        }
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.agreement(b),
            (Self::Name(a), Self::Name(b)) => a.agreement(b),
            (Self::Date(a), Self::Date(b)) => a.agreement(b),
            (Self::Count(a), Self::Count(b)) => a.agreement(b),
            (Self::Duration(a), Self::Duration(b)) => a.agreement(b),
            (Self::Sentence(a), Self::Sentence(b)) => a.agreement(b),
            (Self::Money(a), Self::Money(b)) => a.agreement(b),
            (Self::Place(a), Self::Place(b)) => a.agreement(b),
            (Self::Identifier(a), Self::Identifier(b)) => a.agreement(b),
            // Terms say more with the hierarchy at hand: see `Registry::agreement`.
            _ => Agreement::Different,
        }
    }

    /// A key whose byte order is the order of the values of a kind. Two values have the same
    /// key only if they are equal.
    #[must_use]
    pub fn sort_key(&self) -> String {
        let key = match self {
            Self::Text(v) => crate::fold(&v.text),
            Self::Name(v) => v.sort_text(),
            Self::Date(v) => v.sort_text(),
            Self::Count(v) => v.sort_text(),
            Self::Duration(v) => v.sort_text(),
            Self::Sentence(v) => v.sort_text(),
            Self::Money(v) => v.sort_text(),
            Self::Place(v) => v.sort_text(),
            Self::Term(_) | Self::Entity(_) | Self::Url(_) => String::new(),
            Self::Identifier(v) => v.sort_text(),
        };
        // U+0001 sorts before anything a value can hold, so that a shorter text comes first;
        // the canonical form settles what the key leaves equal.
        let lang = self.lang().map_or("", Lang::as_str);
        format!("{key}\u{1}{}\u{1}{lang}", self.canonical())
    }
}
