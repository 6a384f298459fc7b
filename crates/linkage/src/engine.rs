//! The way from a table to links: blocking, training, scoring.

use std::time::Instant;

use crate::block::{Blocks, Keys, MOST_RULES, Rule, keys};
use crate::cluster::{Bounds, Clusters, Judged, Link, cluster};
use crate::compare::Comparer;
use crate::em::{Fitted, Histogram, Packing, Pattern, fit};
use crate::error::Error;
use crate::model::{Model, start, weight_of};
use crate::pairs::{Plan, levels_of, stream};
use crate::rng::Rng;
use crate::settings::Settings;
use crate::table::Table;

/// `f` of 0 to `n − 1`, computed by several threads, in order.
pub fn in_parallel<T: Send>(n: usize, threads: usize, f: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads < 2 || n < 256 {
        return (0..n).map(f).collect();
    }
    let share = n.div_ceil(threads);
    let f = &f;
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|t| scope.spawn(move || (t * share..((t + 1) * share).min(n)).map(f).collect::<Vec<T>>()))
            .collect();
        parts.into_iter().filter_map(|p| p.join().ok()).flatten().collect()
    })
}

/// Seconds that each phase took.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Phases in their order.
    pub phases: Vec<(&'static str, f64)>,
    last: Option<Instant>,
}

impl Clock {
    /// A clock that runs from now.
    #[must_use]
    pub fn start() -> Self {
        Self { phases: Vec::new(), last: Some(Instant::now()) }
    }

    /// Ends a phase.
    pub fn lap(&mut self, phase: &'static str) {
        let now = Instant::now();
        if let Some(last) = self.last {
            self.phases.push((phase, (now - last).as_secs_f64()));
        }
        self.last = Some(now);
    }
}

/// Pairs for each row from which on a default rule gives way to a narrower one.
const PAIRS_PER_ROW: u64 = 6;

/// Makes the blocks of the rules that have none yet.
fn fill_blocks(blocks: &mut [Option<Blocks>], keys: &Keys, rows: usize, threads: usize) {
    let wanted: Vec<usize> = (0..blocks.len()).filter(|&r| blocks[r].is_none()).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let found: Vec<(usize, Blocks)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut out = Vec::new();
                    while let Some(&r) = wanted.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                        out.push((r, Blocks::of(keys, r, rows)));
                    }
                    out
                })
            })
            .collect();
        workers.into_iter().filter_map(|w| w.join().ok()).flatten().collect()
    });
    for (r, made) in found {
        blocks[r] = Some(made);
    }
}

/// A table made ready: compared values read, rows in blocks.
pub struct Ready<'a> {
    /// The rows.
    pub table: &'a Table,
    /// How they are compared.
    pub comparer: Comparer,
    /// The blocking rules.
    pub rules: Vec<Rule>,
    /// Keys of all rows.
    pub keys: Keys,
    /// Blocks of all rules.
    pub blocks: Vec<Blocks>,
    /// Threads to use.
    pub threads: usize,
}

