//! HTML: the article, not the menus.
//!
//! Which part of the page is the article, `dom_smoothie` (Mozilla's Readability) says; what is in it, we walk
//! ourselves, because Readability drops tables, signatories and footnotes that its scoring takes for furniture.

mod article;
mod element;
mod meta;
mod notes;
mod table;
mod tree;
mod walk;

pub use element::ordinal;
pub use meta::address;

use crate::document::{Document, Options};
use crate::error::Error;
use crate::writer::Writer;

/// A page larger than this is data, not a document.
const MAX_BYTES: usize = 64 << 20;

pub fn read(bytes: &[u8], options: &Options) -> Result<Document, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::too_large("html", "the page has more than 64 MB"));
    }
    let label = meta::charset(bytes);
    read_text(&crate::decode::declared(bytes, label.as_deref()), options)
}

/// Reads a page that is decoded already.
pub fn read_text(page: &str, options: &Options) -> Result<Document, Error> {
    read_page(page, options, true)
}

/// Reads a page that is a document from end to end (an e-mail's body).
pub fn read_whole(page: &str, options: &Options) -> Result<Document, Error> {
    read_page(page, options, false)
}

fn read_page(page: &str, _options: &Options, framed: bool) -> Result<Document, Error> {
    let parsed = dom_query::Document::from(page);
    let tree = tree::Tree::new(&parsed, framed);
    let meta = meta::Meta::read(&tree);
    let choice = if framed { article::choose(&tree, parsed) } else { article::whole(&tree) };
    let notes = notes::Notes::find(&tree);
    let mut writer = Writer::new();
    walk::write(&tree, &choice, &notes, &meta, &mut writer);
    let cut = tree.cut;
    let mut document = writer.finish("html")?;
    meta.settle(&mut document);
    if cut {
        document.warn("the page has more than a million elements; only the first million were read");
    }
    Ok(document)
}

#[cfg(test)]
mod tests;
