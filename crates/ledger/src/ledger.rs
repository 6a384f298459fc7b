//! The ledger itself: opening, appending, erasing. Everything that is asked of it goes through a [`Reader`].

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use schema::Registry;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::Error;
use crate::check::kinds;
use crate::clearance::Cleared;
use crate::entry::{Feed, SigningKey};
use crate::id::{AccountId, ClaimId, Digest};
use crate::index::Index;
use crate::item::{Account, Claim, Erase, Genesis, Item};
use crate::judgement::Clusters;
use crate::merkle;
use crate::reader::Reader;
use crate::sqlite::SqliteBackend;
use crate::storage::{Backend, ItemNo, Storage};
use crate::told;
use crate::transaction::Transaction;
use crate::verify::{self, Finding, VerifyReport};
use crate::view::View;

/// Where a ledger is, and the keys to it.
pub struct Settings {
    /// The encrypted file, `ledger.db`.
    pub database: PathBuf,
    /// The projections, `index.db`: may be deleted at any time.
    pub index: PathBuf,
    /// Raw key of the database.
    pub key: [u8; 32],
    /// Raw key of the projections.
    pub index_key: [u8; 32],
    pub signing: SigningKey,
    pub registry: Arc<Registry>,
}

/// On whose behalf something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    pub account: AccountId,
}

impl Author {
    #[must_use]
    pub fn new(account: AccountId) -> Self {
        Author { account }
    }
}

/// What was appended.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The ledger's position afterwards.
    pub position: u64,
    /// The entry's hash; of zeros when nothing had to be appended.
    pub hash: Digest,
    /// Addresses of the items, in their order.
    pub claims: Vec<ClaimId>,
    /// Items left out by [`Ledger::append_new`], because they are known.
    pub skipped: usize,
}

/// Last judgement, last change of clearance, reader: what a clustering depends on.
type ClustersKey = (Option<ItemNo>, Option<ItemNo>, Cleared);
/// Clusterings kept: one for each level, and a few past moments.
const MOST_CLUSTERINGS: usize = 8;

/// The append-only ledger of one workspace. Shared between threads in an [`Arc`].
pub struct Ledger {
    backend: Arc<dyn Backend>,
    registry: Arc<Registry>,
    signing: SigningKey,
    workspace: [u8; 16],
    writer: Mutex<Box<dyn Storage>>,
    readers: Mutex<Vec<Box<dyn Storage>>>,
    index: Index,
    /// A copy of the newest checkpoint outside the database: an older copy of the database put in its place shows.
    checkpoint: PathBuf,
    clusters: Mutex<Vec<(ClustersKey, Arc<Clusters>)>>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ledger written as {}", self.signing.feed())
    }
}

impl Ledger {
    /// Makes a new ledger: its first entry holds the workspace's beginning and its owner's account.
    ///
    /// # Errors
    /// When there is a ledger already, or the folder cannot be written.
    pub fn create(settings: Settings, genesis: Genesis, owner: Account) -> Result<Ledger, Error> {
        let backend: Arc<dyn Backend> = Arc::new(SqliteBackend::new(&settings.database, settings.key));
        Self::create_on(backend, settings, genesis, owner)
    }

    /// The same on any backend.
    ///
    /// # Errors
    /// As [`Ledger::create`].
    pub fn create_on(
        backend: Arc<dyn Backend>,
        settings: Settings,
        genesis: Genesis,
        owner: Account,
    ) -> Result<Ledger, Error> {
        backend.create()?;
        let author = Author::new(owner.id);
        let ledger = Self::assemble(backend, settings, genesis.workspace)?;
        ledger.append(&author, vec![Item::Genesis(genesis), Item::Account(owner)])?;
        Ok(ledger)
    }

    /// Opens a ledger.
    ///
    /// # Errors
    /// [`Error::Damaged`] when its file does not authenticate, [`Error::Newer`] when a newer program wrote it.
    pub fn open(settings: Settings) -> Result<Ledger, Error> {
        let backend: Arc<dyn Backend> = Arc::new(SqliteBackend::new(&settings.database, settings.key));
        Self::open_on(backend, settings)
    }

