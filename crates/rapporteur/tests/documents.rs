//! Documents agree with the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn help(words: &[&str]) -> String {
    let answer = Command::new(env!("CARGO_BIN_EXE_rapporteur")).args(words).output().unwrap();
    String::from_utf8(answer.stdout).unwrap()
}

/// The commands that the program knows.
fn commands() -> Vec<String> {
    let help = help(&["--help"]);
    let listed = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_readme_lists_every_command_and_no_other() {
    let readme = text("README.md");
    let table: Vec<String> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned()))
        .collect();
    let mut known = commands();
    assert!(known.len() >= 10, "{known:?}");
    let mut listed = table.clone();
    known.sort();
    listed.sort();
    assert_eq!(listed, known);
}

#[test]
fn the_architecture_names_every_crate() {
    let architecture = text("ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(architecture.contains(&format!("| `{name}` |")), "{name} is not in the table of crates");
        let opening = fs::read_to_string(root().join("crates").join(&name).join("src/lib.rs"))
            .or_else(|_| fs::read_to_string(root().join("crates").join(&name).join("src/main.rs")))
            .unwrap();
        assert!(opening.to_lowercase().contains("must never"), "{name} does not say what it must never do");
        assert!(opening.contains("#![forbid(unsafe_code)]"), "{name}");
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "docs/casefile.md",
        "benches/README.md",
    ] {
        let folder = root().join(document).parent().unwrap().to_path_buf();
        for link in text(document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") || link.starts_with('#') || link.starts_with("mailto:") {
                continue;
            }
            let path = link.split('#').next().unwrap();
            assert!(folder.join(path).exists(), "{document} links to {path}, which is not there");
        }
    }
}

#[test]
fn help_is_as_it_was_read() {
    let mut all = help(&["--help"]);
    for command in commands() {
        all += &format!("\n──── {command}\n{}", help(&[&command, "--help"]));
    }
    insta::assert_snapshot!(all);
}
