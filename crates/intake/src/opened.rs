//! A source's words, given back as they were read: the text, and how it is made up.

use ledger::{ObjectHash, Reader};
use schema::EntityId;
use workspace::{Workspace, is_destroyed};

use crate::Error;
use crate::add::STRUCTURE;

/// The longest structure that is taken into memory, in bytes.
const LONGEST_STRUCTURE: u64 = 64 * 1024 * 1024;

/// A source's text and its structure.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The object whose text it is: what locators count in.
    pub text_of: ObjectHash,
    pub document: text::Document,
}

/// The words of a source, in this view. `None`: it has none, or none here. A text that came without a structure (an imported note, a
/// pasted text) is read anew, which costs little.
///
/// # Errors
/// When an object is missing or damaged.
pub fn opened(workspace: &Workspace, reader: &Reader<'_>, source: EntityId) -> Result<Option<Opened>, Error> {
    let Some(found) = workspace.text_of(reader, source)? else { return Ok(None) };
    for view in reader.objects_of(source)?.into_iter().rev() {
        let kept = view.acquired().and_then(|custody| custody.media_type.as_deref()) == Some(STRUCTURE);
        if !kept || is_destroyed(&view) {
            continue;
        }
        let bytes = workspace.vault.read_bytes(&view.object.0, LONGEST_STRUCTURE)?;
        // A newer version may keep more than this one knows; what it cannot read it does without.
        if let Ok(structure) = serde_json::from_slice::<text::Document>(&bytes) {
            let document = text::Document { text: found.text, ..structure };
            return Ok(Some(Opened { text_of: found.object, document }));
        }
    }
    let name = if found.media_type.contains("markdown") { "text.md" } else { "text.txt" };
    let document = match text::extract(found.text.as_bytes(), name, &text::Options::default()) {
        Ok(document) if document.text == found.text => document,
        // Blank, or told to be something else than text: it has no parts.
        _ => text::Document { text: found.text, ..text::Document::default() },
    };
    Ok(Some(Opened { text_of: found.object, document }))
}

/// The document as proposers read it, with what the ledger knows of it better than its bytes.
///
/// # Errors
/// As [`opened`], and when the text is none that can be read.
pub fn reading_of(
    workspace: &Workspace,
    reader: &Reader<'_>,
    source: EntityId,
) -> Result<Option<(ObjectHash, reading::Reading)>, Error> {
    let Some(opened) = opened(workspace, reader, source)? else { return Ok(None) };
    let mut reading = reading_from(&opened.document)?;
    if let Some(schema::Value::Date(date)) = reader.value(source, "published")? {
        reading.published = Some(date);
    }
    if let Some(title) = reader.value(source, "title")? {
        reading.title = Some(title.canonical());
    }
    Ok(Some((opened.text_of, reading)))
}

/// A document that was read by `text`, as proposers read it.
///
/// # Errors
/// When the text is none that can be read.
pub fn reading_from(document: &text::Document) -> Result<reading::Reading, Error> {
    let name = if document.format == "markdown" { "text.md" } else { "text.txt" };
    let mut reading = reading::read_text(document.text.as_bytes(), name)?;
    // Of plain text the first heading may be a menu's, and a date line within a sentence may be read in part; what
    // proposers take for title and date has looked at more.
    let plain = document.format == "text";
    if let Some(published) = document.published.as_deref().and_then(|text| schema::Date::parse(text).ok())
        && (!plain || reading.published.is_none())
    {
        reading.published = Some(published);
    }
    if let Some(title) = document.title.as_ref().filter(|_| !plain) {
        reading.title = Some(title.clone());
    }
    Ok(reading)
}
