//! The functions of mathematics that the methods share. All go through `libm`, whose answers are the same on every
//! machine, because the same table and seed must give the same bits everywhere.

/// e to the power x.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln Γ(x), for x > 0.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ln of n factorial.
pub fn ln_factorial(n: f64) -> f64 {
    ln_gamma(n + 1.0)
}

/// A count as a number to reckon with; exact below 2⁵³.
#[allow(clippy::cast_precision_loss)]
pub fn real(n: u64) -> f64 {
    n as f64
}

/// A length as a number to reckon with.
#[allow(clippy::cast_precision_loss)]
pub fn size(n: usize) -> f64 {
    n as f64
}

/// A number cut down to a whole one; negative and NaN → 0, too large → the largest.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn whole(x: f64) -> u64 {
    x as u64
}

/// As [`whole`], for a place in a list.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn place(x: f64) -> usize {
    x as usize
}

/// Φ(z), the standard normal distribution function.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The z with Φ(z) = p; p outside (0, 1) gives the infinity on that side.
///
/// Acklam's rational approximation with one step of Halley's method: accurate to about 1e-15.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    const A: [f64; 6] = [
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.38357751867269e+02,
        -3.066479806614716e+01,
        2.506628277459239e+00,
    ];
    const B: [f64; 5] = [
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00,
    ];
    const D: [f64; 4] = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00];
    let horner = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let tail = |p: f64| {
        let q = (-2.0 * ln(p)).sqrt();
        horner(&C, q) / (horner(&D, q) * q + 1.0)
    };
    let z = if p < 0.02425 {
        tail(p)
    } else if p > 1.0 - 0.02425 {
        -tail(1.0 - p)
    } else {
        let (q, r) = (p - 0.5, (p - 0.5) * (p - 0.5));
        horner(&A, r) * q / (horner(&B, r) * r + 1.0)
    };
    let error = normal_cdf(z) - p;
    let step = error * (2.0 * std::f64::consts::PI).sqrt() * exp(z * z / 2.0);
    z - step / (1.0 + z * step / 2.0)
}

/// The smaller one-sided tail of a Poisson count, as a logarithm: ln min(P(X ≤ k), P(X ≥ k)) for X with this mean.
///
/// As a logarithm because two strong dependences must still be told apart where the probability itself is 0 in `f64`.
pub fn ln_poisson_tail(k: u64, mean: f64) -> f64 {
    let k = real(k);
    if mean <= 0.0 {
        return if k == 0.0 { 0.0 } else { f64::NEG_INFINITY };
    }
    let at_k = k * ln(mean) - mean - ln_factorial(k);
    let (mut sum, mut term) = (1.0, 1.0);
    if k >= mean {
        let mut next = k + 1.0;
        while term > sum * 1e-17 {
            term *= mean / next;
            sum += term;
            next += 1.0;
        }
    } else {
        let mut last = k;
        while last > 0.0 && term > sum * 1e-17 {
            term *= last / mean;
            sum += term;
            last -= 1.0;
        }
    }
    (at_k + ln(sum)).min(0.0)
}

/// The quantile of sorted values, between neighbours in a straight line (R's type 7). Empty → NaN.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = size(last) * p.clamp(0.0, 1.0);
    let below = place(at).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (at - size(below))
}

/// The quantile of sorted values, about the median of where it would fall in other samples (R's type 8; Hyndman & Fan 1996,
/// American Statistician 50:361–365, doi 10.1080/00031305.1996.10473566). Empty → NaN.
pub fn median_unbiased_quantile(sorted: &[f64], p: f64) -> f64 {
    let n = size(sorted.len());
    // As a place among n values for the quantile above: p·n + (p + 1)/3, counted from 1.
    let at = (n * p + (p + 1.0) / 3.0 - 1.0).clamp(0.0, (n - 1.0).max(0.0));
    quantile(sorted, if n > 1.0 { at / (n - 1.0) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_normal() {
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((normal_quantile(0.001) + 3.090_232_306_167_813).abs() < 1e-12);
        assert!((normal_cdf(normal_quantile(0.3)) - 0.3).abs() < 1e-14);
    }

    #[test]
    fn poisson_tails() {
        // P(X ≤ 0) = e^-3; P(X ≥ 2) for mean 1 = 1 - 2/e.
        assert!((ln_poisson_tail(0, 3.0) + 3.0).abs() < 1e-12);
        assert!((exp(ln_poisson_tail(2, 1.0)) - (1.0 - 2.0 / std::f64::consts::E)).abs() < 1e-12);
        assert!(ln_poisson_tail(5000, 3.0) < -30_000.0);
    }

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        assert!((quantile(&[1.0, 2.0, 4.0], 0.75) - 3.0).abs() < 1e-12);
        assert!(quantile(&[], 0.5).is_nan());
        // R: quantile(c(1, 2, 4), c(0.25, 0.75), type = 8) gives 1.1667 and 3.6667.
        let of_three = |p| median_unbiased_quantile(&[1.0, 2.0, 4.0], p);
        assert!((of_three(0.25) - 1.166_667).abs() < 1e-6 && (of_three(0.75) - 3.666_667).abs() < 1e-6);
        assert!(median_unbiased_quantile(&[], 0.5).is_nan());
    }
}
