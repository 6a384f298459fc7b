//! The best model by BIC, chosen anew in every bootstrap sample: Silverman, Chan & Vincent 2024; as in the R package
//! `MultipleSystemsEstimation`, for up to five lists.
//!
//! Fitting every model to every sample would take too long; the models that are best on the table itself are enough, as
//! long as more of them do not change the interval. So it is given for several numbers of models, and the last counts.

use serde_json::{Map, Value, json};

use crate::Options;
use crate::checks::frame;
use crate::loglinear::{Candidate, by, candidates, dense, order};
use crate::report::{Outcome, Refusal};
use crate::resample::{Resampled, bca, resample};
use crate::stepwise::finish;
use crate::table::Table;

/// The most lists.
const MOST_LISTS: usize = 5;
/// How many of the best models are tried, one after the other; with four lists and fewer, all.
const TRIED: [usize; 8] = [1, 5, 10, 20, 40, 60, 113, 200];
/// With five lists, the most.
const MOST_MODELS: usize = 60;

pub(crate) fn estimate(table: &Table, options: &Options) -> Result<Outcome, Refusal> {
    let width = table.width();
    if width > MOST_LISTS {
        return Err(Refusal::new(format!(
            "The bootstrap over models takes at most {MOST_LISTS} lists; this table has {width}. Use stepwise selection, or merge lists."
        )));
    }
    let counts = dense(table);
    let n: f64 = counts.iter().sum();
    let mut ranked = candidates(&counts, width, order(width, options)).fitted;
    ranked.sort_by(|a, b| by(|c| c.bic)(&a, &b));
    ranked.truncate(if width == MOST_LISTS { MOST_MODELS } else { usize::MAX });
    let Some(best) = ranked.first() else {
        return Err(Refusal::new(crate::simple::no_estimate(crate::checks::Status::DoesNotExist)));
    };
    let estimate = n + best.fit.missing;
    let mut levels: Vec<usize> = TRIED.iter().copied().filter(|tried| *tried < ranked.len()).collect();
    levels.push(ranked.len());

    // For each sample: the estimate of its best model among the first 1, 5, 10 … of the ranking.
    let select = |counts: &[f64]| -> Option<Vec<Option<f64>>> {
        let n: f64 = counts.iter().sum();
        let (mut lowest, mut total) = (f64::INFINITY, None);
        let mut out = Vec::with_capacity(levels.len());
        for (at, known) in ranked.iter().enumerate() {
            if let Ok(frame) = frame(counts, &known.model) {
                // Effects of the whole table are a good beginning where the same parameters are left.
                let start = (frame.parameters.len() == known.fit.effects.len()).then_some(known.fit.effects.as_slice());
                let fitted = Candidate::framed(counts, known.model.clone(), &frame, start);
                if let Some(fitted) = fitted.filter(|fitted| fitted.bic < lowest) {
                    lowest = fitted.bic;
                    total = Some(n + fitted.fit.missing);
                }
            }
            if levels.contains(&(at + 1)) {
                out.push(total);
            }
        }
        Some(out)
    };
    let resampled = resample(table, options.resampling.samples, options.seed ^ 0x4249_4342, options.threads(), select);
    let at_level = |level: usize| Resampled {
        samples: resampled.samples.iter().map(|values| *values.as_ref()?.get(level)?).collect(),
        without_one: resampled
            .without_one
            .iter()
            .map(|(values, weight)| (values.as_ref().and_then(|v| *v.get(level)?), *weight))
            .collect(),
    };
    let mut intervals: Vec<Value> = Vec::new();
    let mut ends: Vec<(f64, f64)> = Vec::new();
    for (level, models) in levels.iter().enumerate() {
        let of: Resampled<f64> = at_level(level);
        let samples: Vec<f64> = of.samples.into_iter().flatten().collect();
        let without_one: Vec<(f64, f64)> =
            of.without_one.into_iter().filter_map(|(x, weight)| Some((x?, weight))).collect();
        if let Some(interval) = bca(estimate, &samples, &without_one, options.level) {
            intervals.push(json!({"models": models, "lower": interval.lower, "upper": interval.upper}));
            ends.push((interval.lower, interval.upper));
        }
    }
    let mut diagnostics = Map::new();
    diagnostics.insert("model".into(), best.model.name(table).into());
    diagnostics.insert("bic".into(), best.bic.into());
    diagnostics.insert("models".into(), ranked.len().into());
    diagnostics.insert("intervals_by_number_of_models".into(), intervals.into());
    if let [.., before, last] = ends.as_slice() {
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.1;
        let stable = near(before.0, last.0) && near(before.1, last.1);
        diagnostics.insert("interval_stable".into(), stable.into());
    }
    finish(estimate, options, at_level(levels.len() - 1), diagnostics)
}
