//! A workspace, a list, and what the ledger then says.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::rc::Rc;

use ledger::{Cleared, Level, Reader, View};
use lists::{Error, FileRules, ListFile, Mapping, Options, Report, Take, Unpacker};
use schema::{EntityId, Value};
use tempfile::TempDir;
use workspace::{Passphrase, Workspace};

pub const MAP: &str = r#"
[file]
key = "id"
[[entity]]
name = "person"
schema = "Person"
required = "name"
[entity.properties]
name = "name"
gender = { column = "sex", values = { H = "male", M = "male" } }
alias = { column = "alias", split = ";" }
note = "note"
[[entity]]
name = "arrest"
schema = "Act"
[entity.properties]
type = { value = "arrest" }
victim = { entity = "person" }
date = "date"
place = "place"
"#;

pub const HEAD: &str = "id,name,sex,alias,note,date,place";

pub fn workspace() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new("ordinary words that nobody guesses");
    let made = Workspace::create(folder.path(), "Test", "Analyst", &passphrase, workspace::Options::demonstration());
    (folder, made.unwrap().0)
}

pub fn everything() -> View {
    View::new(Cleared::to(Level::Restricted))
}

pub fn reader(workspace: &Workspace) -> Reader<'_> {
    workspace.ledger.read(&everything()).unwrap()
}

pub fn map() -> Mapping {
    Mapping::read(MAP, "MAP.toml").unwrap()
}

pub fn file(name: &str, bytes: &[u8], mapping: &Mapping) -> Result<ListFile, Error> {
    ListFile::from_bytes(name, bytes.to_vec(), &mapping.file, &Unpacker::here())
}

/// What was written as refused rows, by table.
pub type Rejected = Rc<RefCell<BTreeMap<String, Vec<u8>>>>;

struct Kept(Rejected, String);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().entry(self.1.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub struct Outcome {
    pub report: Result<Report, Error>,
    pub rejected: String,
}

impl Outcome {
    pub fn done(&self) -> &Report {
        match &self.report {
            Ok(report) => report,
            Err(Error::NotWhole(report)) => panic!("{}", report.to_text(20)),
            Err(error) => panic!("{error} {:?}", error.hint()),
        }
    }

    /// Nothing was recorded, because of this.
    pub fn not_whole(&self) -> &Report {
        match &self.report {
            Err(Error::NotWhole(report)) => report,
            Err(error) => panic!("{error}"),
            Ok(report) => panic!("{}", report.to_text(20)),
        }
    }
}

pub fn take(
    workspace: &Workspace,
    file: &ListFile,
    mapping: &Mapping,
    list: &str,
    take: Take,
    dry_run: bool,
) -> Outcome {
    let mut options = Options::new(mapping, Some(list), Some("Samaki")).unwrap();
    (options.take, options.dry_run) = (take, dry_run);
    let rejected = Rejected::default();
    let mut to = |table: &str| Ok(Box::new(Kept(Rc::clone(&rejected), table.to_owned())) as Box<dyn Write>);
    let report = lists::import(
        workspace,
        &workspace.owner(),
        file,
        mapping,
        &options,
        &mut |_| ControlFlow::Continue(()),
        Some(&mut to),
    );
    let rejected = rejected.borrow().values().next().cloned().unwrap_or_default();
    Outcome { report, rejected: String::from_utf8(rejected).unwrap() }
}

/// Imports rows under [`HEAD`] as the list “arrests”.
pub fn rows(workspace: &Workspace, rows: &str, how: Take) -> Outcome {
    let mapping = map();
    let file = file("list.csv", format!("{HEAD}\n{rows}").as_bytes(), &mapping).unwrap();
    take(workspace, &file, &mapping, "arrests", how, false)
}

pub fn values(reader: &Reader<'_>, id: EntityId, property: &str) -> Vec<String> {
    reader.values(id, property).unwrap().iter().map(Value::canonical).collect()
}

/// Every person by name, with the arrests' dates.
pub fn people(workspace: &Workspace) -> BTreeMap<String, Vec<String>> {
    let reader = reader(workspace);
    let mut people = BTreeMap::new();
    for id in reader.of_schema("Person").unwrap() {
        let names = values(&reader, id, "name");
        if names.is_empty() {
            continue;
        }
        let acts = reader.related(id).unwrap();
        let mut dates: Vec<String> = Vec::new();
        for act in acts.iter().filter(|related| related.relation == "actsAgainst") {
            dates.extend(values(&reader, act.id, "date"));
        }
        dates.sort();
        people.insert(names.join(" / "), dates);
    }
    people
}

pub fn position(workspace: &Workspace) -> u64 {
    workspace.ledger.position().unwrap()
}

pub fn open(name: &str, bytes: &[u8]) -> Result<ListFile, Error> {
    ListFile::from_bytes(name, bytes.to_vec(), &FileRules::default(), &Unpacker::here())
}
