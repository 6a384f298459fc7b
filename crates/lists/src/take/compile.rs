//! A mapping held against a file and the schema: everything that does not fit, at once, before any row is looked at.

mod keys;
mod properties;

use std::collections::{HashMap, HashSet};

use schema::{Registry, Value, fold, nearest};

use super::cell::Reader;
use crate::error::{Error, Fault};
use crate::file::{ListFile, Table};
use crate::mapping::{EntityRule, Mapping, Words};
use crate::rejected;

/// A mapping that fits.
pub struct Compiled {
    /// Which list, folded: part of every entity's id.
    pub list: String,
    pub tables: Vec<TableTaker>,
    pub entities: Vec<EntityTaker>,
    /// Columns that the mapping wants and the file does not have, when that is let pass.
    pub missing: Vec<String>,
    /// Some entity points at rows other than its own and its parent's: what there is has to be known first.
    pub looks_ahead: bool,
}

/// What is made of the rows of one table.
pub struct TableTaker {
    /// In the file.
    pub table: usize,
    pub name: String,
    /// The mapping's entities that its rows make.
    pub entities: Vec<usize>,
    pub key: Keys,
    /// The column with the row's language.
    pub language: Option<usize>,
    pub parent: Option<Parent>,
    pub headers: Vec<String>,
    /// Columns that are neither mapped, skipped, nor a program's own.
    pub unmapped: Vec<String>,
    /// Columns that something is made of.
    pub mapped: Vec<bool>,
    pub seen: HashSet<u128>,
    pub ordinals: HashMap<u128, u32>,
}

/// By what a row is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    Columns {
        columns: Vec<usize>,
        ordinal: bool,
    },
    /// By all that it says; `column` has the key that our own file of refused rows gives.
    Content {
        column: Option<usize>,
    },
}

/// How a row finds the row that it belongs to.
pub struct Parent {
    pub column: usize,
    /// Which of the compiled tables.
    pub of: usize,
    /// The parent's column that holds what `column` says, where that is not its key; and the keys found by it.
    pub by: Option<usize>,
    pub keys: HashMap<String, String>,
}

pub struct EntityTaker {
    pub name: String,
    pub schema: String,
    pub space: String,
    pub key: Option<Vec<usize>>,
    /// Only rows make it that say one of these (folded) in this column.
    pub when: Option<(usize, HashSet<String>)>,
    /// Places in `properties`.
    pub required: Vec<usize>,
    pub properties: Vec<PropertyTaker>,
    /// Which of the compiled tables.
    pub of: usize,
}

pub struct PropertyTaker {
    pub name: String,
    pub source: Source,
    pub reader: Reader,
    /// The schema says that the entity is nothing without it.
    pub needed: bool,
}

pub enum Source {
    Columns {
        columns: Vec<usize>,
        join: String,
    },
    /// The first and the last day.
    Interval {
        from: Option<usize>,
        to: Option<usize>,
    },
    Constant(Value),
    /// The entity of that rule made by the same row.
    Same(usize),
    /// Made by the parent row.
    Parent(usize),
    /// Made by the row whose key stands in the column, in this space.
    Keyed {
        space: String,
        column: usize,
    },
}

struct Compiling<'a> {
    file: &'a ListFile,
    mapping: &'a Mapping,
    registry: &'a Registry,
    faults: Vec<Fault>,
    missing: Vec<String>,
    lenient: bool,
}

impl Compiled {
    /// Holds the mapping against the file. `lenient`: a column that is missing is told and left out, unless it is required.
    ///
    /// # Errors
    /// [`Error::Mapping`] with everything that does not fit.
    pub fn new(
        list: &str,
        file: &ListFile,
        mapping: &Mapping,
        registry: &Registry,
        lenient: bool,
    ) -> Result<Self, Error> {
        let mut compiling = Compiling { file, mapping, registry, faults: Vec::new(), missing: Vec::new(), lenient };
        let mut compiled = compiling.compile(fold(list));
        compiled.missing = std::mem::take(&mut compiling.missing);
        if compiling.faults.is_empty() { Ok(compiled) } else { Err(Error::Mapping(compiling.faults)) }
    }
}

