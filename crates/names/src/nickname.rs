//! Short and pet forms, and the name that stands in a passport.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

pub(super) struct Nicknames {
    formal: HashMap<String, String>,
}

impl Nicknames {
    pub(super) fn read(file: &Node) -> Result<Nicknames, DataError> {
        file.known_keys(&["languages"])?;
        let mut formal = HashMap::new();
        for language in file.require("languages")?.list()? {
            language.known_keys(&["language", "names"])?;
            for name in language.require("names")?.as_map()? {
                for short in name.value().strings()? {
                    if short == name.key() {
                        return Err(name.error(format!("“{short}” is given as its own nickname"), "Take it out."));
                    }
                    // The first language that has it keeps it.
                    formal.entry(short.to_owned()).or_insert_with(|| name.key().to_owned());
                }
            }
        }
        Ok(Nicknames { formal })
    }

    pub(super) fn formal(&self, word: &str) -> Option<&str> {
        self.formal.get(word).map(String::as_str)
    }
}
