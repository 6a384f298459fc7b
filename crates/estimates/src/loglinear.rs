//! Log-linear models: the best by BIC (and by AIC), with the intervals that hold only if that model is true.
//!
//! Such intervals are too narrow, because they do not know that the model was chosen by the same data: at a nominal 95 %
//! they covered 61 % in the simulations of Chan, Silverman & Vincent 2021. They are labelled so.

use serde_json::{Map, Value, json};

use crate::Options;
use crate::checks::{Frame, Status, frame};
use crate::math::{exp, ln, ln_factorial, normal_quantile, real, size};
use crate::model::{Model, all_models};
use crate::poisson::{Fit, fit_framed};
use crate::report::{Mass, Outcome, Refusal, group};
use crate::table::Table;

/// The most lists: beyond it each step of the search fits tables of many thousand patterns.
const MOST_LISTS: usize = 12;

/// A fitted model with its criteria. AIC and BIC as R's `glm` and Rcapture give them: Poisson likelihood with its
/// constants, BIC with the logarithm of the documented cases.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The model.
    pub model: Model,
    /// Its fit.
    pub fit: Fit,
    /// Akaike's criterion.
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
}

/// The counts by pattern as numbers, 2ᵗ of them, 0 at place 0.
pub(crate) fn dense(table: &Table) -> Vec<f64> {
    let mut counts = vec![0.0; 1 << table.width()];
    for (pattern, count) in table.patterns() {
        counts[pattern as usize] = real(count);
    }
    counts
}

impl Candidate {
    /// Fits one model, after the checks.
    ///
    /// # Errors
    /// The [`Status`] that is not fine.
    pub fn new(counts: &[f64], model: Model) -> Result<Self, Status> {
        let frame = frame(counts, &model)?;
        Self::framed(counts, model, &frame, None).ok_or(Status::DoesNotExist)
    }

    pub(crate) fn framed(counts: &[f64], model: Model, frame: &Frame, start: Option<&[f64]>) -> Option<Self> {
        let fit = fit_framed(counts, frame, None, start)?;
        let n: f64 = counts.iter().sum();
        let size = size(model.size());
        let aic = 2.0 * size - 2.0 * fit.log_likelihood;
        let bic = size * ln(n) - 2.0 * fit.log_likelihood;
        Some(Self { model, fit, aic, bic })
    }

    /// Cases in all, documented ones included; `counts` are those of the table by pattern.
    pub(crate) fn total(&self, counts: &[f64]) -> f64 {
        counts.iter().sum::<f64>() + self.fit.missing
    }

    /// Standard error of the total: Poisson scatter of the undocumented and uncertainty of their mean.
    pub fn standard_error(&self) -> f64 {
        (self.fit.missing + self.fit.missing * self.fit.missing * self.fit.variance).sqrt()
    }
}

/// Fits one log-linear model to a table.
///
/// # Errors
/// [`Status::DoesNotExist`] or [`Status::NotIdentifiable`].
pub fn fit_one(table: &Table, model: &Model) -> Result<Candidate, Status> {
    Candidate::new(&dense(table), model.clone())
}

/// Fits every hierarchical model of up to this order that can be estimated (for six lists and more: those on the way of a
/// search), best BIC first.
pub fn fit_all(table: &Table, order: usize) -> Vec<Candidate> {
    let mut out = candidates(&dense(table), table.width(), order).fitted;
    out.sort_by(|a, b| by(|c| c.bic)(&a, &b));
    out
}

/// Wald's interval on the logarithm of the undocumented; never below the documented.
pub(crate) fn wald(n: f64, fit: &Fit, level: f64) -> (f64, f64) {
    let z = normal_quantile(0.5 + level / 2.0);
    // The same two sources of scatter as the standard error, on the scale of the logarithm.
    let sd = (fit.variance + 1.0 / fit.missing.max(1e-9)).sqrt();
    (n + fit.missing * exp(-z * sd), n + fit.missing * exp(z * sd))
}

