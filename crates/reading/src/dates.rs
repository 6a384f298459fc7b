//! Dates in running text, resolved against the document's own date (coding rule 7).
//!
//! “Aug. 3 last year”, “31 July”, “on Monday”, “yesterday evening”, “two days later”, “in the past
//! three months”, “between July 31 and Sept. 10”, “since March 2021”. A weekday is the last one
//! up to the document's date, “last week” is Monday to Sunday before it, a date without a year is the last
//! such up to it; “the next day” counts from the date told before. What cannot be resolved is no date.

mod calendar;
mod relative;
mod span;

pub(crate) use calendar::Calendar;

use schema::Day;

use crate::lexicon::{Flags, Lexicon};
use crate::token::{Case, Token};

/// A year, month or day; month or day 0 when not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub year: i64,
    pub month: u8,
    pub day: u8,
}

impl Part {
    pub fn of(day: Day) -> Self {
        let (year, month, day) = day.parts();
        Self { year, month, day }
    }

    pub const fn year(year: i64) -> Self {
        Self { year, month: 0, day: 0 }
    }

    /// Its first day.
    pub fn first(self) -> Option<Day> {
        Day::new(self.year, self.month.max(1), self.day.max(1))
    }

    pub fn edtf(self) -> String {
        match (self.month, self.day) {
            (0, _) => format!("{:04}", self.year),
            (m, 0) => format!("{:04}-{m:02}", self.year),
            (m, d) => format!("{:04}-{m:02}-{d:02}", self.year),
        }
    }
}

/// A date found in a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub from: Part,
    pub to: Option<Part>,
    pub approximate: bool,
    /// “since …”: its end is the document's date.
    pub since: bool,
    /// A stretch of time by its wording: “in the past three months”, “between … and …”.
    pub period: bool,
    /// After the document's date.
    pub future: bool,
    /// Before some date: “until”, “before”, “by”.
    pub bound: bool,
    /// It qualifies a noun: “the July 23 general election”.
    pub qualifies: bool,
    /// Tokens, with the preposition before it.
    pub start: usize,
    pub end: usize,
}

impl Found {
    const fn point(part: Part, start: usize, end: usize) -> Self {
        Self {
            from: part,
            to: None,
            approximate: false,
            since: false,
            period: false,
            future: false,
            bound: false,
            qualifies: false,
            start,
            end,
        }
    }

    /// As an act's date.
    pub fn edtf(&self) -> String {
        let mark = if self.approximate { "~" } else { "" };
        match self.to {
            Some(to) => format!("{}/{}{mark}", self.from.edtf(), to.edtf()),
            None => format!("{}{mark}", self.from.edtf()),
        }
    }

    /// As a count's window: what began “since” ends with the document.
    pub fn window(&self, published: Option<Day>) -> String {
        match (self.since && self.to.is_none(), published) {
            (true, Some(day)) => format!("{}/{day}", self.from.edtf()),
            (true, None) => format!("{}/..", self.from.edtf()),
            _ => self.edtf(),
        }
    }
}

/// What a date without a year, or a relative one, is resolved against.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Anchor {
    /// The document's date, or the day of the statement that is quoted.
    pub published: Option<Day>,
    /// Where the document has no date: the last year it speaks of.
    pub year: Option<i64>,
    /// The year that stands above, as a heading of a chronology.
    pub heading: Option<i64>,
    /// The last day told in any paragraph: for “the next morning”.
    pub story: Option<Part>,
    /// The date told before this one, in this paragraph.
    pub last: Option<Part>,
    /// The last of those told that was a day.
    pub day: Option<Part>,
    /// The date that opened the entry before, in a chronology: “Jan 3, 2022: …”.
    pub entry: Option<Part>,
    /// Whether the words being read open a sentence.
    pub opening: bool,
}

