//! Who signs: the names after “Sincerely” or “Signatories”, and the experts listed under a joint
//! release (coding rule 9).

use std::sync::LazyLock;

use regex::Regex;
use schema::DataError;

use crate::Error;
use crate::acts::quote;
use crate::lexicon::{Flags, Lexicon};
use crate::lists::Lists;
use crate::model::Signatory;
use crate::text::{Reading, Role, pattern};

pattern!(NUMBERING, r"^(?:[•●▪■◦‣*–—·+-]\s*|\(?[0-9]{1,3}[.)]\s*|\(?[a-z][.)]\s+|[0-9]{1,3}\s+)");
pattern!(TITLES, r"^(?:(?:H\.E\.|Mr|Ms|Mrs|Miss|Mx|Dr|Prof|Professor|Ven|Venerable|Sir|Dame|Lord|Rev|Fr|Sr)\.?\s+)+");
pattern!(
    DATE,
    r"^[0-9]{1,2}\s+[A-Z][a-z]+\s+[0-9]{4}$|^[A-Z][A-Za-z ]+,\s+(?:the\s+)?[0-9]{1,2}\s+[A-Z][a-z]+\s+[0-9]{4}$|^(?:[A-Z][A-Za-z ]+,\s+)?[A-Z][a-z]+\.? [0-9]{1,2}, [0-9]{4}$"
);

static CUES: LazyLock<Result<Lists, DataError>> = LazyLock::new(|| {
    let keys = ["closings", "headings", "experts", "offices", "stops", "mandates"];
    Lists::load("signing.yaml", include_str!("../data/signing.yaml"), &keys)
});

fn strip<'a>(re: &LazyLock<Option<Regex>>, text: &'a str) -> &'a str {
    re.as_ref().and_then(|re| re.find(text)).map_or(text, |m| &text[m.end()..])
}

/// A line that may be a signature, in bytes of the text.
struct Line<'a> {
    words: &'a str,
    at: usize,
    /// Nothing but a line break between it and the line before.
    joined: bool,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Open {
    No,
    /// Below a closing or a heading.
    Names,
    /// Below “The experts:”.
    Experts,
}

