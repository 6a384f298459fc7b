//! Articles and sections of laws: “articles 494 and 495 of the Criminal Code”, “Land Law, article 30”.

use regex::Regex;
use std::sync::LazyLock;

use super::laws;
use crate::text::pattern;

pattern!(
    ARTICLES,
    r"(?i)\b(articles?|arts?\.|art|sections?|secs?\.|s\.|ss\.|rules?|§§?)\s*((?:[0-9]+(?:-[0-9]\b)?[a-e]?\b(?:[ -]?(?:bis|ter|quater|new)\b)?(?:\s?\([0-9a-z]{1,3}\))*)(?:(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s*&\s*|\s+or\s+|\s*[–-]\s*|\s+to\s+)(?:articles?\s+|arts?\.\s*|sections?\s+)?[0-9]+(?:-[0-9]\b)?[a-e]?\b(?:[ -]?(?:bis|ter|quater|new)\b)?(?:\s?\([0-9a-z]{1,3}\))*)*)"
);
pattern!(NUMBER, r"(?i)[0-9]+(?:-[0-9]\b)?[a-e]?\b(?:[ -]?(?:bis|ter|quater|new)\b)?(?:\s?\([0-9a-z]{1,3}\))*");
pattern!(
    OF,
    r"^\s*(?:,\s*)?(?:\([^)]{3,60}\)\s*)?(?:of|in|under)\s+(?:the\s+|its\s+|that\s+|this\s+|our\s+)?(?:(?:country|kingdom)(?:'s|’s)\s+)?(?:same\s+|new\s+|old\s+|revised\s+|amended\s+|[0-9]{4}\s+)*"
);
pattern!(
    PLAIN,
    r"^(?:[A-Z][a-z]+(?:'s|’s)?\s+)?((?:[a-z-]+\s+){0,2}(?:code|law|constitution|act|Constitution)|ICCPR|ICESCR|CEDAW|UDHR|ECHR|LANGO|CRC|UNCAT|CAT|ACHR|ICERD)\b"
);
pattern!(BARE, r"^(Code|Law|Constitution|Covenant|Convention|Declaration|Act|Decree|Charter|Protocol|Statute)\b");

/// An article in a text, in bytes of it.
#[derive(Debug, Clone)]
pub(crate) struct Article {
    pub number: String,
    pub law: Option<String>,
    /// Whether the law was only named somewhere before.
    pub guessed: bool,
    /// “section” or “article”, as the text says.
    pub word: &'static str,
    pub start: usize,
    pub end: usize,
}

