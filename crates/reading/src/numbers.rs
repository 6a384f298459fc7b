//! Numbers with their bounds: “at least 21”, “nearly 2,000”, “some 40,000”, “two dozen”, “between 10 and 15”.

use std::collections::HashMap;

use schema::DataError;
use schema::yaml::{self, Node};

use crate::token::Token;

/// Lower and upper bound (coding rule 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub min: Option<u64>,
    pub max: Option<u64>,
}

impl Bounds {
    pub const fn exactly(n: u64) -> Self {
        Self { min: Some(n), max: Some(n) }
    }
}

/// A number found in a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub bounds: Bounds,
    /// The bare number.
    pub value: u64,
    /// First token of its bounds (“at”), and of the number itself.
    pub start: usize,
    pub number: usize,
    pub end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    AtLeast,
    MoreThan,
    AtMost,
    FewerThan,
    About,
}

pub(crate) struct Numbers {
    cardinals: HashMap<String, u64>,
    multipliers: HashMap<String, u64>,
    ordinals: HashMap<String, u64>,
    bounds: Vec<(Vec<String>, Option<Bound>)>,
    /// “or more”, “at least”: behind the number or its noun.
    after: Vec<(Vec<String>, Option<Bound>)>,
    currencies: HashMap<String, String>,
}

/// Phrases by the bound that they give, the longer first.
fn bounds(node: &Node) -> Result<Vec<(Vec<String>, Option<Bound>)>, DataError> {
    let mut out = Vec::new();
    for entry in node.as_map()? {
        let bound = match entry.key() {
            "at_least" => Some(Bound::AtLeast),
            "more_than" => Some(Bound::MoreThan),
            "at_most" => Some(Bound::AtMost),
            "fewer_than" => Some(Bound::FewerThan),
            "about" => Some(Bound::About),
            "exactly" => None,
            other => return Err(entry.error(format!("“{other}” is no bound"), "See coding rule 8.")),
        };
        for words in entry.value().strings()? {
            out.push((words.split(' ').map(str::to_owned).collect::<Vec<_>>(), bound));
        }
    }
    out.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    Ok(out)
}

impl Numbers {
    /// From `data/numbers.yaml`.
    pub fn load() -> Result<Self, DataError> {
        let file = &yaml::parse("numbers.yaml", include_str!("../data/numbers.yaml"))?;
        file.known_keys(&["numbers", "multipliers", "ordinals", "bounds", "after", "currencies"])?;
        let table = |key: &str| -> Result<HashMap<String, u64>, DataError> {
            file.require(key)?.as_map()?.iter().map(|e| Ok((e.key().to_owned(), e.value().number()?))).collect()
        };
        Ok(Self {
            cardinals: table("numbers")?,
            multipliers: table("multipliers")?,
            ordinals: table("ordinals")?,
            bounds: bounds(file.require("bounds")?)?,
            after: bounds(file.require("after")?)?,
            currencies: file
                .require("currencies")?
                .as_map()?
                .iter()
                .map(|e| Ok((e.key().to_owned(), e.value().str()?.to_owned())))
                .collect::<Result<_, DataError>>()?,
        })
    }

    pub fn words(&self) -> Vec<String> {
        self.cardinals.keys().chain(self.multipliers.keys()).cloned().collect()
    }

    pub fn ordinal(&self, word: &str) -> Option<u64> {
        self.ordinals.get(word).copied()
    }

    /// A sum of money at a token, as amount and ISO 4217 code: “4 million riel”, “$500”.
    pub fn money(&self, tokens: &[Token], at: usize) -> Option<(u64, &str, usize)> {
        let code = |i: usize| tokens.get(i).and_then(|t| self.currencies.get(&t.norm)).map(String::as_str);
        if let Some(code) = code(at)
            && let Some((n, end)) = self.bare(tokens, at + 1)
        {
            return Some((n, code, end));
        }
        let (n, end) = self.bare(tokens, at)?;
        // “2 million Cambodian riel”
        code(end).map(|c| (n, c, end + 1)).or_else(|| code(end + 1).map(|c| (n, c, end + 2)))
    }

