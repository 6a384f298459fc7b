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
    let broken = ["given_name,family_name\nJosé,Núñez\nRamón,c\nJos".as_bytes(), b"\xe9,d\n"].concat();
    let broken = said(&broken);
    assert!(broken.contains("line 4") && broken.contains("UTF-8"), "{broken}");
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

/// A list in an encoding; what it was taken for, and what comes out.
fn linked(text: &[u8]) -> (serde_json::Value, String) {
    let (folder, path) = file("list.csv", text);
    let out = folder.path().join("out.csv");
    let options = LinkOptions { inputs: vec![path], out: Some(out.clone()), ..LinkOptions::default() };
    let report = link(&options).unwrap().json();
    (report["files"][0].clone(), std::fs::read_to_string(out).unwrap())
}

#[test]
fn encodings_and_separators_are_told_and_what_comes_out_is_utf8() {
    let rows = |names: [&str; 4]| {
        let row = |(n, name): (usize, &&str)| format!("{name};Phnom Penh;200{}-05-0{}\n", n % 2, n + 1);
        "name;place;date\n".to_owned() + &names.iter().enumerate().map(row).collect::<String>()
    };
    let french = rows(["Hélène Château", "Helène Chateau", "François Orléans", "Andréa Saint-Étienne"]);
    let thai = rows(["สมชาย ใจดี", "สมชัย ใจดี", "นฤมล ศรีสุข", "ประยุทธ์ จันทร์โอชา"]);
    let arabic = rows(["محمد علي حسن", "محمد على حسن", "فاطمة الزهراء", "أحمد عبد الله"]);
    let wide = |bytes: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    for (name, text, bytes, told_by) in [
        ("UTF-8", &french, french.clone().into_bytes(), "its bytes"),
        ("UTF-8", &french, format!("\u{feff}{french}").into_bytes(), "a byte order mark"),
        ("UTF-16LE", &thai, wide(u16::to_le_bytes, &format!("\u{feff}{thai}")), "a byte order mark"),
        ("UTF-16BE", &french, wide(u16::to_be_bytes, &french), "its bytes"),
        ("windows-1252", &french, encoding_rs::WINDOWS_1252.encode(&french).0.into_owned(), "a guess"),
        ("windows-874", &thai, encoding_rs::WINDOWS_874.encode(&thai).0.into_owned(), "a guess"),
        ("windows-1256", &arabic, encoding_rs::WINDOWS_1256.encode(&arabic).0.into_owned(), "a guess"),
        ("ISO-8859-6", &arabic, encoding_rs::ISO_8859_6.encode(&arabic).0.into_owned(), "a guess"),
    ] {
        let (file, out) = linked(&bytes);
        assert_eq!((file["encoding"].as_str(), file["encoding_told_by"].as_str()), (Some(name), Some(told_by)));
        assert_eq!(file["separator"], ";");
        for (line, from) in out.lines().zip(text.lines()) {
            let name = |line: &str, by: char| line.split(by).next().unwrap().to_owned();
            assert_eq!(name(line, ','), name(from, ';'));
        }
    }
    for separator in ["\t", "|", ","] {
        let (file, _) = linked(french.replace(';', separator).as_bytes());
        assert_eq!(file["separator"], separator);
    }
    let (file, _) = linked(french.replacen("name;", "\"name, as written, or alias, or both\";", 1).as_bytes());
    assert_eq!(file["separator"], ";", "a comma between quotes separates nothing");
}

#[test]
fn an_encoding_that_shows_late_is_found_by_reading_again() {
    let mut text = persons(6000).into_bytes();
    assert!(text.len() > 300 << 10);
    text.extend_from_slice(b"r1,L1,Andr\xe9,Ch\xe2teau,m,1960,phnom penh,2020-01-01,e1\n");
    let (file, _) = linked(&text);
    assert_eq!(file["encoding"], "windows-1252");
}

#[test]
fn settings_that_cannot_be_followed_are_told_by_name() {
    let (_list, list) = file("list.csv", persons(400).as_bytes());
    let say = |settings: &str| {
        let (_folder, path) = file("settings.toml", settings.as_bytes());
        let options = LinkOptions { inputs: vec![list.clone()], settings: Some(path), ..LinkOptions::default() };
        link(&options).err().expect("an error").to_string()
    };
    for (settings, wanted) in [
        ("[columns]\nnom = \"family_name\"", &["“nom”", "given_name, family_name"][..]),
        ("[columns]\nsex = \"gender\"", &["line 2", "unknown variant `gender`"]),
        ("rule = [\"names\"]", &["unknown field `rule`", "rules"]),
        ("rules = [\"names\", \"familly + place\"]", &["“familly + place”", "“familly”", "family_name"]),
        ("rules = [\"event.decade\"]", &["“event.decade”", ".month"]),
        ("rules = [\"place + place\"]", &["“place + place”", "twice"]),
        ("rules = [\"names\", \" names\"]", &["names”", "twice"]),
        ("rules = [\"all\", \"names\"]", &["“all”", "others"]),
        ("rules = [\"names\", \"\"]", &["rule 2 of 2 is empty"]),
        ("rules = [\"sex\"]\n[columns]\nsex = \"ignore\"", &["“sex”", "kind sex", "[columns]"]),
        ("max_block_pairs = 100\nrules = [\"names\", \"sex\"]", &["“sex”", "sex “m”", "max_block_pairs"]),
        ("max_pairs = 100\nrules = [\"names\", \"place\"]", &["“place”", "max_pairs"]),
        ("threshold = 95", &["threshold = 95", "between 0 and 1"]),
        ("threshold = 0.001", &["keep = 0.01"]),
    ] {
        let said = say(settings);
        assert!(wanted.iter().all(|w| said.contains(w)), "{settings}\n{said}");
    }
}
