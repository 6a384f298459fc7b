//! What is printed, from a letter made by hand: nothing in it is taken for markup, and nothing changes by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::process::Command;

use publishing::model::{Annex, Block, Case, CaseLine, Composed, Inline, Made, Mark, Note, Run, Says, Step};
use publishing::{fragment, html, pdf};

const HOSTILE: &str = "#panic() *b* _i_ $x^2$ <script>alert(1)</script> \" onload=\"x @made-1 \\ ~ `c` // /* ]] #{ [";

fn runs(text: &str) -> Vec<Run> {
    vec![Run { text: text.into(), lang: None }]
}

fn khmer(text: &str) -> Run {
    Run { text: text.into(), lang: Some("km".into()) }
}

fn text(words: &str) -> Inline {
    Inline::Text { runs: runs(words) }
}

fn mark(number: usize, occurrence: usize) -> Inline {
    Inline::Notes { marks: vec![Mark { number, occurrence }] }
}

fn letter(words: &str) -> Composed {
    Composed {
        name: "l".into(),
        kind: "open-letter".into(),
        language: "en".into(),
        title: runs(&format!("Title {words}")),
        date: "2023-09-15".into(),
        date_words: "15 September 2023".into(),
        place: runs("Geneva"),
        from: runs(words),
        to: vec![runs(words)],
        subject: runs(words),
        salutation: runs(words),
        closing: runs(words),
        disclaimer: runs(words),
        signatories: vec![runs(words), runs("ARTICLE 19")],
        blocks: vec![
            Block::Heading { level: 2, inlines: vec![text(words)] },
            Block::Paragraph {
                inlines: vec![
                    text("Arrested: "),
                    Inline::Value {
                        made: 0,
                        occurrence: 1,
                        runs: runs("at least 15 persons"),
                        drafted: Some("14 to 20".into()),
                    },
                    text(". "),
                    mark(1, 1),
                    Inline::Text { runs: vec![khmer("រ៉ុង ឈុន")] },
                    Inline::Code { text: words.into() },
                    Inline::Link { url: "https://example.org/?a=\"&b='".into(), children: vec![text(words)] },
                    Inline::Missing { reference: words.into() },
                ],
            },
            Block::List {
                start: None,
                tight: true,
                items: vec![vec![Block::Paragraph { inlines: vec![text(words), mark(2, 1)] }]],
            },
            Block::Quote { blocks: vec![Block::Paragraph { inlines: vec![text(words)] }] },
            Block::Table {
                align: vec![publishing::model::Align::Right],
                head: vec![vec![text(words)]],
                rows: vec![vec![vec![text(words)]]],
            },
            Block::Code { text: words.into() },
            Block::Rule,
        ],
        notes: vec![
            Note {
                marks: 2,
                says: Says::Full {
                    title: runs(words),
                    details: runs("LICADHO"),
                    url: Some("https://example.org/".into()),
                    pinpoint: Some(runs(words)),
                },
            },
            Note { marks: 1, says: Says::Again { number: 1, short: runs(words), pinpoint: None } },
            Note { marks: 1, says: Says::Withheld },
        ],
        annex: Some(Annex {
            title: runs("Cases"),
            cases: vec![Case {
                title: runs(words),
                kind: "Proceeding".into(),
                lines: vec![CaseLine { label: "Defendant".into(), value: vec![text(words), mark(1, 2)] }],
                steps: vec![Step {
                    date: "18 August 2021".into(),
                    what: runs("Verdict"),
                    outcome: vec![vec![text(words)]],
                    notes: vec![mark(3, 1)],
                }],
                disagreements: vec![vec![text("Cambodia Daily gives 17 August 2021 (verdict, date)")]],
            }],
        }),
        made: vec![Made {
            kind: "figure",
            reference: "f".into(),
            title: runs(words),
            words: runs("at least 15 persons"),
            lines: vec![("Definition".into(), runs(words)), ("Window".into(), runs("2020"))],
            drafted: Some("14 to 20".into()),
            occurrences: 1,
        }],
        changes: Vec::new(),
        unresolved: Vec::new(),
        position: 388,
        recorded: Some("2026-11-22".into()),
        clearance: "public".into(),
        standard: "all-allegations".into(),
        standard_label: "All allegations".into(),
        digest: String::new(),
    }
    .sealed()
    .unwrap()
}

