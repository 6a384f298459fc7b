//! Where it is kept and who holds the key: the folder of a workspace, its keys, and the doors through which things come in.
//!
//! **Must never** keep a key in clear. What is on the disk opens with a passphrase or with the recovery code, which is shown
//! once; keys live in memory only while the workspace is open, and are cleared from it afterwards.
//!
//! ```text
//! config.toml      the sealed keys, in slots; nothing in it says what the workspace is about
//! ledger.db        what was said (SQLCipher)
//! index.db         a projection of it; may be deleted at any time
//! search/          search indexes, sealed; the same
//! objects/         what it was said with (age files)
//! out/             what was published
//! schemata/        optional: schemata of this workspace's own, as YAML
//! vocabularies/    optional: vocabularies of this workspace's own, as YAML
//! lexicons/        optional: words of this workspace's own for the rules that read documents, as YAML
//! ```
//!
//! # The keys
//!
//! ```text
//! passphrase ──argon2id──► slot key ──opens──► slot 1 ─┐
//!                                                      ├──► key-encryption key ──opens──► `sealed`
//! recovery code ─argon2id► slot key ──opens──► slot 2 ─┘        database key, index key, vault key, signing seed
//! ```
//!
//! Every step is XChaCha20-Poly1305 over what is opened and, as additional data, over all that stands beside it in the
//! file (kind, parameters and salt of the slot; version, date and kind of the workspace), so that an edited parameter opens nothing.
//! A changed passphrase changes one slot and re-encrypts nothing else.
#![forbid(unsafe_code)]

mod config;
mod custody;
mod error;
mod extensions;
mod folder;
mod keys;
mod locate;
mod passphrase;
mod recovery;
mod source;
mod verify;
mod workspace;

pub use config::{Config, ModelSettings};
pub use custody::{Withdrawn, is_destroyed};
pub use error::Error;
pub use extensions::lexicons;
pub use locate::{locate, span};
pub use passphrase::{Passphrase, SHORTEST_PASSPHRASE};
pub use recovery::RecoveryCode;
pub use source::{Addition, Derived, NewObject, NewSource, Text};
pub use verify::{Gone, Report, Stage};
pub use workspace::{Options, Workspace};
