//! A workspace's own schemata and vocabularies, read beside those that the program brings.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use schema::Registry;

use crate::Error;

/// Nobody writes a vocabulary by hand that is longer.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The registry of the workspace in this folder: the program's own where it has no files of its own.
pub(crate) fn registry(dir: &Path) -> Result<Arc<Registry>, Error> {
    let mut files = Vec::new();
    for folder in ["schemata", "vocabularies"] {
        collect(&dir.join(folder), folder, &mut files)?;
    }
    if files.is_empty() {
        return Registry::builtin().map_err(Error::Extensions);
    }
    Registry::with_extensions(&files).map(Arc::new).map_err(Error::Extensions)
}

/// A workspace's own words for the rules that read documents: every `lexicons/*.yaml` in its folder, name and text. They are no
/// secret of the workspace, so that reading them takes no key.
///
/// # Errors
/// When a file cannot be read, or is no text.
pub fn lexicons(dir: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut files = Vec::new();
    collect(&dir.join("lexicons"), "lexicons", &mut files)?;
    Ok(files)
}

/// Every `*.yaml` of the folder, in order of name, under its name in the workspace (`schemata/Prison.yaml`).
fn collect(path: &Path, folder: &str, files: &mut Vec<(String, String)>) -> Result<(), Error> {
    let reading = |source| Error::io("reading", path, source);
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(reading(source)),
    };
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(reading)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
    paths.sort();
    for path in paths {
        let name = format!("{folder}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let length = fs::metadata(&path).map_err(|source| Error::io("reading", &path, source))?.len();
        if length > LONGEST {
            return Err(Error::wrong(format!("{name} has {length} bytes"), "split it into smaller files"));
        }
        let bytes = fs::read(&path).map_err(|source| Error::io("reading", &path, source))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::wrong(format!("{name} is not text in UTF-8"), "save it as plain text in UTF-8"))?;
        files.push((name, text));
    }
    Ok(())
}