impl Anchor {
    /// The last such day or month up to the document's date.
    fn complete(&self, month: u8, day: u8) -> Option<Part> {
        let fits = |year: i64| {
            let part = Part { year, month, day };
            part.first().map(|first| (part, first))
        };
        if let Some(part) = self.heading.and_then(fits) {
            return Some(part.0);
        }
        // “Jan 3, 2022: …”, “Jan 4: …”: an entry goes on from the one before.
        if self.opening
            && let Some(entry) = self.entry.filter(|e| e.month > 0)
            && let Some(first) = entry.first()
            && let Some((part, _)) = [entry.year, entry.year + 1]
                .into_iter()
                .filter_map(fits)
                .find(|(_, day)| *day >= first && self.published.is_none_or(|p| *day <= p))
        {
            return Some(part);
        }
        let Some(published) = self.published else {
            let year = self.last.or(self.story).map(|l| l.year).or(self.year)?;
            return fits(year).map(|(p, _)| p);
        };
        let this = published.parts().0;
        // What happened within a month of the document needs no year.
        if let Some((part, first)) =
            fits(this).filter(|(_, f)| *f <= published && published.number() - f.number() <= 31)
            && self.last.is_none_or(|l| l.year < this)
        {
            let _ = first;
            return Some(part);
        }
        // “Two months later, on 15 November”
        if let Some(last) = self.last.filter(|l| l.day == 0 && l.month == month)
            && let Some((part, first)) = fits(last.year)
            && first <= published
        {
            return Some(part);
        }
        // A story told in an earlier year goes on in it.
        if let Some(last) = self.last
            && last.year < this
            && last.day > 0
            && let Some(first) = last.first()
        {
            for year in [last.year, last.year + 1] {
                if let Some((part, day)) = fits(year)
                    && (day >= first || (part.month == last.month && part.day == 0))
                    && day <= published
                    && (year == last.year || last.month != 0)
                {
                    return Some(part);
                }
            }
        }
        (0..5).find_map(|back| fits(this - back).filter(|(_, first)| *first <= published)).map(|(p, _)| p)
    }
}

/// All dates of a sentence, in order and apart from each other.
pub(crate) fn find_all(tokens: &[Token], lexicon: &Lexicon, anchor: &mut Anchor) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let mut i = 0;
    // A year stated later in the sentence holds for a date before it: “on 3 and 5 May 2019”.
    while i < tokens.len() {
        anchor.opening = i == 0;
        if let Some(mut found) = span::span(tokens, i, lexicon, anchor).or_else(|| single(tokens, i, lexicon, anchor)) {
            if let (Some(published), Some(first)) = (anchor.published, found.from.first()) {
                found.future |= first > published;
            }
            let article = |k: usize| matches!(norm(tokens, k), "the" | "a" | "its" | "their" | "his" | "her" | "this");
            found.since |= (found.start.saturating_sub(5)..found.start).any(|k| norm(tokens, k) == "since")
                && !(found.start.saturating_sub(5)..found.start)
                    .any(|k| matches!(norm(tokens, k), "," | "when" | "and"));
            found.qualifies = (found.start > 0 && article(found.start - 1)
                || article(found.start) && found.from.day > 0)
                && tokens[found.start..found.end.min(tokens.len())].iter().any(|t| {
                    // “the same day the prosecutor”, “the next day police” qualify nothing.
                    t.is(Flags::MONTH.with(Flags::WEEKDAY)) || year_number(&t.norm).is_some()
                })
                && tokens.get(found.end).is_some_and(|t| {
                    t.is_word()
                        && !t.is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::PRONOUN).with(Flags::PRONOUNS))
                        && t.case != Case::Upper
                        && !t.is(Flags::PREPOSITION
                            .with(Flags::CONJUNCTION)
                            .with(Flags::TRIGGER)
                            .with(Flags::BE)
                            .with(Flags::HAVE))
                });
            // “the general election on July 23”
            let of_event = found.start > 0
                && (found.start.saturating_sub(2)..found.start).any(|k| {
                    matches!(
                        norm(tokens, k),
                        "election" | "elections" | "polls" | "referendum" | "anniversary" | "summit" | "congress"
                    )
                })
                && norm(tokens, found.start.saturating_sub(1)).len() <= 3;
            found.qualifies |= of_event;
            if !found.future && !found.since && !found.qualifies {
                let entry = i == 0
                    && tokens
                        .get(found.end)
                        .is_none_or(|t| matches!(t.norm.as_str(), ":" | "–" | "—" | "-" | "." | "|" | "--"));
                if entry {
                    anchor.entry = Some(found.from);
                }
                anchor.last = Some(found.to.unwrap_or(found.from));
                anchor.story = anchor.last;
                if let Some(last) = anchor.last.filter(|l| l.day > 0) {
                    anchor.day = Some(last);
                }
            }
            i = found.end.max(i + 1);
            out.push(found);
        } else {
            i += 1;
        }
    }
    out
}

