//! Blocking: which pairs are compared at all.
//!
//! A rule is a key made of parts; two rows are a pair of the rule when all parts are there and
//! the same. How many pairs a rule gives is known from the sizes of its blocks before any pair is
//! made, and a block that is too big is an error, not a long night.

mod rule;

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

fn hash_name(comparer: &Comparer, column: &NameColumn, value: u32, form: Form) -> u64 {
    let value = &column.values[value as usize];
    if value.len == 0 {
        return 0;
    }
    let tokens = &comparer.tokens;
    let first = value.tokens[0];
    let bytes = match form {
        Form::Word => tokens.word(first),
        Form::Sound => tokens.sound(first),
        Form::Skeleton => tokens.skeleton(first),
        Form::Letters(n) => {
            let word = tokens.word(first);
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
    /// `rows × rules` keys.
    pub keys: Vec<u32>,
    /// How many rules there are.
    pub rules: usize,
}

impl Keys {
    /// The keys of a row.
    #[inline]
    #[must_use]
    pub fn of(&self, row: u32) -> &[u32] {
        &self.keys[row as usize * self.rules..][..self.rules]
    }

    /// The first rule by which two rows are a pair.
    #[must_use]
    pub fn first_rule(&self, a: u32, b: u32) -> Option<usize> {
        self.of(a).iter().zip(self.of(b)).position(|(x, y)| x == y && *x != 0)
    }
}

/// Computes the keys.
#[must_use]
pub fn keys(table: &Table, comparer: &Comparer, rules: &[Rule], threads: usize) -> Keys {
    let rows = table.rows();
    let mut parts: Vec<(Part, PartKeys<'_>)> = Vec::new();
    for part in rules.iter().flat_map(|r| &r.parts) {
        if !parts.iter().any(|(p, _)| p == part) {
            parts.push((*part, part_keys(table, comparer, *part)));
        }
    }
    let plan: Vec<Vec<usize>> =
        rules.iter().map(|r| r.parts.iter().filter_map(|p| parts.iter().position(|(q, _)| q == p)).collect()).collect();
    let stride = rules.len();
    let mut out = vec![0u32; rows * stride];
    let share = rows.div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (n, chunk) in out.chunks_mut(share * stride.max(1)).enumerate() {
            let (parts, plan) = (&parts, &plan);
            scope.spawn(move || {
                let mut hashes = vec![0u64; parts.len()];
                for (i, to) in chunk.chunks_mut(stride).enumerate() {
                    let row = n * share + i;
                    for (h, (_, part)) in hashes.iter_mut().zip(parts) {
                        *h = part.of(row);
                    }
                    for (r, (key, plan)) in to.iter_mut().zip(plan).enumerate() {
                        let mut all = r as u64 + 1;
                        let mut missing = false;
                        for &p in plan {
                            missing |= hashes[p] == 0;
                            all = mix(all ^ hashes[p]);
                        }
                        *key = if missing { 0 } else { (all >> 32) as u32 | 1 << 31 };
                    }
                }
            });
        }
    });
    Keys { keys: out, rules: stride }
}

impl PartKeys<'_> {
    #[inline]
    fn of(&self, row: usize) -> u64 {
        match self {
            PartKeys::ByValue(cells, keys) => keys[cells[row] as usize],
            PartKeys::Unordered(a, x, b, y) => {
                let (p, q) = (x[a[row] as usize], y[b[row] as usize]);
                if p == 0 || q == 0 { 0 } else { mix(p.min(q)).wrapping_add(p.max(q)) | 1 }
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
    let name = |side: &Option<(usize, NameColumn)>, form: Form| match side {
        Some((c, column)) => by_value(*c, &|id| hash_name(comparer, column, id, form)),
        None => nothing(),
    };
    match part {
        Part::Given(form) => name(&comparer.given, form),
        Part::Family(form) => name(&comparer.family, form),
        Part::Both(form) => match (name(&comparer.given, form), name(&comparer.family, form)) {
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
            Some(c) => by_value(c, &|id| match crate::compare::sex_code(table.columns[c].values.text(id)) {
                0 => 0,
                code => mix(u64::from(code)) | 1,
            }),
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
    /// The blocks of rule `rule`.
    #[must_use]
    pub fn of(keys: &Keys, rule: usize, rows: usize) -> Self {
        let mut sorted: Vec<u64> = Vec::with_capacity(rows);
        for row in 0..rows {
            let key = keys.keys[row * keys.rules + rule];
            if key != 0 {
                sorted.push(u64::from(key) << 32 | row as u64);
            }
        }
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
    for shift in [32u32, 43, 54] {
        let mut counts = [0u32; 2048];
        for &x in items.iter() {
            counts[(x >> shift & 2047) as usize] += 1;
        }
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
