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

/// Whoever reads lists has room for more: one part, and all of them.
const ROOMY: (u64, u64) = (512 << 20, 1 << 30);

/// A ZIP archive, read within bounds on its entries and on what they unpack to.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    format: &'static str,
    most: (u64, u64),
    taken: u64,
}

/// The names of an archive's entries.
pub fn names(bytes: &[u8]) -> Result<Vec<String>, Error> {
    Archive::open(bytes, "zip").map(|archive| archive.names())
}

impl<'a> Archive<'a> {
    /// Opens one; `format` is for the messages.
    ///
    /// # Errors
    /// When it is damaged, or has more entries than any document.
    pub fn open(bytes: &'a [u8], format: &'static str) -> Result<Self, Error> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(format, &error))?;
        if zip.len() > MAX_ENTRIES {
            return Err(Error::too_large(format, format!("the archive in it has {} entries", zip.len())));
        }
        Ok(Self { zip, format, most: (MAX_ENTRY, MAX_TOTAL), taken: 0 })
    }

    /// The same with room for long lists: 512 MB for one part, 1 GB for all.
    #[must_use]
    pub fn roomy(mut self) -> Self {
        self.most = ROOMY;
        self
    }

    /// How its file is called in messages.
    pub(crate) fn call(&mut self, format: &'static str) {
        self.format = format;
    }

    /// Names of its entries.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.zip.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// The bytes of an entry; none if there is no such entry.
    ///
    /// # Errors
    /// When it is damaged, locked, or unpacks to more than it may.
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
        let most = self
            .most
            .0
            .min(self.most.1 - self.taken.min(self.most.1))
            .min(packed.saturating_mul(MAX_RATIO).max(UNSUSPICIOUS));
        let mut bytes = Vec::new();
        entry.take(most + 1).read_to_end(&mut bytes).map_err(|error| {
            Error::broken(format, format!("its part {name} cannot be unpacked ({error}); was it sent whole?"))
        })?;
        if bytes.len() as u64 > most {
            return Err(Error::too_large(format, format!("its part {name} unpacks to more than {} MB", most >> 20)));
        }
        self.taken += bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// An entry as text; a byte order mark is left out.
    ///
    /// # Errors
    /// As [`Archive::bytes`].
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.bytes(name)?.map(|bytes| crate::decode::text(&bytes)))
    }
}

fn broken(format: &str, error: &ZipError) -> Error {
    Error::broken(format, format!("the archive in it is damaged ({error}); was it sent whole?"))
}
