//! Files inside a PDF (typst and others attach the source of what they print).

use super::actual::string;
use crate::document::{Attachment, Document};
use hayro_syntax::Pdf;
use hayro_syntax::object::{self, Array, Dict, Name, Stream};

const MAX_FILES: usize = 100;
const MAX_BYTES: usize = 32 << 20;
const MAX_DEPTH: usize = 16;

pub fn read(pdf: &Pdf, document: &mut Document) -> Vec<Attachment> {
    let mut files = Vec::new();
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return files };
    let tree = catalog
        .get::<Dict<'_>>(b"Names".as_slice())
        .and_then(|names| names.get::<Dict<'_>>(b"EmbeddedFiles".as_slice()));
    let mut left = MAX_BYTES;
    if let Some(tree) = tree {
        branch(&tree, &mut files, &mut left, document, 0);
    }
    if let Some(array) = catalog.get::<Array<'_>>(b"AF".as_slice()) {
        for file in array.iter::<Dict<'_>>().take(MAX_FILES) {
            add(&file, &mut files, &mut left, document);
        }
    }
    files
}

fn branch(node: &Dict<'_>, files: &mut Vec<Attachment>, left: &mut usize, document: &mut Document, depth: usize) {
    if depth > MAX_DEPTH || files.len() >= MAX_FILES {
        return;
    }
    if let Some(names) = node.get::<Array<'_>>(b"Names".as_slice()) {
        // Names and files alternate; the file knows its name.
        for item in names.iter::<object::Object<'_>>().take(2 * MAX_FILES) {
            if let Some(file) = item.into_dict() {
                add(&file, files, left, document);
            }
        }
    }
    if let Some(kids) = node.get::<Array<'_>>(b"Kids".as_slice()) {
        for kid in kids.iter::<Dict<'_>>().take(MAX_FILES) {
            branch(&kid, files, left, document, depth + 1);
        }
    }
}

fn add(file: &Dict<'_>, files: &mut Vec<Attachment>, left: &mut usize, document: &mut Document) {
    let text = |key: &[u8]| file.get::<object::String<'_>>(key).map(|name| string(&name));
    let name = text(b"UF").or_else(|| text(b"F")).unwrap_or_else(|| "attachment".to_owned());
    let Some(held) = file.get::<Dict<'_>>(b"EF".as_slice()) else { return };
    let Some(stream) = held.get::<Stream<'_>>(b"F".as_slice()).or_else(|| held.get::<Stream<'_>>(b"UF".as_slice()))
    else {
        return;
    };
    if files.len() >= MAX_FILES || files.iter().any(|known| known.name == name) {
        return;
    }
    let Ok(bytes) = stream.decoded() else {
        document.warn(format!("the attached file {name} is damaged and was not read"));
        return;
    };
    let Some(rest) = left.checked_sub(bytes.len()) else {
        document.warn(format!(
            "the attached file {name} was not taken: the attachments are larger than {} MB",
            MAX_BYTES >> 20
        ));
        return;
    };
    *left = rest;
    let declared = stream
        .dict()
        .get::<Name<'_>>(b"Subtype".as_slice())
        .map(|kind| String::from_utf8_lossy(kind.as_ref()).into_owned());
    let told = crate::detect::format(&bytes, &name).ok().map(|format| format.media_type().to_owned());
    let media_type = told.or(declared).unwrap_or_else(|| "application/octet-stream".to_owned());
    files.push(Attachment { name, media_type, bytes: bytes.into_owned() });
}
