//! What a newcomer must see: the demonstration, made through the program itself, and what is asked of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rapporteur")).args(words).output().expect("the program runs")
}

/// One demonstration for all tests of this file.
fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap().keep().join("demo");
        let made = run(&["demo", "--no-serve", "--dir", folder.to_str().unwrap()]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        folder
    })
}

fn ask_in(folder: &Path, words: &[&str]) -> Output {
    let passphrase = demo().join("passphrase.txt");
    let mut all = vec!["--workspace", folder.to_str().unwrap(), "--passphrase-file", passphrase.to_str().unwrap()];
    all.extend(words);
    run(&all)
}

fn ask(words: &[&str]) -> Value {
    let answer = ask_in(demo(), words);
    assert!(answer.status.success(), "{words:?}: {}", String::from_utf8_lossy(&answer.stderr));
    serde_json::from_slice(&answer.stdout).expect("one JSON value")
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_demonstration_leaves_a_workspace_and_what_it_published() {
    for name in ["ledger.db", "config.toml", "passphrase.txt", "out/letter.pdf", "out/letter.html", "out/figure.json"] {
        assert!(fs::metadata(demo().join(name)).unwrap().len() > 0, "{name}");
    }
    assert!(demo().join("objects").is_dir());
    assert!(fs::read(demo().join("out/letter.pdf")).unwrap().starts_with(b"%PDF-1.7"));
    let letter = fs::read_to_string(demo().join("out/letter.html")).unwrap();
    assert!(!letter.contains("[["), "every reference is resolved");
    assert!(!letter.contains("<script"), "a letter commands nothing");
    let figure: Value = serde_json::from_slice(&fs::read(demo().join("out/figure.json")).unwrap()).unwrap();
    assert_eq!(figure["name"], "defenders-arrested-2020");
}

#[test]
fn it_verifies_and_every_changed_byte_is_found() {
    let sound = ask_in(demo(), &["verify"]);
    assert_eq!(sound.status.code(), Some(0), "{}", String::from_utf8_lossy(&sound.stdout));
    let copy = tempfile::tempdir().unwrap();
    copy_all(demo(), copy.path());
    let ledger = copy.path().join("ledger.db");
    let length = fs::metadata(&ledger).unwrap().len() as usize;
    for at in [0, 15, 16, 4_095, 4_096, length / 3, length / 2, length - 1] {
        let answer = with_changed_byte(&ledger, at, || ask_in(copy.path(), &["verify"]));
        let told = String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr);
        assert_eq!(answer.status.code(), Some(3), "byte {at}: {told}");
        assert!(told.contains("page"), "byte {at}: {told}");
    }
    let object = first_file(&copy.path().join("objects"));
    let length = fs::metadata(&object).unwrap().len() as usize;
    for at in [0, length / 2, length - 1] {
        let answer = with_changed_byte(&object, at, || ask_in(copy.path(), &["verify"]));
        assert_eq!(answer.status.code(), Some(3), "byte {at} of an object");
        assert!(String::from_utf8_lossy(&answer.stdout).contains("object"), "it names the object");
    }
    assert_eq!(ask_in(copy.path(), &["verify"]).status.code(), Some(0), "and sound again when put back");
}

fn with_changed_byte(path: &Path, at: usize, then: impl FnOnce() -> Output) -> Output {
    let before = fs::read(path).unwrap();
    let mut changed = before.clone();
    changed[at] ^= 0x20;
    fs::write(path, changed).unwrap();
    let answer = then();
    fs::write(path, before).unwrap();
    answer
}

