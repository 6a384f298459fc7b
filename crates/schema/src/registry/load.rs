//! From YAML files to schemata, vocabularies and standards.
//!
//! Every fault is collected, not only the first: who writes a schema wants to see them all.

use std::collections::HashMap;

use crate::schemata::{Cardinality, Inverse, Label, Property, Schema, Sensitivity};
use crate::standard::{Standard, Verification};
use crate::value::Kind;
use crate::yaml::{self, DataError, Node};

use super::{Registry, link, terms};

/// What is being loaded, with the places to which later checks point.
#[derive(Default)]
pub(super) struct Loading {
    pub registry: Registry,
    pub errors: Vec<DataError>,
    /// The node of each schema, and of each property as `Schema.property`.
    pub places: HashMap<String, Node>,
    /// Amendments wait until every file is read.
    schema_amendments: Vec<Node>,
    vocabulary_amendments: Vec<Node>,
}

pub(super) fn load<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Registry, Vec<DataError>> {
    let mut loading = Loading::default();
    for (name, text) in files {
        let read = yaml::parse(name, text).and_then(|node| loading.file(node));
        loading.note(read);
    }
    for node in std::mem::take(&mut loading.schema_amendments) {
        let read = loading.amend_schema(&node);
        loading.note(read);
    }
    for node in std::mem::take(&mut loading.vocabulary_amendments) {
        let read = loading.amend_vocabulary(&node);
        loading.note(read);
    }
    link::link(&mut loading);
    if loading.errors.is_empty() { Ok(loading.registry) } else { Err(loading.errors) }
}

