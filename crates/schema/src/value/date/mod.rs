//! Dates, as precise as they are known.
//!
//! The Extended Date/Time Format, level 1 in full (ISO 8601-2:2019, clause 4 and annex A; Library
//! of Congress, EDTF specification of 2019-02-04): years, months, days; seasons 21–24; unspecified
//! digits from the right (`201X`, `20XX`, `2004-XX`, `2004-06-XX`, `2004-XX-XX`); uncertain `?`,
//! approximate `~`, both `%`; intervals with open (`..`) and unknown (nothing) ends; negative and
//! `Y`-prefixed years. Also date-times, with minutes enough (`2023-02-13T10:00+07:00`).
//!
//! What of level 1 is read but bounded: years have at most nine digits.

mod day;
mod display;
mod edtf;
mod human;
mod ranges;
#[cfg(test)]
mod tests;

use crate::value::ValueError;

pub use day::Day;

/// A date: one point of the calendar, or an interval.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Date {
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Form {
    Point(Point),
    Interval(End, End),
}

/// An end of an interval.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum End {
    /// `..`: there is no end.
    Open,
    /// Nothing written: there is one, but it is not known.
    Unknown,
    At(Point),
}

/// A date with what is said of its certainty.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Point {
    parts: Parts,
    qualifier: Qualifier,
}

/// Approximate and uncertain are two things: “about August 2020” and “August 2020, perhaps”.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
struct Qualifier {
    approximate: bool,
    uncertain: bool,
}

/// How much of a date is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Parts {
    /// `201X` (one unknown digit) or `20XX` (two).
    Years {
        negative: bool,
        prefix: u16,
        unknown: u8,
    },
    /// Written with `Y` when it has more than four digits.
    Year(i64),
    /// `2001-21`: spring 21, summer 22, autumn 23, winter 24.
    Season(i64, u8),
    /// `2004-XX`
    SomeMonth(i64),
    /// `2004-XX-XX`
    SomeDayOfYear(i64),
    Month(i64, u8),
    /// `2004-06-XX`
    SomeDay(i64, u8),
    Day(i64, u8, u8),
    Moment(i64, u8, u8, Time),
}

/// A time of day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Time {
    hour: u8,
    minute: u8,
    second: Option<u8>,
    /// Minutes east of UTC; `None` when the source does not say.
    offset: Option<i16>,
}

impl Date {
    /// Reads EDTF, or what people write: “31 July 2020”, “July 31, 2020”, “Aug. 2020”,
    /// “31/07/2020” (day first, as in Cambodia, and only where no other reading is possible),
    /// “about August 2020”, “between October and November 2020”, “before 3 September 2017”,
    /// «៣១ កក្កដា ២០២០».
    ///
    /// # Errors
    /// When there is no such day, the text can be read in two ways, or it is no date.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match edtf::read(text)? {
            Some(date) => Ok(date),
            None => human::read(text),
        }
    }

    /// The date of a known day.
    #[must_use]
    pub fn of_day(day: Day) -> Self {
        let (year, month, day) = day.parts();
        Self::point(Parts::Day(year, month, day), Qualifier::default())
    }

    fn point(parts: Parts, qualifier: Qualifier) -> Self {
        Self { form: Form::Point(Point { parts, qualifier }) }
    }

    fn points(&self) -> impl Iterator<Item = &Point> {
        let (a, b) = match &self.form {
            Form::Point(p) => (Some(p), None),
            Form::Interval(a, b) => (a.point(), b.point()),
        };
        [a, b].into_iter().flatten()
    }

    /// Whether it is about a date rather than at it (`~` or `%`), at either end.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.points().any(|p| p.qualifier.approximate)
    }

    /// Whether the source itself doubts it (`?` or `%`), at either end.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.points().any(|p| p.qualifier.uncertain)
    }

    /// Whether it is written as an interval.
    #[must_use]
    pub const fn is_interval(&self) -> bool {
        matches!(self.form, Form::Interval(..))
    }
}

impl End {
    const fn point(&self) -> Option<&Point> {
        match self {
            Self::At(p) => Some(p),
            Self::Open | Self::Unknown => None,
        }
    }
}
