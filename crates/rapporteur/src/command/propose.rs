//! What a program reads in a document: proposals, each with its words. Nothing is recorded.

use std::path::Path;
use std::process::ExitCode;

use reading::{Proposer, Reading, Rules, propose_json};

use crate::arguments::{Common, Propose};
use crate::failure::Failure;
use crate::{open, text};

/// One JSON value with or without `--json`: proposals are for the review page and for other programs.
pub fn run(common: &Common, asked: &Propose) -> Result<ExitCode, Failure> {
    let document = if asked.file.is_file() || common.workspace.is_none() {
        file(&asked.file)?
    } else {
        kept(common, &asked.file.to_string_lossy())?
    };
    let told = |error: reading::Error| Failure::new(error.to_string(), "nothing was recorded");
    let proposals = Rules::new().and_then(|rules| rules.propose(&document)).map_err(told)?;
    text::out(propose_json(&document, &proposals).trim_end())?;
    Ok(ExitCode::SUCCESS)
}

/// A file on this machine: read by a child process, under limits.
fn file(path: &Path) -> Result<Reading, Failure> {
    let bytes = open::read_file(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let read = open::readers()?.read(&bytes, &name, &::text::Options::default());
    let document = read.map_err(|error| Failure::new(format!("{}: {error}", path.display()), "nothing was recorded"))?;
    for warning in &document.warnings {
        eprintln!("{}: {warning}", path.display());
    }
    Ok(intake::reading_from(&document)?)
}

/// A document of the workspace.
fn kept(common: &Common, asked: &str) -> Result<Reading, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let source = open::the_thing(&reader, asked)?;
    let read = intake::reading_of(&workspace, &reader, source)?;
    read.map(|(_, reading)| reading).ok_or_else(|| {
        Failure::new(format!("“{asked}” has no words here"), "add the document’s file, or its text")
    })
}
