//! What the text rests on: articles and laws, UN symbols, communications, resolutions, addresses and
//! publications, and the footnotes that cite them (coding rule 9).

mod articles;
mod laws;
mod lawwords;
mod publications;

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use self::publications::{clean, publication, publications, publishes, sources};
use crate::acts::quote;
use crate::discourse::Sentence;
use crate::lexicon::Lexicon;
use crate::model::Citation;
use crate::names::Named;
use crate::text::{Reading, Role, pattern};

pattern!(
    SYMBOL,
    r"\b(?:A|E|S|CCPR|CAT|CEDAW|CRC|CERD|CRPD|CMW|CED|ST|HRI|CESCR|INT|WGAD|HRC|OP|DP|TD|UNEP|IACHR|OEA|ILC|ICCPR)/[A-Z0-9][A-Za-z0-9.()-]*(?:/[A-Za-z0-9][A-Za-z0-9.()-]*)*"
);
pattern!(COMMUNICATION, r"\b(?:(?:AL|UA|OL|JUA|JAL|OTH)\s+)?[A-Z]{3}\s[0-9]{1,3}/(?:19|20)[0-9]{2}\b");
pattern!(
    RESOLUTIONS,
    r"\b((?:(?:its|their|Human Rights Council|General Assembly|Security Council|Economic and Social Council|Commission on Human Rights|Council|Assembly|European Parliament)\s+)?(?i:resolutions?|decisions?)\s+(?:[Nn]os?\.?\s*)?[0-9]+[A-Z]?(?:/[0-9]+[A-Z]?|\s\([0-9]{4}\)))((?:[^.;()0-9]{0,4}(?:of|on)?\s?(?:[0-9]{1,2}\s+)?(?:[A-Z][a-z]+\s+[0-9]{4})?\s*(?:,\s*and|,|and)\s+[0-9]+/[0-9]+)*)"
);
pattern!(SLASHED, r"[0-9]+/[0-9]+");
pattern!(
    NUMBERED,
    r"\b(?:(?i:opinions?|judge?ment|verdict|case|application|communication|complaint|petition|sub-decree|royal decree|prakas|decree|decree-law|proclamation|directive|instruction|circular|executive order|law|act|government notice|notification|ordinance)\s+[Nn]os?\.?\s*[0-9]+[0-9A-Za-z./-]*(?:\s+of\s+(?:[0-9]{1,2}\s+[A-Z][a-z]+\s+)?[12][0-9]{3})?(?:\s+on\s+(?:the\s+)?[A-Z][A-Za-z-]*(?:\s+(?:(?:and|of|the|in|for)\s+)*[A-Z][A-Za-z-]*)*)?|(?i:general (?:comment|recommendation|observation))s?\s+(?:[Nn]o\.?\s*)?[0-9]+)"
);
pattern!(
    ILO,
    r"\b((?:ILO\s+)?Conventions?\s+(?:[Nn]os?\.?\s*)?[0-9]{1,3})((?:\s*,\s*[0-9]{1,3})*(?:,?\s+and\s+(?:[Nn]o\.?\s*)?[0-9]{1,3})?)\b"
);
pattern!(DIGITS, r"[0-9]{1,3}");
pattern!(ADDRESS, r#"(?:https?://|www\.)[^\s<>"“”\]]+"#);
pattern!(MARK, r"^\s*(?:\[([0-9]{1,3})\]|\^?([0-9]{1,3})[.)]?\s|([¹²³⁴⁵⁶⁷⁸⁹⁰]+))\s*");
pattern!(ACRONYM, r"\b(?:ICCPR|ICESCR|UDHR|LANGO|UNCAT|ICERD|CEDAW Convention)\b");

fn find_all<'a>(re: &'a LazyLock<Option<Regex>>, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    re.as_ref().into_iter().flat_map(move |re| re.find_iter(text).map(|m| (m.start(), m.end())))
}

/// The articles named in a sentence, as provisions of its legal acts.
pub(crate) fn provisions(s: &Sentence, text: &str) -> Vec<String> {
    provisions_in(text.get(s.start..s.end).unwrap_or_default())
}

