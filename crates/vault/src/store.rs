//! The folder of objects: add, read, verify, destroy.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use sha3::Sha3_512;

use crate::Error;
use crate::keys::{Keys, hex};
use crate::object::ObjectReader;
use crate::seal::{Sealed, seal};

/// Marks of the file of an addition that is under way.
const NEW_PREFIX: &str = ".new-";
const NEW_SUFFIX: &str = ".part";

/// A folder of encrypted objects. May be shared between threads and, for additions and reads, between processes.
pub struct Vault {
    folder: PathBuf,
    keys: Keys,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault in {}", self.folder.display())
    }
}

/// What came of an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The object's name.
    pub sha256: [u8; 32],
    pub sha3_512: [u8; 64],
    /// Bytes, before encryption.
    pub size: u64,
    /// The object was here before, whole, and stays as it is.
    pub already: bool,
}

impl Vault {
    /// The vault in this folder, which is made if need be. Nothing is read yet: a wrong key shows at the first object.
    ///
    /// # Errors
    /// When the folder can be neither found nor made.
    pub fn open(folder: &Path, key: [u8; 32]) -> Result<Vault, Error> {
        let key = zeroize::Zeroizing::new(key);
        private_folder(folder)?;
        Ok(Vault { folder: folder.into(), keys: Keys::derive(&key)? })
    }

    /// Adds what the reader gives, to its end: hashed and encrypted in one pass, in memory of constant size.
    ///
    /// When this returns, the object is on the disk for good. When it fails or the machine stops, there is no object
    /// of that name, at most a leftover that [`Vault::clear_leftovers`] removes. An object whose file is found damaged
    /// is replaced by the good one.
    ///
    /// # Errors
    /// [`Error::Full`], [`Error::Input`] when the reader fails, or the file system's error.
    pub fn add(&self, reader: &mut dyn Read) -> Result<Stored, Error> {
        let new = NewFile::create(&self.folder)?;
        let (sealed, file) = seal(&self.keys, reader, new.file()?, &new.path)?;
        self.settle(new, &file, sealed)
    }

    /// Adds these bytes. An object that is here already is found by its name, without writing.
    ///
    /// # Errors
    /// As [`Vault::add`].
    pub fn add_bytes(&self, bytes: &[u8]) -> Result<Stored, Error> {
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        if self.is_whole(&sha256)? {
            let sha3_512 = Sha3_512::digest(bytes).into();
            return Ok(Stored { sha256, sha3_512, size: bytes.len() as u64, already: true });
        }
        let mut bytes = bytes;
        self.add(&mut bytes)
    }

    /// Whether there is a file of this object. Says nothing about what is in it.
    ///
    /// # Errors
    /// When a name cannot be made.
    pub fn contains(&self, object: &[u8; 32]) -> Result<bool, Error> {
        Ok(self.path_of(object)?.is_file())
    }

    /// The object's bytes, as a stream; see [`ObjectReader`] for what is checked when.
    ///
    /// # Errors
    /// [`Error::Missing`], or [`Error::Damaged`] in the header.
    pub fn read(&self, object: &[u8; 32]) -> Result<ObjectReader, Error> {
        ObjectReader::open(&self.keys, Some(object), &self.path_of(object)?)
    }

