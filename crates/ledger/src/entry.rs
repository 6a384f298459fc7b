//! An entry: one signed, chained record of a feed, committing to its items.
//!
//! The header's bytes are what is hashed and signed: a deterministic CBOR array (RFC 8949 §4.2) of version, workspace, feed, sequence
//! number, hash of the entry before, clock, account, and the items' commitments. A commitment is SHA-256 over the domain
//! `rapporteur item v1`, a salt of 16 random bytes and the item's bytes, so that a destroyed item cannot be guessed back
//! from what stays. The entry's hash is the RFC 6962 leaf hash of the header, so that chain and tree agree on what an entry is.

use ed25519_dalek::{Signature, Signer, Verifier, VerifyingKey};
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize;

use crate::Error;
use crate::clock::Clock;
use crate::id::{AccountId, Digest};
use crate::merkle;

/// Version of the header that this program writes.
pub(crate) const VERSION: u8 = 1;
/// More items than this go into a second entry: it bounds memory while writing and reading.
pub(crate) const MOST_ITEMS: usize = 100_000;
const SIGNED: &[u8] = b"rapporteur entry v1\n";
const COMMITTED: &[u8] = b"rapporteur item v1\n";
const ED25519: u8 = 1;

pub(crate) type Salt = [u8; 16];

/// A feed: the public key of one installation's writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Feed(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl Feed {
    /// The four bytes by which claims' addresses name their feed.
    #[must_use]
    pub fn tag(&self) -> [u8; 4] {
        [self.0[0], self.0[1], self.0[2], self.0[3]]
    }

    pub(crate) fn key(&self) -> Result<VerifyingKey, Error> {
        VerifyingKey::from_bytes(&self.0)
            .map_err(|_| Error::Damaged { place: "a feed".into(), problem: "its key is no Ed25519 key".into() })
    }
}

impl std::fmt::Display for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::id::hex(&self.0))
    }
}

/// The secret half of a feed. Its memory is cleared when it is dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        SigningKey(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    #[must_use]
    pub fn feed(&self) -> Feed {
        Feed(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn inner(&self) -> &ed25519_dalek::SigningKey {
        &self.0
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey of feed {}", self.feed())
    }
}

/// What is hashed and signed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(array)]
pub struct EntryHeader {
    #[n(0)]
    pub version: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub workspace: [u8; 16],
    #[n(2)]
    pub feed: Feed,
    /// From 1, without gaps, within the feed.
    #[n(3)]
    pub sequence: u64,
    #[n(4)]
    pub previous: Digest,
    #[n(5)]
    pub clock: Clock,
    #[n(6)]
    pub account: AccountId,
    /// The items' commitments, 32 bytes each, one after the other.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub commitments: Vec<u8>,
}

impl EntryHeader {
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        minicbor::to_vec(self).map_err(|error| Error::Encoding(error.to_string()))
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        minicbor::decode(bytes).map_err(|error| Error::Encoding(error.to_string()))
    }

    /// The commitment of item `index`.
    #[must_use]
    pub fn commitment(&self, index: usize) -> Option<Digest> {
        self.commitments.chunks_exact(32).nth(index).and_then(|bytes| bytes.try_into().ok()).map(Digest)
    }

    /// How many items the entry has.
    #[must_use]
    pub fn items(&self) -> usize {
        self.commitments.len() / 32
    }
}

/// A sealed entry as it is stored and passed on.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub header: Vec<u8>,
    pub hash: Digest,
    /// One byte for the algorithm (1: Ed25519), then the signature.
    pub signature: Vec<u8>,
}

impl Entry {
    pub(crate) fn seal(header: &EntryHeader, key: &SigningKey) -> Result<Entry, Error> {
        let bytes = header.encode()?;
        let hash = merkle::leaf(&bytes);
        let mut signature = vec![ED25519];
        signature.extend_from_slice(&key.inner().sign(&signed_bytes(&hash)).to_bytes());
        Ok(Entry { header: bytes, hash, signature })
    }

    /// Whether the hash is the header's and the signature the feed's; says what is not.
    pub(crate) fn check(&self, key: &VerifyingKey) -> Result<(), String> {
        if merkle::leaf(&self.header) != self.hash {
            return Err("its bytes do not give its hash".into());
        }
        let Some((&ED25519, signature)) = self.signature.split_first() else {
            return Err("it is signed with an algorithm that this version does not know".into());
        };
        let signature =
            Signature::from_slice(signature).map_err(|_| "its signature has the wrong length".to_owned())?;
        key.verify(&signed_bytes(&self.hash), &signature).map_err(|_| "its signature is not its feed’s".to_owned())
    }
}

fn signed_bytes(hash: &Digest) -> Vec<u8> {
    let mut bytes = SIGNED.to_vec();
    bytes.extend_from_slice(&hash.0);
    bytes
}

/// The salted commitment to an item's bytes.
pub(crate) fn commit(salt: &Salt, body: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update(COMMITTED).chain_update(salt).chain_update(body).finalize().into())
}

/// Salts for so many items, in one call to the operating system.
pub(crate) fn salts(count: usize) -> Result<Vec<Salt>, Error> {
    let mut bytes = vec![0; count * 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Storage(format!("no randomness from the operating system: {error}")))?;
    let salts = bytes.chunks_exact(16).filter_map(|salt| salt.try_into().ok()).collect();
    bytes.zeroize();
    Ok(salts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn header() -> EntryHeader {
        EntryHeader {
            version: VERSION,
            workspace: [1; 16],
            feed: SigningKey::from_seed(&[3; 32]).feed(),
            sequence: 1,
            previous: Digest([0; 32]),
            clock: Clock::default().tick(Timestamp(1_600_000_000_000)),
            account: AccountId([2; 16]),
            commitments: commit(&[9; 16], b"words").0.to_vec(),
        }
    }

    #[test]
    fn a_header_is_encoded_in_one_way_only() {
        let bytes = header().encode().unwrap();
        assert_eq!(EntryHeader::decode(&bytes).unwrap().encode().unwrap(), bytes);
        assert_eq!(bytes[0], 0x88, "an array of eight, its length definite and shortest");
    }

    #[test]
    fn every_changed_byte_of_an_entry_shows() {
        let key = SigningKey::from_seed(&[3; 32]);
        let entry = Entry::seal(&header(), &key).unwrap();
        let verifying = key.feed().key().unwrap();
        assert_eq!(entry.check(&verifying), Ok(()));
        for at in 0..entry.header.len() {
            let mut changed = entry.clone();
            changed.header[at] ^= 1;
            assert!(changed.check(&verifying).is_err(), "byte {at} of the header");
        }
        for at in 0..entry.signature.len() {
            let mut changed = entry.clone();
            changed.signature[at] ^= 1;
            assert!(changed.check(&verifying).is_err(), "byte {at} of the signature");
        }
    }
}