impl Loading {
    /// Keeps an error for the report.
    pub(super) fn note<T>(&mut self, result: Result<T, DataError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    fn file(&mut self, node: Node) -> Result<(), DataError> {
        if node.get("schema").is_some() {
            if node.flag("amends")? {
                self.schema_amendments.push(node);
                return Ok(());
            }
            self.schema(node)
        } else if node.get("vocabulary").is_some() {
            if node.flag("amends")? {
                self.vocabulary_amendments.push(node);
                return Ok(());
            }
            self.vocabulary(&node)
        } else if node.get("standards").is_some() {
            self.standards(&node)
        } else {
            Err(node.error(
                "this file holds neither a schema, nor a vocabulary, nor standards",
                "Begin it with “schema: Name”, “vocabulary: name” or “standards:”.",
            ))
        }
    }

    fn schema(&mut self, node: Node) -> Result<(), DataError> {
        self.unknown(
            &node,
            &[
                "schema",
                "label",
                "plural",
                "description",
                "extends",
                "abstract",
                "source",
                "caption",
                "featured",
                "properties",
            ],
        )?;
        let name = node.require("schema")?.str()?.to_owned();
        if !is_name(&name, true) {
            return Err(node.error(
                format!("“{name}” cannot be the name of a schema"),
                "Write a word with a capital, such as ProceedingStep.",
            ));
        }
        if self.registry.schema_index.contains_key(&name) {
            return Err(node.error(
                format!("there is a schema {name} already"),
                "Write “amends: true” to add properties to it, or choose another name.",
            ));
        }
        let texts = |key: &str| -> Result<Vec<String>, DataError> {
            Ok(match node.get(key) {
                Some(list) => list.strings()?.into_iter().map(str::to_owned).collect(),
                None => Vec::new(),
            })
        };
        let mut schema = Schema {
            label: label(node.require("label")?)?,
            plural: label(node.require("plural")?)?,
            description: text(&node, "description")?,
            extends: texts("extends")?,
            is_abstract: node.flag("abstract")?,
            is_source: node.flag("source")?,
            caption: texts("caption")?,
            featured: texts("featured")?,
            properties: Vec::new(),
            all: Vec::new(),
            lineage: Vec::new(),
            name: name.clone(),
        };
        self.properties(&node, &mut schema)?;
        self.registry.schema_index.insert(name.clone(), self.registry.schemata.len());
        self.registry.schemata.push(schema);
        self.places.insert(name, node);
        Ok(())
    }

    fn amend_schema(&mut self, node: &Node) -> Result<(), DataError> {
        self.unknown(node, &["schema", "amends", "properties"])?;
        let name = node.require("schema")?.str()?;
        let Some(index) = self.registry.schema_index.get(name).copied() else {
            return Err(node
                .error(format!("there is no schema {name} to amend"), "Leave “amends: true” out to make a new one."));
        };
        let Some(mut schema) = self.registry.schemata.get(index).cloned() else {
            return Ok(());
        };
        self.properties(node, &mut schema)?;
        if let Some(place) = self.registry.schemata.get_mut(index) {
            *place = schema;
        }
        Ok(())
    }

    fn properties(&mut self, node: &Node, schema: &mut Schema) -> Result<(), DataError> {
        let Some(properties) = node.get("properties") else {
            return Ok(());
        };
        for entry in properties.as_map()? {
            if !is_name(entry.key(), false) || schema.properties.iter().any(|p| p.name == entry.key()) {
                self.errors.push(entry.error(
                    format!("“{}” cannot be the name of a property here", entry.key()),
                    "Write a new word without a capital at its start, such as victimGroup.",
                ));
                continue;
            }
            let read = self.property(entry.key(), entry.value(), &schema.name);
            if let Some(property) = self.note(read) {
                let place = format!("{}.{}", schema.name, property.name);
                self.places.insert(place, entry.value().clone());
                schema.properties.push(property);
            }
        }
        Ok(())
    }

    fn property(&mut self, name: &str, node: &Node, schema: &str) -> Result<Property, DataError> {
        self.unknown(
            node,
            &[
                "label",
                "kind",
                "vocabulary",
                "range",
                "cardinality",
                "inverse",
                "part",
                "sensitivity",
                "required",
                "description",
            ],
        )?;
        let kind_node = node.require("kind")?;
        let kind: Kind = kind_node.str()?.parse().map_err(|e: crate::value::UnknownKind| {
            kind_node.error(format!("“{}” is not a kind of value", e.given), e.hint)
        })?;
        let vocabulary = node.opt_str("vocabulary")?.map(str::to_owned);
        if vocabulary.is_some() != (kind == Kind::Term) {
            return Err(node.error(
                "a term, and only a term, comes from a vocabulary",
                "Write both “kind: term” and “vocabulary: …”, or neither.",
            ));
        }
        let range = match node.get("range") {
            Some(list) => list.strings()?.into_iter().map(str::to_owned).collect(),
            None => Vec::new(),
        };
        let inverse = match node.get("inverse") {
            Some(inverse) => {
                self.unknown(inverse, &["name", "label"])?;
                Some(Inverse {
                    name: inverse.require("name")?.str()?.to_owned(),
                    label: label(inverse.require("label")?)?,
                })
            }
            None => None,
        };
        if kind != Kind::Entity && (!range.is_empty() || inverse.is_some()) {
            return Err(
                node.error("only an entity has a range or an inverse", "Write “kind: entity”, or take them out.")
            );
        }
        let one_of = |key: &str, choices: &[&str]| -> Result<usize, DataError> {
            let Some(value) = node.get(key) else {
                return Ok(0);
            };
            let given = value.str()?;
            choices.iter().position(|c| *c == given).ok_or_else(|| {
                value.error(format!("“{given}” is no {key}"), format!("Write one of: {}.", choices.join(", ")))
            })
        };
        Ok(Property {
            name: name.to_owned(),
            label: label(node.require("label")?)?,
            kind,
            vocabulary,
            range,
            cardinality: match one_of("cardinality", &["many", "one"])? {
                0 => Cardinality::Many,
                _ => Cardinality::One,
            },
            inverse,
            part: node.flag("part")?,
            sensitivity: match one_of("sensitivity", &["none", "personal", "sensitive"])? {
                0 => Sensitivity::None,
                1 => Sensitivity::Personal,
                _ => Sensitivity::Sensitive,
            },
            required: node.flag("required")?,
            description: text(node, "description")?,
            declared_in: schema.to_owned(),
        })
    }

    fn vocabulary(&mut self, node: &Node) -> Result<(), DataError> {
        let vocabulary = terms::vocabulary(node, &mut self.errors)?;
        if self.registry.vocabulary_index.contains_key(&vocabulary.name) {
            return Err(node.error(
                format!("there is a vocabulary {} already", vocabulary.name),
                "Write “amends: true” to add terms to it, or choose another name.",
            ));
        }
        self.registry.vocabulary_index.insert(vocabulary.name.clone(), self.registry.vocabularies.len());
        self.registry.vocabularies.push(vocabulary);
        Ok(())
    }

    fn amend_vocabulary(&mut self, node: &Node) -> Result<(), DataError> {
        self.unknown(node, &["vocabulary", "amends", "terms"])?;
        let name = node.require("vocabulary")?.str()?;
        let vocabulary =
            self.registry.vocabulary_index.get(name).and_then(|i| self.registry.vocabularies.get_mut(*i)).ok_or_else(
                || {
                    node.error(
                        format!("there is no vocabulary {name} to amend"),
                        "Leave “amends: true” out to make a new one.",
                    )
                },
            )?;
        terms::read_terms(node.require("terms")?, vocabulary, None, &mut self.errors)
    }

    fn standards(&mut self, node: &Node) -> Result<(), DataError> {
        self.unknown(node, &["standards"])?;
        for standard in node.require("standards")?.list()? {
            let read = self.standard(standard);
            if let Some(standard) = self.note(read) {
                self.registry.standards.push(standard);
            }
        }
        self.registry.standards.sort_by_key(|s| s.minimum);
        Ok(())
    }

    fn standard(&mut self, node: &Node) -> Result<Standard, DataError> {
        self.unknown(node, &["standard", "label", "minimum", "description", "source"])?;
        let name = node.require("standard")?.str()?.to_owned();
        if self.registry.standard(&name).is_some() {
            return Err(node.error(
                format!("there is a standard {name} already"),
                "Choose another name: a figure that names a standard must mean one.",
            ));
        }
        let minimum = node.require("minimum")?;
        let read: Verification = minimum.str()?.parse().map_err(|e: crate::standard::UnknownVerification| {
            minimum.error(format!("“{}” is not a state of verification", e.given), e.hint)
        })?;
        if read < Verification::Unverified {
            return Err(minimum.error(
                format!("claims that are {read} cannot be asked for"),
                "Write unverified, partially-corroborated, corroborated or verified.",
            ));
        }
        Ok(Standard {
            name,
            label: label(node.require("label")?)?,
            minimum: read,
            description: text(node, "description")?,
            source: text(node, "source")?,
        })
    }

    /// Notes unknown keys and goes on.
    fn unknown(&mut self, node: &Node, known: &[&str]) -> Result<(), DataError> {
        self.errors.extend(node.unknown_keys(known)?);
        Ok(())
    }
}

/// `{en: …, km: …}`.
pub(super) fn label(node: &Node) -> Result<Label, DataError> {
    node.known_keys(&["en", "km"])?;
    Ok(Label { en: node.require("en")?.str()?.to_owned(), km: node.opt_str("km")?.map(str::to_owned) })
}

/// The text under a key, one-spaced; empty when absent.
pub(super) fn text(node: &Node, key: &str) -> Result<String, DataError> {
    Ok(node.opt_str(key)?.map(|t| t.trim().to_owned()).unwrap_or_default())
}

/// ASCII letters and digits, beginning with a capital or with a small letter.
fn is_name(text: &str, capital: bool) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().next().is_some_and(|b| if capital { b.is_ascii_uppercase() } else { b.is_ascii_lowercase() })
}
