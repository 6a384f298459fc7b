//! Comparing places, which may be paths from the smallest part to the largest.

use crate::intern::Dict;
use crate::table::Column;
use crate::tokens::quarter_bits;

use super::Level;
use super::when::event;
use super::words::Words;

/// How many levels a place has by itself.
pub const LEVELS: usize = 11;

const WORDS: [&str; LEVELS] = [
    "place missing",
    "the same, very common place",
    "the same, common place",
    "the same place",
    "the same place",
    "the same, rare place",
    "the same, very rare place",
    "nearly the same place name",
    "places within one another, or in one province",
    "places that are taken for one another",
    "another place",
];

/// The distinct places of a column.
#[derive(Clone, Debug)]
pub struct Places {
    /// The smallest part of each.
    pub leaf: Words,
    /// Number of what is above it; 0 when nothing is said.
    above: Vec<u32>,
    /// For each part, smallest first, a number; to see whether one lies within the other.
    parts: Vec<Vec<u32>>,
    /// Number of the folded whole.
    pub same: Vec<u32>,
    /// Class of rarity, 0–5.
    class: Vec<u8>,
    /// Pairs that matches were seen to confuse, sorted: the smaller number first.
    confused: Vec<(u32, u32)>,
}

impl Places {
    /// Reads a column of places.
    #[must_use]
    pub fn read(column: &Column, threads: usize) -> Self {
        let n = column.values.len() as u32;
        let (mut leaves, mut wholes, mut parts_dict) = (Dict::default(), Dict::default(), Dict::default());
        let (mut above, mut parts, mut same, mut cells) = (vec![], vec![], vec![], vec![]);
        let mut counts = vec![0u64];
        let folded: Vec<Vec<String>> = crate::engine::in_parallel(n as usize, threads, |id| {
            column.values.text(id as u32).split(" / ").map(names::place).collect()
        });
        for (id, folded) in folded.into_iter().enumerate() {
            let id = id as u32;
            let text = column.values.text(id);
            let numbers: Vec<u32> = if id == 0 {
                vec![]
            } else {
                folded.iter().map(|p| parts_dict.intern(p.as_bytes())).filter(|&p| p != 0).collect()
            };
            let whole = if id == 0 { 0 } else { wholes.intern(folded.join("/").as_bytes()) };
            if counts.len() <= whole as usize {
                counts.push(0);
            }
            counts[whole as usize] += u64::from(column.values.count(id));
            above.push(if numbers.len() > 1 {
                parts_dict.intern(format!("^{}", folded[1..].join("/")).as_bytes())
            } else {
                0
            });
            parts.push(numbers);
            same.push(whole);
            let leaf = text.split(" / ").next().unwrap_or_default();
            cells.push(leaves.intern(leaf.as_bytes()));
        }
        let total: u64 = counts.iter().skip(1).sum();
        let class = same
            .iter()
            .map(|&w| (quarter_bits(counts[w as usize] as f64, total as f64) / 4).saturating_sub(5).div_ceil(2).min(5))
            .collect();
        // `Words` reads a column: one of the leaves, in which distinct leaves keep their numbers.
        let mut column = Column { name: String::new(), kind: crate::table::Kind::Place, values: leaves, cells: vec![] };
        let read = Words::read(&column, false, true, threads);
        column.values.freeze();
        let leaf = read.numbered(&cells);
        Self { leaf, above, parts, same, class, confused: Vec::new() }
    }

    /// The level of two places.
    #[inline]
    #[must_use]
    pub fn level(&self, a: u32, b: u32, memo: &mut Memo) -> u8 {
        let (x, y) = (self.same[a as usize], self.same[b as usize]);
        if x == 0 || y == 0 {
            return 0;
        }
        if x == y {
            return 1 + self.class[a as usize];
        }
        memo.get(a, b, || self.slow(a, b))
    }

    fn slow(&self, a: u32, b: u32) -> u8 {
        let (i, j) = (a as usize, b as usize);
        let above_agrees = self.above[i] == self.above[j] || self.above[i] == 0 || self.above[j] == 0;
        let pair = (self.same[i].min(self.same[j]), self.same[i].max(self.same[j]));
        if above_agrees && self.leaf.same[i] == self.leaf.same[j] {
            return 1 + self.class[i];
        }
        if above_agrees && self.leaf.alike(a, b) == 2 {
            return 7;
        }
        if self.confused.binary_search(&pair).is_ok() {
            return 9;
        }
        if self.above[i] != 0 && self.above[i] == self.above[j]
            || self.parts[i].first().is_some_and(|p| self.parts[j].contains(p))
            || self.parts[j].first().is_some_and(|p| self.parts[i].contains(p))
        {
            return 8;
        }
        10
    }

    /// Takes note of places that matches confuse (numbers of folded wholes, the smaller first).
    pub fn confuse(&mut self, mut pairs: Vec<(u32, u32)>) {
        pairs.sort_unstable();
        pairs.dedup();
        self.confused = pairs;
    }
}

/// Remembers levels of pairs of places: a small table that forgets. Both numbers, of 30 bits each,
/// and the level are one word in memory.
#[derive(Clone, Debug)]
pub struct Memo(Vec<u64>);

impl Default for Memo {
    fn default() -> Self {
        Self(vec![0; 1 << 13])
    }
}

impl Memo {
    #[inline]
    fn get(&mut self, a: u32, b: u32, slow: impl FnOnce() -> u8) -> u8 {
        let key = u64::from(a.min(b)) << 30 | u64::from(a.max(b));
        let slot = &mut self.0[(key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize];
        if *slot >> 4 != key {
            *slot = key << 4 | u64::from(slow());
        }
        (*slot & 15) as u8
    }
}

/// The levels of place and time together, in words; the group is which of the two is missing.
#[must_use]
pub fn where_when_levels() -> Vec<Level> {
    let mut out = Vec::with_capacity(super::WHERE_WHEN_LEVELS);
    for (p, place) in WORDS.iter().enumerate() {
        for (e, when) in event::WORDS.iter().enumerate() {
            let group = match (p, e) {
                (0, 0) => 0,
                (0, _) => 1,
                (_, 0) => 2,
                _ => 3,
            };
            let mut level = Level::new(format!("{place}, {when}"), group);
            level.shared = match (p == LEVELS - 1, e == event::LEVELS - 1) {
                (true, true) => 0.02,
                (_, true) => 0.1,
                _ => 1.0,
            };
            out.push(level);
        }
    }
    out
}
