//! Korean, Chinese, Greek and Hebrew: where people spell otherwise than letter by letter.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::{ascii_pairs, letter_map};

pub(super) struct Others {
    hangul_family: HashMap<char, String>,
    hangul_given: HashMap<char, String>,
    han_family: HashMap<char, String>,
    han_double: Vec<String>,
    /// Longest first.
    greek: Vec<(String, String)>,
    hebrew: Vec<(String, String)>,
    hebrew_words: HashMap<String, String>,
}

impl Others {
    pub(super) fn read(file: &Node) -> Result<Others, DataError> {
        file.known_keys(&[
            "hangul_family",
            "hangul_given",
            "han_family",
            "han_double",
            "greek",
            "hebrew",
            "hebrew_words",
        ])?;
        let letters = |key: &str| -> Result<Vec<(String, String)>, DataError> {
            let mut pairs = ascii_pairs(file.require(key)?)?;
            pairs.sort_by_key(|(letters, _)| std::cmp::Reverse(letters.len()));
            Ok(pairs)
        };
        Ok(Others {
            hangul_family: letter_map(file.require("hangul_family")?)?,
            hangul_given: letter_map(file.require("hangul_given")?)?,
            han_family: letter_map(file.require("han_family")?)?,
            han_double: file.require("han_double")?.strings()?.into_iter().map(str::to_owned).collect(),
            greek: letters("greek")?,
            hebrew: letters("hebrew")?,
            hebrew_words: ascii_pairs(file.require("hebrew_words")?)?.into_iter().collect(),
        })
    }

    /// A Korean name: one syllable of family name, then the given name as one word.
    pub(super) fn hangul(&self, run: &str) -> String {
        let mut syllables = run.chars();
        let first = syllables.next().unwrap_or(' ');
        let rest: String = syllables
            .map(|c| self.hangul_given.get(&c).map_or_else(|| any_ascii::any_ascii_char(c), String::as_str))
            .collect();
        let short = run.chars().count() <= 4;
        match self.hangul_family.get(&first).filter(|_| short) {
            Some(family) if rest.is_empty() => family.clone(),
            Some(family) => format!("{family} {rest}"),
            None => {
                let first =
                    self.hangul_given.get(&first).map_or_else(|| any_ascii::any_ascii_char(first), String::as_str);
                format!("{first}{rest}")
            }
        }
    }

    /// A Chinese name in pinyin: the family name, then the given name as one word.
    pub(super) fn han(&self, run: &str) -> String {
        let count = run.chars().count();
        let double = self.han_double.iter().any(|family| run.starts_with(family.as_str()));
        let family = if double { 2 } else { 1 };
        let mut out = String::with_capacity(count * 5);
        for (at, c) in run.chars().enumerate() {
            if at == family && count <= family + 2 {
                out.push(' ');
            }
            let own = self.han_family.get(&c).filter(|_| at == 0 && count > 1 && count < 5);
            out.push_str(own.map_or_else(|| any_ascii::any_ascii_char(c), String::as_str));
        }
        out
    }

    pub(super) fn greek(&self, run: &str) -> String {
        by_letters(&self.greek, run)
    }

    pub(super) fn hebrew(&self, run: &str) -> String {
        if let Some(known) = self.hebrew_words.get(run) {
            return known.clone();
        }
        // At the beginning these two are consonants.
        let initial = match run.chars().next() {
            Some('ו') => "v",
            Some('י') => "y",
            _ => return by_letters(&self.hebrew, run),
        };
        format!("{initial}{}", by_letters(&self.hebrew, run.get('ו'.len_utf8()..).unwrap_or_default()))
    }
}

/// Letter by letter, two together where the table has two.
fn by_letters(table: &[(String, String)], run: &str) -> String {
    let mut out = String::with_capacity(run.len());
    let mut rest = run;
    while let Some(c) = rest.chars().next() {
        match table.iter().find(|(letters, _)| rest.starts_with(letters.as_str())) {
            Some((letters, latin)) => {
                out.push_str(latin);
                rest = rest.get(letters.len()..).unwrap_or_default();
            }
            None => {
                out.push_str(any_ascii::any_ascii_char(c));
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    out
}
