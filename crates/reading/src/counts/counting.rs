//! What `data/counting.yaml` says: which nouns are counted, in which unit, and what makes a total.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use schema::DataError;
use schema::yaml;

use crate::discourse::Sentence;

/// What `data/counting.yaml` says.
pub(crate) struct Counting {
    pub units: HashMap<String, String>,
    sets: HashMap<String, HashSet<String>>,
    /// Of several words, by their key.
    pub phrases: HashMap<String, Vec<Vec<String>>>,
}

static STANDARD: LazyLock<Result<Counting, DataError>> = LazyLock::new(Counting::load);

impl Counting {
    /// The lists that are compiled in.
    pub fn standard() -> Result<&'static Self, DataError> {
        STANDARD.as_ref().map_err(Clone::clone)
    }

    fn load() -> Result<Self, DataError> {
        let file = yaml::parse("counting.yaml", include_str!("../../data/counting.yaml"))?;
        let lists = [
            "people",
            "actors",
            "uncounted",
            "compounds",
            "records",
            "totals",
            "states",
            "compared",
            "of_number",
            "number_words",
            "capacity",
            "indexes",
            "not_people",
        ];
        let mut known = lists.to_vec();
        known.push("units");
        file.known_keys(&known)?;
        let mut out = Self { units: HashMap::new(), sets: HashMap::new(), phrases: HashMap::new() };
        for entry in file.require("units")?.as_map()? {
            for noun in entry.value().strings()? {
                out.units.insert(noun.to_owned(), entry.key().to_owned());
            }
        }
        for key in lists {
            for cue in file.require(key)?.strings()? {
                let words: Vec<String> = cue.split_whitespace().map(str::to_owned).collect();
                if let [word] = words.as_slice() {
                    out.sets.entry(key.to_owned()).or_default().insert(word.clone());
                } else {
                    out.phrases.entry(key.to_owned()).or_default().push(words);
                }
            }
        }
        Ok(out)
    }

    pub fn has(&self, key: &str, word: &str) -> bool {
        self.sets.get(key).is_some_and(|s| s.contains(word))
    }

    /// The unit that a noun is counted in.
    pub fn unit(&self, noun: &str) -> Option<&str> {
        self.units.get(noun).map(String::as_str)
    }

    /// Whether a word or phrase of a list begins at a token.
    pub fn at(&self, key: &str, s: &Sentence, token: usize) -> bool {
        self.has(key, s.norm(token))
            || self
                .phrases
                .get(key)
                .is_some_and(|list| list.iter().any(|p| p.iter().enumerate().all(|(k, w)| s.norm(token + k) == w)))
    }
}
