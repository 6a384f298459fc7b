//! Lists that somebody has brought and not taken in yet: kept in memory between the steps of the form, never on a disk, and
//! forgotten after an hour, when the session ends, or when others need the room.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ledger::Author;
use lists::{FileRules, ListFile, Mapping, Options, Progress, Report, Unpacker};
use sha2::{Digest, Sha256};
use workspace::Workspace;

use crate::routes::LARGEST_UPLOAD;
use crate::session::secret;

/// How long a list is kept that nobody goes on with.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// A list on its way in.
pub struct Draft {
    pub file_name: String,
    bytes: Arc<[u8]>,
    /// The file as it was last opened, and the rules that it was opened by.
    open: Option<(FileRules, Arc<ListFile>)>,
    pub list: String,
    pub by: String,
    pub clearance: String,
    pub mapping: Mapping,
    /// The mapping as it was last written into the form: what differs from it was typed.
    pub toml: String,
    /// Of each column of the first table: what was proposed, and how sure that is, in words.
    pub proposed: Vec<(String, String)>,
    /// Of each column of the first table: values of it.
    pub examples: Vec<Vec<String>>,
    /// Of the further tables: table, column, and a value of it.
    pub further: Vec<(String, String, String)>,
    pub remarks: Vec<String>,
    pub remembered: Option<String>,
    pub run: Option<Arc<Run>>,
}

impl Draft {
    #[must_use]
    pub fn new(file_name: &str, bytes: Vec<u8>) -> Self {
        Draft {
            file_name: file_name.to_owned(),
            bytes: bytes.into(),
            open: None,
            list: String::new(),
            by: String::new(),
            clearance: String::new(),
            mapping: Mapping::default(),
            toml: String::new(),
            proposed: Vec::new(),
            examples: Vec::new(),
            further: Vec::new(),
            remarks: Vec::new(),
            remembered: None,
            run: None,
        }
    }

    /// The file, opened by the rules of the mapping.
    pub fn file(&mut self, unpacker: &Unpacker) -> Result<Arc<ListFile>, lists::Error> {
        let rules = FileRules {
            encoding: self.mapping.file.encoding.clone(),
            separator: self.mapping.file.separator.clone(),
            quote: self.mapping.file.quote.clone(),
            header: self.mapping.file.header,
            ..FileRules::default()
        };
        if let Some((known, file)) = &self.open
            && *known == rules
        {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(ListFile::from_bytes(&self.file_name, self.bytes.to_vec(), &rules, unpacker)?);
        self.open = Some((rules, Arc::clone(&file)));
        Ok(file)
    }

    /// It is in the ledger now: the file is no longer needed here.
    pub fn let_go(&mut self) {
        self.bytes = Arc::from([]);
        self.open = None;
    }
}

struct Held {
    /// Hash of the session's cookie.
    owner: [u8; 32],
    used: Instant,
    size: usize,
    draft: Arc<Mutex<Draft>>,
}

#[derive(Default)]
pub struct Brought {
    held: Mutex<HashMap<String, Held>>,
}

impl Brought {
    /// Keeps a list for a session, in the place of what that session had brought before; the name that it is found by.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn keep(&self, cookie: &str, draft: Draft) -> Result<String, getrandom::Error> {
        let name = secret()?.split_off(32);
        let owner = owner(cookie);
        let size = draft.bytes.len();
        let mut held = self.held();
        held.retain(|_, other| other.owner != owner);
        while held.values().map(|other| other.size).sum::<usize>() + size > LARGEST_UPLOAD {
            let Some(oldest) = held.iter().min_by_key(|(_, other)| other.used).map(|(name, _)| name.clone()) else {
                break;
            };
            held.remove(&oldest);
        }
        held.insert(name.clone(), Held { owner, used: Instant::now(), size, draft: Arc::new(Mutex::new(draft)) });
        Ok(name)
    }

    /// What this session brought under that name.
    pub fn find(&self, cookie: &str, name: &str) -> Option<Arc<Mutex<Draft>>> {
        let mut held = self.held();
        let found = held.get_mut(name).filter(|held| held.owner == owner(cookie))?;
        found.used = Instant::now();
        Some(Arc::clone(&found.draft))
    }

    /// The session is over.
    pub fn leave(&self, cookie: &str) {
        let owner = owner(cookie);
        self.held().retain(|_, held| held.owner != owner);
    }

