//! Footnotes of pages: a short link to an element further down is a mark, and that element is its note.

use super::tree::{Tree, is_block};
use std::collections::HashMap;

#[derive(Default)]
pub struct Notes {
    /// Marks: the link, and the note's id and label.
    pub marks: HashMap<usize, (String, String)>,
    /// Bodies: the block element, and the note's id and label.
    pub bodies: HashMap<usize, (String, String)>,
}

impl Notes {
    pub fn find(tree: &Tree) -> Self {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for index in 0..tree.nodes.len() {
            for name in ["id", "name"] {
                if let Some(id) = tree.attribute(index, name) {
                    places.entry(id).or_insert(index);
                }
            }
        }
        let mut notes = Self::default();
        for index in 0..tree.nodes.len() {
            if tree.tag(index) != "a" || tree.letters(index) > 24 {
                continue;
            }
            let Some(id) = tree.attribute(index, "href").and_then(|href| href.rsplit_once('#')).map(|(_, id)| id)
            else {
                continue;
            };
            let Some(target) = places.get(id).copied().filter(|target| *target > index) else { continue };
            let label = crate::writer::bare_label(&tree.words(index));
            if !is_label(&label) {
                continue;
            }
            // The note is the smallest block around the target that does not hold the mark as well.
            let around = std::iter::once(target).chain(tree.ancestors(target)).find(|at| is_block(tree.tag(*at)));
            let Some(body) = around.filter(|body| *body > index && tree.tag(*body) != "body") else { continue };
            notes.marks.insert(index, (id.to_owned(), label.clone()));
            notes.bodies.entry(body).or_insert_with(|| (id.to_owned(), label));
        }
        notes
    }
}

/// `1`, `iv`, `a`, `*`: not a word, and not a year or a page number in a table of contents.
pub fn is_label(label: &str) -> bool {
    let count = label.chars().count();
    let number = label.chars().all(char::is_numeric) && count <= 3;
    let roman = count <= 6 && label.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'));
    let sign = count <= 3 && label.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§' | '¶'));
    count > 0 && (number || roman || sign || count == 1 && label.chars().all(|c| c.is_ascii_lowercase()))
}
