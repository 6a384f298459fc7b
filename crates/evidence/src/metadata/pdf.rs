//! PDF (ISO 32000-2): the information dictionary, XMP, programs' private data, thumbnails, authors of comments, dates,
//! signatures, ids; and what the pictures inside say. The copy is written anew, so that earlier versions of pages, which
//! a PDF keeps when it is changed, do not come along.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, StringFormat};

use super::{Fields, jpeg, xmp};
use crate::Error;
use crate::hashing::sha256;

/// What one object stream may unpack to.
const STREAM: usize = 128 << 20;
/// Comments and other marks on a page (table 171), all of which may name their author; a field of a form does not.
const MARKS: &[&[u8]] = &[
    b"Text",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Caret",
    b"Stamp",
    b"Ink",
    b"Popup",
    b"FileAttachment",
    b"Sound",
    b"Redact",
];

pub(super) fn clean(bytes: &[u8], found: &mut Fields) -> Result<Vec<u8>, Error> {
    let options = LoadOptions { max_decompressed_size: Some(STREAM), ..LoadOptions::default() };
    let mut document = Document::load_mem_with_options(bytes, options)
        .map_err(|error| Error::broken("PDF", "the file", error.to_string()))?;
    if document.is_encrypted() {
        return Err(Error::Unsupported { what: "an encrypted PDF".into(), hint: "save it without a password" });
    }
    information(&mut document, found);
    let mut packets: BTreeSet<ObjectId> = BTreeSet::new();
    let mut objects = std::mem::take(&mut document.objects);
    for object in objects.values_mut() {
        walk(object, &mut packets, found, 0);
    }
    for packet in packets {
        match objects.remove(&packet) {
            Some(Object::Stream(stream)) => {
                let content = stream.decompressed_content_with_limit(STREAM).unwrap_or_else(|_| stream.content.clone());
                xmp::read(&content, found);
            }
            // Named as metadata, and something else: it stays only if a page needs it.
            Some(other) => {
                objects.insert(packet, other);
            }
            None => {}
        }
    }
    document.objects = objects;
    document.prune_objects();
    document.encryption_state = None;
    let root = document
        .trailer
        .get(b"Root")
        .cloned()
        .map_err(|_| Error::broken("PDF", "the trailer", "it has no catalogue"))?;
    if document.catalog().is_err() {
        return Err(Error::broken("PDF", "the trailer", "it has no catalogue"));
    }
    document.trailer = Dictionary::new();
    document.trailer.set("Root", root);
    let write = |document: &mut Document| {
        let mut out = Vec::new();
        document.save_to(&mut out).map_err(|error| Error::broken("PDF", "writing it", error.to_string()))?;
        Ok(out)
    };
    // An id of its own content: it does not lead back to the original.
    let id = sha256(&write(&mut document)?)[..16].to_vec();
    let id = Object::String(id, StringFormat::Hexadecimal);
    document.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    write(&mut document)
}

fn information(document: &mut Document, found: &mut Fields) {
    let entry = document.trailer.remove(b"Info");
    let id = match &entry {
        Some(Object::Reference(id)) => Some(*id),
        _ => None,
    };
    let dictionary = match (entry, id) {
        (Some(Object::Dictionary(dictionary)), _) => Some(dictionary),
        (_, Some(id)) => match document.objects.get(&id) {
            Some(Object::Dictionary(dictionary)) => Some(dictionary.clone()),
            _ => None,
        },
        _ => None,
    };
    for (key, value) in dictionary.iter().flat_map(Dictionary::iter) {
        found.personal("pdf", String::from_utf8_lossy(key), words(value));
    }
    if let (Some(id), Some(_)) = (id, &dictionary) {
        document.objects.remove(&id);
    }
}