    /// Forgets what nobody goes on with; called with every request.
    pub fn tidy(&self) {
        self.held().retain(|_, held| held.used.elapsed() < KEPT);
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn owner(cookie: &str) -> [u8; 32] {
    Sha256::digest(cookie.as_bytes()).into()
}

/// An import, or a look at what it would do, on a thread of its own.
pub struct Run {
    progress: Mutex<Progress>,
    stop: AtomicBool,
    outcome: Mutex<Option<Arc<Outcome>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// How it ended.
pub struct Outcome {
    /// `Err`: what is wrong, and what to do.
    pub report: Result<Report, (String, String)>,
    /// Nothing was recorded, because not everything could be taken and everything was asked for.
    pub not_whole: bool,
    /// For each table with refused rows: its name, and the file of those rows.
    pub rejected: Vec<(String, Vec<u8>)>,
}

/// Grows as rows are refused.
#[derive(Clone, Default)]
struct Rows(Arc<Mutex<Vec<u8>>>);

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Run {
    /// Begins it.
    pub fn begin(
        workspace: Arc<Workspace>,
        author: Author,
        file: Arc<ListFile>,
        mapping: Mapping,
        options: Options,
    ) -> io::Result<Arc<Run>> {
        let run = Arc::new(Run {
            progress: Mutex::default(),
            stop: AtomicBool::new(false),
            outcome: Mutex::default(),
            thread: Mutex::default(),
        });
        let own = Arc::clone(&run);
        let thread = std::thread::Builder::new().name("import".into()).spawn(move || {
            let mut rejected: Vec<(String, Rows)> = Vec::new();
            let mut to = |table: &str| {
                let rows = Rows::default();
                rejected.push((table.to_owned(), rows.clone()));
                Ok(Box::new(rows) as Box<dyn Write>)
            };
            let mut progress = |so_far: Progress| {
                *lock(&own.progress) = so_far;
                if own.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let done = lists::import(&workspace, &author, &file, &mapping, &options, &mut progress, Some(&mut to));
            let (report, not_whole) = match done {
                Ok(report) => (Ok(report), false),
                Err(lists::Error::NotWhole(report)) => (Ok(*report), true),
                Err(error) => (Err((error.to_string(), error.hint().unwrap_or_default().to_owned())), false),
            };
            let rejected =
                rejected.into_iter().map(|(table, rows)| (table, std::mem::take(&mut *lock(&rows.0)))).collect();
            *lock(&own.outcome) = Some(Arc::new(Outcome { report, not_whole, rejected }));
        })?;
        *lock(&run.thread) = Some(thread);
        Ok(run)
    }

    /// How it ended, if it did.
    pub fn outcome(&self) -> Option<Arc<Outcome>> {
        let finished = lock(&self.thread).as_ref().is_none_or(JoinHandle::is_finished);
        let outcome = lock(&self.outcome).clone();
        if outcome.is_none() && finished {
            let what = "The program failed while it read the list. Nothing was recorded by it.".to_owned();
            let hint = "Try again; if it happens again, what the program printed says where.".to_owned();
            return Some(Arc::new(Outcome { report: Err((what, hint)), not_whole: false, rejected: Vec::new() }));
        }
        outcome
    }

    /// Waits a little for it to end.
    pub fn wait(&self, at_most: Duration) -> Option<Arc<Outcome>> {
        let began = Instant::now();
        loop {
            let outcome = self.outcome();
            if outcome.is_some() || began.elapsed() > at_most {
                return outcome;
            }
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    pub fn progress(&self) -> Progress {
        *lock(&self.progress)
    }

    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_its_session_s_alone_and_the_room_is_bounded() {
        let brought = Brought::default();
        let one = brought.keep("one", Draft::new("a.csv", vec![b'x'; 10])).unwrap();
        assert!(brought.find("one", &one).is_some() && brought.find("two", &one).is_none());
        let again = brought.keep("one", Draft::new("b.csv", vec![b'x'; 10])).unwrap();
        assert!(brought.find("one", &one).is_none(), "a session has one");
        brought.keep("two", Draft::new("c.csv", vec![b'x'; LARGEST_UPLOAD - 5])).unwrap();
        assert!(brought.find("one", &again).is_none(), "the oldest goes when there is no room");
        brought.leave("two");
        assert!(brought.held().is_empty());
    }
}
