//! What judgements teach: whether the scores of this workspace stand too high or too low, and whether they spread too far.

/// Spread of the offset before anything was judged, in bits: a handful of judgements moves it little, twenty move it well.
const OFFSET_SPREAD: f64 = 2.0;
/// Spread of the slope around one: a few judgements leave it there.
const SLOPE_SPREAD: f64 = 0.15;
/// Newton steps; the function is concave, and a dozen come close enough.
const STEPS: usize = 40;

/// Weights moved by what a person has judged: `slope` × weight + `offset`, the most probable under a logistic model with a normal prior
/// around leaving them alone (J. Platt, “Probabilistic outputs for support vector machines”, 1999).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learnt {
    /// Bits.
    pub offset: f64,
    /// Without one, judgements on many look-alikes of low weight would lower the high weights as well.
    pub slope: f64,
    /// Judgements on pairs that have a score.
    pub judgements: usize,
}

impl Default for Learnt {
    fn default() -> Self {
        Learnt { offset: 0.0, slope: 1.0, judgements: 0 }
    }
}

impl Learnt {
    /// From the weight of each judged pair, in bits, and whether it was judged the same.
    #[must_use]
    pub fn from(judged: Vec<(f64, bool)>) -> Learnt {
        let bits = std::f64::consts::LN_2;
        let (mut offset, mut slope) = (0.0_f64, 1.0_f64);
        for _ in 0..STEPS {
            let (o, s) = (OFFSET_SPREAD.powi(2), SLOPE_SPREAD.powi(2));
            // The gradient, and the (negative) matrix of second derivatives.
            let (mut by_offset, mut by_slope) = (-offset / o, (1.0 - slope) / s);
            let (mut oo, mut os, mut ss) = (1.0 / o, 0.0, 1.0 / s);
            for (weight, same) in &judged {
                let p = probability(slope * weight + offset);
                let left = bits * (f64::from(u8::from(*same)) - p);
                let curve = bits * bits * p * (1.0 - p);
                by_offset += left;
                by_slope += left * weight;
                oo += curve;
                os += curve * weight;
                ss += curve * weight * weight;
            }
            let determinant = oo * ss - os * os;
            // Held back, so that no step leaves what the priors hold possible.
            offset += ((ss * by_offset - os * by_slope) / determinant).clamp(-2.0, 2.0);
            slope = (slope + ((oo * by_slope - os * by_offset) / determinant).clamp(-0.5, 0.5)).clamp(0.1, 4.0);
        }
        Learnt { offset, slope, judgements: judged.len() }
    }

    /// The weight as it was moved, in bits.
    #[must_use]
    pub fn weight(&self, weight: f64) -> f64 {
        self.slope * weight + self.offset
    }

    /// The probability at this weight.
    #[must_use]
    pub fn probability(&self, weight: f64) -> f64 {
        probability(self.weight(weight))
    }
}

/// From bits of evidence to a probability.
fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_judged_moves_nothing() {
        assert_eq!(Learnt::from(Vec::new()), Learnt::default());
    }

    #[test]
    fn look_alikes_judged_different_lower_the_scores() {
        let learnt = Learnt::from(vec![(4.0, false), (5.0, false), (3.0, false), (9.0, true)]);
        assert!(learnt.probability(4.0) < 0.8 * probability(4.0), "{learnt:?}");
        assert!(learnt.probability(9.0) > 0.9, "{learnt:?}");
    }

    #[test]
    fn what_was_foreseen_moves_little() {
        let learnt = Learnt::from(vec![(12.0, true), (-9.0, false), (10.0, true)]);
        assert!((learnt.probability(0.0) - 0.5).abs() < 0.02 && (learnt.slope - 1.0).abs() < 0.1, "{learnt:?}");
    }

    #[test]
    fn many_look_alikes_do_not_hide_who_is_the_same() {
        let mut judged = vec![(0.0, false); 60];
        judged.extend(vec![(5.0, true); 30]);
        let learnt = Learnt::from(judged);
        assert!(learnt.probability(0.0) < 0.1 && learnt.probability(5.0) > 0.85, "{learnt:?}");
    }
}
