//! The folder that is written: whole, or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A folder beside the wanted one, which takes its name when everything is written.
pub(super) struct Folder {
    wanted: PathBuf,
    part: PathBuf,
    finished: bool,
}

impl Folder {
    pub fn begin(wanted: &Path) -> Result<Folder, Error> {
        match fs::read_dir(wanted) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(Error::Wrong {
                        what: format!("the folder {} is not empty", wanted.display()),
                        hint: "name an empty folder, or one that does not exist yet; then compare the two".into(),
                    });
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(Error::Io { doing: "could not read", path: wanted.into(), source }),
        }
        let name =
            wanted.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "export".into());
        let part = wanted.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let folder = Folder { wanted: wanted.into(), part, finished: false };
        folder.make(&folder.part)?;
        Ok(folder)
    }

    /// Only the owner reads what leaves the encrypted workspace.
    fn make(&self, path: &Path) -> Result<(), Error> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|source| Error::Io { doing: "could not make", path: path.into(), source })
    }

    /// Writes a file of the folder; `name` is written with `/` and was made here.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = name.split('/').fold(self.part.clone(), |path, part| path.join(part));
        if let Some(parent) = path.parent() {
            self.make(parent)?;
        }
        let write = || {
            let mut file = fs::File::create_new(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|source| Error::Io { doing: "could not write", path: self.wanted.join(name), source })
    }

    pub fn finish(&mut self) -> Result<(), Error> {
        if self.wanted.exists() {
            // Empty: `begin` has looked, and this refuses anything else.
            fs::remove_dir(&self.wanted).map_err(|source| Error::Io {
                doing: "could not replace",
                path: self.wanted.clone(),
                source,
            })?;
        }
        fs::rename(&self.part, &self.wanted).map_err(|source| Error::Io {
            doing: "could not write",
            path: self.wanted.clone(),
            source,
        })?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_dir_all(&self.part);
        }
    }
}
