//! Reading the folder: every file, every problem at once.

mod claims;
mod decisions;
mod things;

use std::path::Path;

use ledger::Clearance;
use schema::yaml::{self, Node};
use schema::{DataError, Lang};

use crate::files::{self, YamlFile};
use crate::model::{CaseFile, Key, Said, SaidValue};
use crate::problem::{At, Problem};

/// What may stand at the top of a file.
const TOP: [&str; 11] = [
    "casefile",
    "title",
    "as",
    "clearance",
    "entities",
    "sources",
    "judgements",
    "assessments",
    "preferences",
    "figures",
    "publications",
];

impl CaseFile {
    /// Reads every `*.yaml` of a folder, and the texts and drafts that they name.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of files and lines: what is no YAML, unknown or missing keys, keys declared
    /// twice, files that cannot be read. Whether the schema agrees is the question of [`CaseFile::check`].
    pub fn read(dir: &Path) -> Result<CaseFile, Vec<Problem>> {
        let mut problems = Problems::default();
        let mut case_file = CaseFile::default();
        let yaml = files::yaml_files(dir, &mut problems.all, &mut case_file.notices);
        if yaml.is_empty() && problems.all.is_empty() {
            problems.all.push(At::new("casefile.yaml", 0).problem(
                format!("there is no YAML file in {}", dir.display()),
                "A case file begins with casefile.yaml: “casefile: a-name” and “title: …”.",
            ));
        }
        for file in &yaml {
            read_file(dir, file, &mut case_file, &mut problems);
        }
        if case_file.name.is_empty() && problems.all.is_empty() {
            problems.all.push(At::new("casefile.yaml", 0).problem(
                "no file says what this case file is called",
                "Begin casefile.yaml with “casefile: a-name” and “title: …”.",
            ));
        }
        declared_once(&case_file, &mut problems);
        if problems.all.is_empty() {
            return Ok(case_file);
        }
        problems.all.sort();
        problems.all.dedup();
        Err(problems.all)
    }
}

fn read_file(dir: &Path, file: &YamlFile, case_file: &mut CaseFile, problems: &mut Problems) {
    let Some(root) = problems.take(yaml::parse(&file.name, &file.text)) else { return };
    if root.is_empty() {
        return;
    }
    problems.known_keys(&root, &TOP);
    head(&root, case_file, problems);
    things::entities(&root, case_file, problems);
    things::sources(dir, &root, case_file, problems);
    decisions::judgements(&root, case_file, problems);
    decisions::assessments(&root, case_file, problems);
    decisions::preferences(&root, case_file, problems);
    decisions::figures(&root, case_file, problems);
    decisions::publications(dir, &root, case_file, problems);
}

/// `casefile`, `title`, `as`, `clearance`: in one file only.
fn head(root: &Node, case_file: &mut CaseFile, problems: &mut Problems) {
    let Some(name) = root.get("casefile") else {
        for key in ["title", "as", "clearance"] {
            if let Some(node) = root.get(key) {
                problems.all.push(at(node).problem(
                    format!("“{key}” belongs to the file that has “casefile:”"),
                    "Move the line to casefile.yaml.",
                ));
            }
        }
        return;
    };
    if !case_file.name.is_empty() {
        problems.all.push(at(name).problem(
            format!("the case file is named a second time; first in {}", case_file.at),
            "Keep one “casefile:” line in the folder.",
        ));
        return;
    }
    case_file.at = at(name);
    if let Some(text) = problems.key(name) {
        case_file.name = text.key;
    }
    if let Some(title) = problems.take(root.require("title")).and_then(|node| problems.text(node)) {
        case_file.title = title;
    }
    case_file.account = root.get("as").and_then(|node| problems.text(node));
    case_file.clearance = problems.clearance(root);
}

/// A key names one thing: entities and sources share their keys; figures have their own, and letters theirs.
fn declared_once(case_file: &CaseFile, problems: &mut Problems) {
    let things =
        case_file.entities.iter().map(|e| (&e.key, &e.at)).chain(case_file.sources.iter().map(|s| (&s.key, &s.at)));
    let figures = case_file.figures.iter().map(|f| (&f.name, &f.at));
    let publications = case_file.publications.iter().map(|p| (&p.name, &p.at));
    once("key", things, problems);
    once("figure", figures, problems);
    once("publication", publications, problems);
}

fn once<'a>(what: &str, declared: impl Iterator<Item = (&'a String, &'a At)>, problems: &mut Problems) {
    let mut seen = std::collections::HashMap::new();
    for (key, at) in declared {
        if let Some(first) = seen.get(key) {
            problems.all.push(at.problem(
                format!("the {what} “{key}” is declared twice, first in {first}"),
                "Each is declared once; take another name for the second, or take this line out.",
            ));
        } else {
            seen.insert(key, at);
        }
    }
}

