//! ODT, ODS and ODP (OASIS OpenDocument 1.3): `meta.xml`, comments with their authors, tracked changes, printers, thumbnails.
//!
//! Deleted words stand apart from the text, where tracked changes are listed: they go with that list, and what was inserted stays.

use super::ooxml::inside;
use super::xml::{Act, Element, edit, leaves, local};
use super::{Fields, limits};
use crate::Error;
use crate::archive::{unzip, zip};

const WHAT: &str = "OpenDocument file";
const NOBODY: &str = "Author";
const NO_TIME: &str = "2000-01-01T00:00:00";
const META: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/></office:document-meta>"#;

fn dropped(name: &str) -> bool {
    name.starts_with("Thumbnails/")
        || name == "META-INF/documentsignatures.xml"
        || name == "META-INF/macrosignatures.xml"
        || name == "manifest.rdf"
        || name.starts_with("Versions/")
        || name == "VersionList.xml"
}

pub(super) fn clean(bytes: &[u8], found: &mut Fields, depth: u8) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for mut entry in unzip(bytes, WHAT, &limits(), |_| true)? {
        let broken = |problem: String| Error::broken(WHAT, entry.name.clone(), problem);
        let file = entry.name.rsplit('/').next().unwrap_or_default().to_owned();
        if dropped(&entry.name) {
            found.lump("office", format!("part {}", entry.name), &entry.bytes);
            continue;
        } else if file == "meta.xml" {
            leaves(&entry.bytes, &mut |key, value| {
                // The size of the document, and what the format itself writes.
                if !key.starts_with("document-statistic") {
                    found.personal("office", key, value);
                }
            })
            .map_err(broken)?;
            entry.bytes = META.to_vec();
        } else if file.ends_with(".xml") {
            let mut encrypted = false;
            let mut revisions = 0usize;
            let collected = std::cell::RefCell::new(&mut *found);
            let edited = edit(
                &entry.bytes,
                &mut |element| {
                    encrypted |= element.name == "encryption-data";
                    visit(element, &entry.name, &mut revisions, &mut |key, value| {
                        collected.borrow_mut().personal("office", key, value)
                    })
                },
                &mut |element, text| {
                    if !text.trim().is_empty() && text.trim() != NOBODY && text.trim() != NO_TIME {
                        collected.borrow_mut().personal("office", element, text.trim());
                    }
                },
            )
            .map_err(broken)?;
            if encrypted {
                return Err(Error::Unsupported {
                    what: "an encrypted OpenDocument file".into(),
                    hint: "save it without a password",
                });
            }
            if revisions > 0 {
                found.personal("office", format!("revision numbers in {}", entry.name), revisions.to_string());
            }
            // Who changed and remarked is told above; what was changed and remarked goes.
            let mut gone = [("comments", 0_usize), ("tracked changes", 0)];
            let mut without = |element: &mut Element| accepted(element, &mut gone);
            entry.bytes = edit(&edited, &mut without, &mut |_, _| {}).map_err(broken)?;
            for (what, count) in gone.into_iter().filter(|(_, count)| *count > 0) {
                found.personal("office", format!("{what} in {}", entry.name), count.to_string());
            }
        } else if entry.name != "mimetype"
            && !entry.name.starts_with("ObjectReplacements/")
            && !entry.name.starts_with("Fonts/")
        {
            entry.bytes = inside(&entry, found, depth)?;
        }
        out.push(entry);
    }
    zip(&out, WHAT)
}

fn visit(element: &mut Element, part: &str, revisions: &mut usize, found: &mut dyn FnMut(&str, &str)) -> Act {
    let of_somebody = element.within.iter().any(|name| matches!(name.as_str(), "annotation" | "change-info"));
    match element.name.as_str() {
        "file-entry" if element.get("full-path").is_some_and(dropped) => return Act::Drop,
        "creator" if of_somebody => return Act::Text(NOBODY),
        "date" if of_somebody => return Act::Text(NO_TIME),
        "date-string" | "creator-initials" | "sender-initials" if of_somebody => return Act::Drop,
        "config-item" if part.ends_with("settings.xml") => {
            let name = element.get("name").unwrap_or_default();
            if ["Printer", "Rsid", "CurrentDatabase", "RedlineProtectionKey"]
                .iter()
                .any(|start| name.starts_with(start))
            {
                return Act::Drop;
            }
        }
        _ => {}
    }
    element.attributes.retain(|(key, value)| {
        let plain = local(key);
        if plain == "rsid" || plain == "paragraph-rsid" {
            *revisions += 1;
            return false;
        }
        // Comments in sheets of older versions have their author as an attribute.
        if plain == "author" && key.starts_with("office:") {
            found("author", value);
            return false;
        }
        true
    });
    Act::Keep
}

/// The document with its changes accepted, and without comments. Counts both, in this order: comments, changes.
fn accepted(element: &Element, gone: &mut [(&'static str, usize); 2]) -> Act {
    match element.name.as_str() {
        "annotation" => gone[0].1 += 1,
        "annotation-end" => {}
        // The list itself also says whether changes are being recorded.
        "changed-region" | "tracked-changes" => gone[1].1 += 1,
        "change" | "change-start" | "change-end" => {}
        _ => return Act::Keep,
    }
    Act::Drop
}
