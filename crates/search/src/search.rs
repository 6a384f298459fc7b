//! The indexes of a workspace, one an audience, and the questions to them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ledger::{AsOf, Cleared, Ledger, Reader};
use schema::EntityId;
use zeroize::Zeroizing;

use crate::answer::{Answer, Behind, Hit};
use crate::audience::{Audience, guarded};
use crate::document::{Document, Texts};
use crate::fields::Analysed;
use crate::follow::{self, Progress, Updated};
use crate::plan::{Plan, plan};
use crate::profile;
use crate::query::Query;
use crate::run::{Place, Wish, run};
use crate::sealed::Cache;
use crate::shelf::Shelf;
use crate::snippet::{marked, snippet};
use crate::{Error, cursor, suggest};

/// Bytes of opened chunks that all indexes together keep in memory.
const CACHE: usize = 96 * 1024 * 1024;
/// Audiences whose indexes stay open.
const MOST_OPEN: usize = 4;
/// Entries that an answer may be behind: what they change is left out of it. Beyond that there is none before the index caught up.
const MOST_BEHIND: u64 = 200;
/// Candidates that are looked at again for one page of an earlier moment.
const MOST_LOOKED_AT: usize = 400;

/// All indexes of a workspace. Shared between threads.
pub struct Search {
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
    cache: Arc<Cache>,
    /// The one asked last at the end.
    audiences: Mutex<Vec<(String, Arc<Audience>)>>,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Search in {}", self.folder.display())
    }
}

impl Search {
    /// The indexes in this folder, which need not be there yet. Nothing is read or made before the first question.
    #[must_use]
    pub fn open(folder: &Path, key: [u8; 32]) -> Search {
        Search {
            folder: folder.into(),
            key: Zeroizing::new(key),
            cache: Arc::new(Cache::new(CACHE)),
            audiences: Mutex::default(),
        }
    }

    /// Cursors are for this workspace alone.
    fn cursor_key(&self) -> Result<Zeroizing<[u8; 32]>, Error> {
        Ok(crate::sealed::derive(&*self.key, None, b"rapporteur/search/cursor/v1")?)
    }

    fn audience(&self, cleared: &Cleared) -> Result<(String, Arc<Audience>), Error> {
        let name = name_of(cleared);
        let mut audiences = self.audiences.lock().unwrap_or_else(PoisonError::into_inner);
        let known = audiences.iter().position(|(known, _)| *known == name).map(|at| audiences.remove(at));
        let (_, audience) = match known {
            Some(known) => known,
            None => {
                let info = [b"rapporteur/search/audience/v1\0", name.as_bytes()].concat();
                let key = crate::sealed::derive(&*self.key, None, &info)?;
                // The folder's name says nothing either: a team's name is a secret.
                let folder = crate::sealed::derive(&*key, None, b"folder")?;
                let folder = folder.iter().take(12).fold(String::new(), |name, byte| name + &format!("{byte:02x}"));
                let audience = Audience::new(self.folder.join(folder), key, Arc::clone(&self.cache), cleared.clone());
                (name.clone(), Arc::new(audience))
            }
        };
        audiences.push((name.clone(), Arc::clone(&audience)));
        if audiences.len() > MOST_OPEN {
            let (_, oldest) = audiences.remove(0);
            oldest.close();
        }
        Ok((name, audience))
    }

    /// Brings the index of an audience up to the ledger, or makes it. It can be interrupted at any instant and goes on from its last
    /// commit. `progress` is told entities (or entries) done and in all, and says whether to go on.
    ///
    /// # Errors
    /// As the ledger says, or when the folder cannot be written. An index that cannot be read is made anew.
    pub fn update(
        &self,
        ledger: &Ledger,
        cleared: &Cleared,
        texts: &Texts<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<Updated, Error> {
        let (_, audience) = self.audience(cleared)?;
        follow::update(&audience, ledger, texts, progress)
    }

    /// Entries that the index of an audience is behind; `None`: there is no complete one yet.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn behind(&self, ledger: &Ledger, cleared: &Cleared) -> Result<Option<u64>, Error> {
        let (_, audience) = self.audience(cleared)?;
        let position = ledger.position()?;
        Ok(current(&audience, position)
            .filter(|shelf| {
                shelf.state.built_to.is_none() && shelf.state.registry == follow::of_registry(ledger.registry())
            })
            .map(|shelf| position.saturating_sub(shelf.state.position)))
    }

