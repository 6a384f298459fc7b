//! Several entries as one write: all of them are durable when it ends, or none was ever there.
//!
//! It holds the ledger's only writing connection. Whatever ends it without a commit (an error, a panic, a killed process) takes
//! everything back: nothing else has to be undone by anybody.

use std::collections::HashSet;
use std::sync::MutexGuard;

use crate::Error;
use crate::check::{Checker, item_row, kinds};
use crate::clock::Timestamp;
use crate::entry::{self, EntryHeader, MOST_ITEMS, VERSION};
use crate::id::{ClaimId, Digest};
use crate::item::{Account, Define, Item};
use crate::ledger::{Author, Ledger, Receipt, bodies, origin_of};
use crate::merkle;
use crate::reader::Reader;
use crate::storage::{EntryRow, Head, ItemNo, NewItem, Storage};
use crate::view::View;

/// A write under way. [`Ledger::append_all_with`] begins it and ends it.
pub struct Transaction<'a> {
    ledger: &'a Ledger,
    author: Author,
    storage: MutexGuard<'a, Box<dyn Storage>>,
    /// The newest checkpoint, once something was appended.
    checkpoint: Option<String>,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Open,
    /// An entry was refused. Half of it may be written: nothing of this transaction can be kept.
    Failed,
    Committed,
}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transaction of {:?}", self.ledger)
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.state != State::Committed {
            self.storage.rollback();
        }
    }
}

impl<'a> Transaction<'a> {
    pub(crate) fn begin(ledger: &'a Ledger, author: Author) -> Result<Self, Error> {
        let mut storage = ledger.writer();
        storage.begin()?;
        Ok(Transaction { ledger, author, storage, checkpoint: None, state: State::Open })
    }

    /// Appends these items as the next entry; its address and position hold once the transaction is committed.
    ///
    /// # Errors
    /// As [`Ledger::append`]. An error is final: whatever is done after it, nothing of the transaction is kept.
    pub fn append(&mut self, items: Vec<Item>) -> Result<Receipt, Error> {
        self.write(items, false)
    }

    /// The same, leaving out what the ledger has, and what this transaction appended before.
    ///
    /// # Errors
    /// As [`Transaction::append`].
    pub fn append_new(&mut self, items: Vec<Item>) -> Result<Receipt, Error> {
        self.write(items, true)
    }

