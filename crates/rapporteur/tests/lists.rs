//! The coalition's day, through the program itself: three organisations' lists of one wave of arrests come in, somebody judges who is
//! the same, and the figure follows each judgement. And bad files, which lose nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const LISTS: [&str; 3] = ["licadho", "observatory", "vod"];
/// Names that are alike, of people who are not.
const LOOK_ALIKES: [[&str; 2]; 4] =
    [["Thun Ratha", "Sun Ratha"], ["Det Huor", "Heng Huy"], ["Sok Chey", "Heng Chey"], ["Long Kunthea", "Yim Leanghy"]];

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        let made = run(&["demo", "--no-serve", "--dir", desk.path().to_str().unwrap()]);
        assert!(made.status.success(), "{}", told(&made));
        desk
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("demo")
    }

    fn ask(&self, words: &[&str]) -> Output {
        let (folder, passphrase) = (self.path(), self.path().join("passphrase.txt"));
        let mut all = vec!["--workspace", folder.to_str().unwrap(), "--passphrase-file", passphrase.to_str().unwrap()];
        all.extend(words);
        run(&all)
    }

    fn json(&self, words: &[&str]) -> Value {
        let mut all = words.to_vec();
        all.push("--json");
        let answer = self.ask(&all);
        assert!(answer.status.success(), "{words:?}: {}", told(&answer));
        serde_json::from_slice(&answer.stdout).expect("one JSON value")
    }

    fn bounds(&self) -> (u64, u64) {
        let figure = self.json(&["figure", "defenders-arrested-2020"]);
        (figure["lower"].as_u64().unwrap(), figure["upper"].as_u64().unwrap())
    }
}

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rapporteur")).args(words).output().expect("the program runs")
}

fn told(answer: &Output) -> String {
    String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr)
}

fn list(name: &str) -> (String, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../casefiles/cambodia/lists").join(name);
    (folder.join("list.csv").display().to_string(), folder.join("MAP.toml").display().to_string())
}

fn import_all(desk: &Desk) {
    for name in LISTS {
        let (file, map) = list(name);
        let answer = desk.ask(&["import", &file, "--map", &map]);
        assert!(answer.status.success(), "{name}: {}", told(&answer));
    }
}

/// Whoever is on two lists is counted twice until somebody judges: such a number leaves the house only when told to.
fn a_number_with_open_pairs_is_not_released(desk: &Desk) {
    let to = desk.path().join("letters");
    let words = ["publish", "letter-2023", "--to", to.to_str().unwrap()];
    let refused = desk.ask(&words);
    assert_eq!(refused.status.code(), Some(1), "{}", told(&refused));
    assert!(told(&refused).contains("nobody has judged") && !to.exists(), "{}", told(&refused));
    let figure = desk.ask(&["figure", "defenders-arrested-2020"]);
    assert!(String::from_utf8_lossy(&figure.stderr).contains("nobody has judged"), "{}", told(&figure));
    let state = desk.json(&["publish", "letter-2023"]);
    assert!(state["unjudged"][0]["pairs"].as_u64().unwrap() > 5, "{state}");
    let released = desk.ask(&[&words[..], &["--although-unjudged"]].concat());
    assert!(released.status.success() && to.join("letter-2023.pdf").is_file(), "{}", told(&released));
}

