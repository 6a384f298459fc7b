//! Files that make their reader run wild cost one clear error, and the next file is read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use text::{Converter, Document, Error, Limits, Options, convert};

/// The example that cargo builds beside the tests.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().unwrap().parent().unwrap().join("examples/convert");
    assert!(program.exists(), "run all targets (`cargo test -p text`), so that {} is built", program.display());
    program
}

fn run(wild: &str, limits: &Limits) -> Result<Document, Error> {
    convert(&program(), &[OsStr::new(wild)], b"words", "a.txt", &Options::default(), limits)
}

fn small() -> Limits {
    Limits { memory: 400 << 20, cpu: Duration::from_secs(1), wall: Duration::from_secs(6), output: 1 << 20 }
}

fn why(outcome: Result<Document, Error>) -> String {
    match outcome {
        Err(error @ Error::Stopped { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_read_by_the_child_as_by_ourselves() {
    let bytes = include_bytes!("files/columns.pdf");
    let there = convert(&program(), &[], bytes, "columns.pdf", &Options::default(), &Limits::default()).unwrap();
    let here = text::extract(bytes, "columns.pdf", &Options::default()).unwrap();
    assert_eq!(there, here);
    let attached = convert(
        &program(),
        &[],
        include_bytes!("files/attached.pdf"),
        "a.pdf",
        &Options::default(),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(attached.attachments[0].bytes, b"# The letter\n\nIts words.\n");
}

#[test]
fn memory_is_bounded() {
    let said = why(run("memory", &small()));
    assert!(said.contains("400 MB of memory"), "{said}");
}

#[test]
fn computing_is_bounded() {
    let begun = Instant::now();
    let said = why(run("computing", &Limits { wall: Duration::from_secs(50), ..small() }));
    assert!(said.contains("seconds of computing"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(50));
}

#[test]
fn waiting_is_bounded() {
    let said = why(run("sleep", &Limits { wall: Duration::from_millis(300), ..small() }));
    assert!(said.contains("longer than 0.3 seconds"), "{said}");
}

#[test]
fn the_answer_is_bounded() {
    let said = why(run("output", &small()));
    assert!(said.contains("more than the 1 MB"), "{said}");
}

#[test]
fn nesting_is_bounded() {
    let said = why(run("nesting", &small()));
    assert!(said.contains("nested too deeply"), "{said}");
}

#[test]
fn the_child_writes_no_file_and_a_silent_one_is_reported() {
    assert!(matches!(run("file", &small()), Err(Error::Stopped { .. })));
    assert!(matches!(run("nothing", &small()), Err(Error::Converter { .. })));
    let missing = convert(&program().with_file_name("none"), &[], b"a", "a", &Options::default(), &small());
    assert!(matches!(missing, Err(Error::Converter { .. })));
}

#[test]
fn one_child_reads_many_files_and_another_follows_a_breach() {
    let mut converter = Converter::new(&program(), &[], &small());
    for round in 0..3 {
        let good = converter.convert(b"Nine people were arrested.", "a.txt", &Options::default()).unwrap();
        assert_eq!(good.text, "Nine people were arrested.", "round {round}");
        // An answer larger than its limit ends the child.
        let long = "word ".repeat(400_000);
        assert!(matches!(converter.convert(long.as_bytes(), "a.txt", &Options::default()), Err(Error::Stopped { .. })));
        assert!(matches!(converter.convert(b"", "a.txt", &Options::default()), Err(Error::Empty)));
        assert!(matches!(
            converter.convert(&[0, 1, 2, 255].repeat(99), "a", &Options::default()),
            Err(Error::Unsupported { .. })
        ));
    }
}

#[test]
fn bombs_cost_one_error() {
    let limits = Limits { cpu: Duration::from_secs(4), ..Limits::default() };
    let mut converter = Converter::new(&program(), &[], &limits);
    let bomb = bomb();
    let error = converter.convert(&bomb, "bomb.docx", &Options::default()).unwrap_err();
    assert!(matches!(&error, Error::TooLarge { .. }), "{error}");
    let deep = deep_pages();
    assert!(converter.convert(&deep, "deep.pdf", &Options::default()).is_err());
    assert!(converter.convert(b"after", "a.txt", &Options::default()).is_ok());
}

/// Two hundred million letters in a few hundred kilobytes.
fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<w:document><w:body><w:p><w:r><w:t>").unwrap();
    let piece = vec![b'a'; 1 << 20];
    for _ in 0..200 {
        zip.write_all(&piece).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A page tree as deep as a well.
fn deep_pages() -> Vec<u8> {
    let mut pdf = String::from("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    for number in 2..200_000 {
        pdf.push_str(&format!("{number} 0 obj\n<< /Type /Pages /Kids [{} 0 R] >>\nendobj\n", number + 1));
    }
    pdf.push_str("trailer << /Root 1 0 R >>\n");
    pdf.into_bytes()
}
