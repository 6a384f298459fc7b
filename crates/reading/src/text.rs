//! From a file's bytes to its text: title, date, language, kind and paragraphs.
//!
//! The text of a plain file is the file's own, byte for byte, with a UTF-8 byte-order mark at its head as the
//! first code point, as whoever reads the file as UTF-8 counts it. Lines that were wrapped by hand are one paragraph; bullets, rows of a
//! table, headings and the lines of a signature block are paragraphs of their own.

mod head;
mod kind;
mod published;

use std::sync::LazyLock;

use regex::Regex;
use schema::Date;

use crate::Error;
use crate::lexicon::Lexicon;

/// What a paragraph is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The document's title.
    Title,
    /// A heading.
    Heading,
    /// Running text.
    Body,
    /// A line that begins with a bullet or number.
    Item,
    /// A row of a table, its cells parted by `|` or tabs.
    Row,
    /// A footnote or endnote.
    Note,
    /// A date line, byline or other matter about the document.
    Matter,
    /// Menus, share bars, related articles: not the document (coding rule 10).
    Boilerplate,
}

/// A stretch of the text, in code points, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it is.
    pub role: Role,
}

/// What a document says, before anybody interprets it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The extracted text.
    pub text: String,
    /// The file's name as it was handed over.
    pub file_name: String,
    /// The title, if one can be told.
    pub title: Option<String>,
    /// The day (or month) on which it was published, if it says so.
    pub published: Option<Date>,
    /// BCP 47 tag of the language that most of it is in.
    pub language: Option<String>,
    /// News report, press release, open letter… (`data/document.yaml`).
    pub kind: Option<String>,
    /// Its paragraphs, in order.
    pub paragraphs: Vec<Span>,
    /// Byte offset of each code point, and the text's length at the end.
    offsets: Vec<u32>,
}

impl Reading {
    /// The words between two code points; empty when they are no such place.
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> &str {
        match (self.offsets.get(start), self.offsets.get(end)) {
            (Some(&a), Some(&b)) if a <= b => self.text.get(a as usize..b as usize).unwrap_or_default(),
            _ => "",
        }
    }

    /// The code point that begins at or after a byte.
    pub(crate) fn code_point(&self, byte: usize) -> usize {
        self.offsets.partition_point(|&o| (o as usize) < byte)
    }

    /// The byte at which a code point begins.
    pub(crate) fn byte(&self, code_point: usize) -> usize {
        self.offsets.get(code_point).map_or(self.text.len(), |&o| o as usize)
    }
}

/// Reads a document. Plain text and Markdown are taken as they are.
///
/// # Errors
/// [`Error::NotText`] when the bytes are not UTF-8; [`Error::Data`] when the engine's own data are wrong.
pub fn read_text(bytes: &[u8], file_name: &str) -> Result<Reading, Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Error::NotText { file: file_name.to_owned(), at: e.valid_up_to() })?
        .to_owned();
    let lexicon = Lexicon::standard()?;
    let mut offsets: Vec<u32> = text.char_indices().map(|(i, _)| u32::try_from(i).unwrap_or(u32::MAX)).collect();
    offsets.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
    let mut reading = Reading {
        language: language(&text),
        file_name: file_name.to_owned(),
        text,
        title: None,
        published: None,
        kind: None,
        paragraphs: Vec::new(),
        offsets,
    };
    let lines = lines(&reading.text);
    let mut blocks = blocks(&reading.text, &lines, lexicon);
    mark_boilerplate(&reading.text, &mut blocks, lexicon);
    let title = head::title(&reading.text, &mut blocks, lexicon);
    reading.title = title.map(|(a, b)| head::clean(&reading.text[a..b]));
    reading.published = published::published(&reading.text, &blocks, &lexicon.calendar);
    reading.paragraphs = blocks
        .iter()
        .map(|b| Span { start: reading.code_point(b.start), end: reading.code_point(b.end), role: b.role })
        .collect();
    reading.kind = kind::kind(&reading, lexicon);
    Ok(reading)
}

/// A paragraph in bytes.
#[derive(Debug, Clone, Copy)]
struct Block {
    start: usize,
    end: usize,
    role: Role,
}

/// Trimmed lines in bytes; an empty line has start == end.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let trimmed = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
        let start = at + if trimmed.is_empty() { 0 } else { trimmed.as_ptr() as usize - line.as_ptr() as usize };
        out.push((start, start + trimmed.len()));
        at += line.len() + 1;
    }
    out
}

macro_rules! pattern {
    ($name:ident, $re:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($re).ok());
    };
}
pub(crate) use pattern;

