//! What a reader may not see changes nothing that this reader can observe.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Story, entity, id};
use ledger::{CardFilter, Clearance, Cleared, Item, Judge, Level, Reader, Verdict};
use proptest::prelude::*;

/// Everything that a reader can be told, as one text.
fn everything(reader: &Reader<'_>, names: &[&str]) -> String {
    let mut text = String::new();
    let filter = CardFilter { schemata: vec!["*".into()], limit: 500, ..CardFilter::default() };
    text += &format!("{:?}", reader.list(&filter).unwrap());
    text += &format!("{:?}", reader.facets(&filter).unwrap());
    for name in names {
        text += &format!("{:?}", reader.find(name).unwrap());
        let id = id(name);
        text += &format!("{:?}", reader.record(id).unwrap());
        text += &format!("{:?}", reader.related(id).unwrap().iter().map(|related| (&related.relation, &related.title)).collect::<Vec<_>>());
        text += &format!("{:?}", reader.claims_about(id).unwrap());
        text += &format!("{:?}", reader.claims_in(id).unwrap());
        text += &format!("{:?}", reader.history(id).unwrap());
        text += &format!("{:?}", reader.objects_of(id).unwrap());
        text += &reader.label(id).unwrap();
    }
    for schema in ["Person", "Act", "Document"] {
        text += &format!("{:?}", reader.of_schema(schema).unwrap());
    }
    text += &format!("{:?}", reader.judgements().unwrap());
    text
}

#[test]
fn a_hidden_person_a_hidden_claim_and_a_hidden_source_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let person = story.entity("open", "Person");
    let act = story.entity("act", "Act");
    let paper = story.source("paper");
    story.claim(person, "name", "Open Name", paper);
    story.claim(act, "type", "arrest", paper);
    story.claim(act, "victim", &person.to_string(), paper);
    let names = ["open", "act", "paper", "hidden", "Hidden Witness", "whisper"];
    let public = || everything(&story.read_as(Cleared::to(Level::Public)), &names);
    let before = public();

    story.append(vec![entity("hidden", "Person", Clearance::restricted("legal"))]);
    let hidden = id("hidden");
    story.append(vec![story.said_to(person, "alias", "whisper", paper, Clearance::internal())]);
    story.append(vec![story.said(hidden, "name", "Hidden Witness", paper)]);
    story.append(vec![story.said(act, "witness", &hidden.to_string(), paper)]);
    story.append(vec![Item::Judge(Judge { a: person, b: hidden, verdict: Verdict::Same, reason: "one person".into(), origin: None })]);
    let after = public();
    assert_eq!(before, after);
    for word in ["whisper\"", "Hidden Witness"] {
        assert!(!after.contains(&format!("label: \"{word}")), "{word}");
    }
    let team = everything(&story.read_as(Cleared::to(Level::Internal).with_team("legal")), &names);
    assert!(team.contains("Hidden Witness"), "the team sees its witness");
    let level = everything(&story.read_as(Cleared::to(Level::Restricted)), &names);
    assert!(!level.contains("Hidden Witness\","), "a high level is no membership");
}

#[test]
fn the_words_of_a_source_that_may_not_be_named_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let person = story.entity("open", "Person");
    story.append(vec![entity("informant", "Interview", Clearance::internal())]);
    let informant = id("informant");
    story.append(vec![story.said_to(informant, "title", "Interview with a guard", informant, Clearance::internal())]);
    story.append(vec![story.said(person, "name", "Open Name", informant)]);
    let record = story.read_as(Cleared::to(Level::Public)).record(person).unwrap().unwrap();
    let claim = &record.first("name").unwrap().claims[0];
    assert_eq!((claim.source, claim.quote(), claim.recorded_by.as_str()), (None, None, ""));
    assert!(!format!("{record:?}").contains("guard"));
    assert_eq!(record.sources.len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    /// Whatever is claimed above a reader's clearance, that reader's answers stay the same.
    #[test]
    fn secrets_change_nothing_for_others(secrets in proptest::collection::vec(("[a-z]{3,8}", 0usize..3, 0usize..2), 1..8)) {
        let folder = tempfile::tempdir().unwrap();
        let story = Story::begin(folder.path());
        let names = ["open", "act", "paper"];
        let person = story.entity("open", "Person");
        let act = story.entity("act", "Act");
        let paper = story.source("paper");
        story.claim(person, "name", "Open Name", paper);
        story.claim(act, "victim", &person.to_string(), paper);
        let partners = || everything(&story.read_as(Cleared::to(Level::Partners)), &names);
        let before = partners();
        for (word, property, level) in secrets {
            let property = ["alias", "note", "summary"][property];
            let clearance = [Clearance::internal(), Clearance::restricted("team")][level].clone();
            story.append(vec![story.said_to(person, property, &word, paper, clearance)]);
        }
        prop_assert_eq!(before, partners());
    }
}
