//! What a program reads in a document: proposals, each with its words. Nothing is recorded.

use std::path::Path;
use std::process::ExitCode;

use ledger::{Clearance, Level};
use modelserver::Together;
use reading::{Proposer, Reading, propose_json};
use workspace::Workspace;

use crate::arguments::{Common, Propose};
use crate::failure::Failure;
use crate::{open, text};

/// One JSON value with or without `--json`: proposals are for the review page and for other programs.
pub fn run(common: &Common, asked: &Propose) -> Result<ExitCode, Failure> {
    let told = |error: reading::Error| Failure::new(error.to_string(), "nothing was recorded");
    let named = asked.file.is_file();
    if !named && common.workspace.is_none() {
        return Err(Failure::new(
            format!("there is no file {}", asked.file.display()),
            "check the path; for a document of a workspace, give --workspace DIR as well",
        ));
    }
    let (document, proposals) = if named && !asked.model {
        let document = file(&asked.file)?;
        let rules = open::rules(common.workspace.as_deref())?;
        let proposals = rules.propose(&document).map_err(told)?;
        (document, proposals)
    } else {
        let workspace = open::workspace(common)?;
        let rules = open::rules(Some(workspace.dir()))?;
        let (document, clearance) = if named {
            (file(&asked.file)?, Clearance::internal())
        } else {
            kept(common, &workspace, &asked.file.to_string_lossy())?
        };
        let model = if asked.model { Some(open::model(&workspace, &clearance)?) } else { None };
        let mut both: Vec<&dyn Proposer> = vec![&rules];
        both.extend(model.as_ref().map(|model| model as &dyn Proposer));
        let proposals = Together(both).propose(&document).map_err(told)?;
        (document, proposals)
    };
    text::out(propose_json(&document, &proposals).trim_end())?;
    Ok(ExitCode::SUCCESS)
}

/// A file on this machine: read by a child process, under limits.
fn file(path: &Path) -> Result<Reading, Failure> {
    let bytes = open::read_file(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let read = open::readers()?.read(&bytes, &name, &::text::Options::default());
    let document =
        read.map_err(|error| Failure::new(format!("{}: {error}", path.display()), "nothing was recorded"))?;
    for warning in &document.warnings {
        eprintln!("{}: {warning}", path.display());
    }
    Ok(intake::reading_from(&document)?)
}

/// A document of the workspace, and who may see it.
fn kept(common: &Common, workspace: &Workspace, asked: &str) -> Result<(Reading, Clearance), Failure> {
    let reader = workspace.ledger.read(&open::view(common, workspace)?)?;
    let source = open::the_thing(&reader, asked)?;
    let clearance = reader.clearance_of(source)?.unwrap_or_else(|| Level::Restricted.into());
    let read = intake::reading_of(workspace, &reader, source)?;
    let (_, reading) = read
        .ok_or_else(|| Failure::new(format!("“{asked}” has no words here"), "add the document’s file, or its text"))?;
    Ok((reading, clearance))
}
