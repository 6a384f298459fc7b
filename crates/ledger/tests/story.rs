//! The ledger's story: what it promises, told once, to run on every backend.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Story, entity, id};
use ledger::{
    AsOf, Assess, ClaimState, Clearance, Cleared, Define, Error, Item, Judge, Level, Prefer, Retract, Target, Verdict,
    View,
};

/// Runs on each backend that there is; so far on SQLite. A second one adds a line here.
fn on_every_backend(story: impl Fn(Story)) {
    let folder = tempfile::tempdir().unwrap();
    story(Story::begin(folder.path()));
}

#[test]
fn an_account_stands_beside_another_and_the_better_supported_comes_first() {
    on_every_backend(|story| {
        let person = story.entity("rong-chhun", "Person");
        let step = story.entity("verdict", "ProceedingStep");
        let [agency, reprint, court, daily] = ["agency", "reprint", "court", "daily"].map(|name| story.source(name));
        story.claim(reprint, "derivedFrom", &agency.to_string(), reprint);
        story.claim(person, "name", "Rong Chhun", court);
        story.claim(step, "date", "2021-08-17", agency);
        story.claim(step, "date", "2021-08-17", reprint);
        assert_eq!(story.first(step, "date"), "17 August 2021 — the only account; 1 independent source");
        story.claim(step, "date", "2021-08-18", court);
        assert_eq!(
            story.first(step, "date"),
            "17 August 2021 — recorded first; nothing else tells the accounts apart (1 independent source each)",
            "a reprint is no second source"
        );
        story.claim(step, "date", "2021-08-18", daily);
        assert_eq!(story.first(step, "date"), "18 August 2021 — 2 independent sources against 1");
        let record = story.read().record(step).unwrap().unwrap();
        let dates = &record.property("date").unwrap().values;
        assert_eq!((dates.len(), dates[1].why.as_str()), (2, "another account; 1 independent source"));
        assert_eq!(dates[1].claims.len(), 2);
        assert_eq!(record.disputed, 1);
    });
}

#[test]
fn verification_outweighs_numbers_and_a_decision_outweighs_all() {
    on_every_backend(|story| {
        let step = story.entity("verdict", "ProceedingStep");
        let [a, b, c] = ["a", "b", "c"].map(|name| story.source(name));
        story.claim(step, "date", "2021-08-18", a);
        story.claim(step, "date", "2021-08-18", b);
        let lonely = story.claim(step, "date", "2021-08-17", c);
        story.append(vec![assess(lonely, "corroborated")]);
        assert_eq!(story.first(step, "date"), "17 August 2021 — corroborated, the next account is unverified");
        let other = story.read().claims_about(step).unwrap()[0].id;
        story.append(vec![Item::Prefer(Prefer {
            claim: other,
            reason: "the court’s own record".into(),
            origin: None,
        })]);
        assert_eq!(story.first(step, "date"), "18 August 2021 — preferred by decision: the court’s own record");
    });
}

#[test]
fn a_vaguer_account_that_agrees_supports_the_more_precise_one() {
    on_every_backend(|story| {
        let act = story.entity("arrest", "Act");
        for (source, date) in [("a", "2020-07"), ("b", "2020-07"), ("c", "2020-07-31")] {
            let source = story.source(source);
            story.claim(act, "date", date, source);
        }
        assert_eq!(
            story.first(act, "date"),
            "31 July 2020 — 3 independent sources, 2 of them less precise; the next account has 2"
        );
        assert_eq!(story.read().record(act).unwrap().unwrap().disputed, 0);
    });
}

#[test]
fn a_vague_account_supports_neither_of_two_that_it_fits() {
    on_every_backend(|story| {
        let step = story.entity("verdict", "ProceedingStep");
        for (source, date) in [("a", "2023-08"), ("b", "2023-08-15"), ("c", "2023-08-16"), ("d", "2023-08-16")] {
            let source = story.source(source);
            story.claim(step, "date", date, source);
        }
        assert_eq!(story.first(step, "date"), "16 August 2023 — 2 independent sources against 1");
    });
}