/// A value in words; text strings in PDFDocEncoding, UTF-16 or UTF-8.
fn words(value: &Object) -> String {
    match value {
        Object::String(bytes, _) => match bytes.as_slice() {
            [0xfe, 0xff, rest @ ..] => {
                let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16_lossy(&units)
            }
            [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
            bytes => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
        Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
        Object::Integer(number) => number.to_string(),
        Object::Real(number) => number.to_string(),
        Object::Boolean(flag) => flag.to_string(),
        Object::Array(list) => format!("{} entries", list.len()),
        Object::Dictionary(dictionary) => format!("{} entries", dictionary.len()),
        Object::Stream(stream) => format!("{} bytes", stream.content.len()),
        Object::Reference(_) => "kept elsewhere in the file".into(),
        Object::Null => String::new(),
    }
}

fn walk(object: &mut Object, packets: &mut BTreeSet<ObjectId>, found: &mut Fields, depth: usize) {
    if depth > 200 {
        *object = Object::Null;
        return;
    }
    match object {
        Object::Array(list) => list.iter_mut().for_each(|object| walk(object, packets, found, depth + 1)),
        Object::Dictionary(dictionary) => entries(dictionary, packets, found, depth),
        Object::Stream(stream) => {
            entries(&mut stream.dict, packets, found, depth);
            let filters: Vec<&[u8]> = stream.filters().unwrap_or_default();
            if filters == [b"DCTDecode"] {
                // Colours in a PDF's picture are the PDF's affair; a picture that is damaged stays as it is.
                let mut said = Fields::default();
                if let Ok(copy) = jpeg::clean(&stream.content, &mut said)
                    && said.list.iter().any(|field| field.personal)
                {
                    stream.set_content(copy);
                }
                for field in said.list {
                    found.add(&field.group, format!("{} (picture in the PDF)", field.key), field.value, field.personal);
                }
            } else if stream.dict.has_type(b"Metadata")
                || matches!(stream.dict.get(b"Subtype"), Ok(Object::Name(name)) if name == b"XML")
            {
                xmp::read(
                    &stream.decompressed_content_with_limit(STREAM).unwrap_or_else(|_| stream.content.clone()),
                    found,
                );
                stream.dict = Dictionary::new();
                stream.set_content(Vec::new());
            }
        }
        _ => {}
    }
}

fn entries(dictionary: &mut Dictionary, packets: &mut BTreeSet<ObjectId>, found: &mut Fields, depth: usize) {
    let mut take = |dictionary: &mut Dictionary, key: &str| {
        if let Some(value) = dictionary.remove(key.as_bytes()) {
            match &value {
                Object::Reference(id) if key == "Metadata" => {
                    packets.insert(*id);
                }
                value => found.personal("pdf", key, words(value)),
            }
        }
    };
    for key in ["Metadata", "PieceInfo", "LastModified", "Thumb", "SpiderInfo", "CreatorInfo", "Perms"] {
        take(dictionary, key);
    }
    let name = |key: &[u8]| match dictionary.get(key) {
        Ok(Object::Name(name)) => name.clone(),
        _ => Vec::new(),
    };
    let (subtype, kind, field) = (name(b"Subtype"), name(b"Type"), name(b"FT"));
    if MARKS.contains(&subtype.as_slice()) && dictionary.has(b"Rect") {
        for key in ["T", "CreationDate", "M", "NM", "Subj"] {
            take(dictionary, key);
        }
    } else if kind == b"Annot" || subtype == b"Widget" || subtype == b"Link" {
        for key in ["M", "NM"] {
            take(dictionary, key);
        }
    }
    // A signature no longer holds in a copy, and names its signer.
    if kind == b"Sig" || dictionary.has(b"ByteRange") {
        let keys: Vec<String> = dictionary.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect();
        for key in keys.iter().filter(|key| *key != "Type") {
            take(dictionary, key);
        }
    }
    if field == b"Sig" {
        take(dictionary, "V");
    }
    if kind == b"EmbeddedFile"
        && let Ok(Object::Dictionary(parameters)) = dictionary.get_mut(b"Params")
    {
        for key in ["CreationDate", "ModDate"] {
            take(parameters, key);
        }
    }
    dictionary.iter_mut().for_each(|(_, value)| walk(value, packets, found, depth + 1));
}
