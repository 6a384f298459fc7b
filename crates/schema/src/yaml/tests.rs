#![allow(clippy::unwrap_used)]
use super::*;

fn read(text: &str) -> Node {
    parse("file.yaml", text).unwrap()
}

fn refused(text: &str) -> String {
    parse("file.yaml", text).unwrap_err().to_string()
}

#[test]
fn scalars_stay_as_written() {
    let node = read("a: 2020-07-31\nb: 1.10\nc: no\nd: 495\ne: ~\nf: \"yes\"\n");
    for (key, text) in [("a", "2020-07-31"), ("b", "1.10"), ("c", "no"), ("d", "495"), ("e", "~"), ("f", "yes")] {
        assert_eq!(node.require(key).unwrap().str().unwrap(), text);
    }
}

#[test]
fn every_node_knows_its_place() {
    let node = read("sources:\n  - source: lic300\n    claims:\n      - words: ខ្មែរ\n");
    let words =
        node.get("sources").unwrap().list().unwrap()[0].get("claims").unwrap().list().unwrap()[0].get("words").unwrap();
    assert_eq!((words.line(), words.column()), (4, 16));
    assert_eq!(words.path(), "sources[0].claims[0].words");
    assert_eq!(
        words.error("not found", "Copy the words exactly.").to_string(),
        "file.yaml:4:16: sources[0].claims[0].words: not found. Copy the words exactly."
    );
}

#[test]
fn blocks_are_joined() {
    let node = read("a: >-\n  one\n  two\nb: |\n  one\n  two\n");
    assert_eq!(node.get("a").unwrap().str().unwrap(), "one two");
    assert_eq!(node.get("b").unwrap().str().unwrap(), "one\ntwo\n");
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let node = read("label: x\nplurall: y\n");
    assert_eq!(
        node.known_keys(&["label", "plural"]).unwrap_err().to_string(),
        "file.yaml:2:1: plurall: unknown key “plurall”. Did you mean “plural”?"
    );
}

#[test]
fn a_duplicate_key_is_an_error() {
    assert_eq!(
        refused("a: 1\nb: 2\na: 3\n"),
        "file.yaml:3:1: “a” stands here twice, first on line 1. Keep one; several values go in a \
         list."
    );
}

#[test]
fn what_is_not_for_people_is_refused() {
    assert!(refused("a: &x 1\nb: *x\n").contains("anchors"));
    assert!(refused("a: !!int 1\n").contains("tags"));
    assert!(refused("a: 1\n---\nb: 2\n").contains("second document"));
    assert!(refused("? [a]\n: 1\n").contains("a key must be a text"));
    assert!(refused(&"[".repeat(70)).contains("nested"));
    let _ = refused(&"[".repeat(100_000));
    assert!(refused("a: [1, 2\nb: 3\n").contains("not YAML"));
}

#[test]
fn empty_is_said_plainly() {
    assert!(read("").is_empty());
    assert!(read("# only a remark\n").is_empty());
    let node = read("a:\nb: \"\"\n");
    assert!(node.get("a").is_none());
    assert_eq!(node.get("b").unwrap().str().unwrap(), "");
    assert_eq!(node.require("a").unwrap_err().problem, "“a” is missing");
    assert_eq!(
        read("a: [1]\n").require("a").unwrap().str().unwrap_err().problem,
        "a text is wanted, but there is a list"
    );
}

#[test]
fn one_or_many() {
    let node = read("a: x\nb: [x, y]\n");
    assert_eq!(node.get("a").unwrap().strings().unwrap(), ["x"]);
    assert_eq!(node.get("b").unwrap().strings().unwrap(), ["x", "y"]);
}
