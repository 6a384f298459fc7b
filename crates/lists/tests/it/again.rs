//! The same list again, a changed one, undo, and what a stop leaves.

use std::ops::ControlFlow;

use ledger::{ClaimState, Item, Retract};
use lists::{Error, Lists, Options, Take, Which};

use super::common::*;

const ROWS: &str = "1,Sok Dara,M,Dara;D,a note,2020-08-13,Phnom Penh\n2,Chea Thu,F,,,2020-08,\n";

#[test]
fn the_same_list_again_adds_nothing() {
    let (_folder, workspace) = workspace();
    let first = rows(&workspace, ROWS, Take::All);
    assert_eq!((first.done().rows_whole, first.done().entities["Person"], first.done().entities["Act"]), (2, 2, 2));
    let before = position(&workspace);
    let again = rows(&workspace, ROWS, Take::All);
    assert_eq!((again.done().rows_unchanged, again.done().claims, again.done().import.clone()), (2, 0, None));
    assert_eq!(position(&workspace), before);
    // Other columns' order, other spaces: the same rows.
    let mapping = map();
    let turned = "name,id,date,sex,alias,note,place\nSok Dara , 1,2020-08-13,M,Dara;D,a note,Phnom Penh\n";
    let turned = file("turned.csv", turned.as_bytes(), &mapping).unwrap();
    assert_eq!(take(&workspace, &turned, &mapping, "arrests", Take::All, false).done().rows_unchanged, 1);
    assert_eq!(position(&workspace), before);
}

#[test]
fn a_changed_row_adds_and_retracts_and_overwrites_nothing() {
    let (_folder, workspace) = workspace();
    rows(&workspace, ROWS, Take::All).done();
    let changed = rows(
        &workspace,
        "1,Sok Dara,M,Dara,a note,2020-08-14,Phnom Penh\n2,Chea Thu,F,,,2020-08,\n3,Tha Lavy,,,,,\n",
        Take::All,
    );
    let report = changed.done();
    assert_eq!(
        (report.rows_changed, report.rows_unchanged, report.claims, report.retracted),
        (1, 1, 4, 2),
        "{}",
        report.to_text(9)
    );
    assert_eq!(people(&workspace)["Sok Dara"], ["2020-08-14"]);
    let reader = reader(&workspace);
    let dara = reader
        .of_schema("Person")
        .unwrap()
        .into_iter()
        .find(|id| values(&reader, *id, "name") == ["Sok Dara"])
        .unwrap();
    let claims = reader.claims_about(dara).unwrap();
    let gone: Vec<_> = claims.iter().filter(|claim| matches!(claim.state, ClaimState::Retracted { .. })).collect();
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0].display, "D");
    // And back again: what it says once more is claimed once more.
    drop(reader);
    assert_eq!(rows(&workspace, ROWS, Take::All).done().claims, 2);
    assert_eq!(people(&workspace)["Sok Dara"], ["2020-08-13"]);
}

#[test]
fn a_row_that_no_longer_tells_of_an_arrest_takes_it_back() {
    let (_folder, workspace) = workspace();
    rows(&workspace, "1,Sok Dara,,,,2020-08-13,\n", Take::All).done();
    // Still an arrest, of no known date: the date goes.
    let report = rows(&workspace, "1,Sok Dara,,,,,\n", Take::All);
    assert_eq!(report.done().retracted, 1);
}

#[test]
fn what_a_person_retracted_stays_retracted() {
    let (_folder, workspace) = workspace();
    rows(&workspace, ROWS, Take::All).done();
    let reading = reader(&workspace);
    let dara = reading
        .of_schema("Person")
        .unwrap()
        .into_iter()
        .find(|id| values(&reading, *id, "name") == ["Sok Dara"])
        .unwrap();
    let note = reading.claims_about(dara).unwrap().into_iter().find(|claim| claim.property == "note").unwrap().id;
    drop(reading);
    let retract = Retract { claim: note, reason: "the note was another person’s".into(), origin: None };
    workspace.ledger.append(&workspace.owner(), vec![Item::Retract(retract)]).unwrap();
    let report = rows(&workspace, "1,Sok Dara,M,Dara;D,a note,2020-08,Phnom Penh\n", Take::All);
    assert_eq!((report.done().stay_retracted, report.done().claims), (1, 1));
    assert!(values(&reader(&workspace), dara, "note").is_empty());
}

