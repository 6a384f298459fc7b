//! How many of what: a number with its bounds and the noun that it counts (coding rule 8). Ages, sums,
//! terms, dates, article and case numbers are no quantities of ours.

use super::counting::Counting;
use super::noun::{CLOSED, scan};
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::numbers::{self, Bounds};
use crate::token::Token;

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

/// The quantities of a sentence, in order. `previous` is the unit counted last in its paragraph.
pub(crate) fn find(s: &Sentence, previous: Option<&str>, lexicon: &Lexicon, counting: &Counting) -> Vec<Quantity> {
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
        let before = out.last().map(|q| q.unit.clone()).or_else(|| previous.map(str::to_owned));
        if let Some(q) = ordinal(s, k, lexicon, counting).or_else(|| one(s, k, before.as_deref(), lexicon, counting)) {
            // “71 of the 83 workers”: the second number is looked at too.
            k = if q.partitive { q.found.end + 1 } else { q.end }.max(k + 1);
            out.push(q);
        } else {
            k = lexicon.numbers.bare(&s.tokens, k).map_or(k + 1, |(_, end)| end.max(k + 1));
        }
    }
    out
}

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
fn ordinal(s: &Sentence, k: usize, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
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
    Some(Quantity {
        found,
        bounds,
        start,
        end: noun.end,
        unit,
        head: noun.head,
        definite: false,
        partitive: false,
        actor: noun.actor,
    })
}

