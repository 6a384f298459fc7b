//! A term of a vocabulary.

use std::fmt;

use crate::value::{Kind, ValueError};

/// A term, written `vocabulary:code`. Whether it exists is for the registry to say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub struct Term {
    /// The vocabulary's name: lower-case letters, digits and hyphens.
    pub vocabulary: String,
    /// The code: ASCII letters, digits, `.`, `_`, `-`.
    pub code: String,
}

impl Term {
    /// A term from its two halves.
    ///
    /// # Errors
    /// When either has characters that it cannot have.
    pub fn new(vocabulary: &str, code: &str) -> Result<Self, ValueError> {
        let given = || format!("{vocabulary}:{code}");
        if !is_vocabulary_name(vocabulary) {
            return Err(ValueError::new(
                Kind::Term,
                &given(),
                format!("“{vocabulary}” cannot be the name of a vocabulary"),
                "Write vocabulary:code, such as acts:arrest.",
            ));
        }
        if !is_code(code) {
            return Err(ValueError::new(
                Kind::Term,
                &given(),
                format!("“{code}” cannot be a code"),
                "A code has ASCII letters, digits, “.”, “_” and “-” only, such as acts:arrest.",
            ));
        }
        Ok(Self { vocabulary: vocabulary.to_owned(), code: code.to_owned() })
    }

    /// Reads `vocabulary:code`.
    ///
    /// # Errors
    /// When there is no colon, or a half cannot be.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text.trim().split_once(':') {
            Some((vocabulary, code)) => Self::new(vocabulary, code),
            None => Err(ValueError::new(
                Kind::Term,
                text,
                "the vocabulary is missing",
                "Write vocabulary:code, such as acts:arrest.",
            )),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.vocabulary, self.code)
    }
}

pub(crate) fn is_vocabulary_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(crate) fn is_code(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}
