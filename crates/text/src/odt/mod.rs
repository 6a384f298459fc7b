//! ODT: OpenDocument text (ISO/IEC 26300), as a reader sees it with changes accepted.

mod body;

use crate::archive::Archive;
use crate::document::{BlockKind, Document, Options};
use crate::error::Error;
use crate::writer::Writer;
use crate::xml::{self, Element};

pub const FORMAT: &str = "odt";

pub fn read(bytes: &[u8], _options: &Options) -> Result<Document, Error> {
    let mut archive = Archive::open(bytes, FORMAT)?;
    check_open(&mut archive, FORMAT)?;
    let content =
        archive.text("content.xml")?.ok_or_else(|| Error::broken(FORMAT, "its part content.xml is missing"))?;
    let content = xml::parse(&content, FORMAT)?;
    let styles = archive.text("styles.xml")?.and_then(|text| xml::parse(&text, FORMAT).ok());
    let mut writer = Writer::new();
    about(&mut archive, &mut writer.document)?;
    body::write(&content, styles.as_ref(), &mut writer);
    let mut document = writer.finish(FORMAT)?;
    settle(&mut document);
    Ok(document)
}

/// Refuses a file whose parts are encrypted.
pub fn check_open(archive: &mut Archive<'_>, format: &str) -> Result<(), Error> {
    match archive.text("META-INF/manifest.xml")? {
        Some(manifest) if manifest.contains("encryption-data") => Err(Error::Encrypted { format: format.to_owned() }),
        _ => Ok(()),
    }
}

/// What the file says of itself.
pub fn about(archive: &mut Archive<'_>, document: &mut Document) -> Result<(), Error> {
    const NAMES: [(&str, &str); 9] = [
        ("title", "Title"),
        ("initial-creator", "Author"),
        ("creator", "LastModifiedBy"),
        ("creation-date", "Created"),
        ("date", "Modified"),
        ("subject", "Subject"),
        ("keyword", "Keywords"),
        ("description", "Description"),
        ("generator", "Application"),
    ];
    let Some(root) = archive.text("meta.xml")?.and_then(|text| xml::parse(&text, FORMAT).ok()) else { return Ok(()) };
    let fields = root.at(&["document-meta", "meta"]).into_iter().flat_map(Element::elements);
    for field in fields {
        let value = crate::writer::collapse(&field.all_text());
        if let Some((_, key)) = NAMES.iter().find(|(known, _)| *known == field.name) {
            document.tell(key, value);
        } else if field.name == "user-defined" {
            document.tell(field.attribute("name").unwrap_or("user-defined"), value);
        }
    }
    Ok(())
}

/// The title is what is printed as such, else what the properties say; the author's name stays a property, for
/// it is the name of whoever the program was sold to.
pub fn settle(document: &mut Document) {
    let first =
        document.blocks.iter().find(|block| block.kind == BlockKind::Title).map(|block| (block.start, block.end));
    let printed = first.map(|(start, end)| crate::count::Slices::new(&document.text).slice(start, end).to_owned());
    let said = document.about.iter().find(|(key, _)| key == "Title").map(|(_, value)| value.clone());
    let heading = document
        .blocks
        .iter()
        .take(6)
        .find(|block| block.kind == BlockKind::Heading(1))
        .map(|block| (block.start, block.end));
    let heading = heading.map(|(start, end)| crate::count::Slices::new(&document.text).slice(start, end).to_owned());
    document.title = printed.or(said).or(heading);
}

#[cfg(test)]
mod tests;