/// The profile-likelihood interval of a multinomial table: the undocumented numbers at which twice the best
/// log-likelihood falls by no more than z² (Cormack 1992). An end that the table does not bound is `None`.
///
/// The undocumented cases are put into the table as its last cell and the model is fitted to all; so the interval holds the
/// scatter of their number itself, not only of its mean.
pub(crate) fn profile(counts: &[f64], frame: &Frame, fit: &Fit, level: f64) -> (Option<f64>, Option<f64>) {
    let n: f64 = counts.iter().sum();
    let z = normal_quantile(0.5 + level / 2.0);
    let mut whole = frame.clone();
    whole.kept[0] = true;
    let height = |at: f64| -> Option<f64> {
        let missing = exp(at);
        let mut filled = counts.to_vec();
        filled[0] = missing;
        let filled_fit = fit_framed(&filled, &whole, None, Some(&fit.effects))?;
        let linear: f64 = (0..filled.len())
            .filter(|w| filled[*w] > 0.0 && whole.kept[*w])
            .map(|w| filled[w] * ln(filled_fit.expected[w]))
            .sum();
        Some(ln_factorial(n + missing) - ln_factorial(missing) + linear - (n + missing) * ln(n + missing))
    };
    // The top lies close to the Poisson estimate; golden section around it.
    let (mut low, mut high) = (ln(fit.missing) - 1.0, ln(fit.missing) + 1.0);
    let ratio = 0.618_033_988_749_894_9;
    while high - low > 1e-4 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        match (height(a), height(b)) {
            (Some(x), Some(y)) if x < y => low = a,
            (Some(_), Some(_)) => high = b,
            _ => return (None, None),
        }
    }
    let best = f64::midpoint(low, high);
    let Some(top) = height(best) else { return (None, None) };
    let fall = |at: f64| -> Option<f64> { Some(2.0 * (top - height(at)?) - z * z) };
    let end = |side: f64| -> Option<f64> {
        let mut step = (z * (fit.variance + 1.0 / fit.missing.max(0.1)).sqrt()).clamp(1e-4, 2.0);
        let (mut inside, mut outside) = (best, best + side * step);
        loop {
            if !(-7.0..best + 14.0).contains(&outside) {
                // As few as none may be missing; as many as a million times the estimate is no bound.
                return (side < 0.0).then_some(n);
            }
            if fall(outside)? > 0.0 {
                break;
            }
            inside = outside;
            step *= 1.5;
            outside += side * step;
        }
        while (outside - inside).abs() > 1e-7 {
            let middle = f64::midpoint(inside, outside);
            if fall(middle)? > 0.0 { outside = middle } else { inside = middle }
        }
        Some(n + exp(f64::midpoint(inside, outside)))
    };
    (end(-1.0), end(1.0))
}

/// The curve behind an interval that has none of its own: normal on ln of the undocumented, 199 points of even mass.
pub(crate) fn curve(n: f64, missing: f64, lower: f64, upper: f64, level: f64) -> Vec<Mass> {
    let z = normal_quantile(0.5 + level / 2.0);
    let middle = ln(missing.max(1e-9));
    let below = (middle - ln((lower - n).max(1e-3))).max(0.0) / z;
    let above = (ln((upper - n).max(1e-3)) - middle).max(0.0) / z;
    (1..200)
        .map(|i| {
            let q = normal_quantile(f64::from(i) / 200.0);
            (n + exp(middle + q * if q < 0.0 { below } else { above }), 1.0 / 199.0)
        })
        .collect()
}

/// Every model that can be estimated, and how many cannot.
pub(crate) struct Candidates {
    pub fitted: Vec<Candidate>,
    pub not_identifiable: usize,
    pub not_existing: usize,
    pub search: &'static str,
}

