//! Lengths of time in calendar parts.

use crate::fold::{is_khmer, latin_digits, local_digits, one_spaced};
use crate::value::count::strip_any;
use crate::value::{Agreement, Day, Kind, ValueError, number};

/// Years, months and days as a court or a reporter says them: `P15M11D`.
///
/// Months are calendar months. They are never turned into days: fifteen months and eleven days
/// end on a day that depends on the one they begin on ([`Duration::added_to`]). Only years and
/// months convert into each other (twelve to one).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Duration {
    /// Calendar years.
    pub years: u32,
    /// Calendar months beside them; may be more than eleven, as in “18 months”.
    pub months: u32,
    /// Days beside them.
    pub days: u32,
    /// Whether the source rounds.
    pub approximate: bool,
}

/// No part is longer: two thousand years of prison have been pronounced, a hundred thousand not.
const MOST: u32 = 99_999;

impl Duration {
    /// A duration from its parts.
    ///
    /// # Errors
    /// When a part is above 99,999.
    pub fn new(years: u32, months: u32, days: u32, approximate: bool) -> Result<Self, ValueError> {
        let duration = Self { years, months, days, approximate };
        if years.max(months).max(days) > MOST {
            return Err(ValueError::new(
                Kind::Duration,
                &duration.canonical(),
                "a part is above 99,999",
                "Write larger parts, such as years.",
            ));
        }
        Ok(duration)
    }

    /// Reads the canonical form (ISO 8601-1 §5.5.2, years, months, weeks and days) or what people
    /// write: “18 months”, “15 months 11 days”, “two years”, “about 18 months”, «១៨ ខែ».
    ///
    /// # Errors
    /// When it is none, or has hours (which are not kept) or fractions.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let plain = one_spaced(&latin_digits(text).to_lowercase());
        let (approximate, rest) =
            strip_any(&plain, &["~", "about ", "around ", "roughly ", "approximately ", "nearly ", "almost ", "ប្រហែល"])
                .map_or((false, plain.as_str()), |r| (true, r));
        let parts = match rest.strip_prefix('p') {
            Some(iso) if iso.bytes().next().is_some_and(|b| b.is_ascii_digit()) => designators(iso),
            _ => words(rest),
        };
        match parts {
            Ok([years, months, days]) => {
                Self::new(years, months, days, approximate).map_err(|e| ValueError { given: text.to_owned(), ..e })
            }
            Err(problem) => Err(ValueError::new(
                Kind::Duration,
                text,
                problem,
                "Write years, months and days, such as 18 months, 15 months 11 days or P15M11D.",
            )),
        }
    }

    /// `P15M11D`; `~P18M` if the source rounds; `P0D` for none at all.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::from(if self.approximate { "~P" } else { "P" });
        for (number, letter) in [(self.years, 'Y'), (self.months, 'M'), (self.days, 'D')] {
            if number > 0 {
                out.push_str(&number.to_string());
                out.push(letter);
            }
        }
        if out.ends_with('P') {
            out.push_str("0D");
        }
        out
    }

    /// Years and months as months.
    #[must_use]
    pub const fn total_months(&self) -> u64 {
        self.years as u64 * 12 + self.months as u64
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.years == 0 && self.months == 0 && self.days == 0
    }

    /// The day on which it ends when it begins on `start`: calendar months first (to the last
    /// day of a month that is too short), then days.
    #[must_use]
    pub fn added_to(&self, start: Day) -> Day {
        start.plus_months(self.total_months() as i64).plus_days(i64::from(self.days))
    }

    /// “15 months 11 days”; in Khmer «១៥ ខែ ១១ ថ្ងៃ».
    #[must_use]
    pub fn display(&self, locale: &str) -> String {
        let km = is_khmer(locale);
        let mut parts = Vec::new();
        for (number, one, khmer) in [(self.years, "year", "ឆ្នាំ"), (self.months, "month", "ខែ"), (self.days, "day", "ថ្ងៃ")]
        {
            if number > 0 || (one == "day" && self.is_zero()) {
                parts.push(if km {
                    format!("{} {khmer}", local_digits(&number.to_string(), locale))
                } else {
                    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
                });
            }
        }
        let words = parts.join(" ");
        match (self.approximate, km) {
            (false, _) => words,
            (true, true) => format!("ប្រហែល {words}"),
            (true, false) => format!("about {words}"),
        }
    }

    /// Whether it is certain which of the two is longer (or that both are equal), whatever months
    /// are meant: a month against 30 days is not.
    #[must_use]
    pub fn is_comparable(&self, other: &Self) -> bool {
        let (a, b) = (self.total_months(), other.total_months());
        if a == b || (a < b) == (self.days < other.days) || self.days == other.days {
            return true;
        }
        // n calendar months have between 30.4369 n − 3 and 30.4369 n + 3 days, for every n.
        self.average().abs_diff(other.average()) > 6 * DAY
    }

    /// For ordering only, never shown: microdays, with the average Gregorian month of
    /// 30.436875 days (146,097 days in 4,800 months).
    fn average(&self) -> u64 {
        self.total_months() * 30_436_875 + u64::from(self.days) * DAY
    }

    pub(super) fn sort_text(&self) -> String {
        format!("{:020}", self.average())
    }

    /// The same if years and months add up alike; a rounded duration says less than the same one
    /// unrounded, and allows a tenth more or less.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        let same = self.total_months() == other.total_months() && self.days == other.days;
        if same {
            return Agreement::of(other.approximate && !self.approximate, self.approximate && !other.approximate);
        }
        let (a, b) = (self.average(), other.average());
        let near = a.abs_diff(b) * 10 <= a.max(b);
        match (near, self.approximate, other.approximate) {
            (true, true, false) => Agreement::LessPrecise,
            (true, false, true) => Agreement::MorePrecise,
            (true, true, true) => Agreement::Compatible,
            _ => Agreement::Different,
        }
    }
}

