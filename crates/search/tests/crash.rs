//! Killed, damaged, shared: the index is a projection, so whatever happens to it costs time and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{Story, entity, id};
use ledger::{Clearance, Cleared, Level};
use search::{Behind, Updated};

/// So many persons, in entries of a hundred.
fn crowd(story: &Story, persons: usize) {
    let paper = story.source("paper");
    for hundred in 0..persons / 100 {
        let mut items = Vec::new();
        for n in 0..100 {
            let name = format!("p{hundred}-{n}");
            items.push(entity(&name, "Person", Clearance::public()));
            items.push(story.said(id(&name), "Person", "name", &format!("Seng Number{n} Of{hundred}"), paper));
        }
        story.append(items);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("search")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The part that is killed: it runs as a child of the test below.
#[test]
#[ignore = "run by the test that kills it"]
fn child() {
    let folder = std::env::var("SEARCH_TEST_FOLDER").unwrap();
    let story = Story::reopen(Path::new(&folder));
    let all = Cleared::to(Level::Restricted);
    loop {
        story.update(&all);
        println!("updated");
        let newcomer = story.entity(&format!("new-{}", story.ledger.position().unwrap()), "Person");
        story.claim(newcomer, "name", "Seng Newcomer", id("paper"));
    }
}

#[test]
fn killed_at_any_instant_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    crowd(&story, 600);
    drop(story);
    let all = Cleared::to(Level::Restricted);
    for round in 0..10 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child", "--nocapture"])
            .env("SEARCH_TEST_FOLDER", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 + 35 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let story = Story::reopen(folder.path());
        let answer = story.ask(&all, "seng");
        let people = story.read(all.clone()).of_schema("Person").unwrap();
        // A newcomer that was killed between its making and its naming has no name.
        let named = people.iter().filter(|id| story.read(all.clone()).label(**id).unwrap().starts_with("Seng")).count();
        assert_eq!((answer.total, answer.exact), (named as u64, true), "round {round}");
    }
}

#[test]
fn a_changed_byte_costs_a_new_index_and_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let all = Cleared::to(Level::Restricted);
    let story = Story::begin(folder.path());
    crowd(&story, 300);
    assert_eq!(story.ask(&all, "seng").total, 300);
    drop(story);
    let sound: Vec<(PathBuf, Vec<u8>)> =
        files(folder.path()).into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    assert!(sound.len() > 5);
    let mut rebuilt = 0;
    for (path, bytes) in sound.iter().filter(|(path, bytes)| !bytes.is_empty() && path.extension().is_none()) {
        for damage in 0..4 {
            for (path, bytes) in &sound {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
            let mut changed = bytes.clone();
            match damage {
                0 => changed[bytes.len() / 2] ^= 1,
                1 => changed[4] ^= 1,
                2 => changed.truncate(bytes.len() - 1),
                _ => changed.clear(),
            }
            std::fs::write(path, changed).unwrap();
            let story = Story::reopen(folder.path());
            let early = story.ask_chosen(&all, "seng", &[]);
            // Either the damage is in nothing that this question needs, or there is no answer yet: never a wrong one.
            assert!(early.total == 300 || matches!(early.behind, Some(Behind::Building { .. })), "{}", path.display());
            rebuilt += u32::from(early.total != 300);
            // The next entry makes the index work on its files.
            story.entity(&format!("late-{damage}-{}", story.ledger.position().unwrap()), "Person");
            let answer = story.ask(&all, "seng");
            assert_eq!((answer.total, answer.exact), (300, true), "{} damage {damage}", path.display());
        }
    }
    assert!(rebuilt > 0);
}

#[test]
fn two_programs_share_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let all = Cleared::to(Level::Restricted);
    let first = Story::begin(folder.path());
    crowd(&first, 200);
    assert_eq!(first.ask(&all, "seng").total, 200);
    // The first keeps the writer. The second reads its commits, and says what it cannot know yet.
    let second = Story::reopen(folder.path());
    let newcomer = second.entity("newcomer", "Person");
    second.claim(newcomer, "name", "Seng Newcomer", id("paper"));
    assert_eq!(second.update(&all), Updated::Busy);
    let answer = second.ask_chosen(&all, "seng", &[]);
    assert_eq!((answer.total, answer.behind), (200, Some(Behind::Entries(2))));
    assert_eq!(first.ask(&all, "seng").total, 201);
    let answer = second.ask_chosen(&all, "seng", &[]);
    assert_eq!((answer.total, answer.exact), (201, true), "the other’s commit is seen");
    drop(first);
    assert!(matches!(second.update(&all), Updated::Done { .. }));
    let late = second.entity("later", "Person");
    second.claim(late, "name", "Seng Later", id("paper"));
    assert_eq!(second.ask(&all, "seng").total, 202, "whoever is left writes");
}

#[test]
fn an_interrupted_building_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let all = Cleared::to(Level::Restricted);
    let story = Story::begin(folder.path());
    crowd(&story, 2_000);
    let texts = |_: &ledger::Reader<'_>, _| None;
    let mut told = Vec::new();
    let stopped = story.search.update(&story.ledger, &all, &texts, &mut |done, of| {
        told.push((done, of));
        told.len() < 2
    });
    assert_eq!(stopped.unwrap(), Updated::Stopped);
    let answer = story.ask_chosen(&all, "seng", &[]);
    assert!(matches!(answer.behind, Some(Behind::Building { done: 1.., of: 2_001 })), "{:?}", answer.behind);
    assert!(answer.total > 0 && !answer.exact, "what is there is found");
    drop(story);
    let story = Story::reopen(folder.path());
    let Updated::Done { written, .. } = story.update(&all) else { panic!("not done") };
    assert!(written < 1_500, "{written}");
    assert_eq!(story.ask(&all, "seng").total, 2_000);
}

#[test]
fn a_ledger_put_back_to_an_older_copy_is_followed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let all = Cleared::to(Level::Restricted);
    let story = Story::begin(folder.path());
    crowd(&story, 100);
    assert_eq!(story.ask(&all, "seng").total, 100);
    drop(story);
    let other = tempfile::tempdir().unwrap();
    let another = Story::begin(other.path());
    let paper = another.source("paper");
    while another.ledger.position().unwrap() < 4 {
        another.claim(paper, "note", "other words", paper);
    }
    drop(another);
    for file in ["ledger.db", "checkpoint"] {
        std::fs::copy(other.path().join(file), folder.path().join(file)).unwrap();
    }
    for file in ["ledger.db-wal", "ledger.db-shm", "index.db", "index.db-wal", "index.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    let story = Story::reopen(folder.path());
    assert_eq!(story.ask(&all, "seng").total, 0);
    assert_eq!(story.ask(&all, "paper").total, 1);
}
