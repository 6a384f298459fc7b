//! Following the ledger: which documents a stretch of entries changes for one audience, and the index brought up to it.
//!
//! A document shows labels of other things: an act, its victim's name; anything, its sources' titles. So when a label changes, what
//! shows it changes too, and so on. Views of the moment before and of the moment after say what that is.

use std::collections::{BTreeSet, HashSet, VecDeque};

use ledger::{AsOf, Cleared, Ledger, Reader, View};
use schema::EntityId;
use sha2::{Digest, Sha256};
use tantivy::{IndexWriter, TantivyDocument, Term};

use crate::Error;
use crate::audience::{Audience, FORMAT};
use crate::document::{Document, Texts};
use crate::fields::{Analysed, Fields};
use crate::shelf::State;

/// Entities read with one reader: it remembers what it met.
const BATCH: usize = 256;
/// Documents between two commits while an index is built.
const BETWEEN_COMMITS: usize = 20_000;
/// Entities that one step of following should not go beyond.
const STEP: usize = 4_000;

/// What bringing an index up to date came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Updated {
    /// It stands at this position of the ledger; so many documents were written.
    Done { position: u64, written: u64 },
    /// Another program is at it.
    Busy,
    /// Whoever asked for it had it stopped.
    Stopped,
}

/// How far it is, and whether to go on: told entities done and entities in all.
pub type Progress<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// What a stretch of entries changes.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Entities whose documents are other after it.
    pub(crate) documents: BTreeSet<EntityId>,
    /// Whether words were destroyed: they may not stay in the index's files either.
    pub(crate) erased: bool,
}

/// Which entities' documents are other after `to` than after `from`, as this audience sees them.
pub(crate) fn changed(ledger: &Ledger, cleared: &Cleared, from: u64, to: u64) -> Result<Changes, Error> {
    // The list of what was touched is the keeper's: what this audience sees no more has to be taken out. Only ids come from it.
    let keeper = ledger.read(&View::new(Cleared::for_keeping()).at(AsOf::Position(to)))?;
    let touched = keeper.changes(from)?;
    drop(keeper);
    let mut changed = Changes::default();
    let mut seen = HashSet::new();
    let mut queue: VecDeque<(EntityId, bool)> = touched.into_iter().map(|change| (change.entity, true)).collect();
    while !queue.is_empty() {
        let old = ledger.read(&View::new(cleared.clone()).at(AsOf::Position(from)))?;
        let new = ledger.read(&View::new(cleared.clone()).at(AsOf::Position(to)))?;
        for _ in 0..BATCH {
            let Some((id, touched)) = queue.pop_front() else { break };
            if seen.insert(id) {
                for further in look(&old, &new, id, touched, from, &mut changed)? {
                    queue.push_back((further, false));
                }
            }
        }
    }
    Ok(changed)
}

/// Notes the documents that stand for an entity before and after; gives what shows their labels, where these changed.
fn look(
    old: &Reader<'_>,
    new: &Reader<'_>,
    id: EntityId,
    touched: bool,
    from: u64,
    changed: &mut Changes,
) -> Result<BTreeSet<EntityId>, Error> {
    let mut group = BTreeSet::from([id]);
    if touched {
        for reader in [old, new] {
            if reader.schema_of(id)?.is_some()
                && let Some(record) = reader.record(id)?
            {
                group.insert(record.id);
                group.extend(record.merged);
            }
        }
    }
    let mut further = BTreeSet::new();
    for member in group {
        let names = [old.shown_as(member), new.shown_as(member)];
        changed.documents.extend(names);
        changed.documents.insert(member);
        let moved = names[0] != names[1];
        let existed = old.schema_of(member)?.is_some();
        let exists = new.schema_of(member)?;
        let since = |line: &ledger::HistoryLine| line.position > from;
        let lines = match touched && existed && exists.is_some() {
            true => new.history(member)?.into_iter().filter(since).collect(),
            false => Vec::new(),
        };
        let erased = lines
            .iter()
            .any(|line| line.what == "erased" || (line.what == "custody" && line.text.contains(" destroyed, ")));
        changed.erased |= erased;
        if !existed && !moved {
            // What nobody could point at is shown by nothing that was not touched with it. It may have been hidden, though.
            if exists.is_some() {
                further.extend(showing(new, member)?);
            }
            continue;
        }
        // Destroyed words are gone from the past as well: that a label was another cannot be seen any more.
        if moved || erased || old.label_opt(member)? != new.label_opt(member)? {
            for reader in [old, new] {
                for shown in [member, names[0], names[1]] {
                    further.extend(showing(reader, shown)?);
                }
            }
        } else if exists.is_some_and(|schema| new.registry().schema(&schema).is_some_and(|schema| schema.is_source))
            && lines.iter().any(|line| line.what != "custody")
        {
            // What is known of a source weighs the claims that rest on it.
            further.extend(new.claims_in(member)?.into_iter().map(|claim| claim.entity));
        }
    }
    Ok(further)
}

