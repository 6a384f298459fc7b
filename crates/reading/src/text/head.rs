//! What a document says of itself: its title, its date line, its kind.

use schema::Date;

use super::{Block, Reading, Role};
use crate::dates::Calendar;
use crate::lexicon::{Flags, Lexicon};

/// The line above that ends in what a letter's “RE:” says.
fn heading_of_letter(text: &str, blocks: &[Block]) -> Option<usize> {
    let line = |b: &Block| text.get(b.start..b.end).unwrap_or_default();
    let (at, subject) = blocks.iter().enumerate().take(60).find_map(|(i, b)| {
        let rest = ["RE:", "Re:", "Subject:"].iter().find_map(|p| line(b).strip_prefix(p))?.trim();
        (rest.len() > 24).then_some((i, rest))
    })?;
    blocks.iter().take(at).rposition(|b| line(b).trim().ends_with(subject))
}

/// The heading that is most like a title: of those above the text, the first that is no letterhead, no date
/// line and no address; of a message or letter, its subject.
pub(super) fn title(text: &str, blocks: &mut [Block], lexicon: &Lexicon) -> Option<(usize, usize)> {
    let head = blocks
        .iter()
        .position(|b| b.role == Role::Body && b.end - b.start > 200)
        .unwrap_or(blocks.len())
        .max(1)
        .min(blocks.len());
    let subject = blocks.iter().take(14).find_map(|b| {
        let line = &text[b.start..b.end];
        let rest = ["Subject:", "SUBJECT:", "Title:"].iter().find_map(|p| line.strip_prefix(p))?.trim();
        (!rest.is_empty()).then_some((b.end - rest.len(), b.end))
    });
    if subject.is_some() {
        return subject;
    }
    // A letter says under “RE:” what the page that shows it has as its heading.
    if let Some(heading) = heading_of_letter(text, blocks) {
        blocks[heading].role = Role::Title;
        return Some((blocks[heading].start, blocks[heading].end));
    }
    let re = blocks.iter().take(14).find(|b| {
        let line = &text[b.start..b.end];
        (line.starts_with("Re:") || line.starts_with("RE:")) && line.len() > 12
    });
    let mut best: Option<(i32, usize)> = None;
    for (i, block) in blocks.iter().enumerate().take(head) {
        let line = &text[block.start..block.end];
        let may = matches!(block.role, Role::Heading | Role::Item)
            || (i == 0 && block.role == Role::Body && !line.ends_with('.'))
            || block.role == Role::Body && line.split_whitespace().count() <= 25 && !line.ends_with('.');
        let numbered = block.role == Role::Item && (line.starts_with(['–', '-', '•', '*', '(', '>']) || i > 3);
        if !may || block.role == Role::Boilerplate || numbered {
            continue;
        }
        let above = blocks[..i].iter().filter(|b| b.role != Role::Boilerplate).count();
        let score = likeness(line, above, lexicon);
        if score > 0 && best.is_none_or(|(s, _)| score > s) {
            best = Some((score, i));
        }
    }
    if let Some(re) = re.filter(|_| best.is_none_or(|(s, _)| s < 9)) {
        return Some((re.start, re.end));
    }
    let (_, best) = best?;
    let short = text[blocks[best].start..blocks[best].end].split_whitespace().count() < 25;
    if blocks[best].role != Role::Body || short {
        blocks[best].role = Role::Title;
    }
    Some((blocks[best].start, blocks[best].end))
}

