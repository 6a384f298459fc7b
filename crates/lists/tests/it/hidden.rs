//! Lists and organisations that somebody may not see change nothing that they can observe; and two imports at once.

use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::Duration;

use ledger::{Account, AccountId, Author, Cleared, Item, Level, View};
use lists::{Options, Take, Which};
use workspace::Workspace;

use super::common::*;

const ROWS: &str = "1,Sok Dara,M,,,2020-08-13,Phnom Penh\n2,Chea Thu,F,,,2020-08,\n";

/// Somebody who sees what is public and what partners may see.
fn partner(workspace: &Workspace) -> Author {
    let (id, name) = (AccountId::named("partner"), "Partner".to_owned());
    let account = Account { id, name, level: Level::Partners, teams: Vec::new() };
    workspace.ledger.append(&workspace.owner(), vec![Item::Account(account.clone())]).unwrap();
    Author::new(account.id)
}

fn bring(
    workspace: &Workspace,
    author: &Author,
    list: &str,
    by: &str,
    clearance: &str,
    rows: &str,
) -> Result<lists::Report, lists::Error> {
    let mapping = map();
    let file = file("list.csv", format!("{HEAD}\n{rows}").as_bytes(), &mapping).unwrap();
    let mut options = Options::new(&mapping, Some(list), Some(by)).unwrap();
    options.clearance = clearance.parse().unwrap();
    options.take = Take::Good;
    lists::import(workspace, author, &file, &mapping, &options, &mut |_| ControlFlow::Continue(()), None)
}

#[test]
fn a_hidden_list_and_organisation_are_not_told_of() {
    let (_folder, workspace) = workspace();
    let partner = partner(&workspace);
    bring(&workspace, &workspace.owner(), "Informants", "The quiet ones", "restricted", ROWS).unwrap();
    let own = View::new(Cleared::to(Level::Partners));
    let (_other, clean) = self::workspace();
    let same_partner = self::partner(&clean);

    // The same words and the same outcome, whether the hidden list is there or not.
    for (here, who) in [(&workspace, &partner), (&clean, &same_partner)] {
        let error = lists::undo(here, who, &Which::List("Informants".into()), "a guess").unwrap_err();
        assert_eq!(error.to_string(), "there is no list “Informants”");
        assert_eq!(error.hint(), Some("no list was taken in yet"));
        let report = bring(here, who, "informants", "Somebody else", "partners", ROWS).unwrap();
        assert_eq!((report.rows_unchanged, report.entities["Person"], report.claims), (0, 2, 11));
        let report = bring(here, who, "A third", "The Quiet Ones", "partners", ROWS).unwrap();
        assert_eq!(report.entities["Person"], 2);
        let reader = here.ledger.read(&own).unwrap();
        let lists = lists::lists_in(&reader).unwrap();
        let by: Vec<&str> = lists.iter().filter_map(|list| list.by.as_deref()).collect();
        assert_eq!(by, ["Somebody else", "The Quiet Ones"]);
        for list in &lists {
            let asserter = list.asserter.as_ref().unwrap().parse().unwrap();
            assert_eq!(&reader.label(asserter).unwrap(), list.by.as_ref().unwrap());
        }
    }
    // The hidden one is as it was, and both stand beside each other for whoever sees both.
    let all = lists::lists_in(&reader(&workspace)).unwrap();
    assert_eq!(all.len(), 3);
    let error = bring(&workspace, &partner, "More", "X", "restricted", ROWS).unwrap_err().to_string();
    assert!(error.contains("could not see"), "{error}");
}

#[test]
fn an_organisation_hidden_later_is_no_longer_named() {
    let (_folder, workspace) = workspace();
    bring(&workspace, &workspace.owner(), "Arrests", "The quiet ones", "partners", ROWS).unwrap();
    let asserter = lists::lists_in(&reader(&workspace)).unwrap()[0].asserter.clone().unwrap();
    let classify = ledger::Classify {
        target: ledger::Target::Entity(asserter.parse().unwrap()),
        clearance: "restricted".parse().unwrap(),
        reason: "they asked for it".into(),
    };
    workspace.ledger.append(&workspace.owner(), vec![Item::Classify(classify)]).unwrap();
    let own = workspace.ledger.read(&View::new(Cleared::to(Level::Partners))).unwrap();
    let told = serde_json::to_string(&lists::lists_in(&own).unwrap()).unwrap();
    assert!(told.contains("Arrests") && !told.contains("quiet") && !told.contains(&asserter), "{told}");
}

#[test]
fn of_two_imports_at_once_the_second_begins_anew() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let list = file("list.csv", format!("{HEAD}\n{ROWS}").as_bytes(), &mapping).unwrap();
    let options = Options::new(&mapping, Some("arrests"), Some("Samaki")).unwrap();
    let (begun, wait) = mpsc::channel();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            let mut told = false;
            let mut slow = |_: lists::Progress| {
                if !std::mem::replace(&mut told, true) {
                    begun.send(()).unwrap();
                    // The other one has looked at the ledger by then, and waits to write.
                    std::thread::sleep(Duration::from_millis(400));
                }
                ControlFlow::Continue(())
            };
            lists::import(&workspace, &workspace.owner(), &list, &mapping, &options, &mut slow, None)
        });
        wait.recv().unwrap();
        let again = file("list.csv", format!("{HEAD}\n{ROWS}").as_bytes(), &mapping).unwrap();
        let second = take(&workspace, &again, &mapping, "arrests", Take::All, false);
        assert_eq!(first.join().unwrap().unwrap().claims, 11);
        assert_eq!((second.done().rows_unchanged, second.done().claims), (2, 0));
    });
    assert_eq!(people(&workspace).len(), 2);
}
