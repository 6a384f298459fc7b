//! One cell, or several joined, as values of a property.

use std::collections::HashMap;

use schema::{Kind, Lang, Name, Registry, Value, fold};

use super::{Why, dates};
use crate::mapping::{DateOrder, Words};

/// A value of more bytes belongs in a document.
const LONGEST_VALUE: usize = 200 << 10;
/// Answers remembered for a column of terms or places.
const MOST_REMEMBERED: usize = 2000;

/// How the cells of one property are read.
#[derive(Debug)]
pub struct Reader {
    pub schema: String,
    pub property: String,
    pub kind: Kind,
    /// Folded.
    pub values: HashMap<String, String>,
    pub dates: Option<DateOrder>,
    pub split: Option<String>,
    pub lang: Option<Lang>,
    /// What the row says of its language.
    pub row_lang: Option<Lang>,
    /// The joined words are `Family | Given`.
    pub in_parts: bool,
    pub known: HashMap<String, Result<Value, Why>>,
}

/// What a cell came to.
pub enum Read {
    Values(Vec<Result<Value, (String, Why)>>),
    /// It says that it says nothing.
    Nothing,
}

impl Reader {
    /// Reads a cell that is not blank. `parts`: it holds these values.
    pub fn read(&mut self, registry: &Registry, text: &str, parts: Option<&[String]>) -> Read {
        let text = text.trim();
        if parts.is_none() && !self.values.contains_key(&fold(text)) && self.says_nothing(text) {
            return Read::Nothing;
        }
        let mut pieces: Vec<&str> = match (parts, &self.split) {
            (Some(parts), _) => parts.iter().map(String::as_str).collect(),
            (None, Some(separator)) => text.split(separator.as_str()).collect(),
            (None, None) => vec![text],
        };
        pieces.retain(|piece| !piece.trim().is_empty());
        let values =
            pieces.into_iter().map(|piece| self.one(registry, piece.trim()).map_err(|why| (piece.to_owned(), why)));
        Read::Values(values.collect())
    }

    /// Reads two cells as the first and the last day of a time; a blank one is an end that is not known.
    pub fn read_interval(&self, from: &str, to: &str) -> Result<Option<Value>, Why> {
        let end = |text: &str| -> Result<String, Why> {
            if text.is_empty() || self.says_nothing(text) {
                return Ok(String::new());
            }
            Ok(dates::read(text, self.dates)?.canonical())
        };
        let (from, to) = (end(from.trim())?, end(to.trim())?);
        match (from.as_str(), to.as_str()) {
            ("", "") => Ok(None),
            (from, to) if from == to => dates::read(from, None).map(|date| Some(Value::Date(date))),
            (from, to) => dates::read(&format!("{from}/{to}"), None).map(|date| Some(Value::Date(date))),
        }
    }

    /// “M” that nobody has explained, in a list whose men are H.
    fn may_be_mujer(&self, text: &str) -> bool {
        fold(text) == "m" && !self.values.contains_key("m") && self.values.get("h").is_some_and(|term| term == "male")
    }

    fn says_nothing(&self, text: &str) -> bool {
        let asks = matches!(self.kind, Kind::Date | Kind::Count | Kind::Place);
        says_nothing(text) || asks && text.len() <= 64 && Words::get().unknown.contains(&fold(text))
    }

    /// Whether a bar in a cell of it is nothing but a bar: in the names of the ledger a bar parts what is written from its parts.
    pub fn keeps_bars(&self) -> bool {
        self.kind == Kind::Name && !self.split.as_ref().is_some_and(|split| split.contains('|'))
    }

    fn one(&mut self, registry: &Registry, text: &str) -> Result<Value, Why> {
        if text.contains('\u{FFFD}') {
            return Err(Why::new(
                "it holds bytes that are no characters in the encoding of the file (shown as \u{FFFD})",
                "Save the file as UTF-8, or say its encoding in the mapping: encoding = \"windows-1252\", for example.",
            ));
        }
        if text.len() > LONGEST_VALUE {
            return Err(Why::new(
                format!("it has {} bytes, more than a value may have ({LONGEST_VALUE})", text.len()),
                "Put the text into a document of its own, and a short account into the list.",
            ));
        }
        if is_spreadsheet_error(text) {
            return Err(Why::new(
                "this is an error of the spreadsheet’s own formula",
                "Repair the formula, or write the value.",
            ));
        }
        if self.property == "gender" && self.may_be_mujer(text) {
            return Err(Why::new(
                "where H stands for men, M may stand for women (mujeres)",
                "Say in the mapping which it is: values = { H = \"male\", M = \"female\" }.",
            ));
        }
        let text = self.values.get(&fold(text)).map_or(text, String::as_str).to_owned();
        let remembers = matches!(self.kind, Kind::Term | Kind::Place);
        if remembers && let Some(known) = self.known.get(&text) {
            return known.clone();
        }
        let value = self.parse(registry, &text);
        if remembers && self.known.len() < MOST_REMEMBERED {
            self.known.insert(text, value.clone());
        }
        value
    }

    fn parse(&self, registry: &Registry, text: &str) -> Result<Value, Why> {
        let lang = self.lang.clone().or_else(|| self.row_lang.clone()).or_else(|| khmer(text));
        let refused = |error: &schema::ValueError| Why::new(error.problem.clone(), error.hint.clone());
        match self.kind {
            Kind::Date => dates::read(text, self.dates).map(Value::Date),
            // A bar in a cell is a bar, not the parts of a name.
            Kind::Name if !self.in_parts => Name::new(text, lang).map(Value::Name).map_err(|error| refused(&error)),
            _ => {
                let whole = if self.kind == Kind::Count { without_noughts(text) } else { text };
                registry.parse(&self.schema, &self.property, whole, lang.as_ref()).map_err(|error| match error {
                    schema::SchemaError::Value { source, .. } => refused(&source),
                    schema::SchemaError::UnknownTerm { vocabulary, hint, .. } => Why::new(
                        format!("this is no term of {vocabulary}"),
                        format!(
                            "{hint} Or say in the mapping what it means: values = {{ \"{}\" = \"…\" }}.",
                            cut(text, 40)
                        ),
                    ),
                    other => Why::new(other.to_string(), ""),
                })
            }
        }
    }
}

/// The beginning of a text, and a sign that it goes on.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
}

pub fn says_nothing(text: &str) -> bool {
    text.len() <= 24 && Words::get().nothing.contains(&fold(text))
}

/// Whether a spreadsheet program would run it. It is text here, and stays text.
pub fn looks_like_formula(text: &str) -> bool {
    let mut characters = text.trim_start().chars();
    match characters.next() {
        Some('=') => true,
        Some('@') => text.contains('('),
        Some('+' | '-') => text.contains(['(', '|', '!']),
        _ => false,
    }
}

fn is_spreadsheet_error(text: &str) -> bool {
    matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NULL!" | "#NUM!" | "#GETTING_DATA")
}

/// `3.0` is three: spreadsheets write whole numbers so.
fn without_noughts(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, noughts))
            if !whole.is_empty()
                && whole.bytes().all(|b| b.is_ascii_digit())
                && !noughts.is_empty()
                && noughts.bytes().all(|b| b == b'0') =>
        {
            whole
        }
        _ => text,
    }
}

/// Words in Khmer script are Khmer.
fn khmer(text: &str) -> Option<Lang> {
    text.chars().any(|c| ('\u{1780}'..='\u{17FF}').contains(&c)).then(|| Lang::new("km").ok()).flatten()
}
