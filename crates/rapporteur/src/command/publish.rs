//! Composing a publication, and releasing it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ledger::{Digest, Item, Publish as Release, View};
use matching::{Questions, Unjudged};
use publishing::{Composed, Draft};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use workspace::Workspace;

use crate::arguments::{Common, Publish};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, publish: &Publish) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let Some(name) = &publish.name else { return list(common, &workspace, &view) };
    let (draft, composed) = compose(&workspace, &view, name)?;
    let unjudged = unjudged(&workspace, &view, &composed)?;
    let mut files = Vec::new();
    if let Some(to) = &publish.to {
        if let Some(open) = unjudged.first().filter(|_| !publish.although_unjudged) {
            return Err(Failure::new(
                format!("nothing was released: {}", told(open)),
                "`rapporteur link` shows them and `judge` answers; or say --although-unjudged",
            ));
        }
        files = release(&workspace, &draft, &composed, &targets(to, name)?)?;
    }
    if common.json {
        text::json(&json!({
            "publication": name,
            "position": composed.position,
            "released": files.iter().map(|(path, digest)| json!({ "file": path, "sha256": digest.to_string() })).collect::<Vec<_>>(),
            "changes": composed.changes,
            "unresolved": composed.unresolved,
            "unjudged": unjudged.iter().map(|open| json!({ "figure": open.figure, "pairs": open.pairs })).collect::<Vec<_>>(),
        }))?;
    } else {
        let mut lines = vec![format!("“{name}” at position {}", composed.position)];
        lines.extend(composed.changes.iter().map(|change| {
            format!(
                "changed since the draft: {} was {}, is {} (line {})",
                change.reference, change.drafted, change.now, change.line
            )
        }));
        lines.extend(
            composed
                .unresolved
                .iter()
                .map(|open| format!("not resolved: {} (line {}): {}", open.reference, open.line, open.problem)),
        );
        lines.extend(unjudged.iter().map(told));
        lines.extend(files.iter().map(|(path, digest)| format!("released {} (SHA-256 {digest})", path.display())));
        text::out(&lines.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The letter's numbers that count people apart who are likely one.
fn unjudged(workspace: &Workspace, view: &View, composed: &Composed) -> Result<Vec<Unjudged>, Failure> {
    let figures = composed.made.iter().filter(|made| made.kind == "figure").map(|made| made.reference.as_str());
    let mut figures = figures.peekable();
    if figures.peek().is_none() {
        return Ok(Vec::new());
    }
    let reader = workspace.ledger.read(view)?;
    let mut questions = Questions::default();
    questions.follow(&reader)?;
    Ok(matching::unjudged_in(&questions, &workspace.ledger, &reader, figures)?)
}

fn told(open: &Unjudged) -> String {
    format!(
        "“{}” counts {} of persons who may be one, and nobody has judged them",
        open.title,
        text::counted(open.pairs as u64, "pair", "pairs")
    )
}

/// Composes a publication for exactly the readers that it is for.
pub fn compose(workspace: &Workspace, view: &View, name: &str) -> Result<(Draft, Composed), Failure> {
    let reader = workspace.ledger.read(view)?;
    let definition = reader.definition("publication", name)?.ok_or_else(|| {
        Failure::new(
            format!("there is no publication “{name}” in this view"),
            "`rapporteur publish` lists those that there are",
        )
    })?;
    let mut draft = Draft::parse(&definition.text)?;
    draft.recorded = Some(definition.position);
    drop(reader);
    if !view.cleared.may_see(&draft.clearance) {
        return Err(Failure::new(
            format!("“{name}” is for {}, which this view is not cleared for", draft.clearance),
            "ask with a wider view",
        ));
    }
    let composed = publishing::compose_from(&workspace.ledger, &draft, view.as_of)?;
    Ok((draft, composed))
}

/// The files that `--to` means: one, or both in a folder.
pub fn targets(to: &Path, name: &str) -> Result<Vec<PathBuf>, Failure> {
    match to.extension().and_then(|extension| extension.to_str()) {
        Some("html" | "pdf") => {
            let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
            match folder {
                Some(folder) if !folder.is_dir() => Err(Failure::usage(
                    format!("there is no folder {}", folder.display()),
                    "make it, or choose another",
                )),
                _ => Ok(vec![to.into()]),
            }
        }
        Some(other) if !to.is_dir() => Err(Failure::usage(
            format!("a publication is not written as .{other}"),
            "give a file ending in .html or .pdf, or a folder for both",
        )),
        _ => Ok(vec![to.join(format!("{name}.html")), to.join(format!("{name}.pdf"))]),
    }
}

/// Writes the files, and records that they were released and what they are.
pub fn release(
    workspace: &Workspace,
    draft: &Draft,
    composed: &Composed,
    targets: &[PathBuf],
) -> Result<Vec<(PathBuf, Digest)>, Failure> {
    if let Some(open) = composed.unresolved.first() {
        return Err(Failure::new(
            format!(
                "the draft has a reference that is not resolved: {} (line {}): {}",
                open.reference, open.line, open.problem
            ),
            "nothing was released; put the draft right",
        ));
    }
    let mut files = Vec::new();
    for path in targets {
        let bytes = match path.extension().and_then(|extension| extension.to_str()) {
            Some("pdf") => publishing::pdf(composed)?,
            _ => publishing::html(composed).into_bytes(),
        };
        write(path, &bytes)?;
        files.push((path.clone(), Digest(Sha256::digest(&bytes).into())));
    }
    let named = files.iter().map(|(path, digest)| {
        (path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(), *digest)
    });
    let record = Release {
        publication: composed.name.clone(),
        position: composed.position,
        files: named.collect(),
        clearance: draft.clearance.clone(),
    };
    workspace.ledger.append(&workspace.owner(), vec![Item::Publish(record)])?;
    Ok(files)
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("cannot make", folder, &error))?;
    }
    let new = path.with_extension("part");
    fs::write(&new, bytes).and_then(|()| fs::rename(&new, path)).map_err(|error| {
        let _ = fs::remove_file(&new);
        Failure::io("cannot write", path, &error)
    })
}

fn list(common: &Common, workspace: &Workspace, view: &View) -> Result<ExitCode, Failure> {
    let reader = workspace.ledger.read(view)?;
    let publications = reader.definitions("publication")?;
    if common.json {
        let names: Vec<_> = publications
            .iter()
            .map(|publication| json!({ "name": publication.name, "position": publication.position }))
            .collect();
        text::json(&json!({ "publications": names }))?;
    } else if publications.is_empty() {
        text::out("No publication is drafted here yet: draft one in a case file (docs/casefile.md).")?;
    } else {
        text::out(&publications.iter().map(|publication| publication.name.clone()).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
