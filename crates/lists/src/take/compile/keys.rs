//! By what the rows of a table are known, and to which rows of another they belong.

use std::collections::{HashMap, HashSet};

use schema::fold;

use super::{Compiling, Keys, Parent, TableTaker};
use crate::file::{MadeBy, Table};
use crate::mapping::{TableRules, Words};

impl Compiling<'_> {
    pub(super) fn table(&mut self, at: usize, table: &Table) -> TableTaker {
        let rules = self.rules(&table.name).cloned().unwrap_or_default();
        let main = at == 0;
        let names = if rules.key.is_empty() && main { self.mapping.file.key.clone() } else { rules.key.clone() };
        let mut ordinal = rules.ordinal;
        let columns = if names.is_empty() {
            let (columns, alike) = self.found_key(table, main);
            ordinal |= alike;
            columns
        } else {
            self.columns("key", table, &names, true)
        };
        let key = if columns.is_empty() {
            let column = table.corrected.then(|| table.headers.len() - 2);
            Keys::Content { column }
        } else {
            Keys::Columns { columns, ordinal }
        };
        TableTaker {
            table: at,
            name: table.name.clone(),
            entities: Vec::new(),
            key,
            language: if main { self.language(table) } else { None },
            parent: None,
            headers: table.headers.clone(),
            unmapped: Vec::new(),
            mapped: vec![false; table.headers.len()],
            seen: HashSet::new(),
            ordinals: HashMap::new(),
        }
    }

    fn language(&mut self, table: &Table) -> Option<usize> {
        let name = self.mapping.file.language.as_ref()?;
        self.column("file.language", table, name, false)
    }

    pub(super) fn rules(&self, table: &str) -> Option<&TableRules> {
        self.mapping.tables.iter().find(|rules| fold(&rules.name) == fold(table))
    }

    /// The column that programs and people call the key; for repeats of Kobo's the submission's, of which there are several.
    pub(super) fn found_key(&self, table: &Table, main: bool) -> (Vec<usize>, bool) {
        let at = |name: &str| table.headers.iter().position(|header| fold(header) == fold(name));
        if table.made_by == MadeBy::Kobo && !main && at("_uuid").is_none() {
            return match at("_submission__uuid").or_else(|| at("_parent_index")) {
                Some(column) => (vec![column], true),
                None => (Vec::new(), false),
            };
        }
        let found = Words::get().keys.iter().find_map(|name| at(name));
        (found.into_iter().collect(), false)
    }

    /// Which rows belong to which: by the mapping's word, or as ODK and Kobo write it.
    pub(super) fn parents(&mut self, tables: &mut [TableTaker]) {
        let Some(main) = tables.iter().position(|taker| taker.table == 0) else { return };
        let main_headers = tables[main].headers.clone();
        for (number, taker) in tables.iter_mut().enumerate() {
            if number == main {
                continue;
            }
            let table = &self.file.tables[taker.table];
            let rules = self.rules(&table.name).cloned().unwrap_or_default();
            let at = |name: &str| table.headers.iter().position(|header| fold(header) == fold(name));
            let parent = match &rules.parent {
                Some(name) => self.column("table", table, name, true).map(|column| (column, rules.parent_key.clone())),
                None => at("PARENT_KEY")
                    .or_else(|| at("_submission__uuid"))
                    .map(|column| (column, None))
                    .or_else(|| at("_parent_index").map(|column| (column, Some("_index".to_owned())))),
            };
            let Some((column, by)) = parent else { continue };
            let by = by.and_then(|name| {
                let found = main_headers.iter().position(|header| fold(header) == fold(&name));
                if found.is_none() {
                    self.fault("table", format!("the main table has no column “{name}”"), "See `parent_key`.");
                }
                found
            });
            taker.parent = Some(Parent { column, of: main, by, keys: HashMap::new() });
        }
    }
}
