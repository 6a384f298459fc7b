//! Reading a mapping: everything that is wrong at once, each with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{DateOrder, EntityRule, FileRules, Mapping, Rule, TableRules};
use crate::error::{Error, Fault};

impl Mapping {
    /// Reads a mapping; `file_name` is for the messages.
    ///
    /// # Errors
    /// [`Error::Mapping`] with everything that is wrong.
    pub fn read(text: &str, file_name: &str) -> Result<Mapping, Error> {
        let mut reading = Reading { text, file_name, faults: Vec::new() };
        let document = DeTable::parse(text).map_err(|error| {
            let place = reading.place(error.span().unwrap_or_default().start);
            Error::mapping(place, error.message().to_owned(), "The manual has an example of a mapping.")
        })?;
        let mapping = reading.mapping(document.get_ref());
        if reading.faults.is_empty() { Ok(mapping) } else { Err(Error::Mapping(reading.faults)) }
    }
}

struct Reading<'a> {
    text: &'a str,
    file_name: &'a str,
    faults: Vec<Fault>,
}

type Table<'a> = DeTable<'a>;
type Value<'a> = Spanned<DeValue<'a>>;

impl Reading<'_> {
    fn place(&self, at: usize) -> String {
        let line = self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|b| **b == b'\n').count() + 1;
        format!("{}:{line}", self.file_name)
    }

    fn fault(&mut self, value: &Value<'_>, what: impl Into<String>, hint: impl Into<String>) {
        let place = self.place(value.span().start);
        self.faults.push(Fault { place, what: what.into(), hint: hint.into() });
    }

    fn known(&mut self, table: &Table<'_>, known: &[&str]) {
        for (key, value) in table.iter() {
            let key = key.get_ref().as_ref();
            if !known.contains(&key) {
                let hint = match schema::nearest(key, known.iter().copied()) {
                    Some(near) => format!("Did you mean {near}?"),
                    None => format!("Known are {}.", known.join(", ")),
                };
                self.fault(value, format!("“{key}” is nothing that a mapping says here"), hint);
            }
        }
    }

    fn mapping(&mut self, document: &Table<'_>) -> Mapping {
        self.known(document, &["list", "file", "table", "entity"]);
        let mut mapping = Mapping::default();
        if let Some(list) = self.table(document, "list") {
            self.known(list, &["name", "by", "clearance"]);
            mapping.list = self.text_at(list, "name");
            mapping.by = self.text_at(list, "by");
            mapping.clearance = self.text_at(list, "clearance");
        }
        if let Some(file) = self.table(document, "file") {
            self.known(file, &["encoding", "separator", "quote", "header", "dates", "key", "skip", "language", "lang"]);
            mapping.file = FileRules {
                encoding: self.text_at(file, "encoding"),
                separator: self.text_at(file, "separator"),
                quote: self.text_at(file, "quote"),
                header: self.number_at(file, "header"),
                dates: self.dates_at(file),
                key: self.texts_at(file, "key"),
                skip: self.texts_at(file, "skip"),
                language: self.text_at(file, "language"),
                lang: self.text_at(file, "lang"),
            };
        }
        for (table, _) in self.tables(document, "table") {
            self.known(table, &["name", "key", "ordinal", "parent", "parent_key"]);
            mapping.tables.push(TableRules {
                name: self.text_at(table, "name").unwrap_or_default(),
                key: self.texts_at(table, "key"),
                ordinal: self.flag_at(table, "ordinal"),
                parent: self.text_at(table, "parent"),
                parent_key: self.text_at(table, "parent_key"),
            });
        }
        for (entity, place) in self.tables(document, "entity") {
            self.known(entity, &["name", "schema", "table", "when", "key", "space", "required", "properties"]);
            let schema = self.text_at(entity, "schema").unwrap_or_default();
            if schema.is_empty() {
                self.fault(place, "an entity needs its schema", "Write schema = \"Person\", for example.");
            }
            mapping.entities.push(EntityRule {
                name: self.text_at(entity, "name").unwrap_or_else(|| schema.to_lowercase()),
                schema,
                table: self.text_at(entity, "table"),
                when: self.when_at(entity),
                key: self.texts_at(entity, "key"),
                space: self.text_at(entity, "space"),
                required: self.texts_at(entity, "required"),
                properties: self.properties(entity, place),
            });
        }
        if mapping.entities.is_empty() {
            let place = self.place(0);
            let hint = "Write [[entity]] with schema = \"Person\" and its properties.";
            self.faults.push(Fault { place, what: "it makes no entity of a row".into(), hint: hint.into() });
        }
        mapping
    }

    fn properties(&mut self, entity: &Table<'_>, place: &Value<'_>) -> Vec<(String, Rule)> {
        let mut rules = Vec::new();
        let Some(properties) = self.table(entity, "properties") else {
            self.fault(
                place,
                "the entity has no properties",
                "Write [entity.properties] and below it name = \"Full name\".",
            );
            return rules;
        };
        for (name, value) in properties.iter() {
            let name = name.get_ref().to_string();
            match value.get_ref() {
                DeValue::Array(several) => {
                    for value in several.iter() {
                        rules.extend(self.rule(value).map(|rule| (name.clone(), rule)));
                    }
                }
                _ => rules.extend(self.rule(value).map(|rule| (name.clone(), rule))),
            }
        }
        rules
    }

    fn rule(&mut self, value: &Value<'_>) -> Option<Rule> {
        match value.get_ref() {
            DeValue::String(column) => Some(Rule::column(column)),
            DeValue::Table(table) => {
                self.known(
                    table,
                    &[
                        "column", "columns", "join", "from", "to", "value", "entity", "space", "values", "dates",
                        "split", "lang",
                    ],
                );
                let mut columns = self.texts_at(table, "columns");
                columns.extend(self.text_at(table, "column"));
                let rule = Rule {
                    columns,
                    join: self.text_at(table, "join"),
                    from: self.text_at(table, "from"),
                    to: self.text_at(table, "to"),
                    value: self.text_at(table, "value"),
                    entity: self.text_at(table, "entity"),
                    space: self.text_at(table, "space"),
                    values: self.pairs_at(table, "values"),
                    dates: self.dates_at(table),
                    split: self.text_at(table, "split").filter(|split| !split.is_empty()),
                    lang: self.text_at(table, "lang"),
                };
                if rule.named().next().is_none() && rule.value.is_none() && rule.entity.is_none() {
                    self.fault(
                        value,
                        "the rule says from where no value comes",
                        "Write { column = \"…\" }, { value = \"…\" } or { entity = \"…\" }.",
                    );
                    return None;
                }
                Some(rule)
            }
            _ => {
                self.fault(value, "a rule is a column’s heading or a table", "Write name = \"Full name\".");
                None
            }
        }
    }

    /// `when = { column = "Template", is = ["Person"] }`
    fn when_at(&mut self, entity: &Table<'_>) -> Option<(String, Vec<String>)> {
        let when = self.table(entity, "when")?;
        self.known(when, &["column", "is"]);
        let (column, said) = (self.text_at(when, "column"), self.texts_at(when, "is"));
        if column.is_none() || said.is_empty() {
            let value = entity.get("when")?;
            let hint = "Write when = { column = \"Template\", is = [\"Person\"] }.";
            self.fault(value, "`when` names a column and what it is to say", hint);
            return None;
        }
        column.map(|column| (column, said))
    }

    fn table<'t, 'i>(&mut self, table: &'t Table<'i>, key: &str) -> Option<&'t Table<'i>> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Table(inner) => Some(inner),
            _ => {
                self.fault(value, format!("{key} is to be a table"), format!("Write [{key}]."));
                None
            }
        }
    }

    fn tables<'t, 'i>(&mut self, table: &'t Table<'i>, key: &str) -> Vec<(&'t Table<'i>, &'t Value<'i>)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let mut tables = Vec::new();
        match value.get_ref() {
            DeValue::Array(several) => {
                for value in several.iter() {
                    match value.get_ref() {
                        DeValue::Table(inner) => tables.push((inner, value)),
                        _ => self.fault(value, format!("{key} is to be a table"), format!("Write [[{key}]].")),
                    }
                }
            }
            DeValue::Table(inner) => tables.push((inner, value)),
            _ => self.fault(value, format!("{key} is to be a table"), format!("Write [[{key}]].")),
        }
        tables
    }

    fn text_at(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) => Some(number.as_str().to_owned()),
            DeValue::Float(number) => Some(number.as_str().to_owned()),
            DeValue::Datetime(date) => Some(date.to_string()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            _ => {
                self.fault(value, format!("{key} is to be a text"), format!("Write {key} = \"…\"."));
                None
            }
        }
    }

    fn texts_at(&mut self, table: &Table<'_>, key: &str) -> Vec<String> {
        let Some(value) = table.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(several) => {
                let mut texts = Vec::new();
                for value in several.iter() {
                    match value.get_ref() {
                        DeValue::String(text) => texts.push(text.to_string()),
                        _ => self.fault(value, format!("{key} holds texts"), format!("Write {key} = [\"…\", \"…\"].")),
                    }
                }
                texts
            }
            _ => self.text_at(table, key).into_iter().collect(),
        }
    }

    fn pairs_at(&mut self, table: &Table<'_>, key: &str) -> Vec<(String, String)> {
        let Some(pairs) = self.table(table, key) else { return Vec::new() };
        let keys: Vec<String> = pairs.iter().map(|(name, _)| name.get_ref().to_string()).collect();
        keys.into_iter().filter_map(|name| self.text_at(pairs, &name).map(|value| (name, value))).collect()
    }

    fn number_at(&mut self, table: &Table<'_>, key: &str) -> Option<u64> {
        let value = table.get(key)?;
        let number = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok()).filter(|n| *n > 0);
        if number.is_none() {
            self.fault(value, format!("{key} is to be a row’s number, from 1"), format!("Write {key} = 1."));
        }
        number
    }

    fn flag_at(&mut self, table: &Table<'_>, key: &str) -> bool {
        let Some(value) = table.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.fault(value, format!("{key} is to be true or false"), format!("Write {key} = true."));
            false
        })
    }

    fn dates_at(&mut self, table: &Table<'_>) -> Option<DateOrder> {
        let value = table.get("dates")?;
        let text = value.get_ref().as_str().unwrap_or_default();
        let order = DateOrder::ALL.into_iter().find(|order| order.as_str() == text);
        if order.is_none() {
            self.fault(
                value,
                format!("“{text}” is no order of dates"),
                "Write day-first, month-first, year-first or serial (a spreadsheet’s count of days).",
            );
        }
        order
    }
}
