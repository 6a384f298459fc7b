//! One import under way: rows in, entries out, in batches of constant size.

mod missing;
mod row;
mod write;

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use ledger::{Item, Reader, Receipt, Transaction};
use schema::{EntityId, Registry, fold};
use sha2::Digest as _;
use workspace::{Addition, Workspace};

use crate::error::Error;
use crate::file::{ListFile, MadeBy};
use crate::import::{Options, Progress, RejectedTo, Take, imports_of, keepers_view};
use crate::ledger_rows::RowsWriter;
use crate::mapping::Mapping;
use crate::organisation::By;
use crate::record::Import;
use crate::rejected::Rejects;
use crate::report::{Problem, Report};
use crate::rows::{CellFault, Row};
use crate::take::{Compiled, Refused, Taken, Why};

pub use missing::Here;

/// Items of one entry, about: a row is never parted.
const BATCH: usize = 6_000;
/// Rows between two reports of progress, and between two new readers, which remember what they read.
const STRIDE: u64 = 500;
pub struct Session<'a, 'p, 'r> {
    pub workspace: &'a Workspace,
    pub file: &'a ListFile,
    pub mapping: &'a Mapping,
    pub options: &'a Options,
    pub registry: Arc<Registry>,
    pub document: EntityId,
    pub by: Option<By>,
    /// What each row said at the last import.
    pub known: HashMap<u128, u128>,
    pub here: Here,
    /// The list's imports so far, as they were when the import was begun.
    pub before: Vec<Import>,
    /// The list was never here.
    pub first: bool,
    pub report: Report,
    pub progress: &'p mut dyn FnMut(Progress) -> ControlFlow<()>,
    pub rejected: Option<&'p mut RejectedTo<'r>>,
    pub compiled: Compiled,
}

/// Where what is taken goes.
struct Out<'t, 'w, 'x> {
    /// None: it is only looked at.
    writing: Option<(&'t mut Transaction<'w>, &'t mut Addition<'x>)>,
    import: String,
    items: Vec<Item>,
    made: HashSet<EntityId>,
    /// Claims on entities that several rows share.
    shared: HashSet<u128>,
    rows: RowsWriter,
    entries: Vec<(u64, [u8; 4])>,
    position: u64,
    begun: bool,
}

