//! Folders and files that only their owner may enter, and files that are there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::Error;

/// What a workspace's folder holds.
pub(crate) struct Layout {
    pub(crate) dir: PathBuf,
}

impl Layout {
    pub(crate) fn new(dir: &Path) -> Self {
        Layout { dir: dir.into() }
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.dir.join("config.toml")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.dir.join("ledger.db")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.dir.join("index.db")
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.dir.join("objects")
    }

    pub(crate) fn search(&self) -> PathBuf {
        self.dir.join("search")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.dir.join("out")
    }
}

/// Makes a folder, and those above it, for its owner alone.
pub(crate) fn make_private(folder: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| Error::io("creating", folder, source))
}

/// Takes a folder that exists from everybody but its owner.
pub(crate) fn close_to_others(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let wrong = |source| Error::io("closing to others", folder, source);
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(wrong)?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Whether there is nothing in the folder, or no folder.
pub(crate) fn is_empty(folder: &Path) -> Result<bool, Error> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(source) => Err(Error::io("reading", folder, source)),
    }
}

/// A file that is being written beside its final place. Until [`Draft::finish`], the old file, or none, stands.
pub(crate) struct Draft {
    to: PathBuf,
    path: PathBuf,
    file: File,
    finished: bool,
}

impl Draft {
    /// Begins to write what will be `to`.
    ///
    /// # Errors
    /// When somebody else is writing it: there is one draft of a file at a time.
    pub(crate) fn begin(to: &Path) -> Result<Draft, Error> {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let path = to.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => Error::wrong(
                format!("{} is being written at this moment, or its writing was interrupted", to.display()),
                format!("if no other program is at work here, delete {} and try again", path.display()),
            ),
            _ => Error::io("creating", &path, source),
        })?;
        Ok(Draft { to: to.into(), path, file, finished: false })
    }

    /// Writes the text and puts the file in its place, durably.
    pub(crate) fn finish(mut self, text: &str) -> Result<(), Error> {
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all());
        written.map_err(|source| Error::io("writing", &self.path, source))?;
        fs::rename(&self.path, &self.to).map_err(|source| Error::io("writing", &self.to, source))?;
        self.finished = true;
        sync_folder_of(&self.to)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A rename is durable once the folder that holds the name is (POSIX).
fn sync_folder_of(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder).and_then(|open| open.sync_all()).map_err(|source| Error::io("writing", folder, source))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
