//! Running heads, feet and page numbers: lines that repeat at the edges of pages.

use super::lines::{Line, Page};
use std::collections::HashMap;

/// How many lines at each edge may be furniture.
const EDGE: usize = 3;

pub fn remove(pages: &mut [Page]) {
    let mut seen: HashMap<(bool, String), usize> = HashMap::new();
    for page in pages.iter() {
        for (top, index) in edges(page) {
            if let Some(line) = page.lines.get(index) {
                *seen.entry((top, pattern(line))).or_default() += 1;
            }
        }
    }
    let count = pages.len();
    for page in pages.iter_mut() {
        let mut gone = Vec::new();
        for (top, index) in edges(page) {
            let Some(line) = page.lines.get(index) else { continue };
            let pattern = pattern(line);
            let times = seen.get(&(top, pattern.clone())).copied().unwrap_or(0);
            let repeats = times >= 3 || (times == 2 && count <= 4);
            let edge = if top { line.y < 0.12 * page.height } else { line.y > 0.88 * page.height };
            // The same words on each page, whatever their figures; or a number alone in the margin.
            if (repeats && (edge || times * 2 > count) && pattern != "#" && !pattern.is_empty())
                || (edge && is_number(&line.text()))
            {
                gone.push(index);
            }
        }
        gone.sort_unstable();
        gone.dedup();
        for index in gone.into_iter().rev() {
            page.lines.remove(index);
        }
    }
}

/// Indexes of the lines nearest the top (true) and the foot of a page.
fn edges(page: &Page) -> Vec<(bool, usize)> {
    let mut by_height: Vec<usize> = (0..page.lines.len()).collect();
    by_height.sort_by(|a, b| page.lines[*a].y.total_cmp(&page.lines[*b].y));
    let zone = |index: &usize, top: bool| {
        let y = page.lines[*index].y;
        if top { y < 0.2 * page.height } else { y > 0.8 * page.height }
    };
    let top = by_height.iter().take(EDGE).filter(|index| zone(index, true)).map(|index| (true, *index));
    let foot = by_height.iter().rev().take(EDGE).filter(|index| zone(index, false)).map(|index| (false, *index));
    top.chain(foot).collect()
}

/// A line's words with its figures made equal.
fn pattern(line: &Line) -> String {
    let mut out = String::new();
    for character in line.text().chars() {
        if character.is_numeric() {
            if !out.ends_with('#') {
                out.push('#');
            }
        } else if !character.is_whitespace() {
            out.extend(character.to_lowercase());
        }
    }
    out
}

/// `7`, `- 7 -`, `Page 7 of 12`, `vii`.
fn is_number(text: &str) -> bool {
    let bare = text.to_lowercase().replace("page", "").replace("of", "").replace('/', "").replace("ទំព័រ", "");
    let bare: String =
        bare.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '|' | '.' | '[' | ']')).collect();
    let roman = !bare.is_empty() && bare.len() <= 5 && bare.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'));
    !bare.is_empty() && (bare.chars().all(char::is_numeric) && bare.chars().count() <= 8 || roman)
}
