//! Undo: what an import recorded no longer stands. Nothing is lost; the reason is kept.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ledger::{Author, Claim, ClaimState, ClaimView, Item, Reader, Retract};
use schema::EntityId;
use serde::Serialize;
use workspace::Workspace;

use crate::error::Error;
use crate::import::{document_of, keepers_view, view_of};
use crate::ledger_rows::rows_of;
use crate::record::{Import, by_this_import, imports, reason};

/// Which imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of a list, by its name.
    List(String),
    /// One, by its id or the beginning of it.
    Import(String),
}

/// What an undo did.
#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
pub struct Undone {
    pub imports: Vec<String>,
    /// Claims that no longer stand.
    pub retracted: u64,
    /// Claims of earlier imports that stand again, because the import that had retracted them is undone.
    pub again: u64,
    pub position: Option<u64>,
}

const BATCH: usize = 5_000;
/// Entities after which a new reader is taken: readers remember what they read.
const STRIDE: usize = 500;

/// Retracts everything that the import or the list's imports recorded of their rows, in one transaction. The document with its file stays,
/// as do claims that a person made.
///
/// # Errors
/// When there is no such import, it is undone already, or nobody says why; and as the ledger says. Then nothing was recorded.
pub fn undo(workspace: &Workspace, author: &Author, which: &Which, why: &str) -> Result<Undone, Error> {
    if why.trim().is_empty() {
        return Err(Error::wrong(
            "an undo needs its reason",
            "say why: it is kept with every claim that no longer stands",
        ));
    }
    let own = view_of(&workspace.ledger.read(&keepers_view())?, author)?;
    let mut undone = Undone::default();
    // The newest first: an earlier import's claims stand again before they are undone themselves.
    workspace.ledger.append_all_with(author, |transaction| -> Result<(), Error> {
        let visible = choose(&transaction.read(&own)?, which)?;
        let before = imports(&transaction.read(&keepers_view())?)?;
        let chosen: Vec<Import> = before.iter().filter(|import| visible.contains(&import.id)).cloned().collect();
        undone.imports = visible;
        let mut all = before.clone();
        for import in chosen.iter().rev() {
            let entities = entities_of(workspace, import)?;
            let mut items = Vec::new();
            let text = reason(&format!("undone: {}", why.trim()), &import.id);
            let keep = |id: &str| chosen.iter().all(|other| other.id != id);
            let current = all.iter().find(|other| other.id == import.id).cloned().unwrap_or_else(|| import.clone());
            let mut again: BTreeMap<String, Vec<Item>> = BTreeMap::new();
            for some in entities.chunks(STRIDE) {
                {
                    let reader = transaction.read(&keepers_view())?;
                    for id in some {
                        for view in ours(&reader, *id, &current)? {
                            match &view.state {
                                ClaimState::Stands | ClaimState::OutsideStandard if current.wrote(&view.id) => {
                                    undone.retracted += 1;
                                    let claim = view.id;
                                    items.push(Item::Retract(Retract { claim, reason: text.clone(), origin: None }));
                                }
                                ClaimState::Retracted { reason, .. } if by_this_import(reason, &import.id) => {
                                    let earlier =
                                        all.iter().find(|other| other.undone.is_none() && other.wrote(&view.id));
                                    if let Some(earlier) = earlier.filter(|earlier| keep(&earlier.id))
                                        && let Some(claim) = claim_of(&view)
                                    {
                                        undone.again += 1;
                                        again.entry(earlier.id.clone()).or_default().push(Item::Claim(claim));
                                    }
                                }
                                _ => {}
                            }
                        }
                    }
                }
                if items.len() >= BATCH {
                    write(transaction, &mut items, &mut again, &mut all, &mut undone)?;
                }
            }
            write(transaction, &mut items, &mut again, &mut all, &mut undone)?;
            if let Some(record) = all.iter_mut().find(|other| other.id == import.id) {
                record.undone = Some(why.trim().to_owned());
            }
        }
        let mut records = Vec::new();
        for import in all.iter().filter(|import| before.iter().all(|other| other != *import)) {
            let clearance = clearance_of(transaction, import)?;
            records.push(Item::Define(import.define(clearance)?));
        }
        undone.position = Some(transaction.append(records)?.position);
        Ok(())
    })?;
    Ok(undone)
}

