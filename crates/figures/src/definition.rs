//! What a figure counts, as a person writes it down: a short YAML text that is kept in the ledger under a name.
//!
//! ```yaml
//! figure: defenders-arrested-2020
//! title: {en: Human rights defenders arrested}
//! definition: who and what is counted, in prose
//! unit: persons                          # persons | acts
//! also: [acts]                           # counted apart beside it
//! acts: [arrest]                         # of vocabulary `acts`, narrower ones included
//! victimGroups: [human-rights-defender]  # of vocabulary `victim-groups`, narrower included; without it: anybody
//! window: 2020-07-31/2020-09-10          # both days included
//! place: KH                              # of vocabulary `places`; optional
//! standard: all-allegations
//! clearance: public                      # whose eyes it is computed with; without it: those who may read the definition
//! sources: []                            # ids of texts that define the terms used
//! published: []                          # ids of ReportedCounts that it is set beside
//! sourceNote: what the sources cover and what they miss
//! ```

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use ledger::{AsOf, Clearance, Cleared, Level, Reader, View};
use schema::yaml::{self, Node};
use schema::{DataError, Date, EntityId, Term};

use crate::Error;

/// The name under which errors speak of a definition's text.
const FILE: &str = "figure";
const KEYS: [&str; 14] = [
    "figure",
    "title",
    "definition",
    "unit",
    "also",
    "acts",
    "victimGroups",
    "window",
    "place",
    "standard",
    "clearance",
    "sources",
    "published",
    "sourceNote",
];

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Human beings, once each, however often it was done to them.
    Persons,
    /// What was done: ten persons arrested are ten acts, one person arrested twice is two.
    Acts,
}

impl Unit {
    /// `persons` or `acts`: also the code in vocabulary `counting-units`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Persons => "persons",
            Unit::Acts => "acts",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A figure's title; it reads as its English text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// English.
    pub en: String,
    /// Khmer, where somebody wrote it.
    pub km: Option<String>,
}

impl Deref for Title {
    type Target = str;
    fn deref(&self) -> &str {
        &self.en
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// A named count, as defined. It holds no number.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// `defenders-arrested-2020`.
    pub name: String,
    /// What people read above the number.
    pub title: Title,
    /// Who and what is counted, in prose, with the rule for groups and repeats.
    pub definition: String,
    /// What the number is of.
    pub unit: Unit,
    /// Other units, counted apart beside it.
    pub also: Vec<Unit>,
    /// Types of acts, of vocabulary `acts`; narrower ones count too.
    pub acts: Vec<Term>,
    /// Groups of victims, of vocabulary `victim-groups`; narrower ones count too. Empty: anybody.
    pub victim_groups: Vec<Term>,
    /// From when to when, both days included.
    pub window: Date,
    /// Where, a term of vocabulary `places`. `None`: anywhere.
    pub place: Option<Term>,
    /// Name of the standard of proof that claims must meet to count.
    pub standard: String,
    /// Whose eyes the figure is computed with.
    pub clearance: Clearance,
    /// Texts that define the terms used.
    pub sources: Vec<EntityId>,
    /// ReportedCounts that the figure is set beside.
    pub published: Vec<EntityId>,
    /// What the sources cover, and what they miss.
    pub source_note: Option<String>,
}

impl Definition {
    /// Reads a definition. Without a word on clearance it is for the inside only.
    ///
    /// # Errors
    /// With line and field, when a key is unknown or missing or a value is not what it must be.
    pub fn parse(text: &str) -> Result<Definition, Error> {
        Self::read(text, &Clearance::internal())
    }

