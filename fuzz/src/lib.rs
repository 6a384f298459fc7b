//! What the targets share.
//!
//! A reader below ours may give up on broken bytes by panicking: `text::extract` catches that and says so. A
//! finding is a panic in our own code, a span outside the text, a hang, or memory without bound.

use std::io::Write;
use std::sync::Once;

/// Panics in these folders are findings; elsewhere they are caught by the code under test.
const OURS: [&str; 4] = ["crates/text", "crates/evidence", "crates/search", "fuzz_targets"];

/// Lets caught panics of others' code pass. To be called first in each target.
pub fn only_ours() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let abort = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let file = info.location().map_or("", |location| location.file());
            if OURS.iter().any(|ours| file.contains(ours)) || file.starts_with("src/") {
                abort(info);
            }
        }));
    });
}

/// Reads a file and checks what came of it.
pub fn read(bytes: &[u8], name: &str) {
    only_ours();
    if let Ok(document) = text::extract(bytes, name, &text::Options::default())
        && let Err(why) = document.check()
    {
        eprintln!("{why}");
        std::process::abort();
    }
}

/// A ZIP of parts, as they are.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        if zip.start_file(*name, stored).is_err() || zip.write_all(bytes).is_err() {
            return Vec::new();
        }
    }
    zip.finish().map(std::io::Cursor::into_inner).unwrap_or_default()
}

/// The pieces of an input, parted by a byte that UTF-8 never has.
pub fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == 0xFF)
}
