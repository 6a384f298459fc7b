//! The scripts of India: nine blocks of Unicode with one order, so one table.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::letter_map;

const DEVANAGARI: u32 = 0x0900;
const BLOCK: u32 = 0x80;
/// Tamil and the blocks after it, whose words may end in a spoken a.
const SOUTH: u32 = 0x0B80;

pub(super) struct Indic {
    consonants: HashMap<char, String>,
    dotted: HashMap<char, String>,
    vowels: HashMap<char, String>,
    independent: HashMap<char, String>,
    nasal: HashMap<char, String>,
}

impl Indic {
    pub(super) fn read(file: &Node) -> Result<Indic, DataError> {
        file.known_keys(&["consonants", "dotted", "vowels", "independent", "nasal"])?;
        let letters = |key: &str| letter_map(file.require(key)?);
        Ok(Indic {
            consonants: letters("consonants")?,
            dotted: letters("dotted")?,
            vowels: letters("vowels")?,
            independent: letters("independent")?,
            nasal: letters("nasal")?,
        })
    }

    pub(super) fn word(&self, word: &str) -> String {
        let south = word.chars().next().is_some_and(|c| c as u32 >= SOUTH);
        let letters: Vec<char> = word.chars().map(sister).collect();
        let at = |place: usize| letters.get(place).copied().unwrap_or(' ');
        let mut out = String::with_capacity(word.len());
        let mut place = 0;
        while place < letters.len() {
            let c = at(place);
            place += 1;
            let Some(plain) = self.consonants.get(&c) else {
                let vowel = self.independent.get(&c).or_else(|| self.vowels.get(&c)).or_else(|| self.nasal.get(&c));
                match vowel {
                    Some(latin) => out.push_str(latin),
                    None if matches!(c as u32 % BLOCK, 0x3C | 0x3D | 0x4D) => {}
                    None => out.push_str(any_ascii::any_ascii_char(c)),
                }
                continue;
            };
            let dotted = at(place) == '\u{093C}';
            place += usize::from(dotted);
            out.push_str(self.dotted.get(&c).filter(|_| dotted).unwrap_or(plain));
            match at(place) {
                // No vowel follows.
                '\u{094D}' => place += 1,
                next if self.vowels.contains_key(&next) => {}
                // The inherent vowel; silent at the end of a word in the north.
                _ if place == letters.len() && !south && out.len() > 2 => {}
                _ => out.push('a'),
            }
        }
        out
    }
}

/// The Devanagari letter in the same place of its block.
fn sister(c: char) -> char {
    match c as u32 {
        code @ 0x0900..=0x0D7F => char::from_u32(DEVANAGARI + code % BLOCK).unwrap_or(c),
        _ => c,
    }
}
