//! Entries: each header's hash and signature, the chain of each feed, the tree over all of them, and what vouches for the tree.

use std::collections::HashMap;
use std::sync::mpsc::SyncSender;

use ed25519_dalek::VerifyingKey;

use super::Findings;
use crate::Error;
use crate::clock::Clock;
use crate::entry::{Entry, EntryHeader, Feed};
use crate::id::Digest;
use crate::ledger::Ledger;
use crate::merkle::{self, Checkpoint, Frontier};
use crate::storage::{EntryRow, Head, Storage};

/// What an entry says about its items.
pub(super) struct Expected {
    pub(super) position: u64,
    /// 32 bytes for each item.
    pub(super) commitments: Vec<u8>,
}

/// What the entries gave.
pub(super) struct Checked {
    pub(super) entries: u64,
    pub(super) root: Digest,
    pub(super) findings: Findings,
    pub(super) error: Option<Error>,
}

/// Where a feed stands after the entries so far.
type Chain = (u64, Digest, Clock);

struct Check<'a> {
    ledger: &'a Ledger,
    chains: HashMap<Feed, Chain>,
    keys: HashMap<Feed, VerifyingKey>,
    frontier: Frontier,
    /// The size that the checkpoint beside the database vouches for, and the root found at that size.
    vouched: Option<(u64, Option<Digest>)>,
    next: u64,
    entries: u64,
    findings: Findings,
}

/// Checks the entries in their order, and passes on what each says about its items.
pub(super) fn check(
    storage: &dyn Storage,
    ledger: &Ledger,
    head: &Head,
    beside: Option<&str>,
    pass_on: &SyncSender<Expected>,
) -> Checked {
    let mut check = Check {
        ledger,
        chains: HashMap::new(),
        keys: HashMap::new(),
        frontier: Frontier::default(),
        vouched: None,
        next: 1,
        entries: 0,
        findings: Findings::default(),
    };
    let beside = check.read_beside(beside);
    let read = storage.each_entry(&mut |row, entry| {
        let expected = check.entry(&row, &entry)?;
        // Nobody listens any more: the check of the items broke off and says so itself.
        let _ = pass_on.send(expected);
        Ok(())
    });
    let error = read.err();
    if error.is_none() {
        check.head(head);
        check.checkpoints(&head.checkpoint, beside);
    }
    Checked { entries: check.entries, root: check.frontier.root(), findings: check.findings, error }
}

