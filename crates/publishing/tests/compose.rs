//! From a small ledger to a letter: through the doors that users have.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Case, id, without_tags};
use ledger::{AsOf, Clearance, Cleared, Level, View};
use publishing::model::{Says, plain};
use publishing::{Composed, Error, compose, compose_from, fragment, html, pdf};

/// What stands in place of a reference to what is not in the view.
const UNSEEN: &str = "a reference that is not in this view";

#[test]
fn facts_names_and_citations() {
    let case = Case::new();
    let said = without_tags(&case.said(
        "[[name:rong-chhun]] was sentenced on [[fact:rc1-verdict.date]] to [[fact:rc1-verdict.sentence]]. [[cite:lic300|para. 4]] \
         Of [[fact:bm-set.number]] benchmarks, and [[name:rong-chhun]].",
    ));
    assert_eq!(
        said,
        "Rong Chhun (រ៉ុង ឈុន) was sentenced on 18 August 2021 to 24 months.1,2 Of 20 benchmarks,1 and Rong Chhun."
    );
}

#[test]
fn the_same_source_is_the_same_note() {
    let case = Case::new();
    let letter = case.compose("", "A.[[cite:lic300]] B.[[cite:cd1]] C.[[cite:lic300]] D.[[cite:lic300|para. 4]]");
    assert_eq!(letter.notes.len(), 3);
    assert_eq!(letter.notes[0].marks, 2);
    match &letter.notes[0].says {
        Says::Full { title, details, url, .. } => {
            assert_eq!(plain(title), "Flash news on the <verdict>");
            assert_eq!(plain(details), "LICADHO, 18 August 2021");
            assert_eq!(url.as_deref(), Some("https://www.licadho-cambodia.org/flashnews.php?perm=300&x=1"));
        }
        other => panic!("{other:?}"),
    }
    assert!(
        matches!(&letter.notes[2].says, Says::Again { number: 1, pinpoint: Some(words), .. } if plain(words) == "para. 4")
    );
    assert!(fragment(&letter).contains("<cite>Flash news on the &lt;verdict&gt;</cite>, LICADHO, 18 August 2021"));
}

#[test]
fn the_annex_shows_the_ladder_and_the_other_account() {
    let case = Case::new();
    let letter = case.compose("annex: {title: Cases, entities: [rc1]}\n", "Text.");
    let page = without_tags(&fragment(&letter));
    for needed in [
        "Defendant\nRong Chhun (រ៉ុង ឈុន)",
        "Phnom Penh Municipal Court",
        "31 July 2020Arrest",
        "18 August 2021Verdict: 24 months",
        "Another account: Cambodia Daily gives 17 August 2021 (verdict, date)",
    ] {
        assert!(page.replace("DefendantRong", "Defendant\nRong").contains(needed), "“{needed}” is not in: {page}");
    }
    assert!(!page.contains("Verdict: 24 months; court:"), "a step does not repeat its case's court");
    assert_eq!(pdf(&letter).unwrap(), pdf(&letter).unwrap());
}

#[test]
fn the_annex_tells_two_accounts_that_may_both_be_true() {
    let case = Case::new();
    let sentence = |key: &str, preferred: &str, others: &[&str]| {
        case.entity(key, "ProceedingStep", Clearance::public());
        case.say(key, "proceeding", &id("rc1").to_string(), "lic300");
        case.say(key, "type", "sentence", "lic300");
        case.say(key, "sentence", preferred, "lic300");
        case.prefer_first(key, "sentence");
        for other in others {
            case.say(key, "sentence", other, "cd1");
        }
    };
    sentence("s1", "18 months, supervised", &["18 months, suspended all", "18 months"]);
    let page = without_tags(&fragment(&case.compose("annex: {title: Cases, entities: [rc1]}\n", "Text.")));
    let other = "Another account: Cambodia Daily gives 18 months, all suspended (sentence, sentence)";
    assert!(page.contains(other), "{page}");
    assert_eq!(
        page.matches("Another account").count(),
        2,
        "the other is the date; what is only less precise is none: {page}"
    );
}

