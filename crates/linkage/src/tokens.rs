//! Names as tokens: each distinct name is read once into Latin words, and each distinct word
//! gets its sound, its skeleton and how often it occurs.

use crate::distance::{bag, jaro_winkler, osa};
use crate::intern::Dict;
use crate::table::Column;

/// Most words of a name that are compared.
pub const MOST: usize = 4;

/// A distinct name as its words.
#[derive(Clone, Copy, Default, Debug)]
pub struct NameValue {
    /// Numbers of its words in [`Tokens`]; the rest is 0.
    pub tokens: [u32; MOST],
    /// How many words it has, up to [`MOST`]; 0 is a missing name.
    pub len: u8,
    /// −log₂ of how often the whole name occurs, in quarter bits.
    pub rarity: u8,
    /// Number of the distinct name (same number, same words in the same order).
    pub same: u32,
    /// Bags of letters of the first two words.
    pub bags: [u32; 2],
    /// Numbers of their keys by sound; 0 when there is none, or when the word is an initial.
    pub sounds: [u32; 2],
    /// Script in which the name is written, as in [`Token::script`].
    pub script: u8,
}

impl NameValue {
    /// Whether it is certain, without looking at the words, that word `i` of this name and word `j`
    /// of the other are different.
    #[inline]
    #[must_use]
    pub fn certainly_different(&self, i: usize, other: &Self, j: usize) -> bool {
        i < 2
            && j < 2
            && self.script == other.script
            && self.sounds[i] != other.sounds[j]
            && self.sounds[i] != 0
            && other.sounds[j] != 0
            && (self.bags[i] ^ other.bags[j]).count_ones() > 6
    }
}

/// A distinct word.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its letters as a bag.
    pub bag: u32,
    /// Number of its key by sound.
    pub sound: u32,
    /// Number of its skeleton.
    pub skeleton: u32,
    /// Its length in letters.
    pub len: u8,
    /// First letter.
    pub first: u8,
    /// Whether it was written in another script than Latin: 0 Latin, 1 another with vowels,
    /// 2 a script that does not write vowels.
    pub script: u8,
}

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

/// All distinct words of the name columns.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    words: Dict,
    sounds: Dict,
    skeletons: Dict,
    info: Vec<Token>,
}

/// The distinct values of one name column, read.
#[derive(Clone, Debug, Default)]
pub struct NameColumn {
    /// For each number of the column's dictionary its words.
    pub values: Vec<NameValue>,
    /// For each word, −log₂ of the share of rows that have it in this column, in quarter bits.
    pub token_rarity: Vec<u8>,
    /// For each skeleton the same.
    pub skeleton_rarity: Vec<u8>,
}

/// −log₂(count ÷ total) in quarter bits, at most 63 bits.
#[must_use]
pub fn quarter_bits(count: f64, total: f64) -> u8 {
    let bits = -(count.max(0.5) / total.max(1.0)).log2();
    (bits * 4.0).clamp(0.0, 252.0) as u8
}

fn script_of(text: &str) -> u8 {
    let mut script = 0;
    for c in text.chars() {
        match c as u32 {
            0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff => return 2,
            0x0000..=0x024f | 0x1e00..=0x1eff | 0x0300..=0x036f | 0x2000..=0x206f => {}
            _ => script = 1,
        }
    }
    script
}

impl Tokens {
    /// Reads all distinct names of a column.
    pub fn read(&mut self, column: &Column, rows: usize, threads: usize) -> NameColumn {
        let mut out = NameColumn { values: vec![NameValue::default(); column.values.len()], ..NameColumn::default() };
        let mut counts: Vec<u32> = Vec::new();
        let mut whole = Dict::default();
        let mut whole_counts: Vec<u64> = vec![0];
        let mut present = 0u64;
        let latin =
            crate::engine::in_parallel(column.values.len(), threads, |id| names::latin(column.values.text(id as u32)));
        let known = self.info.len();
        for id in 1..column.values.len() as u32 {
            let text = column.values.text(id);
            let count = column.values.count(id);
            present += u64::from(count);
            let script = script_of(text);
            let latin = &latin[id as usize];
            let value = &mut out.values[id as usize];
            value.same = whole.intern(latin.as_bytes());
            if whole_counts.len() <= value.same as usize {
                whole_counts.push(0);
            }
            whole_counts[value.same as usize] += u64::from(count);
            for word in latin.split(' ').filter(|w| !w.is_empty()).take(MOST) {
                let token = self.token(word, script);
                value.tokens[value.len as usize] = token;
                value.len += 1;
                if counts.len() <= token as usize {
                    counts.resize(token as usize + 1, 0);
                }
                counts[token as usize] += count;
            }
        }
        self.keys(known, threads);
        for value in &mut out.values {
            for k in 0..2.min(value.len as usize) {
                let token = self.info(value.tokens[k]);
                value.bags[k] = token.bag;
                value.sounds[k] = if token.len > 1 { token.sound } else { 0 };
                value.script = token.script;
            }
        }
        // As if 200 more rows had been seen with other names: in a short list no name is known to be common.
        let total = present.max(1).min(rows.max(1) as u64) as f64 + 200.0;
        for value in &mut out.values {
            value.rarity = quarter_bits(whole_counts[value.same as usize] as f64 - 0.75, total);
        }
        counts.resize(self.info.len().max(1), 0);
        out.token_rarity = counts.iter().map(|&c| quarter_bits(f64::from(c) - 0.25, total)).collect();
        let mut by_skeleton = vec![0u32; self.skeletons.len()];
        for (token, &count) in counts.iter().enumerate().skip(1) {
            by_skeleton[self.info[token].skeleton as usize] += count;
        }
        out.skeleton_rarity = by_skeleton.iter().map(|&c| quarter_bits(f64::from(c) - 0.25, total)).collect();
        out
    }

