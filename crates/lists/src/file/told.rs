//! What a file's first bytes and headings tell.

use std::collections::HashMap;
use std::io::{self, Read};

use schema::fold;
use sha2::{Digest, Sha256};

use super::MadeBy;
use crate::encoding::read_some;

/// Headings made unambiguous, and what is to be said of that.
pub fn headings(cells: &[String]) -> (Vec<String>, Vec<String>) {
    let width = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut told = Vec::new();
    let headers = cells[..width].iter().enumerate().map(|(at, cell)| {
        let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name.trim_start_matches('\u{FEFF}').to_owned();
        if name.is_empty() {
            told.push(format!("column {} has no heading: it is called “(column {})” here", at + 1, at + 1));
            return format!("(column {})", at + 1);
        }
        let count = seen.entry(fold(&name)).or_default();
        *count += 1;
        if *count == 1 {
            return name;
        }
        let second = format!("{name} ({count})");
        told.push(format!("two columns are headed “{name}”: the one in column {} is called “{second}” here", at + 1));
        second
    });
    let headers: Vec<String> = headers.collect();
    (headers, told)
}

pub fn made_by(headers: &[String]) -> MadeBy {
    let has = |name: &str| headers.iter().any(|header| header.eq_ignore_ascii_case(name));
    if has("_uuid") || has("_submission__uuid") || (has("_index") && has("_parent_index")) {
        MadeBy::Kobo
    } else if has("KEY") && (has("SubmissionDate") || has("PARENT_KEY") || has("instanceID") || has("meta-instanceID"))
    {
        MadeBy::Odk
    } else if (has("Title") || headers.iter().any(|header| header.to_ascii_lowercase().starts_with("title__")))
        && has("Template")
        && ["Date added", "Creation date", "Published", "Language", "id", "sharedId"].iter().any(|name| has(name))
    {
        MadeBy::Uwazi
    } else {
        MadeBy::Unknown
    }
}

pub fn hashed(mut from: Box<dyn Read>) -> io::Result<([u8; 32], u64, Vec<u8>)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut head = Vec::new();
    let mut piece = vec![0; 64 << 10];
    loop {
        let count = read_some(&mut from, &mut piece)?;
        if count == 0 {
            return Ok((hash.finalize().into(), size, head));
        }
        hash.update(&piece[..count]);
        size += count as u64;
        if head.len() < 1024 {
            head.extend_from_slice(&piece[..count.min(1024)]);
        }
    }
}

pub fn looks_like_json(head: &[u8], mark: usize) -> bool {
    let text = String::from_utf8_lossy(head.get(mark..).unwrap_or_default());
    let text = text.trim_start();
    text.starts_with('{') && (text[1..].trim_start().starts_with('"') || text[1..].trim_start().starts_with('}'))
        || text.starts_with("[{")
        || text.starts_with("[\n")
}

/// Kinds of files that are sent by mistake.
pub fn foreign(head: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 7] = [
        (b"%PDF", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"{\\rtf", "a letter (RTF)"),
        (b"\x1F\x8B", "a packed file (gzip); unpack it"),
        (b"SQLite format 3", "a database"),
        (b"<", "HTML or XML"),
    ];
    starts.into_iter().find(|(start, _)| head.starts_with(start)).map(|(_, kind)| kind)
}
