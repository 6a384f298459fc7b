//! The index of one audience: everything that exactly these readers see, and nothing that they do not.
//!
//! What only others see is not in it. So it cannot give a result, be counted, be suggested, weigh a word or take time: for such a word
//! the index answers as for a word that was never written.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ledger::Cleared;
use tantivy::directory::Directory;
use tantivy::directory::error::OpenReadError;
use tantivy::index::SegmentId;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError};

use crate::Error;
use crate::fields::Fields;
use crate::profile::Profiles;
use crate::sealed::{Cache, SealedDirectory};
use crate::shelf::{Loaded, Shelf, State};

/// A new number here builds every index anew.
pub(crate) const FORMAT: u32 = 3;
/// Bytes that are gathered before a segment is written.
const ARENA: usize = 48 * 1024 * 1024;

pub(crate) struct Audience {
    pub(crate) cleared: Cleared,
    folder: PathBuf,
    directory: SealedDirectory,
    opened: Mutex<Option<Opened>>,
    /// Held by whoever brings the index up to date, one at a time.
    pub(crate) writing: Mutex<Option<IndexWriter>>,
    /// While it is built: entities done, and in all.
    pub(crate) progress: (AtomicU64, AtomicU64),
}

struct Opened {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    loaded: HashMap<SegmentId, Arc<Loaded>>,
    profiles: Profiles,
    shelf: Option<Arc<Shelf>>,
}

impl Audience {
    pub(crate) fn new(folder: PathBuf, key: zeroize::Zeroizing<[u8; 32]>, cache: Arc<Cache>, cleared: Cleared) -> Self {
        Audience {
            cleared,
            directory: SealedDirectory::new(&folder, key, cache),
            folder,
            opened: Mutex::new(None),
            writing: Mutex::new(None),
            progress: (AtomicU64::new(0), AtomicU64::new(0)),
        }
    }

    /// The index as it stands. `None`: there is none, or none that can be read.
    pub(crate) fn shelf(&self) -> Option<Arc<Shelf>> {
        let mut opened = self.opened();
        if opened.is_none() {
            *opened = guarded(|| Opened::open(&self.directory)).ok().flatten();
        }
        opened.as_ref().and_then(|opened| opened.shelf.clone())
    }

    /// Looks for a commit that this process or another made since.
    pub(crate) fn refresh(&self) -> Option<Arc<Shelf>> {
        let mut opened = self.opened();
        let refreshed = match opened.as_mut() {
            Some(opened) => guarded(|| opened.take().map(Some)),
            None => guarded(|| Opened::open(&self.directory).map(|new| new.map(|new| (*opened = Some(new), ()).1))),
        };
        if refreshed.is_err() {
            *opened = None;
        }
        opened.as_ref().and_then(|opened| opened.shelf.clone())
    }

    fn opened(&self) -> MutexGuard<'_, Option<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets everything go that is in memory.
    pub(crate) fn close(&self) {
        *self.opened() = None;
    }

    /// A writer; `None` when another process has it. Makes the index where there is none.
    pub(crate) fn writer(&self) -> Result<Option<IndexWriter>, Error> {
        let disk = |doing| move |source| Error::Disk { doing, folder: self.folder.display().to_string(), source };
        make_private(&self.folder).map_err(disk("made"))?;
        let fields = Fields::new();
        let exists = self.directory.exists(Path::new("meta.json")).map_err(reading)?;
        let index = match exists {
            true => Index::open(self.directory.clone())?,
            false => Index::create(self.directory.clone(), fields.schema.clone(), IndexSettings::default())?,
        };
        if index.schema() != fields.schema {
            return Err(Error::Index("it is of another form".into()));
        }
        match index.writer_with_num_threads::<TantivyDocument>(1, ARENA) {
            Ok(writer) => Ok(Some(writer)),
            Err(TantivyError::LockFailure(..)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Throws the index away.
    pub(crate) fn discard(&self) -> Result<(), Error> {
        self.close();
        match fs::remove_dir_all(&self.folder) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Disk { doing: "removed", folder: self.folder.display().to_string(), source })
            }
            _ => Ok(()),
        }
    }

    /// Entities done and in all, while it is built by this process.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.progress.0.load(Ordering::Relaxed), self.progress.1.load(Ordering::Relaxed))
    }
}

impl Opened {
    fn open(directory: &SealedDirectory) -> Result<Option<Opened>, Error> {
        if !directory.exists(Path::new("meta.json")).map_err(reading)? {
            return Ok(None);
        }
        let index = Index::open(directory.clone())?;
        let fields = Fields::new();
        if index.schema() != fields.schema {
            return Err(Error::Index("it is of another form".into()));
        }
        let reader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0).try_into()?;
        let mut opened =
            Opened { index, reader, fields, loaded: HashMap::new(), profiles: Profiles::default(), shelf: None };
        opened.take()?;
        Ok(Some(opened))
    }

    /// Puts what the reader sees on the shelf.
    fn take(&mut self) -> Result<(), Error> {
        // Another process may commit between the reading of the one and of the other.
        let mut payload = self.index.load_metas()?.payload;
        for _ in 0..8 {
            self.reader.reload()?;
            let after = self.index.load_metas()?.payload;
            if after == payload {
                break;
            }
            payload = after;
        }
        let state = payload.and_then(|payload| serde_json::from_str::<State>(&payload).ok());
        let Some(state) = state else {
            self.shelf = None;
            return Ok(());
        };
        let searcher = self.reader.searcher();
        let mut kept = HashMap::new();
        let mut loaded = Vec::new();
        for reader in searcher.segment_readers() {
            let columns = match self.loaded.get(&reader.segment_id()) {
                Some(columns) => Arc::clone(columns),
                None => Arc::new(Loaded::read(reader, &self.fields, &mut self.profiles)?),
            };
            kept.insert(reader.segment_id(), Arc::clone(&columns));
            loaded.push(columns);
        }
        self.loaded = kept;
        let known = self.shelf.as_ref().map(|shelf| Arc::clone(&shelf.profiles));
        let profiles = match known {
            Some(known) if known.all.len() == self.profiles.all.len() => known,
            _ => Arc::new(self.profiles.clone()),
        };
        self.shelf = Some(Arc::new(Shelf { searcher, fields: self.fields.clone(), loaded, profiles, state }));
        Ok(())
    }
}

fn reading(error: OpenReadError) -> Error {
    Error::Index(error.to_string())
}

/// Runs what reads an index. A damaged file is an error; should a library panic on one, that is an error too.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Index("its files could not be read".into())))
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
