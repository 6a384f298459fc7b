//! Words in a text: where they stand, said so that they are found again (W3C Web Annotation: text-quote and text-position
//! selectors, <https://www.w3.org/TR/annotation-model/#selectors>).
//!
//! Positions count Unicode code points, from 0, end exclusive, of the text as it is: neither normalised nor trimmed.

use ledger::{Locator, ObjectHash};

use crate::Error;

/// Code points of context kept on each side of the words.
const CONTEXT: usize = 32;

/// The place of these words in the text of that object.
///
/// They must stand there exactly once, or be told apart by what stands before (`prefix`) or after (`suffix`) them, or by
/// `occurrence`, the number from 1 among those that are left. White space matters in the words and at their edges, not
/// between them and prefix or suffix.
///
/// # Errors
/// When the words are not there (with a hint if they are there in other white space, dashes or quotation marks), or are there more than once.
pub fn locate(
    text: &str,
    object: ObjectHash,
    words: &str,
    prefix: Option<&str>,
    suffix: Option<&str>,
    occurrence: Option<usize>,
) -> Result<Locator, Error> {
    let shown = shortened(words);
    if words.trim().is_empty() {
        return Err(Error::wrong(
            "there are no words to look for",
            "quote the words of the source that the claim rests on",
        ));
    }
    let everywhere = occurrences(text, words);
    if everywhere.is_empty() {
        let hint = if plain(text).contains(&plain(words)) {
            "they are there with other white space, dashes, quotation marks or invisible characters: copy them exactly as they are written"
        } else {
            "copy them exactly as they are written in the source"
        };
        return Err(Error::wrong(format!("the words “{shown}” do not occur in the text"), hint));
    }
    let fitting: Vec<usize> = everywhere
        .iter()
        .copied()
        .filter(|start| prefix.is_none_or(|prefix| stands_before(text, *start, prefix)))
        .filter(|start| suffix.is_none_or(|suffix| stands_after(text, start + words.len(), suffix)))
        .collect();
    let lines = || everywhere.iter().map(|start| line_of(text, *start).to_string()).collect::<Vec<_>>().join(", ");
    let start = match (occurrence, fitting.as_slice()) {
        (None, [start]) => *start,
        (_, []) => {
            return Err(Error::wrong(
                format!("the words “{shown}” occur (line {}), but not with that prefix or suffix", lines()),
                "prefix and suffix are the characters that stand directly before and after the words",
            ));
        }
        (None, several) => {
            return Err(Error::wrong(
                format!("the words “{shown}” occur {} times in the text (lines {})", several.len(), lines()),
                "quote more of them, or add prefix:, suffix: or occurrence: to say which",
            ));
        }
        (Some(number), several) => *number.checked_sub(1).and_then(|index| several.get(index)).ok_or_else(|| {
            Error::wrong(
                format!("there is no occurrence {number} of the words “{shown}”: the text has {}", several.len()),
                "occurrences are counted from 1",
            )
        })?,
    };
    Ok(at(text, object, start, start + words.len()))
}

/// The words between two positions.
///
/// # Errors
/// When the end is not after the start, or lies beyond the text.
pub fn span(text: &str, object: ObjectHash, start: u64, end: u64) -> Result<Locator, Error> {
    let length = text.chars().count() as u64;
    if start >= end || end > length {
        return Err(Error::wrong(
            format!("the span {start} to {end} is not in the text, which has {length} characters"),
            "a span is [start, end] in Unicode code points from 0, end exclusive",
        ));
    }
    let byte = |position: u64| {
        let place = usize::try_from(position).ok().and_then(|position| text.char_indices().nth(position));
        place.map_or(text.len(), |(byte, _)| byte)
    };
    Ok(at(text, object, byte(start), byte(end)))
}

