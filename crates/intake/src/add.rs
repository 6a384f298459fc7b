//! One file: the original into the vault, its words beside it, and what it says of itself as claims, in one entry.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ledger::{Author, Claim, Clearance, Item, Level, ObjectHash, View};
use schema::{EntityId, Value};
use sha2::{Digest, Sha256};
use workspace::{Derived, NewObject, NewSource, Workspace};

use crate::Error;
use crate::about::{Given, about, metadata};
use crate::readers::Readers;

/// Media type of the object that keeps how a text is made up: its headings, notes, pages and tables.
pub(crate) const STRUCTURE: &str = "application/vnd.rapporteur.structure+json";
/// Files above this are kept without being read: a video has no words for a reader, and is streamed.
const LONGEST_READ: u64 = 64 * 1024 * 1024;

/// A file about to become a source.
#[derive(Clone, Debug)]
pub struct Arriving {
    pub file_name: String,
    pub content: Content,
    /// What whoever adds it knows better than the file: these take the place of what the file says.
    pub given: Given,
    pub clearance: Clearance,
    /// How it came: `upload`, `handed over`…
    pub method: String,
    pub consent: Option<String>,
    pub consent_scope: Vec<String>,
    /// The source that it was taken out of, or reprints.
    pub derived_from: Option<EntityId>,
    /// What a package says of it, beside what its own bytes say.
    pub metadata: Vec<(String, String)>,
}

/// Where the bytes are.
#[derive(Clone, Debug)]
pub enum Content {
    Bytes(Vec<u8>),
    File(PathBuf),
}

impl Arriving {
    /// Bytes with a name, for internal use, with nothing else said.
    #[must_use]
    pub fn bytes(file_name: &str, bytes: Vec<u8>) -> Self {
        Arriving {
            file_name: file_name.into(),
            content: Content::Bytes(bytes),
            given: Given::default(),
            clearance: Clearance::internal(),
            method: "upload".into(),
            consent: None,
            consent_scope: Vec::new(),
            derived_from: None,
            metadata: Vec::new(),
        }
    }

    /// A file on this machine.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Arriving { content: Content::File(path.into()), ..Arriving::bytes(&name, Vec::new()) }
    }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    pub id: EntityId,
    pub title: String,
    /// The same bytes were a source already: nothing was added.
    pub already: bool,
    /// What was not read, and why.
    pub warnings: Vec<String>,
    /// Code points of text that were read.
    pub characters: usize,
    /// Sources that were found inside: a package's documents, an e-mail's attachments.
    pub inside: Vec<Added>,
}

/// Takes files in. May be shared between threads.
#[derive(Debug)]
pub struct Intake<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) author: Author,
    view: &'a View,
    readers: &'a Readers,
    /// Which source has which bytes: asked of the ledger once.
    known: Mutex<HashMap<ObjectHash, EntityId>>,
    /// Add again what is there already.
    pub again: bool,
}

