//! Many files: two at a time, with progress, and a report of what failed. One file's failure costs nothing but that file.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::Error;
use crate::add::{Added, Arriving, Intake};

/// Where the work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
    pub failed: usize,
}

/// What became of one of the files.
#[derive(Debug)]
pub struct Outcome {
    pub file: String,
    pub result: Result<Added, Error>,
}

/// Files to be taken in.
#[derive(Debug)]
pub struct Many<'a> {
    intake: &'a Intake<'a>,
    /// Files read at once.
    threads: usize,
    stop: &'a AtomicBool,
}

impl<'a> Many<'a> {
    /// Reads as many files at once as there are processors; when `stop` is set, what is under way is finished and the rest left.
    #[must_use]
    pub fn new(intake: &'a Intake<'a>, stop: &'a AtomicBool) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, 8);
        Many { intake, threads, stop }
    }

    /// Adds them all. The outcomes are in the order of the files; those that were left when it was stopped are missing.
    pub fn add(&self, files: Vec<Arriving>, progress: &(dyn Fn(Progress) + Sync)) -> Vec<Outcome> {
        let total = files.len();
        let names: Vec<String> = files.iter().map(|file| file.file_name.clone()).collect();
        let waiting: Vec<Mutex<Option<Arriving>>> = files.into_iter().map(|file| Mutex::new(Some(file))).collect();
        let (next, done, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let outcomes: Mutex<Vec<(usize, Result<Added, Error>)>> = Mutex::new(Vec::with_capacity(total));
        std::thread::scope(|scope| {
            for _ in 0..self.threads.min(total) {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(slot) = waiting.get(index) else { return };
                        if self.stop.load(Ordering::Relaxed) {
                            return;
                        }
                        let taken = slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
                        let Some(file) = taken else { continue };
                        let result = self.intake.add(file);
                        let failed = failed.fetch_add(usize::from(result.is_err()), Ordering::Relaxed)
                            + usize::from(result.is_err());
                        outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
                        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                        progress(Progress { done, total, failed });
                    }
                });
            }
        });
        let mut outcomes = outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        outcomes.sort_by_key(|(index, _)| *index);
        let named = |(index, result)| Outcome { file: names.get(index).cloned().unwrap_or_default(), result };
        outcomes.into_iter().map(named).collect()
    }
}

/// Every file in these folders and files, in order of path; hidden ones and links are left out.
///
/// # Errors
/// When a folder cannot be read.
pub fn files_in(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, true, &mut files)?;
    }
    Ok(files)
}

fn collect(path: &PathBuf, named: bool, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |source| Error::File { path: path.clone(), source };
    let kind = if named { std::fs::metadata(path) } else { std::fs::symlink_metadata(path) }.map_err(failed)?;
    if kind.is_file() {
        files.push(path.clone());
    } else if kind.is_dir() {
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            inside.push(entry.map_err(failed)?.path());
        }
        inside.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
        inside.sort();
        for path in inside {
            collect(&path, false, files)?;
        }
    }
    Ok(())
}
