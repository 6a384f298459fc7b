//! DOCX, XLSX and PPTX (ECMA-376): properties, comments with their authors, tracked changes, revision numbers, paths on the
//! author's computer, printers, thumbnails, and what the pictures inside say.
//!
//! What was deleted, and what somebody remarked on the side, is no content: a copy for publication is the document as it would
//! be with all changes accepted and all comments taken out.

mod changes;
mod parts;

use parts::Parts;
use std::collections::HashSet;

use super::xml::{Act, Element, edit, leaves, local};
use super::{Fields, clean as clean_file, format, limits};
use crate::Error;
use crate::archive::{Entry, unzip, zip};

const WHAT: &str = "Office document";
const NOBODY: &str = "Author";
const NO_TIME: &str = "2000-01-01T00:00:00Z";
const CORE: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#;
const APP: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#;

pub(super) fn clean(bytes: &[u8], found: &mut Fields, depth: u8) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let entries = unzip(bytes, WHAT, &limits(), |_| true)?;
    let parts = Parts::survey(&entries);
    for mut entry in entries {
        if parts.goes(&entry.name) {
            found.lump("office", format!("part {}", entry.name), &entry.bytes);
            // Who wrote the comments is told, though they go; what cannot be read goes unread.
            if entry.name.to_ascii_lowercase().ends_with(".xml") {
                let _ = part(&entry, &Parts::default(), found, 0);
            }
            continue;
        }
        entry.bytes = part(&entry, &parts, found, depth)?;
        out.push(entry);
    }
    zip(&out, WHAT)
}

/// One pass over one part.
struct Pass<'a> {
    /// In small letters.
    part: &'a str,
    parts: &'a Parts,
    /// Elements that go because of what stands in them, by where they begin.
    gone: HashSet<u64>,
    revisions: usize,
    changes: changes::Found,
}

fn part(entry: &Entry, parts: &Parts, found: &mut Fields, depth: u8) -> Result<Vec<u8>, Error> {
    let name = entry.name.to_ascii_lowercase();
    let broken = |problem: String| Error::broken(WHAT, entry.name.clone(), problem);
    let properties = match name.as_str() {
        "docprops/core.xml" => Some(CORE),
        "docprops/app.xml" | "docprops/custom.xml" => Some(APP),
        _ => None,
    };
    if let Some(empty) = properties {
        leaves(&entry.bytes, &mut |key, value| found.personal("office", key, value)).map_err(broken)?;
        return Ok(empty.to_vec());
    }
    if name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml") {
        let gone =
            if name.ends_with(".vml") { changes::notes(&entry.bytes) } else { changes::deleted_rows(&entry.bytes) };
        let mut pass = Pass { part: &name, parts, gone, revisions: 0, changes: changes::Found::default() };
        let collected = std::cell::RefCell::new(&mut *found);
        let edited = edit(
            &entry.bytes,
            &mut |element| {
                visit(element, &mut pass, &mut |key, value| collected.borrow_mut().personal("office", key, value))
            },
            &mut |element, text| {
                // The words of a deletion are the file's secret, not what it says of itself: they are counted.
                if !matches!(element, "del" | "moveFrom" | "delText" | "delInstrText" | "tr" | "tc" | "shape")
                    && !text.trim().is_empty()
                    && text.trim() != NOBODY
                {
                    collected.borrow_mut().personal("office", element, text.trim());
                }
            },
        );
        if pass.revisions > 0 {
            found.personal("office", format!("revision numbers in {}", entry.name), pass.revisions.to_string());
        }
        for (what, count) in pass.changes.told() {
            found.personal("office", format!("{what} in {}", entry.name), count.to_string());
        }
        // VML was made before XML was strict.
        return match edited {
            Err(_) if name.ends_with(".vml") => Ok(entry.bytes.clone()),
            edited => edited.map_err(broken),
        };
    }
    inside(entry, found, depth)
}

/// Pictures, and documents in documents.
pub(super) fn inside(entry: &Entry, found: &mut Fields, depth: u8) -> Result<Vec<u8>, Error> {
    use super::Format;
    match format(&entry.bytes) {
        Some(Format::Jpeg | Format::Png | Format::Webp | Format::Tiff | Format::Pdf) if depth > 0 => {
            clean_file(&entry.bytes, found, depth - 1)
        }
        Some(Format::Ooxml | Format::Odf) if depth > 0 => clean_file(&entry.bytes, found, depth - 1),
        Some(Format::Gif) => Ok(entry.bytes.clone()),
        None if !entry.name.to_ascii_lowercase().ends_with(".bin") => Ok(entry.bytes.clone()),
        // Old objects, macros, videos: they cannot be cleaned here, so the copy is refused.
        _ => {
            found.lump("office", format!("part {}", entry.name), &entry.bytes);
            Ok(entry.bytes.clone())
        }
    }
}

