//! What is found, by which words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Story, id};
use ledger::{AsOf, Clearance, Cleared, Erase, Item, Judge, Level, Retract, Verdict, View};
use search::{Behind, Facet, Query, Search, Updated};

fn case() -> (tempfile::TempDir, Story) {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("The Post, trial report");
    story.claim(paper, "note", "Union leader Rong Chhun was arrested on Friday.\n\nHe is in provisional detention. តុលាការរាជធានីភ្នំពេញ បានចោទប្រកាន់។", paper);
    story.claim(paper, "published", "2020-08-02", paper);
    story.claim(paper, "language", "en", paper);
    let chhun = story.entity("chhun", "Person");
    story.claim(chhun, "name", "Rong Chhun", paper);
    story.claim(chhun, "name", "រ៉ុង ឈុន", paper);
    let sokha = story.entity("sokha", "Person");
    story.claim(sokha, "name", "Kem Sokha", paper);
    let other = story.entity("sokkha", "Person");
    story.claim(other, "name", "Kem Sokkha", paper);
    let theary = story.entity("theary", "Person");
    story.claim(theary, "name", "Theary Seng", paper);
    let chhay = story.entity("chhay", "Person");
    story.claim(chhay, "name", "Sovannchhay Em", paper);
    let act = story.entity("act", "Act");
    story.claim(act, "type", "arrest", paper);
    story.claim(act, "victim", &chhun.to_string(), paper);
    story.claim(act, "date", "2020-07-31", paper);
    story.claim(act, "place", "Phnom Penh", paper);
    let vague = story.entity("vague", "Act");
    story.claim(vague, "type", "threat", paper);
    story.claim(vague, "date", "2020-08~", paper);
    (folder, story)
}

#[test]
fn words_phrases_and_names() {
    let (_folder, story) = case();
    let arrest = "Arrest · Rong Chhun · 31 July 2020".to_owned();
    assert_eq!(story.found("union"), ["The Post, trial report"]);
    assert!(story.found("chhun").contains(&arrest), "an act is found by its victim");
    assert_eq!(story.found("chhun")[0], "Rong Chhun", "a name comes before what mentions it");
    assert!(story.found("arresting").contains(&arrest), "in any form");
    assert_eq!(story.found("\"arrested on friday\""), ["The Post, trial report"]);
    assert_eq!(story.found("\"arresting on friday\""), Vec::<String>::new(), "a phrase is as written");
    assert_eq!(story.found("\"friday he\""), ["The Post, trial report"], "over the end of a sentence");
    let mut both = story.found("name:Sokkha");
    both.sort();
    assert_eq!(both, ["Kem Sokha", "Kem Sokkha"], "however it is spelled");
    let sokha = story.found("sokha");
    assert_eq!((sokha[0].as_str(), sokha.len()), ("Kem Sokha", 2), "the spelling itself first: {sokha:?}");
    assert_eq!(story.found("Seng Theary"), ["Theary Seng"]);
    assert_eq!(story.found("Sovann Chhay"), ["Sovannchhay Em"]);
    assert_eq!(story.found("តុលាការ"), ["The Post, trial report"], "a word inside unspaced text");
    assert_eq!(story.found("តុលា"), Vec::<String>::new(), "half a word is none");
    assert_eq!(story.found("ឈុន")[0], "Rong Chhun");
}

