//! What is assumed before the data speak: how often each level is seen among pairs of one person
//! (m) and of different persons (u). The numbers are in `defaults.toml` beside this file.
//!
//! They matter for small tables: EM starts from them, and they stay as a Dirichlet prior, m worth
//! [`crate::em::PRIOR_PAIRS`] pairs. In a table of sixty persons they say most; in one of a million,
//! nothing.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::compare::names::at;
use crate::compare::when::event;
use crate::compare::{Comparison, WHERE_WHEN_LEVELS, place, words};
use crate::model::{Class, PerClass};
use crate::tokens::NameColumn;

/// Random pairs that the default u is worth.
const WORTH: f64 = 1000.0;
/// Share of the pairs of relatives whose whole names have a word in common, one that is nearly the same, or something else.
const RELATIVES: [f64; 3] = [0.8, 0.12, 0.08];
/// Rows up to which the rarity of names is spread as the table has it.
const SMALL: usize = 20_000;
/// Random pairs from which on they are taken at their word about names.
const ENOUGH: f64 = 200_000.0;

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    m: Vec<f64>,
    u: Vec<f64>,
}

fn table() -> &'static BTreeMap<String, Numbers> {
    static TABLE: OnceLock<BTreeMap<String, Numbers>> = OnceLock::new();
    TABLE.get_or_init(|| toml::from_str(include_str!("defaults.toml")).unwrap_or_default())
}

/// Runs of levels that differ in rarity alone: how many there are, bits at which the first begins
/// and how many bits wide each is.
const NAME_RUNS: [(usize, f64, f64); 11] = [
    (14, 4.0, 1.25),
    (8, 4.0, 1.75),
    (8, 0.0, 1.0),
    (4, 0.0, 1.5),
    (4, 2.0, 2.0),
    (1, 0.0, 0.0),
    (1, 0.0, 0.0),
    (6, 3.0, 1.5),
    (3, 0.0, 1.0),
    (1, 0.0, 0.0),
    (1, 0.0, 0.0),
];
const WORD_RUNS: [(usize, f64, f64); 4] = [(8, 2.0, 2.0), (4, 0.0, 3.0), (1, 0.0, 0.0), (1, 0.0, 0.0)];
const PLACE_RUNS: [(usize, f64, f64); 5] = [(6, 4.0, 2.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0)];
const DATE_RUNS: [(usize, f64, f64); 6] =
    [(3, 8.0, 2.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0)];

/// Spreads the mass of each category over its levels; `falling` with 2 to the minus bits of rarity,
/// as agreement by chance does.
fn spread(masses: &[f64], runs: &[(usize, f64, f64)], falling: bool, rows: Option<&Rarities>) -> Vec<f64> {
    let mut out = vec![1.0];
    for (run, (mass, &(n, from, width))) in masses.iter().zip(runs).enumerate() {
        let here = rows.map(|rows| rows.classes(run == 0, n, from, width));
        let share = |i: usize| {
            let fall = if falling { (-(from + width * i as f64)).exp2() } else { 1.0 };
            fall * here.as_ref().map_or(1.0, |here| here[i])
        };
        let sum: f64 = (0..n).map(share).sum();
        out.extend((0..n).map(|i| mass * share(i) / sum.max(1e-300)));
    }
    out
}

/// How rare the names of a table are: for each quarter bit the share of its rows.
#[derive(Clone, Debug)]
pub struct Rarities {
    whole: Vec<f64>,
    words: Vec<f64>,
}

impl Rarities {
    /// Of a name column. `None` for a large table: there the data say it themselves.
    #[must_use]
    pub fn of(column: &NameColumn, cells: &[u32]) -> Option<Self> {
        if cells.len() > SMALL {
            return None;
        }
        let (mut whole, mut words) = (vec![0.0; 256], vec![0.0; 256]);
        for value in cells.iter().filter_map(|&cell| column.values.get(cell as usize)).filter(|v| v.len > 0) {
            whole[value.rarity as usize] += 1.0;
            let first = column.token_rarity.get(value.tokens[0] as usize).copied().unwrap_or(72);
            words[first as usize] += 1.0;
        }
        Some(Self { whole, words })
    }

    /// Share of the rows in each class, and a little for those that no row is in.
    fn classes(&self, whole: bool, n: usize, from: f64, width: f64) -> Vec<f64> {
        // A name that is only alike is weighed by its rarest word, or by several: it lies between its words and its whole.
        let (of_whole, of_words) = if whole { (0.9, 0.0) } else { (0.35, 0.35) };
        let mut out = vec![(1.0 - of_whole - of_words) / n as f64; n];
        for (histogram, share) in [(&self.whole, of_whole), (&self.words, of_words)] {
            let total: f64 = histogram.iter().sum::<f64>().max(1.0);
            for (quarter, rows) in histogram.iter().enumerate() {
                let class = if width > 0.0 { ((quarter as f64 * 0.25 - from) / width).max(0.0) as usize } else { 0 };
                out[class.min(n - 1)] += share * rows / total;
            }
        }
        out
    }
}

