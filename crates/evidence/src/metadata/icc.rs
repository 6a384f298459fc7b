//! Colour profiles (ICC.1:2022). A screen's profile names the screen, at times with its serial number; colours need none
//! of that, so what draws is kept and what describes is replaced.

use super::Fields;

const NEUTRAL: &str = "Colour profile";
/// Tags that turn numbers into colours.
const DRAWING: &[&[u8; 4]] = &[
    b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt", b"chad", b"lumi", b"A2B0",
    b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"D2B0", b"D2B1", b"D2B2", b"D2B3", b"B2D0", b"B2D1", b"B2D2",
    b"B2D3", b"gamt", b"chrm", b"cicp", b"colr", b"view", b"meas", b"tech",
];

/// The profile without its description, maker, dates and private tags; `None` if it is no profile.
pub(super) fn clean(profile: &[u8], found: &mut Fields) -> Option<Vec<u8>> {
    let Some((header, tags)) = parse(profile) else {
        found.lump("icc", "damaged profile", profile);
        return None;
    };
    let mut kept: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    for (signature, bytes) in tags {
        if DRAWING.contains(&&signature) {
            kept.push((signature, bytes.to_vec()));
        } else if !((&signature == b"desc" || &signature == b"cprt") && bytes == neutral(header[8])) {
            let text: String = bytes
                .iter()
                .skip(8)
                .filter(|byte| (0x20..0x7f).contains(*byte))
                .map(|byte| char::from(*byte))
                .take(200)
                .collect();
            found.personal("icc", String::from_utf8_lossy(&signature), text);
        }
    }
    let mut clean_header = header;
    clean_header[4..8].fill(0); // the program that prefers itself
    clean_header[24..36].copy_from_slice(&[7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]); // 2000-01-01
    clean_header[40..44].fill(0); // platform
    clean_header[48..64].fill(0); // maker, model, attributes
    clean_header[80..100].fill(0); // creator, profile's identity
    if header[24..36] != clean_header[24..36] {
        let part = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
        found.personal(
            "icc",
            "created",
            format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", part(24), part(26), part(28), part(30), part(32), part(34)),
        );
    }
    if header[48..56] != [0; 8] || header[80..84] != [0; 4] {
        found.personal(
            "icc",
            "maker, model, creator",
            String::from_utf8_lossy(&[&header[48..56], &header[80..84]].concat()),
        );
    }
    for signature in [b"desc", b"cprt"] {
        kept.push((*signature, neutral(header[8])));
    }
    Some(write(clean_header, &kept))
}

type Parsed<'a> = ([u8; 128], Vec<([u8; 4], &'a [u8])>);

fn parse(profile: &[u8]) -> Option<Parsed<'_>> {
    let header: [u8; 128] = profile.get(..128)?.try_into().ok()?;
    if &header[36..40] != b"acsp" {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(profile.get(at..at + 4)?.try_into().ok()?) as usize);
    let count = number(128)?;
    if count > 200 {
        return None;
    }
    let mut tags = Vec::new();
    for index in 0..count {
        let at = 132 + index * 12;
        let signature: [u8; 4] = profile.get(at..at + 4)?.try_into().ok()?;
        let (offset, size) = (number(at + 4)?, number(at + 8)?);
        tags.push((signature, profile.get(offset..offset.checked_add(size)?)?));
    }
    Some((header, tags))
}

/// A description: `desc` type in version 2, `mluc` in version 4.
fn neutral(version: u8) -> Vec<u8> {
    let mut tag = Vec::new();
    if version >= 4 {
        let text: Vec<u8> = NEUTRAL.encode_utf16().flat_map(u16::to_be_bytes).collect();
        tag.extend(b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS");
        tag.extend((text.len() as u32).to_be_bytes());
        tag.extend([0, 0, 0, 28]);
        tag.extend(text);
    } else {
        tag.extend(b"desc\0\0\0\0");
        tag.extend((NEUTRAL.len() as u32 + 1).to_be_bytes());
        tag.extend(NEUTRAL.as_bytes());
        tag.extend([0; 1 + 4 + 4 + 2 + 1 + 67]);
    }
    tag
}

fn write(mut header: [u8; 128], tags: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let start = 132 + tags.len() * 12;
    let mut written: Vec<(&[u8], usize)> = Vec::new();
    for (signature, bytes) in tags {
        // The three curves are often one.
        let at = match written.iter().find(|(other, _)| other == bytes) {
            Some((_, at)) => *at,
            None => {
                let at = start + data.len();
                data.extend(bytes);
                data.resize(data.len().next_multiple_of(4), 0);
                written.push((bytes, at));
                at
            }
        };
        table.extend(signature);
        table.extend((at as u32).to_be_bytes());
        table.extend((bytes.len() as u32).to_be_bytes());
    }
    header[0..4].copy_from_slice(&((start + data.len()) as u32).to_be_bytes());
    [&header[..], &table, &data].concat()
}
