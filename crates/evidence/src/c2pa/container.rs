//! Where pictures keep their manifests: JPEG in APP11 segments (ISO 19566-5, annex D), PNG in a `caBX` chunk.

use crate::Error;
use crate::metadata::{jpeg_parts, png_chunks};

/// A manifest store, and which bytes of the file are its own, headers included.
pub(super) struct Store {
    pub bytes: Vec<u8>,
    pub places: Vec<(usize, usize)>,
}

fn broken(place: impl Into<String>, problem: &str) -> Error {
    Error::broken(super::WHAT, place, problem)
}

pub(super) fn find(bytes: &[u8]) -> Result<Option<Store>, Error> {
    if bytes.starts_with(&[0xff, 0xd8]) {
        jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes)
    } else {
        Ok(None)
    }
}

fn png(bytes: &[u8]) -> Result<Option<Store>, Error> {
    let (chunks, _) = png_chunks(bytes)?;
    let mut found = chunks.iter().filter(|chunk| &chunk.kind == b"caBX");
    let Some(chunk) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(broken("PNG", "there are two"));
    }
    Ok(Some(Store { bytes: chunk.body.to_vec(), places: vec![(chunk.at, chunk.at + 12 + chunk.body.len())] }))
}

/// Segments: `JP`, box instance, number in sequence, and a part of the box, before which each segment has its header.
fn jpeg(bytes: &[u8]) -> Result<Option<Store>, Error> {
    let mut stores: Vec<(u16, u32, Store)> = Vec::new();
    for (at, body) in jpeg_parts(bytes)? {
        let Some([b'J', b'P', high, low, a, b, c, d, part @ ..]) = body.get(..) else { continue };
        let instance = u16::from_be_bytes([*high, *low]);
        let number = u32::from_be_bytes([*a, *b, *c, *d]);
        let place = (at, at + 4 + body.len());
        // A large box has its length in eight more bytes.
        let header = if part.starts_with(&[0, 0, 0, 1]) { 16 } else { 8 };
        if part.len() < header || &part[4..8] != b"jumb" {
            continue;
        }
        if let Some((_, last, store)) = stores.iter_mut().find(|(other, ..)| *other == instance) {
            if number != *last + 1 {
                return Err(broken(format!("byte {at}"), "its parts are not in order, or one is missing"));
            }
            *last = number;
            store.bytes.extend_from_slice(&part[header..]);
            store.places.push(place);
        } else if number == 1 {
            stores.push((instance, 1, Store { bytes: part.to_vec(), places: vec![place] }));
        } else {
            return Err(broken(format!("byte {at}"), "its first part is missing"));
        }
    }
    let mut ours = stores.into_iter().map(|(.., store)| store).filter(|store| {
        super::jumbf::parse(&store.bytes).map_or(true, |boxes| boxes.iter().any(|one| one.label == "c2pa"))
    });
    let first = ours.next();
    if ours.next().is_some() {
        return Err(broken("JPEG", "there are two"));
    }
    Ok(first)
}
