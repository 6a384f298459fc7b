//! What judgements teach: by how many bits the scores of this workspace stand too high or too low.

/// Spread of the offset before anything was judged, in bits: a handful of judgements moves it little, twenty move it well.
const SPREAD: f64 = 2.0;
/// Newton steps; the function is concave, and five come close enough.
const STEPS: usize = 25;

/// An offset to every weight, learnt from pairs that a person has judged: the most probable one under a logistic model with a normal
/// prior around nothing (J. Platt, “Probabilistic outputs for support vector machines”, 1999, with its slope held at one).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Learnt {
    /// Bits.
    pub offset: f64,
    /// Judgements on pairs that have a score.
    pub judgements: usize,
}

impl Learnt {
    /// From the weight of each judged pair, in bits, and whether it was judged the same.
    #[must_use]
    pub fn from(judged: Vec<(f64, bool)>) -> Learnt {
        let bits = std::f64::consts::LN_2;
        let mut offset = 0.0_f64;
        for _ in 0..STEPS {
            let (mut slope, mut curve) = (-offset / (SPREAD * SPREAD), -1.0 / (SPREAD * SPREAD));
            for (weight, same) in &judged {
                let p = probability(weight + offset);
                slope += bits * (f64::from(u8::from(*same)) - p);
                curve -= bits * bits * p * (1.0 - p);
            }
            offset -= slope / curve;
        }
        Learnt { offset, judgements: judged.len() }
    }

    /// The probability at this weight.
    #[must_use]
    pub fn probability(&self, weight: f64) -> f64 {
        probability(weight + self.offset)
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
        assert!(learnt.offset < -1.0, "{learnt:?}");
        assert!(learnt.probability(4.0) < probability(4.0));
    }

    #[test]
    fn what_was_foreseen_moves_little() {
        let learnt = Learnt::from(vec![(12.0, true), (-9.0, false), (10.0, true)]);
        assert!(learnt.offset.abs() < 0.1, "{learnt:?}");
    }
}
