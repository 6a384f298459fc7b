//! Strata: each estimated alone, then added up.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::math::size;
use crate::options::Options;
use crate::report::{Estimate, Mass, Method, Report, even, mass_quantile, thin};
use crate::rng::Rng;
use crate::table::Table;
use crate::{assumptions, estimate};

/// What was found in each stratum, and in all together.
#[derive(Debug, Clone, Serialize)]
pub struct Stratified {
    /// Documented cases in all strata.
    pub documented: u64,
    /// The lists' names.
    pub lists: Vec<String>,
    /// Each method's sum over the strata; refused where one stratum is refused, because a sum without it would be too low.
    pub methods: Vec<Estimate>,
    /// What must hold, in plain sentences.
    pub assumptions: Vec<String>,
    /// Each stratum's own report, by the value that makes the stratum.
    pub strata: Vec<Stratum>,
}

/// One stratum.
#[derive(Debug, Clone, Serialize)]
pub struct Stratum {
    /// The value of the column that divides.
    pub stratum: String,
    /// Its report.
    #[serde(flatten)]
    pub report: Report,
}

impl Stratified {
    /// As JSON: shaped as [`Report::json`], with `strata`.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The sum to read first, as [`Report::leading`].
    pub fn leading(&self) -> Option<&Estimate> {
        let serious = |e: &&Estimate| e.refused.is_none() && !matches!(e.method, Method::Chao | Method::Independence);
        self.methods.iter().filter(serious).min_by_key(|e| e.method)
    }

    /// One or two sentences for a page, about the sum; as [`Report::sentence`].
    pub fn sentence(&self) -> String {
        crate::report::sentence(self.documented, &self.methods, self.leading())
    }
}

/// Estimates each stratum and adds up. Uncertainties of strata are taken as independent of each other.
pub fn stratified(strata: &[(String, Table)], options: &Options) -> Stratified {
    let strata: Vec<Stratum> = (0_u64..)
        .zip(strata)
        .map(|(at, (name, table))| {
            let options = Options { seed: options.seed.wrapping_add(at.wrapping_mul(0x9E37_79B9)), ..options.clone() };
            Stratum { stratum: name.clone(), report: estimate(table, &options) }
        })
        .collect();
    let methods = options
        .methods
        .iter()
        .enumerate()
        .map(|(at, method)| {
            let of: Vec<(&str, &Estimate, u64)> =
                strata.iter().map(|s| (s.stratum.as_str(), &s.report.methods[at], s.report.documented)).collect();
            add(*method, options, &of)
        })
        .collect();
    let lists = strata.first().map(|s| s.report.lists.clone()).unwrap_or_default();
    let mut assumptions = assumptions::of(&Table::from_records(&lists, []));
    assumptions.push("Strata: nobody is in two of them, and what is uncertain in one is not so in the same way in another. If it is (a list that is poor everywhere), the interval of the sum is too narrow.".to_owned());
    Stratified { documented: strata.iter().map(|s| s.report.documented).sum(), lists, methods, assumptions, strata }
}

fn add(method: Method, options: &Options, of: &[(&str, &Estimate, u64)]) -> Estimate {
    let mut diagnostics = Map::new();
    diagnostics.insert("paper".into(), method.paper().into());
    // A stratum in which nobody is documented has nothing to be estimated from, and nothing to add.
    let of: Vec<_> = of.iter().filter(|(_, _, documented)| *documented > 0).collect();
    let refused: Vec<&str> = of.iter().filter(|(_, e, _)| e.refused.is_some()).map(|(name, ..)| *name).collect();
    diagnostics.insert("strata".into(), of.len().into());
    diagnostics.insert("strata_refused".into(), json!(refused));
    let base = Estimate {
        method,
        estimate: None,
        lower: None,
        upper: None,
        level: options.level,
        refused: None,
        diagnostics,
        spread: Vec::new(),
    };
    if of.is_empty() || !refused.is_empty() {
        let reason = if of.is_empty() {
            "The table has no cases.".to_owned()
        } else {
            format!(
                "{} of {} strata cannot be estimated ({}), so neither can the sum. Merge them with others that are like them, or read the others' estimates alone.",
                refused.len(),
                of.len(),
                refused.join(", ")
            )
        };
        return Estimate { refused: Some(reason), ..base };
    }
    let spread = sum_of(&of.iter().map(|(_, e, _)| e.spread.as_slice()).collect::<Vec<_>>(), options.seed);
    let tail = (1.0 - options.level) / 2.0;
    let quantiles = [0.5, tail, 1.0 - tail].map(|p| mass_quantile(&spread, p));
    let numbers: Vec<(f64, f64, f64)> = of.iter().filter_map(|(_, e, _)| e.numbers()).collect();
    let total: f64 = numbers.iter().map(|(n, ..)| n).sum();
    let [estimate, lower, upper] = match method {
        Method::Dga | Method::Lcmcr => quantiles,
        // Ends as far from the sum as the strata's, added as independent errors.
        _ => {
            let root =
                |part: &dyn Fn(&(f64, f64, f64)) -> f64| numbers.iter().map(|x| part(x).powi(2)).sum::<f64>().sqrt();
            let (below, above) = (root(&|(n, lower, _)| n - lower), root(&|(n, _, upper)| upper - n));
            [total, total - below, total + above]
        }
    };
    let mut base = base;
    base.diagnostics.insert("sum_of_estimates".into(), total.into());
    let spread = thin(&spread, 400);
    let points: Vec<Value> = spread.iter().map(|(n, mass)| json!([n, mass])).collect();
    base.diagnostics.insert("distribution".into(), points.into());
    Estimate { estimate: Some(estimate), lower: Some(lower), upper: Some(upper), spread, ..base }
}

/// The distribution of a sum: 20,000 draws, one of each part.
fn sum_of(parts: &[&[Mass]], seed: u64) -> Vec<Mass> {
    const DRAWS: usize = 20_000;
    let mut sums = vec![0.0; DRAWS];
    for (stream, part) in (0_u64..).zip(parts) {
        // Stratified draws of each part, in random order: the parts' quantiles are kept nearly exactly.
        let mut rng = Rng::new(seed ^ 0x5355_4D53, stream);
        let mut order: Vec<usize> = (0..DRAWS).collect();
        for at in (1..DRAWS).rev() {
            let other = crate::math::place(rng.uniform() * size(at + 1)).min(at);
            order.swap(at, other);
        }
        let mut cumulative = Vec::with_capacity(part.len());
        let mut running = 0.0;
        for (_, mass) in *part {
            running += mass;
            cumulative.push(running);
        }
        for (rank, at) in order.into_iter().enumerate() {
            let want = (size(rank) + 0.5) / size(DRAWS) * running;
            let found = cumulative.partition_point(|mass| *mass < want).min(part.len().saturating_sub(1));
            sums[at] += part.get(found).map_or(0.0, |(n, _)| *n);
        }
    }
    even(&sums)
}
