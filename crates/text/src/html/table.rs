//! Tables of data, told from tables that only arrange a page.

use super::article::{Choice, is_furniture};
use super::tree::{Tree, is_mute};

/// Rows and cells beyond these are not read.
const MAX_COLUMNS: usize = 1000;

/// A table's rows, as words; none if it only arranges the page.
pub fn rows(tree: &Tree, choice: &Choice, index: usize) -> Option<Vec<Vec<String>>> {
    if matches!(tree.attribute(index, "role"), Some("presentation" | "none")) {
        return None;
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut longest, mut headed) = (0, false);
    let mut at = index + 1;
    while at < tree.nodes[index].end {
        match tree.tag(at) {
            // A table in a table arranges; so does a cell with headings in it.
            "table" | "h1" | "h2" | "article" | "form" => return None,
            "tr" => {
                let mut row = Vec::new();
                for cell in
                    tree.nodes[at].children.iter().copied().filter(|cell| matches!(tree.tag(*cell), "td" | "th"))
                {
                    headed |= tree.tag(cell) == "th";
                    let words = words(tree, choice, cell);
                    longest = longest.max(words.len());
                    row.push(words);
                    let span: usize =
                        tree.attribute(cell, "colspan").and_then(|span| span.trim().parse().ok()).unwrap_or(1);
                    row.extend((1..span.min(100)).map(|_| String::new()));
                    if row.len() > MAX_COLUMNS {
                        break;
                    }
                }
                rows.push(row);
                at += 1;
            }
            _ => at += 1,
        }
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let filled = rows.iter().filter(|row| row.iter().filter(|cell| !cell.is_empty()).count() >= 2).count();
    let data = columns >= 2 && (headed && rows.len() >= 2 || (filled >= 2 && longest < 2000));
    data.then_some(rows)
}

/// The words of a cell without what nobody sees.
fn words(tree: &Tree, choice: &Choice, cell: usize) -> String {
    let mut out = String::new();
    let mut at = cell;
    while at < tree.nodes[cell].end {
        let node = &tree.nodes[at];
        if at != cell && !node.tag.is_empty() && (is_mute(&node.tag) || is_furniture(tree, choice, at)) {
            at = node.end;
            continue;
        }
        if node.tag.is_empty() {
            out.push_str(&node.text);
        } else if node.tag == "br" || super::tree::is_block(&node.tag) {
            out.push(' ');
        }
        at += 1;
    }
    out
}
