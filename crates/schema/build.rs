//! Lists the files under `data/` so that a new schema or vocabulary needs no change in Rust.
//!
//! Writes `builtin.rs` to `OUT_DIR`: a constant slice of (name, contents) in path order, each
//! entry an `include_str!`. Standard library only.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("data");
    println!("cargo:rerun-if-changed=data");
    let mut names = Vec::new();
    if root.is_dir() {
        walk(&root, "", &mut names)?;
    }
    names.sort();
    let mut out = String::from("pub(crate) const FILES: &[(&str, &str)] = &[\n");
    for name in names {
        writeln!(
            out,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))),",
            format!("/data/{name}")
        )?;
    }
    out.push_str("];\n");
    let target = Path::new(&std::env::var("OUT_DIR")?).join("builtin.rs");
    fs::write(target, out)?;
    Ok(())
}

fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(file_name) = entry.file_name().into_string() else {
            continue;
        };
        let name = if prefix.is_empty() { file_name } else { format!("{prefix}/{file_name}") };
        if entry.file_type()?.is_dir() {
            println!("cargo:rerun-if-changed=data/{name}");
            walk(&entry.path(), &name, names)?;
        } else if name.ends_with(".yaml") {
            println!("cargo:rerun-if-changed=data/{name}");
            names.push(name);
        }
    }
    Ok(())
}
