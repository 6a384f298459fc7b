//! The files of a case file's folder: which are read, and that none outside the folder is.

use std::path::{Component, Path, PathBuf};

use crate::problem::{At, Problem};

/// A file that people write by hand is smaller than this many bytes.
const LARGEST_YAML: u64 = 16 << 20;
/// A source's text or bytes beside the YAML.
const LARGEST_SOURCE: u64 = 1 << 30;
/// Folders nested deeper than this are a mistake (or a circle).
const DEEPEST: usize = 16;

/// A file of the folder: its path inside the folder, written with `/`, and its text.
pub(crate) struct YamlFile {
    pub name: String,
    pub text: String,
}

/// Every `*.yaml` in the folder and below, in the order of their paths. Hidden files and folders, and folders that are links,
/// are passed over.
pub(crate) fn yaml_files(dir: &Path, problems: &mut Vec<Problem>, notices: &mut Vec<Problem>) -> Vec<YamlFile> {
    let mut paths = Vec::new();
    walk(dir, "", 0, &mut paths, problems, notices);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|name| match read_text(dir, &name, LARGEST_YAML) {
            Ok(text) => Some(YamlFile { name, text }),
            Err((what, hint)) => {
                problems.push(At::new(&name, 0).problem(what, hint));
                None
            }
        })
        .collect()
}

fn walk(
    dir: &Path,
    inside: &str,
    depth: usize,
    paths: &mut Vec<String>,
    problems: &mut Vec<Problem>,
    notices: &mut Vec<Problem>,
) {
    let here = || At::new(if inside.is_empty() { "." } else { inside }, 0);
    if depth > DEEPEST {
        problems
            .push(here().problem("the folders are nested too deep", format!("At most {DEEPEST} below one another.")));
        return;
    }
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(here().problem(
                format!("the folder {} cannot be read: {error}", dir.display()),
                "Name a folder that holds casefile.yaml.",
            ));
            return;
        }
    };
    for entry in entries {
        let (name, kind) = match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
            Ok(found) => found,
            Err(error) => {
                problems.push(here().problem(format!("the folder cannot be read: {error}"), ""));
                continue;
            }
        };
        let Some(name) = name.to_str() else {
            notices.push(
                here().problem(
                    "a file whose name is not Unicode is not read",
                    "Rename it if it belongs to the case file.",
                ),
            );
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let path = if inside.is_empty() { name.to_owned() } else { format!("{inside}/{name}") };
        if kind.is_dir() {
            walk(&dir.join(name), &path, depth + 1, paths, problems, notices);
        } else if name.ends_with(".yaml") {
            paths.push(path);
        } else if name.ends_with(".yml") {
            notices.push(
                At::new(&path, 0)
                    .problem("this file is not read", "Rename it to end in .yaml if it belongs to the case file."),
            );
        }
    }
}

/// The path, inside the case file's folder, of a file that a YAML file names relative to itself.
pub(crate) fn beside(yaml: &str, named: &str) -> Result<String, (String, String)> {
    let outside = || {
        (
            format!("“{named}” leads out of the case file's folder"),
            "Put the file into the folder and name it relative to this YAML file.".to_owned(),
        )
    };
    let mut parts: Vec<&str> = yaml.split('/').collect();
    parts.pop();
    for component in Path::new(named).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop().ok_or_else(outside)?;
            }
            Component::Normal(part) => parts.push(part.to_str().ok_or_else(outside)?),
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    if parts.is_empty() { Err(outside()) } else { Ok(parts.join("/")) }
}

/// The bytes of a file of the folder.
pub(crate) fn read_bytes(dir: &Path, name: &str) -> Result<Vec<u8>, (String, String)> {
    read(dir, name, LARGEST_SOURCE)
}

/// The text of a source beside the YAML.
pub(crate) fn read_source_text(dir: &Path, name: &str) -> Result<String, (String, String)> {
    read_text(dir, name, LARGEST_SOURCE)
}

fn read_text(dir: &Path, name: &str, largest: u64) -> Result<String, (String, String)> {
    String::from_utf8(read(dir, name, largest)?).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
        (format!("“{name}” is not UTF-8 text (line {line})"), "Save it as UTF-8.".to_owned())
    })
}

fn read(dir: &Path, name: &str, largest: u64) -> Result<Vec<u8>, (String, String)> {
    let path: PathBuf = name.split('/').fold(dir.to_owned(), |path, part| path.join(part));
    let problem = |what: String| {
        (format!("“{name}” {what}"), "Check the name; it is relative to the YAML file that names it.".to_owned())
    };
    // A link could lead out of the folder: what it leads to must be inside.
    let (real, inside) = (std::fs::canonicalize(&path), std::fs::canonicalize(dir));
    match (real, inside) {
        (Ok(real), Ok(inside)) if !real.starts_with(&inside) => {
            return Err(problem("is a link that leads out of the folder".into()));
        }
        (Ok(_), Ok(_)) => {}
        (Err(error), _) | (_, Err(error)) => return Err(problem(format!("cannot be read: {error}"))),
    }
    let data = std::fs::metadata(&path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    if !data.is_file() {
        return Err(problem("is not a file".into()));
    }
    if data.len() > largest {
        return Err(problem(format!("has {} bytes; at most {largest} are read", data.len())));
    }
    std::fs::read(&path).map_err(|error| problem(format!("cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_is_named_relative_to_the_yaml_that_names_it() {
        assert_eq!(beside("sources/a.yaml", "notes/a.md").unwrap(), "sources/notes/a.md");
        assert_eq!(beside("sources/a.yaml", "../letter.md").unwrap(), "letter.md");
        assert_eq!(beside("a.yaml", "./b.md").unwrap(), "b.md");
        for outside in ["../b.md", "/etc/passwd", "x/../../b.md", "", "."] {
            assert!(beside("a.yaml", outside).is_err(), "{outside}");
        }
    }
}