/// Appends what is gathered: the retractions as one entry, and one for each import whose claims stand again.
fn write(
    transaction: &mut ledger::Transaction<'_>,
    items: &mut Vec<Item>,
    again: &mut BTreeMap<String, Vec<Item>>,
    all: &mut [Import],
    undone: &mut Undone,
) -> Result<(), Error> {
    if !items.is_empty() {
        undone.position = Some(transaction.append(std::mem::take(items))?.position);
    }
    for (id, claims) in std::mem::take(again) {
        let receipt = transaction.append(claims)?;
        undone.position = Some(receipt.position);
        let sequence = receipt.claims.first().map(|claim| claim.sequence);
        if let (Some(sequence), Some(import)) = (sequence, all.iter_mut().find(|import| import.id == id)) {
            import.again.push((sequence, sequence));
        }
    }
    Ok(())
}

/// Ids of the imports that are meant, of those that the reader sees.
fn choose(reader: &Reader<'_>, which: &Which) -> Result<Vec<String>, Error> {
    let all = imports(reader)?;
    let (found, what): (Vec<&Import>, String) = match which {
        Which::List(name) => {
            let document = document_of(reader, name)?;
            let of_it = all.iter().filter(|import| document.is_some() && import.document_id() == document);
            (of_it.collect(), format!("list “{name}”"))
        }
        Which::Import(id) => (
            all.iter().filter(|import| id.len() >= 4 && import.id.starts_with(id.as_str())).collect(),
            format!("import {id}"),
        ),
    };
    if matches!(which, Which::Import(_)) && found.len() > 1 {
        return Err(Error::wrong("several imports begin so", "write more of the id"));
    }
    if found.is_empty() {
        let lists: BTreeSet<&str> = all.iter().map(|import| import.list.as_str()).collect();
        let lists: Vec<&str> = lists.into_iter().collect();
        let hint = if lists.is_empty() {
            "no list was taken in yet".into()
        } else {
            format!("lists here: {}", lists.join(", "))
        };
        return Err(Error::wrong(format!("there is no {what}"), hint));
    }
    let standing: Vec<String> =
        found.into_iter().filter(|import| import.undone.is_none()).map(|import| import.id.clone()).collect();
    if standing.is_empty() {
        return Err(Error::wrong(format!("the {what} is undone already"), "see its history"));
    }
    Ok(standing)
}

/// Entities of an import's rows, by its table of rows or, without it, by the claims themselves.
fn entities_of(workspace: &Workspace, import: &Import) -> Result<Vec<EntityId>, Error> {
    if let Some(rows) = rows_of(workspace, import) {
        // In the order in which they were recorded: so they lie beside each other in the ledger.
        let mut seen = HashSet::new();
        let ids = rows.into_iter().flat_map(|row| row.entities.into_iter().map(|(_, id)| id));
        return Ok(ids.filter(|id| seen.insert(*id)).collect());
    }
    claimed_in(workspace, import)
}

fn claimed_in(workspace: &Workspace, import: &Import) -> Result<Vec<EntityId>, Error> {
    let reader = workspace.ledger.read(&keepers_view())?;
    let Some(document) = import.document_id() else { return Ok(Vec::new()) };
    let ids: BTreeSet<EntityId> =
        reader.claims_in(document)?.into_iter().map(|view| view.entity).filter(|id| *id != document).collect();
    Ok(ids.into_iter().collect())
}

/// Claims of the list about exactly this entity.
fn ours(reader: &Reader<'_>, id: EntityId, import: &Import) -> Result<Vec<ClaimView>, Error> {
    let document = import.document_id();
    let views = reader.claims_about(id)?;
    Ok(views.into_iter().filter(|view| view.entity == id && view.source.is_some() && view.source == document).collect())
}

/// The same claim once more.
fn claim_of(view: &ClaimView) -> Option<Claim> {
    Some(Claim {
        asserter: view.asserter,
        locator: view.locator.clone(),
        no_words: view.no_words.clone(),
        clearance: view.clearance.clone(),
        note: view.note.clone(),
        ..Claim::new(view.entity, &view.property, view.value.as_ref()?, view.source?)
    })
}

fn clearance_of(transaction: &ledger::Transaction<'_>, import: &Import) -> Result<ledger::Clearance, Error> {
    let reader = transaction.read(&keepers_view())?;
    let known = reader.definition(crate::record::KIND, &import.id)?.map(|definition| definition.clearance);
    Ok(known.unwrap_or_else(ledger::Clearance::internal))
}
