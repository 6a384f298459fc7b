//! What a command that failed says, and its exit code: 1 failed, 2 wrong use, 3 verification failed.

use std::fmt;
use std::path::Path;

use miette::Diagnostic;

/// A message for the person at the keyboard: what happened, where, what to do next.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// The command could not do what it was asked.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Failure { code: 1, message: message.into(), hint: Some(hint.into()) }
    }

    /// The command was asked for something that cannot be.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Failure { code: 2, ..Failure::new(message, hint) }
    }

    pub fn io(what: &str, path: &Path, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "you have no right to do that there",
            std::io::ErrorKind::StorageFull => "the disk is full: free some space and try again",
            _ => "nothing was changed",
        };
        Failure::new(format!("{what} {}: {error}", path.display()), hint)
    }

    pub fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.hint.as_ref().map(|hint| Box::new(hint) as Box<dyn fmt::Display>)
    }
}

impl From<ledger::Error> for Failure {
    fn from(error: ledger::Error) -> Self {
        let code = if matches!(error, ledger::Error::Damaged { .. }) { 3 } else { 1 };
        Failure { code, hint: error.hint().map(Into::into), message: error.to_string() }
    }
}

impl From<workspace::Error> for Failure {
    fn from(error: workspace::Error) -> Self {
        Failure {
            code: if error.is_damage() { 3 } else { 1 },
            hint: error.hint().map(Into::into),
            message: error.to_string(),
        }
    }
}

impl From<schema::SchemaError> for Failure {
    fn from(error: schema::SchemaError) -> Self {
        Failure { code: 1, message: error.to_string(), hint: None }
    }
}

impl From<figures::Error> for Failure {
    fn from(error: figures::Error) -> Self {
        Failure { code: 1, hint: error.hint().map(Into::into), message: error.to_string() }
    }
}

impl From<publishing::Error> for Failure {
    fn from(error: publishing::Error) -> Self {
        Failure { code: 1, hint: None, message: error.to_string() }
    }
}

impl From<intake::Error> for Failure {
    fn from(error: intake::Error) -> Self {
        match error {
            intake::Error::Workspace(error) => error.into(),
            intake::Error::Ledger(error) => error.into(),
            intake::Error::File { path, source } => Failure::io("cannot read", &path, &source),
            other => Failure { code: 1, hint: other.hint().map(Into::into), message: other.to_string() },
        }
    }
}

impl From<casefile::Error> for Failure {
    fn from(error: casefile::Error) -> Self {
        Failure { code: 1, hint: error.hint().map(Into::into), message: error.to_string() }
    }
}

impl From<matching::Error> for Failure {
    fn from(error: matching::Error) -> Self {
        match error {
            matching::Error::Ledger(error) => error.into(),
            matching::Error::Figure(error) => error.into(),
            other => Failure {
                code: 1,
                hint: Some(other.hint().into()).filter(|hint: &String| !hint.is_empty()),
                message: other.to_string(),
            },
        }
    }
}

impl From<lists::Error> for Failure {
    fn from(error: lists::Error) -> Self {
        match error {
            lists::Error::Ledger(error) => error.into(),
            lists::Error::Workspace(error) => error.into(),
            other => Failure { code: 1, hint: other.hint().map(Into::into), message: other.to_string() },
        }
    }
}

impl From<search::Error> for Failure {
    fn from(error: search::Error) -> Self {
        let code = if matches!(error, search::Error::Cursor | search::Error::NotSaved(_) | search::Error::Saving(_)) {
            2
        } else {
            1
        };
        Failure { code, hint: error.hint().map(Into::into), message: error.to_string() }
    }
}
