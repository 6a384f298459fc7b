//! Names of things in the ledger: newtypes, so that a claim's id is never taken for an entity's.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use schema::EntityId;

use crate::Error;

/// The address of a claim (or of any item): the feed that wrote it, the entry in that feed, the place in that entry.
///
/// Written `9f3c21ab-1204-17`: item 17 of entry 1204 of the feed whose key begins with `9f3c21ab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct ClaimId {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub feed: [u8; 4],
    #[n(1)]
    pub sequence: u64,
    #[n(2)]
    pub index: u32,
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", hex(&self.feed), self.sequence, self.index)
    }
}

impl FromStr for ClaimId {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Wrong {
            what: format!("“{text}” is not the address of a claim"),
            hint: "an address looks like 9f3c21ab-1204-17: feed, entry, place in the entry".into(),
        };
        let mut parts = text.split('-');
        let (Some(feed), Some(sequence), Some(index), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        let bytes = unhex(feed).ok_or_else(wrong)?;
        Ok(ClaimId {
            feed: bytes.try_into().map_err(|_| wrong())?,
            sequence: sequence.parse().map_err(|_| wrong())?,
            index: index.parse().map_err(|_| wrong())?,
        })
    }
}

/// A SHA-256 value: 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Digest(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// The SHA-256 of an object's plain bytes: its name in the ledger.
pub type ObjectHash = Digest;

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl FromStr for Digest {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        unhex(text).and_then(|bytes| bytes.try_into().ok()).map(Digest).ok_or_else(|| Error::Wrong {
            what: format!("“{text}” is not a SHA-256 value"),
            hint: "64 hexadecimal digits".into(),
        })
    }
}

/// Who wrote an entry: a person's or a program's account in this workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct AccountId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl AccountId {
    /// The account of that name in a workspace; the same name gives the same account in every copy of it.
    #[must_use]
    pub fn named(name: &str) -> Self {
        AccountId(*EntityId::derive("rapporteur/account", name).bytes())
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&EntityId::from_bytes(self.0), f)
    }
}

/// Entity ids as CBOR byte strings of 16.
pub(crate) mod entity_cbor {
    use minicbor::decode::{Decoder, Error};
    use minicbor::encode::{Encoder, Write};
    use schema::EntityId;

    pub fn encode<C, W: Write>(
        id: &EntityId,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(id.bytes())?;
        Ok(())
    }

    pub fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<EntityId, Error> {
        let bytes: [u8; 16] = d.bytes()?.try_into().map_err(|_| Error::message("an entity id has 16 bytes"))?;
        Ok(EntityId::from_bytes(bytes))
    }
}

/// The same for an id that may be absent.
pub(crate) mod optional_entity_cbor {
    use minicbor::decode::{Decoder, Error};
    use minicbor::encode::{Encoder, Write};
    use schema::EntityId;

    pub fn encode<C, W: Write>(
        id: &Option<EntityId>,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match id {
            Some(id) => super::entity_cbor::encode(id, e, ctx),
            None => e.null().map(|_| ()),
        }
    }

    pub fn decode<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<Option<EntityId>, Error> {
        if d.datatype()? == minicbor::data::Type::Null {
            d.null()?;
            return Ok(None);
        }
        super::entity_cbor::decode(d, ctx).map(Some)
    }

    pub fn nil<T>() -> Option<Option<T>> {
        Some(None)
    }

    pub fn is_nil(id: &Option<EntityId>) -> bool {
        id.is_none()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}