#[test]
fn html_says_hostile_text_and_does_nothing() {
    let page = html(&letter(HOSTILE));
    assert!(!page.contains("<script"), "text became a script");
    assert!(!page.contains("onload=\""), "text became an attribute");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot; onload=&quot;x"));
    assert!(page.contains("href=\"https://example.org/?a=&quot;&amp;b=&#39;\""));
}

#[test]
fn html_notes_lead_there_and_back() {
    let page = fragment(&letter("x"));
    // Every address inside the page exists, once.
    for (at, _) in page.match_indices("href=\"#") {
        let id = page[at + 7..].split('"').next().unwrap();
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "#{id}");
    }
    assert!(page.contains("<sup id=\"note-1-from-2\"><a href=\"#note-1\" role=\"doc-noteref\""));
    assert_eq!(page.matches("role=\"doc-backlink\"").count(), 4);
}

#[test]
fn html_shows_a_change_in_words_and_shape() {
    let page = fragment(&letter("x"));
    assert!(page.contains(
        "<mark class=\"changed\"><a class=\"made\" id=\"made-1-from-1\" href=\"#made-1\">at least 15 persons</a></mark>"
    ));
    assert!(page.contains("[changed since the draft, which said 14 to 20]"));
}

#[test]
fn html_tells_languages_and_keeps_headings_in_order() {
    let page = html(&letter("x"));
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(page.contains("<span lang=\"km\">រ៉ុង ឈុន</span>"));
    let mut last = 0;
    for (at, _) in page.match_indices("<h") {
        let Some(level) = page[at + 2..].chars().next().and_then(|c| c.to_digit(10)) else { continue };
        assert!(level <= last + 1, "h{last} is followed by h{level}");
        last = level;
    }
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn html_needs_nothing_else() {
    let page = html(&letter("x"));
    for fetched in ["<link", "<img", "src=", "@import", "url(", "<script", "<iframe"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
}

#[test]
fn pdf_is_the_same_bytes_twice_and_says_what_it_is() {
    let letter = letter(HOSTILE);
    let first = pdf(&letter).unwrap();
    assert!(first == pdf(&letter).unwrap(), "two runs differ");
    assert!(first.starts_with(b"%PDF-1.7"));
    let xmp = String::from_utf8_lossy(&first).into_owned();
    for needed in
        ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1</pdfuaid:part>"]
    {
        assert!(xmp.contains(needed), "{needed} is not in the metadata");
    }
}

#[test]
fn pdf_prints_hostile_text_as_text() {
    let Some((info, words)) = read(&pdf(&letter(HOSTILE)).unwrap()) else { return };
    assert!(info.contains("Tagged:          yes"), "{info}");
    assert!(info.contains("Title:           Title #panic()"), "{info}");
    assert!(info.contains("JavaScript:      no"), "{info}");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for needed in [
        "#panic() *b* _i_ $x^2$ <script>alert(1)</script>",
        "changed since the draft, which said 14 to 20",
        "ledger position 388",
        "A source that is not named in this publication",
    ] {
        assert!(words.contains(needed), "“{needed}” is not in: {words}");
    }
}

#[test]
fn pdf_takes_any_character() {
    for words in [
        "😀 中文 မြန်မာ ไทย ລາວ العربية \u{200e}\u{200b}\u{feff}\u{fffe}\u{f8ff}\u{ad}",
        "x\u{1}\t\n\r\u{7f}",
        "e\u{301} ﬁ ½ → ≥ ″",
        "\u{200b}",
    ] {
        pdf(&letter(words)).unwrap();
    }
    pdf(&letter(&"long".repeat(2000))).unwrap();
}

#[test]
fn a_different_letter_has_a_different_digest() {
    assert_ne!(letter("a").digest, letter("b").digest);
    assert_eq!(letter("a").digest.len(), 64);
}

/// What poppler reads in a file: information and text. `None` when poppler is not installed.
fn read(bytes: &[u8]) -> Option<(String, String)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let run = |tool: &str, more: &[&str]| {
        let output = Command::new(tool).arg(file.path()).args(more).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    Some((run("pdfinfo", &[])?, run("pdftotext", &["-"])?))
}
