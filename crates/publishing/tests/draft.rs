//! What a draft may say, and what it is told when it says something else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ledger::{Cleared, Level};
use publishing::model::Block;
use publishing::{Ask, Draft, Drafted, Error};

const FRONT: &str = "---\npublication: l\ntitle: A letter\ndate: 2023-09-15\n---\n";

fn body(text: &str) -> Vec<Block<Drafted>> {
    Draft::parse(&format!("{FRONT}{text}")).unwrap().body
}

fn line(text: &str) -> Vec<Drafted> {
    match body(text).into_iter().next() {
        Some(Block::Paragraph { inlines }) => inlines,
        other => panic!("no paragraph but {other:?}"),
    }
}

fn asks(text: &str) -> Vec<Ask> {
    line(text)
        .into_iter()
        .filter_map(|inline| match inline {
            Drafted::Reference(reference) => Some(reference.ask),
            _ => None,
        })
        .collect()
}

/// The error's line and message.
fn error(text: &str) -> (usize, String) {
    match Draft::parse(text).unwrap_err() {
        error @ Error::Draft { line, .. } => (line, error.to_string()),
        other => panic!("{other}"),
    }
}

#[test]
fn the_four_references() {
    assert_eq!(
        asks(
            "On [[fact:rc1-verdict.date|drafted 2021-08-18]] [[name:rong-chhun]] [[cite:lic300|para. 4; *own* text]] and \
             [[figure:defenders|drafted 14..20]]."
        ),
        [
            Ask::Fact { entity: "rc1-verdict".into(), property: "date".into(), drafted: Some("2021-08-18".into()) },
            Ask::Name { entity: "rong-chhun".into() },
            Ask::Cite { entity: "lic300".into(), pinpoint: Some("para. 4; *own* text".into()) },
            Ask::Figure { name: "defenders".into(), drafted: Some("14..20".into()) },
        ]
    );
}

#[test]
fn a_reference_may_stand_in_a_table_and_across_lines() {
    let blocks = body(
        "| a | b |\n|---|--:|\n| [[cite:x|p. 1]] | **[[fact:e.count]]** |\n\nOn [[cite:y|a\nb]] and\n[[cite:z]]\n",
    );
    let Some(Block::Table { rows, .. }) = blocks.first() else { panic!("no table") };
    assert!(
        matches!(&rows[0][0][..], [Drafted::Reference(reference)] if reference.written == "cite:x|p. 1" && reference.line == 8)
    );
    let Some(Block::Paragraph { inlines }) = blocks.get(1) else { panic!("no paragraph") };
    let lines: Vec<_> = inlines
        .iter()
        .filter_map(|i| if let Drafted::Reference(r) = i { Some((r.written.as_str(), r.line)) } else { None })
        .collect();
    assert_eq!(lines, [("cite:y|a b", 10), ("cite:z", 12)]);
}

#[test]
fn plain_brackets_and_html_are_text() {
    assert_eq!(line(r"a \[[b]] <b>c</b> [d]"), [Drafted::Text("a [[b]] <b>c</b> [d]".into())]);
    assert_eq!(line("<script>alert(1)</script>"), [Drafted::Text("<script>alert(1)</script>".into())]);
    assert_eq!(line("`[[cite:x]]`"), [Drafted::Code("[[cite:x]]".into())]);
}

#[test]
fn headings_do_not_leap() {
    let levels: Vec<u8> = body("# a\n\n#### b\n\n## c\n\n### d\n")
        .iter()
        .filter_map(|block| if let Block::Heading { level, .. } = block { Some(*level) } else { None })
        .collect();
    assert_eq!(levels, [2, 3, 2, 3]);
}

#[test]
fn errors_name_the_line() {
    for (text, expect_line, says) in [
        ("no front matter", 1, "front matter"),
        ("---\ntitle: x\n", 1, "does not end"),
        ("---\npublication: l\ndate: 2023-09-15\n---\n", 2, "“title” is missing"),
        ("---\npublication: l\ntitel: x\n---\n", 3, "unknown key “titel”"),
        ("---\npublication: l\ntitle: x\ndate: 2023-09\n---\n", 4, "2023-09-15"),
        ("---\npublication: l\ntitle: x\ndate: 2023-02-30\n---\n", 4, "2023-02-30"),
        ("---\npublication: l\ntitle: x\ndate: 2023-09-15\nclearance: secret\n---\n", 5, "secret"),
        ("---\npublication: l\ntitle: [\n---\n", 4, "YAML"),
    ] {
        let (line, message) = error(text);
        assert_eq!(line, expect_line, "{text:?}: {message}");
        assert!(message.contains(says), "{message}");
    }
    for (text, expect_line, says) in [
        ("one\n\n[[figur:x]]", 8, "figure, fact, name and cite"),
        ("[[fact:x]]", 6, "names no property"),
        ("[[asks]]", 6, "is not a reference"),
        ("a\n[[cite:x\n\nb]]", 7, "does not end"),
        ("[[figure:x|14]]", 6, "drafted"),
        ("[[name:x|y]]", 6, "takes nothing"),
        ("a\n\n[x](javascript:alert)", 8, "cannot link"),
        ("a\n\n![x](y.png)", 8, "no pictures"),
        ("a\n\n##\n", 8, "heading is empty"),
        ("a\n\u{e000}", 7, "private area"),
        (&">".repeat(200), 6, "nested too deep"),
    ] {
        let (line, message) = error(&format!("{FRONT}{text}"));
        assert_eq!(line, expect_line, "{text:?}: {message}");
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn the_view_is_exactly_the_clearance() {
    let with = |clearance: &str| {
        Draft::parse(&FRONT.replace("date:", &format!("clearance: {clearance}\ndate:"))).unwrap().cleared()
    };
    assert_eq!(Draft::parse(FRONT).unwrap().cleared(), Cleared::to(Level::Public), "nothing said is public");
    assert_eq!(with("internal"), Cleared::to(Level::Internal));
    assert_eq!(with("restricted:legal"), Cleared::to(Level::Internal).with_team("legal"));
}

#[test]
fn no_text_is_too_strange() {
    for text in [
        "[[",
        "]]",
        "[[]]",
        "\\",
        "[[[[",
        "|",
        "[",
        "\u{feff}",
        "- [ ] x",
        "[^1]\n\n[^1]: y",
        "$x$",
        "a  \nb",
        "&lt;&#0;",
        "\0",
    ] {
        let _ = Draft::parse(text);
        let _ = Draft::parse(&format!("{FRONT}{text}"));
        let _ = Draft::parse(&format!("---\n{text}\n---\n"));
    }
}
