//! Who signs: the names after “Sincerely” or “Signatories”, and the experts listed under a joint
//! release (coding rule 9).

use regex::Regex;

use crate::acts::quote;
use crate::lexicon::Lexicon;
use crate::model::Signatory;
use crate::text::{Reading, Role, pattern};
use std::sync::LazyLock;

pattern!(NUMBERING, r"^(?:[•●▪■◦‣*–—·-]\s*|\(?[0-9]{1,3}[.)]\s*|\(?[a-z][.)]\s+)");
pattern!(TITLES, r"^(?:(?:H\.E\.|Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Ven|Sir|Lord)\.?\s+)+");

fn strip<'a>(re: &LazyLock<Option<Regex>>, text: &'a str) -> &'a str {
    re.as_ref().and_then(|re| re.find(text)).map_or(text, |m| &text[m.end()..])
}

/// The signatories of a document, in order.
pub(crate) fn read(reading: &Reading, lexicon: &Lexicon) -> Vec<Signatory> {
    let mut out: Vec<Signatory> = Vec::new();
    let text = reading.text.as_str();
    let mut open = false;
    let mut found_in_block = 0;
    for span in &reading.paragraphs {
        let (a, b) = (reading.byte(span.start), reading.byte(span.end));
        let line = text[a..b].trim();
        let bare = line
            .trim_end_matches([',', ':', '.', '!'])
            .trim_start_matches(['#', '*', ' '])
            .trim_end_matches(['*', ' '])
            .to_lowercase();
        if let Some(rest) = experts(line, lexicon) {
            let offset = b - (text[a..b].len() - (line.len() - rest.len()) - (text[a..b].find(line).unwrap_or(0)));
            list_of_experts(reading, rest, offset, &mut out);
            continue;
        }
        let opens = starts(&bare, lexicon, "closings", 6) || starts(&bare, lexicon, "signatory_headings", 12);
        if opens && !(open && found_in_block > 0 && !starts(&bare, lexicon, "signatory_headings", 12)) {
            open = true;
            found_in_block = 0;
            // “Signed: A, B and C”
            if let Some((_, rest)) = line.split_once(':').filter(|(_, r)| r.split_whitespace().count() >= 2) {
                let offset = b - rest.len();
                for (name, at) in pieces(rest, offset) {
                    add(reading, name, at, &mut out);
                }
                open = false;
            }
            continue;
        }
        if !open {
            continue;
        }
        if matches!(span.role, Role::Note | Role::Boilerplate | Role::Row) {
            open = found_in_block == 0;
            continue;
        }
        if !is_signature(line) {
            open = found_in_block == 0 && line.split_whitespace().count() <= 14;
            continue;
        }
        let rest = strip(&NUMBERING, line);
        let at = a + text[a..b].find(rest).unwrap_or(0);
        add(reading, rest.trim_end_matches([';', ',', '.']), at, &mut out);
        found_in_block += 1;
    }
    out
}

fn starts(bare: &str, lexicon: &Lexicon, key: &str, most: usize) -> bool {
    bare.split_whitespace().count() <= most
        && lexicon.phrases(key).iter().any(|p| {
            let cue = p.join(" ");
            bare == cue
                || bare.starts_with(&format!("{cue} "))
                || bare.starts_with(&format!("{cue},"))
                || bare.starts_with(&format!("{cue}:"))
                || bare.starts_with(&format!("{cue} ("))
        })
}

/// A name rather than a sentence: begins with a capital, short, no full stop inside.
fn is_signature(line: &str) -> bool {
    let rest = strip(&NUMBERING, line);
    let words = rest.split_whitespace().count();
    let first = rest.chars().next();
    let verb = [" is ", " are ", " was ", " were ", " has ", " have ", " will ", " can ", " please "]
        .iter()
        .any(|v| rest.to_lowercase().contains(v));
    (1..=16).contains(&words)
        && first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_ascii())
        && !verb
        && !rest.ends_with('.')
        && !rest.ends_with(':')
        && !rest.contains("http")
        && !rest.contains('@')
        && !rest.chars().take(4).all(|c| c.is_ascii_digit())
        && !is_date(rest)
        && !rest.to_lowercase().starts_with("cc")
        && !rest.to_lowercase().starts_with("annex")
}

pattern!(
    DATE,
    r"^[0-9]{1,2}\s+[A-Z][a-z]+\s+[0-9]{4}$|^[A-Z][A-Za-z ]+,\s+[0-9]{1,2}\s+[A-Z][a-z]+\s+[0-9]{4}$|^[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}$"
);

fn is_date(line: &str) -> bool {
    crate::text::is(&DATE, line)
}

/// The rest of “*The experts: Ms. A, Special Rapporteur on …; Mr. B, …”.
fn experts<'a>(line: &'a str, lexicon: &Lexicon) -> Option<&'a str> {
    let lower = line.to_lowercase();
    let cue = lexicon.phrases("expert_openings").iter().map(|p| p.join(" ")).find(|c| lower.starts_with(c.as_str()))?;
    let rest = line.get(cue.len()..)?;
    let rest = rest.strip_prefix(" are").unwrap_or(rest).trim_start_matches([':', '*', ' ', '–', '-']);
    (rest.contains("Rapporteur") || rest.contains("Working Group") || rest.contains("Expert") || rest.contains("Chair"))
        .then_some(rest)
}

pattern!(
    PERSON,
    r"(?:^|[;,.]\s+|\band\s+|\(Chair(?:person|-Rapporteur)?\)\s*,?\s*)((?:Ms|Mr|Mrs|Dr|Prof|Professor)\.?\s+(?:Dr\.?\s+)?\p{Lu}[^;,()]*)"
);

fn list_of_experts(reading: &Reading, rest: &str, offset: usize, out: &mut Vec<Signatory>) {
    if let Some(re) = PERSON.as_ref()
        && re.is_match(rest)
    {
        for found in re.captures_iter(rest).filter_map(|c| c.get(1)) {
            let words = found.as_str().trim_end();
            let name = strip(&TITLES, words);
            let name = name.split(" and ").next().unwrap_or(name).trim();
            let at = offset + found.start() + (words.len() - strip(&TITLES, words).len());
            add(reading, name, at, out);
        }
        return;
    }
    for (piece, at) in rest.split(';').scan(offset, |at, piece| {
        let start = *at;
        *at += piece.len() + 1;
        Some((piece, start))
    }) {
        let lead = piece.len() - piece.trim_start().len();
        let body = piece.trim_start();
        let body_and = body.strip_prefix("and ").unwrap_or(body);
        let skip = lead + (body.len() - body_and.len());
        let untitled = strip(&TITLES, body_and);
        let name = untitled.split([',', '(']).next().unwrap_or_default().trim_end();
        add(reading, name, at + skip + (body_and.len() - untitled.len()), out);
    }
}

/// Names parted by commas, semicolons and a last “and”.
fn pieces(rest: &str, offset: usize) -> Vec<(&str, usize)> {
    let mut out = Vec::new();
    let separator: &[char] = if rest.contains(';') { &[';'] } else { &[','] };
    let mut at = offset;
    for piece in rest.split(separator) {
        let mut inner = at;
        for part in piece.split(" and ") {
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
    if quoted.quote != name || out.iter().any(|s| s.name == name) {
        return;
    }
    out.push(Signatory { name: strip(&TITLES, name).split_whitespace().collect::<Vec<_>>().join(" "), at: quoted });
}
