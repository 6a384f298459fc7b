//! Dates as people write them, in English and in Khmer.
//!
//! Numbers with strokes, dots or hyphens are day first, as Cambodia writes them; where month
//! first is possible too, they are refused, and the message says both. Words that need the day
//! on which they were written (“yesterday”, “last month”) are refused: whoever records the claim
//! knows the document's date, this function does not.

use crate::fold::{is_invisible, latin_digits, one_spaced};
use crate::value::{Kind, ValueError};

use super::display::{KHMER_MONTHS, MONTHS, SEASONS};
use super::edtf::{self, Fault, known_day};
use super::{Date, End, Form, Parts, Point, Qualifier};

const HINT: &str = "Write 31 July 2020, July 2020, 2020, about August 2020, 2020-07-31 or \
                    2020-07-31/2020-09-10.";

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(super) fn read(text: &str) -> Result<Date, ValueError> {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let plain = one_spaced(&latin_digits(&visible).to_lowercase());
    // Khmer writes words for day, month and year before each; they say nothing more.
    let plain = ["ថ្ងៃទី", "ថ្ងៃ", "ខែ", "ឆ្នាំ"].iter().fold(plain, |s, word| s.replace(word, " "));
    phrase(&one_spaced(&plain)).map_err(|(problem, hint)| ValueError::new(Kind::Date, text, problem, hint))
}

fn phrase(text: &str) -> Result<Date, Fault> {
    if ["yesterday", "today", "tomorrow", "last ", "this ", "next ", "ago", "recently"]
        .iter()
        .any(|word| text.contains(word))
    {
        return Err((
            "this depends on the day on which it was written".to_owned(),
            "Work it out from the date of the source, and quote the words in the claim.".to_owned(),
        ));
    }
    for (words, make) in OPEN {
        if let Some(rest) = words.iter().find_map(|w| text.strip_prefix(w)) {
            return make(point(rest)?);
        }
    }
    if let Some(rest) = text.strip_prefix("between ")
        && let Some((a, b)) = rest.split_once(" and ")
    {
        return span(a, b);
    }
    let rest = text.strip_prefix("from ").unwrap_or(text);
    for separator in [" to ", " until ", " till ", " through ", " – ", "–", " - ", " ដល់ "] {
        if let Some((a, b)) = rest.split_once(separator) {
            return span(a, b);
        }
    }
    if let Some(rest) = text.strip_prefix("since ").or_else(|| text.strip_prefix("from ")) {
        let rest = rest.trim_end_matches(" on").trim_end_matches(" onwards");
        return edtf::interval(End::At(point(rest)?), End::Open);
    }
    Ok(Date { form: Form::Point(point(text)?) })
}

type Make = fn(Point) -> Result<Date, Fault>;

/// Phrases with one open end. “Before” and “after” leave the day itself out; the others do not.
const OPEN: [(&[&str], Make); 4] = [
    (&["on or before ", "in or before ", "no later than ", "not later than ", "by ", "until ", "up to "], |p| {
        edtf::interval(End::Open, End::At(p))
    }),
    (&["on or after ", "in or after ", "no earlier than "], |p| edtf::interval(End::At(p), End::Open)),
    (&["before ", "earlier than "], |p| edtf::interval(End::Open, End::At(p.neighbour(-1)?))),
    (&["after ", "later than "], |p| edtf::interval(End::At(p.neighbour(1)?), End::Open)),
];

/// From one date to another; the first may leave out what the second says: “10 to 12 August 2020”.
fn span(a: &str, b: &str) -> Result<Date, Fault> {
    let end = point(b)?;
    let start = match point(a) {
        Ok(start) => start,
        Err(fault) => completed(a, end).ok_or(fault)?,
    };
    edtf::interval(End::At(start), End::At(end))
}

fn completed(a: &str, end: Point) -> Option<Point> {
    let (year, month) = match end.parts {
        Parts::Day(year, month, _) => (year, Some(month)),
        Parts::Month(year, _) => (year, None),
        _ => return None,
    };
    let with_year = format!("{a} {year:04}");
    if let Ok(start) = point(&with_year)
        && a.chars().any(char::is_alphabetic)
    {
        return Some(start);
    }
    let month = usize::from(month?).checked_sub(1)?;
    let month = MONTHS.get(month)?.to_lowercase();
    point(&format!("{a} {month} {year:04}")).ok()
}

