//! Text made comparable: normalisation, invisible characters, letter case, Khmer digits.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Unicode Normalization Form C (UAX #15): the form in which all text is kept.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Characters that nobody sees: kept in what is stored, ignored in what is compared.
///
/// Khmer typists put U+200B between words or leave it out; the joiners, the byte-order mark,
/// the word joiner and the soft hyphen come with copying.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// For comparison only: NFC, invisible characters dropped, lower case, runs of white space
/// made one space, ends trimmed.
#[must_use]
pub fn fold(text: &str) -> String {
    // Dropping can bring a letter and its mark together, and so can lower case: compose last.
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let lower = nfc(&visible).to_lowercase();
    nfc(&one_spaced(&lower)).into_owned()
}

/// Runs of white space made one space, ends trimmed.
pub(crate) fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Khmer digits ០–៩ (U+17E0–17E9) as 0–9; everything else as it is.
pub(crate) fn latin_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{17E0}'..='\u{17E9}' => char::from_u32(c as u32 - 0x17E0 + 0x30).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// 0–9 as Khmer digits for locale `km`; unchanged for any other.
pub(crate) fn local_digits(text: &str, locale: &str) -> String {
    if !is_khmer(locale) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(c as u32 - 0x30 + 0x17E0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Whether a locale asks for Khmer (`km`, `km-KH`).
pub(crate) fn is_khmer(locale: &str) -> bool {
    locale == "km" || locale.starts_with("km-")
}

/// A whole number with its thousands grouped: `40,000`; in Khmer `៤០.០០០` (CLDR).
pub(crate) fn grouped(digits: &str, locale: &str) -> String {
    let separator = if is_khmer(locale) { '.' } else { ',' };
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    local_digits(&out, locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_makes_no_difference() {
        assert_eq!(fold("រ៉ុង\u{200B}ឈុន"), fold("រ៉ុងឈុន"));
        assert_eq!(fold("  Rong \n Chhun "), "rong chhun");
    }

    #[test]
    fn digits_and_groups() {
        assert_eq!(latin_digits("២០២០"), "2020");
        assert_eq!(local_digits("31", "km"), "៣១");
        assert_eq!(grouped("40000", "en"), "40,000");
        assert_eq!(grouped("400", "en"), "400");
        assert_eq!(grouped("2000000", "km"), "២.០០០.០០០");
    }
}
