//! What can be set, with the defaults.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::table::Kind;

/// Settings of a linkage, as read from TOML.
///
/// ```toml
/// threshold = 0.9            # probability; left out, it is chosen from the data
/// rules = ["names", "family + place", "birth + place"]
/// max_block_pairs = 200000000
/// [columns]
/// nom = "family_name"
/// ```
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Columns by header, where they are not recognised rightly.
    pub columns: BTreeMap<String, Kind>,
    /// Blocking rules; empty for those that fit the columns.
    pub rules: Vec<String>,
    /// Probability from which on two records are proposed as one person.
    pub threshold: Option<f64>,
    /// Most pairs of one block.
    pub max_block_pairs: u64,
    /// Most pairs of all rules.
    pub max_pairs: u64,
    /// About so many pairs of blocks are looked at for training.
    pub training_pairs: u64,
    /// So many random pairs are looked at for training; left out, 600,000, and six for ten rows of a
    /// larger table: the more rows, the rarer the agreements that strangers have by chance.
    pub random_pairs: Option<u64>,
    /// Seed of the random pairs.
    pub seed: u64,
    /// Pairs of at least this probability are kept.
    pub keep: f64,
    /// Threads; 0 for as many as there are cores.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            columns: BTreeMap::new(),
            rules: Vec::new(),
            threshold: None,
            max_block_pairs: 200_000_000,
            max_pairs: 20_000_000_000,
            training_pairs: 4_000_000,
            random_pairs: None,
            seed: 1,
            keep: 0.01,
            threads: 0,
        }
    }
}

impl Settings {
    /// Reads settings.
    ///
    /// # Errors
    /// When the text is not TOML, names something that does not exist (line and column are told), or
    /// contradicts itself.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let settings: Self = toml::from_str(text).map_err(|e| Error::Settings(e.to_string()))?;
        settings.check()?;
        Ok(settings)
    }

    /// What contradicts itself is told before anything is read.
    fn check(&self) -> Result<(), Error> {
        let between = |name: &str, p: f64| {
            let fine = p > 0.0 && p < 1.0;
            let what = || Error::Settings(format!("{name} = {p}: a probability lies between 0 and 1, such as 0.9"));
            fine.then_some(()).ok_or_else(what)
        };
        between("keep", self.keep)?;
        if let Some(threshold) = self.threshold {
            between("threshold", threshold)?;
            if threshold < self.keep {
                return Err(Error::Settings(format!(
                    "threshold = {threshold} is lower than keep = {}, below which no pair is kept; lower keep or raise threshold",
                    self.keep
                )));
            }
        }
        for (n, rule) in self.rules.iter().enumerate() {
            if rule.trim().is_empty() {
                return Err(Error::Settings(format!(
                    "blocking rule {} of {} is empty; write its parts, such as \"family + place\", or take it out",
                    n + 1,
                    self.rules.len()
                )));
            }
            if self.rules[..n].iter().any(|other| other.trim() == rule.trim()) {
                return Err(Error::Settings(format!("blocking rule “{rule}” stands there twice; take one out")));
            }
            if rule.trim() == "all" && self.rules.len() > 1 {
                return Err(Error::Settings(
                    "blocking rule “all” makes every pair by itself; take it out, or the others".to_owned(),
                ));
            }
        }
        Ok(())
    }

    /// How many random pairs to look at in a table of so many rows.
    #[must_use]
    pub fn random_pairs(&self, rows: usize) -> u64 {
        self.random_pairs.unwrap_or_else(|| (rows as u64 / 10 * 6).max(600_000))
    }

    /// How many threads to use.
    #[must_use]
    pub fn threads(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            n => n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_pairs_grow_with_the_rows_unless_somebody_has_said() {
        let of = |rows| Settings::default().random_pairs(rows);
        assert_eq!((of(100), of(1_000_000), of(10_000_000)), (600_000, 600_000, 6_000_000));
        assert_eq!(Settings { random_pairs: Some(9), ..Settings::default() }.random_pairs(10_000_000), 9);
    }
}
