//! Who of the lists is alike in what: persons divided by what the claims say of them, for estimates by stratum. Each is in one
//! stratum only; of whom it is not known, or not certain, is in a stratum of their own.

use std::collections::BTreeMap;

use estimates::Table;
use ledger::Reader;
use schema::{EntityId, Value};

use crate::problem::Problem;
use crate::room::Room;

/// The stratum of whom it is not known.
pub const NOT_KNOWN: &str = "Not known";
/// Strata at most; the smallest are put together.
const MOST: usize = 12;

/// What persons are divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Sex,
    Organisation,
    Year,
    Place,
}

impl By {
    pub const ALL: [Self; 4] = [Self::Sex, Self::Place, Self::Year, Self::Organisation];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::Organisation => "organisation",
            Self::Year => "year",
            Self::Place => "place",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }

    /// As a choice.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Sex => "Sex",
            Self::Organisation => "Organisation to which they belong",
            Self::Year => "Year of the first act against them",
            Self::Place => "Place of the first act against them",
        }
    }

    /// Within a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::Organisation => "organisation",
            Self::Year => "year of the first act",
            Self::Place => "place of the first act",
        }
    }
}

/// A table for each value, the largest first, of whom it is not known last; `members` are persons with their lists as bits.
pub fn divided(
    room: &Room<'_>,
    lists: &[String],
    members: &BTreeMap<EntityId, u32>,
    by: By,
) -> Result<Vec<(String, Table)>, Problem> {
    let mut strata: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (id, lists) in members {
        let value = value(&room.reader, *id, by)?.unwrap_or_else(|| NOT_KNOWN.into());
        strata.entry(value).or_default().push(*lists);
    }
    let unknown = strata.remove_entry(NOT_KNOWN);
    let mut strata: Vec<(String, Vec<u32>)> = strata.into_iter().collect();
    strata.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    if strata.len() > MOST {
        let rest = strata.split_off(MOST - 1);
        let name = format!("{} others", rest.len());
        strata.push((name, rest.into_iter().flat_map(|(_, lists)| lists).collect()));
    }
    strata.extend(unknown);
    Ok(strata.into_iter().map(|(name, of)| (name, Table::from_records(lists, of))).collect())
}

/// To which stratum a person belongs; `None` where nobody says, or what is said allows several.
fn value(reader: &Reader<'_>, id: EntityId, by: By) -> Result<Option<String>, Problem> {
    Ok(match by {
        By::Sex => reader.value(id, "gender")?.map(|sex| reader.show(&sex)).transpose()?,
        By::Organisation => reader.value(id, "affiliation")?.map(|body| reader.show(&body)).transpose()?,
        By::Year | By::Place => {
            // In the order of their dates: the first decides, because nobody may be in two strata.
            let acts = reader.related(id)?.into_iter().filter(|related| related.relation == "actsAgainst");
            match acts.map(|act| act.id).next() {
                Some(act) => of_act(reader, act, by)?,
                None => None,
            }
        }
    })
}

/// The year or the area of an act, or of the incident of which it is a part.
fn of_act(reader: &Reader<'_>, act: EntityId, by: By) -> Result<Option<String>, Problem> {
    let property = if by == By::Year { "date" } else { "place" };
    let own = reader.value(act, property)?;
    let value = match (own, reader.value(act, "incident")?) {
        (None, Some(Value::Entity(incident))) => reader.value(incident, property)?,
        (own, _) => own,
    };
    Ok(match value {
        Some(Value::Date(date)) => match date.possible_range() {
            (Some(first), Some(last)) if first.parts().0 == last.parts().0 => Some(first.parts().0.to_string()),
            _ => None,
        },
        // The area, where it is said: one place has many names.
        Some(Value::Place(place)) => match &place.area {
            Some(area) => Some(reader.show(&Value::Term(area.term()))?),
            None => place.name.clone(),
        },
        _ => None,
    })
}