/// As [`provisions`], of a stretch of text.
pub(crate) fn provisions_in(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let named = laws::find(text);
    for a in articles::find(text, &named, None) {
        let international = a.law.as_ref().is_some_and(|l| {
            l.contains("Covenant") || l.contains("Convention") || l.contains("Declaration") || l == "ICCPR"
        });
        let number = a.number.split(" (").next().unwrap_or_default().to_owned();
        if !international && !out.contains(&number) {
            out.push(number);
        }
    }
    out
}

struct Collector<'a> {
    reading: &'a Reading,
    out: Vec<Citation>,
    by_key: HashMap<String, usize>,
    /// Names and numbers that articles have told, so that the law alone is not told again.
    known: Vec<String>,
    taken: Vec<(usize, usize)>,
}

impl Collector<'_> {
    fn free(&self, start: usize, end: usize) -> bool {
        !self.taken.iter().any(|&(a, b)| start < b && a < end)
    }

    /// One for each thing cited; in footnotes one for each note, even if it came before.
    fn add(&mut self, key: &str, reference: String, start: usize, end: usize, note: Option<u64>) -> usize {
        self.taken.push((start, end));
        let key = note.map_or_else(|| key.to_owned(), |n| format!("{n}:{key}"));
        if let Some(&i) = self.by_key.get(&key) {
            return i;
        }
        let at = quote(self.reading, start, end);
        self.out.push(Citation { reference, note, at });
        self.by_key.insert(key, self.out.len() - 1);
        self.out.len() - 1
    }
}

/// A footnote's number and where its words begin.
fn mark(body: &str) -> (Option<u64>, usize) {
    let Some(m) = MARK.as_ref().and_then(|re| re.captures(body)) else { return (None, 0) };
    let digits: String = m
        .get(1)
        .or_else(|| m.get(2))
        .or_else(|| m.get(3))
        .map_or("", |d| d.as_str())
        .chars()
        .filter_map(|c| {
            c.to_digit(10).or_else(|| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|s| s == c).and_then(|p| u32::try_from(p).ok()))
        })
        .filter_map(|d| char::from_digit(d, 10))
        .collect();
    (digits.parse().ok(), m.get(0).map_or(0, |w| w.end()))
}

/// The citations of a document.
pub(crate) fn read(reading: &Reading, _: &[(&Sentence, &[Named])], _: &Lexicon) -> Vec<Citation> {
    let mut c = Collector { reading, out: Vec::new(), by_key: HashMap::new(), known: Vec::new(), taken: Vec::new() };
    let mut last_note: Option<usize> = None;
    let mut last_law: Option<laws::Named> = None;
    let mut of_number: HashMap<String, String> = HashMap::new();
    for span in &reading.paragraphs {
        if span.role == Role::Boilerplate {
            continue;
        }
        let (from, to) = (reading.byte(span.start), reading.byte(span.end));
        let body = &reading.text[from..to];
        // “Reply to joint communication AL LKA 5/2022”: a title cites by symbol only.
        if span.role == Role::Title {
            for (a, b) in find_all(&COMMUNICATION, body) {
                c.add(&body[a..b].to_lowercase(), body[a..b].to_owned(), from + a, from + b, None);
            }
            continue;
        }
        // “Reference: AL KHM 4/2022”: the document's own.
        if span.role == Role::Matter
            && ["reference", "ref.", "ref:", "our ref"].iter().any(|w| body.to_lowercase().starts_with(w))
        {
            continue;
        }
        let (note, mut content) = if span.role == Role::Note { mark(body) } else { (None, 0) };
        let before = c.out.len();
        let lower = body[content..].to_lowercase();
        if note.is_some() && ["ibid", "idem", "op. cit", "id."].iter().any(|w| lower.starts_with(w)) {
            // It stands in the numbering as a citation of what the note before it cites; what follows is read too.
            if let (Some(told), Some(_)) = (last_note.and_then(|i| c.out.get(i)).map(|l| l.reference.clone()), note) {
                let word =
                    body[content..].find(|ch: char| !ch.is_alphabetic() && ch != '.').unwrap_or(body.len() - content);
                let (a, b) = (from + content, from + content + word.max(1));
                let key = told.to_lowercase();
                c.add(&key, told, a, b, note);
            }
            content = body[content..].find(';').map_or(body.len(), |k| content + k + 1);
        }
        addresses(&mut c, body, from, note, content);
        // A court's number above its text is the document's own.
        let own = matches!(span.role, Role::Heading | Role::Matter);
        symbols(&mut c, body, from, note, own);
        if span.role == Role::Matter {
            sources(&mut c, body, from);
            continue;
        }
        let named = laws::find(body);
        lawful(&mut c, body, from, note, &named, last_law.as_ref(), &mut of_number, span.role);
        if note.is_none() {
            publications(&mut c, body, from);
            sources(&mut c, body, from);
        } else if c.out.len() == before {
            publication(&mut c, body, from, note, content);
        }
        if let Some(l) = named.last() {
            last_law = Some(laws::Named { start: 0, end: 0, ..l.clone() });
        }
        if note.is_some() && c.out.len() > before {
            last_note = Some(before);
        }
    }
    c.out
}

