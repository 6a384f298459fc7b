//! Numbers of things, with the bounds that a source gives them.

use crate::fold::{grouped, is_khmer, latin_digits, one_spaced};
use crate::value::{Agreement, Kind, ValueError, number};

/// How many: exactly (`19`), at least (`21..`), at most (`..29`), between (`10..12`), about
/// (`~40000`).
///
/// Bounds are inclusive; at least one is there. “More than 100” is 101 or more; “nearly 370”
/// and “up to 370” are at most 370; “about” keeps the number and says that it was rounded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Count {
    /// The lower bound, if one is stated.
    pub min: Option<u64>,
    /// The upper bound, if one is stated.
    pub max: Option<u64>,
    /// Whether the source rounds.
    pub approximate: bool,
}

impl Count {
    /// A number as it is.
    #[must_use]
    pub const fn exactly(number: u64) -> Self {
        Self { min: Some(number), max: Some(number), approximate: false }
    }

    /// A count from its bounds.
    ///
    /// # Errors
    /// When there is no bound at all, or the lower is above the upper.
    pub fn new(min: Option<u64>, max: Option<u64>, approximate: bool) -> Result<Self, ValueError> {
        let count = Self { min, max, approximate };
        match (min, max) {
            (None, None) => Err(ValueError::new(
                Kind::Count,
                "..",
                "neither a lower nor an upper bound is given",
                "Write one of them, such as 21.. or ..29.",
            )),
            (Some(a), Some(b)) if a > b => Err(ValueError::new(
                Kind::Count,
                &count.canonical(),
                "the lower bound is above the upper",
                format!("Write {b}..{a} if that is what the source says."),
            )),
            _ => Ok(count),
        }
    }

