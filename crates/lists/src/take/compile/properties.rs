//! How the value of a property comes out of a row, and which other entity it points at.

use std::collections::HashMap;

use schema::{Kind, Lang, fold, nearest};

use super::{Compiling, EntityTaker, PropertyTaker, Source, TableTaker};
use crate::file::Table;
use crate::mapping::{EntityRule, Rule};
use crate::take::cell::Reader;

impl Compiling<'_> {
    pub(super) fn property(
        &mut self,
        place: &str,
        entity: &EntityRule,
        name: &str,
        rule: &Rule,
        table: &Table,
        required: bool,
    ) -> Option<PropertyTaker> {
        let known = match self.registry.property(&entity.schema, name) {
            Ok(known) => known,
            Err(error) => {
                self.fault(place, error.to_string(), "");
                return None;
            }
        };
        let (kind, needed) = (known.kind, known.required);
        let lang = match rule.lang.as_ref().or(self.mapping.file.lang.as_ref()).map(|tag| Lang::new(tag)) {
            Some(Err(error)) => {
                self.fault(place, error.to_string(), "");
                None
            }
            Some(Ok(lang)) => Some(lang),
            None => None,
        };
        let reader = Reader {
            schema: entity.schema.clone(),
            property: name.to_owned(),
            kind,
            values: rule.values.iter().map(|(from, to)| (fold(from), to.clone())).collect(),
            dates: rule.dates.or(self.mapping.file.dates),
            split: rule.split.clone(),
            lang,
            row_lang: None,
            in_parts: rule.join.as_deref().is_some_and(|join| join.contains('|')),
            known: HashMap::new(),
        };
        let is_link = rule.entity.is_some() || rule.space.is_some();
        if is_link != (kind == Kind::Entity) {
            let (what, hint) = if is_link {
                (format!("{name} is {}, not another entity", kind.example()), "Name a column instead.".to_owned())
            } else {
                let hint = "Make that entity with an [[entity]] of its own, and write { entity = \"its name\" } here.";
                (format!("{name} points at another entity"), hint.to_owned())
            };
            self.fault(place, what, hint);
            return None;
        }
        let columns = self.columns(place, table, &rule.columns, required);
        if columns.len() < rule.columns.len() {
            return None;
        }
        let is_interval = rule.from.is_some() || rule.to.is_some();
        if is_interval && kind != Kind::Date {
            self.fault(place, format!("{name} is no date, and has no beginning or end"), "Name a column instead.");
            return None;
        }
        let source = match (&rule.value, &rule.entity, &rule.space) {
            (None, None, None) if is_interval => {
                let mut end =
                    |name: &Option<String>| name.as_ref().map(|name| self.column(place, table, name, required));
                match (end(&rule.from), end(&rule.to)) {
                    (Some(None), _) | (_, Some(None)) => return None,
                    (from, to) => Source::Interval { from: from.flatten(), to: to.flatten() },
                }
            }
            (None, None, None) => {
                Source::Columns { columns, join: rule.join.clone().unwrap_or_else(|| " ".to_owned()) }
            }
            (Some(value), None, None) => match self.registry.parse(&entity.schema, name, value, reader.lang.as_ref()) {
                Ok(value) => Source::Constant(value),
                Err(error) => {
                    self.fault(place, error.to_string(), "");
                    return None;
                }
            },
            (None, None, Some(space)) => Source::Keyed { space: space.clone(), column: *columns.first()? },
            (None, Some(other), None) => match columns.first() {
                Some(column) => Source::Keyed { space: self.space_of(other), column: *column },
                // Which it is shows when all entities are there.
                None => Source::Same(usize::MAX),
            },
            _ => {
                self.fault(place, "a value, an entity and a space exclude each other", "Write one of them.");
                return None;
            }
        };
        Some(PropertyTaker { name: name.to_owned(), source, reader, needed })
    }

    fn space_of(&self, entity: &str) -> String {
        let rule = self.mapping.entities.iter().find(|rule| rule.name == entity);
        rule.and_then(|rule| rule.space.clone()).unwrap_or_else(|| entity.to_owned())
    }

    /// Ties properties to the entities that they name.
    pub(super) fn link(&mut self, tables: &[TableTaker], entities: &mut [EntityTaker]) {
        let known: Vec<(String, String, usize)> =
            entities.iter().map(|entity| (entity.name.clone(), entity.schema.clone(), entity.of)).collect();
        for entity in entities.iter_mut() {
            let rule = self.mapping.entities.iter().find(|rule| rule.name == entity.name);
            let mut kept = Vec::new();
            for mut property in std::mem::take(&mut entity.properties) {
                let place = format!("{}.{}", entity.name, property.name);
                let named = rule
                    .and_then(|rule| {
                        rule.properties.iter().find(|(name, how)| *name == property.name && how.entity.is_some())
                    })
                    .and_then(|(_, how)| how.entity.clone());
                let Some(named) = named.filter(|_| matches!(property.source, Source::Same(_) | Source::Keyed { .. }))
                else {
                    kept.push(property);
                    continue;
                };
                let Some(at) = known.iter().position(|(name, _, _)| *name == named) else {
                    let hint = nearest(&named, known.iter().map(|(name, _, _)| name.as_str()))
                        .map_or_else(String::new, |near| format!("Did you mean {near}?"));
                    self.fault(&place, format!("the mapping makes no entity “{named}”"), hint);
                    continue;
                };
                let (_, schema, of) = &known[at];
                let range = self.registry.property(&entity.schema, &property.name).map(|known| known.range.clone());
                let range = range.unwrap_or_default();
                if !range.is_empty() && !range.iter().any(|range| self.registry.is_a(schema, range)) {
                    let wanted = range.join(" or a ");
                    self.fault(
                        &place,
                        format!("{} takes a {wanted}, not a {schema}", property.name),
                        "Choose another schema.",
                    );
                    continue;
                }
                if let Source::Same(_) = property.source {
                    property.source = if *of == entity.of {
                        Source::Same(at)
                    } else if tables[entity.of].parent.as_ref().is_some_and(|parent| parent.of == *of) {
                        Source::Parent(at)
                    } else {
                        let hint = "Say in [[table]] which column holds the key of the row that it belongs to: parent = \"…\".";
                        self.fault(&place, format!("{named} is made by another table"), hint);
                        continue;
                    };
                }
                kept.push(property);
            }
            entity.properties = kept;
        }
    }
}