    /// Removes the index of an audience. The next update makes it again.
    ///
    /// # Errors
    /// When the folder cannot be removed.
    pub fn forget(&self, cleared: &Cleared) -> Result<(), Error> {
        let (_, audience) = self.audience(cleared)?;
        *audience.writing.lock().unwrap_or_else(PoisonError::into_inner) = None;
        audience.discard()
    }

    /// Answers a question from the index of the reader's audience. It does not wait for the index: what is missing from the answer is
    /// told with it.
    ///
    /// # Errors
    /// [`Error::Cursor`]; else as the ledger says.
    pub fn ask(&self, ledger: &Ledger, reader: &Reader<'_>, query: &Query, texts: &Texts<'_>) -> Result<Answer, Error> {
        let (name, audience) = self.audience(reader.cleared())?;
        let cursor_key = self.cursor_key()?;
        let after = query.after.as_deref().map(|token| cursor::open(&cursor_key, query, &name, token)).transpose()?;
        let head = ledger.position()?;
        let building = || {
            let (done, of) = audience.progress();
            Answer {
                behind: Some(Behind::Building { done, of }),
                problems: query.problems.clone(),
                ..Answer::default()
            }
        };
        let Some(shelf) = current(&audience, head) else { return Ok(building()) };
        let behind = head.saturating_sub(shelf.state.position);
        if behind > MOST_BEHIND || shelf.state.position > head {
            return Ok(building());
        }
        // What changed since is not told as it was: somebody may not be cleared for it any more.
        let without: HashSet<u128> = match behind {
            0 => HashSet::new(),
            _ => {
                let changed = follow::changed(ledger, reader.cleared(), shelf.state.position, head)?;
                changed.documents.iter().map(|id| u128::from_be_bytes(*id.bytes())).collect()
            }
        };
        let question =
            Question { cursor_key: &cursor_key, reader, query, texts, shelf: &shelf, name: &name, without: &without };
        let answered = guarded(|| question.answer(after));
        let mut answer = match answered {
            Ok(answer) => answer,
            Err(Error::Index(_)) => {
                // Damaged: it is thrown away, and the next update makes it again.
                audience.close();
                return Ok(building());
            }
            Err(other) => return Err(other),
        };
        if shelf.state.built_to.is_some() {
            let (done, of) = audience.progress();
            answer.behind = Some(Behind::Building { done, of });
        } else if behind > 0 {
            answer.behind = Some(Behind::Entries(behind));
        }
        answer.exact &= answer.behind.is_none();
        Ok(answer)
    }
}

/// The shelf of an audience, as new as any process made it.
fn current(audience: &Audience, position: u64) -> Option<Arc<Shelf>> {
    match audience.shelf() {
        Some(shelf) if shelf.state.position == position && shelf.state.built_to.is_none() => Some(shelf),
        _ => audience.refresh(),
    }
}

/// A name for an audience that no other has.
fn name_of(cleared: &Cleared) -> String {
    let teams = cleared.teams().map(|team| format!("\0{}\0{team}", team.len()));
    format!("{}{}", cleared.level(), teams.collect::<String>())
}

struct Question<'a> {
    cursor_key: &'a [u8; 32],
    reader: &'a Reader<'a>,
    query: &'a Query,
    texts: &'a Texts<'a>,
    shelf: &'a Arc<Shelf>,
    name: &'a str,
    without: &'a HashSet<u128>,
}

