//! Plain text: the text is the file's own, unchanged; only its blocks are told. A byte order mark at the head of a
//! UTF-8 file is its first code point, so that offsets are those of whoever decodes the file as UTF-8.

use crate::count::points;
use crate::document::{Block, BlockKind, Document, Note, Options};
use crate::error::Error;

pub fn read(bytes: &[u8], _options: &Options) -> Result<Document, Error> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if text.starts_with('\u{feff}') => text.to_owned(),
        _ => crate::decode::text(bytes),
    };
    if text.len() > crate::writer::MAX_TEXT {
        return Err(Error::too_large("text", "it holds more than 48 MB of text; split it"));
    }
    let mut document = Document { text, ..Document::default() };
    blocks(&mut document);
    Ok(document)
}

/// A line, by bytes, without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    words: &'a str,
    start: u32,
    blank_before: bool,
}

/// Tells the blocks of a plain text.
pub fn blocks(document: &mut Document) {
    let text = std::mem::take(&mut document.text);
    let mut lines: Vec<Line<'_>> = Vec::new();
    let (mut at, mut blank) = (0_u32, true);
    for line in text.split_inclusive(['\n', '\u{c}', '\u{2029}']) {
        let words = line.trim_end();
        let bare = words.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if bare.is_empty() {
            blank = true;
        } else {
            let indent = points(&words[..words.len() - bare.len()]);
            lines.push(Line { words: bare, start: at + indent, blank_before: blank });
            blank = false;
        }
        at += points(line);
    }
    let mut index = 0;
    while let Some(first) = lines.get(index) {
        // A group: lines with none empty between them.
        let mut last = index + 1;
        while lines.get(last).is_some_and(|line| !line.blank_before) {
            last += 1;
        }
        let group = &lines[index..last];
        let widest = group.iter().map(|line| line.words.chars().count()).max().unwrap_or(0);
        let mut from = 0;
        for number in 1..=group.len() {
            let ends = match (group.get(number - 1), group.get(number)) {
                (Some(line), Some(next)) => !wraps(line.words, next.words, widest),
                _ => true,
            };
            if ends {
                let (a, b) = (group.get(from).unwrap_or(first), group.get(number - 1).unwrap_or(first));
                let alone = group.len() == 1 && number == 1;
                let kind = kind(a.words, from + 1 == number, alone, document);
                let end = b.start + points(b.words);
                document.blocks.push(Block { start: a.start, end, kind, language: None, page: None });
                from = number;
            }
        }
        index = last;
    }
    document.text = text;
    settle_headings(document);
    link_notes(document);
}

/// Whether a line goes on in the next: it fills the width and the next opens no item.
fn wraps(line: &str, next: &str, widest: usize) -> bool {
    let length = line.chars().count();
    let full = length >= 45 && length * 10 >= widest * 6;
    let goes_on = length >= 15 && next.starts_with(char::is_lowercase) && !line.ends_with(['.', ':', ';', '!', '?']);
    !starts_item(next) && note_label(next).is_none() && !next.starts_with('>') && (full || goes_on)
}

fn starts_item(line: &str) -> bool {
    if line.starts_with(['•', '◦', '▪', '‣', '·', '●', '○', '■', '−']) {
        return true;
    }
    let mut characters = line.chars();
    if matches!(characters.next(), Some('-' | '*' | '–' | '+')) && characters.next().is_some_and(char::is_whitespace)
    {
        return true;
    }
    numbered(line)
}

/// `1. `, `(a) `, `iv) `, `១. `
fn numbered(line: &str) -> bool {
    let open = line.strip_prefix('(').unwrap_or(line);
    let Some(end) = open.find(['.', ')', '។']) else { return false };
    let label = &open[..end];
    let rest = &open[end..];
    let after = rest.chars().nth(1);
    let short = !label.is_empty() && label.chars().count() <= 4;
    let numeral = label.chars().all(char::is_numeric)
        || label.chars().all(|c| matches!(c, 'i' | 'v' | 'x'))
        || (label.chars().count() == 1
            && label.chars().all(|c| c.is_ascii_lowercase())
            && (open.len() < line.len() || rest.starts_with(')')));
    short && numeral && after.is_some_and(char::is_whitespace)
}

/// The label of a footnote line: `[1] …`, `¹ …`.
pub fn note_label(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix('[') {
        let (label, after) = rest.split_once(']')?;
        let good = !label.is_empty()
            && label.len() <= 6
            && label.chars().all(|c| c.is_numeric() || matches!(c, 'i' | 'v' | 'x' | '*'));
        return (good && !after.trim().is_empty()).then_some(label);
    }
    let length: usize = line.chars().take_while(|c| superscript(*c)).map(char::len_utf8).sum();
    (length > 0 && line[length..].starts_with(char::is_whitespace)).then(|| &line[..length])
}

