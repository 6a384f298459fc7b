//! Writes the paragraphs: marks linked to their notes, pages counted, rows gathered to tables.

use super::paragraphs::{Paragraph, Piece};
use crate::document::{BlockKind, Document, Table};
use crate::error::Error;
use crate::writer::Writer;
use std::collections::HashSet;

/// Whether raised words can be a note's mark.
pub fn is_mark(text: &str) -> bool {
    let label = crate::writer::bare_label(text);
    let count = label.chars().count();
    count > 0
        && (label.chars().all(char::is_numeric) && count <= 3
            || count <= 2 && label.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§')))
}

pub fn write(paragraphs: Vec<Paragraph>) -> Result<Document, Error> {
    let mut writer = Writer::new();
    // A raised figure is a mark if its page, or a later one, has that note; else it is an exponent.
    let labels: HashSet<(u32, String)> =
        paragraphs.iter().filter_map(|paragraph| Some((paragraph.page, paragraph.label.clone()?))).collect();
    let mut waiting: Vec<Paragraph> = Vec::new();
    let mut table = Table::default();
    let mut page = 0;
    for paragraph in paragraphs {
        if paragraph.page > page {
            flush(&mut writer, &mut waiting);
            while page < paragraph.page {
                page += 1;
                writer.page(page);
            }
        }
        if paragraph.kind != BlockKind::Row {
            writer.table(std::mem::take(&mut table));
        }
        match paragraph.kind {
            BlockKind::Note => waiting.push(paragraph),
            BlockKind::Row => table.rows.push(writer.row(&paragraph.cells)),
            BlockKind::Other => {}
            kind => {
                writer.begin(kind);
                let mut on = paragraph.page;
                for piece in &paragraph.pieces {
                    match piece {
                        Piece::Words(words) => writer.words(words),
                        Piece::Raised(label) => raised(&mut writer, label, on, &labels),
                        Piece::Page(number) => {
                            on = *number;
                            page = *number;
                            writer.page_within(*number);
                        }
                    }
                }
                writer.end();
            }
        }
    }
    writer.table(table);
    flush(&mut writer, &mut waiting);
    writer.finish("pdf")
}

fn raised(writer: &mut Writer, label: &str, page: u32, labels: &HashSet<(u32, String)>) {
    let own = labels.contains(&(page, label.to_owned()));
    let at = if own {
        Some(page)
    } else {
        labels.iter().filter(|(on, known)| *on > page && known == label).map(|(on, _)| *on).min()
    };
    match at {
        Some(page) => writer.mark(&format!("{page}:{label}"), label),
        None => {
            let raised: String = label
                .chars()
                .map(|c| c.to_digit(10).and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize)).unwrap_or(c))
                .collect();
            writer.words(&raised);
        }
    }
}

/// Notes stand after the text of their page, even where its last paragraph runs on to the next.
fn flush(writer: &mut Writer, waiting: &mut Vec<Paragraph>) {
    for note in waiting.drain(..) {
        writer.begin(BlockKind::Note);
        if let Some(label) = &note.label {
            writer.words(&format!("[{label}] "));
        }
        for piece in &note.pieces {
            match piece {
                Piece::Words(words) => writer.words(words),
                Piece::Raised(label) => writer.words(label),
                Piece::Page(_) => {}
            }
        }
        if let (Some(body), Some(label)) = (writer.end(), &note.label) {
            if let Some(block) = writer.document.blocks.get_mut(body) {
                block.page = Some(note.page);
            }
            writer.note(&format!("{}:{label}", note.page), body, label);
        }
    }
}

/// Joins what the words say with what the file says of itself.
pub fn settle(mut written: Document, file: Document) -> Result<Document, Error> {
    let first =
        written.blocks.iter().find(|block| block.kind == BlockKind::Title).map(|block| (block.start, block.end));
    let printed = first.map(|(start, end)| crate::count::Slices::new(&written.text).slice(start, end).to_owned());
    written.title = printed.or(file.title);
    written.byline = file.byline;
    written.language = file.language;
    written.about = file.about;
    written.warnings = file.warnings;
    if written.text.is_empty() && written.warnings.is_empty() {
        written.warn("the file holds no words");
    }
    Ok(written)
}
