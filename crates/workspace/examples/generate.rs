//! Makes a workspace of any size to measure with: `cargo run --release -p workspace --example generate -- DIR CLAIMS`.
//!
//! The same number of claims gives the same entities and claims on any machine: seed 2020, ten claims to an entity (persons, acts,
//! documents), a source to a hundred claims. The passphrase is written to `DIR/passphrase.txt`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../ledger/benches/common/mod.rs"]
mod common;

use std::path::PathBuf;
use std::process::ExitCode;

use workspace::{Options, Passphrase, Workspace};

const PASSPHRASE: &str = "measured and not secret";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(dir), Some(claims), None) =
        (arguments.next().map(PathBuf::from), arguments.next().and_then(|text| text.parse().ok()), arguments.next())
    else {
        eprintln!("usage: generate DIR CLAIMS");
        return ExitCode::from(2);
    };
    match generate(&dir, claims) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(dir: &std::path::Path, claims: u64) -> Result<(), Box<dyn std::error::Error>> {
    let (workspace, _) =
        Workspace::create(dir, "Measured", "Measurer", &Passphrase::new(PASSPHRASE), Options::default())?;
    std::fs::write(dir.join("passphrase.txt"), format!("{PASSPHRASE}\n"))?;
    let appended = common::fill(&workspace.ledger, &workspace.owner(), claims, |done| {
        if done % 50_000 == 0 {
            eprintln!("{done} claims");
        }
    })?;
    println!("{} claims about {} entities in {}", appended.claims, common::entities(appended.claims), dir.display());
    drop(workspace);
    let begun = std::time::Instant::now();
    let workspace = Workspace::open(dir, &Passphrase::new(PASSPHRASE))?;
    let position = workspace.ledger.position()?;
    println!("opened again with its passphrase in {:.2?}, at position {position}", begun.elapsed());
    println!("one of them: {}", common::entity(common::entities(appended.claims) / 2));
    Ok(())
}
