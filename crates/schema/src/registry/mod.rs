//! The registry: every schema, vocabulary and standard, and what they say of a value.

mod answer;
mod link;
mod load;
mod terms;

use std::collections::HashMap;
use std::sync::Arc;

use thiserror::Error;

use crate::schemata::{Property, Schema};
use crate::standard::Standard;
use crate::value::{Agreement, Kind, Term, Value, ValueError};
use crate::vocabulary::{TermEntry, Vocabulary};
use crate::yaml::DataError;

mod builtin {
    include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
}

/// What can be said: schemata, vocabularies and standards, loaded and checked.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    schemata: Vec<Schema>,
    schema_index: HashMap<String, usize>,
    vocabularies: Vec<Vocabulary>,
    vocabulary_index: HashMap<String, usize>,
    standards: Vec<Standard>,
}

/// Why something cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SchemaError {
    /// There is no such schema.
    #[error("there is no schema “{given}”. {hint}")]
    UnknownSchema {
        /// What was given.
        given: String,
        /// The nearest, or where to look.
        hint: String,
    },
    /// The schema has no such property.
    #[error("{schema} has no property “{given}”. {hint}")]
    UnknownProperty {
        /// The schema.
        schema: String,
        /// What was given.
        given: String,
        /// The nearest, or where to look.
        hint: String,
    },
    /// There is no such vocabulary.
    #[error("there is no vocabulary “{given}”. {hint}")]
    UnknownVocabulary {
        /// What was given.
        given: String,
        /// The nearest, or where to look.
        hint: String,
    },
    /// The vocabulary has no such term, or several by that name.
    #[error("“{given}” is not one term of vocabulary {vocabulary}. {hint}")]
    UnknownTerm {
        /// The vocabulary.
        vocabulary: String,
        /// What was given.
        given: String,
        /// The nearest, or the several.
        hint: String,
    },
    /// The value is of another kind than the property's, or its term of another vocabulary.
    #[error("{schema}.{property} wants {wanted}, not {given}")]
    WrongKind {
        /// The schema.
        schema: String,
        /// The property.
        property: String,
        /// What it wants.
        wanted: String,
        /// What was given.
        given: String,
    },
    /// The text is no value of the property's kind.
    #[error("{schema}.{property}: {source}")]
    Value {
        /// The schema.
        schema: String,
        /// The property.
        property: String,
        /// What is wrong with it.
        source: Box<ValueError>,
    },
}

impl Registry {
    /// The schemata, vocabularies and standards that the program comes with.
    ///
    /// # Errors
    /// Every fault found in them, with file and line. A released program has none: a test loads
    /// them.
    pub fn builtin() -> Result<Arc<Self>, Vec<DataError>> {
        Self::with_extensions(&[]).map(Arc::new)
    }

    /// The builtin registry with a workspace's own files: (file name, YAML) each.
    ///
    /// A file holds one schema (`schema:`), one vocabulary (`vocabulary:`) or standards
    /// (`standards:`). With `amends: true` it adds properties or terms to one that exists
    /// (a term goes below another with `broader: CODE`); without, its name must be new.
    ///
    /// # Errors
    /// Every fault found, with file and line.
    pub fn with_extensions(files: &[(String, String)]) -> Result<Self, Vec<DataError>> {
        let own = files.iter().map(|(n, t)| (n.as_str(), t.as_str()));
        load::load(builtin::FILES.iter().copied().chain(own))
    }

    /// A schema by name.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.schema_index.get(name).and_then(|i| self.schemata.get(*i))
    }

    /// All schemata, abstract ones too, in the order of their names.
    pub fn schemata(&self) -> impl Iterator<Item = &Schema> {
        self.schemata.iter()
    }

    /// Whether a schema is another, or extends it at any distance. Every schema is itself.
    #[must_use]
    pub fn is_a(&self, schema: &str, ancestor: &str) -> bool {
        self.schema(schema).is_some_and(|s| s.lineage.iter().any(|a| a == ancestor))
    }

    /// A property of a schema, own or inherited.
    ///
    /// # Errors
    /// When there is no such schema or property; the message names the nearest.
    pub fn property(&self, schema: &str, property: &str) -> Result<&Property, SchemaError> {
        let schema = self.schema(schema).ok_or_else(|| self.no_schema(schema))?;
        schema.all.iter().find(|p| p.name == property).ok_or_else(|| answer::no_property(schema, property))
    }

    /// The properties of a schema, own first, then inherited, near before far. Empty if there is
    /// no such schema.
    #[must_use]
    pub fn properties(&self, schema: &str) -> Vec<&Property> {
        self.schema(schema).map(|s| s.all.iter().collect()).unwrap_or_default()
    }

    /// The properties elsewhere that may point at an entity of this schema, each with the schema
    /// that declares it.
    #[must_use]
    pub fn inverse(&self, schema_of_target: &str) -> Vec<(&Schema, &Property)> {
        self.schemata
            .iter()
            .flat_map(|s| s.properties.iter().map(move |p| (s, p)))
            .filter(|(_, p)| {
                p.kind == Kind::Entity && (p.range.is_empty() || p.range.iter().any(|r| self.is_a(schema_of_target, r)))
            })
            .collect()
    }

    /// A vocabulary by name.
    #[must_use]
    pub fn vocabulary(&self, name: &str) -> Option<&Vocabulary> {
        self.vocabulary_index.get(name).and_then(|i| self.vocabularies.get(*i))
    }

    /// All vocabularies, in the order of their names.
    pub fn vocabularies(&self) -> impl Iterator<Item = &Vocabulary> {
        self.vocabularies.iter()
    }

    /// What is known of a term.
    #[must_use]
    pub fn term(&self, term: &Term) -> Option<&TermEntry> {
        self.vocabulary(&term.vocabulary)?.get(&term.code)
    }

    /// Whether a term is another or stands below it.
    #[must_use]
    pub fn narrower_or_equal(&self, term: &Term, broader: &Term) -> bool {
        term.vocabulary == broader.vocabulary
            && self.vocabulary(&term.vocabulary).is_some_and(|v| v.narrower_or_equal(&term.code, &broader.code))
    }

    /// A standard of proof by name.
    #[must_use]
    pub fn standard(&self, name: &str) -> Option<&Standard> {
        self.standards.iter().find(|s| s.name == name)
    }

    /// The standards, least demanding first.
    #[must_use]
    pub fn standards(&self) -> &[Standard] {
        &self.standards
    }

    /// As [`Value::agreement`], and for terms by the hierarchy: the broader says less.
    #[must_use]
    pub fn agreement(&self, a: &Value, b: &Value) -> Agreement {
        match (a, b) {
            (Value::Term(x), Value::Term(y)) if x != y => {
                if self.narrower_or_equal(x, y) {
                    Agreement::MorePrecise
                } else if self.narrower_or_equal(y, x) {
                    Agreement::LessPrecise
                } else {
                    Agreement::Different
                }
            }
            _ => a.agreement(b),
        }
    }
}

#[cfg(test)]
mod tests;