#[test]
fn three_lists_of_one_wave_and_the_figure_follows_each_judgement() {
    let desk = Desk::new();
    let before = desk.bounds();
    import_all(&desk);
    let mut bounds = desk.bounds();
    assert!(bounds.0 > before.0, "the lists bring people: {before:?}, {bounds:?}");
    a_number_with_open_pairs_is_not_released(&desk);

    // Every name that stands in two of the sources is found, and no look-alike is taken for another.
    let open = desk.json(&["link"]);
    let pairs: Vec<(String, String, String, String, f64)> = open["open"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| {
            let text = |side: &str, key: &str| pair[side][key].as_str().unwrap().to_owned();
            (
                text("a", "id"),
                text("b", "id"),
                text("a", "name"),
                text("b", "name"),
                pair["probability"].as_f64().unwrap(),
            )
        })
        .collect();
    for (_, _, a, b, p) in &pairs {
        let same = BTreeSet::from([a.as_str(), b.as_str()]);
        assert!(!LOOK_ALIKES.iter().any(|pair| BTreeSet::from(*pair) == same) || *p < 0.5, "{a} / {b}: {p}");
    }
    for name in ["Tha Lavy", "Koet Saray", "Mean Prommony", "Eng Malai", "Thun Ratha", "Long Kunthea"] {
        let found = pairs.iter().any(|(_, _, a, b, p)| a == name && b == name && *p > 0.5);
        assert!(found, "{name} stands on two lists: {pairs:?}");
    }

    // One judgement after the other: joining people never adds to the count, and the last is as the first figure or near it.
    let mut judged = 0;
    loop {
        let open = desk.json(&["link"]);
        let likely = open["open"].as_array().unwrap().iter().find(|pair| {
            let (a, b) = (pair["a"]["name"].as_str().unwrap(), pair["b"]["name"].as_str().unwrap());
            pair["probability"].as_f64().unwrap() > 0.5 && a == b
        });
        let Some(pair) = likely else { break };
        let (a, b) = (pair["a"]["id"].as_str().unwrap().to_owned(), pair["b"]["id"].as_str().unwrap().to_owned());
        let answer = desk.ask(&["judge", &a, &b, "same", "--because", "one name, one day, one place"]);
        assert!(answer.status.success(), "{}", told(&answer));
        let now = desk.bounds();
        assert!(now.0 <= bounds.0 && now.1 <= bounds.1, "{bounds:?} then {now:?}");
        bounds = now;
        judged += 1;
        assert!(judged < 60, "it ends");
        if judged == 1 {
            // Taken back, it is as it was; judged again, as it became.
            let back = desk.ask(&["judge", &a, &b, "take-back", "--because", "too soon"]);
            assert!(back.status.success(), "{}", told(&back));
            assert!(
                desk.json(&["link"])["open"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|other| other["a"]["id"] == pair["a"]["id"])
            );
            assert!(desk.ask(&["judge", &a, &b, "same", "--because", "it stays so"]).status.success());
        }
    }
    assert!(judged >= 10, "{judged} pairs were judged");
    assert!(bounds.0 <= before.0 + 3, "after all judgements: {before:?}, {bounds:?}");
    assert_eq!(desk.ask(&["verify"]).status.code(), Some(0));
}