/// The locator of a range of bytes, both ends on code points.
fn at(text: &str, object: ObjectHash, start: usize, end: usize) -> Locator {
    let (before, exact, after) = (
        text.get(..start).unwrap_or_default(),
        text.get(start..end).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    let first = before.chars().count() as u64;
    Locator {
        exact: exact.into(),
        prefix: last_of(before).map(Into::into),
        suffix: first_of(after).map(Into::into),
        start: Some(first),
        end: Some(first + exact.chars().count() as u64),
        page: None,
        text_of: Some(object),
    }
}

fn last_of(before: &str) -> Option<&str> {
    let start = before.char_indices().rev().take(CONTEXT).last().map(|(byte, _)| byte)?;
    before.get(start..)
}

fn first_of(after: &str) -> Option<&str> {
    let end = after.char_indices().nth(CONTEXT).map_or(after.len(), |(byte, _)| byte);
    after.get(..end).filter(|suffix| !suffix.is_empty())
}

/// Every place, in bytes, at which the words stand; also places that overlap.
fn occurrences(text: &str, words: &str) -> Vec<usize> {
    let step = words.chars().next().map_or(1, char::len_utf8);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(place) = text.get(from..).and_then(|rest| rest.find(words)) {
        found.push(from + place);
        from += place + step;
    }
    found
}

fn stands_before(text: &str, start: usize, prefix: &str) -> bool {
    text.get(..start).unwrap_or_default().trim_end().ends_with(prefix.trim())
}

fn stands_after(text: &str, end: usize, suffix: &str) -> bool {
    text.get(end..).unwrap_or_default().trim_start().starts_with(suffix.trim())
}

fn line_of(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or_default().matches('\n').count() + 1
}

fn shortened(words: &str) -> String {
    if words.chars().count() <= 80 { words.into() } else { words.chars().take(79).chain(['…']).collect() }
}

/// The text without what the eye does not tell apart: for a hint only.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' => {}
            '‘' | '’' | 'ʼ' => plain.push('\''),
            '“' | '”' | '„' => plain.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            white if white.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            other => plain.push(other),
        }
    }
    plain.trim().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ledger::Digest;
    use proptest::prelude::*;

    const OBJECT: Digest = Digest([1; 32]);

    fn found(text: &str, words: &str) -> Locator {
        locate(text, OBJECT, words, None, None, None).unwrap()
    }

    fn refused(text: &str, words: &str) -> (String, String) {
        let error = locate(text, OBJECT, words, None, None, None).unwrap_err();
        (error.to_string(), error.hint().unwrap_or_default().to_owned())
    }

    #[test]
    fn words_that_stand_once() {
        let text = "On 18 August 2021 the court sentenced Rong Chhun.\nHe appealed.";
        let locator = found(text, "sentenced Rong Chhun");
        assert_eq!((locator.start, locator.end), (Some(28), Some(48)));
        assert_eq!(locator.prefix.as_deref(), Some("On 18 August 2021 the court "));
        assert_eq!(locator.suffix.as_deref(), Some(".\nHe appealed."));
        assert_eq!(locator.text_of, Some(OBJECT));
        let whole = found(text, text);
        assert_eq!((whole.prefix, whole.suffix), (None, None));
    }

    #[test]
    fn khmer_is_counted_in_code_points() {
        let text = "លោក រ៉ុង ឈុន ត្រូវបានចាប់ខ្លួន នៅថ្ងៃទី៣១ ខែកក្កដា ឆ្នាំ២០២០";
        let locator = found(text, "ចាប់ខ្លួន");
        let start = usize::try_from(locator.start.unwrap()).unwrap();
        let end = usize::try_from(locator.end.unwrap()).unwrap();
        assert_eq!(text.chars().skip(start).take(end - start).collect::<String>(), "ចាប់ខ្លួន");
        assert_eq!(end - start, "ចាប់ខ្លួន".chars().count());
        assert_ne!(start, text.find("ចាប់ខ្លួន").unwrap(), "not bytes");
        assert_eq!(locator.prefix.unwrap().chars().count(), start.min(32));
        assert_eq!(span(text, OBJECT, start as u64, end as u64).unwrap().exact, "ចាប់ខ្លួន");
    }

    #[test]
    fn words_that_stand_twice_need_to_be_told_apart() {
        let text = "The court sat.\nThe court adjourned.\nThe court rose.";
        let (problem, hint) = refused(text, "The court");
        assert_eq!(problem, "the words “The court” occur 3 times in the text (lines 1, 2, 3)");
        assert!(hint.contains("occurrence:"));
        let second = locate(text, OBJECT, "The court", None, Some("adjourned"), None).unwrap();
        assert_eq!(second.start, Some(15));
        assert_eq!(locate(text, OBJECT, "The court", Some("sat."), None, None).unwrap(), second);
        assert_eq!(locate(text, OBJECT, "The court", None, None, Some(2)).unwrap(), second);
        assert!(locate(text, OBJECT, "The court", None, None, Some(4)).is_err());
        assert!(locate(text, OBJECT, "The court", None, None, Some(0)).is_err());
        assert!(locate(text, OBJECT, "The court", Some("nowhere"), None, None).is_err());
        assert!(refused("aaa", "aa").0.contains("2 times"), "also where they overlap");
    }

    #[test]
    fn words_that_are_not_there() {
        let text = "a member of the opposition’s\u{200b} youth  wing – arrested";
        assert!(refused(text, "youth wing").1.contains("white space"));
        assert!(refused(text, "opposition's youth").1.contains("quotation marks"));
        assert!(refused(text, "wing - arrested").1.contains("dashes"));
        assert_eq!(refused(text, "released").1, "copy them exactly as they are written in the source");
        assert!(refused(text, " ").0.contains("no words"));
        assert!(refused("", "words").0.contains("do not occur"));
    }

    #[test]
    fn a_span_lies_in_its_text() {
        assert_eq!(span("ពាក្យ", OBJECT, 0, 5).unwrap().exact, "ពាក្យ");
        for (start, end) in [(0, 6), (2, 2), (3, 2), (u64::MAX, u64::MAX), (0, u64::MAX)] {
            assert!(span("ពាក្យ", OBJECT, start, end).is_err(), "{start} to {end}");
        }
    }

    proptest! {
        #[test]
        fn what_is_located_is_what_its_positions_say(text in "[a-c រុ\u{200b}]{0,60}", start in 0u64..60, length in 1u64..20) {
            let end = start + length;
            let Ok(locator) = span(&text, OBJECT, start, end) else {
                prop_assert!(end > text.chars().count() as u64);
                return Ok(());
            };
            prop_assert_eq!((locator.start, locator.end), (Some(start), Some(end)));
            let again: String = text.chars().skip(start as usize).take(length as usize).collect();
            prop_assert_eq!(&locator.exact, &again);
            if let Ok(by_words) = locate(&text, OBJECT, &again, None, None, None) {
                prop_assert_eq!(by_words, locator);
            }
        }

        #[test]
        fn nothing_typed_makes_it_panic(text in "\\PC*", words in "\\PC*", prefix in "\\PC*", number in any::<usize>()) {
            let _ = locate(&text, OBJECT, &words, Some(&prefix), None, Some(number));
        }
    }
}
