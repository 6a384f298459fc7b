//! What words does a file hold?
//!
//! **Must never** alter what it reads, reach for the network, or let a file harm the program that reads it.
//!
//! [`extract`] reads in this process; [`convert`] has a child process do it, under limits on memory, time and
//! output, so that a file made to do harm costs one clear error. Both give a [`Document`]: the words as one
//! text, and spans into it that count Unicode code points.
#![forbid(unsafe_code)]

mod archive;
mod child;
mod count;
mod dates;
mod decode;
mod detect;
mod document;
mod docx;
mod email;
mod error;
mod find;
mod frame;
mod furniture;
mod html;
mod language;
mod markdown;
mod matching;
mod ocr;
mod odt;
mod pdf;
mod picture;
mod plain;
mod rtf;
mod segment;
mod sheet;
mod writer;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use archive::Archive;
pub use child::{Converter, Limits, convert, serve_child, serve_child_with};
pub use document::{Attachment, Block, BlockKind, Cell, Document, Note, Options, Table};
pub use error::Error;
pub use find::{Found, Selector, find_again};
pub use matching::for_matching;
pub use segment::{sentences, words};
pub use sheet::{Rows, Written, sheets};

use detect::Format;

/// The words of a file and what it says of itself. The format is told from the bytes; the name only decides
/// between kinds of plain text. A file with several documents in it gives its main one, and its attachments.
///
/// # Errors
/// When the file is of no kind that can be read, is encrypted or broken, or asks for more than a file may.
pub fn extract(bytes: &[u8], file_name: &str, options: &Options) -> Result<Document, Error> {
    // The readers below us are other people's code: should one fall over on a file, that file is reported.
    match catch_unwind(AssertUnwindSafe(|| read(bytes, file_name, options, 0))) {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Broken {
            format: detect::format(bytes, file_name).map_or("file", Format::name).to_owned(),
            why: "its reader gave up on it; open it in the program that made it and save it again".to_owned(),
        }),
    }
}

/// Reads one file; `depth` says how many files it lies inside (an e-mail's page, an archive's part).
fn read(bytes: &[u8], file_name: &str, options: &Options, depth: usize) -> Result<Document, Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    let format = detect::format(bytes, file_name)?;
    let mut document = match format {
        Format::Html => html::read(bytes, options)?,
        Format::Text => plain::read(bytes, options)?,
        Format::Markdown => markdown::read(bytes, options)?,
        Format::Pdf => pdf::read(bytes, options)?,
        Format::Docx => docx::read(bytes, options)?,
        Format::Odt => odt::read(bytes, options)?,
        Format::Rtf => rtf::read(bytes, options)?,
        Format::Email | Format::Mhtml => email::read(bytes, format, options, depth)?,
        Format::Xlsx | Format::Ods | Format::Xls | Format::Csv => sheet::read(bytes, format, options)?,
        Format::Image(_) => picture::read(bytes, options)?,
    };
    document.format = format.name().to_owned();
    document.media_type = format.media_type().to_owned();
    document.method = format!("text {}, {}{}", env!("CARGO_PKG_VERSION"), format.name(), document.method);
    dates::date_line(&mut document);
    language::assign(&mut document, options);
    Ok(document)
}