impl<'a> Ready<'a> {
    /// Reads the distinct values and makes the blocks.
    ///
    /// # Errors
    /// When nothing can be compared, a rule is not understood, or a block or all of them are
    /// bigger than the settings allow.
    pub fn new(table: &'a Table, settings: &Settings, clock: &mut Clock) -> Result<Self, Error> {
        let threads = settings.threads();
        let comparer = Comparer::build(table, threads);
        if comparer.comparisons.is_empty() {
            return Err(Error::Nothing(
                "no column holds names, dates, places or anything else that can be compared; name the columns in the settings"
                    .to_owned(),
            ));
        }
        clock.lap("read values");
        let mut choices: Vec<Vec<Rule>> = if settings.rules.is_empty() {
            Rule::defaults(table)
        } else {
            settings.rules.iter().map(|r| Rule::parse(r, table).map(|r| vec![r])).collect::<Result<_, _>>()?
        };
        if choices.is_empty() {
            return Err(Error::Nothing("no blocking rule fits the columns; give `rules` in the settings".to_owned()));
        }
        if choices.len() > MOST_RULES {
            return Err(Error::Settings(format!("{} blocking rules; at most {MOST_RULES} are taken", choices.len())));
        }
        // A default rule that gives many pairs for each row gives way to the next narrower.
        let most = (table.rows() as u64 * PAIRS_PER_ROW).max(3_000_000);
        let mut made: Vec<Option<Blocks>> = choices.iter().map(|_| None).collect();
        let (rules, keys) = loop {
            let rules: Vec<Rule> = choices.iter().filter_map(|c| c.first().cloned()).collect();
            let keys = keys(table, &comparer, &rules, threads);
            fill_blocks(&mut made, &keys, table.rows(), threads);
            let mut narrowed = false;
            for (choice, made) in choices.iter_mut().zip(&mut made) {
                let big = |b: &Blocks| b.pairs > most || b.largest.0 > settings.max_block_pairs;
                if choice.len() > 1 && made.as_ref().is_some_and(big) {
                    choice.remove(0);
                    *made = None;
                    narrowed = true;
                }
            }
            if !narrowed {
                break (rules, keys);
            }
        };
        let blocks: Vec<Blocks> = made.into_iter().flatten().collect();
        let ready = Self { table, comparer, rules, keys, blocks, threads };
        ready.check(settings)?;
        clock.lap("block");
        Ok(ready)
    }

    fn check(&self, settings: &Settings) -> Result<(), Error> {
        for (rule, blocks) in self.rules.iter().zip(&self.blocks) {
            let (pairs, at, rows) = blocks.largest;
            if pairs > settings.max_block_pairs {
                let row = blocks.rows[at as usize];
                return Err(Error::BlockTooBig {
                    rule: rule.to_string(),
                    value: self.describe(row, rule),
                    rows: u64::from(rows),
                    pairs,
                    bound: settings.max_block_pairs,
                });
            }
        }
        let pairs: u64 = self.blocks.iter().map(|b| b.pairs).sum();
        if pairs > settings.max_pairs
            && let Some((rule, blocks)) = self.rules.iter().zip(&self.blocks).max_by_key(|(_, b)| b.pairs)
        {
            return Err(Error::TooManyPairs {
                pairs,
                bound: settings.max_pairs,
                rule: rule.to_string(),
                most: blocks.pairs,
            });
        }
        Ok(())
    }

    /// What the cells of a row are that a rule looks at.
    fn describe(&self, row: u32, rule: &Rule) -> String {
        let cells: Vec<String> = rule
            .columns(self.table)
            .into_iter()
            .map(|c| format!("{} “{}”", self.table.columns[c].name, self.table.cell(row, c)))
            .collect();
        cells.join(", ")
    }

