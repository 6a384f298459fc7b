//! Dates as the comparison needs them: the range of days that a date allows, and its digits.

use schema::Date;

/// A date, packed. Days are counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day that it allows; `i32::MAX` when the date is missing or not a date.
    pub lo: i32,
    /// Last day that it allows.
    pub hi: i32,
    /// Year, month and day as eight decimal digits of four bits each; 0 unless known to the day.
    pub digits: u32,
}

impl Span {
    /// No date.
    pub const MISSING: Self = Self { lo: i32::MAX, hi: i32::MAX, digits: 0 };

    /// Whether there is no date.
    #[inline]
    #[must_use]
    pub const fn is_missing(self) -> bool {
        self.lo == i32::MAX
    }

    /// Whether it is known to the day.
    #[inline]
    #[must_use]
    pub const fn is_day(self) -> bool {
        self.lo == self.hi && self.lo != i32::MAX
    }

    /// A range of days, both inclusive.
    #[must_use]
    pub const fn range(lo: i32, hi: i32) -> Self {
        Self { lo, hi, digits: 0 }
    }

    fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        let exists = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        exists.then(|| {
            let n = number(year, month, day);
            Self { lo: n, hi: n, digits: bcd(year, month, day) }
        })
    }

    /// Reads `2020-07-31`, `20200731`, `2020-07`, `2020`, or whatever else EDTF allows.
    /// `None` when it is no date.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let t = text.trim().as_bytes();
        if t.is_empty() {
            return Some(Self::MISSING);
        }
        let digits = |from: usize, to: usize| -> Option<u32> {
            t.get(from..to)?.iter().try_fold(0u32, |n, &c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
        };
        let quick = match t.len() {
            10 if t[4] == b'-' && t[7] == b'-' => match (digits(0, 4), digits(5, 7), digits(8, 10)) {
                (Some(y), Some(m), Some(d)) => Some(Self::day(y as i32, m, d)),
                _ => None,
            },
            8 => match (digits(0, 4), digits(4, 6), digits(6, 8)) {
                (Some(y), Some(m), Some(d)) => Some(Self::day(y as i32, m, d)),
                _ => None,
            },
            7 if t[4] == b'-' => match (digits(0, 4), digits(5, 7)) {
                (Some(y), Some(m @ 1..=12)) => {
                    let last = days_in_month(y as i32, m);
                    Some(Some(Self::range(number(y as i32, m, 1), number(y as i32, m, last))))
                }
                _ => None,
            },
            4 => digits(0, 4).map(|y| Some(Self::range(number(y as i32, 1, 1), number(y as i32, 12, 31)))),
            _ => None,
        };
        match quick {
            Some(span @ Some(_)) => span,
            // Well formed and no such day (31 February): the year and month still say something.
            Some(None) => {
                let (y, m) = (
                    digits(0, 4)? as i32,
                    digits(if t.len() == 10 { 5 } else { 4 }, if t.len() == 10 { 7 } else { 6 })?,
                );
                let (m, last) = if (1..=12).contains(&m) { (m..=m, m) } else { (1..=12, 12) };
                Some(Self::range(number(y, *m.start(), 1), number(y, last, days_in_month(y, last))))
            }
            None => {
                let date = Date::parse(text.trim()).ok()?;
                let (lo, hi) = date.possible_range();
                let (lo, hi) = (i32::try_from(lo?.number()).ok()?, i32::try_from(hi?.number()).ok()?);
                if lo == hi {
                    let (y, m, d) = lo_parts(lo);
                    return Self::day(y, m, d);
                }
                Some(Self::range(lo, hi))
            }
        }
    }

    /// Whether they differ in one digit, or in two neighbours that changed places. Both known to
    /// the day.
    #[inline]
    #[must_use]
    pub const fn one_digit_off(self, other: Self) -> bool {
        let x = self.digits ^ other.digits;
        let nibbles = (x | x >> 1 | x >> 2 | x >> 3) & 0x1111_1111;
        match nibbles.count_ones() {
            0 | 1 => true,
            2 => {
                let at = nibbles.trailing_zeros();
                nibbles >> at == 0x11
                    && (self.digits >> at & 15) == (other.digits >> (at + 4) & 15)
                    && (self.digits >> (at + 4) & 15) == (other.digits >> at & 15)
            }
            _ => false,
        }
    }

    /// Whether day and month changed places. Both known to the day.
    #[inline]
    #[must_use]
    pub const fn day_month_swapped(self, other: Self) -> bool {
        self.digits >> 16 == other.digits >> 16
            && (self.digits & 0xff) == (other.digits >> 8 & 0xff)
            && (self.digits >> 8 & 0xff) == (other.digits & 0xff)
    }

    /// Days between the two ranges; 0 when they overlap.
    #[inline]
    #[must_use]
    pub const fn gap(self, other: Self) -> i32 {
        if self.lo > other.hi {
            self.lo.wrapping_sub(other.hi)
        } else if other.lo > self.hi {
            other.lo.wrapping_sub(self.hi)
        } else {
            0
        }
    }

    /// Days that it allows, both ends counted.
    #[inline]
    #[must_use]
    pub const fn width(self) -> i32 {
        self.hi.wrapping_sub(self.lo).wrapping_add(1)
    }

    /// The year of its middle.
    #[must_use]
    pub fn year(self) -> i32 {
        lo_parts(self.lo + (self.hi - self.lo) / 2).0
    }

    /// Year and month, when it lies within one month.
    #[must_use]
    pub fn month(self) -> Option<(i32, u32)> {
        let ((y, m, _), (y2, m2, _)) = (lo_parts(self.lo), lo_parts(self.hi));
        (!self.is_missing() && (y, m) == (y2, m2)).then_some((y, m))
    }

    /// The year, when it lies within one year.
    #[must_use]
    pub fn one_year(self) -> Option<i32> {
        let (a, b) = (lo_parts(self.lo).0, lo_parts(self.hi).0);
        (!self.is_missing() && a == b).then_some(a)
    }
}