#[test]
fn destroyed_words_do_not_come_back() {
    let (_folder, workspace) = workspace();
    rows(&workspace, ROWS, Take::All).done();
    let reading = reader(&workspace);
    let dara = reading
        .of_schema("Person")
        .unwrap()
        .into_iter()
        .find(|id| values(&reading, *id, "name") == ["Sok Dara"])
        .unwrap();
    let name = reading.claims_about(dara).unwrap().into_iter().find(|claim| claim.property == "name").unwrap().id;
    drop(reading);
    workspace.ledger.erase(&workspace.owner(), name, "consent was withdrawn").unwrap();
    let report = rows(&workspace, "1,Sok Dara,M,Dara;D,another note,2020-08-13,Phnom Penh\n", Take::All);
    assert!(report.done().remarks.iter().any(|remark| remark.reason.contains("destroyed")));
    assert!(values(&reader(&workspace), dara, "name").is_empty());
}

#[test]
fn undo_takes_an_import_back_and_the_one_before_stands_again() {
    let (_folder, workspace) = workspace();
    let first = rows(&workspace, ROWS, Take::All).done().import.clone().unwrap();
    let second =
        rows(&workspace, "1,Sok Dara,M,Dara;D,a note,2020-08-14,Phnom Penh\n3,Tha Lavy,,,,2020-09-07,\n", Take::All);
    let second = second.done().import.clone().unwrap();
    let owner = workspace.owner();
    assert!(lists::undo(&workspace, &owner, &Which::Import(second.clone()), " ").is_err());
    let undone = lists::undo(&workspace, &owner, &Which::Import(second[..8].to_owned()), "sent by mistake").unwrap();
    assert_eq!((undone.imports, undone.again), (vec![second.clone()], 1));
    let people_now = people(&workspace);
    assert_eq!(people_now.keys().collect::<Vec<_>>(), ["Chea Thu", "Sok Dara"]);
    assert_eq!(people_now["Sok Dara"], ["2020-08-13"]);
    assert!(lists::undo(&workspace, &owner, &Which::Import(second), "again").is_err());
    // The whole list, with what stood up again.
    let all = lists::undo(&workspace, &owner, &Which::List("Arrests".into()), "the list was a draft").unwrap();
    assert_eq!(all.imports, [first]);
    assert!(people(&workspace).is_empty());
    let reader_now = reader(&workspace);
    let imports = lists::imports(&reader_now).unwrap();
    assert!(imports.iter().all(|import| import.undone.is_some()));
    drop(reader_now);
    // Nothing is lost: it can be taken in again, and then stands.
    assert_eq!(rows(&workspace, ROWS, Take::All).done().claims, 14);
    assert_eq!(people(&workspace).len(), 2);
}

fn objects_in(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { objects_in(&path) } else { 1 }).sum()
}

#[test]
fn a_stopped_import_leaves_nothing() {
    let (folder, workspace) = workspace();
    let mut text = format!("{HEAD}\n");
    for row in 0..3000 {
        text.push_str(&format!("{row},Person {row},,,,2020,\n"));
    }
    let mapping = map();
    let list = file("long.csv", text.as_bytes(), &mapping).unwrap();
    let before = (position(&workspace), objects_in(&folder.path().join("objects")));
    let options = Options::new(&mapping, Some("long"), None).unwrap();
    let mut seen = 0;
    let stopped = lists::import(
        &workspace,
        &workspace.owner(),
        &list,
        &mapping,
        &options,
        &mut |progress| {
            seen = progress.rows;
            if progress.rows >= 2500 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
        None,
    );
    assert!(matches!(stopped, Err(Error::Stopped)));
    assert_eq!(seen, 2500);
    // And one that falls over in the midst of its transaction.
    let fallen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = lists::import(
            &workspace,
            &workspace.owner(),
            &list,
            &mapping,
            &options,
            &mut |progress| {
                assert!(progress.rows < 2000, "the machine stops");
                ControlFlow::Continue(())
            },
            None,
        );
    }));
    assert!(fallen.is_err());
    let objects = objects_in(&folder.path().join("objects"));
    assert_eq!((position(&workspace), objects), before);
    assert!(people(&workspace).is_empty());
    let report = take(&workspace, &list, &mapping, "long", Take::All, false);
    assert_eq!(report.done().rows_whole, 3000);
}