fn first_file(folder: &Path) -> PathBuf {
    let entry = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    if entry.is_dir() { first_file(&entry) } else { entry }
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        // Another test may be reading: what SQLite keeps beside a file while it is open comes and goes.
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with("-wal") || name.ends_with("-shm") {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn rong_chhun_has_two_proceedings_and_two_accounts_of_one_verdict() {
    let shown = ask(&["show", "Rong Chhun", "--json"]);
    for key in ["id", "schema", "label", "position", "properties", "related"] {
        assert!(keys(&shown).contains(key), "{key}");
    }
    assert_eq!((&shown["schema"], &shown["label"]), (&"Person".into(), &"Rong Chhun".into()));
    let name = &shown["properties"]["name"][0];
    for key in ["value", "preferred", "why", "verification", "claims"] {
        assert!(keys(name).contains(key), "{key}");
    }
    for key in ["id", "asserter", "source", "quote", "recorded_at", "recorded_by"] {
        assert!(keys(&name["claims"][0]).contains(key), "{key}");
    }
    let proceedings: Vec<&Value> =
        shown["related"].as_array().unwrap().iter().filter(|related| related["schema"] == "Proceeding").collect();
    assert_eq!(proceedings.len(), 2, "two different proceedings");
    let steps = proceedings.iter().flat_map(|proceeding| proceeding["related"].as_array().unwrap());
    let verdicts: Vec<&Value> = steps
        .filter(|step| step["properties"]["type"][0]["value"] == "proceeding-steps:verdict")
        .filter_map(|step| step["properties"].get("date"))
        .filter(|dates| dates.as_array().is_some_and(|dates| dates.len() > 1))
        .collect();
    let [dates] = verdicts.as_slice() else { panic!("one verdict has two accounts of its date: {verdicts:?}") };
    assert_eq!((&dates[0]["value"], &dates[0]["preferred"]), (&"2021-08-18".into(), &true.into()));
    assert!(dates[0]["why"].as_str().unwrap().contains("independent sources against 1"), "{}", dates[0]["why"]);
    assert_eq!((&dates[1]["value"], &dates[1]["preferred"]), (&"2021-08-17".into(), &false.into()));
}

#[test]
fn as_of_an_earlier_position_tells_what_was_known_then() {
    let now = ask(&["show", "Rong Chhun", "--json"]);
    let position = now["position"].as_u64().unwrap();
    let claims = |shown: &Value| {
        shown["properties"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|values| values.as_array().unwrap().clone())
            .map(|value| value["claims"].as_array().unwrap().len())
            .sum::<usize>()
    };
    let mut before = claims(&now);
    let mut fewer = 0;
    for earlier in (2..position).rev().step_by(7) {
        let earlier = earlier.to_string();
        let answer = ask_in(demo(), &["show", now["id"].as_str().unwrap(), "--json", "--as-of", &earlier]);
        let Ok(then) = serde_json::from_slice::<Value>(&answer.stdout) else { continue };
        assert_eq!(then["position"].to_string(), earlier);
        let known = claims(&then);
        assert!(known <= before, "knowledge only grows");
        fewer += usize::from(known < before);
        before = known;
    }
    assert!(fewer > 1, "it grew over several entries");
}

#[test]
fn a_figure_has_its_definition_and_gives_the_same_bytes() {
    let bytes = || ask_in(demo(), &["figure", "defenders-arrested-2020", "--json"]).stdout;
    assert_eq!(bytes(), bytes());
    let figure: Value = serde_json::from_slice(&bytes()).unwrap();
    for key in [
        "name",
        "definition",
        "unit",
        "window",
        "standard",
        "position",
        "digest",
        "lower",
        "upper",
        "items",
        "published",
    ] {
        assert!(keys(&figure).contains(key), "{key}");
    }
    assert_eq!((&figure["unit"], &figure["window"]), (&"persons".into(), &"2020-07-31/2020-09-10".into()));
    let (lower, upper) = (figure["lower"].as_u64().unwrap(), figure["upper"].as_u64().unwrap());
    assert!(lower <= upper && lower > 0);
    for item in figure["items"].as_array().unwrap() {
        assert!(!item["claims"].as_array().unwrap().is_empty(), "{} rests on claims", item["label"]);
    }
    let published = figure["published"].as_array().unwrap();
    assert!(published.len() >= 4, "the four counts of the wave");
    for other in published {
        for key in ["asserter", "lower", "upper", "unit", "window", "differs"] {
            assert!(keys(other).contains(key), "{key}");
        }
    }
}

#[test]
fn importing_the_same_case_file_again_appends_nothing() {
    let copy = tempfile::tempdir().unwrap();
    copy_all(demo(), copy.path());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../casefiles/cambodia");
    let answer = ask_in(copy.path(), &["import", folder.to_str().unwrap(), "--json"]);
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let report: Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!((&report["entries"], &report["claims"]), (&0.into(), &0.into()));
}

#[test]
fn wrong_use_and_wrong_keys_are_told_apart() {
    assert_eq!(run(&["show"]).status.code(), Some(2), "wrong use");
    assert_eq!(run(&["show", "x"]).status.code(), Some(2), "no workspace");
    let wrong = tempfile::NamedTempFile::new().unwrap();
    fs::write(wrong.path(), "not the passphrase\n").unwrap();
    let answer =
        run(&["--workspace", demo().to_str().unwrap(), "--passphrase-file", wrong.path().to_str().unwrap(), "verify"]);
    assert_eq!(answer.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&answer.stderr).contains("passphrase"));
    let nobody = ask_in(demo(), &["show", "Nobody At All"]);
    assert_eq!(nobody.status.code(), Some(1));
    let many = ask_in(demo(), &["show", "ratha"]);
    assert_eq!(many.status.code(), Some(2), "Thun Ratha and Sun Ratha are two");
    assert!(String::from_utf8_lossy(&many.stderr).contains("Sun Ratha"));
}

#[test]
fn erased_words_are_gone_and_the_ledger_still_verifies() {
    let copy = tempfile::tempdir().unwrap();
    copy_all(demo(), copy.path());
    let told = ask_in(copy.path(), &["claims", "rong-chhun", "--json"]);
    let claims: Value = serde_json::from_slice(&told.stdout).unwrap();
    let quoted = claims["claims"].as_array().unwrap().iter().find(|claim| claim["quote"].is_string()).unwrap();
    let (address, quote) = (quoted["id"].as_str().unwrap(), quoted["quote"].as_str().unwrap());
    let refused = ask_in(copy.path(), &["erase", address]);
    assert_eq!(refused.status.code(), Some(2), "a reason is needed");
    let done = ask_in(copy.path(), &["erase", address, "--because", "consent was withdrawn"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let after = ask_in(copy.path(), &["claims", "rong-chhun", "--json"]);
    let after: Value = serde_json::from_slice(&after.stdout).unwrap();
    let gone = after["claims"].as_array().unwrap().iter().find(|claim| claim["id"] == address).unwrap();
    assert_eq!(
        (&gone["state"], &gone["quote"], &gone["value"]),
        (&"erased".into(), &Value::Null, &Value::Null),
        "“{quote}” is gone"
    );
    let verified = ask_in(copy.path(), &["verify", "--json"]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
    let verified: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(verified["erased"], 1);
}

#[test]
fn what_is_restricted_to_a_team_is_for_the_team_and_verified_for_all() {
    let copy = tempfile::tempdir().unwrap();
    copy_all(demo(), copy.path());
    let file = copy.path().join("statement.txt");
    fs::write(&file, "A guard said that the cell was dark.").unwrap();
    let add =
        ["add", file.to_str().unwrap(), "--title", "Statement of a guard", "--visible-to", "restricted:interviews"];
    let added = ask_in(copy.path(), &add);
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    fs::remove_file(&file).unwrap();
    assert_eq!(
        ask_in(copy.path(), &["show", "Statement of a guard"]).status.code(),
        Some(1),
        "the owner is in no team yet"
    );
    let verified = ask_in(copy.path(), &["verify"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success() && said.contains("79 objects") && !said.contains("no entry speaks"), "{said}");
    let joined = ask_in(copy.path(), &["account", "Demonstration analyst", "--team", "interviews"]);
    assert!(joined.status.success() && String::from_utf8_lossy(&joined.stdout).contains("interviews"));
    assert_eq!(ask_in(copy.path(), &["show", "Statement of a guard"]).status.code(), Some(0));
    assert_eq!(
        ask_in(copy.path(), &["show", "Statement of a guard", "--clearance", "internal"]).status.code(),
        Some(1)
    );
}

#[test]
fn a_publication_goes_where_it_can_be_read() {
    let copy = tempfile::tempdir().unwrap();
    copy_all(demo(), copy.path());
    let to =
        |name: &str| ask_in(copy.path(), &["publish", "letter-2023", "--to", copy.path().join(name).to_str().unwrap()]);
    assert_eq!(to("letter.docx").status.code(), Some(2));
    assert!(!copy.path().join("letter.docx").exists(), "no folder of that name");
    assert_eq!(to("nowhere/letter.pdf").status.code(), Some(2));
    let released = to("letter.html");
    assert!(released.status.success(), "{}", String::from_utf8_lossy(&released.stderr));
    assert!(copy.path().join("letter.html").exists());
}