#[test]
fn a_figure_that_changed_is_marked_and_one_that_did_not_is_not() {
    let case = Case::new();
    case.define_figure();
    let same = case.compose("", "In all [[figure:arrested|drafted 1]].");
    assert_eq!((same.changes.len(), same.unresolved.len()), (0, 0), "{:?}", same.unresolved);
    let changed = case.compose("", "In all [[figure:arrested|drafted 14..20]], twice [[figure:arrested]].");
    assert_eq!(changed.changes.len(), 1);
    assert_eq!(changed.changes[0].line, 6);
    assert_eq!(changed.made.len(), 1, "one figure is told once");
    let page = fragment(&changed);
    assert!(page.contains("<mark class=\"changed\">"));
    assert!(page.contains("which said 14 to 20]") || page.contains("which said 14–20]"), "{page}");
    let labels: Vec<&str> = changed.made[0].lines.iter().map(|(label, _)| label.as_str()).collect();
    for needed in ["Definition", "Unit", "Window", "Standard of proof", "Ledger position", "Digest"] {
        assert!(labels.contains(&needed), "{needed} is not told of a figure");
    }
}

#[test]
fn a_figure_of_another_standard_is_computed_in_its_own_view() {
    let case = Case::new();
    case.define_figure();
    let draft = Case::draft("clearance: internal\nstandard: corroborated\n", "In all [[figure:arrested]].");
    let letter = compose_from(&case.workspace.ledger, &draft, AsOf::Now).unwrap();
    assert_eq!(letter.unresolved, []);
    assert!(
        letter.made[0]
            .lines
            .iter()
            .any(|(label, words)| label == "Standard of proof" && plain(words) == "All allegations")
    );
}

#[test]
fn a_fact_that_changed_is_marked() {
    let case = Case::new();
    let letter =
        case.compose("", "On [[fact:rc1-verdict.date|drafted 2021-08-17]] and [[fact:bm-set.number|drafted 20]].");
    assert_eq!(letter.changes.len(), 1);
    assert_eq!(
        (letter.changes[0].drafted.as_str(), letter.changes[0].now.as_str()),
        ("17 August 2021", "18 August 2021")
    );
}

#[test]
fn what_cannot_be_answered_is_said_and_listed() {
    let case = Case::new();
    let letter = case.compose(
        "signatories: [nobody]\n",
        "See [[cite:nothing]] and [[fact:rc1.birthday]]\nand [[figure:none]] and [[name:Rong Chhun]].",
    );
    let lines: Vec<(usize, &str)> = letter.unresolved.iter().map(|item| (item.line, item.reference.as_str())).collect();
    assert_eq!(
        lines,
        [(7, UNSEEN), (7, "fact:rc1.birthday"), (8, UNSEEN), (8, UNSEEN), (5, UNSEEN)],
        "a label is no key"
    );
    assert!(fragment(&letter).contains("[not resolved: fact:rc1.birthday]"));
}

#[test]
fn only_a_reader_of_exactly_that_clearance() {
    let case = Case::new();
    let draft = Case::draft("clearance: partners\n", "Text.");
    for level in [Level::Public, Level::Internal, Level::Restricted] {
        let reader = case.workspace.ledger.read(&View::new(Cleared::to(level))).unwrap();
        let error = compose(&reader, &draft).unwrap_err();
        assert!(matches!(error, Error::Clearance { .. }), "{error}");
        assert!(error.to_string().contains("exactly partners"), "{error}");
    }
    let team = View::new(Cleared::to(Level::Partners).with_team("legal"));
    assert!(matches!(compose(&case.workspace.ledger.read(&team).unwrap(), &draft), Err(Error::Clearance { .. })));
    assert!(compose(&case.workspace.ledger.read(&draft.view()).unwrap(), &draft).is_ok());
    let other = draft.view().under("corroborated");
    assert!(matches!(compose(&case.workspace.ledger.read(&other).unwrap(), &draft), Err(Error::Standard { .. })));
}

