//! DOCX, XLSX and PPTX (ECMA-376): properties, authors of comments and changes, revision numbers, paths on the author's
//! computer, printers, thumbnails, and what the pictures inside say.

use super::xml::{Act, Element, edit, leaves, local};
use super::{Fields, clean as clean_file, format, limits};
use crate::Error;
use crate::archive::{Entry, unzip, zip};

const WHAT: &str = "Office document";
const NOBODY: &str = "Author";
const NO_TIME: &str = "2000-01-01T00:00:00Z";
const CORE: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#;
const APP: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#;
const CUSTOM: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>"#;

/// Parts that go whole, with what refers to them.
fn dropped(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("customxml/")
        || name.starts_with("_xmlsignatures/")
        || name.starts_with("docprops/thumbnail")
        || name.contains("/printersettings/")
        || name.starts_with("docmetadata/")
        || name.starts_with("[trash]/")
}

pub(super) fn clean(bytes: &[u8], found: &mut Fields, depth: u8) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for mut entry in unzip(bytes, WHAT, &limits(), |_| true)? {
        if dropped(&entry.name) {
            found.lump("office", format!("part {}", entry.name), &entry.bytes);
            continue;
        }
        entry.bytes = part(&entry, found, depth)?;
        out.push(entry);
    }
    zip(&out, WHAT)
}

fn part(entry: &Entry, found: &mut Fields, depth: u8) -> Result<Vec<u8>, Error> {
    let name = entry.name.to_ascii_lowercase();
    let broken = |problem: String| Error::broken(WHAT, entry.name.clone(), problem);
    let properties = match name.as_str() {
        "docprops/core.xml" => Some(CORE),
        "docprops/app.xml" => Some(APP),
        "docprops/custom.xml" => Some(CUSTOM),
        _ => None,
    };
    if let Some(empty) = properties {
        leaves(&entry.bytes, &mut |key, value| found.personal("office", key, value)).map_err(broken)?;
        return Ok(empty.to_vec());
    }
    if name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml") {
        let mut revisions = 0usize;
        let collected = std::cell::RefCell::new(&mut *found);
        let edited = edit(
            &entry.bytes,
            &mut |element| {
                visit(element, &name, &mut revisions, &mut |key, value| {
                    collected.borrow_mut().personal("office", key, value)
                })
            },
            &mut |element, text| {
                if !text.trim().is_empty() && text.trim() != NOBODY {
                    collected.borrow_mut().personal("office", element, text.trim());
                }
            },
        );
        if revisions > 0 {
            found.personal("office", format!("revision numbers in {}", entry.name), revisions.to_string());
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

fn visit(element: &mut Element, part: &str, revisions: &mut usize, found: &mut dyn FnMut(&str, &str)) -> Act {
    let name = element.name.clone();
    // What refers to the parts that go.
    if part == "[content_types].xml"
        && name == "Override"
        && element.get("PartName").is_some_and(|path| dropped(path.trim_start_matches('/')))
    {
        return Act::Drop;
    }
    if part.ends_with(".rels") && name == "Relationship" {
        return relationship(element, part, found);
    }
    match name.as_str() {
        // Word: revision numbers of the whole, ids, sources of merged letters, stored variables, the authors' accounts.
        "rsids" | "docId" | "mailMerge" | "docVars" | "attachedTemplate" if part == "word/settings.xml" => {
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
        "author" if part.starts_with("xl/comments") || part.starts_with("xl/worksheets/comments") => {
            return Act::Text(NOBODY);
        }
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
fn relationship(element: &mut Element, part: &str, found: &mut dyn FnMut(&str, &str)) -> Act {
    let target = element.get("Target").unwrap_or_default().replace('\\', "/");
    let external = element.get("TargetMode") == Some("External");
    if !external {
        let folder = part.rsplit_once("_rels/").map_or("", |(folder, _)| folder);
        let path = if let Some(path) = target.strip_prefix('/') { path.to_owned() } else { joined(folder, &target) };
        return if dropped(&path) { Act::Drop } else { Act::Keep };
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

fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_joined() {
        assert_eq!(joined("word/", "../customXml/item1.xml"), "customXml/item1.xml");
        assert_eq!(joined("", "docProps/thumbnail.jpeg"), "docProps/thumbnail.jpeg");
        assert_eq!(joined("xl/worksheets/", "../printerSettings/p.bin"), "xl/printerSettings/p.bin");
    }
}
