//! Lists of words and phrases in a data file of their own, by key.

use std::collections::{HashMap, HashSet};

use schema::DataError;
use schema::yaml::{self, Node};

use crate::discourse::Sentence;

/// What a file of lists says.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    words: HashMap<String, HashSet<String>>,
    /// Of two words and more, the longer first.
    phrases: HashMap<String, Vec<Vec<String>>>,
}

impl Lists {
    /// Reads a file that has these keys and no other.
    pub fn load(file_name: &str, text: &str, keys: &[&str]) -> Result<Self, DataError> {
        let file = yaml::parse(file_name, text)?;
        file.known_keys(keys)?;
        let mut out = Self::default();
        for key in keys {
            out.add(key, file.require(key)?)?;
        }
        Ok(out)
    }

    /// Adds the list of a key.
    pub fn add(&mut self, key: &str, list: &Node) -> Result<(), DataError> {
        let words = self.words.entry(key.to_owned()).or_default();
        let phrases = self.phrases.entry(key.to_owned()).or_default();
        for cue in list.strings()? {
            let split: Vec<String> = cue.split_whitespace().map(str::to_owned).collect();
            if let [word] = split.as_slice() {
                words.insert(word.clone());
            } else {
                phrases.push(split);
            }
        }
        phrases.sort_by_key(|p| std::cmp::Reverse(p.len()));
        Ok(())
    }

    /// Whether a word is in a list.
    pub fn has(&self, key: &str, word: &str) -> bool {
        self.words.get(key).is_some_and(|s| s.contains(word))
    }

    /// How many tokens the longest entry of a list takes that begins at a token.
    pub fn at(&self, key: &str, s: &Sentence, token: usize) -> Option<usize> {
        let long = self
            .phrases
            .get(key)
            .and_then(|list| list.iter().find(|p| p.iter().enumerate().all(|(k, w)| s.norm(token + k) == w)))
            .map(Vec::len);
        long.or_else(|| self.has(key, s.norm(token)).then_some(1))
    }

    /// The entry of a list that a line in lower case is, or begins with as whole words.
    pub fn opens(&self, key: &str, line: &str) -> bool {
        let whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        let first = line.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '*')).next().unwrap_or_default();
        self.has(key, first)
            || self.has(key, line)
            || self
                .phrases
                .get(key)
                .is_some_and(|list| list.iter().any(|p| line.strip_prefix(p.join(" ").as_str()).is_some_and(whole)))
    }
}