    /// Reads the canonical form or what people write: “at least 21”, “more than 100”, “10 to 12”,
    /// “about 40,000”, “nearly 370”, “fewer than 5”, “twenty-one”.
    ///
    /// # Errors
    /// When it is no number, or one in words other than these.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let plain = one_spaced(&latin_digits(text).to_lowercase());
        let refuse = |problem: &str, hint: &str| Err(ValueError::new(Kind::Count, text, problem.to_owned(), hint));
        let (approximate, rest) = strip_any(&plain, &ABOUT).map_or((false, plain.as_str()), |r| (true, r));
        if let Some((low, high)) = rest.split_once("..") {
            let (Some(min), Some(max)) = (bound(low), bound(high)) else {
                return refuse("the bounds are not whole numbers", "Write 21.. (at least), ..29 (at most) or 10..12.");
            };
            return Self::new(min, max, approximate).map_err(|e| ValueError { given: text.to_owned(), ..e });
        }
        for (words, rule) in BOUNDS {
            if let Some(rest) = strip_any(rest, words) {
                let (about, rest) = strip_any(rest, &ABOUT).map_or((false, rest), |r| (true, r));
                let Some(n) = whole(rest) else { break };
                let (min, max) = match rule {
                    Bound::AtLeast => (Some(n), None),
                    Bound::MoreThan => (n.checked_add(1), None),
                    Bound::AtMost => (None, Some(n)),
                    Bound::FewerThan => (None, n.checked_sub(1)),
                };
                if min.is_none() && max.is_none() {
                    return refuse("no number is so", "Write the number that is meant.");
                }
                return Self::new(min, max, approximate || about);
            }
        }
        if let Some(n) = rest.strip_suffix('+').and_then(whole) {
            return Self::new(Some(n), None, approximate);
        }
        if let Some((low, high)) = range(rest) {
            return Self::new(Some(low), Some(high), approximate)
                .map_err(|e| ValueError { given: text.to_owned(), ..e });
        }
        match whole(rest) {
            Some(n) => Self::new(Some(n), Some(n), approximate),
            None if rest.bytes().any(|b| b.is_ascii_digit()) => refuse(
                "this is more than a number",
                "Write the number alone, such as 19, at least 21 or about 40,000; what is counted \
                 is said by another property.",
            ),
            None => {
                refuse("this is not a number", "Write a number, such as 19, at least 21, 10 to 12 or about 40,000.")
            }
        }
    }

    /// `19`, `21..`, `..29`, `10..12`; `~` before it if the source rounds.
    #[must_use]
    pub fn canonical(&self) -> String {
        let show = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
        let about = if self.approximate { "~" } else { "" };
        if self.min.is_some() && self.min == self.max {
            format!("{about}{}", show(self.min))
        } else {
            format!("{about}{}..{}", show(self.min), show(self.max))
        }
    }

    /// “at least 21”; in Khmer «យ៉ាងតិច ២១».
    #[must_use]
    pub fn display(&self, locale: &str) -> String {
        let km = is_khmer(locale);
        let show = |n: u64| grouped(&n.to_string(), locale);
        let words = match (self.min, self.max) {
            (Some(a), Some(b)) if a == b => show(a),
            (Some(a), Some(b)) if km => format!("{} ដល់ {}", show(a), show(b)),
            (Some(a), Some(b)) => format!("{} to {}", show(a), show(b)),
            (Some(a), None) if km => format!("យ៉ាងតិច {}", show(a)),
            (Some(a), None) => format!("at least {}", show(a)),
            (None, Some(b)) if km => format!("យ៉ាងច្រើន {}", show(b)),
            (None, Some(b)) => format!("at most {}", show(b)),
            (None, None) => String::new(),
        };
        match (self.approximate, km) {
            (false, _) => words,
            (true, true) => format!("ប្រហែល {words}"),
            (true, false) => format!("about {words}"),
        }
    }

    pub(super) fn sort_text(&self) -> String {
        // An open upper bound comes after every closed one.
        let max = self.max.map_or(u128::from(u64::MAX) + 1, u128::from);
        format!("{:020}{max:020}", self.min.unwrap_or(0))
    }

    /// By what numbers each allows. A rounded number allows what rounds to it at its last
    /// non-zero digit: about 40,000 allows 35,000 to 45,000, about 370 allows 365 to 375.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        let (a, b) = (self.allowed(), other.allowed());
        if a.0 > b.1 || b.0 > a.1 {
            return Agreement::Different;
        }
        if a == b {
            return Agreement::of(other.approximate && !self.approximate, self.approximate && !other.approximate);
        }
        let inside = |x: (u64, u64), y: (u64, u64)| x.0 >= y.0 && x.1 <= y.1;
        match (inside(a, b), inside(b, a)) {
            (true, _) => Agreement::MorePrecise,
            (_, true) => Agreement::LessPrecise,
            _ => Agreement::Compatible,
        }
    }

    /// The least and greatest number that it allows.
    fn allowed(&self) -> (u64, u64) {
        let (low, high) = (self.min.unwrap_or(0), self.max.unwrap_or(u64::MAX));
        if !self.approximate {
            return (low, high);
        }
        (
            self.min.map_or(0, |n| n.saturating_sub(half_step(n))),
            self.max.map_or(high, |n| n.saturating_add(half_step(n))),
        )
    }
}

/// Half the unit of the last non-zero digit: 5,000 of 40,000; 5 of 370; 1 of 24 (never 0).
fn half_step(n: u64) -> u64 {
    let mut unit: u64 = 1;
    let mut rest = n;
    while rest != 0 && rest.is_multiple_of(10) {
        rest /= 10;
        unit *= 10;
    }
    (unit / 2).max(1)
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast,
    MoreThan,
    AtMost,
    FewerThan,
}

const ABOUT: [&str; 13] = [
    "about ",
    "around ",
    "roughly ",
    "approximately ",
    "approx. ",
    "approx ",
    "some ",
    "circa ",
    "ca. ",
    "c. ",
    "~",
    "ប្រហែល",
    "ប្រមាណ",
];

/// Longer phrases before those they contain.
const BOUNDS: [(&[&str], Bound); 4] = [
    (
        &[
            "no more than ",
            "not more than ",
            "no greater than ",
            "up to ",
            "at most ",
            "as many as ",
            "a maximum of ",
            "maximum ",
            "nearly ",
            "almost ",
            "≤",
            "<=",
            "យ៉ាងច្រើន",
            "ជិត",
        ],
        Bound::AtMost,
    ),
    (
        &[
            "no fewer than ",
            "not fewer than ",
            "no less than ",
            "not less than ",
            "at least ",
            "a minimum of ",
            "minimum ",
            "≥",
            ">=",
            "យ៉ាងតិច",
        ],
        Bound::AtLeast,
    ),
    (&["fewer than ", "less than ", "under ", "below ", "<", "តិចជាង"], Bound::FewerThan),
    (&["more than ", "over ", "above ", ">", "ច្រើនជាង", "ជាង"], Bound::MoreThan),
];

