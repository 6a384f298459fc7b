//! Prints what is read in files: `cargo run --release -p text --example read -- FILE…`

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    let json = std::env::args().any(|argument| argument == "--json");
    for path in std::env::args().skip(1).filter(|argument| argument != "--json") {
        let outcome = std::fs::read(&path).map_err(|error| error.to_string()).and_then(|bytes| {
            text::extract(&bytes, &path, &text::Options::default()).map_err(|error| error.to_string())
        });
        match outcome {
            Ok(document) if json => println!("{}", serde_json::to_string(&document).unwrap_or_default()),
            Ok(document) => print(&path, &document),
            Err(why) => {
                eprintln!("{path}: {why}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn print(path: &str, document: &text::Document) {
    println!("== {path}: {} ({}), {}", document.format, document.media_type, document.method);
    println!(
        "title {:?}\nbyline {:?}\ndate line {:?}\npublished {:?}\nlanguage {:?}",
        document.title, document.byline, document.date_line, document.published, document.language
    );
    println!(
        "publisher {:?}\ncanonical {:?}\nabout {:?}\npages {:?}",
        document.publisher, document.canonical, document.about, document.pages
    );
    let characters: Vec<char> = document.text.chars().collect();
    for (index, block) in document.blocks.iter().enumerate() {
        let words: String = characters[block.start as usize..block.end as usize].iter().collect();
        println!("{index:4} {:?} p{:?} {:?} {words:?}", block.kind, block.page, block.language);
    }
    for note in &document.notes {
        println!("note {note:?}");
    }
    for table in &document.tables {
        println!("table {:?} of {} rows", table.caption, table.rows.len());
    }
    for attachment in &document.attachments {
        println!("attachment {} ({}, {} bytes)", attachment.name, attachment.media_type, attachment.bytes.len());
    }
    for warning in &document.warnings {
        println!("warning: {warning}");
    }
    if let Err(why) = document.check() {
        println!("BROKEN SPANS: {why}");
    }
}
