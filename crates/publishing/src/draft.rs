//! A draft: Markdown with YAML front matter, read whole and checked, before anything is asked of the ledger.

use ledger::{Clearance, Cleared, Level, View};
use schema::yaml::{self, Node};
use schema::{DataError, Kind, Lang, Value};

use crate::Error;
use crate::markdown;
use crate::model::Block;

const KEYS: [&str; 16] = [
    "publication",
    "kind",
    "title",
    "date",
    "place",
    "language",
    "from",
    "to",
    "subject",
    "salutation",
    "closing",
    "signatories",
    "disclaimer",
    "clearance",
    "standard",
    "annex",
];

/// A letter as it was drafted; references are open.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Name under which it is kept: `letter-2023`.
    pub name: String,
    /// `open-letter`, `statement`, …; goes into the keywords of the file.
    pub kind: String,
    pub title: String,
    /// The day it bears.
    pub date: Value,
    pub place: Option<String>,
    /// The letter's own language; `en` unless said.
    pub language: Lang,
    pub from: Option<String>,
    pub to: Vec<String>,
    pub subject: Option<String>,
    pub salutation: Option<String>,
    pub closing: Option<String>,
    pub disclaimer: Option<String>,
    pub signatories: Vec<Named>,
    /// Whom it is for: it prints what this clearance covers, and nothing else. `public` unless said.
    pub clearance: Clearance,
    /// Name of the standard of proof; `all-allegations` unless said.
    pub standard: String,
    pub annex_title: String,
    pub annex: Vec<Named>,
    pub body: Vec<Block<Drafted>>,
    /// Position of the ledger at which this draft was recorded: what it says is set against what it would have said then. `None`
    /// after [`Draft::parse`], which knows no ledger; whoever has the definition sets it from its position.
    pub recorded: Option<u64>,
}

/// An entity that the front matter names by its key or id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub entity: String,
    /// Line of the draft, from 1.
    pub line: usize,
}

/// What stands in a line of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drafted {
    Text(String),
    Emphasis(Vec<Drafted>),
    Strong(Vec<Drafted>),
    Link { url: String, children: Vec<Drafted> },
    Code(String),
    Break,
    Reference(Reference),
}

/// A reference in double square brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub ask: Ask,
    /// As written, without the brackets.
    pub written: String,
    /// Line of the draft, from 1.
    pub line: usize,
}

/// What a reference asks of the ledger. Entities are named by key or id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `[[figure:NAME]]`, `[[figure:NAME|drafted 14..20]]`
    Figure { name: String, drafted: Option<String> },
    /// `[[fact:ENTITY.PROPERTY]]`, `[[fact:ENTITY.PROPERTY|drafted 2021-08-18]]`
    Fact { entity: String, property: String, drafted: Option<String> },
    /// `[[name:ENTITY]]`
    Name { entity: String },
    /// `[[cite:SOURCE]]`, `[[cite:SOURCE|para. 4]]`
    Cite { entity: String, pinpoint: Option<String> },
}

