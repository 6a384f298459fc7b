//! Words of a text, in any script, and the forms under which they are found.
//!
//! A word has two forms. The *exact* one is as written, in lower case (NFC; what nobody sees is ignored; Khmer digits are digits):
//! phrases are looked for in it. The *normal* one forgets accents and, in Latin script, endings of English: single words are looked
//! for in that, so that “arrest” finds “arrests” and “arrested”. Where a script writes no spaces, ICU's dictionaries say where words
//! end (UAX #29; Khmer, Burmese, Lao, Thai, Chinese, Japanese), so that a word is found inside unspaced text and half a word is not.

use std::borrow::Cow;
use std::ops::Range;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

/// A word longer than this (in bytes) is no word of a language: it is cut.
const LONGEST: usize = 120;

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Bytes of the text that it was found in.
    pub place: Range<usize>,
    /// Its exact form.
    pub exact: String,
}

/// The words of a text, in its order.
pub fn words(text: &str, mut each: impl FnMut(Word) -> bool) {
    if text.is_ascii() {
        for_ascii(text, &mut each);
    } else if text.contains(is_invisible) {
        for_hidden(text, &mut each);
    } else {
        for_any(text, &mut each);
    }
}

/// All words of a text.
#[must_use]
pub fn all_words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    words(text, |word| {
        found.push(word);
        true
    });
    found
}

fn segmenter() -> WordSegmenterBorrowed<'static> {
    WordSegmenter::new_dictionary(WordBreakInvariantOptions::default())
}

/// Invisible characters taken out, and the places put back.
fn for_hidden(text: &str, each: &mut impl FnMut(Word) -> bool) {
    let mut seen = String::with_capacity(text.len());
    // For every byte that stays, where it stood; and where the text ends.
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices().filter(|(_, c)| !is_invisible(*c)) {
        seen.push(c);
        places.extend((0..c.len_utf8()).map(|byte| at + byte));
    }
    for_any(&seen, &mut |word: Word| {
        let start = places.get(word.place.start).copied().unwrap_or(text.len());
        let end = places.get(word.place.end.saturating_sub(1)).map_or(text.len(), |last| last + 1);
        each(Word { place: start..end, exact: word.exact })
    });
}

fn for_any(text: &str, each: &mut impl FnMut(Word) -> bool) {
    let mut start = 0;
    for (end, kind) in segmenter().segment_str(text).iter_with_word_type() {
        if kind.is_word_like()
            && let Some(word) = text.get(start..end)
            && !parts(word, start, each)
        {
            return;
        }
        start = end;
    }
}

/// “U.N” and “file_name” are two words; “1.204” and “o’clock” are one.
fn parts(word: &str, at: usize, each: &mut impl FnMut(Word) -> bool) -> bool {
    let bytes = word.as_bytes();
    let digit = |place: Option<usize>| place.and_then(|place| bytes.get(place)).is_some_and(u8::is_ascii_digit);
    let mut start = 0;
    for place in 0..=bytes.len() {
        let splits = match bytes.get(place) {
            None | Some(b'_' | b':') => true,
            Some(b'.' | b',' | b';') => !(digit(place.checked_sub(1)) && digit(Some(place + 1))),
            Some(_) => false,
        };
        if splits {
            if let Some(piece) = word.get(start..place).filter(|piece| !piece.is_empty())
                && !each(Word { place: at + start..at + place, exact: exact(piece) })
            {
                return false;
            }
            start = place + 1;
        }
    }
    true
}

/// The same rules for text without any other letters, many times as fast.
fn for_ascii(text: &str, each: &mut impl FnMut(Word) -> bool) {
    let bytes = text.as_bytes();
    let at = |place: usize| bytes.get(place).copied().unwrap_or(b' ');
    let mut start = 0;
    while start < bytes.len() {
        if !at(start).is_ascii_alphanumeric() && at(start) != b'_' {
            start += 1;
            continue;
        }
        let mut end = start + 1;
        loop {
            let (before, here, after) = (at(end - 1), at(end), at(end + 1));
            let joins = match here {
                b'\'' | b'.' => {
                    before.is_ascii_alphabetic() && after.is_ascii_alphabetic()
                        || before.is_ascii_digit() && after.is_ascii_digit()
                }
                b',' | b';' => before.is_ascii_digit() && after.is_ascii_digit(),
                b':' => false,
                here => here.is_ascii_alphanumeric() || here == b'_',
            };
            if !joins || end >= bytes.len() {
                break;
            }
            end += 1;
        }
        let word = text.get(start..end).unwrap_or_default();
        // A lone underscore is no word.
        if word.bytes().any(|byte| byte.is_ascii_alphanumeric()) && !parts(word, start, each) {
            return;
        }
        start = end;
    }
}

/// What nobody sees: zero-width space and joiners, word joiner, byte-order mark, soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// A word's exact form.
#[must_use]
pub fn exact(word: &str) -> String {
    if word.is_ascii() {
        let mut lower = word.to_ascii_lowercase();
        lower.truncate(LONGEST);
        return lower;
    }
    let lower = word.chars().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase);
    let plain: String = lower
        .map(|c| match c {
            '\u{2019}' | '\u{02BC}' | '\u{FF07}' => '\'',
            '\u{17E0}'..='\u{17E9}' => char::from_u32(c as u32 - 0x17E0 + 0x30).unwrap_or(c),
            c => c,
        })
        .collect();
    let mut plain = ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned();
    while plain.len() > LONGEST {
        plain.pop();
    }
    plain
}

