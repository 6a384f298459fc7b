//! Reading and checking a value for a property.

use crate::lang::Lang;
use crate::nearest::did_you_mean;
use crate::schemata::{Property, Schema};
use crate::value::{AreaCode, Kind, Place, Term, Value};
use crate::vocabulary::{Found, Vocabulary};

use super::{Registry, SchemaError};

/// The vocabulary of areas.
const PLACES: &str = "places";

impl Registry {
    /// Reads a value for a property.
    ///
    /// As [`Value::parse`]; a term may also be a bare code, or a label or alias in any locale and
    /// letter case, and must exist. A place whose whole name is that of an area of vocabulary
    /// `places` gets its code: “Phnom Penh” is `Phnom Penh [KH-12]`.
    ///
    /// # Errors
    /// When the schema or property is unknown, the text is no value of its kind, or the term or
    /// area does not exist.
    pub fn parse(&self, schema: &str, property: &str, text: &str, lang: Option<&Lang>) -> Result<Value, SchemaError> {
        let known = self.property(schema, property)?;
        if known.kind == Kind::Term && !text.trim().is_empty() {
            return self.find_term(schema, known, text).map(Value::Term);
        }
        let value = Value::parse(known.kind, text, lang).map_err(|source| SchemaError::Value {
            schema: schema.to_owned(),
            property: property.to_owned(),
            source: Box::new(source),
        })?;
        let value = match value {
            Value::Place(place) => Value::Place(self.with_area(place)),
            other => other,
        };
        self.check(schema, property, &value)?;
        Ok(value)
    }

    /// Checks that a value can stand under a property: its kind, and for a term or an area that
    /// it exists. What an entity may be (the property's range) is for the ledger to check.
    ///
    /// # Errors
    /// When it cannot.
    pub fn check(&self, schema: &str, property: &str, value: &Value) -> Result<(), SchemaError> {
        let known = self.property(schema, property)?;
        if value.kind() != known.kind {
            return Err(SchemaError::WrongKind {
                schema: schema.to_owned(),
                property: property.to_owned(),
                wanted: known.kind.example().to_owned(),
                given: format!("a value of kind {}", value.kind()),
            });
        }
        match value {
            Value::Term(term) => {
                let wanted = known.vocabulary.as_deref().unwrap_or(&term.vocabulary);
                if term.vocabulary != wanted {
                    return Err(wrong_vocabulary(schema, known, &term.vocabulary));
                }
                self.exists(term)
            }
            Value::Place(Place { area: Some(area), .. }) if self.vocabulary(PLACES).is_some() => {
                self.exists(&area.term())
            }
            _ => Ok(()),
        }
    }

    fn exists(&self, term: &Term) -> Result<(), SchemaError> {
        let vocabulary = self.vocabulary(&term.vocabulary).ok_or_else(|| self.no_vocabulary(&term.vocabulary))?;
        match vocabulary.get(&term.code) {
            Some(_) => Ok(()),
            None => Err(no_term(vocabulary, &term.code, &vocabulary.find(&term.code))),
        }
    }

    fn find_term(&self, schema: &str, property: &Property, text: &str) -> Result<Term, SchemaError> {
        let wanted = property.vocabulary.as_deref().unwrap_or_default();
        let text = text.trim();
        let vocabulary = self.vocabulary(wanted).ok_or_else(|| self.no_vocabulary(wanted))?;
        // “acts:arrest”; a label may have a colon too, so only a known vocabulary counts as one.
        let bare = match text.split_once(':') {
            Some((name, code)) if name == wanted => code.trim(),
            Some((name, _)) if self.vocabulary(name).is_some() => {
                return Err(wrong_vocabulary(schema, property, name));
            }
            _ => text,
        };
        match vocabulary.find(bare) {
            Found::One(entry) => Ok(vocabulary.value(entry)),
            other => Err(no_term(vocabulary, bare, &other)),
        }
    }

    fn with_area(&self, place: Place) -> Place {
        let code = match (&place.name, &place.area, self.vocabulary(PLACES)) {
            (Some(name), None, Some(places)) => match places.find(name) {
                Found::One(entry) => AreaCode::new(&entry.code),
                Found::Several(_) | Found::Nothing(_) => None,
            },
            _ => None,
        };
        match code {
            Some(area) => Place { area: Some(area), ..place },
            None => place,
        }
    }

    pub(super) fn no_schema(&self, given: &str) -> SchemaError {
        SchemaError::UnknownSchema {
            given: given.to_owned(),
            hint: did_you_mean(
                given,
                self.schemata.iter().map(|s| s.name.as_str()),
                "The schemata are listed in the documentation of the case file.",
            ),
        }
    }

    fn no_vocabulary(&self, given: &str) -> SchemaError {
        SchemaError::UnknownVocabulary {
            given: given.to_owned(),
            hint: did_you_mean(
                given,
                self.vocabularies.iter().map(|v| v.name.as_str()),
                "A workspace can bring a vocabulary of its own.",
            ),
        }
    }
}

pub(super) fn no_property(schema: &Schema, given: &str) -> SchemaError {
    let names: Vec<&str> = schema.all.iter().map(|p| p.name.as_str()).collect();
    SchemaError::UnknownProperty {
        schema: schema.name.clone(),
        given: given.to_owned(),
        hint: did_you_mean(given, names.iter().copied(), &format!("It has: {}.", names.join(", "))),
    }
}

fn wrong_vocabulary(schema: &str, property: &Property, given: &str) -> SchemaError {
    SchemaError::WrongKind {
        schema: schema.to_owned(),
        property: property.name.clone(),
        wanted: format!("a term of vocabulary {}", property.vocabulary.as_deref().unwrap_or_default()),
        given: format!("one of {given}"),
    }
}

fn no_term(vocabulary: &Vocabulary, given: &str, found: &Found<'_>) -> SchemaError {
    let hint = match found {
        Found::One(entry) => format!("Did you mean “{}”?", entry.code),
        Found::Several(codes) => {
            format!("Several are called so; write one of the codes: {}.", codes.join(", "))
        }
        Found::Nothing(Some(near)) => format!("Did you mean “{near}”?"),
        Found::Nothing(None) => {
            let some: Vec<&str> = vocabulary.narrower(None).map(|t| t.code.as_str()).take(12).collect();
            format!("Its top terms are: {}.", some.join(", "))
        }
    };
    SchemaError::UnknownTerm { vocabulary: vocabulary.name.clone(), given: given.to_owned(), hint }
}
