//! Names in their own script beside the Latin spelling under which the world knows the person: by sound, by skeleton, or near.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use names::{alike, latin, order_free, skeleton, sound};

fn similarity(a: &str, b: &str) -> f32 {
    let words = |text: &'static str| -> Vec<&'static str> { text.split(' ').collect() };
    order_free(&words(latin(a).leak()), &words(latin(b).leak())).similarity
}

fn meets(a: &str, b: &str) -> bool {
    // Where one word ends is another question.
    let by = |key: fn(&str) -> String, text: &str| -> String { latin(text).split(' ').map(key).collect() };
    by(sound, a) == by(sound, b) || by(skeleton, a) == by(skeleton, b)
}

/// Lines of `native|Latin`; `~` before those whose keys do not meet.
fn check(lines: &str, least: f32) {
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let (far, line) = line.strip_prefix('~').map_or((false, line), |line| (true, line));
        let (native, known) = line.split_once('|').unwrap();
        let found = similarity(native, known);
        assert!(found >= least, "{native} {} / {known}: {found}", latin(native));
        assert!(far || meets(native, known), "{native} {} / {known}: no key meets", latin(native));
    }
}

#[test]
fn khmer() {
    check(include_str!("names/khmer.txt"), 0.85);
}

#[test]
fn burmese() {
    check(include_str!("names/burmese.txt"), 0.85);
}

#[test]
fn thai_and_lao() {
    check(include_str!("names/thai_lao.txt"), 0.8);
}

#[test]
fn arabic_persian_hebrew() {
    check(include_str!("names/arabic.txt"), 0.8);
}

#[test]
fn cyrillic_and_greek() {
    check(include_str!("names/cyrillic_greek.txt"), 0.9);
}

#[test]
fn han_hangul_and_india() {
    check(include_str!("names/asia.txt"), 0.85);
}

/// Names of one script that are different people stay apart when both are read.
#[test]
fn look_alikes_of_another_script_keep_apart() {
    for (a, b) in [
        ("ធន់ រដ្ឋា", "Sun Ratha"),
        ("សុខ ជ័យ", "Heng Chey"),
        ("خالد", "Walid"),
        ("Иванов", "Petrov"),
        ("အောင်ဆန်း", "Aung Tin"),
        ("สมชาย", "Somsak"),
        ("Сергей", "Andrei"),
    ] {
        assert!(similarity(a, b) < 0.85, "{a} {} / {b}: {}", latin(a), similarity(a, b));
        assert!(!meets(a, b), "{a} / {b}");
    }
}

/// What a list of a conflict archive may hold: the rules of transliteration undone letter by letter, without a dictionary.
#[test]
fn names_that_no_dictionary_has() {
    for (native, known) in [
        ("سبسبي", "sabsabi"),
        ("قدور", "qaddour"),
        ("جرادات", "jaradat"),
        ("مرعشلي", "maraashli"),
        ("ћирковић", "cirkovic"),
        ("мрђа", "mrdja"),
        ("хмельницкий", "khmelnitsky"),
        ("ផាន់ណា", "phanna"),
        ("ဖိုးသူတော်", "phoethutaw"),
    ] {
        let read = latin(native).replace(' ', "");
        assert!(
            skeleton(&read) == skeleton(known) || alike(&read, known) > 0.9,
            "{native}: {read} {} / {known} {}: {}",
            skeleton(&read),
            skeleton(known),
            alike(&read, known)
        );
    }
}
