//! A small workspace to try things on.
#![allow(dead_code)]

use tempfile::TempDir;
use workspace::{Options, Passphrase, Workspace};

pub const PASSPHRASE: &str = "ordinary words that nobody guesses";

pub fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE)
}

/// A demonstration's workspace: its key is cheap to derive.
pub fn demonstration() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, _) = Workspace::create(
        folder.path(),
        "Demonstration",
        "Demonstration analyst",
        &passphrase(),
        Options::demonstration(),
    )
    .unwrap();
    (folder, workspace)
}
