//! Who may see: of claims, of sources, of entities; and what a reader is cleared for.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

use crate::Error;

/// The four circles, from the widest to the narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Level {
    #[n(0)]
    Public,
    #[n(1)]
    Partners,
    #[n(2)]
    Internal,
    #[n(3)]
    Restricted,
}

impl Level {
    pub const ALL: [Level; 4] = [Level::Public, Level::Partners, Level::Internal, Level::Restricted];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Public => "public",
            Level::Partners => "partners",
            Level::Internal => "internal",
            Level::Restricted => "restricted",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Level::ALL.into_iter().find(|level| level.as_str() == text).ok_or_else(|| Error::Wrong {
            what: format!("“{text}” is no clearance"),
            hint: "public, partners, internal or restricted".into(),
        })
    }
}

/// Who may see a claim, a source or an entity: `public`, `partners`, `internal`, or `restricted:TEAM`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Clearance {
    #[n(0)]
    pub level: Level,
    /// Only with `Restricted`: the team that may see it. Without a team, everybody who is cleared to `restricted`.
    #[n(1)]
    pub team: Option<String>,
}

impl Clearance {
    #[must_use]
    pub fn public() -> Self {
        Level::Public.into()
    }

    #[must_use]
    pub fn internal() -> Self {
        Level::Internal.into()
    }

    #[must_use]
    pub fn restricted(team: &str) -> Self {
        Clearance { level: Level::Restricted, team: Some(team.into()) }
    }
}

impl From<Level> for Clearance {
    fn from(level: Level) -> Self {
        Clearance { level, team: None }
    }
}

impl fmt::Display for Clearance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.team {
            Some(team) => write!(f, "{}:{team}", self.level),
            None => self.level.fmt(f),
        }
    }
}

impl FromStr for Clearance {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            Some(("restricted", team)) if !team.trim().is_empty() => Ok(Clearance::restricted(team.trim())),
            _ => Level::from_str(text).map(Into::into).map_err(|_| Error::Wrong {
                what: format!("“{text}” is no clearance"),
                hint: "public, partners, internal, restricted, or restricted:TEAM".into(),
            }),
        }
    }
}

/// What a reader may see: everything up to a level, and what is restricted to the reader's teams.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cleared {
    level: Level,
    teams: BTreeSet<String>,
    keeper: bool,
}

impl Cleared {
    /// Cleared up to this level, in no team.
    #[must_use]
    pub fn to(level: Level) -> Self {
        Cleared { level, teams: BTreeSet::new(), keeper: false }
    }

    /// Cleared for everything, of every team: to keep what is there whole, never to show it to anybody. A workspace is verified, and its
    /// objects are kept and destroyed, with this; nothing that a person or a file is told may come from it.
    #[must_use]
    pub fn for_keeping() -> Self {
        Cleared { level: Level::Restricted, teams: BTreeSet::new(), keeper: true }
    }

    /// The same, and in this team.
    #[must_use]
    pub fn with_team(mut self, team: &str) -> Self {
        self.teams.insert(team.into());
        self
    }

    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Teams that the reader belongs to.
    pub fn teams(&self) -> impl Iterator<Item = &str> {
        self.teams.iter().map(String::as_str)
    }

    /// The only rule of access there is.
    #[must_use]
    pub fn may_see(&self, clearance: &Clearance) -> bool {
        match (&clearance.team, clearance.level) {
            _ if self.keeper => true,
            (Some(team), Level::Restricted) => self.teams.contains(team),
            (_, level) => level <= self.level,
        }
    }

    /// Never more than this: what a publication or a page asks for, limited to what the reader has.
    #[must_use]
    pub fn lowered_to(&self, level: Level) -> Self {
        if level >= self.level {
            return self.clone();
        }
        Cleared::to(level)
    }
}

impl fmt::Display for Cleared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.level.fmt(f)?;
        for team in &self.teams {
            write!(f, " + {team}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_s_words_are_for_the_team() {
        let witness = Clearance::restricted("witness protection");
        assert!(!Cleared::to(Level::Restricted).may_see(&witness), "a high level is no membership");
        assert!(Cleared::to(Level::Internal).with_team("witness protection").may_see(&witness));
        assert!(!Cleared::to(Level::Public).may_see(&Clearance::internal()));
        assert!(Cleared::to(Level::Internal).may_see(&Clearance::public()));
    }

    #[test]
    fn clearances_are_written_as_they_are_read() {
        for text in ["public", "partners", "internal", "restricted", "restricted:legal team"] {
            assert_eq!(text.parse::<Clearance>().map(|clearance| clearance.to_string()).ok().as_deref(), Some(text));
        }
        assert!("secret".parse::<Clearance>().is_err());
    }
}