fn visit(element: &mut Element, pass: &mut Pass<'_>, found: &mut dyn FnMut(&str, &str)) -> Act {
    let (part, parts) = (pass.part, pass.parts);
    let name = element.name.clone();
    // What refers to the parts that go.
    if part == "[content_types].xml"
        && name == "Override"
        && element.get("PartName").is_some_and(|path| parts.goes(path))
    {
        return Act::Drop;
    }
    if part.ends_with(".rels") && name == "Relationship" {
        return relationship(element, part, parts, found);
    }
    if pass.gone.contains(&element.at) || parts.points_nowhere(part, element) {
        pass.changes.deletions += usize::from(matches!(name.as_str(), "tr" | "tc"));
        return Act::Drop;
    }
    if changes::of_word(element, part)
        && let Some(act) = changes::act(element, &mut pass.changes)
    {
        for key in ["author", "date"] {
            if let Some(said) = element.get(key).filter(|said| !said.is_empty()) {
                found(if key == "date" { "date of a change or comment" } else { key }, said);
            }
        }
        return act;
    }
    let revisions = &mut pass.revisions;
    match name.as_str() {
        // Word: revision numbers of the whole, ids, sources of merged letters, stored variables, the authors' accounts.
        "rsids" | "docId" | "mailMerge" | "docVars" | "attachedTemplate" | "trackRevisions"
            if part.ends_with("settings.xml") && element.within.len() == 1 =>
        {
            if name == "rsids" {
                found("revision numbers", "listed");
            }
            return Act::Drop;
        }
        "rsid" if part.starts_with("word/") => {
            *revisions += 1;
            return Act::Drop;
        }
        "person" if part == "word/people.xml" => {
            found("person", element.get("author").unwrap_or_default());
            return Act::Drop;
        }
        // Excel: where the file lay, who reserved it, what it is linked to.
        "absPath" | "fileSharing" | "revisionPtr" => {
            for (key, value) in &element.attributes {
                if !key.starts_with("xmlns") {
                    found(&format!("{name} {}", local(key)), value);
                }
            }
            return Act::Drop;
        }
        "author" if element.within.last().is_some_and(|around| around == "authors") && part.starts_with("xl/") => {
            return Act::Text(NOBODY);
        }
        // PowerPoint: the place of a slide's modern comments.
        "ext" if element.get("uri") == Some("{6950BFC3-D8DA-4A85-94F7-54DA5524770B}") => return Act::Drop,
        _ => {}
    }
    let slides = part.starts_with("ppt/");
    let mut replace = |key: &str, value: &mut String, new: &str| {
        if value != new {
            found(key, value);
            new.clone_into(value);
        }
    };
    element.attributes.retain_mut(|(key, value)| {
        let plain = local(key);
        if plain.starts_with("rsid") {
            *revisions += 1;
            return false;
        }
        match (name.as_str(), plain) {
            // Word: comments and tracked changes, all of which have an author, and may have a date.
            (_, "author") if part.starts_with("word/") => replace("author", value, NOBODY),
            (_, "initials") if part.starts_with("word/") => {
                replace("initials", value, "");
                return false;
            }
            (
                "ins" | "del" | "moveFrom" | "moveTo" | "comment" | "cellIns" | "cellDel" | "cellMerge"
                | "moveFromRangeStart" | "moveToRangeStart",
                "date",
            ) if part.starts_with("word/") => {
                replace("date of a change or comment", value, "");
                return false;
            }
            (change, "date") if change.ends_with("Change") => {
                replace("date of a change or comment", value, "");
                return false;
            }
            (_, "dateUtc") => {
                replace("date of a change or comment", value, "");
                return false;
            }
            // PowerPoint: lists of authors, dates of comments.
            ("cmAuthor" | "author", "name") if slides => replace("author", value, NOBODY),
            ("cmAuthor" | "author", "initials") if slides => replace("initials", value, "A"),
            ("author", "userId") if slides => replace("account", value, NOBODY),
            ("author", "providerId") if slides => replace("account", value, "None"),
            ("cm" | "reply", "created") if slides => replace("date of a comment", value, NO_TIME),
            ("cm", "dt") if slides => {
                replace("date of a comment", value, "");
                return false;
            }
            // Excel: people and dates of threaded comments; the printer that a page refers to.
            ("person", "displayName") => replace("author", value, NOBODY),
            ("person", "userId") => replace("account", value, NOBODY),
            ("person", "providerId") => replace("account", value, "None"),
            ("threadedComment", "dT") => replace("date of a comment", value, NO_TIME),
            ("pageSetup", "id") => return false,
            (_, "userName" | "lastGuid") if part.starts_with("xl/") => replace("author", value, NOBODY),
            _ => {}
        }
        true
    });
    Act::Keep
}

/// Relationships to parts that go, go; those to files on the author's computer keep the file's name alone.
fn relationship(element: &mut Element, part: &str, parts: &Parts, found: &mut dyn FnMut(&str, &str)) -> Act {
    let target = element.get("Target").unwrap_or_default().replace('\\', "/");
    let external = element.get("TargetMode") == Some("External");
    if !external {
        return if parts.leads_away(part, &target) { Act::Drop } else { Act::Keep };
    }
    let lower = target.to_ascii_lowercase();
    let local_file = lower.starts_with("file:")
        || lower.starts_with("//")
        || lower.get(1..3) == Some(":/")
        || lower.starts_with('/');
    if local_file {
        let name = target.rsplit('/').next().unwrap_or_default().to_owned();
        if name != target {
            found("path on a computer", &target);
            for (key, value) in &mut element.attributes {
                if local(key) == "Target" {
                    value.clone_from(&name);
                }
            }
        }
    }
    Act::Keep
}
