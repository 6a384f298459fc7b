//! Who signs: the names after “Sincerely” or “Signatories”, and the experts listed under a joint
//! release (coding rule 9).

mod experts;
mod forms;

use std::sync::LazyLock;

use regex::Regex;
use schema::DataError;

use self::experts::{experts, list_of_experts, mandated};
use self::forms::{courteous, inline, lines, pieces, run, signed};
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
    let keys = ["closings", "headings", "experts", "offices", "stops", "mandates", "parts", "courtesies"];
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
    let mut ended = false;
    let spans: Vec<(usize, usize, Role)> = reading
        .paragraphs
        .iter()
        .flat_map(|span| {
            lines(text, reading.byte(span.start), reading.byte(span.end)).into_iter().map(|(a, b)| (a, b, span.role))
        })
        .collect();
    let count = spans.len();
    for (index, &(a, b, role)) in spans.iter().enumerate() {
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
        if role == Role::Boilerplate
            || role == Role::Title && open == Open::No && index * 3 < count && !line.ends_with(':')
        {
            // “For more information, contact:”
            if cues.opens("stops", &bare) {
                finish(reading, &mut block, lexicon, cues, &mut out);
                open = Open::No;
            }
            continue;
        }
        ended |= matches!(bare.as_str(), "ends" | "end" | "/ends" | "- ends -" | "ends -");
        // Below “ENDS”, each with a mandate: “Ms. A, Special Rapporteur on …”.
        if open != Open::Experts && (ended || line.starts_with('*')) && mandated(line) {
            let rest = strip(&NUMBERING, line);
            list_of_experts(reading, rest, a + text[a..b].find(rest).unwrap_or(0), lexicon, cues, &mut out);
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
        let words = bare.split_whitespace().count();
        let closing = cues.opens("closings", &bare) && words <= 6 || courteous(line, &bare, cues);
        // “The statement is supported by the following organisations:”
        let asked = ["signed", "endorsed", "supported", "joined", "issued", "thumbprinted", "subscribed", "backed"]
            .iter()
            .any(|v| bare.contains(&format!("{v} by")));
        let named = bare.contains("undersigned") || bare.contains("signatories") || bare.contains("signatory");
        let stated = line.ends_with(':') && words <= 20 && (asked || named);
        let heading = (stated || cues.opens("headings", &bare))
            && (stated || bare.split(": ").next().is_some_and(|lead| lead.split_whitespace().count() <= 14))
            && (line.ends_with(':')
                || line.contains(':')
                || !line.ends_with('.') && bare.split_whitespace().count() <= 8);
        let late = index * 3 >= count || line.ends_with([':', ',']) || index > 1 && words <= 4;
        if (closing || heading) && late && role != Role::Row {
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
        // “(Signed) A”
        if let Some(rest) = signed(line).filter(|r| !r.is_empty() && late) {
            open = Open::Names;
            let at = b - (text[a..b].len() - text[a..b].trim_end().len()) - rest.len();
            add(reading, cut(rest, lexicon, cues), at, &mut out);
            continue;
        }
        if open == Open::No {
            // “We, the undersigned organisations, A, B and C, demand”
            if role == Role::Body {
                for (from, to) in inline(line) {
                    let at = a + (text[a..b].len() - text[a..b].trim_start().len());
                    add(reading, &line[from..to], at + from, &mut out);
                }
            }
            continue;
        }
        // A part of the list: “Organisations”, “International:”.
        let part = bare.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        if !bare.is_empty()
            && words <= 6
            && bare.contains(char::is_alphabetic)
            && (part.clone().all(|w| cues.has("parts", w) || w.bytes().all(|c| c.is_ascii_digit()))
                || line.ends_with(':') && part.clone().any(|w| cues.has("parts", w)))
        {
            finish(reading, &mut block, lexicon, cues, &mut out);
            continue;
        }
        // “For the Teachers’ Union: A”
        let lower = line.to_lowercase();
        if ["for ", "on behalf of ", "for and on behalf of "].iter().any(|f| lower.starts_with(f)) && words <= 16 {
            let rest = line.split_once(':').map_or("", |(_, r)| r.trim());
            if person(rest, lexicon) {
                let at = b - (text[a..b].len() - text[a..b].trim_end().len()) - rest.len();
                add(reading, cut(rest, lexicon, cues), at, &mut out);
            }
            if !cues.opens("stops", &bare) {
                continue;
            }
        }
        // Two columns.
        let columns: Vec<&str> =
            line.split(if line.contains('\t') { "\t" } else { "    " }).filter(|c| !c.trim().is_empty()).collect();
        if columns.len() > 1 && columns.iter().all(|c| is_signature(c.trim())) {
            finish(reading, &mut block, lexicon, cues, &mut out);
            let mut from = a;
            for column in columns.iter().map(|c| strip(&NUMBERING, c.trim())) {
                let at = text[from..b].find(column).map_or(from, |k| from + k);
                from = at + column.len();
                // Behind a person stands what he is.
                if !office(column, cues) && !lexicon.is_place(&column.to_lowercase()) {
                    add(reading, cut(column, lexicon, cues), at, &mut out);
                }
                if person(column, lexicon) && !columns.iter().all(|c| person(strip(&NUMBERING, c.trim()), lexicon)) {
                    break;
                }
            }
            continue;
        }
        // All of them in one paragraph: “Rivers and Rights; Greenline Europe; …”
        let whole = |piece: &str| !office(piece, cues) && !lexicon.is_place(&piece.to_lowercase());
        if let Some(list) = run(strip(&NUMBERING, line), whole).filter(|_| role != Role::Note) {
            let rest = strip(&NUMBERING, line);
            let at = a + text[a..b].find(rest).unwrap_or(0);
            for (from, to) in list {
                add(reading, cut(&rest[from..to], lexicon, cues), at + from, &mut out);
            }
            continue;
        }
        let stops = matches!(role, Role::Note | Role::Row) || cues.opens("stops", &bare);
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

fn office(words: &str, cues: &Lists) -> bool {
    if ["Special Rapporteur", "Special Representative", "Independent Expert", "Working Group on"]
        .iter()
        .any(|m| words.starts_with(m))
    {
        return true;
    }
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
    let Some(mark) = words.find([',', '–', '—', '|']) else { return words };
    let (name, rest) = (&words[..mark], words[mark..].trim_start_matches([',', '–', '—', '|']).trim());
    // “Committee for Free Trade Unions – Asia” is so called; “Forum, Cambodia” tells where.
    let place = !words[mark..].starts_with(['–', '—']) && lexicon.is_place(&rest.to_lowercase());
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
        && first.is_some_and(|c| {
            c.is_uppercase()
                || c.is_numeric()
                || !c.is_ascii()
                || c == '"'
                || c == '#' && !rest.starts_with("# ")
                // “iLaw”, “forumZFD”
                || c.is_lowercase() && words <= 4 && rest.split(' ').next().is_some_and(|w| w.contains(char::is_uppercase))
        })
        && !verb
        && !(rest.ends_with('.') && words > 4)
        && !rest.ends_with(':')
        && !rest.contains("http")
        && !rest.contains('@')
        && !rest.chars().take(4).all(|c| c.is_ascii_digit())
        && !crate::text::is(&DATE, rest)
        && !lower.starts_with("for the ")
        && !lower.starts_with("on behalf")
        && !rest.starts_with(['[', '(', '+'])
        // A name in quotation marks, not a quotation.
        && (!rest.starts_with(['“', '"']) || words <= 8 && !rest.ends_with(['”', '"', '.']))
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
