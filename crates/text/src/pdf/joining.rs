//! Joins the lines of a paragraph: with a space, or with the hyphen at the line's end undone.

use super::lines::unspaced;
use super::paragraphs::{Piece, Usual};

/// A word without what stands around it, for comparing.
pub fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Adds the words of a new line.
pub fn append(pieces: &mut Vec<Piece>, words: &str, usual: &Usual) {
    let after_page = matches!(pieces.last(), Some(Piece::Page(_)));
    let raised = matches!(pieces_last(pieces), Some(Piece::Raised(_)));
    let last = match last_words(pieces) {
        Some(last) if !raised => last,
        _ => {
            pieces.push(Piece::Words(format!(" {words}")));
            return;
        }
    };
    let mut start = words.to_owned();
    let next = words.chars().next();
    let trimmed = last.trim_end().to_owned();
    if let Some(stem) = trimmed.strip_suffix('\u{AD}') {
        *last = stem.to_owned();
    } else if let Some(stem) = trimmed.strip_suffix(['-', '‐']) {
        let head = stem.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
        let tail: String = words.chars().take_while(|c| !c.is_whitespace()).collect();
        let joined = bare(&format!("{head}{tail}"));
        let hyphened = bare(&format!("{head}-{tail}"));
        let letters = head.chars().next_back().is_some_and(char::is_alphabetic) && next.is_some_and(char::is_lowercase);
        let keep = !letters
            || head.contains('-')
            || (usual.words.contains(&hyphened) && !usual.words.contains(&joined))
            || compound(head);
        // A dash that stands free is a dash.
        if head.is_empty() {
            start.insert(0, ' ');
        } else if !keep {
            *last = stem.to_owned();
        }
    } else if last.ends_with(' ') {
        // The space is there already, also where the script seldom has one.
    } else if !(trimmed.is_empty() || next.is_some_and(unspaced) && trimmed.chars().next_back().is_some_and(unspaced)) {
        start.insert(0, ' ');
    }
    if after_page {
        pieces.push(Piece::Words(start));
    } else if let Some(last) = last_words(pieces) {
        last.push_str(&start);
    }
}

/// First parts that keep their hyphen wherever the line breaks.
fn compound(head: &str) -> bool {
    [
        "non", "self", "ex", "co", "pro", "anti", "vice", "post", "so", "well", "long", "short", "cross", "first",
        "mid", "quasi",
    ]
    .contains(&head.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()))
}

fn pieces_last(pieces: &[Piece]) -> Option<&Piece> {
    pieces.iter().rev().find(|piece| !matches!(piece, Piece::Page(_)))
}

fn last_words(pieces: &mut [Piece]) -> Option<&mut String> {
    pieces.iter_mut().rev().find_map(|piece| match piece {
        Piece::Words(words) => Some(words),
        _ => None,
    })
}
