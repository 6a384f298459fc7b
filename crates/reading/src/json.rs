//! Proposals as JSON, in the shape that `rapporteur propose --json` prints.

use serde::Serialize;

use crate::{Proposal, Reading};

#[derive(Serialize)]
struct Document<'a> {
    title: Option<&'a str>,
    published: Option<String>,
    language: Option<&'a str>,
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct Sheet<'a> {
    document: Document<'a>,
    proposals: &'a [Proposal],
}

/// One JSON value: the document, and what is proposed from it.
#[must_use]
pub fn propose_json(reading: &Reading, proposals: &[Proposal]) -> String {
    let sheet = Sheet {
        document: Document {
            title: reading.title.as_deref(),
            published: reading.published.map(|d| d.canonical()),
            language: reading.language.as_deref(),
            kind: reading.kind.as_deref(),
        },
        proposals,
    };
    // Strings, numbers and lists only: nothing here that JSON could refuse.
    serde_json::to_string_pretty(&sheet).unwrap_or_else(|_| "{}".to_owned())
}
