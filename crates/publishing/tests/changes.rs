//! What changed since the draft was recorded is marked, though the draft does not say what it was.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Case, id};
use ledger::{AsOf, Classify, Clearance, Item, Judge, Level, Target, Verdict};
use publishing::{Composed, compose_from, fragment};

const BODY: &str =
    "In all [[figure:arrested]]; on [[fact:rc1-verdict.date]] to [[fact:rc1-verdict.sentence]], in [[fact:rc1.court]].";

/// The letter as it is now, of a draft that was recorded at that position.
fn since(case: &Case, recorded: u64) -> Composed {
    let mut draft = Case::draft("", BODY);
    draft.recorded = Some(recorded);
    let letter = compose_from(&case.workspace.ledger, &draft, AsOf::Now).unwrap();
    assert_eq!(letter.unresolved, []);
    letter
}

fn position(case: &Case) -> u64 {
    case.workspace.ledger.position().unwrap()
}

/// Reference, then, now.
fn changes(letter: &Composed) -> Vec<(&str, &str, &str)> {
    letter.changes.iter().map(|c| (c.reference.as_str(), c.drafted.as_str(), c.now.as_str())).collect()
}

fn arrest(case: &Case, act: &str, person: &str) {
    case.entity(person, "Person", Clearance::public());
    case.entity(act, "Act", Clearance::public());
    for (property, value) in [
        ("type", "arrest"),
        ("victim", &id(person).to_string()),
        ("victimGroup", "human-rights-defender"),
        ("date", "2020-08-13"),
    ] {
        case.say(act, property, value, "lic300");
    }
}

#[test]
fn figures_and_facts_are_set_against_what_they_were_then() {
    let case = Case::new();
    case.define_figure();
    let recorded = position(&case);
    assert_eq!(changes(&since(&case, recorded)), []);
    arrest(&case, "act-2", "another");
    case.say("rc1-verdict", "sentence", "20 months", "cd1");
    case.prefer_last("rc1-verdict", "sentence");
    let letter = since(&case, recorded);
    assert_eq!(
        changes(&letter),
        [("figure:arrested", "1 person", "2 persons"), ("fact:rc1-verdict.sentence", "24 months", "20 months")]
    );
    assert_eq!(letter.made[0].drafted.as_deref(), Some("1 person"));
    assert!(fragment(&letter).contains("[changed since the draft, which said 1 person]"));
    assert_eq!(changes(&since(&case, position(&case))), [], "a draft that is recorded anew stands for today");

    // What the draft says itself comes first; without a position only that is compared.
    let mut draft = Case::draft("", "In all [[figure:arrested|drafted 2]].");
    draft.recorded = Some(recorded);
    assert_eq!(changes(&compose_from(&case.workspace.ledger, &draft, AsOf::Now).unwrap()), []);
    draft = Case::draft("", BODY);
    assert_eq!(changes(&compose_from(&case.workspace.ledger, &draft, AsOf::Now).unwrap()), []);
}

#[test]
fn what_was_not_there_then_has_not_changed() {
    let case = Case::new();
    let recorded = position(&case);
    case.define_figure();
    assert_eq!(changes(&since(&case, recorded)), [], "the figure is newer than the draft");
    assert_eq!(changes(&since(&case, 1)), [], "and so is everything else");
}

#[test]
fn another_label_is_no_other_value() {
    let case = Case::new();
    case.define_figure();
    let recorded = position(&case);
    case.entity("pp-court", "PublicBody", Clearance::public());
    case.say("pp-court", "name", "Phnom Penh Court of First Instance", "cd1");
    let judge =
        Judge { a: id("court"), b: id("pp-court"), verdict: Verdict::Same, reason: "one court".into(), origin: None };
    case.append(vec![Item::Judge(judge)]);
    assert_eq!(changes(&since(&case, recorded)), []);
}

#[test]
fn an_earlier_value_that_is_hidden_by_now_is_not_told() {
    let case = Case::new();
    case.define_figure();
    arrest(&case, "act-2", "another");
    let recorded = position(&case);
    for target in [Target::Entity(id("act-2")), Target::Claim(case.claims_of("rc1-verdict", "sentence")[0])] {
        let clearance = Clearance::from(Level::Restricted);
        case.append(vec![Item::Classify(Classify { target, clearance, reason: "named in error".into() })]);
    }
    case.say("rc1-verdict", "sentence", "20 months", "cd1");
    let letter = since(&case, recorded);
    let gone = "something that is no longer in this view";
    assert_eq!(
        changes(&letter),
        [("figure:arrested", gone, "1 person"), ("fact:rc1-verdict.sentence", gone, "20 months")]
    );
}