/// “a 500-strong crowd”
fn strong(s: &Sentence, k: usize, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
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

fn one(s: &Sentence, k: usize, previous: Option<&str>, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
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
    if !quantity(s, &found, lexicon, counting) {
        return None;
    }
    let determined = |t: &str| matches!(t, "the" | "all" | "both" | "these" | "those");
    let definite = s.tokens[found.start..found.number].iter().any(|t| determined(&t.norm))
        || found.start > 0
            && (determined(s.norm(found.start - 1))
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
        (None, None) => (alone(s, &found, at, filler, definite, previous, lexicon, counting)?.to_owned(), at),
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

/// Not an age, a sum, a term, a time, an index.
fn quantity(s: &Sentence, found: &numbers::Found, lexicon: &Lexicon, counting: &Counting) -> bool {
    let (k, end) = (found.number, found.end);
    let before = k.checked_sub(1).map_or("", |i| s.norm(i));
    let next = s.norm(end);
    let word = s.norm(k);
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    if word.contains('/') || word.contains(':') || word.contains('.') && !word.contains(',') && end == k + 1 {
        return false;
    }
    // The number of a list entry, a footnote or a cell.
    if k == 0 && matches!(next, "." | ")" | "|" | ":" | "/")
        || matches!(before, "[" | "/" | "$" | "€" | "£" | "-" | "–" | "(")
            && next != "women"
            // “7/ 17 media workers”: the number of a post.
            && !(before == "/" && k == 2)
            && (before != "(" || matches!(next, ")" | "/" | "," | "."))
    {
        return false;
    }
    if found.start == k
        && counting.has("indexes", before)
        && (digits || found.value < 20)
        && !(before == "number" || before == "numbers")
    {
        return false;
    }
    if matches!(next, "%" | "/" | ":" | "percent" | "per" | "°" | "-" | "a.m." | "p.m." | "am" | "pm" | "o'clock") {
        return false;
    }
    if lexicon.numbers.money(&s.tokens, k).is_some()
        || k > 0 && lexicon.numbers.money(&s.tokens, k - 1).is_some()
        || lexicon.numbers.term(&s.tokens, k).is_some()
    {
        return false;
    }
    // “Sok Dara, 41,”; “Eav Somnang (67)”
    let named = |i: usize| s.tokens.get(i).is_some_and(|t| t.capital() || t.possessive);
    if k >= 2
        && found.value < 120
        && found.start == k
        && matches!(before, "," | "(")
        && named(k - 2)
        && matches!(next, "," | ")" | "." | "and" | ";" | "" | "who" | "from")
    {
        return false;
    }
    // “Correctional Centre 2”, “Section 13”
    if digits
        && found.start == k
        && k > 0
        && s.tokens[k - 1].capital()
        && s.tokens[k - 1].is_word()
        && k > 1
        && !s.tokens.get(end).is_some_and(Token::is_word)
    {
        return false;
    }
    // “at about ten in the morning”
    if found.value <= 24
        && found.start.checked_sub(1).is_some_and(|i| matches!(s.norm(i), "at" | "by" | "around" | "until"))
        && (end..end + 4).any(|i| matches!(s.norm(i), "morning" | "afternoon" | "evening" | "night"))
    {
        return false;
    }
    // “nine of them were under 18”
    if found.start < k
        && (10..=25).contains(&found.value)
        && matches!(s.norm(found.start), "under" | "over" | "below" | "above")
        && found.start.checked_sub(1).is_some_and(|i| {
            s.tokens[i].is(Flags::BE)
                || matches!(s.norm(i), "aged" | "anyone" | "those" | "people" | "children" | "all")
        })
        && !s.tokens.get(end).is_some_and(|t| t.is_word() && !t.is(CLOSED))
    {
        return false;
    }
    // A year.
    let years = [1900..=2100, 2400..=2600, 1300..=1450].iter().any(|r| r.contains(&found.value));
    if digits && years && word.len() == 4 && found.start == k {
        let counted = s.tokens.get(end).is_some_and(|t| t.is(Flags::PERSONS) || t.is(Flags::UNIT));
        if !counted
            || matches!(before, "in" | "since" | "of" | "the" | "by" | "until" | "from" | "and" | "during" | ",")
        {
            return false;
        }
    }
    // “20:15”, “3.14”
    if matches!(before, ":" | ".")
        && k >= 2
        && s.tokens[k - 1].start == s.tokens[k - 2].end
        && s.tokens[k].start == s.tokens[k - 1].end
    {
        return false;
    }
    // “two or more persons”: how laws speak.
    if found.value < 3 && s.norm(k + 1) == "or" && s.norm(k + 2) == "more" {
        return false;
    }
    // “eight out of ten”
    if before == "of" && k >= 2 && s.norm(k - 2) == "out" {
        return false;
    }
    // “one in three”
    !(before == "in" && k >= 2 && lexicon.numbers.bare(&s.tokens, k - 2).is_some())
        && !(next == "in" && lexicon.numbers.bare(&s.tokens, end + 1).is_some_and(|(n, _)| n < 1900))
}

/// A number without a noun: “71 are women”, “down from 171”, “22 who had fled”.
#[allow(clippy::too_many_arguments)]
fn alone<'a>(
    s: &Sentence,
    found: &numbers::Found,
    at: usize,
    filler: bool,
    definite: bool,
    previous: Option<&'a str>,
    lexicon: &Lexicon,
    counting: &'a Counting,
) -> Option<&'a str> {
    if definite {
        return None;
    }
    // “Of these people, 58 were found guilty”
    let of_people = s.norm(0) == "of"
        && matches!(s.norm(1), "these" | "those" | "the")
        && s.tokens.get(2).is_some_and(|t| t.is(Flags::PERSONS) || t.norm == "people")
        && found.start > 2;
    let previous = if of_people { Some("persons") } else { previous };
    let bounded = found.bounds.min != found.bounds.max;
    let next = s.tokens.get(at);
    let norm = next.map_or("", |t| t.norm.as_str());
    if norm == "who" || filler && next.is_some_and(|t| t.is(Flags::BE.with(Flags::HAVE))) {
        return Some(previous.unwrap_or("persons"));
    }
    let verb = next.is_some_and(|t| {
        t.is(Flags::BE.with(Flags::HAVE))
            || counting.has("states", &t.norm)
            || t.norm.ends_with("ed") && t.norm.len() > 4
    });
    // “Room 4 was”, “Section 12 has”: taken care of by their index word.
    if verb && (found.value > 1 || bounded) && (found.start == 0 || !s.tokens[found.start - 1].capital()) {
        return Some(previous.unwrap_or("persons"));
    }
    let ends = next.is_none_or(|t| !t.is_word() || t.is(CLOSED) || t.is(Flags::ADVERB));
    if !ends {
        return None;
    }
    let before = found.start.checked_sub(1).map_or("", |i| s.norm(i));
    // “a girl of fifteen”, “Ms Kunthy is 71”, “aged over 60”
    let person = (found.start.saturating_sub(4)..found.start)
        .any(|i| s.tokens[i].is(Flags::PERSON) || s.tokens[i].capital() && i > 0);
    let spoken = before == "of" && found.start > 1 && s.norm(found.start - 2).starts_with("sp");
    if matches!(before, "of" | "aged" | "turned") && !spoken
        || matches!(before, "is" | "was") && person && found.value < 110
    {
        return None;
    }
    let hedged = s.tokens[found.start..found.number]
        .iter()
        .any(|t| !matches!(t.norm.as_str(), "the" | "all" | "only" | "just" | "another" | "a" | "of"));
    if (bounded || hedged) && found.value >= 5 {
        return Some(previous.unwrap_or("persons"));
    }
    let numbers = (0..found.start).any(|i| counting.has("number_words", s.norm(i)));
    // “the number of cases had reached 130”
    let named = (0..found.start)
        .find(|&i| counting.has("number_words", s.norm(i)) && s.norm(i + 1) == "of")
        .and_then(|i| scan(s, i + 2, false, lexicon, counting).head)
        .and_then(|head| counting.unit(s.norm(head)));
    let previous = named.or(previous);
    let compared = counting.has("compared", before)
        || numbers && counting.has("of_number", before)
        || s.tokens[found.start..found.number].iter().any(|t| t.norm == "only")
        || found.start == 0 && s.dates.iter().any(|d| d.start == at || d.start == at + 1)
        || s.dates.iter().any(|d| d.start == at) && matches!(before, "," | "and" | ";" | "" | "against");
    // “Last year there were 97”, “140 complaints, of which it upheld nine”
    let there = matches!(before, "were" | "was" | "are") && found.start > 1 && s.norm(found.start - 2) == "there";
    // “The villagers say it was eight.”
    let there = there
        || (matches!(before, "was" | "were" | "is") && found.start > 1 && s.norm(found.start - 2) == "it"
            || before == "it's")
            && (0..found.start).any(|i| s.tokens[i].is(Flags::SPEECH))
            && next.is_none_or(|t| !t.is_word());
    let of_these =
        (0..found.start).any(|i| s.norm(i) == "of" && matches!(s.norm(i + 1), "which" | "whom" | "these" | "them"));
    let _ = lexicon;
    if numbers && (compared || there) {
        return Some(previous.unwrap_or("persons"));
    }
    (compared || there || of_these && next.is_none_or(|t| !t.is_word())).then_some(previous?)
}