fn of(comparison: &Comparison, falling: bool, rows: Option<&Rarities>) -> Vec<f64> {
    let pick = |key: &str| table().get(key).map_or(&[][..], |n| if falling { n.u.as_slice() } else { n.m.as_slice() });
    match comparison.levels.len() {
        n if n == at::LEVELS => {
            let key = match comparison.name.as_str() {
                "given name" => "given",
                "name" => "whole_name",
                _ => "family",
            };
            spread(pick(key), &NAME_RUNS, falling, rows)
        }
        16 => std::iter::once(1.0).chain(pick("birth").iter().copied()).collect(),
        n if n == words::LEVELS => spread(pick("words"), &WORD_RUNS, falling, None),
        n if n == WHERE_WHEN_LEVELS => {
            let p = spread(pick("place"), &PLACE_RUNS, falling, None);
            let e = spread(pick("event"), &DATE_RUNS, falling, None);
            debug_assert_eq!((p.len(), e.len()), (place::LEVELS, event::LEVELS));
            p.iter().flat_map(|x| e.iter().map(move |y| x * y)).collect()
        }
        3 => std::iter::once(1.0).chain(pick("lists").iter().copied()).collect(),
        5 => std::iter::once(1.0).chain(pick("sex").iter().copied()).collect(),
        4 => std::iter::once(1.0).chain(pick("set").iter().copied()).collect(),
        n => vec![1.0 / n as f64; n],
    }
}

/// Probability of each level among pairs of one person, by default.
#[must_use]
pub fn same(comparison: &Comparison, rows: Option<&Rarities>) -> Vec<f64> {
    fit(of(comparison, false, rows), comparison)
}

fn fit(mut numbers: Vec<f64>, comparison: &Comparison) -> Vec<f64> {
    let n = comparison.levels.len();
    numbers.resize(n, 0.01);
    numbers
}

/// Probability of each level among random pairs: as seen, and a little as by default.
#[must_use]
pub fn different(comparison: &Comparison, seen: &[f64], rows: Option<&Rarities>) -> Vec<f64> {
    let default = fit(of(comparison, true, rows), comparison);
    // In a small table many of the random pairs that agree on a name are one person: they say little of others.
    let of_names = comparison.levels.len() == at::LEVELS;
    let weight = if of_names { (seen.iter().sum::<f64>() / ENOUGH).min(1.0) } else { 1.0 };
    let seen: Vec<f64> = seen.iter().map(|n| n * weight).collect();
    let groups = comparison.levels.iter().map(|l| l.group as usize).max().unwrap_or(0) + 1;
    let (mut total, mut whole) = (vec![0.0; groups], vec![0.0; groups]);
    for ((level, n), d) in comparison.levels.iter().zip(&seen).zip(&default) {
        total[level.group as usize] += *n;
        whole[level.group as usize] += d;
    }
    comparison
        .levels
        .iter()
        .zip(&seen)
        .zip(&default)
        .map(|((level, n), d)| {
            let g = level.group as usize;
            (n + WORTH * d / whole[g].max(1e-300)) / (total[g] + WORTH)
        })
        .collect()
}

/// The same among pairs of one region: agreement by chance is more frequent.
#[must_use]
pub fn tilted(comparison: &Comparison, u: &[f64]) -> Vec<f64> {
    let name = comparison.levels.len() == at::LEVELS;
    let whereabouts = comparison.levels.len() == WHERE_WHEN_LEVELS;
    u.iter()
        .enumerate()
        .map(|(l, &p)| {
            let agrees =
                name && l != at::DIFFERENT as usize && l != 0 || whereabouts && (1..8).contains(&(l / event::LEVELS));
            if agrees { p * 2.5 } else { p }
        })
        .collect()
}

/// Whole names of relatives: in most, one word is shared and another is not; `v` is how often each level is seen among strangers.
#[must_use]
pub fn relatives(v: &[f64]) -> Vec<f64> {
    if v.len() != at::LEVELS {
        return Vec::new();
    }
    let kind = |level: usize| match level as u8 {
        at::MISSING => None,
        at::CONFLICT..at::INITIAL => Some(0),
        at::CONFLICT_NEAR => Some(1),
        _ => Some(2),
    };
    let mut sums = [0.0; 3];
    for (level, p) in v.iter().enumerate() {
        if let Some(kind) = kind(level) {
            sums[kind] += p;
        }
    }
    v.iter()
        .enumerate()
        .map(|(level, p)| kind(level).map_or(*p, |kind| RELATIVES[kind] * p / sums[kind].max(1e-300)))
        .collect()
}

/// A whole name of which a part contradicts never speaks for one person: in a small table two or
/// three people known under two names would teach that it does, and all who share a family name
/// would gain by it.
pub fn bound(comparison: &Comparison, levels: &mut [PerClass]) {
    if comparison.levels.len() != at::LEVELS || comparison.name != "name" {
        return;
    }
    for level in (at::CONFLICT..at::INITIAL).chain([at::CONFLICT_NEAR]) {
        let p = &mut levels[level as usize];
        p[Class::Same as usize] = p[Class::Same as usize].min(p[Class::Apart as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        for (key, n) in [
            ("given", 11),
            ("family", 11),
            ("whole_name", 11),
            ("birth", 15),
            ("words", 4),
            ("place", 5),
            ("event", 6),
            ("sex", 4),
            ("set", 3),
            ("lists", 2),
        ] {
            assert_eq!(table().get(key).map(|t| (t.m.len(), t.u.len())), Some((n, n)), "{key}");
        }
    }
}
