//! Markdown: the text is the file's own, marks and all; blocks follow its lines.

use crate::count::points;
use crate::document::{Block, BlockKind, Cell, Document, Note, Options, Table};
use crate::error::Error;

pub fn read(bytes: &[u8], _options: &Options) -> Result<Document, Error> {
    let text = crate::decode::text(bytes);
    if text.len() > crate::writer::MAX_TEXT {
        return Err(Error::too_large("markdown", "it holds more than 48 MB of text; split it"));
    }
    let mut document = Document { text, ..Document::default() };
    blocks(&mut document);
    Ok(document)
}

/// What a line is, before lines are joined to blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape<'a> {
    Blank,
    Heading(u8),
    Underline(u8),
    Item,
    Quote,
    Row,
    Rule,
    Fence,
    Note(&'a str),
    Words,
}

fn shape(line: &str) -> Shape<'_> {
    let bare = line.trim();
    let hashes = bare.bytes().take_while(|byte| *byte == b'#').count();
    if bare.is_empty() {
        Shape::Blank
    } else if (1..=6).contains(&hashes) && bare[hashes..].starts_with([' ', '\t']) {
        Shape::Heading(hashes as u8)
    } else if bare.starts_with("```") || bare.starts_with("~~~") {
        Shape::Fence
    } else if bare.bytes().all(|byte| byte == b'=') {
        Shape::Underline(1)
    } else if bare.bytes().all(|byte| byte == b'-') {
        Shape::Underline(2)
    } else if bare.len() >= 3 && ["*", "_", "- "].iter().any(|mark| bare.replace(mark, "").trim().is_empty()) {
        Shape::Rule
    } else if let Some((label, _)) = bare.strip_prefix("[^").and_then(|rest| rest.split_once("]:")) {
        Shape::Note(label)
    } else if let Some(label) = crate::plain::note_label(bare) {
        Shape::Note(label)
    } else if bare.starts_with('>') {
        Shape::Quote
    } else if bare.starts_with('|') {
        Shape::Row
    } else if is_item(bare) {
        Shape::Item
    } else {
        Shape::Words
    }
}

fn is_item(bare: &str) -> bool {
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let rest = if (1..=9).contains(&digits) {
        bare[digits..].strip_prefix(['.', ')'])
    } else {
        bare.strip_prefix(['-', '*', '+', '•'])
    };
    rest.is_some_and(|rest| rest.starts_with([' ', '\t']))
}

fn blocks(document: &mut Document) {
    let text = std::mem::take(&mut document.text);
    let mut at = 0_u32;
    let mut open: Option<(u32, u32, BlockKind)> = None;
    let (mut fenced, mut matter, mut labels) =
        (false, text.starts_with("---\n") || text.starts_with("---\r\n"), Vec::new());
    let mut table = Table::default();
    let push = |document: &mut Document, open: &mut Option<(u32, u32, BlockKind)>| {
        if let Some((start, end, kind)) = open.take() {
            document.blocks.push(Block { start, end, kind, language: None, page: None });
        }
    };
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        let start = at + points(&line[..line.len() - line.trim_start().len()]);
        let end = start + points(bare);
        at += points(line);
        let shape = shape(line);
        if matter {
            // Front matter: the file's own notes on itself.
            front_matter(document, bare);
            if !bare.is_empty() {
                document.blocks.push(Block { start, end, kind: BlockKind::Other, language: None, page: None });
            }
            matter = number == 0 || !matches!(bare, "---" | "...");
            continue;
        }
        if !table.rows.is_empty() && shape != Shape::Row {
            document.tables.push(std::mem::take(&mut table));
        }
        if fenced && shape != Shape::Fence && shape != Shape::Blank {
            match &mut open {
                Some((_, last, _)) => *last = end,
                None => open = Some((start, end, BlockKind::Paragraph)),
            }
            continue;
        }
        match shape {
            Shape::Blank => push(document, &mut open),
            Shape::Fence => {
                push(document, &mut open);
                fenced = !fenced;
                document.blocks.push(Block { start, end, kind: BlockKind::Other, language: None, page: None });
            }
            Shape::Rule => {
                push(document, &mut open);
                document.blocks.push(Block { start, end, kind: BlockKind::Other, language: None, page: None });
            }
            Shape::Underline(level) => match &mut open {
                Some((_, last, kind @ BlockKind::Paragraph)) => {
                    (*last, *kind) = (end, BlockKind::Heading(level));
                    push(document, &mut open);
                }
                _ => {
                    push(document, &mut open);
                    document.blocks.push(Block { start, end, kind: BlockKind::Other, language: None, page: None });
                }
            },
            Shape::Heading(level) => {
                push(document, &mut open);
                document.blocks.push(Block { start, end, kind: BlockKind::Heading(level), language: None, page: None });
            }
            Shape::Row => {
                push(document, &mut open);
                let rule = bare.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '+'));
                let kind = if rule { BlockKind::Other } else { BlockKind::Row };
                document.blocks.push(Block { start, end, kind, language: None, page: None });
                if !rule {
                    table.rows.push(cells(bare, start));
                }
            }
            Shape::Item | Shape::Note(_) => {
                push(document, &mut open);
                if let Shape::Note(label) = shape {
                    labels.push((document.blocks.len(), label.to_owned(), bare.starts_with("[^")));
                }
                open = Some((start, end, if shape == Shape::Item { BlockKind::Item } else { BlockKind::Note }));
            }
            Shape::Quote => match &mut open {
                Some((_, last, BlockKind::Quote)) => *last = end,
                _ => {
                    push(document, &mut open);
                    open = Some((start, end, BlockKind::Quote));
                }
            },
            Shape::Words => match &mut open {
                Some((_, last, _)) => *last = end,
                None => open = Some((start, end, BlockKind::Paragraph)),
            },
        }
    }
    push(document, &mut open);
    if !table.rows.is_empty() {
        document.tables.push(table);
    }
    document.text = text;
    title(document);
    notes(document, labels);
}

