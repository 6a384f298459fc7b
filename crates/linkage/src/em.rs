//! Expectation–maximisation over patterns of levels, never over pairs.
//!
//! All pairs are accounted for: those of the blocks by their counts, those outside of the blocks
//! by a random sample weighted up, in which nobody is the same person. So nothing has to be
//! corrected for blocking. Dempster, Laird and Rubin 1977; latent classes in linkage: Winkler 1988.

use crate::compare::{Comparison, Role};
use crate::defaults::bound;
use crate::model::{CLASSES, PerClass, normalise, tied};

/// A pattern and how many pairs have it.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// Its levels, packed; see [`Packing`].
    pub key: u64,
    /// How many pairs have it.
    pub pairs: f64,
    /// Whether the pairs came from blocks; else none of them is one person.
    pub blocked: bool,
}

/// How the levels of a pair are packed into a number.
#[derive(Clone, Debug)]
pub struct Packing {
    radix: Vec<u64>,
}

impl Packing {
    /// The packing of comparisons.
    #[must_use]
    pub fn of(comparisons: &[Comparison]) -> Self {
        Self { radix: comparisons.iter().map(|c| c.levels.len() as u64).collect() }
    }

    /// Packs.
    #[inline]
    #[must_use]
    pub fn pack(&self, level: impl Fn(usize) -> u8) -> u64 {
        let mut key = 0u64;
        for (k, radix) in self.radix.iter().enumerate() {
            key = key.wrapping_mul(*radix).wrapping_add(u64::from(level(k)));
        }
        key
    }

    /// Unpacks.
    pub fn unpack(&self, mut key: u64, to: &mut [u8]) {
        for (level, radix) in to.iter_mut().zip(&self.radix).rev() {
            *level = (key % radix) as u8;
            key /= radix;
        }
    }
}

/// Counts of patterns: open addressing.
#[derive(Clone, Debug)]
pub struct Histogram {
    slots: Vec<(u64, u64)>,
    used: usize,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { slots: vec![(u64::MAX, 0); 1 << 12], used: 0 }
    }
}

impl Histogram {
    /// Counts a pattern.
    #[inline]
    pub fn add(&mut self, key: u64, n: u64) {
        let mask = self.slots.len() - 1;
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) as usize & mask;
        loop {
            let slot = &mut self.slots[at];
            if slot.0 == key {
                slot.1 += n;
                return;
            }
            if slot.0 == u64::MAX {
                *slot = (key, n);
                self.used += 1;
                break;
            }
            at = (at + 1) & mask;
        }
        if self.used * 2 > self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![(u64::MAX, 0); (mask + 1) * 2]);
            self.used = 0;
            for (key, n) in old {
                if key != u64::MAX {
                    self.add(key, n);
                }
            }
        }
    }

    /// The patterns, in the order of their keys.
    #[must_use]
    pub fn sorted(&self) -> Vec<(u64, u64)> {
        let mut out: Vec<_> = self.slots.iter().copied().filter(|s| s.0 != u64::MAX).collect();
        out.sort_unstable();
        out
    }
}

/// What EM found.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Share of each class in all pairs.
    pub shares: PerClass,
    /// Probabilities by comparison, level and class.
    pub probabilities: Vec<Vec<PerClass>>,
    /// Rounds.
    pub rounds: usize,
}

/// How many pairs' worth the defaults count, for pairs of one person and for others.
pub const PRIOR_PAIRS: (f64, f64) = (60.0, 500.0);