    fn read(text: &str, otherwise: &Clearance) -> Result<Definition, Error> {
        let node = yaml::parse(FILE, text)?;
        node.known_keys(&KEYS)?;
        let unit = unit(node.require("unit")?)?;
        let mut also = node.get("also").map(units).transpose()?.unwrap_or_default();
        also.retain(|other| *other != unit);
        let acts = terms(&node, "acts")?;
        if acts.is_empty() {
            return Err(node.error("“acts” is missing", "Say which types of acts are counted: acts: [arrest].").into());
        }
        Ok(Definition {
            name: node.require("figure")?.str()?.to_owned(),
            title: title(node.require("title")?)?,
            definition: node.require("definition")?.str()?.trim().to_owned(),
            unit,
            also,
            acts,
            victim_groups: terms(&node, "victimGroups")?,
            window: window(node.require("window")?)?,
            place: node.get("place").map(|place| term(place, "places")).transpose()?,
            standard: node.require("standard")?.str()?.to_owned(),
            clearance: match node.get("clearance") {
                Some(written) => clearance(written)?,
                None => otherwise.clone(),
            },
            sources: ids(&node, "sources")?,
            published: ids(&node, "published")?,
            source_note: node.opt_str("sourceNote")?.map(|note| note.trim().to_owned()),
        })
    }

    /// Whose eyes: everybody who may see this figure sees the same one, so it rests on nothing that only some of them may
    /// see. A figure for a team rests on what is internal and on what is the team's; one for a level rests on no team's words.
    #[must_use]
    pub fn cleared(&self) -> Cleared {
        match &self.clearance.team {
            Some(team) => Cleared::to(Level::Internal).with_team(team),
            None => Cleared::to(self.clearance.level),
        }
    }

