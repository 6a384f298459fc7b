//! WebP (RFC 9649): RIFF chunks.

use super::{Fields, exif, icc, xmp};
use crate::Error;

pub(super) fn clean(bytes: &[u8], found: &mut Fields) -> Result<Vec<u8>, Error> {
    let broken = |at: usize, problem: &str| Error::broken("WebP picture", format!("byte {at}"), problem);
    let size = match bytes.get(4..8) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]) as usize,
        _ => return Err(broken(4, "it is cut short")),
    };
    let end = size.saturating_add(8);
    if end > bytes.len() || size < 4 {
        return Err(broken(4, "it is cut short"));
    }
    if end.next_multiple_of(2) < bytes.len() {
        found.lump("webp", "data after the picture", &bytes[end..]);
    }
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let (mut orientation, mut flags, mut profiled) = (1, None, false);
    for (kind, body) in chunks(&bytes[12..end]).ok_or_else(|| broken(12, "a chunk is longer than the file"))? {
        match &kind {
            b"EXIF" => {
                let block = body.strip_prefix(b"Exif\0\0").unwrap_or(body);
                orientation = exif::read(block, found);
            }
            b"XMP " => xmp::read(body, found),
            b"ICCP" => {
                if let Some(profile) = icc::clean(body, found) {
                    profiled = true;
                    write(&mut out, kind, &profile);
                }
            }
            b"VP8X" if body.len() >= 10 => {
                flags = Some(out.len() + 8);
                write(&mut out, kind, &body[..10]);
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" => write(&mut out, kind, body),
            b"ANMF" if body.len() >= 16 => {
                let mut frame = body[..16].to_vec();
                for (kind, body) in chunks(&body[16..]).ok_or_else(|| broken(12, "a frame is longer than its chunk"))? {
                    match &kind {
                        b"VP8 " | b"VP8L" | b"ALPH" => write(&mut frame, kind, body),
                        _ => found.lump("webp", String::from_utf8_lossy(&kind), body),
                    }
                }
                write(&mut out, kind, &frame);
            }
            b"C2PA" => found.personal("c2pa", "manifest", format!("{} bytes", body.len())),
            _ => found.lump("webp", String::from_utf8_lossy(&kind), body),
        }
    }
    if let Some(at) = flags {
        // ICC 0x20, alpha 0x10, EXIF 0x08, XMP 0x04, animation 0x02.
        let kept = out[at] & 0x12;
        out[at] = kept | if profiled { 0x20 } else { 0 } | if orientation > 1 { 0x08 } else { 0 };
        if orientation > 1 {
            write(&mut out, *b"EXIF", &exif::orientation_alone(orientation));
        }
    }
    let size = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(out)
}

fn chunks(mut rest: &[u8]) -> Option<Vec<([u8; 4], &[u8])>> {
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let kind: [u8; 4] = rest.get(..4)?.try_into().ok()?;
        let size = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        chunks.push((kind, rest.get(8..)?.get(..size)?));
        rest = rest.get(8 + size.next_multiple_of(2)..).unwrap_or_default();
    }
    Some(chunks)
}

fn write(out: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) {
    out.extend(kind);
    out.extend((body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
}