impl<'a> Intake<'a> {
    /// Takes in for this account, which sees what the view shows: what is there and not in the view is not known to be there.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn new(workspace: &'a Workspace, author: Author, view: &'a View, readers: &'a Readers) -> Result<Self, Error> {
        let reader = workspace.ledger.read(view)?;
        let mut known = HashMap::new();
        for object in reader.objects()? {
            let original = object.acquired().is_some_and(|custody| custody.derived_from.is_none());
            if let (true, Some(source)) = (original && !workspace::is_destroyed(&object), object.source) {
                known.entry(object.object).or_insert(source);
            }
        }
        Ok(Intake { workspace, author, view, readers, known: Mutex::new(known), again: false })
    }

    /// Adds one file, and what is inside it.
    ///
    /// # Errors
    /// When the file cannot be read from the disk, or as vault and ledger say. A file whose words cannot be read is no error: it is
    /// kept, with a warning.
    pub fn add(&self, arriving: Arriving) -> Result<Added, Error> {
        let Arriving { content, .. } = &arriving;
        let bytes = match content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::File(path) => {
                let failed = |source| Error::File { path: path.clone(), source };
                let size = std::fs::metadata(path).map_err(failed)?.len();
                if size > LONGEST_READ {
                    return self.add_unread(&arriving, path, size);
                }
                std::fs::read(path).map_err(failed)?
            }
        };
        let hash = ledger::Digest(Sha256::digest(&bytes).into());
        if let Some(id) = self.known_source(&hash) {
            return self.there_already(id);
        }
        match crate::package::open(&bytes, &arriving.file_name) {
            Ok(Some(package)) => self.add_package(arriving, bytes, hash, package),
            Ok(None) => self.add_document(arriving, bytes, hash),
            // A package that is broken off or lies about itself is evidence too: it is kept, and what is wrong is said.
            Err(error) => {
                let mut added = self.add_document(arriving, bytes, hash)?;
                added.warnings.insert(0, error.to_string());
                Ok(added)
            }
        }
    }

    /// A document whose words are read.
    pub(crate) fn add_document(&self, arriving: Arriving, bytes: Vec<u8>, hash: ObjectHash) -> Result<Added, Error> {
        let mut warnings = Vec::new();
        let options = text::Options::default();
        let mut document = match self.readers.read(&bytes, &arriving.file_name, &options) {
            Ok(document) => document,
            Err(error) => {
                warnings.push(format!("its words could not be read: {error}"));
                text::Document { media_type: media_type_of(&arriving.file_name).into(), ..text::Document::default() }
            }
        };
        warnings.append(&mut document.warnings);
        if document.format == "text"
            && let Ok(reading) = crate::opened::reading_from(&document)
            && reading.title.is_some()
        {
            document.title = reading.title;
        }
        let attachments = std::mem::take(&mut document.attachments);
        let id = new_id()?;
        let registry = self.workspace.ledger.registry();
        let (said, mut unsaid) = about(registry, &arriving, &document);
        warnings.append(&mut unsaid);
        let metadata = metadata(registry, &arriving.metadata, &document, &bytes);
        let title = title_of(&said).unwrap_or_else(|| arriving.file_name.clone());
        let characters = document.text.chars().count();
        let mut source = NewSource::new(id, "Document");
        source.clearance = arriving.clearance.clone();
        source.about = said;
        source.method.clone_from(&arriving.method);
        source.consent.clone_from(&arriving.consent);
        source.consent_scope.clone_from(&arriving.consent_scope);
        source.derived = derived(&document, &arriving.file_name)?;
        source.bytes = Some(NewObject::bytes(&arriving.file_name, &document.media_type, bytes));
        let metadata = metadata.iter().map(|value| of_the_file(id, value, &arriving.clearance)).collect();
        self.workspace.add_source(&self.author, source, metadata)?;
        self.know(hash, id);
        let mut inside = Vec::new();
        for attachment in attachments {
            let part = Arriving {
                given: Given::default(),
                method: format!("attached to {}", arriving.file_name),
                derived_from: Some(id),
                metadata: Vec::new(),
                content: Content::Bytes(attachment.bytes),
                file_name: attachment.name,
                ..arriving.clone()
            };
            inside.push(self.add(part)?);
        }
        Ok(Added { id, title, already: false, warnings, characters, inside })
    }

    /// A file too large to be read for its words: it is streamed into the vault.
    fn add_unread(&self, arriving: &Arriving, path: &Path, size: u64) -> Result<Added, Error> {
        let failed = |source| Error::File { path: path.into(), source };
        let file = std::fs::File::open(path).map_err(failed)?;
        let id = new_id()?;
        let media_type = media_type_of(&arriving.file_name);
        let document = text::Document { media_type: media_type.into(), ..text::Document::default() };
        let (said, mut warnings) = about(self.workspace.ledger.registry(), arriving, &document);
        warnings.push(format!(
            "it has {} MB and is kept without being read for words: the longest that is read is {} MB",
            size / 1_000_000,
            LONGEST_READ / 1_000_000
        ));
        let title = title_of(&said).unwrap_or_else(|| arriving.file_name.clone());
        let mut source = NewSource::new(id, "Document");
        source.clearance = arriving.clearance.clone();
        source.about = said;
        source.method.clone_from(&arriving.method);
        source.consent.clone_from(&arriving.consent);
        source.consent_scope.clone_from(&arriving.consent_scope);
        source.bytes = Some(NewObject::reader(&arriving.file_name, media_type, file));
        self.workspace.add_source(&self.author, source, Vec::new())?;
        Ok(Added { id, title, already: false, warnings, characters: 0, inside: Vec::new() })
    }

    /// A document that a package describes and does not hold: a source without bytes.
    pub(crate) fn add_described(&self, arriving: &Arriving) -> Result<Added, Error> {
        let id = new_id()?;
        let registry = self.workspace.ledger.registry();
        let (said, mut warnings) = about(registry, arriving, &text::Document::default());
        warnings.push("described there, without its bytes".into());
        let values = metadata(registry, &arriving.metadata, &text::Document::default(), &[]);
        let claims = values.iter().map(|value| of_the_file(id, value, &arriving.clearance)).collect();
        let title = title_of(&said).unwrap_or_else(|| arriving.file_name.clone());
        let mut source = NewSource::new(id, "Document");
        source.clearance = arriving.clearance.clone();
        source.about = said;
        source.method.clone_from(&arriving.method);
        self.workspace.add_source(&self.author, source, claims)?;
        Ok(Added { id, title, already: false, warnings, characters: 0, inside: Vec::new() })
    }

    pub(crate) fn known_source(&self, hash: &ObjectHash) -> Option<EntityId> {
        if self.again {
            return None;
        }
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(hash).copied()
    }

    pub(crate) fn know(&self, hash: ObjectHash, id: EntityId) {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(hash, id);
    }

    pub(crate) fn there_already(&self, id: EntityId) -> Result<Added, Error> {
        let title = self.workspace.ledger.read(self.view)?.label(id)?;
        Ok(Added { id, title, already: true, warnings: Vec::new(), characters: 0, inside: Vec::new() })
    }
}

