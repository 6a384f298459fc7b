//! Training: random pairs say how often two persons agree by chance, the pairs of the blocks are
//! counted by pattern, and EM takes both apart.

use crate::em::{Fitted, Histogram, Packing, Pattern, fit};
use crate::engine::{Clock, Ready};
use crate::model::{Model, start};
use crate::pairs::{levels_of, stream};
use crate::rng::Rng;
use crate::settings::Settings;

/// A model with what is told of its training.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// What EM found.
    pub fitted: Fitted,
    /// Distinct patterns of the pairs in blocks.
    pub patterns: usize,
    /// The pairs of one in so many rows were looked at.
    pub sampled_one_in: u64,
}

impl Ready<'_> {
    fn random_pairs(&self, settings: &Settings) -> Vec<(u32, u32)> {
        let n = self.table.rows() as u64;
        let wanted = settings.random_pairs(self.table.rows());
        if n * n.saturating_sub(1) / 2 <= wanted {
            return (0..n as u32)
                .flat_map(|a| (a + 1..n as u32).map(move |b| (a, b)))
                .filter(|&(a, b)| self.comparable(a, b))
                .collect();
        }
        let mut rng = Rng::new(settings.seed);
        (0..wanted)
            .map(|_| {
                let (a, b) = (rng.below(n) as u32, rng.below(n) as u32);
                (a.min(b), a.max(b))
            })
            .filter(|&(a, b)| self.comparable(a, b))
            .collect()
    }

    /// Trains a model.
    #[must_use]
    pub fn train(&self, settings: &Settings, clock: &mut Clock) -> Trained {
        let comparisons = &self.comparer.comparisons;
        let packing = Packing::of(comparisons);
        let candidates: u64 = self.blocks.iter().map(|b| b.pairs).sum();
        let one_in = candidates.div_ceil(settings.training_pairs.max(1)).max(1);

        // Random pairs: how often two different persons agree.
        let random = self.random_pairs(settings);
        let mut seen: Vec<Vec<f64>> = comparisons.iter().map(|c| vec![0.0; c.levels.len()]).collect();
        let mut outside = Histogram::default();
        let mut outside_pairs = 0u64;
        let share = random.len().div_ceil(self.threads).max(1);
        let parts: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> = random
                .chunks(share)
                .map(|chunk| {
                    let packing = &packing;
                    scope.spawn(move || {
                        let mut seen: Vec<Vec<f64>> = comparisons.iter().map(|c| vec![0.0; c.levels.len()]).collect();
                        let (mut outside, mut n) = (Histogram::default(), 0u64);
                        levels_of(&self.comparer, chunk, &mut |batch| {
                            for (i, &(a, b)) in batch.rows.iter().enumerate() {
                                for (seen, levels) in seen.iter_mut().zip(batch.levels) {
                                    seen[levels[i] as usize] += 1.0;
                                }
                                if !self.keys.any_rule(a, b) {
                                    outside.add(packing.pack(|k| batch.levels[k][i]), 1);
                                    n += 1;
                                }
                            }
                        });
                        (seen, outside, n)
                    })
                })
                .collect();
            workers.into_iter().filter_map(|w| w.join().ok()).collect()
        });
        for (part_seen, part, n) in parts {
            for (to, from) in seen.iter_mut().flatten().zip(part_seen.iter().flatten()) {
                *to += from;
            }
            for (key, count) in part.sorted() {
                outside.add(key, count);
            }
            outside_pairs += n;
        }
        clock.lap("random pairs");

        // Pairs of the blocks, counted by pattern.
        let (states, _) = stream(
            &self.plan(),
            one_in,
            Histogram::default,
            |histogram, batch| {
                for i in 0..batch.rows.len() {
                    histogram.add(packing.pack(|k| batch.levels[k][i]), 1);
                }
            },
            |_| None::<()>,
        );
        let mut inside = Histogram::default();
        for (key, n) in states.iter().flat_map(Histogram::sorted) {
            inside.add(key, n);
        }
        let inside = inside.sorted();
        clock.lap("count patterns");

        let blocked: f64 = inside.iter().map(|p| p.1 as f64).sum::<f64>() * one_in as f64;
        let rest = (self.all_pairs() - blocked).max(0.0);
        let scale = rest / outside_pairs.max(1) as f64;
        let mut patterns: Vec<Pattern> =
            inside.iter().map(|&(key, n)| Pattern { key, pairs: n as f64 * one_in as f64, blocked: true }).collect();
        patterns.extend(outside.sorted().iter().map(|&(key, n)| Pattern {
            key,
            pairs: n as f64 * scale,
            blocked: false,
        }));
        let total = self.all_pairs().max(1.0);
        let same = (self.table.rows() as f64 * 0.2 / total).min(0.3);
        let together = (blocked * 0.05 / total).clamp(1e-12, 0.2);
        let shares = [same, together, together, 0.3, together, 1.0 - 0.3 - same - 3.0 * together];
        let fitted = fit(comparisons, &patterns, shares, start(&self.comparer, &seen), 80);
        clock.lap("train");
        Trained {
            model: Model::new(comparisons.clone(), fitted.shares, fitted.probabilities.clone()),
            fitted,
            patterns: inside.len(),
            sampled_one_in: one_in,
        }
    }
}
