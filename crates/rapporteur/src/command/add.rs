//! Documents into the vault, each as a source with its words.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use intake::{Added, Arriving, Given, Intake, Many, Outcome, Progress};
use ledger::Clearance;
use serde_json::{Value, json};

use crate::arguments::{Add, Common};
use crate::failure::Failure;
use crate::{open, text};

/// Files taken in between two looks at how far it is.
const EVERY: usize = 25;

pub fn run(common: &Common, add: &Add) -> Result<ExitCode, Failure> {
    let files = intake::files_in(&add.files)?;
    if files.len() > 1 && (add.title.is_some() || add.url.is_some()) {
        return Err(Failure::usage("one title or address cannot be that of several documents", "add them one by one"));
    }
    if files.is_empty() {
        return Err(Failure::usage("there is no file in that folder", "hidden files and links are left out"));
    }
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let readers = open::readers()?;
    let mut intake = Intake::new(&workspace, workspace.owner(), &view, &readers)?;
    intake.again = add.again;
    let clearance: Clearance = add.visible_to.parse()?;
    let arriving = files.iter().map(|path| Arriving {
        given: Given {
            title: add.title.clone(),
            kind: add.kind.clone(),
            published: add.published.clone(),
            url: add.url.clone(),
        },
        clearance: clearance.clone(),
        method: add.method.clone(),
        consent: add.consent.clone(),
        consent_scope: add.consent_scope.clone(),
        ..Arriving::file(path)
    });
    let arriving: Vec<Arriving> = arriving.collect();
    let shown = Mutex::new(0);
    let terminal = std::io::stderr().is_terminal();
    let progress = |at: Progress| {
        let mut shown = shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if terminal && (at.done >= *shown + EVERY || at.done == at.total) && at.total > 1 {
            *shown = at.done;
            let end = if at.done == at.total { "\n" } else { "" };
            eprint!("\r{} of {} files read, {} failed{end}", at.done, at.total, at.failed);
            let _ = std::io::stderr().flush();
        }
    };
    let stop = AtomicBool::new(false);
    let outcomes = Many::new(&intake, &stop).add(arriving, &progress);
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    if common.json {
        text::json(&json!({ "added": outcomes.iter().map(outcome_json).collect::<Vec<_>>(), "failed": failed }))?;
    } else {
        let mut lines = Vec::new();
        for outcome in &outcomes {
            match &outcome.result {
                Ok(added) => tell(added, &outcome.file, 0, &mut lines),
                Err(error) => lines.push(format!("✗ {}: {error}", outcome.file)),
            }
        }
        if outcomes.len() > 1 {
            let read = outcomes.iter().filter(|outcome| matches!(&outcome.result, Ok(added) if !added.already)).count();
            let there = outcomes.len() - read - failed;
            lines.push(format!("{read} added, {there} there already, {failed} failed."));
        }
        text::out(&lines.join("\n"))?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(added: &Added, file: &str, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let state = match (added.already, added.characters) {
        (true, _) => "there already".to_owned(),
        (false, 0) => "kept, no words".to_owned(),
        (false, characters) => format!("{} characters", text::grouped(characters as u64)),
    };
    lines.push(format!("{indent}{}  {file}  ({state})", added.id));
    for warning in &added.warnings {
        lines.push(format!("{indent}  ! {warning}"));
    }
    for inside in &added.inside {
        tell(inside, &inside.title, depth + 1, lines);
    }
}

fn outcome_json(outcome: &Outcome) -> Value {
    match &outcome.result {
        Ok(added) => added_json(&outcome.file, added),
        Err(error) => json!({ "file": outcome.file, "error": error.to_string() }),
    }
}

fn added_json(file: &str, added: &Added) -> Value {
    json!({
        "file": file,
        "id": added.id.to_string(),
        "title": added.title,
        "already": added.already,
        "characters": added.characters,
        "warnings": added.warnings,
        "inside": added.inside.iter().map(|inside| added_json(&inside.title, inside)).collect::<Vec<_>>(),
    })
}
