//! **What can be said?** Schemata, vocabularies and typed values.
//!
//! A claim says that an entity's property has a value. This crate knows which schemata and
//! properties there are ([`Registry`]), which terms a vocabulary holds ([`Vocabulary`]), and
//! what a value is: twelve [`Kind`]s, each with a text form that loses nothing
//! ([`Value::canonical`]), a form for people ([`Value::display`]), an order
//! ([`Value::compare`]) and a test of whether two accounts agree ([`Value::agreement`]).
//!
//! # Must never
//! - do I/O: its data are compiled in, and a workspace's own files are handed to it as text;
//! - round, complete or guess a value: an unknown day is never 1 January, a month is never
//!   thirty days, one currency never becomes another;
//! - know what has been claimed: entities, claims and views belong to the ledger.
//!
//! The data are in `data/`: one YAML file a schema or vocabulary, checked when loaded, with
//! file and line in every error ([`yaml`] is the reader, and other crates use it too).
#![forbid(unsafe_code)]

mod fold;
mod id;
mod lang;
mod nearest;
mod registry;
mod schemata;
mod standard;
mod value;
mod vocabulary;
pub mod yaml;

pub use fold::{fold, nfc};
pub use id::{EntityId, EntityIdError};
pub use lang::{Lang, LangError};
pub use nearest::nearest;
pub use registry::{Registry, SchemaError};
pub use schemata::{Cardinality, Inverse, Label, Property, Schema, Sensitivity};
pub use standard::{Standard, UnknownVerification, Verification};
pub use value::{
    Agreement, AreaCode, Count, Currency, Date, Day, Decimal, Duration, GeoPoint, Identifier, Kind, Money, Name,
    NameParts, Place, Pronounced, Sentence, Term, Text, UnknownKind, Value, ValueError, WebUrl,
};
pub use vocabulary::{Found, Penalty, TermEntry, Vocabulary};
pub use yaml::DataError;
