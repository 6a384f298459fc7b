//! A day of the proleptic Gregorian calendar (ISO 8601-1), and arithmetic on days.

use std::fmt;

/// A day. Ordered; printed as `2020-07-31`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i64);

/// Years beyond this many either side of 0 are refused: all day arithmetic stays far inside i64.
pub(crate) const FARTHEST_YEAR: i64 = 999_999_999;

impl Day {
    /// The day with this year (astronomical: 0 is 1 BC), month 1–12 and day of the month; `None`
    /// if there is no such day, or the year has more than nine digits.
    #[must_use]
    pub fn new(year: i64, month: u8, day: u8) -> Option<Self> {
        let exists =
            (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month) && year.abs() <= FARTHEST_YEAR;
        exists.then(|| Self::at(year, month, day))
    }

    /// The day so many days after 1970-01-01; `None` more than some 999 million years off, as with [`Day::new`].
    #[must_use]
    pub fn from_number(days: i64) -> Option<Self> {
        (days.unsigned_abs() < FARTHEST_YEAR.unsigned_abs() * 365).then_some(Self(days))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// As [`Day::new`] for parts that are known to be right. Algorithm: H. Hinnant,
    /// “chrono-compatible low-level date algorithms”, `days_from_civil`.
    pub(super) fn at(year: i64, month: u8, day: u8) -> Self {
        let (month, day) = (i64::from(month), i64::from(day));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month and day. Hinnant, `civil_from_days`.
    #[must_use]
    pub fn parts(self) -> (i64, u8, u8) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month as u8, day as u8)
    }

    /// So many days later, or earlier.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// So many calendar months later or earlier: the same day of that month, or its last day.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let (year, month, day) = self.parts();
        let (year, month) = shift_month(year, month, months);
        Self::at(year, month, day.min(days_in_month(year, month)))
    }

    /// 0 Monday … 6 Sunday.
    pub(super) const fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as usize
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        let sign = if year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{month:02}-{day:02}", year.abs())
    }
}

pub(super) const fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

pub(super) const fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The month so many months away.
pub(super) const fn shift_month(year: i64, month: u8, by: i64) -> (i64, u8) {
    let months = year * 12 + month as i64 - 1 + by;
    (months.div_euclid(12), months.rem_euclid(12) as u8 + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn there_and_back() {
        for number in (-800_000..800_000).step_by(97) {
            let (year, month, day) = Day(number).parts();
            assert_eq!(Day::new(year, month, day), Some(Day(number)));
        }
        assert_eq!(Day::new(1970, 1, 1).unwrap().number(), 0);
        assert_eq!(Day::from_number(18_506), Day::new(2020, 9, 1));
        assert_eq!(Day::from_number(i64::MIN), None);
        assert_eq!(Day::new(2021, 2, 29), None);
        assert_eq!(Day::new(2020, 2, 29).unwrap().to_string(), "2020-02-29");
        assert_eq!(Day::new(2020, 7, 31).unwrap().weekday(), 4);
    }
}
