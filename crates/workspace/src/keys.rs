//! The keys of a workspace: made once, sealed with a key-encryption key, which each slot wraps with a passphrase or a code.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

pub(crate) type Key = Zeroizing<[u8; 32]>;

/// A key that is kept while the workspace is open, and never printed.
pub(crate) struct Hidden(pub(crate) Key);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a key)")
    }
}

/// Bytes of XChaCha20's nonce: long enough to be drawn at random for every message.
const NONCE: usize = 24;
/// Bytes of a slot's salt (RFC 9106 §3.1 recommends 16).
pub(crate) const SALT: usize = 16;

/// Cost of argon2id (RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

impl Cost {
    /// RFC 9106 §4, second recommended option (64 MiB, 3 passes), with one lane: a laptop's other cores stay free, and a
    /// graphics card gains nothing from our having asked for fewer.
    pub(crate) const ORDINARY: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// For a demonstration, whose passphrase lies beside it: a slow derivation would protect nothing.
    pub(crate) const DEMONSTRATION: Cost = Cost { memory_kib: 8 * 1024, passes: 1, lanes: 1 };
    /// What a file may ask for at most, so that an edited one cannot take all memory or all day.
    const HIGHEST: Cost = Cost { memory_kib: 4 * 1024 * 1024, passes: 64, lanes: 16 };

    /// The key that a slot is opened with.
    pub(crate) fn derive(self, secret: &[u8], salt: &[u8]) -> Result<Key, Error> {
        let most = Cost::HIGHEST;
        if self.memory_kib > most.memory_kib || self.passes > most.passes || self.lanes > most.lanes {
            return Err(Error::Damaged {
                place: "config.toml".into(),
                problem: format!(
                    "a slot asks for {} KiB of memory, {} passes and {} lanes, which no version of this program writes",
                    self.memory_kib, self.passes, self.lanes
                ),
                hint: "restore config.toml from a copy of the workspace".into(),
            });
        }
        let made = |error: argon2::Error| Error::Keys(error.to_string());
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(made)?;
        let mut key = Key::default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(secret, salt, key.as_mut_slice())
            .map_err(made)?;
        Ok(key)
    }
}

/// What opens everything: sealed in `config.toml`, in memory only while it is handed on.
#[derive(PartialEq, Eq)]
pub(crate) struct Secrets {
    pub(crate) database: Key,
    pub(crate) index: Key,
    pub(crate) vault: Key,
    pub(crate) signing: Key,
    /// Also secret: a seized disk is not to say what the workspace is about, or whose it is.
    pub(crate) name: String,
    pub(crate) owner: String,
}

impl Secrets {
    /// New keys, each drawn on its own from the system's random numbers.
    pub(crate) fn generate(name: &str, owner: &str) -> Result<Secrets, Error> {
        Ok(Secrets {
            database: random()?,
            index: random()?,
            vault: random()?,
            signing: random()?,
            name: name.into(),
            owner: owner.into(),
        })
    }

    /// The key of the search indexes, derived from that of the projections (HKDF-SHA256, RFC 5869): what is sealed stays as it was.
    pub(crate) fn search(&self) -> Result<Key, Error> {
        let mut key = Key::default();
        Hkdf::<Sha256>::new(None, self.index.as_slice())
            .expand(b"rapporteur/search/v1", key.as_mut_slice())
            .map_err(|error| Error::Keys(error.to_string()))?;
        Ok(key)
    }

