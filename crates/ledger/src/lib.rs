//! What was said, by whom, and when: the append-only ledger of claims, and the views that are the only way to read it.
//!
//! **Must never** update or delete a claim. Erasure destroys a payload and leaves its commitment; everything else is a new entry.
//! It must never answer a question without a [`View`]: who asks, as of when, and under which standard of proof.
//!
//! ```compile_fail
//! // A read without a view does not compile: the ledger itself has no question to ask.
//! fn leak(ledger: &ledger::Ledger, id: schema::EntityId) {
//!     let _ = ledger.record(id);
//! }
//! ```
//!
//! In the order in which data flows: an [`Author`] drafts [`Item`]s, the ledger checks them against the schema and seals
//! them into a signed, chained [`Entry`]; a [`Reader`] made from a [`View`] resolves the claims about an entity into a [`Record`].
#![forbid(unsafe_code)]

mod answers;
mod check;
mod clearance;
mod clock;
mod custody;
mod decided;
mod entry;
mod error;
mod id;
mod independence;
mod index;
mod item;
mod judgement;
mod ledger;
pub mod merkle;
mod own;
mod reader;
mod record;
mod sqlite;
pub mod storage;
mod told;
mod transaction;
mod verify;
mod view;

pub use answers::{Change, Definition, EntryView, HistoryLine, Related, Since};
pub use clearance::{Clearance, Cleared, Level};
pub use clock::{Clock, Timestamp};
pub use custody::ObjectView;
pub use decided::Decided;
pub use entry::{Entry, EntryHeader, Feed, SigningKey};
pub use error::Error;
pub use id::{AccountId, ClaimId, Digest, ObjectHash};
pub use index::{Card, CardFilter, Facets, Page, Sort};
pub use item::{
    Account, Assess, Claim, Classify, Custody, CustodyEvent, Decide, Decision, Define, EntityItem, Erase, Genesis,
    Item, Judge, Locator, Prefer, Publish, Retract, Stamp, Target, Verdict,
};
pub use ledger::{Author, Ledger, Receipt, Settings};
pub use own::Own;
pub use reader::Reader;
pub use record::{ClaimState, ClaimView, PropertyView, Record, SourceView, ValueView};
pub use storage::{Backend, Head, ItemNo, Storage};
pub use transaction::Transaction;
pub use verify::{Finding, VerifyReport};
pub use view::{AsOf, View};
