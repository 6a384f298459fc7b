//! Burmese: syllable by syllable, each a word, as Burmese names are written in Latin letters.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::{ascii_pairs, letter_map};

const STACK: char = '\u{1039}';
const KILLED: char = '\u{103A}';

pub(super) struct Burmese {
    consonants: HashMap<char, String>,
    onsets: HashMap<String, String>,
    rimes: HashMap<String, String>,
    after_w: HashMap<String, String>,
    independent: HashMap<char, String>,
    words: HashMap<String, String>,
    /// Characters of the longest of `words`.
    longest: usize,
}

/// A syllable as it is written: what is before the vowel, and the rest.
struct Syllable {
    onset: String,
    rime: String,
    /// Joined to the next: a consonant stands above the next one's.
    joined: bool,
}

impl Burmese {
    pub(super) fn read(file: &Node) -> Result<Burmese, DataError> {
        file.known_keys(&["consonants", "onsets", "rimes", "after_w", "independent", "words"])?;
        let map = |key: &str| -> Result<HashMap<String, String>, DataError> {
            Ok(ascii_pairs(file.require(key)?)?.into_iter().map(|(from, to)| (bare(&from), to)).collect())
        };
        // A consonant above another is written like one that is killed.
        let words: HashMap<String, String> =
            map("words")?.into_iter().map(|(word, latin)| (word.replace("်္", "်").replace(STACK, "်"), latin)).collect();
        let longest = words.keys().map(|word| word.chars().count()).max().unwrap_or(0);
        Ok(Burmese {
            consonants: letter_map(file.require("consonants")?)?,
            onsets: map("onsets")?,
            rimes: map("rimes")?,
            after_w: map("after_w")?,
            independent: letter_map(file.require("independent")?)?,
            words,
            longest,
        })
    }

    pub(super) fn word(&self, word: &str) -> String {
        let written = bare(word);
        let syllables = self.syllables(&written);
        let mut out = String::with_capacity(word.len());
        let mut at = 0;
        let mut open = false;
        while at < syllables.len() {
            if !open && !out.is_empty() {
                out.push(' ');
            }
            // The most syllables that are a known word.
            let mut known = None;
            let mut text = String::new();
            for (count, syllable) in syllables.iter().skip(at).enumerate() {
                text.push_str(&syllable.onset);
                text.push_str(&syllable.rime);
                if text.chars().count() > self.longest {
                    break;
                }
                if let Some(latin) = self.words.get(&text) {
                    known = Some((count + 1, latin));
                }
            }
            match known {
                Some((count, latin)) => {
                    out.push_str(latin);
                    at += count;
                    open = false;
                }
                None => {
                    if let Some(syllable) = syllables.get(at) {
                        self.put(syllable, &mut out);
                        open = syllable.joined;
                    }
                    at += 1;
                }
            }
        }
        out
    }

    fn put(&self, syllable: &Syllable, out: &mut String) {
        let mut letters = syllable.onset.chars();
        let first = letters.next().unwrap_or(' ');
        if let Some(vowel) = self.independent.get(&first) {
            out.push_str(vowel);
            if let Some(rime) = self.rimes.get(&syllable.rime).filter(|_| syllable.rime.contains(KILLED)) {
                // ဥက် and the like: the vowel is the independent one.
                out.push_str(rime.trim_start_matches(|c: char| "aeiou".contains(c)));
            }
            return;
        }
        let below: String = letters.collect();
        let with_w = below.contains('ွ');
        let rounded = with_w.then(|| self.after_w.get(&syllable.rime)).flatten();
        let shown: String = match rounded {
            Some(_) => syllable.onset.chars().filter(|c| *c != 'ွ').collect(),
            None => syllable.onset.clone(),
        };
        match self.onsets.get(&shown) {
            Some(onset) => out.push_str(onset),
            None => {
                let consonant =
                    self.consonants.get(&first).map_or_else(|| any_ascii::any_ascii_char(first), String::as_str);
                if shown.contains('ှ') {
                    out.push('h');
                }
                out.push_str(consonant);
                if shown.contains(['ျ', 'ြ']) {
                    out.push('y');
                }
                if shown.contains('ွ') {
                    out.push('w');
                }
            }
        }
        match rounded.or_else(|| self.rimes.get(&syllable.rime)) {
            Some(rime) => out.push_str(rime),
            None => {
                // A rime that no table has: the vowel, then the final for itself.
                let vowel: String =
                    syllable.rime.chars().filter(|c| !self.consonants.contains_key(c) && *c != KILLED).collect();
                out.push_str(self.rimes.get(&vowel).map_or("a", String::as_str));
                let finals = syllable.rime.chars().filter_map(|c| self.consonants.get(&c));
                finals.for_each(|letter| out.push_str(letter));
            }
        }
    }

    fn syllables(&self, word: &str) -> Vec<Syllable> {
        let letters: Vec<char> = word.chars().collect();
        let at = |place: usize| letters.get(place).copied().unwrap_or(' ');
        let mut found: Vec<Syllable> = Vec::new();
        let mut place = 0;
        while place < letters.len() {
            let c = at(place);
            place += 1;
            let closes = self.consonants.contains_key(&c) && matches!(at(place), KILLED | STACK);
            match found.last_mut() {
                // A consonant that is killed, or stands above the next, ends the syllable before.
                Some(last) if closes => {
                    last.rime.push(c);
                    last.rime.push(KILLED);
                    place += 1;
                    // Kinzi: င်္ stands above the next, too.
                    let stacked = at(place - 1) == STACK || at(place) == STACK;
                    if at(place) == STACK {
                        place += 1;
                    }
                    last.joined = stacked;
                }
                Some(last) if matches!(c, '\u{103B}'..='\u{103E}') && last.rime.is_empty() => last.onset.push(c),
                Some(last) if matches!(c, '\u{102B}'..='\u{1036}' | KILLED) => last.rime.push(c),
                _ if matches!(c, '\u{102B}'..='\u{103E}') => {}
                _ => found.push(Syllable { onset: c.to_string(), rime: String::new(), joined: false }),
            }
        }
        found
    }
}

/// Without tones, the medials in one order.
fn bare(word: &str) -> String {
    let mut out: Vec<char> = Vec::with_capacity(word.len());
    for c in word.chars().filter(|c| !matches!(c, '့' | 'း')) {
        let medial = |c: char| matches!(c, '\u{103B}'..='\u{103E}');
        let mut place = out.len();
        while medial(c) && place > 0 && out.get(place - 1).is_some_and(|before| medial(*before) && *before > c) {
            place -= 1;
        }
        out.insert(place, c);
    }
    out.into_iter().collect()
}
