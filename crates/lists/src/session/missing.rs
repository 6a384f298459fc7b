//! Rows that the list had before and that the file no longer has: they are told, and taken back where that was asked for. A file may be
//! only a part of its list, so nothing is taken back unasked.

use std::collections::{HashMap, HashSet};

use ledger::{Item, Retract};
use schema::EntityId;

use super::{BATCH, Out, Session};
use crate::error::{Error, counted};
use crate::import::keepers_view;
use crate::ledger_rows::{GONE, rows_of};
use crate::record::reason;
use crate::take::{Taken, hash_of};

/// What the file's rows are about, whatever came of them.
#[derive(Default)]
pub struct Here {
    rows: HashSet<u128>,
    entities: HashSet<EntityId>,
    /// A row so broken that nobody knows which it is.
    unknown: bool,
}

impl Session<'_, '_, '_> {
    /// By what a row is known in the next import.
    pub(super) fn key_of(&self, number: usize, taken: &Taken) -> u128 {
        let lang = taken.lang.as_ref().map_or_else(String::new, |lang| format!("\u{1F}{lang}"));
        hash_of(&format!("{}\u{1F}{}{lang}", self.compiled.tables[number].name, taken.key))
    }

    pub(super) fn meet(&mut self, number: usize, taken: &Taken) {
        if self.known.is_empty() {
            return;
        }
        if taken.key.is_empty() {
            self.here.unknown = true;
            return;
        }
        let key = self.key_of(number, taken);
        self.here.rows.insert(key);
        self.here.entities.extend(taken.entities.iter().map(|entity| entity.id));
    }

    /// After the last row.
    pub(super) fn missing(&mut self, out: &mut Out<'_, '_, '_>) -> Result<(), Error> {
        let corrected = self.file.tables.iter().any(|table| table.corrected);
        let gone = |(key, said): &(&u128, &u128)| **said != GONE && !self.here.rows.contains(*key);
        let missing: HashSet<u128> = self.known.iter().filter(gone).map(|(key, _)| *key).collect();
        if corrected || missing.is_empty() || self.is_doomed() {
            return Ok(());
        }
        self.report.rows_missing = missing.len() as u64;
        let rows = counted(self.report.rows_missing, "row");
        let (are, stand) = if missing.len() == 1 { ("is", "its claims stand") } else { ("are", "their claims stand") };
        let told = format!("{rows} of the earlier version {are} not in this file");
        if self.here.unknown {
            let how = "some rows of the file are broken, and may be those: correct them first";
            self.report.notices.push(format!("{told}; {stand}: {how}"));
            return Ok(());
        }
        if !self.options.retract_missing {
            self.report.notices.push(format!("{told}; {stand}: --retract-missing takes them back"));
            return Ok(());
        }
        let retracted = self.take_back(&missing, out)?;
        self.report.notices.push(format!("{told}: {} taken back", counted(retracted, "claim")));
        Ok(())
    }

    fn take_back(&mut self, missing: &HashSet<u128>, out: &mut Out<'_, '_, '_>) -> Result<u64, Error> {
        // A row's newest entities last.
        let mut made: HashMap<u128, Vec<(u8, EntityId)>> = HashMap::new();
        for import in self.before.iter().filter(|import| import.undone.is_none()) {
            let rows = rows_of(self.workspace, import).unwrap_or_default();
            made.extend(rows.into_iter().filter(|row| missing.contains(&row.key)).map(|row| (row.key, row.entities)));
        }
        let reader = self.workspace.ledger.read(&keepers_view())?;
        let why = reason("the list no longer has this row", &out.import);
        let mut done = HashSet::new();
        let mut retracted = 0;
        for (key, entities) in made {
            let mut ids = Vec::new();
            for (rule, id) in entities {
                // What another row tells of as well stays.
                if self.here.entities.contains(&id) {
                    continue;
                }
                ids.push((usize::from(rule), id));
                if !done.insert(id) {
                    continue;
                }
                let mut claims = self.all_of(&reader, id)?;
                // What somebody said by hand with the list as its source is theirs.
                claims.retain(|claim| self.before.iter().any(|import| import.wrote(claim)));
                retracted += claims.len() as u64;
                if out.writing.is_some() {
                    let retract = |claim| Item::Retract(Retract { claim, reason: why.clone(), origin: None });
                    out.items.extend(claims.into_iter().map(retract));
                }
            }
            out.rows.row(key, GONE, &ids);
            if out.items.len() >= BATCH {
                self.flush(out)?;
            }
        }
        self.report.retracted += retracted;
        Ok(retracted)
    }
}
