//! Plain files: what is read, what is refused and how it is said, and that runs repeat to the byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::PathBuf;

use linkage::files::{LinkOptions, link};
use linkage::rng::Rng;

fn file(name: &str, text: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// Persons on two lists, some of them twice with a misspelling.
fn persons(rows: usize) -> String {
    let given = ["sokha", "dara", "vannak", "sithar", "kunthea", "ratha", "chhun", "sovann", "bopha", "maly"];
    let family = ["chhim", "rong", "thun", "long", "phuong", "keo", "hun", "kea", "sok", "heng", "tep", "ros"];
    let places = ["phnom penh", "battambang", "koh kong", "kampot", "takeo"];
    let mut rng = Rng::new(7);
    let mut out = String::from("rec_id,list_id,given_name,family_name,sex,dob,place,event_date,entity_id\n");
    let mut n = 0;
    let mut entity = 0;
    while n < rows {
        entity += 1;
        let mut pick = |from: u64| rng.below(from) as usize;
        let (g, f) = (given[pick(10)].to_owned() + given[pick(10)], family[pick(12)].to_owned() + family[pick(12)]);
        let (year, month, day) = (1950 + pick(50), 1 + pick(12), 1 + pick(28));
        let (place, when) = (places[pick(5)], format!("2020-{:02}-{:02}", 1 + pick(12), 1 + pick(28)));
        for copy in 0..1 + pick(3) / 2 {
            let g = if copy == 1 { g.replacen('a', "o", 1) } else { g.clone() };
            let born = if copy == 1 { format!("{year}") } else { format!("{year}-{month:02}-{day:02}") };
            n += 1;
            writeln!(out, "r{n},L{copy},{g},{f},m,{born},{place},{when},e{entity}").unwrap();
        }
    }
    out
}

fn said(text: &[u8]) -> String {
    let (_folder, path) = file("bad.csv", text);
    link(&LinkOptions { inputs: vec![path], ..LinkOptions::default() }).err().expect("an error").to_string()
}

#[test]
fn finds_the_persons_and_repeats_to_the_byte_whatever_the_threads() {
    let (folder, path) = file("persons.csv", persons(2000).as_bytes());
    let run = |threads: usize| {
        let (out, pairs) = (folder.path().join("out.csv"), folder.path().join("pairs.csv"));
        let options = LinkOptions {
            inputs: vec![path.clone()],
            truth: Some("entity_id".to_owned()),
            out: Some(out.clone()),
            pairs: Some(pairs.clone()),
            threads,
            ..LinkOptions::default()
        };
        let report = link(&options).unwrap().json();
        (report, std::fs::read(out).unwrap(), std::fs::read(pairs).unwrap())
    };
    let (report, out, pairs) = run(1);
    let (_, out2, pairs2) = run(2);
    assert_eq!(out, out2);
    assert_eq!(pairs, pairs2);
    let f1 = report["evaluation"]["pairs_at_default"]["f1"].as_f64().unwrap();
    assert!(f1 > 0.95, "{f1} {:#}", report["evaluation"]);
    assert!(report["columns"].as_array().unwrap().iter().any(|c| c["column"] == "entity_id" && c["kind"] == "ignore"));
    let out = String::from_utf8(out).unwrap();
    assert!(out.lines().next().unwrap().ends_with("entity_id,cluster_id"), "{out}");
    assert_eq!(out.lines().count() as u64, report["rows"].as_u64().unwrap() + 1);
}

#[test]
fn two_files_are_linked_across() {
    let all = persons(600);
    let pick = |list: &str| {
        let rows = all.lines().enumerate().filter(|(i, l)| *i == 0 || l.contains(list));
        rows.map(|(_, l)| format!("{l}\n")).collect::<String>()
    };
    let (_a, first) = file("a.csv", pick(",L0,").as_bytes());
    let (_b, second) = file("b.csv", pick(",L1,").as_bytes());
    let options =
        LinkOptions { inputs: vec![first, second], truth: Some("entity_id".to_owned()), ..LinkOptions::default() };
    let report = link(&options).unwrap().json();
    let f1 = report["evaluation"]["pairs_at_default"]["f1"].as_f64().unwrap();
    assert!(f1 > 0.95, "{f1}");
}

#[test]
fn says_what_is_wrong_and_where() {
    assert!(said(b"").contains("line 1: the file is empty"), "{}", said(b""));
    let few = said(b"given_name,family_name\na,b\nc\n");
    assert!(few.contains("bad.csv, line 3: 1 cells where the header has 2"), "{few}");
    let open = said(b"given_name,family_name\na,b\n\"c,d\ne,f\n");
    assert!(open.contains("line 3") && open.contains("never closed"), "{open}");
    let after = said(b"given_name,family_name\n\"a\"x,b\n");
    assert!(after.contains("line 2") && after.contains("closing quote"), "{after}");
    let twice = said(b"given_name,given_name\na,b\n");
    assert!(twice.contains("two columns are called"), "{twice}");
    let latin = said(b"given_name,family_name\na,b\nJos\xe9,c\n");
    assert!(latin.contains("line 3") && latin.contains("UTF-8"), "{latin}");
    let zip = said(b"PK\x03\x04rest");
    assert!(zip.contains("zip archive"), "{zip}");
    let alone = said(b"given_name,family_name\na,b\n");
    assert!(alone.contains("nothing to compare"), "{alone}");
    let nothing = said(b"colour,shape\nred,round\nblue,square\n");
    assert!(nothing.contains("no column holds"), "{nothing}");
}

#[test]
fn quotes_separators_and_line_breaks_are_read() {
    let text = "\u{feff}given_name;family_name;place\r\n\"a \"\"b\"\"\";\"c;d\";\"e\nf\"\r\n\r\nx;y;z\r\nlast;one;here";
    let mut reader = linkage::csv::Reader::new(&PathBuf::from("t.csv"), text.as_bytes());
    assert_eq!(reader.header().unwrap(), ["given_name", "family_name", "place"]);
    let mut rows = Vec::new();
    while reader.next().unwrap() {
        rows.push((0..reader.len()).map(|i| String::from_utf8_lossy(reader.cell(i)).into_owned()).collect::<Vec<_>>());
    }
    assert_eq!(rows, [vec!["a \"b\"", "c;d", "e\nf"], vec!["x", "y", "z"], vec!["last", "one", "here"]]);
}

#[test]
fn cells_are_the_same_wherever_the_blocks_of_reading_end() {
    let cell = |i: usize, k: usize| format!("{i} says \"{k}\",\nand goes on{}", "!".repeat((i * 7 + k) % 50));
    let mut text = String::from("a,b,c\n");
    let rows = 60_000;
    for i in 0..rows {
        let quoted = |k: usize| format!("\"{}\"", cell(i, k).replace('"', "\"\""));
        writeln!(text, "{},plain{i},{}", quoted(0), quoted(2)).unwrap();
    }
    assert!(text.len() > 5 << 20);
    let mut reader = linkage::csv::Reader::new(&PathBuf::from("t.csv"), text.as_bytes());
    reader.header().unwrap();
    let mut n = 0;
    while reader.next().unwrap() {
        let found: Vec<_> = (0..reader.len()).map(|i| String::from_utf8_lossy(reader.cell(i)).into_owned()).collect();
        assert_eq!(found, [cell(n, 0), format!("plain{n}"), cell(n, 2)]);
        n += 1;
    }
    assert_eq!(n, rows);
}