#[test]
fn a_standard_narrows_what_happened_and_not_what_it_is_called() {
    on_every_backend(|story| {
        let person = story.entity("p", "Person");
        let source = story.source("s");
        story.claim(person, "name", "Eng Malai", source);
        let strict = View::new(Cleared::to(Level::Internal)).under("reasonable-grounds");
        let reader = story.ledger.read(&strict).unwrap();
        let record = reader.record(person).unwrap().unwrap();
        assert_eq!((record.label.as_str(), record.claims), ("Eng Malai", 0));
        assert_eq!(reader.find("Eng Malai").unwrap().len(), 1);
    });
}

fn assess(claim: ledger::ClaimId, step: &str) -> Item {
    Item::Assess(Assess {
        target: Target::Claim(claim),
        verification: Some(step.into()),
        standard: None,
        reliability: None,
        credibility: None,
        reason: "compared with the record".into(),
        origin: None,
    })
}

#[test]
fn a_standard_leaves_out_what_is_not_verified_far_enough() {
    on_every_backend(|story| {
        let person = story.entity("p", "Person");
        let source = story.source("s");
        let name = story.claim(person, "name", "Eng Malai", source);
        story.claim(person, "occupation", "student", source);
        let strict = |story: &Story| {
            let view = View::new(Cleared::to(Level::Internal)).under("reasonable-grounds");
            let record = story.ledger.read(&view).unwrap().record(person).unwrap().unwrap();
            record.properties.iter().map(|property| property.name.clone()).collect::<Vec<_>>()
        };
        assert!(strict(&story).is_empty());
        story.append(vec![assess(name, "verified")]);
        assert_eq!(strict(&story), ["name"]);
        story.append(vec![assess(name, "false")]);
        assert_eq!(story.first(person, "name"), "", "what is found false counts nowhere");
        assert_eq!(
            story.read().claims_about(person).unwrap()[0].state,
            ClaimState::OutsideStandard,
            "and is still told"
        );
    });
}

#[test]
fn what_was_known_then_is_what_was_known_then() {
    on_every_backend(|story| {
        let person = story.entity("p", "Person");
        let source = story.source("s");
        let first = story.claim(person, "name", "Sar Kanika", source);
        let then = story.ledger.position().unwrap();
        story.append(vec![Item::Retract(Retract { claim: first, reason: "another person".into(), origin: None })]);
        story.claim(person, "name", "Sor Kanika", source);
        let names = |as_of| {
            let reader = story.ledger.read(&View::new(Cleared::to(Level::Internal)).at(as_of)).unwrap();
            reader.values(person, "name").unwrap().iter().map(schema::Value::canonical).collect::<Vec<_>>()
        };
        assert_eq!(names(AsOf::Position(then)), ["Sar Kanika"]);
        assert_eq!(names(AsOf::Now), ["Sor Kanika"]);
        assert_eq!(names(AsOf::Position(1)), Vec::<String>::new());
        assert!(story.ledger.read(&View::public().at(AsOf::Position(99))).is_err());
        let history: Vec<&str> = story.read().history(person).unwrap().iter().map(|line| line.what).collect();
        assert_eq!(history, ["created", "claimed", "retracted", "claimed"]);
    });
}

#[test]
fn same_is_one_and_can_be_taken_back() {
    on_every_backend(|story| {
        let [a, b, c] = ["theary-seng", "seng-theary", "org"].map(id);
        story.append(vec![
            entity("theary-seng", "Person", Clearance::public()),
            entity("seng-theary", "Person", Clearance::public()),
            entity("org", "Organization", Clearance::public()),
        ]);
        let source = story.source("s");
        story.claim(a, "name", "Theary Seng", source);
        story.claim(b, "name", "Seng Theary", source);
        let judge =
            |a, b, verdict| Item::Judge(Judge { a, b, verdict, reason: "same case, same day".into(), origin: None });
        story.append(vec![judge(a, b, Verdict::Same)]);
        assert_eq!(story.read().record(a).unwrap().unwrap().id, story.read().record(b).unwrap().unwrap().id);
        assert_eq!(story.read().values(a, "name").unwrap().len(), 2);
        assert_eq!(story.read().of_schema("Person").unwrap().len(), 1);
        let refused = story.ledger.append(&story.author, vec![judge(a, c, Verdict::Same)]).unwrap_err();
        assert!(refused.to_string().contains("never the same"), "{refused}");
        story.append(vec![judge(b, a, Verdict::Different)]);
        assert_eq!(story.read().of_schema("Person").unwrap().len(), 2);
    });
}