/// A day in microdays.
const DAY: u64 = 1_000_000;

type Parts = Result<[u32; 3], String>;

/// `15m11d` (the `p` is gone, letter case too).
fn designators(iso: &str) -> Parts {
    let mut parts = [0u32; 3];
    let mut digits = String::new();
    let mut last = 0;
    for c in iso.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let (place, order, factor) = match c {
            'y' => (0, 1, 1),
            'm' => (1, 2, 1),
            'w' => (2, 3, 7),
            'd' => (2, 4, 1),
            't' => return Err("hours, minutes and seconds are not kept".to_owned()),
            _ => return Err(format!("“{c}” is no part of a duration")),
        };
        if order <= last {
            return Err("the parts go years, months, weeks, days".to_owned());
        }
        last = order;
        let number: u32 = digits.parse().map_err(|_| "a number is missing or too large".to_owned())?;
        digits.clear();
        add(&mut parts, place, number, factor)?;
    }
    if digits.is_empty() { Ok(parts) } else { Err("the last number has no Y, M, W or D".to_owned()) }
}

/// “15 months and 11 days”, “two years”, “18-month”.
fn words(phrase: &str) -> Parts {
    let spaced = phrase.replace(',', " ");
    // Khmer writes the unit against the number: ១៨ខែ.
    let spaced = ["ឆ្នាំ", "ខែ", "ថ្ងៃ"].iter().fold(spaced, |s, unit| s.replace(unit, &format!(" {unit} ")));
    let spaced = spaced.replace('-', " ");
    let mut parts = [0u32; 3];
    let mut number = String::new();
    let mut any = false;
    for word in spaced.split_whitespace() {
        let (place, factor) = match word {
            "year" | "years" | "yr" | "yrs" | "ឆ្នាំ" => (0, 1),
            "month" | "months" | "mo" | "mos" | "ខែ" => (1, 1),
            "week" | "weeks" => (2, 7),
            "day" | "days" | "ថ្ងៃ" => (2, 1),
            "hour" | "hours" | "minute" | "minutes" => {
                return Err("hours and minutes are not kept".to_owned());
            }
            "and" | "និង" if number.is_empty() => continue,
            other => {
                number.push_str(other);
                number.push(' ');
                continue;
            }
        };
        let phrase = match number.trim() {
            "a" | "an" => "one",
            other => other,
        };
        let whole = number::read(phrase)
            .and_then(number::Decimal::as_whole)
            .and_then(|n| u32::try_from(n).ok())
            .ok_or_else(|| format!("“{phrase}” is not a whole number of {word}"))?;
        number.clear();
        any = true;
        add(&mut parts, place, whole, factor)?;
    }
    if !any || !number.is_empty() {
        return Err("this is not a length of time".to_owned());
    }
    Ok(parts)
}

fn add(parts: &mut [u32; 3], place: usize, number: u32, factor: u32) -> Result<(), String> {
    if let Some(part) = parts.get_mut(place) {
        *part = number
            .checked_mul(factor)
            .and_then(|n| part.checked_add(n))
            .ok_or_else(|| "a number is too large".to_owned())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn duration(text: &str) -> Duration {
        Duration::parse(text).unwrap()
    }

    #[test]
    fn as_people_write_them() {
        for (written, canonical) in [
            ("18 months", "P18M"),
            ("15 months 11 days", "P15M11D"),
            ("15 months and 11 days", "P15M11D"),
            ("27 years", "P27Y"),
            ("two years", "P2Y"),
            ("a year", "P1Y"),
            ("18-month", "P18M"),
            ("about 18 months", "~P18M"),
            ("six weeks", "P42D"),
            ("P1Y6M", "P1Y6M"),
            ("p15m11d", "P15M11D"),
            ("~P18M", "~P18M"),
            ("0 days", "P0D"),
            ("១៨ខែ", "P18M"),
            ("១៥ ខែ ១១ ថ្ងៃ", "P15M11D"),
        ] {
            assert_eq!(duration(written).canonical(), canonical, "{written}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for written in ["18", "P", "PT48H", "48 hours", "P1D1Y", "1.5 years", "P5", "months", "long"] {
            assert!(Duration::parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn months_are_calendar_months() {
        let start = Day::new(2020, 1, 31).unwrap();
        assert_eq!(duration("P1M").added_to(start).to_string(), "2020-02-29");
        let arrest = Day::new(2020, 7, 31).unwrap();
        assert_eq!(duration("P15M11D").added_to(arrest).to_string(), "2021-11-11");
    }

    #[test]
    fn what_can_be_compared() {
        assert!(!duration("P1M").is_comparable(&duration("P30D")));
        assert!(duration("P1M").is_comparable(&duration("P60D")));
        assert!(duration("P24M").is_comparable(&duration("P2Y")));
        assert_eq!(duration("P24M").agreement(&duration("P2Y")), Agreement::Same);
        assert_eq!(duration("~P18M").agreement(&duration("P547D")), Agreement::LessPrecise);
        assert_eq!(duration("P18M").agreement(&duration("P12M")), Agreement::Different);
    }

    #[test]
    fn shown_in_both_languages() {
        assert_eq!(duration("P15M11D").display("en"), "15 months 11 days");
        assert_eq!(duration("P1Y").display("en"), "1 year");
        assert_eq!(duration("P18M").display("km"), "១៨ ខែ");
    }
}
