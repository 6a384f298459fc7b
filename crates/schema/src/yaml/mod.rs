//! YAML read with places: every node knows its file, line, column and path, every error says
//! them, and scalars stay as they are written.
//!
//! A YAML library that resolves types turns `no` into false, `1.10` into 1.1 and `2020-07-31`
//! into something else again. Here a scalar is its text and nothing more; what it means is for
//! the property's kind to say. The grammar is YAML 1.2 as `saphyr-parser` reads it, less what
//! has no place in a file that people write by hand and others must trust: tags, anchors and
//! aliases, several documents in a file, and keys that are not plain text are errors. So are
//! duplicate keys.

mod load;

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::nearest::did_you_mean;

pub use load::parse;

/// What is wrong in a data file, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct DataError {
    /// The file's name as it was handed over.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Path in the document, such as `sources[2].claims[0].words`; empty at the top.
    pub path: String,
    /// What is wrong, without a full stop.
    pub problem: String,
    /// What to do, one or more whole sentences; may be empty.
    pub hint: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.problem)?;
        if !self.hint.is_empty() {
            write!(f, ". {}", self.hint)?;
        }
        Ok(())
    }
}

/// A value in a YAML document, with its place.
#[derive(Debug, Clone)]
pub struct Node {
    at: Spot,
    content: Content,
}

/// A place in a file.
#[derive(Debug, Clone)]
struct Spot {
    file: Arc<str>,
    path: String,
    line: usize,
    column: usize,
}

#[derive(Debug, Clone)]
enum Content {
    /// A key without a value.
    Empty,
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key and its value in a mapping, in the order of the file.
#[derive(Debug, Clone)]
pub struct Entry {
    key: String,
    at: Spot,
    value: Node,
}

impl Entry {
    /// The key as written.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Node {
        &self.value
    }

    /// Line of the key, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.at.line
    }

    /// An error at the key.
    #[must_use]
    pub fn error(&self, problem: impl Into<String>, hint: impl Into<String>) -> DataError {
        self.at.error(problem, hint)
    }
}

impl Spot {
    fn error(&self, problem: impl Into<String>, hint: impl Into<String>) -> DataError {
        DataError {
            file: self.file.to_string(),
            line: self.line,
            column: self.column,
            path: self.path.clone(),
            problem: problem.into(),
            hint: hint.into(),
        }
    }
}