    /// A length of time at a token, in months: “27-year”, “18 months”, “two years and six months”.
    pub fn term(&self, tokens: &[Token], at: usize) -> Option<(f64, usize)> {
        let token = tokens.get(at)?;
        let months = |unit: &str, n: f64| match unit.trim_end_matches('s') {
            "year" | "yr" => Some(n * 12.0),
            "month" => Some(n),
            "week" => Some(n * 7.0 / 30.4375),
            "day" => Some(n / 30.4375),
            _ => None,
        };
        #[allow(clippy::cast_precision_loss)] // no sentence is near 2^52 years
        let real = |n: u64| n as f64;
        if let Some((number, unit)) = token.norm.rsplit_once('-')
            && let Some(n) = self.word(number)
        {
            return months(unit, real(n)).filter(|_| !unit.starts_with("day")).map(|m| (round(m), at + 1));
        }
        let (n, end) = match token.norm.as_str() {
            "a" | "an" if tokens.get(at + 1).is_some_and(|t| matches!(t.norm.as_str(), "year" | "month")) => {
                (1, at + 1)
            }
            _ => self.bare(tokens, at)?,
        };
        let mut value = real(n);
        let mut end = end;
        // “two and a half years”
        if tokens.get(end).is_some_and(|t| t.norm == "and") && tokens.get(end + 2).is_some_and(|t| t.norm == "half") {
            value += 0.5;
            end += 3;
        }
        let mut total = months(&tokens.get(end)?.norm, value)?;
        end += 1;
        let joint = usize::from(tokens.get(end).is_some_and(|t| matches!(t.norm.as_str(), "and" | ",")));
        if tokens.get(end - 1).is_some_and(|t| t.norm.starts_with("year"))
            && let Some((more, after)) = self.bare(tokens, end + joint)
            && tokens.get(after).is_some_and(|t| t.norm.starts_with("month"))
        {
            total += real(more);
            end = after + 1;
        }
        Some((round(total), end))
    }

    /// One word as a number: “27”, “1,200”, “eight”, “twenty-one”.
    pub fn word(&self, norm: &str) -> Option<u64> {
        if norm.starts_with(|c: char| c.is_ascii_digit()) {
            let digits: String = norm.chars().filter(|c| *c != ',').collect();
            return digits.parse().ok();
        }
        if let Some(n) = self.cardinals.get(norm) {
            return Some(*n);
        }
        let (tens, ones) = norm.split_once('-')?;
        Some(self.cardinals.get(tens).filter(|n| **n >= 20)? + self.cardinals.get(ones).filter(|n| **n < 10)?)
    }

    /// The number at a token without its bounds, and the token after it.
    pub fn bare(&self, tokens: &[Token], at: usize) -> Option<(u64, usize)> {
        let first = tokens.get(at)?;
        let before = at.checked_sub(1).and_then(|k| tokens.get(k)).map_or("", |t| t.norm.as_str());
        if let Some(found) = self.decimal(tokens, at) {
            return Some(found);
        }
        let (mut value, mut next) = match self.word(&first.norm) {
            Some(n) => (n, at + 1),
            // “a dozen officers”, “a hundred”
            None if matches!(first.norm.as_str(), "a" | "an") => {
                let n = self.multipliers.get(&tokens.get(at + 1)?.norm)?;
                (*n, at + 2)
            }
            // “half a dozen”; but “several dozen” is no number.
            None => {
                let vague = matches!(before, "several" | "few" | "many" | "couple");
                let n = self.multipliers.get(&first.norm).filter(|_| first.norm == "dozen" && !vague)?;
                (*n, at + 1)
            }
        };
        if value == 12 && before == "half" && next == at + 2 {
            value = 6;
        }
        while let Some(n) = tokens.get(next).and_then(|t| self.multipliers.get(&t.norm)) {
            value = value.checked_mul(*n)?;
            next += 1;
            // “two hundred and six”
            if tokens.get(next).is_some_and(|t| t.norm == "and")
                && let Some(rest) = tokens.get(next + 1).and_then(|t| self.word(&t.norm))
                && rest < *n
                && tokens.get(next + 1).is_some_and(|t| !t.norm.starts_with(|c: char| c.is_ascii_digit()))
            {
                value = value.checked_add(rest)?;
                next += 2;
            } else if let Some(rest) = tokens.get(next).and_then(|t| self.word(&t.norm))
                && rest < *n
            {
                value = value.checked_add(rest)?;
                next += 1;
            }
        }
        Some((value, next))
    }

