//! Dates that depend on another: the document's (“yesterday”, “last week”), or the one told before
//! (“the next day”, “two weeks later”).

use schema::Day;

use crate::lexicon::{Flags, Lexicon};
use crate::token::Token;

use super::calendar::weekday_of;
use super::{Anchor, Found, Part, last_day, norm, year_number};

pub(super) fn relative(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    weekday(tokens, i, lexicon, anchor)
        .or_else(|| day_alone(tokens, i, anchor))
        .or_else(|| since_then(tokens, i, anchor))
        .or_else(|| by_document(tokens, i, anchor))
        .or_else(|| distance(tokens, i, lexicon, anchor))
        .or_else(|| by_story(tokens, i, lexicon, anchor))
        .or_else(|| part_of_year(tokens, i, lexicon, anchor))
}

/// “on the 18th”, “the 1st of this month”: of the month told before, or of the document's.
fn day_alone(tokens: &[Token], i: usize, anchor: &Anchor) -> Option<Found> {
    let at = if norm(tokens, i) == "the" { i + 1 } else { return None };
    let word = norm(tokens, at);
    let day = super::day_number(word).filter(|_| word.ends_with(|c: char| c.is_ascii_alphabetic()))?;
    let of_this = norm(tokens, at + 1) == "of" && norm(tokens, at + 2) == "this" && norm(tokens, at + 3) == "month";
    let of_last = norm(tokens, at + 1) == "of" && norm(tokens, at + 2) == "last" && norm(tokens, at + 3) == "month";
    let of_that = norm(tokens, at + 1) == "of" && norm(tokens, at + 2) == "that" && norm(tokens, at + 3) == "month";
    let next = tokens.get(at + 1);
    let alone = next.is_none_or(|t| {
        !t.is_word()
            || t.is(Flags::PREPOSITION.with(Flags::CONJUNCTION).with(Flags::SUBORDINATOR).with(Flags::RELATIVE))
                && t.norm != "of"
    });
    if !(alone || of_this || of_last || of_that) || i > 0 && matches!(norm(tokens, i - 1), "of" | "for") {
        return None;
    }
    let published = anchor.published;
    let month = match (of_this, of_last, anchor.last.filter(|l| l.month > 0), published) {
        (true, _, _, Some(p)) => Part::of(p),
        (_, true, _, Some(p)) => Part::of(p.plus_months(-1)),
        (_, _, Some(last), _) => last,
        (_, _, None, Some(p)) if p.parts().2 >= day => Part::of(p),
        (_, _, None, Some(p)) => Part::of(p.plus_months(-1)),
        _ => return None,
    };
    let part = Part { day, ..month };
    part.first()?;
    Some(Found::point(part, i, if of_this || of_last || of_that { at + 4 } else { at + 1 }))
}

/// “Since then they have been kept”: since the date told before.
fn since_then(tokens: &[Token], i: usize, anchor: &Anchor) -> Option<Found> {
    let then = norm(tokens, i) == "since" && norm(tokens, i + 1) == "then"
        || norm(tokens, i) == "then" && i > 0 && norm(tokens, i - 1) == "since";
    let last = anchor.last.filter(|_| then)?;
    let end = if norm(tokens, i) == "then" { i + 1 } else { i + 2 };
    Some(Found { since: true, ..Found::point(last, i, end) })
}

const HOURS: [&str; 7] = ["morning", "afternoon", "evening", "night", "noon", "midday", "lunchtime"];

/// “Monday”, “last Thursday”, “Monday night”.
fn weekday(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    let published = anchor.published?;
    let (at, last, next) = match norm(tokens, i) {
        "last" => (i + 1, true, false),
        "previous" => (i + 1, true, false),
        "this" => (i + 1, false, false),
        "next" | "coming" => (i + 1, false, true),
        _ => (i, false, false),
    };
    let token = tokens.get(at).filter(|t| t.capital() && !t.norm.ends_with('.') || t.norm.len() > 4)?;
    if token.norm.len() <= 4 && at == i {
        return None;
    }
    let wanted = i64::from(lexicon.calendar.weekday(&token.norm)?);
    let mut back = (weekday_of(published) - wanted).rem_euclid(7);
    if last && back == 0 {
        back = 7;
    }
    // “the previous Thursday”: before the day told last.
    if norm(tokens, i) == "previous"
        && let Some(day) = anchor.last.filter(|l| l.day > 0).and_then(Part::first)
    {
        let ago = (weekday_of(day) - wanted - 1).rem_euclid(7) + 1;
        return Some(Found::point(Part::of(day.plus_days(-ago)), i, at + 1));
    }
    let mut found = Found::point(Part::of(published.plus_days(-back)), i, at + 1);
    if HOURS.contains(&norm(tokens, at + 1)) {
        found.end += 1;
    }
    if next {
        found.from = Part::of(published.plus_days(7 - back));
        found.future = true;
    }
    Some(found)
}

