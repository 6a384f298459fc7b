//! What somebody typed, as a question: words, phrases, fields, dates, and how they are joined.
//!
//! ```text
//! arrest union            both words, in any form (arrested, unions), with or without accents
//! "provisional detention" these words, one after the other, as written
//! Chhun OR Sithar         either; AND is what stands between words anyway
//! NOT release   -release  not this
//! (Chhun OR Sithar) trial parts
//! incite*                 words that begin so
//! name:Sokkha             names, however they are spelled: Sokha
//! source:licadho          what rests on a source so called
//! place:"Phnom Penh"      places
//! type:Person             a kind of thing and all below it
//! lang:km                 documents in a language
//! date:2020-07..2020-09   possibly in this window; the same as possibly:
//! certainly:2020          certainly in it
//! ```
//!
//! A question that is half typed is still a question: what cannot be understood is left out, and told with its place.

mod parse;
mod token;

use std::fmt;

use schema::{Date, Registry};

pub use parse::parse;

/// The longest question that is asked, in code points: nobody types more, and a word of ten thousand letters has as many spellings.
const LONGEST: usize = 1_000;

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// As typed.
    pub text: String,
    /// What of it was understood; `None`: nothing is asked, so everything answers.
    pub node: Option<Node>,
    /// What of it was not understood.
    pub problems: Vec<Problem>,
    /// Chosen values of facets: a hit has one of the chosen values of each facet that has any chosen.
    pub chosen: Vec<(Facet, String)>,
    /// Hits on a page, 1 to 100.
    pub limit: usize,
    /// Goes on after the page that gave this.
    pub after: Option<String>,
}

impl Query {
    /// Reads what was typed. There is no text that cannot be asked for.
    #[must_use]
    pub fn new(text: &str, registry: &Registry) -> Query {
        let typed = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| text.get(..end).unwrap_or_default());
        let (node, mut problems) = parse(typed, registry);
        if typed.len() < text.len() {
            problems.push(Problem {
                start: LONGEST,
                end: text.chars().count(),
                problem: format!("a question has at most {LONGEST} characters"),
                hint: "The rest was left out.".into(),
            });
        }
        Query { text: typed.into(), node, problems, chosen: Vec::new(), limit: 20, after: None }
    }
}

/// Joined words.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A word in any of its forms, by its exact form.
    Word(String),
    /// Words one after the other, as written.
    Phrase(Vec<String>),
    /// Words typed without a space between them, in a script that may write none: a phrase, or a name as it sounds.
    Unspaced(Vec<String>),
    /// The beginning of a word.
    Prefix(String),
    /// Words in one field; a word's exact form each. All of them have to be there.
    Within(Field, Vec<String>),
    /// A schema with all below it.
    Type(String),
    /// A language, by its code.
    Lang(String),
    Date(Window),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
}

/// A field that can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Name,
    Source,
    Place,
}

/// A window of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    pub date: Date,
    /// Whether it has to lie in the window for certain.
    pub certainly: bool,
}

/// What of a question was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Code points of the text, end exclusive.
    pub start: usize,
    pub end: usize,
    /// What is wrong, without a full stop.
    pub problem: String,
    /// What to do, in whole sentences.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}. {}", self.start + 1, self.problem, self.hint)
    }
}

/// By what answers are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The schema.
    Type,
    /// A year in which it possibly happened.
    Year,
    /// The kind of a document.
    Kind,
    /// The language of a document.
    Language,
    /// Who may see it.
    Clearance,
    /// The highest step of verification that a value of it reached.
    Verification,
}

impl Facet {
    pub const ALL: [Facet; 6] =
        [Facet::Type, Facet::Year, Facet::Kind, Facet::Language, Facet::Clearance, Facet::Verification];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Facet::Type => "type",
            Facet::Year => "year",
            Facet::Kind => "kind",
            Facet::Language => "lang",
            Facet::Clearance => "clearance",
            Facet::Verification => "verification",
        }
    }

    /// The facet of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Facet> {
        Facet::ALL.into_iter().find(|facet| facet.as_str() == name)
    }
}

#[cfg(test)]
mod tests;
