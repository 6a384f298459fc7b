//! Every proposal stands on words that are in the text, where it says; and no text makes the engine fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use reading::{Proposer, Rules, propose_json, read_text};
use serde_json::Value;

fn proposals(bytes: &[u8], name: &str) -> Vec<Value> {
    let document = read_text(bytes, name).unwrap();
    let proposed = Rules::new().unwrap().propose(&document).unwrap();
    let sheet: Value = serde_json::from_str(&propose_json(&document, &proposed)).unwrap();
    sheet["proposals"].as_array().unwrap().clone()
}

fn quotes_stand(text: &str, proposals: &[Value]) {
    let points: Vec<char> = text.chars().collect();
    for proposal in proposals {
        let place = |key: &str| usize::try_from(proposal[key].as_u64().unwrap()).unwrap();
        let words: String = points[place("start")..place("end")].iter().collect();
        assert_eq!(proposal["quote"], words.as_str(), "{proposal}");
    }
}

#[test]
fn quotes_are_the_words_at_their_places() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("gold/dev");
    let mut documents = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = fs::read_to_string(&path).unwrap();
            quotes_stand(&text, &proposals(text.as_bytes(), "document.txt"));
            documents += 1;
        }
    }
    assert!(documents >= 40);
}

#[test]
fn what_did_not_happen_is_no_act() {
    let text = "PHNOM PENH, 3 May 2022\n\nSok Dara was not arrested. He could face two years in prison. Chan Vanna was arrested on Monday.";
    let acts: Vec<Value> =
        proposals(text.as_bytes(), "note.txt").into_iter().filter(|found| found["kind"] == "act").collect();
    let [arrest] = acts.as_slice() else { panic!("one act: {acts:?}") };
    assert_eq!(
        (&arrest["type"], &arrest["victim"]["name"], &arrest["date"]),
        (&"arrest".into(), &"Chan Vanna".into(), &"2022-05-02".into())
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_text_makes_it_fail(words in proptest::collection::vec("(arrested|[A-Z][a-z]{2,8}|on|Monday|2020|at least|21|\\(|\"|“|រ៉ុង|\u{200b}|\\.|\n|was|not|article 495|said|,|[ -~]{1,6})", 0..60)) {
        let text = words.join(" ");
        let found = proposals(text.as_bytes(), "any.txt");
        quotes_stand(&text, &found);
    }
}