impl Check<'_> {
    fn entry(&mut self, row: &EntryRow, entry: &Entry) -> Result<Expected, Error> {
        let place = format!("entry {}", row.position);
        self.missing_until(row.position);
        self.next = row.position + 1;
        self.frontier.push(entry.hash);
        if let Some((size, root)) = &mut self.vouched
            && *size == self.frontier.size()
        {
            *root = Some(self.frontier.root());
        }
        let key = match self.keys.entry(row.feed) {
            std::collections::hash_map::Entry::Occupied(known) => Some(*known.into_mut()),
            std::collections::hash_map::Entry::Vacant(new) => row.feed.key().ok().map(|key| *new.insert(key)),
        };
        match key.map(|key| entry.check(&key)) {
            Some(Ok(())) => {}
            Some(Err(problem)) => self.findings.find(&place, problem),
            None => self.findings.find(&place, "its feed’s key is no Ed25519 key"),
        }
        self.entries += 1;
        let commitments = match EntryHeader::decode(&entry.header) {
            Err(error) => {
                self.findings.find(&place, format!("its header cannot be read: {error}"));
                Vec::new()
            }
            Ok(header) => {
                self.header(row, &header, &place);
                self.chains.insert(row.feed, (header.sequence, entry.hash, header.clock));
                header.commitments
            }
        };
        Ok(Expected { position: row.position, commitments })
    }

    fn missing_until(&mut self, position: u64) {
        match position.saturating_sub(self.next) {
            0 => {}
            1 => self.findings.find(format!("entry {}", self.next), "it is missing"),
            _ => self.findings.find(format!("entries {} to {}", self.next, position - 1), "they are missing"),
        }
    }

    fn header(&mut self, row: &EntryRow, header: &EntryHeader, place: &str) {
        let before = self.chains.get(&row.feed);
        let (sequence, previous) = before.map_or((1, Digest([0; 32])), |(sequence, hash, _)| (sequence + 1, *hash));
        if header.sequence != sequence || header.previous != previous {
            self.findings.find(place, format!("it does not follow entry {} of its feed", sequence - 1));
        }
        if before.is_some_and(|(_, _, clock)| header.clock <= *clock) {
            self.findings.find(place, "its clock runs backwards");
        }
        if header.workspace != self.ledger.workspace_id() {
            self.findings.find(place, "it is of another workspace");
        }
        if (header.feed, header.sequence, header.clock.time(), header.account)
            != (row.feed, row.sequence, row.at, row.account)
        {
            self.findings.find(place, "the feed, number, time or account kept beside it is not its own");
        }
    }

    /// What the database says of its own end.
    fn head(&mut self, head: &Head) {
        self.missing_until(head.position + 1);
        if self.frontier != head.frontier {
            self.findings
                .find("the tree", format!("its {} leaves do not give the root that was kept", self.frontier.size()));
        }
        for feed in &head.feeds {
            if self.chains.remove(&feed.feed) != Some((feed.sequence, feed.hash, feed.clock)) {
                self.findings
                    .find(format!("feed {}", feed.feed), "its last entry is not the one that was kept as its head");
            }
        }
        for feed in std::mem::take(&mut self.chains).into_keys() {
            self.findings.find(format!("feed {feed}"), "it has entries and no head");
        }
    }

    fn open(&self, note: &str) -> Result<Checkpoint, Error> {
        merkle::open_checkpoint(note, &self.ledger.origin(), &self.ledger.feed().key()?)
    }

    fn read_beside(&mut self, note: Option<&str>) -> Option<Checkpoint> {
        const PLACE: &str = "the file `checkpoint`";
        let Some(note) = note else {
            self.findings.find(PLACE, "it is missing from the workspace’s folder, or cannot be read");
            return None;
        };
        match self.open(note) {
            Ok(checkpoint) => {
                self.vouched = Some((checkpoint.size, None));
                Some(checkpoint)
            }
            Err(Error::Damaged { problem, .. }) => {
                self.findings.find(PLACE, problem);
                None
            }
            Err(error) => {
                self.findings.find(PLACE, error.to_string());
                None
            }
        }
    }

    /// The checkpoint kept inside must be of this tree; the one beside the database, of this tree or of an earlier state of it.
    fn checkpoints(&mut self, inside: &str, beside: Option<Checkpoint>) {
        match self.open(inside) {
            Ok(checkpoint) if (checkpoint.size, checkpoint.root) == (self.frontier.size(), self.frontier.root()) => {}
            Ok(_) => self.findings.find("the checkpoint", "it is not of these entries"),
            Err(Error::Damaged { problem, .. }) => self.findings.find("the checkpoint", problem),
            Err(error) => self.findings.find("the checkpoint", error.to_string()),
        }
        let (Some(beside), Some((_, found))) = (beside, self.vouched) else { return };
        let size = self.frontier.size();
        match found {
            None if beside.size > size => {
                let place = if beside.size == size + 1 {
                    format!("entry {}", beside.size)
                } else {
                    format!("entries {} to {}", size + 1, beside.size)
                };
                self.findings
                    .find(place, "recorded once, and gone: ledger.db is an older copy, or its end was cut off");
            }
            found if found != Some(beside.root) => {
                let place =
                    if beside.size == 1 { "entry 1".to_owned() } else { format!("entries 1 to {}", beside.size) };
                self.findings.find(
                    place,
                    "they are not those that the file `checkpoint` vouches for: ledger.db is another history",
                );
            }
            _ => {}
        }
    }
}