fn addresses(c: &mut Collector<'_>, body: &str, from: usize, note: Option<u64>, content: usize) {
    for (a, b) in find_all(&ADDRESS, body) {
        let url = body[a..b].trim_end_matches(['.', ',', ';', ')', '!', '?', '’', '\'', ':', '>', '*']);
        let key = url.trim_end_matches('/').to_lowercase();
        // An organisation's own address in a contact line is no source; a path makes it one.
        let path = url.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').contains('/');
        if !path && note.is_none() {
            continue;
        }
        // A publication with its address is one citation.
        let title = body.get(content..a).unwrap_or_default();
        if note.is_some() && publishes(title) {
            let title = title
                .trim()
                .trim_end_matches([',', '.', ';', ':', '(', '<'])
                .trim_end_matches("available at")
                .trim_end_matches("Available at")
                .trim_end_matches([',', ' ', '.', ':']);
            c.add(&key, clean(title), from + content, from + a + url.len(), note);
        } else {
            c.add(&key, url.to_owned(), from + a, from + a + url.len(), note);
        }
    }
}

fn symbols(c: &mut Collector<'_>, body: &str, from: usize, note: Option<u64>, own: bool) {
    for found in RESOLUTIONS.as_ref().into_iter().flat_map(|re| re.captures_iter(body)) {
        let (Some(first), Some(more)) = (found.get(1), found.get(2)) else { continue };
        let words: Vec<&str> = first.as_str().split_whitespace().collect();
        let number = words.last().copied().unwrap_or_default();
        if c.free(from + first.start(), from + first.end()) {
            c.add(&number_key(number), words.join(" "), from + first.start(), from + first.end(), note);
        }
        for (a, b) in find_all(&SLASHED, more.as_str()) {
            let (start, end) = (from + more.start() + a, from + more.start() + b);
            if c.free(start, end) {
                let number = &more.as_str()[a..b];
                c.add(&number_key(number), format!("resolution {number}"), start, end, note);
            }
        }
    }
    for found in ILO.as_ref().into_iter().flat_map(|re| re.captures_iter(body)) {
        let (Some(first), Some(more)) = (found.get(1), found.get(2)) else { continue };
        let head: String = first.as_str().trim_end_matches(|ch: char| ch.is_ascii_digit()).trim_end().to_owned();
        for (a, b) in std::iter::once((first.start(), first.end()))
            .chain(find_all(&DIGITS, more.as_str()).map(|(a, b)| (more.start() + a, more.start() + b)))
        {
            let number = body[a..b].rsplit([' ', '.']).next().unwrap_or_default();
            if c.free(from + a, from + b) {
                let name = format!(
                    "{} No. {number}",
                    head.trim_end_matches("os.")
                        .trim_end_matches("o.")
                        .trim_end_matches([' ', 'N'])
                        .trim_end_matches('s')
                );
                c.add(&name.to_lowercase(), name.clone(), from + a, from + b, note);
            }
        }
    }
    for re in [&NUMBERED, &SYMBOL, &COMMUNICATION] {
        for (a, b) in find_all(re, body) {
            let symbol = body[a..b].trim_end_matches(['.', ',', '(', '-']);
            let symbol = if symbol.contains('(') { symbol } else { symbol.trim_end_matches(')') };
            let has_digit = symbol.bytes().any(|x| x.is_ascii_digit());
            let (start, end) = (from + a, from + a + symbol.len());
            if !has_digit || !c.free(start, end) {
                continue;
            }
            // “article 12 of Law No. 94”: told with its article.
            let lower = symbol.to_lowercase();
            if own && ["case", "judg", "verdict", "complaint", "application"].iter().any(|w| lower.starts_with(w)) {
                continue;
            }
            if lower.starts_with("law") || lower.starts_with("act") || lower.starts_with("decree-law") {
                continue;
            }
            // “resolution 48/23 (A/HRC/RES/48/23)”, “General Comment No. 35 (CCPR/C/GC/35)”: one document.
            let aside = body[..a].trim_end().ends_with('(')
                && c.out.last().is_some_and(|l| {
                    let l_end = c.reading.byte(l.at.end);
                    l_end >= from && l_end <= start && start - l_end <= 3
                });
            let same = symbol
                .to_lowercase()
                .split_once("/res/")
                .and_then(|(_, n)| {
                    c.by_key.get(&note.map_or_else(|| number_key(n), |k| format!("{k}:{}", number_key(n)))).copied()
                })
                .or_else(|| aside.then(|| c.out.len() - 1));
            if let Some(i) = same {
                c.taken.push((start, end));
                symbol.clone_into(&mut c.out[i].reference);
            } else {
                c.add(&lower, symbol.to_owned(), start, end, note);
            }
        }
    }
}

