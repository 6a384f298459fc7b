//! Footnotes: which lines are theirs.

use super::lines::{Line, Page};
use super::paragraphs::Usual;
use std::collections::HashMap;

/// Lines of footnotes: small type at the foot of a column, beginning with a label. Gives, for each such line, the
/// label that begins there, or none where a note goes on.
pub fn notes(page: &Page, usual: &Usual) -> HashMap<usize, Option<String>> {
    let mut found = HashMap::new();
    let small = |line: &Line| line.size < 0.93 * usual.size && line.size > 3.0;
    // From the last line of full size in each column on, what is small is foot matter.
    let mut from = 0;
    while from < page.lines.len() {
        let mut to = from + 1;
        while to < page.lines.len() && page.lines[to].y > page.lines[to - 1].y - 0.5 * page.lines[to - 1].size {
            to += 1;
        }
        let last_full = (from..to).rev().find(|index| !small(&page.lines[*index]));
        let start = last_full.map_or(from, |index| index + 1);
        let mut open = false;
        for index in start..to {
            let Some(line) = page.lines.get(index) else { continue };
            if line.y < 0.35 * page.height && last_full.is_some() {
                continue;
            }
            match note_label(line) {
                Some(label) => {
                    found.insert(index, Some(label));
                    open = true;
                }
                None if open => {
                    found.insert(index, None);
                }
                None => {}
            }
        }
        from = to;
    }
    found
}

/// `¹ See…`, `1 See…`, `[1] See…`, `* See…`
fn note_label(line: &Line) -> Option<String> {
    let first = line.runs.first()?;
    if line.raised(first) && super::write::is_mark(&first.text) && line.runs.len() > 1 {
        return Some(crate::writer::bare_label(&first.text));
    }
    let text = line.text();
    let label: String =
        text.trim_start_matches('[').chars().take_while(|c| c.is_numeric() || matches!(c, '*' | '†' | '‡')).collect();
    let after = text.trim_start_matches('[').get(label.len()..)?;
    let spaced = after.starts_with([' ', ']']) || (after.starts_with('.') && after[1..].starts_with(' '));
    (super::write::is_mark(&label) && spaced && after.chars().any(char::is_alphabetic))
        .then(|| crate::writer::bare_label(&label))
}
