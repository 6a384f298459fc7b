//! Figures that need a large ledger and many repetitions: percentiles, memory, sizes. Prints one table.
//!
//! `cargo bench -p ledger --bench report`; `RAPPORTEUR_BENCH_CLAIMS` sets the size (1,000,000), `RAPPORTEUR_BENCH_DIR` a folder that is
//! kept and used again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{BATCH, Random, SEED, entities, entity, fill, percentile};
use ledger::{
    Account, AccountId, Author, CardFilter, Claim, Clearance, Cleared, Genesis, Item, Ledger, Level, Settings,
    SigningKey, Sort, View,
};
use schema::{Registry, Value};

const DURABLE: usize = 2_000;
const VIEWS: usize = 5_000;
const LISTS: usize = 100;

fn settings(folder: &Path) -> Settings {
    Settings {
        database: folder.join("ledger.db"),
        index: folder.join("index.db"),
        key: [5; 32],
        index_key: [6; 32],
        signing: SigningKey::from_seed(&[7; 32]),
        registry: Registry::builtin().expect("the schemata load"),
    }
}

fn author() -> Author {
    Author::new(AccountId::named("owner"))
}

fn say(what: &str, figure: impl std::fmt::Display) {
    println!("{what:<58} {figure}");
}

fn spread(times: &[Duration]) -> String {
    let [half, most] = [50, 95].map(|percent| percentile(times, percent));
    format!("p50 {half:.2?}, p95 {most:.2?}, longest {:.2?}", times.iter().max().copied().unwrap_or_default())
}

fn timed<T>(ask: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let answer = ask();
    (answer, begun.elapsed())
}

/// A line of `/proc/self/status` in MB.
fn memory(line: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status
        .lines()
        .find_map(|text| text.strip_prefix(line))
        .and_then(|rest| rest.trim_start_matches(':').split_whitespace().next()?.parse::<f64>().ok());
    found.map_or("unknown".into(), |kilobytes| format!("{:.0} MB", kilobytes / 1024.0))
}

fn size(folder: &Path, file: &str) -> String {
    let bytes: u64 = ["", "-wal"]
        .iter()
        .filter_map(|suffix| std::fs::metadata(folder.join(format!("{file}{suffix}"))).ok())
        .map(|file| file.len())
        .sum();
    format!("{:.0} MB", bytes as f64 / 1e6)
}

