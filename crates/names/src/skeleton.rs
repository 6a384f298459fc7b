//! The consonants of a word, so that a script without vowels meets Latin letters.

use schema::yaml::{DataError, Node};

use super::rewrite::{Rewriter, undoubled};

pub(super) struct Skeleton {
    rules: Rewriter,
    weak: Vec<char>,
    weak_at_end: Vec<char>,
}

impl Skeleton {
    pub(super) fn read(file: &Node) -> Result<Skeleton, DataError> {
        file.known_keys(&["rules", "weak", "weak_at_end"])?;
        let letters = |key: &str| -> Result<Vec<char>, DataError> {
            Ok(file.require(key)?.strings()?.concat().chars().collect())
        };
        Ok(Skeleton {
            rules: Rewriter::read(file.require("rules")?)?,
            weak: letters("weak")?,
            weak_at_end: letters("weak_at_end")?,
        })
    }

    /// The consonants of a word in small ASCII letters.
    pub(super) fn key(&self, word: &str) -> String {
        let single = undoubled(word);
        let short = single.strip_suffix(self.weak_at_end.as_slice()).unwrap_or(&single);
        let mut bones = self.rules.apply(short);
        bones.retain(|c| !self.weak.contains(&c));
        let bones = undoubled(&bones);
        if bones.len() < 2 && word.starts_with(self.weak.as_slice()) { format!("a{bones}") } else { bones }
    }
}
