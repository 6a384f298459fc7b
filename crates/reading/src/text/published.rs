//! The day on which a document says that it was made.

use schema::Date;

use super::{Block, Role};
use crate::dates::Calendar;

/// The day on which it says that it was made: a line that says so, the first full date in the matter above the
/// text, or its date line; else a date alone at the foot.
pub(super) fn published(text: &str, blocks: &[Block], calendar: &Calendar) -> Option<Date> {
    let real: Vec<&Block> = blocks.iter().filter(|b| b.role != Role::Boilerplate).collect();
    // “Sent on Monday, 14 October 2024”, “Issued June 2022”, “As at 30 November 2022”
    const SAYS: [&str; 25] = [
        "date of this",
        "date of issue",
        "date of report",
        "position as at",
        "situation as at",
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
        let line = text[block.start..block.end].trim_start_matches(['(', '[', '*', '_']);
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
    let entry = |b: &Block| super::is(&super::ENTRY, &text[b.start..b.end]) && b.end - b.start > 44;
    let chronology = real.iter().filter(|b| entry(b)).count() >= 3;
    let mut month = None;
    for (i, block) in real.iter().take(14).enumerate() {
        let line = &text[block.start..block.end];
        // “11 Jan. 2021 – Police arrest …”: an entry of a chronology.
        if chronology && entry(block) {
            continue;
        }
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
    real.iter().rev().take(6).filter(|b| !(chronology && entry(b))).find_map(|block| {
        let line = &text[block.start..block.end];
        (line.chars().count() <= 90).then(|| calendar.absolute(line)).flatten().filter(|d| d.canonical().len() >= 7)
    })
}