fn number_key(number: &str) -> String {
    format!("resolution {}", number.to_lowercase())
}

/// Articles with their laws, and laws by themselves.
#[allow(clippy::too_many_arguments)]
fn lawful(
    c: &mut Collector<'_>,
    body: &str,
    from: usize,
    note: Option<u64>,
    named: &[laws::Named],
    last: Option<&laws::Named>,
    of_number: &mut HashMap<String, String>,
    role: Role,
) {
    for article in articles::find(body, named, last) {
        let (start, end) = (from + article.start, from + article.end);
        if !c.free(start, end) {
            continue;
        }
        // “article 495” later in a text is the article of the Criminal Code told before.
        let told = of_number.get(&article.number).cloned();
        let law = if article.guessed { told.or_else(|| article.law.clone()) } else { article.law.clone() };
        let word = article.word;
        let alone = format!("{word} {}", article.number);
        let key = law.as_ref().map_or_else(|| alone.clone(), |law| format!("{}, {alone}", law.to_lowercase()));
        let reference = law.as_ref().map_or_else(|| alone.clone(), |law| format!("{law}, {alone}"));
        if let Some(law) = article.law.as_ref().filter(|_| !article.guessed) {
            of_number.insert(article.number.clone(), law.clone());
            c.known.push(law.to_lowercase());
            // Told first without its law: the same article.
            if note.is_none()
                && let Some(i) = c.by_key.remove(&alone)
            {
                c.out[i].reference.clone_from(&reference);
                c.by_key.insert(key.clone(), i);
            }
        }
        c.add(&key, reference, start, end, note);
    }
    if role == Role::Heading {
        return;
    }
    for law in named {
        let (a, b) = (from + law.start, from + law.end);
        let key = law.name.to_lowercase();
        let known = note.is_none()
            && (c.known.iter().any(|k| *k == key || key.ends_with(k.as_str())) || c.by_key.contains_key(&key));
        if c.free(a, b) && !known {
            c.add(&key, law.name.clone(), a, b, note);
        }
    }
    if note.is_none() {
        for (a, b) in find_all(&ACRONYM, body) {
            let key = body[a..b].to_lowercase();
            let bracketed = body[..a].ends_with('(');
            if c.free(from + a, from + b) && !bracketed && !c.known.contains(&key) && !spelt_out(c, &body[a..b]) {
                c.add(&key, body[a..b].to_owned(), from + a, from + b, note);
            }
        }
    }
}

/// Whether a treaty of this acronym has been cited under its name.
fn spelt_out(c: &Collector<'_>, acronym: &str) -> bool {
    c.out.iter().any(|x| {
        let capitals: String =
            x.reference.split(", art").next().unwrap_or_default().chars().filter(|ch| ch.is_uppercase()).collect();
        capitals == acronym || acronym == "LANGO" && x.reference.contains("Non-Governmental")
    })
}
