//! The forms in which names are listed: lines, runs with marks between, words inside a sentence.

use crate::lists::Lists;

/// A paragraph of short lines is a list, each line by itself; in bytes of the text.
pub(super) fn lines(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let body = text.get(start..end).unwrap_or_default();
    let short = |l: &str| l.split_whitespace().count() <= 11 && !l.trim_end().ends_with(['.', '”', '?']);
    let list = body.contains('\n')
        && body.lines().all(short)
        && body.lines().filter(|l| !l.trim().is_empty()).all(|l| !l.trim().starts_with(char::is_lowercase));
    if !list {
        return vec![(start, end)];
    }
    let mut at = start;
    let mut out = Vec::new();
    for line in body.split('\n') {
        if !line.trim().is_empty() {
            out.push((at, at + line.len()));
        }
        at += line.len() + 1;
    }
    out
}

/// The parts of a line that is a list of names with marks between them, in bytes of it. `whole` tells
/// names from an office or a place, which only follow one.
pub(super) fn run(line: &str, whole: impl Fn(&str) -> bool) -> Option<Vec<(usize, usize)>> {
    let line = line.trim_end_matches(['.', ';', ',']);
    let closed = line.rsplit(',').next().is_some_and(|l| l.contains(" and ") || l.contains(" & "));
    let (mark, least) = [(';', 2), ('·', 2), ('•', 2), ('|', 2), (',', if closed { 3 } else { 4 })]
        .into_iter()
        .find(|(m, n)| line.matches(*m).count() + 1 >= if *m == ',' && closed { 2 } else { *n })?;
    let mut out = Vec::new();
    let mut at = 0;
    let mut take = |from: usize, name: &str| {
        let capital = name.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
        let fits = capital && name.split_whitespace().count() <= 12 && !name.contains(". ");
        // “Justice, Peace and Integrity” is one.
        let long = !closed || name.contains(' ') || name.chars().filter(|c| c.is_uppercase()).count() > 1;
        let fits = fits && (mark != ',' || whole(name) && (long || line.matches(',').count() >= 3));
        out.push((from, from + name.len()));
        fits
    };
    for piece in line.split(mark) {
        let body = piece.trim();
        let name = body.strip_prefix("and ").or_else(|| body.strip_prefix("& ")).unwrap_or(body);
        let name = name.strip_prefix("the ").unwrap_or(name);
        let from = at + piece.find(name).unwrap_or(0);
        at += piece.len() + mark.len_utf8();
        if name.is_empty() {
            continue;
        }
        let last = mark == ',' && at > line.len() && !body.starts_with("and ");
        let fits = match name.rsplit_once(" and ").filter(|_| last) {
            Some((a, b)) => {
                let bare = b.strip_prefix("the ").unwrap_or(b);
                take(from, a) && take(from + name.len() - bare.len(), bare)
            }
            None => take(from, name),
        };
        if !fits {
            return None;
        }
    }
    (out.len() >= least).then_some(out)
}

/// A line that closes a letter in words of its own: “With deepest respect and hope,”; “Please accept,
/// Excellency, the assurances of …”.
pub(super) fn courteous(line: &str, bare: &str, cues: &Lists) -> bool {
    let words: Vec<&str> = bare.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let warm = words.iter().any(|w| cues.has("courtesies", w)) && words.first() != Some(&"dear");
    warm && (line.ends_with(',') && words.len() <= 8
        || words.len() <= 24
            && (bare.starts_with("please accept") || bare.starts_with("accept, ") || bare.starts_with("we avail")))
}

/// What stands behind “(Signed)”.
pub(super) fn signed(line: &str) -> Option<&str> {
    ["(Signed)", "[Signed]", "(signed)", "[signed]", "/s/", "Sgd.", "(Sgd.)", "(Sgd)", "(SIGNED)", "[SIGNED]"]
        .iter()
        .find_map(|m| line.strip_prefix(m))
        .map(|r| r.trim_start_matches([':', ' ', '\u{a0}']))
}

/// The names between “We,” or “the undersigned organisations,” and what they ask.
pub(super) fn inline(line: &str) -> Vec<(usize, usize)> {
    let lower = line.to_lowercase();
    let we = line.starts_with("We, ").then_some(4);
    let mark = we.filter(|_| !lower.starts_with("we, the undersigned")).or_else(|| {
        let at = lower.find("undersigned ").filter(|at| *at < 80 && lower.len() == line.len())?;
        let (head, _) = line[at..].split_once([',', ':', '–', '—', '('])?;
        (head.split_whitespace().count() <= 7).then(|| at + head.len() + 1)
    });
    let Some(from) = mark.filter(|m| line.is_char_boundary(*m)) else { return Vec::new() };
    let mut out = Vec::new();
    let mut at = from;
    for piece in line[from..].split(',') {
        let lead = piece.len() - piece.trim_start().len();
        let mut start = at + lead;
        let mut body = piece.trim();
        at += piece.len() + 1;
        for opening in ["and ", "the ", "The "] {
            if let Some(rest) = body.strip_prefix(opening) {
                start += opening.len();
                body = rest;
            }
        }
        if !body.starts_with(char::is_uppercase) || body.split_whitespace().count() > 14 {
            break;
        }
        let split = if piece.trim().starts_with("and ") { None } else { body.rsplit_once(" and ") };
        match split.filter(|(_, b)| b.strip_prefix("the ").unwrap_or(b).starts_with(char::is_uppercase)) {
            Some((a, b)) if !out.is_empty() || a.contains(' ') => {
                let bare = b.strip_prefix("the ").unwrap_or(b);
                out.push((start, start + a.len()));
                out.push((start + body.len() - bare.len(), start + body.len()));
                break;
            }
            _ => out.push((start, start + body.len())),
        }
    }
    // “We, Cambodians, ask”
    if out.len() < 2 { Vec::new() } else { out }
}

/// Names parted by commas, semicolons and a last “and”.
pub(super) fn pieces(rest: &str, offset: usize) -> Vec<(&str, usize)> {
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