/// What follows the first of these words that the text begins with.
pub(super) fn strip_any<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|w| text.strip_prefix(w)).map(str::trim_start)
}

fn whole(text: &str) -> Option<u64> {
    number::read(text.trim())?.as_whole()
}

/// Outer `None`: not a number. Inner `None`: nothing written, so no bound.
fn bound(text: &str) -> Option<Option<u64>> {
    if text.trim().is_empty() {
        return Some(None);
    }
    whole(text).map(Some)
}

/// “10 to 12”, “10-12”, “10–12”, “between 10 and 12”, “from 10 to 12”.
fn range(text: &str) -> Option<(u64, u64)> {
    if let Some(rest) = text.strip_prefix("between ") {
        let (low, high) = rest.split_once(" and ")?;
        return Some((whole(low)?, whole(high)?));
    }
    let text = text.strip_prefix("from ").unwrap_or(text);
    for separator in [" to ", "–", " ដល់ "] {
        if let Some((low, high)) = text.split_once(separator) {
            return Some((whole(low)?, whole(high)?));
        }
    }
    // A hyphen joins number words too, so it separates only digits.
    let (low, high) = text.split_once('-')?;
    let digits = |s: &str| s.bytes().next().is_some_and(|b| b.is_ascii_digit());
    if digits(low.trim()) && digits(high.trim()) {
        return Some((whole(low)?, whole(high)?));
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> String {
        Count::parse(text).unwrap().canonical()
    }

    #[test]
    fn as_people_write_them() {
        for (written, canonical) in [
            ("19", "19"),
            ("at least 21", "21.."),
            ("no fewer than 21", "21.."),
            ("more than 100", "101.."),
            ("over 40,000", "40001.."),
            ("about 40,000", "~40000"),
            ("roughly 40000", "~40000"),
            ("nearly 370", "..370"),
            ("up to ten", "..10"),
            ("fewer than 5", "..4"),
            ("10 to 12", "10..12"),
            ("10–12", "10..12"),
            ("10-12", "10..12"),
            ("between 10 and 12", "10..12"),
            ("twenty-one", "21"),
            ("about 12 to 18", "~12..18"),
            ("more than about 100", "~101.."),
            ("21+", "21.."),
            ("២១", "21"),
            ("យ៉ាងតិច ២១", "21.."),
            ("ប្រហែល ៤០,០០០", "~40000"),
        ] {
            assert_eq!(read(written), canonical, "{written}");
        }
    }

    #[test]
    fn what_is_no_count_is_refused() {
        for written in ["many", "dozens", "19 additional", "..", "12..10", "-3", "1.5", "fewer than 0"] {
            assert!(Count::parse(written).is_err(), "{written}");
        }
        assert_eq!(
            Count::parse("24 (about half released)").unwrap_err().to_string(),
            "24 (about half released): this is more than a number. Write the number alone, such \
             as 19, at least 21 or about 40,000; what is counted is said by another property."
        );
    }

    #[test]
    fn the_four_counts_of_the_2020_wave() {
        let agreement = |a: &str, b: &str| Count::parse(a).unwrap().agreement(&Count::parse(b).unwrap());
        assert_eq!(agreement("19", "24"), Agreement::Different);
        assert_eq!(agreement("at least 10", "19"), Agreement::LessPrecise);
        assert_eq!(agreement("24", "at least 21"), Agreement::MorePrecise);
        assert_eq!(agreement("10 to 20", "at least 15"), Agreement::Compatible);
        assert_eq!(agreement("about 40,000", "39,800"), Agreement::LessPrecise);
        assert_eq!(agreement("about 40,000", "50,000"), Agreement::Different);
    }

    #[test]
    fn shown_in_both_languages() {
        let count = Count::parse("21..").unwrap();
        assert_eq!(count.display("en"), "at least 21");
        assert_eq!(count.display("km"), "យ៉ាងតិច ២១");
        assert_eq!(Count::parse("~40000").unwrap().display("en"), "about 40,000");
    }
}
