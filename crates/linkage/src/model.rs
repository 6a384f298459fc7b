//! The model: how often each level occurs among pairs of the same person, and among pairs of
//! different persons of several kinds.
//!
//! Fellegi and Sunter (“A theory for record linkage”, JASA 1969) know two classes of pairs. Two
//! are too few where records are of events: persons of one event share place and day, relatives
//! among them the family name, and a mixture of two classes learns that they are one person. Here
//! the different pairs are a mixture themselves (see [`Class`]). The weight of a pair is
//! log₂ P(levels | same) ÷ P(levels | different) plus that of the prior; it is taken apart by the
//! chain rule, each comparison given those before it, so the parts add up to the whole exactly.

use crate::compare::{Comparer, Comparison, Role};
use crate::error::Error;

/// How many classes of pairs there are.
pub const CLASSES: usize = 6;

/// The classes of pairs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum Class {
    /// One person.
    Same = 0,
    /// Relatives: one event or household, and the family name is no chance.
    Kin = 1,
    /// Two persons of one event or household.
    Together = 2,
    /// Two persons whose names and places come from one region.
    Region = 3,
    /// Two persons of one name, and nothing else in common but by chance.
    Namesakes = 4,
    /// Two persons with nothing to do with each other.
    Apart = 5,
}

/// Numbers for each class.
pub type PerClass = [f64; CLASSES];

/// A trained model.
#[derive(Clone, Debug)]
pub struct Model {
    /// Names and levels of the comparisons.
    pub comparisons: Vec<Comparison>,
    /// Share of all pairs that are of each class.
    pub shares: PerClass,
    /// For each comparison and level its probability in each class, within the level's group.
    pub probabilities: Vec<Vec<PerClass>>,
    /// The same, each level divided by its greatest, for scoring.
    table: Vec<Vec<PerClass>>,
}

/// Which classes share their probabilities in a comparison of a role.
#[must_use]
pub const fn tied(role: Role) -> [usize; CLASSES] {
    match role {
        // What belongs to a person agrees by chance in all who are different.
        Role::Person => [0, 1, 1, 1, 1, 2],
        Role::Given => [0, 1, 1, 1, 2, 3],
        Role::Kin | Role::Whole => [0, 1, 2, 2, 3, 4],
        Role::Context => [0, 1, 1, 2, 3, 3],
        Role::Neutral => [0, 1, 1, 2, 2, 2],
    }
}

impl Model {
    /// A model of these parameters.
    #[must_use]
    pub fn new(comparisons: Vec<Comparison>, shares: PerClass, probabilities: Vec<Vec<PerClass>>) -> Self {
        let mut model = Self { comparisons, shares, probabilities, table: Vec::new() };
        model.tabulate();
        model
    }

    fn tabulate(&mut self) {
        let scaled = |p: &PerClass| {
            let most = p.iter().copied().fold(1e-30, f64::max);
            p.map(|x| (x / most).max(1e-9))
        };
        self.table = self.probabilities.iter().map(|levels| levels.iter().map(scaled).collect()).collect();
    }

    /// The two joint probabilities of a pattern, up to a common factor: same, and different.
    #[inline]
    #[must_use]
    pub fn joint(&self, level: impl Fn(usize) -> u8) -> (f64, f64) {
        let mut p = self.shares;
        for (k, table) in self.table.iter().enumerate() {
            let row = &table[level(k) as usize];
            for (x, y) in p.iter_mut().zip(row) {
                *x *= y;
            }
        }
        (p[0], p[1..].iter().sum())
    }

    /// Weight of a pattern in bits: log₂ of the odds that it is one person, prior included.
    #[inline]
    #[must_use]
    pub fn weight(&self, level: impl Fn(usize) -> u8) -> f64 {
        let (same, different) = self.joint(level);
        (same.max(1e-300) / different.max(1e-300)).log2()
    }

    /// The share of all pairs that are one person.
    #[must_use]
    pub const fn prior(&self) -> f64 {
        self.shares[0]
    }

    /// Where a pattern's weight comes from; the weights of the parts and that of the prior (the
    /// first part) sum to [`Model::weight`].
    #[must_use]
    pub fn explain(&self, levels: &[u8]) -> Vec<Explanation> {
        let mut p = self.shares;
        let other = |p: &PerClass| p[1..].iter().sum::<f64>().max(1e-300);
        let bits = |p: &PerClass| (p[0].max(1e-300) / other(p)).log2();
        let mut out = vec![Explanation {
            comparison: "before anything is compared".to_owned(),
            level: "two records of this table taken at random".to_owned(),
            m: p[0],
            u: other(&p),
            weight: bits(&p),
            rarity: 0.0,
        }];
        for (k, (comparison, &level)) in self.comparisons.iter().zip(levels).enumerate() {
            let (before, level) = (p, level as usize);
            let times = |q: &PerClass| {
                let mut p = before;
                for (x, y) in p.iter_mut().zip(q) {
                    *x *= y.max(1e-12);
                }
                p
            };
            p = times(&self.probabilities[k][level]);
            // The same, had it not been looked at how rare the value is.
            let mut whole = [0.0; CLASSES];
            for (other, q) in comparison.levels.iter().zip(&self.probabilities[k]) {
                if other.category == comparison.levels[level].category {
                    for (x, y) in whole.iter_mut().zip(q) {
                        *x += y;
                    }
                }
            }
            let plain = times(&whole);
            out.push(Explanation {
                comparison: comparison.name.clone(),
                level: comparison.levels[level].words.clone(),
                m: self.probabilities[k][level][0],
                u: other(&p) / other(&before),
                weight: bits(&p) - bits(&before),
                rarity: bits(&p) - bits(&plain),
            });
        }
        out
    }

