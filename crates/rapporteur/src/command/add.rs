//! Documents into the vault, each as a source.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use ledger::Clearance;
use schema::{EntityId, Value};
use serde_json::json;
use workspace::{NewObject, NewSource, Workspace};

use crate::arguments::{Add, Common};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, add: &Add) -> Result<ExitCode, Failure> {
    if add.files.len() > 1 && (add.title.is_some() || add.url.is_some()) {
        return Err(Failure::usage("one title or address cannot be that of several documents", "add them one by one"));
    }
    let workspace = open::workspace(common)?;
    let mut added = Vec::new();
    for path in &add.files {
        let id = one(&workspace, add, path)?;
        if !common.json {
            text::out(&format!("{id}  {}", path.display()))?;
        }
        added.push(json!({ "file": path, "id": id.to_string() }));
    }
    if common.json {
        text::json(&json!({ "added": added }))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn one(workspace: &Workspace, add: &Add, path: &Path) -> Result<EntityId, Failure> {
    let registry = workspace.ledger.registry();
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut about: Vec<(String, Value)> = Vec::new();
    let mut say = |property: &str, value: Option<&str>| -> Result<(), Failure> {
        if let Some(value) = value {
            about.push((property.into(), registry.parse("Document", property, value, None)?));
        }
        Ok(())
    };
    say("title", Some(add.title.as_deref().unwrap_or(&file_name)))?;
    say("kind", add.kind.as_deref())?;
    say("published", add.published.as_deref())?;
    say("sourceUrl", add.url.as_deref())?;
    say("fileName", Some(&file_name))?;
    let file = File::open(path).map_err(|error| Failure::io("cannot read", path, &error))?;
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("no randomness from the operating system: {error}"), "try again"))?;
    let mut source = NewSource::new(EntityId::from_bytes(bytes), "Document");
    source.clearance = add.visible_to.parse::<Clearance>()?;
    source.about = about;
    source.bytes = Some(NewObject::reader(&file_name, media_type(path), file));
    source.method.clone_from(&add.method);
    source.consent.clone_from(&add.consent);
    let id = source.id;
    workspace.add_source(&workspace.owner(), source, Vec::new())?;
    Ok(id)
}

/// By the file's name; what a document is will be read from its bytes when there is a reader for it.
fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("txt") => "text/plain",
        Some("md") => "text/markdown",
        Some("html" | "htm") => "text/html",
        Some("pdf") => "application/pdf",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("mp4") => "video/mp4",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}