/// The signatories of a document, in order.
///
/// # Errors
/// [`Error::Data`] when `data/signing.yaml` is wrong.
pub(crate) fn read(reading: &Reading, lexicon: &Lexicon) -> Result<Vec<Signatory>, Error> {
    let cues = CUES.as_ref().map_err(Clone::clone)?;
    let text = reading.text.as_str();
    let mut out: Vec<Signatory> = Vec::new();
    let mut open = Open::No;
    let mut block: Vec<Line<'_>> = Vec::new();
    let mut last_end = 0;
    let count = reading.paragraphs.len();
    for (index, span) in reading.paragraphs.iter().enumerate() {
        let (a, b) = (reading.byte(span.start), reading.byte(span.end));
        let line = text[a..b].trim();
        let gap = text.get(last_end..a).unwrap_or_default().matches('\n').count();
        last_end = b;
        let bare = line
            .trim_start_matches(['#', '*', ' ', '—', '–'])
            .trim_end_matches(['*', ' ', ',', ':', '.', '!'])
            .to_lowercase();
        if let Some(rest) = experts(line, &bare, cues) {
            finish(reading, &mut block, lexicon, cues, &mut out);
            open = if rest.trim().is_empty() { Open::Experts } else { Open::No };
            list_of_experts(
                reading,
                rest,
                b - (text[a..b].len() - text[a..b].trim_end().len()) - rest.len(),
                lexicon,
                cues,
                &mut out,
            );
            continue;
        }
        if span.role == Role::Boilerplate || span.role == Role::Title {
            continue;
        }
        if open == Open::Experts {
            let rest = strip(&NUMBERING, line);
            let at = a + text[a..b].find(rest).unwrap_or(0);
            let before = out.len();
            list_of_experts(reading, rest, at, lexicon, cues, &mut out);
            if out.len() == before {
                open = Open::No;
            }
            continue;
        }
        let closing = cues.opens("closings", &bare) && bare.split_whitespace().count() <= 6;
        let heading = cues.opens("headings", &bare)
            && bare.split_whitespace().count() <= 14
            && (line.ends_with(':')
                || line.contains(':')
                || !line.ends_with('.') && bare.split_whitespace().count() <= 8);
        let late = index * 3 >= count || line.ends_with(':');
        if (closing || heading) && late && span.role != Role::Row {
            finish(reading, &mut block, lexicon, cues, &mut out);
            open = Open::Names;
            // “Signed: A, B and C”
            let rest = line.split_once(':').map_or("", |(_, r)| r);
            if rest.split_whitespace().count() >= 2 {
                let at = b - (text[a..b].len() - text[a..b].trim_end().len()) - rest.len();
                for (name, at) in pieces(rest, at) {
                    add(reading, cut(name, lexicon, cues), at, &mut out);
                }
            } else if heading && !closing && line.split_whitespace().count() > 9 && !line.ends_with(':') {
                open = Open::No;
            }
            continue;
        }
        if open == Open::No {
            continue;
        }
        // All of them in one paragraph: “Rivers and Rights; Greenline Europe; …”
        if let Some(list) = run(strip(&NUMBERING, line)).filter(|_| span.role != Role::Note) {
            let rest = strip(&NUMBERING, line);
            let at = a + text[a..b].find(rest).unwrap_or(0);
            for (from, to) in list {
                add(reading, cut(&rest[from..to], lexicon, cues), at + from, &mut out);
            }
            continue;
        }
        let stops = matches!(span.role, Role::Note | Role::Row) || cues.opens("stops", &bare);
        if stops || !is_signature(line) {
            let started = !block.is_empty() || !out.is_empty();
            finish(reading, &mut block, lexicon, cues, &mut out);
            // “For the Nile Litigation Fund,” and the like before the first name.
            if started || stops || line.split_whitespace().count() > 14 {
                open = Open::No;
            }
            continue;
        }
        let rest = strip(&NUMBERING, line);
        block.push(Line {
            words: rest.trim_end_matches([';', ',', '.']),
            at: a + text[a..b].find(rest).unwrap_or(0),
            joined: gap <= 1,
        });
    }
    finish(reading, &mut block, lexicon, cues, &mut out);
    Ok(out)
}

/// The lines of a list: bodies each, or persons with what they are below them.
fn finish(reading: &Reading, block: &mut Vec<Line<'_>>, lexicon: &Lexicon, cues: &Lists, out: &mut Vec<Signatory>) {
    let lines = std::mem::take(block);
    let office = |l: &Line<'_>| office(l.words, cues);
    let offices = lines.iter().filter(|l| office(l)).count();
    let pair = lines.len() == 2 && person(lines[0].words, lexicon) && !person(lines[1].words, lexicon);
    for (k, line) in lines.iter().enumerate() {
        if office(line) && !line.words.contains(',') || office(line) && k > 0 && line.joined {
            continue;
        }
        // Under a person's name and office stands the body that he speaks for.
        let below = k > 0 && line.joined && (offices > 0 || pair) && !person(line.words, lexicon);
        if below {
            continue;
        }
        add(reading, cut(line.words, lexicon, cues), line.at, out);
    }
}

/// The parts of a line that is a list of names with marks between them, in bytes of it.
fn run(line: &str) -> Option<Vec<(usize, usize)>> {
    let line = line.trim_end_matches('.');
    let (mark, least) = [(';', 2), ('·', 2), ('•', 2), ('|', 2), (',', 4)]
        .into_iter()
        .find(|(m, n)| line.matches(*m).count() + 1 >= *n)?;
    let mut out = Vec::new();
    let mut at = 0;
    for piece in line.split(mark) {
        let body = piece.trim();
        let name = body.strip_prefix("and ").unwrap_or(body);
        let from = at + piece.find(name).unwrap_or(0);
        at += piece.len() + mark.len_utf8();
        let capital = name.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
        if name.is_empty() {
            continue;
        }
        if !capital || name.split_whitespace().count() > 12 || name.contains(". ") {
            return None;
        }
        out.push((from, from + name.len()));
    }
    (out.len() >= least).then_some(out)
}

