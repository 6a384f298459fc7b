//! What a PDF says of itself: the information dictionary and XMP.

use super::actual::string;
use crate::document::Document;
use crate::xml::Element;
use hayro_syntax::Pdf;
use hayro_syntax::object::{self, DateTime, Dict, Stream};

pub fn read(pdf: &Pdf, document: &mut Document) {
    let info = pdf.metadata();
    for (key, value) in [
        ("Title", &info.title),
        ("Author", &info.author),
        ("Subject", &info.subject),
        ("Keywords", &info.keywords),
        ("Creator", &info.creator),
        ("Producer", &info.producer),
    ] {
        if let Some(value) = value {
            document.tell(key, string(value));
        }
    }
    for (key, value) in [("Created", &info.creation_date), ("Modified", &info.modification_date)] {
        if let Some(value) = value {
            document.tell(key, written(value));
        }
    }
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return };
    document.language =
        catalog.get::<object::String<'_>>(b"Lang".as_slice()).map(|tag| string(&tag)).filter(|tag| !tag.is_empty());
    if let Some(stream) = catalog.get::<Stream<'_>>(b"Metadata".as_slice())
        && let Ok(bytes) = stream.decoded()
        && bytes.len() < 4 << 20
        && let Ok(root) = crate::xml::parse(&crate::decode::text(&bytes), "pdf")
    {
        xmp(&root, document, 0);
    }
    let said = |key: &str| document.about.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    let title = said("Title").filter(|title| is_title(title));
    let author = said("Author");
    document.title = title;
    document.byline = author.filter(|author| author.chars().any(char::is_whitespace) && author.chars().count() < 120);
}

/// Programs put file names where titles should be.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let file = [".doc", ".docx", ".pdf", ".indd", ".rtf", ".odt", ".qxd", ".tmp", ".xlsx"]
        .iter()
        .any(|end| lower.ends_with(end));
    title.chars().count() >= 4 && !file && !lower.starts_with("microsoft word") && !lower.starts_with("untitled")
}

/// As ISO 8601.
fn written(date: &DateTime) -> String {
    let sign = if date.utc_offset_hour < 0 { '-' } else { '+' };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
        date.year,
        date.month,
        date.day,
        date.hour,
        date.minute,
        date.second,
        date.utc_offset_hour.unsigned_abs(),
        date.utc_offset_minute
    )
}

fn xmp(element: &Element, document: &mut Document, depth: usize) {
    if depth > 12 {
        return;
    }
    const NAMES: [(&str, &str); 10] = [
        ("title", "Title"),
        ("creator", "Author"),
        ("description", "Subject"),
        ("Keywords", "Keywords"),
        ("Producer", "Producer"),
        ("CreatorTool", "Creator"),
        ("CreateDate", "Created"),
        ("ModifyDate", "Modified"),
        ("DocumentID", "DocumentID"),
        ("Company", "Company"),
    ];
    for (name, value) in &element.attributes {
        if let Some((_, key)) = NAMES.iter().find(|(known, _)| known == name) {
            document.tell(key, value.as_str());
        }
    }
    if let Some((_, key)) = NAMES.iter().find(|(known, _)| *known == element.name) {
        document.tell(key, crate::writer::collapse(&element.all_text()));
        return;
    }
    for child in element.elements() {
        xmp(child, document, depth + 1);
    }
}
