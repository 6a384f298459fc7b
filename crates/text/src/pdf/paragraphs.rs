//! Paragraphs, headings and list items, from lines.

use super::joining::{append, bare};
use super::lines::{Line, Page, unspaced};
use crate::document::BlockKind;
use std::collections::{HashMap, HashSet};

/// A part of a paragraph.
#[derive(Debug, Clone)]
pub enum Piece {
    Words(String),
    /// A raised figure: its label.
    Raised(String),
    /// The page on which the next words stand.
    Page(u32),
}

#[derive(Debug, Clone)]
pub struct Paragraph {
    pub kind: BlockKind,
    pub pieces: Vec<Piece>,
    /// Cells of a row.
    pub cells: Vec<String>,
    pub page: u32,
    /// Of a note: its label.
    pub label: Option<String>,
    size: f32,
    bold: bool,
    /// Ended because the column or the page did, not because the words did.
    open: bool,
}

/// What is usual in this file.
pub struct Usual {
    pub size: f32,
    /// Distance of baselines over type size.
    leading: f32,
    pub words: HashSet<String>,
}

pub fn build(pages: Vec<Page>) -> Vec<Paragraph> {
    let usual = Usual::of(&pages);
    let mut all: Vec<Paragraph> = Vec::new();
    for (number, page) in (1_u32..).zip(&pages) {
        let mut built =
            if let Some(words) = &page.recognised { recognised(words, number) } else { of_page(page, number, &usual) };
        if built.is_empty() {
            // The page exists all the same.
            built.push(Paragraph::new(BlockKind::Other, number, 0.0, false));
        }
        let goes_on = all.iter().rposition(|paragraph| !matches!(paragraph.kind, BlockKind::Note | BlockKind::Other));
        if let (Some(last), Some(first)) = (goes_on, built.first())
            && joins(&all[last], first)
        {
            let first = built.remove(0);
            let Some(target) = all.get_mut(last) else { continue };
            target.pieces.push(Piece::Page(number));
            let mut pieces = first.pieces.into_iter();
            if let Some(Piece::Words(words)) = pieces.next() {
                append(&mut target.pieces, &words, &usual);
            }
            target.pieces.extend(pieces);
            target.open = first.open;
            if built.is_empty() {
                continue;
            }
        }
        all.extend(built);
    }
    headings(&mut all, &usual);
    all
}

impl Paragraph {
    fn new(kind: BlockKind, page: u32, size: f32, bold: bool) -> Self {
        Self { kind, pieces: Vec::new(), cells: Vec::new(), page, label: None, size, bold, open: true }
    }

    pub fn words(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.as_str(),
                _ => "",
            })
            .collect()
    }
}

impl Usual {
    fn of(pages: &[Page]) -> Self {
        let mut sizes: HashMap<i32, usize> = HashMap::new();
        let mut leadings: HashMap<i32, usize> = HashMap::new();
        let mut words = HashSet::new();
        for page in pages {
            for line in &page.lines {
                let text = line.text();
                *sizes.entry((line.size * 4.0).round() as i32).or_default() += text.len();
                let inner: Vec<&str> = text.split_whitespace().collect();
                // The last word of a line may be half a word.
                for word in inner.iter().take(inner.len().saturating_sub(1)) {
                    if words.len() < 200_000 {
                        words.insert(bare(word));
                    }
                }
            }
            for pair in page.lines.windows(2) {
                let distance = (pair[1].y - pair[0].y) / pair[0].size.max(1.0);
                if (0.8..3.0).contains(&distance) && (pair[0].size - pair[1].size).abs() < 0.5 {
                    *leadings.entry((distance * 20.0).round() as i32).or_default() += 1;
                }
            }
        }
        let most = |counts: HashMap<i32, usize>| {
            counts.into_iter().max_by_key(|(value, count)| (*count, -*value)).map(|(value, _)| value as f32)
        };
        Self { size: most(sizes).unwrap_or(40.0) / 4.0, leading: most(leadings).unwrap_or(24.0) / 20.0, words }
    }
}

