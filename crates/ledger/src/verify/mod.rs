//! Is every entry as it was written? From the file's pages up to the tree, naming what is not.
//!
//! Pages, entries and items are checked at the same time, each on a connection of its own. Entries and items are read as of one moment,
//! so that others may go on writing meanwhile; the checkpoint beside the database is read before that moment.

mod entries;
mod items;

use std::sync::mpsc::sync_channel;

use crate::Error;
use crate::id::Digest;
use crate::ledger::Ledger;
use crate::storage::{Backend, Head, Medium, Storage};

/// More findings than this are counted, not listed.
const MOST_FINDINGS: usize = 200;
/// Entries checked ahead of their items.
const AHEAD: usize = 256;
/// Attempts to see entries and items at one moment while others write.
const ATTEMPTS: usize = 50;

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `page 7 of ledger.db`, `entry 12`, `item 3 of entry 12`, `the checkpoint`. Items count from 0, as in their addresses.
    pub place: String,
    pub problem: String,
}

/// What was checked and what was found.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// Pages of the database file.
    pub pages: u64,
    pub entries: u64,
    pub items: u64,
    pub claims: u64,
    /// Items whose payload was destroyed, with an entry that says so.
    pub erased: u64,
    /// Items that a newer version wrote: their commitments hold, what they say is not understood.
    pub not_understood: u64,
    pub position: u64,
    /// Root of the tree over all entries.
    pub root: Digest,
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub more: u64,
}

impl VerifyReport {
    #[must_use]
    pub fn ok(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Findings as they come in, the first of them kept.
#[derive(Debug, Default)]
struct Findings {
    listed: Vec<Finding>,
    more: u64,
}

impl Findings {
    fn find(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        if self.listed.len() < MOST_FINDINGS {
            self.listed.push(Finding { place: place.into(), problem: problem.into() });
        } else {
            self.more += 1;
        }
    }

    fn extend(&mut self, other: Findings) {
        self.more += other.more;
        for finding in other.listed {
            self.find(finding.place, finding.problem);
        }
    }

    /// Above damaged pages nothing can be trusted and reading may fail anywhere: what fails there is one more finding, not an end.
    fn fail(&mut self, error: Error, damaged: bool) -> Result<(), Error> {
        match error {
            Error::Damaged { place, problem } => self.find(place, problem),
            error if damaged => self.find("ledger.db", error.to_string()),
            error => return Err(error),
        }
        Ok(())
    }
}

/// The check of the pages alone, for a file that does not open.
///
/// # Errors
/// When the file cannot be read at all.
pub(crate) fn medium(backend: &dyn Backend) -> Result<Vec<Finding>, Error> {
    let mut findings = Findings::default();
    pages(backend.check_medium(), &mut findings)?;
    Ok(findings.listed)
}

/// Tells what is wrong with pages; how many there are.
fn pages(medium: Result<Medium, Error>, findings: &mut Findings) -> Result<u64, Error> {
    match medium {
        Ok(Medium { pages, damaged, more }) => {
            for (page, problem) in damaged {
                findings.find(page.map_or("ledger.db".to_owned(), |page| format!("page {page} of ledger.db")), problem);
            }
            findings.more += more;
            Ok(pages)
        }
        Err(error) => findings.fail(error, false).map(|()| 0),
    }
}

pub(crate) fn run(ledger: &Ledger, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, Error> {
    let beside = ledger.checkpoint_beside();
    let (medium, contents) = std::thread::scope(|scope| {
        let medium = scope.spawn(|| ledger.backend().check_medium());
        let contents = contents(ledger, beside.as_deref(), progress);
        (medium.join().unwrap_or_else(|_| Err(Error::Storage("the check of the pages broke off".into()))), contents)
    });
    let mut findings = Findings::default();
    let pages = pages(medium, &mut findings)?;
    let damaged = !findings.listed.is_empty();
    let mut report = VerifyReport {
        pages,
        entries: 0,
        items: 0,
        claims: 0,
        erased: 0,
        not_understood: 0,
        position: 0,
        root: Digest([0; 32]),
        findings: Vec::new(),
        more: 0,
    };
    match contents {
        Err(error) => findings.fail(error, damaged)?,
        Ok((position, entries, items)) => {
            let failed = [entries.error, items.error];
            let damaged = damaged || failed.iter().flatten().any(Error::is_damage);
            for error in failed.into_iter().flatten() {
                findings.fail(error, damaged)?;
            }
            findings.extend(entries.findings);
            findings.extend(items.findings);
            report = VerifyReport {
                entries: entries.entries,
                root: entries.root,
                items: items.items,
                claims: items.claims,
                erased: items.erased,
                not_understood: items.not_understood,
                position,
                ..report
            };
        }
    }
    Ok(VerifyReport { findings: findings.listed, more: findings.more, ..report })
}

/// Entries on a second connection, items here, so that `progress` is told by the thread that asked.
fn contents(
    ledger: &Ledger,
    beside: Option<&str>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(u64, entries::Checked, items::Checked), Error> {
    let (first, second, head) = one_moment(ledger.backend())?;
    let position = head.position;
    let (send, receive) = sync_channel(AHEAD);
    let (entries, items) = std::thread::scope(|scope| {
        let entries = scope.spawn(move || entries::check(first.as_ref(), ledger, &head, beside, &send));
        let items = items::check(second.as_ref(), receive, &mut |done| progress(done, position));
        (entries.join(), items)
    });
    let entries = entries.map_err(|_| Error::Storage("the check of the entries broke off".into()))?;
    Ok((position, entries, items))
}

/// Two connections that see the same moment, and where the ledger stands then.
type Moment = (Box<dyn Storage>, Box<dyn Storage>, Head);

fn one_moment(backend: &dyn Backend) -> Result<Moment, Error> {
    let mut first = backend.connect()?;
    let mut second = backend.connect()?;
    for _ in 0..ATTEMPTS {
        first.snapshot()?;
        second.snapshot()?;
        let (one, other) = (first.head()?, second.head()?);
        if one.position == other.position {
            return Ok((first, second, one));
        }
        first.rollback();
        second.rollback();
    }
    Err(Error::Busy)
}
