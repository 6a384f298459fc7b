//! Which parts of a package go whole, and what then points nowhere.
//!
//! A part is known by its usual name, and by the kind of relationship that leads to it: programs may name parts as they like.

use std::collections::{HashMap, HashSet};

use super::super::xml::{Element, local, look};
use crate::archive::Entry;

/// The last step of a relationship's type, where the part it leads to goes: comments with their authors and answers, people,
/// revision logs of shared workbooks, stored data of the author's, thumbnails, printers.
const KINDS: &[&str] = &[
    "comments",
    "commentsExtended",
    "commentsIds",
    "commentsExtensible",
    "people",
    "person",
    "threadedComment",
    "commentAuthors",
    "authors",
    "customXml",
    "custom-properties",
    "revisionHeaders",
    "usernames",
    "thumbnail",
    "printerSettings",
];

/// Folders and files, in small letters.
fn usual(name: &str) -> bool {
    let starts = [
        "customxml/",
        "_xmlsignatures/",
        "docprops/thumbnail",
        "docprops/custom.xml",
        "docmetadata/",
        "[trash]/",
        "word/comments",
        "word/people.xml",
        "xl/comments",
        "xl/worksheets/comments",
        "xl/threadedcomments/",
        "xl/persons/",
        "xl/revisions/",
        "ppt/comments/",
        "ppt/commentauthors",
        "ppt/authors",
    ];
    starts.iter().any(|start| name.starts_with(start)) || name.contains("/printersettings/")
}

/// What goes with its parts.
#[derive(Default)]
pub(super) struct Parts {
    /// Names in small letters.
    gone: HashSet<String>,
    /// Of a part that stays: the ids of its relationships that go.
    ids: HashMap<String, HashSet<String>>,
}

impl Parts {
    pub fn survey(entries: &[Entry]) -> Parts {
        let mut parts = Parts::default();
        parts.gone.extend(entries.iter().map(|entry| entry.name.to_ascii_lowercase()).filter(|name| usual(name)));
        for entry in entries {
            // Drawings that hold nothing but the boxes of comments.
            if entry.name.to_ascii_lowercase().ends_with(".vml") && super::changes::only_notes(&entry.bytes) {
                parts.gone.insert(entry.name.to_ascii_lowercase());
            }
        }
        for entry in entries.iter().filter(|entry| entry.name.to_ascii_lowercase().ends_with(".rels")) {
            // What is no XML is an error later, with its name.
            let _ = look(&entry.bytes, &mut |element| {
                let kind = element.get("Type").unwrap_or_default();
                if element.name == "Relationship"
                    && element.get("TargetMode") != Some("External")
                    && (KINDS.contains(&kind.rsplit('/').next().unwrap_or_default())
                        || kind.contains("/digital-signature/"))
                {
                    parts.gone.insert(target(&entry.name, element.get("Target").unwrap_or_default()));
                }
            });
        }
        for entry in entries.iter().filter(|entry| entry.name.to_ascii_lowercase().ends_with(".rels")) {
            let _ = look(&entry.bytes, &mut |element| {
                if element.name == "Relationship"
                    && element.get("TargetMode") != Some("External")
                    && parts.gone.contains(&target(&entry.name, element.get("Target").unwrap_or_default()))
                {
                    let id = element.get("Id").unwrap_or_default().to_owned();
                    parts.ids.entry(owner(&entry.name)).or_default().insert(id);
                }
            });
        }
        parts
    }

    /// Whether a part goes; the relationships of a part go with it.
    pub fn goes(&self, name: &str) -> bool {
        let name = name.trim_start_matches('/').to_ascii_lowercase();
        self.gone.contains(&name) || name.ends_with(".rels") && self.gone.contains(&owner(&name))
    }

    /// Whether a relationship in the part `rels` leads to a part that goes.
    pub fn leads_away(&self, rels: &str, to: &str) -> bool {
        self.gone.contains(&target(rels, to))
    }

    /// Whether an element of `part` only stands there to lead to a part that goes.
    pub fn points_nowhere(&self, part: &str, element: &Element) -> bool {
        matches!(element.name.as_str(), "legacyDrawing" | "commentRel")
            && self.ids.get(part).is_some_and(|ids| {
                element.attributes.iter().any(|(key, value)| local(key) == "id" && ids.contains(value))
            })
    }
}

/// `word/_rels/document.xml.rels` belongs to `word/document.xml`.
fn owner(rels: &str) -> String {
    let rels = rels.to_ascii_lowercase();
    rels.strip_suffix(".rels").unwrap_or(&rels).replacen("_rels/", "", 1)
}

/// The part that a relationship leads to, in small letters.
fn target(rels: &str, to: &str) -> String {
    let to = to.replace('\\', "/").to_ascii_lowercase();
    if let Some(path) = to.strip_prefix('/') {
        return path.to_owned();
    }
    let rels = rels.to_ascii_lowercase();
    let folder = rels.rsplit_once("_rels/").map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in to.split('/') {
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
        assert_eq!(target("word/_rels/document.xml.rels", "../customXml/item1.xml"), "customxml/item1.xml");
        assert_eq!(target("_rels/.rels", "docProps/thumbnail.jpeg"), "docprops/thumbnail.jpeg");
        assert_eq!(target("xl/worksheets/_rels/s.rels", "/xl/comments1.xml"), "xl/comments1.xml");
        assert_eq!(owner("word/_rels/document.xml.rels"), "word/document.xml");
    }
}
