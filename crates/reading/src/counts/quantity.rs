//! How many of what: a number with its bounds and the noun that it counts (coding rule 8). Ages, sums,
//! terms, dates, article and case numbers are no quantities of ours.

use super::alone::alone;
use super::counting::Counting;
use super::forms::{ordinal, strong};
use super::gate;
use super::noun::{CLOSED, scan};
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::numbers::{self, Bounds};

/// What was counted before a number, or asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Earlier<'a> {
    /// The unit counted last in the paragraph, or asked for in the question before.
    pub unit: Option<&'a str>,
    /// The sentence answers “How many?”: a bare number is enough.
    pub answer: bool,
}

/// A number and what it counts.
#[derive(Debug, Clone)]
pub(crate) struct Quantity {
    pub found: numbers::Found,
    pub bounds: Bounds,
    /// First token, with “at least”; and the token after the noun.
    pub start: usize,
    pub end: usize,
    pub unit: String,
    /// The noun, where one stands.
    pub head: Option<usize>,
    /// the, these, all: told of before
    pub definite: bool,
    /// “12 of them”
    pub partitive: bool,
    /// Those who act rather than those to whom it is done.
    pub actor: bool,
}

impl Quantity {
    pub fn bounded(&self) -> bool {
        self.bounds.min != self.bounds.max
    }
}

/// The quantities of a sentence, in order.
pub(crate) fn find(s: &Sentence, earlier: Earlier<'_>, lexicon: &Lexicon, counting: &Counting) -> Vec<Quantity> {
    let mut out: Vec<Quantity> = Vec::new();
    let mut k = 0;
    while k < s.tokens.len() {
        let dated = s.dates.iter().find(|d| d.start <= k && k < d.end);
        if let Some(date) = dated {
            // “11 May” is taken; “in 2022” too, but “2022 arrests” would not be one.
            k = date.end.max(k + 1);
            continue;
        }
        if let Some(q) = strong(s, k, lexicon, counting) {
            k = q.end;
            out.push(q);
            continue;
        }
        let unit = out.last().map(|q| q.unit.clone()).or_else(|| earlier.unit.map(str::to_owned));
        let before = Earlier { unit: unit.as_deref(), answer: earlier.answer && out.is_empty() };
        if let Some(q) = ordinal(s, k, lexicon, counting).or_else(|| one(s, k, before, lexicon, counting)) {
            // “71 of the 83 workers”: the second number is looked at too.
            k = if q.partitive { q.found.end + 1 } else { q.end }.max(k + 1);
            out.push(q);
        } else {
            k = lexicon.numbers.bare(&s.tokens, k).map_or(k + 1, |(_, end)| end.max(k + 1));
        }
    }
    out
}

