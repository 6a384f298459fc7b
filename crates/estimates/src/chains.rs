//! Whether chains of a simulation tell one story: R̂ and the effective number of draws (Gelman & Rubin 1992; Vehtari et al.
//! 2021, Bayesian Analysis 16:667–718, doi 10.1214/20-BA1221).

use crate::math::size;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / size(values.len())
}

fn variance(values: &[f64]) -> f64 {
    let middle = mean(values);
    values.iter().map(|x| (x - middle) * (x - middle)).sum::<f64>() / (size(values.len()) - 1.0)
}

/// Each chain cut in two: a chain that drifts differs from itself.
fn halves(chains: &[Vec<f64>]) -> Vec<&[f64]> {
    chains
        .iter()
        .flat_map(|chain| {
            let half = chain.len() / 2;
            [&chain[..half], &chain[half..2 * half]]
        })
        .collect()
}

/// The split R̂: how much wider all chains together are than each alone; 1 where they agree. Chains must be equally long.
pub fn r_hat(chains: &[Vec<f64>]) -> f64 {
    let parts = halves(chains);
    let n = size(parts.first().map_or(0, |part| part.len()));
    if n < 2.0 {
        return f64::INFINITY;
    }
    let within = mean(&parts.iter().map(|part| variance(part)).collect::<Vec<_>>());
    let means: Vec<f64> = parts.iter().map(|part| mean(part)).collect();
    let between = variance(&means);
    if within <= 0.0 {
        return if between > 0.0 { f64::INFINITY } else { 1.0 };
    }
    (((n - 1.0) / n * within + between) / within).sqrt()
}

/// How many independent draws these chains are worth (Geyer's initial monotone sequence over the split chains).
pub fn effective(chains: &[Vec<f64>]) -> f64 {
    let parts = halves(chains);
    let (m, n) = (size(parts.len()), parts.first().map_or(0, |part| part.len()));
    if n < 4 {
        return 0.0;
    }
    let within = mean(&parts.iter().map(|part| variance(part)).collect::<Vec<_>>());
    let means: Vec<f64> = parts.iter().map(|part| mean(part)).collect();
    let total = (size(n) - 1.0) / size(n) * within + variance(&means);
    if total <= 0.0 {
        return m * size(n);
    }
    let covariance = |lag: usize| {
        let of = |(part, middle): (&&[f64], &f64)| {
            let sum: f64 = part.iter().zip(&part[lag..]).map(|(a, b)| (a - middle) * (b - middle)).sum();
            sum / size(n)
        };
        parts.iter().zip(&means).map(of).sum::<f64>() / m
    };
    let correlation = |lag: usize| 1.0 - (within - covariance(lag)) / total;
    let (mut sum, mut last, mut lag) = (0.0, f64::INFINITY, 1);
    while lag + 1 < n {
        let pair = correlation(lag) + correlation(lag + 1);
        if pair <= 0.0 {
            break;
        }
        last = pair.min(last);
        sum += last;
        lag += 2;
    }
    m * size(n) / (1.0 + 2.0 * sum).max(1.0 / size(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn independent_draws_count_fully_and_chains_apart_are_seen() {
        let draw = |stream: u64, shift: f64| {
            let mut rng = Rng::new(7, stream);
            (0..1000).map(|_| rng.normal() + shift).collect::<Vec<f64>>()
        };
        let same: Vec<Vec<f64>> = (0..4).map(|c| draw(c, 0.0)).collect();
        assert!(r_hat(&same) < 1.01);
        assert!(effective(&same) > 3000.0);
        let apart: Vec<Vec<f64>> = (0..4).map(|c| draw(c, if c == 0 { 3.0 } else { 0.0 })).collect();
        assert!(r_hat(&apart) > 1.3);
        assert!(effective(&apart) < 100.0);
    }
}