fn norm(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |t| t.norm.as_str())
}

/// One date, with the words that belong to it.
fn single(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    let mut at = i;
    let mut since = false;
    let mut bound = false;
    match norm(tokens, at) {
        "since" => {
            since = true;
            at += 1;
        }
        "until" | "before" | "by" => {
            bound = true;
            at += 1;
        }
        _ => {}
    }
    let leading = at;
    while matches!(
        norm(tokens, at),
        "early" | "late" | "mid" | "the" | "about" | "around" | "beginning" | "end" | "start"
    ) || (norm(tokens, at) == "of" && at > leading)
    {
        at += 1;
    }
    let approximate = tokens.get(leading..at)?.iter().any(|t| matches!(t.norm.as_str(), "about" | "around"));
    let stated = stated(tokens, at, lexicon, anchor)
        .or_else(|| relative::relative(tokens, at, lexicon, anchor))
        .or_else(|| relative::relative(tokens, leading, lexicon, anchor))?;
    // “by police”, “before the court”: nothing found right there, so nothing here.
    Some(Found {
        since: since || stated.since,
        bound: bound || stated.bound,
        approximate: stated.approximate || approximate,
        start: i,
        ..stated
    })
}

fn day_number(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    if !matches!(suffix, "" | "st" | "nd" | "rd" | "th") || digits.is_empty() || digits.len() > 2 {
        return None;
    }
    digits.parse().ok().filter(|n| (1..=31).contains(n))
}

fn year_number(word: &str) -> Option<i64> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|y| (1900..2100).contains(y))
}