/// All models of up to this order for five lists and fewer; for more, those on the way of a search that adds or takes out
/// one interaction of two lists at a time while BIC falls.
pub(crate) fn candidates(counts: &[f64], width: usize, order: usize) -> Candidates {
    let mut out = Candidates { fitted: Vec::new(), not_identifiable: 0, not_existing: 0, search: "every model" };
    let try_one = |out: &mut Candidates, model: Model| match Candidate::new(counts, model) {
        Ok(candidate) => out.fitted.push(candidate),
        Err(Status::NotIdentifiable) => out.not_identifiable += 1,
        Err(_) => out.not_existing += 1,
    };
    if width <= 5 {
        for model in all_models(width, order) {
            try_one(&mut out, model);
        }
        return out;
    }
    out.search = "pairs of lists added or taken out one at a time while BIC falls";
    let pairs: Vec<u32> = (0..1_u32 << width).filter(|set| set.count_ones() == 2).collect();
    let mut current: Vec<u32> = Vec::new();
    let mut best = f64::INFINITY;
    try_one(&mut out, Model::independence(width));
    if let Some(first) = out.fitted.first() {
        best = first.bic;
    }
    loop {
        let mut next: Option<(f64, Vec<u32>)> = None;
        for pair in &pairs {
            let mut terms = current.clone();
            match terms.iter().position(|term| term == pair) {
                Some(at) => drop(terms.remove(at)),
                None => terms.push(*pair),
            }
            let before = out.fitted.len();
            try_one(&mut out, Model::new(width, &terms));
            if let Some(candidate) =
                out.fitted.get(before).filter(|c| next.as_ref().is_none_or(|(bic, _)| c.bic < *bic))
            {
                next = Some((candidate.bic, terms));
            }
        }
        match next {
            Some((bic, terms)) if bic < best - 1e-9 => (best, current) = (bic, terms),
            _ => break,
        }
    }
    out.fitted.sort_by(|a, b| a.model.cmp(&b.model));
    out.fitted.dedup_by(|a, b| a.model == b.model);
    out
}

/// The fewer parameters first among models that fit alike, so that the choice does not hang on rounding.
pub(crate) fn by(criterion: impl Fn(&Candidate) -> f64) -> impl Fn(&&Candidate, &&Candidate) -> std::cmp::Ordering {
    move |a, b| {
        let (x, y) = (criterion(a), criterion(b));
        if (x - y).abs() < 1e-8 {
            a.model.size().cmp(&b.model.size()).then(a.model.cmp(&b.model))
        } else {
            x.total_cmp(&y)
        }
    }
}

/// The order up to which interactions are chosen from: three lists at once with up to four lists, two with more, where
/// triples of lists seldom share enough cases; and never all lists.
pub(crate) fn order(width: usize, options: &Options) -> usize {
    options.max_order.unwrap_or(if width <= 4 { 3 } else { 2 }).min(width.saturating_sub(1))
}

