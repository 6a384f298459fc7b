//! Bayesian model averaging over all decomposable graphs: Madigan & York 1997; as in the R package `dga`.
//!
//! For every number of undocumented cases and every graph, the probability of the table has a closed form (a product of
//! Dirichlet–multinomials over cliques, divided by those over separators), so nothing is simulated: the posterior is exact
//! up to the grid on which the number is looked at.

use serde_json::{Map, Value, json};

use crate::Options;
use crate::graphs::{Graph, decomposable};
use crate::math::{ln, ln_factorial, ln_gamma};
use crate::posterior::{Marginals, evenly, search, unbounded};
use crate::report::{Mass, Outcome, Refusal, group};
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
    pub(crate) fn ln(self, n: f64) -> f64 {
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
    /// The numbers of undocumented cases that are looked at.
    pub grid: Grid,
}

/// At which numbers of undocumented cases the posterior is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grid {
    /// Where all but a millionth of it lies: every whole number while these are few, else 4,000 in equal ratios, each
    /// standing for those around it. Exact, but for rounding.
    Fine,
    /// So many numbers, evenly from 1 up to the bound, rounded, each with the same weight; middle and ends are the first
    /// of them at which their share is reached. It is how the R package is mostly run (`seq(1, 30 * n, length.out = 3000)`),
    /// and coarse where the posterior is a spike at the documented number. To compare with figures published on it.
    Even(usize),
}

impl Default for Dga {
    fn default() -> Self {
        Self { delta: None, prior: Prior::Reciprocal, at_most: Some(30.0), grid: Grid::Fine }
    }
}

/// What is said where the table does not limit the number.
const ENDLESS: &str = "The table does not limit the number from above: averaged over how the lists may depend on each other (decomposable graphs), more than a tenth of the posterior lies beyond thirty times the documented cases. The lists share too few cases; merge lists, or look for a list that overlaps with the others.";
/// What is said where only the graph in which every list depends on every other fits.
const COMPLETE: &str = "Only the graph in which every list depends on every other fits this table, and it says nothing about the undocumented. Dependences that are no decomposable graph (three lists, each pair dependent) are left to the log-linear models.";
/// So much of the posterior may lie beyond the prior's bound.
const MOST_BEYOND: f64 = 0.1;

/// Whether nothing in this table limits the number of undocumented cases, by this method's default settings; for up to six
/// lists. A method that takes one model for true would not notice.
pub(crate) fn endless(table: &Table) -> Option<Refusal> {
    let settings = Dga::default();
    if table.width() > MOST_LISTS {
        return None;
    }
    let marginals = Marginals::new(table, settings);
    let bound = (settings.at_most.unwrap_or(30.0) * marginals.documented).round().max(10.0);
    let (_, beyond) = unbounded(&marginals, &incomplete(table.width()), bound);
    let diagnostics = Map::from_iter([("mass_beyond_bound".to_owned(), beyond.into())]);
    (beyond > MOST_BEYOND).then(|| Refusal { reason: ENDLESS.into(), diagnostics })
}

/// All decomposable graphs but the complete one, whose posterior is the prior: it would be endless however well lists overlap.
fn incomplete(width: usize) -> Vec<Graph> {
    let all = crate::table::full(width);
    decomposable(width).into_iter().filter(|graph| graph.factors.iter().all(|(set, _)| *set != all)).collect()
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
    let bound = options.dga.at_most.map(|times| (times * n).round().max(10.0));
    let looked_at = match (options.dga.grid, bound) {
        (Grid::Even(points), Some(bound)) => evenly(&marginals, &graphs, bound, points),
        _ => search(&marginals, &graphs, bound, 4000),
    };
    let Some(found) = looked_at else {
        return Err(Refusal { reason: ENDLESS.into(), diagnostics });
    };
    let [estimate, lower, upper] = found.numbers(options.level, options.dga.grid);
    let mut warnings: Vec<String> = Vec::new();
    if let Some(bound) = bound {
        // The same without the bound, to say what it does.
        let (free, beyond) = unbounded(&marginals, &graphs, bound);
        diagnostics.insert("mass_beyond_bound".into(), beyond.into());
        if beyond > MOST_BEYOND {
            let (_, others) = unbounded(&marginals, &incomplete(table.width()), bound);
            let reason = if others > MOST_BEYOND { ENDLESS } else { COMPLETE };
            return Err(Refusal { reason: reason.into(), diagnostics });
        }
        if let Some([middle, low, high]) =
            free.filter(|_| beyond > 1e-4).map(|free| free.numbers(options.level, Grid::Fine))
        {
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
