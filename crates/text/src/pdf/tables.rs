//! Tables: which lines are their rows.

use super::lines::{Line, Page};
use std::collections::HashMap;

/// Rows of tables: neighbouring lines whose words stand in the same columns, with white between.
pub fn rows(page: &Page) -> HashMap<usize, Vec<String>> {
    let cells: Vec<Vec<(f32, f32, String)>> = page.lines.iter().map(cells).collect();
    let alike = |one: &[(f32, f32, String)], other: &[(f32, f32, String)], size: f32| {
        let same = one
            .iter()
            .filter(|cell| {
                other.iter().any(|with| (cell.0 - with.0).abs() < 0.5 * size || (cell.1 - with.1).abs() < 0.5 * size)
            })
            .count();
        one.len() >= 2 && other.len() >= 2 && same >= 2 && same + 1 >= one.len().min(other.len())
    };
    let mut out = HashMap::new();
    let mut index = 0;
    while index < cells.len() {
        let mut end = index;
        while end + 1 < cells.len()
            && alike(&cells[end], &cells[end + 1], page.lines[end].size)
            && page.lines[end + 1].y - page.lines[end].y < 5.0 * page.lines[end].size
        {
            end += 1;
        }
        if end > index {
            for (row, cells) in cells.iter().enumerate().take(end + 1).skip(index) {
                out.insert(row, cells.iter().map(|(_, _, words)| words.clone()).collect());
            }
        }
        index = end + 1;
    }
    out
}

fn cells(line: &Line) -> Vec<(f32, f32, String)> {
    let mut cells: Vec<(f32, f32, String)> = Vec::new();
    for (index, run) in line.runs.iter().enumerate() {
        match cells.last_mut() {
            Some((_, end, words)) if run.x - *end < 1.2 * line.size => {
                if line.spaced(index) {
                    words.push(' ');
                }
                words.push_str(&run.text);
                *end = run.end;
            }
            _ => cells.push((run.x, run.end, run.text.clone())),
        }
    }
    // A bullet or number before its item is no cell.
    if cells.len() == 2 && (cells[0].2.chars().count() <= 3 || super::paragraphs::item(&format!("{} x", cells[0].2))) {
        return Vec::new();
    }
    cells
}
