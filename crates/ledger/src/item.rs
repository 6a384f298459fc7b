//! What an entry can hold: claims, and acts upon claims.
//!
//! An item's bytes are deterministic CBOR (RFC 8949 §4.2): the array `[kind, body]`, the body a map with small integer keys in
//! ascending order, lengths definite and shortest. A kind that this version does not know is kept and passed on untouched.

use minicbor::{Decode, Encode};
use schema::{EntityId, Kind, Lang, Value};

use crate::Error;
use crate::clearance::Clearance;
use crate::id::{AccountId, ClaimId, Digest, ObjectHash};

/// One thing said or done in an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Genesis(Genesis),
    Account(Account),
    Entity(EntityItem),
    Claim(Claim),
    Retract(Retract),
    Assess(Assess),
    Prefer(Prefer),
    Judge(Judge),
    Erase(Erase),
    Custody(Custody),
    Define(Define),
    Publish(Publish),
    Classify(Classify),
    Stamp(Stamp),
    Decide(Decide),
    /// Written by a newer version: stored, hashed and passed on, shown as "not understood by this version".
    Unknown {
        kind: u16,
    },
}

/// The first item of a workspace.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Genesis {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub workspace: [u8; 16],
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub program: String,
}

/// Somebody who may read and write.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Account {
    #[n(0)]
    pub id: AccountId,
    #[n(1)]
    pub name: String,
    /// The highest level this account may see; teams beside it.
    #[n(2)]
    pub level: crate::clearance::Level,
    #[n(3)]
    pub teams: Vec<String>,
}

/// A thing comes into being: an id and a schema, and nothing else of its own.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct EntityItem {
    #[cbor(n(0), with = "crate::id::entity_cbor")]
    pub id: EntityId,
    #[n(1)]
    pub schema: String,
    #[n(2)]
    pub clearance: Clearance,
    /// What it was called in the file that it came from (a case file's key), so that it can be given back.
    #[n(3)]
    pub key: Option<String>,
}

/// Of this entity, this property has this value: this source says so, in these words; this is who asserted it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Claim {
    #[cbor(n(0), with = "crate::id::entity_cbor")]
    pub entity: EntityId,
    #[n(1)]
    pub property: String,
    #[n(2)]
    pub kind: String,
    /// The value's canonical text; see [`schema::Value::canonical`].
    #[n(3)]
    pub value: String,
    #[n(4)]
    pub lang: Option<String>,
    #[cbor(n(5), with = "crate::id::entity_cbor")]
    pub source: EntityId,
    /// Who says so. `None`: the document's own voice.
    #[cbor(n(6), with = "crate::id::optional_entity_cbor", has_nil)]
    pub asserter: Option<EntityId>,
    #[n(7)]
    pub locator: Option<Locator>,
    /// Why there are no words to quote; needed when there is no locator.
    #[n(8)]
    pub no_words: Option<String>,
    #[n(9)]
    pub clearance: Clearance,
    #[n(10)]
    pub note: Option<String>,
    /// What this claim came from in an import: the same origin is not taken twice.
    #[n(11)]
    pub origin: Option<Digest>,
}

impl Claim {
    /// A claim of this value, to be completed with its words or a reason.
    #[must_use]
    pub fn new(entity: EntityId, property: &str, value: &Value, source: EntityId) -> Self {
        Claim {
            entity,
            property: property.into(),
            kind: value.kind().as_str().into(),
            value: value.canonical(),
            lang: value.lang().map(|lang| lang.to_string()),
            source,
            asserter: None,
            locator: None,
            no_words: None,
            clearance: Clearance::internal(),
            note: None,
            origin: None,
        }
    }

    /// The value, typed.
    ///
    /// # Errors
    /// When a newer version wrote a kind or a form that this one does not know.
    pub fn typed(&self) -> Result<Value, Error> {
        let kind: Kind = self.kind.parse().map_err(|_| Error::Unknown {
            what: format!("the kind of value “{}”", self.kind),
            hint: "it was written by a newer version of the program".into(),
        })?;
        let lang = match &self.lang {
            Some(lang) => Lang::new(lang).ok(),
            None => None,
        };
        Ok(Value::parse(kind, &self.value, lang.as_ref())?)
    }
}

/// Where in the source, after the W3C text-quote and text-position selectors.
///
/// `start` and `end` count Unicode code points of the text `text_of`, end exclusive.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Locator {
    #[n(0)]
    pub exact: String,
    #[n(1)]
    pub prefix: Option<String>,
    #[n(2)]
    pub suffix: Option<String>,
    #[n(3)]
    pub start: Option<u64>,
    #[n(4)]
    pub end: Option<u64>,
    #[n(5)]
    pub page: Option<u32>,
    /// The object whose text the positions count.
    #[n(6)]
    pub text_of: Option<ObjectHash>,
}

