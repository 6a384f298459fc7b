#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;

fn sentence(text: &str) -> Sentence {
    match Sentence::parse(text) {
        Ok(sentence) => sentence,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn as_people_write_them() {
    for (written, canonical) in [
        ("24 months", "P24M"),
        ("two years in prison", "P2Y"),
        ("27 years imprisonment", "P27Y"),
        ("life imprisonment", "life"),
        ("death", "death"),
        ("12 months suspended", "P12M; suspended all"),
        ("12 months, all suspended", "P12M; suspended all"),
        ("18 months supervised", "P18M; supervised"),
        ("18 months under court supervision", "P18M; supervised"),
        ("20 months, of which 15 months 11 days to serve", "P20M; serve P15M11D"),
        (
            "20 months, 15 months 11 days to serve and 4 months 20 days suspended",
            "P20M; serve P15M11D; suspended P4M20D",
        ),
        ("two years and a fine of 2 million riel", "P2Y; fine 2000000 KHR"),
        ("24 months, 2,000,000 riel", "P24M; fine 2000000 KHR"),
        ("a fine of 17 million riel", "none; fine 17000000 KHR"),
        (
            "P20M; serve P15M5D; suspended P4M25D; supervised; fine 2000000 KHR",
            "P20M; serve P15M5D; suspended P4M25D; supervised; fine 2000000 KHR",
        ),
        ("P12M; suspended P12M", "P12M; suspended all"),
        ("none", "none"),
    ] {
        assert_eq!(sentence(written).canonical(), canonical, "{written}");
    }
}

#[test]
fn the_parts_must_make_the_whole() {
    for (written, whole) in [
        ("P20M; serve P15M11D; suspended P4M20D", true),
        ("P20M; serve P15M11D; suspended P4M17D", true),
        ("P20M; serve P15M11D; suspended P4M10D", false),
        ("P24M; serve P18M; suspended P6M", true),
        ("P2Y; serve P18M; suspended P6M", true),
        ("P24M; serve P18M; suspended P12M", false),
        ("P12M; suspended P24M", false),
        ("life; suspended all", false),
        ("none; supervised", false),
    ] {
        assert_eq!(Sentence::parse(written).is_ok(), whole, "{written}");
    }
    assert_eq!(
        Sentence::parse("P24M; serve P18M; suspended P12M").unwrap_err().to_string(),
        "P24M; serve P18M; suspended P12M: 18 months to serve and 12 months suspended do not make \
         24 months. Check the source; where it states one part only, leave the other out."
    );
}

#[test]
fn what_is_no_sentence_is_refused() {
    for written in ["guilty", "24", "24 months; 12 months", "suspended", "24 months, 6 suspended", "P24M; fine 5"] {
        assert!(Sentence::parse(written).is_err(), "{written}");
    }
}

#[test]
fn shown_in_both_languages() {
    for (canonical, shown) in [
        ("P24M", "24 months"),
        (
            "P20M; serve P15M11D; suspended P4M20D",
            "20 months, of which 15 months 11 days to serve and 4 months 20 days suspended",
        ),
        ("P12M; suspended all", "12 months, all suspended"),
        ("P18M; supervised", "18 months, under court supervision"),
        ("P24M; fine 2000000 KHR", "24 months and a fine of 2,000,000 riel"),
        ("none; fine 17000000 KHR", "a fine of 17,000,000 riel"),
        ("none", "no penalty"),
    ] {
        assert_eq!(sentence(canonical).display("en"), shown);
    }
    assert_eq!(sentence("P24M").display("km"), "២៤ ខែ");
}

#[test]
fn how_accounts_stand_to_each_other() {
    let agreement = |a: &str, b: &str| sentence(a).agreement(&sentence(b));
    assert_eq!(agreement("P24M", "P2Y"), Agreement::Same);
    assert_eq!(agreement("P20M", "P20M; serve P15M11D"), Agreement::LessPrecise);
    assert_eq!(agreement("P20M; fine 2000000 KHR", "P20M; serve P15M11D"), Agreement::Compatible);
    assert_eq!(agreement("P24M", "P18M"), Agreement::Different);
    assert_eq!(agreement("P27Y", "life"), Agreement::Different);
    assert_eq!(agreement("P18M; supervised", "P18M; supervised; fine 1 KHR"), Agreement::LessPrecise);
}
