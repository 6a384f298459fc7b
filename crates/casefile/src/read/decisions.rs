//! Judgements, assessments, preferences, and the questions asked of them: figures and letters.

use std::path::Path;

use ledger::Verdict;
use schema::yaml::{self, Node};

use super::{Problems, at};
use crate::files;
use crate::model::{Assessment, CaseFile, Figure, Judgement, Preference, Publication, Which};
use crate::publication;

fn members<'a>(root: &'a Node, key: &str, problems: &mut Problems) -> &'a [Node] {
    root.get(key).and_then(|node| problems.take(node.list())).unwrap_or_default()
}

/// `{same|different|unsure: [a, b], because: …}`
pub(super) fn judgements(root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    const VERDICTS: [(&str, Verdict); 3] =
        [("same", Verdict::Same), ("different", Verdict::Different), ("unsure", Verdict::Unsure)];
    for node in members(root, "judgements", problems) {
        problems.known_keys(node, &["same", "different", "unsure", "because"]);
        let because = problems.need_text(node, "because");
        let given: Vec<_> = VERDICTS.into_iter().filter_map(|(key, verdict)| Some((node.get(key)?, verdict))).collect();
        let [(list, verdict)] = given.as_slice() else {
            problems.add(
                &at(node),
                "a judgement says same, different or unsure",
                "Write one of them: “different: [thun-ratha, sun-ratha]”.",
            );
            continue;
        };
        let nodes = problems.take(list.list()).unwrap_or_default();
        let keys: Vec<_> = nodes.iter().filter_map(|n| problems.key(n)).collect();
        if nodes.len() < 2 {
            problems.add(
                &at(list),
                "a judgement is on two entities or more",
                "Write their keys: “[thun-ratha, sun-ratha]”.",
            );
            continue;
        }
        if let Some(twice) = keys.iter().enumerate().find(|(i, key)| keys.iter().take(*i).any(|k| k.key == key.key)) {
            problems.add(
                &twice.1.at,
                format!("“{}” stands here twice", twice.1.key),
                "A judgement is on different entities.",
            );
            continue;
        }
        if let Some(because) = because {
            case_file.judgements.push(Judgement { verdict: *verdict, keys, because, at: at(node) });
        }
    }
}

fn which(node: &Node, problems: &mut Problems) -> Option<Which> {
    let about = problems.need_key(node, "about");
    let property = problems.need_text(node, "property");
    let value = match node.get("value").map(|value| problems.values(value)) {
        None => None,
        Some(mut values) if values.len() == 1 => values.pop(),
        Some(_) => {
            problems.add(&at(node), "one value is wanted here", "Write one entry a value.");
            return None;
        }
    };
    let source = problems.opt_key(node, "source");
    Some(Which { about: about?, property: property?, value, source, at: at(node) })
}

/// `{about: …, property: …, value: …, source: …, status: …, because: …, standard: …}`
pub(super) fn assessments(root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    for node in members(root, "assessments", problems) {
        problems.known_keys(
            node,
            &["about", "property", "value", "source", "status", "standard", "credibility", "because"],
        );
        let which = which(node, problems);
        let because = problems.need_text(node, "because");
        let status = problems.opt_text(node, "status");
        let standard = problems.opt_text(node, "standard");
        let credibility = problems.opt_text(node, "credibility");
        if status.is_none() && credibility.is_none() {
            problems.add(&at(node), "nothing is assessed", "Add “status: corroborated”, or “credibility: 2”.");
            continue;
        }
        if let (Some(which), Some(because)) = (which, because) {
            case_file.assessments.push(Assessment { which, status, standard, credibility, because });
        }
    }
}

/// `{about: …, property: …, value: …, source: …, because: …}`
pub(super) fn preferences(root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    for node in members(root, "preferences", problems) {
        problems.known_keys(node, &["about", "property", "value", "source", "because"]);
        problems.take(node.require("value"));
        let which = which(node, problems);
        let because = problems.need_text(node, "because");
        if let (Some(which), Some(because)) = (which, because) {
            case_file.preferences.push(Preference { which, because });
        }
    }
}

/// Definitions of figures: what they mean is for the crate `figures`; here their name, clearance and entity keys are read.
pub(super) fn figures(root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    for node in members(root, "figures", problems) {
        let name = problems.need_key(node, "figure");
        for key in ["title", "definition", "unit", "window"] {
            problems.take(node.require(key));
        }
        let clearance = problems.clearance(node);
        if let Some(name) = name {
            case_file.figures.push(Figure { name: name.key, definition: node.clone(), clearance, at: at(node) });
        }
    }
}

/// Letters: `{publication: NAME, file: DRAFT.md}`; the draft's front matter says the same name.
pub(super) fn publications(dir: &Path, root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    for node in members(root, "publications", problems) {
        problems.known_keys(node, &["publication", "file"]);
        let name = problems.need_key(node, "publication");
        let Some(file) = problems.take(node.require("file")) else { continue };
        let Some(named) = problems.text(file) else { continue };
        let read = files::beside(node.file(), &named).and_then(|path| Ok((files::read_source_text(dir, &path)?, path)));
        let (text, path) = match read {
            Ok(read) => read,
            Err((what, hint)) => {
                problems.add(&at(file), what, hint);
                continue;
            }
        };
        let front = match publication::split(&path, &text) {
            Ok((front, _)) => front,
            Err(problem) => {
                problems.all.push(problem);
                continue;
            }
        };
        let Some(front) = problems.take(yaml::parse(&path, &front)) else { continue };
        let Some(own) = problems.need_key(&front, "publication") else { continue };
        let clearance = problems.clearance(&front);
        let Some(name) = name else { continue };
        if own.key != name.key {
            problems.add(
                &own.at,
                format!("the draft calls itself “{}”", own.key),
                format!("{} calls it “{}”: make them the same.", at(node), name.key),
            );
            continue;
        }
        let first = crate::problem::At::new(&path, 1);
        case_file.publications.push(Publication { name: name.key, text, clearance, at: first });
    }
}
