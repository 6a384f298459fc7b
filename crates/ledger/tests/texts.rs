//! Any text in any field comes back as it went in: HTML, quotes, SQL, control characters, scripts of any direction.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Story, id};
use ledger::{
    Account, AccountId, CardFilter, Claim, Clearance, Cleared, Custody, CustodyEvent, Define, Digest, EntityItem, Item,
    Judge, Level, Locator, Prefer, Publish, Retract, Verdict,
};
use proptest::prelude::*;
use schema::{Kind, Value};

const HARD: [&str; 9] = [
    "<script>alert('x')</script><b onload=\"x\">&amp;</b>",
    "'; DROP TABLE item; --",
    "a \u{0} b \u{1} c \u{7f} d \u{85} e",
    "\u{202e}backwards\u{202c} \u{200b}\u{feff}",
    "រ៉ុង ឈុន\u{200b}ជា",
    "line\nline\r\n\ttab",
    "%_\\ 100% LIKE a_b\\",
    "…“quoted”… 🕊️ e\u{301}",
    "{{ 7 * 7 }} ${x} {% include %}",
];

/// Puts a text into every field that takes one, and reads every one back.
fn round_trip(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    let person = story.entity("person", "Person");
    let other = story.entity("other", "Person");
    let hard = || text.to_owned();
    let some = || Some(text.to_owned());
    let named = id("named");
    story.append(vec![Item::Entity(EntityItem {
        id: named,
        schema: "Person".into(),
        clearance: Clearance::restricted(text),
        key: some(),
    })]);
    // The schema refuses control characters in values, and says so; the words of a source are quoted as they stand there.
    let plain: String = text.chars().filter(|character| !character.is_control()).collect();
    let value = Value::parse(Kind::Text, &format!("x{plain}x"), None).unwrap();
    let locator = Locator { exact: format!("x{text}"), prefix: some(), suffix: some(), ..Locator::default() };
    let claim = Claim {
        locator: Some(locator.clone()),
        note: some(),
        clearance: Clearance::public(),
        ..Claim::new(person, "note", &value, paper)
    };
    let unquoted = Claim {
        no_words: Some(format!("x{text}")),
        clearance: Clearance::public(),
        ..Claim::new(other, "note", &value, paper)
    };
    let claims = story.append(vec![Item::Claim(claim), Item::Claim(unquoted)]).claims;
    let account = Account {
        id: AccountId::named("second"),
        name: format!("x{text}"),
        level: Level::Internal,
        teams: vec![hard()],
    };
    let custody = Custody {
        consent_scope: None,
        recipient: None,
        object: Digest([4; 32]),
        event: CustodyEvent::Acquired,
        source: Some(paper),
        reason: format!("x{text}"),
        method: some(),
        file_name: some(),
        media_type: some(),
        size: Some(1),
        sha3_512: None,
        derived_from: None,
        operation: some(),
        consent: some(),
    };
    let define = Define {
        kind: "figure".into(),
        name: format!("x{text}"),
        text: format!("x{text}"),
        clearance: Clearance::public(),
    };
    let publish = Publish {
        publication: hard(),
        position: 1,
        files: vec![(hard(), Digest([1; 32]))],
        clearance: Clearance::public(),
    };
    story.append(vec![
        Item::Account(account.clone()),
        Item::Custody(custody.clone()),
        Item::Define(define.clone()),
        Item::Publish(publish.clone()),
        Item::Prefer(Prefer { claim: claims[0], reason: format!("x{text}"), origin: None }),
        Item::Retract(Retract { claim: claims[1], reason: format!("x{text}"), origin: None }),
        Item::Judge(Judge { a: person, b: other, verdict: Verdict::Unsure, reason: format!("x{text}"), origin: None }),
    ]);
    drop(story);

    let story = Story::reopen(folder.path());
    let reader = story.read_as(Cleared::to(Level::Restricted).with_team(text));
    assert_eq!(reader.key_of(named).unwrap().as_deref(), Some(text));
    assert_eq!(reader.record(named).unwrap().unwrap().clearance, Clearance::restricted(text));
    let claim = &reader.claims_about(person).unwrap()[0];
    assert_eq!(
        (claim.value.as_ref(), claim.locator.as_ref(), claim.note.as_deref()),
        (Some(&value), Some(&locator), Some(text))
    );
    assert_eq!(claim.preferred_because.as_deref(), Some(format!("x{text}").as_str()));
    let unquoted = &reader.claims_about(other).unwrap()[0];
    assert_eq!(unquoted.no_words.as_deref(), Some(format!("x{text}").as_str()));
    assert!(format!("{:?}", unquoted.state).contains("Retracted"));
    assert!(reader.accounts().unwrap().contains(&account));
    assert_eq!(reader.objects_of(paper).unwrap()[0].custody[0].0, custody);
    assert_eq!(reader.definition("figure", &define.name).unwrap().unwrap().text, define.text);
    assert_eq!(reader.publications_released(text).unwrap()[0].0, publish);
    assert_eq!(reader.judgements().unwrap()[0].0.reason, format!("x{text}"));
    // Searching for it neither fails nor finds more than bears it.
    let filter = CardFilter { text: hard(), schemata: vec!["*".into()], limit: 50, ..CardFilter::default() };
    reader.list(&filter).unwrap();
    reader.find(text).unwrap();
    reader.entries(1, reader.position()).unwrap();
    drop(reader);
    assert!(story.ledger.verify(&mut |_, _| {}).unwrap().ok());
}

#[test]
fn hard_texts_come_back_as_they_went_in() {
    HARD.into_iter().for_each(round_trip);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn any_text_comes_back_as_it_went_in(text in "\\\\PC{1,30}") {
        round_trip(&text);
    }
}

#[test]
fn a_control_character_in_a_value_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    let value = Value::parse(Kind::Text, "plain", None).unwrap();
    let claim =
        Claim { value: "a\u{0}b".into(), no_words: Some("x".into()), ..Claim::new(paper, "note", &value, paper) };
    let error = story.ledger.append(&story.author, vec![Item::Claim(claim)]).unwrap_err().to_string();
    assert!(error.starts_with("item 1 (claim)") && error.contains("U+0000"), "{error}");
}
