//! The case file held against the schema and the texts: what would be appended, or everything that is wrong.

mod claims;
mod decisions;
mod questions;

pub(crate) use claims::{BIBLIOGRAPHIC, UNGROUNDED};
pub(crate) use questions::FIGURE_KEYED;

use std::collections::{BTreeSet, HashMap};

use ledger::{Assess, Claim, Clearance, Define, Digest, EntityItem, Judge};
use schema::{EntityId, Registry, SchemaError};

use crate::model::{CaseFile, Content, Key};
use crate::originals::Originals;
use crate::problem::{At, Problem};
use crate::words::Trouble;

/// What a case file adds up to: items for the ledger, in the order in which they will be appended.
#[derive(Default)]
pub(crate) struct Plan<'a> {
    pub entities: Vec<EntityItem>,
    /// In the order of `published`, then of their keys; undated ones after the dated.
    pub sources: Vec<PlannedSource<'a>>,
    pub judgements: Vec<Judge>,
    pub assessments: Vec<PlannedAssessment>,
    pub preferences: Vec<PlannedPreference>,
    /// Figures and letters.
    pub definitions: Vec<Define>,
    /// Sources whose originals were not given, and what refers to them.
    pub left_out: Vec<Problem>,
    /// How many sources that is.
    pub sources_left_out: usize,
    /// Declared entities of which nothing is said.
    pub unused: Vec<Problem>,
}

pub(crate) struct PlannedSource<'a> {
    pub key: String,
    pub id: EntityId,
    pub object: Option<PlannedObject<'a>>,
    /// Its reliability, with its origin.
    pub reliability: Option<Assess>,
    pub claims: Vec<PlannedClaim>,
    pub schema: String,
    pub clearance: Clearance,
    /// Undated last; the date's order; the key.
    sort: (bool, String, String),
}

pub(crate) struct PlannedObject<'a> {
    pub bytes: &'a [u8],
    pub sha256: Digest,
    pub file_name: &'a str,
    pub media_type: &'static str,
    pub method: &'static str,
}

pub(crate) struct PlannedClaim {
    /// Complete, with its origin.
    pub claim: Claim,
    pub origin: Digest,
    pub at: At,
}

/// To be completed with the claims' addresses once they have some.
pub(crate) struct PlannedAssessment {
    pub claims: Vec<Digest>,
    pub verification: Option<String>,
    pub standard: Option<String>,
    pub credibility: Option<String>,
    pub reason: String,
    pub at: At,
}

pub(crate) struct PlannedPreference {
    pub claim: Digest,
    pub reason: String,
    pub at: At,
}

/// A declared thing.
#[derive(Clone, Debug)]
struct Thing {
    id: EntityId,
    schema: String,
    clearance: Clearance,
    /// A source whose original was not given.
    left_out: bool,
}

/// How a key resolved.
enum Resolved<'t> {
    Thing(&'t Thing),
    /// Declared, but not taken in this time.
    LeftOut,
    /// Not declared: the problem has been noted.
    Unknown,
}

struct Builder<'a> {
    case_file: &'a CaseFile,
    registry: &'a Registry,
    originals: &'a Originals<'a>,
    /// Without it (`check`), originals that are not there are no reason to leave anything out.
    importing: bool,
    things: HashMap<&'a str, Thing>,
    ids: HashMap<EntityId, &'a str>,
    used: BTreeSet<String>,
    problems: Vec<Problem>,
    plan: Plan<'a>,
}

impl CaseFile {
    /// Holds the case file against the schema and its sources' texts.
    ///
    /// Schemata and properties exist, values parse and terms are known, keys are declared, entities are of a schema that the
    /// property takes, quoted words occur once in the text, spans lie inside it, figures and letters refer to what is there.
    /// An empty list means that the ledger will take it, as far as can be known without the ledger.
    #[must_use]
    pub fn check(&self, registry: &Registry) -> Vec<Problem> {
        match Plan::build(self, registry, &Originals::default(), false) {
            Ok(_) => Vec::new(),
            Err(problems) => problems,
        }
    }
}