#[test]
fn what_is_not_public_leaves_no_trace() {
    let body = "[[name:rong-chhun]] on [[fact:rc1-verdict.date]], [[fact:bm-set.number]]. [[cite:lic300]]";
    let front = "annex: {title: Cases, entities: [rc1]}\n";
    let case = Case::new();
    let position = case.workspace.ledger.position().unwrap();
    let compose_then = |case: &Case| {
        let draft = Case::draft(front, body);
        let reader = case.workspace.ledger.read(&draft.view().at(AsOf::Position(position))).unwrap();
        (compose(&reader, &draft).unwrap(), case.compose(front, body))
    };
    for (entity, property, value) in [
        ("rc1-verdict", "date", "2021-08-16"),
        ("rc1-verdict", "execution", "at home"),
        ("rong-chhun", "name", "ឈ្មោះសម្ងាត់"),
        ("bm-set", "number", "21"),
    ] {
        case.say_in(entity, property, value, "witness-talk", None, Clearance::internal());
    }
    let (before, after) = compose_then(&case);
    // All that may differ is the position that is printed.
    let same = |letter: &Composed| {
        let position = letter.position.to_string();
        fragment(letter)
            .replace(&letter.digest, "")
            .replace(&format!("position {position}"), "")
            .replace(&format!("<dd>{position}</dd>"), "")
    };
    assert_eq!(same(&before), same(&after));
}

#[test]
fn a_source_that_may_not_be_named_is_not() {
    let case = Case::new();
    case.say_in("rc1-verdict", "execution", "in prison", "witness-talk", None, Clearance::public());
    let letter = case.compose("", "He serves it [[fact:rc1-verdict.execution]]. [[cite:witness-talk]]");
    let page = html(&letter);
    assert!(page.contains("A source that is not named in this publication"));
    assert!(page.contains(&format!("[not resolved: {UNSEEN}]")));
    let data = serde_json::to_string(&letter).unwrap();
    for named in ["witness-talk", &id("witness-talk").to_string()] {
        assert!(!page.contains(named) && !data.contains(named), "{named}");
    }
}

#[test]
fn what_is_hidden_and_what_never_was_are_told_alike() {
    let case = Case::new();
    case.define_figure_for("hidden", Clearance::internal());
    let told = |entity: &str, figure: &str| {
        let front = format!("signatories: [{entity}]\nannex: {{title: Cases, entities: [{entity}]}}\n");
        let body = format!(
            "[[name:{entity}]] [[cite:{entity}|para. 4]] [[fact:{entity}.title]] [[fact:{entity}.consent|drafted x]] \
             [[figure:{figure}]] [[figure:{figure}|drafted 14..20]]"
        );
        let letter = case.compose(&front, &body);
        assert_eq!(letter.unresolved.len(), 8);
        letter
    };
    let hidden = told("witness-talk", "hidden");
    assert_eq!(hidden, told("never-was", "nothing"));
    assert_eq!(hidden, told(&id("witness-talk").to_string(), "hidden"));
    assert_eq!(hidden, told(&id("never-was").to_string(), "hidden"));
}

#[test]
fn an_earlier_position_gives_the_earlier_letter() {
    let case = Case::new();
    let draft = Case::draft("", "On [[fact:bm-set.number]].");
    let position = case.workspace.ledger.position().unwrap();
    let at = |case: &Case| {
        let reader = case.workspace.ledger.read(&draft.view().at(AsOf::Position(position))).unwrap();
        compose(&reader, &draft).unwrap()
    };
    let first = at(&case);
    case.say("lic300", "author", "Somebody", "lic300");
    case.say("rc1-verdict", "result", "guilty", "lic300");
    assert_eq!(first, at(&case));
    assert_eq!(first.digest, at(&case).digest);
    assert!(pdf(&first).unwrap() == pdf(&at(&case)).unwrap());
    assert!(case.dir.path().exists());
}