fn of_page(page: &Page, number: u32, usual: &Usual) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let notes = super::feet::notes(page, usual);
    let rows = super::tables::rows(page);
    let mut before: Option<&Line> = None;
    for (index, line) in page.lines.iter().enumerate() {
        if let Some(cells) = rows.get(&index) {
            let mut row = Paragraph::new(BlockKind::Row, number, line.size, false);
            row.cells = cells.clone();
            row.open = false;
            out.push(row);
            before = None;
            continue;
        }
        let note = notes.get(&index);
        let starts = match (before, note) {
            (_, Some(Some(_))) | (None, _) => true,
            (Some(before), inside) => {
                let was_note = out.last().is_some_and(|last| last.kind == BlockKind::Note);
                was_note != inside.is_some() || begins(before, line, usual)
            }
        };
        if starts {
            let kind = if note.is_some() {
                BlockKind::Note
            } else if item(&line.text()) {
                BlockKind::Item
            } else {
                BlockKind::Paragraph
            };
            if let Some(last) = out.last_mut() {
                last.open = before.is_some_and(|before| line.y < before.y - before.size);
            }
            let mut paragraph = Paragraph::new(kind, number, line.size, line.bold());
            paragraph.label = note.cloned().flatten();
            out.push(paragraph);
        }
        if let Some(paragraph) = out.last_mut() {
            add_line(paragraph, line, starts, usual);
        }
        before = Some(line);
    }
    // A paragraph that goes on at the head of the next column is one paragraph.
    let mut merged: Vec<Paragraph> = Vec::new();
    for paragraph in out {
        let goes_on = merged.iter().rposition(|before| before.kind != BlockKind::Note);
        if let Some(last) = goes_on
            && paragraph.kind != BlockKind::Note
            && merged[last].open
            && last + 1 >= merged.len().saturating_sub(12)
            && joins(&merged[last], &paragraph)
        {
            let mut pieces = paragraph.pieces.into_iter();
            if let Some(Piece::Words(words)) = pieces.next() {
                append(&mut merged[last].pieces, &words, usual);
            }
            merged[last].pieces.extend(pieces);
            merged[last].open = paragraph.open;
            continue;
        }
        merged.push(paragraph);
    }
    // The page's last running text is open to the next page.
    if let Some(last) = merged.iter_mut().rev().find(|paragraph| !matches!(paragraph.kind, BlockKind::Note)) {
        last.open |= !matches!(last.kind, BlockKind::Row);
    }
    merged
}

/// Whether one paragraph is the continuation of another over a column's or page's end.
fn joins(one: &Paragraph, next: &Paragraph) -> bool {
    let running = |paragraph: &Paragraph| matches!(paragraph.kind, BlockKind::Paragraph | BlockKind::Item);
    if !one.open
        || !running(one)
        || next.kind != BlockKind::Paragraph
        || (one.size - next.size).abs() > 0.6
        || one.bold != next.bold
    {
        return false;
    }
    let (end, start) = (one.words(), next.words());
    let Some(first) = start.trim_start().chars().next() else { return false };
    let ended = end.trim_end().ends_with(['.', '!', '?', ':', ';', '”', '។', '៕', '…', '၊', '။']);
    if end.chars().count() < 30 {
        return false;
    }
    first.is_lowercase() && (!ended || end.ends_with('-'))
        || (unspaced(first) && !ended && end.chars().rev().find(|c| !c.is_whitespace()).is_some_and(unspaced))
}

/// Whether a line begins a paragraph.
fn begins(before: &Line, line: &Line, usual: &Usual) -> bool {
    let size = line.size.max(before.size);
    let distance = line.y - before.y;
    // Up again: the next column.
    if distance < 0.0 {
        return true;
    }
    if (line.size - before.size).abs() > 0.12 * size || line.bold() != before.bold() {
        return true;
    }
    let leading = usual.leading.clamp(1.0, 2.2) * size;
    if distance > 1.35 * leading + 0.1 || distance > 3.2 * size {
        return true;
    }
    let text = line.text();
    if item(&text) {
        return true;
    }
    let (left, right) = line.column;
    let width = (right - left).max(1.0);
    let indented = line.x - before.x > 0.9 * size
        && line.x - left > 0.9 * size
        && line.x - left < 6.0 * size
        && before.x - left < 0.5 * size;
    let short = right - before.end > (0.2 * width).max(4.0 * size);
    let ended = before.text().trim_end().ends_with(['.', '!', '?', ':', ';', '”', '"', '។', '៕', ')', ']']);
    let capital = text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    // An item's second line hangs under its words; a paragraph after it starts at the margin.
    let outdented = before.x - line.x > 0.9 * size && capital && !item(&before.text());
    indented || (short && ended && capital) || (right - before.end > 0.5 * width && capital) || (outdented && ended)
}

