//! Reading an object back: decrypted as it is read, and checked against its name at the end.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use age::stream::StreamReader;
use age::{DecryptError, Decryptor};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::keys::{Keys, hex};

/// Plain bytes in one encrypted piece of an age file, and the authentication tag behind each (<https://c2sp.org/age#payload>).
const CHUNK: u64 = 64 * 1024;
const TAG: u64 = 16;
/// The payload's nonce, between header and first piece.
const NONCE: u64 = 16;
/// No header that the vault writes is longer than this (it has one recipient and one filler stanza of at most 100 bytes).
const LONGEST_HEADER: u64 = 4096;

/// The bytes of one object, in order.
///
/// A read fails when what is on disk is not what was added. Every piece is authenticated before a byte of it is given
/// out, and at the end the whole is compared with the object's name; a caller that stops early has not made that comparison.
pub struct ObjectReader {
    inner: StreamReader<BufReader<File>>,
    /// `None`: whatever the file holds; its name is known at the end.
    object: Option<[u8; 32]>,
    path: PathBuf,
    /// Where in the file the first piece begins.
    payload: u64,
    length: u64,
    position: u64,
    hash: Option<Sha256>,
    found: Option<[u8; 32]>,
}

impl ObjectReader {
    pub(crate) fn open(keys: &Keys, object: Option<&[u8; 32]>, path: &Path) -> Result<Self, Error> {
        let mut file = File::open(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => Error::Missing { object: shown(object), path: path.into() },
            _ => Error::io("opening", path, source),
        })?;
        let damaged = |place: String, problem: &str| Error::Damaged {
            object: shown(object),
            path: path.into(),
            place,
            problem: problem.into(),
        };
        let reading = |source| Error::io("reading", path, source);
        let length = file.metadata().map_err(reading)?.len();
        // Found first, so that the decoder is never let loose on a header without end.
        let mut beginning = Vec::new();
        file.by_ref().take(LONGEST_HEADER).read_to_end(&mut beginning).map_err(reading)?;
        let header = header_length(&beginning)
            .ok_or_else(|| damaged(format!("bytes 0 to {}", beginning.len()), "there is no age header"))?;
        file.rewind().map_err(reading)?;

        let in_header = |problem: &str| damaged(format!("bytes 0 to {} (the header)", header + NONCE), problem);
        let opened = Decryptor::new_buffered(BufReader::with_capacity(CHUNK as usize, file))
            .and_then(|decryptor| decryptor.decrypt(std::iter::once(&keys.identity as &dyn age::Identity)));
        let inner = opened.map_err(|error| match error {
            DecryptError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => reading(error),
            DecryptError::Io(_) => in_header("the file ends in it"),
            DecryptError::NoMatchingKeys => in_header("this workspace's key does not open it"),
            _ => in_header("it was changed"),
        })?;
        Ok(ObjectReader {
            inner,
            object: object.copied(),
            path: path.into(),
            payload: header + NONCE,
            length,
            position: 0,
            hash: Some(Sha256::new()),
            found: None,
        })
    }

    /// Reads on; 0 at the end, when the whole was found to be what its name says.
    ///
    /// # Errors
    /// [`Error::Damaged`] with the piece that was changed, [`Error::Exchanged`], or the file system's error.
    pub fn read_checked(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = self.inner.read(buffer).map_err(|error| self.failed(error))?;
        if count > 0 {
            self.position += count as u64;
            if let Some(hash) = &mut self.hash {
                hash.update(buffer.get(..count).unwrap_or_default());
            }
            return Ok(count);
        }
        if let Some(hash) = self.hash.take() {
            let found: [u8; 32] = hash.finalize().into();
            if self.object.is_some_and(|object| object != found) {
                return Err(Error::Exchanged {
                    object: shown(self.object.as_ref()),
                    path: self.path.clone(),
                    found: hex(&found),
                });
            }
            self.found = Some(found);
        }
        Ok(0)
    }

    /// Reads to the end, for what is found on the way, and gives the object's name.
    pub(crate) fn finish(mut self) -> Result<[u8; 32], Error> {
        let mut buffer = vec![0; CHUNK as usize];
        while self.read_checked(&mut buffer)? > 0 {}
        self.found.ok_or_else(|| Error::Encryption("an object was not read to its end".into()))
    }

    /// A failed read, with the piece of the file in which it happened.
    fn failed(&self, error: io::Error) -> Error {
        let problem = match error.kind() {
            io::ErrorKind::InvalidData => "it was changed, or bytes were added or taken away",
            io::ErrorKind::UnexpectedEof => "the file ends too early",
            _ => return Error::io("reading", &self.path, error),
        };
        let piece = self.position / CHUNK;
        let start = self.payload + piece * (CHUNK + TAG);
        let end = (start + CHUNK + TAG).min(self.length.max(start));
        Error::Damaged {
            object: shown(self.object.as_ref()),
            path: self.path.clone(),
            place: format!("bytes {start} to {end} (piece {})", piece + 1),
            problem: problem.into(),
        }
    }
}

impl Read for ObjectReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_checked(buffer).map_err(|error| match error {
            Error::Io { source, .. } => source,
            error => io::Error::new(io::ErrorKind::InvalidData, error),
        })
    }
}

fn shown(object: Option<&[u8; 32]>) -> String {
    object.map_or_else(|| "(of unknown name)".into(), |object| hex(object))
}

/// Length of an age header: up to and with the line that begins with `---`.
fn header_length(beginning: &[u8]) -> Option<u64> {
    let last_line = beginning.windows(5).position(|window| window == b"\n--- ")? + 1;
    let rest = beginning.get(last_line..)?;
    let end = rest.iter().position(|byte| *byte == b'\n')? + 1;
    u64::try_from(last_line + end).ok()
}
