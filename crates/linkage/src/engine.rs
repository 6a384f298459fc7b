//! The way from a table to links: blocking and scoring, with training ([`crate::train`]) between them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::block::{Blocked, Blocks, Keys, MOST_RULES, Rule, block};
use crate::cluster::{Bounds, Clusters, Judged, Link, by_threads};
use crate::compare::Comparer;
use crate::error::Error;
use crate::model::{Model, weight_of};
use crate::pairs::{Plan, levels_of, stream};
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

/// The same where one may take much longer than another: each thread takes the next that nobody has begun.
pub fn one_by_one<T: Send>(n: usize, threads: usize, f: impl Fn(usize) -> Option<T> + Sync) -> Vec<Option<T>> {
    let next = AtomicUsize::new(0);
    let mut made: Vec<Option<T>> = (0..n).map(|_| None).collect();
    let found: Vec<(usize, Option<T>)> = std::thread::scope(|scope| {
        let work = || {
            let mut out = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                if i >= n {
                    return out;
                }
                out.push((i, f(i)));
            }
        };
        let workers: Vec<_> = (0..threads.clamp(1, n.max(1))).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|w| w.join().ok()).flatten().collect()
    });
    for (i, one) in found {
        made[i] = one;
    }
    made
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

/// Rows up to which every pair is compared when nobody has named rules: no key can miss one, and it takes a third of a second.
const ALL_WITH_ALL: usize = 2_000;
/// Pairs for each row from which on a default rule gives way to a narrower one.
const PAIRS_PER_ROW: u64 = 6;

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
        let choices: Vec<Vec<Rule>> = if settings.rules.is_empty() {
            if table.rows() <= ALL_WITH_ALL { vec![Rule::all()] } else { Rule::defaults(table) }
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
        let Blocked { rules, keys, blocks } =
            block(table, &comparer, &choices, (most, settings.max_block_pairs), threads);
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

    pub(crate) fn comparable(&self, a: u32, b: u32) -> bool {
        a != b && !(self.table.across_only && self.table.sources[a as usize] == self.table.sources[b as usize])
    }

    /// Weights of given pairs.
    #[must_use]
    pub fn weights(&self, model: &Model, pairs: &[(u32, u32)]) -> Vec<f32> {
        let mut out = Vec::with_capacity(pairs.len());
        levels_of(&self.comparer, pairs, &mut |batch| {
            out.extend((0..batch.rows.len()).map(|i| model.weight(|k| batch.levels[k][i]) as f32));
        });
        out
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
        by_threads(self.table.rows(), links, bounds, judged, &score, self.threads)
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
