//! What it was said with: the objects (documents, recordings, texts) that claims rest on, by hash, encrypted.
//!
//! **Must never** alter an original: a derivative is a new object. It must never hand out bytes that are not the ones
//! an object is named after, and never leave half an object where a whole one is expected.
//!
//! An object is named by the SHA-256 of its plain bytes. On disk it is one [age] file (`age-encryption.org/v1`), which any
//! age program can open with the vault's identity, so that what is kept here outlives this program. The file's name is a
//! keyed hash of the object's name: whoever seizes the disk cannot even learn whether a document that they already have
//! is among the objects.
//!
//! ```text
//! objects/4f/4f1c…e9.age        HMAC-SHA256(name key, SHA-256 of the object), 64 hexadecimal digits
//! objects/.new-93ab….part       an addition under way, or one that was interrupted
//! ```
//!
//! The vault knows nothing of the ledger: who acquired an object, from whom and why is said there.
//!
//! # The keys, and why X25519
//!
//! Both keys come from the vault key with HKDF-SHA256 (RFC 5869). Files are encrypted to an X25519 identity made from one
//! of them, rather than with age's `scrypt` recipient and a derived passphrase: age's documentation reserves `scrypt` for
//! passphrases that people remember; its work factor buys nothing where the secret has 256 bits already, would be
//! measured anew at every opening, and would be one more number in the header that a hostile file could set. The public
//! half of the identity is written nowhere, so that only a holder of the vault key can make a file that opens here.
//!
//! [age]: https://c2sp.org/age
#![forbid(unsafe_code)]

mod error;
mod keys;
mod object;
mod seal;
mod store;

pub use error::Error;
pub use object::ObjectReader;
pub use store::{Stored, Vault};
