//! The text form: EDTF level 1.

use std::fmt::Write as _;

use crate::fold::latin_digits;
use crate::value::{Kind, ValueError};

use super::day::{FARTHEST_YEAR, days_in_month, is_leap};
use super::display::{MONTHS, month_name};
use super::{Date, End, Form, Parts, Point, Qualifier, Time};

/// What is wrong, and what would be right.
pub(super) type Fault = (String, String);

/// Reads EDTF. `None`: the text has another shape and may be a date in words.
pub(super) fn read(text: &str) -> Result<Option<Date>, ValueError> {
    let plain = latin_digits(text.trim()).to_ascii_uppercase().replace('−', "-");
    let refuse = |(problem, hint): Fault| ValueError::new(Kind::Date, text, problem, hint);
    let Some((start, end)) = plain.split_once('/') else {
        return Ok(read_point(&plain).map_err(refuse)?.map(|p| Date { form: Form::Point(p) }));
    };
    let (Some(a), Some(b)) = (read_end(start).map_err(refuse)?, read_end(end).map_err(refuse)?) else {
        return Ok(None);
    };
    interval(a, b).map(Some).map_err(refuse)
}

/// An interval, if its ends are in order and one of them is known.
pub(super) fn interval(a: End, b: End) -> Result<Date, Fault> {
    let date = Date { form: Form::Interval(a, b) };
    match (a.point(), b.point()) {
        (None, None) => Err((
            "neither end is given".to_owned(),
            "Write one of them, such as 2020-01-01/.. or ../2017-09-03.".to_owned(),
        )),
        (Some(x), Some(y)) if x.stated().0 > y.stated().1 => Err((
            "it ends before it begins".to_owned(),
            format!("Write {}/{} if that is meant.", y.canonical(), x.canonical()),
        )),
        _ => Ok(date),
    }
}

fn read_end(text: &str) -> Result<Option<End>, Fault> {
    Ok(match text {
        "" => Some(End::Unknown),
        ".." => Some(End::Open),
        other => read_point(other)?.map(End::At),
    })
}

/// A date without a solidus; `None` when it does not have the shape of one.
fn read_point(text: &str) -> Result<Option<Point>, Fault> {
    let (body, qualifier) = match text.char_indices().last() {
        Some((at, '?')) => (&text[..at], (false, true)),
        Some((at, '~')) => (&text[..at], (true, false)),
        Some((at, '%')) => (&text[..at], (true, true)),
        _ => (text, (false, false)),
    };
    let qualifier = Qualifier { approximate: qualifier.0, uncertain: qualifier.1 };
    let Some(parts) = read_parts(body)? else {
        return Ok(None);
    };
    if matches!(parts, Parts::Moment(..)) && qualifier != Qualifier::default() {
        return Err((
            "a time of day cannot be uncertain or approximate".to_owned(),
            "Leave the time out, such as 2023-02-13~.".to_owned(),
        ));
    }
    Ok(Some(Point { parts, qualifier }))
}

fn read_parts(text: &str) -> Result<Option<Parts>, Fault> {
    if let Some(long) = text.strip_prefix('Y') {
        return long_year(long);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let (negative, digits) = match date.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, date),
    };
    let fields: Vec<&str> = digits.split('-').collect();
    let shaped = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit() || b == b'X');
    let (year, rest) = match fields.split_first() {
        Some((year, rest)) if shaped(year, 4) && rest.len() <= 2 => (*year, rest),
        _ => return Ok(None),
    };
    if !rest.iter().all(|field| shaped(field, 2)) {
        return Ok(None);
    }
    let parts = if year.contains('X') {
        some_years(negative, year, !rest.is_empty())?
    } else {
        let number: i64 = year.parse().map_err(|_| no_date())?;
        if negative && number == 0 {
            return Err(("there is no year -0000".to_owned(), "The year 1 BC is 0000.".to_owned()));
        }
        let year = if negative { -number } else { number };
        match rest {
            [] => Parts::Year(year),
            [month] => month_or_season(year, month)?,
            [month, day] => day_of(year, month, day)?,
            _ => return Ok(None),
        }
    };
    match (time, parts) {
        (None, parts) => Ok(Some(parts)),
        (Some(time), Parts::Day(year, month, day)) => Ok(Some(Parts::Moment(year, month, day, read_time(time)?))),
        (Some(_), _) => {
            Err(("a time of day needs a whole date".to_owned(), "Write 2023-02-13T10:00+07:00.".to_owned()))
        }
    }
}

