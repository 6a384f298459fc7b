//! Forms of their own: “Land defenders killed since January: 34”, “the ninth exile to vanish since”, “a 500-strong crowd”.

use super::counting::Counting;
use super::noun::scan;
use super::quantity::Quantity;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::numbers::{self, Bounds};
use crate::token::Token;

/// “Land defenders killed since January: 34”: a line of figures.
pub(crate) fn labelled(s: &Sentence, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
    let mut last = s.tokens.len();
    while last > 0 && matches!(s.norm(last - 1), "." | ";" | ",") {
        last -= 1;
    }
    let colon = (last.saturating_sub(6)..last).find(|&i| matches!(s.norm(i), ":" | "–" | "—"))?;
    let number = (colon + 1..last).find(|&i| lexicon.numbers.bare(&s.tokens, i).is_some_and(|(_, end)| end == last))?;
    let found = lexicon.numbers.at(&s.tokens, number).filter(|f| f.start == colon + 1)?;
    let first = (0..3).find(|&i| s.tokens.get(i).is_some_and(Token::is_word))?;
    let noun = scan(s, first, false, lexicon, counting);
    let label = (0..colon).all(|i| !matches!(s.norm(i), ":" | "." | ","));
    let unit = noun.unit.filter(|_| !noun.rejected && label && colon - first <= 14)?;
    Some(Quantity {
        bounds: found.bounds,
        start: first,
        end: last,
        unit,
        head: noun.head,
        definite: false,
        partitive: false,
        actor: false,
        found,
    })
}

/// “the ninth exile to vanish since 2016”: nine of them.
pub(super) fn ordinal(s: &Sentence, k: usize, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
    // A hundred gatherings are told as “the third march” too, but as no number.
    let value = lexicon.numbers.ordinal(s.norm(k)).or_else(|| {
        let word = s.norm(k);
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        matches!(&word[digits.len()..], "th" | "st" | "nd" | "rd").then(|| digits.parse().ok())?
    })?;
    let noun = scan(s, k + 1, false, lexicon, counting);
    let unit = noun.unit.filter(|u| !noun.rejected && u == "persons")?;
    let since = (noun.end..(noun.end + 9).min(s.tokens.len())).any(|i| {
        matches!(s.norm(i), "since" | "so" | "year" | "months" | "record")
            || s.dates.iter().any(|d| d.start == i && d.since)
    });
    if value < 2 || !since || !(k > 0 && s.norm(k - 1) == "the") {
        return None;
    }
    let least = k >= 3 && s.norm(k - 2) == "least" && s.norm(k - 3) == "at";
    let bounds = if least { Bounds { min: Some(value), max: None } } else { Bounds::exactly(value) };
    let start = if least { k - 3 } else { k - 1 };
    let found = numbers::Found { bounds, value, start, number: k, end: k + 1 };
    // “the eleventh union officer killed since”: not one who acts.
    let befell =
        (noun.end..noun.end + 3).any(|i| s.tokens.get(i).is_some_and(|t| t.is(Flags::TRIGGER)) || s.norm(i) == "to");
    Some(Quantity {
        found,
        bounds,
        start,
        end: noun.end,
        unit,
        head: noun.head,
        definite: false,
        partitive: false,
        actor: noun.actor && !befell,
    })
}

/// “a 500-strong crowd”
pub(super) fn strong(s: &Sentence, k: usize, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
    let value = lexicon.numbers.word(s.norm(k).strip_suffix("-strong")?)?;
    let noun = scan(s, k + 1, true, lexicon, counting);
    let crowd =
        matches!(s.norm(k + 1), "crowd" | "group" | "gathering" | "march" | "rally" | "protest" | "demonstration");
    (crowd || noun.head.is_some()).then(|| Quantity {
        bounds: Bounds::exactly(value),
        start: k,
        end: (k + 2).min(s.tokens.len()),
        unit: "persons".to_owned(),
        head: Some(k + 1),
        definite: false,
        partitive: false,
        actor: noun.actor,
        found: numbers::Found { bounds: Bounds::exactly(value), value, start: k, number: k, end: k + 1 },
    })
}
