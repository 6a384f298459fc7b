//! Records of a program: train, score, explain, propose, cluster.

use serde_json::{Value, json};

use crate::cluster::{Bounds, Clusters, Judged, Link};
use crate::engine::{Clock, Ready, expected_best};
use crate::error::Error;
use crate::model::{Explanation, Model, Saved, probability, weight_of};
use crate::pairs::levels_of;
use crate::settings::Settings;
use crate::table::Table;

/// The score of a pair.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Scored {
    /// Weight in bits, log₂ of the odds that the two are one person, the prior included.
    pub weight: f64,
    /// The same as a probability.
    pub probability: f64,
    /// Where it comes from; the weights sum to [`Scored::weight`].
    pub explanation: Vec<Explanation>,
}

/// A blocking rule with its pairs.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RulePairs {
    /// The rule, as in settings.
    pub rule: String,
    /// Pairs that it gives, known before any is made.
    pub pairs: u64,
}

/// A table with a trained model.
pub struct Linkage<'a> {
    ready: Ready<'a>,
    model: Model,
    settings: Settings,
}

impl<'a> Linkage<'a> {
    /// Blocks a table and trains a model on it.
    ///
    /// # Errors
    /// When nothing can be compared, a rule is not understood, or a block is too big.
    pub fn train(table: &'a Table, settings: &Settings) -> Result<Self, Error> {
        let mut clock = Clock::start();
        let ready = Ready::new(table, settings, &mut clock)?;
        let model = ready.train(settings, &mut clock).model;
        Ok(Self { ready, model, settings: settings.clone() })
    }

    /// Blocks a table and takes a model that was trained before.
    ///
    /// # Errors
    /// As [`Linkage::train`], and when the model was trained on other comparisons.
    pub fn with_model(table: &'a Table, settings: &Settings, saved: &Saved) -> Result<Self, Error> {
        let ready = Ready::new(table, settings, &mut Clock::start())?;
        let model = Model::restore(&ready.comparer.comparisons, saved)?;
        Ok(Self { ready, model, settings: settings.clone() })
    }

    /// The model.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// The rules with the pairs that each gives.
    #[must_use]
    pub fn blocking(&self) -> Vec<RulePairs> {
        let each = self.ready.rules.iter().zip(&self.ready.blocks);
        each.map(|(rule, blocks)| RulePairs { rule: rule.to_string(), pairs: blocks.pairs }).collect()
    }

    /// Whether any rule makes two rows a pair.
    #[must_use]
    pub fn is_candidate(&self, a: u32, b: u32) -> bool {
        self.ready.keys.first_rule(a, b).is_some()
    }

    /// The score of two rows, whether or not a rule makes them a pair. Symmetric.
    #[must_use]
    pub fn score(&self, a: u32, b: u32) -> Scored {
        let mut levels = vec![0u8; self.model.comparisons.len()];
        levels_of(&self.ready.comparer, &[(a.min(b), a.max(b))], &mut |batch| {
            for (to, from) in levels.iter_mut().zip(batch.levels) {
                *to = from.first().copied().unwrap_or(0);
            }
        });
        let weight = self.model.weight(|k| levels[k]);
        Scored { weight, probability: probability(weight), explanation: self.model.explain(&levels) }
    }

    /// Weights of many pairs of rows.
    #[must_use]
    pub fn weights(&self, pairs: &[(u32, u32)]) -> Vec<f32> {
        self.ready.weights(&self.model, pairs)
    }

    /// All pairs of at least this probability, in a fixed order.
    #[must_use]
    pub fn candidates(&self, least: f64) -> Vec<Link> {
        let (mut links, _) = self.ready.score(&self.model, least);
        links.sort_by_key(|l| (l.a, l.b));
        links
    }

    /// The weight from which on to propose: that of the settings, or the one at which the model
    /// itself expects the highest F1. `links` are those of [`Linkage::candidates`] from a low
    /// probability (0.01) on.
    #[must_use]
    pub fn threshold(&self, links: &[Link]) -> f32 {
        match self.settings.threshold {
            Some(p) => weight_of(p) as f32,
            None => expected_best(links, self.model.prior() * self.ready.all_pairs()),
        }
    }

    /// Clusters of rows, with what people judged: *same* is transitive, *different* never joined.
    ///
    /// # Errors
    /// When judgements contradict each other.
    pub fn cluster(&self, links: &[Link], threshold: f32, judged: Judged<'_>) -> Result<Clusters, Error> {
        self.ready.cluster(&self.model, links, Bounds::of(threshold), judged)
    }

    /// The parameters in the shape of the report: for each comparison its levels with m and u.
    #[must_use]
    pub fn parameters(&self) -> Value {
        let comparisons = self.model.comparisons.iter().zip(&self.model.probabilities).map(|(c, levels)| {
            let levels = c.levels.iter().zip(levels).filter(|(l, _)| l.group > 0);
            let levels = levels.map(|(l, p)| json!({"level": l.words, "m_probability": p[0], "u_probability": p[5]}));
            json!({"comparison": c.name, "levels": levels.collect::<Vec<_>>()})
        });
        json!({"probability_two_random_records_match": self.model.prior(), "comparisons": comparisons.collect::<Vec<_>>()})
    }
}