fn no_date() -> Fault {
    ("this is not a date".to_owned(), Kind::Date.example().to_owned())
}

/// `Y170000002`, `Y-17000`: more than four digits.
fn long_year(text: &str) -> Result<Option<Parts>, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    if digits.len() < 5 || digits.starts_with('0') {
        return Err((
            "Y is for years of more than four digits".to_owned(),
            "Write a year of four digits without it, such as 0985.".to_owned(),
        ));
    }
    match text.parse::<i64>() {
        Ok(year) if year.abs() <= FARTHEST_YEAR => Ok(Some(Parts::Year(year))),
        _ => Err(("years of more than nine digits are not kept".to_owned(), "Write the year in a note.".to_owned())),
    }
}

/// `201X`, `20XX`.
fn some_years(negative: bool, year: &str, more: bool) -> Result<Parts, Fault> {
    let known = year.trim_end_matches('X');
    if more || known.len() < 2 || known.contains('X') {
        return Err((
            "these unknown digits go beyond EDTF level 1".to_owned(),
            "X may stand for the last one or two digits of a year alone (201X, 20XX), for a \
             month (2004-XX) or for a day (2004-06-XX, 2004-XX-XX)."
                .to_owned(),
        ));
    }
    Ok(Parts::Years {
        negative,
        prefix: known.parse().map_err(|_| no_date())?,
        unknown: if known.len() == 3 { 1 } else { 2 },
    })
}

fn month_or_season(year: i64, field: &str) -> Result<Parts, Fault> {
    if field == "XX" {
        return Ok(Parts::SomeMonth(year));
    }
    match number(field)? {
        month @ 1..=12 => Ok(Parts::Month(year, month)),
        season @ 21..=24 => Ok(Parts::Season(year, season)),
        0 => Err(("there is no month 00".to_owned(), format!("Write {} if the month is not known.", year_text(year)))),
        other => Err((
            format!("there is no month {other:02}"),
            "Months are 01 to 12; 21 to 24 are spring, summer, autumn and winter.".to_owned(),
        )),
    }
}

fn day_of(year: i64, month: &str, day: &str) -> Result<Parts, Fault> {
    if month == "XX" {
        if day == "XX" {
            return Ok(Parts::SomeDayOfYear(year));
        }
        return Err((
            "a day of an unknown month goes beyond EDTF level 1".to_owned(),
            format!("Write {}-XX-XX, and the day in a note.", year_text(year)),
        ));
    }
    let month = match month_or_season(year, month)? {
        Parts::Month(_, month) => month,
        _ => {
            return Err(("a season has no days".to_owned(), format!("Write {}-{month} alone.", year_text(year))));
        }
    };
    if day == "XX" {
        return Ok(Parts::SomeDay(year, month));
    }
    known_day(year, month, number(day)?)
}

/// A day, if there is one.
pub(super) fn known_day(year: i64, month: u8, day: u8) -> Result<Parts, Fault> {
    if !(1..=12).contains(&month) {
        return Err((format!("there is no month {month}"), "Months are 1 to 12.".to_owned()));
    }
    let last = days_in_month(year, month);
    if (1..=last).contains(&day) {
        return Ok(Parts::Day(year, month, day));
    }
    let leap = if month == 2 && is_leap(year) { ", it is a leap year" } else { "" };
    Err((
        format!("{} {} has {last} days{leap}", month_name(&MONTHS, month), year_text(year)),
        format!("Write a day from 01 to {last}, or {}-{month:02} if the day is not known.", year_text(year)),
    ))
}

