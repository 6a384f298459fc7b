//! The posterior of the number of undocumented cases over decomposable graphs, reckoned at chosen numbers.

use crate::dga::{Dga, Grid, Prior};
use crate::graphs::Graph;
use crate::math::{exp, ln, ln_factorial, ln_gamma, real, size};
use crate::report::{Mass, mass_quantile};
use crate::table::Table;

/// The most undocumented cases that are looked at.
const FARTHEST: f64 = 1e13;
/// How much of the posterior may lie beyond the grid.
const TAIL: f64 = 1e-6;

/// What of the table every grid point needs.
pub(crate) struct Marginals {
    width: usize,
    pub documented: f64,
    pub delta: f64,
    /// For each set of lists: the logarithm of its marginal likelihood without the two terms that hold the undocumented,
    /// the cases on none of its lists, and the prior's weight of a cell.
    sets: Vec<(f64, f64, f64)>,
    constant: f64,
    prior: Prior,
}

impl Marginals {
    pub fn new(table: &Table, settings: Dga) -> Self {
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

    /// ln of the posterior density of one graph at one number of undocumented cases.
    fn of_graph(&self, graph: &Graph, missing: f64) -> f64 {
        let n = self.documented + missing;
        let whole = ln_gamma(n + size(1 << self.width) * self.delta);
        let shared = self.constant + ln_factorial(n) - ln_factorial(missing) + self.prior.ln(n);
        graph.factors.iter().fold(shared, |sum, (set, power)| {
            let (rest, none, weight) = self.sets[*set as usize];
            sum + f64::from(*power) * (rest + ln_gamma(none + missing + weight) - whole)
        })
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
    let stands_for = around(&points);
    (points, stands_for)
}

/// How many numbers each point stands for: half-way to its neighbours.
fn around(points: &[f64]) -> Vec<f64> {
    let last = points.len() - 1;
    (0..=last)
        .map(|i| {
            let left = if i == 0 { points[0] - 0.5 } else { f64::midpoint(points[i - 1], points[i]) };
            let right = if i == last { points[last] + 0.5 } else { f64::midpoint(points[i], points[i + 1]) };
            right - left
        })
        .collect()
}

/// What is found within certain bounds on the undocumented.
pub(crate) struct Found {
    pub low: f64,
    pub high: f64,
    pub spread: Vec<Mass>,
    pub stands_for: Vec<f64>,
    /// Each graph's weight.
    pub graphs: Vec<f64>,
}

impl Found {
    /// The posterior's middle and the ends of its interval: the x at which P(N ≤ x), drawn straight between whole numbers,
    /// is reached. (A whole number's mass stands half to its left, half to its right: hence the half.)
    pub fn numbers(&self, level: f64, grid: Grid) -> [f64; 3] {
        let tail = (1.0 - level) / 2.0;
        if grid != Grid::Fine {
            let first = |p: f64| {
                let mut sum = 0.0;
                let reached = self.spread.iter().find(|(_, mass)| {
                    sum += mass;
                    sum >= p
                });
                reached.or(self.spread.last()).map_or(f64::NAN, |(n, _)| *n)
            };
            return [0.5, tail, 1.0 - tail].map(first);
        }
        let least = self.spread.first().map_or(0.0, |(n, _)| *n);
        [0.5, tail, 1.0 - tail].map(|p| (mass_quantile(&self.spread, p) - 0.5).max(least))
    }
}

/// The posterior at so many numbers, evenly from 1 to the bound, none standing for more than itself.
pub(crate) fn evenly(marginals: &Marginals, graphs: &[Graph], bound: f64, points: usize) -> Option<Found> {
    let step = (bound - 1.0) / size(points.max(2) - 1);
    let mut grid: Vec<f64> = (0..points.max(2)).map(|i| (1.0 + step * size(i)).round_ties_even()).collect();
    grid.dedup();
    let stands_for = vec![1.0; grid.len()];
    let top = sum(marginals, graphs, &grid, &stands_for, f64::INFINITY).top;
    found(marginals, sum(marginals, graphs, &grid, &stands_for, top), &grid, stands_for)
}

/// What a posterior says, its masses made to sum to 1; `None` where there is none.
fn found(marginals: &Marginals, posterior: Posterior, points: &[f64], stands_for: Vec<f64>) -> Option<Found> {
    let n = marginals.documented;
    let (low, high) = (points.first()?, points.last()?);
    let total: f64 = posterior.points.iter().sum();
    let spread = points.iter().zip(&posterior.points).map(|(m, mass)| (n + m, mass / total)).collect();
    let graphs = posterior.graphs.iter().map(|mass| mass / total).collect();
    (total.is_finite() && total > 0.0).then_some(Found { low: n + low, high: n + high, spread, stands_for, graphs })
}

/// The posterior on a grid that holds all but its tails. `bound` is the most that may be undocumented; without one the grid
/// is widened until it ends, `None` where it does not.
pub(crate) fn search(marginals: &Marginals, graphs: &[Graph], bound: Option<f64>, fine: usize) -> Option<Found> {
    let n = marginals.documented;
    if n > NARROW {
        return among_peaks(marginals, graphs, bound);
    }
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
    found(marginals, sum(marginals, graphs, &points, &stands_for, top), &points, stands_for)
}

/// With more documented cases than this, graphs' peaks are so narrow that a grid in equal ratios would step over them.
const NARROW: f64 = 100_000.0;

/// The posterior on a wide grid with more points around each graph's own peak, by what the peaks weigh (Laplace's
/// approximation) the hundred that matter most.
fn among_peaks(marginals: &Marginals, graphs: &[Graph], bound: Option<f64>) -> Option<Found> {
    let high = bound.unwrap_or((1e4 * marginals.documented).min(FARTHEST));
    let (mut points, _) = grid(1.0, high, 400);
    let (sets, shared) = marginals.at(&points);
    let mut peaks: Vec<(f64, f64, f64)> = Vec::new();
    for graph in graphs {
        let coarse = |i: usize| {
            graph.factors.iter().fold(shared[i], |sum, (set, power)| sum + f64::from(*power) * sets[*set as usize][i])
        };
        let best = (0..points.len()).max_by(|a, b| coarse(*a).total_cmp(&coarse(*b)))?;
        let height = |at: f64| marginals.of_graph(graph, exp(at));
        let (mut left, mut right) = (ln(points[best.saturating_sub(1)]), ln(points[(best + 1).min(points.len() - 1)]));
        for _ in 0..80 {
            let third = (right - left) / 3.0;
            if height(left + third) < height(right - third) { left += third } else { right -= third }
        }
        let at = f64::midpoint(left, right);
        let step = 1e-4;
        let curve = (height(at + step) + height(at - step) - 2.0 * height(at)) / (step * step);
        if curve < -1.0 {
            let sd = 1.0 / (-curve).sqrt();
            peaks.push((height(at) + at + ln(sd), at, sd));
        }
    }
    peaks.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (weight, at, sd) in peaks.iter().take(100) {
        if *weight > peaks[0].0 - 40.0 {
            points.extend((-40..=40).map(|k| exp(at + sd * f64::from(k) / 5.0).round().clamp(1.0, high)));
        }
    }
    points.sort_by(f64::total_cmp);
    points.dedup();
    let stands_for = around(&points);
    let top = sum(marginals, graphs, &points, &stands_for, f64::INFINITY).top;
    let posterior = sum(marginals, graphs, &points, &stands_for, top);
    let half = points.partition_point(|m| *m < high / 2.0);
    let endless = posterior.points[half..].iter().sum::<f64>() > TAIL * posterior.points.iter().sum::<f64>();
    if bound.is_none() && endless { None } else { found(marginals, posterior, &points, stands_for) }
}

/// The posterior without a bound, and how much of it lies beyond this one.
pub(crate) fn unbounded(marginals: &Marginals, graphs: &[Graph], bound: f64) -> (Option<Found>, f64) {
    let free = search(marginals, graphs, None, 400);
    let end = marginals.documented + bound;
    let beyond = free.as_ref().map_or(1.0, |free| {
        free.spread.iter().filter(|(total, _)| *total > end).map(|(_, mass)| mass).sum::<f64>().abs()
    });
    (free, beyond)
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
