//! How do people write a name? Names made comparable across spellings, romanisations, orders and scripts.
//!
//! **Must never** say that two people are one: a key that meets says only that two spellings *may* be one name; nor fail on what
//! somebody wrote: any Unicode text gives a result.
//!
//! Names of one person are romanised freely (Sithar and Sithor, Mohammed and Muhammad), put in either order (Seng Theary, Theary
//! Seng), joined or split (Sovann Chhay, Sovannchhay) and written in their own script. Everything here is a pure function of the text
//! and of data files that somebody who knows names can read and change (`data/`); results are ASCII.
//!
//! * [`latin`]: any script in small ASCII words, titles off;
//! * [`sound`]: the key under which spellings of one name meet; [`skeleton`]: the same without vowels, for scripts that write none;
//! * [`alike`]: how near two words are, 0 to 1; [`order_free`]: the same for whole names, and what happened;
//! * [`nickname`], [`place`]; [`learn`]: a table of substitutions out of names known to be the same.
#![forbid(unsafe_code)]

mod align;
mod alike;
mod data;
mod latin;
mod learn;
mod nickname;
mod place;
mod rewrite;
mod script;
mod skeleton;
mod sound;
mod titles;
mod words;

pub use align::{Aligned, Happened, Match, order_free};
pub use alike::Table;
pub use data::check;
pub use latin::latin;
pub use learn::learn;
pub use words::may_be_one;

use data::tables;
use script::Of;

/// The key of one word's sound: the same for spellings that people use for one name, also of another script.
///
/// Capital letters in it are classes of vowels; doubled letters, a silent h or r and the Arabic article are gone. Empty when the word
/// has no letter or digit.
#[must_use]
pub fn sound(word: &str) -> String {
    let word = one_word(word);
    tables().map_or_else(|| word.clone(), |tables| tables.sounds.key(&word))
}

/// The consonants of one word, in classes that a script without vowels, or another alphabet, cannot tell apart: `mhmd` for Mohammed and
/// for محمد. The classes are in `data/skeleton.yaml`, with the script for which each is merged.
#[must_use]
pub fn skeleton(word: &str) -> String {
    let word = one_word(word);
    tables().map_or_else(|| word.clone(), |tables| tables.skeleton.key(&word))
}

/// How alike two words are, 0 to 1, of which 1 is the same: an edit distance in which the substitutions of `data/alike.yaml` are cheap.
/// Symmetric. Both are expected as [`latin`] gives them.
#[must_use]
pub fn alike(a: &str, b: &str) -> f32 {
    match tables() {
        Some(tables) => tables.costs.alike(a, b),
        None => f32::from(u8::from(a == b)),
    }
}

/// The formal name for a short or pet form, in small ASCII letters: `robert` for `bob`. Expects a word as [`latin`] gives it.
#[must_use]
pub fn nickname(word: &str) -> Option<&'static str> {
    tables()?.nicknames.formal(word)
}

/// The name of a place in small ASCII words, without the kind of place (province, khet, krong, departamento, محافظة …), spellings of
/// one place as one.
#[must_use]
pub fn place(text: &str) -> String {
    let Some(tables) = tables() else { return latin::words_of(text, Of::Place) };
    tables.places.fold(&latin::words_of(&tables.places.off_native(&schema::fold(text)), Of::Place))
}

/// A word as `latin` gives it; several become one.
fn one_word(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return word.to_owned();
    }
    latin::words_of(word, Of::Person).replace(' ', "")
}