fn office(words: &str, cues: &Lists) -> bool {
    let first = words.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default().to_lowercase();
    cues.has("offices", &first)
}

/// Two to five words with capitals, none of them a body's: a person's name.
fn person(words: &str, lexicon: &Lexicon) -> bool {
    let titled = strip(&TITLES, words).len() < words.len();
    let name = strip(&TITLES, words).split([',', '(', '–', '—']).next().unwrap_or_default().trim();
    let parts: Vec<&str> = name.split_whitespace().collect();
    let capital = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
    let plain = |w: &str| {
        let flags = lexicon.flags(&w.to_lowercase());
        !flags.any(
            Flags::ORG_HEAD
                .with(Flags::LAW_HEAD)
                .with(Flags::ORGANISATION)
                .with(Flags::ORGANISATIONS)
                .with(Flags::NOT_NAME)
                .with(Flags::DEMONYM)
                .with(Flags::PERSONS)
                .with(Flags::PREPOSITION),
        ) && !lexicon.is_place(&w.to_lowercase())
    };
    let particle = |w: &str| {
        matches!(
            w,
            "de" | "da"
                | "dos"
                | "del"
                | "van"
                | "von"
                | "der"
                | "den"
                | "la"
                | "le"
                | "al"
                | "el"
                | "bin"
                | "binti"
                | "ibn"
                | "y"
                | "e"
                | "ten"
                | "di"
        )
    };
    titled && !parts.is_empty()
        || (2..=6).contains(&parts.len())
            && parts.iter().all(|w| (capital(w) && plain(w) && !w.chars().any(|c| c.is_ascii_digit())) || particle(w))
            && !name.ends_with('!')
}

/// Without office and place: “Waranya Phetcharat, attorney for the accused”.
fn cut<'a>(words: &'a str, lexicon: &Lexicon, cues: &Lists) -> &'a str {
    let words = words.trim();
    let Some((name, rest)) = words.split_once([',', '–', '—', '|']) else { return words };
    let rest = rest.trim();
    let place = lexicon.is_place(&rest.to_lowercase());
    let lower = rest.starts_with(|c: char| c.is_lowercase());
    if place || office(rest, cues) || lower || person(name, lexicon) { name.trim_end() } else { words }
}

/// A name rather than a sentence: begins with a capital, short, no full stop inside.
fn is_signature(line: &str) -> bool {
    let rest = strip(&NUMBERING, line);
    let words = rest.split_whitespace().count();
    let first = rest.chars().next();
    let lower = rest.to_lowercase();
    let verb = [" is ", " are ", " was ", " were ", " has ", " have ", " will ", " can ", " please "]
        .iter()
        .any(|v| lower.contains(v));
    (1..=18).contains(&words)
        && first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_ascii())
        && !verb
        && !(rest.ends_with('.') && words > 4)
        && !rest.ends_with(':')
        && !rest.contains("http")
        && !rest.contains('@')
        && !rest.chars().take(4).all(|c| c.is_ascii_digit())
        && !crate::text::is(&DATE, rest)
        && !lower.starts_with("for the ")
        && !lower.starts_with("on behalf")
        && !rest.starts_with(['[', '(', '“', '"', '+'])
}

/// The rest of “*The experts: Ms. A, Special Rapporteur on …; Mr. B, …”.
fn experts<'a>(line: &'a str, bare: &str, cues: &Lists) -> Option<&'a str> {
    if !cues.opens("experts", bare) && !cues.opens("experts", &line.to_lowercase()) {
        return None;
    }
    let (lead, rest) = line.split_once(':')?;
    let mandated =
        ["Rapporteur", "Working Group", "Expert", "Chair", "Subcommittee", "Mr", "Ms"].iter().any(|w| rest.contains(w));
    (lead.split_whitespace().count() <= 9 && (mandated || rest.trim().is_empty())).then_some(rest)
}

