//! Entities and sources.

use std::path::Path;

use schema::EntityId;
use schema::yaml::{Entry, Node};

use super::{Problems, at, claims};
use crate::files;
use crate::model::{CaseFile, Content, EntityDecl, Reliability, SourceDecl};
use crate::problem::At;

const SOURCE: [&str; 10] =
    ["source", "schema", "id", "clearance", "about", "text", "original", "reliability", "because", "claims"];

/// `key: Schema`, or `key: {schema: …, clearance: …, id: …}`.
pub(super) fn entities(root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    let Some(node) = root.get("entities") else { return };
    for entry in problems.take(node.as_map()).unwrap_or_default() {
        case_file.entities.extend(entity(node.file(), entry, problems));
    }
}

fn entity(file: &str, entry: &Entry, problems: &mut Problems) -> Option<EntityDecl> {
    let here = At::new(file, entry.line());
    if !super::is_key(entry.key()) {
        problems.add(
            &here,
            format!("“{}” cannot be a key", entry.key()),
            "A key is made of a–z, 0–9 and “-”, and begins with a letter or a digit: rong-chhun.",
        );
        return None;
    }
    let key = entry.key().to_owned();
    let node = entry.value();
    if node.is_map() {
        problems.known_keys(node, &["schema", "clearance", "id"]);
        let schema = problems.need_text(node, "schema")?;
        return Some(EntityDecl { key, schema, clearance: problems.clearance(node), id: id(node, problems), at: here });
    }
    if node.is_empty() {
        problems.add(&here, format!("“{key}” has no schema"), "Write “key: Person”, or whichever schema it is.");
        return None;
    }
    Some(EntityDecl { key, schema: problems.text(node)?, clearance: None, id: None, at: here })
}

fn id(node: &Node, problems: &mut Problems) -> Option<EntityId> {
    let node = node.get("id")?;
    let text = problems.take(node.str())?;
    match text.parse() {
        Ok(id) => Some(id),
        Err(error) => {
            problems.add(
                &at(node),
                format!("{error}"),
                "Take the line out: an id is needed only for what came from elsewhere.",
            );
            None
        }
    }
}

/// The list under `sources:`.
pub(super) fn sources(dir: &Path, root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    let Some(node) = root.get("sources") else { return };
    for member in problems.take(node.list()).unwrap_or_default() {
        case_file.sources.extend(source(dir, member, problems));
    }
}

fn source(dir: &Path, node: &Node, problems: &mut Problems) -> Option<SourceDecl> {
    problems.known_keys(node, &SOURCE);
    let key = problems.need_key(node, "source");
    let schema = problems.opt_text(node, "schema").unwrap_or_else(|| "Document".into());
    let about = node.get("about").map(|about| problems.said(about)).unwrap_or_default();
    let content = content(dir, node, problems);
    let mut all = Vec::new();
    if let Some(list) = node.get("claims") {
        for member in problems.take(list.list()).unwrap_or_default() {
            all.extend(claims::claim(member, problems));
        }
    }
    let reliability = reliability(node, problems);
    let (clearance, id) = (problems.clearance(node), id(node, problems));
    Some(SourceDecl { key: key?.key, schema, clearance, id, about, content, reliability, claims: all, at: at(node) })
}

fn reliability(node: &Node, problems: &mut Problems) -> Option<Reliability> {
    let Some(code) = node.get("reliability") else {
        if let Some(because) = node.get("because") {
            problems.add(
                &at(because),
                "a reason is given, but no reliability",
                "Add “reliability: B”, or take “because:” out.",
            );
        }
        return None;
    };
    let because = problems.need_text(node, "because");
    Some(Reliability { code: problems.text(code)?, because: because?, at: at(code) })
}

fn content(dir: &Path, node: &Node, problems: &mut Problems) -> Content {
    let read = |named: &Node, problems: &mut Problems| -> Option<(String, String)> {
        let text = problems.text(named)?;
        let path =
            files::beside(node.file(), &text).map_err(|(what, hint)| problems.add(&at(named), what, hint)).ok()?;
        Some((text, path))
    };
    match (node.get("text"), node.get("original")) {
        (Some(text), None) => {
            let Some((_, path)) = read(text, problems) else { return Content::Nothing };
            match files::read_source_text(dir, &path) {
                Ok(content) => {
                    let file_name = path.rsplit('/').next().unwrap_or(&path).to_owned();
                    Content::Text { file_name, text: content, at: at(text) }
                }
                Err((what, hint)) => {
                    problems.add(&at(text), what, hint);
                    Content::Nothing
                }
            }
        }
        (None, Some(original)) => {
            problems.known_keys(original, &["sha256", "name", "file"]);
            let sha256 = problems.take(original.require("sha256")).and_then(|node| {
                let text = problems.text(node)?;
                let digest = text.parse::<ledger::Digest>();
                digest
                    .map_err(|_| {
                        problems.add(
                            &at(node),
                            format!("“{text}” is not a SHA-256 value"),
                            "64 hexadecimal digits, as sha256sum prints them.",
                        )
                    })
                    .ok()
            });
            let name = problems.need_text(original, "name");
            let bytes = original.get("file").and_then(|file| {
                let (_, path) = read(file, problems)?;
                files::read_bytes(dir, &path).map_err(|(what, hint)| problems.add(&at(file), what, hint)).ok()
            });
            match (sha256, name) {
                (Some(sha256), Some(name)) => Content::Original { sha256: sha256.0, name, bytes, at: at(original) },
                _ => Content::Nothing,
            }
        }
        (Some(_), Some(original)) => {
            problems.add(
                &at(original),
                "a source has either a text or an original",
                "Keep one of “text:” and “original:”.",
            );
            Content::Nothing
        }
        (None, None) => Content::Nothing,
    }
}
