//! Stepwise selection by Poisson tails with a BCa bootstrap: Chan, Silverman & Vincent 2021; as in the R packages
//! `SparseMSE` and `MultipleSystemsEstimation`.

use serde_json::{Map, Value, json};

use crate::Options;
use crate::checks::{Status, frame};
use crate::loglinear::{Candidate, dense};
use crate::math::{exp, ln_poisson_tail, size, whole};
use crate::model::Model;
use crate::poisson::sum_supersets;
use crate::report::{Outcome, Refusal, even, group, mass_quantile};
use crate::resample::{bca, resample};
use crate::simple::no_estimate;
use crate::table::Table;

/// The most lists: beyond it each of a thousand selections would fit tables of thousands of patterns.
const MOST_LISTS: usize = 10;

/// One pair that was added.
struct Step {
    pair: u32,
    ln_p: f64,
    expected: f64,
    shared: f64,
}

/// From the model of independence, adds the pair of lists whose number of shared cases is least likely under the current
/// model (a one-sided Poisson tail), as long as that is below the threshold and the larger model can be estimated.
fn select(counts: &[f64], width: usize, threshold: f64) -> Result<(Candidate, Vec<Step>), Status> {
    let mut shared = counts.to_vec();
    sum_supersets(&mut shared);
    let mut current = Candidate::new(counts, Model::independence(width))?;
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let mut expected = current.fit.expected.clone();
        expected[0] = 0.0;
        sum_supersets(&mut expected);
        let mut waiting: Vec<Step> = (1..1_u32 << width)
            .filter(|set| set.count_ones() == 2 && !current.model.terms().contains(set))
            .map(|pair| {
                let (shared, expected) = (shared[pair as usize], expected[pair as usize]);
                Step { pair, ln_p: ln_poisson_tail(whole(shared), expected), expected, shared }
            })
            .filter(|step| exp(step.ln_p) < threshold)
            .collect();
        waiting.sort_by(|a, b| a.ln_p.total_cmp(&b.ln_p).then(a.pair.cmp(&b.pair)));
        let added = waiting.into_iter().find_map(|step| {
            let mut terms = current.model.terms().to_vec();
            terms.push(step.pair);
            let model = Model::new(width, &terms);
            let frame = frame(counts, &model).ok()?;
            Some((Candidate::framed(counts, model, &frame, None)?, step))
        });
        match added {
            Some((larger, step)) => {
                current = larger;
                steps.push(step);
            }
            None => return Ok((current, steps)),
        }
    }
}

pub(crate) fn estimate(table: &Table, options: &Options) -> Result<Outcome, Refusal> {
    if table.width() > MOST_LISTS {
        return Err(Refusal::new(format!(
            "Stepwise selection takes at most {MOST_LISTS} lists; this table has {}. Merge lists that share their sources.",
            table.width()
        )));
    }
    let counts = dense(table);
    let n: f64 = counts.iter().sum();
    let (chosen, steps) =
        select(&counts, table.width(), options.p_threshold).map_err(|status| Refusal::new(no_estimate(status)))?;
    let estimate = n + chosen.fit.missing;
    let mut diagnostics = Map::new();
    let added: Vec<Value> = steps
        .iter()
        .map(|step| {
            json!({"pair": table.names(step.pair), "ln_p": step.ln_p, "expected": step.expected, "shared": step.shared})
        })
        .collect();
    diagnostics.insert("model".into(), chosen.model.name(table).into());
    diagnostics.insert("steps".into(), added.into());
    diagnostics.insert("p_threshold".into(), options.p_threshold.into());
    let resampled =
        resample(table, options.resampling.samples, options.seed ^ 0x5354_4550, options.threads(), |counts| {
            let (candidate, _) = select(counts, table.width(), options.p_threshold).ok()?;
            Some(candidate.total(counts))
        });
    finish(estimate, options, resampled, diagnostics)
}

/// Fewer samples than this beyond an end leave it to chance.
const LEAST_BEYOND: f64 = 5.0;

/// What to say of an end that so many samples hardly reach.
fn outermost(samples: usize, (low, high): (f64, f64)) -> Option<String> {
    let beyond = |share: f64| share * size(samples) < LEAST_BEYOND;
    let which = match (beyond(low), beyond(1.0 - high)) {
        (true, true) => "Both ends of the interval rest",
        (true, false) => "The lower end of the interval rests",
        (false, true) => "The upper end of the interval rests",
        (false, false) => return None,
    };
    Some(format!(
        "{which} on the outermost few of {samples} tables drawn from this one, and would be another with another seed: most of those tables give estimates on one side of this table's."
    ))
}

/// The interval from the samples, or the reason why there is none.
pub(crate) fn finish(
    estimate: f64,
    options: &Options,
    resampled: crate::resample::Resampled<f64>,
    mut diagnostics: Map<String, Value>,
) -> Result<Outcome, Refusal> {
    let asked = resampled.samples.len();
    let samples: Vec<f64> = resampled.samples.into_iter().flatten().collect();
    let without_one: Vec<(f64, f64)> =
        resampled.without_one.into_iter().filter_map(|(x, weight)| Some((x?, weight))).collect();
    diagnostics.insert("samples".into(), asked.into());
    diagnostics.insert("samples_without_estimate".into(), (asked - samples.len()).into());
    if samples.len() * 20 < asked * 19 {
        let reason = format!(
            "In {} of {asked} tables drawn from this one nothing can be estimated: the estimate hangs on a few cases. Merge lists, or look for a list that overlaps with the others.",
            asked - samples.len()
        );
        return Err(Refusal { reason, diagnostics });
    }
    let spread = even(&samples);
    let Some(interval) = bca(estimate, &samples, &without_one, options.level) else {
        let reason = format!(
            "The estimate lies outside all that the tables drawn from this one give ({} to {}): no interval can be had from them.",
            group(mass_quantile(&spread, 0.0)),
            group(mass_quantile(&spread, 1.0))
        );
        return Err(Refusal { reason, diagnostics });
    };
    let median = mass_quantile(&spread, 0.5);
    diagnostics.insert("bias_z0".into(), interval.bias.into());
    diagnostics.insert("acceleration".into(), interval.acceleration.into());
    diagnostics.insert("median_of_samples".into(), median.into());
    diagnostics.insert("interval_shares".into(), json!([interval.shares.0, interval.shares.1]));
    if let Some(warning) = outermost(samples.len(), interval.shares) {
        diagnostics.insert("warnings".into(), json!([warning]));
    }
    if estimate < interval.lower || estimate > interval.upper {
        let reason = format!(
            "The estimate is unstable: small changes of the table choose other models. The interval, {} to {}, does not hold the estimate itself.",
            group(interval.lower),
            group(interval.upper)
        );
        return Err(Refusal { reason, diagnostics });
    }
    Ok(Outcome { estimate, lower: interval.lower, upper: interval.upper, diagnostics, spread })
}
