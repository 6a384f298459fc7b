//! ZIP archives, opened with suspicion: what their entries unpack to is bounded as it unpacks, whatever their headers say.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{broken, too_large};

const MOST_ENTRIES: usize = 20_000;
/// One entry, unpacked.
const MOST_ENTRY: u64 = 512 << 20;
/// All entries, unpacked.
const MOST_TOTAL: u64 = 1 << 30;
/// Sheets shrink to a tenth, seldom to a hundredth; more than this is made to burst.
const MOST_RATIO: u64 = 400;
/// Small entries may shrink as they like.
const UNSUSPICIOUS: u64 = 16 << 20;

pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    taken: u64,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, text::Error> {
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| broken("zip", format!("the archive is damaged ({error}); was it sent whole?")))?;
        if zip.len() > MOST_ENTRIES {
            return Err(too_large("zip", format!("it has {} entries", zip.len())));
        }
        Ok(Archive { zip, taken: 0 })
    }

    pub fn names(&self) -> Vec<String> {
        self.zip.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// The bytes of an entry; none if there is no such entry.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, text::Error> {
        let mut bytes = Vec::new();
        Ok(self.unpack(name, &mut bytes)?.then_some(bytes))
    }

    /// Unpacks every entry once, keeping nothing: a reader without bounds may then have it.
    pub fn check_all(&mut self) -> Result<(), text::Error> {
        for name in self.names() {
            self.unpack(&name, &mut std::io::sink())?;
        }
        Ok(())
    }

    fn unpack(&mut self, name: &str, into: &mut impl std::io::Write) -> Result<bool, text::Error> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(false) };
        let entry = self.zip.by_index(index).map_err(|error| {
            if error.to_string().to_lowercase().contains("password") {
                return text::Error::Encrypted { format: "zip".into() };
            }
            broken("zip", format!("its part {name} cannot be unpacked ({error}); was it sent whole?"))
        })?;
        let packed = entry.compressed_size().max(1);
        let most = MOST_ENTRY
            .min(MOST_TOTAL - self.taken.min(MOST_TOTAL))
            .min(packed.saturating_mul(MOST_RATIO).max(UNSUSPICIOUS));
        let length = std::io::copy(&mut entry.take(most + 1), into).map_err(|error| {
            broken("zip", format!("its part {name} cannot be unpacked ({error}); was it sent whole?"))
        })?;
        if length > most {
            return Err(too_large("zip", format!("its part {name} unpacks to more than {} MB", most >> 20)));
        }
        self.taken += length;
        Ok(true)
    }
}
