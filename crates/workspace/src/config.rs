//! `config.toml`: what is known of a workspace without its keys, and the keys themselves, sealed.
//!
//! Written last and at once when a workspace is made: a folder without it is no workspace.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::folder::{Draft, Layout};
use crate::keys::{self, Cost, Key, Secrets};

/// The format of folder and file that this program writes.
pub(crate) const VERSION: u64 = 1;
/// Nothing that this program writes comes near it.
const LONGEST: u64 = 64 * 1024;

const HEADING: &str = "\
# A Rapporteur workspace. Its keys are below, sealed: keep a copy of this file with every copy of the folder,
# for without it neither the passphrase nor the recovery code opens anything. Only `listen` and `[model]` may be edited.

";

/// What may be known without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    version: u64,
    /// Day, `2026-11-22`, in UTC.
    created: String,
    demonstration: bool,
    #[serde(default = "default_listen")]
    listen: SocketAddr,
    /// The keys: nonce, then ciphertext, in base 64.
    sealed: String,
    /// SHA-256 over all but `listen` and `[model]`: tells a damaged file from a wrong passphrase. It protects against nobody.
    checksum: String,
    /// A language model's server on this machine, which is asked for proposals; none unless somebody writes it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<ModelSettings>,
    slot: Vec<Slot>,
}

/// Where a language model answers, and what it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// `http://127.0.0.1:8080/v1`: on this machine only.
    pub server: String,
    /// The model's name there.
    pub name: String,
    /// The most closed documents that it may be shown: `public`, `partners` or `internal`; without it, `public`.
    #[serde(default = "public")]
    pub clearance: String,
}

fn public() -> String {
    "public".into()
}

/// One way to open the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    kind: SlotKind,
    algorithm: SlotAlgorithm,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    /// The key-encryption key: nonce, then ciphertext, in base 64.
    wrapped: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SlotKind {
    Passphrase,
    Recovery,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SlotAlgorithm {
    Argon2id,
}

/// The only thing that every version's file has in common.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

/// Reachable from this machine only.
fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7070))
}

impl Config {
    /// Format of the folder, from 1.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The day it was made, in UTC: `2026-11-22`.
    #[must_use]
    pub fn created(&self) -> &str {
        &self.created
    }

