//! Random numbers that are the same on every machine: xoshiro256++ (Blackman & Vigna 2021) and the draws made from it.

use crate::math::{exp, ln, ln_factorial, real, whole};

/// A generator. One is made for every chain and every resample, so that threads cannot change a result.
#[derive(Debug, Clone)]
pub struct Rng([u64; 4]);

impl Rng {
    /// The generator number `stream` of a seed; streams do not depend on each other.
    pub fn new(seed: u64, stream: u64) -> Self {
        // SplitMix64, as the authors of xoshiro advise for filling its state.
        let mut state = seed ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03).rotate_left(17);
        let mut next = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        };
        Self([next(), next(), next(), next()])
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Evenly between 0 and 1, never either.
    pub fn uniform(&mut self) -> f64 {
        (real(self.next() >> 12) + 0.5) / 4_503_599_627_370_496.0
    }

    /// Standard normal (Marsaglia's polar method; the second number is let go, so that no state is kept).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = u * u + v * v;
            if s < 1.0 && s > 0.0 {
                return u * (-2.0 * ln(s) / s).sqrt();
            }
        }
    }

    /// Gamma with this shape and scale 1 (Marsaglia & Tsang 2000), for shape ≥ 1.
    fn gamma_from_one(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            let u = self.uniform();
            if u < 1.0 - 0.0331 * x * x * x * x || ln(u) < 0.5 * x * x + d * (1.0 - v + ln(v)) {
                return d * v;
            }
        }
    }

    /// ln of a Gamma draw with this shape and scale 1; as a logarithm because a small shape draws numbers below `f64`.
    pub fn ln_gamma(&mut self, shape: f64) -> f64 {
        if shape >= 1.0 {
            return ln(self.gamma_from_one(shape));
        }
        let boosted = ln(self.gamma_from_one(shape + 1.0));
        boosted + ln(self.uniform()) / shape
    }

    /// Gamma with this shape and scale 1.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape >= 1.0 { self.gamma_from_one(shape) } else { exp(self.ln_gamma(shape)) }
    }

    /// A Beta draw and its complement, for shapes ≥ 1: both exact near their ends.
    pub fn beta(&mut self, a: f64, b: f64) -> (f64, f64) {
        let (x, y) = (self.gamma(a), self.gamma(b));
        (x / (x + y), y / (x + y))
    }

    /// ln V and ln(1 - V) of a Beta draw V, for any shapes.
    pub fn ln_beta(&mut self, a: f64, b: f64) -> (f64, f64) {
        let (x, y) = (self.ln_gamma(a), self.ln_gamma(b));
        let top = x.max(y);
        let sum = top + ln(exp(x - top) + exp(y - top));
        (x - sum, y - sum)
    }

    /// How many of n trials succeed, each with probability p.
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if n == 0 || p.is_nan() || p <= 0.0 {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        if real(n) * p < 10.0 { self.binomial_by_inversion(n, p) } else { self.binomial_by_rejection(n, p) }
    }

    fn binomial_by_inversion(&mut self, n: u64, p: f64) -> u64 {
        let (odds, trials) = (p / (1.0 - p), real(n));
        let none = exp(trials * libm::log1p(-p));
        loop {
            let (mut left, mut at, mut k) = (self.uniform(), none, 0_u64);
            while left > at && k <= n {
                left -= at;
                k += 1;
                at *= odds * (trials - real(k) + 1.0) / real(k);
            }
            if k <= n {
                return k;
            }
        }
    }

    /// Hörmann 1993, algorithm BTRS (transformed rejection with squeeze).
    fn binomial_by_rejection(&mut self, n: u64, p: f64) -> u64 {
        let trials = real(n);
        let sd = (trials * p * (1.0 - p)).sqrt();
        let b = 1.15 + 2.53 * sd;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let c = trials * p + 0.5;
        let v_r = 0.92 - 4.2 / b;
        let odds = p / (1.0 - p);
        let alpha = (2.83 + 5.1 / b) * sd;
        let m = ((trials + 1.0) * p).floor();
        loop {
            let (u, v) = (self.uniform() - 0.5, self.uniform());
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + c).floor();
            if us >= 0.07 && v <= v_r {
                return whole(k);
            }
            if k < 0.0 || k > trials {
                continue;
            }
            let v = ln(v * alpha / (a / (us * us) + b));
            let bound = ln_factorial(m) + ln_factorial(trials - m) - ln_factorial(k) - ln_factorial(trials - k)
                + (k - m) * ln(odds);
            if v <= bound {
                return whole(k);
            }
        }
    }

    /// A Poisson count with this mean: by multiplication below 10, above by Hörmann's PTRS (1993).
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean.is_nan() || mean <= 0.0 {
            return 0;
        }
        if mean < 10.0 {
            let (stop, mut product, mut k) = (exp(-mean), self.uniform(), 0);
            while product > stop {
                product *= self.uniform();
                k += 1;
            }
            return k;
        }
        let b = 0.931 + 2.53 * mean.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        let ln_mean = ln(mean);
        loop {
            let (u, v) = (self.uniform() - 0.5, self.uniform());
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= v_r {
                return whole(k);
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            if ln(v) + ln(inverse_alpha) - ln(a / (us * us) + b) <= k * ln_mean - mean - ln_factorial(k) {
                return whole(k);
            }
        }
    }

    /// Divides n things among as many boxes as there are weights (need not sum to 1); adds to `into`.
    pub fn multinomial(&mut self, n: u64, weights: &[f64], into: &mut [u64]) {
        let mut left = n;
        let mut total: f64 = weights.iter().sum();
        // Few things are thrown one by one, which is quicker than a binomial for each box.
        if n <= 12 && total > 0.0 {
            for _ in 0..n {
                let mut at = self.uniform() * total;
                let mut chosen = weights.len();
                for (index, weight) in weights.iter().enumerate() {
                    if *weight > 0.0 {
                        chosen = index;
                        at -= weight;
                        if at < 0.0 {
                            break;
                        }
                    }
                }
                if let Some(count) = into.get_mut(chosen) {
                    *count += 1;
                }
            }
            return;
        }
        for (weight, count) in weights.iter().zip(into.iter_mut()) {
            if left == 0 {
                return;
            }
            let drawn = if total > 0.0 { self.binomial(left, (weight / total).min(1.0)) } else { 0 };
            *count += drawn;
            left -= drawn;
            total -= weight;
        }
        // Rounding may leave some over: they belong to the heaviest box, or to the first where all weights are 0.
        if left > 0 {
            let mut best = 0;
            for (at, weight) in weights.iter().enumerate() {
                if *weight > weights[best] {
                    best = at;
                }
            }
            if let Some(count) = into.get_mut(best) {
                *count += left;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let values: Vec<f64> = (0..100_000).map(|_| draw()).collect();
        let mean = values.iter().sum::<f64>() / 100_000.0;
        (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 100_000.0)
    }

    #[track_caller]
    fn near(found: (f64, f64), mean: f64, variance: f64) {
        assert!((found.0 / mean - 1.0).abs() < 0.02, "mean {} is not {mean}", found.0);
        assert!((found.1 / variance - 1.0).abs() < 0.04, "variance {} is not {variance}", found.1);
    }

    #[test]
    fn draws_have_their_mean_and_variance() {
        let mut rng = Rng::new(1, 0);
        near(moments(|| real(rng.binomial(40, 0.1))), 4.0, 3.6);
        near(moments(|| real(rng.binomial(5000, 0.3))), 1500.0, 1050.0);
        near(moments(|| real(rng.binomial(5000, 0.9))), 4500.0, 450.0);
        near(moments(|| real(rng.poisson(3.0))), 3.0, 3.0);
        near(moments(|| real(rng.poisson(250.0))), 250.0, 250.0);
        near(moments(|| rng.gamma(0.4)), 0.4, 0.4);
        near(moments(|| rng.gamma(7.0)), 7.0, 7.0);
        near(moments(|| rng.beta(2.0, 3.0).0), 0.4, 0.04);
    }

    #[test]
    fn a_seed_gives_its_numbers_for_ever() {
        let mut rng = Rng::new(2020, 3);
        let first: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        let mut again = Rng::new(2020, 3);
        assert_eq!(first, (0..3).map(|_| again.next()).collect::<Vec<_>>());
        assert_ne!(first[0], Rng::new(2020, 4).next());
    }

    #[test]
    fn a_division_loses_nothing() {
        let mut rng = Rng::new(5, 0);
        let mut into = [0; 4];
        rng.multinomial(1000, &[0.1, 0.0, 3.0, 1e-300], &mut into);
        assert_eq!(into.iter().sum::<u64>(), 1000);
        assert_eq!(into[1], 0);
    }
}
