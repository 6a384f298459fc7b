//! Arabic script: names that are known, and vowels put where Arabic needs them for the rest.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::{ascii_pairs, letter_map};

pub(super) struct Arabic {
    letters: HashMap<char, String>,
    words: HashMap<String, String>,
}

/// A letter by what it can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit<'l> {
    Consonant(&'l str),
    /// A vowel that is written.
    Vowel(&'l str),
    /// و: w or u.
    Waw,
    /// ي: y or i.
    Ya,
}

impl Arabic {
    pub(super) fn read(file: &Node) -> Result<Arabic, DataError> {
        file.known_keys(&["letters", "words"])?;
        let mut words = HashMap::new();
        for (word, latin) in ascii_pairs(file.require("words")?)? {
            // Of two that are written alike the first stands.
            words.entry(bare(&word)).or_insert(latin);
        }
        Ok(Arabic { letters: letter_map(file.require("letters")?)?, words })
    }

    /// A word; the article stays joined to it.
    pub(super) fn word(&self, word: &str) -> String {
        let bare = bare(word);
        if let Some(known) = self.words.get(&bare) {
            return known.clone();
        }
        // “عبدالرحمن” is also written as one word.
        for (before, latin) in [("عبدال", "abdul"), ("ال", "al"), ("ابو", "abu")] {
            if let Some(rest) = bare.strip_prefix(before)
                && rest.chars().count() > 2
            {
                return format!("{latin}{}", self.words.get(rest).cloned().unwrap_or_else(|| self.spelt(rest)));
            }
        }
        self.spelt(word)
    }

    fn units(&self, word: &str) -> Vec<Unit<'_>> {
        let mut units: Vec<Unit> = Vec::new();
        let mut letters = word.chars().filter(|c| *c != 'ـ').peekable();
        while let Some(c) = letters.next() {
            let last = letters.peek().is_none();
            let first = units.is_empty();
            let unit = match c {
                'ا' | 'أ' | 'آ' | 'ٱ' | 'ى' | 'ة' | 'َ' => Unit::Vowel("a"),
                'إ' | 'ِ' => Unit::Vowel("i"),
                'ُ' => Unit::Vowel("u"),
                'و' => Unit::Waw,
                'ي' | 'ی' => Unit::Ya,
                'ع' | 'ء' | 'ئ' | 'ؤ' => Unit::Consonant(""),
                // A final h after a consonant is how Persian, and haste, write a final a.
                'ه' | 'ہ' if last && !first && matches!(units.last(), Some(Unit::Consonant(_))) => Unit::Vowel("a"),
                _ => match self.letters.get(&c).map(String::as_str) {
                    Some(letter) if letter.starts_with(['a', 'e', 'i', 'o', 'u']) => Unit::Vowel(letter),
                    Some(letter) => Unit::Consonant(letter),
                    // Marks of doubling, of no vowel, and what is no letter.
                    None => continue,
                },
            };
            units.push(unit);
        }
        units
    }

    /// Consonants and long vowels as written, with an a where two consonants would begin a word or three would meet.
    fn spelt(&self, word: &str) -> String {
        let units = self.units(word);
        let mut out = String::with_capacity(word.len());
        // Consonants since the last vowel, and whether the word began with them.
        let mut cluster = 0;
        let mut began = true;
        for (at, unit) in units.iter().enumerate() {
            let next = units.get(at + 1);
            let glides = |next: Option<&Unit>| matches!(next, Some(Unit::Vowel(_) | Unit::Waw | Unit::Ya));
            let (letter, vowel) = match unit {
                Unit::Vowel(letter) => (*letter, true),
                Unit::Consonant(letter) => (*letter, false),
                Unit::Waw if cluster > 0 && !glides(next) => ("u", true),
                Unit::Waw => ("w", false),
                Unit::Ya if cluster > 0 && matches!(next, Some(Unit::Vowel(_))) && at + 2 < units.len() => ("i", true),
                Unit::Ya if cluster > 0 && !glides(next) => ("i", true),
                Unit::Ya => ("y", false),
            };
            if vowel {
                if !(cluster == 0 && out.ends_with(letter)) {
                    out.push_str(letter);
                }
                cluster = 0;
                began = false;
                continue;
            }
            let last = next.is_none();
            // بدوي: badawi.
            let awi = letter == "w" && matches!(units.get(at + 1..), Some([Unit::Ya]));
            if cluster > 0 && (began || cluster > 1 || last || awi) {
                // Before the last a feminine or Persian “ya” keeps its i.
                out.push(if letter == "y" && !began { 'i' } else { 'a' });
                cluster = 0;
                began = false;
            }
            out.push_str(letter);
            cluster += 1;
        }
        out
    }
}

/// As written by somebody in haste: no short vowels, one alif, one ya, one ha; Persian letters as Arabic ones.
fn bare(word: &str) -> String {
    word.chars()
        .filter_map(|c| match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
            'ى' | 'ی' | 'ئ' => Some('ي'),
            'ؤ' => Some('و'),
            'ة' | 'ہ' | 'ھ' => Some('ه'),
            'ک' => Some('ك'),
            'ء' | 'ـ' | '\u{064B}'..='\u{065F}' | '\u{0670}' => None,
            c => Some(c),
        })
        .collect()
}