fn one(s: &Sentence, k: usize, earlier: Earlier<'_>, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
    let previous = earlier.unit;
    let mut found = lexicon.numbers.at(&s.tokens, k)?;
    // “rose from 56 to 71” are two numbers.
    if found.start > 0
        && s.norm(found.start - 1) == "from"
        && let Some((value, end)) = lexicon.numbers.bare(&s.tokens, k)
        && s.norm(end) == "to"
        && found.end > end
        && (0..found.start).any(|i| {
            matches!(
                s.norm(i),
                "rose"
                    | "risen"
                    | "rising"
                    | "fell"
                    | "fallen"
                    | "grew"
                    | "grown"
                    | "went"
                    | "gone"
                    | "dropped"
                    | "climbed"
                    | "increased"
                    | "jumped"
                    | "decreased"
                    | "shrank"
                    | "declined"
                    | "doubled"
                    | "up"
                    | "down"
            )
        })
    {
        found = numbers::Found { bounds: Bounds::exactly(value), value, end, ..found };
    }
    if !gate::quantity(s, &found, lexicon, counting) {
        return None;
    }
    let determined = |t: &str| matches!(t, "the" | "all" | "both" | "these" | "those");
    let definite = s.tokens[found.start..found.number].iter().any(|t| determined(&t.norm))
        || found.start > 0
            && (determined(s.norm(found.start - 1))
                // “the other seven”, “the remaining 29”
                || matches!(s.norm(found.start - 1), "other" | "remaining" | "same" | "first" | "last" | "said" | "above")
                    && found.start > 1
                    && (determined(s.norm(found.start - 2)) || s.tokens[found.start - 2].is(Flags::POSSESSIVE))
                || s.norm(found.start - 1) == "undersigned"
                || s.tokens[found.start - 1].is(Flags::POSSESSIVE)
                || s.tokens[found.start - 1].possessive);
    let mut at = found.end;
    let mut partitive = false;
    let mut filler = false;
    while matches!(
        s.norm(at),
        "more" | "other" | "others" | "additional" | "further" | "new" | "separate" | "different" | "such" | "extra"
    ) {
        filler |= matches!(s.norm(at), "more" | "other" | "others");
        at += 1;
    }
    // ““only three” of the twelve”
    if matches!(s.norm(at), "”" | "\"") && s.norm(at + 1) == "of" {
        at += 1;
    }
    // “32 out of 60 defendants”
    if s.norm(at) == "out" && s.norm(at + 1) == "of" {
        at += 1;
    }
    if s.norm(at) == "of" {
        let mut i = at + 1;
        while s.tokens.get(i).is_some_and(|t| t.is(Flags::DETERMINER.with(Flags::POSSESSIVE)))
            || lexicon.numbers.bare(&s.tokens, i).is_some()
        {
            i += 1;
        }
        // “two of my own colleagues”
        if s.norm(i) == "own" && s.tokens.get(i + 1).is_some_and(|t| t.is_word() && !t.is(CLOSED)) {
            i += 1;
        }
        if matches!(s.norm(i), "them" | "whom" | "us" | "which" | "own")
            || matches!(s.norm(i - 1), "those" | "these") && i > at + 1
        {
            let unit = previous.unwrap_or("persons").to_owned();
            let end = (i + 1).min(s.tokens.len());
            return Some(Quantity {
                bounds: found.bounds,
                start: found.start,
                end,
                unit,
                head: None,
                definite: false,
                partitive: true,
                actor: false,
                found,
            });
        }
        partitive = i > at + 1;
        // “1,006 violations: 612 of free expression, 201 of assembly”
        if !partitive
            && let Some(unit) = previous
            && found.start > 2
            && matches!(s.norm(found.start - 1), ":" | "," | "and" | ";" | "–" | "—")
            && (1..found.start).any(|i| matches!(s.norm(i), ":" | "–" | "—" | "including"))
        {
            let unit = unit.to_owned();
            return Some(Quantity {
                bounds: found.bounds,
                start: found.start,
                end: at,
                unit,
                head: None,
                definite: false,
                partitive: true,
                actor: false,
                found,
            });
        }
        if partitive {
            at = i;
        } else {
            return None;
        }
    }
    let noun = scan(s, at, found.value == 1 && !partitive, lexicon, counting);
    if noun.rejected {
        return None;
    }
    // “built for 800”, not “built for 800, now holds 2,100”.
    let capacity = found.value >= 100
        && (found.start.saturating_sub(9)..found.start)
            .rev()
            .take_while(|&i| !matches!(s.norm(i), "," | ";" | "holds" | "houses" | "held" | "now"))
            .any(|i| counting.has("capacity", s.norm(i)))
        && noun.unit.as_deref().is_none_or(|u| u == "persons");
    let (unit, end) = match (noun.unit, noun.head) {
        _ if capacity => ("places-in-prison".to_owned(), noun.head.map_or(found.end, |_| noun.end)),
        (Some(unit), _) => (unit, noun.end),
        (None, Some(_)) => return None,
        (None, None) => (alone(s, &found, at, filler, definite, earlier, lexicon, counting)?.to_owned(), at),
    };
    let (bounds, end) = lexicon.numbers.amended(&s.tokens, &found, end).unwrap_or((found.bounds, end));
    Some(Quantity {
        bounds,
        start: found.start,
        end,
        unit,
        head: noun.head.filter(|_| !capacity || noun.head.is_some()),
        definite: definite && !partitive,
        partitive,
        actor: noun.actor,
        found,
    })
}
