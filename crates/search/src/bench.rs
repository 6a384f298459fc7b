//! For `examples/million.rs`: documents straight into an index, and questions straight to it, without a ledger around them.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use ledger::{Cleared, Level};
use schema::Registry;
use zeroize::Zeroizing;

use crate::audience::{Audience, FORMAT};
use crate::fields::{Analysed, Fields};
use crate::plan::{Plan, plan};
use crate::run::{Wish, run};
use crate::sealed::Cache;
use crate::shelf::State;
use crate::{Document, Error, FacetCounts, Query, profile};

/// An index without a ledger.
pub struct Bare {
    audience: Audience,
}

impl std::fmt::Debug for Bare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bare")
    }
}

impl Bare {
    #[must_use]
    pub fn new(folder: &Path) -> Bare {
        let cache = Arc::new(Cache::new(96 * 1024 * 1024));
        Bare { audience: Audience::new(folder.into(), Zeroizing::new([3; 32]), cache, Cleared::to(Level::Internal)) }
    }

    /// Takes documents in on two threads, and commits as following the ledger does.
    ///
    /// # Errors
    /// As the index says.
    pub fn index(&self, documents: u64, make: &(dyn Fn(u64) -> Document + Sync)) -> Result<(), Error> {
        let mut writer = self.audience.writer()?.ok_or_else(|| Error::Index("somebody writes".into()))?;
        let fields = Fields::new();
        for from in (0..documents).step_by(20_000) {
            let to = documents.min(from + 20_000);
            let (writer_ref, fields) = (&writer, &fields);
            std::thread::scope(|scope| {
                let middle = u64::midpoint(from, to);
                let work = move |range: std::ops::Range<u64>| -> Result<(), Error> {
                    for number in range {
                        writer_ref.add_document(fields.document(&Analysed::of(&make(number))))?;
                    }
                    Ok(())
                };
                let other = scope.spawn(move || work(middle..to));
                work(from..middle)?;
                other.join().map_err(|_| Error::Index("a thread failed".into()))?
            })?;
            let state =
                State { format: FORMAT, registry: String::new(), position: 1, entry: String::new(), built_to: None };
            let payload = serde_json::to_string(&state).map_err(|error| Error::Index(error.to_string()))?;
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit()?;
        }
        writer.wait_merging_threads()?;
        self.audience.refresh();
        Ok(())
    }

    /// Total, facets, and how many hits on the first page.
    ///
    /// # Errors
    /// As the index says.
    pub fn ask(&self, query: &Query, registry: &Registry) -> Result<(u64, Vec<FacetCounts>, usize), Error> {
        let shelf = self.audience.shelf().ok_or_else(|| Error::Index("there is none".into()))?;
        let plan = query.node.as_ref().map_or(Ok(Plan::All), |node| plan(node, registry, &*shelf))?;
        let without = HashSet::new();
        let wish = Wish { chosen: &query.chosen, after: None, limit: 21, without: &without };
        let found = run(&shelf, &plan, &wish)?;
        let (total, facets) = profile::count(&shelf.profiles, &found.profiles, &query.chosen);
        Ok((total, facets, found.first.len()))
    }

    /// Segments, documents and profiles.
    #[must_use]
    pub fn size(&self) -> Option<(usize, usize, usize)> {
        let shelf = self.audience.shelf()?;
        let documents = shelf.loaded.iter().map(|loaded| loaded.ids.len()).sum();
        Some((shelf.loaded.len(), documents, shelf.profiles.all.len()))
    }
}