impl<'a> Plan<'a> {
    /// # Errors
    /// Everything that is wrong, in the order of files and lines.
    pub fn build(
        case_file: &'a CaseFile,
        registry: &'a Registry,
        originals: &'a Originals<'a>,
        importing: bool,
    ) -> Result<Plan<'a>, Vec<Problem>> {
        let mut builder = Builder {
            case_file,
            registry,
            originals,
            importing,
            things: HashMap::new(),
            ids: HashMap::new(),
            used: BTreeSet::new(),
            problems: Vec::new(),
            plan: Plan::default(),
        };
        builder.declare();
        builder.sources();
        builder.judgements();
        builder.assessments();
        builder.preferences();
        builder.figures();
        builder.publications();
        builder.unused();
        if builder.problems.is_empty() {
            return Ok(builder.plan);
        }
        builder.problems.sort();
        builder.problems.dedup();
        Err(builder.problems)
    }

    /// Every origin of a claim in the plan.
    pub fn claims(&self) -> impl Iterator<Item = &PlannedClaim> {
        self.sources.iter().flat_map(|source| &source.claims)
    }
}

impl<'a> Builder<'a> {
    /// Entities and sources: their schemata exist, their ids are their own.
    fn declare(&mut self) {
        let case_file = self.case_file;
        let namespace = &case_file.name;
        for entity in &case_file.entities {
            if let Some(schema) = self.concrete(&entity.schema, &entity.at) {
                if schema {
                    self.problem(
                        &entity.at,
                        format!("“{}” is a source", entity.key),
                        "Declare it under “sources:”, as “- source: key”.",
                    );
                    continue;
                }
                let thing = Thing {
                    id: entity.id.unwrap_or_else(|| EntityId::derive(namespace, &entity.key)),
                    schema: entity.schema.clone(),
                    clearance: entity.clearance.clone().unwrap_or_else(|| case_file.default_clearance()),
                    left_out: false,
                };
                self.add(&entity.key, thing, &entity.at);
            }
        }
        for source in &case_file.sources {
            let Some(is_source) = self.concrete(&source.schema, &source.at) else { continue };
            if !is_source {
                self.problem(
                    &source.at,
                    format!("a {} is no source", source.schema),
                    "A source is a Document, an Interview, a Communication, …: something in which words stand.",
                );
                continue;
            }
            let missing = match &source.content {
                Content::Original { bytes: None, sha256, .. } => self.importing && self.originals.get(sha256).is_none(),
                _ => false,
            };
            if missing && let Content::Original { name, at, .. } = &source.content {
                self.plan.sources_left_out += 1;
                self.plan.left_out.push(at.problem(
                    format!(
                        "“{}” and its {} claims are left out: its original was not given",
                        source.key,
                        source.claims.len()
                    ),
                    format!("Give the file with that SHA-256 along: “--with {name}”."),
                ));
            }
            let thing = Thing {
                id: source.id.unwrap_or_else(|| EntityId::derive(namespace, &source.key)),
                schema: source.schema.clone(),
                clearance: source.clearance.clone().unwrap_or_else(|| case_file.default_clearance()),
                left_out: missing,
            };
            self.add(&source.key, thing, &source.at);
            self.used.insert(source.key.clone());
        }
    }

    fn add(&mut self, key: &'a str, thing: Thing, at: &At) {
        if let Some(other) = self.ids.insert(thing.id, key) {
            let what = format!("“{key}” and “{other}” have the same id");
            self.problem(at, what, "Take one of the two “id:” lines out.");
            return;
        }
        if !thing.left_out {
            self.plan.entities.push(EntityItem {
                id: thing.id,
                schema: thing.schema.clone(),
                clearance: thing.clearance.clone(),
                key: Some(key.to_owned()),
            });
        }
        self.things.insert(key, thing);
    }

