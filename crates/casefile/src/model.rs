//! What a case file says, as written: every key, value and place, before the schema is asked.

use ledger::{Clearance, Verdict};
use schema::{EntityId, Lang};

use crate::problem::{At, Problem};
use crate::words::Quote;

/// A case file, read but not yet held against a schema.
#[derive(Clone, Debug, Default)]
pub struct CaseFile {
    /// Its name, `[a-z0-9][a-z0-9-]*`: with an entity's key it makes the entity's id.
    pub name: String,
    /// What people read.
    pub title: String,
    /// `as:` the account under which it asks to be recorded; the caller of [`crate::import`] decides.
    pub account: Option<String>,
    /// What entities, sources, figures and letters have that say nothing of their own.
    pub clearance: Option<Clearance>,
    pub entities: Vec<EntityDecl>,
    pub sources: Vec<SourceDecl>,
    pub judgements: Vec<Judgement>,
    pub assessments: Vec<Assessment>,
    pub preferences: Vec<Preference>,
    pub figures: Vec<Figure>,
    pub publications: Vec<Publication>,
    /// Where `casefile:` stands.
    pub at: At,
    /// What is odd, and no error: files that are not read, entities of which nothing is said.
    pub notices: Vec<Problem>,
}

impl CaseFile {
    /// The clearance that holds where none is written: the case file's own, else `internal`.
    #[must_use]
    pub fn default_clearance(&self) -> Clearance {
        self.clearance.clone().unwrap_or_else(Clearance::internal)
    }
}

/// A key as it is used somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub key: String,
    pub at: At,
}

/// `rc1: {schema: Proceeding, clearance: public}`
#[derive(Clone, Debug)]
pub struct EntityDecl {
    pub key: String,
    pub schema: String,
    pub clearance: Option<Clearance>,
    /// Only where the id is not the one that the case file's name and the key give: an entity that came from elsewhere.
    pub id: Option<EntityId>,
    pub at: At,
}

/// One source and everything that is claimed from it.
#[derive(Clone, Debug)]
pub struct SourceDecl {
    pub key: String,
    pub schema: String,
    pub clearance: Option<Clearance>,
    pub id: Option<EntityId>,
    /// Properties of the source itself.
    pub about: Vec<Said>,
    pub content: Content,
    pub reliability: Option<Reliability>,
    pub claims: Vec<ClaimDecl>,
    pub at: At,
}

/// The bytes of a source.
#[derive(Clone, Debug)]
pub enum Content {
    /// None: a source that is only described.
    Nothing,
    /// A text beside the YAML.
    Text { file_name: String, text: String, at: At },
    /// A document whose bytes are not in version control: they come with the import, or lie beside the YAML as `file`.
    Original { sha256: [u8; 32], name: String, bytes: Option<Vec<u8>>, at: At },
}

/// `reliability: B` with `because: …`: how far the source has been reliable.
#[derive(Clone, Debug)]
pub struct Reliability {
    /// A term of vocabulary `source-reliability`.
    pub code: String,
    pub because: String,
    pub at: At,
}

/// A property and what is said of it.
#[derive(Clone, Debug)]
pub struct Said {
    pub property: String,
    pub values: Vec<SaidValue>,
    pub at: At,
}

/// A value as written, not yet parsed.
#[derive(Clone, Debug)]
pub struct SaidValue {
    pub text: String,
    pub lang: Option<Lang>,
    pub at: At,
}

/// What a claim rests on.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// Words of the source's text.
    Words(Quote),
    /// Code points of the source's text, end exclusive.
    Span(u64, u64),
    /// No words, for this reason.
    None(String),
}

/// The claims that one passage makes about one entity.
#[derive(Clone, Debug)]
pub struct ClaimDecl {
    pub about: Key,
    pub evidence: Evidence,
    pub page: Option<u32>,
    /// Who says so, if it is not the document itself.
    pub asserter: Option<Key>,
    /// A term of vocabulary `information-credibility`, and why.
    pub credibility: Option<(String, Option<String>)>,
    pub clearance: Option<Clearance>,
    pub note: Option<String>,
    pub says: Vec<Said>,
    pub at: At,
}

/// Same, different or unsure: two entities, or each pair of several.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub verdict: Verdict,
    pub keys: Vec<Key>,
    pub because: String,
    pub at: At,
}

/// Which claims of this case file are meant: those of a property, perhaps with a value, perhaps from a source.
#[derive(Clone, Debug)]
pub struct Which {
    pub about: Key,
    pub property: String,
    pub value: Option<SaidValue>,
    pub source: Option<Key>,
    pub at: At,
}

/// A step on the verification ladder for some claims.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub which: Which,
    /// `corroborated`, `verified`, …
    pub status: Option<String>,
    pub standard: Option<String>,
    pub credibility: Option<String>,
    pub because: String,
}

/// Among several accounts, the one to show first.
#[derive(Clone, Debug)]
pub struct Preference {
    pub which: Which,
    pub because: String,
}

/// A figure's definition, as YAML text with keys.
#[derive(Clone, Debug)]
pub struct Figure {
    pub name: String,
    pub definition: schema::yaml::Node,
    pub clearance: Option<Clearance>,
    pub at: At,
}

/// A letter's draft, with keys.
#[derive(Clone, Debug)]
pub struct Publication {
    pub name: String,
    /// The Markdown, front matter included.
    pub text: String,
    pub clearance: Option<Clearance>,
    /// The draft's first line.
    pub at: At,
}