impl Node {
    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.at.file
    }

    /// Line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.at.line
    }

    /// Column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.at.column
    }

    /// Path in the document: `properties.type.label`, `claims[3]`; empty at the top.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.at.path
    }

    /// An error at this place. `problem` has no full stop; `hint` is whole sentences.
    #[must_use]
    pub fn error(&self, problem: impl Into<String>, hint: impl Into<String>) -> DataError {
        self.at.error(problem, hint)
    }

    /// Whether nothing is written here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.content, Content::Empty)
    }

    /// Whether it is a mapping.
    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self.content, Content::Map(_))
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.content, Content::List(_))
    }

    /// Whether it is a single text.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        matches!(self.content, Content::Scalar(_))
    }

    /// Its entries, if it is a mapping; in the order of the file.
    ///
    /// # Errors
    /// When it is something else.
    pub fn as_map(&self) -> Result<&[Entry], DataError> {
        match &self.content {
            Content::Map(entries) => Ok(entries),
            _ => Err(self.not("a mapping", "Write one key and its value a line, “key: value”.")),
        }
    }

    /// Its members, if it is a list.
    ///
    /// # Errors
    /// When it is something else.
    pub fn list(&self) -> Result<&[Node], DataError> {
        match &self.content {
            Content::List(members) => Ok(members),
            _ => Err(self.not("a list", "Write “[one, two]”, or one “- member” a line.")),
        }
    }

    /// Its members if it is a list, itself as the only one if it is a scalar or a mapping, and
    /// none if nothing is written: for keys under which one or several may stand.
    #[must_use]
    pub fn one_or_many(&self) -> Vec<&Node> {
        match &self.content {
            Content::Empty => Vec::new(),
            Content::List(members) => members.iter().collect(),
            Content::Scalar(_) | Content::Map(_) => vec![self],
        }
    }

    /// Its text as written: quotes removed, folded or literal blocks joined, nothing reinterpreted.
    ///
    /// # Errors
    /// When it is a mapping, a list or empty.
    pub fn str(&self) -> Result<&str, DataError> {
        match &self.content {
            Content::Scalar(text) => Ok(text),
            _ => Err(self.not("a text", "Write the value after the colon.")),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// When anything else is written.
    pub fn bool(&self) -> Result<bool, DataError> {
        match self.str()? {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(self.error(format!("“{other}” is neither true nor false"), "Write true or false.")),
        }
    }

    /// The number of things written here.
    ///
    /// # Errors
    /// When it is not digits only, or does not fit 64 bits.
    pub fn number(&self) -> Result<u64, DataError> {
        self.parsed("a number", "Write digits only, such as 21.")
    }

    /// The whole number written here; it may be below 0.
    ///
    /// # Errors
    /// When it is none, or does not fit 64 bits.
    pub fn integer(&self) -> Result<i64, DataError> {
        self.parsed("a whole number", "Write digits only, such as 21 or -1.")
    }

    fn parsed<T: std::str::FromStr>(&self, what: &str, hint: &str) -> Result<T, DataError> {
        let text = self.str()?;
        text.parse().map_err(|_| self.error(format!("“{text}” is not {what}"), hint))
    }

    /// The texts of a list, or the one text that stands in its place.
    ///
    /// # Errors
    /// When a member is not a text.
    pub fn strings(&self) -> Result<Vec<&str>, DataError> {
        self.one_or_many().into_iter().map(Node::str).collect()
    }

    /// The value under a key, if it is a mapping that has the key and something is written there.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|e| e.key == key).map(Entry::value).filter(|n| !n.is_empty()),
            _ => None,
        }
    }

    /// The value under a key that must be there.
    ///
    /// # Errors
    /// When it is no mapping, or the key is missing or empty.
    pub fn require(&self, key: &str) -> Result<&Node, DataError> {
        self.as_map()?;
        self.get(key).ok_or_else(|| self.error(format!("“{key}” is missing"), format!("Add a line “{key}: …”.")))
    }

    /// The text under a key that may be absent.
    ///
    /// # Errors
    /// When something other than a text stands there.
    pub fn opt_str(&self, key: &str) -> Result<Option<&str>, DataError> {
        self.get(key).map(Node::str).transpose()
    }

    /// `true` or `false` under a key; false when absent.
    ///
    /// # Errors
    /// When anything else is written.
    pub fn flag(&self, key: &str) -> Result<bool, DataError> {
        self.get(key).map_or(Ok(false), Node::bool)
    }

    /// Checks that it is a mapping with no key but these.
    ///
    /// # Errors
    /// At the first unknown key, naming the nearest known one.
    pub fn known_keys(&self, known: &[&str]) -> Result<(), DataError> {
        match self.unknown_keys(known)?.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Every unknown key as an error, for readers that report all they find.
    ///
    /// # Errors
    /// When it is no mapping.
    pub fn unknown_keys(&self, known: &[&str]) -> Result<Vec<DataError>, DataError> {
        let otherwise = format!("Known here: {}.", known.join(", "));
        Ok(self
            .as_map()?
            .iter()
            .filter(|e| !known.contains(&e.key.as_str()))
            .map(|e| {
                e.error(format!("unknown key “{}”", e.key), did_you_mean(&e.key, known.iter().copied(), &otherwise))
            })
            .collect())
    }

    fn not(&self, wanted: &str, hint: &str) -> DataError {
        let found = match &self.content {
            Content::Empty => "nothing is written",
            Content::Scalar(_) => "there is a single text",
            Content::List(_) => "there is a list",
            Content::Map(_) => "there is a mapping",
        };
        self.error(format!("{wanted} is wanted, but {found}"), hint)
    }
}

#[cfg(test)]
mod tests;
