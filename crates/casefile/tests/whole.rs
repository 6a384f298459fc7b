//! An import is taken in whole or not at all: refused, cancelled, on a full disk, killed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use casefile::{Error, Options, Original, Report};
use common::{Desk, all, files, manual_in, read, write};
use ledger::{EntityItem, Item, Judge, Level, Verdict};
use schema::EntityId;
use workspace::{Passphrase, Workspace};

const KILLS: usize = 40;
const FOLDER: &str = "CASEFILE_TEST_FOLDER";
const LARGE: usize = 60;

fn stray() -> Original {
    Original { name: "stray.txt".into(), bytes: b"Nobody asks for this.".to_vec() }
}

fn try_import(
    workspace: &Workspace,
    folder: &Path,
    progress: &mut dyn FnMut(usize, usize, &str),
) -> Result<Report, Error> {
    casefile::import(workspace, &workspace.owner(), &read(folder), &[stray()], Options::default(), progress)
}

/// Position, entities, objects, and files in the vault.
#[derive(Debug, PartialEq)]
struct State {
    position: u64,
    entities: Vec<EntityId>,
    objects: usize,
    files: BTreeSet<PathBuf>,
}

fn state(workspace: &Workspace) -> State {
    let reader = workspace.ledger.read(&all()).unwrap();
    let files = files(&workspace.dir().join("objects")).into_iter().map(|(name, _)| name.into()).collect();
    State {
        position: reader.position(),
        entities: reader.of_schema("Thing").unwrap(),
        objects: reader.objects().unwrap().len(),
        files,
    }
}

fn sound(workspace: &Workspace) {
    let report = workspace.verify(&mut |_, _, _| {}).unwrap();
    assert!(report.ok(), "{:?}", report.findings);
}

#[test]
fn an_import_that_the_ledger_refuses_leaves_nothing() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    // Judgements come after all sources, and this one joins what was judged different here.
    let text = fs::read_to_string(folder.join("decisions.yaml")).unwrap();
    fs::write(folder.join("decisions.yaml"), text.replace("different: [dara", "same: [dara")).unwrap();
    let [a, b] = ["dara-example", "sok-example"].map(|key| EntityId::derive("river-press", key));
    let person =
        |id| Item::Entity(EntityItem { id, schema: "Person".into(), clearance: Level::Internal.into(), key: None });
    let judge = |verdict| Item::Judge(Judge { a, b, verdict, reason: "They met.".into(), origin: None });
    let owner = desk.workspace.owner();
    desk.workspace.ledger.append(&owner, vec![person(a), person(b), judge(Verdict::Different)]).unwrap();

    let before = state(&desk.workspace);
    let error = try_import(&desk.workspace, &folder, &mut |_, _, _| {}).unwrap_err();
    assert!(matches!(error, Error::Refused { .. }) && error.to_string().contains("judgements"), "{error}");
    assert_eq!(state(&desk.workspace), before);
    sound(&desk.workspace);

    desk.workspace.ledger.append(&owner, vec![judge(Verdict::Unsure)]).unwrap();
    let report = try_import(&desk.workspace, &folder, &mut |_, _, _| {}).unwrap();
    assert!(report.claims > 10 && report.decisions > 3, "{report}");
}

#[test]
fn an_import_that_is_cancelled_leaves_nothing_wherever_it_was() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let before = state(&desk.workspace);
    let mut steps = 0;
    loop {
        let mut seen = 0;
        let ended = catch_unwind(AssertUnwindSafe(|| {
            try_import(&desk.workspace, &folder, &mut |_, _, _| {
                assert!(seen < steps, "cancelled");
                seen += 1;
            })
        }));
        if let Ok(report) = ended {
            report.unwrap();
            break;
        }
        assert_eq!(state(&desk.workspace), before, "cancelled at step {steps}");
        steps += 1;
    }
    assert!(steps >= 4, "{steps}");
    assert!(state(&desk.workspace).files.len() > before.files.len());
    sound(&desk.workspace);
}

#[test]
fn a_team_that_nobody_is_in_is_told() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let told = "nobody is in the team “sources”: `rapporteur account NAME --team sources`";
    let tells = |options| desk.import(&folder, &[], options).notices.iter().any(|notice| notice == told);
    assert!(tells(Options { dry_run: true, retract_missing: false }) && tells(Options::default()));
    desk.workspace.set_account("Lawyer", Level::Internal, vec!["sources".into()]).unwrap();
    assert!(!tells(Options::default()));
}

/// A case file that takes a while: many sources, each with its text and its claims, and a decision on the last.
fn large(folder: &Path) {
    write(folder, &[("casefile.yaml", "casefile: large\ntitle: Large\n")]);
    let (mut entities, mut sources) = ("entities:\n".to_owned(), "sources:\n".to_owned());
    for n in 0..LARGE {
        entities += &format!("  person-{n}: Person\n");
        sources += &format!(
            "  - source: note-{n}\n    about: {{title: Note {n}}}\n    text: note-{n}.md\n    claims:\n      - about: person-{n}\n        \
             words: Person {n}\n        says: {{name: Person {n}}}\n      - about: person-{n}\n        words: a reporter\n        \
             says: {{occupation: {{en: reporter}}}}\n"
        );
        let text = format!("Person {n} is a reporter.\n{}\n", "More. ".repeat(200));
        write(folder, &[(&format!("note-{n}.md"), &text)]);
    }
    let decisions = format!(
        "preferences:\n  - about: person-{}\n    property: name\n    value: Person {}\n    because: A test.\n",
        LARGE - 1,
        LARGE - 1
    );
    write(folder, &[("entities.yaml", &entities), ("sources.yaml", &sources), ("decisions.yaml", &decisions)]);
}