fn superscript(character: char) -> bool {
    matches!(character, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

fn kind(words: &str, one_line: bool, alone: bool, document: &Document) -> BlockKind {
    if !words.chars().any(char::is_alphanumeric) || (one_line && crate::furniture::is_furniture(words)) {
        BlockKind::Other
    } else if note_label(words).is_some() {
        BlockKind::Note
    } else if starts_item(words) {
        BlockKind::Item
    } else if words.starts_with('>') {
        BlockKind::Quote
    } else if one_line && words.chars().count() <= 60 && byline(words) && document.blocks.len() < 8 {
        BlockKind::Byline
    } else if one_line && alone && heading(words) {
        BlockKind::Heading(2)
    } else {
        BlockKind::Paragraph
    }
}

pub fn byline(words: &str) -> bool {
    let Some(rest) = ["By ", "by ", "BY "].iter().find_map(|start| words.strip_prefix(start)) else { return false };
    rest.chars().next().is_some_and(char::is_uppercase) && !words.ends_with('.') && rest.split_whitespace().count() <= 8
}

/// A line on its own that is short and ends like no sentence.
fn heading(words: &str) -> bool {
    let length = words.chars().count();
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    (3..=160).contains(&length)
        && letters * 2 > length
        && !words.ends_with(['.', ',', ';', ':', '?', '!', '”', '"', '។', '៕', '…', ')'])
        && !words.ends_with(']')
        && crate::dates::edtf(words.trim_start_matches(|c: char| !c.is_alphanumeric())).is_none()
        && (length <= 90
            || words.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count() * 2
                >= words.split_whitespace().count())
}

/// The first heading is the title; a last line that looks like a heading, with nothing under it, is none.
fn settle_headings(document: &mut Document) {
    let mut titled = false;
    let kinds: Vec<BlockKind> = document.blocks.iter().map(|block| block.kind).collect();
    let mut slices = crate::count::Slices::new(&document.text);
    for (index, block) in document.blocks.iter_mut().enumerate() {
        let BlockKind::Heading(_) = block.kind else { continue };
        let below = kinds.get(index + 1..).and_then(|rest| rest.iter().find(|kind| !matches!(kind, BlockKind::Other)));
        // Lines in a row that all look like headings are a list of names or a menu.
        let crowd = [index.wrapping_sub(1), index + 1]
            .iter()
            .filter(|at| matches!(kinds.get(**at), Some(BlockKind::Heading(_))))
            .count();
        if !titled && crowd < 2 && index < 40 {
            titled = true;
            block.kind = BlockKind::Title;
            document.title = Some(crate::writer::collapse(slices.slice(block.start, block.end)));
        } else if below.is_none() || crowd == 2 || matches!(below, Some(BlockKind::Note)) {
            block.kind = BlockKind::Paragraph;
        }
    }
    let first =
        document.blocks.iter().find(|block| block.kind == BlockKind::Byline).map(|block| (block.start, block.end));
    if let Some((start, end)) = first {
        document.byline = Some(crate::count::Slices::new(&document.text).slice(start, end).to_owned());
    }
}

/// Links each `[1] …` line to the first `[1]` before it.
pub fn link_notes(document: &mut Document) {
    let mut slices = crate::count::Slices::new(&document.text);
    let mut wanted: Vec<(usize, String)> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if block.kind == BlockKind::Note
            && let Some(label) = note_label(slices.slice(block.start, block.end))
        {
            wanted.push((index, label.to_owned()));
        }
    }
    for (index, label) in wanted {
        let Some(block) = document.blocks.get(index) else { continue };
        let mark = if label.chars().all(superscript) { label.clone() } else { format!("[{label}]") };
        let before = crate::count::Slices::new(&document.text).slice(0, block.start);
        let found = before.find(&mark).map(|at| {
            let start = points(&before[..at]);
            (start, start + points(&mark))
        });
        document.notes.push(Note { label: plain_label(&label), mark: found, body: index });
    }
}

fn plain_label(label: &str) -> String {
    label
        .chars()
        .map(|c| {
            "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|s| s == c).and_then(|digit| char::from_digit(digit as u32, 10)).unwrap_or(c)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_the_first_code_point() {
        let document =
            read("\u{feff}Nine arrested\n\nPolice arrested nine.\n".as_bytes(), &Options::default()).unwrap();
        assert_eq!(document.text, "\u{feff}Nine arrested\n\nPolice arrested nine.\n");
        assert_eq!(document.title.as_deref(), Some("Nine arrested"));
        assert_eq!((document.blocks[0].start, document.blocks[0].end), (1, 14));
    }

    #[test]
    fn a_text_keeps_every_byte_and_its_blocks_are_told() {
        let text = "Nine arrested\r\n\r\nPolice arrested nine people.[1] They\r\nwere released.\r\n\r\n  • one\r\n  • two\r\n\r\nShare on facebook\r\n\r\n[1] A/HRC/51/66\r\n";
        let document = read(text.as_bytes(), &Options::default()).unwrap();
        assert_eq!(document.text, text);
        let slice = |block: &Block| {
            text.chars().skip(block.start as usize).take((block.end - block.start) as usize).collect::<String>()
        };
        let told: Vec<(BlockKind, String)> = document.blocks.iter().map(|block| (block.kind, slice(block))).collect();
        assert_eq!(told[0], (BlockKind::Title, "Nine arrested".to_owned()));
        assert_eq!(told[2], (BlockKind::Item, "• one".to_owned()));
        assert_eq!(told[4].0, BlockKind::Other);
        assert_eq!(told[5], (BlockKind::Note, "[1] A/HRC/51/66".to_owned()));
        assert_eq!(document.notes, [Note { label: "1".to_owned(), mark: Some((45, 48)), body: 5 }]);
    }
}
