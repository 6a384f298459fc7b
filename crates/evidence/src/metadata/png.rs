//! PNG (W3C, third edition): chunks.

use super::{Fields, exif, icc, xmp};
use crate::Error;
use crate::archive::{Packing, inflate};

pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that draw. Text, times, EXIF, provenance and private chunks are not among them.
const DRAWING: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"hIST",
    b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT",
];
const TEXT_LIMIT: u64 = 4 << 20;

pub(crate) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub at: usize,
    pub body: &'a [u8],
}

/// The chunks up to the end of the picture, and what follows it.
pub(crate) fn chunks(bytes: &[u8]) -> Result<(Vec<Chunk<'_>>, &[u8]), Error> {
    let broken = |at: usize, problem: &str| Error::broken("PNG", format!("byte {at}"), problem);
    let mut at = SIGNATURE.len();
    let mut chunks = Vec::new();
    loop {
        let Some(&[a, b, c, d, ref kind @ ..]) = bytes.get(at..at + 8) else {
            return Err(broken(at, "it is cut short"));
        };
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let kind: [u8; 4] = kind.try_into().map_err(|_| broken(at, "it is cut short"))?;
        let body = bytes
            .get(at + 8..)
            .and_then(|rest| rest.get(..length))
            .ok_or_else(|| broken(at, "a chunk is longer than the file"))?;
        chunks.push(Chunk { kind, at, body });
        at += 12 + length;
        if at > bytes.len() {
            return Err(broken(at, "it is cut short"));
        }
        if &kind == b"IEND" {
            return Ok((chunks, &bytes[at..]));
        }
        if chunks.len() > 1_000_000 {
            return Err(broken(at, "it has more than 1,000,000 chunks"));
        }
    }
}

pub(super) fn clean(bytes: &[u8], found: &mut Fields) -> Result<Vec<u8>, Error> {
    let (chunks, after) = chunks(bytes)?;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(SIGNATURE);
    for Chunk { kind, body, .. } in chunks {
        match &kind {
            b"eXIf" => {
                let orientation = exif::read(body, found);
                if orientation > 1 {
                    write(&mut out, *b"eXIf", &exif::orientation_alone(orientation));
                }
            }
            b"iCCP" => {
                if let Some(profile) = profile(body, found) {
                    write(&mut out, *b"iCCP", &profile);
                }
            }
            b"tEXt" | b"zTXt" | b"iTXt" => text(&kind, body, found),
            b"tIME" => found.personal("png", "tIME", time(body)),
            b"caBX" => found.personal("c2pa", "manifest", format!("{} bytes", body.len())),
            kind if DRAWING.contains(&kind) => write(&mut out, *kind, body),
            kind => found.lump("png", String::from_utf8_lossy(kind), body),
        }
    }
    if !after.is_empty() {
        found.lump("png", "data after the picture", after);
    }
    Ok(out)
}

fn write(out: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) {
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend_from_slice(body);
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(body);
    out.extend(sum.sum().to_be_bytes());
}

/// Name, 0, method, zlib.
fn profile(body: &[u8], found: &mut Fields) -> Option<Vec<u8>> {
    let zero = body.iter().position(|byte| *byte == 0)?;
    let name = String::from_utf8_lossy(&body[..zero]);
    if name != "ICC" {
        found.personal("icc", "name", name);
    }
    let packed = body.get(zero + 2..)?;
    let Ok(profile) = inflate(Packing::Zlib, packed, TEXT_LIMIT) else {
        found.lump("icc", "damaged profile", body);
        return None;
    };
    let clean = icc::clean(&profile, found)?;
    let mut encoder = flate2::write::ZlibEncoder::new(b"ICC\0\0".to_vec(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, &clean).ok()?;
    encoder.finish().ok()
}

fn text(kind: &[u8; 4], body: &[u8], found: &mut Fields) {
    let zero = body.iter().position(|byte| *byte == 0).unwrap_or(body.len());
    let key = String::from_utf8_lossy(&body[..zero]).into_owned();
    let rest = body.get(zero + 1..).unwrap_or_default();
    let value = match kind {
        b"tEXt" => rest.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes(),
        b"zTXt" => {
            inflate(Packing::Zlib, rest.get(1..).unwrap_or_default(), TEXT_LIMIT).unwrap_or_else(String::into_bytes)
        }
        _ => {
            // compressed?, method, language 0, translated keyword 0, text
            let packed = rest.first() == Some(&1);
            let mut fields = rest.get(2..).unwrap_or_default().splitn(3, |byte| *byte == 0);
            let text = fields.nth(2).unwrap_or_default();
            if packed {
                inflate(Packing::Zlib, text, TEXT_LIMIT).unwrap_or_else(String::into_bytes)
            } else {
                text.to_vec()
            }
        }
    };
    if key == "XML:com.adobe.xmp" {
        xmp::read(&value, found);
    } else if key.starts_with("Raw profile type") {
        found.lump("png", key, &value);
    } else {
        found.personal("png", key, String::from_utf8_lossy(&value));
    }
}

fn time(body: &[u8]) -> String {
    match body {
        [high, low, month, day, hour, minute, second] => {
            format!("{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u16::from_be_bytes([*high, *low]))
        }
        _ => format!("{} bytes", body.len()),
    }
}
