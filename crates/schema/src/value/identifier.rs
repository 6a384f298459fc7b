//! Numbers and symbols that somebody issued.

use crate::fold::fold;
use crate::value::text::clean;
use crate::value::{Agreement, Kind, ValueError};

/// The schemes that may stand before the colon. Anything else before a colon is part of the
/// identifier itself.
const SCHEMES: [&str; 13] = [
    "un-symbol",        // document symbols of the United Nations: A/HRC/51/66
    "un-communication", // communications of special procedures: KHM 3/2020
    "wgad-opinion",     // opinions of the Working Group on Arbitrary Detention: 9/2018
    "court-case",
    "law-number", // NS/RKM/1109/022
    "registration",
    "doi",
    "isbn",
    "issn",
    "lei",
    "orcid",
    "wikidata",
    "huridocs",
];

/// An identifier, perhaps with the scheme that issued it: `un-symbol:A/HRC/51/66`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub struct Identifier {
    /// One of a small list of schemes.
    pub scheme: Option<String>,
    /// The number or symbol as written.
    pub value: String,
}

impl Identifier {
    /// Reads `scheme:value` or a bare value.
    ///
    /// # Errors
    /// When nothing follows the scheme, it is longer than a line, or it has control characters.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = clean(Kind::Identifier, text)?;
        if text.contains('\n') {
            return Err(ValueError::new(
                Kind::Identifier,
                &text,
                "an identifier stands on one line",
                "Write the number or symbol alone; words about it go in a note.",
            ));
        }
        if let Some((scheme, value)) = text.split_once(':')
            && SCHEMES.contains(&scheme)
        {
            let value = value.trim();
            if value.is_empty() {
                return Err(ValueError::new(
                    Kind::Identifier,
                    &text,
                    format!("nothing follows “{scheme}:”"),
                    "Write the number or symbol after the colon.",
                ));
            }
            return Ok(Self { scheme: Some(scheme.to_owned()), value: value.to_owned() });
        }
        Ok(Self { scheme: None, value: text })
    }

    /// `scheme:value`, or the bare value.
    #[must_use]
    pub fn canonical(&self) -> String {
        match &self.scheme {
            Some(scheme) => format!("{scheme}:{}", self.value),
            None => self.value.clone(),
        }
    }

    pub(super) fn sort_text(&self) -> String {
        fold(&self.value)
    }

    /// The same symbol, letter case aside. A thing may have several identifiers, so only two of
    /// one scheme contradict each other.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        let same_value = fold(&self.value) == fold(&other.value);
        match (&self.scheme, &other.scheme) {
            (a, b) if a == b && same_value => Agreement::Same,
            (Some(_), None) if same_value => Agreement::MorePrecise,
            (None, Some(_)) if same_value => Agreement::LessPrecise,
            (Some(a), Some(b)) if a == b => Agreement::Different,
            _ => Agreement::Compatible,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_scheme_is_one_of_the_list() {
        let symbol = Identifier::parse("un-symbol: A/HRC/51/66").unwrap();
        assert_eq!(symbol.canonical(), "un-symbol:A/HRC/51/66");
        let bare = Identifier::parse("Ministry: 12/3").unwrap();
        assert_eq!((bare.scheme, bare.value.as_str()), (None, "Ministry: 12/3"));
        assert!(Identifier::parse("doi: ").is_err());
    }

    #[test]
    fn the_same_symbol_without_its_scheme_says_less() {
        let symbol = Identifier::parse("un-symbol:A/HRC/51/66").unwrap();
        let bare = Identifier::parse("a/hrc/51/66").unwrap();
        assert_eq!(bare.agreement(&symbol), Agreement::LessPrecise);
    }
}
