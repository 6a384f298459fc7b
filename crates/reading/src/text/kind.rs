//! What a document is (vocabulary `document-kinds`): by what its lines look like, then by the cues of
//! `data/document.yaml`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, Role, is, pattern};
use crate::lexicon::Lexicon;

// “PHNOM PENH, Sept. 14, 2022 (Delta News Agency) —”
pattern!(AGENCY, r"^\p{Lu}{3}[\p{Lu} .’'/-]*(?:,\s+[\p{L}\d .,]{2,30})?\s*\(\p{Lu}[^()\d]{1,30}\)\s*(?:—|–|--?)\s");
// “PURSAT, June 3 –”, “AMSTERDAM/PHNOM PENH, May 2 —”, “MAE SOT, Thailand.”
pattern!(DATELINE, r"^\p{Lu}{3}[\p{Lu} .’'/-]*(?:,\s+[\p{L}\d .,]{2,34})?\s*(?:—|–|--?)\s*\S");
// “Cambodia 2021/22”, “State of Civic Space 2021: Cambodia”, “Human rights in Laos in 2020”
pattern!(COUNTRY_YEAR, r"^(?:\p{Lu}[\p{L}’'-]+\s+){1,3}(?:19|20)\d\d(?:/(?:\d\d){1,2})?$");
pattern!(
    STATE_OF,
    r"(?i)^(?:the\s+)?(?:state of|situation of|human rights in|country (?:report|profile|page|update|chapter)|freedom of .{3,30} in)\b.*\b(?:19|20)\d\d"
);
pattern!(
    PLACE_PERIOD,
    r"(?i)^\p{Lu}[\p{L}’' -]{2,30}: (?:(?:quarterly|half-year(?:ly)?|six-month(?:ly)?|yearly|annual|biannual|country|situation|human rights) (?:update|report|overview|review|brief|briefing|summary|situation)\b|(?:January|April|July|October)\s?[–-]\s?(?:March|June|September|December)\b)"
);
pattern!(SPOKEN, r"^(?:Q|A|Question|Answer|Interviewer|Interviewee|Respondent|Witness)\s*[.:–—]\s*\S");
pattern!(GREETED, r"^(?:Dear\b|Your Excellenc|Excellenc(?:y|ies),|To whom it may concern|Sirs?,|Madam,)");
pattern!(
    CLOSED,
    r"^(?:Yours\b|Sincerely|Respectfully|With (?:best|kind|warm|respect)|Faithfully|Best regards|Kind regards|In solidarity)"
);

/// “Cambodia 2021/22”
pub(super) fn country_and_year(line: &str) -> bool {
    is(&COUNTRY_YEAR, line)
}

/// Its kind; `None` rather than a guess.
pub(super) fn kind(reading: &Reading, lexicon: &Lexicon) -> Option<String> {
    let rows = reading.paragraphs.iter().filter(|p| p.role == Role::Row).count();
    let listed = reading.text.lines().filter(|l| l.matches(';').count() >= 3).count();
    let lines = reading.text.lines().filter(|l| !l.trim().is_empty()).count();
    if rows >= 3 && rows * 3 > reading.paragraphs.len() || listed >= 4 && listed * 2 > lines {
        return Some("dataset".to_owned());
    }
    // Menus above the document say nothing of it.
    let first = reading.paragraphs.iter().find(|p| p.role != Role::Boilerplate).map_or(0, |p| reading.byte(p.start));
    let body = reading.text.get(first..).unwrap_or_default();
    let cut = body.char_indices().nth(420).map_or(body.len(), |(i, _)| i);
    let title = reading.title.as_deref().unwrap_or_default();
    let head = format!("{title}\n{}", &body[..cut]).to_lowercase();
    let told = lexicon.kind_of(&head, &reading.text.to_lowercase());
    let shape = shape(reading, title, &head, told.as_deref());
    shape.map(str::to_owned).or(told)
}

/// What the lines show, where that says more than the words at the head.
fn shape(reading: &Reading, title: &str, head: &str, told: Option<&str>) -> Option<&'static str> {
    let lines = || reading.text.lines().map(str::trim).filter(|l| !l.is_empty());
    let among = |kinds: &[&str]| told.is_none_or(|k| kinds.contains(&k));
    if reading.text.contains("presents its compliments to") || reading.text.contains("present their compliments to") {
        return Some("letter");
    }
    // A release may open with a place in capitals too.
    let released = ["release", "geneva", "communiqué", "statement", "press note", "flash", "urgent"];
    let released = released.iter().any(|w| head.contains(w));
    if !released && lines().take(12).any(|l| is(&AGENCY, l)) {
        return Some("agency-report");
    }
    if is(&COUNTRY_YEAR, title) && among(&["news-report", "report", "statement"])
        || is(&STATE_OF, title) && among(&["news-report", "report", "statement", "country-report"])
    {
        return Some("country-report");
    }
    if lines().filter(|l| is(&SPOKEN, l)).count() >= 3
        && among(&["news-report", "statement", "report", "letter", "press-release"])
    {
        return Some("interview-record");
    }
    // “2 Mar. 2022 · Kristine Dahl · Labour Law Notes”
    let dotted = |l: &str| l.matches(" · ").count() >= 2 && !l.starts_with("By ") && l.chars().count() < 100;
    if lines().take(6).any(dotted) && among(&["news-report", "statement", "report"]) {
        return Some("blog-post");
    }
    // “Papua: quarterly update, January–March 2019”
    if is(&PLACE_PERIOD, title) && among(&["news-report", "report", "statement", "newsletter"]) {
        return Some("country-report");
    }
    // “A v. B”
    if title.contains(" v. ") && among(&["news-report", "statement", "report", "letter"]) {
        return Some("court-record");
    }
    let handle = |l: &str| l.split_whitespace().any(|w| w.len() > 4 && w.starts_with('@'));
    if lines().take(3).any(handle) && among(&["news-report", "statement", "report", "letter", "blog-post"]) {
        return Some("other");
    }
    let first = lines().next().unwrap_or_default().to_lowercase();
    if first.starts_with("minutes") && among(&["news-report", "statement", "report", "letter"]) {
        return Some("other");
    }
    if (first.starts_with("testimony") || first.starts_with("witness statement"))
        && among(&["news-report", "statement", "report", "letter"])
    {
        return Some("interview-record");
    }
    let greeted = lines().take(25).any(|l| l.chars().count() < 60 && is(&GREETED, l));
    let closed = lines().rev().take(20).any(|l| l.chars().count() < 60 && is(&CLOSED, l));
    if greeted
        && closed
        && among(&[
            "news-report",
            "statement",
            "report",
            "press-release",
            "opinion-piece",
            "joint-statement",
            "oral-statement",
        ])
    {
        return Some("letter");
    }
    if !released
        && lines().take(8).any(|l| is(&DATELINE, l) && l.chars().count() > 70)
        && among(&["statement", "report", "letter", "other", "newsletter"])
    {
        return Some("news-report");
    }
    None
}
