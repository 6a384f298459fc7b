//! The key of a word's sound: spellings that people use for one name have the same.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::rewrite::{Rewriter, undoubled};

/// The rules as they were read from `romanisation.yaml`.
pub(super) struct Sounds {
    doubled: Rewriter,
    respell: Rewriter,
    consonants: Rewriter,
    vowels: HashMap<String, char>,
    /// Only at a word's end.
    final_vowels: HashMap<String, char>,
    silent_r: HashMap<String, char>,
    same: HashMap<String, String>,
    article: Vec<String>,
    no_article: Vec<String>,
}

impl Sounds {
    pub(super) fn read(file: &Node) -> Result<Sounds, DataError> {
        file.known_keys(&["doubled", "respell", "article", "consonants", "vowels", "silent_r", "same"])?;
        let own = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<String>>();
        let article = file.require("article")?;
        let mut rules = Sounds {
            doubled: Rewriter::read(file.require("doubled")?)?,
            respell: Rewriter::read(file.require("respell")?)?,
            consonants: Rewriter::read(file.require("consonants")?)?,
            vowels: HashMap::new(),
            final_vowels: HashMap::new(),
            silent_r: HashMap::new(),
            same: HashMap::new(),
            article: own(article.require("off")?.strings()?),
            no_article: own(article.require("not")?.strings()?),
        };
        for class in file.require("vowels")?.as_map()? {
            let sound = letter(class.value(), class.key())?;
            for spelling in class.value().strings()? {
                match spelling.strip_suffix('$') {
                    Some(spelling) => rules.final_vowels.insert(spelling.to_owned(), sound),
                    None => rules.vowels.insert(spelling.to_owned(), sound),
                };
            }
        }
        for entry in file.require("silent_r")?.as_map()? {
            rules.silent_r.insert(entry.key().to_owned(), letter(entry.value(), entry.value().str()?)?);
        }
        for group in file.require("same")?.list()? {
            let names = group.strings()?;
            let key = rules.by_rule(&rules.respelt(names.first().copied().unwrap_or_default()));
            for name in names {
                if rules.same.insert(name.to_owned(), key.clone()).is_some() {
                    return Err(group.error(format!("“{name}” stands in two groups"), "Leave it in one of them."));
                }
            }
        }
        Ok(rules)
    }

    /// The key of a word in small ASCII letters.
    pub(super) fn key(&self, word: &str) -> String {
        if let Some(key) = self.listed(word) {
            return key.clone();
        }
        let bare = self.without_article(word);
        if bare != word
            && let Some(key) = self.listed(bare)
        {
            return key.clone();
        }
        self.by_rule(self.without_article(&self.respelt(bare)))
    }

    fn listed(&self, word: &str) -> Option<&String> {
        self.same.get(word).or_else(|| {
            let single = undoubled(word);
            self.same.get(&single)
        })
    }

    fn respelt(&self, word: &str) -> String {
        // Two vowels of one kind are another sound; two consonants of one kind are not.
        self.respell.apply(&undoubled(&self.doubled.apply(word)))
    }

    /// Whether a word begins with the Arabic article, and what follows it.
    pub(super) fn without_article<'w>(&self, word: &'w str) -> &'w str {
        let rest = self.article.iter().find_map(|article| word.strip_prefix(article.as_str()));
        match rest {
            Some(rest)
                if rest.len() >= 4
                    && !rest.starts_with(is_vowel)
                    && !self.no_article.iter().any(|stem| word.starts_with(stem.as_str())) =>
            {
                rest
            }
            _ => word,
        }
    }

    fn by_rule(&self, word: &str) -> String {
        let single = undoubled(word);
        let mut word = single.as_str();
        // A final h only lengthens the vowel before it.
        if let Some(short) = word.strip_suffix('h')
            && short.ends_with(is_vowel)
        {
            word = short;
        }
        let mut key = String::with_capacity(word.len());
        let mut at = 0;
        while let Some(rest) = word.get(at..).filter(|rest| !rest.is_empty()) {
            let run = vowel_run(rest);
            if run > 0 {
                at = word.len() - self.put_vowels(rest, run, &mut key).len();
                continue;
            }
            match self.consonants.at(word, at) {
                Some(rule) => {
                    key.push_str(&rule.to);
                    at += rule.body.len();
                }
                None => {
                    let c = rest.chars().next().unwrap_or(' ');
                    key.push(if c == 'v' { 'w' } else { c });
                    at += c.len_utf8();
                }
            }
        }
        undoubled(&key)
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

/// Bytes of the vowels that this begins with; y and w count as such where no vowel follows them.
fn vowel_run(text: &str) -> usize {
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

fn letter(node: &Node, text: &str) -> Result<char, DataError> {
    match text.chars().next() {
        Some(sound) if text.len() == 1 => Ok(sound),
        _ => Err(node.error("a sound is one letter", "Write A, I or O.")),
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}
