//! What other tools collected, taken apart: web archives (WARC, WACZ), saved pages (MHTML), e-mail, the tables of
//! Bellingcat's auto-archiver, ProofMode's bundles.
//!
//! Every piece comes with the hashes that the package states for it, and whether they hold. Whoever wrote the package
//! wrote its hashes too: that one holds tells of damage and of later changes, not of who collected what. Signatures
//! (OpenPGP, DKIM, WACZ's) are named and not judged.

mod auto_archiver;
mod http;
mod literal;
mod mail;
mod moments;
mod proofmode;
mod wacz;
mod warc;

use serde::{Deserialize, Serialize};

use crate::{Error, Finding, Limits, archive, hashing};

/// What kind of package it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// ISO 28500, versions 1.0 and 1.1, packed or not.
    Warc,
    /// Web Archive Collection Zipped, 1.1.1.
    Wacz,
    /// A table that Bellingcat's auto-archiver wrote (Google Sheet saved as CSV, or `csv_db`).
    AutoArchiver,
    /// A zip file that ProofMode shares: media, proofs, signatures.
    ProofMode,
    /// RFC 2557: a page with its pictures, as browsers save it.
    Mhtml,
    /// RFC 5322.
    Email,
}

/// A package taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    pub kind: Kind,
    pub pieces: Vec<Piece>,
    /// What it says of itself: who made it, when, with what.
    pub about: Vec<(String, String)>,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
}

/// One thing in a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// A file name, for people.
    pub name: String,
    /// As the package states it, in lower case and without parameters; empty if it does not.
    pub media_type: String,
    /// Empty for the rows of a table, whose files are elsewhere.
    pub bytes: Vec<u8>,
    pub url: Option<String>,
    /// When it was collected, in ISO 8601 to the second, with the offset that was written.
    pub captured: Option<String>,
    pub stated: Vec<StatedHash>,
    pub about: Vec<(String, String)>,
    /// The document rather than its furniture.
    pub main: bool,
}

/// A hash that the package states for a piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedHash {
    /// `sha256`, `sha1`, `sha3-512`, …; as written if it is not known here.
    pub algorithm: String,
    /// In hexadecimal; as written if it could not be read.
    pub hex: String,
    /// `None` if it could not be checked: the bytes are not here, or the algorithm is not known.
    pub holds: Option<bool>,
}

impl StatedHash {
    /// Reads `algorithm` and `digest`, and checks them against any of `bodies`, each of which the writer may have meant.
    fn check(algorithm: &str, digest: &str, bodies: &[&[u8]]) -> StatedHash {
        let Some((name, known)) = hashing::algorithm(algorithm) else {
            return StatedHash { algorithm: short(algorithm, 40), hex: short(digest, 200), holds: None };
        };
        let written = hashing::written(digest, known.size());
        let holds = (!bodies.is_empty()).then(|| {
            written.as_ref().is_some_and(|written| bodies.iter().any(|body| hashing::digest(known, body) == *written))
        });
        StatedHash {
            algorithm: name.into(),
            hex: written.map_or_else(|| short(digest, 200), |bytes| hashing::hex(&bytes)),
            holds,
        }
    }
}

/// Takes a package apart. `None`: it is of no kind that is known here.
///
/// The name counts only for tables, which cannot be told by their bytes alone.
///
/// # Errors
/// [`Error::Broken`] if it is of a known kind and nothing of it can be read; [`Error::TooLarge`] past the limits.
/// A part that cannot be read is a finding, and the rest is taken.
pub fn open(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Option<Package>, Error> {
    if warc::is(bytes) {
        return warc::open(bytes, limits).map(Some);
    }
    if let Some(names) = archive::names(bytes) {
        return if wacz::is(&names) {
            wacz::open(bytes, limits).map(Some)
        } else if proofmode::is(&names) {
            proofmode::open(bytes, limits).map(Some)
        } else {
            Ok(None)
        };
    }
    let lower = file_name.to_ascii_lowercase();
    if (lower.ends_with(".csv") || lower.ends_with(".tsv"))
        && let Some(package) = auto_archiver::open(bytes, limits)?
    {
        return Ok(Some(package));
    }
    if mail::is(bytes) {
        return mail::open(bytes, limits).map(Some);
    }
    Ok(None)
}

/// At most so many characters, on one line.
fn short(text: &str, most: usize) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
}

/// A file name from an address.
fn name_of(url: &str, media_type: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = short(last, 100);
    if last.is_empty() {
        return "unnamed".into();
    }
    let whole_host = !path.trim_end_matches('/').contains('/');
    let has_ending = !whole_host
        && last.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && (1..=5).contains(&ending.len()));
    let ending = match media_type {
        _ if has_ending => "",
        "text/html" | "application/xhtml+xml" => ".html",
        "application/pdf" => ".pdf",
        "text/plain" => ".txt",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        _ => "",
    };
    format!("{last}{ending}")
}

/// Kinds of files that people read, rather than what draws a page.
fn is_document(media_type: &str) -> bool {
    matches!(
        media_type,
        "text/html"
            | "application/xhtml+xml"
            | "application/pdf"
            | "text/plain"
            | "application/msword"
            | "application/rtf"
            | "message/rfc822"
    ) || media_type.starts_with("application/vnd.openxmlformats")
        || media_type.starts_with("application/vnd.oasis")
        || media_type.starts_with("application/vnd.ms-")
}

/// The type without its parameters.
fn essence(content_type: &str) -> String {
    short(content_type.split(';').next().unwrap_or_default(), 100).to_ascii_lowercase()
}

/// The type by the first bytes, for files that come without one.
fn sniffed(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', ..] => "image/heic",
        [_, _, _, _, b'f', b't', b'y', b'p', b'q', b't', ..] => "video/quicktime",
        [_, _, _, _, b'f', b't', b'y', b'p', b'M', b'4', b'A', ..] => "audio/mp4",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        [0xff, 0xfb | 0xf3 | 0xf2, ..] | [b'I', b'D', b'3', ..] => "audio/mpeg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "audio/wav",
        _ => "",
    }
}