    /// The parameters, for keeping and for reading again with [`Model::restore`].
    #[must_use]
    pub fn saved(&self) -> Saved {
        let levels = |c: &Comparison| c.levels.iter().map(|l| l.words.clone()).collect();
        Saved {
            shares: self.shares,
            comparisons: self
                .comparisons
                .iter()
                .zip(&self.probabilities)
                .map(|(c, p)| SavedComparison { name: c.name.clone(), levels: levels(c), probabilities: p.clone() })
                .collect(),
        }
    }

    /// A model from saved parameters, for a table with the same comparisons.
    ///
    /// # Errors
    /// When the table's comparisons or their levels are others than those that were trained.
    pub fn restore(comparisons: &[Comparison], saved: &Saved) -> Result<Self, Error> {
        let mut probabilities = Vec::new();
        for comparison in comparisons {
            let found = saved.comparisons.iter().find(|s| s.name == comparison.name).ok_or_else(|| {
                Error::Settings(format!(
                    "the saved model has no comparison “{}”; train it on this table",
                    comparison.name
                ))
            })?;
            if found.probabilities.len() != comparison.levels.len() {
                return Err(Error::Settings(format!(
                    "the saved model has {} levels for “{}” where this version has {}; train it again",
                    found.probabilities.len(),
                    comparison.name,
                    comparison.levels.len()
                )));
            }
            probabilities.push(found.probabilities.clone());
        }
        Ok(Self::new(comparisons.to_vec(), saved.shares, probabilities))
    }
}

/// One step of the waterfall.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Explanation {
    /// The comparison.
    pub comparison: String,
    /// The level, in words.
    pub level: String,
    /// How often this level is seen when the two are the same person.
    pub m: f64,
    /// How often it is seen when they are different persons for whom the comparisons before this
    /// one came out as they did.
    pub u: f64,
    /// Weight in bits: log₂ m ÷ u. Above 0 speaks for the same person.
    pub weight: f64,
    /// How much of the weight is due to how rare or common the value is.
    pub rarity: f64,
}

/// Parameters of a model, as kept.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Saved {
    /// Share of each class in all pairs: same, kin, together, region, namesakes, apart.
    pub shares: PerClass,
    /// The comparisons.
    pub comparisons: Vec<SavedComparison>,
}

/// Parameters of a comparison, as kept.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct SavedComparison {
    /// Its name.
    pub name: String,
    /// Its levels, in words.
    pub levels: Vec<String>,
    /// For each level its probability in each class, within the level's group.
    pub probabilities: Vec<PerClass>,
}

/// Probability of a weight.
#[must_use]
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// Weight of a probability.
#[must_use]
pub fn weight_of(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// Probabilities to begin with: those of *same* from the defaults, those of *different* from how
/// often each level was seen in `random` pairs.
#[must_use]
pub fn start(comparer: &Comparer, random: &[Vec<f64>]) -> Vec<Vec<PerClass>> {
    let mut out = Vec::new();
    for (comparison, seen) in comparer.comparisons.iter().zip(random) {
        let rows = comparer.rarities(comparison);
        let m = crate::defaults::same(comparison, rows.as_ref());
        let u = crate::defaults::different(comparison, seen, rows.as_ref());
        let tilted = crate::defaults::tilted(comparison, &u);
        let kin = crate::defaults::relatives(&tilted);
        let mut levels: Vec<PerClass> = (0..m.len())
            .map(|l| {
                let (m, u, v) = (m[l], u[l], tilted[l]);
                match comparison.role {
                    Role::Person | Role::Neutral => [m, v, v, v, v, u],
                    Role::Given => [m, v, v, v, m, u],
                    Role::Kin => [m, m, v, v, m, u],
                    Role::Whole => [m, kin.get(l).copied().unwrap_or(v), v, v, m, u],
                    Role::Context => [m, m, m, v, u, u],
                }
            })
            .collect();
        normalise(comparison, &mut levels);
        out.push(levels);
    }
    out
}

/// Makes the levels of each group sum to 1 in each class.
pub fn normalise(comparison: &Comparison, levels: &mut [PerClass]) {
    let groups = comparison.levels.iter().map(|l| l.group).max().unwrap_or(0);
    for group in 0..=groups {
        let mut sum = [0.0; CLASSES];
        for (level, p) in comparison.levels.iter().zip(levels.iter()) {
            if level.group == group {
                for (s, x) in sum.iter_mut().zip(p) {
                    *s += x;
                }
            }
        }
        for (level, p) in comparison.levels.iter().zip(levels.iter_mut()) {
            if level.group == group {
                for (x, s) in p.iter_mut().zip(&sum) {
                    *x /= s.max(1e-300);
                }
            }
        }
    }
}