    /// Checks the database's file below the entries, also when it is too damaged to be opened: each finding names a page.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn check_file(settings: &Settings) -> Result<Vec<Finding>, Error> {
        verify::medium(&SqliteBackend::new(&settings.database, settings.key))
    }

    /// The same on any backend.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_on(backend: Arc<dyn Backend>, settings: Settings) -> Result<Ledger, Error> {
        let storage = backend.connect()?;
        let beginning = storage.item(ItemNo::new(1, 0))?.and_then(|row| row.body);
        let Some(Ok(Item::Genesis(genesis))) = beginning.as_deref().map(Item::decode) else {
            return Err(Error::Damaged {
                place: "entry 1".into(),
                problem: "it is not the beginning of a workspace".into(),
            });
        };
        drop(storage);
        Self::assemble(backend, settings, genesis.workspace)
    }

    fn assemble(backend: Arc<dyn Backend>, settings: Settings, workspace: [u8; 16]) -> Result<Ledger, Error> {
        let writer = backend.connect()?;
        let checkpoint = settings.database.with_file_name("checkpoint");
        Ok(Ledger {
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            index: Index::new(settings.index, Zeroizing::new(settings.index_key)),
            backend,
            registry: settings.registry,
            signing: settings.signing,
            workspace,
            checkpoint,
            clusters: Mutex::new(Vec::new()),
        })
    }

    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The feed that this installation writes.
    #[must_use]
    pub fn feed(&self) -> Feed {
        self.signing.feed()
    }

    /// Entries so far.
    ///
    /// # Errors
    /// As the database says.
    pub fn position(&self) -> Result<u64, Error> {
        let storage = self.connection()?;
        let position = storage.head()?.position;
        self.give_back(storage);
        Ok(position)
    }

    /// The newest C2SP checkpoint: keep it elsewhere, and nobody can roll this ledger back unseen.
    ///
    /// # Errors
    /// As the database says.
    pub fn checkpoint(&self) -> Result<String, Error> {
        let storage = self.connection()?;
        let checkpoint = storage.head()?.checkpoint;
        self.give_back(storage);
        Ok(checkpoint)
    }

    /// Appends these items as one entry. When it returns, they survive the loss of power; when it fails, there is no trace of them.
    ///
    /// # Errors
    /// [`Error::Item`] names the first item that cannot be taken, and why.
    pub fn append(&self, author: &Author, items: Vec<Item>) -> Result<Receipt, Error> {
        self.write(author, items, false)
    }

    /// The same, leaving out what the ledger has: claims and acts of a known origin, entities of the same schema, definitions and
    /// accounts that are as they were. When nothing is left, nothing is appended.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub fn append_new(&self, author: &Author, items: Vec<Item>) -> Result<Receipt, Error> {
        self.write(author, items, true)
    }

    /// Appends several entries, all of them or none: `work` is given a [`Transaction`] and appends through it. When this returns, all its
    /// entries survive the loss of power; when `work` fails, or panics, or the process is killed, there is no trace of any.
    ///
    /// Until then nobody else writes: have at hand what takes long. Within `work` the ledger's other doors for writing wait for
    /// themselves, for ever; its readers see the ledger as it was before.
    ///
    /// # Errors
    /// What `work` says, which knows best what it was about to append; and as the database says.
    pub fn append_all_with<T, E: From<Error>>(
        &self,
        author: &Author,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut transaction = Transaction::begin(self, *author)?;
        let answer = work(&mut transaction)?;
        transaction.commit()?;
        Ok(answer)
    }

    /// Destroys the payload of an item: its commitment stays in its entry, and a new entry says who destroyed it and why.
    ///
    /// # Errors
    /// When there is no such item or its payload is gone already.
    pub fn erase(&self, author: &Author, item: ClaimId, reason: &str) -> Result<Receipt, Error> {
        let erase = Item::Erase(Erase { item, reason: reason.into() });
        self.write(author, vec![erase], false)
    }

    /// The signed checkpoint, among all that this installation signed, of which this is the SHA-256; and its size in entries.
    /// Signatures are deterministic (RFC 8032), so that it need not have been kept.
    ///
    /// # Errors
    /// As the database says.
    pub fn checkpoint_of(&self, sha256: &[u8; 32]) -> Result<Option<(u64, String)>, Error> {
        let storage = self.connection()?;
        let mut frontier = merkle::Frontier::default();
        let size = storage.head()?.position;
        let mut found = None;
        for from in (1..=size).step_by(4096) {
            for entry in storage.entries(from, size.min(from + 4095))? {
                frontier.push(entry.hash);
                let note = merkle::sign_checkpoint(&self.origin(), &frontier, &self.signing);
                if <[u8; 32]>::from(Sha256::digest(note.as_bytes())) == *sha256 {
                    found = Some((frontier.size(), note));
                }
            }
        }
        self.give_back(storage);
        Ok(found)
    }

    /// Opens a checkpoint that this installation signed: its size in entries, and the tree's root.
    ///
    /// # Errors
    /// When it is no checkpoint, or another's.
    pub fn open_checkpoint(&self, note: &str) -> Result<merkle::Checkpoint, Error> {
        merkle::open_checkpoint(note, &self.origin(), &self.feed().key()?)
    }

    /// The only way to read.
    ///
    /// # Errors
    /// When the standard is not known, or the position lies ahead of the ledger.
    pub fn read(&self, view: &View) -> Result<Reader<'_>, Error> {
        Reader::open(self, view)
    }

    /// Checks everything: the file's pages, each entry's chain, signature and commitments, the tree, the checkpoint inside and beside
    /// the database, and the columns by which items are found. `progress` is told entries done and entries in all.
    ///
    /// # Errors
    /// Only when the check itself cannot run; damage is in the report.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, Error> {
        verify::run(self, progress)
    }

    fn write(&self, author: &Author, items: Vec<Item>, only_new: bool) -> Result<Receipt, Error> {
        self.append_all_with(author, |transaction| transaction.write(items, only_new))
    }

    /// The name under which the workspace's checkpoints are signed.
    pub(crate) fn origin(&self) -> String {
        format!("rapporteur/{}", crate::id::hex(&self.workspace))
    }

    pub(crate) fn workspace_id(&self) -> [u8; 16] {
        self.workspace
    }

    pub(crate) fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The connection that writes: one at a time.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Box<dyn Storage>> {
        lock(&self.writer)
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    pub(crate) fn checkpoint_beside(&self) -> Option<String> {
        std::fs::read_to_string(&self.checkpoint).ok()
    }

    /// Writes the checkpoint beside the database, whole or not at all.
    pub(crate) fn write_beside(&self, checkpoint: &str) -> std::io::Result<()> {
        let new = self.checkpoint.with_extension(format!("new-{}", std::process::id()));
        std::fs::write(&new, checkpoint)?;
        std::fs::rename(&new, &self.checkpoint)
    }

    /// A connection from the pool, or a new one.
    pub(crate) fn connection(&self) -> Result<Box<dyn Storage>, Error> {
        let pooled = lock(&self.readers).pop();
        match pooled {
            Some(storage) => Ok(storage),
            None => self.backend.connect(),
        }
    }

    /// Gives a connection back; more than a few are not kept, because each holds a cache of pages.
    pub(crate) fn give_back(&self, storage: Box<dyn Storage>) {
        let mut readers = lock(&self.readers);
        if readers.len() < 3 {
            readers.push(storage);
        }
    }

    /// What the judgements that this reader may see add up to. A judgement on a hidden entity joins nothing for who may not see it, not
    /// even two visible ones through it. Computed again only when there is a new judgement or clearance.
    pub(crate) fn clusters(
        &self,
        storage: &dyn Storage,
        before: ItemNo,
        cleared: &Cleared,
    ) -> Result<Arc<Clusters>, Error> {
        let last = [kinds::JUDGE, kinds::CLASSIFY].map(|kind| storage.last_of_kind(kind, before));
        let [judged, classified] = last;
        let key = (judged?, classified?, cleared.clone());
        if let Some((_, clusters)) = lock(&self.clusters).iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(clusters));
        }
        let clusters = Arc::new(clusters_of(storage, before, cleared, key.1.is_some())?);
        let mut kept = lock(&self.clusters);
        kept.truncate(MOST_CLUSTERINGS - 1);
        kept.insert(0, (key, Arc::clone(&clusters)));
        Ok(clusters)
    }
}