#[test]
fn a_bad_item_is_named_and_leaves_nothing() {
    on_every_backend(|story| {
        let person = story.entity("p", "Person");
        let source = story.source("s");
        let before = story.ledger.position().unwrap();
        let good = story.said(person, "name", "Koet Saray", source);
        let refuse = |items: Vec<Item>| {
            let error = story.ledger.append(&story.author, items).unwrap_err();
            assert_eq!(story.ledger.position().unwrap(), before, "nothing was recorded");
            format!("{error} / {}", error.hint().unwrap_or_default())
        };
        let Item::Claim(claim) = good.clone() else { unreachable!() };
        let changed = |change: &dyn Fn(&mut ledger::Claim)| {
            let mut claim = claim.clone();
            change(&mut claim);
            Item::Claim(claim)
        };
        let without_words = refuse(vec![good.clone(), changed(&|claim| claim.locator = None)]);
        assert!(without_words.starts_with("item 2 (claim)") && without_words.contains("words"), "{without_words}");
        let unknown_property = refuse(vec![changed(&|claim| claim.property = "nmae".into())]);
        assert!(unknown_property.contains("nmae") && unknown_property.contains("name"), "{unknown_property}");
        let impossible_date = refuse(vec![changed(&|claim| {
            claim.property = "birthDate".into();
            claim.kind = "date".into();
            claim.value = "2021-02-30".into();
        })]);
        assert!(impossible_date.contains("2021-02-30"), "{impossible_date}");
        let no_source = refuse(vec![changed(&|claim| claim.source = person)]);
        assert!(no_source.contains("no source"), "{no_source}");
        let unknown_schema = refuse(vec![entity("x", "Persn", Clearance::public())]);
        assert!(unknown_schema.contains("did you mean Person?"), "{unknown_schema}");
    });
}

#[test]
fn what_is_known_is_not_taken_twice() {
    on_every_backend(|story| {
        let person = story.entity("p", "Person");
        let source = story.source("s");
        let Item::Claim(mut claim) = story.said(person, "name", "Mean Prommony", source) else { unreachable!() };
        claim.origin = Some(ledger::Digest([9; 32]));
        let define = Item::Define(Define {
            kind: "figure".into(),
            name: "f".into(),
            text: "x".into(),
            clearance: Clearance::public(),
        });
        let items = vec![entity("p", "Person", Clearance::public()), Item::Claim(claim), define];
        let first = story.ledger.append_new(&story.author, items.clone()).unwrap();
        assert_eq!((first.skipped, first.claims.len()), (1, 2));
        let again = story.ledger.append_new(&story.author, items).unwrap();
        assert_eq!((again.skipped, again.position), (3, first.position));
    });
}

#[test]
fn erased_words_are_gone_and_their_commitment_stays() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let person = story.entity("p", "Person");
    let source = story.source("s");
    let secret = story.claim(person, "note", "the words of a witness who withdrew", source);
    story.ledger.erase(&story.author, secret, "consent was withdrawn").unwrap();
    let claims = story.read().claims_about(person).unwrap();
    assert!(matches!(&claims[0].state, ClaimState::Erased { .. }));
    assert!(claims[0].quote().is_none() && claims[0].value.is_none());
    let report = story.ledger.verify(&mut |_, _| {}).unwrap();
    assert!(report.ok(), "{:?}", report.findings);
    assert_eq!(report.erased, 1);
    assert!(matches!(
        story.ledger.erase(&story.author, secret, "again"),
        Err(Error::Item { .. } | Error::Refused { .. })
    ));
}

#[test]
fn two_who_write_at_once_both_keep_what_they_said() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let person = story.entity("p", "Person");
    let source = story.source("s");
    let other = Story::reopen(folder.path());
    std::thread::scope(|scope| {
        for (story, name) in [(&story, "first"), (&other, "second")] {
            scope.spawn(move || {
                for n in 0..25 {
                    story.claim(person, "alias", &format!("{name} {n}"), source);
                }
            });
        }
    });
    assert_eq!(story.read().values(person, "alias").unwrap().len(), 50);
    let report = other.ledger.verify(&mut |_, _| {}).unwrap();
    assert!(report.ok(), "{:?}", report.findings);
}