/// `10:00`, `10:00:30`, with `Z`, `+07:00`, `+07` or nothing after it.
fn read_time(text: &str) -> Result<Time, Fault> {
    let fault = || {
        ("the time cannot be read".to_owned(), "Write hours and minutes, such as 2023-02-13T10:00+07:00.".to_owned())
    };
    let (clock, offset) = if let Some(clock) = text.strip_suffix('Z') {
        (clock, Some(0))
    } else if let Some(at) = text.rfind(['+', '-']) {
        let (clock, offset) = text.split_at(at);
        let sign = if offset.starts_with('-') { -1 } else { 1 };
        let (hours, minutes) = offset[1..].split_once(':').unwrap_or((&offset[1..], "00"));
        let (hours, minutes) = (two(hours, 14).ok_or_else(fault)?, two(minutes, 59).ok_or_else(fault)?);
        (clock, Some(sign * (i16::from(hours) * 60 + i16::from(minutes))))
    } else {
        (text, None)
    };
    let mut fields = clock.split(':');
    let hour = fields.next().and_then(|h| two(h, 23)).ok_or_else(fault)?;
    let minute = fields.next().and_then(|m| two(m, 59)).ok_or_else(fault)?;
    let second = match fields.next() {
        Some(second) => Some(two(second, 59).ok_or_else(fault)?),
        None => None,
    };
    if fields.next().is_some() {
        return Err(fault());
    }
    Ok(Time { hour, minute, second, offset })
}

fn two(text: &str, most: u8) -> Option<u8> {
    let fits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok()?;
    (fits && number <= most).then_some(number)
}

fn number(field: &str) -> Result<u8, Fault> {
    field.parse().map_err(|_| {
        (
            format!("“{field}” is half a number"),
            "X stands for both digits of a month or day, as in 2004-06-XX.".to_owned(),
        )
    })
}

/// `2020`, `-0044`, `Y17000`.
fn year_text(year: i64) -> String {
    let sign = if year < 0 { "-" } else { "" };
    if year.abs() > 9999 { format!("Y{year}") } else { format!("{sign}{:04}", year.abs()) }
}

impl Date {
    /// The EDTF text.
    #[must_use]
    pub fn canonical(&self) -> String {
        match &self.form {
            Form::Point(point) => point.canonical(),
            Form::Interval(a, b) => format!("{}/{}", a.canonical(), b.canonical()),
        }
    }
}

impl End {
    fn canonical(&self) -> String {
        match self {
            Self::Open => "..".to_owned(),
            Self::Unknown => String::new(),
            Self::At(point) => point.canonical(),
        }
    }
}

impl Point {
    pub(super) fn canonical(&self) -> String {
        let mut out = match self.parts {
            Parts::Years { negative, prefix, unknown } => format!(
                "{}{prefix:0width$}{}",
                if negative { "-" } else { "" },
                if unknown == 1 { "X" } else { "XX" },
                width = 4 - usize::from(unknown),
            ),
            Parts::Year(year) => year_text(year),
            Parts::Season(year, number) | Parts::Month(year, number) => {
                format!("{}-{number:02}", year_text(year))
            }
            Parts::SomeMonth(year) => format!("{}-XX", year_text(year)),
            Parts::SomeDayOfYear(year) => format!("{}-XX-XX", year_text(year)),
            Parts::SomeDay(year, month) => format!("{}-{month:02}-XX", year_text(year)),
            Parts::Day(year, month, day) => format!("{}-{month:02}-{day:02}", year_text(year)),
            Parts::Moment(year, month, day, time) => {
                format!("{}-{month:02}-{day:02}T{}", year_text(year), time.canonical())
            }
        };
        match (self.qualifier.approximate, self.qualifier.uncertain) {
            (true, true) => out.push('%'),
            (true, false) => out.push('~'),
            (false, true) => out.push('?'),
            (false, false) => {}
        }
        out
    }
}

impl Time {
    fn canonical(&self) -> String {
        let mut out = format!("{:02}:{:02}", self.hour, self.minute);
        // Writing to a String cannot fail.
        if let Some(second) = self.second {
            let _ = write!(out, ":{second:02}");
        }
        match self.offset {
            None => {}
            Some(0) => out.push('Z'),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let _ = write!(out, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60);
            }
        }
        out
    }
}
