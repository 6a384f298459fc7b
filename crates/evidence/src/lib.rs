//! What did other tools collect, what do their files say about themselves, and does it hold?
//!
//! **Must never** alter an original, or call genuine what it only found unbroken.
//!
//! Bytes in, findings out: no ledger, no network, no clock. A hash that holds says that nothing has changed since the
//! hash was written, and no more; who wrote it is for a person to judge.
//!
//! - [`package`]: web archives, collectors' exports and messages, taken apart into pieces with the hashes they state.
//! - [`metadata`]: what pictures, PDFs and office files say beside their content; and a copy without it, for publication.
//! - [`c2pa`]: the signed provenance that some cameras and editors put into pictures.
//! - [`timestamp`]: what a time-stamping authority has signed (RFC 3161).
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod c2pa;
pub mod metadata;
pub mod package;
pub mod timestamp;

mod archive;
mod der;
mod hashing;

use serde::{Deserialize, Serialize};

/// How much may be unpacked. What is beyond is an error ([`Error::TooLarge`]), never a shortened answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of an archive, records of a web archive, rows of a table, parts of a message.
    pub entries: usize,
    /// Bytes of one unpacked entry.
    pub entry: u64,
    /// Bytes of all entries together.
    pub total: u64,
    /// How many times its packed size a file may unpack to, once past [`Limits::FREE`] bytes. Web pages pack 5 to 20
    /// fold, and deflate ends at 1,032.
    pub ratio: u64,
}

impl Limits {
    /// Bytes that anything may unpack to, whatever the ratio.
    pub const FREE: u64 = 32 << 20;

    /// The most bytes that `packed` bytes may become.
    pub(crate) fn allowance(&self, packed: usize) -> u64 {
        self.total.min((packed as u64).saturating_mul(self.ratio).max(Self::FREE))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { entries: 20_000, entry: 256 << 20, total: 1 << 30, ratio: 200 }
    }
}

/// Something that is not as it should be, and where. It does not stop the rest from being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The entry, record, line or field.
    pub place: String,
    /// A sentence for people.
    pub problem: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>) -> Finding {
        Finding { place: place.into(), problem: problem.into() }
    }
}

/// Why something could not be read, changed or confirmed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Bytes that do not follow their format.
    #[error("this {what} cannot be read: {problem} ({place})")]
    Broken { what: &'static str, place: String, problem: String },
    /// More than [`Limits`] allow.
    #[error(
        "{what} would unpack to more than {limit} {unit}; nothing was taken. If it is what it should be, unpack it with another program and add its parts"
    )]
    TooLarge { what: String, limit: u64, unit: &'static str },
    /// A format, or a variant of one, that is not handled here.
    #[error("{what} is not handled here: {hint}")]
    Unsupported { what: String, hint: &'static str },
    /// A time-stamping authority's answer that is no.
    #[error("the time-stamping authority did not give a token: {status}{text}", text = text.as_ref().map(|t| format!(" ({t})")).unwrap_or_default())]
    Refused { status: &'static str, text: Option<String> },
    /// It was read, and it does not prove what it should.
    #[error("{what} does not hold: {why}")]
    DoesNotHold { what: &'static str, why: String },
}

impl Error {
    pub(crate) fn broken(what: &'static str, place: impl Into<String>, problem: impl Into<String>) -> Error {
        Error::Broken { what, place: place.into(), problem: problem.into() }
    }
}
