//! What one entity is found by: exactly what one reader sees of it.

use ledger::{Level, Reader, Record};
use schema::{Date, EntityId, Value};

use crate::Error;

/// The text of a source, or of anything that has one; `None` if it has none that this reader may see.
pub type Texts<'a> = dyn Fn(&Reader<'_>, EntityId) -> Option<String> + Sync + 'a;

/// An entity as the index takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub id: EntityId,
    pub schema: String,
    pub label: String,
    /// Whether it is a part of something else (an act, a step), or a thing of its own.
    pub part: bool,
    /// Names of a person, a body or a place, in every spelling that is claimed.
    pub names: Vec<String>,
    /// Label of a property and a value of it, as displayed.
    pub values: Vec<(String, String)>,
    pub places: Vec<String>,
    /// Labels of the sources that its claims rest on.
    pub sources: Vec<String>,
    pub text: Option<String>,
    pub date: Option<Date>,
    /// Codes.
    pub languages: Vec<String>,
    /// Code of a document's kind.
    pub kind: Option<String>,
    pub level: Level,
    pub verification: String,
}

impl Document {
    /// An entity with a label and nothing else.
    #[must_use]
    pub fn new(id: EntityId, schema: &str, label: &str) -> Self {
        Document {
            id,
            schema: schema.into(),
            label: label.into(),
            part: false,
            names: Vec::new(),
            values: Vec::new(),
            places: Vec::new(),
            sources: Vec::new(),
            text: None,
            date: None,
            languages: Vec::new(),
            kind: None,
            level: Level::Public,
            verification: "unverified".into(),
        }
    }

    /// What this reader sees of an entity; `None` when the reader sees none such, or sees it under another id.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn of(reader: &Reader<'_>, id: EntityId, texts: &Texts<'_>) -> Result<Option<Document>, Error> {
        if reader.shown_as(id) != id {
            return Ok(None);
        }
        let Some(record) = reader.record(id)? else { return Ok(None) };
        Document::from_record(reader, &record, texts).map(Some)
    }

    pub(crate) fn from_record(reader: &Reader<'_>, record: &Record, texts: &Texts<'_>) -> Result<Document, Error> {
        let registry = reader.registry();
        let mut document = Document::new(record.id, &record.schema, &record.label);
        document.part = registry.properties(&record.schema).iter().any(|property| property.part);
        document.level = record.clearance.level;
        let is_source = registry.schema(&record.schema).is_some_and(|schema| schema.is_source);
        let mut highest = None;
        for property in &record.properties {
            for value in &property.values {
                match &value.value {
                    Value::Name(_) if matches!(property.name.as_str(), "name" | "alias") => {
                        document.names.push(value.display.clone());
                    }
                    Value::Place(_) => document.places.push(value.display.clone()),
                    Value::Term(term) if property.name == "language" => document.languages.push(term.code.clone()),
                    Value::Term(term) if is_source && property.name == "kind" && document.kind.is_none() => {
                        document.kind = Some(term.code.clone());
                    }
                    _ => {}
                }
                document.values.push((property.label.get("en").to_owned(), value.display.clone()));
                if highest.is_none_or(|highest| value.verification.rank() > highest) {
                    highest = Some(value.verification.rank());
                    document.verification = value.verification.as_str().into();
                }
            }
        }
        document.languages.sort();
        document.languages.dedup();
        document.date =
            ["date", "window", "published", "issued"].iter().find_map(|name| match &record.first(name)?.value {
                Value::Date(date) => Some(*date),
                _ => None,
            });
        document.sources = record.sources.iter().map(|source| source.label.clone()).collect();
        if is_source {
            document.text = texts(reader, record.id);
        }
        Ok(document)
    }

    /// All that words are looked for in, part by part; first the label.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        let values = self.values.iter().map(|(_, value)| value.as_str());
        std::iter::once(self.label.as_str())
            .chain(values.filter(|value| *value != self.label))
            .chain(self.text.as_deref())
    }
}
