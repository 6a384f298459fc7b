//! What holds for any bytes: no panic, spans inside the text and in order; words found again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use text::{Options, Selector, extract, find_again, for_matching, sentences, words};

const FILES: [(&str, &[u8]); 12] = [
    ("news.html", include_bytes!("files/news.html")),
    ("columns.pdf", include_bytes!("files/columns.pdf")),
    ("table.pdf", include_bytes!("files/table.pdf")),
    ("khmer.pdf", include_bytes!("files/khmer.pdf")),
    ("letter.docx", include_bytes!("files/letter.docx")),
    ("statement.odt", include_bytes!("files/statement.odt")),
    ("cases.xlsx", include_bytes!("files/cases.xlsx")),
    ("cases.xls", include_bytes!("files/cases.xls")),
    ("cases.ods", include_bytes!("files/cases.ods")),
    ("letter.rtf", include_bytes!("files/letter.rtf")),
    ("mail.eml", include_bytes!("files/mail.eml")),
    ("letter.md", include_bytes!("files/letter.md")),
];

fn holds(bytes: &[u8], name: &str) {
    if let Ok(document) = extract(bytes, name, &Options::default()) {
        document.check().unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

#[test]
fn every_file_is_read_and_every_beginning_of_it_does_no_harm() {
    for (name, bytes) in FILES {
        let document = extract(bytes, name, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        document.check().unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(!document.text.is_empty(), "{name}");
        for part in 1..12 {
            holds(&bytes[..bytes.len() * part / 12], name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn changed_files_do_no_harm(which in 0..FILES.len(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..24)) {
        let (name, bytes) = FILES[which];
        let mut bytes = bytes.to_vec();
        for (place, byte, how) in changes {
            if bytes.is_empty() { break; }
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes[at] ^= 1 << (byte % 8),
                2 => { bytes.drain(at..(at + usize::from(byte)).min(bytes.len())); }
                _ => {
                    let piece: Vec<u8> = bytes[at..(at + usize::from(byte)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        holds(&bytes, name);
    }

    #[test]
    fn any_text_is_kept_as_it_is(text in "\\PC{0,300}") {
        for name in ["a.txt", "a.md"] {
            if let Ok(document) = extract(text.as_bytes(), name, &Options::default()) {
                document.check().unwrap();
                if document.format == "text" {
                    prop_assert_eq!(&document.text, &text);
                } else if document.format == "markdown" {
                    prop_assert_eq!(&document.text, text.trim_start_matches('\u{feff}'));
                }
            }
        }
    }

    #[test]
    fn segments_lie_in_the_text_in_order(text in "(\\PC|\n){0,200}") {
        let length = text.chars().count() as u32;
        for spans in [sentences(&text, None), words(&text)] {
            prop_assert!(spans.iter().all(|(start, end)| start < end && *end <= length));
            prop_assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        }
        let (plain, map) = for_matching(&text);
        prop_assert_eq!(plain.chars().count(), map.len());
        prop_assert!(map.is_sorted() && map.iter().all(|at| *at < length));
    }

    #[test]
    fn words_are_found_where_they_are(text in "[a-zក-អ .,\n]{20,300}", start in 0..200_usize, length in 3..60_usize) {
        let characters: Vec<char> = text.chars().collect();
        let start = start % characters.len();
        let end = (start + length).min(characters.len());
        let slice = |from: usize, to: usize| characters[from..to].iter().collect::<String>();
        let exact = slice(start, end);
        prop_assume!(!exact.trim().is_empty());
        let (prefix, suffix) = (slice(start.saturating_sub(32), start), slice(end, (end + 32).min(characters.len())));
        let selector = Selector { exact: &exact, prefix: Some(&prefix), suffix: Some(&suffix), start: Some(start as u64) };
        let found = find_again(&text, &selector);
        prop_assert!(found.is_some());
        let found = found.unwrap();
        prop_assert_eq!(slice(found.start as usize, found.end as usize), exact.clone());
        prop_assert!(found.exactly);
        // The reader now joins lines and leaves no double spaces: the words are still found.
        let (plain, _) = for_matching(&text);
        prop_assume!(exact.chars().filter(|c| c.is_alphabetic()).count() >= 12);
        if let Some(found) = find_again(&plain, &selector) {
            let words: String = plain.chars().skip(found.start as usize).take((found.end - found.start) as usize).collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            prop_assert_eq!(letters(&words), letters(&exact));
        }
    }
}