    /// The whole object in memory, checked against its name.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond `limit` bytes, else as [`Vault::verify`].
    pub fn read_bytes(&self, object: &[u8; 32], limit: u64) -> Result<Vec<u8>, Error> {
        let mut reader = self.read(object)?;
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = reader.read_checked(&mut buffer)?;
            if count == 0 {
                return Ok(bytes);
            }
            if (bytes.len() + count) as u64 > limit {
                return Err(Error::TooLarge { object: hex(object), limit });
            }
            bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
        }
    }

    /// Reads the object to its end and finds every change, of whichever byte of its file.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::Damaged`] with the bytes of the file in which the change is; [`Error::Exchanged`] when
    /// the file is another object's.
    pub fn verify(&self, object: &[u8; 32]) -> Result<(), Error> {
        self.read(object)?.finish().map(|_| ())
    }

    /// The same for a file of which nobody has said whose it is: gives the name of the object that it holds, which must be the
    /// one that the file's own name follows from.
    ///
    /// # Errors
    /// As [`Vault::verify`].
    pub fn verify_file(&self, path: &Path) -> Result<[u8; 32], Error> {
        let found = ObjectReader::open(&self.keys, None, path)?.finish()?;
        if self.path_of(&found)? != path {
            let object = "(of unknown name)".into();
            return Err(Error::Exchanged { object, path: path.into(), found: hex(&found) });
        }
        Ok(found)
    }

    /// Destroys the object: its key is overwritten, then its file removed.
    ///
    /// Each file has a key of its own, in its header, so that overwriting the header is enough where the disk writes in
    /// place. Flash drives and copy-on-write file systems may keep the old block for a while; nothing done to a file can
    /// help that. Gives `false` if there was no such object.
    ///
    /// # Errors
    /// The file system's.
    pub fn destroy(&self, object: &[u8; 32]) -> Result<bool, Error> {
        let path = self.path_of(object)?;
        let doing = "destroying";
        let Ok(metadata) = fs::metadata(&path) else { return Ok(false) };
        let mut noise = vec![0; usize::try_from(metadata.len().min(4096)).unwrap_or(4096)];
        getrandom::fill(&mut noise).map_err(|error| Error::Encryption(error.to_string()))?;
        let mut file = OpenOptions::new().write(true).open(&path).map_err(|source| Error::io(doing, &path, source))?;
        file.write_all(&noise).and_then(|()| file.sync_all()).map_err(|source| Error::io(doing, &path, source))?;
        drop(file);
        fs::remove_file(&path).map_err(|source| Error::io(doing, &path, source))?;
        if let Some(folder) = path.parent() {
            sync_folder(folder)?;
        }
        Ok(true)
    }

    /// Every file in the folder that is none of these objects' and no addition under way, in order of path.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn unknown_files(&self, known: &HashSet<[u8; 32]>) -> Result<Vec<PathBuf>, Error> {
        let known = known.iter().map(|object| self.path_of(object)).collect::<Result<HashSet<_>, _>>()?;
        let mut files = Vec::new();
        collect_files(&self.folder, &mut files)?;
        files.retain(|path| !known.contains(path) && !self.is_new(path));
        files.sort();
        Ok(files)
    }

    /// Whether a file is named and placed as an object's is.
    #[must_use]
    pub fn looks_like_object(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(stem) = name.strip_suffix(".age") else { return false };
        stem.len() == 64
            && stem.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            && path.parent() == stem.get(..2).map(|shelf| self.folder.join(shelf)).as_deref()
    }

    /// Removes what interrupted additions left behind, if it was not touched for this long; gives how many files that were.
    /// Another process may be adding at this moment, so the age should be longer than any addition takes.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn clear_leftovers(&self, untouched_for: Duration) -> Result<usize, Error> {
        let mut removed = 0;
        let entries = fs::read_dir(&self.folder).map_err(|source| Error::io("reading", &self.folder, source))?;
        for entry in entries {
            let path = entry.map_err(|source| Error::io("reading", &self.folder, source))?.path();
            if !self.is_new(&path) {
                continue;
            }
            let touched = fs::metadata(&path).and_then(|metadata| metadata.modified()).ok();
            let age = touched.and_then(|touched| SystemTime::now().duration_since(touched).ok()).unwrap_or_default();
            if age >= untouched_for && fs::remove_file(&path).is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// The file of an object, relative to nothing: for messages and tests.
    ///
    /// # Errors
    /// When a name cannot be made.
    pub fn path_of(&self, object: &[u8; 32]) -> Result<PathBuf, Error> {
        let name = self.keys.file_name(object)?;
        let shelf = name.get(..2).unwrap_or_default();
        Ok(self.folder.join(shelf).join(format!("{name}.age")))
    }

    /// Makes a written file final, under its object's name.
    fn settle(&self, new: NewFile, file: &File, sealed: Sealed) -> Result<Stored, Error> {
        let Sealed { sha256, sha3_512, size } = sealed;
        if self.is_whole(&sha256)? {
            return Ok(Stored { sha256, sha3_512, size, already: true });
        }
        // The bytes first, then the name: a name on the disk always has its bytes.
        file.sync_all().map_err(|source| Error::io("writing", &new.path, source))?;
        let path = self.path_of(&sha256)?;
        if let Some(shelf) = path.parent() {
            if !shelf.is_dir() {
                private_folder(shelf)?;
                sync_folder(&self.folder)?;
            }
            new.rename(&path)?;
            sync_folder(shelf)?;
        }
        Ok(Stored { sha256, sha3_512, size, already: false })
    }

    /// Whether the object is here and undamaged. A failing disk is an error; a damaged file is a `false`.
    fn is_whole(&self, object: &[u8; 32]) -> Result<bool, Error> {
        match self.verify(object) {
            Ok(()) => Ok(true),
            Err(error) if error.is_damage() => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn is_new(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        path.parent() == Some(&self.folder) && name.starts_with(NEW_PREFIX) && name.ends_with(NEW_SUFFIX)
    }
}

/// A file being written. Unless it is renamed, it is removed again, however the writing ends.
struct NewFile {
    path: PathBuf,
    file: File,
    renamed: bool,
}

impl NewFile {
    fn create(folder: &Path) -> Result<Self, Error> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| Error::Encryption(error.to_string()))?;
        let path = folder.join(format!("{NEW_PREFIX}{}{NEW_SUFFIX}", hex(&id)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|source| Error::io("creating", &path, source))?;
        Ok(NewFile { path, file, renamed: false })
    }

    fn file(&self) -> Result<File, Error> {
        self.file.try_clone().map_err(|source| Error::io("creating", &self.path, source))
    }

    fn rename(mut self, to: &Path) -> Result<(), Error> {
        fs::rename(&self.path, to).map_err(|source| Error::io("writing", to, source))?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A folder that only its owner may enter.
fn private_folder(folder: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| Error::io("creating", folder, source))
}

/// Makes a rename durable (POSIX: the folder is what holds the name). Elsewhere the system does it, or cannot.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| Error::io("writing", folder, source))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let reading = |source| Error::io("reading", folder, source);
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        // A link is a file here: it is not followed, so that there is no way out of the folder and no circle.
        if entry.file_type().map_err(reading)?.is_dir() {
            collect_files(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