/// What was found wrong so far.
#[derive(Default)]
pub(super) struct Problems {
    pub all: Vec<Problem>,
}

impl Problems {
    /// Keeps the error and goes on.
    pub fn take<T>(&mut self, result: Result<T, DataError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.all.push(error.into());
                None
            }
        }
    }

    pub fn add(&mut self, at: &At, what: impl Into<String>, hint: impl Into<String>) {
        self.all.push(at.problem(what, hint));
    }

    pub fn known_keys(&mut self, node: &Node, known: &[&str]) {
        if let Some(errors) = self.take(node.unknown_keys(known)) {
            self.all.extend(errors.into_iter().map(Problem::from));
        }
    }

    /// A text with something in it.
    pub fn text(&mut self, node: &Node) -> Option<String> {
        let text = self.take(node.str())?;
        if text.trim().is_empty() {
            self.add(&at(node), "nothing is written here", "Write the text, or take the line out.");
            return None;
        }
        Some(text.to_owned())
    }

    pub fn opt_text(&mut self, node: &Node, key: &str) -> Option<String> {
        node.get(key).and_then(|node| self.text(node))
    }

    /// A text under a key that must be there.
    pub fn need_text(&mut self, node: &Node, key: &str) -> Option<String> {
        let node = self.take(node.require(key))?;
        self.text(node)
    }

    /// A key, in the form that a key has.
    pub fn key(&mut self, node: &Node) -> Option<Key> {
        let text = self.take(node.str())?;
        let at = at(node);
        if is_key(text) {
            return Some(Key { key: text.to_owned(), at });
        }
        self.add(
            &at,
            format!("“{text}” cannot be a key"),
            "A key is made of a–z, 0–9 and “-”, and begins with a letter or a digit: rong-chhun.",
        );
        None
    }

    pub fn need_key(&mut self, node: &Node, key: &str) -> Option<Key> {
        let node = self.take(node.require(key))?;
        self.key(node)
    }

    pub fn opt_key(&mut self, node: &Node, key: &str) -> Option<Key> {
        node.get(key).and_then(|node| self.key(node))
    }

    pub fn clearance(&mut self, node: &Node) -> Option<Clearance> {
        let node = node.get("clearance")?;
        let text = self.take(node.str())?;
        match text.parse::<Clearance>() {
            Ok(clearance) => Some(clearance),
            Err(_) => {
                self.add(
                    &at(node),
                    format!("“{text}” is no clearance"),
                    "public, partners, internal, restricted, or restricted:TEAM.",
                );
                None
            }
        }
    }

    /// A mapping of properties to what is said of them.
    pub fn said(&mut self, node: &Node) -> Vec<Said> {
        let Some(entries) = self.take(node.as_map()) else { return Vec::new() };
        let mut said = Vec::new();
        for entry in entries {
            let at = At::new(node.file(), entry.line());
            let values: Vec<SaidValue> =
                entry.value().one_or_many().into_iter().flat_map(|value| self.values(value)).collect();
            if entry.value().is_empty() || (entry.value().is_list() && entry.value().one_or_many().is_empty()) {
                self.add(
                    &at,
                    format!("“{}” has no value", entry.key()),
                    "Write the value after the colon, or take the line out.",
                );
            }
            said.push(Said { property: entry.key().to_owned(), values, at });
        }
        said
    }

    /// `text`, or `{en: text, km: text}`.
    pub fn values(&mut self, node: &Node) -> Vec<SaidValue> {
        if !node.is_map() {
            return self.text(node).map(|text| SaidValue { text, lang: None, at: at(node) }).into_iter().collect();
        }
        let entries = self.take(node.as_map()).unwrap_or_default();
        let mut values = Vec::new();
        for entry in entries {
            let here = At::new(node.file(), entry.line());
            if entry.value().is_empty() {
                self.add(
                    &here,
                    format!("there is no text for the language “{}”", entry.key()),
                    "In braces a comma begins a new pair: put a text that holds a comma in double quotes.",
                );
                continue;
            }
            let lang = match entry.key().parse::<Lang>() {
                Ok(lang) => lang,
                Err(error) => {
                    self.add(&here, error.to_string(), "A mapping here gives a text in a language: {en: …, km: …}.");
                    continue;
                }
            };
            for text in entry.value().one_or_many() {
                if let Some(text) = self.text(text) {
                    values.push(SaidValue { text, lang: Some(lang.clone()), at: here.clone() });
                }
            }
        }
        values
    }
}

pub(super) fn at(node: &Node) -> At {
    At::new(node.file(), node.line())
}

/// Whether a text has the form of a key.
pub(crate) fn is_key(text: &str) -> bool {
    text.len() <= 120
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
