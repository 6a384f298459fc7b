//! One pass over the bytes of a new object: hash twice, encrypt, write. Memory stays the same whatever the size.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use age::Encryptor;
use sha2::{Digest, Sha256};
use sha3::Sha3_512;

use crate::Error;
use crate::keys::Keys;

/// What is known about an object once its last byte was read.
pub(crate) struct Sealed {
    pub(crate) sha256: [u8; 32],
    pub(crate) sha3_512: [u8; 64],
    pub(crate) size: u64,
}

/// Reads `input` to its end and writes it, encrypted, to `output`. `path` is for messages.
///
/// Two hashes of unrelated construction, so that the chain of custody still holds if one of them is broken
/// (Berkeley Protocol on Digital Open Source Investigations, OHCHR 2022, on preservation and hash values).
pub(crate) fn seal<W: Write>(keys: &Keys, input: &mut dyn Read, output: W, path: &Path) -> Result<(Sealed, W), Error> {
    let written = |source: io::Error| Error::io("writing", path, source);
    let encryptor = Encryptor::with_recipients(std::iter::once(&keys.recipient as &dyn age::Recipient))
        .map_err(|error| Error::Encryption(error.to_string()))?;
    // Through a buffer larger than the header: the library reports a header that it cannot write without its cause.
    let output = BufWriter::with_capacity(128 * 1024, output);
    let mut output = encryptor.wrap_output(output).map_err(written)?;

    let (mut sha256, mut sha3_512, mut size) = (Sha256::new(), Sha3_512::new(), 0);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::Input(error)),
        };
        let bytes = buffer.get(..count).unwrap_or_default();
        sha256.update(bytes);
        sha3_512.update(bytes);
        size += bytes.len() as u64;
        output.write_all(bytes).map_err(written)?;
    }
    let output = output.finish().map_err(written)?;
    let output = output.into_inner().map_err(|error| written(error.into_error()))?;
    Ok((Sealed { sha256: sha256.finalize().into(), sha3_512: sha3_512.finalize().into(), size }, output))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_called_a_full_disk() {
        let keys = Keys::derive(&[1; 32]).unwrap();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let path = Path::new("objects/.new-1.part");
        let error = seal(&keys, &mut io::repeat(9).take(300_000), full, path).err().unwrap();
        assert!(matches!(error, Error::Full { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            "the disk is full: objects/.new-1.part could not be written, and nothing of it was kept"
        );
    }

    #[test]
    fn the_hashes_are_those_of_the_plain_bytes() {
        let keys = Keys::derive(&[1; 32]).unwrap();
        let (sealed, bytes) = seal(&keys, &mut &b"abc"[..], Vec::new(), Path::new("x")).unwrap();
        assert_eq!(
            crate::keys::hex(&sealed.sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(
            crate::keys::hex(&sealed.sha3_512)
                .starts_with("b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e")
        );
        assert_eq!(sealed.size, 3);
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"), "any age program opens it");
    }
}