impl Compiling<'_> {
    fn fault(&mut self, place: &str, what: impl Into<String>, hint: impl Into<String>) {
        self.faults.push(Fault { place: place.into(), what: what.into(), hint: hint.into() });
    }

    fn compile(&mut self, list: String) -> Compiled {
        let mapping = self.mapping;
        let mut tables: Vec<TableTaker> = Vec::new();
        let mut entities = Vec::new();
        if mapping.entities.is_empty() {
            let hint = "Say what a row makes: [[entity]] with schema = \"Person\" and name = a column, for example.";
            self.fault("", "it makes nothing of a row", hint);
        }
        for (number, rule) in mapping.entities.iter().enumerate() {
            if mapping.entities[..number].iter().any(|other| other.name == rule.name) {
                self.fault(&rule.name, "two entities have this name", "Give each its own.");
            }
            let Some((at, table)) = self.file.table(rule.table.as_deref()) else {
                let names: Vec<&str> = self.file.tables.iter().map(|table| table.name.as_str()).collect();
                let wanted = rule.table.clone().unwrap_or_default();
                let hint = if self.file.tables.iter().any(|table| table.corrected) {
                    "This is a file of refused rows of one table. Correct them in the whole file, which has the others too, and import that \
                     under the same name: what is the same adds nothing."
                        .to_owned()
                } else {
                    format!("It has: {}.", names.join(", "))
                };
                self.fault(&rule.name, format!("the file has no table “{wanted}”"), hint);
                continue;
            };
            let of = match tables.iter().position(|taker| taker.table == at) {
                Some(of) => of,
                None => {
                    let taker = self.table(at, table);
                    tables.push(taker);
                    tables.len() - 1
                }
            };
            tables[of].entities.push(entities.len());
            let entity = self.entity(rule, of, table);
            entities.push(entity);
        }
        self.parents(&mut tables);
        self.link(&tables, &mut entities);
        for taker in &mut tables {
            self.unmapped(taker, &entities);
        }
        let ahead = |property: &PropertyTaker| matches!(property.source, Source::Keyed { .. });
        let looks_ahead = entities.iter().any(|entity| entity.properties.iter().any(ahead));
        Compiled { list, tables, entities, missing: Vec::new(), looks_ahead }
    }

    /// The place of a column. Missing: told once, with the nearest that there is.
    fn column(&mut self, place: &str, table: &Table, name: &str, required: bool) -> Option<usize> {
        if let Some(at) = table.headers.iter().position(|header| header == name) {
            return Some(at);
        }
        let wanted = fold(name);
        if let Some(at) = table.headers.iter().position(|header| fold(header) == wanted) {
            return Some(at);
        }
        if self.lenient && !required {
            if !self.missing.iter().any(|known| known == name) {
                self.missing.push(name.to_owned());
            }
            return None;
        }
        let hint = match nearest(name, table.headers.iter().map(String::as_str)) {
            Some(near) => format!("Did you mean “{near}”?"),
            None => format!("It has: {}.", super::cell::cut(&table.headers.join(", "), 400)),
        };
        let whose = if table.name.is_empty() { "the file".into() } else { format!("the table {}", table.name) };
        self.fault(place, format!("{whose} has no column “{name}”"), hint);
        None
    }

    fn columns(&mut self, place: &str, table: &Table, names: &[String], required: bool) -> Vec<usize> {
        names.iter().filter_map(|name| self.column(place, table, name, required)).collect()
    }

    fn entity(&mut self, rule: &EntityRule, of: usize, table: &Table) -> EntityTaker {
        let mut taker = EntityTaker {
            name: rule.name.clone(),
            schema: rule.schema.clone(),
            space: rule.space.clone().unwrap_or_else(|| rule.name.clone()),
            key: None,
            when: None,
            required: Vec::new(),
            properties: Vec::new(),
            of,
        };
        match self.registry.schema(&rule.schema) {
            Some(schema) if !schema.is_abstract && !schema.is_source => {}
            Some(_) => {
                self.fault(
                    &rule.name,
                    format!("nothing of a list is a {}", rule.schema),
                    "Choose Person, Act, Incident…",
                );
                return taker;
            }
            None => {
                let names = self.registry.schemata().map(|schema| schema.name.as_str());
                let hint = nearest(&rule.schema, names)
                    .map_or("Person, Act, Incident…".into(), |near| format!("Did you mean {near}?"));
                self.fault(&rule.name, format!("there is no schema “{}”", rule.schema), hint);
                return taker;
            }
        }
        if !rule.key.is_empty() {
            taker.key = Some(self.columns(&rule.name, table, &rule.key, true));
        }
        if let Some((column, said)) = &rule.when {
            let column = self.column(&rule.name, table, column, true);
            taker.when = column.map(|at| (at, said.iter().map(|text| fold(text)).collect()));
        }
        for (property, how) in &rule.properties {
            let place = format!("{}.{property}", rule.name);
            let required = rule.required.contains(property);
            let found = self.property(&place, rule, property, how, table, required);
            if let Some(found) = found {
                if required {
                    taker.required.push(taker.properties.len());
                }
                taker.properties.push(found);
            }
        }
        for name in &rule.required {
            if !rule.properties.iter().any(|(property, _)| property == name) {
                self.fault(
                    &rule.name,
                    format!("{name} is required, and no rule gives it"),
                    "Add it to [entity.properties].",
                );
            }
        }
        taker
    }

    fn unmapped(&self, taker: &mut TableTaker, entities: &[EntityTaker]) {
        let mut used = vec![false; taker.headers.len()];
        let mut used_by = |columns: &[usize]| columns.iter().for_each(|at| used[*at] = true);
        for entity in taker.entities.iter().filter_map(|at| entities.get(*at)) {
            used_by(entity.key.as_deref().unwrap_or_default());
            used_by(&entity.when.as_ref().map(|(at, _)| *at).into_iter().chain(taker.language).collect::<Vec<_>>());
            for property in &entity.properties {
                match &property.source {
                    Source::Columns { columns, .. } => used_by(columns),
                    Source::Keyed { column, .. } => used_by(&[*column]),
                    Source::Interval { from, to } => {
                        used_by(&from.iter().chain(to).copied().collect::<Vec<_>>());
                    }
                    _ => {}
                }
            }
        }
        taker.mapped.clone_from(&used);
        if let Keys::Columns { columns, .. } = &taker.key {
            columns.iter().for_each(|at| used[*at] = true);
        }
        if let Some(parent) = &taker.parent {
            used[parent.column] = true;
        }
        let skipped = |header: &str| {
            self.mapping.file.skip.iter().any(|skip| fold(skip) == fold(header))
                || Words::get().machine.contains(&crate::mapping::plain(header))
                || header == rejected::KEY_COLUMN
                || header == rejected::WHY_COLUMN
        };
        taker.unmapped = taker
            .headers
            .iter()
            .zip(&used)
            .filter(|(header, used)| !**used && !skipped(header))
            .map(|(header, _)| header.clone())
            .collect();
    }
}
