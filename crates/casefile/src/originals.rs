//! Documents that come with an import and are not in the folder.

use std::collections::HashMap;

use ledger::Digest;

use crate::origin;

/// A document's bytes, as somebody has them, and what the file was called.
#[derive(Clone, Debug)]
pub struct Original {
    /// Name of the file, without folders.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Originals by their SHA-256.
#[derive(Default)]
pub(crate) struct Originals<'a>(HashMap<[u8; 32], &'a [u8]>);

impl<'a> Originals<'a> {
    pub fn new(given: &'a [Original]) -> Self {
        Originals(given.iter().map(|original| (origin::sha256(&original.bytes).0, original.bytes.as_slice())).collect())
    }

    pub fn get(&self, sha256: &[u8; 32]) -> Option<&'a [u8]> {
        self.0.get(sha256).copied()
    }
}

impl Original {
    pub(crate) fn digest(&self) -> Digest {
        origin::sha256(&self.bytes)
    }
}

/// The media type that a file's name suggests.
pub(crate) fn media_type(file_name: &str) -> &'static str {
    let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "txt" => "text/plain",
        "md" | "markdown" => "text/markdown",
        "htm" | "html" => "text/html",
        "pdf" => "application/pdf",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "csv" => "text/csv",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}
