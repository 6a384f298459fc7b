//! Several entries in one transaction: all of them or none, whatever ends it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use common::{Story, entity, id};
use ledger::{Clearance, Cleared, Error, Item, Judge, Level, Prefer, Transaction, Verdict, View};

fn everything() -> View {
    View::new(Cleared::to(Level::Restricted))
}

fn person(name: &str) -> Item {
    entity(name, "Person", Clearance::public())
}

fn same(a: &str, b: &str) -> Item {
    Item::Judge(Judge { a: id(a), b: id(b), verdict: Verdict::Same, reason: "a test".into(), origin: None })
}

/// Something that no ledger takes: a claim about nobody.
fn impossible(story: &Story) -> Item {
    story.said(id("nobody"), "title", "nothing", id("nowhere"))
}

/// Whether everything is as it was: entries, checkpoint inside and beside, what can be read.
fn as_before(story: &Story, position: u64) {
    assert_eq!(story.ledger.position().unwrap(), position);
    let reader = story.read();
    assert_eq!(reader.position(), position);
    assert_eq!(reader.schema_of(id("new")).unwrap(), None);
    let report = story.ledger.verify(&mut |_, _| {}).unwrap();
    assert!(report.ok(), "{:?}", report.findings);
}

#[test]
fn entries_of_a_transaction_build_on_each_other_and_appear_together() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let before = story.ledger.position().unwrap();
    let claim = story
        .ledger
        .append_all_with(&story.author, |transaction: &mut Transaction<'_>| {
            transaction.append(vec![person("new"), entity("note", "Document", Clearance::public())])?;
            let said = story.said(id("note"), "title", "A note", id("note"));
            let claim = transaction.append(vec![said.clone()])?.claims[0];
            // What has no address before it is sealed has one now.
            transaction.append(vec![Item::Prefer(Prefer { claim, reason: "a test".into(), origin: None })])?;
            assert_eq!(transaction.append_new(vec![person("new")])?.skipped, 1, "known since the first entry");

            let reader = transaction.read(&everything())?;
            assert_eq!((reader.position(), reader.label(id("note"))?.as_str()), (before + 3, "A note"));
            assert_eq!(story.ledger.position()?, before, "nobody else sees it yet");
            assert_eq!(story.read().schema_of(id("new"))?, None);
            Ok::<_, Error>(claim)
        })
        .unwrap();
    let reader = story.read();
    assert_eq!(reader.position(), before + 3);
    assert_eq!(reader.claim(claim).unwrap().unwrap().preferred_because.as_deref(), Some("a test"));
    assert!(story.ledger.verify(&mut |_, _| {}).unwrap().ok());
    let beside = std::fs::read_to_string(folder.path().join("checkpoint")).unwrap();
    assert_eq!(beside, story.ledger.checkpoint().unwrap());
}

#[test]
fn an_entry_that_is_refused_takes_all_before_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let before = story.ledger.position().unwrap();
    let error = story
        .ledger
        .append_all_with(&story.author, |transaction| {
            transaction.append(vec![person("new")])?;
            transaction.append(vec![person("another"), impossible(&story)])
        })
        .unwrap_err();
    assert!(matches!(error, Error::Item { number: 2, .. }), "{error}");
    as_before(&story, before);
    story.append(vec![person("new")]);
    assert_eq!(story.ledger.position().unwrap(), before + 1);
}

#[test]
fn an_error_that_is_passed_over_is_an_error_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let before = story.ledger.position().unwrap();
    let ended = story.ledger.append_all_with(&story.author, |transaction| {
        transaction.append(vec![person("new")])?;
        assert!(transaction.append(vec![impossible(&story)]).is_err());
        assert!(transaction.append(vec![person("another")]).is_err(), "it is over");
        Ok::<_, Error>(())
    });
    assert!(matches!(ended, Err(Error::Refused { .. })));
    as_before(&story, before);
}

#[test]
fn a_panic_takes_everything_back_and_the_next_can_write() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let before = story.ledger.position().unwrap();
    let ended = catch_unwind(AssertUnwindSafe(|| {
        story.ledger.append_all_with(&story.author, |transaction| -> Result<(), Error> {
            transaction.append(vec![person("new")])?;
            panic!("cancelled")
        })
    }));
    assert!(ended.is_err());
    as_before(&story, before);
    story.append(vec![person("new")]);
}

#[test]
fn a_judgement_that_was_taken_back_is_remembered_by_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    story.append(["a", "b", "c", "d"].map(person).into());
    let ended = story.ledger.append_all_with(&story.author, |transaction| -> Result<(), Error> {
        transaction.append(vec![same("a", "b")])?;
        let reader = transaction.read(&everything())?;
        assert_eq!(reader.shown_as(id("a")), reader.shown_as(id("b")));
        Err(Error::Busy)
    });
    assert!(ended.is_err());
    // The next judgement has the number that the forgotten one had.
    story.append(vec![same("c", "d")]);
    let reader = story.read();
    assert_ne!(reader.shown_as(id("a")), reader.shown_as(id("b")));
    assert_eq!(reader.shown_as(id("c")), reader.shown_as(id("d")));
}