#[test]
fn a_name_is_found_in_another_script() {
    let (_folder, story) = case();
    let post = story.source("ភ្នំពេញប៉ុស្តិ៍");
    story.claim(post, "note", "លោក រ៉ុង ឈុន ត្រូវបានចាប់ខ្លួន។", post);
    assert!(story.found("Rong Chhun").contains(&"ភ្នំពេញប៉ុស្តិ៍".to_owned()), "Khmer text, asked for in Latin letters");
    assert!(story.found("\"Rong Chhun\"").iter().all(|label| label != "ភ្នំពេញប៉ុស្តិ៍"), "a phrase is as written");
    let khmer = story.entity("malai", "Person");
    story.claim(khmer, "name", "អេង ម៉ាឡៃ", post);
    assert_eq!(story.found("Eng Malai"), ["អេង ម៉ាឡៃ"], "a name that nobody has written in Latin letters");
    assert_eq!(story.found("អេងម៉ាឡៃ"), ["អេង ម៉ាឡៃ"], "without a space");
    let latin = story.entity("lavy", "Person");
    story.claim(latin, "name", "Tha Lavy", post);
    assert_eq!(story.found("ថា ឡាវី"), ["Tha Lavy"], "asked for in Khmer");
    let arab = story.entity("muhammad", "Person");
    story.claim(arab, "name", "محمد الأحمد", post);
    assert_eq!(story.found("name:Mohammed"), ["محمد الأحمد"]);
}

#[test]
fn fields_dates_and_joins() {
    let (_folder, story) = case();
    assert_eq!(story.found("type:Act").len(), 2);
    assert_eq!(story.found("type:Person -chhun").len(), 4);
    assert_eq!(story.found("place:\"Phnom Penh\"").len(), 1);
    assert_eq!(story.found("lang:en"), ["The Post, trial report"]);
    assert_eq!(story.found("source:post type:Act").len(), 2);
    assert_eq!(story.found("date:2020-07 type:Act").len(), 2, "about August may be July");
    assert_eq!(story.found("certainly:2020-07 type:Act").len(), 1);
    assert_eq!(story.found("certainly:2020-07..2020-09 type:Act").len(), 2);
    assert_eq!(story.found("date:..2020-06-30 type:Act"), Vec::<String>::new());
    assert_eq!(story.found("provis*"), ["The Post, trial report"]);
    assert_eq!(story.found("(union OR threat) -type:Person").len(), 2);
    assert_eq!(story.found("NOT type:Person NOT type:Act"), ["The Post, trial report"]);
    assert_eq!(story.found("").len(), 8, "nothing asked, everything answers");
}

#[test]
fn what_was_mistyped_is_put_right_from_what_is_there() {
    let (_folder, story) = case();
    let answer = story.ask(&Cleared::to(Level::Restricted), "provisonal detention");
    assert_eq!(answer.instead.as_deref(), Some("provisional detention"));
    assert_eq!(answer.total, 1);
    assert_eq!(story.ask(&Cleared::to(Level::Restricted), "qqqqqqqq").instead, None);
}

#[test]
fn facets_count_exactly_and_choose() {
    let (_folder, story) = case();
    let all = Cleared::to(Level::Restricted);
    let answer = story.ask(&all, "chhun");
    let count = |facet: Facet, value: &str| {
        let counts = answer.facets.iter().find(|counts| counts.facet == facet).unwrap();
        counts.values.iter().find(|known| known.value == value).map_or(0, |known| known.count)
    };
    assert_eq!((count(Facet::Type, "Person"), count(Facet::Type, "Act"), count(Facet::Type, "Document")), (1, 1, 1));
    assert_eq!((count(Facet::Year, "2020"), count(Facet::Clearance, "public")), (2, 3));
    let chosen = story.ask_chosen(&all, "chhun", &[(Facet::Type, "Act"), (Facet::Year, "2020")]);
    assert_eq!((chosen.total, chosen.hits.len()), (1, 1));
    let types = &chosen.facets.iter().find(|counts| counts.facet == Facet::Type).unwrap().values;
    assert_eq!(types.iter().map(|value| value.count).sum::<u64>(), 2, "a facet's own choice does not narrow it");
}

#[test]
fn hits_show_the_words_in_context() {
    let (_folder, story) = case();
    let answer = story.ask(&Cleared::to(Level::Restricted), "union detention");
    let snippet = &answer.hits[0].snippets[0];
    assert_eq!((snippet.of.as_deref(), snippet.start), (None, Some(0)));
    let chars: Vec<char> = snippet.words.text.chars().collect();
    let marked: Vec<String> = snippet.words.marks.iter().map(|(from, to)| chars[*from..*to].iter().collect()).collect();
    assert_eq!(marked, ["Union", "detention"]);
}