    /// The view that the figure is computed in, as of now; [`View::at`] gives an earlier position.
    #[must_use]
    pub fn view(&self) -> View {
        View::new(self.cleared()).under(&self.standard)
    }
}

/// The definition of that name, as it stood at the reader's position.
///
/// # Errors
/// [`Error::Unknown`] when this view has none such; else as [`Definition::parse`] and the ledger say.
pub fn load(reader: &Reader<'_>, name: &str) -> Result<Definition, Error> {
    if let Some(found) = reader.definition("figure", name)? {
        return Definition::read(&found.text, &found.clearance);
    }
    let known = reader.definitions("figure")?;
    let hint = match schema::nearest(name, known.iter().map(|known| known.name.as_str())) {
        Some(near) => format!("Did you mean “{near}”?"),
        None if known.is_empty() => "None is defined yet: write one in a case file, under “figures:”.".into(),
        None => format!("There are: {}.", known.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ")),
    };
    Err(Error::Unknown { name: name.to_owned(), hint })
}

/// The view that a figure is to be computed in, at this reader's position: the figure's own clearance and standard.
///
/// # Errors
/// [`Error::Clearance`] when the reader may see less than that.
pub fn view(reader: &Reader<'_>, definition: &Definition) -> Result<View, Error> {
    let needed = definition.cleared();
    let given = reader.cleared();
    if given.level() < needed.level() || !given.may_see(&definition.clearance) {
        return Err(Error::Clearance { figure: definition.name.clone(), needed, given: given.clone() });
    }
    Ok(definition.view().at(AsOf::Position(reader.position())))
}

fn title(node: &Node) -> Result<Title, DataError> {
    if node.is_scalar() {
        return Ok(Title { en: node.str()?.trim().to_owned(), km: None });
    }
    node.known_keys(&["en", "km"])?;
    let km = node.opt_str("km")?.map(|km| km.trim().to_owned());
    Ok(Title { en: node.require("en")?.str()?.trim().to_owned(), km })
}

fn unit(node: &Node) -> Result<Unit, DataError> {
    match node.str()? {
        "persons" => Ok(Unit::Persons),
        "acts" => Ok(Unit::Acts),
        other => Err(node.error(format!("“{other}” is no unit of a figure"), "Write persons or acts.")),
    }
}

fn units(node: &Node) -> Result<Vec<Unit>, DataError> {
    let mut units = node.one_or_many().into_iter().map(unit).collect::<Result<Vec<_>, _>>()?;
    units.sort_unstable();
    units.dedup();
    Ok(units)
}

fn window(node: &Node) -> Result<Date, DataError> {
    Date::parse(node.str()?).map_err(|error| node.error(error.problem, error.hint))
}

fn clearance(node: &Node) -> Result<Clearance, DataError> {
    let text = node.str()?;
    text.parse().map_err(|_| {
        node.error(
            format!("“{text}” is no clearance"),
            "Write public, partners, internal, restricted or restricted:TEAM.",
        )
    })
}

/// A term as people write it: its code alone, the vocabulary being known; `vocabulary:code` is taken too.
fn term(node: &Node, vocabulary: &str) -> Result<Term, DataError> {
    let text = node.str()?;
    let term = if text.contains(':') { Term::parse(text) } else { Term::new(vocabulary, text) };
    match term {
        Ok(term) if term.vocabulary == vocabulary => Ok(term),
        Ok(term) => Err(node.error(
            format!("{term} is of the vocabulary {}", term.vocabulary),
            format!("Write a code of the vocabulary {vocabulary}."),
        )),
        Err(error) => Err(node.error(error.problem, error.hint)),
    }
}

fn terms(node: &Node, key: &str) -> Result<Vec<Term>, DataError> {
    let vocabulary = if key == "acts" { "acts" } else { "victim-groups" };
    node.get(key)
        .map_or_else(|| Ok(Vec::new()), |node| node.one_or_many().into_iter().map(|n| term(n, vocabulary)).collect())
}

fn ids(node: &Node, key: &str) -> Result<Vec<EntityId>, DataError> {
    let Some(node) = node.get(key) else { return Ok(Vec::new()) };
    let id = |node: &Node| {
        let text = node.str()?;
        EntityId::from_str(text).map_err(|error| {
            node.error(
                format!("“{text}”: {error}"),
                "In the ledger a figure names entities by their ids; import a case file to have keys replaced.",
            )
        })
    };
    node.one_or_many().into_iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const WRITTEN: &str = "figure: arrests\ntitle: {en: Arrests, km: ការចាប់ខ្លួន}\ndefinition: Who was arrested.\nunit: persons\n\
                           also: [acts, persons]\nacts: [arrest, acts:detention]\nwindow: 2020-07-31/2020-09-10\nstandard: all-allegations\n";

    #[test]
    fn a_definition_is_read() {
        let read = Definition::parse(WRITTEN).unwrap();
        assert_eq!(&*read.title, "Arrests");
        assert_eq!(read.also, [Unit::Acts]);
        assert_eq!(read.acts.iter().map(ToString::to_string).collect::<Vec<_>>(), ["acts:arrest", "acts:detention"]);
        assert_eq!(read.window.days_inclusive(), Some(42));
        assert_eq!(read.clearance, Clearance::internal());
        assert!(read.victim_groups.is_empty() && read.place.is_none());
    }

    #[test]
    fn errors_say_where_and_what_would_be_right() {
        let wrong = |from: &str, to: &str| Definition::parse(&WRITTEN.replace(from, to)).unwrap_err().to_string();
        assert!(
            wrong("unit: persons", "unit: people").contains("figure:4"),
            "{}",
            wrong("unit: persons", "unit: people")
        );
        assert!(wrong("window: 2020-07-31/2020-09-10", "window: 2020-02-30").contains("figure:7"));
        assert!(wrong("acts: [arrest, acts:detention]", "akts: [arrest]").contains("akts"));
        assert!(wrong("acts: [arrest, acts:detention]", "acts: [places:KH]").contains("vocabulary acts"));
        assert!(wrong("standard: all-allegations", "published: [rc-licadho]\nstandard: x").contains("rc-licadho"));
    }

    #[test]
    fn a_figure_for_a_level_rests_on_no_team_s_words() {
        let of = |clearance: &str| Definition::parse(&format!("{WRITTEN}clearance: {clearance}\n")).unwrap().cleared();
        assert_eq!(of("public"), Cleared::to(Level::Public));
        assert_eq!(of("restricted"), Cleared::to(Level::Restricted));
        assert_eq!(of("restricted:legal"), Cleared::to(Level::Internal).with_team("legal"));
    }
}