/// “today”, “yesterday”, “last month”, “earlier this year”, “in the past three months”.
fn by_document(tokens: &[Token], i: usize, anchor: &Anchor) -> Option<Found> {
    let published = anchor.published?;
    let (year, month, _) = published.parts();
    let first = norm(tokens, i);
    let second = norm(tokens, i + 1);
    let day = |back: i64, end: usize| Some(Found::point(Part::of(published.plus_days(-back)), i, end));
    let hour = |end: usize| if HOURS.contains(&norm(tokens, end)) { end + 1 } else { end };
    // “Pruzhany Today” is a newspaper.
    if i > 0
        && tokens.get(i).is_some_and(Token::capital)
        && matches!(first, "today" | "tonight" | "yesterday" | "tomorrow")
    {
        return None;
    }
    match (first, second) {
        // “on this day in 2013”
        ("this", "day") => {
            let at = if matches!(norm(tokens, i + 2), "in" | "of" | ",") { i + 3 } else { i + 2 };
            let (_, month, day) = published.parts();
            return year_number(norm(tokens, at)).map(|year| Found::point(Part { year, month, day }, i, at + 1));
        }
        ("today" | "tonight", _) => return day(0, i + 1),
        ("this", s) if HOURS.contains(&s) => return day(0, i + 2),
        ("yesterday", _) => return day(1, hour(i + 1)),
        ("last", "night") => return day(1, i + 2),
        ("tomorrow", _) => {
            let mut found = Found::point(Part::of(published.plus_days(1)), i, i + 1);
            found.future = true;
            return Some(found);
        }
        ("day", "before") if norm(tokens, i + 2) == "yesterday" => return day(2, i + 3),
        _ => {}
    }
    let monday = published.plus_days(-weekday_of(published));
    let shifted = |by: i64| {
        let (y, m, _) = published.plus_months(by).parts();
        Part { year: y, month: m, day: 0 }
    };
    let at = if first == "earlier" || first == "later" { i + 1 } else { i };
    let period = |from: Part, to: Option<Part>, period: bool, future: bool| {
        Some(Found { to, period, future, ..Found::point(from, i, at + 2) })
    };
    match (norm(tokens, at), norm(tokens, at + 1)) {
        ("last" | "past", "week") => {
            period(Part::of(monday.plus_days(-7)), Some(Part::of(monday.plus_days(-1))), false, false)
        }
        ("this", "week") => period(Part::of(monday), Some(Part::of(published)), false, false),
        ("the" | "last" | "past" | "this", "weekend") => {
            let saturday = monday.plus_days(if weekday_of(published) >= 5 { 5 } else { -2 });
            period(Part::of(saturday), Some(Part::of(saturday.plus_days(1))), false, false)
        }
        ("last", "month") => period(shifted(-1), None, false, false),
        ("this", "month") => period(Part { year, month, day: 0 }, None, false, false),
        ("last", "year") => period(Part::year(year - 1), None, false, false),
        ("this", "year") => period(Part::year(year), None, false, false),
        ("next", "week" | "month" | "year") => period(Part::of(published.plus_days(7)), None, false, true),
        _ => None,
    }
}

fn back(from: Day, n: i64, unit: &str) -> Option<Day> {
    Some(match unit.trim_end_matches('s') {
        "day" => from.plus_days(-n),
        "week" => from.plus_days(-7 * n),
        "month" => from.plus_months(-n),
        "year" => from.plus_months(-12 * n),
        _ => return None,
    })
}

fn is_unit(word: &str) -> bool {
    matches!(word, "day" | "days" | "week" | "weeks" | "month" | "months" | "year" | "years")
}

