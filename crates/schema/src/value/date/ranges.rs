//! What a date allows: *possible* and *certain*.
//!
//! A date that is not known to the day allows a range of days. A window *possibly* holds it when
//! the range and the window overlap, and *certainly* when the range lies inside the window
//! (in Allen's interval algebra: equal, during, starts or finishes). Everything that is counted
//! has a lower bound from the second and an upper bound from the first.
//!
//! - Approximate (`~`): one unit of its own precision either side. `2020-08~` allows 1 July to
//!   30 September 2020; `2020-08-15~` allows 14 to 16 August.
//! - Uncertain (`?`): the range is as stated, but nothing is certain.
//! - Seasons are read for the northern hemisphere, meteorological and astronomical together
//!   (spring 1 March – 30 June); winter is said both of the year in which it begins and of the one
//!   in which it ends, so it runs from 1 January of its year to 31 March of the next.

use std::cmp::{max, min};

use crate::value::Agreement;

use super::day::{FARTHEST_YEAR, days_in_month, shift_month};
use super::{Date, Day, End, Form, Parts, Point};

/// One side of a range or window.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Open,
    Unknown,
    At(Day),
}

impl Edge {
    const fn day(self) -> Option<Day> {
        match self {
            Self::At(day) => Some(day),
            Self::Open | Self::Unknown => None,
        }
    }
}

impl Date {
    /// The earliest and the latest day that it allows, both inclusive; `None` where an end is
    /// open or unknown.
    #[must_use]
    pub fn possible_range(&self) -> (Option<Day>, Option<Day>) {
        let (a, b) = self.edges(Point::possible);
        (a.day(), b.day())
    }

    /// Whether it is certain that it falls in the window: every day that it allows is one that
    /// the window certainly has. Never when either is uncertain.
    #[must_use]
    pub fn certainly_within(&self, window: &Self) -> bool {
        if self.is_uncertain() || window.is_uncertain() {
            return false;
        }
        let (earliest, latest) = self.edges(Point::possible);
        let (from, to) = window.edges(Point::core);
        let after = match (from, earliest) {
            (Edge::Open, _) => true,
            (Edge::At(from), Edge::At(day)) => day >= from,
            _ => false,
        };
        let before = match (to, latest) {
            (Edge::Open, _) => true,
            (Edge::At(to), Edge::At(day)) => day <= to,
            _ => false,
        };
        after && before
    }

    /// Whether it may fall in the window: they have a possible day in common.
    #[must_use]
    pub fn possibly_within(&self, window: &Self) -> bool {
        self.overlap_days(window) != Some(0)
    }

    /// How many days both allow; `Some(0)` when they have none in common, `None` when there is no
    /// end to them.
    #[must_use]
    pub fn overlap_days(&self, other: &Self) -> Option<u32> {
        let (a, b) = (self.possible_range(), other.possible_range());
        let from = match (a.0, b.0) {
            (Some(x), Some(y)) => Some(max(x, y)),
            (x, y) => x.or(y),
        };
        let to = match (a.1, b.1) {
            (Some(x), Some(y)) => Some(min(x, y)),
            (x, y) => x.or(y),
        };
        count(from?, to?)
    }

    /// How many days it has as stated (approximation aside), first and last counted:
    /// `2020-07-31/2020-09-10` has 42. `None` when an end is open or unknown.
    #[must_use]
    pub fn days_inclusive(&self) -> Option<u32> {
        let (a, b) = self.edges(Point::stated);
        count(a.day()?, b.day()?)
    }

    /// Whether every day it allows comes before every day the other allows.
    #[must_use]
    pub fn certainly_before(&self, other: &Self) -> bool {
        !self.is_uncertain()
            && !other.is_uncertain()
            && matches!(
                (self.possible_range().1, other.possible_range().0),
                (Some(a), Some(b)) if a < b
            )
    }

    fn edges(&self, of: impl Fn(&Point) -> (Day, Day)) -> (Edge, Edge) {
        match &self.form {
            Form::Point(point) => {
                let (a, b) = of(point);
                (Edge::At(a), Edge::At(b))
            }
            Form::Interval(start, end) => {
                let edge = |end: &End, pick: fn((Day, Day)) -> Day| match end {
                    End::Open => Edge::Open,
                    End::Unknown => Edge::Unknown,
                    End::At(point) => Edge::At(pick(of(point))),
                };
                (edge(start, |r| r.0), edge(end, |r| r.1))
            }
        }
    }

    /// Earliest, then time of day, then latest: fixed width, so that bytes order as days do.
    pub(crate) fn sort_text(&self) -> String {
        let (a, b) = self.possible_range();
        let number = |day: Option<Day>, otherwise: u64| {
            // Nine-digit years are within 4 × 10¹¹ days of 1970.
            day.map_or(otherwise, |d| d.number().saturating_add(500_000_000_000).unsigned_abs())
        };
        let seconds = match self.form {
            Form::Point(Point { parts: Parts::Moment(_, _, _, time), .. }) => {
                u32::from(time.hour) * 3600 + u32::from(time.minute) * 60 + u32::from(time.second.unwrap_or(0))
            }
            _ => 0,
        };
        format!("{:013}{seconds:05}{:013}", number(a, 0), number(b, 9_999_999_999_999))
    }

