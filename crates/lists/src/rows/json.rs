//! Rows of JSON: an object on each line, or an array of objects; and FollowTheMoney's entities among them.

mod value;

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::{CellFault, LONGEST_CELL, MOST_CELLS, Row};
use crate::encoding::{Characters, Encoded};

pub use value::{Json, parse};

/// A line of more bytes is dropped and told.
const LONGEST_LINE: usize = 4 * LONGEST_CELL;
/// In FollowTheMoney's entities: the id, and the schema.
pub const ID: &str = "id";

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
