//! Reading a document again, when the program reads better than it did: the new text stands beside the old one, and claims find their
//! words in it ([`text::find_again`]). Nothing that was recorded is touched.

use ledger::{Author, Reader};
use schema::EntityId;
use workspace::{Derived, Workspace};

use crate::Error;
use crate::add::derived;
use crate::opened::opened;
use crate::readers::Readers;

/// The longest original that is read again, in bytes.
const LONGEST: u64 = 64 * 1024 * 1024;

/// What came of reading a document again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadAgain {
    /// The text is another than before.
    pub changed: bool,
    /// Claims in the document's words.
    pub quoted: usize,
    /// Those whose words are not found in the new text: they keep their quotation and their old text.
    pub lost: usize,
    pub warnings: Vec<String>,
}

/// Reads a source's original again, and keeps the new text if it differs.
///
/// # Errors
/// When there is no original here, or it cannot be read.
pub fn read_again(
    workspace: &Workspace,
    author: &Author,
    reader: &Reader<'_>,
    readers: &Readers,
    source: EntityId,
) -> Result<ReadAgain, Error> {
    let views = workspace.objects_here(reader, source)?;
    let original = views.iter().find(|view| view.acquired().is_some_and(|custody| custody.derived_from.is_none()));
    let Some((view, custody)) = original.and_then(|view| Some((view, view.acquired()?))) else {
        return Err(Error::wrong(
            "there is no original of it here",
            "only what was added with its file can be read again",
        ));
    };
    let name = custody.file_name.clone().unwrap_or_default();
    let bytes = workspace.vault.read_bytes(&view.object.0, LONGEST)?;
    let document = readers
        .read(&bytes, &name, &text::Options { attachments: false, ..text::Options::default() })
        .map_err(|error| Error::wrong(format!("{name}: {error}"), "the text that was read before stays"))?;
    let before = opened(workspace, reader, source)?;
    let changed = before.as_ref().is_none_or(|before| before.document.text != document.text);
    let mut done = ReadAgain { changed, warnings: document.warnings.clone(), ..ReadAgain::default() };
    for claim in reader.claims_in(source)? {
        if let Some(locator) = &claim.locator {
            done.quoted += 1;
            done.lost += usize::from(place(&document.text, locator).is_none());
        }
    }
    if changed {
        for part in derived(&document, &name)? {
            workspace.add_derived(author, source, view.object, part)?;
        }
    } else if let Some(before) = before
        && structure_of(&before.document) != structure_of(&document)
    {
        let structure: Option<Derived> = derived(&document, &name)?.pop();
        if let Some(structure) = structure {
            workspace.add_derived(author, source, view.object, structure)?;
        }
    }
    Ok(done)
}

fn structure_of(document: &text::Document) -> text::Document {
    text::Document { text: String::new(), attachments: Vec::new(), ..document.clone() }
}

/// Where a claim's words stand in this text, in code points: as they were counted in it, or found again in it.
#[must_use]
pub fn place(text: &str, locator: &ledger::Locator) -> Option<(u64, u64)> {
    let selector = text::Selector {
        exact: &locator.exact,
        prefix: locator.prefix.as_deref(),
        suffix: locator.suffix.as_deref(),
        start: locator.start,
    };
    text::find_again(text, &selector).map(|found| (u64::from(found.start), u64::from(found.end)))
}