/// Whether a line begins an item of a list.
pub fn item(text: &str) -> bool {
    let text = text.trim_start();
    let mut characters = text.chars();
    match characters.next() {
        Some('•' | '◦' | '▪' | '‣' | '·' | '●' | '○' | '■' | '➢' | '✓') => true,
        Some('-' | '–' | '—' | '*') => characters.next() == Some(' '),
        Some('(') => {
            let label: String = characters.by_ref().take_while(|c| *c != ')').take(5).collect();
            (1..=4).contains(&label.chars().count())
                && label.chars().all(|c| c.is_numeric() || c.is_ascii_lowercase())
                && text.contains(") ")
        }
        Some(first) if first.is_numeric() => {
            let label: String = text.chars().take_while(|c| c.is_numeric()).collect();
            let rest = text.get(label.len()..).unwrap_or("");
            label.chars().count() <= 3 && [". ", ") ", ".\t"].iter().any(|end| rest.starts_with(end))
        }
        Some(first) if first.is_ascii_lowercase() => {
            text.get(1..).is_some_and(|rest| rest.starts_with(") "))
                || text.starts_with("i. ")
                || text.starts_with("ii. ")
        }
        _ => false,
    }
}

fn add_line(paragraph: &mut Paragraph, line: &Line, first: bool, usual: &Usual) {
    let label = if first { paragraph.label.clone() } else { None };
    let mut started = false;
    for (index, run) in line.runs.iter().enumerate() {
        let mut words = run.text.clone();
        if index == 0
            && let Some(label) = &label
        {
            // The note's own number is written once, as ours.
            let rest = words.trim_start_matches(['[', '(']).strip_prefix(label.as_str()).map(str::to_owned);
            words = rest.unwrap_or(words).trim_start_matches([']', ')', '.', ' ']).to_owned();
            if words.is_empty() {
                continue;
            }
        }
        if line.raised(run) && super::write::is_mark(&run.text) {
            paragraph.pieces.push(Piece::Raised(crate::writer::bare_label(&run.text)));
            started = true;
            continue;
        }
        if run.spaced && index + 1 == line.runs.len() {
            words.push(' ');
        }
        if started && line.spaced(index) {
            words.insert(0, ' ');
        }
        if started || paragraph.pieces.is_empty() {
            paragraph.pieces.push(Piece::Words(words));
        } else {
            append(&mut paragraph.pieces, &words, usual);
        }
        started = true;
    }
}

/// Larger or bold lines that stand alone are headings; the largest on the first page is the title.
fn headings(all: &mut [Paragraph], usual: &Usual) {
    let large = |paragraph: &Paragraph| paragraph.size > 1.12 * usual.size;
    let fits = |paragraph: &Paragraph| {
        let words = paragraph.words();
        let count = words.chars().count();
        paragraph.kind == BlockKind::Paragraph && (2..=220).contains(&count) && words.chars().any(char::is_alphabetic)
    };
    let mut sizes: Vec<i32> =
        all.iter().filter(|one| fits(one) && large(one)).map(|one| (one.size * 2.0).round() as i32).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    let title = all
        .iter()
        .enumerate()
        .filter(|(_, one)| one.page == 1 && fits(one) && one.size > 1.2 * usual.size)
        .max_by(|a, b| a.1.size.total_cmp(&b.1.size).then(b.0.cmp(&a.0)))
        .map(|(index, _)| index);
    for index in 0..all.len() {
        if !fits(&all[index]) {
            continue;
        }
        if Some(index) == title {
            all[index].kind = BlockKind::Title;
        } else if large(&all[index]) {
            let rank = sizes.iter().position(|size| *size == (all[index].size * 2.0).round() as i32).unwrap_or(0);
            all[index].kind = BlockKind::Heading(u8::try_from(rank + 1).unwrap_or(6).clamp(1, 6));
        } else if all[index].bold
            && all[index].words().chars().count() <= 120
            && !all[index].words().trim_end().ends_with(['.', ',', ';'])
        {
            let below = all.get(index + 1).is_some_and(|next| !next.bold);
            if below {
                all[index].kind = BlockKind::Heading(u8::try_from(sizes.len() + 1).unwrap_or(6).clamp(2, 6));
            }
        }
    }
}

/// What tesseract read: paragraphs are parted by empty lines.
fn recognised(words: &str, page: u32) -> Vec<Paragraph> {
    words
        .split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let mut paragraph = Paragraph::new(BlockKind::Paragraph, page, 0.0, false);
            let usual = Usual { size: 0.0, leading: 1.2, words: HashSet::new() };
            for line in part.lines().map(str::trim).filter(|line| !line.is_empty()) {
                if paragraph.pieces.is_empty() {
                    paragraph.pieces.push(Piece::Words(line.to_owned()));
                } else {
                    append(&mut paragraph.pieces, line, &usual);
                }
            }
            paragraph
        })
        .collect()
}