/// Fits the shares and the probabilities to the patterns.
#[must_use]
pub fn fit(
    comparisons: &[Comparison],
    patterns: &[Pattern],
    shares: PerClass,
    start: Vec<Vec<PerClass>>,
    most_rounds: usize,
) -> Fitted {
    let packing = Packing::of(comparisons);
    let k = comparisons.len();
    let mut unpacked = vec![0u8; patterns.len() * k];
    for (pattern, to) in patterns.iter().zip(unpacked.chunks_mut(k.max(1))) {
        packing.unpack(pattern.key, to);
    }
    let total: f64 = patterns.iter().map(|p| p.pairs).sum();
    let mut now = Fitted { shares, probabilities: start.clone(), rounds: 0 };
    for round in 1..=most_rounds {
        let mut counts: Vec<Vec<PerClass>> = start.iter().map(|l| vec![[0.0; CLASSES]; l.len()]).collect();
        let mut members = [0.0; CLASSES];
        for (pattern, levels) in patterns.iter().zip(unpacked.chunks(k.max(1))) {
            let mut p = now.shares;
            if !pattern.blocked {
                p[0] = 0.0;
                p[1] = 0.0;
                p[2] = 0.0;
                p[4] = 0.0;
            }
            for (table, &level) in now.probabilities.iter().zip(levels) {
                for (x, y) in p.iter_mut().zip(&table[level as usize]) {
                    *x *= y;
                }
            }
            let sum: f64 = p.iter().sum();
            if sum <= 0.0 {
                continue;
            }
            let scale = pattern.pairs / sum;
            for (x, m) in p.iter_mut().zip(&mut members) {
                *x *= scale;
                *m += *x;
            }
            for (table, &level) in counts.iter_mut().zip(levels) {
                for (n, x) in table[level as usize].iter_mut().zip(&p) {
                    *n += x;
                }
            }
        }
        let before = now.clone();
        now.shares = members.map(|n| (n + 0.5) / (total + 0.5 * CLASSES as f64));
        for (((comparison, counts), start), to) in
            comparisons.iter().zip(&counts).zip(&start).zip(&mut now.probabilities)
        {
            let ties = tied(comparison.role);
            for (level, to) in to.iter_mut().enumerate() {
                for c in 0..CLASSES {
                    let together: f64 = (0..CLASSES).filter(|&d| ties[d] == ties[c]).map(|d| counts[level][d]).sum();
                    let prior = if c == 0 { PRIOR_PAIRS.0 } else { PRIOR_PAIRS.1 };
                    to[c] = together + prior * start[level][c];
                }
            }
            if comparison.role == Role::Context {
                for (level, to) in comparison.levels.iter().zip(to.iter_mut()) {
                    to[1] = to[0] * level.shared;
                    to[2] = to[1];
                }
            }
            normalise(comparison, to);
            bound(comparison, to);
        }
        now.rounds = round;
        let moved = now
            .probabilities
            .iter()
            .flatten()
            .zip(before.probabilities.iter().flatten())
            .map(|(a, b)| (a[0] - b[0]).abs())
            .fold((now.shares[0] / before.shares[0].max(1e-300) - 1.0).abs(), f64::max);
        if moved < 5e-4 {
            break;
        }
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Level;

    /// Patterns drawn from known parameters: EM from a rough start comes back to them.
    #[test]
    fn recovers_the_parameters_of_a_mixture() {
        let level = |w: &str| Level::new(w.to_owned(), 1);
        let comparisons: Vec<Comparison> = (0..5)
            .map(|k| {
                Comparison::plain(
                    &format!("c{k}"),
                    Role::Person,
                    vec![level("same"), level("alike"), level("different")],
                )
            })
            .collect();
        let m = [0.8, 0.15, 0.05];
        let u = [0.02, 0.08, 0.9];
        let packing = Packing::of(&comparisons);
        let (pairs, share) = (1e9, 0.002);
        let mut patterns = Vec::new();
        for n in 0..3u32.pow(5) {
            let levels: Vec<u8> = (0..5).map(|k| (n / 3u32.pow(k) % 3) as u8).collect();
            let product = |p: &[f64; 3]| levels.iter().map(|&l| p[l as usize]).product::<f64>();
            let expected = pairs * (share * product(&m) + (1.0 - share) * product(&u));
            patterns.push(Pattern { key: packing.pack(|k| levels[k]), pairs: expected, blocked: true });
        }
        let rough = |l: usize| {
            let (m, u) = ([0.6, 0.2, 0.2][l], [0.05, 0.1, 0.85][l]);
            [m, u, u, u, u, u]
        };
        let start: Vec<Vec<PerClass>> = (0..5).map(|_| (0..3).map(rough).collect()).collect();
        let shares = [0.01, 1e-9, 1e-9, 1e-9, 1e-9, 0.99];
        let fitted = fit(&comparisons, &patterns, shares, start, 500);
        assert!((fitted.shares[0] - share).abs() < share * 0.05, "{:?}", fitted.shares);
        for table in &fitted.probabilities {
            for (found, known) in table.iter().zip(&m) {
                assert!((found[0] - known).abs() < 0.02, "{found:?} {known}");
            }
        }
    }
}
