//! How fast a list goes in: `cargo run --release --workspace --example import -- [ROWS] [DIR]`.
//!
//! Makes a list of ROWS rows (50,000) of ten columns from a seed, in a workspace with the real parameters, and imports it: the whole, each
//! tenth, memory; the same list again; one row in fifty changed; who is on it; undo. The same number of rows gives the same file everywhere.
//! `-- huge` imports a list with one cell of a gigabyte among good rows. `-- convert` is the child that opens workbooks, for the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ledger::{Cleared, Level, View};
use lists::{ListFile, Lists, Mapping, Options, Take, Unpacker, Which};
use workspace::{Passphrase, Workspace};

const MAP: &str = r#"
[file]
key = "rec_id"
dates = "day-first"
[[entity]]
name = "person"
schema = "Person"
required = "name"
[entity.properties]
name = { columns = ["family name", "given name"], join = " | " }
gender = "sex"
birthDate = "date of birth"
occupation = "occupation"
[[entity]]
name = "arrest"
schema = "Act"
[entity.properties]
type = { value = "arrest" }
victim = { entity = "person" }
date = "arrest date"
place = "place"
statedReason = "charge"
account = "account"
"#;

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.next() % words.len() as u64).unwrap_or(0)]
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

const FAMILY: [&str; 12] =
    ["Sok", "Chea", "Chan", "Kong", "Long", "Mean", "Phuon", "Rong", "Seng", "Tha", "Thun", "Ton"];
const GIVEN: [&str; 14] = [
    "Dara", "Sopheak", "Kunthea", "Ratha", "Lavy", "Malai", "Saray", "Prommony", "Nimol", "Vannak", "Daravy", "Sam An",
    "Sithar", "Chhun",
];
const WORK: [&str; 6] = ["garment worker", "monk", "student", "farmer", "journalist", "teacher"];
const PLACES: [&str; 6] =
    ["Phnom Penh", "Koh Kong", "Tbong Khmum", "Siem Reap", "Battambang", "Freedom Park, Phnom Penh"];
const CHARGES: [&str; 4] = ["incitement", "plotting", "defamation", "obstruction of officials"];

/// `changed`: of every so many rows, one has another date.
fn list(rows: u64, changed: Option<u64>) -> String {
    let mut random = Random(2020);
    let mut text =
        String::from("rec_id,family name,given name,sex,date of birth,occupation,arrest date,place,charge,account\n");
    for row in 0..rows {
        let birth = match random.below(3) {
            0 => format!("{}", 1950 + random.below(55)),
            1 => format!("{:02}/{}", 1 + random.below(12), 1950 + random.below(55)),
            _ => format!("{:02}/{:02}/{}", 1 + random.below(28), 1 + random.below(12), 1950 + random.below(55)),
        };
        let mut year = 2015 + random.below(9);
        if changed.is_some_and(|every| row % every == 0) {
            year += 1;
        }
        let arrest = format!("{:02}/{:02}/{year}", 1 + random.below(28), 1 + random.below(12));
        let (family, given) = (random.of(&FAMILY), random.of(&GIVEN));
        writeln!(
            text,
            "KH-{row:07},{family},{given},{},{birth},{},{arrest},\"{}\",{},\"Taken from home, at {} in the morning; family told after {} days.\"",
            random.of(&["M", "F"]),
            random.of(&WORK),
            random.of(&PLACES),
            random.of(&CHARGES),
            random.below(12),
            random.below(9)
        )
        .unwrap();
    }
    text
}

fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0) / 1024
}

/// Seconds of computing so far, in user and system.
fn computed() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = |at: usize| after.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn import(workspace: &Workspace, path: &std::path::Path, what: &str) -> Duration {
    let mapping = Mapping::read(MAP, "MAP.toml").unwrap();
    let (begun, computing) = (Instant::now(), computed());
    let mut marks: Vec<(u64, Duration)> = Vec::new();
    let file = ListFile::open(path, &mapping.file, &Unpacker::here()).unwrap();
    let mut options = Options::new(&mapping, Some("measured"), Some("Measurer")).unwrap();
    options.take = Take::All;
    let report = lists::import(
        workspace,
        &workspace.owner(),
        &file,
        &mapping,
        &options,
        &mut |progress| {
            marks.push((progress.rows, begun.elapsed()));
            ControlFlow::Continue(())
        },
        None,
    )
    .unwrap();
    let took = begun.elapsed();
    println!(
        "{what}: {took:.2?} ({:.1} s of computing); {} rows ({} unchanged, {} changed), {} claims, {} retracted; at most {} MB of memory",
        computed() - computing,
        report.rows,
        report.rows_unchanged,
        report.rows_changed,
        report.claims,
        report.retracted,
        memory()
    );
    let all = marks.last().map_or(0, |mark| mark.0);
    let at = |share: u64| marks.iter().find(|mark| mark.0 * 10 >= all * share).map_or(took, |mark| mark.1);
    if all >= 10_000 {
        let tenths: Vec<String> =
            (1..=10).map(|tenth| format!("{:.2}", (at(tenth) - at(tenth - 1)).as_secs_f64())).collect();
        println!(
            "  each tenth, in seconds: {}; the rest (durable): {:.2}",
            tenths.join(" "),
            (took - at(10)).as_secs_f64()
        );
    }
    took
}

