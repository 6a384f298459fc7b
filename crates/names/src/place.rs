//! Names of places made comparable: the kind of place is off, spellings of one place are one.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

pub(super) struct Kinds {
    kinds: Vec<Vec<String>>,
    glued: Vec<String>,
    same: HashMap<String, String>,
}

impl Kinds {
    pub(super) fn read(file: &Node) -> Result<Kinds, DataError> {
        file.known_keys(&["kinds", "glued", "same"])?;
        let mut kinds: Vec<Vec<String>> = Vec::new();
        for group in file.require("kinds")?.list()? {
            kinds.extend(group.strings()?.into_iter().map(|kind| kind.split(' ').map(str::to_owned).collect()));
        }
        kinds.sort_by_key(|kind| std::cmp::Reverse(kind.len()));
        let mut glued: Vec<String> = Vec::new();
        for group in file.require("glued")?.list()? {
            glued.extend(group.strings()?.into_iter().map(schema::fold));
        }
        glued.sort_by_key(|kind| std::cmp::Reverse(kind.len()));
        let mut same = HashMap::new();
        for group in file.require("same")?.list()? {
            let names = group.strings()?;
            let first = names.first().copied().unwrap_or_default().to_owned();
            for name in names {
                if same.insert(name.to_owned(), first.clone()).is_some() {
                    return Err(group.error(format!("“{name}” stands in two groups"), "Leave it in one of them."));
                }
            }
        }
        Ok(Kinds { kinds, glued, same })
    }

    /// Kinds written against a name in its own script, made words of their own and dropped.
    pub(super) fn off_native(&self, folded: &str) -> String {
        if folded.is_ascii() {
            return folded.to_owned();
        }
        let mut words: Vec<&str> = Vec::new();
        for word in folded.split(' ') {
            let rest = self.glued.iter().find_map(|kind| word.strip_prefix(kind.as_str())).unwrap_or(word);
            // “ក្រុង” alone is a word, “ខេត្តកំពត” is two.
            let whole = rest.chars().next().is_none_or(char::is_alphabetic);
            words.push(if whole { rest } else { word });
        }
        let left = words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ");
        if left.is_empty() { folded.to_owned() } else { left }
    }

    /// Latin words without kinds; all of them when nothing else would be left.
    pub(super) fn fold(&self, latin: &str) -> String {
        let words: Vec<&str> = latin.split(' ').filter(|word| !word.is_empty()).collect();
        let mut left: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let kind =
                self.kinds.iter().find(|kind| rest.len() >= kind.len() && kind.iter().zip(rest).all(|(a, b)| a == b));
            match kind {
                Some(kind) => at += kind.len(),
                None => {
                    left.extend(rest.first());
                    at += 1;
                }
            }
        }
        let text = if left.is_empty() { words.join(" ") } else { left.join(" ") };
        self.same.get(&text).cloned().unwrap_or(text)
    }
}
