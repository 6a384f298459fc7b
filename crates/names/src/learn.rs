//! Substitutions learned from names that are known to be the same.

use std::collections::BTreeMap;

use super::alike::Table;

/// Longest spelling that is taken for one sound.
const LONGEST: usize = 3;
/// A substitution seen less often than this says nothing.
const LEAST: usize = 2;

/// Counts, in pairs of spellings of the same name, which letters stand where the other has which, and gives each substitution a cost in
/// hundredths of a letter: the more often two spellings take each other's place where one of them could stand, the cheaper, from 5 to
/// 60. The form is that of an entry of `data/alike.yaml` ([`Table::yaml`]).
///
/// Names are read with [`latin`](super::latin) and aligned word by word; what is given as the same is believed.
#[must_use]
pub fn learn(pairs: &[(String, String)]) -> Table {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut spelt: BTreeMap<String, usize> = BTreeMap::new();
    let mut used = 0;
    for (a, b) in pairs {
        let (a, b) = (super::latin(a), super::latin(b));
        let (words_a, words_b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
        for pair in super::order_free(&words_a, &words_b).aligned {
            let word = |words: &[&str], places: &[usize]| -> String {
                places.iter().filter_map(|place| words.get(*place)).copied().collect()
            };
            let (x, y) = (word(&words_a, &pair.a), word(&words_b, &pair.b));
            if x.len() < 2 || y.len() < 2 {
                continue;
            }
            used += 1;
            count(&x, &y, &mut seen, &mut spelt);
        }
    }
    let mut found: Vec<(String, String, u16)> = Vec::new();
    for ((from, to), times) in seen {
        if times < LEAST {
            continue;
        }
        // Of all places where one of the two stands, in how many does the other stand for it?
        let stands = |spelling: &str| spelt.get(spelling).copied().unwrap_or(0);
        let places = (stands(&from) + stands(&to)).max(times);
        let share = times as f64 / places as f64;
        let cost = (-20.0 * share.log10() + 5.0).clamp(5.0, 60.0).round();
        found.push((from, to, cost as u16));
    }
    found.sort_by(|x, y| x.2.cmp(&y.2).then_with(|| x.cmp(y)));
    Table {
        language: "learned".to_owned(),
        source: format!("{used} pairs of words known to be the same"),
        pairs: found,
    }
}

/// Aligns two words by plain edit distance and counts the stretches in which they differ.
fn count(x: &str, y: &str, seen: &mut BTreeMap<(String, String), usize>, spelt: &mut BTreeMap<String, usize>) {
    let (a, b) = (x.as_bytes(), y.as_bytes());
    for word in [x, y] {
        for length in 1..=LONGEST {
            for start in 0..word.len().saturating_sub(length - 1) {
                if let Some(part) = word.get(start..start + length) {
                    *spelt.entry(part.to_owned()).or_default() += 1;
                }
            }
        }
    }
    for (from, to) in stretches(a, b) {
        if from.len() <= LONGEST && to.len() <= LONGEST {
            let pair = if (from.len(), &from) >= (to.len(), &to) { (from, to) } else { (to, from) };
            *seen.entry(pair).or_default() += 1;
        }
    }
}

/// The stretches that differ, between letters that are the same in both.
fn stretches(a: &[u8], b: &[u8]) -> Vec<(String, String)> {
    let width = b.len() + 1;
    let mut grid = vec![0usize; (a.len() + 1) * width];
    let at = |grid: &[usize], i: usize, j: usize| grid.get(i * width + j).copied().unwrap_or(usize::MAX / 2);
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let mut best = if i == 0 && j == 0 { 0 } else { usize::MAX / 2 };
            if i > 0 {
                best = best.min(at(&grid, i - 1, j) + 1);
            }
            if j > 0 {
                best = best.min(at(&grid, i, j - 1) + 1);
            }
            if i > 0 && j > 0 {
                let other = usize::from(a.get(i - 1) != b.get(j - 1));
                best = best.min(at(&grid, i - 1, j - 1) + other);
            }
            if let Some(cell) = grid.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (a.len(), b.len());
    let (mut end_a, mut end_b) = (i, j);
    let mut found = Vec::new();
    let mut close = |from_a: usize, to_a: usize, from_b: usize, to_b: usize| {
        let text =
            |bytes: &[u8], from, to| String::from_utf8_lossy(bytes.get(from..to).unwrap_or_default()).into_owned();
        if from_a < to_a || from_b < to_b {
            found.push((text(a, from_a, to_a), text(b, from_b, to_b)));
        }
    };
    while i > 0 || j > 0 {
        let now = at(&grid, i, j);
        if i > 0 && j > 0 && a.get(i - 1) == b.get(j - 1) && at(&grid, i - 1, j - 1) == now {
            close(i, end_a, j, end_b);
            (i, j) = (i - 1, j - 1);
            (end_a, end_b) = (i, j);
        } else if i > 0 && j > 0 && at(&grid, i - 1, j - 1) + 1 == now {
            (i, j) = (i - 1, j - 1);
        } else if i > 0 && at(&grid, i - 1, j) + 1 == now {
            i -= 1;
        } else {
            j = j.saturating_sub(1);
        }
    }
    close(0, end_a, 0, end_b);
    found
}