/// A claim no longer stands, because of this. The claim stays readable in its history.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Retract {
    #[n(0)]
    pub claim: ClaimId,
    #[n(1)]
    pub reason: String,
    #[n(2)]
    pub origin: Option<Digest>,
}

/// What is assessed: a claim, or an entity as a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Target {
    #[n(0)]
    Claim(#[n(0)] ClaimId),
    #[n(1)]
    Entity(#[cbor(n(0), with = "crate::id::entity_cbor")] EntityId),
}

/// A judgement on how far something can be relied on: three separate axes (OHCHR Manual on Human Rights Monitoring, ch. 7).
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Assess {
    #[n(0)]
    pub target: Target,
    /// Step on the verification ladder, of a claim: `corroborated`, `verified`, …
    #[n(1)]
    pub verification: Option<String>,
    /// The standard of proof that it was verified to.
    #[n(2)]
    pub standard: Option<String>,
    /// Of a source: A to F.
    #[n(3)]
    pub reliability: Option<String>,
    /// Of a claim's information: 1 to 6.
    #[n(4)]
    pub credibility: Option<String>,
    #[n(5)]
    pub reason: String,
    #[n(6)]
    pub origin: Option<Digest>,
}

/// Among the accounts of one property, this one is to be shown first.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Prefer {
    #[n(0)]
    pub claim: ClaimId,
    #[n(1)]
    pub reason: String,
    #[n(2)]
    pub origin: Option<Digest>,
}

/// Same, different, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Verdict {
    #[n(0)]
    Same,
    #[n(1)]
    Different,
    #[n(2)]
    Unsure,
    /// An earlier judgement on these two is taken back, and nothing put in its place.
    #[n(3)]
    Withdrawn,
}

/// A person's judgement on two entities; a later one on the same pair takes its place.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Judge {
    #[cbor(n(0), with = "crate::id::entity_cbor")]
    pub a: EntityId,
    #[cbor(n(1), with = "crate::id::entity_cbor")]
    pub b: EntityId,
    #[n(2)]
    pub verdict: Verdict,
    #[n(3)]
    pub reason: String,
    #[n(4)]
    pub origin: Option<Digest>,
}

/// The payload of an item was destroyed: its commitment stays in its entry, its words are gone.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Erase {
    #[n(0)]
    pub item: ClaimId,
    #[n(1)]
    pub reason: String,
}

/// What happened to an object (OHCHR/Berkeley Protocol: the chain of custody).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CustodyEvent {
    #[n(0)]
    Acquired,
    #[n(1)]
    Viewed,
    #[n(2)]
    Exported,
    #[n(3)]
    Transferred,
    #[n(4)]
    Sealed,
    #[n(5)]
    Destroyed,
    #[n(6)]
    Verified,
    /// Its hashes were taken: SHA-256, which names it, and SHA3-512.
    #[n(7)]
    Hashed,
    /// Its giver no longer consents; what follows is its destruction.
    #[n(8)]
    ConsentWithdrawn,
}

/// One link of an object's chain of custody. The first (`Acquired`) describes the object.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Custody {
    #[n(0)]
    pub object: ObjectHash,
    #[n(1)]
    pub event: CustodyEvent,
    /// The source (an entity) whose bytes these are.
    #[cbor(n(2), with = "crate::id::optional_entity_cbor", has_nil)]
    pub source: Option<EntityId>,
    #[n(3)]
    pub reason: String,
    /// How it was acquired: upload, case file, derived…
    #[n(4)]
    pub method: Option<String>,
    #[n(5)]
    pub file_name: Option<String>,
    #[n(6)]
    pub media_type: Option<String>,
    /// Bytes.
    #[n(7)]
    pub size: Option<u64>,
    /// SHA3-512, 64 bytes, beside the SHA-256 that names it.
    #[cbor(n(8), with = "minicbor::bytes")]
    pub sha3_512: Option<Vec<u8>>,
    /// The object that this one was made from, and how.
    #[n(9)]
    pub derived_from: Option<ObjectHash>,
    #[n(10)]
    pub operation: Option<String>,
    /// To what its giver agreed, in words.
    #[n(11)]
    pub consent: Option<String>,
    /// What the consent covers, as terms: `evidence`, `publication`, `publication-without-name`…
    #[n(12)]
    pub consent_scope: Option<Vec<String>>,
    /// To whom it was given, when it was exported or transferred.
    #[n(13)]
    pub recipient: Option<String>,
}

impl Custody {
    /// A link of the chain, with nothing said but what happened and why.
    #[must_use]
    pub fn new(object: ObjectHash, event: CustodyEvent, source: Option<EntityId>, reason: &str) -> Self {
        Custody {
            object,
            event,
            source,
            reason: reason.into(),
            method: None,
            file_name: None,
            media_type: None,
            size: None,
            sha3_512: None,
            derived_from: None,
            operation: None,
            consent: None,
            consent_scope: None,
            recipient: None,
        }
    }
}