/// One date with the words for its certainty.
fn point(text: &str) -> Result<Point, Fault> {
    let mut rest = text.trim();
    let mut qualifier = Qualifier::default();
    loop {
        if let Some(after) = [
            "about ",
            "around ",
            "approximately ",
            "roughly ",
            "approx. ",
            "circa ",
            "ca. ",
            "ca ",
            "c. ",
            "~",
            "ប្រហែល",
        ]
        .iter()
        .find_map(|w| rest.strip_prefix(w))
        {
            qualifier.approximate = true;
            rest = after.trim_start();
        } else if let Some(after) = ["perhaps ", "possibly ", "probably ", "maybe ", "in ", "on ", "the "]
            .iter()
            .find_map(|w| rest.strip_prefix(w).map(|r| (w, r)))
        {
            qualifier.uncertain |= !matches!(*after.0, "in " | "on " | "the ");
            rest = after.1.trim_start();
        } else if let Some(before) = rest
            .strip_suffix('?')
            .or_else(|| rest.strip_suffix("(uncertain)"))
            .or_else(|| rest.strip_suffix("(មិនប្រាកដ)"))
        {
            qualifier.uncertain = true;
            rest = before.trim_end();
        } else {
            break;
        }
    }
    if let Some(date) = edtf::read(rest).map_err(|e| (e.problem, e.hint))? {
        return match date.form {
            Form::Point(p) => Ok(Point {
                parts: p.parts,
                qualifier: Qualifier {
                    approximate: qualifier.approximate || p.qualifier.approximate,
                    uncertain: qualifier.uncertain || p.qualifier.uncertain,
                },
            }),
            Form::Interval(..) => Err(("an interval stands in an interval".to_owned(), HINT.to_owned())),
        };
    }
    Ok(Point { parts: parts(rest)?, qualifier })
}

fn parts(text: &str) -> Result<Parts, Fault> {
    let no_date = || ("this is not a date".to_owned(), HINT.to_owned());
    if let Some(parts) = in_figures(text)? {
        return Ok(parts);
    }
    if let Some(decade) = text.strip_suffix("0s").or_else(|| text.strip_suffix("0's"))
        && decade.len() == 3
        && let Ok(prefix) = decade.parse()
    {
        return Ok(Parts::Years { negative: false, prefix, unknown: 1 });
    }
    let mut weekday = None;
    let mut day = None;
    let mut month = None;
    let mut season = None;
    let mut year = None;
    for word in text.split([' ', ',']).filter(|w| !w.is_empty() && *w != "of") {
        let bare = word.trim_end_matches('.');
        if let Some(at) = WEEKDAYS.iter().position(|w| *w == bare) {
            put(&mut weekday, at)?;
        } else if let Some(at) = month_number(bare) {
            put(&mut month, at)?;
        } else if let Some(at) = SEASONS.iter().position(|s| *s == bare || (bare == "fall" && *s == "autumn")) {
            put(&mut season, at as u8 + 21)?;
        } else if bare.len() == 4 && bare.bytes().all(|b| b.is_ascii_digit()) {
            put(&mut year, bare.parse::<i64>().map_err(|_| no_date())?)?;
        } else {
            let digits = ["st", "nd", "rd", "th"].iter().find_map(|s| bare.strip_suffix(s)).unwrap_or(bare);
            if digits.is_empty() || digits.len() > 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(no_date());
            }
            put(&mut day, digits.parse::<u8>().map_err(|_| no_date())?)?;
        }
    }
    let Some(year) = year else {
        return Err(if day.or(month).is_some() {
            ("the year is missing".to_owned(), "Write all four digits of it, such as 31 July 2020.".to_owned())
        } else {
            no_date()
        });
    };
    let parts = match (season, month, day) {
        (Some(season), None, None) => Parts::Season(year, season),
        (None, None, None) => Parts::Year(year),
        (None, Some(month), None) => Parts::Month(year, month),
        (None, Some(month), Some(day)) => known_day(year, month, day)?,
        _ => return Err(no_date()),
    };
    if let Some(weekday) = weekday {
        let Parts::Day(year, month, day) = parts else {
            return Err(no_date());
        };
        let right = super::Day::at(year, month, day).weekday();
        if right != weekday {
            let name = |at: usize| WEEKDAYS.get(at).copied().unwrap_or_default();
            return Err((
                format!("that day was a {}, not a {}", name(right), name(weekday)),
                "Check the source; record the date without the weekday.".to_owned(),
            ));
        }
    }
    Ok(parts)
}

