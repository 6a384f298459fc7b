//! Which line is the title.

use super::{Block, Role};
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
    // “Thread by @courtwatch_th, 14 Aug 2020”: what shows the thread has a heading of its own.
    let first = blocks.iter().position(|b| b.role != Role::Boilerplate);
    if let Some(first) = first {
        let line = text[blocks[first].start..blocks[first].end].to_lowercase();
        if line.starts_with("thread by ") || line.starts_with("thread from ") || line.starts_with("thread: ") {
            blocks[first].role = Role::Title;
            return Some((blocks[first].start, blocks[first].end));
        }
    }
    // A post or a thread has no title.
    let posted = |line: &str| {
        line.split_whitespace().any(|w| {
            let handle = w.trim_start_matches('(');
            handle.len() > 3 && handle.starts_with('@')
        })
    };
    if blocks.iter().filter(|b| b.role != Role::Boilerplate).take(3).any(|b| posted(&text[b.start..b.end])) {
        return None;
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
    // Of a letter the subject line tells more than the lines of its head.
    let greeted = blocks.iter().take(25).any(|b| {
        let line = &text[b.start..b.end];
        line.chars().count() < 60
            && (line.starts_with("Dear ") || line.starts_with("Your Excellenc") || line.starts_with("Excellenc"))
    });
    let headed = best.is_some_and(|(_, i)| {
        let line = &text[blocks[i].start..blocks[i].end];
        line.starts_with('[') || line.contains(": ")
    });
    if let Some(re) = re.filter(|_| greeted && !headed || best.is_none_or(|(s, _)| s < 9)) {
        return Some((re.start, re.end));
    }
    // “TESTIMONY”: better than nothing.
    let word = blocks.iter().take(3).position(|b| {
        let line = &text[b.start..b.end];
        b.role == Role::Heading
            && line.chars().count() >= 6
            && !line.chars().any(|c| c.is_lowercase() || c.is_ascii_digit())
    });
    let best = best.map(|(_, i)| i).or(word)?;
    let short = text[blocks[best].start..blocks[best].end].split_whitespace().count() < 25;
    if blocks[best].role != Role::Body || short {
        blocks[best].role = Role::Title;
    }
    Some((blocks[best].start, blocks[best].end))
}

