//! Reports, studies and articles that a text names, and the footnotes that cite them.

use std::sync::LazyLock;

use regex::Regex;

use super::Collector;
use crate::text::pattern;

pattern!(TITLE, r#"[“"][^”"]{6,}[”"]|‘[^’]{10,}’"#);
pattern!(
    PUBLICATION,
    r#"\b(?:[Rr]eport|[Ss]tudy|[Ss]urvey|[Bb]riefing|[Pp]aper|[Pp]ublication|[Bb]ook|[Ii]nvestigation|[Hh]andbook|[Mm]anual|[Tt]oolkit|[Aa]nalysis|[Dd]ossier|article)\s*,?\s+(?:entitled\s+|titled\s+|called\s+)?(?:([“"‘]\p{Lu}[^”"’]{5,}[”"’])|(\p{Lu}[\p{L}’'-]+(?:\s+(?:(?:and|of|the|in|on|for|to|a|by|from|without|with|at|under)\s+)*\p{Lu}[\p{L}’'-]+)+)\s+(?:is|was|are|\(|can|found|says|,))"#
);

/// “the report “Title””, “the report Stethoscopes and Sedition is at …”
pub(super) fn publications(c: &mut Collector<'_>, body: &str, from: usize) {
    for found in PUBLICATION.as_ref().into_iter().flat_map(|re| re.captures_iter(body)) {
        let Some(m) = found.get(1).or_else(|| found.get(2)) else { continue };
        // “the online paper Tonle Voice was taken offline”: an outlet.
        let outlet =
            found.get(2).is_some() && found.get(0).is_some_and(|w| w.as_str().to_lowercase().starts_with("paper"));
        if outlet {
            continue;
        }
        // “article “Title””, but “report says “…””: the title begins with capitals throughout.
        let title = m.as_str().trim_matches(['“', '”', '"', '‘', '’', ',', '.']);
        let plain = title
            .split_whitespace()
            .filter(|w| w.chars().next().is_some_and(char::is_lowercase) && w.len() > 4)
            .count();
        let start = from + m.start() + m.as_str().find(title).unwrap_or(0);
        if plain <= 1
            && title.split_whitespace().count() >= 2
            && !title.ends_with('?')
            && c.free(start, start + title.len())
        {
            c.add(&title.to_lowercase(), clean(title), start, start + title.len(), None);
        }
    }
}

/// A footnote with nothing but a title: the publication.
pub(super) fn publication(c: &mut Collector<'_>, body: &str, from: usize, note: Option<u64>, content: usize) {
    let rest = body[content..].trim_end_matches(['.', ' ']);
    let lead = ["See ", "see ", "Cf. ", "See also ", "See, for example, ", "See e.g. "]
        .iter()
        .filter(|w| rest.starts_with(**w))
        .map(|w| w.len())
        .max()
        .unwrap_or(0);
    let rest = &rest[lead..];
    if publishes(rest) {
        let at = from + content + lead;
        c.add(&rest.to_lowercase(), clean(rest), at, at + rest.len(), note);
    }
}

/// Whether a footnote's words cite something: a title in quotation marks, or parts with a year.
pub(super) fn publishes(rest: &str) -> bool {
    const TELLS: [&str; 24] = [
        "Interview",
        "Conversation",
        "Telephone",
        "Phone",
        "E-mail",
        "Email",
        "Name ",
        "Names ",
        "Not ",
        "This ",
        "The names",
        "He ",
        "She ",
        "They ",
        "We ",
        "Our ",
        "Information from",
        "Confidential",
        "On file",
        "According to",
        "Figures ",
        "All ",
        "One ",
        "It ",
    ];
    let words = rest.split_whitespace().count();
    if TELLS.iter().any(|t| rest.starts_with(t)) {
        return false;
    }
    let digits = rest.bytes().filter(u8::is_ascii_digit).count() >= 2;
    let verb = [" is ", " are ", " was ", " were ", " has ", " have ", " had ", " said ", " told "]
        .iter()
        .any(|v| rest.contains(v));
    TITLE.as_ref().is_some_and(|t| t.is_match(rest)) || rest.contains(", ") && digits && words <= 40 && !verb
}

pub(super) fn clean(title: &str) -> String {
    title.replace(['“', '”', '"'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// “Sources: interviews; Khmer Legal Observatory, “Behind the Gate” (2022)”
pub(super) fn sources(c: &mut Collector<'_>, body: &str, from: usize) {
    let lower = body.to_lowercase();
    let Some(lead) = ["sources:", "source:", "references:"].iter().find(|l| lower.starts_with(**l)) else { return };
    let mut at = lead.len();
    for piece in body[lead.len()..].split(';') {
        let words = piece.trim().trim_end_matches('.');
        let start = from + at + piece.find(words).unwrap_or(0);
        at += piece.len() + 1;
        let titled = TITLE.as_ref().is_some_and(|t| t.is_match(words));
        if titled && publishes(words) && !words.contains("http") && c.free(start, start + words.len()) {
            c.add(&words.to_lowercase(), clean(words), start, start + words.len(), None);
        }
    }
}