/// Three records of one man: one of them cannot be judged another while a judgement on a third keeps them together.
fn torn_from_a_third(desk: &Desk, open: &Value) {
    let mut ids: Vec<String> = Vec::new();
    for pair in open["open"].as_array().unwrap() {
        for side in ["a", "b"] {
            let id = pair[side]["id"].as_str().unwrap().to_owned();
            if pair[side]["name"] == "Eng Malai" && !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    let judge = |a: usize, b: usize, verdict: &str| {
        desk.ask(&["judge", &ids[a], &ids[b], verdict, "--because", "compared word by word"])
    };
    assert!(judge(0, 1, "same").status.success() && judge(1, 2, "same").status.success());
    let refused = judge(0, 2, "different");
    assert!(!refused.status.success() && told(&refused).contains("one through other judgements"), "{}", told(&refused));
    assert!(judge(0, 1, "different").status.success(), "a judgement on the two themselves is judged anew");
}

#[test]
fn an_incompatible_pair_is_refused_and_different_holds() {
    let desk = Desk::new();
    import_all(&desk);
    let refused = desk.ask(&["judge", "Rong Chhun", "Khmer Thavrak", "same", "--because", "a slip"]);
    assert!(!refused.status.success(), "a person and an organisation are never one");
    let open = desk.json(&["link"]);
    let pair =
        open["open"].as_array().unwrap().iter().find(|pair| pair["a"]["name"] == pair["b"]["name"]).unwrap().clone();
    let (a, b) = (pair["a"]["id"].as_str().unwrap(), pair["b"]["id"].as_str().unwrap());
    assert!(desk.ask(&["judge", a, b, "different", "--because", "two people of one name"]).status.success());
    assert!(
        desk.json(&["link"])["open"]
            .as_array()
            .unwrap()
            .iter()
            .all(|other| other["a"]["id"] != pair["a"]["id"] || other["b"]["id"] != pair["b"]["id"])
    );
    torn_from_a_third(&desk, &open);
    let same = ["judge", a, b, "same", "--because", "no, one"];
    let refused = desk.ask(&same);
    assert!(!refused.status.success() && told(&refused).contains("judged different"), "{}", told(&refused));
    assert!(desk.ask(&["judge", a, b, "take-back", "--because", "it was wrong"]).status.success());
    assert!(
        !desk.ask(&["judge", a, b, "take-back", "--because", "twice"]).status.success(),
        "there is nothing left to take back"
    );
    assert!(desk.ask(&same).status.success());
}

#[test]
fn a_list_taken_back_leaves_the_figure_as_it_was() {
    let desk = Desk::new();
    let before = desk.bounds();
    let people = || desk.json(&["link"])["people"].as_u64().unwrap();
    let known = people();
    import_all(&desk);
    assert!(people() > known);
    for name in [
        "LICADHO, arrests of 2020",
        "Observatory, urgent appeal of 25 September 2020",
        "VOD English, arrests reported in 2020",
    ] {
        let undone = desk.ask(&["import", "--undo", name, "--because", "a rehearsal"]);
        assert!(undone.status.success(), "{}", told(&undone));
    }
    assert_eq!(desk.bounds(), before);
    assert_eq!(people(), known, "of whom nothing is said any more nobody is asked");
}

#[test]
fn a_bad_file_loses_nothing_and_says_what_it_left() {
    let desk = Desk::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.csv");
    let mut rows = String::from("id,Name,Arrest date,Place\n");
    for n in 1..=100 {
        let date = if n % 33 == 0 { "2020-13-45".to_owned() } else { format!("2020-08-{:02}", n % 28 + 1) };
        let name = if n == 7 { "=cmd|'/c calc'!A1".to_owned() } else { format!("Person Number{n}") };
        rows.push_str(&format!("{n},{name},{date},Phnom Penh\n"));
    }
    fs::write(&file, rows).unwrap();
    let map = folder.path().join("MAP.toml");
    fs::write(
        &map,
        "[list]\nname = \"Bad\"\n[file]\nkey = \"id\"\n[[entity]]\nname = \"person\"\nschema = \"Person\"\nrequired = \"name\"\n[entity.properties]\nname = \"Name\"\n[[entity]]\nname = \"arrest\"\nschema = \"Act\"\n[entity.properties]\ntype = { value = \"arrest\" }\nvictim = { entity = \"person\" }\ndate = \"Arrest date\"\nplace = \"Place\"\n",
    )
    .unwrap();
    let rejected = folder.path().join("rejected.csv");
    let (file, map) = (file.to_str().unwrap(), map.to_str().unwrap());
    let position = desk.json(&["figure", "defenders-arrested-2020"])["position"].clone();

    let refused = desk.ask(&["import", file, "--map", map, "--rejected", rejected.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "{}", told(&refused));
    assert!(told(&refused).contains("2020-13-45"), "{}", told(&refused));
    assert!(told(&refused).contains("Refused rows are in "), "{}", told(&refused));
    assert_eq!(desk.json(&["figure", "defenders-arrested-2020"])["position"], position, "nothing was recorded");
    assert_eq!(fs::read_to_string(&rejected).unwrap().matches("2020-13-45").count(), 3);

    let taken = desk.json(&["import", file, "--map", map, "--take-good"]);
    assert_eq!(taken["rows"], 100);
    assert_eq!(taken["cells_refused"], 3, "three dates: {taken}");
    let remarks = taken["remarks"].to_string();
    assert!(remarks.contains("=cmd") && remarks.contains("not run"), "a formula is text, and it is told: {taken}");

    let missing = folder.path().join("missing.csv");
    fs::write(&missing, "id,Somebody,When\n1,A,2020-08-01\n").unwrap();
    let answer = desk.ask(&["import", missing.to_str().unwrap(), "--map", map]);
    assert_eq!(answer.status.code(), Some(1));
    assert!(told(&answer).contains("Name"), "it names the columns that are missing: {}", told(&answer));

    let truncated = folder.path().join("half.xlsx");
    fs::write(&truncated, b"PK\x03\x04 and then the line broke").unwrap();
    let answer = desk.ask(&["import", truncated.to_str().unwrap(), "--map", map]);
    assert_eq!(answer.status.code(), Some(1), "{}", told(&answer));
}
