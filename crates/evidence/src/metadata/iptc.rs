//! Photoshop's image resources, and the IPTC-IIM 4.2 records in them.

use super::Fields;

/// `8BIM` blocks: type, name, length, bytes.
pub(super) fn photoshop(mut rest: &[u8], found: &mut Fields) {
    let whole = rest;
    let mut any = false;
    while let Some(block) = rest.strip_prefix(b"8BIM") {
        let [high, low, name, ..] = block else { break };
        let kind = u16::from_be_bytes([*high, *low]);
        let named = (usize::from(*name) + 1).next_multiple_of(2);
        let Some(sized) = block.get(2 + named..) else { break };
        let [a, b, c, d, ..] = sized else { break };
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some(bytes) = sized.get(4..).and_then(|bytes| bytes.get(..length)) else { break };
        any = true;
        match kind {
            0x0404 => records(bytes, found),
            0x0422 => {
                super::exif::read(bytes, found);
            }
            0x0424 => super::xmp::read(bytes, found),
            0x0409 | 0x040c => found.lump("iptc", "Photoshop thumbnail", bytes),
            _ => found.lump("iptc", format!("Photoshop resource {kind:#06x}"), bytes),
        }
        rest = sized.get(4 + length.next_multiple_of(2)..).unwrap_or_default();
    }
    if !any {
        found.lump("iptc", "Photoshop resources", whole);
    }
}

/// IIM: 0x1C, record, dataset, length, value.
pub(super) fn records(mut rest: &[u8], found: &mut Fields) {
    let whole = rest;
    let mut any = false;
    while let [0x1c, record, dataset, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(value) = after.get(..length) else { break };
        any = true;
        let text = String::from_utf8_lossy(value);
        match (record, name(*dataset)) {
            (2, Some(name)) => found.personal("iptc", name, text),
            (2, None) => found.personal("iptc", format!("2:{dataset}"), text),
            _ => found.lump("iptc", format!("{record}:{dataset}"), value),
        }
        rest = &after[length..];
    }
    if !any {
        found.lump("iptc", "records", whole);
    }
}

fn name(dataset: u8) -> Option<&'static str> {
    Some(match dataset {
        0 => "Record version",
        5 => "Object name",
        15 => "Category",
        25 => "Keywords",
        26 => "Content location name",
        40 => "Special instructions",
        55 => "Date created",
        60 => "Time created",
        65 => "Originating program",
        80 => "By-line",
        85 => "By-line title",
        90 => "City",
        92 => "Sub-location",
        95 => "Province or state",
        100 => "Country code",
        101 => "Country",
        103 => "Original transmission reference",
        105 => "Headline",
        110 => "Credit",
        115 => "Source",
        116 => "Copyright notice",
        118 => "Contact",
        120 => "Caption",
        122 => "Caption writer",
        _ => return None,
    })
}