/// The text and its structure, as objects beside the original.
pub(crate) fn derived(document: &text::Document, file_name: &str) -> Result<Vec<Derived>, Error> {
    if document.text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let operation = document.method.clone();
    // What the text is made up of, without the text: that is the object beside it.
    let structure = text::Document { text: String::new(), attachments: Vec::new(), ..document.clone() };
    let structure = serde_json::to_vec(&structure)
        .map_err(|error| Error::wrong(format!("the text's structure cannot be kept: {error}"), "report this file"))?;
    Ok(vec![
        Derived {
            bytes: document.text.clone().into_bytes(),
            file_name: format!("{file_name}.txt"),
            media_type: "text/plain;charset=utf-8".into(),
            operation: format!("text read by {operation}"),
        },
        Derived {
            bytes: structure,
            file_name: format!("{file_name}.structure.json"),
            media_type: STRUCTURE.into(),
            operation: format!("structure of the text, {operation}"),
        },
    ])
}

/// A claim on what the file says of itself. It may name who wrote it and where a camera stood: nobody outside sees it by
/// itself, however open the document is.
fn of_the_file(id: EntityId, value: &Value, clearance: &Clearance) -> Item {
    let mut claim = Claim::new(id, "metadata", value, id);
    claim.no_words = Some("metadata of the file".into());
    claim.clearance = if clearance.level < Level::Internal { Clearance::internal() } else { clearance.clone() };
    Item::Claim(claim)
}

fn title_of(about: &[(String, Value)]) -> Option<String> {
    about.iter().find(|(property, _)| property == "title").map(|(_, value)| value.canonical())
}

pub(crate) fn new_id() -> Result<EntityId, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::wrong(format!("no randomness from the operating system: {error}"), "try again"))?;
    Ok(EntityId::from_bytes(bytes))
}

/// By the file's name, where its bytes do not tell.
fn media_type_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