#[test]
fn pages_hold_still_while_things_are_added() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    for n in 0..25 {
        let person = story.entity(&format!("p{n}"), "Person");
        story.claim(person, "name", &format!("Seng {}", "x".repeat(n % 5 + 1)), paper);
    }
    let all = Cleared::to(Level::Restricted);
    story.update(&all);
    let page = |after: Option<String>| {
        let query = Query { limit: 10, after, ..Query::new("seng", story.ledger.registry()) };
        story.search.ask(&story.ledger, &story.read(all.clone()), &query, &common::texts).unwrap()
    };
    let whole: Vec<_> = story.ask(&all, "seng").hits.into_iter().map(|hit| hit.id).collect();
    assert_eq!(whole.len(), 25);
    let mut read = Vec::new();
    let mut after = None;
    for round in 0..3 {
        let answer = page(after);
        read.extend(answer.hits.iter().map(|hit| hit.id));
        after = answer.next;
        let newcomer = story.entity(&format!("new{round}"), "Person");
        story.claim(newcomer, "name", "Seng", paper);
        story.update(&all);
    }
    assert_eq!(after, None);
    let met: Vec<_> = read.iter().filter(|id| whole.contains(id)).copied().collect();
    assert_eq!(met, whole, "each once, in their order");
    let forged = Query { after: Some("A".repeat(60)), ..Query::new("seng", story.ledger.registry()) };
    assert!(story.search.ask(&story.ledger, &story.read(all.clone()), &forged, &common::texts).is_err());
}

#[test]
fn what_changes_is_followed() {
    let (folder, story) = case();
    let all = Cleared::to(Level::Restricted);
    story.update(&all);
    let paper = id("The Post, trial report");
    // A label changes: what shows it is found by the new one, and no more by the old one.
    let alias = story.claim(id("chhun"), "alias", "Teacher", paper);
    assert_eq!(story.found("teacher"), ["Rong Chhun"]);
    story.append(vec![Item::Retract(Retract { claim: alias, reason: "mistaken".into(), origin: None })]);
    assert_eq!(story.found("teacher"), Vec::<String>::new());
    // Two are one: what points at either is found by both names.
    let double = story.entity("double", "Person");
    story.claim(double, "name", "Unionist Ron", paper);
    let second = story.entity("second", "Act");
    story.append(vec![
        story.said(second, "Act", "type", "threat", paper),
        story.said(second, "Act", "victim", &double.to_string(), paper),
    ]);
    assert_eq!(story.found("type:Act unionist").len(), 1);
    let judge =
        |verdict| Item::Judge(Judge { a: id("chhun"), b: id("double"), verdict, reason: "seen".into(), origin: None });
    story.append(vec![judge(Verdict::Same)]);
    assert_eq!(story.found("type:Person unionist").len(), 1);
    let by_name = (story.found("type:Act chhun").len(), story.found("type:Act unionist").len());
    assert!(by_name == (2, 0) || by_name == (0, 2), "{by_name:?}");
    story.append(vec![judge(Verdict::Different)]);
    assert_eq!((story.found("type:Act chhun").len(), story.found("type:Act unionist").len()), (1, 1));
    // The same as an index made anew.
    let anew = Search::open(&folder.path().join("another"), [1; 32]);
    anew.update(&story.ledger, &all, &common::texts, &mut |_, _| true).unwrap();
    for text in ["", "chhun", "type:Act", "union OR threat", "name:sokha"] {
        let query = Query { limit: 100, ..Query::new(text, story.ledger.registry()) };
        let one = story.search.ask(&story.ledger, &story.read(all.clone()), &query, &common::texts).unwrap();
        let two = anew.ask(&story.ledger, &story.read(all.clone()), &query, &common::texts).unwrap();
        assert_eq!(common::told(&one), common::told(&two), "{text}");
    }
}

