//! One sealed file: a header with a salt, then chunks of 32 KiB, each sealed on its own.
//!
//! ```text
//! "RSX1" · salt (32 bytes) · chunk 0 · chunk 1 · … · last chunk
//! ```
//!
//! Each file has a key of its own, derived (HKDF-SHA256, RFC 5869) from the audience's key, the salt and the file's name in the
//! index, so a file under another's name does not open. A chunk is sealed with XChaCha20-Poly1305; its nonce is its number and
//! whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): chunks cannot change places,
//! and a file that was cut off shows.

use std::fs::File;
use std::io;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Plain bytes in a chunk.
pub(crate) const CHUNK: usize = 32 * 1024;
/// Bytes that sealing adds to a chunk.
const TAG: usize = 16;
const MAGIC: [u8; 4] = *b"RSX1";
const SALT: usize = 32;
/// Bytes before the first chunk.
pub(crate) const HEADER: usize = MAGIC.len() + SALT;

/// Seals and opens the chunks of one file.
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
}

impl Sealer {
    /// A new file's: draws its salt and gives its header.
    pub(crate) fn create(key: &[u8; 32], name: &str) -> io::Result<(Sealer, [u8; HEADER])> {
        let mut header = [0; HEADER];
        header[..MAGIC.len()].copy_from_slice(&MAGIC);
        getrandom::fill(&mut header[MAGIC.len()..]).map_err(io::Error::other)?;
        Ok((Sealer::of(key, name, &header[MAGIC.len()..])?, header))
    }

    /// An existing file's, by its header.
    pub(crate) fn open(key: &[u8; 32], name: &str, header: &[u8]) -> io::Result<Sealer> {
        match header.split_at_checked(MAGIC.len()) {
            Some((magic, salt)) if magic == MAGIC && salt.len() == SALT => Sealer::of(key, name, salt),
            _ => Err(damaged("it does not begin as one of this index")),
        }
    }

    fn of(key: &[u8; 32], name: &str, salt: &[u8]) -> io::Result<Sealer> {
        let info = [b"rapporteur/search/file/v1\0", name.as_bytes()].concat();
        let file_key = derive(key, Some(salt), &info)?;
        Ok(Sealer { cipher: XChaCha20Poly1305::new((&*file_key).into()) })
    }

    pub(crate) fn seal(&self, number: u64, last: bool, plain: &[u8]) -> io::Result<Vec<u8>> {
        let payload = Payload { msg: plain, aad: &[] };
        self.cipher.encrypt(&nonce(number, last), payload).map_err(|_| io::Error::other("nothing could be encrypted"))
    }

    pub(crate) fn unseal(&self, number: u64, last: bool, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let payload = Payload { msg: sealed, aad: &[] };
        self.cipher.decrypt(&nonce(number, last), payload).map_err(|_| damaged("a part of it is not as it was written"))
    }

    /// A whole small file.
    pub(crate) fn unseal_all(&self, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let chunks = chunks_in(sealed.len())?;
        let mut plain = Vec::with_capacity(sealed.len());
        for (number, chunk) in sealed.chunks(CHUNK + TAG).enumerate() {
            plain.extend(self.unseal(number as u64, number as u64 + 1 == chunks, chunk)?);
        }
        Ok(plain)
    }
}

/// A key of 32 bytes from another.
pub(crate) fn derive(key: &[u8], salt: Option<&[u8]>, info: &[u8]) -> io::Result<Zeroizing<[u8; 32]>> {
    let mut derived = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(salt, key)
        .expand(info, derived.as_mut_slice())
        .map_err(|error| io::Error::other(error.to_string()))?;
    Ok(derived)
}

fn nonce(number: u64, last: bool) -> XNonce {
    let mut nonce = [0; 24];
    nonce[..8].copy_from_slice(&number.to_le_bytes());
    nonce[8] = u8::from(last);
    XNonce::from(nonce)
}

pub(crate) fn damaged(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a file of the index is damaged: {problem}"))
}

/// How many chunks so many sealed bytes are. Even an empty file has one.
pub(crate) fn chunks_in(sealed: usize) -> io::Result<u64> {
    let chunks = sealed.div_ceil(CHUNK + TAG);
    let rest = sealed - chunks.saturating_sub(1) * (CHUNK + TAG);
    if chunks == 0 || rest < TAG { Err(damaged("it was cut off")) } else { Ok(chunks as u64) }
}

/// How many plain bytes so many sealed bytes hold.
pub(crate) fn plain_length(sealed: usize) -> io::Result<usize> {
    let chunks = chunks_in(sealed)?;
    Ok(sealed - usize::try_from(chunks).unwrap_or(usize::MAX).saturating_mul(TAG))
}

/// Where a chunk stands in the file, header and all, and how long it is sealed.
pub(crate) fn place(number: u64, sealed: usize) -> (u64, usize) {
    let start = number * (CHUNK + TAG) as u64;
    let left = (sealed as u64).saturating_sub(start).min((CHUNK + TAG) as u64);
    (HEADER as u64 + start, usize::try_from(left).unwrap_or(0))
}

/// Reads at a place, without moving anybody else's.
#[cfg(unix)]
pub(crate) fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, place)
}

#[cfg(windows)]
pub(crate) fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<()> {
    let mut done = 0;
    while done < bytes.len() {
        match std::os::windows::fs::FileExt::seek_read(file, &mut bytes[done..], place + done as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => done += more,
        }
    }
    Ok(())
}
