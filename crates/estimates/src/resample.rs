//! The bootstrap: the same selection made again on tables drawn from this one, and the interval that follows (BCa).

use crate::math::{median_unbiased_quantile, normal_cdf, normal_quantile, real, size};
use crate::rng::Rng;
use crate::table::Table;

/// Settings of the bootstrap.
#[derive(Debug, Clone, Copy)]
pub struct Resampling {
    /// How many tables are drawn.
    pub samples: usize,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { samples: 1000 }
    }
}

/// What the bootstrap and the jackknife gave: for each the values, `None` where nothing could be estimated.
pub(crate) struct Resampled<T> {
    pub samples: Vec<Option<T>>,
    /// One for each pattern that was observed, with one case of it left out; and how many cases have it.
    pub without_one: Vec<(Option<T>, f64)>,
}

/// Draws tables of the same number of cases and applies `select` to each; and to the table less one case, once for each
/// pattern. Every sample has its own generator: threads do not change the result.
pub(crate) fn resample<T: Send + Clone>(
    table: &Table,
    samples: usize,
    seed: u64,
    threads: usize,
    select: impl Fn(&[f64]) -> Option<T> + Sync,
) -> Resampled<T> {
    let patterns: Vec<(u32, u64)> = table.patterns().collect();
    let weights: Vec<f64> = patterns.iter().map(|(_, count)| real(*count)).collect();
    let cells = 1 << table.width();
    let one = |number: usize| -> Option<T> {
        let mut counts = vec![0.0; cells];
        if let Some(drop) = number.checked_sub(samples) {
            for (at, (pattern, count)) in patterns.iter().enumerate() {
                counts[*pattern as usize] = real(*count) - f64::from(u8::from(at == drop));
            }
        } else {
            let mut rng = Rng::new(seed, number as u64);
            let mut drawn = vec![0; patterns.len()];
            rng.multinomial(table.documented(), &weights, &mut drawn);
            for ((pattern, _), count) in patterns.iter().zip(drawn) {
                counts[*pattern as usize] = real(count);
            }
        }
        select(&counts)
    };
    let all = in_threads(samples + patterns.len(), threads, one);
    let (drawn, dropped) = all.split_at(samples);
    Resampled { samples: drawn.to_vec(), without_one: dropped.iter().cloned().zip(weights).collect() }
}

/// `work` for 0, 1, 2 …, the results in this order whatever thread made them.
pub(crate) fn in_threads<T: Send>(jobs: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads.clamp(1, jobs.max(1));
    if threads == 1 {
        return (0..jobs).map(work).collect();
    }
    let mut out: Vec<Option<T>> = (0..jobs).map(|_| None).collect();
    let work = &work;
    std::thread::scope(|scope| {
        let mut shares: Vec<Vec<(usize, &mut Option<T>)>> = (0..threads).map(|_| Vec::new()).collect();
        for (job, slot) in out.iter_mut().enumerate() {
            shares[job % threads].push((job, slot));
        }
        for share in shares {
            scope.spawn(move || share.into_iter().for_each(|(job, slot)| *slot = Some(work(job))));
        }
    });
    out.into_iter().flatten().collect()
}

/// A BCa interval with what it was made from.
#[derive(Debug, Clone)]
pub(crate) struct Bca {
    pub lower: f64,
    pub upper: f64,
    pub bias: f64,
    pub acceleration: f64,
    /// Which shares of the samples the ends are.
    pub shares: (f64, f64),
}

/// Efron's bias-corrected and accelerated interval (1987, JASA 82:171–185): quantiles of the samples, moved by how many lie
/// below the estimate and by how the estimate's scatter changes with it, as the jackknife shows. `None` where the samples
/// do not surround the estimate.
pub(crate) fn bca(estimate: f64, samples: &[f64], without_one: &[(f64, f64)], level: f64) -> Option<Bca> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    // A hair's breadth: the same table fitted by another path differs in its last digits.
    let below = sorted.iter().filter(|x| **x < estimate * (1.0 - 1e-12)).count();
    let share = size(below) / size(sorted.len());
    let bias = normal_quantile(share);
    if !bias.is_finite() {
        return None;
    }
    let cases: f64 = without_one.iter().map(|(_, weight)| weight).sum();
    let mean = without_one.iter().map(|(x, weight)| x * weight).sum::<f64>() / cases;
    let power = |k: i32| without_one.iter().map(|(x, weight)| weight * (mean - x).powi(k)).sum::<f64>();
    let squares = power(2);
    let acceleration = if squares > 0.0 { power(3) / (6.0 * squares * squares.sqrt()) } else { 0.0 };
    let share = |p: f64| {
        let z = bias + normal_quantile(p);
        normal_cdf(bias + z / (1.0 - acceleration * z))
    };
    let tail = (1.0 - level) / 2.0;
    let shares = (share(tail), share(1.0 - tail));
    let [lower, upper] = [shares.0, shares.1].map(|p| median_unbiased_quantile(&sorted, p));
    Some(Bca { lower, upper, bias, acceleration, shares })
}
