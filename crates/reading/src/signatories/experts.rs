//! The experts under a joint release, with their mandates.

use super::{NUMBERING, TITLES, add, person, strip};
use crate::lexicon::Lexicon;
use crate::lists::Lists;
use crate::model::Signatory;
use crate::text::Reading;

/// The rest of “*The experts: Ms. A, Special Rapporteur on …; Mr. B, …”.
pub(super) fn experts<'a>(line: &'a str, bare: &str, cues: &Lists) -> Option<&'a str> {
    if !cues.opens("experts", bare) && !cues.opens("experts", &line.to_lowercase()) {
        return None;
    }
    // “*The experts” alone; “*The experts are Ms. A, …”
    let Some((lead, rest)) = line.split_once(':').filter(|(l, _)| l.split_whitespace().count() <= 9) else {
        if bare.split_whitespace().count() <= 3 && !line.ends_with('.') {
            return Some("");
        }
        let at = ["Ms.", "Mr.", "Ms ", "Mr ", "Dr.", "Dr ", "Prof"].iter().filter_map(|t| line.find(t)).min()?;
        return (at <= 70 && mandated(&line[at..])).then(|| &line[at..]);
    };
    let rest = rest.trim_start_matches(['*', ' ']);
    let mandated =
        ["Rapporteur", "Working Group", "Expert", "Chair", "Subcommittee", "Mr", "Ms"].iter().any(|w| rest.contains(w));
    (lead.split_whitespace().count() <= 9 && (mandated || rest.trim().is_empty())).then_some(rest)
}

/// The persons in a list of mandates, whatever its marks: a name, its mandate, the next.
pub(super) fn list_of_experts(
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
            // The next line is another expert’s, unless the words only wrap.
            '\n' if depth == 0 => {
                let next = rest[i..].trim_start();
                if strip(&TITLES, next).len() < next.len() || strip(&NUMBERING, next).len() < next.len() {
                    parts.push((from, i));
                    from = i + 1;
                }
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
                    // “The statement was endorsed by: Mr. B, Independent Expert on …”
                    let more = ["Independent Expert on", "Special Rapporteur on", "Working Group on"];
                    if !more.iter().any(|m| rest[i..].contains(m)) {
                        from = rest.len();
                        break;
                    }
                    from = i + 1;
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

/// A person and a mandate in one line, and no sentence about them.
pub(super) fn mandated(line: &str) -> bool {
    let titled = strip(&TITLES, line.trim_start_matches(['*', ' ', '•', '-', '–'])).len()
        < line.trim_start_matches(['*', ' ', '•', '-', '–']).len();
    titled
        && ["Special Rapporteur", "Independent Expert", "Working Group", "Chair-Rapporteur"]
            .iter()
            .any(|m| line.contains(m))
        && ![" is ", " was ", " has ", " are ", " said", " took "].iter().any(|v| line.contains(v))
}
