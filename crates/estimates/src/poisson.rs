//! Fitting a log-linear model: counts of the observed patterns are Poisson, their means' logarithms are sums of effects.
//!
//! The sums over patterns that Newton's method needs are all of one kind, "over the patterns that contain these lists",
//! and come from one pass over the table (a sum over supersets). So a step costs 2ᵗ·t additions and one small system of
//! equations, instead of a product of matrices.

use crate::checks::Frame;
use crate::math::{exp, ln, ln_factorial};

/// What a model says about a table.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Expected cases on no list.
    pub missing: f64,
    /// Variance of ln(missing).
    pub variance: f64,
    /// Expected counts by pattern; at place 0 what is missing.
    pub expected: Vec<f64>,
    /// Each effect, in the order of the frame's parameters.
    pub effects: Vec<f64>,
    /// Deviance from the table.
    pub deviance: f64,
    /// Observed patterns less parameters (also those at minus infinity, with their patterns).
    pub freedom: i64,
    /// Poisson log-likelihood, constants included.
    pub log_likelihood: f64,
}

/// f[w] becomes the sum over the patterns that contain w.
pub fn sum_supersets(values: &mut [f64]) {
    let mut bit = 1;
    while bit < values.len() {
        for w in 0..values.len() {
            if w & bit == 0 {
                values[w] += values[w | bit];
            }
        }
        bit <<= 1;
    }
}

/// f[w] becomes the sum over the patterns that are contained in w.
fn sum_subsets(values: &mut [f64]) {
    let mut bit = 1;
    while bit < values.len() {
        for w in 0..values.len() {
            if w & bit != 0 {
                values[w] += values[w ^ bit];
            }
        }
        bit <<= 1;
    }
}

/// Solves the symmetric system in place (Cholesky); `false` where it is singular. `a` is row after row, lower half used.
fn solve(a: &mut [f64], n: usize, b: &mut [f64]) -> bool {
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i * n + j];
            for k in 0..j {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if i == j {
                // Relative to the diagonal: an effect that others explain leaves nothing but rounding.
                if sum.is_nan() || sum <= a[i * n + i].abs() * 1e-13 || sum <= 0.0 {
                    return false;
                }
                a[i * n + i] = sum.sqrt();
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    }
    for i in 0..n {
        let mut sum = b[i];
        for k in 0..i {
            sum -= a[i * n + k] * b[k];
        }
        b[i] = sum / a[i * n + i];
    }
    for i in (0..n).rev() {
        let mut sum = b[i];
        for k in i + 1..n {
            sum -= a[k * n + i] * b[k];
        }
        b[i] = sum / a[i * n + i];
    }
    true
}

