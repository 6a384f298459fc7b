//! DOCX: WordprocessingML (ECMA-376 part 1, §17).
//!
//! What a reader sees with changes accepted: insertions are in, deletions are out. Headers, footers and comments
//! are no part of the text.

mod body;
mod numbering;
mod styles;

use crate::archive::Archive;
use crate::document::{Document, Options};
use crate::error::Error;
use crate::writer::Writer;
use crate::xml::{self, Element};

pub const FORMAT: &str = "docx";

pub fn read(bytes: &[u8], _options: &Options) -> Result<Document, Error> {
    let mut archive = Archive::open(bytes, FORMAT)?;
    let main = main_part(&mut archive)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let part = |archive: &mut Archive<'_>, name: &str| -> Result<Option<Element>, Error> {
        let name = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        archive.text(&name)?.map(|text| xml::parse(&text, FORMAT)).transpose()
    };
    let text = archive.text(&main)?.ok_or_else(|| Error::broken(FORMAT, format!("its part {main} is missing")))?;
    let document = xml::parse(&text, FORMAT)?;
    drop(text);
    let styles = styles::Styles::new(part(&mut archive, "styles.xml")?.as_ref());
    let numbering = numbering::Numbering::new(part(&mut archive, "numbering.xml")?.as_ref());
    let footnotes = part(&mut archive, "footnotes.xml")?;
    let endnotes = part(&mut archive, "endnotes.xml")?;
    let mut writer = Writer::new();
    properties(&mut archive, &mut writer.document)?;
    body::write(&document, body::Parts { styles, numbering, footnotes, endnotes }, &mut writer);
    let mut document = writer.finish(FORMAT)?;
    crate::odt::settle(&mut document);
    Ok(document)
}

/// The main part, as the package says; its usual place otherwise.
fn main_part(archive: &mut Archive<'_>) -> Result<String, Error> {
    let relations = archive.text("_rels/.rels")?.and_then(|text| xml::parse(&text, FORMAT).ok());
    let named = relations.as_ref().and_then(|root| root.child("Relationships")).and_then(|list| {
        list.elements()
            .find(|relation| relation.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument")))
            .and_then(|relation| relation.attribute("Target"))
    });
    Ok(named.map_or_else(|| "word/document.xml".to_owned(), |target| target.trim_start_matches('/').to_owned()))
}

/// What the file says of itself: core and application properties.
pub fn properties(archive: &mut Archive<'_>, document: &mut Document) -> Result<(), Error> {
    const NAMES: [(&str, &str); 12] = [
        ("title", "Title"),
        ("creator", "Author"),
        ("lastModifiedBy", "LastModifiedBy"),
        ("created", "Created"),
        ("modified", "Modified"),
        ("subject", "Subject"),
        ("keywords", "Keywords"),
        ("description", "Description"),
        ("Application", "Application"),
        ("Company", "Company"),
        ("Manager", "Manager"),
        ("lastPrinted", "LastPrinted"),
    ];
    for name in ["docProps/core.xml", "docProps/app.xml"] {
        // Properties that cannot be read are no reason not to read the words.
        let Some(root) = archive.text(name)?.and_then(|text| xml::parse(&text, FORMAT).ok()) else { continue };
        for field in root.elements().flat_map(Element::elements) {
            if let Some((_, key)) = NAMES.iter().find(|(known, _)| *known == field.name) {
                document.tell(key, crate::writer::collapse(&field.all_text()));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
