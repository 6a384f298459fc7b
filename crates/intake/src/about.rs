//! What is recorded of a source itself: what whoever added it said, else what the file says; and its metadata, kept as claims.

use evidence::c2pa::Status;
use schema::{Registry, Value};

use crate::add::Arriving;

/// What whoever adds a file says of it. Empty: the file speaks for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub title: Option<String>,
    /// A term of `document-kinds`.
    pub kind: Option<String>,
    /// EDTF.
    pub published: Option<String>,
    pub url: Option<String>,
}

/// Fields of a file's metadata that become claims: more tell about its making than anybody can use.
const MOST_METADATA: usize = 60;
/// Longest value of one of them, in characters.
const LONGEST_VALUE: usize = 500;

/// The claims about a source, and what of it could not be one, with the reason.
pub(crate) fn about(
    registry: &Registry,
    arriving: &Arriving,
    document: &text::Document,
) -> (Vec<(String, Value)>, Vec<String>) {
    let given = &arriving.given;
    let mut said = Vec::new();
    let mut warnings = Vec::new();
    let mut say = |property: &str, text: Option<&str>, sure: bool| {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return };
        match registry.parse("Document", property, text, None) {
            Ok(value) => said.push((property.to_owned(), value)),
            // What a person typed wrongly is worth a word; what a file says in another form is not.
            Err(error) if sure => warnings.push(format!("{property}: {error}")),
            Err(_) => {}
        }
    };
    let file_title = document.title.as_deref().filter(|title| !title.trim().is_empty());
    say("title", given.title.as_deref().or(file_title).or(Some(&arriving.file_name)), true);
    say("kind", given.kind.as_deref(), true);
    match &given.published {
        Some(published) => say("published", Some(published), true),
        None => say("published", document.published.as_deref(), false),
    }
    match &given.url {
        Some(url) => say("sourceUrl", Some(url), true),
        None => say("sourceUrl", document.canonical.as_deref(), false),
    }
    say("language", document.language.as_deref(), false);
    say("author", document.byline.as_deref(), false);
    say("fileName", Some(&arriving.file_name), false);
    if let Some(parent) = arriving.derived_from {
        said.push(("derivedFrom".into(), Value::Entity(parent)));
    }
    (said, warnings)
}

/// What the file says of itself, as values of `metadata`: the reader's own findings (PDF, Office, e-mail) and what stands in
/// pictures.
pub(crate) fn metadata(
    registry: &Registry,
    package: &[(String, String)],
    document: &text::Document,
    bytes: &[u8],
) -> Vec<Value> {
    let mut all = package.to_vec();
    all.extend(document.about.iter().cloned());
    for field in evidence::metadata::read(bytes) {
        let known = all
            .iter()
            .any(|(key, text)| *text == field.value && key.to_lowercase().contains(&field.key.to_lowercase()));
        if !known {
            all.push((format!("{} {}", field.group, field.key), field.value));
        }
    }
    all.extend(content_credentials(bytes).map(|said| ("Content credentials (C2PA)".into(), said)));
    all.truncate(MOST_METADATA);
    let lines = all.iter().map(|(key, value)| format!("{key}: {}", shortened(value)));
    lines.filter_map(|line| registry.parse("Document", "metadata", &line, None).ok()).collect()
}

/// What a picture's C2PA manifest says, and whether it fits the picture. Whether to trust its signer is for people to say.
fn content_credentials(bytes: &[u8]) -> Option<String> {
    let manifest = match evidence::c2pa::read(bytes) {
        Ok(manifest) => manifest?,
        Err(error) => return Some(format!("there is a manifest that cannot be read: {error}")),
    };
    let state = match manifest.status {
        Status::Valid => "the manifest fits the file".to_owned(),
        Status::Tampered { why } => format!("the file or its manifest was changed after signing: {}", why.join("; ")),
        Status::NotJudged { why } => format!("not judged: {}", why.join("; ")),
    };
    let signer = manifest.signed_by.as_deref().unwrap_or("nobody named");
    let maker = manifest.generator.map(|maker| format!("; made with {maker}")).unwrap_or_default();
    let when = manifest.signed_at.map(|when| format!(" on {when}")).unwrap_or_default();
    Some(format!("{state}; signed by {signer}{when}, whose trust is not judged here{maker}"))
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= LONGEST_VALUE {
        return text.to_owned();
    }
    text.chars().take(LONGEST_VALUE - 1).chain(['…']).collect()
}
