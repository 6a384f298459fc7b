//! Comparing words, codes and identifiers: equal, nearly, different.

use crate::distance::{bag, jaro_winkler, osa};
use crate::table::Column;
use crate::tokens::quarter_bits;

use super::Level;

/// Levels of words, codes and identifiers.
pub const LEVELS: usize = 15;

const WORDS: [&str; LEVELS] = [
    "missing",
    "the same, very common",
    "the same, common",
    "the same, common",
    "the same",
    "the same",
    "the same, rare",
    "the same, rare",
    "the same, very rare",
    "nearly the same, common",
    "nearly the same",
    "nearly the same, rare",
    "nearly the same, very rare",
    "distantly alike",
    "different",
];

/// A column of words, each distinct value read once.
#[derive(Clone, Debug)]
pub struct Words {
    /// Folded text of each distinct value.
    texts: Vec<Box<[u8]>>,
    bags: Vec<u32>,
    /// Number of the folded text.
    pub same: Vec<u32>,
    /// −log₂ of the share of rows, in quarter bits.
    pub rarity: Vec<u8>,
    code: bool,
}

impl Words {
    /// Reads a column; `code` for identifiers and codes, which are compared by digits.
    #[must_use]
    pub fn read(column: &Column, code: bool, place: bool, threads: usize) -> Self {
        let mut dict = crate::intern::Dict::default();
        let n = column.values.len();
        let mut out = Self {
            texts: Vec::with_capacity(n),
            bags: Vec::with_capacity(n),
            same: Vec::with_capacity(n),
            rarity: Vec::with_capacity(n),
            code,
        };
        let mut counts = vec![0u64];
        let mut total = 0u64;
        let folded = crate::engine::in_parallel(n, threads, |id| {
            let text = column.values.text(id as u32);
            if id == 0 {
                String::new()
            } else if code {
                text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
            } else if place {
                names::place(text)
            } else {
                names::latin(text)
            }
        });
        for (id, folded) in folded.into_iter().enumerate() {
            let id = id as u32;
            let same = dict.intern(folded.as_bytes());
            if counts.len() <= same as usize {
                counts.push(0);
            }
            if same != 0 {
                counts[same as usize] += u64::from(column.values.count(id));
                total += u64::from(column.values.count(id));
            }
            out.bags.push(bag(folded.as_bytes()));
            out.texts.push(folded.into_bytes().into_boxed_slice());
            out.same.push(same);
        }
        out.rarity = out.same.iter().map(|&s| quarter_bits(counts[s as usize] as f64 - 0.75, total as f64)).collect();
        out
    }

    /// The same values under other numbers: number `i` is what `numbers[i]` was.
    #[must_use]
    pub fn numbered(&self, numbers: &[u32]) -> Self {
        let pick = |i: &u32| *i as usize;
        Self {
            texts: numbers.iter().map(|i| self.texts[pick(i)].clone()).collect(),
            bags: numbers.iter().map(|i| self.bags[pick(i)]).collect(),
            same: numbers.iter().map(|i| self.same[pick(i)]).collect(),
            rarity: numbers.iter().map(|i| self.rarity[pick(i)]).collect(),
            code: self.code,
        }
    }

    /// Folded text of a distinct value.
    #[must_use]
    pub fn text(&self, id: u32) -> &[u8] {
        &self.texts[id as usize]
    }

    /// 0 different, 1 distantly alike, 2 nearly the same.
    #[must_use]
    pub fn alike(&self, a: u32, b: u32) -> u8 {
        let differing = (self.bags[a as usize] ^ self.bags[b as usize]).count_ones();
        let (x, y) = (&self.texts[a as usize], &self.texts[b as usize]);
        let longer = x.len().max(y.len()) as u32;
        if differing > 2 + longer / 3 {
            return 0;
        }
        if self.code {
            return match osa(x, y) {
                0 | 1 => 2,
                2 => 1,
                _ => 0,
            };
        }
        let near = jaro_winkler(x, y);
        if near >= 0.92 || longer >= 5 && osa(x, y) <= 1 { 2 } else { u8::from(near >= 0.85) }
    }

    /// The level of two values.
    #[must_use]
    pub fn level(&self, a: u32, b: u32) -> u8 {
        if a == 0 || b == 0 || self.same[a as usize] == 0 || self.same[b as usize] == 0 {
            return 0;
        }
        if self.same[a as usize] == self.same[b as usize] {
            return 1 + (self.rarity[a as usize] / 8).saturating_sub(1).min(7);
        }
        match self.alike(a, b) {
            2 => 9 + (self.rarity[a as usize].max(self.rarity[b as usize]) / 16).saturating_sub(1).min(3),
            1 => 13,
            _ => 14,
        }
    }
}

/// The levels in words.
#[must_use]
pub fn levels(what: &str) -> Vec<Level> {
    WORDS.iter().enumerate().map(|(i, w)| Level::new(format!("{what}: {w}"), u8::from(i > 0))).collect()
}
