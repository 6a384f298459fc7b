//! **What does each organisation's list say, row by row?**
//!
//! A list is a file: CSV in any dialect and encoding, XLSX, XLS, ODS, JSON lines, FollowTheMoney's entities, exports of Uwazi, ODK Central and
//! Kobo. [`ListFile`] opens it; a [`Mapping`] says how its columns become claims, and can be proposed from headings and values;
//! [`preview()`] shows what each cell becomes; [`import()`] takes the list in, whole or not at all, and gives a [`Report`] of every cell that was not
//! taken; [`undo()`] takes it back. The list stays a source of its own for ever: [`Lists`] says who is on which, [`knows`] which lists know
//! somebody.
//!
//! ```text
//! bytes ──encoding──► rows ──mapping──► entities and claims ──compared with what this list said before──► ledger
//!   │ (child process for workbooks and archives)    │
//!   └──► vault                                      └──► report, and a file of the refused rows to correct and bring again
//! ```
//!
//! # Must never
//! - lose a row or a cell silently: what is not taken is told, with its place, its reason and what to do;
//! - run a formula: a cell is text, whatever it begins with;
//! - write a part of an import: one transaction, and no object in the vault without it.
#![forbid(unsafe_code)]

mod compare;
mod encoding;
mod error;
mod file;
mod import;
mod ledger_rows;
mod mapping;
mod organisation;
mod overlap;
mod preview;
mod record;
mod rejected;
mod report;
mod rows;
mod session;
mod take;
mod undo;
mod unpack;

pub use error::{Error, Fault};
pub use file::{ListFile, MadeBy, Table};
pub use import::{Options, Progress, RejectedTo, Take, document_of, import};
pub use mapping::{DateOrder, EntityRule, FileRules, Mapping, Proposal, ProposedColumn, Rule, TableRules};
pub use overlap::{Known, List, Lists, Overlap, knows, lists_in};
pub use preview::{Becomes, Preview, PreviewCell, PreviewRow, preview};
pub use record::{Import, imports};
pub use rejected::{KEY_COLUMN, WHY_COLUMN};
pub use report::{Problem, Report};
pub use undo::{Undone, Which, undo};
pub use unpack::{Unpacker, extract};
