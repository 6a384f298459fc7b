//! Is every entry as it was written? From the file's pages up to the tree, naming what is not.

use std::collections::HashMap;

use schema::EntityId;

use crate::Error;
use crate::clock::Clock;
use crate::entry::{EntryHeader, Feed, commit};
use crate::id::Digest;
use crate::item::{Item, Target};
use crate::ledger::Ledger;
use crate::merkle::{self, Frontier};
use crate::storage::{Backend, Columns, EntryRow, ItemNo, RawItem, Storage};

/// More findings than this are counted, not listed.
const MOST_FINDINGS: usize = 200;

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `page 7 of ledger.db`, `entry 12`, `item 3 of entry 12`, `the checkpoint`.
    pub place: String,
    pub problem: String,
}

/// What was checked and what was found.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    pub entries: u64,
    pub items: u64,
    pub claims: u64,
    /// Items whose payload was destroyed, with an entry that says so.
    pub erased: u64,
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

    fn find(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding { place: place.into(), problem: problem.into() });
        } else {
            self.more += 1;
        }
    }
}

/// What is kept of an entry while its items are checked.
struct Expected {
    position: u64,
    commitments: Vec<u8>,
}

pub(crate) fn run(ledger: &Ledger, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, Error> {
    let mut report = VerifyReport {
        entries: 0,
        items: 0,
        claims: 0,
        erased: 0,
        position: 0,
        root: Digest([0; 32]),
        findings: Vec::new(),
        more: 0,
    };
    for finding in medium(ledger.backend())? {
        report.find(finding.place, finding.problem);
    }
    // Above damaged pages nothing can be trusted, and reading may fail anywhere; what fails is one more finding.
    if let Err(error) = entries_and_items(ledger, &mut report, progress) {
        if !report.findings.is_empty() || error.is_damage() {
            report.find("ledger.db", error.to_string());
        } else {
            return Err(error);
        }
    }
    Ok(report)
}

/// What is wrong with the pages below the entries: also when they are too damaged to be opened.
pub(crate) fn medium(backend: &dyn Backend) -> Result<Vec<Finding>, Error> {
    let place = |problem: &str| page_in(problem).map_or("ledger.db".to_owned(), |page| format!("page {page} of ledger.db"));
    Ok(backend.check_medium()?.into_iter().map(|problem| Finding { place: place(&problem), problem }).collect())
}

fn entries_and_items(ledger: &Ledger, report: &mut VerifyReport, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
    let storage = ledger.backend().connect()?;
    let head = storage.head()?;
    report.position = head.position;
    let mut chains: HashMap<Feed, (u64, Digest, Clock)> = HashMap::new();
    let mut keys = HashMap::new();
    let mut frontier = Frontier::default();
    let mut expected: Vec<Expected> = Vec::new();
    let mut next = 1;
    storage.each_entry(&mut |row, entry| {
        let place = format!("entry {}", row.position);
        if row.position != next {
            report.find(format!("entry {next}"), "it is missing");
        }
        next = row.position + 1;
        frontier.push(entry.hash);
        let key = match keys.entry(row.feed) {
            std::collections::hash_map::Entry::Occupied(known) => *known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => *new.insert(row.feed.key()?),
        };
        if let Err(problem) = entry.check(&key) {
            report.find(&place, problem);
        }
        match EntryHeader::decode(&entry.header) {
            Err(error) => report.find(&place, error.to_string()),
            Ok(header) => {
                check_header(ledger, &row, &header, chains.get(&row.feed), &place, report);
                chains.insert(row.feed, (header.sequence, entry.hash, header.clock));
                report.entries += 1;
                expected.push(Expected { position: row.position, commitments: header.commitments });
            }
        }
        progress(row.position, head.position);
        Ok(())
    })?;
    report.root = frontier.root();
    if frontier != head.frontier {
        report.find("the tree", format!("its {} leaves do not give the root that was kept", frontier.size()));
    }
    for feed in &head.feeds {
        if chains.get(&feed.feed).is_none_or(|(sequence, hash, _)| (*sequence, *hash) != (feed.sequence, feed.hash)) {
            report.find(format!("feed {}", feed.feed), "its last entry is not the one that was kept as its head");
        }
    }
    check_items(storage.as_ref(), ledger, &expected, report)?;
    check_checkpoints(ledger, &head.checkpoint, &frontier, &expected_hashes(storage.as_ref())?, report);
    Ok(())
}

fn check_header(
    ledger: &Ledger,
    row: &EntryRow,
    header: &EntryHeader,
    before: Option<&(u64, Digest, Clock)>,
    place: &str,
    report: &mut VerifyReport,
) {
    let (sequence, previous) = before.map_or((1, Digest([0; 32])), |(sequence, hash, _)| (sequence + 1, *hash));
    if header.sequence != sequence || header.previous != previous {
        report.find(place, format!("it does not follow entry {} of its feed", sequence - 1));
    }
    if before.is_some_and(|(_, _, clock)| header.clock <= *clock) {
        report.find(place, "its clock runs backwards");
    }
    if header.workspace != ledger.workspace_id() {
        report.find(place, "it is of another workspace");
    }
    if (header.feed, header.sequence, header.clock.time(), header.account) != (row.feed, row.sequence, row.at, row.account) {
        report.find(place, "the columns kept beside it are not its own");
    }
}

fn check_items(storage: &dyn Storage, ledger: &Ledger, expected: &[Expected], report: &mut VerifyReport) -> Result<(), Error> {
    let lookup = ledger.backend().connect()?;
    let mut entries = expected.iter().peekable();
    let mut seen = 0usize;
    let mut erased: Vec<ItemNo> = Vec::new();
    let mut explained: Vec<ItemNo> = Vec::new();
    let mut entities = 0u64;
    storage.each_item(&mut |item| {
        let position = item.no.position();
        while let Some(entry) = entries.peek()
            && entry.position < position
        {
            if seen != entry.commitments.len() / 32 {
                report.find(format!("entry {}", entry.position), format!("it has {} items, of which {seen} are here", entry.commitments.len() / 32));
            }
            seen = 0;
            entries.next();
        }
        seen += 1;
        report.items += 1;
        let place = || format!("item {} of entry {position}", item.no.index());
        let commitment = entries.peek().filter(|entry| entry.position == position).and_then(|entry| {
            let at = item.no.index() as usize * 32;
            entry.commitments.get(at..at + 32)
        });
        let Some(commitment) = commitment else {
            report.find(place(), "its entry does not commit to it");
            return Ok(());
        };
        let (Some(salt), Some(body)) = (&item.salt, &item.body) else {
            report.erased += 1;
            erased.push(item.no);
            return Ok(());
        };
        if commit(salt, body).0 != commitment {
            report.find(place(), "its words are not those that its entry committed to");
            return Ok(());
        }
        match Item::decode(body) {
            Err(error) => report.find(place(), error.to_string()),
            Ok(decoded) => {
                report.claims += u64::from(matches!(decoded, Item::Claim(_)));
                entities += u64::from(matches!(decoded, Item::Entity(_)));
                if let Item::Erase(erase) = &decoded
                    && let Some(row) = crate::check::item_row(lookup.as_ref(), erase.item)?
                {
                    explained.push(row.no);
                }
                if let Some(problem) = columns_differ(&item, &decoded, lookup.as_ref())? {
                    report.find(place(), problem);
                }
            }
        }
        Ok(())
    })?;
    for entry in entries {
        if seen != entry.commitments.len() / 32 {
            report.find(format!("entry {}", entry.position), format!("it has {} items, of which {seen} are here", entry.commitments.len() / 32));
        }
        seen = 0;
    }
    for no in erased {
        if !explained.contains(&no) {
            report.find(format!("item {} of entry {}", no.index(), no.position()), "its words are gone, and no entry says why");
        }
    }
    if lookup.entity_count()? != entities {
        report.find("the table of entities", format!("it has {} rows, the entries made {entities}", lookup.entity_count()?));
    }
    Ok(())
}

/// Whether the columns by which an item is found follow from its bytes.
fn columns_differ(raw: &RawItem, item: &Item, lookup: &dyn Storage) -> Result<Option<&'static str>, Error> {
    if raw.kind != item.kind() {
        return Ok(Some("it is filed under another kind"));
    }
    let about = |id: EntityId| Columns { subject: Some(id), ..Columns::default() };
    let upon = |id| -> Result<Columns, Error> {
        let Some(row) = crate::check::item_row(lookup, id)? else { return Ok(Columns::default()) };
        let subject = match row.body.as_deref().map(Item::decode).transpose()? {
            Some(Item::Claim(claim)) => Some(claim.entity),
            // What was destroyed cannot say what it was about: believe the column.
            None => raw.columns.subject,
            Some(_) => None,
        };
        Ok(Columns { subject, on_item: Some(row.no), ..Columns::default() })
    };
    let expected = match item {
        Item::Entity(entity) => {
            let row = lookup.entity(entity.id)?;
            let same = row.is_some_and(|row| {
                (row.schema, row.clearance, row.key, row.created) == (entity.schema.clone(), entity.clearance.clone(), entity.key.clone(), raw.no)
            });
            if !same {
                return Ok(Some("the entity is filed otherwise than it was made"));
            }
            about(entity.id)
        }
        Item::Claim(claim) => {
            let target = if claim.kind == "entity" { claim.value.parse().ok() } else { None };
            Columns { subject: Some(claim.entity), target, source: Some(claim.source), on_item: None }
        }
        Item::Retract(retract) => upon(retract.claim)?,
        Item::Prefer(prefer) => upon(prefer.claim)?,
        Item::Erase(erase) => upon(erase.item)?,
        Item::Assess(assess) => match assess.target {
            Target::Claim(claim) => upon(claim)?,
            Target::Entity(id) => about(id),
        },
        Item::Classify(classify) => match classify.target {
            Target::Claim(claim) => upon(claim)?,
            Target::Entity(id) => about(id),
        },
        Item::Judge(judge) => Columns { subject: Some(judge.a), target: Some(judge.b), ..Columns::default() },
        Item::Custody(custody) => Columns { subject: custody.source, ..Columns::default() },
        Item::Genesis(_) | Item::Account(_) | Item::Define(_) | Item::Publish(_) => Columns::default(),
        Item::Unknown { .. } => return Ok(None),
    };
    Ok((expected != raw.columns).then_some("it is filed under another entity or source than its own"))
}