    /// Whether it is a demonstration's: its passphrase lies beside it, and its data are made up or public.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        self.demonstration
    }

    /// Where `serve` listens unless told otherwise.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// The language model's server that this workspace names, if it names one.
    #[must_use]
    pub fn model(&self) -> Option<&ModelSettings> {
        self.model.as_ref()
    }

    /// Reads the file of the workspace in this folder.
    ///
    /// # Errors
    /// When there is none, when a newer version wrote it, or when it is damaged.
    pub fn read(dir: &Path) -> Result<Config, Error> {
        let path = Layout::new(dir).config();
        let not_here = |problem: &str, hint: &str| Error::NotAWorkspace {
            dir: dir.into(),
            problem: problem.into(),
            hint: hint.into(),
        };
        let length = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(if Layout::new(dir).ledger().exists() {
                    not_here(
                        "there is a ledger and no config.toml, so that nothing can open it",
                        "restore config.toml from a copy; if the workspace was being made and that was interrupted, empty the folder and begin again",
                    )
                } else {
                    not_here(
                        "there is no config.toml",
                        "name the folder with --workspace, or make one with `rapporteur init`",
                    )
                });
            }
            Err(source) => return Err(Error::io("reading", &path, source)),
        };
        if length > LONGEST {
            return Err(damaged(format!("it has {length} bytes, which no config.toml has")));
        }
        let bytes = fs::read(&path).map_err(|source| Error::io("reading", &path, source))?;
        let text = String::from_utf8(bytes).map_err(|_| damaged("it is not text in UTF-8".into()))?;
        let versioned: Versioned = toml::from_str(&text).map_err(|error| damaged(one_line(&error)))?;
        if versioned.version > VERSION {
            return Err(Error::Newer { dir: dir.into(), found: versioned.version, known: VERSION });
        }
        toml::from_str(&text).map_err(|error| damaged(one_line(&error)))
    }

    /// A new workspace's file, with one slot for each secret.
    pub(crate) fn new(
        created: String,
        demonstration: bool,
        listen: Option<SocketAddr>,
        secrets: &Secrets,
        openers: &[(SlotKind, &[u8])],
    ) -> Result<Config, Error> {
        let mut config = Config {
            version: VERSION,
            created,
            demonstration,
            listen: listen.unwrap_or_else(default_listen),
            sealed: String::new(),
            checksum: String::new(),
            model: None,
            slot: Vec::new(),
        };
        let key = keys::random()?;
        config.sealed = STANDARD_NO_PAD.encode(secrets.seal(&key, &config.beside_sealed())?);
        for (kind, secret) in openers {
            config.put_slot(*kind, secret, &key)?;
        }
        Ok(config)
    }

    /// The key-encryption key, by a slot of this kind.
    ///
    /// `Ok(None)`: the secret opens no such slot.
    pub(crate) fn unwrap_key(&self, kind: SlotKind, secret: &[u8]) -> Result<Option<Key>, Error> {
        for slot in self.slot.iter().filter(|slot| slot.kind == kind) {
            let salt = decode(&slot.salt, "salt")?;
            let wrapped = decode(&slot.wrapped, "wrapped")?;
            let key = slot.cost().derive(secret, &salt)?;
            if let Some(opened) = keys::open(&key, &wrapped, &slot.beside_wrapped())
                && let Ok(bytes) = <[u8; 32]>::try_from(opened.as_slice())
            {
                return Ok(Some(Key::new(bytes)));
            }
        }
        Ok(None)
    }

    /// The secrets, by a slot of this kind.
    pub(crate) fn open(&self, kind: SlotKind, secret: &[u8]) -> Result<Option<Secrets>, Error> {
        let Some(key) = self.unwrap_key(kind, secret)? else {
            self.check_intact()?;
            return Ok(None);
        };
        let sealed = decode(&self.sealed, "sealed")?;
        match Secrets::open(&key, &sealed, &self.beside_sealed()) {
            Some(secrets) => Ok(Some(secrets)),
            None => Err(damaged("`sealed`, `version`, `created` or `demonstration` was changed".into())),
        }
    }

    /// Puts a new slot in the place of those of its kind.
    pub(crate) fn put_slot(&mut self, kind: SlotKind, secret: &[u8], key: &Key) -> Result<(), Error> {
        let cost = if self.demonstration { Cost::DEMONSTRATION } else { Cost::ORDINARY };
        let mut salt = [0; keys::SALT];
        keys::fill(&mut salt)?;
        let mut slot = Slot {
            kind,
            algorithm: SlotAlgorithm::Argon2id,
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: cost.lanes,
            salt: STANDARD_NO_PAD.encode(salt),
            wrapped: String::new(),
        };
        let wrapping = cost.derive(secret, &salt)?;
        slot.wrapped = STANDARD_NO_PAD.encode(keys::seal(&wrapping, key.as_slice(), &slot.beside_wrapped())?);
        self.slot.retain(|other| other.kind != kind);
        self.slot.push(slot);
        self.slot.sort_by_key(|slot| slot.kind == SlotKind::Recovery);
        self.checksum = self.sum();
        Ok(())
    }

    /// Says whether anything but `listen` and `[model]` differs from what was written.
    pub(crate) fn check_intact(&self) -> Result<(), Error> {
        if self.checksum == self.sum() {
            return Ok(());
        }
        Err(damaged("it is not as it was written: a slot, or something else in it, was changed or is gone".into()))
    }

    pub(crate) fn write(&self, draft: Draft) -> Result<(), Error> {
        let text = toml::to_string(self).map_err(|error| Error::Keys(error.to_string()))?;
        draft.finish(&format!("{HEADING}{text}"))
    }

    /// What stands beside `sealed` and cannot be edited without closing it.
    fn beside_sealed(&self) -> Vec<u8> {
        parts(&[
            "rapporteur/config/v1/sealed",
            &self.version.to_string(),
            &self.created,
            &self.demonstration.to_string(),
        ])
    }

    fn sum(&self) -> String {
        let mut hash = Sha256::new_with_prefix(self.beside_sealed());
        hash.update(parts(&[&self.sealed]));
        for slot in &self.slot {
            hash.update(slot.beside_wrapped());
            hash.update(parts(&[&slot.wrapped]));
        }
        STANDARD_NO_PAD.encode(hash.finalize())
    }
}

impl Slot {
    fn cost(&self) -> Cost {
        Cost { memory_kib: self.memory_kib, passes: self.passes, lanes: self.lanes }
    }

    fn beside_wrapped(&self) -> Vec<u8> {
        let kind = match self.kind {
            SlotKind::Passphrase => "passphrase",
            SlotKind::Recovery => "recovery",
        };
        let SlotAlgorithm::Argon2id = self.algorithm;
        let [memory, passes, lanes] = [self.memory_kib, self.passes, self.lanes].map(|number| number.to_string());
        parts(&["rapporteur/config/v1/slot", kind, "argon2id", &memory, &passes, &lanes, &self.salt])
    }
}

/// Texts one after the other, each after its length: no two lists give the same bytes.
fn parts(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()).collect()
}

fn decode(text: &str, field: &str) -> Result<Vec<u8>, Error> {
    STANDARD_NO_PAD.decode(text).map_err(|_| damaged(format!("`{field}` is not base 64")))
}

fn damaged(problem: String) -> Error {
    Error::Damaged {
        place: "config.toml".into(),
        problem,
        hint: "restore config.toml from a copy of the workspace; the other files are not affected".into(),
    }
}

/// What is wrong and in which line, without the excerpt that the parser draws: it would show sealed bytes.
fn one_line(error: &toml::de::Error) -> String {
    error.message().replace('\n', " ")
}