    /// “1.2 million”
    fn decimal(&self, tokens: &[Token], at: usize) -> Option<(u64, usize)> {
        let (whole, part) = tokens.get(at)?.norm.split_once('.')?;
        let multiplier = *self.multipliers.get(&tokens.get(at + 1)?.norm)?;
        let digits = u32::try_from(part.len()).ok().filter(|d| (1..=6).contains(d))?;
        let whole = whole.parse::<u64>().ok()?.checked_mul(multiplier)?;
        let part = part.parse::<u64>().ok()?.checked_mul(multiplier)? / 10u64.pow(digits);
        Some((whole.checked_add(part)?, at + 2))
    }

    /// The bound in a phrase that begins at a token, and the token after it: “or more”.
    fn behind(&self, tokens: &[Token], at: usize) -> Option<(Option<Bound>, usize)> {
        self.after
            .iter()
            .find(|(words, _)| words.iter().enumerate().all(|(k, w)| tokens.get(at + k).is_some_and(|t| t.norm == *w)))
            .map(|(words, bound)| (*bound, at + words.len()))
    }

    /// What a phrase behind the noun makes of the bounds: “40 people or more”.
    pub fn amended(&self, tokens: &[Token], found: &Found, noun_end: usize) -> Option<(Bounds, usize)> {
        let plain = found.bounds.min == found.bounds.max;
        let at = if tokens.get(noun_end).is_some_and(|t| t.norm == ",") { noun_end + 1 } else { noun_end };
        let (bound, end) = self.behind(tokens, at).filter(|_| plain)?;
        Some((within(found.value, bound), end))
    }

    /// The number at a token, with the bounds that stand before and after it.
    pub fn at(&self, tokens: &[Token], at: usize) -> Option<Found> {
        let (value, end) = self.bare(tokens, at)?;
        let before = |words: &[String], end: usize| {
            end >= words.len() && words.iter().zip(&tokens[end - words.len()..end]).all(|(w, t)| *w == t.norm)
        };
        let mut start = at;
        let mut bound = None;
        // “at least some 20”: at most two phrases.
        for _ in 0..2 {
            if let Some((words, found)) = self.bounds.iter().find(|(words, _)| before(words, start)) {
                start -= words.len();
                bound = found.or(bound);
            }
        }
        // “between 10 and 15”, “10 to 15”, “10–15”
        let joined = |i: usize, words: &[&str]| tokens.get(i).is_some_and(|t| words.contains(&t.norm.as_str()));
        let range = (start > 0 && tokens[start - 1].norm == "between" && joined(end, &["and"]))
            || joined(end, &["to", "–", "-"]);
        if range
            && let Some((upper, after)) = self.bare(tokens, end + 1)
            && upper > value
            && upper < 1_000_000
            && !tokens.get(after).is_some_and(|t| self.multipliers.contains_key(&t.norm))
        {
            let start = if start > 0 && tokens[start - 1].norm == "between" { start - 1 } else { start };
            return Some(Found {
                bounds: Bounds { min: Some(value), max: Some(upper) },
                value,
                start,
                number: at,
                end: after,
            });
        }
        let mut end = end;
        if let Some((found, after)) = self.behind(tokens, end) {
            bound = found.or(bound);
            end = after;
        }
        let bounds = within(value, bound);
        Some(Found { bounds, value, start, number: at, end })
    }
}

const fn within(value: u64, bound: Option<Bound>) -> Bounds {
    match bound {
        None | Some(Bound::About) => Bounds::exactly(value),
        Some(Bound::AtLeast) => Bounds { min: Some(value), max: None },
        Some(Bound::MoreThan) => Bounds { min: Some(value.saturating_add(1)), max: None },
        Some(Bound::AtMost) => Bounds { min: None, max: Some(value) },
        Some(Bound::FewerThan) => Bounds { min: None, max: Some(value.saturating_sub(1)) },
    }
}

/// To two decimals: days in months are no more exact than that.
fn round(months: f64) -> f64 {
    (months * 100.0).round() / 100.0
}