fn expected_hashes(storage: &dyn Storage) -> Result<Vec<Digest>, Error> {
    let mut hashes = Vec::new();
    storage.each_entry(&mut |_, entry| {
        hashes.push(entry.hash);
        Ok(())
    })?;
    Ok(hashes)
}

/// The checkpoint kept inside must be of this tree; the one beside the database, of this tree or of an earlier state of it.
fn check_checkpoints(ledger: &Ledger, inside: &str, frontier: &Frontier, hashes: &[Digest], report: &mut VerifyReport) {
    let Ok(key) = ledger.feed().key() else { return };
    match merkle::open_checkpoint(inside, &ledger.origin(), &key) {
        Ok(checkpoint) if (checkpoint.size, checkpoint.root) == (frontier.size(), frontier.root()) => {}
        Ok(_) => report.find("the checkpoint", "it is not of these entries"),
        Err(error) => report.find("the checkpoint", error.to_string()),
    }
    let Some(beside) = ledger.checkpoint_beside() else {
        report.find("the file `checkpoint`", "it is missing from the workspace’s folder");
        return;
    };
    match merkle::open_checkpoint(&beside, &ledger.origin(), &key) {
        Ok(checkpoint) if checkpoint.size > frontier.size() => report.find(
            format!("entries {} to {}", frontier.size() + 1, checkpoint.size),
            "they were recorded and are gone: ledger.db is an older copy, or was cut off",
        ),
        Ok(checkpoint) => {
            let size = usize::try_from(checkpoint.size).unwrap_or(usize::MAX).min(hashes.len());
            if merkle::root(&hashes[..size]) != checkpoint.root {
                report.find("the file `checkpoint`", "the entries that it vouched for are not these");
            }
        }
        Err(error) => report.find("the file `checkpoint`", error.to_string()),
    }
}

/// The page that a message of the file's check names.
fn page_in(problem: &str) -> Option<u64> {
    let (_, rest) = problem.rsplit_once("page ")?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}
