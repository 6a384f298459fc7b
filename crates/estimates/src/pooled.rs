//! Carrying the uncertainty of linkage: one estimate for each draw of a clustering, pooled.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::math::{normal_quantile, real, size};
use crate::options::Options;
use crate::report::{Estimate, Mass, Method, mass_quantile, thin};
use crate::table::Table;
use crate::{assumptions, estimate};

/// One method over all tables.
#[derive(Debug, Clone, Serialize)]
pub struct PooledMethod {
    /// The answer: middle and quantiles of the mixture of all tables' distributions. Diagnostics hold `by_moments`, the
    /// same by total expectation and variance with a normal curve (as `verdata` combines replicates), the two
    /// `variance_…` parts, and how many tables were refused.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// How many tables gave an estimate.
    #[serde(skip)]
    pub tables: usize,
}

/// Estimates pooled over several linkages of the same lists.
#[derive(Debug, Clone, Serialize)]
pub struct Pooled {
    /// Documented cases: the mean over the tables, rounded.
    pub documented: u64,
    /// The fewest and the most documented cases among the tables.
    pub documented_range: (u64, u64),
    /// The lists' names.
    pub lists: Vec<String>,
    /// Each method's pooled answer.
    pub methods: Vec<PooledMethod>,
    /// What must hold, in plain sentences.
    pub assumptions: Vec<String>,
}

impl Pooled {
    /// The report as JSON, shaped as [`Report::json`](crate::Report::json), with `documented_range`.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Withdraws what the table as it stands refuses: what only draws of the linkage estimate rests on pairs that nobody has judged.
    #[must_use]
    pub fn beside(mut self, report: &crate::Report) -> Self {
        for pooled in self.methods.iter_mut().map(|method| &mut method.estimate) {
            let own = report.methods.iter().find(|own| own.method == pooled.method);
            if let Some(reason) = own.and_then(|own| own.refused.as_deref()).filter(|_| pooled.refused.is_none()) {
                (pooled.estimate, pooled.lower, pooled.upper) = (None, None, None);
                pooled.spread.clear();
                pooled.diagnostics.remove("distribution");
                pooled.diagnostics.remove("by_moments");
                let first = reason.split_inclusive(". ").next().unwrap_or(reason).trim_end();
                pooled.refused = Some(format!(
                    "From what is linked so far nothing is estimated ({}), so it is not from guesses about the rest either. Judge the open pairs first.",
                    first.trim_end_matches('.')
                ));
            }
        }
        self
    }

    /// One or two sentences for a page, as [`Report::sentence`](crate::Report::sentence).
    pub fn sentence(&self) -> String {
        let methods: Vec<Estimate> = self.methods.iter().map(|method| method.estimate.clone()).collect();
        let leading = methods
            .iter()
            .filter(|e| e.refused.is_none() && !matches!(e.method, Method::Chao | Method::Independence))
            .min_by_key(|e| e.method);
        crate::report::sentence(self.documented, &methods, leading)
    }
}

/// Of the tables, at least this share must give an estimate.
const LEAST_SHARE: f64 = 0.95;

/// Estimates each table and pools. The tables are draws of one linkage: the same lists, clusters drawn from what linkage
/// holds likely. `None` where there is no table.
///
/// A method is refused where more than one in twenty tables refuses it: to pool only the tables that happened to give a
/// number would be a choice by the result.
pub fn pooled(tables: &[Table], options: &Options) -> Option<Pooled> {
    let first = tables.first()?;
    // Each table its own seed, else simulation errors would add up instead of cancelling.
    let reports: Vec<_> = (0_u64..)
        .zip(tables)
        .map(|(at, table)| {
            estimate(
                table,
                &Options { seed: options.seed.wrapping_add(at.wrapping_mul(0x9E37_79B9)), ..options.clone() },
            )
        })
        .collect();
    let documented: Vec<u64> = reports.iter().map(|report| report.documented).collect();
    let fewest = documented.iter().copied().min()?;
    let methods = options
        .methods
        .iter()
        .enumerate()
        .map(|(at, method)| {
            let of: Vec<&Estimate> = reports.iter().map(|report| &report.methods[at]).collect();
            pool(*method, options.level, real(fewest), &of)
        })
        .collect();
    let mean = documented.iter().map(|n| real(*n)).sum::<f64>() / size(documented.len());
    Some(Pooled {
        documented: crate::math::whole(mean.round()),
        documented_range: (fewest, documented.iter().copied().max()?),
        lists: first.lists().to_vec(),
        methods,
        assumptions: assumptions::of(first),
    })
}

