//! How many documents of three pages are read in a second: `cargo run --release -p text --example throughput`.
//!
//! 1,000 documents are made from seed 1, a third each HTML, DOCX and PDF, and read on two threads: in this
//! process, and through child processes (the example `convert`, which must be built too: `--examples`).
//! With `html`, `docx` or `pdf` after `--`, only those.

use std::ffi::OsStr;
use std::io::{Cursor, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use text::{Converter, Limits, Options, extract};

const DOCUMENTS: usize = 1000;
const THREADS: usize = 2;
const WORDS: &str = "the court of defenders and activists were arrested in Phnom Penh after a march for land rights that police stopped \
    with force while lawyers said no warrant was shown to families who waited at the prison gate until night and organisations asked \
    the authorities to release them without conditions because article 495 had been applied against peaceful assembly again";

/// Numbers that look random and are always the same (Knuth's MMIX generator).
struct Seed(u64);

impl Seed {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }

    fn sentence(&mut self, words: &[&str]) -> String {
        let count = 12 + self.next(16);
        let mut sentence: String = (0..count).map(|_| words[self.next(words.len())]).collect::<Vec<_>>().join(" ");
        if let Some(first) = sentence.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        sentence + "."
    }

    /// Three pages: about 1,500 words in paragraphs.
    fn paragraphs(&mut self) -> Vec<String> {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        (0..20).map(|_| (0..4).map(|_| self.sentence(&words)).collect::<Vec<_>>().join(" ")).collect()
    }
}

fn html(paragraphs: &[String]) -> Vec<u8> {
    let body: String = paragraphs.iter().map(|paragraph| format!("<p>{paragraph}</p>\n")).collect();
    let menu: String = (0..60).map(|item| format!("<li><a href=\"/{item}\">Section {item}</a></li>")).collect();
    format!(
        "<!DOCTYPE html><html><head><title>A document</title></head><body><nav><ul>{menu}</ul></nav><main><article><h1>A document</h1>{body}</article></main><footer>{menu}</footer></body></html>"
    )
    .into_bytes()
}

fn docx(paragraphs: &[String]) -> Vec<u8> {
    let body: String = paragraphs
        .iter()
        .map(|paragraph| format!("<w:p><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr><w:r><w:rPr><w:lang w:val=\"en-GB\"/></w:rPr><w:t xml:space=\"preserve\">{paragraph}</w:t></w:r></w:p>"))
        .collect();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let _ = zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default());
    let _ = write!(zip, "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn pdf(paragraphs: &[String]) -> Vec<u8> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if line.len() + word.len() > 88 {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
        lines.push(String::new());
    }
    let pages: Vec<String> = lines
        .chunks(50)
        .map(|page| {
            let shown: String = page.iter().map(|line| format!("({line}) Tj T*\n")).collect();
            format!("BT /F1 10 Tf 13 TL 60 780 Td\n{shown}ET")
        })
        .collect();
    let kids: Vec<String> = (0..pages.len()).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (index, page) in pages.iter().enumerate() {
        objects.push(format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>", 5 + 2 * index));
        objects.push(format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let at = file.len();
    let size = objects.len() + 1;
    file.push_str(&format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"
    ));
    file.into_bytes()
}

/// Reads one file; says whether that went well.
type Reader<'a> = Box<dyn FnMut(&[u8], &str) -> bool + 'a>;

fn measure<'a>(name: &str, files: &[(&str, Vec<u8>)], reader: impl Fn() -> Reader<'a> + Sync) -> bool {
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut read = reader();
                while let Some((name, bytes)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if !read(bytes, name) {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let (seconds, failed) = (begun.elapsed().as_secs_f64(), failed.into_inner());
    println!(
        "{name:28} {:7.1} documents/s ({} in {seconds:.2} s, {failed} failed)",
        files.len() as f64 / seconds,
        files.len()
    );
    failed == 0
}

fn main() -> ExitCode {
    let mut seed = Seed(1);
    let files: Vec<(&str, Vec<u8>)> = (0..DOCUMENTS)
        .map(|number| {
            let paragraphs = seed.paragraphs();
            match number % 3 {
                0 => ("a.html", html(&paragraphs)),
                1 => ("a.docx", docx(&paragraphs)),
                _ => ("a.pdf", pdf(&paragraphs)),
            }
        })
        .collect();
    let here = || -> Reader<'_> {
        Box::new(|bytes, name| {
            extract(bytes, name, &Options::default()).is_ok_and(|document| document.blocks.len() >= 20)
        })
    };
    let mut good = true;
    let only = std::env::args().nth(1).map(|kind| format!("a.{kind}"));
    for kind in ["a.html", "a.docx", "a.pdf"] {
        if only.as_ref().is_some_and(|only| only != kind) {
            continue;
        }
        let some: Vec<(&str, Vec<u8>)> = files.iter().filter(|(name, _)| *name == kind).cloned().collect();
        good &= measure(&format!("in process, {kind}"), &some, here);
    }
    let files: Vec<(&str, Vec<u8>)> =
        files.into_iter().filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)).collect();
    good &= measure("in process, all", &files, here);
    let Some(program) = std::env::current_exe()
        .ok()
        .and_then(|own| Some(own.parent()?.join("convert")))
        .filter(|program| program.exists())
    else {
        eprintln!("build the example `convert` too: cargo build --release -p text --examples");
        return ExitCode::FAILURE;
    };
    good &= measure("through children, all", &files, || {
        let no_arguments: [&OsStr; 0] = [];
        let mut converter = Converter::new(&program, &no_arguments, &Limits::default());
        Box::new(move |bytes, name| converter.convert(bytes, name, &Options::default()).is_ok())
    });
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