#[test]
fn an_answer_says_what_it_does_not_know_yet() {
    let (_folder, story) = case();
    let all = Cleared::to(Level::Restricted);
    let answer = story.ask_chosen(&all, "chhun", &[]);
    assert!(matches!(answer.behind, Some(Behind::Building { .. })) && answer.hits.is_empty() && !answer.exact);
    story.update(&all);
    story.claim(id("chhun"), "alias", "Teacher", id("The Post, trial report"));
    let answer = story.ask_chosen(&all, "sokha", &[]);
    assert_eq!((answer.behind, answer.exact, answer.total), (Some(Behind::Entries(1)), false, 2));
    assert_eq!(story.search.behind(&story.ledger, &all).unwrap(), Some(1));
    assert!(matches!(story.update(&all), Updated::Done { written: 1.., .. }));
    assert_eq!(story.update(&all), Updated::Done { position: story.ledger.position().unwrap(), written: 0 });
}

#[test]
fn an_earlier_moment_is_searched_through_its_own_view() {
    let (_folder, story) = case();
    let all = Cleared::to(Level::Restricted);
    let before = story.ledger.position().unwrap();
    let late = story.entity("late", "Person");
    story.claim(late, "name", "Chhun Latecomer", id("The Post, trial report"));
    story.update(&all);
    let view = View::new(all).at(AsOf::Position(before));
    let query = Query::new("chhun", story.ledger.registry());
    let answer = story.search.ask(&story.ledger, &story.ledger.read(&view).unwrap(), &query, &common::texts).unwrap();
    assert!(!answer.exact, "its counts are of now");
    assert_eq!(answer.hits.len(), 3);
    assert!(answer.hits.iter().all(|hit| !hit.label.text.contains("Latecomer")));
}

#[test]
fn searches_are_kept_under_a_name() {
    let (_folder, story) = case();
    let internal = story.read(Cleared::to(Level::Internal));
    let query = Query { chosen: vec![(Facet::Type, "Act".into())], ..Query::new("chhun", story.ledger.registry()) };
    search::save(&story.ledger, &story.author, &internal, "Mine", &query).unwrap();
    let internal = story.read(Cleared::to(Level::Internal));
    let saved = search::saved_as(&internal, "Mine").unwrap();
    assert_eq!((saved.text.as_str(), saved.chosen), ("chhun", query.chosen.clone()));
    assert!(search::saved(&story.read(Cleared::to(Level::Public))).unwrap().is_empty(), "not for others");
    assert!(search::save(&story.ledger, &story.author, &internal, " ", &query).is_err());
}

#[test]
fn destroyed_words_leave_the_files_of_the_index() {
    let (folder, story) = case();
    let all = Cleared::to(Level::Restricted);
    let secret = story.claim(id("chhun"), "alias", "Zzyzxword", id("The Post, trial report"));
    assert_eq!(story.found("zzyzxword"), ["Rong Chhun"]);
    story.append(vec![Item::Erase(Erase { item: secret, reason: "consent was withdrawn".into() })]);
    assert_eq!(story.found("zzyzxword"), Vec::<String>::new());
    let term = |story: &Story| search::remembers(&story.search, &all, "zzyzxword").unwrap();
    assert!(!term(&story), "not even in its dictionaries");
    drop(story);
    assert!(!term(&Story::reopen(folder.path())));
}

#[test]
fn a_hidden_thing_is_left_out_before_the_index_knows() {
    let (_folder, story) = case();
    let public = Cleared::to(Level::Public);
    assert_eq!(story.ask(&public, "chhun").total, 3);
    story.append(vec![Item::Classify(ledger::Classify {
        target: ledger::Target::Entity(id("chhun")),
        clearance: Clearance::internal(),
        reason: "at risk".into(),
    })]);
    let answer = story.ask_chosen(&public, "chhun", &[]);
    assert_eq!(answer.total, 1, "only the article: {:?}", answer.hits);
    assert_eq!(story.ask(&public, "chhun").total, 1);
    assert_eq!(story.ask(&Cleared::to(Level::Internal), "chhun").total, 3);
}
