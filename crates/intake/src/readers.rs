//! Who reads files: children of this program, each of which reads one file at a time under limits and is used again.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use text::{Converter, Document, Limits, Options};

/// Children that are kept waiting for the next file: more files at once than this are read by children that then go.
const MOST_IDLE: usize = 4;

/// Readers of files. May be shared between threads: as many children run as files are read at once.
pub struct Readers {
    /// `None`: in this process, for tests.
    program: Option<(PathBuf, Vec<OsString>)>,
    limits: Limits,
    idle: Mutex<Vec<Converter>>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("program", &self.program).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Readers {
    /// Children are this program, called with these arguments; it must call [`text::serve_child`] then.
    #[must_use]
    pub fn children(program: &Path, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(OsString::from).collect();
        Readers { program: Some((program.into(), arguments)), limits: Limits::default(), idle: Mutex::default() }
    }

    /// Reads in this process, without limits: a file made to do harm would do it here.
    #[must_use]
    pub fn in_this_process() -> Self {
        Readers { program: None, limits: Limits::default(), idle: Mutex::default() }
    }

    /// The words of a file.
    ///
    /// # Errors
    /// As [`text::extract`], and when it asked for more than the limits allow.
    pub fn read(&self, bytes: &[u8], file_name: &str, options: &Options) -> Result<Document, text::Error> {
        let Some((program, arguments)) = &self.program else { return text::extract(bytes, file_name, options) };
        let waiting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut child = waiting.unwrap_or_else(|| {
            let arguments: Vec<_> = arguments.iter().map(OsString::as_os_str).collect();
            Converter::new(program, &arguments, &self.limits)
        });
        let read = child.convert(bytes, file_name, options);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(child);
        }
        read
    }
}
