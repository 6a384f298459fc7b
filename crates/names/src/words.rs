//! A name's words with the keys of their sound, and whether two names may be one: what a search needs.

use super::{latin, sound};

/// One word of a name, with the key of its sound.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameWord {
    pub key: String,
    /// In small ASCII letters; two words with a space between where a name was split.
    pub written: String,
}

/// The words of a name, each with its key, and every two neighbours as one: “Sovann Chhay” is also “Sovannchhay”.
#[must_use]
pub fn name_words(name: &str) -> Vec<NameWord> {
    let name = latin(name);
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    let mut found: Vec<NameWord> =
        words.iter().map(|word| NameWord { key: sound(word), written: (*word).to_owned() }).collect();
    for pair in words.windows(2) {
        if let [a, b] = pair {
            found.push(NameWord { key: sound(&format!("{a}{b}")), written: format!("{a} {b}") });
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Whether two names may be one: each word of the shorter has one of the same key in the longer, whatever their order.
#[must_use]
pub fn may_be_one(a: &str, b: &str) -> bool {
    let keys =
        |name: &str| -> Vec<String> { latin(name).split(' ').filter(|word| !word.is_empty()).map(sound).collect() };
    let (a, b) = (keys(a), keys(b));
    let (shorter, longer) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let mut left = longer.clone();
    let all = shorter.iter().all(|key| match left.iter().position(|other| other == key) {
        Some(at) => {
            left.remove(at);
            true
        }
        None => false,
    });
    !shorter.is_empty() && (all || a.concat() == b.concat())
}