/// What shows the label of an entity: what points at it, and what rests on it.
fn showing(reader: &Reader<'_>, id: EntityId) -> Result<Vec<EntityId>, Error> {
    let mut showing: Vec<EntityId> = reader.related(id)?.into_iter().map(|related| related.id).collect();
    let source = reader
        .schema_of(id)?
        .is_some_and(|schema| reader.registry().schema(&schema).is_some_and(|schema| schema.is_source));
    if source {
        showing.extend(reader.claims_in(id)?.into_iter().map(|claim| claim.entity));
    }
    Ok(showing)
}

/// Brings an audience's index to the ledger's position, from wherever it stands. It may be interrupted at any instant: the next time
/// goes on from the last commit.
pub(crate) fn update(
    audience: &Audience,
    ledger: &Ledger,
    texts: &Texts<'_>,
    progress: &mut Progress<'_>,
) -> Result<Updated, Error> {
    let mut writing = audience.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let head = ledger.position()?;
    let registry = of_registry(ledger.registry());
    if let Some(shelf) = audience.refresh()
        && is_current(&shelf.state, ledger, head, &registry)?
    {
        return Ok(Updated::Done { position: head, written: 0 });
    }
    if writing.is_none() {
        *writing = match crate::audience::guarded(|| audience.writer()) {
            Ok(None) => return Ok(Updated::Busy),
            Ok(writer) => writer,
            Err(_) => {
                // It cannot be read: nothing is lost by making it again.
                audience.discard()?;
                match audience.writer()? {
                    None => return Ok(Updated::Busy),
                    writer => writer,
                }
            }
        };
    }
    let Some(writer) = writing.as_mut() else { return Ok(Updated::Busy) };
    let mut work = Work { audience, ledger, texts, registry, fields: Fields::new(), written: 0 };
    let done = crate::audience::guarded(|| work.go(writer, head, progress));
    if done.is_err() {
        // What it held is in doubt: the next writer begins from the last commit, or anew where that cannot be read.
        *writing = None;
        if audience.refresh().is_none() {
            audience.discard()?;
        }
    }
    let finished = done?;
    let written = work.written;
    Ok(if finished { Updated::Done { position: head, written } } else { Updated::Stopped })
}

fn is_current(state: &State, ledger: &Ledger, head: u64, registry: &str) -> Result<bool, Error> {
    let fits = state.format == FORMAT && state.registry == registry && state.built_to.is_none();
    Ok(fits && state.position == head && state.entry == entry_hash(ledger, head)?)
}

/// What stands at a position: after a restored copy went another way, the same number is another entry.
fn entry_hash(ledger: &Ledger, position: u64) -> Result<String, Error> {
    let reader = ledger.read(&View::public())?;
    Ok(reader.entries(position, position)?.first().map(|entry| entry.hash.to_string()).unwrap_or_default())
}

