//! Pages, and the same things as JSON: how a person reads what the ledger holds, and how a person adds to it.
//!
//! **Must never** hold rules of the domain: what a value may be, who may see it and which account is preferred are the
//! business of `schema` and `ledger`; how many, of `figures`; how a letter reads, of `publishing`. It must never answer
//! a request without a session, read the ledger without that session's view, or need a script: the one
//! that there is adds keys to pages that work without it.
//!
//! A request comes in through the [guard](guard) (which host, which site asks), becomes an [`Ask`](ask::Ask) (whose
//! session, which address), and is answered in a [`Room`](room::Room): the one place that holds a reader, made from the
//! session's view. A page is a struct with a template of the same name; a form is a page that also takes what was typed.
#![forbid(unsafe_code)]

mod account;
mod ask;
mod assets;
mod brought;
mod curve;
mod draws;
mod figure_cache;
mod finder;
mod form;
mod guard;
mod json;
mod ladder;
mod list_cache;
mod marked;
mod markup;
mod matchers;
mod page;
mod problem;
mod room;
mod routes;
mod session;
mod shell;
mod site;
mod strata;
mod upset;

pub use problem::Error;
pub use routes::router;
pub use site::{Site, serve};
