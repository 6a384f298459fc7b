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

/// Random pairs that the default u is worth.
const WORTH: f64 = 1000.0;

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
const DATE_RUNS: [(usize, f64, f64); 6] = [(3, 8.0, 2.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0), (1, 0.0, 0.0)];

/// Spreads the mass of each category over its levels; `falling` with 2 to the minus bits of rarity,
/// as agreement by chance does.
fn spread(masses: &[f64], runs: &[(usize, f64, f64)], falling: bool) -> Vec<f64> {
    let mut out = vec![1.0];
    for (mass, &(n, from, width)) in masses.iter().zip(runs) {
        let share = |i: usize| if falling { (-(from + width * i as f64)).exp2() } else { 1.0 };
        let sum: f64 = (0..n).map(share).sum();
        out.extend((0..n).map(|i| mass * share(i) / sum.max(1e-300)));
    }
    out
}

fn of(comparison: &Comparison, falling: bool) -> Vec<f64> {
    let pick = |key: &str| {
        table().get(key).map_or(&[][..], |n| if falling { n.u.as_slice() } else { n.m.as_slice() })
    };
    match comparison.levels.len() {
        n if n == at::LEVELS => {
            let key = match comparison.name.as_str() {
                "given name" => "given",
                "name" => "whole_name",
                _ => "family",
            };
            spread(pick(key), &NAME_RUNS, falling)
        }
        16 => std::iter::once(1.0).chain(pick("birth").iter().copied()).collect(),
        n if n == words::LEVELS => spread(pick("words"), &WORD_RUNS, falling),
        n if n == WHERE_WHEN_LEVELS => {
            let p = spread(pick("place"), &PLACE_RUNS, falling);
            let e = spread(pick("event"), &DATE_RUNS, falling);
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
pub fn same(comparison: &Comparison) -> Vec<f64> {
    fit(of(comparison, false), comparison)
}

fn fit(mut numbers: Vec<f64>, comparison: &Comparison) -> Vec<f64> {
    let n = comparison.levels.len();
    numbers.resize(n, 0.01);
    numbers
}

/// Probability of each level among random pairs: as seen, and a little as by default.
#[must_use]
pub fn different(comparison: &Comparison, seen: &[f64]) -> Vec<f64> {
    let default = fit(of(comparison, true), comparison);
    let groups = comparison.levels.iter().map(|l| l.group as usize).max().unwrap_or(0) + 1;
    let (mut total, mut whole) = (vec![0.0; groups], vec![0.0; groups]);
    for ((level, n), d) in comparison.levels.iter().zip(seen).zip(&default) {
        total[level.group as usize] += n;
        whole[level.group as usize] += d;
    }
    comparison
        .levels
        .iter()
        .zip(seen)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        for (key, n) in
            [("given", 11), ("family", 11), ("whole_name", 11), ("birth", 15), ("words", 4), ("place", 5), ("event", 6), ("sex", 4), ("set", 3), ("lists", 2)]
        {
            assert_eq!(table().get(key).map(|t| (t.m.len(), t.u.len())), Some((n, n)), "{key}");
        }
    }
}
