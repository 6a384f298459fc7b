//! What the ledger keeps of an import itself: a definition of the kind `import`, by which it is found, told and undone.

use ledger::{Clearance, Define, Digest, Reader};
use schema::EntityId;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::mapping::Mapping;

/// The kind of definition.
pub(crate) const KIND: &str = "import";
/// How a retraction says by which import it was made; what people retract says no such thing.
const MARK: &str = "(import ";

/// One import of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Sixteen hexadecimal digits.
    pub id: String,
    pub list: String,
    /// The list's document, as text of its id.
    pub document: String,
    /// Whose list it is, in words, and as an entity.
    pub by: Option<String>,
    pub asserter: Option<String>,
    pub file: String,
    /// Of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Of the table of its rows in the vault.
    pub rows_object: Option<String>,
    /// RFC 3339.
    pub at: String,
    pub mapping: String,
    /// The schema of the mapping's first entity: what the list is a list of.
    pub schema: String,
    /// What was recorded.
    pub rows: u64,
    pub rows_taken: u64,
    pub entities: u64,
    pub claims: u64,
    pub retracted: u64,
    pub cells_refused: u64,
    /// The feed that wrote it, and the first and last of its entries there.
    pub feed: String,
    pub from: u64,
    pub to: u64,
    /// Entries in which claims of this import were recorded again, because the import that had retracted them was undone.
    #[serde(default)]
    pub again: Vec<(u64, u64)>,
    /// When and why it was undone.
    pub undone: Option<String>,
    /// Position of the ledger at which it was recorded; not written, told by the ledger.
    #[serde(skip)]
    pub position: u64,
}

impl Import {
    pub(crate) fn document_id(&self) -> Option<EntityId> {
        self.document.parse().ok()
    }

    pub(crate) fn rows_digest(&self) -> Option<Digest> {
        self.rows_object.as_ref()?.parse().ok()
    }

    /// Whose list it is, is not this reader's to know.
    fn keep_to_itself(&mut self) {
        (self.by, self.asserter) = (None, None);
        if let Ok(mut mapping) = Mapping::read(&self.mapping, "mapping") {
            mapping.by = None;
            self.mapping = mapping.write();
        }
    }

    pub(crate) fn define(&self, clearance: Clearance) -> Result<Define, Error> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::wrong(format!("the import cannot be written down: {error}"), ""))?;
        Ok(Define { kind: KIND.into(), name: self.id.clone(), text, clearance })
    }

    /// Whether an entry of this feed is one of this import's.
    pub(crate) fn wrote(&self, id: &ledger::ClaimId) -> bool {
        let feed: String = id.feed.iter().map(|byte| format!("{byte:02x}")).collect();
        let within = |(from, to): &(u64, u64)| (*from..=*to).contains(&id.sequence);
        feed == self.feed && (within(&(self.from, self.to)) || self.again.iter().any(within))
    }
}

/// The imports that this reader may see, oldest first, undone ones too. An organisation outside this view is not named in them.
///
/// # Errors
/// As the ledger says.
pub fn imports(reader: &Reader<'_>) -> Result<Vec<Import>, Error> {
    let mut found = Vec::new();
    for definition in reader.definitions(KIND)? {
        let Ok(mut import) = serde_json::from_str::<Import>(&definition.text) else { continue };
        let Some(document) = import.document_id() else { continue };
        if reader.schema_of(document)?.is_none() {
            continue;
        }
        import.position = definition.position;
        let asserter = import.asserter.as_deref().and_then(|id| id.parse().ok());
        if let Some(asserter) = asserter
            && reader.schema_of(asserter)?.is_none()
        {
            import.keep_to_itself();
        }
        found.push(import);
    }
    found.sort_by(|a, b| (&a.at, a.from).cmp(&(&b.at, b.from)));
    Ok(found)
}

/// The reason of a retraction that an import made.
pub(crate) fn reason(why: &str, import: &str) -> String {
    format!("{why} {MARK}{import})")
}

/// Whether a retraction was made by an import, not by a person.
pub(crate) fn by_import(reason: &str) -> bool {
    reason.ends_with(')') && reason.contains(MARK)
}

/// Whether it was made by that one.
pub(crate) fn by_this_import(reason: &str, import: &str) -> bool {
    reason.ends_with(&format!("{MARK}{import})"))
}