    /// A pass over its pairs.
    #[must_use]
    pub fn plan(&self) -> Plan<'_> {
        Plan {
            table: self.table,
            comparer: &self.comparer,
            keys: &self.keys,
            blocks: &self.blocks,
            threads: self.threads,
        }
    }

    /// How many pairs of rows there are at all.
    #[must_use]
    pub fn all_pairs(&self) -> f64 {
        let n = self.table.rows() as f64;
        if self.table.across_only {
            let mut counts = [0f64; 256];
            for &s in &self.table.sources {
                counts[s as usize] += 1.0;
            }
            (n * n - counts.iter().map(|c| c * c).sum::<f64>()) / 2.0
        } else {
            n * (n - 1.0) / 2.0
        }
    }

    fn comparable(&self, a: u32, b: u32) -> bool {
        a != b && !(self.table.across_only && self.table.sources[a as usize] == self.table.sources[b as usize])
    }

    fn random_pairs(&self, settings: &Settings) -> Vec<(u32, u32)> {
        let n = self.table.rows() as u64;
        if n * n.saturating_sub(1) / 2 <= settings.random_pairs {
            return (0..n as u32)
                .flat_map(|a| (a + 1..n as u32).map(move |b| (a, b)))
                .filter(|&(a, b)| self.comparable(a, b))
                .collect();
        }
        let mut rng = Rng::new(settings.seed);
        (0..settings.random_pairs)
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
                                if self.keys.first_rule(a, b).is_none() {
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

    /// Weights of given pairs.
    #[must_use]
    pub fn weights(&self, model: &Model, pairs: &[(u32, u32)]) -> Vec<f32> {
        let share = pairs.len().div_ceil(self.threads).max(1);
        std::thread::scope(|scope| {
            let workers: Vec<_> = pairs
                .chunks(share)
                .map(|chunk| {
                    scope.spawn(move || {
                        let mut out = Vec::with_capacity(chunk.len());
                        levels_of(&self.comparer, chunk, &mut |batch| {
                            out.extend((0..batch.rows.len()).map(|i| model.weight(|k| batch.levels[k][i]) as f32));
                        });
                        out
                    })
                })
                .collect();
            workers.into_iter().filter_map(|w| w.join().ok()).flatten().collect()
        })
    }

    /// Clusters its rows by links.
    ///
    /// # Errors
    /// When judgements contradict each other.
    pub fn cluster(
        &self,
        model: &Model,
        links: &[Link],
        bounds: Bounds,
        judged: Judged<'_>,
    ) -> Result<Clusters, Error> {
        let score = |pairs: &[(u32, u32)]| {
            let mut weights = self.weights(model, pairs);
            for (w, &(a, b)) in weights.iter_mut().zip(pairs) {
                if !self.comparable(a, b) {
                    *w = f32::NEG_INFINITY;
                }
            }
            weights
        };
        cluster(self.table.rows(), links, bounds, judged, &score)
    }

    /// Scores all pairs of the blocks; those of at least the probability `keep` come back, with the
    /// number of pairs compared and for each rule the number of pairs that it was the first to give.
    #[must_use]
    pub fn score(&self, model: &Model, keep: f64) -> (Vec<Link>, Vec<u64>) {
        let least = weight_of(keep);
        let odds = least.exp2();
        let (states, parts) = stream(
            &self.plan(),
            1,
            || (vec![0u64; self.rules.len()], Vec::<Link>::new()),
            |(counts, links), batch| {
                counts[batch.rule] += batch.rows.len() as u64;
                for (i, &(a, b)) in batch.rows.iter().enumerate() {
                    let (same, different) = model.joint(|k| batch.levels[k][i]);
                    if same >= different * odds {
                        let weight = (same.max(1e-300) / different.max(1e-300)).log2() as f32;
                        links.push(Link { a, b, weight });
                    }
                }
            },
            |(_, links)| (!links.is_empty()).then(|| std::mem::take(links)),
        );
        let mut counts = vec![0u64; self.rules.len()];
        for (state, _) in states {
            for (to, from) in counts.iter_mut().zip(state) {
                *to += from;
            }
        }
        (parts.concat(), counts)
    }
}

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

/// The weight from which on links have the highest F1 that the model itself expects: with `p` the
/// probability of each link, F1 at a threshold is 2 Σp ÷ (links + all matches).
#[must_use]
pub fn expected_best(links: &[Link], matches: f64) -> f32 {
    let mut weights: Vec<f32> = links.iter().map(|l| l.weight).collect();
    weights.sort_by(|x, y| y.total_cmp(x));
    let (mut sum, mut best, mut at) = (0.0, 0.0, 0.0f32);
    for (n, &w) in weights.iter().enumerate() {
        sum += crate::model::probability(f64::from(w));
        let f1 = 2.0 * sum / (n as f64 + 1.0 + matches);
        if f1 > best {
            best = f1;
            at = w;
        }
    }
    at
}