fn front_matter(document: &mut Document, line: &str) {
    let Some((key, value)) = line.split_once(':') else { return };
    let value = value.trim().trim_matches(['"', '\'']).to_owned();
    if value.is_empty() {
        return;
    }
    match key.trim().to_ascii_lowercase().as_str() {
        "title" => document.title = Some(value),
        "author" | "authors" | "byline" => document.byline = Some(value),
        "date" => document.published = crate::dates::edtf(&value),
        "publisher" => document.publisher = Some(value),
        "lang" | "language" => document.language = Some(value),
        _ => document.tell(key.trim(), value),
    }
}

fn cells(row: &str, start: u32) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut at = start;
    let body = row.trim_end_matches('|');
    for (index, cell) in body.split('|').enumerate() {
        let trimmed = cell.trim();
        let indent = points(&cell[..cell.len() - cell.trim_start().len()]);
        if index > 0 {
            let from = at + if trimmed.is_empty() { 0 } else { indent };
            cells.push(Cell { start: from, end: from + points(trimmed) });
        }
        at += points(cell) + 1;
    }
    cells
}

fn title(document: &mut Document) {
    let mut slices = crate::count::Slices::new(&document.text);
    let highest = document.blocks.iter().position(|block| block.kind == BlockKind::Heading(1));
    if let Some(block) = highest.and_then(|index| document.blocks.get_mut(index)) {
        block.kind = BlockKind::Title;
        let words = slices.slice(block.start, block.end).lines().next().unwrap_or("");
        let words = words.trim_start_matches('#').trim_end_matches('#').trim();
        document.title.get_or_insert_with(|| words.to_owned());
    }
}

fn notes(document: &mut Document, labels: Vec<(usize, String, bool)>) {
    for (body, label, caret) in labels {
        let Some(start) = document.blocks.get(body).map(|block| block.start) else { continue };
        let mark = if caret { format!("[^{label}]") } else { format!("[{label}]") };
        // The mark may stand before or after the note, but never at the head of one.
        let found = document
            .text
            .match_indices(&mark)
            .take(64)
            .map(|(at, _)| points(&document.text[..at]))
            .find(|at| *at != start)
            .map(|at| (at, at + points(&mark)));
        document.notes.push(Note { label, mark: found, body });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_keeps_its_text_and_tells_its_blocks() {
        let text = "---\ntitle: A letter\n---\n# To the Council\n\nWords[^1] here.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: A/HRC/51/66\n";
        let document = read(text.as_bytes(), &Options::default()).unwrap();
        assert_eq!(document.text, text);
        assert_eq!(document.title.as_deref(), Some("A letter"));
        let kinds: Vec<BlockKind> =
            document.blocks.iter().map(|block| block.kind).filter(|kind| *kind != BlockKind::Other).collect();
        use BlockKind::*;
        assert_eq!(kinds, [Title, Paragraph, Item, Item, Row, Row, Note]);
        let cell = document.tables[0].rows[1][1];
        assert_eq!(
            text.chars().skip(cell.start as usize).take((cell.end - cell.start) as usize).collect::<String>(),
            "2"
        );
        assert!(document.notes[0].mark.is_some());
    }
}
