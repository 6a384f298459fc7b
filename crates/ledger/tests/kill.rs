//! What was acknowledged survives `kill -9` at any instant; what was not leaves no trace, or is there whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::HashSet;
use std::time::Duration;

use common::Story;
use common::child::{Writer, begin, kept, lines, write_if_told};
use common::raw::verify;

const KILLS: usize = 240;

#[test]
#[ignore = "the other tests start it as a process of its own"]
fn writer() {
    assert!(write_if_told(), "it is started by the other tests");
}

#[test]
fn an_acknowledged_entry_survives_a_kill_at_any_instant() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let mut acknowledged: HashSet<String> = HashSet::new();
    let mut killed_while_writing = 0;
    for run in 0..KILLS {
        let run = run.to_string();
        let writer = Writer { folder: folder.path(), run: &run, entries: 100_000, weight: 200, limit: None };
        let (mut child, mut reader) = writer.start("writer");
        assert_eq!(lines(&mut reader).next().as_deref(), Some("ready"));
        std::thread::sleep(instant());
        child.kill().unwrap();
        child.wait().unwrap();
        // What stands in the pipe was acknowledged before the kill.
        let told: Vec<String> =
            lines(&mut reader).filter_map(|line| line.strip_prefix("kept ").map(str::to_owned)).collect();
        killed_while_writing += usize::from(!told.is_empty());
        acknowledged.extend(told);

        let story = Story::reopen(folder.path());
        let found = kept(&story);
        let unique: HashSet<&String> = found.iter().collect();
        assert_eq!(unique.len(), found.len(), "nothing is there twice");
        for entry in &acknowledged {
            assert!(unique.contains(entry), "run {run}: {entry} was acknowledged and is gone");
        }
        // One entry may have been committed and its acknowledgement cut off; more may not.
        let unacknowledged = found
            .iter()
            .filter(|entry| entry.starts_with(&format!("{run}.")) && !acknowledged.contains(*entry))
            .count();
        assert!(unacknowledged <= 1, "run {run}: {unacknowledged} entries that nobody was told of");
        acknowledged.extend(found);
        if run.ends_with('9') {
            let report = story.ledger.verify(&mut |_, _| {}).unwrap();
            assert!(report.ok(), "run {run}: {:?}", report.findings);
        }
    }
    // On a busy machine many a writer dies before its first entry: what counts is that enough did not.
    assert!(killed_while_writing >= 20, "only {killed_while_writing} of {KILLS} were killed in the midst of writing");
    assert!(verify(folder.path()).unwrap().ok());
}

/// From 1 to 30 milliseconds.
fn instant() -> Duration {
    let mut bytes = [0; 2];
    getrandom::fill(&mut bytes).unwrap();
    Duration::from_micros(1_000 + u64::from(u16::from_le_bytes(bytes)) % 29_000)
}

#[test]
fn two_processes_write_at_once_and_both_are_heard() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let writers = ["left", "right"]
        .map(|run| Writer { folder: folder.path(), run, entries: 60, weight: 20, limit: None }.start("writer"));
    let story = Story::reopen(folder.path());
    for (mut child, mut reader) in writers {
        // A third one reads and checks while they write.
        let report = story.ledger.verify(&mut |_, _| {}).unwrap();
        assert!(report.ok(), "{:?}", report.findings);
        let told: Vec<String> = lines(&mut reader).collect();
        assert_eq!(told.iter().filter(|line| line.starts_with("kept")).count(), 60, "{told:?}");
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(kept(&story).len(), 120);
    assert!(story.ledger.verify(&mut |_, _| {}).unwrap().ok());
}

#[test]
fn a_full_disk_refuses_the_entry_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let blocks = 900;
    let writer = Writer { folder: folder.path(), run: "full", entries: 40, weight: 8_000, limit: Some(blocks) };
    let (mut child, mut reader) = writer.start("writer");
    let told: Vec<String> = lines(&mut reader).collect();
    assert!(child.wait().unwrap().success(), "it does not fall over: {told:?}");
    let said = |word: &str| told.iter().filter(|line| line.starts_with(word)).cloned().collect::<Vec<_>>();
    let (taken, refused) = (said("kept"), said("failed"));
    assert!(!taken.is_empty() && !refused.is_empty(), "{told:?}");
    assert!(refused.iter().all(|line| line.contains("nothing of this was recorded")), "{refused:?}");

    let story = Story::reopen(folder.path());
    assert_eq!(kept(&story).len(), taken.len(), "what was refused left no trace");
    assert!(story.ledger.verify(&mut |_, _| {}).unwrap().ok());
    drop(story);
    let (mut child, mut reader) = Writer { run: "after", entries: 3, limit: None, ..writer }.start("writer");
    let told: Vec<String> = lines(&mut reader).collect();
    assert!(child.wait().unwrap().success());
    assert_eq!(told.iter().filter(|line| line.starts_with("kept")).count(), 3, "with space again it goes on: {told:?}");
    assert!(verify(folder.path()).unwrap().ok());
}
