//! ZIP archives, opened with suspicion: entries are counted, and what they unpack to is bounded as it unpacks,
//! whatever their headers say.

use crate::error::Error;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Documents have tens of parts, with many pictures hundreds.
const MAX_ENTRIES: usize = 20_000;
/// One part's size, unpacked.
const MAX_ENTRY: u64 = 192 << 20;
/// All parts read from one file, unpacked.
const MAX_TOTAL: u64 = 384 << 20;
/// XML shrinks to a tenth, seldom to a hundredth; more than this is made to burst.
const MAX_RATIO: u64 = 400;
/// Small parts may shrink as they like.
const UNSUSPICIOUS: u64 = 16 << 20;

/// An archive within those bounds.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    format: &'static str,
    taken: u64,
}

/// The names of an archive's entries.
pub fn names(bytes: &[u8]) -> Result<Vec<String>, Error> {
    Archive::open(bytes, "zip").map(|archive| archive.names())
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8], format: &'static str) -> Result<Self, Error> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(format, &error))?;
        if zip.len() > MAX_ENTRIES {
            return Err(Error::too_large(format, format!("the archive in it has {} entries", zip.len())));
        }
        Ok(Self { zip, format, taken: 0 })
    }

    pub fn names(&self) -> Vec<String> {
        self.zip.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// The bytes of an entry; none if there is no such entry.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let format = self.format;
        let name = name.trim_start_matches('/');
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let entry = match self.zip.by_index(index) {
            Ok(entry) => entry,
            Err(ZipError::UnsupportedArchive(why)) if why.to_string().to_lowercase().contains("password") => {
                return Err(Error::Encrypted { format: format.to_owned() });
            }
            Err(error) => return Err(broken(format, &error)),
        };
        let packed = entry.compressed_size().max(1);
        let most = MAX_ENTRY
            .min(MAX_TOTAL - self.taken.min(MAX_TOTAL))
            .min(packed.saturating_mul(MAX_RATIO).max(UNSUSPICIOUS));
        let mut bytes = Vec::new();
        entry
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::broken(format, format!("its part {name} cannot be unpacked ({error})")))?;
        if bytes.len() as u64 > most {
            return Err(Error::too_large(format, format!("its part {name} unpacks to more than {} MB", most >> 20)));
        }
        self.taken += bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// An entry as text; a byte order mark is left out.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.bytes(name)?.map(|bytes| crate::decode::text(&bytes)))
    }
}

fn broken(format: &str, error: &ZipError) -> Error {
    Error::broken(format, format!("the archive in it is damaged ({error}); was it sent whole?"))
}
