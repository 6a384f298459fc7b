//! Processes of their own that write to a ledger: this test's program, started again as a writer.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use ledger::{Claim, Clearance, Item, Level, View};
use schema::{EntityId, Kind, Value};

use super::{Story, id};

const FOLDER: &str = "LEDGER_TEST_FOLDER";
const RUN: &str = "LEDGER_TEST_RUN";
const ENTRIES: &str = "LEDGER_TEST_ENTRIES";
const WEIGHT: &str = "LEDGER_TEST_WEIGHT";
/// Claims in one entry: an entry is kept whole or not at all.
pub const TOGETHER: usize = 3;

/// A writer's orders: where, under which name, how many entries, and how many bytes each claim is padded to.
pub struct Writer<'a> {
    pub folder: &'a Path,
    pub run: &'a str,
    pub entries: usize,
    pub weight: usize,
    /// Largest file that it may write, in blocks of 512 bytes; what a full disk is like.
    pub limit: Option<u64>,
}

impl Writer<'_> {
    /// Starts it; `test` is the name of the test that calls [`write_if_told`].
    pub fn start(&self, test: &str) -> (Child, BufReader<ChildStdout>) {
        let program = std::env::current_exe().unwrap();
        let mut command = match self.limit {
            None => Command::new(program),
            Some(blocks) => {
                // Without the signal a write beyond the limit fails as on a full disk.
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")).arg(program);
                shell
            }
        };
        command.args(["--exact", test, "--nocapture", "--include-ignored", "--test-threads=1"]);
        command
            .env(FOLDER, self.folder)
            .env(RUN, self.run)
            .env(ENTRIES, self.entries.to_string())
            .env(WEIGHT, self.weight.to_string());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        (child, lines)
    }
}

/// Whether this process was started as a writer; then it writes, one line for each acknowledged entry, and is done.
pub fn write_if_told() -> bool {
    let Ok(folder) = std::env::var(FOLDER) else { return false };
    let number = |name: &str| std::env::var(name).unwrap().parse::<usize>().unwrap();
    let (run, entries, weight) = (std::env::var(RUN).unwrap(), number(ENTRIES), number(WEIGHT));
    let story = Story::reopen(Path::new(&folder));
    say("ready");
    for entry in 0..entries {
        match story.ledger.append(&story.author, claims(&run, entry, weight)) {
            Ok(_) => say(&format!("kept {run}.{entry}")),
            Err(error) => say(&format!("failed {run}.{entry} {error}")),
        }
    }
    say("done");
    true
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{line}").unwrap();
    out.flush().unwrap();
}

/// What a writer says, from one line on.
pub fn lines(reader: &mut impl BufRead) -> impl Iterator<Item = String> {
    reader
        .lines()
        .map_while(Result::ok)
        .filter(|line| ["ready", "kept", "failed", "done"].iter().any(|word| line.starts_with(word)))
}

fn claims(run: &str, entry: usize, weight: usize) -> Vec<Item> {
    let claim = |n: usize| {
        let text = format!("{run}.{entry}.{n} {}", "x".repeat(weight));
        let value = Value::parse(Kind::Text, &text, None).unwrap();
        let source = id("source");
        Item::Claim(Claim {
            no_words: Some("a test".into()),
            clearance: Clearance::public(),
            ..Claim::new(id("person"), "note", &value, source)
        })
    };
    (0..TOGETHER).map(claim).collect()
}

/// A ledger with the person and the source that writers speak of.
pub fn begin(folder: &Path) -> EntityId {
    let story = Story::begin(folder);
    story.source("source");
    story.entity("person", "Person")
}

/// The entries that the ledger has, as the writers name them; each must be whole.
pub fn kept(story: &Story) -> Vec<String> {
    let reader = story.ledger.read(&View::new(ledger::Cleared::to(Level::Restricted))).unwrap();
    let claims = reader.claims_about(id("person")).unwrap();
    let names: Vec<(u64, String)> = claims
        .iter()
        .map(|claim| (claim.position, claim.display.split_whitespace().next().unwrap_or_default().to_owned()))
        .collect();
    assert!(names.len().is_multiple_of(TOGETHER), "entries are whole");
    names
        .chunks(TOGETHER)
        .map(|together| {
            let entry = together[0].1.rsplit_once('.').unwrap().0.to_owned();
            for (n, (position, name)) in together.iter().enumerate() {
                assert_eq!(
                    (*position, name.as_str()),
                    (together[0].0, format!("{entry}.{n}").as_str()),
                    "an entry is whole"
                );
            }
            entry
        })
        .collect()
}