const fn bcd(year: i32, month: u32, day: u32) -> u32 {
    let y = year.unsigned_abs();
    (y / 1000 % 10) << 28
        | (y / 100 % 10) << 24
        | (y / 10 % 10) << 20
        | (y % 10) << 16
        | (month / 10) << 12
        | (month % 10) << 8
        | (day / 10) << 4
        | (day % 10)
}

const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 => 28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) as u32,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 (H. Hinnant, `days_from_civil`).
const fn number(year: i32, month: u32, day: u32) -> i32 {
    let (m, d) = (month as i32, day as i32);
    let year = if m <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

const fn lo_parts(day: i32) -> (i32, u32, u32) {
    let z = day as i64 + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    ((yoe + era * 400 + (m <= 2) as i64) as i32, m as u32, d as u32)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn d(text: &str) -> Span {
        Span::parse(text).unwrap()
    }

    #[test]
    fn reads_dates_of_any_precision() {
        assert_eq!(d("2020-07-31"), d("20200731"));
        assert!(d("2020-07-31").is_day());
        assert_eq!(d("2020-07").width(), 31);
        assert_eq!(d("2020").width(), 366);
        assert_eq!(d("2020-02-31"), d("2020-02"));
        assert_eq!(d("2020-07-31").year(), 2020);
        assert!(d("").is_missing());
        assert_eq!(Span::parse("soon"), None);
        assert_eq!(d("2020-07-30/2020-08-02").width(), 4);
    }

    #[test]
    fn compares_digits() {
        assert!(d("2020-07-31").one_digit_off(d("2021-07-31")));
        assert!(d("2020-07-31").one_digit_off(d("2020-07-13")));
        assert!(!d("2020-07-31").one_digit_off(d("2021-08-31")));
        assert!(d("2020-07-03").day_month_swapped(d("2020-03-07")));
        assert_eq!(d("2020-07-31").gap(d("2020-09")), 32);
        assert_eq!(d("2020-07-31").gap(d("2020")), 0);
    }
}
