//! Names as tokens: each distinct name is read once into Latin words, and each distinct word
//! gets its sound, its skeleton and how often it occurs.

mod relation;

use std::borrow::Cow;

use crate::distance::bag;
use crate::engine::in_parallel;
use crate::intern::Dict;
use crate::table::Column;

pub use self::relation::{Memo, Relation};

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
    // Of the first two words what is asked of every pair, so that it lies where the name lies:
    // the words themselves are far away in memory.
    /// Their letters as bags.
    pub bags: [u32; 2],
    /// Numbers of their keys by sound; 0 when there is none, or when the word is an initial.
    pub sounds: [u32; 2],
    /// Their lengths in letters.
    pub lens: [u8; 2],
    /// Their first letters.
    pub firsts: [u8; 2],
    /// Script in which the name is written, as in [`Token::script`].
    pub script: u8,
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

/// A distinct name in Latin words, and the script it was written in.
type Latin = (String, u8);

fn read_latin(column: &Column, threads: usize) -> Vec<Latin> {
    in_parallel(column.values.len(), threads, |id| {
        let text = column.values.text(id as u32);
        (names::latin(text), script_of(text))
    })
}

/// What the rows of a column say of its words, before anything is made of it.
struct Counted {
    column: NameColumn,
    words: Vec<u32>,
    wholes: Vec<u64>,
    present: u64,
}

impl Tokens {
    /// Reads all distinct names of some columns, in this order.
    pub fn read(&mut self, columns: &[&Column], threads: usize) -> Vec<NameColumn> {
        let rows = columns.first().map_or(0, |c| c.cells.len());
        let mut latin = columns.first().map(|c| read_latin(c, threads)).unwrap_or_default();
        let mut counted = Vec::new();
        for (n, column) in columns.iter().enumerate() {
            // While one column's words are numbered, which is one thread's work, the next is read.
            let next = std::thread::scope(|scope| {
                let next = columns.get(n + 1).map(|next| scope.spawn(move || read_latin(next, threads)));
                counted.push(self.count(column, &latin));
                next.and_then(|next| next.join().ok())
            });
            latin = match (next, columns.get(n + 1)) {
                (None, Some(column)) => read_latin(column, threads),
                (next, _) => next.unwrap_or_default(),
            };
        }
        self.keys(threads);
        counted.into_iter().map(|counted| self.finish(counted, rows)).collect()
    }

    /// Numbers the words of a column and counts them.
    fn count(&mut self, column: &Column, latin: &[Latin]) -> Counted {
        let mut out = NameColumn { values: vec![NameValue::default(); column.values.len()], ..NameColumn::default() };
        let (mut words, mut whole, mut wholes, mut present) = (Vec::new(), Dict::default(), vec![0u64], 0u64);
        for ((id, (latin, script)), value) in (0u32..).zip(latin).zip(&mut out.values).skip(1) {
            let count = column.values.count(id);
            present += u64::from(count);
            value.same = whole.intern(latin.as_bytes());
            if wholes.len() <= value.same as usize {
                wholes.push(0);
            }
            wholes[value.same as usize] += u64::from(count);
            for word in latin.split(' ').filter(|w| !w.is_empty()).take(MOST) {
                let token = self.token(word, *script);
                value.tokens[value.len as usize] = token;
                value.len += 1;
                if words.len() <= token as usize {
                    words.resize(token as usize + 1, 0);
                }
                words[token as usize] += count;
            }
        }
        Counted { column: out, words, wholes, present }
    }

    /// What is known of the words put beside the names, and how rare both are.
    fn finish(&self, counted: Counted, rows: usize) -> NameColumn {
        let Counted { column: mut out, words: mut counts, wholes, present } = counted;
        // As if 200 more rows had been seen with other names: in a short list no name is known to be common.
        let total = present.max(1).min(rows.max(1) as u64) as f64 + 200.0;
        for value in &mut out.values {
            for k in 0..2.min(value.len as usize) {
                let token = self.info(value.tokens[k]);
                value.bags[k] = token.bag;
                value.sounds[k] = if token.len > 1 { token.sound } else { 0 };
                value.lens[k] = token.len;
                value.firsts[k] = token.first;
                value.script = token.script;
            }
            value.rarity = quarter_bits(wholes[value.same as usize] as f64 - 0.75, total);
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
            let marked = [&[script], word.as_bytes()].concat();
            self.words.intern(&marked)
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

    /// Sounds of all words; and skeletons, where there is more than one script to meet across.
    fn keys(&mut self, threads: usize) {
        let skeletons = self.info.iter().any(|word| word.script != 0);
        let keys = in_parallel(self.info.len(), threads, |token| {
            let word = std::str::from_utf8(self.word(token as u32)).unwrap_or_default();
            (names::sound(word), if skeletons { names::skeleton(word) } else { String::new() })
        });
        for (info, (sound, skeleton)) in self.info.iter_mut().zip(&keys).skip(1) {
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

    /// The skeleton of a word; made now when all words are of one script.
    #[must_use]
    pub fn skeleton(&self, token: u32) -> Cow<'_, [u8]> {
        if self.skeletons.is_empty() {
            let word = std::str::from_utf8(self.word(token)).unwrap_or_default();
            return Cow::Owned(names::skeleton(word).into_bytes());
        }
        Cow::Borrowed(self.skeletons.bytes(self.info[token as usize].skeleton))
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
}