impl Question<'_> {
    fn plan(&self, query: &Query) -> Result<Plan, Error> {
        query.node.as_ref().map_or(Ok(Plan::All), |node| plan(node, self.reader.registry(), &**self.shelf))
    }

    fn answer(&self, after: Option<Place>) -> Result<Answer, Error> {
        let plan = self.plan(self.query)?;
        let answer = self.run(&plan, after)?;
        if answer.total > 0 || self.query.after.is_some() {
            return Ok(answer);
        }
        let Some(node) = &self.query.node else { return Ok(answer) };
        let Some(text) = suggest::corrected(self.shelf, &self.query.text, node)? else { return Ok(answer) };
        let other = Query { text: text.clone(), ..Query::new(&text, self.reader.registry()) };
        let instead = self.run(&self.plan(&other)?, None)?;
        if instead.total == 0 {
            return Ok(answer);
        }
        // Its next page is asked with the text that found it.
        Ok(Answer { instead: Some(text), next: None, ..instead })
    }

    fn run(&self, plan: &Plan, after: Option<Place>) -> Result<Answer, Error> {
        let view = self.reader.view();
        let now = view.as_of == AsOf::Now && view.standard == "all-allegations";
        let limit = self.query.limit.clamp(1, 100);
        let mut answer = Answer {
            exact: now,
            position: self.shelf.state.position,
            problems: self.query.problems.clone(),
            ..Answer::default()
        };
        let mut after = after;
        let mut looked_at = 0;
        loop {
            let wish = Wish { chosen: &self.query.chosen, after, limit: limit + 1, without: self.without };
            let found = run(self.shelf, plan, &wish)?;
            if answer.facets.is_empty() {
                (answer.total, answer.facets) =
                    profile::count(&self.shelf.profiles, &found.profiles, &self.query.chosen);
            }
            let more = found.first.len() > limit;
            let mut last = None;
            for place in found.first.into_iter().take(limit) {
                if answer.hits.len() == limit {
                    break;
                }
                last = Some(place);
                looked_at += 1;
                match self.hit(plan, EntityId::from_bytes(place.1.to_be_bytes()), now)? {
                    Some(hit) => answer.hits.push(hit),
                    // It was there a moment ago, for somebody with this clearance.
                    None => answer.exact = false,
                }
            }
            let Some(last) = last else { return Ok(answer) };
            if !more && answer.hits.len() < limit {
                return Ok(answer);
            }
            if answer.hits.len() == limit || looked_at >= MOST_LOOKED_AT {
                if more || answer.hits.len() == limit && !now {
                    answer.next = Some(cursor::seal(self.cursor_key, self.query, self.name, last)?);
                }
                return Ok(answer);
            }
            after = Some(last);
        }
    }

    /// A hit, read through the reader's own view: what that does not have is no hit, whatever the index says.
    fn hit(&self, plan: &Plan, id: EntityId, now: bool) -> Result<Option<Hit>, Error> {
        if self.reader.shown_as(id) != id {
            return Ok(None);
        }
        let Some(record) = self.reader.record(id)? else { return Ok(None) };
        let document = Document::from_record(self.reader, &record, self.texts)?;
        if !now && !plan.finds(&Analysed::of(&document)) {
            return Ok(None);
        }
        let wanted = plan.wanted();
        let mut snippets: Vec<_> =
            document.text.as_deref().and_then(|text| snippet(None, text, &wanted)).into_iter().collect();
        for (of, value) in &document.values {
            if snippets.len() >= 2 {
                break;
            }
            if *value != document.label {
                snippets.extend(snippet(Some(of), value, &wanted));
            }
        }
        let date = ["date", "window", "published", "issued"].iter().find_map(|name| record.first(name));
        Ok(Some(Hit {
            id,
            schema: record.schema.clone(),
            label: marked(&record.label, &wanted),
            date: date.map(|date| date.display.clone()),
            snippets,
            claims: record.claims,
            disputed: record.disputed,
            level: record.clearance.level,
            verification: document.verification,
        }))
    }
}

/// Whether the files of an index still have a word anywhere, also where no document that stands has it. For tests of erasure.
#[doc(hidden)]
pub fn remembers(search: &Search, cleared: &Cleared, word: &str) -> Result<bool, Error> {
    let (_, audience) = search.audience(cleared)?;
    let Some(shelf) = audience.refresh() else { return Ok(false) };
    for (reader, _) in shelf.segments() {
        let index = reader.inverted_index(shelf.fields.exact)?;
        if index.get_term_info(&tantivy::Term::from_field_text(shelf.fields.exact, word))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
