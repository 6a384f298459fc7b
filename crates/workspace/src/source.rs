//! The door for sources: bytes into the vault first, then one entry that says everything about them.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Read;

use ledger::{
    Author, Claim, Clearance, Custody, CustodyEvent, Digest, EntityItem, Item, ObjectHash, ObjectView, Reader, Receipt,
    Transaction,
};
use schema::{EntityId, Value};
use sha2::{Digest as _, Sha256};
use vault::Stored;

use crate::Error;
use crate::custody::is_destroyed;
use crate::workspace::Workspace;

/// The reason that stands in the place of words where a source's own title, date or publisher is recorded.
const BIBLIOGRAPHIC: &str = "bibliographic description of the source";
/// A text longer than this is not taken into memory to mark claims in it.
const LONGEST_TEXT: u64 = 64 * 1024 * 1024;

/// A source about to be added: what it is, its bytes if there are any, and how they were come by.
pub struct NewSource<'a> {
    pub id: EntityId,
    /// `Document`, `Interview`, `Communication`…
    pub schema: String,
    /// What it is called in the case file that it comes from.
    pub key: Option<String>,
    /// Of the source's identity and of the claims about it.
    pub clearance: Clearance,
    /// Its own title, date, publisher…: recorded with itself as their source.
    pub about: Vec<(String, Value)>,
    pub bytes: Option<NewObject<'a>>,
    /// What was made of its bytes: the text that was read in them, a copy without metadata…
    pub derived: Vec<Derived>,
    /// How it was acquired: `upload`, `case file`…
    pub method: String,
    /// To what its giver consented, in words.
    pub consent: Option<String>,
    /// What that consent covers, as terms.
    pub consent_scope: Vec<String>,
    /// What it came from in an import; the claims about it then have origins of their own, and are not taken twice.
    pub origin: Option<Digest>,
}

impl NewSource<'_> {
    /// A document with nothing said of it yet, for internal use.
    #[must_use]
    pub fn new(id: EntityId, schema: &str) -> Self {
        NewSource {
            id,
            schema: schema.into(),
            key: None,
            clearance: Clearance::internal(),
            about: Vec::new(),
            bytes: None,
            derived: Vec::new(),
            method: "upload".into(),
            consent: None,
            consent_scope: Vec::new(),
            origin: None,
        }
    }
}

/// Bytes that were made of a source's own: a new object, beside the original.
#[derive(Clone, Debug)]
pub struct Derived {
    pub bytes: Vec<u8>,
    pub file_name: String,
    pub media_type: String,
    /// What was done, by which program: `text 0.1.0, pdf`.
    pub operation: String,
}

/// The bytes of a source, with the name of their file and their media type (`text/markdown`).
pub struct NewObject<'a> {
    pub file_name: String,
    pub media_type: String,
    content: Content<'a>,
}

enum Content<'a> {
    Bytes(Vec<u8>),
    Reader(Box<dyn Read + 'a>),
    Stored(Stored),
}

impl<'a> NewObject<'a> {
    /// Bytes in memory.
    #[must_use]
    pub fn bytes(file_name: &str, media_type: &str, bytes: Vec<u8>) -> Self {
        NewObject { file_name: file_name.into(), media_type: media_type.into(), content: Content::Bytes(bytes) }
    }

    /// Bytes that are read once, to their end, in memory of constant size.
    #[must_use]
    pub fn reader(file_name: &str, media_type: &str, reader: impl Read + 'a) -> Self {
        NewObject {
            file_name: file_name.into(),
            media_type: media_type.into(),
            content: Content::Reader(Box::new(reader)),
        }
    }

    /// Bytes that an [`Addition`] has put into the vault.
    #[must_use]
    pub fn stored(file_name: &str, media_type: &str, stored: Stored) -> Self {
        NewObject { file_name: file_name.into(), media_type: media_type.into(), content: Content::Stored(stored) }
    }
}

/// A source's text, and the object whose text it is: what locators count in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub object: ObjectHash,
    pub media_type: String,
    pub text: String,
}

impl Workspace {
    /// Adds a source and the claims found in it: the bytes into the vault, then one entry with the source, what is said of it,
    /// the acquisition of its bytes, and the claims. What the ledger has already (a known origin, the same entity, the
    /// same bytes of the same source) is left out and counted in the receipt.
    ///
    /// The receipt's addresses are those of the items that were appended, in order: first the source's own, then the claims'.
    ///
    /// # Errors
    /// As vault and ledger say; then neither has anything new.
    pub fn add_source(&self, author: &Author, mut source: NewSource<'_>, claims: Vec<Item>) -> Result<Receipt, Error> {
        let Some(object) = source.bytes.take() else {
            return Ok(self.ledger.append_new(author, items_of(source, Vec::new(), claims))?);
        };
        let mut addition = self.addition()?;
        let NewObject { file_name, media_type, content } = object;
        let stored = addition.store(content)?;
        source.bytes = Some(NewObject::stored(&file_name, &media_type, stored));
        let receipt =
            self.ledger.append_all_with(author, |transaction| addition.append(transaction, source, claims))?;
        addition.finish();
        Ok(receipt)
    }

