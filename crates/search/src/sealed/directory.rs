//! The folder of one index, as Tantivy sees it: files that are written once, and a few that are replaced whole.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};
use zeroize::Zeroizing;

use super::cache::Cache;
use super::file::{CHUNK, HEADER, Sealer, chunks_in, damaged, derive, place, plain_length, read_at};

/// A piece longer than this is read past the cache: it is a merge that reads it, once.
const LONGEST_CACHED: usize = 8 * 1024 * 1024;
/// How long to wait for who opens the segments of a commit.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct SealedDirectory {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
    cache: Arc<Cache>,
}

impl fmt::Debug for SealedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedDirectory in {}", self.shared.folder.display())
    }
}

impl SealedDirectory {
    pub(crate) fn new(folder: &Path, key: Zeroizing<[u8; 32]>, cache: Arc<Cache>) -> Self {
        SealedDirectory { shared: Arc::new(Shared { folder: folder.into(), key, cache }) }
    }

    /// The file's name on the disk: 32 hexadecimal digits that only the key can tell.
    fn on_disk(&self, path: &Path) -> io::Result<PathBuf> {
        let info = [b"rapporteur/search/name/v1\0", path.to_string_lossy().as_bytes()].concat();
        let name = derive(&*self.shared.key, None, &info)?;
        let name = name.iter().take(16).fold(String::with_capacity(32), |name, byte| name + &format!("{byte:02x}"));
        Ok(self.shared.folder.join(name))
    }

    fn lock(&self, lock: &Lock) -> io::Result<Option<File>> {
        let mut path = self.on_disk(&lock.filepath)?;
        path.set_extension("lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        private(&mut options);
        let file = options.open(path)?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(fs::TryLockError::WouldBlock) if lock.is_blocking && begun.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(fs::TryLockError::WouldBlock) => return Ok(None),
                Err(fs::TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

impl Directory for SealedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let wrong = |error: io::Error| reading(path, error);
        let file = File::open(self.on_disk(path).map_err(wrong)?).map_err(wrong)?;
        Ok(Arc::new(SealedFile::open(file, path, &self.shared).map_err(wrong)?))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let wrong = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => DeleteError::FileDoesNotExist(path.into()),
            _ => DeleteError::IoError { io_error: Arc::new(error), filepath: path.into() },
        };
        fs::remove_file(self.on_disk(path).map_err(wrong)?).map_err(wrong)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        let wrong = |error: io::Error| reading(path, error);
        self.on_disk(path).map_err(wrong)?.try_exists().map_err(wrong)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let wrong = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => OpenWriteError::FileAlreadyExists(path.into()),
            _ => OpenWriteError::IoError { io_error: Arc::new(error), filepath: path.into() },
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private(&mut options);
        let file = options.open(self.on_disk(path).map_err(wrong)?).map_err(wrong)?;
        let writer = SealedWriter::begin(file, path, &self.shared.key).map_err(wrong)?;
        Ok(io::BufWriter::with_capacity(CHUNK, Box::new(writer)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let wrong = |error: io::Error| reading(path, error);
        let bytes = fs::read(self.on_disk(path).map_err(wrong)?).map_err(wrong)?;
        let (header, sealed) = bytes.split_at_checked(HEADER).ok_or_else(|| wrong(damaged("it was cut off")))?;
        let sealer = Sealer::open(&self.shared.key, &path.to_string_lossy(), header).map_err(wrong)?;
        sealer.unseal_all(sealed).map_err(wrong)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let to = self.on_disk(path)?;
        let new = to.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        private(&mut options);
        let mut writer = SealedWriter::begin(options.open(&new)?, path, &self.shared.key)?;
        writer.write_all(data)?;
        writer.finish()?;
        fs::rename(new, to)
    }

    fn sync_directory(&self) -> io::Result<()> {
        #[cfg(unix)]
        File::open(&self.shared.folder)?.sync_all()?;
        Ok(())
    }

    /// The operating system's locks: whoever is killed holds none.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.lock(lock) {
            Ok(Some(file)) => Ok(DirectoryLock::from(Box::new(file))),
            Ok(None) => Err(LockError::LockBusy),
            Err(error) => Err(LockError::wrap_io_error(error)),
        }
    }

    /// Commits are looked for when a question is asked.
    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

fn reading(path: &Path, error: io::Error) -> OpenReadError {
    match error.kind() {
        io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.into()),
        _ => OpenReadError::wrap_io_error(error, path.into()),
    }
}

/// For its owner alone.
fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// A file being written.
struct SealedWriter {
    file: File,
    sealer: Sealer,
    chunk: Vec<u8>,
    number: u64,
}

impl SealedWriter {
    fn begin(mut file: File, path: &Path, key: &[u8; 32]) -> io::Result<Self> {
        let (sealer, header) = Sealer::create(key, &path.to_string_lossy())?;
        file.write_all(&header)?;
        Ok(SealedWriter { file, sealer, chunk: Vec::with_capacity(CHUNK), number: 0 })
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        self.file.write_all(&self.sealer.seal(self.number, last, &self.chunk)?)?;
        self.number += 1;
        self.chunk.clear();
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.put(true)?;
        self.file.sync_data()
    }
}

impl Write for SealedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until it is known not to be the last.
        if self.chunk.len() == CHUNK {
            self.put(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for SealedWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.finish()
    }
}

/// A file being read.
struct SealedFile {
    file: File,
    sealer: Sealer,
    /// Sealed bytes after the header.
    sealed: usize,
    plain: usize,
    number: u64,
    shared: Arc<Shared>,
}

impl SealedFile {
    fn open(file: File, path: &Path, shared: &Arc<Shared>) -> io::Result<Self> {
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let sealed = length.checked_sub(HEADER).ok_or_else(|| damaged("it was cut off"))?;
        let mut header = [0; HEADER];
        read_at(&file, &mut header, 0)?;
        let sealer = Sealer::open(&shared.key, &path.to_string_lossy(), &header)?;
        let plain = plain_length(sealed)?;
        let opened =
            SealedFile { file, sealer, sealed, plain, number: shared.cache.new_file(), shared: Arc::clone(shared) };
        // The last chunk opens only as the last: a file that was cut off at a chunk's end shows here.
        opened.chunk(chunks_in(sealed)? - 1, true)?;
        Ok(opened)
    }

