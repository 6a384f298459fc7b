//! Which pairs may be one, kept between questions for each view that asks: only what is new is compared anew, and where that takes
//! long it is done beside the requests, which say so.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use ledger::{AsOf, Ledger, Reader, Since, View};
use matching::{Questions, Stakes};

use crate::brought::lock;
use crate::problem::{Problem, capitalised};
use crate::room::Room;

/// Views kept before all are forgotten: of fifty thousand people one takes some hundred megabytes.
const KEPT: usize = 4;
/// So long a request waits for the comparison all the same.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Figures that are counted in less than this are counted anew for every page.
const CHEAP: Duration = Duration::from_millis(150);

#[derive(Default)]
pub struct Matchers {
    kept: Mutex<HashMap<String, Arc<Slot>>>,
}

/// What is kept for one view.
#[derive(Default)]
struct Slot {
    questions: Mutex<Questions>,
    at_work: AtomicBool,
    /// Why the last comparison failed.
    failed: Mutex<Option<matching::Error>>,
    weighed: Mutex<Weighed>,
    weighing: AtomicBool,
}

/// Whom figures count, at a position.
#[derive(Clone, Default)]
pub struct Weighed {
    position: u64,
    pub stakes: Stakes,
    /// The figures take long: no answer can be tried on them while somebody waits.
    pub heavy: bool,
}

/// Says that nobody is at work any more, however the work ended.
struct AtWork<'a>(&'a AtomicBool);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Matchers {
    /// Answers with the pairs of the room's view, at its position, however long they take.
    pub fn with<T>(&self, room: &Room<'_>, work: impl FnOnce(&Questions) -> Result<T, Problem>) -> Result<T, Problem> {
        let slot = self.slot(room);
        let mut questions = slot.questions.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_ahead(room, &questions) {
            questions.follow(&room.reader)?;
        }
        work(&questions)
    }

    /// The same for a page: where much has to be compared that is done on a thread of its own, and `None` says that it is not done.
    pub fn soon<T>(
        &self,
        room: &Room<'_>,
        work: impl FnOnce(&Questions) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        if room.ask.json {
            return self.with(room, work).map(Some);
        }
        let slot = self.slot(room);
        let began = Instant::now();
        loop {
            let free = match slot.questions.try_lock() {
                Ok(questions) => Some(questions),
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            };
            if let Some(mut questions) = free {
                let ahead = is_ahead(room, &questions);
                if ahead || questions.is_quick(&room.reader)? {
                    if !ahead {
                        questions.follow(&room.reader)?;
                    }
                    return work(&questions).map(Some);
                }
                if let Some(error) = lock(&slot.failed).take() {
                    return Err(error.into());
                }
                drop(questions);
                follow_beside(room, &slot);
            }
            if began.elapsed() >= PATIENCE {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whom the figures of this view count. Where counting takes long it is done beside the requests, and until then what was
    /// counted before has to do: it only decides which question comes first.
    pub fn weighed(&self, room: &Room<'_>) -> Result<Weighed, Problem> {
        let slot = self.slot(room);
        let known = lock(&slot.weighed).clone();
        let here = room.reader.position();
        if known.position == here {
            return Ok(known);
        }
        if !known.heavy && known.position > 0 {
            let weighed = weigh(room.ledger(), &room.reader)?;
            lock(&slot.weighed).clone_from(&weighed);
            return Ok(weighed);
        }
        if known.position == 0 || known.position > here || room.reader.since(known.position)? != Since::Judged {
            // Who begins it waits a moment: small figures are counted by then. Who comes later does not.
            let mine = weigh_beside(room, &slot);
            let began = Instant::now();
            while mine && known.position == 0 && slot.weighing.load(Ordering::Acquire) && began.elapsed() < PATIENCE / 3
            {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        let mut known = lock(&slot.weighed).clone();
        if known.position == 0 {
            known.heavy = true;
        } else if known.position != here {
            known.stakes = known.stakes.shown_by(&room.reader);
        }
        Ok(known)
    }

    fn slot(&self, room: &Room<'_>) -> Arc<Slot> {
        let mut key = format!("{} under {}", room.reader.cleared(), room.reader.standard().name);
        if room.ask.session.looks_at_the_past() {
            key.push_str(&format!(" at {}", room.reader.position()));
        }
        let mut kept = lock(&self.kept);
        if kept.len() >= KEPT && !kept.contains_key(&key) {
            kept.clear();
        }
        Arc::clone(kept.entry(key).or_default())
    }
}

/// Whether another request of the same view has read on already: what is known is later than this reader, and good enough for it.
fn is_ahead(room: &Room<'_>, questions: &Questions) -> bool {
    !room.ask.session.looks_at_the_past() && questions.people().position() > room.reader.position()
}

/// The room's view, fixed where it stands, for a thread that outlives the request.
fn view(room: &Room<'_>) -> View {
    room.ask.session.view().at(AsOf::Position(room.reader.position()))
}

fn follow_beside(room: &Room<'_>, slot: &Arc<Slot>) {
    if slot.at_work.swap(true, Ordering::AcqRel) {
        return;
    }
    let (slot, workspace, view) = (Arc::clone(slot), Arc::clone(&room.site.workspace), view(room));
    std::thread::spawn(move || {
        let _done = AtWork(&slot.at_work);
        let mut questions = slot.questions.lock().unwrap_or_else(PoisonError::into_inner);
        let followed = workspace.ledger.read(&view).map_err(Into::into).and_then(|reader| questions.follow(&reader));
        *lock(&slot.failed) = followed.err();
    });
}

/// Begins to count, unless somebody is at it; says whether it began.
fn weigh_beside(room: &Room<'_>, slot: &Arc<Slot>) -> bool {
    if slot.weighing.swap(true, Ordering::AcqRel) {
        return false;
    }
    let (slot, workspace, view) = (Arc::clone(slot), Arc::clone(&room.site.workspace), view(room));
    std::thread::spawn(move || {
        let _done = AtWork(&slot.weighing);
        let weighed =
            workspace.ledger.read(&view).map_err(Problem::from).and_then(|reader| weigh(&workspace.ledger, &reader));
        match weighed {
            Ok(weighed) => *lock(&slot.weighed) = weighed,
            Err(error) => tracing::warn!(?error, "the figures could not be counted"),
        }
    });
    true
}

/// Counts every figure that can be counted.
fn weigh(ledger: &Ledger, reader: &Reader<'_>) -> Result<Weighed, Problem> {
    let began = Instant::now();
    let mut counted = Vec::new();
    for definition in reader.definitions("figure")? {
        let Ok(definition) = figures::load(reader, &definition.name) else { continue };
        let Ok(view) = figures::view(reader, &definition) else { continue };
        counted.extend(figures::compute(&ledger.read(&view)?, &definition));
    }
    let stakes = Stakes::of(&counted.iter().collect::<Vec<_>>());
    Ok(Weighed { position: reader.position(), stakes, heavy: began.elapsed() > CHEAP })
}

impl From<matching::Error> for Problem {
    fn from(error: matching::Error) -> Self {
        let (what, hint) = (capitalised(&error.to_string()), error.hint().to_owned());
        match error {
            matching::Error::Ledger(error) => error.into(),
            matching::Error::Linkage(_) => Problem::Inside { what, hint },
            _ => Problem::Wrong { what, hint },
        }
    }
}
