//! What a reader may not see changes nothing that this reader can observe.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Story, entity, id};
use ledger::{Card, CardFilter, Classify, Clearance, Cleared, Item, Judge, Level, Reader, Target, Verdict};
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
        text += &format!(
            "{:?}",
            reader.related(id).unwrap().iter().map(|related| (&related.relation, &related.title)).collect::<Vec<_>>()
        );
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
    story.append(vec![Item::Judge(Judge {
        a: person,
        b: hidden,
        verdict: Verdict::Same,
        reason: "one person".into(),
        origin: None,
    })]);
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

/// The library's cards as they are kept, and as the ledger gives them one by one.
fn cards(reader: &Reader<'_>, names: &[String]) -> (Vec<Card>, Vec<Card>) {
    let filter = CardFilter { schemata: vec!["*".into()], limit: 500, ..CardFilter::default() };
    let mut kept = reader.list(&filter).unwrap().items;
    let mut computed: Vec<Card> = names.iter().flat_map(|name| reader.find(&id(name).to_string()).unwrap()).collect();
    for cards in [&mut kept, &mut computed] {
        cards.sort_by_key(|card| card.id);
        cards.dedup_by_key(|card| card.id);
    }
    (kept, computed)
}

#[test]
fn cards_made_all_at_once_hide_what_cards_made_one_by_one_hide() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    story.append(vec![entity("hidden", "Person", Clearance::internal())]);
    let hidden = id("hidden");
    let act = story.entity("act", "Act");
    story.claim(act, "type", "arrest", paper);
    story.append(vec![
        story.said(hidden, "name", "Hidden Witness", paper),
        story.said(act, "victim", &hidden.to_string(), paper),
    ]);
    // The act comes first in this list, so that what it points at is known already when its own card is made.
    let public = story.read_as(Cleared::to(Level::Public));
    let everything = CardFilter { schemata: vec!["*".into()], limit: 500, ..CardFilter::default() };
    let labels: Vec<String> = public.list(&everything).unwrap().items.into_iter().map(|card| card.label).collect();
    assert!(labels.iter().all(|label| !label.contains("Hidden")), "{labels:?}");
    assert_eq!(labels.len(), 2);
}

#[test]
fn who_comes_into_sight_changes_what_points_there() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    let (shown, hidden) = (story.entity("shown", "Person"), id("hidden"));
    story.append(vec![entity("hidden", "Person", Clearance::internal())]);
    let act = story.entity("act", "Act");
    story.claim(act, "victim", &hidden.to_string(), paper);
    let same = Judge { a: shown, b: hidden, verdict: Verdict::Same, reason: "compared".into(), origin: None };
    story.append(vec![Item::Judge(same)]);
    let names = ["shown", "hidden", "act", "paper"].map(String::from);
    let look = || cards(&story.read_as(Cleared::to(Level::Public)), &names);
    assert_eq!(look().0, look().1);
    for clearance in [Clearance::public(), Clearance::internal(), Clearance::public()] {
        let target = Target::Entity(hidden);
        story.append(vec![Item::Classify(Classify { target, clearance, reason: "asked".into() })]);
        let (kept, computed) = look();
        assert_eq!(kept, computed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    /// At every level the kept cards are those that the ledger itself gives, whether they were made step by step or all at once.
    #[test]
    fn kept_cards_are_the_view_s_own(steps in proptest::collection::vec((0usize..8, 0usize..5, 0usize..5, 0usize..3, "[a-z]{2,4}"), 1..14)) {
        let folder = tempfile::tempdir().unwrap();
        let story = Story::begin(folder.path());
        let clearances = [Clearance::public(), Clearance::internal(), Level::Restricted.into()];
        let papers = [story.source("paper"), story.source("reprint")];
        let mut names: Vec<String> = vec!["paper".into(), "reprint".into()];
        for n in 0..5 {
            story.append(vec![entity(&format!("p{n}"), "Person", clearances[n % 2].clone()), entity(&format!("a{n}"), "Act", Clearance::public())]);
            names.extend([format!("p{n}"), format!("a{n}")]);
        }
        let person = |n: usize| id(&format!("p{n}"));
        for (what, one, other, level, word) in steps {
            let clearance = clearances[level].clone();
            let item = match what {
                0 | 1 => story.said_to(person(one), "name", &word, papers[other % 2], clearance),
                2 | 3 => story.said_to(id(&format!("a{one}")), "victim", &person(other).to_string(), papers[level % 2], clearance),
                4 => story.said_to(papers[1], "derivedFrom", &papers[0].to_string(), papers[1], clearance),
                5 => Item::Classify(Classify { target: Target::Entity(person(one)), clearance, reason: "asked".into() }),
                6 => Item::Classify(Classify { target: Target::Entity(papers[one % 2]), clearance, reason: "asked".into() }),
                _ => {
                    let verdict = [Verdict::Same, Verdict::Same, Verdict::Different][level];
                    Item::Judge(Judge { a: person(one), b: person(other), verdict, reason: "compared".into(), origin: None })
                }
            };
            // A judgement may be refused; then nothing happened.
            let _ = story.ledger.append(&story.author, vec![item]);
            for level in Level::ALL {
                let (kept, computed) = cards(&story.read_as(Cleared::to(level)), &names);
                prop_assert_eq!(kept, computed, "step by step, {}", level);
            }
        }
        drop(story);
        std::fs::remove_file(folder.path().join("index.db")).unwrap();
        let story = Story::reopen(folder.path());
        for level in Level::ALL {
            let (kept, computed) = cards(&story.read_as(Cleared::to(level)), &names);
            prop_assert_eq!(kept, computed, "all at once, {}", level);
        }
    }
}