/// Whether what documents were written with is still the same.
pub(crate) fn of_registry(registry: &schema::Registry) -> String {
    let mut hash = Sha256::new();
    let mut put = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    for schema in registry.schemata() {
        put(&schema.name);
        for name in schema.caption.iter().chain(&schema.featured) {
            put(name);
        }
        for property in registry.properties(&schema.name) {
            put(&property.name);
            put(&property.label.en);
        }
    }
    for vocabulary in registry.vocabularies() {
        put(&vocabulary.name);
        for term in &vocabulary.terms {
            put(&term.code);
            put(&term.label.en);
        }
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

struct Work<'a> {
    audience: &'a Audience,
    ledger: &'a Ledger,
    texts: &'a Texts<'a>,
    registry: String,
    fields: Fields,
    written: u64,
}

impl Work<'_> {
    /// To the ledger's position; `false` when it was stopped.
    fn go(&mut self, writer: &mut IndexWriter, head: u64, progress: &mut Progress<'_>) -> Result<bool, Error> {
        let state = self.audience.shelf().map(|shelf| shelf.state.clone());
        let fits = |state: &State| -> Result<bool, Error> {
            Ok(state.format == FORMAT
                && state.registry == self.registry
                && state.position <= head
                && state.entry == entry_hash(self.ledger, state.position)?)
        };
        let state = match state {
            Some(state) if fits(&state)? => state,
            _ => {
                writer.delete_all_documents()?;
                State {
                    format: FORMAT,
                    registry: self.registry.clone(),
                    position: head,
                    entry: entry_hash(self.ledger, head)?,
                    built_to: Some(String::new()),
                }
            }
        };
        let mut position = state.position;
        if let Some(last) = &state.built_to
            && !self.build(writer, &state, last, progress)?
        {
            return Ok(false);
        }
        let mut step = 64;
        while position < head {
            let mut to = head.min(position + step);
            let mut changed = changed(self.ledger, &self.audience.cleared, position, to)?;
            while changed.documents.len() > STEP && to > position + 1 {
                step = (step / 4).max(1);
                to = head.min(position + step);
                changed = self::changed(self.ledger, &self.audience.cleared, position, to)?;
            }
            let ids: Vec<EntityId> = changed.documents.into_iter().collect();
            for batch in ids.chunks(BATCH) {
                self.put(writer, batch, to)?;
            }
            self.commit(
                writer,
                State { position: to, entry: entry_hash(self.ledger, to)?, built_to: None, ..state.clone() },
            )?;
            if changed.erased {
                self.expunge(writer)?;
            }
            position = to;
            step = (step * 2).min(4_096);
            if !progress(position, head) {
                return Ok(position == head);
            }
        }
        Ok(true)
    }

    /// Builds an index for the first time, in the order of the entities' ids.
    fn build(
        &mut self,
        writer: &mut IndexWriter,
        state: &State,
        last: &str,
        progress: &mut Progress<'_>,
    ) -> Result<bool, Error> {
        let ids = self.visible(state.position)?;
        let last: Option<EntityId> = last.parse().ok();
        let done = last.map_or(0, |last| ids.partition_point(|id| *id <= last));
        let all = ids.len() as u64;
        let tell = |done: usize| {
            self.audience.progress.0.store(done as u64, std::sync::atomic::Ordering::Relaxed);
            self.audience.progress.1.store(all, std::sync::atomic::Ordering::Relaxed);
        };
        tell(done);
        let mut since = 0;
        let mut finished = done;
        for batch in ids.get(done..).unwrap_or_default().chunks(BATCH * 2) {
            self.put(writer, batch, state.position)?;
            since += batch.len();
            finished += batch.len();
            tell(finished);
            let go_on = progress(finished as u64, all);
            if since >= BETWEEN_COMMITS || !go_on {
                since = 0;
                let built_to = batch.last().map(ToString::to_string);
                self.commit(writer, State { built_to, ..state.clone() })?;
                if !go_on {
                    return Ok(false);
                }
            }
        }
        self.commit(writer, State { built_to: None, ..state.clone() })?;
        Ok(true)
    }

    /// Every entity that this audience sees, by its shown id. A few entries at a time, so that no reader carries the whole ledger.
    fn visible(&self, position: u64) -> Result<Vec<EntityId>, Error> {
        let mut all = BTreeSet::new();
        let (mut from, mut step) = (0, 16);
        while from < position {
            let to = position.min(from + step);
            let reader = self.ledger.read(&View::new(self.audience.cleared.clone()).at(AsOf::Position(to)))?;
            let found = reader.changes(from)?;
            step = if found.len() > 2_000 { (step / 2).max(1) } else { (step * 2).min(4_096) };
            all.extend(found.into_iter().map(|change| change.entity));
            from = to;
        }
        let reader = self.ledger.read(&View::new(self.audience.cleared.clone()).at(AsOf::Position(position)))?;
        Ok(all.into_iter().map(|id| reader.shown_as(id)).collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Takes these entities' documents out, and puts in what they are at this position. On two threads: reading is most of the work.
    fn put(&mut self, writer: &IndexWriter, ids: &[EntityId], position: u64) -> Result<(), Error> {
        let view = View::new(self.audience.cleared.clone()).at(AsOf::Position(position));
        let make = |ids: &[EntityId]| -> Result<Vec<TantivyDocument>, Error> {
            let reader = self.ledger.read(&view)?;
            let mut made = Vec::with_capacity(ids.len());
            for id in ids {
                if let Some(document) = Document::of(&reader, *id, self.texts)? {
                    made.push(self.fields.document(&Analysed::of(&document)));
                }
            }
            Ok(made)
        };
        let made = if ids.len() < 32 {
            vec![make(ids)?]
        } else {
            let (first, second) = ids.split_at(ids.len() / 2);
            std::thread::scope(|scope| {
                let other = scope.spawn(|| make(second));
                let mine = make(first)?;
                let other = other.join().map_err(|_| Error::Index("reading the ledger failed".into()))??;
                Ok::<_, Error>(vec![mine, other])
            })?
        };
        for id in ids {
            writer.delete_term(Term::from_field_bytes(self.fields.id, id.bytes()));
        }
        for document in made.into_iter().flatten() {
            writer.add_document(document)?;
            self.written += 1;
        }
        Ok(())
    }

    /// Writes the segments anew from which something was taken out: until then its words stand in their files.
    fn expunge(&self, writer: &mut IndexWriter) -> Result<(), Error> {
        let Some(shelf) = self.audience.shelf() else { return Ok(()) };
        let with_gaps: Vec<_> = shelf
            .segments()
            .filter(|(reader, _)| reader.has_deletes())
            .map(|(reader, _)| reader.segment_id())
            .collect();
        if !with_gaps.is_empty() {
            // A merge of the writer's own may have taken them already; then the words are gone with that.
            let _ = writer.merge(&with_gaps).wait();
        }
        drop(shelf);
        self.audience.refresh();
        writer.garbage_collect_files().wait()?;
        Ok(())
    }

    fn commit(&self, writer: &mut IndexWriter, state: State) -> Result<(), Error> {
        let payload = serde_json::to_string(&state).map_err(|error| Error::Index(error.to_string()))?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.audience.refresh();
        Ok(())
    }
}