fn put<T>(place: &mut Option<T>, value: T) -> Result<(), Fault> {
    if place.replace(value).is_some() {
        return Err((
            "a part of the date stands twice".to_owned(),
            "For an interval write “to” between its ends.".to_owned(),
        ));
    }
    Ok(())
}

/// January, Jan, Sept, មករា…
fn month_number(word: &str) -> Option<u8> {
    let english = MONTHS.iter().position(|name| {
        let name = name.to_ascii_lowercase();
        name == word || (word.len() == 3 && name.starts_with(word)) || (word == "sept" && name == "september")
    });
    let found = english.or_else(|| KHMER_MONTHS.iter().position(|name| *name == word))?;
    u8::try_from(found + 1).ok()
}

/// `31/07/2020`, `31-07-2020`, `31.07.2020`, `2020-7-5`. `None`: another shape.
fn in_figures(text: &str) -> Result<Option<Parts>, Fault> {
    let Some(separator) = ['/', '-', '.'].into_iter().find(|s| text.matches(*s).count() == 2) else {
        return Ok(None);
    };
    let fields: Vec<&str> = text.split(separator).map(str::trim).collect();
    let [a, b, c] = fields.as_slice() else {
        return Ok(None);
    };
    if ![a, b, c].iter().all(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit())) {
        return Ok(None);
    }
    let number = |field: &str| field.parse::<u8>().map_err(|_| ("this is not a date".to_owned(), HINT.to_owned()));
    let year = |field: &str| field.parse::<i64>().map_err(|_| ("this is not a date".to_owned(), HINT.to_owned()));
    if a.len() == 4 && b.len() <= 2 && c.len() <= 2 {
        return known_day(year(a)?, number(b)?, number(c)?).map(Some);
    }
    if c.len() != 4 || a.len() > 2 || b.len() > 2 {
        return Err(("the year needs four digits".to_owned(), "Write 31/07/2020 or 2020-07-31.".to_owned()));
    }
    let (a, b, c) = (number(a)?, number(b)?, year(c)?);
    if (1..=12).contains(&a) && (1..=12).contains(&b) && a != b {
        return Err((
            "day and month cannot be told apart".to_owned(),
            format!(
                "Write {c:04}-{b:02}-{a:02} for {a} {}, or {c:04}-{a:02}-{b:02} for {b} {}.",
                super::display::month_name(&MONTHS, b),
                super::display::month_name(&MONTHS, a),
            ),
        ));
    }
    // Day first, as in Cambodia; month first only where that is the one reading that is a date.
    if b > 12 && (1..=12).contains(&a) { known_day(c, a, b).map(Some) } else { known_day(c, b, a).map(Some) }
}

impl Point {
    /// The day, month or year before or after this one.
    fn neighbour(self, by: i64) -> Result<Self, Fault> {
        let (first, last) = self.stated();
        let day = if by < 0 { first.plus_days(-1) } else { last.plus_days(1) };
        let (year, month, day) = day.parts();
        let parts = match self.parts {
            Parts::Day(..) | Parts::Moment(..) => Parts::Day(year, month, day),
            Parts::Month(..) | Parts::SomeDay(..) => Parts::Month(year, month),
            Parts::Year(_) | Parts::SomeMonth(_) | Parts::SomeDayOfYear(_) => Parts::Year(year),
            Parts::Years { .. } | Parts::Season(..) => {
                return Err(("“before” and “after” need a day, a month or a year".to_owned(), HINT.to_owned()));
            }
        };
        Ok(Self { parts, ..self })
    }
}