impl Session<'_, '_, '_> {
    /// What the report says before the first row.
    pub fn begin_report(&mut self) {
        let skipped = |name: &str| self.mapping.file.skip.iter().any(|skip| fold(skip) == fold(name));
        self.report.missing_columns.clone_from(&self.compiled.missing);
        for table in &self.compiled.tables {
            let whose = if table.name.is_empty() { String::new() } else { format!("{}: ", table.name) };
            self.report.unmapped.extend(table.unmapped.iter().map(|column| format!("{whose}{column}")));
        }
        let used = |at: usize| self.compiled.tables.iter().any(|taker| taker.table == at);
        for (at, table) in self.file.tables.iter().enumerate() {
            if !used(at) && (table.made_by != MadeBy::FollowTheMoney || skipped(&table.name)) {
                self.report.notices.push(format!("the table {} is not mapped; it is kept with the file", table.name));
            }
        }
    }

    /// Looks, and records nothing.
    pub fn look(&mut self) -> Result<(), Error> {
        let mut out = Out::new(None, String::new());
        self.run(&mut out)?;
        self.report.hint = (!self.report.is_whole() && self.options.take == Take::All).then(|| {
            "An import of everything would be refused: correct the rows, or import with --take-good.".to_owned()
        });
        Ok(())
    }

    /// Records everything in this transaction.
    pub fn record(&mut self, transaction: &mut Transaction<'_>, addition: &mut Addition<'_>) -> Result<(), Error> {
        let position = {
            let reader = transaction.read(&keepers_view())?;
            // From here on nobody else writes.
            if imports_of(&reader, self.document)? != self.before {
                return Err(Error::Overtaken);
            }
            reader.position()
        };
        let digest = sha2::Sha256::new_with_prefix(b"rapporteur/import/v1")
            .chain_update(self.document.bytes())
            .chain_update(self.file.sha256)
            .chain_update(position.to_be_bytes())
            .finalize();
        let id: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let mut out = Out::new(Some((transaction, addition)), id);
        self.run(&mut out)?;
        if self.options.take == Take::All && !self.report.is_whole() {
            return Err(Error::NotWhole(Box::default()));
        }
        self.flush(&mut out)?;
        self.end(&mut out)
    }

    fn run(&mut self, out: &mut Out<'_, '_, '_>) -> Result<(), Error> {
        let ahead = if self.compiled.looks_ahead { Some(self.look_ahead()?) } else { None };
        let mut progress = Progress { of: self.file.size, ..Progress::default() };
        for number in 0..self.compiled.tables.len() {
            let table = self.file.tables[self.compiled.tables[number].table].clone();
            let mut rows = self.file.rows(&table)?;
            let mut rejects: Option<Rejects<Box<dyn Write>>> = None;
            let mut reader: Option<Reader<'_>> = None;
            let workspace = self.workspace;
            let done = progress.bytes;
            while let Some(row) = rows.next_row()? {
                if number > 0 && row.faults.iter().any(|(_, fault)| matches!(fault, CellFault::NoObject(_))) {
                    continue;
                }
                if progress.rows.is_multiple_of(STRIDE) {
                    progress.bytes = done + rows.read();
                    if (self.progress)(progress).is_break() {
                        return Err(Error::Stopped);
                    }
                    reader = None;
                }
                progress.rows += 1;
                self.report.rows += 1;
                if reader.is_none() && !self.first {
                    reader = Some(workspace.ledger.read(&keepers_view())?);
                }
                let mut taken = self.compiled.take(number, &row, &self.registry);
                self.links(&row, &mut taken, number, ahead.as_ref(), reader.as_ref(), out)?;
                self.meet(number, &taken);
                let kept = self.tell(&table.name, &table.headers, &row, &taken, &mut rejects)?;
                if !kept {
                    continue;
                }
                self.compiled.remember(number, &row, &taken.key);
                if self.is_doomed() {
                    out.made.extend(taken.entities.iter().map(|entity| entity.id));
                    continue;
                }
                self.row(number, &row, taken, reader.as_ref(), out)?;
                if out.items.len() >= BATCH {
                    self.flush(out)?;
                }
            }
            progress.bytes = done + rows.read();
            if let Some(rejects) = rejects {
                rejects.end().map_err(rejected_file)?;
            }
        }
        self.of_no_use(&mut progress)?;
        self.missing(out)?;
        let _ = (self.progress)(progress);
        if self.report.rows == 0 {
            self.report.notices.push("there are headings and no rows: nothing is recorded".into());
        }
        Ok(())
    }

    /// Entities of a stream for which the mapping has no rule: each is told, and stands in the file of refused rows.
    fn of_no_use(&mut self, progress: &mut Progress) -> Result<(), Error> {
        let file = self.file;
        for (at, table) in file.tables.iter().enumerate() {
            let skipped = self.mapping.file.skip.iter().any(|skip| fold(skip) == fold(&table.name));
            let used = self.compiled.tables.iter().any(|taker| taker.table == at);
            if used || skipped || table.made_by != MadeBy::FollowTheMoney {
                continue;
            }
            let mut rejects: Option<Rejects<Box<dyn Write>>> = None;
            let mut rows = file.rows(table)?;
            while let Some(row) = rows.next_row()? {
                if row.faults.iter().any(|(_, fault)| matches!(fault, CellFault::NoObject(_))) {
                    continue;
                }
                progress.rows += 1;
                self.report.rows += 1;
                let why = Why::new(
                    format!(
                        "of a thing called “{}” nothing can be said here: the mapping has no rule for it",
                        table.name
                    ),
                    format!(
                        "Give it one, leave all of them out with skip = [\"{}\"] under [file] in the mapping, or take only what is good; \
                         the file itself is kept whole.",
                        table.name
                    ),
                );
                let refused = Refused { column: None, value: row.cells.first().cloned().unwrap_or_default(), why };
                let taken = Taken { refused: vec![refused], lost: true, ..Taken::default() };
                self.tell(&table.name, &table.headers, &row, &taken, &mut rejects)?;
            }
            if let Some(rejects) = rejects {
                rejects.end().map_err(rejected_file)?;
            }
        }
        Ok(())
    }

    /// Nothing will be recorded any more: the rest is looked at for the report.
    fn is_doomed(&self) -> bool {
        self.options.take == Take::All && !self.report.is_whole() && !self.options.dry_run
    }

    /// Puts what is wrong with a row into the report and into the file of refused rows. `false`: nothing of the row is taken.
    fn tell(
        &mut self,
        table: &str,
        headers: &[String],
        row: &Row,
        taken: &Taken,
        rejects: &mut Option<Rejects<Box<dyn Write>>>,
    ) -> Result<bool, Error> {
        let lost = taken.lost || (self.options.take == Take::WholeRows && !taken.refused.is_empty());
        for word in &taken.nothing {
            if self.report.nothing.len() < 100 || self.report.nothing.contains_key(word) {
                *self.report.nothing.entry(word.clone()).or_default() += 1;
            }
        }
        for remark in &taken.remarks {
            self.report.remark(Problem::new(table, row.number, row.line, headers, remark, false));
        }
        if row.cells.len() < headers.len() && row.faults.is_empty() && row.line > 0 && !taken.lost {
            let why =
                format!("the row has {} of {} cells; the others were taken as empty", row.cells.len(), headers.len());
            let remark = Refused { column: None, value: String::new(), why: Why::new(why, "") };
            self.report.remark(Problem::new(table, row.number, row.line, headers, &remark, false));
        }
        match (lost, taken.refused.is_empty()) {
            (true, _) => self.report.rows_refused += 1,
            (false, false) => self.report.rows_in_part += 1,
            (false, true) => self.report.rows_whole += 1,
        }
        if taken.refused.is_empty() {
            return Ok(true);
        }
        let mut why = Vec::new();
        for refused in &taken.refused {
            let problem = Problem::new(table, row.number, row.line, headers, refused, lost);
            let column = if problem.column.is_empty() { String::new() } else { format!("{}: ", problem.column) };
            why.push(format!("{column}{}.", problem.reason));
            self.report.refuse(problem);
        }
        if let Some(open) = self.rejected.as_mut() {
            let rejects = match rejects {
                Some(rejects) => rejects,
                none => {
                    let to = open(table).map_err(rejected_file)?;
                    none.insert(Rejects::new(to, headers).map_err(rejected_file)?)
                }
            };
            rejects.row(&row.cells, &taken.key, &why.join(" ")).map_err(rejected_file)?;
        }
        Ok(!lost)
    }

    /// Ids of all entities that the file's rows make: a stream of entities points forwards, too.
    fn look_ahead(&mut self) -> Result<HashMap<EntityId, usize>, Error> {
        let mut ids = HashMap::new();
        let file = self.file;
        for number in 0..self.compiled.tables.len() {
            let mut rows = file.rows(&file.tables[self.compiled.tables[number].table])?;
            while let Some(row) = rows.next_row()? {
                let taken = self.compiled.take(number, &row, &self.registry);
                if !taken.lost && (self.options.take != Take::WholeRows || taken.refused.is_empty()) {
                    self.compiled.remember(number, &row, &taken.key);
                    ids.extend(taken.entities.iter().map(|entity| (entity.id, entity.rule)));
                }
            }
        }
        for table in &mut self.compiled.tables {
            table.seen.clear();
            table.ordinals.clear();
        }
        Ok(ids)
    }
}

impl<'t, 'w, 'x> Out<'t, 'w, 'x> {
    fn new(writing: Option<(&'t mut Transaction<'w>, &'t mut Addition<'x>)>, import: String) -> Self {
        Out {
            writing,
            import,
            items: Vec::new(),
            made: HashSet::new(),
            shared: HashSet::new(),
            rows: RowsWriter::new(),
            entries: Vec::new(),
            position: 0,
            begun: false,
        }
    }

    fn noted(&mut self, receipt: &Receipt) {
        self.position = receipt.position;
        if let Some(first) = receipt.claims.first() {
            // The first and the last are all that is asked for.
            self.entries.truncate(1);
            self.entries.push((first.sequence, first.feed));
        }
    }
}

fn rejected_file(source: std::io::Error) -> Error {
    Error::Io { doing: "writing the refused rows to", path: "the file of refused rows".into(), source }
}
