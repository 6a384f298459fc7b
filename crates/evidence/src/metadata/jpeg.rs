//! JPEG (ITU-T T.81): segments around the picture's data.

use super::{Fields, exif, icc, iptc, xmp};
use crate::Error;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const XMP_MORE: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

fn broken(at: usize, problem: &str) -> Error {
    Error::broken("JPEG", format!("byte {at}"), problem)
}

/// One segment, with its place; entropy-coded data belongs to the SOS or RST before it.
pub(crate) enum Part<'a> {
    Segment {
        marker: u8,
        at: usize,
        body: &'a [u8],
    },
    /// Data of a scan, with restart markers.
    Data(&'a [u8]),
    /// After the end of the picture.
    After(&'a [u8]),
}

/// Splits a picture. What follows the end-of-image marker is the last part.
pub(crate) fn parts(bytes: &[u8]) -> Result<Vec<Part<'_>>, Error> {
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return Err(broken(0, "it does not begin as a picture"));
    }
    let mut parts = Vec::new();
    let mut at = 2;
    loop {
        let Some(0xff) = bytes.get(at) else { return Err(broken(at, "there is no marker where one belongs")) };
        let Some(skipped) = bytes[at..].iter().position(|byte| *byte != 0xff) else {
            return Err(broken(at, "it is cut short"));
        };
        let marker = bytes[at + skipped];
        let start = at;
        at += skipped + 1;
        match marker {
            0xd9 => {
                if at < bytes.len() {
                    parts.push(Part::After(&bytes[at..]));
                }
                return Ok(parts);
            }
            0x00 | 0x01 | 0xd0..=0xd8 => return Err(broken(start, "a marker is out of place")),
            _ => {}
        }
        let length = match bytes.get(at..at + 2) {
            Some(&[high, low]) => usize::from(u16::from_be_bytes([high, low])),
            _ => return Err(broken(at, "it is cut short")),
        };
        let body = bytes
            .get(at + 2..at + length)
            .filter(|_| length >= 2)
            .ok_or_else(|| broken(at, "a segment is longer than the file"))?;
        parts.push(Part::Segment { marker, at: start, body });
        at += length;
        if marker == 0xda {
            let data = &bytes[at..];
            let mut end = 0;
            loop {
                let Some(next) = data[end..].iter().position(|byte| *byte == 0xff) else {
                    return Err(broken(bytes.len(), "it ends within the picture's data"));
                };
                end += next;
                match data.get(end + 1) {
                    Some(0x00 | 0xd0..=0xd7) => end += 2,
                    Some(0xff) => end += 1,
                    Some(_) => break,
                    None => return Err(broken(bytes.len(), "it ends within the picture's data")),
                }
            }
            parts.push(Part::Data(&data[..end]));
            at += end;
        }
        if parts.len() > 100_000 {
            return Err(broken(at, "it has more than 100,000 segments"));
        }
    }
}

pub(super) fn clean(bytes: &[u8], found: &mut Fields) -> Result<Vec<u8>, Error> {
    let parts = parts(bytes);
    // What a damaged picture says before the damage is worth reading.
    let parts = match parts {
        Ok(parts) => parts,
        Err(error) => {
            damaged(bytes, found);
            return Err(error);
        }
    };
    let mut head = vec![0xff, 0xd8];
    let mut body: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut profile: Vec<u8> = Vec::new();
    let mut orientation = 1;
    let mut provenance = 0;
    let mut more: Vec<u8> = Vec::new();
    for part in &parts {
        match part {
            Part::Data(data) => body.extend_from_slice(data),
            Part::After(rest) => found.lump("jpeg", "data after the picture", rest),
            Part::Segment { marker, body: segment, .. } => match (*marker, segment) {
                (0xe0, segment) if segment.starts_with(b"JFIF\0") && segment.len() >= 14 => {
                    if segment.len() > 14 {
                        found.lump("jpeg", "JFIF thumbnail", &segment[14..]);
                    }
                    let mut plain = segment[..14].to_vec();
                    plain[12..].fill(0);
                    if head.len() == 2 {
                        write(&mut head, 0xe0, &plain);
                    }
                }
                (0xe1, segment) if segment.starts_with(EXIF) => {
                    let turned = exif::read(&segment[EXIF.len()..], found);
                    if orientation == 1 {
                        orientation = turned;
                    }
                }
                (0xe1, segment) if segment.starts_with(XMP) => xmp::read(&segment[XMP.len()..], found),
                // GUID, length, offset: 40 bytes before each part of a packet that was too long for one segment.
                (0xe1, segment) if segment.starts_with(XMP_MORE) => {
                    more.extend_from_slice(segment.get(XMP_MORE.len() + 40..).unwrap_or_default())
                }
                (0xe2, segment) if segment.starts_with(ICC) && segment.len() > ICC.len() + 2 => {
                    profile.extend_from_slice(&segment[ICC.len() + 2..])
                }
                (0xeb, segment) if segment.starts_with(b"JP") => provenance += segment.len(),
                (0xed, segment) if segment.starts_with(PHOTOSHOP) => {
                    iptc::photoshop(&segment[PHOTOSHOP.len()..], found)
                }
                // How the colours are to be read; it says nothing else.
                (0xee, segment) if segment.starts_with(b"Adobe") && segment.len() == 12 => {
                    write(&mut body, 0xee, segment)
                }
                (0xfe, segment) => found.personal("jpeg", "comment", String::from_utf8_lossy(segment)),
                (marker @ 0xe0..=0xef, segment) => {
                    let name: String = segment
                        .iter()
                        .take_while(|byte| byte.is_ascii_graphic())
                        .take(30)
                        .map(|byte| char::from(*byte))
                        .collect();
                    found.lump("jpeg", format!("APP{} {name}", marker - 0xe0).trim_end(), segment);
                }
                // Frames, scans, tables. Others have no place in a picture.
                (marker @ (0xc0..=0xcf | 0xda..=0xdf), segment) => write(&mut body, marker, segment),
                (marker, segment) => found.lump("jpeg", format!("segment {marker:#04x}"), segment),
            },
        }
    }
    if !more.is_empty() {
        xmp::read(&more, found);
    }
    if provenance > 0 {
        found.personal("c2pa", "manifest", format!("{provenance} bytes"));
    }
    if orientation > 1 {
        write(&mut head, 0xe1, &[EXIF, &exif::orientation_alone(orientation)].concat());
    }
    if let Some(profile) = (!profile.is_empty()).then(|| icc::clean(&profile, found)).flatten() {
        let pieces: Vec<&[u8]> = profile.chunks(65_000).collect();
        for (index, piece) in pieces.iter().enumerate().take(255) {
            write(&mut head, 0xe2, &[ICC, &[index as u8 + 1, pieces.len() as u8], piece].concat());
        }
    }
    head.extend(body);
    head.extend([0xff, 0xd9]);
    Ok(head)
}

fn write(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xff, marker]);
    out.extend(((body.len() + 2) as u16).to_be_bytes());
    out.extend_from_slice(body);
}

fn damaged(bytes: &[u8], found: &mut Fields) {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = bytes.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(segment) = bytes.get(at + 4..at + 2 + length.max(2)) else { break };
        if marker == 0xe1 && segment.starts_with(EXIF) {
            exif::read(&segment[EXIF.len()..], found);
        } else if marker == 0xe1 && segment.starts_with(XMP) {
            xmp::read(&segment[XMP.len()..], found);
        }
        at += 2 + length.max(2);
    }
}