    fn token(&mut self, word: &str, script: u8) -> u32 {
        if self.info.is_empty() {
            self.info.push(Token { bag: 0, sound: 0, skeleton: 0, len: 0, first: 0, script: 0 });
        }
        // The same letters from two scripts are two words: they compare differently.
        let id = if script == 0 {
            self.words.intern(word.as_bytes())
        } else {
            let marked = format!("{script}{word}");
            self.words.intern(marked.as_bytes())
        };
        if self.info.len() <= id as usize {
            self.info.push(Token {
                bag: bag(word.as_bytes()),
                sound: 0,
                skeleton: 0,
                len: word.len().min(255) as u8,
                first: word.as_bytes().first().copied().unwrap_or(0),
                script,
            });
        }
        id
    }

    /// Sounds and skeletons of the words from number `known` on.
    fn keys(&mut self, known: usize, threads: usize) {
        let known = known.max(1);
        let keys = crate::engine::in_parallel(self.info.len().saturating_sub(known), threads, |i| {
            let word = std::str::from_utf8(self.word((known + i) as u32)).unwrap_or_default();
            (names::sound(word), names::skeleton(word))
        });
        for (info, (sound, skeleton)) in self.info.iter_mut().skip(known).zip(&keys) {
            info.sound = self.sounds.intern(sound.as_bytes());
            info.skeleton = self.skeletons.intern(skeleton.as_bytes());
        }
    }

    /// What is known of a word.
    #[inline]
    #[must_use]
    pub fn info(&self, token: u32) -> &Token {
        &self.info[token as usize]
    }

    /// The letters of a word.
    #[must_use]
    pub fn word(&self, token: u32) -> &[u8] {
        let bytes = self.words.bytes(token);
        if self.info[token as usize].script == 0 { bytes } else { &bytes[1.min(bytes.len())..] }
    }

    /// The key by sound with this number.
    #[must_use]
    pub fn sound(&self, token: u32) -> &[u8] {
        self.sounds.bytes(self.info[token as usize].sound)
    }

    /// The skeleton of a word.
    #[must_use]
    pub fn skeleton(&self, token: u32) -> &[u8] {
        self.skeletons.bytes(self.info[token as usize].skeleton)
    }

    /// How many words there are, and one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.info.len()
    }

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.info.len() <= 1
    }

    /// How two words relate.
    #[inline]
    #[must_use]
    pub fn relation(&self, a: u32, b: u32, memo: &mut Memo) -> Relation {
        if a == b {
            return Relation::Same;
        }
        let (x, y) = (&self.info[a as usize], &self.info[b as usize]);
        if x.script == y.script {
            if x.sound == y.sound && x.sound != 0 && x.len > 1 && y.len > 1 {
                return Relation::Near;
            }
            if x.len <= 1 || y.len <= 1 {
                return if x.first == y.first { Relation::Initial } else { Relation::Different };
            }
            // Each edit changes at most two bits of the bag.
            let differing = (x.bag ^ y.bag).count_ones();
            if differing > if x.len.max(y.len) > 9 { 6 } else { 4 } {
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
            let near = p.len().min(q.len()) >= 3 && osa(p, q) <= 1;
            return if jaro_winkler(x, y) >= 0.92 {
                Relation::Cross
            } else if near || jaro_winkler(x, y) >= 0.8 || (p.len().min(q.len()) >= 3 && jaro_winkler(p, q) >= 0.9) {
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

/// Remembers the relations of pairs of words: a small table that forgets.
#[derive(Clone, Debug)]
pub struct Memo {
    keys: Vec<u64>,
    values: Vec<u8>,
}

impl Default for Memo {
    fn default() -> Self {
        Self { keys: vec![0; 1 << 15], values: vec![0; 1 << 15] }
    }
}

impl Memo {
    #[inline]
    fn get(&mut self, a: u32, b: u32, slow: impl FnOnce() -> Relation) -> Relation {
        let key = u64::from(a.min(b)) << 32 | u64::from(a.max(b));
        let at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize;
        if self.keys[at] != key {
            self.keys[at] = key;
            self.values[at] = slow() as u8;
        }
        match self.values[at] {
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
