//! PDF: words from glyphs.
//!
//! A PDF has no words, only glyphs with places. In order: glyphs with their Unicode (`glyphs`, `actual`), runs and
//! lines (`lines`), reading order over columns (`columns`), running heads and page numbers out (`furniture`),
//! paragraphs, headings, notes and tables (`paragraphs`, `joining`, `feet`, `tables`), and the text of it all (`write`).

mod about;
mod actual;
mod columns;
mod feet;
mod files;
mod furniture;
mod glyphs;
mod joining;
mod lines;
mod paragraphs;
mod scan;
mod tables;
mod twice;
mod write;

use crate::document::{Document, Options};
use crate::error::Error;
use hayro_interpret::InterpreterCache;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

/// Pages beyond this are not read.
const MAX_PAGES: usize = 20_000;
/// Arrays in arrays beyond this are made to hurt.
const MAX_NESTING: usize = 400;
/// Glyphs beyond this are not read: some three thousand full pages.
const MAX_GLYPHS: usize = 12_000_000;

pub fn read(bytes: &[u8], options: &Options) -> Result<Document, Error> {
    if nested(bytes) > MAX_NESTING {
        return Err(Error::too_large("pdf", "its parts are nested too deeply"));
    }
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Error::Encrypted { format: "pdf".to_owned() },
        LoadPdfError::Decryption(_) => {
            Error::broken("pdf", "it is encrypted in a way that is not known; print it to a new PDF")
        }
        LoadPdfError::Invalid => Error::broken(
            "pdf",
            "its structure is damaged; was it sent whole? Open it in a PDF reader and save it again",
        ),
    })?;
    let mut document = Document::default();
    about::read(&pdf, &mut document);
    let pages = pdf.pages();
    if pages.len() > MAX_PAGES {
        document.warn(format!("only the first {MAX_PAGES} of {} pages were read", pages.len()));
    }
    let cache = InterpreterCache::new();
    let (mut laid_out, mut glyphs_left) = (Vec::new(), MAX_GLYPHS);
    let (mut unknown, mut all) = (0_usize, 0_usize);
    let mut pictures = Vec::new();
    for (index, page) in pages.iter().take(MAX_PAGES).enumerate() {
        let found = glyphs::read(page, &cache, glyphs_left);
        glyphs_left = glyphs_left.saturating_sub(found.glyphs.len());
        unknown += found.unknown;
        all += found.glyphs.len() + found.unknown;
        if found.cut {
            document
                .warn(format!("page {}: it draws without end or is damaged; only its beginning was read", index + 1));
        }
        if found.sideways > 0 && found.sideways * 10 > found.glyphs.len() {
            document.warn(format!("page {}: words that run up or down the page were not read", index + 1));
        }
        if found.glyphs.len() < 5 && found.pictures > 0 {
            pictures.push(index);
        }
        laid_out.push(lines::Page::new(found));
    }
    if glyphs_left == 0 {
        document.warn("the file has more characters than are read from one file; its end is missing");
    }
    if unknown > 0 && unknown * 50 > all {
        document.warn(format!(
            "{} % of the characters have no Unicode value in the file and could not be read; read the original beside the text",
            (unknown * 100).div_ceil(all.max(1))
        ));
    }
    scan::read(pages, &pictures, &mut laid_out, options, &mut document);
    furniture::remove(&mut laid_out);
    let paragraphs = paragraphs::build(laid_out);
    let attachments = if options.attachments { files::read(&pdf, &mut document) } else { Vec::new() };
    let mut written = write::write(paragraphs)?;
    written.attachments = attachments;
    write::settle(written, document)
}

/// How deeply arrays and dictionaries are nested outside streams, because the parser below recurses.
fn nested(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0_usize, 0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'[' => depth += 1,
            b'<' if bytes.get(at + 1) == Some(&b'<') => {
                depth += 1;
                at += 1;
            }
            b']' => depth = depth.saturating_sub(1),
            b'>' if bytes.get(at + 1) == Some(&b'>') => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b's' if bytes[at..].starts_with(b"stream") => {
                // Binary matter: on to its end.
                at += crate::detect::find(&bytes[at..], b"endstream").map_or(5, |end| end + 8);
                depth = 0;
            }
            b'e' if bytes[at..].starts_with(b"endobj") => depth = 0,
            _ => {}
        }
        deepest = deepest.max(depth);
        at += 1;
    }
    deepest
}

#[cfg(test)]
mod tests;
