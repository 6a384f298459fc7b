//! Case files in and out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use casefile::{CaseFile, Options, Original, Problem, Report};
use serde_json::json;

use crate::arguments::{Common, Export, Import};
use crate::failure::Failure;
use crate::{open, text};

pub fn import(common: &Common, dir: &Path, import: &Import) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let case_file = read(dir)?;
    let originals = originals(&import.with)?;
    let options = Options { dry_run: import.dry_run, retract_missing: import.retract_missing };
    let author = workspace.owner();
    let report = casefile::import(&workspace, &author, &case_file, &originals, options, &mut |done, all, next| {
        eprintln!("{done} of {all}: {next}");
    })?;
    told(common, &report)?;
    Ok(ExitCode::SUCCESS)
}

pub fn export(common: &Common, export: &Export) -> Result<ExitCode, Failure> {
    if export.format != "casefile" {
        return Err(Failure::usage(format!("there is no format “{}”", export.format), "casefile"));
    }
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let report = casefile::export(&reader, &workspace, &export.to)?;
    told(common, &report)?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a case file, or says everything that is wrong in it.
pub fn read(dir: &Path) -> Result<CaseFile, Failure> {
    CaseFile::read(dir).map_err(|problems| wrong(dir, &problems))
}

fn wrong(dir: &Path, problems: &[Problem]) -> Failure {
    let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let count = text::counted(problems.len() as u64, "problem", "problems");
    Failure::new(
        format!("the case file in {} has {count}:\n{}", dir.display(), list.join("\n")),
        "nothing was recorded; put it right and import again",
    )
}

/// Reads the original documents that somebody named.
pub fn originals(files: &[PathBuf]) -> Result<Vec<Original>, Failure> {
    files
        .iter()
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(Original { name, bytes: open::read_file(path)? })
        })
        .collect()
}

fn told(common: &Common, report: &Report) -> Result<(), Failure> {
    if !common.json {
        return text::out(report.to_string().trim_end());
    }
    text::json(&json!({
        "dry_run": report.dry_run,
        "entries": report.entries,
        "entities": report.entities,
        "sources": report.sources,
        "claims": report.claims,
        "decisions": report.decisions,
        "skipped": report.skipped,
        "retracted": report.retracted,
        "left_out": report.left_out.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "missing": report.missing,
        "notices": report.notices,
    }))
}
