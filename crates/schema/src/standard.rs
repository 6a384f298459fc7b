//! How well a claim is established, and how well it must be to count.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::nearest::did_you_mean;
use crate::schemata::Label;

/// The ladder of verification, lowest first, and its three side states.
///
/// Unverified → partially corroborated → corroborated → verified (meets the chosen standard,
/// approved by a second person). Contradicted, withdrawn and false stand beside the ladder,
/// below it when a value is chosen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verification {
    /// Taken back by whoever said it.
    Withdrawn,
    /// Found to be untrue.
    False,
    /// Better sources say otherwise.
    Contradicted,
    /// Nobody has looked yet: what every claim is at first.
    Unverified,
    /// Supported in part, or by one more source only.
    PartiallyCorroborated,
    /// Supported by independent sources.
    Corroborated,
    /// Meets reasonable grounds to believe, and a second person approved.
    Verified,
}

impl Verification {
    /// All states, lowest first.
    pub const ALL: [Self; 7] = [
        Self::Withdrawn,
        Self::False,
        Self::Contradicted,
        Self::Unverified,
        Self::PartiallyCorroborated,
        Self::Corroborated,
        Self::Verified,
    ];

    /// The code in vocabulary `verification` and in files: `partially-corroborated`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::False => "false",
            Self::Contradicted => "contradicted",
            Self::Unverified => "unverified",
            Self::PartiallyCorroborated => "partially-corroborated",
            Self::Corroborated => "corroborated",
            Self::Verified => "verified",
        }
    }

    /// 0 (withdrawn) to 6 (verified): of two values, the higher is preferred.
    #[must_use]
    pub const fn rank(self) -> u8 {
        self as u8
    }

    /// Whether a claim in this state counts under a standard.
    ///
    /// Withdrawn and false never count; contradicted counts only where every allegation does.
    #[must_use]
    pub fn counts_under(self, standard: &Standard) -> bool {
        match self {
            Self::Withdrawn | Self::False => false,
            Self::Contradicted => standard.minimum <= Self::Unverified,
            _ => self >= standard.minimum,
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no state of verification.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{given}” is not a state of verification. {hint}")]
pub struct UnknownVerification {
    /// What was given.
    pub given: String,
    /// What would be right.
    pub hint: String,
}

impl FromStr for Verification {
    type Err = UnknownVerification;

    fn from_str(text: &str) -> Result<Self, UnknownVerification> {
        let wanted = text.trim().to_lowercase().replace([' ', '_'], "-");
        Self::ALL.into_iter().find(|v| v.as_str() == wanted).ok_or_else(|| UnknownVerification {
            given: text.to_owned(),
            hint: did_you_mean(
                &wanted,
                Self::ALL.map(Self::as_str),
                "Write one of: withdrawn, false, contradicted, unverified, \
                     partially-corroborated, corroborated, verified.",
            ),
        })
    }
}

/// A standard of proof: which claims count.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Standard {
    /// `reasonable-grounds`.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// The lowest state of verification that counts.
    pub minimum: Verification,
    /// What it asks, in a sentence or two.
    pub description: String,
    /// Where it comes from.
    pub source: String,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn standard(minimum: Verification) -> Standard {
        Standard {
            name: String::new(),
            label: Label::default(),
            minimum,
            description: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn what_counts_under_which_standard() {
        let all = standard(Verification::Unverified);
        let grounds = standard(Verification::Verified);
        assert!(Verification::Unverified.counts_under(&all));
        assert!(Verification::Contradicted.counts_under(&all));
        assert!(!Verification::False.counts_under(&all));
        assert!(!Verification::Corroborated.counts_under(&grounds));
        assert!(Verification::Verified.counts_under(&grounds));
    }

    #[test]
    fn written_and_read_back() {
        for state in Verification::ALL {
            assert_eq!(state.as_str().parse::<Verification>().unwrap(), state);
        }
        let error = "corroborate".parse::<Verification>().unwrap_err();
        assert_eq!(error.hint, "Did you mean “corroborated”?");
    }
}
