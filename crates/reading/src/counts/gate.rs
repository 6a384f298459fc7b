//! Numbers that are no quantities of ours: ages, sums, terms, times, years, indexes (coding rule 8).

use super::counting::Counting;
use super::noun::CLOSED;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::numbers;
use crate::token::Token;

/// Not an age, a sum, a term, a time, an index.
pub(super) fn quantity(s: &Sentence, found: &numbers::Found, lexicon: &Lexicon, counting: &Counting) -> bool {
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
    // “a girl of fifteen”
    if before == "of"
        && found.value < 110
        && k >= 2
        && s.tokens[k - 2].is(Flags::PERSON)
        && !s.tokens.get(end).is_some_and(|t| t.is(Flags::PERSONS))
    {
        return false;
    }
    // “six received 14 months, nine of them suspended”, “the other seven received six”: terms.
    let months = |i: usize| matches!(s.norm(i).trim_end_matches('s'), "month" | "year" | "day" | "week");
    if next == "of"
        && matches!(s.norm(end + 1), "them" | "which")
        && (matches!(s.norm(end + 2), "suspended" | "conditional" | "conditionally" | "served" | "firm")
            || s.norm(end + 2) == "to"
            || (k.saturating_sub(4)..k).any(months))
    {
        return false;
    }
    if found.value <= 40
        && matches!(
            before,
            "received" | "got" | "gets" | "handed" | "given" | "drew" | "serving" | "serve" | "served" | "gave"
        )
        && !s.tokens.get(end).is_some_and(Token::is_word)
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
