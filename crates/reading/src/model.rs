//! Proposals: what a program suggests from a document, each with its words.

use serde::Serialize;

use crate::{Error, Reading};

/// The words that a proposal rests on. `text[start..end] == quote`, in code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// The words, exactly as in the text.
    pub quote: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// Whether the victim is a person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Person {
    /// A human being, or several.
    Person,
    /// A party, outlet, union, NGO, company or the like.
    Organisation,
}

/// How much the act matters for human rights (coding rule 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relevance {
    /// It does, as far as a program can tell.
    High,
    /// Ordinary crime, or what happens to a perpetrator.
    Low,
}

/// Several people or bodies who are not named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// At least so many; `None` if the text gives no lower bound.
    pub min: Option<u64>,
    /// At most so many; `None` if the text gives no upper bound.
    pub max: Option<u64>,
    /// What they are: “labour activists”.
    pub description: String,
}

/// Whom an act befell: a name or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Victim {
    /// The fullest name that the document gives, without titles.
    pub name: Option<String>,
    /// The group, if nobody is named.
    pub group: Option<Group>,
    /// Person or organisation.
    pub is: Person,
}

/// A penalty. Months are calendar months (DESIGN §4).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sentence {
    /// Imprisonment pronounced, in months; `None` for a fine alone.
    pub months: Option<f64>,
    /// The part to be served: 0 when wholly suspended, `None` when nothing is said.
    pub to_serve_months: Option<f64>,
    /// The fine as written: “2 million riel”.
    pub fine: Option<String>,
}

/// Something that did happen to somebody, according to the text (coding rules 1–6).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Act {
    /// The act type, one of the list (`data/triggers.yaml`).
    #[serde(rename = "type")]
    pub act_type: String,
    /// Whom it befell.
    pub victim: Victim,
    /// EDTF; `None` where the text gives nothing.
    pub date: Option<String>,
    /// The place as written.
    pub place: Option<String>,
    /// Who did it, as written.
    pub agent: Option<String>,
    /// Articles of law named with it.
    pub provisions: Vec<String>,
    /// The penalty, if it is one.
    pub sentence: Option<Sentence>,
    /// Who says so; `None` is the document's own voice.
    pub asserter: Option<String>,
    /// The words.
    #[serde(flatten)]
    pub at: Quote,
    /// Whether it matters.
    pub relevance: Relevance,
}

/// A number of persons, arrests, cases, families… (coding rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// What is counted: `persons`, `arrests`, `families`…
    pub unit: String,
    /// Lower bound.
    pub min: Option<u64>,
    /// Upper bound.
    pub max: Option<u64>,
    /// Who or what, as written: “human rights defenders”.
    pub population: Option<String>,
    /// EDTF.
    pub window: Option<String>,
    /// Who says so; `None` is the document's own voice.
    pub asserter: Option<String>,
    /// The words.
    #[serde(flatten)]
    pub at: Quote,
}

/// A quotation or reported statement (coding rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saying {
    /// Who speaks.
    pub asserter: String,
    /// As what, as written.
    pub role: Option<String>,
    /// The words.
    #[serde(flatten)]
    pub at: Quote,
}

/// What somebody is asked to do (coding rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Who is asked.
    pub addressee: Option<String>,
    /// Who asks; `None` is the document's own voice.
    pub asserter: Option<String>,
    /// The words.
    #[serde(flatten)]
    pub at: Quote,
}

/// A law, document or address that the text rests on (coding rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// What is cited: “article 305”, “A/HRC/51/66”, an address.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The number of the footnote that cites it, as in the text: so the numbering is whole, and an “ibid.” has the
    /// reference of the note before it. Absent where it is cited in the text itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<u64>,
    /// The words.
    #[serde(flatten)]
    pub at: Quote,
}

/// A body or person that signs (coding rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// The name as written, without bullet, number or title.
    pub name: String,
    /// The words.
    #[serde(flatten)]
    pub at: Quote,
}

/// What a program suggests.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Proposal {
    /// Something that happened.
    Act(Act),
    /// A number.
    Count(Count),
    /// A statement.
    Saying(Saying),
    /// An ask.
    Request(Request),
    /// A reference.
    Citation(Citation),
    /// A signature.
    Signatory(Signatory),
}

impl Proposal {
    /// The words it rests on.
    #[must_use]
    pub const fn at(&self) -> &Quote {
        match self {
            Self::Act(x) => &x.at,
            Self::Count(x) => &x.at,
            Self::Saying(x) => &x.at,
            Self::Request(x) => &x.at,
            Self::Citation(x) => &x.at,
            Self::Signatory(x) => &x.at,
        }
    }
}

/// Something that suggests what a document says: our rules, or a model on the workspace's own server.
pub trait Proposer {
    /// Its proposals, in the order of the text.
    ///
    /// # Errors
    /// When it cannot do its work; never because of what the document says.
    fn propose(&self, reading: &Reading) -> Result<Vec<Proposal>, Error>;
}
