//! Blocking: which pairs are compared at all.
//!
//! A rule is a key made of parts; two rows are a pair of the rule when all parts are there and
//! the same. How many pairs a rule gives is known from the sizes of its blocks before any pair is
//! made, and a block that is too big is an error, not a long night.

mod rule;

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::compare::Comparer;
use crate::dates::Span;
use crate::intern::hash;
use crate::rng::mix;
use crate::table::{Kind, Table};
use crate::tokens::NameColumn;

pub use self::rule::Rule;
use self::rule::{Form, Part, When};

/// Most rules at once.
pub const MOST_RULES: usize = 24;

/// Which of a name's words.
#[derive(Clone, Copy)]
enum Word {
    First,
    /// The first and the last in the order of letters: the same whichever way round a whole name is written.
    Least,
    Greatest,
}

fn hash_name(comparer: &Comparer, column: &NameColumn, value: u32, form: Form, word: Word) -> u64 {
    let value = &column.values[value as usize];
    if value.len == 0 {
        return 0;
    }
    let tokens = &comparer.tokens;
    let all = value.tokens[..usize::from(value.len)].iter().copied();
    let order = |t: &u32| tokens.sound(*t);
    let word = match word {
        Word::First => None,
        Word::Least => all.min_by_key(order),
        Word::Greatest => all.max_by_key(order),
    }
    .unwrap_or(value.tokens[0]);
    let skeleton = if form == Form::Skeleton { tokens.skeleton(word) } else { Cow::Borrowed(&[][..]) };
    let bytes = match form {
        Form::Word => tokens.word(word),
        Form::Sound => tokens.sound(word),
        Form::Skeleton => skeleton.as_ref(),
        Form::Letters(n) => {
            let word = tokens.word(word);
            &word[..word.len().min(n as usize)]
        }
        Form::Whole => return mix(u64::from(value.same)) | 1,
    };
    if bytes.is_empty() { 0 } else { hash(bytes) | 1 }
}

fn hash_bytes(bytes: &[u8], form: Form) -> u64 {
    let bytes = if let Form::Letters(n) = form { &bytes[..bytes.len().min(n as usize)] } else { bytes };
    if bytes.is_empty() { 0 } else { hash(bytes) | 1 }
}

fn hash_span(span: Span, when: When) -> u64 {
    if span.is_missing() {
        return 0;
    }
    let key = match when {
        When::Day if span.is_day() => i64::from(span.lo),
        When::Month => match span.month() {
            Some((y, m)) => i64::from(y) * 12 + i64::from(m),
            None => return 0,
        },
        When::Year => match span.one_year() {
            Some(y) => i64::from(y),
            None => return 0,
        },
        When::Spell(days, shifted) if span.width() <= days => {
            i64::from((span.lo + span.width() / 2 + if shifted { days / 2 } else { 0 }).div_euclid(days))
        }
        _ => return 0,
    };
    mix(key as u64 ^ 0x5bd1_e995) | 1
}

/// For each part a hash for each distinct value, or for each row.
enum PartKeys<'a> {
    ByValue(&'a [u32], Vec<u64>),
    Unordered(&'a [u32], Vec<u64>, &'a [u32], Vec<u64>),
}

/// Keys of all rules for all rows, row by row; 0 where a part is missing, else the top bit is set.
pub struct Keys {
    keys: Vec<u32>,
    /// Rules, and up to three places more that hold 0: keys are compared four at a time.
    stride: usize,
}

impl Keys {
    /// From the keys of each rule.
    fn of_rules(columns: &[Vec<u32>], rows: usize, threads: usize) -> Self {
        let stride = columns.len().div_ceil(LANES) * LANES;
        let mut keys = vec![0u32; rows * stride];
        let share = rows.div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            for (n, chunk) in keys.chunks_mut(share * stride.max(1)).enumerate() {
                scope.spawn(move || {
                    // Some rows at a time, so that they stay near while every rule writes to them.
                    for (m, chunk) in chunk.chunks_mut(STEP * stride).enumerate() {
                        let from = n * share + m * STEP;
                        for (r, column) in columns.iter().enumerate() {
                            for (to, &key) in chunk.iter_mut().skip(r).step_by(stride).zip(&column[from..]) {
                                *to = key;
                            }
                        }
                    }
                });
            }
        });
        Self { keys, stride }
    }

    /// The keys of a row, and noughts behind them.
    #[inline]
    #[must_use]
    pub fn of(&self, row: u32) -> &[u32] {
        &self.keys[row as usize * self.stride..][..self.stride]
    }

    /// The first rule by which two rows are a pair.
    #[must_use]
    pub fn first_rule(&self, a: u32, b: u32) -> Option<usize> {
        self.of(a).iter().zip(self.of(b)).position(|(x, y)| x == y && *x != 0)
    }

    /// Whether any rule makes two rows a pair, without a branch on the way: of many pairs the keys
    /// are then fetched from memory at the same time.
    #[inline]
    #[must_use]
    pub fn any_rule(&self, a: u32, b: u32) -> bool {
        let mut shared = [0u32; LANES];
        for (x, y) in self.of(a).chunks_exact(LANES).zip(self.of(b).chunks_exact(LANES)) {
            for ((s, x), y) in shared.iter_mut().zip(x).zip(y) {
                *s |= u32::from(x == y) & x >> 31;
            }
        }
        shared != [0; LANES]
    }
}

