//! Searches that somebody keeps under a name: definitions in the ledger, like figures, seen by who is cleared as far as who saved them.

use ledger::{Author, Clearance, Define, Item, Ledger, Reader, Receipt};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::query::{Facet, Query};

/// The kind of definition.
const KIND: &str = "search";
/// Bytes.
const LONGEST_NAME: usize = 200;

/// A search under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub name: String,
    /// As typed.
    pub text: String,
    pub chosen: Vec<(Facet, String)>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    query: String,
    #[serde(default)]
    facets: Vec<(String, String)>,
}

/// The saved searches of this view, by name.
///
/// # Errors
/// As the ledger says.
pub fn saved(reader: &Reader<'_>) -> Result<Vec<Saved>, Error> {
    let definitions = reader.definitions(KIND)?;
    let read = |definition: ledger::Definition| {
        let written: Written = serde_json::from_str(&definition.text).ok()?;
        let chosen = written.facets.into_iter().filter_map(|(facet, value)| Some((Facet::named(&facet)?, value)));
        Some(Saved { name: definition.name, text: written.query, chosen: chosen.collect() })
    };
    Ok(definitions
        .into_iter()
        .filter_map(read)
        .filter(|saved| !saved.text.is_empty() || !saved.chosen.is_empty())
        .collect())
}

/// The saved search of this name.
///
/// # Errors
/// [`Error::NotSaved`].
pub fn saved_as(reader: &Reader<'_>, name: &str) -> Result<Saved, Error> {
    saved(reader)?.into_iter().find(|saved| saved.name == name).ok_or_else(|| Error::NotSaved(name.into()))
}

/// Keeps a search under a name; the one that had the name before stays in the history. What somebody looks for may say as much as what
/// they find, so it is as confidential as the view it was made in.
///
/// # Errors
/// [`Error::Saving`]; else as the ledger says.
pub fn save(
    ledger: &Ledger,
    author: &Author,
    reader: &Reader<'_>,
    name: &str,
    query: &Query,
) -> Result<Receipt, Error> {
    let name = name.trim();
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(char::is_control) {
        return Err(Error::Saving("a name of one short line"));
    }
    if query.node.is_none() && query.chosen.is_empty() {
        return Err(Error::Saving("something to look for"));
    }
    let facets = query.chosen.iter().map(|(facet, value)| (facet.as_str().to_owned(), value.clone())).collect();
    let text = serde_json::to_string(&Written { query: query.text.clone(), facets })
        .map_err(|error| Error::Index(error.to_string()))?;
    let define =
        Define { kind: KIND.into(), name: name.into(), text, clearance: Clearance::from(reader.cleared().level()) };
    Ok(ledger.append_new(author, vec![Item::Define(define)])?)
}