/// The same, computed: for who reads what is not committed yet, and must not leave it to others.
pub(crate) fn clusters_of(
    storage: &dyn Storage,
    before: ItemNo,
    cleared: &Cleared,
    classified: bool,
) -> Result<Clusters, Error> {
    let mut visible = HashMap::new();
    let mut judgements = Vec::new();
    for judge in crate::check::judgements(storage, before)? {
        for id in [judge.a, judge.b] {
            if let Entry::Vacant(unknown) = visible.entry(id) {
                unknown.insert(
                    told::clearance(storage, id, before, classified)?
                        .is_some_and(|clearance| cleared.may_see(&clearance)),
                );
            }
        }
        if visible.get(&judge.a) == Some(&true) && visible.get(&judge.b) == Some(&true) {
            judgements.push(judge);
        }
    }
    Ok(Clusters::of(&judgements))
}

/// The latest items of a kind, decoded; what was destroyed is left out.
pub(crate) fn bodies<T>(
    storage: &dyn Storage,
    kind: u16,
    before: ItemNo,
    take: impl Fn(Item) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let rows = storage.items_of_kind(kind, before)?;
    let items = rows.iter().filter_map(|row| row.body.as_deref()).map(Item::decode);
    items.filter_map(|item| item.map(&take).transpose()).collect()
}

pub(crate) fn origin_of(item: &Item) -> Option<&Digest> {
    match item {
        Item::Claim(Claim { origin, .. }) => origin.as_ref(),
        Item::Retract(retract) => retract.origin.as_ref(),
        Item::Assess(assess) => assess.origin.as_ref(),
        Item::Prefer(prefer) => prefer.origin.as_ref(),
        Item::Judge(judge) => judge.origin.as_ref(),
        _ => None,
    }
}

/// A lock whose holder panicked is still a lock: what it guards is re-read from the database by each use.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
