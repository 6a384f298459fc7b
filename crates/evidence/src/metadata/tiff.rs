//! TIFF 6.0: a copy is written anew, with the pages, their strips or tiles, and the tags that draw them.

use super::exif::TECHNICAL;
use super::{Fields, exif, icc, iptc, xmp};
use crate::Error;

fn broken(at: usize, problem: &str) -> Error {
    Error::broken("TIFF picture", format!("byte {at}"), problem)
}

/// Reads and writes numbers in the file's order of bytes.
#[derive(Clone, Copy)]
struct Order {
    little: bool,
}

impl Order {
    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let two: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    fn short(self, number: u16) -> [u8; 2] {
        if self.little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn long(self, number: u32) -> [u8; 4] {
        if self.little { number.to_le_bytes() } else { number.to_be_bytes() }
    }
}

struct Entry<'a> {
    tag: u16,
    kind: u16,
    count: u32,
    value: &'a [u8],
}

impl Entry<'_> {
    fn numbers(&self, order: Order) -> Option<Vec<u32>> {
        (0..self.count as usize)
            .map(|index| match self.kind {
                3 => order.u16(self.value, index * 2).map(u32::from),
                4 => order.u32(self.value, index * 4),
                _ => None,
            })
            .collect()
    }
}

const OFFSETS: &[(u16, u16)] = &[(273, 279), (324, 325)];

pub(super) fn clean(bytes: &[u8], found: &mut Fields) -> Result<Vec<u8>, Error> {
    let order = Order { little: bytes.starts_with(b"II") };
    exif::read(bytes, found);
    if order.u16(bytes, 2) != Some(42) {
        return Err(Error::Unsupported {
            what: "a BigTIFF picture".into(),
            hint: "save it as PNG or as a TIFF of less than 4 GB",
        });
    }
    let mut pages = Vec::new();
    let mut next = order.u32(bytes, 4).ok_or_else(|| broken(4, "it is cut short"))? as usize;
    let mut seen = Vec::new();
    // Values that share bytes must not make the copy larger than the file.
    let mut budget = bytes.len() * 2 + (1 << 20);
    while next != 0 {
        if seen.contains(&next) || seen.len() >= 1_000 {
            return Err(broken(next, "its pages go round in a circle, or are more than 1,000"));
        }
        seen.push(next);
        let (page, following) = directory(bytes, next, order, &mut budget)?;
        pages.push(page);
        next = following;
    }
    let mut out = bytes[..4].to_vec();
    out.extend([0; 4]);
    let mut link = 4;
    for page in &pages {
        link = write(bytes, page, order, &mut out, link, found)?;
    }
    Ok(out)
}

fn directory<'a>(
    bytes: &'a [u8],
    at: usize,
    order: Order,
    budget: &mut usize,
) -> Result<(Vec<Entry<'a>>, usize), Error> {
    let short = || broken(at, "a directory is cut short");
    let count = usize::from(order.u16(bytes, at).ok_or_else(short)?);
    let mut entries = Vec::new();
    for index in 0..count {
        let place = at + 2 + index * 12;
        let field = |offset: usize| order.u32(bytes, place + offset).ok_or_else(short);
        let tag = order.u16(bytes, place).ok_or_else(short)?;
        let kind = order.u16(bytes, place + 2).ok_or_else(short)?;
        let count = field(4)?;
        let unit: u64 = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => continue,
        };
        let size = usize::try_from(unit * u64::from(count)).map_err(|_| short())?;
        let from = if size <= 4 { place + 8 } else { field(8)? as usize };
        let value = bytes
            .get(from..)
            .and_then(|rest| rest.get(..size))
            .ok_or_else(|| broken(place, "a value lies outside the file"))?;
        *budget = budget.checked_sub(size).ok_or_else(|| broken(place, "its values overlap"))?;
        if !entries.iter().any(|entry: &Entry<'_>| entry.tag == tag) {
            entries.push(Entry { tag, kind, count, value });
        }
    }
    let next = order.u32(bytes, at + 2 + count * 12).unwrap_or(0) as usize;
    Ok((entries, next))
}

/// Appends a page, sets the link to it, and gives the place of the link to the next.
fn write(
    bytes: &[u8],
    page: &[Entry<'_>],
    order: Order,
    out: &mut Vec<u8>,
    link: usize,
    found: &mut Fields,
) -> Result<usize, Error> {
    let mut kept: Vec<(u16, u16, u32, Vec<u8>)> = Vec::new();
    for entry in page {
        match entry.tag {
            700 => xmp::read(entry.value, found),
            33_723 => iptc::records(entry.value, found),
            34_377 => iptc::photoshop(entry.value, found),
            34_675 => {
                if let Some(profile) = icc::clean(entry.value, found) {
                    kept.push((34_675, 7, profile.len() as u32, profile));
                }
            }
            330 => {
                return Err(Error::Unsupported {
                    what: "a TIFF with pictures in pictures, as cameras' raw files are".into(),
                    hint: "save it as JPEG or PNG",
                });
            }
            513 | 514 => {
                return Err(Error::Unsupported {
                    what: "a TIFF with a JPEG of the old kind".into(),
                    hint: "save it as JPEG or PNG",
                });
            }
            tag if TECHNICAL.contains(&tag) => kept.push((tag, entry.kind, entry.count, entry.value.to_vec())),
            _ => {}
        }
    }
    for (offsets, lengths) in OFFSETS {
        let numbers = |tag: u16| page.iter().find(|entry| entry.tag == tag).and_then(|entry| entry.numbers(order));
        let (Some(starts), Some(sizes)) = (numbers(*offsets), numbers(*lengths)) else {
            kept.retain(|(tag, ..)| tag != offsets && tag != lengths);
            continue;
        };
        if starts.len() != sizes.len() {
            return Err(broken(0, "the picture's strips and their lengths do not go together"));
        }
        let mut places = Vec::new();
        for (start, size) in starts.iter().zip(&sizes) {
            let data = bytes
                .get(*start as usize..)
                .and_then(|rest| rest.get(..*size as usize))
                .ok_or_else(|| broken(*start as usize, "a strip lies outside the file"))?;
            if out.len() + data.len() > bytes.len().saturating_mul(2) + (1 << 20) {
                return Err(broken(*start as usize, "its strips overlap"));
            }
            places.extend(order.long(out.len() as u32));
            out.extend_from_slice(data);
        }
        for (tag, kind, count, value) in &mut kept {
            if tag == offsets {
                (*kind, *count, *value) = (4, starts.len() as u32, places.clone());
            }
        }
    }
    kept.sort_by_key(|(tag, ..)| *tag);
    out.resize(out.len().next_multiple_of(2), 0);
    let at = out.len();
    out[link..link + 4].copy_from_slice(&order.long(at as u32));
    let mut directory = order.short(kept.len() as u16).to_vec();
    let mut beyond: Vec<u8> = Vec::new();
    let values = at + 2 + kept.len() * 12 + 4;
    for (tag, kind, count, value) in &kept {
        directory.extend(order.short(*tag));
        directory.extend(order.short(*kind));
        directory.extend(order.long(*count));
        if value.len() <= 4 {
            let mut inline = value.clone();
            inline.resize(4, 0);
            directory.extend(inline);
        } else {
            directory.extend(order.long((values + beyond.len()) as u32));
            beyond.extend(value);
            beyond.resize(beyond.len().next_multiple_of(2), 0);
        }
    }
    directory.extend([0; 4]);
    out.extend(directory);
    out.extend(beyond);
    Ok(values - 4)
}