/// Keys that are compared at once.
pub const LANES: usize = 4;
/// Rows whose keys are made at once.
const STEP: usize = 1024;

/// The rules that were taken, with the keys of all rows and the blocks of each rule.
pub struct Blocked {
    /// The rules.
    pub rules: Vec<Rule>,
    /// The keys.
    pub keys: Keys,
    /// The blocks.
    pub blocks: Vec<Blocks>,
}

/// Makes blocks by the first rule of each choice, or by a narrower one behind it where the first
/// gives more than `most` pairs, or more than `most_of_block` in one block. Rules are worked on by
/// several threads, each for itself.
#[must_use]
pub fn block(
    table: &Table,
    comparer: &Comparer,
    choices: &[Vec<Rule>],
    (most, most_of_block): (u64, u64),
    threads: usize,
) -> Blocked {
    let rows = table.rows();
    let mut parts: Vec<(Part, OnceLock<PartKeys<'_>>)> = Vec::new();
    for part in choices.iter().flatten().flat_map(|r| &r.parts) {
        if !parts.iter().any(|(p, _)| p == part) {
            parts.push((*part, OnceLock::new()));
        }
    }
    let keys_of = |rule: &Rule| -> Vec<&PartKeys<'_>> {
        let found = rule.parts.iter().filter_map(|part| parts.iter().find(|(p, _)| p == part));
        found.map(|(part, keys)| keys.get_or_init(|| part_keys(table, comparer, *part))).collect()
    };
    let one = |n: usize| -> Option<(Rule, Vec<u32>, Blocks)> {
        let mut narrower = choices[n].iter().peekable();
        while let Some(rule) = narrower.next() {
            let keys = rule_keys(n as u64 + 1, &keys_of(rule), rows);
            let blocks = Blocks::of(&keys);
            let big = blocks.pairs > most || blocks.largest.0 > most_of_block;
            if !big || narrower.peek().is_none() {
                return Some((rule.clone(), keys, blocks));
            }
        }
        None
    };
    let mut made = crate::engine::one_by_one(choices.len(), threads, one);
    let columns: Vec<Vec<u32>> = made.iter_mut().flatten().map(|m| std::mem::take(&mut m.1)).collect();
    let keys = Keys::of_rules(&columns, rows, threads);
    let (rules, blocks) = made.into_iter().flatten().map(|(rule, _, blocks)| (rule, blocks)).unzip();
    Blocked { rules, keys, blocks }
}

/// The keys of all rows by one rule.
fn rule_keys(number: u64, parts: &[&PartKeys<'_>], rows: usize) -> Vec<u32> {
    let mut out = Vec::with_capacity(rows);
    let mut from = 0;
    while from < rows {
        let n = STEP.min(rows - from);
        let (mut all, mut there) = ([number; STEP], [true; STEP]);
        for part in parts {
            part.add(from, &mut all[..n], &mut there[..n]);
        }
        let each = all.iter().zip(&there).take(n);
        out.extend(each.map(|(all, there)| if *there { (all >> 32) as u32 | 1 << 31 } else { 0 }));
        from += n;
    }
    out
}

impl PartKeys<'_> {
    /// Mixes this part into the keys of the rows from `from` on.
    fn add(&self, from: usize, all: &mut [u64], there: &mut [bool]) {
        let to = from + all.len();
        let each = all.iter_mut().zip(there);
        let put = |(all, there): (&mut u64, &mut bool), key: u64| {
            *there &= key != 0;
            *all = mix(*all ^ key);
        };
        match self {
            PartKeys::ByValue(cells, keys) => {
                each.zip(&cells[from..to]).for_each(|(to, &cell)| put(to, keys[cell as usize]));
            }
            PartKeys::Unordered(a, x, b, y) => {
                each.zip(a[from..to].iter().zip(&b[from..to])).for_each(|(to, (&a, &b))| {
                    let (p, q) = (x[a as usize], y[b as usize]);
                    put(to, if p == 0 || q == 0 { 0 } else { mix(p.min(q)).wrapping_add(p.max(q)) | 1 });
                });
            }
        }
    }
}

