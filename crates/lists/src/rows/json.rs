//! Rows of JSON: an object on each line, or an array of objects; and FollowTheMoney's entities among them.
//!
//! JSON is read by ourselves, so that a number keeps its digits: `1.0` and `0.10` never become floats on the way.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::{CellFault, LONGEST_CELL, MOST_CELLS, Row};
use crate::encoding::{Characters, Encoded};

/// A line of more bytes is dropped and told.
const LONGEST_LINE: usize = 4 * LONGEST_CELL;
/// Values nest no deeper.
const DEEPEST: usize = 64;
/// In FollowTheMoney's entities: the id, and the schema.
pub const ID: &str = "id";

/// A JSON value; numbers as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What stands in a cell: a scalar's own words, anything else as JSON.
    fn words(&self) -> String {
        match self {
            Json::Null => String::new(),
            Json::Bool(value) => value.to_string(),
            Json::Number(digits) => digits.clone(),
            Json::Text(text) => text.clone(),
            Json::List(values) if values.iter().all(Json::is_scalar) => {
                values.iter().map(Json::words).collect::<Vec<_>>().join("; ")
            }
            nested => nested.render(),
        }
    }

    fn is_scalar(&self) -> bool {
        !matches!(self, Json::List(_) | Json::Object(_))
    }

    pub fn render(&self) -> String {
        match self {
            Json::Null => "null".into(),
            Json::Bool(value) => value.to_string(),
            Json::Number(digits) => digits.clone(),
            Json::Text(text) => quoted(text),
            Json::List(values) => format!("[{}]", values.iter().map(Json::render).collect::<Vec<_>>().join(",")),
            Json::Object(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(key, value)| format!("{}:{}", quoted(key), value.render())).collect();
                format!("{{{}}}", pairs.join(","))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The objects of a file that is one JSON value: a list of them, or an answer of a server that holds one (`results` of KoboToolbox,
/// `value` of ODK Central), each made a line of its own.
pub fn lines_of(text: &str) -> Option<String> {
    let value = parse(text.trim_start_matches('\u{FEFF}')).ok()?;
    let list = match &value {
        Json::List(list) => list,
        Json::Object(_) => match value.get("results").or_else(|| value.get("value")) {
            Some(Json::List(list)) => list,
            _ => return None,
        },
        _ => return None,
    };
    Some(list.iter().map(|value| value.render() + "\n").collect())
}

/// Reads one value and nothing after it.
///
/// # Errors
/// What is wrong, and at which character.
pub fn parse(text: &str) -> Result<Json, String> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.space();
    if parser.at < text.len() { Err(parser.wrong("something follows the value")) } else { Ok(value) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("{what} (character {})", self.text[..self.at].chars().count() + 1)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8, what: &str) -> Result<(), String> {
        self.space();
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.wrong(what))
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(self.wrong("its parts are nested too deeply"));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => {
                let rest = &self.text[self.at..];
                let length = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
                let digits = &rest[..length.unwrap_or(rest.len())];
                if digits.parse::<f64>().is_err() {
                    return Err(self.wrong("this is no number"));
                }
                self.at += digits.len();
                Ok(Json::Number(digits.to_owned()))
            }
            _ => {
                for (word, value) in [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)] {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.wrong("a value is missing"))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        self.at += 1;
        let mut pairs = Vec::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(pairs));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key in quotation marks is missing"));
            }
            let key = self.string()?;
            self.take(b':', "a colon is missing")?;
            pairs.push((key, self.value(depth + 1)?));
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => {
                    self.take(b'}', "the object does not end: was the file cut off?")?;
                    return Ok(Json::Object(pairs));
                }
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        self.at += 1;
        let mut values = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => {
                    self.take(b']', "the list does not end: was the file cut off?")?;
                    return Ok(Json::List(values));
                }
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let from = self.at;
        let mut at = from + 1;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    self.at = at + 1;
                    return serde_json::from_str(&self.text[from..=at]).map_err(|error| {
                        self.at = from;
                        self.wrong(&format!("this text is not JSON’s: {error}"))
                    });
                }
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        Err(self.wrong("a quotation mark is not closed: was the file cut off?"))
    }
}

/// The objects of a file, each with its line and the line's own characters.
pub struct Objects<R> {
    from: Characters<R>,
    text: String,
    at: usize,
    line: u64,
    points: u64,
}

/// One line, and what it says.
pub struct Line {
    pub row: Row,
    pub value: Option<Json>,
}

impl<R: Read> Objects<R> {
    pub fn new(from: R, encoded: &Encoded) -> Self {
        Objects { from: Characters::new(from, encoded), text: String::new(), at: 0, line: 0, points: 0 }
    }

    pub fn read(&self) -> u64 {
        self.from.read
    }

