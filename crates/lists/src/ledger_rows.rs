//! The rows of an import, kept in the vault beside the file: which entities each made, and a hash over all that it said.
//!
//! With it a row that says the same again costs no look into the ledger, and the entities of a list are found without reading all of its
//! claims. It holds no words, only ids and hashes. Where it is gone, everything is found in the ledger itself, more slowly.
//!
//! Bytes: `RLR1`; then for each row the first 16 bytes of the SHA-256 of its key, the same over what it says, the number of its entities (one
//! byte), and for each the number of its rule (one byte) and its id (16 bytes).

use std::collections::HashMap;

use ledger::Digest;
use schema::EntityId;
use workspace::Workspace;

use crate::record::Import;

const MAGIC: &[u8; 4] = b"RLR1";
/// What a row says that the list no longer has.
pub(crate) const GONE: u128 = 0;
/// More than a list of eight million rows.
const LARGEST: u64 = 1 << 30;

/// Written while rows are recorded.
pub(crate) struct RowsWriter {
    pub bytes: Vec<u8>,
}

impl RowsWriter {
    pub fn new() -> Self {
        RowsWriter { bytes: MAGIC.to_vec() }
    }

    pub fn row(&mut self, key: u128, said: u128, entities: &[(usize, EntityId)]) {
        self.bytes.extend_from_slice(&key.to_be_bytes());
        self.bytes.extend_from_slice(&said.to_be_bytes());
        let count = entities.len().min(255);
        self.bytes.push(u8::try_from(count).unwrap_or(255));
        for (rule, id) in &entities[..count] {
            self.bytes.push(u8::try_from(*rule).unwrap_or(255));
            self.bytes.extend_from_slice(id.bytes());
        }
    }
}

/// One row of it.
pub(crate) struct KeptRow {
    pub key: u128,
    pub said: u128,
    pub entities: Vec<(u8, EntityId)>,
}

/// The rows that an import recorded; none when they are no longer there.
pub(crate) fn rows_of(workspace: &Workspace, import: &Import) -> Option<Vec<KeptRow>> {
    let Digest(object) = import.rows_digest()?;
    let bytes = workspace.vault.read_bytes(&object, LARGEST).ok()?;
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let mut rows = Vec::new();
    while !rest.is_empty() {
        let (key, after) = rest.split_first_chunk::<16>()?;
        let (said, after) = after.split_first_chunk::<16>()?;
        let (count, mut after) = after.split_first()?;
        let mut entities = Vec::with_capacity(usize::from(*count));
        for _ in 0..*count {
            let (rule, next) = after.split_first()?;
            let (id, next) = next.split_first_chunk::<16>()?;
            entities.push((*rule, EntityId::from_bytes(*id)));
            after = next;
        }
        rows.push(KeptRow { key: u128::from_be_bytes(*key), said: u128::from_be_bytes(*said), entities });
        rest = after;
    }
    Some(rows)
}

/// What each row said last, by its key: of the list's imports that stand, the newest last.
pub(crate) fn said_before(workspace: &Workspace, imports: &[Import], list: EntityId) -> HashMap<u128, u128> {
    let mut said = HashMap::new();
    for import in imports.iter().filter(|import| import.document_id() == Some(list)) {
        for row in rows_of(workspace, import).unwrap_or_default() {
            // What an undone import touched is looked up in the ledger itself.
            match import.undone {
                None => said.insert(row.key, row.said),
                Some(_) => said.remove(&row.key),
            };
        }
    }
    said
}
