//! What a reader may not see changes nothing in what a search answers: not a result, a count, a facet, an order, a suggestion, a word.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Story, entity, id, told};
use ledger::{Classify, Clearance, Cleared, Item, Judge, Level, Target, Verdict};
use proptest::prelude::*;
use search::Facet;

const WORDS: [&str; 12] = [
    "arrest",
    "arrested",
    "union",
    "leader",
    "sokha",
    "sokkha",
    "chhun",
    "detention",
    "trial",
    "provisional",
    "sithar",
    "sithor",
];
/// Among them mistyped ones, spellings of names, beginnings, phrases, and words that only some see.
const QUESTIONS: [&str; 18] = [
    "",
    "arrest",
    "sokha",
    "sokkha",
    "sithor",
    "unoin leader",
    "provisonal",
    "detentoin",
    "\"union leader\"",
    "name:sokha",
    "deten*",
    "arrest OR trial",
    "-arrest",
    "type:Person",
    "date:2020",
    "chhun trial",
    "source:paper",
    "sithar -union",
];

/// One thing that is recorded.
#[derive(Clone, Debug)]
enum Step {
    /// A thing, and who may see it at first.
    Thing(usize, usize, usize),
    /// Words about a thing, and who may see them.
    Say(usize, usize, Vec<usize>, usize),
    /// An act points at a person.
    Point(usize, usize, usize),
    /// Who may see a thing is changed.
    Reclassify(usize, usize),
    /// Two are one.
    Same(usize, usize),
    /// The index follows.
    Update,
}