    /// Begins to add several sources together. While anybody adds, nobody takes an object away that no entry speaks of yet.
    ///
    /// # Errors
    /// When the workspace's folder cannot be written.
    pub fn addition(&self) -> Result<Addition<'_>, Error> {
        let adding = self.lock_objects(false)?;
        Ok(Addition { workspace: self, adding: Some(adding), new: Vec::new(), acquired: None })
    }

    /// The text of a source: of its first object that is plain text or Markdown in UTF-8. `None` if it has none, or none
    /// that this reader may see.
    ///
    /// # Errors
    /// When the object is missing or damaged.
    pub fn text_of(&self, reader: &Reader<'_>, source: EntityId) -> Result<Option<Text>, Error> {
        // An edited note is a new object of the same source: the newest is its text.
        for view in reader.objects_of(source)?.into_iter().rev() {
            let Some(media_type) = media_type(&view) else { continue };
            if is_destroyed(&view) || !is_text(media_type) {
                continue;
            }
            let bytes = self.vault.read_bytes(&view.object.0, LONGEST_TEXT)?;
            if let Ok(text) = String::from_utf8(bytes) {
                return Ok(Some(Text { object: view.object, media_type: media_type.into(), text }));
            }
        }
        Ok(None)
    }

    /// Takes objects out again that no entry speaks of. What cannot be taken out is an encrypted file that `verify` lists.
    fn take_back(&self, new: &[ObjectHash]) {
        let Ok(_alone) = self.lock_objects(true) else { return };
        let Ok(view) = self.keepers_view() else { return };
        let Ok(objects) = self.ledger.read(&view).and_then(|reader| reader.objects()) else { return };
        let spoken_of: HashSet<ObjectHash> = objects.iter().map(|view| view.object).collect();
        for object in new.iter().filter(|object| !spoken_of.contains(object)) {
            let _ = self.vault.destroy(&object.0);
        }
    }

    /// Between programs: many may add, or one may take away.
    pub(crate) fn lock_objects(&self, alone: bool) -> Result<File, Error> {
        let path = self.dir().join("objects.lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let locking = |source| Error::io("locking", &path, source);
        let file = options.open(&path).map_err(locking)?;
        if alone { file.lock() } else { file.lock_shared() }.map_err(locking)?;
        Ok(file)
    }
}

/// Sources that are added together, in one transaction of the ledger: all of them or none.
///
/// Their bytes go into the vault first, so that no entry speaks of what is not there. Unless the addition is finished, those that no
/// entry speaks of are taken out again, however it ends; a killed process leaves them, encrypted, for the next to find.
#[derive(Debug)]
pub struct Addition<'a> {
    workspace: &'a Workspace,
    adding: Option<File>,
    /// Objects that were not in the vault before.
    new: Vec<ObjectHash>,
    /// Which sources have which objects, once that had to be asked.
    acquired: Option<HashSet<(EntityId, ObjectHash)>>,
}