/// The persons in a list of mandates, whatever its marks: a name, its mandate, the next.
fn list_of_experts(
    reading: &Reading,
    rest: &str,
    offset: usize,
    lexicon: &Lexicon,
    cues: &Lists,
    out: &mut Vec<Signatory>,
) {
    let mut from = 0;
    let mut depth = 0usize;
    let mut k = 0;
    let bytes: Vec<(usize, char)> = rest.char_indices().collect();
    let mut parts: Vec<(usize, usize)> = Vec::new();
    while k < bytes.len() {
        let (i, c) = bytes[k];
        match c {
            '(' => {
                if depth == 0 {
                    parts.push((from, i));
                }
                depth += 1;
            }
            ')' => {
                depth = depth.saturating_sub(1);
                from = i + 1;
            }
            ',' | ';' | ':' if depth == 0 => {
                parts.push((from, i));
                from = i + c.len_utf8();
            }
            '.' if depth == 0 => {
                // The end of the list, not “Ms.”
                let word = rest[..i].rsplit(char::is_whitespace).next().unwrap_or_default();
                let title = matches!(word, "Ms" | "Mr" | "Mrs" | "Dr" | "Prof" | "H.E" | "Mx" | "Sr" | "Jr")
                    || word.chars().count() == 1;
                if !title {
                    parts.push((from, i));
                    from = rest.len();
                    break;
                }
            }
            ' ' if depth == 0 && (rest[i..].starts_with(" and ") || rest[i..].starts_with(" & ")) => {
                parts.push((from, i));
                from = i + 1;
            }
            '–' | '—' if depth == 0 => {
                parts.push((from, i));
                from = i + c.len_utf8();
            }
            _ => {}
        }
        k += 1;
    }
    parts.push((from.min(rest.len()), rest.len()));
    for (a, b) in parts {
        if b <= a {
            continue;
        }
        let piece = rest[a..b].trim();
        let piece = piece.strip_prefix("and ").or_else(|| piece.strip_prefix("& ")).unwrap_or(piece).trim();
        let name = strip(&TITLES, piece);
        let mandate = name.split_whitespace().any(|w| cues.has("mandates", &w.to_lowercase()));
        if mandate || !person(piece, lexicon) || name.len() < 4 {
            continue;
        }
        let at = offset + a + rest[a..b].find(piece).unwrap_or(0) + (piece.len() - name.len());
        add(reading, name, at, out);
    }
}

/// Names parted by commas, semicolons and a last “and”.
fn pieces(rest: &str, offset: usize) -> Vec<(&str, usize)> {
    let mut out = Vec::new();
    let separator: &[char] = if rest.contains(';') { &[';'] } else { &[','] };
    let listed = rest.contains(separator);
    let mut at = offset;
    for piece in rest.split(separator) {
        let mut inner = at;
        // “Rivers and Rights” in a list with semicolons is one.
        let parts: Vec<&str> = if separator == [';'] || !listed { vec![piece] } else { piece.split(" and ").collect() };
        let both = parts.len() == 2 && !parts[0].trim().is_empty();
        let parts = if both
            && piece.trim().starts_with(|c: char| c.is_uppercase())
            && rest.trim_end().ends_with(piece.trim_end())
        {
            parts
        } else {
            vec![piece]
        };
        for part in parts {
            let body = part.trim().trim_end_matches('.');
            let lead = part.len() - part.trim_start().len();
            let body_and = body.strip_prefix("and ").unwrap_or(body);
            out.push((body_and, inner + lead + (body.len() - body_and.len())));
            inner += part.len() + 5;
        }
        at += piece.len() + 1;
    }
    out
}

fn add(reading: &Reading, name: &str, at: usize, out: &mut Vec<Signatory>) {
    let name = name.trim();
    if name.chars().filter(|c| c.is_alphabetic()).count() < 2 {
        return;
    }
    let quoted = quote(reading, at, at + name.len());
    let bare = strip(&TITLES, name).split_whitespace().collect::<Vec<_>>().join(" ");
    if quoted.quote != name || out.iter().any(|s| s.name == bare) {
        return;
    }
    out.push(Signatory { name: bare, at: quoted });
}