/// A date by its numbers and names.
fn stated(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    let calendar = &lexicon.calendar;
    let month_at = |k: usize| -> Option<u8> {
        let token = tokens.get(k)?;
        // “may” and “march” are words too.
        if token.case == Case::Lower {
            return None;
        }
        calendar.month(token.norm.trim_start_matches("mid-"))
    };
    let mut found = None;
    // “Tuesday, 5 May”: the weekday adds nothing.
    let mut at = i;
    if tokens.get(at).is_some_and(|t| t.is(Flags::WEEKDAY) && t.capital()) {
        let next = if norm(tokens, at + 1) == "," { at + 2 } else { at + 1 };
        if (day_number(norm(tokens, next)).is_some() && (month_at(next + 1).is_some() || month_at(next + 2).is_some()))
            || (month_at(next).is_some() && day_number(norm(tokens, next + 1)).is_some())
        {
            at = next;
        }
    }
    // 2020-07-31, 31-07-2020, 31/07/2020
    if matches!(norm(tokens, at + 1), "-" | "/")
        && norm(tokens, at + 1) == norm(tokens, at + 3)
        && let Some(part) = calendar::numeric([norm(tokens, at), norm(tokens, at + 2), norm(tokens, at + 4)])
    {
        return Some(Found::point(part, i, at + 5));
    }
    let pieces: Vec<&str> = norm(tokens, at).split(['.', '-', '/']).collect();
    if let [a, b, c] = pieces.as_slice()
        && let Some(part) = calendar::numeric([a, b, c])
    {
        return Some(Found::point(part, i, at + 1));
    }
    if let Some(day) = day_number(norm(tokens, at)) {
        let k = if norm(tokens, at + 1) == "of" { at + 2 } else { at + 1 };
        // “on 3 and 5 May”: the first takes the second's month.
        let k = if month_at(k).is_none()
            && matches!(norm(tokens, k), "and" | "," | "&")
            && day_number(norm(tokens, k + 1)).is_some()
        {
            (month_at(k + 2).is_some()).then_some(k + 2)
        } else {
            Some(k)
        };
        if let Some(k) = k
            && let Some(month) = month_at(k)
        {
            let (year, next) = year_after(tokens, k + 1, anchor);
            let part = match year {
                Some(year) => Some(Part { year, month, day }),
                None => anchor.complete(month, day),
            };
            let end = if k > at + 2 || (k == at + 2 && norm(tokens, at + 1) != "of") { at + 1 } else { next };
            found = part.filter(|p| p.first().is_some()).map(|p| Found::point(p, i, end));
        }
    } else if let Some(month) = month_at(at) {
        let may = matches!(norm(tokens, at), "may" | "march" | "mar" | "sun" | "sat");
        if let Some(day) = day_number(norm(tokens, at + 1)).filter(|_| norm(tokens, at + 2) != "people") {
            let (year, next) = year_after(tokens, at + 2, anchor);
            let part = match year {
                Some(year) => Some(Part { year, month, day }),
                None => anchor.complete(month, day),
            };
            found = part.filter(|p| p.first().is_some()).map(|p| Found::point(p, i, next));
        } else {
            let (year, next) = year_after(tokens, at + 1, anchor);
            let led = at > 0 && tokens[at - 1].is(Flags::PREPOSITION)
                || at > 0
                    && matches!(norm(tokens, at - 1), "early" | "late" | "mid" | "last" | "and" | "this" | "since");
            if let Some(year) = year {
                found = Some(Found::point(Part { year, month, day: 0 }, i, next));
            } else if (led || !may) && !tokens.get(at + 1).is_some_and(|t| t.capital() && !t.is(Flags::MONTH)) {
                found = anchor.complete(month, 0).map(|p| Found::point(p, i, next));
            }
        }
    } else if let Some(year) = year_number(norm(tokens, at)) {
        let before = if at > 0 { norm(tokens, at - 1) } else { "" };
        let led = matches!(
            before,
            "in" | "since"
                | "of"
                | "during"
                | "from"
                | "until"
                | "by"
                | "between"
                | "throughout"
                | "before"
                | "after"
                | "early"
                | "late"
                | "mid"
                | "and"
                | "to"
                | "–"
                | "-"
                | "for"
                | "end"
        );
        let adjective = matches!(before, "the" | "its" | "his" | "her" | "their" | "a")
            && tokens
                .get(at + 1)
                .is_some_and(|t| t.is(Flags::TRIGGER) || matches!(t.norm.as_str(), "forced" | "court"));
        let counted = tokens.get(at + 1).is_some_and(|t| t.is(Flags::PERSONS) || t.is(Flags::UNIT)) && !adjective;
        // “Law No. 94 of 2015”, “the Press Act of 1995”: of the law, not of an event.
        let law = (at.saturating_sub(4)..at)
            .any(|k| tokens[k].norm == "no." || tokens[k].is(Flags::LAW_HEAD) && tokens[k].capital())
            && matches!(before, "of" | "/" | "-");
        if (led || adjective) && !counted && !law {
            found = Some(Found::point(Part::year(year), i, at + 1));
        }
    }
    found
}

/// The year after a month or day: “2020”, “, 2020”, “last year”, “of this year”, “the same year”.
fn year_after(tokens: &[Token], i: usize, anchor: &Anchor) -> (Option<i64>, usize) {
    let at = if matches!(norm(tokens, i), "," | "of") { i + 1 } else { i };
    if let Some(year) = year_number(norm(tokens, at)) {
        return (Some(year), at + 1);
    }
    let this = anchor.published.map(|p| p.parts().0);
    match (norm(tokens, at), norm(tokens, at + 1)) {
        ("last", "year") => (this.map(|y| y - 1), at + 2),
        ("this", "year") => (this, at + 2),
        ("that", "year") => (anchor.last.map(|l| l.year), at + 2),
        _ => (None, i),
    }
}

/// The last day of a month.
pub(crate) fn last_day(year: i64, month: u8) -> u8 {
    (28..=31).rev().find(|&d| Day::new(year, month, d).is_some()).unwrap_or(28)
}
