//! Unpacking with limits: zip, gzip, deflate. What would grow past them is an error before it is in memory.

use std::io::{Cursor, Read, Write};

use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::{Error, Limits};

/// One file of a zip archive. Its name is whatever the archive says; nothing here writes to a disk by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub name: String,
    pub bytes: Vec<u8>,
    /// Not compressed in the archive.
    pub stored: bool,
}

/// The names in a zip archive; `None` if it is none.
pub(crate) fn names(bytes: &[u8]) -> Option<Vec<String>> {
    if !bytes.starts_with(b"PK") {
        return None;
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    Some(archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect())
}

/// The files whose names are wanted, in the archive's order.
pub(crate) fn unzip(
    bytes: &[u8],
    what: &'static str,
    limits: &Limits,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Entry>, Error> {
    let broken = |place: &str, problem: String| Error::broken(what, place, problem);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken("the archive", error.to_string()))?;
    if archive.len() > limits.entries {
        return Err(Error::TooLarge { what: format!("this {what}"), limit: limits.entries as u64, unit: "entries" });
    }
    let mut left = limits.allowance(bytes.len());
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let mut file =
            archive.by_index(index).map_err(|error| broken(&format!("entry {}", index + 1), error.to_string()))?;
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        if file.is_dir() || !wanted(&name) {
            continue;
        }
        if file.encrypted() {
            return Err(Error::Unsupported {
                what: format!("an encrypted entry ({name})"),
                hint: "unpack the archive with its password and pack it again without",
            });
        }
        let limit = left.min(limits.entry);
        let stored = file.compression() == CompressionMethod::Stored;
        let Some(bytes) = bounded(&mut file, limit).map_err(|error| broken(&name, error.to_string()))? else {
            return Err(Error::TooLarge { what: format!("{name} in this {what}"), limit, unit: "bytes" });
        };
        left -= bytes.len() as u64;
        entries.push(Entry { name, bytes, stored });
    }
    Ok(entries)
}

/// A zip archive of these files, with no times, comments or owners.
pub(crate) fn zip(entries: &[Entry], what: &'static str) -> Result<Vec<u8>, Error> {
    let broken = |error: &dyn std::fmt::Display| Error::broken(what, "writing it", error.to_string());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let method = if entry.stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default());
        writer.start_file(entry.name.as_str(), options).map_err(|error| broken(&error))?;
        writer.write_all(&entry.bytes).map_err(|error| broken(&error))?;
    }
    Ok(writer.finish().map_err(|error| broken(&error))?.into_inner())
}

/// All that the reader gives, or `None` if it is more than the limit.
fn bounded(reader: &mut impl Read, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zlib,
    Deflate,
}

/// Unpacks a whole; the error is in words, for a finding.
pub(crate) fn inflate(packing: Packing, bytes: &[u8], limit: u64) -> Result<Vec<u8>, String> {
    let unpacked = match packing {
        Packing::Gzip => bounded(&mut GzDecoder::new(bytes), limit),
        Packing::Zlib => bounded(&mut ZlibDecoder::new(bytes), limit),
        Packing::Deflate => bounded(&mut DeflateDecoder::new(bytes), limit),
    };
    match unpacked {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(format!("it would unpack to more than {limit} bytes")),
        Err(error) => Err(format!("it cannot be unpacked: {error}")),
    }
}

/// The first gzip member, and what follows it. `Ok(None)` if it is larger than the limit.
pub(crate) fn member(bytes: &[u8], limit: u64) -> std::io::Result<Option<(Vec<u8>, &[u8])>> {
    let mut decoder = flate2::bufread::GzDecoder::new(bytes);
    let unpacked = bounded(&mut decoder, limit)?;
    Ok(unpacked.map(|unpacked| (unpacked, decoder.into_inner())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_an_error() {
        let entry = Entry { name: "zeroes".into(), bytes: vec![0; 40 << 20], stored: false };
        let bytes = zip(&[entry], "test").unwrap();
        assert!(bytes.len() < 100_000);
        let limits = Limits::default();
        assert!(matches!(unzip(&bytes, "test", &limits, |_| true), Err(Error::TooLarge { .. })));
        assert_eq!(unzip(&bytes, "test", &limits, |_| false).unwrap(), []);
        let limits = Limits { ratio: 2_000, ..limits };
        assert_eq!(unzip(&bytes, "test", &limits, |_| true).unwrap()[0].bytes.len(), 40 << 20);
        let limits = Limits { entries: 0, ..limits };
        assert!(matches!(unzip(&bytes, "test", &limits, |_| true), Err(Error::TooLarge { .. })));
    }
}