#[test]
fn a_dry_run_says_what_an_import_does() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let list = file("list.csv", format!("{HEAD}\n{ROWS}").as_bytes(), &mapping).unwrap();
    let before = position(&workspace);
    let dry = take(&workspace, &list, &mapping, "arrests", Take::All, true);
    assert_eq!(position(&workspace), before);
    let done = take(&workspace, &list, &mapping, "arrests", Take::All, false);
    assert_eq!((dry.done().claims, &dry.done().entities), (done.done().claims, &done.done().entities));
    assert!(dry.done().to_text(9).contains("nothing was"));
}

#[test]
fn a_list_stays_its_organisation_s() {
    let (_folder, workspace) = workspace();
    rows(&workspace, ROWS, Take::All).done();
    let mapping = map();
    let list = file("list.csv", format!("{HEAD}\n3,Tha Lavy,,,,,\n").as_bytes(), &mapping).unwrap();
    let options = Options::new(&mapping, Some("arrests"), Some("Another")).unwrap();
    let refused = lists::import(
        &workspace,
        &workspace.owner(),
        &list,
        &mapping,
        &options,
        &mut |_| ControlFlow::Continue(()),
        None,
    );
    assert!(refused.unwrap_err().to_string().contains("Samaki"));
    // Nobody says whose it is: as before.
    let options = Options::new(&mapping, Some("arrests"), None).unwrap();
    lists::import(&workspace, &workspace.owner(), &list, &mapping, &options, &mut |_| ControlFlow::Continue(()), None)
        .unwrap();
    let reader = reader(&workspace);
    let known = lists::lists_in(&reader).unwrap();
    assert_eq!((known.len(), known[0].imports.len(), known[0].by.as_deref()), (1, 2, Some("Samaki")));
    assert_eq!(Lists::read(&workspace, &everything(), "Person").unwrap().lists[0].entities, 3);
}

#[test]
fn rows_that_are_gone_are_told_and_taken_back_when_asked() {
    let (_folder, workspace) = workspace();
    rows(&workspace, ROWS, Take::All).done();
    let all = people(&workspace).len();
    let fewer: String = ROWS.lines().skip(1).map(|line| format!("{line}\n")).collect();
    let told = rows(&workspace, &fewer, Take::All);
    assert_eq!((told.done().rows_missing, told.done().retracted, people(&workspace).len()), (1, 0, all));
    let text = told.done().to_text(9);
    assert!(
        text.contains("1 row of the earlier version is not in this file; its claims stand: --retract-missing"),
        "{text}"
    );
    let mapping = map();
    let list = file("list.csv", format!("{HEAD}\n{fewer}").as_bytes(), &mapping).unwrap();
    let mut options = Options::new(&mapping, Some("arrests"), None).unwrap();
    options.retract_missing = true;
    let again = || {
        let go = &mut |_| ControlFlow::Continue(());
        lists::import(&workspace, &workspace.owner(), &list, &mapping, &options, go, None).unwrap()
    };
    let done = again();
    assert!(done.retracted > 0 && done.import.is_some(), "{}", done.to_text(9));
    assert_eq!(people(&workspace).len(), all - 1);
    // Told once; and the row may come back.
    assert_eq!(again().rows_missing, 0);
    rows(&workspace, ROWS, Take::All).done();
    assert_eq!(people(&workspace).len(), all);
}