impl Addition<'_> {
    /// Puts bytes into the vault, for [`NewObject::stored`].
    ///
    /// # Errors
    /// As the vault says.
    pub fn put(&mut self, bytes: &[u8]) -> Result<Stored, Error> {
        let stored = self.workspace.vault.add_bytes(bytes)?;
        Ok(self.noted(stored))
    }

    /// Appends one entry with the source, what is said of it, the acquisition of its bytes, and the claims; as
    /// [`Workspace::add_source`] does, within a transaction.
    ///
    /// # Errors
    /// As vault and ledger say; the transaction is to be given up then.
    pub fn append(
        &mut self,
        transaction: &mut Transaction<'_>,
        mut source: NewSource<'_>,
        claims: Vec<Item>,
    ) -> Result<Receipt, Error> {
        let mut custody = Vec::new();
        if let Some(object) = source.bytes.take() {
            let (hash, acquired) = self.acquisition(transaction, &source, object)?;
            custody.extend(acquired);
            for derived in std::mem::take(&mut source.derived) {
                let file = NewObject::bytes(&derived.file_name, &derived.media_type, derived.bytes);
                let (own, link) = self.acquisition(transaction, &source, file)?;
                // A file that is plain text is its own text: nothing was derived.
                custody.extend(link.filter(|_| own != hash).map(|link| Custody {
                    reason: "made from the original".into(),
                    method: Some("derived".into()),
                    derived_from: Some(hash),
                    operation: Some(derived.operation),
                    consent: None,
                    consent_scope: None,
                    ..link
                }));
            }
        }
        Ok(transaction.append_new(items_of(source, custody, claims))?)
    }

    /// The transaction is committed: what was put into the vault stays.
    pub fn finish(mut self) {
        self.new.clear();
    }

    fn store(&mut self, content: Content<'_>) -> Result<Stored, Error> {
        let vault = &self.workspace.vault;
        let stored = match content {
            Content::Bytes(bytes) => vault.add_bytes(&bytes)?,
            Content::Reader(mut reader) => vault.add(&mut reader)?,
            Content::Stored(stored) => return Ok(stored),
        };
        Ok(self.noted(stored))
    }

    fn noted(&mut self, stored: Stored) -> Stored {
        if !stored.already {
            self.new.push(Digest(stored.sha256));
        }
        stored
    }

    /// How a source came by these bytes; `None` when the ledger says already that it has them. An object whose file was gone and is
    /// here again was acquired again.
    fn acquisition(
        &mut self,
        transaction: &Transaction<'_>,
        source: &NewSource<'_>,
        object: NewObject<'_>,
    ) -> Result<(ObjectHash, Option<Custody>), Error> {
        let NewObject { file_name, media_type, content } = object;
        let stored = self.store(content)?;
        let hash = Digest(stored.sha256);
        if stored.already {
            let acquired = match &mut self.acquired {
                Some(acquired) => acquired,
                none => none.insert(acquired(transaction, self.workspace)?),
            };
            if !acquired.insert((source.id, hash)) {
                return Ok((hash, None));
            }
        } else if let Some(acquired) = &mut self.acquired {
            acquired.insert((source.id, hash));
        }
        let scope = Some(source.consent_scope.clone()).filter(|scope| !scope.is_empty());
        let link = Custody {
            consent_scope: scope,
            method: Some(source.method.clone()),
            file_name: Some(file_name),
            media_type: Some(media_type),
            size: Some(stored.size),
            sha3_512: Some(stored.sha3_512.to_vec()),
            consent: source.consent.clone(),
            ..Custody::new(hash, CustodyEvent::Acquired, Some(source.id), "added as a source")
        };
        Ok((hash, Some(link)))
    }
}

impl Drop for Addition<'_> {
    fn drop(&mut self) {
        // Who adds cannot be alone.
        self.adding = None;
        if !self.new.is_empty() {
            self.workspace.take_back(&self.new);
        }
    }
}

/// Which sources have which objects, by what the ledger and this transaction say.
fn acquired(transaction: &Transaction<'_>, workspace: &Workspace) -> Result<HashSet<(EntityId, ObjectHash)>, Error> {
    let reader = transaction.read(&workspace.keepers_view()?)?;
    let objects = reader.objects()?;
    let there = objects.iter().filter(|view| !is_destroyed(view));
    Ok(there.filter_map(|view| Some((view.source?, view.object))).collect())
}

/// A source's own items, then those of who found something in it.
fn items_of(source: NewSource<'_>, custody: Vec<Custody>, claims: Vec<Item>) -> Vec<Item> {
    let NewSource { id, schema, key, clearance, about, origin, .. } = source;
    let mut items = Vec::with_capacity(claims.len() + about.len() + 2);
    items.push(Item::Entity(EntityItem { id, schema, clearance: clearance.clone(), key }));
    for (property, value) in &about {
        let mut claim = Claim::new(id, property, value, id);
        claim.no_words = Some(BIBLIOGRAPHIC.into());
        claim.clearance = clearance.clone();
        claim.origin = origin.map(|origin| derived_origin(&origin, &claim));
        items.push(Item::Claim(claim));
    }
    items.extend(custody.into_iter().map(Item::Custody));
    items.extend(claims);
    items
}

/// An origin for one claim about a source, from the source's own: the same claim gives the same one.
fn derived_origin(origin: &Digest, claim: &Claim) -> Digest {
    let mut hash = Sha256::new_with_prefix(b"rapporteur/origin/about-source/v1");
    hash.update(origin.0);
    for part in [&claim.property, &claim.kind, &claim.value, claim.lang.as_ref().unwrap_or(&String::new())] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    Digest(hash.finalize().into())
}

pub(crate) fn media_type(view: &ObjectView) -> Option<&str> {
    view.custody.iter().find_map(|(custody, _, _)| custody.media_type.as_deref())
}

fn is_text(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "text/plain" | "text/markdown" | "text/x-markdown")
}
