//! Comparing dates: of birth, and of the event with its place.

use crate::dates::Span;

use super::Level;

/// Levels of two dates of birth.
pub mod birth {
    use super::{Level, Span};

    /// How many levels there are.
    pub const LEVELS: usize = 16;

    const WORDS: [&str; LEVELS] = [
        "missing",
        "the same day",
        "the same month, one not known to the day",
        "the same year, one known to the year",
        "day and month changed places",
        "one digit differs",
        "within 31 days",
        "whole years apart (up to 3), the same day of the year",
        "neighbouring years, one known to the year",
        "up to 3 years apart, one known to the year",
        "within a year",
        "within 3 years",
        "ages agree",
        "ages up to 3 years apart",
        "up to 10 years apart",
        "more than 10 years apart",
    ];

    /// The level of two dates of birth.
    #[inline]
    #[must_use]
    pub fn level(a: Span, b: Span) -> u8 {
        if a.is_missing() || b.is_missing() {
            return 0;
        }
        let gap = a.gap(b);
        if a.is_day() && b.is_day() {
            return if gap == 0 {
                1
            } else if a.day_month_swapped(b) {
                4
            } else if a.one_digit_off(b) {
                5
            } else if gap <= 31 {
                6
            } else if gap <= 1098 && (gap + 2) % 365 <= 6 {
                7
            } else if gap <= 366 {
                10
            } else if gap <= 1098 {
                11
            } else if gap <= 3660 {
                14
            } else {
                15
            };
        }
        let wide = a.width().max(b.width());
        if gap == 0 {
            return if wide <= 31 {
                2
            } else if wide <= 366 {
                3
            } else {
                12
            };
        }
        if wide <= 366 {
            // Between a year and a day the gap is to the nearer end of the year.
            match gap {
                ..=366 => 8,
                367..=1098 => 9,
                1099..=3660 => 14,
                _ => 15,
            }
        } else {
            match gap {
                ..=1098 => 13,
                1099..=3660 => 14,
                _ => 15,
            }
        }
    }

    /// The levels in words.
    #[must_use]
    pub fn levels() -> Vec<Level> {
        WORDS.iter().enumerate().map(|(i, w)| Level::new(format!("born: {w}"), u8::from(i > 0))).collect()
    }
}

/// Levels of two dates of events.
pub mod event {
    use super::Span;

    /// How many levels there are.
    pub const LEVELS: usize = 9;

    /// The levels in words.
    pub const WORDS: [&str; LEVELS] = [
        "date missing",
        "a busy day, the same",
        "the same day",
        "the same, rare day",
        "within 7 days",
        "possibly the same month",
        "within 31 days",
        "within 200 days",
        "another time",
    ];

    /// The level of two dates, where `class` (0–2) says how rare the day is.
    #[inline]
    #[must_use]
    pub fn level(a: Span, b: Span, class: u8) -> u8 {
        if a.is_missing() || b.is_missing() {
            return 0;
        }
        let gap = a.gap(b);
        let day = a.is_day() && b.is_day();
        match gap {
            0 if day => 1 + class,
            0 => 5,
            1..=7 if day => 4,
            1..=31 => 6,
            32..=200 => 7,
            _ => 8,
        }
    }
}