    fn chunk(&self, number: u64, cached: bool) -> io::Result<Arc<Vec<u8>>> {
        if let Some(chunk) = self.shared.cache.get((self.number, number)) {
            return Ok(chunk);
        }
        let (start, length) = place(number, self.sealed);
        let mut sealed = vec![0; length];
        read_at(&self.file, &mut sealed, start)?;
        let last = number + 1 == chunks_in(self.sealed)?;
        let chunk = Arc::new(self.sealer.unseal(number, last, &sealed)?);
        if cached {
            self.shared.cache.put((self.number, number), &chunk);
        }
        Ok(chunk)
    }
}

impl Drop for SealedFile {
    fn drop(&mut self) {
        self.shared.cache.forget(self.number);
    }
}

impl fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a sealed file of {} bytes", self.plain)
    }
}

impl HasLen for SealedFile {
    fn len(&self) -> usize {
        self.plain
    }
}

impl FileHandle for SealedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.plain {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "these bytes lie beyond the file's end"));
        }
        let cached = range.len() <= LONGEST_CACHED;
        let mut bytes = Vec::with_capacity(range.len());
        let mut at = range.start;
        while at < range.end {
            let (number, within) = (at / CHUNK, at % CHUNK);
            let chunk = self.chunk(number as u64, cached)?;
            let taken = (range.end - at).min(CHUNK - within);
            let piece = chunk.get(within..within + taken).ok_or_else(|| damaged("it is shorter than it says"))?;
            bytes.extend_from_slice(piece);
            at += taken;
        }
        Ok(OwnedBytes::new(bytes))
    }
}
