//! A composed letter: everything that will be printed, with every reference resolved. Pure data; no page and no ledger.
//!
//! It is the one thing that [`crate::html`] and [`crate::pdf`] read, so both say the same. Its canonical JSON (fields in the
//! order below) is what [`Composed::digest`] is the SHA-256 of.

use serde::Serialize;

/// A stretch of text in one language. `lang` is a BCP 47 tag when it is not the letter's own language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "kebab-case")]
pub enum Inline {
    Text {
        runs: Vec<Run>,
    },
    Emphasis {
        children: Vec<Inline>,
    },
    Strong {
        children: Vec<Inline>,
    },
    /// Only `http`, `https` and `mailto` addresses get here.
    Link {
        url: String,
        children: Vec<Inline>,
    },
    Code {
        text: String,
    },
    Break,
    /// The marks of one or more notes, side by side.
    Notes {
        marks: Vec<Mark>,
    },
    /// A computed number or a recorded value: `made` is its place in [`Composed::made`].
    Value {
        made: usize,
        occurrence: usize,
        runs: Vec<Run>,
        /// What the draft said, when the ledger now says something else.
        #[serde(skip_serializing_if = "Option::is_none")]
        drafted: Option<String>,
    },
    /// A reference that the ledger cannot answer in this view.
    Missing {
        reference: String,
    },
}

/// The mark of note `number`; `occurrence` counts the marks of that note from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    pub number: usize,
    pub occurrence: usize,
}

/// What stands in paragraphs. `I` is what stands in a line: [`Inline`] in a letter, references still open in a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "kebab-case")]
pub enum Block<I = Inline> {
    /// `level` 2 to 6, without leaps: the title is 1.
    Heading {
        level: u8,
        inlines: Vec<I>,
    },
    Paragraph {
        inlines: Vec<I>,
    },
    /// `start`: number of the first item of a numbered list.
    List {
        start: Option<usize>,
        tight: bool,
        items: Vec<Vec<Block<I>>>,
    },
    Quote {
        blocks: Vec<Block<I>>,
    },
    Table {
        align: Vec<Align>,
        head: Vec<Vec<I>>,
        rows: Vec<Vec<Vec<I>>>,
    },
    Code {
        text: String,
    },
    Rule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    Left,
    Center,
    Right,
}

/// A numbered note. Note 1 is the first of [`Composed::notes`]; numbers follow the order of first mention in print, and the same
/// source at the same place is the same note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// How many marks point to it.
    pub marks: usize,
    pub says: Says,
}

/// What a note says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "kebab-case")]
pub enum Says {
    /// The whole description, where the source is mentioned first.
    Full {
        title: Vec<Run>,
        /// Author, publisher, date, document symbol: in this order, each only if it is known.
        details: Vec<Run>,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pinpoint: Option<Vec<Run>>,
    },
    /// The same source as in an earlier note.
    Again {
        number: usize,
        short: Vec<Run>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pinpoint: Option<Vec<Run>>,
    },
    /// The source's identity is not covered by the letter's clearance.
    Withheld,
}

/// The annex of cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Annex {
    pub title: Vec<Run>,
    pub cases: Vec<Case>,
}

/// One proceeding, incident or other entity, as the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Case {
    pub title: Vec<Run>,
    /// The schema's label: “Proceeding”.
    pub kind: String,
    pub lines: Vec<CaseLine>,
    /// Its parts in the order of their dates: the ladder of a proceeding.
    pub steps: Vec<Step>,
    /// Accounts that differ, each as a sentence: “Cambodia Daily gives 17 August 2021 (verdict, date).”
    pub disagreements: Vec<Line>,
}

/// One property of a case: its label and its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    pub label: String,
    pub value: Line,
}

/// One step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// In words: “18 August 2021”, “date not recorded”.
    pub date: String,
    pub what: Vec<Run>,
    /// Verdict, sentence, fine …, each in words.
    pub outcome: Vec<Line>,
    /// Note marks of the step's sources; may be empty.
    pub notes: Line,
}

/// Text with its note marks.
pub type Line = Vec<Inline>;

/// How one number or value of the letter was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Made {
    /// `figure` or `fact`.
    pub kind: &'static str,
    /// How the draft asks for it: `defenders-arrested-2020`, `rc1-verdict.date`.
    pub reference: String,
    pub title: Vec<Run>,
    /// The value as printed.
    pub words: Vec<Run>,
    /// Label and text, in order: definition, unit, window, standard, position …
    pub lines: Vec<(String, Vec<Run>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drafted: Option<String>,
    /// How often it is printed: occurrences are numbered from 1.
    pub occurrences: usize,
}

/// A figure or fact that changed since the draft was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub reference: String,
    pub drafted: String,
    pub now: String,
    /// Line of the draft, from 1.
    pub line: usize,
}

/// A reference that could not be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unresolved {
    pub reference: String,
    /// Line of the draft, from 1. References of the front matter carry the line on which it begins.
    pub line: usize,
    pub problem: String,
}

/// A letter, composed at a position for a clearance under a standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Composed {
    pub name: String,
    pub kind: String,
    /// BCP 47.
    pub language: String,
    pub title: Vec<Run>,
    /// `YYYY-MM-DD`.
    pub date: String,
    pub date_words: String,
    pub place: Vec<Run>,
    pub from: Vec<Run>,
    pub to: Vec<Vec<Run>>,
    pub subject: Vec<Run>,
    pub salutation: Vec<Run>,
    pub closing: Vec<Run>,
    pub disclaimer: Vec<Run>,
    pub signatories: Vec<Vec<Run>>,
    pub blocks: Vec<Block>,
    pub notes: Vec<Note>,
    pub annex: Option<Annex>,
    pub made: Vec<Made>,
    pub changes: Vec<Change>,
    pub unresolved: Vec<Unresolved>,
    /// Entries in the ledger when this was composed.
    pub position: u64,
    /// When the entry at the position was recorded, `YYYY-MM-DD`.
    pub recorded: Option<String>,
    pub clearance: String,
    pub standard: String,
    pub standard_label: String,
    /// SHA-256 of all the above as JSON, 64 hexadecimal digits.
    #[serde(skip)]
    pub digest: String,
}

impl Composed {
    /// The letter with its digest filled in.
    ///
    /// # Errors
    /// Only if the letter could not be written as JSON.
    pub fn sealed(mut self) -> Result<Self, crate::Error> {
        use sha2::{Digest, Sha256};
        use std::fmt::Write;
        let json = serde_json::to_vec(&self).map_err(|error| crate::Error::Internal(error.to_string()))?;
        self.digest = Sha256::digest(&json).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(self)
    }

    /// What stands at the foot of every page.
    #[must_use]
    pub fn foot(&self) -> String {
        format!(
            "Rapporteur · ledger position {} · {} view · standard: {}",
            self.position,
            self.clearance,
            self.standard_label.to_lowercase()
        )
    }
}

/// The words of several runs, without their languages.
#[must_use]
pub fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}
