//! What happens to originals: who has seen them, to whom they went, and their end.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::ExitCode;

use ledger::{Custody, CustodyEvent, Reader};
use schema::EntityId;
use serde_json::json;

use crate::arguments::{Asked, Common, CustodyOf, Original, Withdraw};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, asked: &CustodyOf) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let reader = workspace.ledger.read(&view)?;
    let source = open::the_thing(&reader, &asked.document)?;
    if let (Some(event), Some(reason)) = (&asked.record, &asked.because) {
        let event = event_named(event)?;
        let objects = workspace.objects_here(&reader, source)?;
        let original = objects
            .iter()
            .find(|view| view.acquired().is_some_and(|custody| custody.derived_from.is_none()))
            .ok_or_else(|| {
                Failure::new(
                    "there is no original of it here",
                    "it was recorded without its bytes, or they were destroyed",
                )
            })?;
        let mut custody = Custody::new(original.object, event, Some(source), reason);
        custody.recipient.clone_from(&asked.to);
        workspace.record_custody(&workspace.owner(), custody)?;
    }
    let reader = workspace.ledger.read(&view)?;
    let objects = reader.objects_of(source)?;
    if common.json {
        let list: Vec<_> = objects
            .iter()
            .map(|view| {
                let events: Vec<_> = view
                    .custody
                    .iter()
                    .map(|(custody, at, by)| {
                        json!({
                            "event": custody.event.as_str(), "at": at.to_string(), "by": by, "reason": custody.reason,
                            "method": custody.method, "to": custody.recipient, "consent": custody.consent,
                            "consent_scope": custody.consent_scope,
                        })
                    })
                    .collect();
                let first = view.acquired();
                json!({
                    "sha256": view.object.to_string(),
                    "file": first.and_then(|custody| custody.file_name.clone()),
                    "media_type": first.and_then(|custody| custody.media_type.clone()),
                    "bytes": first.and_then(|custody| custody.size),
                    "derived_from": first.and_then(|custody| custody.derived_from).map(|object| object.to_string()),
                    "operation": first.and_then(|custody| custody.operation.clone()),
                    "events": events,
                })
            })
            .collect();
        text::json(&json!({ "id": source.to_string(), "label": reader.label(source)?, "objects": list }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = vec![reader.label(source)?];
    for view in &objects {
        let name = view.acquired().and_then(|custody| custody.file_name.as_deref()).unwrap_or("(no file name)");
        lines.push(format!("\n{name}\n  SHA-256 {}", view.object));
        for (custody, at, by) in &view.custody {
            let to = custody.recipient.as_deref().map(|whom| format!(" to {whom}")).unwrap_or_default();
            let how = custody.operation.as_deref().or(custody.method.as_deref());
            let how = how.map(|how| format!(" ({how})")).unwrap_or_default();
            lines.push(format!("  {at}  {}{to} by {by}: {}{how}", custody.event.as_str(), custody.reason));
            if let Some(consent) = &custody.consent {
                let scope = custody.consent_scope.as_deref().unwrap_or_default().join(", ");
                lines.push(format!(
                    "      consent: {consent}{}",
                    if scope.is_empty() { scope } else { format!(" [{scope}]") }
                ));
            }
        }
    }
    if objects.is_empty() {
        lines.push("No bytes of it were ever in this workspace.".into());
    }
    text::out(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn event_named(name: &str) -> Result<CustodyEvent, Failure> {
    use CustodyEvent as E;
    [E::Viewed, E::Transferred, E::Sealed, E::Hashed, E::Verified]
        .into_iter()
        .find(|event| event.as_str() == name)
        .ok_or_else(|| {
            Failure::usage(
                format!("“{name}” is not recorded by hand"),
                "viewed, transferred, sealed, hashed or verified; `add` acquires, `original` exports, `withdraw` destroys",
            )
        })
}

pub fn withdraw(common: &Common, asked: &Withdraw) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let source = open::the_thing(&reader, &asked.document)?;
    let (parts, others) = what_came_from(&reader, source)?;
    drop(reader);
    let mut gone = workspace.withdraw_consent(&workspace.owner(), source, &asked.because)?;
    for (part, _) in &parts {
        let more = workspace.withdraw_consent(&workspace.owner(), *part, &asked.because)?;
        gone.objects += more.objects;
        gone.kept += more.kept;
        gone.claims += more.claims;
        gone.position = more.position;
    }
    let ids = |list: &[(EntityId, String)]| list.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>();
    if common.json {
        text::json(&json!({
            "withdrawn": source.to_string(), "objects": gone.objects, "kept": gone.kept, "claims": gone.claims,
            "position": gone.position, "parts": ids(&parts), "derived_documents": ids(&others),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = vec![format!(
        "{} and the words of {} are destroyed; entry {} says so. Copies elsewhere (backups, exports, what was published) are not touched.",
        text::counted(gone.objects as u64, "object", "objects"),
        text::counted(gone.claims as u64, "claim", "claims"),
        gone.position
    )];
    if !parts.is_empty() {
        lines.push("With it, what was inside it:".into());
        lines.extend(parts.iter().map(|(id, title)| format!("  {id}  {title}")));
    }
    if gone.kept > 0 {
        lines.push(format!(
            "{} stay: another document has the same bytes. If it came from the same giver, withdraw that too.",
            text::counted(gone.kept as u64, "object", "objects")
        ));
    }
    if !others.is_empty() {
        lines.push("Other documents say that they come from it, and are untouched:".into());
        lines.extend(others.iter().map(|(id, title)| format!("  {id}  {title}")));
    }
    text::out(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

type Named = Vec<(EntityId, String)>;

/// The documents that were taken out of this one (attachments, a package's documents, and theirs), and the others that come from it.
fn what_came_from(reader: &Reader<'_>, source: EntityId) -> Result<(Named, Named), Failure> {
    let (mut parts, mut others): (Named, Named) = (Vec::new(), Vec::new());
    let mut waiting = vec![source];
    while let Some(whole) = waiting.pop() {
        for related in reader.related(whole)?.into_iter().filter(|related| related.property == "derivedFrom") {
            let taken_out = reader.objects_of(related.id)?.iter().any(|view| {
                view.acquired().and_then(|custody| custody.method.as_deref()).is_some_and(intake::taken_out)
            });
            let known = parts.iter().any(|(id, _)| *id == related.id);
            match (taken_out, known) {
                (true, false) => {
                    parts.push((related.id, related.title));
                    waiting.push(related.id);
                }
                (true, true) => {}
                (false, _) => others.push((related.id, related.title)),
            }
        }
    }
    Ok((parts, others))
}

pub fn original(common: &Common, asked: &Original) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let source = open::the_thing(&reader, &asked.document)?;
    // The file first: what cannot be written is not said to have been given out.
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&asked.to)
        .map_err(|error| Failure::io("cannot write", &asked.to, &error))?;
    let given =
        intake::give_out(&workspace, &workspace.owner(), &reader, source, &asked.whom, &asked.because, asked.stripped);
    let given = match given {
        Ok(given) => given,
        Err(error) => {
            let _ = std::fs::remove_file(&asked.to);
            return Err(error.into());
        }
    };
    file.write_all(&given.bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| Failure::io("cannot write", &asked.to, &error))?;
    if common.json {
        text::json(&json!({
            "file": asked.to, "sha256": given.sha256.to_string(), "media_type": given.media_type, "fields_removed": given.removed,
        }))?;
    } else {
        let removed = if asked.stripped {
            format!(" {} of metadata were taken out.", text::counted(given.removed as u64, "field", "fields"))
        } else {
            String::new()
        };
        text::out(&format!("{}  SHA-256 {}.{removed}", asked.to.display(), given.sha256))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn reread(common: &Common, asked: &Asked) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let source = open::the_thing(&reader, &asked.thing)?;
    let done = intake::read_again(&workspace, &workspace.owner(), &reader, &open::readers()?, source)?;
    if common.json {
        text::json(&json!({
            "id": source.to_string(), "changed": done.changed, "quoted": done.quoted, "lost": done.lost, "warnings": done.warnings,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = vec![if done.changed {
        format!(
            "Its text is another than before. Of {} in its words, {} found again.",
            text::counted(done.quoted as u64, "claim", "claims"),
            done.quoted - done.lost
        )
    } else {
        "Its text is the same as before.".into()
    }];
    lines.extend(done.warnings.iter().map(|warning| format!("! {warning}")));
    text::out(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
