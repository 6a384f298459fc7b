//! Titles before and after a name: off for comparing, kept for display (which is not done here).

use schema::yaml::{DataError, Node};

pub(super) struct Titles {
    before: Vec<String>,
    after: Vec<String>,
    glued: Vec<String>,
    spaced: Vec<String>,
}

impl Titles {
    pub(super) fn read(file: &Node) -> Result<Titles, DataError> {
        file.known_keys(&["before", "after", "glued", "spaced"])?;
        let flat = |key: &str| -> Result<Vec<String>, DataError> {
            let mut all = Vec::new();
            for group in file.require(key)?.list()? {
                all.extend(group.strings()?.into_iter().map(schema::fold));
            }
            all.sort_by_key(|title| std::cmp::Reverse(title.len()));
            Ok(all)
        };
        Ok(Titles { before: flat("before")?, after: flat("after")?, glued: flat("glued")?, spaced: flat("spaced")? })
    }

    /// A folded name without the titles it begins with in its own script.
    pub(super) fn off_native<'t>(&self, folded: &'t str) -> &'t str {
        if folded.is_ascii() {
            return folded;
        }
        let mut rest = folded;
        loop {
            let glued = self.glued.iter().find_map(|title| rest.strip_prefix(title.as_str()).map(str::trim_start));
            let spaced = || {
                let mut titles = self.spaced.iter();
                titles.find_map(|title| rest.strip_prefix(title.as_str())?.strip_prefix(' '))
            };
            match glued.filter(|after| begins_a_word(after)).or_else(spaced) {
                // A title alone may be somebody's name.
                Some(after) if after.chars().filter(|c| c.is_alphabetic()).count() > 1 => rest = after,
                _ => return rest,
            }
        }
    }

    /// Latin words without the titles they begin or end with.
    pub(super) fn off_words(&self, words: &mut Vec<String>) {
        while let Some(count) = self.before.iter().find_map(|title| leading(words, title)) {
            words.drain(..count);
        }
        while words.len() > 2 && words.last().is_some_and(|last| self.after.contains(last)) {
            words.pop();
        }
    }
}

/// What follows must be able to begin a word: no dependent vowel, no mark.
fn begins_a_word(rest: &str) -> bool {
    rest.chars().next().is_some_and(char::is_alphabetic)
        && !rest.starts_with(|c: char| matches!(c as u32, 0x17B4..=0x17D3 | 0x102B..=0x103E | 0x0E30..=0x0E3A | 0x0E45..=0x0E4E | 0x0EB0..=0x0EBC | 0x0EC8..=0x0ECD))
}

/// How many words a title takes at the beginning, when something of a name is left.
fn leading(words: &[String], title: &str) -> Option<usize> {
    let mut count = 0;
    for part in title.split(' ') {
        if words.get(count).map(String::as_str) != Some(part) {
            return None;
        }
        count += 1;
    }
    words.get(count..).is_some_and(|rest| rest.iter().any(|word| word.len() > 1)).then_some(count)
}