/// The articles of a text. `last` is the law that was named last before it.
pub(crate) fn find(text: &str, named: &[laws::Named], last: Option<&laws::Named>) -> Vec<Article> {
    let mut out = Vec::new();
    let (Some(re), Some(number)) = (ARTICLES.as_ref(), NUMBER.as_ref()) else { return out };
    // “the Criminal Code, especially article 305 on defamation, article 453 on plotting”: one law for all.
    let mut shared: Option<(usize, String)> = None;
    for found in re.captures_iter(text) {
        let (Some(whole), Some(word), Some(list)) = (found.get(0), found.get(1), found.get(2)) else { continue };
        let lower = word.as_str().to_lowercase();
        let section = lower.starts_with('s') || lower.starts_with('§');
        let rule = lower.starts_with("rule");
        // “ARTICLE 19” is an organisation.
        if text[whole.start()..].starts_with("ARTICLE 19") && !text[..whole.start()].ends_with("under ") {
            continue;
        }
        let law = law_after(text, whole.end(), named, last).or_else(|| law_before(text, whole.start(), named));
        let rest = text[whole.end()..].trim_start().to_lowercase();
        let here = ["of this", "above", "below", "of the report", "of our", "of the annex"]
            .iter()
            .any(|w| rest.starts_with(w));
        let led = {
            let before = text[..whole.start()].trim_end().to_lowercase();
            ["under", "with", "of", "by", "violating", "to", "in", "against", "and", "or", "the", "from", "infamous"]
                .iter()
                .any(|w| before.ends_with(&format!(" {w}")))
        };
        let before = law.as_ref().filter(|l| l.start.is_some()).map(|l| l.law.clone());
        let law = law.or_else(|| {
            let (end, law) = shared.as_ref()?;
            let between = text.get(*end..whole.start())?;
            (!between.contains(['.', ';']) && between.len() <= 90).then(|| Of {
                law: law.clone(),
                start: None,
                end: None,
            })
        });
        let goes_on = before.or_else(|| law.as_ref().filter(|l| l.end.is_none()).map(|l| l.law.clone()));
        shared = goes_on.map(|l| (whole.end(), l));
        let guessed = law.is_none();
        let before = named.iter().rev().find(|l| l.end <= whole.start()).or(last);
        let law = law.or_else(|| {
            before.filter(|_| section && !here).map(|l| Of { law: l.name.clone(), start: None, end: None })
        });
        if here || (rule || lower == "s." || lower == "ss.") && law.is_none() || section && law.is_none() && !led {
            continue;
        }
        // “under Article 305 and 40 million riel”: the second is no article.
        let counted = |end: usize| {
            let rest = text[end..].trim_start();
            [
                "million",
                "thousand",
                "riel",
                "dollar",
                "year",
                "month",
                "day",
                "week",
                "people",
                "persons",
                "other",
                "others",
                "January",
                "February",
                "March",
                "April",
                "May ",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
                "workers",
                "activists",
                "members",
                "per cent",
                "%",
                "hours",
            ]
            .iter()
            .any(|w| rest.starts_with(w))
        };
        let numbers: Vec<(usize, usize)> = number
            .find_iter(list.as_str())
            .map(|m| (list.start() + m.start(), list.start() + m.end()))
            .enumerate()
            .take_while(|(i, (_, end))| *i == 0 || !counted(*end))
            .map(|(_, m)| m)
            .collect();
        for (i, &(a, b)) in numbers.iter().enumerate() {
            let start = if i == 0 { law.as_ref().and_then(|l| l.start).unwrap_or(whole.start()) } else { a };
            let end = law.as_ref().and_then(|l| l.end).filter(|_| i + 1 == numbers.len()).unwrap_or(b);
            out.push(Article {
                number: text[a..b].split_whitespace().collect::<Vec<_>>().join(" "),
                law: law.as_ref().map(|l| title_case(&l.law)),
                guessed,
                word: if section { "section" } else { "article" },
                start,
                end: end.max(b),
            });
        }
    }
    out
}

struct Of {
    law: String,
    /// Where the law's name begins, if before the article; where it ends, if behind it.
    start: Option<usize>,
    end: Option<usize>,
}

/// “… of the Criminal Code”, “… of that Act”
fn law_after(text: &str, end: usize, named: &[laws::Named], last: Option<&laws::Named>) -> Option<Of> {
    let of = OF.as_ref()?.find(&text[end..])?;
    let at = end + of.end();
    if let Some(l) = named.iter().find(|l| {
        l.start >= at
            && l.start <= at + 34
            && text[at..l.start].split_whitespace().count() <= 2
            && !text[at..l.start].contains([',', '.', ';'])
    }) {
        return Some(Of { law: l.name.clone(), start: None, end: Some(l.end) });
    }
    if let Some(m) = BARE.as_ref()?.find(&text[at..]) {
        let head = m.as_str().to_lowercase();
        // “25 of the Act”: the one that was named before.
        let before =
            named.iter().rev().find(|l| l.end <= end && l.head == head).or_else(|| last.filter(|l| l.head == head));
        let law = before.map_or_else(|| m.as_str().to_owned(), |l| l.name.clone());
        return Some(Of { law, start: None, end: Some(at + m.end()) });
    }
    let m = PLAIN.as_ref()?.captures(&text[at..])?.get(1)?;
    Some(Of { law: m.as_str().to_owned(), start: None, end: Some(at + m.end()) })
}

/// “Law on Trade Unions (article 12)”, “Land Law, article 30”
fn law_before(text: &str, start: usize, named: &[laws::Named]) -> Option<Of> {
    let l = named.iter().rev().find(|l| l.end <= start && start - l.end <= 24)?;
    let between = text[l.end..start].trim().trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let linked = matches!(
        between,
        "," | "("
            | ", in"
            | ", under"
            | "’s"
            | "'s"
            | "in"
            | ", in its"
            | ", its"
            | ""
            | "and its"
            | "in its"
            | ", especially"
            | ", notably"
            | ", particularly"
            | ", in particular"
            | ", including"
            | ", namely"
            | ":"
    );
    linked.then(|| Of { law: l.name.clone(), start: Some(l.start), end: None })
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