/// How like a title a line is; positive if it may be one.
fn likeness(line: &str, position: usize, lexicon: &Lexicon) -> i32 {
    let words: Vec<&str> = line.split_whitespace().collect();
    let lower = line.to_lowercase();
    let position = i32::try_from(position).unwrap_or(20);
    let mut score = 8 - position.min(7);
    let dated = lexicon.calendar.absolute(line).is_some() || lexicon.calendar.without_year(line).is_some();
    // “Observations on the statement of 16 November” has more to it than a date line.
    let plain = words.iter().filter(|w| w.len() > 2 && w.chars().all(char::is_lowercase)).count();
    if dated && words.len() <= 9 && plain < 2 {
        score -= 9;
    }
    if [
        "recorded",
        "sent on",
        "issued",
        "published",
        "posted",
        "delivered",
        "compiled",
        "drawn up",
        "last updated",
        "as at",
        "as of",
        "accused no",
    ]
    .iter()
    .any(|p| lower.starts_with(p))
    {
        score -= 9;
    }
    // “[Joint Open Letter] Cambodia: the Council should …”
    if line.starts_with('[') && words.len() >= 6 {
        score += 6;
    }
    let shouted = !line.chars().any(char::is_lowercase) && words.len() >= 2;
    if shouted && !dated {
        score += 3;
    }
    if lexicon.is_letterhead(line) && !line.contains(": ") && plain < 3 {
        score -= 8;
    }
    let kinds = [
        "press release",
        "for immediate",
        "open letter",
        "joint open letter",
        "joint letter",
        "media release",
        "flash",
        "press note",
        "news release",
        "not for publication",
        "confidential",
        "embargo",
    ];
    if kinds.iter().any(|k| lower.starts_with(k)) && words.len() <= 8 && !line.contains(": ") && !lower.contains(" on ")
    {
        score -= 8;
    }
    if [
        "to ",
        "to:",
        "dear ",
        "your excellenc",
        "excellenc",
        "case:",
        "from:",
        "index",
        "ref",
        "no. ",
        "for the attention",
        "attn",
        "(",
        "present:",
        "apologies:",
    ]
    .iter()
    .any(|p| lower.starts_with(p))
        && !(lower.starts_with("to ") && words.len() > 4 && position == 0)
    {
        score -= 9;
    }
    // A body's own name above the text: no verb, a head such as “Federation” in it.
    let body = words.iter().enumerate().any(|(k, w)| {
        let next = words.get(k + 1).map_or("", |n| n.trim_matches(|c: char| !c.is_alphanumeric()));
        let last = next.is_empty()
            || matches!(next, "of" | "OF" | "on" | "ON" | "for" | "FOR" | "and" | "AND" | "No" | "to" | "TO" | "in")
            || w.ends_with(',')
            || lexicon.is_place(&next.to_lowercase())
            || next.chars().all(|c| c.is_ascii_digit())
            || next.starts_with("PRESS");
        let bare = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        last && matches!(
            bare.as_str(),
            "federation"
                | "ministry"
                | "mission"
                | "commissariat"
                | "league"
                | "coalition"
                | "union"
                | "network"
                | "committee"
                | "council"
                | "court"
                | "monitor"
                | "watch"
                | "centre"
                | "center"
                | "group"
                | "gazette"
                | "observatory"
                | "house"
                | "association"
                | "alliance"
                | "forum"
                | "institute"
                | "commission"
                | "office"
                | "desk"
                | "channel"
                | "circle"
                | "digest"
                | "courier"
                | "review"
                | "times"
                | "post"
                | "weekly"
                | "daily"
                | "cambodia"
                | "representatives"
                | "parliament"
                | "police"
                | "senate"
                | "assembly"
        )
    });
    let verbal = words.iter().any(|w| {
        let flags = lexicon.flags(&w.to_lowercase());
        flags.any(Flags::TRIGGER.with(Flags::BE).with(Flags::SPEECH).with(Flags::MODAL).with(Flags::DO))
    });
    if body && !verbal && !line.contains(':') && words.len() <= 14 {
        score -= if shouted { 8 } else { 6 };
    }
    if words.len() >= 4 {
        score += 3;
    }
    if words.len() >= 4 && (verbal || line.contains(':')) {
        score += 2;
    }
    // “UA 17/2021”, “5/9”
    if words.len() == 1
        || words.len() <= 3 && line.chars().any(|c| c.is_ascii_digit())
        || line.starts_with(|c: char| c.is_ascii_digit()) && line.contains('/')
    {
        score -= 8;
    }
    if line.contains(" | ")
        || line.contains(" / ")
        || line.contains("http")
        || line.contains('@')
        || line.matches("  ").count() >= 2
    {
        score -= 7;
    }
    score
}

