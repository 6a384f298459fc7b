//! Names as people spell them: a key under which spellings of one name meet.
//!
//! Names of one person are romanised freely (Sithar and Sithor, Sokha and Sokkha, Mohammed and Muhammad), put in either order (Seng
//! Theary, Theary Seng) and joined or split (Sovann Chhay, Sovannchhay). A key says only that two spellings *may* be one name; it
//! never says that two people are one. The rules are data: `data/romanisation.yaml`.
//!
//! This module knows nothing of the index: whoever compares names may use it.

use std::collections::HashMap;
use std::sync::OnceLock;

use schema::yaml::{self, DataError, Node};

use crate::words::{all_words, unaccented};

const DATA: &str = include_str!("../data/romanisation.yaml");

/// One word of a name, with the key of its sound.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameWord {
    pub key: String,
    /// As written, in lower case; two words with a space between where a name was split.
    pub written: String,
}

/// The words of a name, each with its key, and every two neighbours as one: “Sovann Chhay” is also “Sovannchhay”.
#[must_use]
pub fn name_words(name: &str) -> Vec<NameWord> {
    let words: Vec<String> = all_words(name).into_iter().map(|word| unaccented(&word.exact).into_owned()).collect();
    let mut found: Vec<NameWord> =
        words.iter().map(|word| NameWord { key: key(word), written: word.clone() }).collect();
    for pair in words.windows(2) {
        if let [a, b] = pair
            && is_latin(a)
            && is_latin(b)
        {
            found.push(NameWord { key: key(&format!("{a}{b}")), written: format!("{a} {b}") });
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The key of one word in lower case without accents: the same for spellings of one sound. A word of another script is its own key.
#[must_use]
pub fn key(word: &str) -> String {
    if !is_latin(word) {
        return word.to_owned();
    }
    match rules() {
        Ok(rules) => rules.key(word),
        Err(_) => word.to_owned(),
    }
}

/// Whether two names may be one: each word of the shorter has one of the same key in the longer, whatever their order.
#[must_use]
pub fn may_be_one(a: &str, b: &str) -> bool {
    let keys =
        |name: &str| -> Vec<String> { all_words(name).into_iter().map(|word| key(&unaccented(&word.exact))).collect() };
    let (a, b) = (keys(a), keys(b));
    let joined = |keys: &[String]| keys.concat();
    let (shorter, longer) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let mut left = longer.clone();
    let all = shorter.iter().all(|key| match left.iter().position(|other| other == key) {
        Some(at) => {
            left.remove(at);
            true
        }
        None => false,
    });
    !shorter.is_empty() && (all || joined(&a) == joined(&b))
}

fn is_latin(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'\'')
}

/// The rules as they were read.
struct Rules {
    /// From, to; the end of the word asked for; in the order of the file, the longer first within one line.
    consonants: Vec<(String, String, bool)>,
    vowels: HashMap<String, char>,
    /// Only at a word's end.
    final_vowels: HashMap<String, char>,
    silent_r: HashMap<String, char>,
    same: HashMap<String, String>,
}

fn rules() -> &'static Result<Rules, DataError> {
    static RULES: OnceLock<Result<Rules, DataError>> = OnceLock::new();
    RULES.get_or_init(|| Rules::read(&yaml::parse("romanisation.yaml", DATA)?))
}

impl Rules {
    fn read(file: &Node) -> Result<Rules, DataError> {
        file.known_keys(&["consonants", "vowels", "silent_r", "same"])?;
        let mut rules = Rules {
            consonants: Vec::new(),
            vowels: HashMap::new(),
            final_vowels: HashMap::new(),
            silent_r: HashMap::new(),
            same: HashMap::new(),
        };
        for rule in file.require("consonants")?.list()? {
            let to = rule.require("to")?.str()?;
            for from in rule.require("from")?.strings()? {
                let (from, end) = from.strip_suffix('$').map_or((from, false), |from| (from, true));
                rules.consonants.push((from.to_owned(), to.to_owned(), end));
            }
        }
        for class in file.require("vowels")?.as_map()? {
            let sound = sound(class.value(), class.key())?;
            for spelling in class.value().strings()? {
                match spelling.strip_suffix('$') {
                    Some(spelling) => rules.final_vowels.insert(spelling.to_owned(), sound),
                    None => rules.vowels.insert(spelling.to_owned(), sound),
                };
            }
        }
        for entry in file.require("silent_r")?.as_map()? {
            rules.silent_r.insert(entry.key().to_owned(), sound(entry.value(), entry.value().str()?)?);
        }
        for group in file.require("same")?.list()? {
            let names = group.strings()?;
            let first = names.first().copied().unwrap_or_default();
            let key = rules.by_rule(first);
            rules.same.extend(names.into_iter().map(|name| (name.to_owned(), key.clone())));
        }
        Ok(rules)
    }

    fn key(&self, word: &str) -> String {
        self.same.get(word).cloned().unwrap_or_else(|| self.by_rule(word))
    }

    fn by_rule(&self, word: &str) -> String {
        let single = undoubled(&word.replace('\'', ""));
        let mut word = single.as_str();
        // A final h only lengthens the vowel before it.
        if let Some(short) = word.strip_suffix('h')
            && short.ends_with(is_vowel)
        {
            word = short;
        }
        let mut key = String::with_capacity(word.len());
        let mut rest = word;
        while !rest.is_empty() {
            let run = self.vowel_run(rest);
            if run > 0 {
                rest = self.put_vowels(rest, run, &mut key);
                continue;
            }
            let rule = self
                .consonants
                .iter()
                .filter(|(from, _, end)| if *end { rest == from } else { rest.starts_with(from.as_str()) });
            match rule.max_by_key(|(from, _, end)| (from.len(), *end)) {
                Some((from, to, _)) => {
                    key.push_str(to);
                    rest = &rest[from.len()..];
                }
                None => {
                    let c = rest.chars().next().unwrap_or(' ');
                    key.push(if c == 'v' { 'w' } else { c });
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        undoubled(&key)
    }

    /// Bytes of the vowels that this begins with; y and w count as such where no vowel follows them.
    fn vowel_run(&self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let mut end = 0;
        while let Some(byte) = bytes.get(end) {
            let vowel = match byte {
                b'a' | b'e' | b'i' | b'o' | b'u' => true,
                b'y' => end > 0 || !bytes.get(1).is_some_and(|next| b"aeou".contains(next)),
                b'w' | b'v' => end > 0 && end + 1 == bytes.len(),
                _ => false,
            };
            if !vowel {
                break;
            }
            end += 1;
        }
        end
    }

    /// Puts the sound of a run of vowels, with a silent r after it; gives what is left.
    fn put_vowels<'t>(&self, text: &'t str, run: usize, key: &mut String) -> &'t str {
        let (vowels, rest) = text.split_at(run);
        if let Some(after) = rest.strip_prefix('r')
            && !after.starts_with(is_vowel)
        {
            let with_r = &text[..=run];
            let sound = self.silent_r.get(with_r).copied().or_else(|| self.sound(vowels, after.is_empty()));
            key.push(sound.unwrap_or('A'));
            return after;
        }
        let (vowels, rest) = if vowels.ends_with('v') && !self.final_vowels.contains_key(vowels) {
            text.split_at(run - 1)
        } else {
            (vowels, rest)
        };
        match self.sound(vowels, rest.is_empty()) {
            Some(sound) => key.push(sound),
            // No spelling of one vowel: each for itself.
            None => {
                let mut last = None;
                for vowel in vowels.chars() {
                    let sound = self.vowels.get(&vowel.to_string()).copied().unwrap_or(vowel);
                    if last != Some(sound) {
                        key.push(sound);
                    }
                    last = Some(sound);
                }
            }
        }
        rest
    }

    fn sound(&self, vowels: &str, at_end: bool) -> Option<char> {
        at_end.then(|| self.final_vowels.get(vowels)).flatten().or_else(|| self.vowels.get(vowels)).copied()
    }
}

fn sound(node: &Node, text: &str) -> Result<char, DataError> {
    match text.chars().next() {
        Some(sound) if text.len() == 1 => Ok(sound),
        _ => Err(node.error("a sound is one letter", "Write A, I or O.")),
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Doubled letters made one.
fn undoubled(word: &str) -> String {
    let mut single = String::with_capacity(word.len());
    for c in word.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    single
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_rules_hold_together() {
        assert!(rules().as_ref().map_err(ToString::to_string).is_ok());
    }

    #[test]
    fn spellings_of_one_name() {
        for (a, b) in [
            ("Sithar", "Sithor"),
            ("Sokha", "Sokkha"),
            ("Le Sokha", "Li Sokha"),
            ("Mohammed", "Muhammad"),
            ("Mohamad", "Mohammed"),
            ("Deth Huor", "Det Huor"),
            ("Phav Nheung", "Phao Nherng"),
            ("Yi Kunthea", "Yy Kunthea"),
            ("In Thou", "Inn Thou"),
            ("Thun Ratha", "Thon Ratha"),
            ("Chea Kunthin", "Chea Kuntin"),
            ("Eng Chhai Eang", "Eng Chhay Eang"),
            ("Suong Sophorn", "Soung Sophorn"),
            ("Tbong Khmum", "Tboung Khmom"),
            ("Chi Khor Loeu", "Chi Khor Leu"),
            ("Sre Ambel", "Srae Ambel"),
            ("Seng Theary", "Theary Seng"),
            ("Sovannchhay", "Sovann Chhay"),
            ("Choung Chou Ngy", "Choung Choungy"),
            ("Hussein", "Husain"),
            ("Ahmed", "Ahmad"),
            ("Ratanakiri", "Ratanakkiri"),
            ("Rong Chhun", "RONG CHHUN"),
        ] {
            assert!(may_be_one(a, b), "{a} / {b}: {:?} {:?}", name_words(a), name_words(b));
        }
    }

    #[test]
    fn look_alikes_keep_apart() {
        for (a, b) in [
            ("Thun Ratha", "Sun Ratha"),
            ("Khmer Win Party", "Khmer Will Party"),
            ("Det Huor", "Heng Huy"),
            ("Sok Chey", "Heng Chey"),
            ("Ton Nimol", "Tor Nimol"),
            ("Chhun", "Chhum"),
            ("Sokha", "Sophea"),
            ("Rong Chhun", "Kem Sokha"),
        ] {
            assert!(!may_be_one(a, b), "{a} / {b}: {:?} {:?}", name_words(a), name_words(b));
        }
    }

    #[test]
    fn another_script_is_its_own_key() {
        assert_eq!(key("ឈុន"), "ឈុន");
    }
}