fn main() {
    let wanted =
        std::env::var("RAPPORTEUR_BENCH_CLAIMS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000u64);
    let claims = wanted / BATCH * BATCH;
    if let Ok(folder) = std::env::var("RAPPORTEUR_BENCH_REST") {
        return at_rest(Path::new(&folder), claims);
    }
    let temporary = tempfile::tempdir().expect("a folder");
    let kept = std::env::var("RAPPORTEUR_BENCH_DIR").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or(temporary.path());
    if !folder.join("ledger.db").exists() {
        std::fs::create_dir_all(folder).expect("a folder");
        make(folder, claims);
    }
    say("size of ledger.db", size(folder, "ledger.db"));
    open(folder);
    let ledger = Ledger::open(settings(folder)).expect("it opens");
    views(&ledger, claims);
    durable(&ledger, claims);
    check(&ledger, claims);
    lists(&ledger, folder);
    say("memory after all of this, and the most there ever was", format!("{}, {}", memory("VmRSS"), memory("VmHWM")));
    drop(ledger);
    let again = std::env::current_exe().expect("this program");
    let _ = std::process::Command::new(again).env("RAPPORTEUR_BENCH_REST", folder).status();
}

fn make(folder: &Path, claims: u64) {
    let genesis = Genesis { workspace: [1; 16], name: "Measured".into(), program: "bench".into() };
    let owner = Account { id: author().account, name: "owner".into(), level: Level::Restricted, teams: vec![] };
    let ledger = Ledger::create(settings(folder), genesis, owner).expect("a new ledger");
    let appended = fill(&ledger, &author(), claims, |_| {}).expect("the items are taken");
    let rate = |times: &[Duration]| (times.len() as u64 * BATCH) as f64 / times.iter().sum::<Duration>().as_secs_f64();
    let last = &appended.entries[appended.entries.len() * 9 / 10..];
    say(&format!("append, {claims} claims in entries of {BATCH}"), format!("{:.0} claims/s", rate(&appended.entries)));
    say("append, the last tenth of them", format!("{:.0} claims/s; an entry: {}", rate(last), spread(last)));
}

fn open(folder: &Path) {
    let mut times = Vec::new();
    for n in 0..10 {
        let settings = settings(folder);
        let (_, time) = timed(|| {
            let ledger = Ledger::open(settings).expect("it opens");
            let reader = ledger.read(&View::new(Cleared::to(Level::Internal))).expect("a reader");
            reader.record(entity(n * 7)).expect("an answer")
        });
        times.push(time);
    }
    say("open and a first view, in a process that runs", spread(&times));
}

fn views(ledger: &Ledger, claims: u64) {
    let mut random = Random::new(SEED);
    let mut times = Vec::new();
    for _ in 0..VIEWS {
        let id = entity(random.below(entities(claims)));
        let (found, time) = timed(|| {
            let reader = ledger.read(&View::new(Cleared::to(Level::Internal))).expect("a reader");
            let record = reader.record(id).expect("an answer");
            (record.expect("a record").claims, reader.related(id).expect("an answer").len())
        });
        assert!(found.0 > 0);
        times.push(time);
    }
    say(&format!("view of an entity (record and related), {VIEWS} at random"), spread(&times));
}

fn durable(ledger: &Ledger, claims: u64) {
    let mut random = Random::new(SEED + 2);
    let mut times = Vec::new();
    for n in 0..DURABLE {
        let value = Value::parse(schema::Kind::Text, &format!("a further remark {n}"), None).expect("a value");
        let about = entity(random.below(entities(claims)));
        let claim = Claim {
            no_words: Some("measured".into()),
            clearance: Clearance::public(),
            ..Claim::new(about, "note", &value, entity(0))
        };
        let (receipt, time) = timed(|| ledger.append(&author(), vec![Item::Claim(claim)]));
        receipt.expect("it is taken");
        times.push(time);
    }
    say(&format!("one durable claim, {DURABLE} times"), spread(&times));
}

fn check(ledger: &Ledger, claims: u64) {
    for _ in 0..2 {
        let (report, time) = timed(|| ledger.verify(&mut |_, _| {}).expect("it runs"));
        assert!(report.ok(), "{:?}", report.findings);
        assert!(report.claims >= claims);
        say("verify", format!("{:.0} claims/s ({time:.2?})", report.claims as f64 / time.as_secs_f64()));
    }
}

fn lists(ledger: &Ledger, folder: &Path) {
    let first = CardFilter { limit: 50, ..CardFilter::default() };
    let public = View::public();
    let (_, time) = timed(|| ledger.read(&public).expect("a reader").list(&first).expect("a list"));
    say("index made anew, to the first list", format!("{time:.2?}; index.db {}", size(folder, "index.db")));
    let filters = [
        ("all", first.clone()),
        ("persons", CardFilter { schemata: vec!["Person".into()], ..first.clone() }),
        ("by date", CardFilter { sort: Sort::Date, ..first.clone() }),
        ("newest", CardFilter { sort: Sort::Recent, ..first.clone() }),
        ("words", CardFilter { text: "sok".into(), ..first.clone() }),
        ("rare words", CardFilter { text: "chhunrong vannsam".into(), ..first.clone() }),
        ("every schema", CardFilter { schemata: vec!["*".into()], ..first.clone() }),
        ("every schema, words", CardFilter { schemata: vec!["*".into()], text: "arrest kim".into(), ..first.clone() }),
        ("acts in a window", CardFilter { schemata: vec!["Act".into()], window: window(), ..first.clone() }),
    ];
    for level in common::READERS {
        for (name, filter) in &filters {
            let mut times = Vec::new();
            let mut after = None;
            let mut total = 0;
            for _ in 0..LISTS {
                let filter = CardFilter { after: after.clone(), ..filter.clone() };
                let (page, time) = timed(|| {
                    let reader = ledger.read(&View::new(Cleared::to(level))).expect("a reader");
                    let page = reader.list(&filter).expect("a list");
                    reader.facets(&filter).expect("facets");
                    page
                });
                times.push(time);
                total = page.total;
                after = page.next;
            }
            say(&format!("list and facets, {level}, {name} ({total} cards)"), spread(&times));
        }
    }
}

fn window() -> Option<schema::Date> {
    match Value::parse(schema::Kind::Date, "2020-07/2020-09", None) {
        Ok(Value::Date(date)) => Some(date),
        _ => None,
    }
}

/// A new process with the ledger open, after one list and one view: what a server holds while nobody asks.
fn at_rest(folder: &Path, claims: u64) {
    let settings = settings(folder);
    let before = memory("VmRSS");
    let (ledger, time) = timed(|| Ledger::open(settings).expect("it opens"));
    let (_, view) = timed(|| {
        let reader = ledger.read(&View::new(Cleared::to(Level::Internal))).expect("a reader");
        reader.record(entity(entities(claims) / 2)).expect("an answer")
    });
    say("a new process: open, then a first view", format!("{time:.2?}, then {view:.2?}"));
    let (_, list) = timed(|| {
        ledger
            .read(&View::public())
            .expect("a reader")
            .list(&CardFilter { limit: 50, ..CardFilter::default() })
            .expect("a list")
    });
    say("a new process: its first list", format!("{list:.2?}"));
    views(&ledger, claims);
    say("memory before opening, and at rest after views and a list", format!("{before}, {}", memory("VmRSS")));
}
