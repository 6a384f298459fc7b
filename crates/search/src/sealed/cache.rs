//! Opened chunks in memory, up to a bound that all indexes of a process share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// File and number of a chunk.
type Place = (u64, u64);

/// Chunks that were opened lately.
#[derive(Debug)]
pub(crate) struct Cache {
    /// Bytes.
    most: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    chunks: HashMap<Place, (Arc<Vec<u8>>, u64)>,
    bytes: usize,
    clock: u64,
    files: u64,
}

impl Cache {
    pub(crate) fn new(most: usize) -> Self {
        Cache { most, held: Mutex::default() }
    }

    /// A number for a file that is about to be read.
    pub(crate) fn new_file(&self) -> u64 {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.files += 1;
        held.files
    }

    pub(crate) fn get(&self, place: Place) -> Option<Arc<Vec<u8>>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.clock += 1;
        let now = held.clock;
        let (chunk, used) = held.chunks.get_mut(&place)?;
        *used = now;
        Some(Arc::clone(chunk))
    }

    pub(crate) fn put(&self, place: Place, chunk: &Arc<Vec<u8>>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.clock += 1;
        let now = held.clock;
        if held.chunks.insert(place, (Arc::clone(chunk), now)).is_none() {
            held.bytes += chunk.len();
        }
        if held.bytes > self.most {
            // An eighth at once, so that the order is looked at seldom.
            let mut ages: Vec<u64> = held.chunks.values().map(|(_, used)| *used).collect();
            let eighth = ages.len() / 8;
            let (_, oldest, _) = ages.select_nth_unstable(eighth);
            let oldest = *oldest;
            held.chunks.retain(|_, (_, used)| *used > oldest);
            held.bytes = held.chunks.values().map(|(chunk, _)| chunk.len()).sum();
        }
    }

    /// A file that is read no more.
    pub(crate) fn forget(&self, file: u64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.chunks.retain(|(of, _), _| *of != file);
        held.bytes = held.chunks.values().map(|(chunk, _)| chunk.len()).sum();
    }
}
