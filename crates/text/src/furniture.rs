//! Lines that a page puts around its words: share bars, menus, lists of other articles. The lists are data files.

use std::collections::HashSet;
use std::sync::OnceLock;

struct Lines {
    whole: HashSet<&'static str>,
    starts: Vec<&'static str>,
}

fn lines(data: &'static str) -> Lines {
    let (mut whole, mut starts) = (HashSet::new(), Vec::new());
    for line in data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_suffix('*') {
            Some(start) => starts.push(start.trim()),
            None => {
                whole.insert(line.trim_end_matches(':'));
            }
        }
    }
    Lines { whole, starts }
}

fn known(list: &Lines, words: &str) -> bool {
    if words.len() > 80 {
        return false;
    }
    let plain = crate::writer::collapse(words).to_lowercase();
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    list.whole.contains(plain)
        || list.starts.iter().any(|start| plain.starts_with(start) && plain.len() < start.len() + 24)
}

/// Whether a whole line is the page's, not the document's.
pub fn is_furniture(words: &str) -> bool {
    static LIST: OnceLock<Lines> = OnceLock::new();
    known(LIST.get_or_init(|| lines(include_str!("../data/furniture.txt"))), words)
}

/// Whether a heading opens a list of other articles.
pub fn opens_related(words: &str) -> bool {
    static LIST: OnceLock<Lines> = OnceLock::new();
    known(LIST.get_or_init(|| lines(include_str!("../data/related.txt"))), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_bars_are_told_from_sentences() {
        assert!(is_furniture(" Share on Facebook "));
        assert!(is_furniture("Related Articles"));
        assert!(!is_furniture("He shared the post on Facebook."));
        assert!(opens_related("You may also like:"));
    }
}