    /// By what each allows: a range inside the other says more; the same range doubted says less;
    /// ranges that overlap are compatible. Two moments are the same when their instants are.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        if let (Some(a), Some(b)) = (self.instant(), other.instant()) {
            return match a {
                _ if a == b => Agreement::Same,
                // Whose clock the one without an offset read is not known.
                _ if a.0 != b.0 => Agreement::Compatible,
                _ => Agreement::Different,
            };
        }
        let (a, b) = (self.possible_range(), other.possible_range());
        if self.overlap_days(other) == Some(0) {
            return Agreement::Different;
        }
        if a == b {
            let firm = |d: &Self| (d.is_moment(), !d.is_uncertain());
            let (x, y) = (firm(self), firm(other));
            return Agreement::of((x.0 && !y.0) || (x.1 && !y.1), (y.0 && !x.0) || (y.1 && !x.1));
        }
        let within = |x: (Option<Day>, Option<Day>), y: (Option<Day>, Option<Day>)| {
            y.0.is_none_or(|y| x.0.is_some_and(|x| x >= y)) && y.1.is_none_or(|y| x.1.is_some_and(|x| x <= y))
        };
        match (within(a, b), within(b, a)) {
            (true, _) => Agreement::MorePrecise,
            (_, true) => Agreement::LessPrecise,
            _ => Agreement::Compatible,
        }
    }

    fn is_moment(&self) -> bool {
        self.points().any(|p| matches!(p.parts, Parts::Moment(..)))
    }

    /// Whether a moment has an offset, and its seconds since 1970-01-01T00:00Z (without an offset,
    /// as if it were UTC).
    fn instant(&self) -> Option<(bool, i64)> {
        let Form::Point(Point { parts: Parts::Moment(year, month, day, time), .. }) = self.form else {
            return None;
        };
        let seconds = i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0))
            - i64::from(time.offset.unwrap_or(0)) * 60;
        Some((time.offset.is_some(), Day::at(year, month, day).number() * 86_400 + seconds))
    }
}

/// Days from the first to the last, both counted; 0 when they are the other way round.
fn count(from: Day, to: Day) -> Option<u32> {
    let days = to.number() - from.number() + 1;
    u32::try_from(days.max(0)).ok()
}

impl Point {
    /// The first and last day as stated.
    pub(super) fn stated(&self) -> (Day, Day) {
        let years = |a: i64, b: i64| (Day::at(a, 1, 1), Day::at(b, 12, 31));
        let months = |year: i64, a: u8, b: u8| (Day::at(year, a, 1), Day::at(year, b, days_in_month(year, b)));
        match self.parts {
            Parts::Years { negative, prefix, unknown } => {
                let size = 10_i64.pow(u32::from(unknown));
                let near = i64::from(prefix) * size;
                let far = near + size - 1;
                if negative { years(-far, -near) } else { years(near, far) }
            }
            Parts::Year(year) | Parts::SomeMonth(year) | Parts::SomeDayOfYear(year) => years(year, year),
            Parts::Season(year, 21) => months(year, 3, 6),
            Parts::Season(year, 22) => months(year, 6, 9),
            Parts::Season(year, 23) => months(year, 9, 12),
            Parts::Season(year, _) => (Day::at(year, 1, 1), Day::at(year + 1, 3, 31)),
            Parts::Month(year, month) | Parts::SomeDay(year, month) => months(year, month, month),
            Parts::Day(year, month, day) | Parts::Moment(year, month, day, _) => {
                let day = Day::at(year, month, day);
                (day, day)
            }
        }
    }

    /// The first and last day that it allows.
    fn possible(&self) -> (Day, Day) {
        let (a, b) = self.stated();
        if self.qualifier.approximate { (self.step(a, -1, false), self.step(b, 1, true)) } else { (a, b) }
    }

    /// The first and last day that it has for certain when it is a window. Empty (last before
    /// first) where approximation leaves nothing.
    fn core(&self) -> (Day, Day) {
        let (a, b) = self.stated();
        if self.qualifier.approximate { (self.step(a, 1, false), self.step(b, -1, true)) } else { (a, b) }
    }

    /// A first day (or, with `last`, a last day) moved by units of this date's precision.
    fn step(&self, day: Day, units: i64, last: bool) -> Day {
        let months = match self.parts {
            Parts::Day(..) | Parts::Moment(..) => return day.plus_days(units),
            Parts::Month(..) | Parts::SomeDay(..) => 1,
            Parts::Season(..) => 3,
            Parts::Year(_) | Parts::SomeMonth(_) | Parts::SomeDayOfYear(_) => 12,
            Parts::Years { unknown: 1, .. } => 120,
            Parts::Years { .. } => 1200,
        };
        let (year, month, _) = day.parts();
        let (year, month) = shift_month(year, month, months * units);
        // A year of nine digits has no year beyond it.
        let year = year.clamp(-FARTHEST_YEAR, FARTHEST_YEAR);
        let day = if last { days_in_month(year, month) } else { 1 };
        Day::at(year, month, day)
    }
}