    /// Reads the ledger with what this transaction appended so far. The library's lists ([`Reader::list`], [`Reader::facets`],
    /// [`Reader::find`]) do not have it yet.
    ///
    /// # Errors
    /// As [`Ledger::read`].
    pub fn read(&self, view: &View) -> Result<Reader<'_>, Error> {
        Reader::within(self.ledger, &**self.storage, view)
    }

    pub(crate) fn write(&mut self, items: Vec<Item>, only_new: bool) -> Result<Receipt, Error> {
        if self.state == State::Failed {
            return Err(refused());
        }
        let sealed = self.seal(items, only_new);
        if sealed.is_err() {
            self.state = State::Failed;
        }
        sealed
    }

    /// Makes everything durable. Where nothing was appended there is nothing to write.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        if self.state == State::Failed {
            return Err(refused());
        }
        let Some(checkpoint) = self.checkpoint.take() else { return Ok(()) };
        self.storage.commit()?;
        self.state = State::Committed;
        // Not part of the promise: the entries are durable already, and a checkpoint that lags behind is still true.
        let _ = self.ledger.write_beside(&checkpoint);
        Ok(())
    }

    /// Seals the items into the next entry. What the entries before it in this transaction made is there for it like all else.
    fn seal(&mut self, items: Vec<Item>, only_new: bool) -> Result<Receipt, Error> {
        let ledger = self.ledger;
        let storage = &mut **self.storage;
        let mut head = storage.head()?;
        let offered = items.len();
        let items = if only_new { unknown_ones(storage, &head, items)? } else { items };
        let skipped = offered - items.len();
        if items.is_empty() {
            let receipt = Receipt { position: head.position, hash: Digest([0; 32]), claims: Vec::new(), skipped };
            return Ok(receipt);
        }
        if items.len() > MOST_ITEMS {
            return Err(Error::Refused {
                what: format!("one entry takes at most {MOST_ITEMS} items, not {}", items.len()),
                hint: "append them in several entries".into(),
            });
        }
        let feed = ledger.feed();
        let before = head.feeds.iter().find(|known| known.feed == feed).copied();
        let sequence = before.map_or(0, |known| known.sequence) + 1;
        let position = head.position + 1;

        let erased: Vec<ClaimId> = items
            .iter()
            .filter_map(|item| if let Item::Erase(erase) = item { Some(erase.item) } else { None })
            .collect();
        let salts = entry::salts(items.len())?;
        let mut commitments = Vec::with_capacity(items.len() * 32);
        let mut stored = Vec::with_capacity(items.len());
        {
            let mut checker = Checker::new(ledger.registry(), &*storage, self.author, ItemNo::end_of(head.position));
            for (number, (item, salt)) in items.iter().zip(salts).enumerate() {
                let (columns, entity) = checker.check(number + 1, item)?;
                let body = item.encode()?;
                commitments.extend_from_slice(&entry::commit(&salt, &body).0);
                stored.push(NewItem {
                    kind: item.kind(),
                    salt,
                    body,
                    columns,
                    origin: origin_of(item).copied(),
                    entity,
                });
            }
        }
        let clock = before.map(|known| known.clock).unwrap_or_default().tick(Timestamp::now());
        let header = EntryHeader {
            version: VERSION,
            workspace: ledger.workspace_id(),
            feed,
            sequence,
            previous: before.map_or(Digest([0; 32]), |known| known.hash),
            clock,
            account: self.author.account,
            commitments,
        };
        let sealed = entry::Entry::seal(&header, ledger.signing())?;
        head.frontier.push(sealed.hash);
        head.position = position;
        head.checkpoint = merkle::sign_checkpoint(&ledger.origin(), &head.frontier, ledger.signing());
        let row =
            EntryRow { position, feed, sequence, at: clock.time(), account: self.author.account, hash: sealed.hash };
        let claims = (0..stored.len()).map(|index| ClaimId {
            feed: feed.tag(),
            sequence,
            index: u32::try_from(index).unwrap_or(u32::MAX),
        });
        let receipt = Receipt { position, hash: sealed.hash, claims: claims.collect(), skipped };
        storage.put(&sealed, &row, clock, stored, &head)?;
        for item in erased {
            let found = item_row(storage, item)?;
            match found {
                Some(row) if row.body.is_some() => storage.destroy(row.no)?,
                _ => {
                    return Err(Error::Refused {
                        what: format!("the payload of {item} is gone already, or never was"),
                        hint: "see `rapporteur claims`".into(),
                    });
                }
            }
        }
        self.checkpoint = Some(head.checkpoint);
        Ok(receipt)
    }
}

/// Leaves out the items that the ledger has.
fn unknown_ones(storage: &dyn Storage, head: &Head, items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let before = ItemNo::end_of(head.position);
    let mut definitions: Option<Vec<Define>> = None;
    let mut accounts: Option<Vec<Account>> = None;
    let mut seen = HashSet::new();
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        let known = match &item {
            Item::Entity(entity) => match storage.entity(entity.id)? {
                Some(row) if row.schema == entity.schema => true,
                Some(row) => {
                    return Err(Error::Refused {
                        what: format!(
                            "{} is a {} here, and would become a {}",
                            entity.key.as_deref().unwrap_or("an entity"),
                            row.schema,
                            entity.schema
                        ),
                        hint: "a thing keeps its schema: give the other thing another key".into(),
                    });
                }
                None => !seen.insert(Digest(doubled(entity.id.bytes()))),
            },
            Item::Define(define) => {
                if definitions.is_none() {
                    definitions = Some(bodies(storage, kinds::DEFINE, before, |item| {
                        if let Item::Define(define) = item { Some(define) } else { None }
                    })?);
                }
                let current = definitions
                    .iter()
                    .flatten()
                    .rev()
                    .find(|known| known.kind == define.kind && known.name == define.name);
                current.is_some_and(|current| current == define)
            }
            Item::Account(account) => {
                if accounts.is_none() {
                    accounts = Some(bodies(storage, kinds::ACCOUNT, before, |item| {
                        if let Item::Account(account) = item { Some(account) } else { None }
                    })?);
                }
                accounts
                    .iter()
                    .flatten()
                    .rev()
                    .find(|known| known.id == account.id)
                    .is_some_and(|known| known == account)
            }
            other => match origin_of(other) {
                Some(origin) => !seen.insert(*origin) || storage.by_origin(origin)?.is_some(),
                None => false,
            },
        };
        if !known {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn refused() -> Error {
    Error::Refused {
        what: "an entry of this transaction could not be taken, so none of it was".into(),
        hint: "begin anew, without what was refused".into(),
    }
}

fn doubled(bytes: &[u8; 16]) -> [u8; 32] {
    let mut both = [0; 32];
    both[..16].copy_from_slice(bytes);
    both[16..].copy_from_slice(bytes);
    both
}
