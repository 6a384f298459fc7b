//! Dates as files write them, to EDTF days; and the line of place and date that opens a document.
//!
//! Only what has one reading is taken: `03/04/2020` is nobody's date until a person says so.

use crate::document::{BlockKind, Document};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The EDTF day (or month, or year) of a date as machines and people write it.
pub fn edtf(text: &str) -> Option<String> {
    let text = text.trim();
    numeric(text).or_else(|| worded(text))
}

fn day(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1000..=2999).contains(&year) && (1..=longest).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// `2020-11-16`, `2020-11-16T10:00:00+07:00`, `2020/11/16`, `20201116`, `2020-11`, PDF's `D:20201116…`.
fn numeric(text: &str) -> Option<String> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 8 {
        // An e-mail id is no date: what follows a compact date is its time or nothing.
        let rest = text.get(digits..)?;
        if digits > 14 || !(rest.is_empty() || rest.starts_with(['T', 'Z', '+', '-', ' '])) {
            return None;
        }
        return day(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..8)?.parse().ok()?);
    }
    if digits != 4 {
        return None;
    }
    let year: u32 = text.get(..4)?.parse().ok()?;
    let separator = text.chars().nth(4)?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let mut parts = text.get(5..)?.splitn(2, separator);
    let month = parts.next()?;
    let Some(rest) = parts.next() else {
        let month: u32 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
        return ((1000..=2999).contains(&year)).then(|| format!("{year:04}-{month:02}"));
    };
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(length..)?;
    if !(after.is_empty() || after.starts_with(['T', ' ', 'Z', '+', ','])) {
        return None;
    }
    day(year, month.parse().ok()?, rest.get(..length)?.parse().ok()?)
}

/// `16 November 2020`, `November 16, 2020`, `Mon, 16 Nov 2020 10:00:00 +0700`.
fn worded(text: &str) -> Option<String> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).take(24).collect();
    let number = |word: &str| -> Option<u32> {
        let bare = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = &word[bare.len()..];
        (matches!(suffix, "" | "st" | "nd" | "rd" | "th") && bare.len() <= 4)
            .then(|| bare.trim_end_matches('.').parse().ok())?
    };
    for (index, word) in words.iter().enumerate() {
        let Some(month) = month(word) else { continue };
        let before = index.checked_sub(1).and_then(|at| words.get(at)).and_then(|word| number(word));
        let after = words.get(index + 1).and_then(|word| number(word.trim_end_matches(['.', ';', ':', ')'])));
        let later = words.get(index + 2).and_then(|word| number(word.trim_end_matches(['.', ';', ':', ')'])));
        match (before, after, later) {
            (Some(date @ 1..=31), Some(year @ 1000..), _) => return day(year, month, date),
            (_, Some(date @ 1..=31), Some(year @ 1000..)) => return day(year, month, date),
            (None, Some(year @ 1000..=2999), _) => return Some(format!("{year:04}-{month:02}")),
            _ => {}
        }
    }
    None
}

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    if word.len() < 3 {
        return None;
    }
    MONTHS
        .iter()
        .position(|name| {
            *name == word || (name.get(..3) == Some(word.as_str())) || (word == "sept" && name.starts_with("sept"))
        })
        .and_then(|index| u32::try_from(index + 1).ok())
}

/// Finds the line with place or date among the first blocks, when the format did not name it; and takes the
/// date of publication from it when nothing surer was said.
pub fn date_line(document: &mut Document) {
    if document.date_line.is_none() {
        let mut at = crate::count::Slices::new(&document.text);
        for block in document.blocks.iter().take(12) {
            if matches!(block.kind, BlockKind::Row | BlockKind::Note | BlockKind::Quote) {
                continue;
            }
            let words = at.slice(block.start, block.end);
            if let Some(line) = opening(words) {
                document.date_line = Some(line.to_owned());
                break;
            }
        }
    }
    if document.published.is_none() {
        document.published = document.date_line.as_deref().and_then(edtf);
    }
}

/// A short block that is little else than a date, or the `PHNOM PENH, 16 November 2020 —` before a paragraph.
fn opening(words: &str) -> Option<&str> {
    let first = words.lines().find(|line| !line.trim().is_empty())?.trim();
    let letters = first.chars().count();
    if letters <= 80 && edtf(date_part(first)).is_some_and(|date| date.len() == 10) && !first.ends_with(['.', '?', '!'])
    {
        return Some(first);
    }
    for dash in ["—", "–", " - ", "--", "−"] {
        if let Some((line, rest)) = first.split_once(dash)
            && line.chars().count() <= 70
            && rest.chars().count() > 20
        {
            let place: String = line.split([',', '(', '/']).next().unwrap_or("").trim().to_owned();
            let shouted = place.chars().count() >= 3
                && place.chars().all(|c| c.is_uppercase() || c.is_whitespace() || "'’-.".contains(c));
            if edtf(date_part(line)).is_some() || shouted {
                return Some(line.trim());
            }
        }
    }
    None
}

/// The part of a line from its first digit or month on.
fn date_part(line: &str) -> &str {
    let numeric = line.find(|c: char| c.is_ascii_digit());
    match numeric {
        Some(at) if self::numeric(&line[at..]).is_some() => &line[at..],
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_one_reading_are_read() {
        for (written, edtf_day) in [
            ("2020-11-16T10:00:00+07:00", Some("2020-11-16")),
            ("20201116", Some("2020-11-16")),
            ("D:20201116080000Z", Some("2020-11-16")),
            ("2020/11/16", Some("2020-11-16")),
            ("16 November 2020", Some("2020-11-16")),
            ("November 16th, 2020 at noon", Some("2020-11-16")),
            ("Mon, 16 Nov 2020 10:00:00 +0700", Some("2020-11-16")),
            ("November 2020", Some("2020-11")),
            ("03/04/2020", None),
            ("2021-02-30", None),
            ("May they rest", None),
        ] {
            assert_eq!(edtf(written).as_deref(), edtf_day, "{written}");
        }
    }

    #[test]
    fn the_opening_line_is_found() {
        assert_eq!(
            opening("PHNOM PENH, 16 November 2020 — The court has sentenced nine people."),
            Some("PHNOM PENH, 16 November 2020")
        );
        assert_eq!(opening("Phnom Penh, 16 November 2020"), Some("Phnom Penh, 16 November 2020"));
        assert_eq!(opening("They were arrested on 16 November 2020."), None);
    }
}