/// “three days ago”, “two weeks later”, “the past three months”.
fn distance(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    let mut at = i;
    let past = matches!(norm(tokens, at), "past" | "last" | "previous" | "preceding");
    if past || norm(tokens, at) == "nearly" || norm(tokens, at) == "some" {
        at += 1;
    }
    let (n, after) = match norm(tokens, at) {
        "a" | "an" => (1, at + 1),
        w if past && is_unit(w) => (1, at),
        _ => lexicon.numbers.bare(tokens, at)?,
    };
    let unit = norm(tokens, after);
    // “four hours later”: on the day told before, or so many days after it.
    if matches!(unit, "hours" | "hour" | "minutes") && matches!(norm(tokens, after + 1), "later" | "afterwards") {
        let last = anchor.last.or(anchor.story).filter(|l| l.day > 0)?.first()?;
        let days = if unit == "hours" && (24..=240).contains(&n) { i64::try_from(n / 24).ok()? } else { 0 };
        return Some(Found::point(Part::of(last.plus_days(days)), i, after + 2));
    }
    if !is_unit(unit) || n > 200 {
        return None;
    }
    let n = i64::try_from(n).ok()?;
    if past {
        let published = anchor.published?;
        let from = back(published, n, unit)?;
        return Some(Found {
            to: Some(Part::of(published)),
            period: true,
            ..Found::point(Part::of(from), i, after + 1)
        });
    }
    let coarse = |day: Day| {
        let part = Part::of(day);
        match unit.trim_end_matches('s') {
            "year" => (Part::year(part.year), true),
            "month" => (Part { day: 0, ..part }, true),
            "week" => (part, true),
            _ => (part, false),
        }
    };
    match norm(tokens, after + 1) {
        "ago" => {
            let (part, approximate) = coarse(back(anchor.published?, n, unit)?);
            Some(Found { approximate, ..Found::point(part, i, after + 2) })
        }
        "later" | "earlier" | "before" | "after" | "afterwards" => {
            let word = norm(tokens, after + 1);
            // “two days after he was arrested” counts from what follows: not known here.
            if matches!(word, "after" | "before") && tokens.get(after + 2).is_some_and(Token::is_word) {
                return None;
            }
            let told = anchor.last.or(anchor.story)?;
            // “in 2017 …, overturned a year later”
            if told.day == 0 {
                let n = if matches!(word, "earlier" | "before") { -n } else { n };
                let part = match (unit.trim_end_matches('s'), told.month) {
                    ("year", _) => Part::year(told.year + n),
                    ("month", month) if month > 0 => {
                        let (year, month, _) = Part { day: 1, ..told }.first()?.plus_months(n).parts();
                        Part { year, month, day: 0 }
                    }
                    _ => return None,
                };
                return Some(Found::point(part, i, after + 2));
            }
            let last = told.first()?;
            let n = if matches!(word, "earlier" | "before") { n } else { -n };
            let (part, approximate) = coarse(back(last, n, unit)?);
            Some(Found { approximate, ..Found::point(part, i, after + 2) })
        }
        _ => None,
    }
}

/// “the next day”, “the same day”, “that evening”, “the following month”.
fn by_story(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    let at = if norm(tokens, i) == "the" { i + 1 } else { i };
    let word = norm(tokens, at);
    let unit = norm(tokens, at + 1);
    let last = anchor.last.or(anchor.story)?;
    // “the week before”, “the month before”: the whole of it.
    if unit == "before" && matches!(word, "week" | "month" | "year") && !tokens.get(at + 2).is_some_and(Token::is_word)
        || unit == "before" && word == "week" && tokens.get(at + 2).is_some_and(|t| t.is(Flags::PREPOSITION))
    {
        let first = Part { day: last.day.max(1), month: last.month.max(1), ..last }.first()?;
        return match word {
            "week" if last.day > 0 => {
                let monday = first.plus_days(-weekday_of(first) - 7);
                Some(Found { to: Some(Part::of(monday.plus_days(6))), ..Found::point(Part::of(monday), i, at + 2) })
            }
            "month" if last.month > 0 => {
                let (year, month, _) = first.plus_months(-1).parts();
                Some(Found::point(Part { year, month, day: 0 }, i, at + 2))
            }
            "year" => Some(Found::point(Part::year(last.year - 1), i, at + 2)),
            _ => None,
        };
    }
    // “the day after the judgment”: of what was told last; not “the day after she was taken”.
    if matches!(word, "day" | "morning") && matches!(unit, "after" | "before") {
        let thing = matches!(norm(tokens, at + 2), "the" | "his" | "her" | "their" | "its" | "that" | "this")
            && !(at + 3..at + 8).any(|k| {
                tokens.get(k).is_some_and(|t| t.is(Flags::BE.with(Flags::HAVE)) && !matches!(norm(tokens, k - 1), ","))
            });
        // “and charged the day after under art. 98”: after the day told before.
        let ends = tokens.get(at + 2).is_none_or(|t| !t.is_word() || t.is(Flags::PREPOSITION) || t.norm == "and");
        let first = Some(last).filter(|l| l.day > 0 && (thing || ends && norm(tokens, i) == "the"))?.first()?;
        let by = if unit == "after" { 1 } else { -1 };
        return Some(Found::point(Part::of(first.plus_days(by)), i, at + 2));
    }
    // “jailed that December”: of the year told before, or the one after it.
    if word == "that"
        && let Some(month) = tokens.get(at + 1).filter(|t| t.capital()).and_then(|t| lexicon.calendar.month(&t.norm))
    {
        let year = last.year + i64::from(last.month > month);
        return Some(Found::point(Part { year, month, day: 0 }, i, at + 2));
    }
    // “The same evening” is of the last day told, also after a bare year.
    let last = if last.day == 0 && matches!(norm(tokens, at + 1), "day" | "morning" | "evening" | "afternoon" | "night")
    {
        anchor.day.unwrap_or(last)
    } else {
        last
    };
    // “shot dead that week”, of a month: in it.
    if matches!(word, "that" | "same") && unit == "week" {
        let part = Part { day: 0, ..last };
        let Some(day) = Some(last).filter(|l| l.day > 0).and_then(Part::first) else {
            return (last.month > 0).then(|| Found::point(part, i, at + 2));
        };
        let monday = day.plus_days(-weekday_of(day));
        return Some(Found { to: Some(Part::of(monday.plus_days(6))), ..Found::point(Part::of(monday), i, at + 2) });
    }
    let next = matches!(word, "next" | "following");
    let same = matches!(word, "same" | "that");
    let before = matches!(word, "previous");
    if !(next || same || before) {
        return None;
    }
    if before && unit == "day"
        || (same && HOURS.contains(&unit))
        || (unit == "day" && last.day > 0)
        || HOURS.contains(&unit)
    {
        let first = Some(last).filter(|l| l.day > 0)?.first()?;
        let day = first.plus_days(if before { -1 } else { i64::from(next) });
        return Some(Found::point(Part::of(day), i, at + 2));
    }
    // “the following Monday”
    if next && let Some(wanted) = lexicon.calendar.weekday(unit).filter(|_| unit.len() > 4) {
        let first = Some(last).filter(|l| l.day > 0)?.first()?;
        let ahead = (i64::from(wanted) - weekday_of(first) - 1).rem_euclid(7) + 1;
        return Some(Found::point(Part::of(first.plus_days(ahead)), i, at + 2));
    }
    match unit {
        "month" if last.month > 0 => {
            let (year, month, _) =
                Part { day: 1, ..last }.first()?.plus_months(i64::from(next) - i64::from(before)).parts();
            Some(Found::point(Part { year, month, day: 0 }, i, at + 2))
        }
        "year" => Some(Found::point(Part::year(last.year + i64::from(next) - i64::from(before)), i, at + 2)),
        _ => None,
    }
}

