//! What can go wrong with a request, and how it is told.
//!
//! A thing that the reader may not see and a thing that never was give the same answer, to the letter.

use axum::http::StatusCode;
use thiserror::Error;

/// Errors of setting the pages up: for the command line.
#[derive(Debug, Error)]
pub enum Error {
    #[error("the ledger cannot be read: {0}")]
    Ledger(#[from] ledger::Error),
    #[error("the operating system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error("the pages cannot be served: {0}")]
    Serve(#[from] std::io::Error),
}

/// Why a request gets no page.
#[derive(Debug)]
pub enum Problem {
    /// There is no such thing, or not for this reader.
    NotFound,
    /// What was asked cannot be done as it stands: what, and what would be right.
    Wrong { what: String, hint: String },
    /// The form did not come from one of this session's own pages.
    Foreign,
    /// More was sent than this address takes, in bytes.
    TooLarge { most: usize },
    /// What was sent broke off, or is no form.
    Broken,
    /// Something failed that the reader did not cause.
    Inside { what: String, hint: String },
}

impl Problem {
    pub fn wrong(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem::Wrong { what: what.into(), hint: hint.into() }
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Wrong { .. } => StatusCode::BAD_REQUEST,
            Problem::Foreign => StatusCode::FORBIDDEN,
            Problem::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::Broken => StatusCode::BAD_REQUEST,
            Problem::Inside { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// (heading, what happened, what to do next)
    #[must_use]
    pub fn told(&self) -> (&'static str, String, String) {
        match self {
            Problem::NotFound => (
                "Nothing here",
                "There is nothing at this address in the view you are looking through.".into(),
                "It may not exist, may not have been recorded yet at the moment you look at, or may be for others. \
                 Search for it, or change the view."
                    .into(),
            ),
            Problem::Wrong { what, hint } => ("That cannot be done", what.clone(), hint.clone()),
            Problem::Foreign => (
                "This form did not come from here",
                "What was sent does not carry this session’s mark, so nothing was recorded.".into(),
                "Go back to the page, reload it and send the form again. If you did not send anything, somebody else’s page tried to."
                    .into(),
            ),
            Problem::TooLarge { most } => (
                "That is too much at once",
                format!("More was sent than this page takes, which is {} MB. Nothing was recorded.", most / (1024 * 1024)),
                "Send fewer files at a time, or add large ones on the command line: rapporteur add FILE.".into(),
            ),
            Problem::Broken => (
                "This did not arrive whole",
                "What was sent broke off on its way, or is no form. Nothing was recorded.".into(),
                "Go back to the page and send it again.".into(),
            ),
            Problem::Inside { what, hint } => ("Something failed", what.clone(), hint.clone()),
        }
    }
}

impl From<ledger::Error> for Problem {
    fn from(error: ledger::Error) -> Self {
        use ledger::Error as E;
        let hint = error.hint().unwrap_or_default().to_owned();
        let what = capitalised(&error.to_string());
        match error {
            E::Wrong { .. } | E::Refused { .. } | E::Item { .. } | E::Unknown { .. } | E::Value(_) | E::Schema(_) => {
                Problem::Wrong { what, hint }
            }
            _ => Problem::Inside { what, hint },
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Problem::Inside { what: format!("The page could not be written: {error}."), hint: String::new() }
    }
}

/// What to answer when a request's body could not be taken: the library's own word for it is for programs.
pub fn unreadable(rejection: impl axum::response::IntoResponse, most: usize) -> Problem {
    match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge { most },
        _ => Problem::Broken,
    }
}

/// With a capital to begin.
#[must_use]
pub fn initial(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    out.push_str(chars.as_str());
    out
}

/// An error's text as a sentence.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut out = initial(text);
    if !out.ends_with(['.', '?', '!', '…']) {
        out.push('.');
    }
    out
}