fn level(number: usize) -> Clearance {
    match number {
        0 | 1 => Clearance::public(),
        2 => Clearance::from(Level::Partners),
        3 => Clearance::internal(),
        _ => Clearance::restricted("legal"),
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let things = 0usize..7;
    prop::collection::vec(
        prop_oneof![
            4 => (things.clone(), 0usize..3, 0usize..5).prop_map(|(thing, schema, level)| Step::Thing(thing, schema, level)),
            8 => (things.clone(), 0usize..4, prop::collection::vec(0usize..WORDS.len(), 1..5), 0usize..5)
                .prop_map(|(thing, property, words, level)| Step::Say(thing, property, words, level)),
            2 => (things.clone(), things.clone(), 0usize..5).prop_map(|(act, person, level)| Step::Point(act, person, level)),
            2 => (things.clone(), 0usize..5).prop_map(|(thing, level)| Step::Reclassify(thing, level)),
            1 => (things.clone(), things.clone()).prop_map(|(a, b)| Step::Same(a, b)),
            3 => Just(Step::Update),
        ],
        5..40,
    )
}

const SCHEMATA: [&str; 3] = ["Person", "Act", "Document"];

/// Tells a story for all, or only what one audience is left with: a ledger that never had the rest.
fn tell(story: &Story, steps: &[Step], only: Option<&Cleared>, audiences: &[Cleared]) {
    // What each thing is, and who may see it in the end.
    let mut schemata = [None; 7];
    let mut last: Vec<Clearance> = vec![Clearance::public(); 7];
    for step in steps {
        match step {
            Step::Thing(thing, schema, first) if schemata[*thing].is_none() => {
                schemata[*thing] = Some(*schema);
                last[*thing] = level(*first);
            }
            Step::Reclassify(thing, now) if schemata[*thing].is_some() => last[*thing] = level(*now),
            _ => {}
        }
    }
    let sees = |clearance: &Clearance| only.is_none_or(|cleared| cleared.may_see(clearance));
    let paper = story.source("paper");
    let mut made = [None; 7];
    for step in steps {
        match step {
            Step::Thing(thing, schema, first) if made[*thing].is_none() => {
                made[*thing] = Some(*schema);
                if sees(&last[*thing]) {
                    let clearance = if only.is_some() { last[*thing].clone() } else { level(*first) };
                    story.append(vec![entity(&format!("t{thing}"), SCHEMATA[*schema], clearance)]);
                }
            }
            Step::Say(thing, property, words, seen_by) => {
                let Some(schema) = made[*thing] else { continue };
                let clearance = level(*seen_by);
                if !sees(&last[*thing]) || !sees(&clearance) {
                    continue;
                }
                let words: Vec<&str> = words.iter().map(|word| WORDS[*word]).collect();
                let property = match (SCHEMATA[schema], property) {
                    ("Person", 0 | 1) => "name",
                    ("Document", 0 | 1) => "title",
                    ("Act", 0) => "title",
                    ("Act", 1) => "date",
                    (_, 2) => "summary",
                    _ => "note",
                };
                let value = if property == "date" { format!("20{}", 19 + words.len()) } else { words.join(" ") };
                let about = id(&format!("t{thing}"));
                story.append(vec![story.said_to(about, SCHEMATA[schema], property, &value, paper, clearance)]);
            }
            Step::Point(act, person, seen_by) => {
                if made[*act] != Some(1) || made[*person] != Some(0) {
                    continue;
                }
                let clearance = level(*seen_by);
                if sees(&last[*act]) && sees(&last[*person]) && sees(&clearance) {
                    let (act, person) = (id(&format!("t{act}")), id(&format!("t{person}")));
                    story.append(vec![story.said_to(act, "Act", "victim", &person.to_string(), paper, clearance)]);
                }
            }
            Step::Reclassify(thing, now) => {
                if only.is_none() && made[*thing].is_some() {
                    let target = Target::Entity(id(&format!("t{thing}")));
                    story.append(vec![Item::Classify(Classify {
                        target,
                        clearance: level(*now),
                        reason: "safer".into(),
                    })]);
                }
            }
            Step::Same(a, b) => {
                if a == b || made[*a].is_none() || made[*a] != made[*b] || !sees(&last[*a]) || !sees(&last[*b]) {
                    continue;
                }
                let (a, b) = (id(&format!("t{a}")), id(&format!("t{b}")));
                let judge = Judge { a, b, verdict: Verdict::Same, reason: "one".into(), origin: None };
                // The ledger refuses what contradicts a judgement that stands; then neither story has it.
                let _ = story.ledger.append(&story.author, vec![Item::Judge(judge)]);
            }
            Step::Update => {
                for cleared in audiences {
                    story.update(cleared);
                }
            }
            Step::Thing(..) => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn an_audience_is_answered_as_if_it_had_seen_all_there_is(steps in steps()) {
        let audiences = [
            Cleared::to(Level::Public),
            Cleared::to(Level::Partners),
            Cleared::to(Level::Internal).with_team("legal"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let story = Story::begin(folder.path());
        tell(&story, &steps, None, &audiences);
        for cleared in &audiences {
            let other = tempfile::tempdir().unwrap();
            let never = Story::begin(other.path());
            tell(&never, &steps, Some(cleared), &[]);
            for question in QUESTIONS {
                // Before the index has followed, nothing hidden is told; after, all is.
                let early = story.ask_chosen(cleared, question, &[]);
                let (one, two) = (story.ask(cleared, question), never.ask(cleared, question));
                prop_assert_eq!(told(&one), told(&two), "{} for {}", question, cleared);
                let visible: Vec<_> = one.hits.iter().map(|hit| hit.id).collect();
                prop_assert!(early.instead.is_some() || one.instead.is_some() || early.hits.iter().all(|hit| visible.contains(&hit.id)));
            }
            let chosen = [(Facet::Type, "Person"), (Facet::Clearance, "public")];
            let (one, two) = (story.ask_chosen(cleared, "arrest", &chosen), never.ask_chosen(cleared, "arrest", &chosen));
            prop_assert_eq!(told(&one), told(&two), "chosen for {}", cleared);
        }
    }
}

#[test]
fn a_word_that_only_others_see_is_not_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    let person = story.entity("open", "Person");
    story.claim(person, "name", "Open Name", paper);
    story.append(vec![story.said_to(person, "Person", "alias", "Whisperword", paper, Clearance::internal())]);
    let (public, internal) = (Cleared::to(Level::Public), Cleared::to(Level::Internal));
    assert_eq!(story.ask(&public, "whisperword").total, 0);
    assert_eq!(story.ask(&public, "whisperwurd").instead, None);
    assert_eq!(story.ask(&internal, "whisperwurd").instead.as_deref(), Some("whisperword"));
    // So the question takes the path of a word that was never written.
    assert!(!search::remembers(&story.search, &public, "whisperword").unwrap());
    // And nothing on the disk says it, to anybody without the key.
    let mut files = vec![folder.path().join("search")];
    while let Some(path) = files.pop() {
        assert!(!path.to_string_lossy().to_lowercase().contains("whisper"));
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for word in ["hisperword", "pen", "internal", "position", "Person"] {
            let found = bytes.windows(word.len()).filter(|window| *window == word.as_bytes()).count();
            assert!(found == 0 || word.len() < 5, "{word} in {}", path.display());
        }
    }
}

#[test]
fn what_was_taken_from_sight_does_not_linger_in_spellings_and_suggestions() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    story.claim(paper, "note", "sokkha was seen, and sokhaa too", paper);
    story.entity("person", "Person");
    story.claim(id("person"), "name", "Sokkha Whisperword", paper);
    let public = Cleared::to(Level::Public);
    assert_eq!(story.ask(&public, "sokha").total, 2, "a spelling of a name");
    assert_eq!(story.ask(&public, "whisperwurd").instead.as_deref(), Some("whisperword"));
    let target = Target::Entity(id("person"));
    story.append(vec![Item::Classify(Classify { target, clearance: Clearance::internal(), reason: "safer".into() })]);
    let other = tempfile::tempdir().unwrap();
    let never = Story::begin(other.path());
    let paper = never.source("paper");
    never.claim(paper, "note", "sokkha was seen, and sokhaa too", paper);
    for question in ["sokha", "sokkha", "name:sokha", "whisperwurd", "whisperword", "whisper*", "sokhah"] {
        assert_eq!(told(&story.ask(&public, question)), told(&never.ask(&public, question)), "{question}");
    }
    // The dictionaries still have it, until their segments are merged.
    assert!(search::remembers(&story.search, &public, "whisperword").unwrap());
}