    /// The next line that holds anything.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            if self.at > LONGEST_CELL {
                self.text.drain(..self.at);
                self.at = 0;
            }
            let (mut searched, mut dropped) = (self.at, 0_u64);
            let end = loop {
                match self.text[searched..].find('\n') {
                    Some(offset) => break Some(searched + offset),
                    None => searched = self.text.len(),
                }
                if searched - self.at > LONGEST_LINE || dropped > 0 {
                    dropped += (searched - self.at) as u64;
                    self.points += self.text[self.at..].chars().count() as u64;
                    self.text.truncate(self.at);
                    searched = self.at;
                }
                if !self.from.more(&mut self.text)? {
                    break None;
                }
            };
            if end.is_none() && self.at >= self.text.len() && dropped == 0 {
                return Ok(None);
            }
            self.line += 1;
            let stop = end.unwrap_or(self.text.len());
            let whole = &self.text[self.at..stop];
            let points = whole.chars().count() as u64;
            let start = self.points;
            let raw = whole.trim_end_matches('\r').to_owned();
            self.points += points + u64::from(end.is_some());
            self.at = stop + usize::from(end.is_some());
            if raw.trim().is_empty() && dropped == 0 {
                continue;
            }
            let mut row = Row { number: self.line, line: self.line, ..Row::default() };
            if dropped > 0 {
                row.faults.push((0, CellFault::TooLong { bytes: dropped + raw.len() as u64 }));
                return Ok(Some(Line { row, value: None }));
            }
            row.span = Some((start, start + raw.chars().count() as u64));
            let value = match parse(&raw) {
                Ok(value @ Json::Object(_)) => Some(value),
                Ok(_) => {
                    row.faults.push((0, CellFault::NoObject("it is no object".into())));
                    None
                }
                Err(why) => {
                    row.faults.push((0, CellFault::NoObject(why)));
                    None
                }
            };
            row.raw = raw;
            return Ok(Some(Line { row, value }));
        }
    }
}

/// What a file's objects have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// For each FollowTheMoney schema, or for all objects under the empty name: the columns, in the order in which they appear.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Whether the objects are FollowTheMoney's.
    pub entities: bool,
}

impl Shape {
    pub fn add(&mut self, value: &Json) {
        let (schema, fields) = fields(value);
        self.entities |= !schema.is_empty();
        let columns = self.columns.entry(schema).or_default();
        for (name, _) in fields {
            if !columns.contains(&name) && columns.len() < MOST_CELLS {
                columns.push(name);
            }
        }
    }
}

/// Fills a row's cells in the order of the columns.
pub fn fill(row: &mut Row, value: &Json, columns: &[String]) {
    let (_, fields) = fields(value);
    row.cells = vec![String::new(); columns.len()];
    for (name, value) in fields {
        let Some(at) = columns.iter().position(|column| *column == name) else { continue };
        if let Json::List(values) = value
            && values.iter().all(Json::is_scalar)
        {
            row.parts.push((at, values.iter().map(Json::words).filter(|words| !words.is_empty()).collect()));
        }
        row.cells[at] = value.words();
    }
}

/// The FollowTheMoney schema of an object; empty for any other object.
pub fn schema_of(value: &Json) -> String {
    match (value.get("schema").and_then(Json::text), value.get("properties"), value.get(ID)) {
        (Some(schema), Some(Json::Object(_)), Some(Json::Text(_))) => schema.to_owned(),
        _ => String::new(),
    }
}

fn fields(value: &Json) -> (String, Vec<(String, &Json)>) {
    let schema = schema_of(value);
    let mut fields = Vec::new();
    if schema.is_empty() {
        flatten(value, "", 0, &mut fields);
        return (schema, fields);
    }
    if let (Some(id), Some(Json::Object(properties))) = (value.get(ID), value.get("properties")) {
        fields.push((ID.to_owned(), id));
        fields.extend(properties.iter().map(|(name, value)| (name.clone(), value)));
    }
    (schema, fields)
}

/// Objects inside objects become columns with a dot in their name.
fn flatten<'a>(value: &'a Json, prefix: &str, depth: usize, into: &mut Vec<(String, &'a Json)>) {
    let Json::Object(pairs) = value else { return };
    for (key, value) in pairs {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Json::Object(inner) if depth < 8 && !inner.is_empty() => flatten(value, &name, depth + 1, into),
            _ => into.push((name, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::encoding::tell;

    #[test]
    fn numbers_keep_their_digits() {
        let value = parse(r#"{"a":1.0,"b":[0.10,"x"],"c":{"d":123456789012345678901},"e":null}"#).unwrap();
        let mut shape = Shape::default();
        shape.add(&value);
        assert_eq!(shape.columns[""], ["a", "b", "c.d", "e"]);
        let mut row = Row::default();
        fill(&mut row, &value, &shape.columns[""]);
        assert_eq!(row.cells, ["1.0", "0.10; x", "123456789012345678901", ""]);
        assert_eq!(row.parts_of(1).unwrap(), ["0.10", "x"]);
        assert_eq!(lines_of("[{\"a\": 1.0},\n {\"a\": 2}]").unwrap(), "{\"a\":1.0}\n{\"a\":2}\n");
        assert_eq!(lines_of(r#"{"count":1,"results":[{"a":"x"}]}"#).unwrap(), "{\"a\":\"x\"}\n");
        assert!(parse(r#"{"a":"#).unwrap_err().contains("missing"));
        assert!(parse(r#"{"a":"b"#).unwrap_err().contains("cut off"));
        assert!(parse(&"[".repeat(200)).unwrap_err().contains("deeply"));
    }

    #[test]
    fn lines_have_places_and_a_bad_one_does_not_stop_the_rest() {
        let text = "{\"a\":\"ស\"}\r\n\n{oops\n{\"a\":2}";
        let encoded = tell(text.as_bytes(), None).unwrap();
        let mut objects = Objects::new(text.as_bytes(), &encoded);
        let mut lines = Vec::new();
        while let Some(line) = objects.next_line().unwrap() {
            lines.push((line.row.number, line.value.is_some()));
        }
        assert_eq!(lines, [(1, true), (3, false), (4, true)]);
    }
}
