//! What each organisation brought, which lists know a person, and how the lists overlap.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::num::NonZero;

use ledger::{AsOf, ClaimState, Reader, View};
use schema::{EntityId, Registry, Value};
use serde::Serialize;
use workspace::Workspace;

use crate::error::Error;
use crate::ledger_rows::rows_of;
use crate::mapping::Mapping;
use crate::record::{Import, imports};

/// More lists than this are not held against each other: a set of them is one number of 64 bits.
const MOST_LISTS: usize = 64;
/// Entities after which a new reader is taken: readers remember what they read.
const STRIDE: usize = 500;
/// More processors than these read nothing faster: they wait for one disk.
const MOST_THREADS: usize = 4;

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
    /// on all processors; keep the answer for the ledger's position.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn read(workspace: &Workspace, view: &View, schema: &str) -> Result<Lists, Error> {
        let reader = workspace.ledger.read(view)?;
        let view = view.clone().at(AsOf::Position(reader.position()));
        let mut lists = lists_in(&reader)?;
        lists.truncate(MOST_LISTS);
        let mut members: BTreeMap<EntityId, u64> = BTreeMap::new();
        for (bit, list) in lists.iter_mut().enumerate() {
            let Ok(document) = list.document.parse::<EntityId>() else { continue };
            let mut keys = HashSet::new();
            // In the order in which they were recorded: so they lie beside each other in the ledger.
            let (mut candidates, mut met) = (Vec::new(), HashSet::new());
            for import in list.imports.iter().filter(|import| import.undone.is_none()) {
                let Some(rows) = rows_of(workspace, import) else {
                    let claimed = reader.claims_in(document)?.into_iter().map(|claim| claim.entity);
                    candidates.extend(claimed.filter(|id| *id != document && met.insert(*id)));
                    continue;
                };
                let wanted = rules_of(import, schema, reader.registry());
                for row in rows {
                    keys.insert(row.key);
                    let ids = row.entities.into_iter().filter(|(rule, _)| wanted(*rule)).map(|(_, id)| id);
                    candidates.extend(ids.filter(|id| met.insert(*id)));
                }
            }
            drop(met);
            list.rows = keys.len() as u64;
            let own = standing(workspace, &view, schema, document, &candidates)?;
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

/// Which rules of an import's mapping make entities of this schema: what others make need not be looked at.
fn rules_of(import: &Import, schema: &str, registry: &Registry) -> impl Fn(u8) -> bool + use<> {
    let mapping = Mapping::read(&import.mapping, "mapping").unwrap_or_default();
    let made: Vec<bool> = mapping.entities.iter().map(|entity| registry.is_a(&entity.schema, schema)).collect();
    move |rule| made.get(usize::from(rule)).copied().unwrap_or(true)
}

/// Those of whom a claim of the list stands, as the view shows them.
fn standing(
    workspace: &Workspace,
    view: &View,
    schema: &str,
    document: EntityId,
    candidates: &[EntityId],
) -> Result<BTreeSet<EntityId>, Error> {
    let look = |some: &[EntityId]| -> Result<Vec<EntityId>, Error> {
        let mut found = Vec::new();
        for few in some.chunks(STRIDE) {
            let reader = workspace.ledger.read(view)?;
            for id in few {
                if !reader.schema_of(*id)?.is_some_and(|found| reader.registry().is_a(&found, schema)) {
                    continue;
                }
                let stands = reader.claims_about(*id)?.into_iter().any(|claim| {
                    claim.source == Some(document) && claim.entity == *id && claim.state == ClaimState::Stands
                });
                found.extend(stands.then(|| reader.shown_as(*id)));
            }
        }
        Ok(found)
    };
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let share = candidates.len().div_ceil(processors).max(STRIDE);
    let answers: Vec<Result<Vec<EntityId>, Error>> = std::thread::scope(|scope| {
        let threads: Vec<_> = candidates.chunks(share).map(|some| scope.spawn(move || look(some))).collect();
        let broken = || Error::wrong("the lists could not be counted", "try again");
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(broken()))).collect()
    });
    let mut own = BTreeSet::new();
    for answer in answers {
        own.extend(answer?);
    }
    Ok(own)
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
