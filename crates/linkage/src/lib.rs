//! **Same or different?** Linkage compares records of persons that several lists hold, and
//! proposes which of them are one person.
//!
//! It must never merge by itself: it proposes, a person judges. It must not know the ledger or the
//! pages, and reads or writes no file outside [`files`].
//!
//! Two faces, one core. Plain files: [`files::link`]. Records of a program:
//!
//! ```
//! use linkage::{Judged, Kind, Linkage, Settings, Table};
//!
//! let mut table = Table::new(&[("name", Kind::Name), ("born", Kind::Birth), ("place", Kind::Place)]);
//! table.push(&["Chhim Sithar", "1987", "Phnom Penh"])?;
//! table.push(&["Sithor Chhim", "1987-05", "Phnom Penh"])?;
//! table.push(&["Rong Chhun", "1969", "Phnom Penh"])?;
//! let linkage = Linkage::train(&table, &Settings::default())?;
//! let links = linkage.candidates(0.01);
//! let threshold = linkage.threshold(&links);
//! let clusters = linkage.cluster(&links, threshold, Judged { same: &[], different: &[(0, 2)] })?;
//! assert_ne!(clusters.of[0], clusters.of[2]);
//! let scored = linkage.score(0, 1);
//! let sum: f64 = scored.explanation.iter().map(|e| e.weight).sum();
//! assert!((sum - scored.weight).abs() < 1e-6);
//! # Ok::<(), linkage::Error>(())
//! ```
//!
//! The way of a pair: [`block`] says whether it is looked at, [`compare`] at which level each
//! property agrees, [`model`] what that weighs ([`train`] by [`em`], starting from [`defaults`]),
//! [`cluster`] which rows belong together, [`evaluate`] how good it is where a truth is known.
#![forbid(unsafe_code)]

pub mod block;
pub mod cluster;
pub mod columns;
pub mod compare;
pub mod csv;
pub mod dates;
pub mod defaults;
pub mod distance;
pub mod em;
pub mod engine;
pub mod error;
pub mod evaluate;
pub mod files;
pub mod intern;
mod linkage;
pub mod model;
pub mod pairs;
pub mod rng;
pub mod settings;
pub mod table;
pub mod tokens;
pub mod train;

pub use cluster::{Clusters, Judged, Link, WeakLink};
pub use error::Error;
pub use linkage::{Linkage, RulePairs, Scored};
pub use model::{Explanation, Model, Saved, probability, weight_of};
pub use settings::Settings;
pub use table::{Kind, Table};
