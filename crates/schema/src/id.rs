//! The name of an entity: sixteen bytes, written as 26 letters and digits.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

/// Crockford's base 32: no i, l, o, u, so that an id can be read out over the telephone.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The identity of an entity. It says nothing about the entity.
///
/// Written as 26 lower-case characters of Crockford's base 32, most significant first (the
/// 128 bits are the low bits of 130, so the first character is 0–7). Read in either case,
/// with `i` and `l` taken as 1 and `o` as 0, as Crockford proposes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId([u8; 16]);

/// Why a text is no entity id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntityIdError {
    /// Not 26 characters.
    #[error("an entity id has 26 characters, this has {0}")]
    Length(usize),
    /// A character outside the alphabet.
    #[error("an entity id has only digits and letters without u; “{0}” cannot be")]
    Character(char),
    /// More than 128 bits.
    #[error("an entity id begins with 0 to 7")]
    TooLarge,
}

impl EntityId {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its sixteen bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The id that a name in a namespace always has: the same case file gives the same ids on
    /// every machine, so that importing it twice adds nothing.
    ///
    /// First 16 bytes of SHA-256 over `rapporteur/entity/v1`, the namespace and the key, each
    /// preceded by its length in bytes (64 bits, big-endian), so that no two pairs run together.
    #[must_use]
    pub fn derive(namespace: &str, key: &str) -> Self {
        let mut hasher = Sha256::new();
        for part in ["rapporteur/entity/v1", namespace, key] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        let digest = hasher.finalize();
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        Self(bytes)
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = u128::from_be_bytes(self.0);
        for i in (0..26).rev() {
            let five = (number >> (5 * i)) as usize & 31;
            fmt::Write::write_char(f, char::from(ALPHABET[five]))?;
        }
        Ok(())
    }
}

impl fmt::Debug for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntityId({self})")
    }
}

impl FromStr for EntityId {
    type Err = EntityIdError;

    fn from_str(text: &str) -> Result<Self, EntityIdError> {
        let length = text.chars().count();
        if length != 26 {
            return Err(EntityIdError::Length(length));
        }
        let mut number: u128 = 0;
        for (i, c) in text.chars().enumerate() {
            let plain = match c.to_ascii_lowercase() {
                'i' | 'l' => '1',
                'o' => '0',
                other => other,
            };
            let five = ALPHABET.iter().position(|a| char::from(*a) == plain).ok_or(EntityIdError::Character(c))?;
            if i == 0 && five > 7 {
                return Err(EntityIdError::TooLarge);
            }
            number = (number << 5) | five as u128;
        }
        Ok(Self(number.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn written_and_read_back() {
        let id = EntityId::derive("cambodia-2020-2023", "rong-chhun");
        let text = id.to_string();
        assert_eq!(text.len(), 26);
        assert_eq!(text.parse::<EntityId>().unwrap(), id);
        assert_eq!(text.to_uppercase().parse::<EntityId>().unwrap(), id);
        assert_eq!(EntityId::from_bytes([255; 16]).to_string(), "7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn names_do_not_run_together() {
        assert_ne!(EntityId::derive("ab", "c"), EntityId::derive("a", "bc"));
        assert_eq!(EntityId::derive("a", "b"), EntityId::derive("a", "b"));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        assert_eq!("abc".parse::<EntityId>(), Err(EntityIdError::Length(3)));
        assert_eq!("80000000000000000000000000".parse::<EntityId>(), Err(EntityIdError::TooLarge));
        assert!("u0000000000000000000000000".parse::<EntityId>().is_err());
    }
}
