//! What the text rests on: articles and laws, UN symbols, communications, resolutions, addresses and
//! publications, and the footnotes that cite them (coding rule 9).

use std::collections::HashMap;

use regex::Regex;

use crate::acts::quote;
use crate::discourse::Sentence;
use crate::lexicon::Lexicon;
use crate::model::Citation;
use crate::names::{NameKind, Named};
use crate::text::{Reading, Role, pattern};
use std::sync::LazyLock;

pattern!(
    ARTICLES,
    r"(?i)\b(?:articles?|arts?\.|sections?|art)\s*((?:[0-9]+(?:-[0-9]\b)?(?:[ -]?(?:bis|ter|quater|new))?(?:\([0-9a-z]{1,3}\))*)(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+or\s+|\s*[–-]\s*|\s+to\s+)(?:articles?\s+|arts?\.\s*)?[0-9]+(?:-[0-9]\b)?(?:[ -]?(?:bis|ter|quater|new))?(?:\([0-9a-z]{1,3}\))*)*)"
);
pattern!(NUMBER, r"(?i)[0-9]+(?:-[0-9]\b)?(?:[ -]?(?:bis|ter|quater|new))?(?:\([0-9a-z]{1,3}\))*");
pattern!(
    OF_LAW,
    r"^\s*(?:,\s*)?(?:of|in|under)\s+(?:the\s+|its\s+|that\s+)?(?:[A-Z][a-z]+(?:'s|’s)\s+|[A-Z][a-z]+n\s+)?((?:[0-9]{4}\s+)?(?:[A-Za-z-]+\s+){0,4}?(?:Code|Law|Constitution|Covenant|Convention|Declaration|Act|Decree|Sub-Decree|Charter|Protocol|code|law|constitution|act)\b(?:\s+(?:on|of|against|for|to|relating)\s+(?:the\s+)?[A-Z][A-Za-z-]*(?:(?:\s+|,\s+)(?:(?:and|of|the|on|in|for|from|to)\s+)*[A-Z][A-Za-z-]*)*)?|ICCPR|ICESCR|CEDAW|UDHR|ECHR|LANGO|CRC|CAT)"
);
pattern!(
    SYMBOL,
    r"\b(?:A|E|S|CCPR|CAT|CEDAW|CRC|CERD|CRPD|CMW|CED|ST|HRI|CESCR|INT|WGAD|HRC)/[A-Z0-9][A-Za-z0-9.()-]*(?:/[A-Za-z0-9][A-Za-z0-9.()-]*)*"
);
pattern!(COMMUNICATION, r"\b(?:(?:AL|UA|OL|JUA|JAL|OTH)\s+)?[A-Z]{3}\s[0-9]{1,3}/(?:19|20)[0-9]{2}\b");
pattern!(
    NUMBERED,
    r"(?i)\b(?:(?:human rights council |general assembly |security council )?resolutions?\s+(?:no\.?\s*)?[0-9]+/[0-9]+|opinions?\s+no\.?\s*[0-9]+/[0-9]+|(?:sub-decree|prakas|royal decree|decree|proclamation|directive)\s+no\.?\s*[0-9]+[0-9A-Za-z./-]*)"
);
pattern!(ADDRESS, r#"(?:https?://|www\.)[^\s<>"“”\]]+"#);
pattern!(MARK, r"^\s*(?:\[([0-9]{1,3})\]|\^?([0-9]{1,3})[.)]?\s)\s*");
pattern!(TITLE, r#"[“"][^”"]{6,}[”"]|‘[^’]{10,}’"#);

fn find_all<'a>(re: &'a LazyLock<Option<Regex>>, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    re.as_ref().into_iter().flat_map(move |re| re.find_iter(text).map(|m| (m.start(), m.end())))
}

/// An article in a text.
struct Article {
    number: String,
    law: Option<String>,
    start: usize,
    end: usize,
}

fn articles(text: &str) -> Vec<Article> {
    let mut out = Vec::new();
    let (Some(re), Some(number)) = (ARTICLES.as_ref(), NUMBER.as_ref()) else { return out };
    for found in re.captures_iter(text) {
        let (Some(whole), Some(list)) = (found.get(0), found.get(1)) else { continue };
        let after = &text[whole.end()..];
        let of = OF_LAW.as_ref().and_then(|re| re.captures(after));
        let law = of.as_ref().and_then(|c| c.get(1)).map(|m| (m.as_str().to_owned(), whole.end() + m.end()));
        let section = text[whole.start()..].to_lowercase().starts_with("sec");
        if section && law.is_none() {
            continue;
        }
        // “ARTICLE 19” is an organisation.
        if text[whole.start()..].starts_with("ARTICLE 19") {
            continue;
        }
        // “under Article 305 and 40 million riel”: the second is no article.
        let counted = |end: usize| {
            let rest = text[end..].trim_start();
            ["million", "thousand", "riel", "dollar", "year", "month", "day", "week", "people", "persons", "other"]
                .iter()
                .any(|w| rest.starts_with(w))
        };
        let numbers: Vec<(usize, usize)> = number
            .find_iter(list.as_str())
            .map(|m| (list.start() + m.start(), list.start() + m.end()))
            .enumerate()
            .filter(|(i, (_, end))| *i == 0 || !counted(*end))
            .map(|(_, m)| m)
            .collect();
        for (i, &(a, b)) in numbers.iter().enumerate() {
            let start = if i == 0 { whole.start() } else { a };
            let end = match &law {
                Some((_, end)) if i + 1 == numbers.len() => *end,
                _ => b,
            };
            out.push(Article {
                number: text[a..b].to_owned(),
                law: law.as_ref().map(|(l, _)| title_case(l)),
                start,
                end,
            });
        }
    }
    out
}

/// “criminal code” and “Criminal Code” are one law.
fn title_case(law: &str) -> String {
    if law.chars().any(char::is_uppercase) {
        return law.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    law.split_whitespace()
        .map(|w| {
            let mut c = w.chars();
            c.next().map_or(String::new(), |f| f.to_uppercase().collect::<String>() + c.as_str())
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The articles named in a sentence, as provisions of its legal acts.
pub(crate) fn provisions(s: &Sentence, text: &str) -> Vec<String> {
    provisions_in(text.get(s.start..s.end).unwrap_or_default())
}

/// As [`provisions`], of a stretch of text.
pub(crate) fn provisions_in(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for a in articles(text) {
        let international = a.law.as_ref().is_some_and(|l| {
            l.contains("Covenant") || l.contains("Convention") || l.contains("Declaration") || l == "ICCPR"
        });
        if !international && !out.contains(&a.number) {
            out.push(a.number);
        }
    }
    out
}

struct Collector<'a> {
    reading: &'a Reading,
    out: Vec<Citation>,
    by_key: HashMap<String, usize>,
    taken: Vec<(usize, usize)>,
}

impl Collector<'_> {
    fn free(&self, start: usize, end: usize) -> bool {
        !self.taken.iter().any(|&(a, b)| start < b && a < end)
    }

    fn add(&mut self, key: String, reference: String, start: usize, end: usize, note: Option<u64>) -> usize {
        self.taken.push((start, end));
        if let Some(&i) = self.by_key.get(&key) {
            if let Some(n) = note.filter(|n| !self.out[i].notes.contains(n)) {
                self.out[i].notes.push(n);
            }
            return i;
        }
        let at = quote(self.reading, start, end);
        self.out.push(Citation { reference, notes: note.into_iter().collect(), at });
        self.by_key.insert(key, self.out.len() - 1);
        self.out.len() - 1
    }
}

/// The citations of a document. `names` are the sentences with the names found in them.
pub(crate) fn read(reading: &Reading, names: &[(&Sentence, &[Named])], lexicon: &Lexicon) -> Vec<Citation> {
    let _ = lexicon;
    let mut c = Collector { reading, out: Vec::new(), by_key: HashMap::new(), taken: Vec::new() };
    let text = reading.text.as_str();
    let mut last_note = None;
    let mut laws: HashMap<String, String> = HashMap::new();
    for (index, span) in reading.paragraphs.iter().enumerate() {
        if span.role == Role::Boilerplate {
            continue;
        }
        let (from, to) = (reading.byte(span.start), reading.byte(span.end));
        let body = &text[from..to];
        let mark = MARK.as_ref().filter(|_| span.role == Role::Note).and_then(|re| re.captures(body));
        let note: Option<u64> =
            mark.as_ref().and_then(|m| m.get(1).or_else(|| m.get(2))).and_then(|m| m.as_str().parse().ok());
        let content = mark.as_ref().and_then(|m| m.get(0)).map_or(0, |m| m.end());
        let before = c.out.len();
        let mut found: Option<usize> = None;
        if note.is_some() && body[content..].to_lowercase().starts_with("ibid") {
            if let (Some(i), Some(n)) = (last_note, note) {
                let citation: &mut Citation = &mut c.out[i];
                citation.notes.push(n);
            }
            continue;
        }
        for (a, b) in find_all(&ADDRESS, body) {
            let url = body[a..b].trim_end_matches(['.', ',', ';', ')', '!', '?', '’', '\'', ':']);
            let key = url.trim_end_matches('/').to_lowercase();
            // An organisation's own address in a contact line is no source; a path makes it one.
            let path =
                url.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').contains('/');
            if !path && note.is_none() {
                continue;
            }
            // A publication with its address is one citation.
            if note.is_some() && TITLE.as_ref().is_some_and(|t| t.is_match(&body[content..a.max(content)])) {
                let title = body[content..a]
                    .trim()
                    .trim_end_matches([',', '.', ';', ':', '('])
                    .trim_end_matches("available at")
                    .trim_end_matches([',', ' ']);
                found = Some(c.add(key, clean(title), from + content, from + a + url.len(), note));
            } else {
                found = Some(c.add(key, url.to_owned(), from + a, from + a + url.len(), note));
            }
        }
        for re in [&SYMBOL, &COMMUNICATION, &NUMBERED] {
            for (a, b) in find_all(re, body) {
                let symbol = body[a..b].trim_end_matches(['.', ',', '(', ')', '-']);
                let has_digit = symbol.bytes().any(|x| x.is_ascii_digit());
                let (start, end) = (from + a, from + a + symbol.len());
                // “resolution 48/23 (A/HRC/RES/48/23)”: one document.
                let number = |k: &str| {
                    k.rsplit_once(' ').map_or_else(
                        || k.split_once("/res/").map(|(_, n)| n.to_owned()),
                        |(w, n)| w.contains("resolution").then(|| n.to_owned()),
                    )
                };
                let same = number(&symbol.to_lowercase()).and_then(|n| {
                    c.by_key.iter().find(|(k, i)| **i != usize::MAX && number(k).as_ref() == Some(&n)).map(|(_, &i)| i)
                });
                if let Some(i) = same {
                    c.taken.push((start, end));
                    c.out[i].reference =
                        if symbol.contains("/RES/") { symbol.to_owned() } else { c.out[i].reference.clone() };
                    found = Some(i);
                } else if has_digit && c.free(start, end) {
                    found = Some(c.add(symbol.to_lowercase(), symbol.to_owned(), start, end, note));
                }
            }
        }
        for article in articles(body) {
            let (start, end) = (from + article.start, from + article.end);
            if !c.free(start, end) {
                continue;
            }
            // “article 495” later in a text is the article of the Criminal Code told before.
            let law = article.law.clone().or_else(|| laws.get(&article.number).cloned());
            let key = match &law {
                Some(law) => format!("{}, article {}", law.to_lowercase(), article.number),
                None => format!("article {}", article.number),
            };
            if let Some(law) = &article.law {
                laws.insert(article.number.clone(), law.clone());
                // Told first without its law: the same article.
                if let Some(i) = c.by_key.remove(&format!("article {}", article.number)) {
                    c.out[i].reference = format!("{law}, article {}", article.number);
                    c.by_key.insert(key.clone(), i);
                }
            }
            let reference = match &law {
                Some(law) => format!("{law}, article {}", article.number),
                None => format!("article {}", article.number),
            };
            c.by_key.entry(law.unwrap_or_default().to_lowercase()).or_insert(usize::MAX);
            found = Some(c.add(key, reference, start, end, note));
        }
        for (sentence, list) in names.iter().filter(|(s, _)| s.paragraph == index) {
            for name in list.iter().filter(|n| n.kind == NameKind::Law) {
                let (a, b) = sentence.bytes(name.start, name.end);
                let title = text[a..b].split_whitespace().collect::<Vec<_>>().join(" ");
                let key = title.to_lowercase();
                let known = c.by_key.keys().any(|k| *k == key || (!k.is_empty() && key.ends_with(k.as_str())));
                if c.free(a, b) && !known && is_law(&title) {
                    found = Some(c.add(key, title, a, b, note));
                } else if known && c.by_key.get(&key).is_some_and(|&i| i != usize::MAX) {
                    found = c.by_key.get(&key).copied();
                }
            }
        }
        // A footnote with nothing but a title: the publication.
        if note.is_some() && c.out.len() == before && found.is_none() {
            let rest = body[content..].trim_end_matches(['.', ' ']);
            let publication = TITLE.as_ref().is_some_and(|t| t.is_match(rest))
                || (rest.contains(", ")
                    && rest.bytes().any(|b| b.is_ascii_digit())
                    && rest.split_whitespace().count() <= 40);
            if publication {
                found =
                    Some(c.add(rest.to_lowercase(), clean(rest), from + content, from + content + rest.len(), note));
            }
        }
        if note.is_some() && found.is_some_and(|i| i != usize::MAX) {
            last_note = found;
        }
    }
    c.out
}

fn clean(title: &str) -> String {
    title.replace(['“', '”', '"'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A law by its name: “Law on Political Parties”, “Trade Union Law”; not “Law” or “the Convention” alone.
fn is_law(title: &str) -> bool {
    const HEADS: [&str; 17] = [
        "Law",
        "Code",
        "Constitution",
        "Covenant",
        "Convention",
        "Declaration",
        "Act",
        "Decree",
        "Sub-Decree",
        "Prakas",
        "Treaty",
        "Statute",
        "Protocol",
        "Charter",
        "Regulation",
        "Agreements",
        "Accords",
    ];
    let words: Vec<&str> = title.split(' ').collect();
    let Some(at) = words.iter().position(|w| HEADS.contains(w)) else { return false };
    let last = at + 1 == words.len();
    let linked = words.get(at + 1).is_some_and(|w| matches!(*w, "on" | "of" | "against" | "for" | "relating"));
    (last && words.len() > 1) || linked
}