/// Mean and variance of a distribution.
fn moments(spread: &[Mass]) -> (f64, f64) {
    let mean = spread.iter().map(|(n, mass)| n * mass).sum::<f64>();
    (mean, spread.iter().map(|(n, mass)| mass * (n - mean) * (n - mean)).sum())
}

/// Pools one method's answers; `documented` is the fewest that any table documents.
fn pool(method: Method, level: f64, documented: f64, of: &[&Estimate]) -> PooledMethod {
    let good: Vec<&&Estimate> = of.iter().filter(|e| e.refused.is_none()).collect();
    let mut diagnostics = Map::new();
    diagnostics.insert("paper".into(), method.paper().into());
    diagnostics.insert("tables".into(), of.len().into());
    diagnostics.insert("tables_refused".into(), (of.len() - good.len()).into());
    let tables = good.len();
    if good.is_empty() || size(good.len()) < LEAST_SHARE * size(of.len()) {
        let why = of.iter().find_map(|e| e.refused.clone()).unwrap_or_default();
        let refused =
            format!("In {} of {} linkages nothing is estimated. The first reason: {why}", of.len() - tables, of.len());
        let estimate = Estimate {
            method,
            estimate: None,
            lower: None,
            upper: None,
            level,
            refused: Some(refused),
            diagnostics,
            spread: Vec::new(),
        };
        return PooledMethod { estimate, tables };
    }
    let each: Vec<(f64, f64)> = good.iter().map(|e| moments(&e.spread)).collect();
    let count = size(each.len());
    let mean = each.iter().map(|(mean, _)| mean).sum::<f64>() / count;
    let within = each.iter().map(|(_, variance)| variance).sum::<f64>() / count;
    let between = if each.len() > 1 {
        each.iter().map(|(m, _)| (m - mean) * (m - mean)).sum::<f64>() / (count - 1.0)
    } else {
        0.0
    };
    // A few draws of the linkage are not all: Rubin's (1 + 1/m).
    let sd = (within + between * (1.0 + 1.0 / count)).sqrt();
    let z = normal_quantile(0.5 + level / 2.0);
    let moments = json!({"estimate": mean, "lower": mean - z * sd, "upper": mean + z * sd});
    diagnostics.insert("by_moments".into(), moments);
    diagnostics.insert("variance_within_tables".into(), within.into());
    diagnostics.insert("variance_between_tables".into(), between.into());
    let mut mixture: Vec<Mass> =
        good.iter().flat_map(|e| e.spread.iter().map(|(n, mass)| (*n, mass / count))).collect();
    mixture.sort_by(|a, b| a.0.total_cmp(&b.0));
    let tail = (1.0 - level) / 2.0;
    let (low, high) = (mass_quantile(&mixture, tail), mass_quantile(&mixture, 1.0 - tail));
    let mean_of = |end: fn(&Estimate) -> Option<f64>| good.iter().filter_map(|e| end(e)).sum::<f64>() / count;
    let (estimate, lower, upper) = match method {
        Method::Dga | Method::Lcmcr => (mass_quantile(&mixture, 0.5), low, high),
        // Not from the mixture: bootstrap distributions lie aside from their estimates, which is what BCa corrects.
        _ => {
            let middle = mean_of(|e| e.estimate);
            let widen = ((within + between * (1.0 + 1.0 / count)) / within.max(1e-12)).sqrt();
            let lower = middle - (middle - mean_of(|e| e.lower)) * widen;
            let upper = middle + (mean_of(|e| e.upper) - middle) * widen;
            let how = "mean of the tables' intervals, each end moved out by the scatter between the tables";
            diagnostics.insert("interval".into(), how.into());
            (middle, lower.max(documented), upper)
        }
    };
    let spread = thin(&mixture, 400);
    let points: Vec<Value> = spread.iter().map(|(n, mass)| json!([n, mass])).collect();
    diagnostics.insert("distribution".into(), points.into());
    let [e, l, u] = [estimate, lower, upper].map(Some);
    let estimate = Estimate { method, estimate: e, lower: l, upper: u, level, refused: None, diagnostics, spread };
    PooledMethod { estimate, tables }
}