fn part_keys<'a>(table: &'a Table, comparer: &Comparer, part: Part) -> PartKeys<'a> {
    let by_value = |c: usize, f: &dyn Fn(u32) -> u64| {
        let column = &table.columns[c];
        PartKeys::ByValue(
            &column.cells,
            (0..column.values.len() as u32).map(|id| if id == 0 { 0 } else { f(id) }).collect(),
        )
    };
    let nothing = || PartKeys::ByValue(&table.columns[0].cells, vec![0; table.columns[0].values.len()]);
    let name = |side: &Option<(usize, NameColumn)>, form: Form, word: Word| match side {
        Some((c, column)) => by_value(*c, &|id| hash_name(comparer, column, id, form, word)),
        None => nothing(),
    };
    // Nobody knows which word of a whole name is the family name, so two of its words stand for the two names.
    let whole = table.of_kind(Kind::GivenName).is_none();
    let given = |form: Form| name(&comparer.given, form, if whole { Word::Least } else { Word::First });
    let family = |form: Form| match comparer.family {
        None if whole => name(&comparer.given, form, Word::Greatest),
        _ => name(&comparer.family, form, Word::First),
    };
    match part {
        Part::Given(form) => given(form),
        Part::Family(form) => family(form),
        Part::Both(form) => match (given(form), family(form)) {
            (PartKeys::ByValue(a, x), PartKeys::ByValue(b, y)) => PartKeys::Unordered(a, x, b, y),
            _ => nothing(),
        },
        Part::Place(form) => match comparer.places() {
            Some((c, places)) => by_value(*c, &|id| match form {
                Form::Whole => match places.same[id as usize] {
                    0 => 0,
                    same => mix(u64::from(same)) | 1,
                },
                _ => hash_bytes(places.leaf.text(id), form),
            }),
            None => nothing(),
        },
        Part::Event(when) => dates(table, Kind::Event, when).unwrap_or_else(nothing),
        Part::Birth(when) => dates(table, Kind::Birth, when).unwrap_or_else(nothing),
        Part::Sex => match table.of_kind(Kind::Sex) {
            Some(c) => {
                let codes = crate::compare::sex_codes(&table.columns[c].values);
                by_value(c, &|id| match codes[id as usize] {
                    0 => 0,
                    code => mix(u64::from(code)) | 1,
                })
            }
            None => nothing(),
        },
        Part::Column(c, form) => by_value(c, &|id| match comparer.words(c) {
            Some(words) => hash_bytes(words.text(id), form),
            None => hash_bytes(table.columns[c].values.bytes(id), form),
        }),
    }
}

fn dates(table: &Table, kind: Kind, when: When) -> Option<PartKeys<'_>> {
    let column = &table.columns[table.of_kind(kind)?];
    let keys = (0..column.values.len() as u32)
        .map(|id| hash_span(Span::parse(column.values.text(id)).unwrap_or(Span::MISSING), when))
        .collect();
    Some(PartKeys::ByValue(&column.cells, keys))
}

/// The blocks of a rule: rows that share a key, where there are two or more.
pub struct Blocks {
    /// Rows, block after block, in their order within a block.
    pub rows: Vec<u32>,
    /// Where each block begins in `rows`, and where the last ends.
    pub starts: Vec<u32>,
    /// Pairs that the rule gives.
    pub pairs: u64,
    /// Pairs of the largest block, and where it begins.
    pub largest: (u64, u32, u32),
}

impl Blocks {
    /// The blocks of a rule whose keys these are, one for each row.
    #[must_use]
    pub fn of(keys: &[u32]) -> Self {
        let mut sorted: Vec<u64> = Vec::with_capacity(keys.len());
        sorted.extend((0u64..).zip(keys).filter(|(_, key)| **key != 0).map(|(row, &key)| u64::from(key) << 32 | row));
        radix(&mut sorted);
        let mut out = Self { rows: Vec::new(), starts: vec![0], pairs: 0, largest: (0, 0, 0) };
        let mut i = 0;
        while i < sorted.len() {
            let key = sorted[i] >> 32;
            let mut j = i + 1;
            while j < sorted.len() && sorted[j] >> 32 == key {
                j += 1;
            }
            let n = (j - i) as u64;
            if n > 1 {
                let pairs = n * (n - 1) / 2;
                out.pairs += pairs;
                if pairs > out.largest.0 {
                    out.largest = (pairs, out.rows.len() as u32, n as u32);
                }
                out.rows.extend(sorted[i..j].iter().map(|&x| x as u32));
                out.starts.push(out.rows.len() as u32);
            }
            i = j;
        }
        out.rows.shrink_to_fit();
        out.starts.shrink_to_fit();
        out
    }
}

/// Sorts by the upper 32 bits, keeping the order of equals: three passes of eleven bits.
fn radix(items: &mut Vec<u64>) {
    let mut other = vec![0u64; items.len()];
    let mut all = [[0u32; 2048]; 3];
    for &x in items.iter() {
        for (counts, shift) in all.iter_mut().zip([32u32, 43, 54]) {
            counts[(x >> shift & 2047) as usize] += 1;
        }
    }
    for (mut counts, shift) in all.into_iter().zip([32u32, 43, 54]) {
        let mut sum = 0u32;
        for c in &mut counts {
            let n = *c;
            *c = sum;
            sum += n;
        }
        for &x in items.iter() {
            let at = &mut counts[(x >> shift & 2047) as usize];
            other[*at as usize] = x;
            *at += 1;
        }
        std::mem::swap(items, &mut other);
    }
}