    /// Whether a schema is one of sources; `None` (and a problem) when nothing can be declared with it.
    fn concrete(&mut self, name: &str, at: &At) -> Option<bool> {
        let Some(schema) = self.registry.schema(name) else {
            let names: Vec<&str> =
                self.registry.schemata().filter(|s| !s.is_abstract).map(|s| s.name.as_str()).collect();
            let hint = match schema::nearest(name, names.iter().copied()) {
                Some(near) => format!("Did you mean {near}?"),
                None => format!("There are: {}.", names.join(", ")),
            };
            self.problem(at, format!("there is no schema “{name}”"), hint);
            return None;
        };
        if schema.is_abstract {
            self.problem(
                at,
                format!("nothing is only a {name}"),
                "Choose a schema that is more exact: Person, Incident, Act, ….",
            );
            return None;
        }
        Some(schema.is_source)
    }

    /// What a key stands for. An unknown one is a problem, told with the nearest.
    fn resolve(&mut self, key: &Key) -> Resolved<'_> {
        if !self.things.contains_key(key.key.as_str()) {
            // A name that failed to be declared has its own problem already.
            let declared = self.case_file.entities.iter().any(|e| e.key == key.key)
                || self.case_file.sources.iter().any(|s| s.key == key.key);
            if !declared {
                let hint = match schema::nearest(&key.key, self.things.keys().copied()) {
                    Some(near) => format!("Did you mean “{near}”? If not, declare it under “entities:”."),
                    None => "Declare it under “entities:”, as “key: Schema”.".to_owned(),
                };
                self.problem(&key.at, format!("“{}” is not declared", key.key), hint);
            }
            return Resolved::Unknown;
        }
        if !self.used.contains(&key.key) {
            self.used.insert(key.key.clone());
        }
        match self.things.get(key.key.as_str()) {
            Some(thing) if thing.left_out => Resolved::LeftOut,
            Some(thing) => Resolved::Thing(thing),
            None => Resolved::Unknown,
        }
    }

    fn unused(&mut self) {
        for entity in &self.case_file.entities {
            if !self.used.contains(&entity.key) {
                self.plan.unused.push(entity.at.problem(
                    format!("nothing is said of “{}”", entity.key),
                    "Make a claim about it, or take the line out.",
                ));
            }
        }
    }

    fn problem(&mut self, at: &At, what: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(at.problem(what, hint));
    }

    fn trouble(&mut self, at: &At, (what, hint): Trouble) {
        self.problems.push(at.problem(what, hint));
    }

    fn schema_trouble(&mut self, at: &At, error: &SchemaError) {
        let (what, hint) = told(error);
        self.problems.push(at.problem(what, hint));
    }

    /// A code of a vocabulary that the ledger will look up.
    fn term(&mut self, vocabulary: &str, code: &str, at: &At) {
        let found = self.registry.vocabulary(vocabulary).is_some_and(|v| v.get(code).is_some());
        if !found {
            let codes: Vec<&str> = self
                .registry
                .vocabulary(vocabulary)
                .map(|v| v.terms.iter().map(|t| t.code.as_str()).collect())
                .unwrap_or_default();
            self.problem(
                at,
                format!("“{code}” is no term of {vocabulary}"),
                format!("There are: {}.", codes.join(", ")),
            );
        }
    }
}

/// A schema's objection in two parts: what is wrong, and what would be right.
fn told(error: &SchemaError) -> Trouble {
    let whole = error.to_string();
    let hint = match error {
        SchemaError::UnknownSchema { hint, .. }
        | SchemaError::UnknownProperty { hint, .. }
        | SchemaError::UnknownVocabulary { hint, .. }
        | SchemaError::UnknownTerm { hint, .. } => hint,
        SchemaError::Value { source, .. } => &source.hint,
        SchemaError::WrongKind { .. } => return (whole, String::new()),
    };
    let what = whole.strip_suffix(hint.as_str()).map(|what| what.trim_end().trim_end_matches('.'));
    (what.unwrap_or(&whole).to_owned(), hint.clone())
}