pattern!(BULLET, r"^(?:[•●▪■◦‣*>»→✓+–—·-]\s+|o\s+|\(?[0-9]{1,2}[.)]\s+|\(?[ivx]{1,4}[.)]\s+|\(?[a-z][.)]\s+)");
pattern!(NOTE, r"^(?:\[[0-9]{1,3}\]|[0-9]{1,3}\s+(?:https?://|See |Ibid|[A-Z]/)|\^[0-9]+|[¹²³⁴⁵⁶⁷⁸⁹⁰]+\s)");

// “12 March 2021 – Arrested at …”, “2021-03-12 Released”, “14:05 Police enter”, “3/9 Verdict”: an entry, not a heading.
pattern!(
    ENTRY,
    r"^(?:[•*–-]\s*)?(?:(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?\b)?,?(?:\s+\d{4})?|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}[:.h]\d{2}|\d{1,2}/\d{0,2})(?:\s*[–—:.|)-]\s*|\s+)(?:\S+\s+){2}"
);

pub(crate) fn is(re: &LazyLock<Option<Regex>>, text: &str) -> bool {
    re.as_ref().is_some_and(|re| re.is_match(text))
}

fn blocks(text: &str, lines: &[(usize, usize)], lexicon: &Lexicon) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut apart = true;
    // Where lines are wrapped by hand, the long ones have nearly the same length.
    let longest = lines.iter().map(|&(a, b)| text[a..b].chars().count()).max().unwrap_or(0);
    let wrapped = longest <= 120;
    let mut last_len = 0;
    let mut notes = false;
    for (i, &(a, b)) in lines.iter().enumerate() {
        let line = &text[a..b];
        if line.is_empty() {
            apart = true;
            continue;
        }
        let row = line.matches('|').count() >= 2 || line.matches('\t').count() >= 2;
        let item = is(&BULLET, line);
        let bare = line.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        if matches!(bare.as_str(), "notes" | "endnotes" | "footnotes" | "references" | "sources" | "bibliography") {
            notes = true;
        }
        // Under “Notes” the numbered lines are notes.
        let note = is(&NOTE, line) || notes && item && line.starts_with(|c: char| c.is_ascii_digit() || c == '(');
        let entry = is(&ENTRY, line) && line.chars().count() > 20 && !lexicon.is_matter(line);
        let length = line.chars().count();
        let joins = wrapped
            && !apart
            && !row
            && !item
            && !note
            && !entry
            && last_len >= 48
            && last_len * 3 >= longest * 2
            && out.last().is_some_and(|last| {
                matches!(last.role, Role::Body | Role::Item | Role::Note) && !text[..last.end].ends_with([':', ';'])
            })
            && (!out.last().is_some_and(|last| text[..last.end].ends_with(['.', '!', '?', '”', '"']))
                || last_len + 14 >= longest);
        if joins && let Some(last) = out.last_mut() {
            last.end = b;
        } else {
            let role = if row {
                Role::Row
            } else if note {
                Role::Note
            } else if item {
                Role::Item
            } else if entry && i > 2 {
                Role::Body
            } else if lexicon.is_matter(line) && !told_by(line) {
                Role::Matter
            } else if is_heading(line, lexicon) && !goes_on(text, lines, i, wrapped) {
                Role::Heading
            } else {
                Role::Body
            };
            out.push(Block { start: a, end: b, role });
        }
        apart = false;
        last_len = length;
    }
    out
}

/// Whether a line wrapped by hand goes on in the next: some line of its paragraph begins in the midst of a sentence.
fn goes_on(text: &str, lines: &[(usize, usize)], i: usize, wrapped: bool) -> bool {
    let line = |&(a, b): &(usize, usize)| text.get(a..b).unwrap_or_default();
    let long = lines.get(i).is_some_and(|l| line(l).chars().count() >= 48);
    wrapped
        && long
        && lines
            .get(i + 1..)
            .unwrap_or_default()
            .iter()
            .map(line)
            .take_while(|next| !next.is_empty() && !is(&BULLET, next))
            .any(|next| next.starts_with(char::is_lowercase))
}

/// “By kind: 190 arrests”: no byline.
fn told_by(line: &str) -> bool {
    line.strip_prefix("By ").is_some_and(|rest| {
        rest.contains(':')
            || rest.ends_with('.')
            || !rest.starts_with(|c: char| c.is_uppercase())
            || rest.split_whitespace().count() > 12
    })
}

