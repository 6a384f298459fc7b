//! Runs of glyphs, and lines of runs.

use super::glyphs::{Found, Glyph};

/// Glyphs drawn one after the other on one baseline, as words.
#[derive(Debug, Clone)]
pub struct Run {
    pub text: String,
    pub x: f32,
    pub end: f32,
    pub y: f32,
    pub size: f32,
    pub bold: bool,
    /// A space follows its last word.
    pub spaced: bool,
}

/// Runs on one baseline, from left to right.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub runs: Vec<Run>,
    pub x: f32,
    pub end: f32,
    pub y: f32,
    pub size: f32,
    /// Left and right edge of the column it stands in.
    pub column: (f32, f32),
}

#[derive(Debug, Default)]
pub struct Page {
    pub height: f32,
    pub lines: Vec<Line>,
    /// Read from its picture, not from its glyphs.
    pub recognised: Option<String>,
}

impl Page {
    pub fn new(found: Found) -> Self {
        let height = found.height;
        let runs = runs(found.glyphs);
        Self { height, lines: super::columns::order(runs), recognised: None }
    }
}

impl Run {
    pub fn top(&self) -> f32 {
        self.y - 0.75 * self.size
    }

    pub fn bottom(&self) -> f32 {
        self.y + 0.25 * self.size
    }
}

/// Scripts whose lines are broken without a hyphen and joined without a space.
pub fn unspaced(character: char) -> bool {
    matches!(u32::from(character), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x19E0..=0x19FF | 0x3000..=0x30FF | 0x4E00..=0x9FFF)
}

fn runs(glyphs: Vec<Glyph>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut pieces: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        if glyph.artifact {
            continue;
        }
        let breaks = pieces.last().is_some_and(|last| {
            let size = last.size.max(glyph.size);
            let gap = glyph.x - last.end;
            (glyph.y - last.y).abs() > 0.12 * size
                || (glyph.size - last.size).abs() > 0.08 * size
                || gap > 1.0 * size
                || glyph.x < last.x - 0.6 * size
                || glyph.bold != last.bold
        });
        if breaks {
            runs.extend(run(&std::mem::take(&mut pieces)));
        }
        pieces.push(glyph);
    }
    runs.extend(run(&pieces));
    runs
}

fn run(glyphs: &[Glyph]) -> Option<Run> {
    let first = glyphs.first()?;
    let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f32::max);
    // Spaced-out type: what is usual between letters is no space.
    let mut gaps: Vec<f32> = glyphs.windows(2).map(|pair| pair[1].x - pair[0].end).collect();
    gaps.sort_by(f32::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0).max(0.0);
    let spaced = glyphs.iter().any(|glyph| glyph.text == " ");
    let least = if usual > 0.1 * size && gaps.len() > 3 {
        usual + 0.15 * size
    } else if spaced {
        0.3 * size
    } else {
        0.16 * size
    };
    let mut text = String::new();
    let mut end = first.x;
    for (index, glyph) in glyphs.iter().enumerate() {
        let gap = glyph.x - end;
        let stacked =
            spaced && text.chars().next_back().is_some_and(unspaced) && glyph.text.chars().next().is_some_and(unspaced);
        let least = if stacked { least + 0.3 * size } else { least };
        if index > 0 && gap > least && !text.ends_with(' ') && !glyph.text.is_empty() && !glyph.text.starts_with(' ') {
            text.push(' ');
        }
        text.push_str(&glyph.text);
        end = end.max(glyph.end);
    }
    if text.trim().is_empty() {
        return None;
    }
    // Spaces at the ends are places, not words.
    let blank = |glyph: &&Glyph| glyph.text.chars().all(char::is_whitespace) && !glyph.text.is_empty();
    let x = glyphs.iter().find(|glyph| !blank(glyph)).map_or(first.x, |glyph| glyph.x);
    let last = glyphs.iter().rev().find(|glyph| !blank(glyph)).map_or(end, |glyph| glyph.end);
    let bold = glyphs.iter().filter(|glyph| glyph.bold).count() * 2 > glyphs.len();
    Some(Run { text: text.trim().to_owned(), x, end: last.max(x), y: first.y, size, bold, spaced: text.ends_with(' ') })
}

/// Groups runs of one column to lines, top to bottom.
pub fn lines(mut runs: Vec<Run>) -> Vec<Line> {
    // Large type first: raised and lowered figures join the line that they overlap.
    runs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Line> = Vec::new();
    let mut small: Vec<Run> = Vec::new();
    let typical = typical_size(&runs);
    for run in runs {
        if run.size < 0.85 * typical && run.text.chars().count() <= 4 {
            small.push(run);
            continue;
        }
        place(&mut lines, run);
    }
    for run in small {
        place(&mut lines, run);
    }
    for line in &mut lines {
        line.runs.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    lines.sort_by(|a, b| a.y.total_cmp(&b.y));
    lines
}

fn typical_size(runs: &[Run]) -> f32 {
    let mut sizes: Vec<(f32, usize)> = runs.iter().map(|run| (run.size, run.text.len())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, count)| count).sum::<usize>() / 2;
    let mut sum = 0;
    for (size, count) in sizes {
        sum += count;
        if sum > half {
            return size;
        }
    }
    0.0
}

fn place(lines: &mut Vec<Line>, run: Run) {
    let height = run.bottom() - run.top();
    let mut best: Option<(usize, f32)> = None;
    for (index, line) in lines.iter().enumerate().rev().take(60) {
        let (top, bottom) = (line.y - 0.75 * line.size, line.y + 0.25 * line.size);
        let overlap = (bottom.min(run.bottom()) - top.max(run.top())).max(0.0);
        let share = overlap / height.min(bottom - top).max(0.1);
        let collides = line.runs.iter().any(|other| other.end.min(run.end) - other.x.max(run.x) > 0.5 * run.size);
        if share > 0.5 && !collides && best.is_none_or(|(_, most)| share > most) {
            best = Some((index, share));
        }
    }
    match best.and_then(|(index, _)| lines.get_mut(index)) {
        Some(line) => {
            line.x = line.x.min(run.x);
            line.end = line.end.max(run.end);
            if run.size > line.size {
                (line.size, line.y) = (run.size, run.y);
            }
            line.runs.push(run);
        }
        None => lines.push(Line {
            x: run.x,
            end: run.end,
            y: run.y,
            size: run.size,
            column: (run.x, run.end),
            runs: vec![run],
        }),
    }
}

impl Line {
    /// The words, runs joined with the spaces their places show.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (index, run) in self.runs.iter().enumerate() {
            if index > 0 && self.spaced(index) {
                text.push(' ');
            }
            text.push_str(&run.text);
        }
        text
    }

    /// Whether a space stands before the run at `index`.
    pub fn spaced(&self, index: usize) -> bool {
        let (Some(run), Some(before)) =
            (self.runs.get(index), index.checked_sub(1).and_then(|index| self.runs.get(index)))
        else {
            return false;
        };
        run.x - before.end > 0.12 * run.size.min(before.size).max(1.0)
    }

    pub fn bold(&self) -> bool {
        let all: usize = self.runs.iter().map(|run| run.text.len()).sum();
        self.runs.iter().filter(|run| run.bold).map(|run| run.text.len()).sum::<usize>() * 10 > all * 8
    }

    /// Whether a run is raised above the line: the mark of a note.
    pub fn raised(&self, run: &Run) -> bool {
        run.size < 0.85 * self.size && run.y < self.y - 0.12 * self.size
    }
}