/// From here on the most memory is counted anew (Linux).
fn forget_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn huge(workspace: &Workspace, path: &std::path::Path) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let good = list(3, None);
    let rows: Vec<&str> = good.lines().collect();
    std::io::Write::write_all(&mut out, format!("{}\n{}\n", rows[0], rows[1]).as_bytes()).unwrap();
    std::io::Write::write_all(&mut out, b"KH-9,Sok,Dara,M,1990,monk,13/08/2020,Phnom Penh,incitement,\"").unwrap();
    let piece = vec![b'x'; 1 << 20];
    (0..1024).for_each(|_| std::io::Write::write_all(&mut out, &piece).unwrap());
    std::io::Write::write_all(&mut out, format!("\"\n{}\n", rows[2]).as_bytes()).unwrap();
    drop(out);
    forget_memory();
    let mapping = Mapping::read(MAP, "MAP.toml").unwrap();
    let begun = Instant::now();
    let file = ListFile::open(path, &mapping.file, &Unpacker::here()).unwrap();
    let mut options = Options::new(&mapping, Some("huge"), None).unwrap();
    options.take = Take::Good;
    let author = workspace.owner();
    let report =
        lists::import(workspace, &author, &file, &mapping, &options, &mut |_| ControlFlow::Continue(()), None).unwrap();
    println!("{}", report.to_text(10));
    println!("a list of {} MB: {:.2?}; at most {} MB of memory", file.size >> 20, begun.elapsed(), memory());
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.peek().is_some_and(|word| word == "convert") {
        return text::serve_child_with(lists::extract);
    }
    let only_huge = arguments.peek().is_some_and(|word| word == "huge");
    let rows: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(50_000);
    let dir =
        arguments.next().map_or_else(|| std::env::temp_dir().join(format!("lists-{}", std::process::id())), Into::into);
    let passphrase = Passphrase::new("measured and not secret");
    let (workspace, _) =
        Workspace::create(&dir, "Measured", "Measurer", &passphrase, workspace::Options::default()).unwrap();
    let path = dir.with_extension("csv");
    if only_huge {
        huge(&workspace, &path);
        drop(workspace);
        let _ = (std::fs::remove_file(&path), std::fs::remove_dir_all(&dir));
        return ExitCode::SUCCESS;
    }
    let text = list(rows, None);
    println!("{rows} rows of ten columns, {:.1} MB; at most {} MB of memory before", text.len() as f64 / 1e6, memory());
    std::fs::write(&path, text).unwrap();
    forget_memory();
    import(&workspace, &path, "import");
    let size = std::fs::metadata(dir.join("ledger.db")).map_or(0, |file| file.len());
    println!("ledger.db: {:.0} MB", size as f64 / 1e6);
    import(&workspace, &path, "the same again");
    std::fs::write(&path, list(rows, Some(50))).unwrap();
    import(&workspace, &path, "one row in fifty changed");
    let begun = Instant::now();
    let lists = Lists::read(&workspace, &View::new(Cleared::to(Level::Restricted)), "Person").unwrap();
    println!(
        "who is on it: {:.2?}; {} entities; at most {} MB of memory",
        begun.elapsed(),
        lists.documented(),
        memory()
    );
    let begun = Instant::now();
    let undone = lists::undo(&workspace, &workspace.owner(), &Which::List("measured".into()), "measured").unwrap();
    println!("undo: {:.2?}; {} claims retracted; at most {} MB of memory", begun.elapsed(), undone.retracted, memory());
    drop(workspace);
    let _ = std::fs::remove_file(&path);
    let _ = std::fs::remove_dir_all(&dir);
    ExitCode::SUCCESS
}
