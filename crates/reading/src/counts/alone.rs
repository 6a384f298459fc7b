//! A number whose noun is told elsewhere: “71 are women”, “down from 171”, “22 who had fled”.

use super::counting::Counting;
use super::noun::{CLOSED, scan};
use super::quantity::Earlier;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::numbers;

/// A number without a noun: “71 are women”, “down from 171”, “22 who had fled”.
#[allow(clippy::too_many_arguments)]
pub(super) fn alone<'a>(
    s: &Sentence,
    found: &numbers::Found,
    at: usize,
    filler: bool,
    definite: bool,
    earlier: Earlier<'a>,
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
    let previous = if of_people { Some("persons") } else { earlier.unit };
    // “Only the Lotus Party had handed it in, while 18 others had”: others of what was told.
    let others = filler.then(|| {
        (0..found.start).rev().find_map(|i| {
            counting.unit(s.norm(i)).filter(|u| matches!(*u, "parties" | "media-outlets" | "families" | "groups"))
        })
    });
    let previous = previous.or(others.flatten());
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
    // “I know of “about 20””
    let opened = found.start > 0 && matches!(s.norm(found.start - 1), "“" | "\"" | "‘");
    let start = if opened { found.start - 1 } else { found.start };
    let before = start.checked_sub(1).map_or("", |i| s.norm(i));
    let lead = start.checked_sub(2).map_or("", |i| s.norm(i));
    // “a girl of fifteen”, “Ms Kunthy is 71”, “aged over 60”
    let person = (found.start.saturating_sub(4)..found.start)
        .any(|i| s.tokens[i].is(Flags::PERSON) || s.tokens[i].capital() && i > 0);
    let spoken = before == "of"
        && matches!(
            lead,
            "speak"
                | "speaks"
                | "spoke"
                | "spoken"
                | "speaking"
                | "know"
                | "knows"
                | "knew"
                | "heard"
                | "aware"
                | "talk"
                | "talks"
                | "talked"
                | "total"
                | "figure"
                | "toll"
        )
        || before == "to"
            && matches!(
                lead,
                "admit"
                    | "admits"
                    | "admitted"
                    | "confessed"
                    | "confesses"
                    | "owned"
                    | "amounted"
                    | "amounts"
                    | "came"
                    | "comes"
            );
    // “How many families lived there?” – “Sixty.”
    if earlier.answer && found.start <= 6 && (found.value > 0) {
        return Some(previous.unwrap_or("persons"));
    }
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
        || spoken
        || numbers && counting.has("of_number", before)
        || s.tokens[found.start..found.number].iter().any(|t| t.norm == "only")
        || found.start == 0 && s.dates.iter().any(|d| d.start == at || d.start == at + 1)
        || s.dates.iter().any(|d| d.start == at) && matches!(before, "," | "and" | ";" | "" | "against");
    // “Last year there were 97”, “140 complaints, of which it upheld nine”
    let there = matches!(before, "were" | "was" | "are" | "been")
        && start > 1
        && (lead == "there" || start > 2 && lead != "it" && s.norm(start - 3) == "there");
    // “The villagers say it was eight.”
    let there = there
        || (matches!(before, "was" | "were" | "is") && lead == "it" || before == "it's")
            && ((0..found.start).any(|i| s.tokens[i].is(Flags::SPEECH)) || s.dates.iter().any(|d| d.end < found.start))
            && next.is_none_or(|t| !t.is_word());
    let of_these =
        (0..found.start).any(|i| s.norm(i) == "of" && matches!(s.norm(i + 1), "which" | "whom" | "these" | "them"));
    let _ = lexicon;
    if numbers && (compared || there) || there && lead == "it" {
        return Some(previous.unwrap_or("persons"));
    }
    (compared || there || of_these && next.is_none_or(|t| !t.is_word())).then_some(previous?)
}
