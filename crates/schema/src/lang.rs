//! The language of a text: a BCP 47 tag.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A language tag (BCP 47, RFC 5646): `km`, `en-GB`, `sr-Latn`.
///
/// The form is checked and the recommended letter case applied (RFC 5646 §2.1.1); subtags are
/// not looked up in the IANA registry, so that a language it learns tomorrow is not refused.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lang(String);

/// A text that is no language tag.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{0}” is not a language tag; write a BCP 47 tag such as km, en or fr (und if it is not known)")]
pub struct LangError(pub String);

impl Lang {
    /// Reads a tag.
    ///
    /// # Errors
    /// [`LangError`] when the form is not that of RFC 5646 §2.1 (language, script, region,
    /// variants, extensions, private use).
    pub fn new(tag: &str) -> Result<Self, LangError> {
        let refuse = || LangError(tag.chars().take(40).collect());
        if tag.is_empty() || tag.len() > 64 {
            return Err(refuse());
        }
        let mut out = String::with_capacity(tag.len());
        // After a single-letter subtag (extension or private use) nothing is recased.
        let mut extension = false;
        for (i, subtag) in tag.split('-').enumerate() {
            let letters = subtag.bytes().all(|b| b.is_ascii_alphabetic());
            if subtag.is_empty()
                || subtag.len() > 8
                || !subtag.bytes().all(|b| b.is_ascii_alphanumeric())
                || (i == 0 && !(letters && (2..=8).contains(&subtag.len()) && subtag.len() != 4))
            {
                return Err(refuse());
            }
            if i > 0 {
                out.push('-');
                if subtag.len() == 1 {
                    extension = true;
                }
            }
            let lower = subtag.to_ascii_lowercase();
            if i > 0 && !extension && letters && subtag.len() == 2 {
                out.push_str(&lower.to_ascii_uppercase());
            } else if i > 0 && !extension && letters && subtag.len() == 4 {
                let (first, rest) = lower.split_at(1);
                out.push_str(&first.to_ascii_uppercase());
                out.push_str(rest);
            } else {
                out.push_str(&lower);
            }
        }
        if tag.rsplit('-').next().is_some_and(|last| last.len() == 1) {
            return Err(refuse());
        }
        Ok(Self(out))
    }

    /// The tag as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone: `en` of `en-GB`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Lang {
    type Err = LangError;

    fn from_str(tag: &str) -> Result<Self, LangError> {
        Self::new(tag)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn case_is_put_right() {
        for (given, right) in [("KM", "km"), ("en-gb", "en-GB"), ("SR-latn-rs", "sr-Latn-RS")] {
            assert_eq!(Lang::new(given).unwrap().as_str(), right);
        }
        assert_eq!(Lang::new("en-GB").unwrap().language(), "en");
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for given in ["", "e", "english please", "km_KH", "-km", "km-", "en-x", "ភាសា"] {
            assert!(Lang::new(given).is_err(), "{given}");
        }
    }
}
