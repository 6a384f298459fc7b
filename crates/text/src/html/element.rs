//! What an element is by itself, wherever the walk meets it: its rank, its number, a byline, a list of the document's own.

use super::tree::Tree;

/// The rank of a heading.
pub(super) fn rank(tag: &str) -> Option<u8> {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6").then(|| tag.as_bytes()[1] - b'0')
}

pub(super) fn holds_heading(tree: &Tree, index: usize) -> bool {
    tree.within(index).take(2000).any(|at| rank(tree.tag(at)).is_some())
}

/// Whether the words before a list introduce it as the document's own ("Signed:", "Sources:").
pub(super) fn is_cited(tree: &Tree, index: usize) -> bool {
    let siblings = &tree.nodes[tree.nodes[index].parent].children;
    let before = siblings.iter().rev().copied().find(|at| *at < index && tree.letters(*at) > 0);
    before.is_some_and(|at| {
        let words = tree.words(at);
        words.ends_with(':') || rank(tree.tag(at)).is_some() && !crate::furniture::opens_related(&words)
    })
}

pub(super) fn is_byline(tree: &Tree, index: usize) -> bool {
    let short = (1..=160).contains(&tree.letters(index));
    short
        && ["class", "itemprop", "rel"].iter().filter_map(|name| tree.attribute(index, name)).any(|names| {
            names
                .to_ascii_lowercase()
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|name| matches!(name, "byline" | "author"))
        })
}

/// Whether two headlines are the same but for the publisher's name at one's end.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let plain = |text: &str| crate::matching::for_matching(text).0.to_lowercase();
    let (one, other) = (plain(one), plain(other));
    !one.is_empty() && !other.is_empty() && (one.starts_with(&other) || other.starts_with(&one))
}

/// A list item's number, as browsers draw it.
pub fn ordinal(number: i64, style: &str) -> String {
    match style {
        "a" | "A" if (1..=26).contains(&number) => {
            let letter = char::from(b'a' + u8::try_from(number - 1).unwrap_or(0));
            if style == "a" { letter.to_string() } else { letter.to_ascii_uppercase().to_string() }
        }
        "i" | "I" if (1..=400).contains(&number) => {
            let mut rest = number;
            let mut out = String::new();
            for (value, sign) in
                [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
            {
                while rest >= value {
                    out.push_str(sign);
                    rest -= value;
                }
            }
            if style == "i" { out } else { out.to_uppercase() }
        }
        _ => number.to_string(),
    }
}
