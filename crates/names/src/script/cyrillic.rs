//! Cyrillic: letter by letter, after a look at which language it is.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::{ascii_pairs, letter_map};

pub(super) struct Cyrillic {
    letters: HashMap<char, String>,
    /// Letters by which a language is seen, and what it reads otherwise.
    languages: Vec<(Vec<char>, HashMap<char, String>)>,
    /// At the beginning of a word.
    initial: HashMap<char, String>,
    /// Longest first.
    endings: Vec<(String, String)>,
    words: HashMap<String, String>,
}

impl Cyrillic {
    pub(super) fn read(file: &Node) -> Result<Cyrillic, DataError> {
        file.known_keys(&["letters", "languages", "initial", "endings", "words"])?;
        let mut languages = Vec::new();
        for language in file.require("languages")?.list()? {
            language.known_keys(&["language", "seen_by", "letters"])?;
            let seen_by = language.require("seen_by")?.strings()?.concat().chars().collect();
            languages.push((seen_by, letter_map(language.require("letters")?)?));
        }
        let mut endings = ascii_pairs(file.require("endings")?)?;
        endings.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
        Ok(Cyrillic {
            letters: letter_map(file.require("letters")?)?,
            languages,
            initial: letter_map(file.require("initial")?)?,
            endings,
            words: ascii_pairs(file.require("words")?)?.into_iter().collect(),
        })
    }

    /// A word in small letters; the whole text says which language it is in.
    pub(super) fn word(&self, word: &str, text: &str) -> String {
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let language =
            self.languages.iter().find(|(seen_by, _)| text.chars().any(|c| seen_by.contains(&c))).map(|(_, own)| own);
        let ending =
            self.endings.iter().find(|(ending, _)| word.len() > ending.len() && word.ends_with(ending.as_str()));
        let stem = ending.and_then(|(ending, _)| word.strip_suffix(ending.as_str())).unwrap_or(word);
        let mut out = String::with_capacity(word.len());
        let mut letters = stem.chars().peekable();
        while let Some(c) = letters.next() {
            // Bulgarian writes its vowel so; Russian, a mark before another vowel.
            if c == 'ъ' && letters.peek().is_some_and(|next| !"аеёиоуыэюяіїє".contains(*next)) {
                out.push('a');
                continue;
            }
            let initial = out.is_empty().then(|| self.initial.get(&c)).flatten();
            match initial.or_else(|| language.and_then(|own| own.get(&c))).or_else(|| self.letters.get(&c)) {
                Some(letter) => out.push_str(letter),
                None => out.push_str(any_ascii::any_ascii_char(c)),
            }
        }
        if let Some((_, to)) = ending {
            out.push_str(to);
        }
        out
    }
}