/// A named text that questions are asked with: a figure's definition, a letter's draft. A later one of that name takes its place.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Define {
    /// `figure`, `publication`, `casefile`.
    #[n(0)]
    pub kind: String,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub text: String,
    #[n(3)]
    pub clearance: Clearance,
}

/// A publication was released, at a position, as these files.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Publish {
    #[n(0)]
    pub publication: String,
    /// The position that its figures were computed at.
    #[n(1)]
    pub position: u64,
    #[n(2)]
    pub files: Vec<(String, Digest)>,
    #[n(3)]
    pub clearance: Clearance,
}

/// Who may see a claim or an entity is changed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Classify {
    #[n(0)]
    pub target: Target,
    #[n(1)]
    pub clearance: Clearance,
    #[n(2)]
    pub reason: String,
}

/// An authority's word that the ledger up to a position existed at a time: its token (RFC 3161) over a signed checkpoint, which
/// dates everything below it. Any tool can check it: `openssl ts -verify -data CHECKPOINT -in TOKEN`.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Stamp {
    /// Entries that the checkpoint covers.
    #[n(0)]
    pub position: u64,
    /// The checkpoint, as it was signed: what the token's imprint is the SHA-256 of.
    #[n(1)]
    pub checkpoint: String,
    /// The TimeStampToken, DER.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub token: Vec<u8>,
    /// The time that it gives, RFC 3339.
    #[n(3)]
    pub time: String,
    /// The authority, as the token names it.
    #[n(4)]
    pub authority: Option<String>,
}

/// What a person made of a program's proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Decision {
    #[n(0)]
    Accepted,
    /// Accepted with other values than were proposed.
    #[n(1)]
    Changed,
    #[n(2)]
    Rejected,
    /// An earlier decision is taken back: the proposal is open again.
    #[n(3)]
    Reopened,
}

/// A person's decision on a proposal that a program made from a document. A later one on the same proposal takes its place.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Decide {
    /// The document.
    #[cbor(n(0), with = "crate::id::entity_cbor")]
    pub source: EntityId,
    /// The object in whose text it was proposed.
    #[n(1)]
    pub text_of: ObjectHash,
    /// Which proposal: a hash over its kind, words and values.
    #[n(2)]
    pub proposal: Digest,
    /// Which program proposed it, with its version.
    #[n(3)]
    pub proposer: String,
    #[n(4)]
    pub decision: Decision,
    /// The claims that were made of it.
    #[n(5)]
    pub claims: Vec<ClaimId>,
    #[n(6)]
    pub reason: Option<String>,
    /// Where the proposal's words begin and end, in code points: to tell proposals apart when the program gets better.
    #[n(7)]
    pub start: u64,
    #[n(8)]
    pub end: u64,
}

macro_rules! kinds {
    ($($number:literal $name:ident),+ $(,)?) => {
        impl Item {
            /// The number that says, in the bytes, what kind of item this is.
            #[must_use]
            pub fn kind(&self) -> u16 {
                match self { $(Item::$name(_) => $number,)+ Item::Unknown { kind } => *kind }
            }

            /// The bytes that are committed to.
            ///
            /// # Errors
            /// An unknown item has no body here to encode.
            pub fn encode(&self) -> Result<Vec<u8>, Error> {
                let mut bytes = Vec::with_capacity(192);
                let mut encoder = minicbor::Encoder::new(&mut bytes);
                let wrong = |error: minicbor::encode::Error<std::convert::Infallible>| Error::Encoding(error.to_string());
                encoder.array(2).map_err(wrong)?.u16(self.kind()).map_err(wrong)?;
                match self {
                    $(Item::$name(body) => encoder.encode(body).map_err(wrong)?,)+
                    Item::Unknown { .. } => return Err(Error::Encoding("an item of an unknown kind is passed on, never made".into())),
                };
                Ok(bytes)
            }

            /// Reads an item back.
            ///
            /// # Errors
            /// When the bytes are no item. A kind of a newer version is no error.
            pub fn decode(bytes: &[u8]) -> Result<Item, Error> {
                let wrong = |error: minicbor::decode::Error| Error::Encoding(error.to_string());
                let mut decoder = minicbor::Decoder::new(bytes);
                if decoder.array().map_err(wrong)? != Some(2) {
                    return Err(Error::Encoding("an item is an array of two".into()));
                }
                let kind = decoder.u16().map_err(wrong)?;
                Ok(match kind {
                    $($number => Item::$name(decoder.decode().map_err(wrong)?),)+
                    kind => Item::Unknown { kind },
                })
            }
        }
    };
}

kinds! {
    1 Genesis, 2 Account, 3 Entity, 4 Claim, 5 Retract, 6 Assess, 7 Prefer, 8 Judge, 9 Erase, 10 Custody, 11 Define, 12 Publish,
    13 Classify, 14 Stamp, 15 Decide,
}
