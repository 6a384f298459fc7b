//! What each organisation brought, which lists know a person, and how the lists overlap.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{ClaimState, Reader, View};
use schema::{EntityId, Value};
use serde::Serialize;
use workspace::Workspace;

use crate::error::Error;
use crate::ledger_rows::rows_of;
use crate::record::{Import, imports};

/// More lists than this are not held against each other: a set of them is one number of 64 bits.
const MOST_LISTS: usize = 64;
/// Entities after which a new reader is taken: readers remember what they read.
const STRIDE: usize = 500;

/// One list of this view.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    pub name: String,
    /// The document that is the source of all its claims, as text of its id.
    pub document: String,
    /// Whose list it is.
    pub by: Option<String>,
    pub asserter: Option<String>,
    /// What it is a list of.
    pub schema: String,
    /// Rows of its imports that stand.
    pub rows: u64,
    /// Entities of that schema of which a claim of the list stands in this view; those judged to be one count once.
    pub entities: u64,
    /// Oldest first, undone ones too.
    pub imports: Vec<Import>,
}

/// A set of lists, and how many entities exactly these know.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Overlap {
    /// Places in [`Lists::lists`], ascending.
    pub lists: Vec<usize>,
    pub count: u64,
}

/// The lists of a view, with who is on which.
#[derive(Clone, Debug)]
pub struct Lists {
    pub lists: Vec<List>,
    /// Of each entity (the first of those judged to be one), the lists that know it: bit n for list n.
    members: BTreeMap<EntityId, u64>,
}

/// The lists of this view, without who is on them: one pass over the imports.
///
/// # Errors
/// As the ledger says; so for all that follow.
pub fn lists_in(reader: &Reader<'_>) -> Result<Vec<List>, Error> {
    let mut lists: Vec<List> = Vec::new();
    for import in imports(reader)? {
        let Some(document) = import.document_id() else { continue };
        if reader.schema_of(document)?.is_none() {
            continue;
        }
        let at = lists.iter().position(|list| list.document == import.document);
        let at = at.unwrap_or_else(|| {
            lists.push(List {
                name: import.list.clone(),
                document: import.document.clone(),
                by: import.by.clone(),
                asserter: import.asserter.clone(),
                schema: import.schema.clone(),
                rows: 0,
                entities: 0,
                imports: Vec::new(),
            });
            lists.len() - 1
        });
        lists[at].imports.push(import);
    }
    Ok(lists)
}