/// “the first four months of 2023”, “first half of this year”, “the second quarter of 2021”.
fn part_of_year(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    let at = if norm(tokens, i) == "the" { i + 1 } else { i };
    // “in the summer of 2020”, “in spring 2021”
    let season = match norm(tokens, at) {
        "spring" => Some((3, 5)),
        "summer" => Some((6, 8)),
        "autumn" | "fall" => Some((9, 11)),
        _ => None,
    };
    if let Some((from, to)) = season {
        let k = if norm(tokens, at + 1) == "of" { at + 2 } else { at + 1 };
        let year = year_number(norm(tokens, k))?;
        let part = |month| Part { year, month, day: 0 };
        return Some(Found { to: Some(part(to)), ..Found::point(part(from), i, k + 1) });
    }
    let ordinal = lexicon.numbers.ordinal(norm(tokens, at))?;
    let (months, first, after) = match norm(tokens, at + 1) {
        "half" => (6, (ordinal - 1) * 6 + 1, at + 2),
        "quarter" => (3, (ordinal - 1) * 3 + 1, at + 2),
        _ if ordinal == 1 => {
            let (n, after) = lexicon.numbers.bare(tokens, at + 1)?;
            if !matches!(norm(tokens, after), "months" | "weeks") || norm(tokens, after) == "weeks" {
                return None;
            }
            (n, 1, after + 1)
        }
        _ => return None,
    };
    if norm(tokens, after) != "of" {
        return None;
    }
    let (year, end) = match (norm(tokens, after + 1), norm(tokens, after + 2)) {
        ("this", "year") => (anchor.published?.parts().0, after + 3),
        ("last", "year") => (anchor.published?.parts().0 - 1, after + 3),
        ("the", "year") => (anchor.last.map(|l| l.year).or(anchor.published.map(|p| p.parts().0))?, after + 3),
        (word, _) => (year_number(word)?, after + 2),
    };
    let last = first + months - 1;
    if first == 0 || last > 12 {
        return None;
    }
    let from = Part { year, month: u8::try_from(first).ok()?, day: 0 };
    let to = Part { year, month: u8::try_from(last).ok()?, day: 0 };
    debug_assert!(last_day(year, to.month) >= 28);
    Some(Found { to: Some(to), period: true, ..Found::point(from, i, end) })
}

/// Whether a word can only stand in a date.
#[allow(dead_code)]
pub(super) fn is_calendar(token: &Token) -> bool {
    token.is(Flags::WEEKDAY)
}
