//! Bayesian model averaging over all decomposable graphs: Madigan & York 1997; as in the R package `dga`.
//!
//! For every number of undocumented cases and every graph, the probability of the table has a closed form (a product of
//! Dirichlet–multinomials over cliques, divided by those over separators), so nothing is simulated: the posterior is exact
//! up to the grid on which the number is looked at.

use serde_json::{Map, Value, json};

use crate::Options;
use crate::graphs::{Graph, decomposable};
use crate::math::{exp, ln, ln_factorial, ln_gamma, real, size};
use crate::report::{Mass, Outcome, Refusal, group, mass_quantile};
use crate::table::Table;

/// The most lists whose graphs are all looked at. Seven have 617,675.
pub const MOST_LISTS: usize = 6;

/// What is held likely of the number of cases in all, before the table is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prior {
    /// Proportional to 1/N: of no known size.
    Reciprocal,
    /// A Poisson number whose mean is Gamma-distributed with this shape and scale (so `shape · scale` is expected):
    /// where it is known from elsewhere roughly how many there are, as in Madigan & York's spina bifida.
    GammaPoisson {
        /// Shape of the Gamma distribution.
        shape: f64,
        /// Its scale.
        scale: f64,
    },
}

impl Prior {
    fn ln(self, n: f64) -> f64 {
        match self {
            Self::Reciprocal => -ln(n),
            Self::GammaPoisson { shape, scale } => {
                n * ln(scale) - (n + shape) * ln(1.0 + scale) + ln_gamma(n + shape) - ln_factorial(n) - ln_gamma(shape)
            }
        }
    }
}

/// Settings of the method.
#[derive(Debug, Clone, Copy)]
pub struct Dga {
    /// The Dirichlet prior's weight for each pattern; `None` is 2⁻ᵗ, which adds up to one case for the whole table.
    /// A larger weight draws sparse tables to the documented number.
    pub delta: Option<f64>,
    /// The prior on the number of cases.
    pub prior: Prior,
    /// At most so many times the documented cases are undocumented, and at least one: 30 times is what `dga` is run with,
    /// and part of the prior. It matters where the posterior has a long tail; what it would be without is told beside it.
    /// `None` widens until less than a millionth lies beyond.
    pub at_most: Option<f64>,
}

impl Default for Dga {
    fn default() -> Self {
        Self { delta: None, prior: Prior::Reciprocal, at_most: Some(30.0) }
    }
}

/// The most undocumented cases that are looked at.
const FARTHEST: f64 = 1e10;
/// How much of the posterior may lie beyond the grid.
const TAIL: f64 = 1e-6;

/// What of the table every grid point needs.
struct Marginals {
    width: usize,
    documented: f64,
    delta: f64,
    /// For each set of lists: the logarithm of its marginal likelihood without the two terms that hold the undocumented,
    /// the cases on none of its lists, and the prior's weight of a cell.
    sets: Vec<(f64, f64, f64)>,
    constant: f64,
    prior: Prior,
}

impl Marginals {
    fn new(table: &Table, settings: Dga) -> Self {
        let width = table.width();
        let cells = size(1 << width);
        let delta = settings.delta.unwrap_or(1.0 / cells);
        let sets = (0_u32..1 << width)
            .map(|set| {
                let mut by = std::collections::BTreeMap::<u32, f64>::new();
                for (pattern, count) in table.patterns() {
                    *by.entry(pattern & set).or_insert(0.0) += real(count);
                }
                let none = by.remove(&0).unwrap_or(0.0);
                let weight = delta * size(1 << (width - set.count_ones() as usize));
                let rest = size((1 << set.count_ones()) - 1 - by.len()) * ln_gamma(weight)
                    + by.values().map(|count| ln_gamma(count + weight)).sum::<f64>()
                    - size(1 << set.count_ones()) * ln_gamma(weight)
                    + ln_gamma(cells * delta);
                (rest, none, weight)
            })
            .collect();
        let constant = -table.patterns().map(|(_, count)| ln_factorial(real(count))).sum::<f64>();
        Self { width, documented: real(table.documented()), delta, sets, constant, prior: settings.prior }
    }