impl Lists {
    /// Reads who is on which list: entities of this schema (`Person`) and its descendants. It reads the claims of every such entity once,
    /// some 10,000 a second; keep the answer for the ledger's position.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn read(workspace: &Workspace, view: &View, schema: &str) -> Result<Lists, Error> {
        let mut reader = workspace.ledger.read(view)?;
        let mut lists = lists_in(&reader)?;
        lists.truncate(MOST_LISTS);
        let mut members: BTreeMap<EntityId, u64> = BTreeMap::new();
        let mut seen = 0;
        for (bit, list) in lists.iter_mut().enumerate() {
            let Ok(document) = list.document.parse::<EntityId>() else { continue };
            let mut keys = BTreeSet::new();
            let mut candidates = BTreeSet::new();
            for import in list.imports.iter().filter(|import| import.undone.is_none()) {
                match rows_of(workspace, import) {
                    Some(rows) => {
                        for row in rows {
                            keys.insert(row.key);
                            candidates.extend(row.entities.into_iter().map(|(_, id)| id));
                        }
                    }
                    None => candidates.extend(reader.claims_in(document)?.into_iter().map(|claim| claim.entity)),
                }
            }
            list.rows = keys.len() as u64;
            let mut own = BTreeSet::new();
            for id in candidates {
                seen += 1;
                if seen % STRIDE == 0 {
                    reader = workspace.ledger.read(view)?;
                }
                let Some(found) = reader.schema_of(id)? else { continue };
                if id == document || !reader.registry().is_a(&found, schema) || own.contains(&reader.shown_as(id)) {
                    continue;
                }
                let stands = reader.claims_about(id)?.into_iter().any(|claim| {
                    claim.source == Some(document) && claim.entity == id && claim.state == ClaimState::Stands
                });
                if stands {
                    own.insert(reader.shown_as(id));
                }
            }
            list.entities = own.len() as u64;
            for id in own {
                *members.entry(id).or_default() |= 1 << bit;
            }
        }
        Ok(Lists { lists, members })
    }

    /// Entities on the lists, those judged to be one counted once.
    #[must_use]
    pub fn documented(&self) -> u64 {
        self.members.len() as u64
    }

    /// For each set of lists the number of entities that exactly these know, the largest first: what an UpSet plot draws.
    #[must_use]
    pub fn overlaps(&self) -> Vec<Overlap> {
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        for mask in self.members.values() {
            *counts.entry(*mask).or_default() += 1;
        }
        let places = |mask: u64| (0..self.lists.len()).filter(|bit| mask >> bit & 1 == 1).collect();
        let mut overlaps: Vec<Overlap> =
            counts.into_iter().map(|(mask, count)| Overlap { lists: places(mask), count }).collect();
        overlaps.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.lists.cmp(&b.lists)));
        overlaps
    }

    /// The entities that exactly these lists know (places in [`Lists::lists`]), in the order of their ids.
    #[must_use]
    pub fn on(&self, lists: &[usize]) -> Vec<EntityId> {
        let wanted =
            lists.iter().fold(0, |mask, bit| mask | 1_u64.checked_shl(u32::try_from(*bit).unwrap_or(64)).unwrap_or(0));
        self.members.iter().filter(|(_, mask)| **mask == wanted).map(|(id, _)| *id).collect()
    }

    /// The table that estimates read: one column of 0 and 1 for each list, and `count`.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = Vec::new();
        for list in &self.lists {
            crate::unpack::put_cell(&mut out, &list.name);
            out.push(b',');
        }
        out.extend_from_slice(b"count\n");
        for overlap in self.overlaps() {
            for at in 0..self.lists.len() {
                out.extend_from_slice(if overlap.lists.contains(&at) { b"1," } else { b"0," });
            }
            out.extend_from_slice(format!("{}\n", overlap.count).as_bytes());
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// A list that knows somebody.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Known {
    pub list: String,
    pub document: String,
    pub by: Option<String>,
    /// Names and other names, as the list writes them.
    pub spellings: Vec<String>,
    /// Rows of the list, as a spreadsheet program numbers them.
    pub rows: Vec<String>,
    /// Claims of the list that stand.
    pub claims: u64,
}

/// Which lists know an entity, or those judged to be one with it, and under which spelling.
///
/// # Errors
/// As the ledger says.
pub fn knows(reader: &Reader<'_>, id: EntityId) -> Result<Vec<Known>, Error> {
    let lists = lists_in(reader)?;
    let mut known: Vec<Known> = Vec::new();
    for claim in reader.claims_about(id)? {
        let Some(source) = claim.source else { continue };
        let Some(list) = lists.iter().find(|list| list.document.parse() == Ok(source)) else { continue };
        if claim.state != ClaimState::Stands {
            continue;
        }
        let at = known.iter().position(|known| known.document == list.document).unwrap_or_else(|| {
            known.push(Known {
                list: list.name.clone(),
                document: list.document.clone(),
                by: list.by.clone(),
                spellings: Vec::new(),
                rows: Vec::new(),
                claims: 0,
            });
            known.len() - 1
        });
        let entry = &mut known[at];
        entry.claims += 1;
        if let Some(Value::Name(name)) = &claim.value
            && !entry.spellings.contains(&name.text)
        {
            entry.spellings.push(name.text.clone());
        }
        let row = claim.note.as_deref().and_then(|note| note.strip_prefix("row ")).map(str::to_owned);
        if let Some(row) = row.filter(|row| !entry.rows.contains(row)) {
            entry.rows.push(row);
        }
    }
    Ok(known)
}