pub(crate) fn estimate(table: &Table, options: &Options) -> Result<Outcome, Refusal> {
    if table.width() > MOST_LISTS {
        return Err(Refusal::new(format!(
            "Log-linear models are chosen for at most {MOST_LISTS} lists; this table has {}. Merge lists that share their sources.",
            table.width()
        )));
    }
    let counts = dense(table);
    let n: f64 = counts.iter().sum();
    let order = order(table.width(), options);
    // Fitted one order beyond the choice, to say what it would have changed.
    let beyond = candidates(&counts, table.width(), order.max(3));
    let fitted: Vec<&Candidate> = beyond.fitted.iter().filter(|c| c.model.order() <= order).collect();
    let mut diagnostics = Map::new();
    diagnostics.insert("search".into(), beyond.search.into());
    diagnostics.insert("highest_order".into(), order.into());
    diagnostics.insert("models_fitted".into(), fitted.len().into());
    diagnostics.insert("models_not_identifiable".into(), beyond.not_identifiable.into());
    diagnostics.insert("models_without_estimate".into(), beyond.not_existing.into());
    let (Some(best), Some(best_aic)) =
        (fitted.iter().copied().min_by(by(|c| c.bic)), fitted.iter().copied().min_by(by(|c| c.aic)))
    else {
        let reason = "No log-linear model can be estimated from this table: for each, either no estimate exists or its effects are not identifiable (Fienberg & Rinaldo 2012). The lists share too few cases; merge lists, or look for a list that overlaps with the others.";
        return Err(Refusal { reason: reason.into(), diagnostics });
    };
    let describe = |c: &Candidate| -> Value {
        json!({
            "model": c.model.name(table), "estimate": c.total(&counts), "standard_error": c.standard_error(),
            "deviance": c.fit.deviance, "degrees_of_freedom": c.fit.freedom, "aic": c.aic, "bic": c.bic,
        })
    };
    let mut ranked = fitted.clone();
    ranked.sort_by(by(|c| c.bic));
    // Schwarz weights: exp(−BIC/2), the approximate posterior probability of each model.
    let weight = |c: &Candidate| exp((best.bic - c.bic) / 2.0);
    let total: f64 = fitted.iter().map(|c| weight(c)).sum();
    let top: Vec<Value> = ranked
        .iter()
        .take(10)
        .map(|c| {
            let mut value = describe(c);
            value["weight"] = (weight(c) / total).into();
            value
        })
        .collect();
    diagnostics.insert("models".into(), top.into());
    diagnostics.insert("best_aic".into(), describe(best_aic));
    if let Some(higher) = beyond.fitted.iter().min_by(by(|c| c.bic)).filter(|c| c.model.order() > order) {
        diagnostics.insert("best_of_higher_order".into(), describe(higher));
        let warning = format!(
            "A model with interactions of {} lists fits better still (BIC {:.1} against {:.1}) and gives {}.",
            higher.model.order(),
            higher.bic,
            best.bic,
            group(higher.total(&counts))
        );
        diagnostics.insert("warnings".into(), json!([warning]));
    }
    let near: Vec<f64> = ranked.iter().filter(|c| c.bic < best.bic + 2.0).map(|c| c.total(&counts)).collect();
    let (low, high) = near.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), x| (low.min(*x), high.max(*x)));
    diagnostics.insert("range_of_models_as_good".into(), json!({"models": near.len(), "from": low, "to": high}));
    diagnostics.insert(
        "interval".into(),
        "conditional: it holds only if this model is the true one, and is too narrow because the data chose the model"
            .into(),
    );
    if high - n > 10.0 * (low - n).max(1.0) && near.len() > 1 {
        let reason = format!(
            "Models that fit equally well (BIC within 2 of the best) put the total anywhere from {} to {}: the table does not say which. No one of them is printed.",
            group(low),
            group(high)
        );
        return Err(Refusal { reason, diagnostics });
    }
    match frame(&counts, &best.model) {
        Ok(frame) => finish(n, &counts, &frame, best, options.level, diagnostics),
        Err(status) => Err(Refusal { reason: crate::simple::no_estimate(status).into(), diagnostics }),
    }
}

/// Profile interval, Wald intervals beside it.
pub(crate) fn finish(
    n: f64,
    counts: &[f64],
    frame: &Frame,
    chosen: &Candidate,
    level: f64,
    mut diagnostics: Map<String, Value>,
) -> Result<Outcome, Refusal> {
    let z = normal_quantile(0.5 + level / 2.0);
    let (estimate, se) = (n + chosen.fit.missing, chosen.standard_error());
    let (low, high) = wald(n, &chosen.fit, level);
    diagnostics.insert("standard_error".into(), se.into());
    diagnostics.insert("wald_on_logarithm".into(), json!([low, high]));
    diagnostics.insert("wald_symmetric".into(), json!([estimate - z * se, estimate + z * se]));
    diagnostics.insert("deviance".into(), chosen.fit.deviance.into());
    diagnostics.insert("degrees_of_freedom".into(), chosen.fit.freedom.into());
    match profile(counts, frame, &chosen.fit, level) {
        (Some(lower), Some(upper)) => {
            let spread = curve(n, chosen.fit.missing, lower, upper, level);
            Ok(Outcome { estimate, lower, upper, diagnostics, spread })
        }
        _ => {
            let reason = "The table does not bound the estimate: its likelihood stays nearly as high for any larger number. More overlap between the lists is needed.";
            Err(Refusal { reason: reason.into(), diagnostics })
        }
    }
}
