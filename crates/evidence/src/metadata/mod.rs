//! What a file says beside its content: who made it, when, where and with what; and a copy that says none of it.
//!
//! Reading and stripping are one pass ([`Fields`] collects what the pass takes out), so that nothing can be read that is
//! not stripped. [`strip`] reads its own result again and gives an error rather than a copy that still says something.
//!
//! A copy is a new file for publication. The original stays what it is.

mod exif;
mod icc;
mod iptc;
mod jpeg;
mod odf;
mod ooxml;
mod pdf;
mod png;
mod tiff;
mod webp;
mod xml;
mod xmp;

use serde::{Deserialize, Serialize};

use crate::{Error, Limits, archive};

/// One thing that a file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// `exif`, `iptc`, `xmp`, `icc`, `c2pa`, `jpeg`, `png`, `webp`, `tiff`, `pdf`, `office` or `file`.
    pub group: String,
    /// The name that the format's standard gives it.
    pub key: String,
    /// At most 2,000 characters.
    pub value: String,
    /// Whether it may lead to a person, a place, a time or a device: everything but what is needed to draw the picture.
    pub personal: bool,
}

/// A copy for publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stripped {
    pub bytes: Vec<u8>,
    /// What the original said and the copy does not.
    pub removed: Vec<Field>,
}

/// Collects what a pass finds.
#[derive(Default)]
pub(crate) struct Fields {
    list: Vec<Field>,
}

impl Fields {
    /// More than any honest file has.
    const MOST: usize = 5_000;

    fn add(&mut self, group: &str, key: impl Into<String>, value: impl AsRef<str>, personal: bool) {
        if self.list.len() >= Self::MOST {
            return;
        }
        let value: String = value.as_ref().trim_matches(['\0', ' ', '\n', '\r', '\t']).chars().take(2_000).collect();
        let field = Field { group: group.into(), key: key.into(), value, personal };
        if !self.list.contains(&field) {
            self.list.push(field);
        }
    }

    fn personal(&mut self, group: &str, key: impl Into<String>, value: impl AsRef<str>) {
        self.add(group, key, value, true);
    }

    fn technical(&mut self, group: &str, key: impl Into<String>, value: impl AsRef<str>) {
        self.add(group, key, value, false);
    }

    /// Something that is taken out whole and whose content is not read.
    fn lump(&mut self, group: &str, key: impl Into<String>, bytes: &[u8]) {
        self.add(group, key, format!("{} bytes", bytes.len()), true);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Jpeg,
    Png,
    Webp,
    Tiff,
    Pdf,
    Ooxml,
    Odf,
    /// ISO base media: HEIC, AVIF, MP4, MOV.
    Media,
    /// OLE compound files: DOC, XLS, PPT.
    Ole,
    Gif,
}

fn format(bytes: &[u8]) -> Option<Format> {
    Some(match bytes {
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Format::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::Webp,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Format::Tiff,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Format::Media,
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Format::Ole,
        [b'G', b'I', b'F', b'8', ..] => Format::Gif,
        [b'P', b'K', ..] => {
            let names = archive::names(bytes)?;
            if names.iter().any(|name| name == "[Content_Types].xml") {
                Format::Ooxml
            } else if names.iter().any(|name| name == "mimetype") && names.iter().any(|name| name == "content.xml") {
                Format::Odf
            } else {
                return None;
            }
        }
        _ if bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-") => Format::Pdf,
        _ => return None,
    })
}

/// How deep files in files are cleaned: a picture in a sheet in a document is three.
const DEPTH: u8 = 3;

fn clean(bytes: &[u8], found: &mut Fields, depth: u8) -> Result<Vec<u8>, Error> {
    match format(bytes) {
        Some(Format::Jpeg) => jpeg::clean(bytes, found),
        Some(Format::Png) => png::clean(bytes, found),
        Some(Format::Webp) => webp::clean(bytes, found),
        Some(Format::Tiff) => tiff::clean(bytes, found),
        Some(Format::Pdf) => pdf::clean(bytes, found),
        Some(Format::Ooxml) => ooxml::clean(bytes, found, depth),
        Some(Format::Odf) => odf::clean(bytes, found, depth),
        Some(Format::Media) => {
            exif::container(bytes, found);
            Err(Error::Unsupported {
                what: "a video or a HEIC picture".into(),
                hint: "save a copy of the picture as JPEG or PNG, of the video with a program that leaves its metadata out, and use that",
            })
        }
        Some(Format::Ole) => Err(Error::Unsupported {
            what: "a document of the old Office kind".into(),
            hint: "save it as DOCX, XLSX, PPTX, ODT or PDF",
        }),
        Some(Format::Gif) => Err(Error::Unsupported { what: "a GIF".into(), hint: "save it as PNG" }),
        None => Err(Error::Unsupported {
            what: "a file of this kind".into(),
            hint: "JPEG, PNG, WebP, TIFF, PDF, DOCX, XLSX, PPTX, ODT, ODS and ODP are",
        }),
    }
}

/// What a file says beside its content. A file of another kind says nothing; a damaged one what could be read, and a
/// field `file`, `not read` with the reason.
pub fn read(bytes: &[u8]) -> Vec<Field> {
    let mut found = Fields::default();
    if format(bytes).is_some()
        && let Err(error) = clean(bytes, &mut found, DEPTH)
    {
        found.technical("file", "not read", error.to_string());
    }
    found.list
}

/// A copy without what may lead to a person, place, time or device. How a picture is to be turned stays, alone.
///
/// # Errors
/// [`Error::Unsupported`] for other kinds of files, and for what holds parts that cannot be cleaned;
/// [`Error::Broken`] if it does not follow its format; [`Error::TooLarge`] for what would unpack beyond the default limits.
pub fn strip(bytes: &[u8]) -> Result<Stripped, Error> {
    let mut found = Fields::default();
    let copy = clean(bytes, &mut found, DEPTH)?;
    let left = read(&copy);
    if let Some(field) = left.iter().find(|field| field.personal || field.key == "not read") {
        return Err(Error::Unsupported {
            what: format!("{} ({}: {})", field.key, field.group, field.value),
            hint: "take it out with the program that made the file, or publish a picture of the page instead",
        });
    }
    let removed = found.list.into_iter().filter(|field| !left.contains(field)).collect();
    Ok(Stripped { bytes: copy, removed })
}

/// APP11 segments of a JPEG, with their places: where C2PA keeps its manifest.
pub(crate) fn jpeg_parts(bytes: &[u8]) -> Result<Vec<(usize, &[u8])>, Error> {
    let segments = jpeg::parts(bytes)?.into_iter().filter_map(|part| match part {
        jpeg::Part::Segment { marker: 0xeb, at, body } => Some((at, body)),
        _ => None,
    });
    Ok(segments.collect())
}

pub(crate) use png::chunks as png_chunks;

fn limits() -> Limits {
    Limits::default()
}