    /// At these numbers of undocumented cases: for each set its ln marginal likelihood, and what all graphs share.
    fn at(&self, missing: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let mut shared = Vec::with_capacity(missing.len());
        let mut whole = Vec::with_capacity(missing.len());
        for m in missing {
            let n = self.documented + m;
            whole.push(ln_gamma(n + size(1 << self.width) * self.delta));
            shared.push(self.constant + ln_factorial(n) - ln_factorial(*m) + self.prior.ln(n));
        }
        let sets = self
            .sets
            .iter()
            .map(|(rest, none, weight)| {
                missing.iter().zip(&whole).map(|(m, whole)| rest + ln_gamma(none + m + weight) - whole).collect()
            })
            .collect();
        (sets, shared)
    }
}

/// Posterior on a grid: each point's mass, and each graph's.
struct Posterior {
    /// ln of the highest density met.
    top: f64,
    points: Vec<f64>,
    graphs: Vec<f64>,
}

/// Sums over graphs at the grid's points, each with the numbers it stands for. `scale` is about the highest logarithm.
fn sum(marginals: &Marginals, graphs: &[Graph], grid: &[f64], stands_for: &[f64], scale: f64) -> Posterior {
    let (sets, shared) = marginals.at(grid);
    let mut out = Posterior { top: f64::NEG_INFINITY, points: vec![0.0; grid.len()], graphs: vec![0.0; graphs.len()] };
    let mut line = vec![0.0; grid.len()];
    for (graph, mass) in graphs.iter().zip(&mut out.graphs) {
        line.copy_from_slice(&shared);
        for (set, power) in &graph.factors {
            let power = f64::from(*power);
            line.iter_mut().zip(&sets[*set as usize]).for_each(|(sum, value)| *sum += power * value);
        }
        for (at, value) in line.iter().enumerate() {
            out.top = out.top.max(*value);
            // Less than e⁻⁴⁵ of the highest adds nothing that shows.
            if *value > scale - 45.0 {
                let here = exp(value - scale) * stands_for[at];
                out.points[at] += here;
                *mass += here;
            }
        }
    }
    out
}

/// Whole numbers from `low` to `high`, at most about `most`, in equal ratios; and how many numbers each stands for.
fn grid(low: f64, high: f64, most: usize) -> (Vec<f64>, Vec<f64>) {
    let (from, to) = (ln(low + 1.0), ln(high + 1.0));
    let mut points: Vec<f64> =
        (0..=most).map(|i| (exp(from + (to - from) * size(i) / size(most)) - 1.0).round().clamp(low, high)).collect();
    points.dedup();
    let last = points.len() - 1;
    let stands_for = (0..=last)
        .map(|i| {
            let left = if i == 0 { points[0] - 0.5 } else { f64::midpoint(points[i - 1], points[i]) };
            let right = if i == last { points[last] + 0.5 } else { f64::midpoint(points[i], points[i + 1]) };
            right - left
        })
        .collect();
    (points, stands_for)
}

/// What is found within certain bounds on the undocumented.
struct Found {
    low: f64,
    high: f64,
    spread: Vec<Mass>,
    stands_for: Vec<f64>,
    /// Each graph's weight.
    graphs: Vec<f64>,
}

impl Found {
    /// The posterior's middle and the ends of its interval: the x at which P(N ≤ x), drawn straight between whole numbers,
    /// is reached. (A whole number's mass stands half to its left, half to its right: hence the half.)
    fn numbers(&self, level: f64) -> [f64; 3] {
        let tail = (1.0 - level) / 2.0;
        let least = self.spread.first().map_or(0.0, |(n, _)| *n);
        [0.5, tail, 1.0 - tail].map(|p| (mass_quantile(&self.spread, p) - 0.5).max(least))
    }
}

