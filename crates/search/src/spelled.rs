//! The words of names, each under the key of its sound: under it the spellings of one name meet, in any script.
//!
//! A key says only that two spellings *may* be one name. How it is made is [`names`]' matter; here is which words of a text it stands
//! for, so that who types “Rong Chhun” finds រ៉ុង ឈុន, and the other way round.

use crate::words::all_words;

/// One word of a name, with the key of its sound.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameWord {
    pub key: String,
    /// The exact forms of the words that it is written with, a space between them: “sovann chhay” for Sovannchhay; the words that ICU
    /// finds in a name of a script that writes none.
    pub written: String,
}

/// The words of a name, each with its key, and every two neighbours as one: “Sovann Chhay” is also “Sovannchhay”.
#[must_use]
pub fn name_words(name: &str) -> Vec<NameWord> {
    let mut units: Vec<Vec<String>> = Vec::new();
    for piece in name.split_whitespace() {
        let words: Vec<String> = all_words(piece).into_iter().map(|word| word.exact).collect();
        if piece.is_ascii() || words.iter().all(|word| schema::fold(word).is_ascii()) {
            units.extend(words.into_iter().map(|word| vec![word]));
        } else if !words.is_empty() {
            units.push(words);
        }
    }
    let mut found: Vec<NameWord> = units.iter().filter_map(|words| keyed(words)).collect();
    for words in units.iter().filter(|words| words.len() > 1) {
        found.extend(words.iter().filter_map(|word| keyed(std::slice::from_ref(word))));
    }
    found.extend(units.windows(2).filter_map(|pair| keyed(&pair.concat())));
    found.sort();
    found.dedup();
    found
}

fn keyed(words: &[String]) -> Option<NameWord> {
    let key = key(&words.concat());
    (!key.is_empty()).then(|| NameWord { key, written: words.join(" ") })
}

/// The key of one word, as typed or as written: the same for spellings of one sound, whatever their script.
#[must_use]
pub fn key(word: &str) -> String {
    names::sound(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(a: &str, b: &str) -> bool {
        let keys = |name: &str| name_words(name).into_iter().map(|word| word.key).collect::<Vec<_>>();
        let (a, b) = (keys(a), keys(b));
        a.iter().any(|key| b.contains(key))
    }

    #[test]
    fn spellings_meet_whatever_the_script() {
        for (a, b) in [
            ("Sithar", "Sithor"),
            ("Sovannchhay", "Sovann Chhay"),
            ("ឈុន", "Chhun"),
            ("Иванов", "Ivanov"),
            ("Peru", "Perú"),
        ] {
            assert!(meets(a, b), "{a} / {b}: {:?} {:?}", name_words(a), name_words(b));
        }
        for (a, b) in [("Thun", "Sun"), ("Huor", "Huy"), ("Chhun", "Chhum"), ("ឈុន", "Sokha")] {
            assert!(!meets(a, b), "{a} / {b}: {:?} {:?}", name_words(a), name_words(b));
        }
    }

    #[test]
    fn a_word_is_as_the_text_writes_it() {
        let written: Vec<String> = name_words("រ៉ុង ឈុន").into_iter().map(|word| word.written).collect();
        let text: Vec<String> = all_words("លោក រ៉ុង ឈុន ត្រូវបានចាប់ខ្លួន").into_iter().map(|word| word.exact).collect();
        assert!(written.iter().any(|word| word == "ឈុន") && text.contains(&"ឈុន".to_owned()), "{written:?} {text:?}");
    }
}
