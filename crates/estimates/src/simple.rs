//! Two yardsticks: lists taken as independent, and Chao's lower bound.

use serde_json::{Map, json};

use crate::Options;
use crate::checks::{Frame, Status, frame};
use crate::loglinear::{Candidate, curve, dense, finish, profile};
use crate::math::{exp, ln, normal_quantile, real, size};
use crate::model::Model;
use crate::poisson::fit_framed;
use crate::report::{Outcome, Refusal};
use crate::table::Table;

/// Lists independent of each other and all persons alike: the model of no interaction.
pub(crate) fn independence(table: &Table, options: &Options) -> Result<Outcome, Refusal> {
    let counts = dense(table);
    let model = Model::independence(table.width());
    let frame = frame(&counts, &model).map_err(|status| Refusal::new(no_estimate(status)))?;
    let Some(candidate) = Candidate::framed(&counts, model, &frame, None) else {
        return Err(Refusal::new(no_estimate(Status::DoesNotExist)));
    };
    let mut diagnostics = Map::new();
    diagnostics.insert("aic".into(), candidate.aic.into());
    diagnostics.insert("bic".into(), candidate.bic.into());
    diagnostics.insert(
        "interval".into(),
        "conditional: it holds only if the lists are independent of each other, which they hardly ever are".into(),
    );
    finish(counts.iter().sum(), &counts, &frame, &candidate, options.level, diagnostics)
}

/// Why a model gives no estimate, for a reader.
pub(crate) fn no_estimate(status: Status) -> &'static str {
    match status {
        Status::NotIdentifiable => {
            "The effects of the model are not identifiable from this table: different numbers of undocumented cases fit it equally well. Merge lists, or look for a list that overlaps with the others."
        }
        Status::DoesNotExist | Status::Fine => {
            "No estimate exists: the table has too many empty patterns for this model, whose fit improves without end (Fienberg & Rinaldo 2012). Merge lists, or look for a list that overlaps with the others."
        }
    }
}

/// Chao's lower bound, lists of different length allowed: what independent lists would have missed, judged only by the
/// cases on one and on two lists. Those on three and more are left out, because they are the ones easily found, so
/// that differences between people make the bound low, not high (Rivest & Baillargeon 2007, model Mth, Chao LB).
///
/// The formula of Chao 1987, f₁²/2f₂, stands beside it; it takes all lists for equally long, and where they are not it
/// is larger than the bound.
pub(crate) fn chao(table: &Table, options: &Options) -> Result<Outcome, Refusal> {
    let counts = dense(table);
    let n = real(table.documented());
    let by = table.by_frequency();
    let (f1, f2) = (real(by.first().copied().unwrap_or(0)), real(by.get(1).copied().unwrap_or(0)));
    let mut diagnostics = Map::new();
    diagnostics.insert("on_one_list".into(), f1.into());
    diagnostics.insert("on_two_lists".into(), f2.into());
    diagnostics.insert(
        "interval".into(),
        "of the bound, not of the number: the true number may lie above the upper end".into(),
    );
    if f2 > 0.0 {
        diagnostics.insert("chao_1987".into(), equal_lists(n, f1, f2, size(table.width()), options.level));
    }
    let kept = |w: usize| (w.count_ones() == 1 || w.count_ones() == 2) && w > 0;
    let cut: Vec<f64> = counts.iter().enumerate().map(|(w, count)| if kept(w) { *count } else { 0.0 }).collect();
    let model = Model::independence(table.width());
    let whole = match frame(&cut, &model) {
        Ok(whole) if f2 > 0.0 => whole,
        _ => {
            let reason = "Too few cases are on exactly two lists for a lower bound. Merge lists, or look for a list that overlaps with the others.";
            return Err(Refusal { reason: reason.into(), diagnostics });
        }
    };
    let frame = Frame {
        kept: whole.kept.iter().enumerate().map(|(w, is)| *is && kept(w)).collect(),
        freedom: whole.freedom,
        parameters: whole.parameters,
    };
    let Some(fit) = fit_framed(&cut, &frame, None, None) else {
        return Err(Refusal { reason: no_estimate(Status::DoesNotExist).into(), diagnostics });
    };
    let below: f64 = cut.iter().sum();
    let (Some(lower), Some(upper)) = profile(&cut, &frame, &fit, options.level) else {
        return Err(Refusal { reason: no_estimate(Status::DoesNotExist).into(), diagnostics });
    };
    let (lower, upper) = (lower - below + n, upper - below + n);
    let spread = curve(n, fit.missing, lower, upper, options.level);
    Ok(Outcome { estimate: n + fit.missing, lower, upper, diagnostics, spread })
}

/// Chao 1987 with lists as equal occasions: n + (t−1)/t · f₁²/2f₂ and its log-normal interval.
fn equal_lists(n: f64, f1: f64, f2: f64, t: f64, level: f64) -> serde_json::Value {
    let (r, a) = (f1 / f2, (t - 1.0) / t);
    let missing = a * f1 * r / 2.0;
    let variance = f2 * (a / 2.0 * r * r + a * a * r * r * r + a * a / 4.0 * r * r * r * r);
    let z = normal_quantile(0.5 + level / 2.0);
    let c = exp(z * ln(1.0 + variance / (missing * missing).max(1e-9)).sqrt());
    json!({"estimate": n + missing, "lower": n + missing / c, "upper": n + missing * c})
}