/// Short, no full stop, and not a sentence that has a verb of ours in it.
fn is_heading(line: &str, lexicon: &Lexicon) -> bool {
    let words = line.split_whitespace().count();
    if line.starts_with('#') {
        return true;
    }
    words <= 22
        && !(line.ends_with(':') && words > 4)
        && line.chars().count() <= 160
        && !line.ends_with(['.', ';', ',', '”', '"', ')', ']'])
        && !line.contains(". ")
        && !line.starts_with(['“', '"'])
        && !line.split_whitespace().any(|w| lexicon.is_finite_auxiliary(w))
        && !line.contains(" said")
}

/// Cues of a site rather than a document; what stands before a run of them at the head, or
/// after one at the foot, is boilerplate too.
fn mark_boilerplate(text: &str, blocks: &mut [Block], lexicon: &Lexicon) {
    let count = blocks.len();
    let mut last_top: Option<usize> = None;
    let mut tail = false;
    for (i, block) in blocks.iter_mut().enumerate() {
        let line = &text[block.start..block.end];
        // “Home | Trials | Prisons | Donate”
        let bar = i * 3 < count && line.chars().count() <= 160 && !line.ends_with('.') && {
            let cells: Vec<&str> =
                line.split(['|', '·', '>', '»', '\t']).map(str::trim).filter(|c| !c.is_empty()).collect();
            cells.len() >= 3 && cells.iter().filter(|c| lexicon.is_boilerplate(c) || lexicon.is_menu(c)).count() >= 2
        };
        if tail {
            block.role = Role::Boilerplate;
        } else if bar {
            block.role = Role::Boilerplate;
            last_top = Some(i);
        } else if lexicon.ends_document(line) && i * 2 >= count {
            block.role = Role::Boilerplate;
            tail = true;
        } else if lexicon.is_boilerplate(line) {
            block.role = Role::Boilerplate;
            if i * 3 < count && lexicon.is_menu(line) {
                last_top = Some(i);
            }
        }
    }
    // A menu at the head: everything above its last line that is no sentence belongs to it.
    if let Some(last) = last_top {
        for block in blocks.iter_mut().take(last) {
            let line = &text[block.start..block.end];
            let dated = lexicon.calendar.absolute(line).is_some();
            if matches!(block.role, Role::Heading) && line.split_whitespace().count() <= 3 && !dated {
                block.role = Role::Boilerplate;
            }
        }
    }
}

/// By script, and for Latin script by its commonest words: enough to tell the languages in which
/// the field writes; `None` rather than a guess.
fn language(text: &str) -> Option<String> {
    let mut by_script: [(usize, &str); 7] = [(0, "km"), (0, "th"), (0, "lo"), (0, "my"), (0, "ar"), (0, "zh"), (0, "")];
    for c in text.chars() {
        let slot = match c {
            '\u{1780}'..='\u{17FF}' => 0,
            '\u{0E00}'..='\u{0E7F}' => 1,
            '\u{0E80}'..='\u{0EFF}' => 2,
            '\u{1000}'..='\u{109F}' => 3,
            '\u{0600}'..='\u{06FF}' => 4,
            '\u{4E00}'..='\u{9FFF}' => 5,
            c if c.is_alphabetic() => 6,
            _ => continue,
        };
        by_script[slot].0 += 1;
    }
    let (most, tag) = by_script.into_iter().max_by_key(|(n, _)| *n)?;
    if most == 0 {
        return None;
    }
    if !tag.is_empty() {
        return Some(tag.to_owned());
    }
    const COMMON: [(&str, &[&str]); 6] = [
        ("en", &["the", "of", "and", "to", "in", "was", "were", "by", "for", "that", "with"]),
        ("fr", &["le", "la", "les", "des", "et", "du", "une", "est", "dans", "que", "été"]),
        ("es", &["el", "los", "las", "del", "que", "una", "por", "con", "fue", "para"]),
        ("vi", &["của", "và", "là", "các", "trong", "được", "người", "đã", "không"]),
        ("id", &["yang", "dan", "dengan", "untuk", "dari", "pada", "oleh", "tidak", "ini"]),
        ("de", &["der", "die", "das", "und", "von", "den", "wurde", "mit", "nicht"]),
    ];
    let mut hits = [0usize; COMMON.len()];
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(4000) {
        let word = word.to_lowercase();
        for (i, (_, words)) in COMMON.iter().enumerate() {
            hits[i] += usize::from(words.contains(&word.as_str()));
        }
    }
    let (best, n) = hits.iter().enumerate().max_by_key(|(_, n)| **n)?;
    (*n > 0).then(|| COMMON[best].0.to_owned())
}
