//! A folder of files, a workspace of its own, and a dump of everything that a view says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use casefile::{CaseFile, Options, Original, Problem, Report};
use ledger::{Cleared, Level, View};
use schema::Registry;
use tempfile::TempDir;
use workspace::{Passphrase, Workspace};

pub struct Desk {
    pub dir: TempDir,
    pub workspace: Workspace,
}

impl Desk {
    pub fn new() -> Desk {
        let dir = TempDir::new().unwrap();
        let passphrase = Passphrase::new("correct horse battery staple");
        let (workspace, _) = Workspace::create(
            &dir.path().join("workspace"),
            "Test",
            "Analyst",
            &passphrase,
            workspace::Options::demonstration(),
        )
        .unwrap();
        Desk { dir, workspace }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn import(&self, folder: &Path, originals: &[Original], options: Options) -> Report {
        let case_file = read(folder);
        casefile::import(&self.workspace, &self.workspace.owner(), &case_file, originals, options, &mut |_, _, _| {})
            .unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn position(&self) -> u64 {
        self.workspace.ledger.position().unwrap()
    }

    pub fn export(&self, view: &View, name: &str) -> (PathBuf, Report) {
        let out = self.path(name);
        let reader = self.workspace.ledger.read(view).unwrap();
        let report = casefile::export(&reader, &self.workspace, &out).unwrap_or_else(|error| panic!("{error}"));
        (out, report)
    }

    /// Every record, value and claim of the view, in words; what depends on when and where it was recorded is left out.
    pub fn dump(&self, view: &View) -> String {
        let reader = self.workspace.ledger.read(view).unwrap();
        let mut out = String::new();
        for id in reader.of_schema("Thing").unwrap() {
            let record = reader.record(id).unwrap().unwrap();
            writeln!(
                out,
                "{} {} {} [{}] {:?}",
                record.id, record.schema, record.label, record.clearance, record.merged
            )
            .unwrap();
            for property in &record.properties {
                for value in &property.values {
                    writeln!(
                        out,
                        "  {} = {} {:?} preferred:{} why:{} {:?}",
                        property.name,
                        value.value.canonical(),
                        value.value.lang(),
                        value.preferred,
                        value.why,
                        value.verification
                    )
                    .unwrap();
                    for claim in &value.claims {
                        writeln!(
                            out,
                            "    {:?} by {:?}: {:?} {:?} {:?} {:?} [{}] {:?} {:?}",
                            claim.source,
                            claim.asserter,
                            claim.locator,
                            claim.no_words,
                            claim.credibility,
                            claim.note,
                            claim.clearance,
                            claim.assessed_because,
                            claim.preferred_because
                        )
                        .unwrap();
                    }
                }
            }
            for view in reader.objects_of(id).unwrap() {
                writeln!(out, "  object {}", view.object).unwrap();
            }
        }
        for (judge, _) in reader.judgements().unwrap() {
            writeln!(out, "{} {:?} {}: {}", judge.a, judge.verdict, judge.b, judge.reason).unwrap();
        }
        for kind in ["figure", "publication"] {
            for definition in reader.definitions(kind).unwrap() {
                writeln!(out, "{kind} {} [{}]\n{}", definition.name, definition.clearance, definition.text).unwrap();
            }
        }
        out
    }
}

pub fn all() -> View {
    View::new(Cleared::to(Level::Restricted).with_team("sources"))
}

pub fn read(folder: &Path) -> CaseFile {
    CaseFile::read(folder).unwrap_or_else(|problems| panic!("{}", told(&problems)))
}

pub fn told(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Everything that is wrong with these files.
pub fn problems(files: &[(&str, &str)]) -> Vec<Problem> {
    let dir = TempDir::new().unwrap();
    write(dir.path(), files);
    match CaseFile::read(dir.path()) {
        Err(problems) => problems,
        Ok(case_file) => case_file.check(&Registry::builtin().unwrap()),
    }
}

pub fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Every file below a folder with its bytes, by path.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.push((path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

/// The files of the manual's example: fenced blocks whose info string names a file.
pub fn manual() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/casefile.md");
    let text = fs::read_to_string(path).unwrap();
    let mut files = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let name = info.split_whitespace().nth(1);
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(name) = name {
            files.push((name.to_owned(), block.join("\n") + "\n"));
        }
    }
    files
}

/// The manual's example as a folder.
pub fn manual_in(folder: &Path) {
    let files = manual();
    write(folder, &files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
}
