//! How two words relate: the cheapest question first, and what was found is remembered.

use crate::distance::{LONGEST, jaro_winkler, osa};

use super::{NameValue, Tokens};

/// How two words relate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Relation {
    /// Nothing alike.
    Different = 0,
    /// Distantly alike.
    Weak = 1,
    /// Written in two scripts, consonants nearly the same.
    CrossNear = 2,
    /// One is the first letter of the other.
    Initial = 3,
    /// Written in two scripts, consonants or sound the same.
    Cross = 4,
    /// A letter or two differ, or it sounds the same.
    Near = 5,
    /// The same word.
    Same = 6,
}

impl Tokens {
    /// How word `i` of one name and word `j` of another relate.
    #[inline]
    #[must_use]
    pub fn relation(&self, x: &NameValue, i: usize, y: &NameValue, j: usize, memo: &mut Memo) -> Relation {
        let (a, b) = (x.tokens[i], y.tokens[j]);
        if a == b {
            return Relation::Same;
        }
        if i > 1 || j > 1 || x.script != y.script {
            return self.far_relation(a, b, memo);
        }
        if x.sounds[i] == y.sounds[j] && x.sounds[i] != 0 {
            return Relation::Near;
        }
        let first = x.firsts[i] == y.firsts[j];
        if x.lens[i] <= 1 || y.lens[j] <= 1 {
            return if first { Relation::Initial } else { Relation::Different };
        }
        if too_far((x.bags[i], x.lens[i]), (y.bags[j], y.lens[j]), first) {
            return Relation::Different;
        }
        memo.get(a, b, || self.slow_relation(a, b))
    }

    /// The same for words of which nothing stands beside the name, or of two scripts.
    fn far_relation(&self, a: u32, b: u32, memo: &mut Memo) -> Relation {
        let (x, y) = (&self.info[a as usize], &self.info[b as usize]);
        if x.script == y.script {
            if x.sound == y.sound && x.sound != 0 && x.len > 1 && y.len > 1 {
                return Relation::Near;
            }
            if x.len <= 1 || y.len <= 1 {
                return if x.first == y.first { Relation::Initial } else { Relation::Different };
            }
            if too_far((x.bag, x.len), (y.bag, y.len), x.first == y.first) {
                return Relation::Different;
            }
        } else if (x.sound != y.sound || x.sound == 0) && (x.skeleton != y.skeleton || x.skeleton == 0) {
            if x.len <= 1 || y.len <= 1 {
                return if x.first == y.first { Relation::Initial } else { Relation::Different };
            }
        } else if x.len > 1 && y.len > 1 {
            return Relation::Cross;
        }
        memo.get(a, b, || self.slow_relation(a, b))
    }

    fn slow_relation(&self, a: u32, b: u32) -> Relation {
        let (x, y) = (self.word(a), self.word(b));
        if self.info(a).script != self.info(b).script {
            let (p, q) = (self.skeleton(a), self.skeleton(b));
            let near = p.len().min(q.len()) >= 3 && osa(&p, &q) <= 1;
            return if jaro_winkler(x, y) >= 0.92 {
                Relation::Cross
            } else if near || jaro_winkler(x, y) >= 0.8 || (p.len().min(q.len()) >= 3 && jaro_winkler(&p, &q) >= 0.9) {
                Relation::CrossNear
            } else {
                Relation::Different
            };
        }
        let (shorter, edits) = (x.len().min(y.len()), osa(x, y));
        match edits {
            0 | 1 if shorter >= 3 => Relation::Near,
            2 if shorter >= 7 => Relation::Near,
            0 | 1 => Relation::Weak,
            2..=4 => {
                let near = jaro_winkler(x, y);
                if near >= 0.93 {
                    Relation::Near
                } else if near >= 0.85 {
                    Relation::Weak
                } else {
                    Relation::Different
                }
            }
            _ => Relation::Different,
        }
    }
}

/// A word's letters as a bag, and its length.
type Letters = (u32, u8);

/// Whether so many letters differ that two words are not compared any further; `first` when they
/// begin with the same letter.
#[inline]
fn too_far(a: Letters, b: Letters, first: bool) -> bool {
    // Each edit changes at most two bits.
    (a.0 ^ b.0).count_ones() > if a.1.max(b.1) > 9 { 6 } else { 4 } || unlike(a, b, first)
}

/// Whether letters and lengths alone say that [`Tokens::slow_relation`] finds two words different:
/// they are two edits apart or more, and Jaro–Winkler stays below what makes them alike.
#[inline]
fn unlike((a, p): Letters, (b, q): Letters, first: bool) -> bool {
    let (longer, shorter) = (p.max(q), p.min(q));
    let (of_a, of_b) = ((a & !b).count_ones(), (b & !a).count_ones());
    let edits = (of_a + of_b).div_ceil(2).max(u32::from(longer - shorter));
    if edits < 2 || edits == 2 && shorter >= 7 || usize::from(longer) > LONGEST {
        return false;
    }
    // What is in one bag alone is no common letter; with all others common, and the longest
    // beginning, it would be this.
    let common = (f32::from(p) - of_a as f32).min(f32::from(q) - of_b as f32).max(0.0);
    let jaro = (common / f32::from(p) + common / f32::from(q) + 1.0) / 3.0;
    let beginning = if first { common.min(4.0) * 0.1 } else { 0.0 };
    jaro + beginning * (1.0 - jaro) < 0.8499
}

/// Remembers the relations of pairs of words: a small table that forgets. Both numbers, of 30 bits
/// each, and the relation are one word in memory.
#[derive(Clone, Debug)]
pub struct Memo(Vec<u64>);

/// Logarithm of how many pairs are remembered.
const REMEMBERED: u32 = 15;

impl Default for Memo {
    fn default() -> Self {
        Self(vec![0; 1 << REMEMBERED])
    }
}

impl Memo {
    #[inline]
    fn get(&mut self, a: u32, b: u32, slow: impl FnOnce() -> Relation) -> Relation {
        let key = u64::from(a.min(b)) << 30 | u64::from(a.max(b));
        let slot = &mut self.0[(key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - REMEMBERED)) as usize];
        if *slot >> 3 != key {
            *slot = key << 3 | slow() as u64;
        }
        match *slot & 7 {
            0 => Relation::Different,
            1 => Relation::Weak,
            2 => Relation::CrossNear,
            3 => Relation::Initial,
            4 => Relation::Cross,
            5 => Relation::Near,
            _ => Relation::Same,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_unlike_by_its_letters_is_different(a in "[a-eaa12]{2,12}", b in "[a-eaa12]{2,12}") {
            let mut tokens = Tokens::default();
            let (x, y) = (tokens.token(&a, 0), tokens.token(&b, 0));
            let (p, q) = (*tokens.info(x), *tokens.info(y));
            if x != y && unlike((p.bag, p.len), (q.bag, q.len), p.first == q.first) {
                prop_assert_eq!(tokens.slow_relation(x, y), Relation::Different);
            }
        }
    }
}
