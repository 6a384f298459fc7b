//! Which separator and which quotation mark a CSV file has.

use std::io::{self, Read};

use super::Csv;
use crate::encoding::{Characters, Encoded};

/// How the cells of a CSV file are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// `,`, `;`, tab or `|`.
    pub separator: u8,
    pub quote: Option<u8>,
    /// The first line is Excel's `sep=;`, which is no row.
    pub hint: bool,
}

/// Characters that are looked at.
const SAMPLE: usize = 64 << 10;
/// Rows that are looked at.
const ROWS: usize = 40;

/// Tells them from the beginning of the file; what somebody said wins.
///
/// # Errors
/// When the file cannot be read.
pub fn tell(from: impl Read, encoded: &Encoded, separator: Option<u8>, quote: Option<u8>) -> io::Result<Dialect> {
    let mut characters = Characters::new(from, encoded);
    let mut text = String::new();
    while text.len() < SAMPLE && characters.more(&mut text)? {}
    let end = (0..=SAMPLE.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let whole = end == text.len();
    let sample = &text[..end];
    let first = sample.lines().next().unwrap_or_default().trim().to_ascii_lowercase();
    let hint = first.strip_prefix("sep=").and_then(|rest| match rest.as_bytes() {
        [one] => Some(*one),
        _ => (rest == "\\t" || rest.is_empty()).then_some(b'\t'),
    });
    let quote = quote.or(Some(if apostrophes(sample) { b'\'' } else { b'"' }));
    let separator = separator.or(hint).unwrap_or_else(|| best(sample, quote, whole));
    Ok(Dialect { separator, quote, hint: hint.is_some() })
}

/// Whether cells stand in apostrophes, and none in quotation marks.
fn apostrophes(sample: &str) -> bool {
    if sample.contains('"') {
        return false;
    }
    let pairs = [",'", ";'", "\t'", "',", "';", "'\t"].iter().map(|pair| sample.matches(pair).count()).sum::<usize>();
    pairs >= 4 && pairs * 3 > sample.matches('\'').count()
}

/// The separator that cuts the first rows into the most equal cells.
fn best(sample: &str, quote: Option<u8>, whole: bool) -> u8 {
    let utf8 = Encoded { encoding: encoding_rs::UTF_8, mark: 0, told_by: "" };
    let mut best = (0_usize, b',');
    for separator in [b',', b';', b'\t', b'|'] {
        let mut csv = Csv::new(sample.as_bytes(), &utf8, &Dialect { separator, quote, hint: false });
        let mut counts: Vec<usize> = Vec::new();
        while let Ok(Some(row)) = csv.next_row() {
            if !row.is_blank() {
                counts.push(row.cells.len());
            }
            if counts.len() > ROWS {
                break;
            }
        }
        // The last row of a sample may be cut.
        if !whole && counts.len() > 1 {
            counts.pop();
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        let common =
            (2..=most.min(500)).rev().max_by_key(|width| counts.iter().filter(|count| *count == width).count());
        let Some(width) = common else { continue };
        let same = counts.iter().filter(|count| **count == width).count();
        let score = same * 100 / counts.len().max(1) * 1000 + width.min(999);
        if score > best.0 {
            best = (score, separator);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(text: &str) -> (char, char, bool) {
        let encoded = Encoded { encoding: encoding_rs::UTF_8, mark: 0, told_by: "" };
        let dialect = tell(text.as_bytes(), &encoded, None, None).unwrap();
        (char::from(dialect.separator), char::from(dialect.quote.unwrap()), dialect.hint)
    }

    #[test]
    fn told_from_the_first_rows() {
        assert_eq!(told("a;b;c\n1,5;2;\"x;y\"\n3,5;4;z\n"), (';', '"', false));
        assert_eq!(told("a\tb\n1\t2, and 3\n"), ('\t', '"', false));
        assert_eq!(told("sep=;\na;b\n"), (';', '"', true));
        assert_eq!(told("'a','b'\n'1','x, y'\n"), (',', '\'', false));
        assert_eq!(told("name\nSok\n"), (',', '"', false));
    }
}
