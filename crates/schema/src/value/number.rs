//! Numbers as people write them: `40,000`, `1.08 bn`, “2 million”, “twenty-one”, ៤០០.

use std::cmp::Ordering;
use std::fmt;

/// A non-negative decimal number, exact: `digits` × 10^−`scale`, no trailing zero kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Decimal {
    digits: u128,
    scale: u32,
}

/// 10^24: more than any sum of money; small enough that sort keys and products fit 128 bits.
const LIMIT: u128 = 1_000_000_000_000_000_000_000_000;
/// Six places: no currency has more than four.
const FINEST: u32 = 6;

impl Decimal {
    /// A whole number.
    #[must_use]
    pub const fn whole(number: u64) -> Self {
        Self { digits: number as u128, scale: 0 }
    }

    /// `digits` × 10^−`scale`; `None` above 10^24 or finer than six places.
    #[must_use]
    pub fn new(mut digits: u128, mut scale: u32) -> Option<Self> {
        while scale > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            scale -= 1;
        }
        let whole = digits / 10u128.checked_pow(scale)?;
        (scale <= FINEST && whole < LIMIT).then_some(Self { digits, scale })
    }

    /// Reads `12`, `12.5`; no signs, groups or exponents.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (text, ""),
        };
        if whole.is_empty() || whole.len() + fraction.len() > 36 {
            return None;
        }
        let all = format!("{whole}{fraction}");
        if !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Self::new(all.parse().ok()?, u32::try_from(fraction.len()).ok()?)
    }

    /// The whole number that it is, if it is one that fits 64 bits.
    #[must_use]
    pub fn as_whole(self) -> Option<u64> {
        if self.scale == 0 { u64::try_from(self.digits).ok() } else { None }
    }

    /// Millionths: what orders two decimals.
    #[must_use]
    pub fn millionths(self) -> u128 {
        self.digits * 10u128.pow(FINEST - self.scale)
    }

    fn times(self, factor: u128) -> Option<Self> {
        Self::new(self.digits.checked_mul(factor)?, self.scale)
    }

    /// The digits before and after the point.
    pub(crate) fn halves(self) -> (String, String) {
        let power = 10u128.pow(self.scale);
        let whole = (self.digits / power).to_string();
        let fraction = if self.scale == 0 {
            String::new()
        } else {
            format!("{:0width$}", self.digits % power, width = self.scale as usize)
        };
        (whole, fraction)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.millionths().cmp(&other.millionths())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = self.halves();
        f.write_str(&whole)?;
        if !fraction.is_empty() {
            write!(f, ".{fraction}")?;
        }
        Ok(())
    }
}

/// Reads a whole phrase that is a number: digits with English groups and decimals, number words,
/// and multipliers. Khmer digits must be Latin already; letter case is ignored.
///
/// `None` when any word of it is something else.
pub(crate) fn read(phrase: &str) -> Option<Decimal> {
    if phrase.starts_with('-') {
        return None; // A hyphen joins number words; at the start it is a minus.
    }
    let phrase = phrase.to_lowercase().replace('-', " ");
    let words: Vec<&str> = phrase.split_whitespace().filter(|w| *w != "and").collect();
    let (first, rest) = words.split_first()?;
    if first.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
        let mut number = digits(first)?;
        for word in rest {
            number = number.times(multiplier(word)?)?;
        }
        return Some(number);
    }
    in_words(&words)
}

/// `40000`, `40,000`, `26593`, `1.08`, `1,234.5`; groups must be of three.
fn digits(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    if fraction == Some("") {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut plain = first.to_owned();
    let mut grouped = false;
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        grouped = true;
        plain.push_str(group);
    }
    if grouped && !(1..=3).contains(&first.len()) {
        return None;
    }
    match fraction {
        Some(fraction) => Decimal::parse(&format!("{plain}.{fraction}")),
        None => Decimal::parse(&plain),
    }
}

fn multiplier(word: &str) -> Option<u128> {
    Some(match word {
        "hundred" => 100,
        "dozen" => 12,
        "thousand" => 1_000,
        "million" | "mn" | "លាន" => 1_000_000,
        "billion" | "bn" => 1_000_000_000,
        "trillion" | "tn" => 1_000_000_000_000,
        _ => return None,
    })
}

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// “twenty one”, “one hundred thirty”, “two million five hundred thousand”, “a dozen”.
fn in_words(words: &[&str]) -> Option<Decimal> {
    let mut total: u128 = 0;
    let mut group: Option<u128> = None;
    // What the next number word must stay below: “two one” and “twenty eleven” are no numbers.
    let mut below: u128 = 1000;
    for (i, word) in words.iter().enumerate() {
        if let Some(unit) = UNITS.iter().position(|u| u == word) {
            let unit = unit as u128;
            if unit >= below {
                return None;
            }
            group = Some(group.unwrap_or(0) + unit);
            below = 0;
        } else if let Some(tens) = TENS.iter().position(|t| t == word) {
            let tens = (tens as u128 + 2) * 10;
            if tens >= below {
                return None;
            }
            group = Some(group.unwrap_or(0) + tens);
            below = 10;
        } else if matches!(*word, "a" | "an") && i == 0 && words.len() > 1 {
            group = Some(1);
            below = 0;
        } else {
            let factor = multiplier(word)?;
            let number = group?.checked_mul(factor)?;
            if factor < 1000 {
                group = Some(number);
                below = 100;
            } else {
                total = total.checked_add(number)?;
                group = None;
                below = 1000;
            }
        }
    }
    Decimal::new(total.checked_add(group.unwrap_or(0))?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        for (written, number) in [
            ("19", "19"),
            ("40,000", "40000"),
            ("1.08 bn", "1080000000"),
            ("2 million", "2000000"),
            ("twenty-one", "21"),
            ("One hundred and thirty", "130"),
            ("two million five hundred thousand", "2500000"),
            ("a dozen", "12"),
            ("three dozen", "36"),
            ("0.5", "0.5"),
        ] {
            assert_eq!(read(written).map(|n| n.to_string()).as_deref(), Some(number), "{written}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for written in [
            "",
            "4,00",
            "40.",
            "dozens",
            "two one",
            "twenty eleven",
            "eight activists",
            "a",
            "1,2345",
            "million",
            "-3",
            "99999999999999999999999999999999999999999",
            "5 million million million million million million million",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
    }
}
