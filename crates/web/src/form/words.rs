//! The words that claims rest on: found in the source's text, or a reason why there are none.

use ledger::{Digest, Locator};

use crate::form::fields::Filled;
use crate::problem::capitalised;

/// A source's text, and the object that holds it.
pub struct SourceText {
    pub text: String,
    pub object: Digest,
}

/// What a claim rests on.
#[derive(Clone, Debug)]
pub struct Basis {
    pub locator: Option<Locator>,
    pub no_words: Option<String>,
}

/// Reads the field of that name as words of the source. `None`: nothing was typed, or it was wrong and is noted.
pub fn words(filled: &mut Filled<'_>, name: &str, label: &str, text: Option<&SourceText>) -> Option<Locator> {
    let typed = filled.typed.raw(name);
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let Some(source) = text else {
        return Some(Locator { exact: typed.into(), ..Locator::default() });
    };
    match workspace::locate(&source.text, source.object, typed, None, None, None) {
        Ok(locator) => Some(locator),
        Err(error) => {
            // What is copied out of a page has the page's line ends, not the document's.
            if let Some((start, end)) = loosely(&source.text, typed)
                && let Ok(locator) = workspace::span(&source.text, source.object, start, end)
            {
                return Some(locator);
            }
            let hint = error.hint().map(capitalised).unwrap_or_default();
            filled.wrong(name, label, format!("{} {hint}", capitalised(&error.to_string())));
            None
        }
    }
}

/// The words of the whole form, or the reason why there are none: one of them is needed.
pub fn basis(filled: &mut Filled<'_>, text: Option<&SourceText>) -> Option<Basis> {
    let locator = words(filled, "words", "Words of the source", text);
    let no_words = filled.typed.some("no-words").map(str::to_owned);
    if locator.is_none() && no_words.is_none() {
        if filled.typed.get("words").is_empty() {
            filled.wrong(
                "words",
                "Words of the source",
                "Quote the words that say so, or write below why there are none to quote.",
            );
        }
        return None;
    }
    let no_words = no_words.filter(|_| locator.is_none());
    Some(Basis { locator, no_words })
}

/// Where the words stand if white space is not compared, in code points; only if they stand there once.
fn loosely(text: &str, words: &str) -> Option<(u64, u64)> {
    let wanted: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
    let found: Vec<(usize, char)> = text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).collect();
    if wanted.is_empty() || wanted.len() > found.len() {
        return None;
    }
    let mut places =
        found.windows(wanted.len()).filter(|window| window.iter().map(|(_, c)| c).eq(wanted.iter())).map(|window| {
            let first = window.first().map_or(0, |(at, _)| *at);
            let last = window.last().map_or(0, |(at, _)| *at);
            (first as u64, last as u64 + 1)
        });
    places.next().filter(|_| places.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_across_line_ends_but_only_once() {
        assert_eq!(loosely("He was\narrested on 31 July.", "was arrested"), Some((3, 15)));
        assert_eq!(loosely("a b a b", "a b"), None);
        assert_eq!(loosely("abc", "x"), None);
        assert_eq!(loosely("", "x"), None);
    }
}
