//! What holds for any text that somebody may have written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use names::{alike, latin, learn, may_be_one, nickname, order_free, place, skeleton, sound};
use proptest::prelude::*;

/// Letters of the scripts that have tables of their own, in any order: also what no one writes.
fn scripts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\u{1780}-\u{17DD} ]{0,24}",
        "[\u{1000}-\u{104F} ]{0,24}",
        "[\u{0E01}-\u{0E4E} ]{0,24}",
        "[\u{0E81}-\u{0ECD} ]{0,24}",
        "[\u{0620}-\u{06D3} ]{0,24}",
        "[\u{0400}-\u{052F} ]{0,24}",
        "[\u{0370}-\u{03FF}\u{05D0}-\u{05EA} ]{0,24}",
        "[\u{0900}-\u{0D7F} ]{0,24}",
        "[\u{AC00}-\u{D7A3}\u{4E00}-\u{9FFF}]{0,8}",
        "[a-z' -]{0,30}",
        "(abd|al|el|as|allah|dr|u|mr|h e|lok|abdul|sam|jr)( |-)(abd|al|el|allah|dr|u|lok|abdul|rahman|jr)( |-)(al|allah|gen|x|so)",
        "\\PC{0,30}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn ascii_words_that_stay_as_they_are(text in scripts()) {
        let once = latin(&text);
        prop_assert!(once.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b' '), "{once}");
        prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        prop_assert_eq!(latin(&once), once);
    }

    #[test]
    fn places_stay_as_they_are(text in scripts()) {
        let once = place(&text);
        prop_assert!(once.is_ascii());
        prop_assert_eq!(place(&once), once);
    }

    #[test]
    fn keys_are_ascii_and_of_what_latin_gives(text in scripts()) {
        prop_assert!(sound(&text).is_ascii());
        prop_assert!(skeleton(&text).is_ascii());
        let _ = nickname(&text);
        for word in latin(&text).split(' ') {
            prop_assert!(sound(word).is_ascii() && skeleton(word).is_ascii());
        }
    }

    #[test]
    fn nearness_is_symmetric(a in "[a-e]{0,9}|[a-z]{0,40}|\\PC{0,20}", b in "[a-e]{0,9}|[a-z]{0,40}|\\PC{0,20}") {
        let (there, back) = (alike(&a, &b), alike(&b, &a));
        prop_assert_eq!(there.to_bits(), back.to_bits());
        prop_assert!((0.0..=1.0).contains(&there));
        prop_assert!((alike(&a, &a) - 1.0).abs() < f32::EPSILON);
    }

    #[test]
    fn whole_names_are_symmetric(a in prop::collection::vec("[a-d]{0,6}", 0..8), b in prop::collection::vec("[a-d]{0,6}", 0..8)) {
        let refs = |words: &'_ [String]| -> Vec<String> { words.to_vec() };
        let (a, b) = (refs(&a), refs(&b));
        let (a, b): (Vec<&str>, Vec<&str>) = (a.iter().map(String::as_str).collect(), b.iter().map(String::as_str).collect());
        let (there, back) = (order_free(&a, &b), order_free(&b, &a));
        prop_assert!((there.similarity - back.similarity).abs() < 1e-4, "{there:?} {back:?}");
        prop_assert!((0.0..=1.0).contains(&there.similarity));
        // Every word is in one place.
        let mut places: Vec<usize> = there.aligned.iter().flat_map(|pair| pair.a.clone()).chain(there.only_a.clone()).collect();
        places.sort_unstable();
        prop_assert_eq!(places, (0..a.len()).collect::<Vec<_>>());
    }

    #[test]
    fn any_pairs_can_be_learned_from(pairs in prop::collection::vec((scripts(), scripts()), 0..5)) {
        let table = learn(&pairs);
        prop_assert!(table.pairs.iter().all(|(_, _, cost)| (5..=60).contains(cost)));
        let yaml = table.yaml();
        prop_assert!(names::Table::from_yaml("learned", &yaml).is_ok(), "{yaml}");
    }

    #[test]
    fn one_name_is_itself(text in scripts()) {
        prop_assert!(latin(&text).is_empty() || may_be_one(&text, &text));
    }
}