impl Draft {
    /// Reads a draft.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line in the draft and what would be right.
    pub fn parse(text: &str) -> Result<Draft, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let (front, body, body_line) = split(&text)?;
        // The line “---” counts: with an empty first line, places in the front matter are places in the draft.
        let node = yaml::parse("front matter", &format!("\n{front}")).map_err(at)?;
        node.known_keys(&KEYS).map_err(at)?;
        let optional = |key: &str| -> Result<Option<String>, Error> {
            Ok(node.opt_str(key).map_err(at)?.map(flat).filter(|text| !text.is_empty()))
        };
        let required =
            |key: &str| -> Result<String, Error> { Ok(flat(node.require(key).map_err(at)?.str().map_err(at)?)) };
        let annex = node.get("annex");
        if let Some(annex) = annex {
            annex.known_keys(&["title", "entities"]).map_err(at)?;
        }
        Ok(Draft {
            name: required("publication")?,
            kind: optional("kind")?.unwrap_or_else(|| "letter".into()),
            title: required("title")?,
            date: date(&node)?,
            place: optional("place")?,
            language: language(&node)?,
            from: optional("from")?,
            to: match node.get("to") {
                Some(to) => to.strings().map_err(at)?.into_iter().map(flat).collect(),
                None => Vec::new(),
            },
            subject: optional("subject")?,
            salutation: optional("salutation")?,
            closing: optional("closing")?,
            disclaimer: optional("disclaimer")?,
            signatories: named(node.get("signatories"))?,
            clearance: clearance(&node)?,
            standard: optional("standard")?.unwrap_or_else(|| "all-allegations".into()),
            annex_title: match annex {
                Some(annex) => annex.opt_str("title").map_err(at)?.map_or_else(|| "Cases".into(), flat),
                None => String::new(),
            },
            annex: named(annex.and_then(|annex| annex.get("entities")))?,
            body: markdown::read(body, body_line)?,
            recorded: None,
        })
    }

    /// What somebody may see for whom the letter is meant: neither more nor less.
    #[must_use]
    pub fn cleared(&self) -> Cleared {
        match &self.clearance.team {
            // A team's paper is for its members, who need not be cleared for everything that is restricted.
            Some(team) => Cleared::to(Level::Internal).with_team(team),
            None => Cleared::to(self.clearance.level),
        }
    }

    /// The view that this letter is composed with, as of now; [`View::at`] gives an earlier position.
    #[must_use]
    pub fn view(&self) -> View {
        View::new(self.cleared()).under(&self.standard)
    }
}

/// Front matter, body, and the line on which the body begins.
fn split(text: &str) -> Result<(&str, &str, usize), Error> {
    let missing = |problem: &str| Error::Draft {
        line: 1,
        problem: problem.into(),
        hint: "a draft begins with a line “---”, then its front matter, then a line “---” again, then the letter"
            .into(),
    };
    let rest = text.strip_prefix("---\n").ok_or_else(|| missing("there is no front matter"))?;
    let mut offset = 0;
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            return Ok((&rest[..offset], &rest[offset + line.len()..], index + 3));
        }
        offset += line.len();
    }
    Err(missing("the front matter does not end"))
}

fn at(error: DataError) -> Error {
    let place = if error.path.is_empty() { String::new() } else { format!("{}: ", error.path) };
    Error::Draft { line: error.line, problem: format!("{place}{}", error.problem), hint: error.hint }
}

/// One line of it, however it was folded.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn date(node: &Node) -> Result<Value, Error> {
    let written = node.require("date").map_err(at)?;
    let text = written.str().map_err(at)?.trim();
    let whole_day = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    match Value::parse(Kind::Date, text, None) {
        Ok(date) if whole_day => Ok(date),
        _ => {
            Err(at(written
                .error(format!("“{text}” is not the day of a letter"), "Write one whole day, such as 2023-09-15.")))
        }
    }
}

fn language(node: &Node) -> Result<Lang, Error> {
    let tag = node.opt_str("language").map_err(at)?.unwrap_or("en");
    Lang::new(tag).map_err(|error| match node.get("language") {
        Some(written) => at(written.error(error.to_string(), "Write a language tag, such as en or km.")),
        None => Error::Internal(error.to_string()),
    })
}

fn clearance(node: &Node) -> Result<Clearance, Error> {
    match node.get("clearance") {
        None => Ok(Clearance::public()),
        Some(written) => written
            .str()
            .map_err(at)?
            .parse()
            .map_err(|error: ledger::Error| at(written.error(error.to_string(), error.hint().unwrap_or_default()))),
    }
}

fn named(list: Option<&Node>) -> Result<Vec<Named>, Error> {
    list.map(Node::one_or_many)
        .unwrap_or_default()
        .into_iter()
        .map(|node| Ok(Named { entity: node.str().map_err(at)?.trim().to_string(), line: node.line() }))
        .collect()
}