/// The words of a line that are no part of its date.
fn beside_date(words: &[&str], lexicon: &Lexicon) -> usize {
    words
        .iter()
        .filter(|w| {
            let bare = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            !(bare.is_empty()
                || bare.starts_with(|c: char| c.is_ascii_digit())
                || lexicon.calendar.month(&bare).is_some()
                || lexicon.calendar.weekday(&bare).is_some()
                || matches!(bare.as_str(), "the" | "of" | "on" | "date" | "at"))
        })
        .count()
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
        score -= match beside_date(&words, lexicon) {
            0..=3 => 14,
            // “Monthly situation update: Uganda, September 2020”
            _ if line.contains(": ") => 1,
            _ => 9,
        };
    }
    // “Home > Countries > Cambodia”
    if [" > ", " » ", " › "].iter().any(|mark| line.contains(mark)) {
        score -= 14;
    }
    // ““They broke the camera first””
    if line.starts_with(['“', '"', '‘']) && line.ends_with(['”', '"', '’']) {
        score += if words.len() >= 3 && position <= 3 && !line.contains(". ") { 4 } else { -6 };
    }
    // A headline in running words, below a letterhead in capitals.
    if plain >= 2 {
        score += 2;
    }
    // “Journalists in prison: 32”, “KHLOK SARIN: My mother was born here!”: a figure, a speaker.
    if let Some((before, after)) = line.rsplit_once(':') {
        let figure = !after.trim().is_empty()
            && after.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | ' '));
        let quotes = after.trim_start().starts_with(['“', '"']) && position > 1;
        if figure || quotes || before.ends_with(')') && position > 1 {
            score -= 9;
        }
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
        "given to",
        "given at",
        "taken by",
        "taken on",
        "taken at",
        "dictated",
        "signed on",
        "sworn",
    ]
    .iter()
    .any(|p| lower.starts_with(p))
    {
        score -= 14;
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
    // “PERMANENT MISSION OF … TO THE UNITED NATIONS OFFICE AT GENEVA”
    let seat = [
        "permanent mission",
        "kingdom of",
        "republic of",
        "ministry of",
        "embassy of",
        "office of the",
        "government of",
    ];
    if shouted && seat.iter().any(|w| lower.starts_with(w)) && !line.contains(": ") {
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
        "urgent action",
        "urgent appeal",
        "action alert",
        "joint statement",
        "public statement",
        "press statement",
        "statement",
        "trial observation note",
        "interview record",
        "annual report",
        "newsletter",
        "monthly bulletin",
    ];
    let numbered = lower.contains(" no. ");
    // “CLEAR NET CAMBODIA – PRESS RELEASE”
    let labelled = kinds.iter().any(|k| lower.ends_with(k)) && shouted && words.len() <= 8;
    if (kinds.iter().any(|k| lower.starts_with(k)) && words.len() <= 8 && !lower.contains(" on ") || labelled)
        && !line.contains(": ")
        && !(lexicon.is_letterhead(line) && !labelled)
    {
        score -= if labelled { 12 } else { 6 };
    } else if numbered && lexicon.is_letterhead(line) {
        score += 3;
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
        "interviewee",
        "interviewer",
        "date and place",
        "court:",
        "judge:",
        "bench:",
        "observer:",
        "accused:",
        "country:",
        "location:",
        "hearing:",
        "source:",
        "chair:",
        "q:",
        "a:",
        "q.",
        "question:",
    ]
    .iter()
    .any(|p| lower.starts_with(p))
        && !(lower.starts_with("to ") && words.len() > 4 && position == 0)
    {
        score -= if line.starts_with('(') { 14 } else { 9 };
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
                | "monitors"
                | "defenders"
                | "lawyers"
                | "bureau"
                | "foundation"
                | "mission"
                | "chamber"
                | "tribunal"
                | "observers"
                | "movement"
                | "front"
                | "news"
                | "agency"
                | "wire"
                | "radio"
                | "archive"
                | "society"
                | "clinic"
                | "project"
                | "initiative"
                | "campaign"
                | "unit"
                | "secretariat"
                | "directorate"
                | "herald"
                | "tribune"
                | "journal"
                | "star"
                | "chronicle"
                | "bulletin"
                | "messenger"
                | "organisation"
                | "organization"
                | "international"
                | "ministry"
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
    // In a letterhead of a few words in capitals nothing is told: “JUSTICE MONITORS CAMBODIA”.
    let head = body && (!verbal || words.len() <= 6 && plain == 0);
    if head && !line.contains(':') && words.len() <= 14 {
        score -= if shouted { 8 } else { 6 };
    }
    if words.len() >= 4 {
        score += 3;
    }
    if words.len() >= 4 && (verbal || line.contains(':')) {
        score += 2;
    }
    // “FARIDAH BINTI SALLEH v. PUBLIC PROSECUTOR”; “IN THE HIGH COURT OF …” is no title.
    if [" v. ", " V. ", " vs. ", " VS. ", " v ", " versus "].iter().any(|v| line.contains(v)) && words.len() <= 14 {
        score += 9;
    }
    if lower.starts_with("in the ") && body {
        score -= 8;
    }
    // “CIVIC SPACE BULLETIN – No. 31 – June 2023”: an issue of a periodical is called by its number.
    let periodical = ["bulletin", "newsletter", "digest", "monthly", "weekly", "monitor", "update"];
    if position == 0 && numbered && periodical.iter().any(|w| lower.contains(w)) && words.len() >= 5 {
        score += 12;
    }
    // “Lord Ashdale asked the Government what …. [HL3911]”
    if line.ends_with(']') && !line.starts_with('[') || words.len() > 8 && words.contains(&"asked") {
        score -= 9;
    }
    // “We therefore call on:”
    if line.ends_with(':') {
        score -= 20;
    }
    // “UA 17/2021”, “5/9”
    if words.len() == 1
        || words.len() <= 3 && line.chars().any(|c| c.is_ascii_digit()) && !super::kind::country_and_year(line)
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