    /// Four keys of 32 bytes, then name and owner, each after its length in bytes (four bytes, little-endian).
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(136 + self.name.len() + self.owner.len()));
        for key in [&self.database, &self.index, &self.vault, &self.signing] {
            bytes.extend_from_slice(key.as_slice());
        }
        for text in [&self.name, &self.owner] {
            bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Secrets> {
        fn text(rest: &mut &[u8]) -> Option<String> {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (text, after) = after.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
            *rest = after;
            Some(std::str::from_utf8(text).ok()?.to_owned())
        }
        fn key(rest: &mut &[u8]) -> Option<Key> {
            let (key, after) = rest.split_first_chunk::<32>()?;
            *rest = after;
            Some(Zeroizing::new(*key))
        }
        let mut rest = bytes;
        let secrets = Secrets {
            database: key(&mut rest)?,
            index: key(&mut rest)?,
            vault: key(&mut rest)?,
            signing: key(&mut rest)?,
            name: text(&mut rest)?,
            owner: text(&mut rest)?,
        };
        rest.is_empty().then_some(secrets)
    }

    pub(crate) fn seal(&self, key: &Key, beside: &[u8]) -> Result<Vec<u8>, Error> {
        seal(key, &self.to_bytes(), beside)
    }

    /// `None`: this key does not open it, or it was changed.
    pub(crate) fn open(key: &Key, sealed: &[u8], beside: &[u8]) -> Option<Secrets> {
        Secrets::from_bytes(&open(key, sealed, beside)?)
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.name.zeroize();
        self.owner.zeroize();
    }
}

/// 32 random bytes.
pub(crate) fn random() -> Result<Key, Error> {
    let mut key = Key::default();
    fill(key.as_mut_slice())?;
    Ok(key)
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|error| Error::Keys(error.to_string()))
}

/// XChaCha20-Poly1305: nonce, then ciphertext and tag. `beside` is authenticated with it and not in it.
pub(crate) fn seal(key: &Key, plain: &[u8], beside: &[u8]) -> Result<Vec<u8>, Error> {
    let mut nonce = [0; NONCE];
    fill(&mut nonce)?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let text = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: beside })
        .map_err(|_| Error::Keys("nothing could be encrypted".into()))?;
    Ok([&nonce[..], &text].concat())
}

/// `None`: another key, or a changed byte, in it or in what stands beside it.
pub(crate) fn open(key: &Key, sealed: &[u8], beside: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: beside }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn argon2id_is_that_of_rfc_9106() {
        // Computed with the reference implementation: argon2id, v = 19, m = 64 KiB, t = 2, p = 1, salt of 16 bytes.
        let key = Cost { memory_kib: 64, passes: 2, lanes: 1 }.derive(b"password", b"somesaltsomesalt").unwrap();
        let expected = [
            0x1a, 0x98, 0xfb, 0xa8, 0xe6, 0x39, 0x44, 0x25, 0xc9, 0xbd, 0xc3, 0x33, 0xa9, 0xc7, 0x50, 0xaa, 0xf8, 0x11,
            0xdf, 0x07, 0x0f, 0x5f, 0xb4, 0xa5, 0x78, 0x8e, 0x1c, 0xf4, 0xdb, 0x57, 0x93, 0xa1,
        ];
        assert_eq!(*key, expected);
    }

    #[test]
    fn a_file_cannot_ask_for_all_memory() {
        let greedy = Cost { memory_kib: u32::MAX, passes: 3, lanes: 1 };
        assert!(greedy.derive(b"p", &[0; SALT]).unwrap_err().is_damage());
        let odd = Cost { memory_kib: 0, passes: 0, lanes: 0 };
        assert!(odd.derive(b"p", &[0; SALT]).is_err());
    }

    #[test]
    fn the_key_of_the_search_follows_from_the_others_and_is_none_of_them() {
        let secrets = Secrets::generate("x", "y").unwrap();
        let key = secrets.search().unwrap();
        assert_eq!(key, secrets.search().unwrap());
        assert!(
            [&secrets.database, &secrets.index, &secrets.vault, &secrets.signing].iter().all(|other| **other != key)
        );
    }

    #[test]
    fn every_changed_byte_shows() {
        let key = random().unwrap();
        let secrets = Secrets::generate("Cambodia 2020–2023", "Sokha").unwrap();
        let sealed = secrets.seal(&key, b"beside").unwrap();
        assert!(Secrets::open(&key, &sealed, b"beside").unwrap() == secrets);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(Secrets::open(&key, &changed, b"beside").is_none(), "byte {place}");
        }
        assert!(Secrets::open(&key, &sealed, b"aside").is_none());
        assert!(Secrets::open(&random().unwrap(), &sealed, b"beside").is_none());
        assert!(!sealed.windows(8).any(|window| window == b"Cambodia"));
    }
}