/// The posterior on a grid that holds all but its tails. `bound` is the most that may be undocumented; without one the grid
/// is widened until it ends, `None` where it does not.
fn search(marginals: &Marginals, graphs: &[Graph], bound: Option<f64>, fine: usize) -> Option<Found> {
    let n = marginals.documented;
    let (mut low, mut high) = (1.0, bound.unwrap_or((30.0 * n).max(1000.0)));
    let (mut top, mut wide) = (f64::NEG_INFINITY, bound.is_some());
    for _ in 0..60 {
        let (points, stands_for) = grid(low, high, 400);
        let seen = sum(marginals, graphs, &points, &stands_for, if top.is_finite() { top } else { 0.0 });
        if seen.top > top + 20.0 || !top.is_finite() {
            top = seen.top;
            continue;
        }
        top = top.max(seen.top);
        let total: f64 = seen.points.iter().sum();
        // The outer half of the span must hold almost nothing.
        let half = points.partition_point(|m| *m < high / 2.0);
        if !wide && seen.points[half..].iter().sum::<f64>() / total > TAIL {
            if high >= FARTHEST {
                return None;
            }
            high *= 4.0;
            continue;
        }
        wide = true;
        let beyond = |mass: &f64, sum: &mut f64| {
            *sum += mass;
            *sum > total * TAIL / 100.0
        };
        let (mut before, mut after) = (0.0, 0.0);
        let first = seen.points.iter().position(|mass| beyond(mass, &mut before)).unwrap_or(0).saturating_sub(1);
        let last = seen.points.iter().rposition(|mass| beyond(mass, &mut after)).unwrap_or(0) + 1;
        let (from, to) = (points[first], points[last.min(points.len() - 1)]);
        let narrowed = to - from < 0.7 * (high - low);
        (low, high) = (from, to);
        if !narrowed {
            break;
        }
    }
    let (points, stands_for) = grid(low, high, fine);
    let posterior = sum(marginals, graphs, &points, &stands_for, top);
    let total: f64 = posterior.points.iter().sum();
    let spread = points.iter().zip(&posterior.points).map(|(m, mass)| (n + m, mass / total)).collect();
    let graphs = posterior.graphs.iter().map(|mass| mass / total).collect();
    (total.is_finite() && total > 0.0).then_some(Found { low: n + low, high: n + high, spread, stands_for, graphs })
}

