//! The calendar's words, and dates in lines that are no sentence.

use std::collections::HashMap;

use regex::Regex;
use schema::yaml::Node;
use schema::{DataError, Date, Day};

use super::Part;

/// Month and weekday names, and patterns made of them.
pub(crate) struct Calendar {
    months: HashMap<String, u8>,
    weekdays: HashMap<String, u8>,
    /// Day-month-year, month-day-year, numeric, month-year; in this order.
    patterns: Vec<(Shape, Regex)>,
    without_year: Option<Regex>,
    year: Option<Regex>,
}

#[derive(Clone, Copy)]
enum Shape {
    DayMonthYear,
    MonthDayYear,
    Numeric,
    MonthYear,
}

/// Three numbers as a date: year first, or day first as Cambodia and most of the world write it;
/// month first only where day first is impossible.
pub(super) fn numeric(parts: [&str; 3]) -> Option<Part> {
    let number = |s: &str| s.parse::<i64>().ok().filter(|_| s.bytes().all(|b| b.is_ascii_digit()));
    let [a, b, c] = parts;
    let make = |year: i64, month: i64, day: i64| {
        let part = Part { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? };
        (part.month > 0 && part.day > 0 && (1900..2100).contains(&year) && part.first().is_some()).then_some(part)
    };
    if a.len() == 4 {
        return make(number(a)?, number(b)?, number(c)?);
    }
    if c.len() == 4 && a.len() <= 2 && b.len() <= 2 {
        let (day, month, year) = (number(a)?, number(b)?, number(c)?);
        return make(year, month, day).or_else(|| make(year, day, month));
    }
    None
}

impl Calendar {
    pub fn load(file: &Node) -> Result<Self, DataError> {
        let table = |key: &str, highest: u64| -> Result<HashMap<String, u8>, DataError> {
            let mut out = HashMap::new();
            for entry in file.require(key)?.as_map()? {
                let number: u8 = entry.key().parse().map_err(|_| {
                    entry.error(format!("“{}” is no number", entry.key()), format!("Write 0 to {highest}."))
                })?;
                for word in entry.value().strings()? {
                    out.insert(word.to_owned(), number);
                    out.insert(format!("{word}."), number);
                }
            }
            Ok(out)
        };
        let months = table("months", 12)?;
        let weekdays = table("weekdays", 6)?;
        let mut names: Vec<&str> = months.keys().map(|m| m.trim_end_matches('.')).collect();
        names.sort_unstable_by_key(|n| std::cmp::Reverse(n.len()));
        names.dedup();
        let month = format!("({})", names.join("|"));
        let compile = |re: String| {
            Regex::new(&re).map_err(|e| file.error(format!("the names of the months make no pattern: {e}"), ""))
        };
        Ok(Self {
            patterns: vec![
                (
                    Shape::DayMonthYear,
                    compile(format!(
                        r"(?i)\b([0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{month}\.?,?[\s-]+([0-9]{{4}})\b"
                    ))?,
                ),
                (
                    Shape::MonthDayYear,
                    compile(format!(r"(?i)\b{month}\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+([0-9]{{4}})\b"))?,
                ),
                (
                    Shape::Numeric,
                    compile(r"\b([0-9]{4}|[0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4}|[0-9]{1,2})\b".to_owned())?,
                ),
                (Shape::MonthYear, compile(format!(r"(?i)\b{month}\.?,?\s+([0-9]{{4}})\b"))?),
            ],
            without_year: Some(compile(format!(r"(?i)\b(?:{month}\.?\s+([0-9]{{1,2}})|([0-9]{{1,2}})\s+{month})\b"))?),
            year: Some(compile(r"\b((?:19|20)[0-9]{2})\b".to_owned())?),
            months,
            weekdays,
        })
    }

    pub fn month(&self, word: &str) -> Option<u8> {
        self.months.get(word).copied()
    }

    pub fn weekday(&self, word: &str) -> Option<u8> {
        self.weekdays.get(word).copied()
    }

    pub fn month_words(&self) -> Vec<String> {
        self.months.keys().cloned().collect()
    }

    pub fn weekday_words(&self) -> Vec<String> {
        self.weekdays.keys().cloned().collect()
    }

    /// The first full date in a line, or else its first month with a year.
    pub fn absolute(&self, line: &str) -> Option<Date> {
        for (shape, re) in &self.patterns {
            let Some(found) = re.captures(line) else { continue };
            let get = |i: usize| found.get(i).map_or("", |m| m.as_str());
            let month = |s: &str| self.month(&s.to_lowercase());
            let part = match shape {
                Shape::DayMonthYear => numeric([get(1), &month(get(2))?.to_string(), get(3)]),
                Shape::MonthDayYear => numeric([get(2), &month(get(1))?.to_string(), get(3)]),
                Shape::Numeric => numeric([get(1), get(2), get(3)]),
                Shape::MonthYear => Some(Part { year: get(2).parse().ok()?, month: month(get(1))?, day: 0 }),
            };
            if let Some(part) = part {
                return Date::parse(&part.edtf()).ok();
            }
        }
        None
    }

    /// “Sept 14” as `09-14`.
    pub fn without_year(&self, line: &str) -> Option<String> {
        let found = self.without_year.as_ref()?.captures(line)?;
        let (month, day) = match (found.get(1), found.get(2), found.get(3), found.get(4)) {
            (Some(m), Some(d), ..) | (_, _, Some(d), Some(m)) => (m, d),
            _ => return None,
        };
        let day: u8 = day.as_str().parse().ok()?;
        Some(format!("{:02}-{day:02}", self.month(&month.as_str().to_lowercase())?))
    }

    /// The latest year that the text speaks of.
    pub fn last_year(&self, text: &str) -> Option<i64> {
        self.year.as_ref()?.find_iter(text).filter_map(|m| m.as_str().parse().ok()).max()
    }

    /// The last year that stands in a text: of a heading above a table.
    pub fn heading_year(&self, text: &str) -> Option<i64> {
        self.year.as_ref()?.find_iter(text).last().and_then(|m| m.as_str().parse().ok())
    }

    /// The year of a date line that has none (`09-14`): not before the last year that the text speaks of, and
    /// such that the first weekday in the text is that day or the day before.
    pub fn likely_year(&self, text: &str, month_day: &str) -> Option<i64> {
        let last = self.last_year(text)?;
        let (month, day) = month_day.split_once('-')?;
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        let weekday = text
            .split(|c: char| !c.is_alphabetic())
            .take(200)
            .filter(|w| w.len() > 4 && w.starts_with(|c: char| c.is_uppercase()))
            .find_map(|w| self.weekday(&w.to_lowercase()));
        let Some(weekday) = weekday else { return Some(last) };
        let back = |year: i64| Day::new(year, month, day).map(|d| (weekday_of(d) - i64::from(weekday)).rem_euclid(7));
        [0, 1].into_iter().find_map(|n| (last..last + 6).find(|&y| back(y) == Some(n))).or(Some(last))
    }
}

/// 0 Monday … 6 Sunday; 1970-01-01 was a Thursday.
pub(super) fn weekday_of(day: Day) -> i64 {
    (day.number() + 3).rem_euclid(7)
}