/// Fits where the checks are done. `fixed` holds ln(missing) at a value (for the profile); `start` begins from known
/// effects. `None` where Newton's method does not come to rest.
pub fn fit_framed(counts: &[f64], frame: &Frame, fixed: Option<f64>, start: Option<&[f64]>) -> Option<Fit> {
    let cells = counts.len();
    let skip = usize::from(fixed.is_some());
    let free = &frame.parameters[skip..];
    let n = free.len();
    let mut observed: Vec<f64> = (0..cells).map(|w| if frame.kept[w] { counts[w] } else { 0.0 }).collect();
    let saturated: f64 = observed.iter().map(|y| if *y > 0.0 { y * ln(*y) - y } else { 0.0 }).sum();
    let constants: f64 = (1..cells).filter(|w| frame.kept[*w]).map(|w| ln_factorial(counts[w])).sum();
    sum_supersets(&mut observed);

    let mut effects = match start {
        Some(known) => known.to_vec(),
        None => first_effects(counts, frame)?,
    };
    if let Some(value) = fixed {
        effects[0] = value;
    }
    let mut eta = vec![0.0; cells];
    let mut mean = vec![0.0; cells];
    // ln L without constants: Σ y·η − Σ μ, with Σ y·η from the effects and the observed sums.
    let mut evaluate = |effects: &[f64], mean: &mut Vec<f64>| -> f64 {
        eta.iter_mut().for_each(|value| *value = 0.0);
        let mut linear = 0.0;
        for (parameter, effect) in frame.parameters.iter().zip(effects) {
            eta[*parameter as usize] = *effect;
            linear += effect * observed[*parameter as usize];
        }
        sum_subsets(&mut eta);
        let mut total = 0.0;
        for w in 0..cells {
            mean[w] = if frame.kept[w] { exp(eta[w]) } else { 0.0 };
            total += mean[w];
        }
        linear - total
    };
    let mut likelihood = evaluate(&effects, &mut mean);
    let mut sums = vec![0.0; cells];
    let mut matrix = vec![0.0; n * n];
    let mut step = vec![0.0; n];
    let mut rested = false;
    for _ in 0..80 {
        sums.copy_from_slice(&mean);
        sum_supersets(&mut sums);
        for (i, a) in free.iter().enumerate() {
            step[i] = observed[*a as usize] - sums[*a as usize];
            for (j, b) in free.iter().enumerate().take(i + 1) {
                matrix[i * n + j] = sums[(a | b) as usize];
            }
        }
        let gradient = step.clone();
        if !solve(&mut matrix, n, &mut step) {
            return None;
        }
        let promise: f64 = gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
        if promise.is_nan() {
            return None;
        }
        let mut scale = 1.0;
        let before = effects.clone();
        loop {
            for i in 0..n {
                effects[i + skip] = before[i + skip] + scale * step[i];
            }
            let now = evaluate(&effects, &mut mean);
            if now.is_finite() && now >= likelihood - 1e-9 * likelihood.abs() {
                likelihood = now;
                break;
            }
            scale /= 2.0;
            if scale < 1e-10 {
                return None;
            }
        }
        if promise < 1e-10 {
            rested = true;
            break;
        }
    }
    if !rested || effects.iter().any(|effect| effect.is_nan() || effect.abs() > 60.0) {
        return None;
    }
    sums.copy_from_slice(&mean);
    sum_supersets(&mut sums);
    let variance = if skip == 1 {
        0.0
    } else {
        for (i, a) in free.iter().enumerate() {
            step[i] = f64::from(u8::from(i == 0));
            for (j, b) in free.iter().enumerate().take(i + 1) {
                matrix[i * n + j] = sums[(a | b) as usize];
            }
        }
        if !solve(&mut matrix, n, &mut step) {
            return None;
        }
        step[0]
    };
    let missing = exp(effects[0]);
    mean[0] = missing;
    Some(Fit {
        missing,
        variance,
        expected: mean,
        deviance: 2.0 * (saturated - likelihood),
        freedom: frame.freedom,
        log_likelihood: likelihood - constants,
        effects,
    })
}

/// Effects to begin with: least squares on ln(count + 0.1), weighted by the counts, as the first step of IRLS.
fn first_effects(counts: &[f64], frame: &Frame) -> Option<Vec<f64>> {
    let n = frame.parameters.len();
    let mut weight: Vec<f64> = (0..counts.len()).map(|w| if frame.kept[w] { counts[w] + 0.1 } else { 0.0 }).collect();
    let mut target: Vec<f64> = weight.iter().map(|m| if *m > 0.0 { m * ln(*m) } else { 0.0 }).collect();
    sum_supersets(&mut weight);
    sum_supersets(&mut target);
    let mut matrix = vec![0.0; n * n];
    let mut out: Vec<f64> = frame.parameters.iter().map(|a| target[*a as usize]).collect();
    for (i, a) in frame.parameters.iter().enumerate() {
        for (j, b) in frame.parameters.iter().enumerate().take(i + 1) {
            matrix[i * n + j] = weight[(a | b) as usize];
        }
    }
    solve(&mut matrix, n, &mut out).then_some(out)
}
