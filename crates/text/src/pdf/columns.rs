//! Reading order: columns before rows, where there are columns.
//!
//! A gutter is a stretch of white that many rows share with prose on both sides. Rows that cross it (headlines,
//! wide tables) end the columns above them. Tables share their gaps too, but their cells do not fill their columns.

use super::lines::{Line, Run, lines};

const MAX_DEPTH: usize = 4;

/// The lines of a page in reading order.
pub fn order(runs: Vec<Run>) -> Vec<Line> {
    let mut out = Vec::new();
    split(runs, 0, &mut out);
    out
}

fn split(runs: Vec<Run>, depth: usize, out: &mut Vec<Line>) {
    if runs.is_empty() {
        return;
    }
    let gutter = if depth < MAX_DEPTH && runs.len() < 20_000 { gutter(&runs) } else { None };
    let Some((from, to)) = gutter else {
        let edges =
            (runs.iter().map(|run| run.x).fold(f32::MAX, f32::min), runs.iter().map(|run| run.end).fold(0.0, f32::max));
        out.extend(lines(runs).into_iter().map(|mut line| {
            line.column = edges;
            line
        }));
        return;
    };
    // Rows in order; those that cross the gutter part what is above from what is below.
    let (mut left, mut right, mut across) = (Vec::new(), Vec::new(), Vec::new());
    let mut rows = lines(runs);
    rows.sort_by(|a, b| a.y.total_cmp(&b.y));
    let middle = (from + to) / 2.0;
    for row in rows {
        let crosses =
            row.runs.iter().any(|run| run.x < from - 1.0 && run.end > to + 1.0) || crosses_by_words(&row, from, to);
        if crosses {
            flush(&mut left, &mut right, depth, out);
            across.extend(row.runs);
        } else {
            if !across.is_empty() {
                split(std::mem::take(&mut across), MAX_DEPTH, out);
            }
            for run in row.runs {
                if (run.x + run.end) / 2.0 < middle { left.push(run) } else { right.push(run) }
            }
        }
    }
    split(across, MAX_DEPTH, out);
    flush(&mut left, &mut right, depth, out);
}

fn flush(left: &mut Vec<Run>, right: &mut Vec<Run>, depth: usize, out: &mut Vec<Line>) {
    split(std::mem::take(left), depth + 1, out);
    split(std::mem::take(right), depth + 1, out);
}

/// A headline set word by word crosses the gutter with an ordinary space in it.
fn crosses_by_words(row: &Line, from: f32, to: f32) -> bool {
    row.runs.windows(2).any(|pair| {
        let (gap_from, gap_to) = (pair[0].end, pair[1].x);
        let overlaps = gap_from < to && gap_to > from;
        overlaps
            && gap_to - gap_from < 0.6 * row.size
            && pair[0].x < from
            && pair[1].end > to
            && (gap_from > from + 1.0 || gap_to < to - 1.0)
    })
}

/// The best gutter, if there is one: its left and right edge.
fn gutter(runs: &[Run]) -> Option<(f32, f32)> {
    let rows = lines(runs.to_vec());
    if rows.len() < 5 {
        return None;
    }
    let left = runs.iter().map(|run| run.x).fold(f32::MAX, f32::min);
    let right = runs.iter().map(|run| run.end).fold(0.0, f32::max);
    let width = right - left;
    if !(width.is_finite() && width > 100.0) {
        return None;
    }
    let mut sizes: Vec<f32> = rows.iter().map(|row| row.size).collect();
    sizes.sort_by(f32::total_cmp);
    let size = sizes.get(sizes.len() / 2).copied().unwrap_or(10.0);
    // Candidate edges: where runs begin, with white before them.
    let mut starts: Vec<f32> =
        runs.iter().map(|run| run.x).filter(|x| *x > left + 0.15 * width && *x < right - 0.15 * width).collect();
    starts.sort_by(f32::total_cmp);
    let mut best: Option<(f32, f32, usize)> = None;
    let mut index = 0;
    while let Some(start) = starts.get(index).copied() {
        let same = starts.iter().skip(index).take_while(|x| **x - start < 2.5).count().max(1);
        index += same;
        if same < 4 {
            continue;
        }
        let to = start - 0.5;
        // How far to the left is it white, in the rows that have words on both sides?
        let mut ends: Vec<f32> = Vec::new();
        let mut crossing = 0;
        for row in &rows {
            let before = row.runs.iter().filter(|run| run.end <= to + 1.0).map(|run| run.end).fold(f32::MIN, f32::max);
            let starts_here = row.runs.iter().any(|run| (run.x - start).abs() < 3.0 + 2.0 * size);
            if row.runs.iter().any(|run| run.x < to - 1.0 && run.end > to + 1.0) {
                crossing += 1;
            } else if before > f32::MIN && starts_here && to - before > 0.8 * size {
                ends.push(before);
            }
        }
        let both = ends.len();
        let from = ends.iter().copied().fold(f32::MIN, f32::max);
        if both < 4 || both * 3 < crossing || to - from < 0.8 * size {
            continue;
        }
        if prose(&rows, from, to, left, right) && best.is_none_or(|(_, _, most)| both > most) {
            best = Some((from, to, both));
        }
    }
    best.map(|(from, to, _)| (from, to))
}

/// Whether the words on both sides fill their columns, as prose does and table cells do not.
fn prose(rows: &[Line], from: f32, to: f32, left: f32, right: f32) -> bool {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for row in rows {
        if row.runs.iter().any(|run| run.x < from - 1.0 && run.end > to + 1.0) {
            continue;
        }
        let side = |keep: &dyn Fn(&&Run) -> bool| -> Option<(f32, usize)> {
            let kept: Vec<&Run> = row.runs.iter().filter(keep).collect();
            let start = kept.iter().map(|run| run.x).reduce(f32::min)?;
            let end = kept.iter().map(|run| run.end).reduce(f32::max)?;
            let letters = kept.iter().map(|run| run.text.chars().count()).sum();
            Some((end - start, letters))
        };
        one.extend(side(&|run| run.end <= from + 1.0));
        other.extend(side(&|run| run.x >= to - 1.0));
    }
    let fills = |rows: &[(f32, usize)], width: f32| {
        let full = rows.iter().filter(|(length, _)| *length > 0.7 * width).count();
        let letters: usize = rows.iter().map(|(_, letters)| letters).sum();
        rows.len() >= 4 && full * 2 >= rows.len() && letters >= rows.len() * 14
    };
    fills(&one, from - left) && fills(&other, right - to)
}