/// A word's normal form, from its exact one.
#[must_use]
pub fn normal(exact: &str) -> String {
    let folded = unaccented(exact);
    let word = folded.strip_suffix("'s").or_else(|| folded.strip_suffix('\'')).unwrap_or(&folded);
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) { stem(word).into_owned() } else { word.to_owned() }
}

/// Without accents: of Latin, Greek and Cyrillic letters; Arabic without vowel signs. Other scripts' marks are their letters.
#[must_use]
pub fn unaccented(exact: &str) -> Cow<'_, str> {
    if exact.is_ascii() {
        return Cow::Borrowed(exact);
    }
    let mut plain = String::with_capacity(exact.len());
    for c in DecomposingNormalizerBorrowed::new_nfd().normalize(exact).chars() {
        match c {
            // Combining diacritical marks; Arabic vowel signs and tatweel.
            '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0640}' => {}
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ł' => plain.push('l'),
            'ı' => plain.push('i'),
            'þ' => plain.push_str("th"),
            'أ' | 'إ' | 'آ' | 'ٱ' => plain.push('ا'),
            'ى' => plain.push('ي'),
            c => plain.push(c),
        }
    }
    Cow::Owned(ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned())
}

/// Plurals and the endings -ed, -ing and -e of English words of more than three letters.
fn stem(word: &str) -> Cow<'_, str> {
    if word.len() <= 3 {
        return Cow::Borrowed(word);
    }
    let singular: Cow<'_, str> = if let Some(root) = word.strip_suffix("ies").filter(|root| root.len() >= 2) {
        Cow::Owned(format!("{root}y"))
    } else if word.ends_with("sses") || word.ends_with("xes") || word.ends_with("ches") || word.ends_with("shes") {
        Cow::Borrowed(&word[..word.len() - 2])
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        Cow::Borrowed(&word[..word.len() - 1])
    } else {
        Cow::Borrowed(word)
    };
    let root = |ending: &str| singular.strip_suffix(ending).filter(|root| has_vowel(root) && root.len() >= 3);
    let (short, cut) = match root("ing").or_else(|| root("ed")) {
        Some(root) => (undoubled(root), true),
        None => (&*singular, false),
    };
    let short = if short.len() > 3 { short.strip_suffix('e').unwrap_or(short) } else { short };
    match short.strip_suffix('i') {
        // “denied” and “deny”.
        Some(root) if cut => Cow::Owned(format!("{root}y")),
        _ => Cow::Owned(short.to_owned()),
    }
}

fn has_vowel(word: &str) -> bool {
    word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// “stopp” of “stopping”; “call” and “pass” keep both.
fn undoubled(root: &str) -> &str {
    let bytes = root.as_bytes();
    match bytes {
        [.., a, b] if a == b && !matches!(a, b'l' | b's' | b'z' | b'e' | b'o') => &root[..root.len() - 1],
        _ => root,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(text: &str) -> Vec<String> {
        all_words(text).into_iter().map(|word| word.exact).collect()
    }

    #[test]
    fn words_of_spaced_text() {
        assert_eq!(told("Rong Chhun, 51, was arrested."), ["rong", "chhun", "51", "was", "arrested"]);
        assert_eq!(
            told("A/HRC/54/75 of 1,204 at example.org"),
            ["a", "hrc", "54", "75", "of", "1,204", "at", "example", "org"]
        );
        assert_eq!(told("the State’s “reply”"), ["the", "state's", "reply"]);
        assert_eq!(told("anti-terror my_file"), ["anti", "terror", "my", "file"]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "រ៉ុង\u{200B}ឈុន was “here”";
        for word in all_words(text) {
            assert_eq!(exact(&text[word.place.clone()]), word.exact);
        }
    }

    #[test]
    fn khmer_is_cut_into_words_whatever_stands_between_them() {
        let spaced = told("តុលាការ\u{200B}រាជធានី\u{200B}ភ្នំពេញ");
        assert_eq!(spaced, told("តុលាការរាជធានីភ្នំពេញ"));
        assert!(spaced.contains(&"តុលាការ".to_owned()), "{spaced:?}");
        assert_eq!(told("២០២០"), ["2020"]);
    }

    #[test]
    fn forms_of_one_word() {
        for (a, b) in [
            ("arrest", "arrests"),
            ("arrested", "arresting"),
            ("charge", "charges"),
            ("charged", "charging"),
            ("deny", "denied"),
            ("authorities", "authority"),
            ("stopped", "stop"),
            ("council's", "council"),
            ("called", "call"),
            ("peru", "perú"),
            ("strasse", "straße"),
        ] {
            assert_eq!(normal(a), normal(b), "{a} {b}");
        }
        for (a, b) in [("sokha", "sokhan"), ("seng", "sen"), ("thing", "th"), ("bring", "br"), ("king", "k")] {
            assert_ne!(normal(a), normal(b), "{a} {b}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_fast_way_finds_what_icu_finds(text in "[a-zA-Z0-9 .,;:'_\\-/()]{0,40}") {
            let mut slow = Vec::new();
            for_any(&text, &mut |word: Word| { slow.push(word.exact); true });
            proptest::prop_assert_eq!(told(&text), slow);
        }

        #[test]
        fn places_lie_in_the_text(text in "\\PC{0,60}") {
            let mut last = 0;
            for word in all_words(&text) {
                proptest::prop_assert!(text.get(word.place.clone()).is_some());
                proptest::prop_assert!(word.place.start >= last);
                last = word.place.start;
            }
        }
    }
}