/// This test's program as a process of its own that imports the folder `in` into the workspace beside it.
fn importer(dir: &Path, largest_file: Option<u64>) -> (Child, BufReader<ChildStdout>) {
    let program = std::env::current_exe().unwrap();
    let mut command = match largest_file {
        None => Command::new(program),
        Some(blocks) => {
            // Without the signal a write beyond the limit fails as on a full disk.
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")).arg(program);
            shell
        }
    };
    command.args(["--exact", "importing", "--nocapture", "--include-ignored", "--test-threads=1"]);
    let mut child = command.env(FOLDER, dir).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    (child, lines)
}

fn lines(reader: &mut impl BufRead) -> impl Iterator<Item = String> {
    reader.lines().map_while(Result::ok).filter(|line| ["ready", "taken", "failed"].iter().any(|w| line.starts_with(w)))
}

fn open(dir: &Path) -> Workspace {
    Workspace::open(&dir.join("workspace"), &Passphrase::new("correct horse battery staple")).unwrap()
}

#[test]
#[ignore = "the other tests start it as a process of its own"]
fn importing() {
    let dir = PathBuf::from(std::env::var(FOLDER).expect("it is started by the other tests"));
    let say = |line: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{line}").unwrap();
        out.flush().unwrap();
    };
    let workspace = open(&dir);
    say("ready");
    match try_import(&workspace, &dir.join("in"), &mut |_, _, _| {}) {
        Ok(report) => say(&format!("taken {}", report.claims)),
        Err(error) => say(&format!("failed {error}").replace('\n', " ")),
    }
}

#[test]
fn a_killed_import_left_nothing_or_everything() {
    let mut desk = Desk::new();
    large(&desk.path("in"));
    let before = state(&desk.workspace);
    let begun = Instant::now();
    let (mut child, mut reader) = importer(desk.dir.path(), None);
    assert_eq!(lines(&mut reader).next().as_deref(), Some("ready"));
    let ready = begun.elapsed();
    assert!(lines(&mut reader).next().is_some_and(|line| line.starts_with("taken")));
    let takes = begun.elapsed() - ready;
    child.wait().unwrap();
    let whole = state(&desk.workspace);
    let dump = desk.dump(&all());
    assert_eq!(whole.objects, LARGE + 1);

    let (mut nothing, mut everything) = (0, 0);
    desk = Desk::new();
    large(&desk.path("in"));
    for kill in 0..KILLS {
        let (mut child, mut reader) = importer(desk.dir.path(), None);
        assert_eq!(lines(&mut reader).next().as_deref(), Some("ready"));
        std::thread::sleep(takes.mul_f64(1.1) * instant() / 0x1_0000);
        child.kill().unwrap();
        child.wait().unwrap();
        let taken = lines(&mut reader).any(|line| line.starts_with("taken"));

        let workspace = open(desk.dir.path());
        let now = state(&workspace);
        if now.position == before.position {
            assert!(!taken, "kill {kill}: it was acknowledged and is gone");
            assert_eq!((now.entities, now.objects), (before.entities.clone(), 0), "kill {kill}");
            nothing += 1;
        } else {
            assert_eq!(
                (now.position, now.entities, now.objects),
                (whole.position, whole.entities.clone(), whole.objects)
            );
            everything += 1;
            sound(&workspace);
            drop(workspace);
            desk = Desk::new();
            large(&desk.path("in"));
        }
    }
    assert!(nothing > KILLS / 8, "{nothing} left nothing, {everything} everything");

    // Objects that a killed import left are encrypted, whole, and found again.
    let workspace = open(desk.dir.path());
    sound(&workspace);
    try_import(&workspace, &desk.path("in"), &mut |_, _, _| {}).unwrap();
    drop(workspace);
    assert_eq!(desk.dump(&all()), dump);
    let report = desk.workspace.verify(&mut |_, _, _| {}).unwrap();
    assert!(report.ok(), "{:?}", report.findings);
    let finished = |path: &&PathBuf| !path.to_string_lossy().ends_with(".part");
    assert_eq!(report.unknown.iter().filter(finished).count(), 0);
}

/// From 0 to 65,535.
fn instant() -> u32 {
    use std::hash::{BuildHasher, RandomState};
    (RandomState::new().hash_one(0) & 0xffff) as u32
}

#[test]
fn an_import_on_a_full_disk_leaves_nothing() {
    let desk = Desk::new();
    large(&desk.path("in"));
    let before = state(&desk.workspace);
    // Enough for the ledger as it is, and for any text; not for all that comes.
    let largest = fs::metadata(desk.workspace.dir().join("ledger.db")).unwrap().len().max(96 * 1024) / 512;
    let (mut child, mut reader) = importer(desk.dir.path(), Some(largest));
    let told: Vec<String> = lines(&mut reader).collect();
    child.wait().unwrap();
    assert!(
        told.iter().any(|line| line.starts_with("failed") && line.contains("nothing of this was recorded")),
        "{told:?}"
    );
    let workspace = open(desk.dir.path());
    assert_eq!(state(&workspace), before);
    sound(&workspace);
    try_import(&workspace, &desk.path("in"), &mut |_, _, _| {}).unwrap();
}
