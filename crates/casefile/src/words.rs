//! Quoted words, found in a source's text; and which of several occurrences of the same words they are.
//!
//! Where they stand is the question of [`workspace::locate`] and [`workspace::span`], which forms use too.

use ledger::{Locator, ObjectHash};

/// Which of the places where the words occur is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// The words, exactly as in the text.
    pub exact: String,
    /// The text just before them.
    pub prefix: Option<String>,
    /// The text just after them.
    pub suffix: Option<String>,
    /// The how-manieth occurrence, from 1, among those with that prefix and suffix.
    pub occurrence: Option<usize>,
}

/// What is wrong, and what would be right.
pub(crate) type Trouble = (String, String);

/// Finds the one place that is meant.
///
/// # Errors
/// When the words do not occur, occur more than once without saying which, or not where prefix, suffix or occurrence say.
pub(crate) fn find(text: &str, object: ObjectHash, quote: &Quote) -> Result<Locator, Trouble> {
    workspace::locate(text, object, &quote.exact, quote.prefix.as_deref(), quote.suffix.as_deref(), quote.occurrence)
        .map_err(told)
}

/// The words between two positions.
///
/// # Errors
/// When the span is empty or goes past the end of the text.
pub(crate) fn at_span(text: &str, object: ObjectHash, start: u64, end: u64) -> Result<Locator, Trouble> {
    workspace::span(text, object, start, end).map_err(told)
}

/// The how-manieth occurrence of its words in the text a locator stands at, from 1; 1 where that cannot be said.
pub(crate) fn nth(text: &str, locator: &Locator) -> usize {
    let Some(start) = locator.start.and_then(|start| usize::try_from(start).ok()) else { return 1 };
    let Some(step) = locator.exact.chars().next().map(char::len_utf8) else { return 1 };
    let byte = text.char_indices().nth(start).map_or(text.len(), |(byte, _)| byte);
    let mut before = 0;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(&locator.exact)).filter(|at| from + at < byte) {
        before += 1;
        from += at + step;
    }
    before + 1
}

fn told(error: workspace::Error) -> Trouble {
    let hint = error.hint().unwrap_or_default().to_owned();
    (error.to_string(), hint)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ledger::Digest;
    use proptest::prelude::*;

    const OBJECT: Digest = Digest([1; 32]);

    fn quote(exact: &str, occurrence: usize) -> Quote {
        Quote { exact: exact.into(), occurrence: Some(occurrence), ..Quote::default() }
    }

    #[test]
    fn occurrences_are_counted_as_they_are_asked_for() {
        let text = "រ៉ុង ឈុន was arrested. រ៉ុង ឈុន was convicted.";
        for n in 1..=2 {
            assert_eq!(nth(text, &find(text, OBJECT, &quote("រ៉ុង ឈុន", n)).unwrap()), n);
        }
        assert_eq!(nth("aaa", &find("aaa", OBJECT, &quote("aa", 2)).unwrap()), 2, "also where they overlap");
    }

    proptest! {
        #[test]
        fn a_span_is_found_again_by_its_words_and_their_number(text in "[ab រុ]{1,40}", start in 0u64..40, length in 1u64..6) {
            if let Ok(locator) = at_span(&text, OBJECT, start, start + length) {
                let n = nth(&text, &locator);
                if let Ok(again) = find(&text, OBJECT, &quote(&locator.exact, n)) {
                    prop_assert_eq!(again, locator);
                }
            }
        }
    }
}
