//! What a program reads in a document: proposals, each with its words. Nothing is recorded.

use std::process::ExitCode;

use reading::{Proposer, Rules, propose_json, read_text};

use crate::arguments::{Common, Propose};
use crate::failure::Failure;
use crate::{open, text};

/// One JSON value with or without `--json`: proposals are for the review page and for other programs.
pub fn run(_common: &Common, asked: &Propose) -> Result<ExitCode, Failure> {
    let bytes = open::read_file(&asked.file)?;
    let name = asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let told = |error: reading::Error| {
        Failure::new(format!("{}: {error}", asked.file.display()), "plain text, Markdown and HTML are read so far")
    };
    let document = read_text(&bytes, &name).map_err(told)?;
    let proposals = Rules::new().and_then(|rules| rules.propose(&document)).map_err(told)?;
    text::out(propose_json(&document, &proposals).trim_end())?;
    Ok(ExitCode::SUCCESS)
}
