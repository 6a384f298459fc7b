//! What a schema and a property are.

use std::fmt;

use crate::fold::is_khmer;
use crate::value::Kind;

/// What people read, in English and perhaps in Khmer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Label {
    /// English.
    pub en: String,
    /// Khmer, where somebody who knows it wrote it.
    pub km: Option<String>,
}

impl Label {
    /// A label in English only.
    #[must_use]
    pub fn english(text: impl Into<String>) -> Self {
        Self { en: text.into(), km: None }
    }

    /// The label for a locale (`en`, `km`, `km-KH`, …); English where there is no other.
    #[must_use]
    pub fn get(&self, locale: &str) -> &str {
        match &self.km {
            Some(km) if is_khmer(locale) => km,
            _ => &self.en,
        }
    }

    /// Every form, for look-ups.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.en.as_str()).chain(self.km.as_deref())
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// A kind of thing of which something can be said.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Schema {
    /// `ProceedingStep`: FollowTheMoney's name where it has the thing.
    pub name: String,
    /// One of them.
    pub label: Label,
    /// Several of them.
    pub plural: Label,
    /// What it is, and the standard that it comes from.
    pub description: String,
    /// The schemata whose properties it has too.
    pub extends: Vec<String>,
    /// Whether nothing is only this: a Thing is always something more.
    pub is_abstract: bool,
    /// Whether claims can be found in it (itself or a schema it extends says so).
    pub is_source: bool,
    /// The properties that name an entity: the first that has a value is its label.
    pub caption: Vec<String>,
    /// The properties that a short view shows, in that order.
    pub featured: Vec<String>,
    /// The properties declared here, in the order of the file; for the inherited ones too ask
    /// [`crate::Registry::properties`].
    pub properties: Vec<Property>,
    /// Own and inherited, own first.
    pub(crate) all: Vec<Property>,
    /// Itself and all that it extends, near before far.
    pub(crate) lineage: Vec<String>,
}

/// Whether a property has one true value or several.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cardinality {
    /// At most one value is true; several claimed values are different accounts.
    One,
    /// Several values can be true at once.
    Many,
}

/// How much care a property asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Sensitivity {
    /// No more than any other.
    None,
    /// Data about a person (birth date, nationality).
    Personal,
    /// Data that can endanger somebody (address, health, witnesses).
    Sensitive,
}

/// What a property is called when seen from the entity that it points at.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Inverse {
    /// `actsAgainst`.
    pub name: String,
    /// “Acts against”.
    pub label: Label,
}

/// Something that can be said of an entity.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Property {
    /// `victimGroup`.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// The kind of its values.
    pub kind: Kind,
    /// For terms: the vocabulary they come from.
    pub vocabulary: Option<String>,
    /// For entities: the schemata it may point at (or what extends them).
    pub range: Vec<String>,
    /// One value or several.
    pub cardinality: Cardinality,
    /// Its name seen from the other side, if it has one.
    pub inverse: Option<Inverse>,
    /// Whether the entity is a part of the one that the property points at: an Act of its
    /// Incident, a ProceedingStep of its Proceeding.
    pub part: bool,
    /// How much care it asks for.
    pub sensitivity: Sensitivity,
    /// Whether a form must ask for it.
    pub required: bool,
    /// What it says, and the standard that it comes from.
    pub description: String,
    /// The schema that declares it.
    pub declared_in: String,
}