pub(crate) fn estimate(table: &Table, options: &Options) -> Result<Outcome, Refusal> {
    if table.width() > MOST_LISTS {
        return Err(Refusal::new(format!(
            "Graphs are averaged over for at most {MOST_LISTS} lists; this table has {}. Merge lists that share their sources.",
            table.width()
        )));
    }
    let graphs = decomposable(table.width());
    let marginals = Marginals::new(table, options.dga);
    let n = marginals.documented;
    let mut diagnostics = Map::new();
    diagnostics.insert("graphs".into(), graphs.len().into());
    diagnostics.insert("delta".into(), marginals.delta.into());
    let prior = match options.dga.prior {
        Prior::Reciprocal => "proportional to 1/N".to_owned(),
        Prior::GammaPoisson { shape, scale } => format!("Poisson, its mean Gamma with shape {shape} and scale {scale}"),
    };
    diagnostics.insert("prior".into(), prior.into());
    diagnostics.insert("undocumented_at_most_times_documented".into(), json!(options.dga.at_most));
    let endless = "The posterior does not end: however large the number of undocumented cases, it stays likely. The lists share too few cases; merge lists, or look for a list that overlaps with the others.";
    let bound = options.dga.at_most.map(|times| (times * n).round().max(10.0));
    let Some(found) = search(&marginals, &graphs, bound, 4000) else {
        return Err(Refusal { reason: endless.into(), diagnostics });
    };
    let [estimate, lower, upper] = found.numbers(options.level);
    let mut warnings: Vec<String> = Vec::new();
    if let Some(bound) = bound {
        // The same without the bound, to say what it does.
        let free = search(&marginals, &graphs, None, 400);
        let beyond = free.as_ref().map_or(1.0, |free| {
            free.spread.iter().filter(|(total, _)| *total > n + bound).map(|(_, mass)| mass).sum::<f64>().abs()
        });
        diagnostics.insert("mass_beyond_bound".into(), beyond.into());
        if beyond > 0.1 {
            return Err(Refusal { reason: endless.into(), diagnostics });
        }
        if let Some([middle, low, high]) = free.filter(|_| beyond > 1e-4).map(|free| free.numbers(options.level)) {
            diagnostics.insert("without_bound".into(), json!({"estimate": middle, "lower": low, "upper": high}));
            if high > 1.1 * upper {
                warnings.push(format!(
                    "The posterior has a long tail. The upper end rests on the bound of the prior, {} undocumented; without it, it would be {}.",
                    group(bound), group(high)
                ));
            }
        }
    }
    let moment = |power: i32| found.spread.iter().map(|(n, mass)| mass * n.powi(power)).sum::<f64>();
    let heights = found.spread.iter().zip(&found.stands_for).map(|((n, mass), width)| (*n, mass / width));
    let mode = heights.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(f64::NAN, |(n, _)| n);
    diagnostics.insert("grid".into(), json!({"from": found.low, "to": found.high, "points": found.spread.len()}));
    diagnostics.insert("mean".into(), moment(1).into());
    diagnostics.insert("mode".into(), mode.into());
    // The number that makes the expected squared relative error smallest: E[1/N] / E[1/N²].
    diagnostics.insert("least_relative_error".into(), (moment(-1) / moment(-2)).into());
    let mut ranked: Vec<(f64, &Graph)> = found.graphs.iter().copied().zip(&graphs).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let top_models: Vec<Value> =
        ranked.iter().take(10).map(|(weight, graph)| json!({"model": graph.name(table), "weight": weight})).collect();
    diagnostics.insert("models".into(), top_models.into());
    let effective = 1.0 / ranked.iter().map(|(weight, _)| weight * weight).sum::<f64>();
    diagnostics.insert("effective_number_of_models".into(), effective.into());
    let peaks = peaks(&found.spread, &found.stands_for);
    if peaks.len() > 1 {
        let at: Vec<String> = peaks.iter().map(|n| group(*n)).collect();
        warnings.push(format!(
            "The posterior has more than one peak (near {}): graphs that fit alike give different numbers. Read the picture, not the middle.",
            at.join(" and ")
        ));
    }
    if !warnings.is_empty() {
        diagnostics.insert("warnings".into(), json!(warnings));
    }
    Ok(Outcome { estimate, lower, upper, diagnostics, spread: found.spread })
}

/// The peaks of a density: heights over a twentieth of the highest, with a dip to less than half of the lower between them.
fn peaks(spread: &[Mass], stands_for: &[f64]) -> Vec<f64> {
    // On the scale of the logarithm, as the points lie: a wide peak far out counts by its mass.
    let bins = 60.min(spread.len());
    let bin = |i: usize| i * spread.len() / bins.max(1)..(i + 1) * spread.len() / bins.max(1);
    let density: Vec<(f64, f64)> = (0..bins)
        .map(|i| {
            let of = &spread[bin(i)];
            let mass: f64 = of.iter().map(|(_, mass)| mass).sum();
            let width: f64 = stands_for[bin(i)].iter().sum();
            (of.first().map_or(0.0, |(n, _)| *n), mass / width)
        })
        .collect();
    let highest = density.iter().fold(0.0_f64, |top, (_, d)| top.max(*d));
    let mut peaks: Vec<(f64, f64)> = Vec::new();
    let mut dip = f64::INFINITY;
    for (n, d) in density {
        match peaks.last_mut() {
            Some((at, height)) if dip > 0.5 * height.min(d) => {
                if d > *height {
                    (*at, *height, dip) = (n, d, f64::INFINITY);
                } else {
                    dip = dip.min(d);
                }
            }
            _ if d > highest / 20.0 => {
                peaks.push((n, d));
                dip = f64::INFINITY;
            }
            _ => dip = dip.min(d),
        }
        dip = dip.min(d);
    }
    peaks.into_iter().map(|(n, _)| n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_stands_for_every_number() {
        let (points, stands_for) = grid(0.0, 100_000.0, 400);
        assert_eq!((points[0], points[points.len() - 1]), (0.0, 100_000.0));
        assert!((stands_for.iter().sum::<f64>() - 100_001.0).abs() < 1e-6);
        assert_eq!(grid(3.0, 9.0, 4000).0, [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    }
}