pub(super) fn clean(line: &str) -> String {
    line.trim_start_matches(['#', '*', ' ']).trim_end_matches(['*', ' ']).to_owned()
}

/// The day on which it says that it was made: a line that says so, the first full date in the matter above the
/// text, or its date line; else a date alone at the foot.
pub(super) fn published(text: &str, blocks: &[Block], calendar: &Calendar) -> Option<Date> {
    let real: Vec<&Block> = blocks.iter().filter(|b| b.role != Role::Boilerplate).collect();
    // “Sent on Monday, 14 October 2024”, “Issued June 2022”, “As at 30 November 2022”
    const SAYS: [&str; 20] = [
        "sent on",
        "sent ",
        "sent:",
        "published",
        "posted",
        "issued",
        "released on",
        "date:",
        "dated",
        "last updated",
        "delivered",
        "recorded on",
        "broadcast",
        "as at",
        "as of",
        "interview recorded",
        "drawn up",
        "submitted on",
        "updated",
        "adopted on",
    ];
    for block in real.iter().take(12) {
        let line = &text[block.start..block.end];
        let lower = line.to_lowercase();
        if block.role == Role::Item {
            continue;
        }
        if let Some(cue) = SAYS.iter().find(|c| {
            lower.starts_with(**c)
                || lower.contains(&format!(", {c}"))
                || lower.contains(&format!(" {c} ")) && block.role != Role::Body
        }) {
            let at = lower.find(cue).unwrap_or(0);
            let cut = line.get(at..).map_or(line, |rest| rest.char_indices().nth(70).map_or(rest, |(k, _)| &rest[..k]));
            if let Some(date) = calendar.absolute(cut) {
                return Some(date);
            }
        }
        if block.role == Role::Body && line.chars().count() > 300 {
            break;
        }
    }
    let mut month = None;
    for (i, block) in real.iter().take(14).enumerate() {
        let line = &text[block.start..block.end];
        let short = line.chars().count() <= 130;
        // In running text only the date line counts: the words before the first dash or bracket.
        let head: &str = if short && block.role != Role::Body {
            line
        } else {
            let cut = line.char_indices().nth(80).map_or(line.len(), |(k, _)| k);
            let head = &line[..cut];
            match head
                .find(['—', '–'])
                .or_else(|| head.find("--"))
                .or_else(|| head.find(") "))
                .or_else(|| head.find(" - "))
            {
                Some(k) => &head[..k],
                None if i < 6 && line.chars().count() <= 80 => line,
                None => continue,
            }
        };
        if let Some(date) = calendar.absolute(head) {
            if date.canonical().len() >= 10 {
                return Some(date);
            }
            month = month.or(Some(date));
        } else if let Some(date) = calendar.without_year(head)
            && let Some(year) = calendar.likely_year(text, &date)
        {
            month = month.or_else(|| Date::parse(&format!("{year}-{date}")).ok());
        }
        if block.role == Role::Body && line.chars().count() > 300 {
            break;
        }
    }
    if month.is_some() {
        return month;
    }
    real.iter().rev().take(6).find_map(|block| {
        let line = &text[block.start..block.end];
        (line.chars().count() <= 90).then(|| calendar.absolute(line)).flatten().filter(|d| d.canonical().len() >= 7)
    })
}

/// By the cues of `data/document.yaml`: the first kind whose cue occurs where it says.
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
    lexicon.kind_of(&format!("{title}\n{}", &body[..cut]).to_lowercase(), &reading.text.to_lowercase())
}
