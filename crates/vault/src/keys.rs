//! The vault's two keys: one that opens files, one that names them.

use age::x25519::{Identity, Recipient};
use bech32::{Bech32, Hrp};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// RFC 5869 `info` strings: a key made for one purpose is no use for the other.
const SEALING: &[u8] = b"rapporteur/vault/v1/age x25519 identity";
const NAMING: &[u8] = b"rapporteur/vault/v1/file name";

pub(crate) struct Keys {
    pub(crate) identity: Identity,
    pub(crate) recipient: Recipient,
    name: Zeroizing<[u8; 32]>,
}

impl Keys {
    /// Derives both keys from the vault key.
    pub(crate) fn derive(key: &[u8; 32]) -> Result<Self, Error> {
        let derived = Hkdf::<Sha256>::new(None, key);
        let expand = |purpose: &[u8]| -> Result<Zeroizing<[u8; 32]>, Error> {
            let mut bytes = Zeroizing::new([0; 32]);
            derived.expand(purpose, bytes.as_mut_slice()).map_err(|error| Error::Encryption(error.to_string()))?;
            Ok(bytes)
        };
        let identity = identity(&*expand(SEALING)?)?;
        Ok(Keys { recipient: identity.to_public(), identity, name: expand(NAMING)? })
    }

    /// The name under which an object is kept: 64 hexadecimal digits.
    pub(crate) fn file_name(&self, object: &[u8; 32]) -> Result<String, Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.name.as_slice())
            .map_err(|error| Error::Encryption(error.to_string()))?;
        mac.update(object);
        Ok(hex(&mac.finalize().into_bytes()))
    }
}

/// The age identity with this secret key. The library takes identities only in their text form
/// (`AGE-SECRET-KEY-1…`, Bech32, <https://c2sp.org/age#x25519-recipient-stanza>).
fn identity(secret: &[u8; 32]) -> Result<Identity, Error> {
    let wrong = |problem: String| Error::Encryption(problem);
    let prefix = Hrp::parse("age-secret-key-").map_err(|error| wrong(error.to_string()))?;
    let mut text = bech32::encode_upper::<Bech32>(prefix, secret).map_err(|error| wrong(error.to_string()))?;
    let identity = text.parse().map_err(|problem: &str| wrong(problem.into()));
    text.zeroize();
    identity
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_gives_the_same_names_and_identity() {
        let (one, again, other) = (Keys::derive(&[7; 32]), Keys::derive(&[7; 32]), Keys::derive(&[8; 32]));
        let (one, again, other) = (one.unwrap(), again.unwrap(), other.unwrap());
        assert_eq!(one.recipient, again.recipient);
        assert_ne!(one.recipient, other.recipient);
        assert_eq!(one.file_name(&[1; 32]).unwrap(), again.file_name(&[1; 32]).unwrap());
        assert_ne!(one.file_name(&[1; 32]).unwrap(), other.file_name(&[1; 32]).unwrap());
        assert_eq!(one.file_name(&[1; 32]).unwrap().len(), 64);
    }

    /// The name of a file is fixed for ever: a vault of 2026 must be readable later.
    #[test]
    fn names_are_hmac_sha256_of_the_object_under_the_derived_key() {
        use age::secrecy::ExposeSecret;
        let keys = Keys::derive(&[0; 32]).unwrap();
        // Computed apart from this program: HKDF-SHA256 (no salt, key of 32 zero bytes), then HMAC-SHA256 of 32 zero bytes.
        assert_eq!(
            keys.file_name(&[0; 32]).unwrap(),
            "64214046a9e324f1b99a77f6d08f91d6cbabe2a925615b647d07cb6086bc5e1c"
        );
        assert_eq!(
            keys.identity.to_string().expose_secret(),
            "AGE-SECRET-KEY-1RRG4KUTRMXZEFZ2F58E4CPNEJE4RDGLFZHP6NRSK6VGXEYLM69WQ6Q5VSS"
        );
    }
}
