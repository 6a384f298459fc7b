//! What an answer is divided by. Few things differ in all of it, so each document carries the number of its profile, and the counts of
//! every facet follow from how many documents of each profile there are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::document::Document;
use crate::query::Facet;

/// Years of a window longer than this are not told one by one.
const LONGEST: i32 = 40;
/// Years that a facet tells.
const MOST_YEARS: usize = 60;

/// One combination of facets' values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Profile {
    pub(crate) schema: String,
    pub(crate) level: String,
    pub(crate) verification: String,
    pub(crate) kind: Option<String>,
    pub(crate) languages: Vec<String>,
    /// First and last possible year; the ends of the range of numbers where they are open.
    pub(crate) years: Option<(i32, i32)>,
    /// Whether the date may be certain of anything.
    pub(crate) firm: bool,
}

impl Profile {
    pub(crate) fn of(document: &Document) -> Profile {
        let year = |day: Option<schema::Day>, open: i32| {
            day.map_or(open, |day| i32::try_from(day.parts().0).unwrap_or(if day.parts().0 < 0 { i32::MIN } else { i32::MAX }))
        };
        let years = document.date.map(|date| {
            let (first, last) = date.possible_range();
            (year(first, i32::MIN), year(last, i32::MAX))
        });
        Profile {
            schema: document.schema.clone(),
            level: document.level.as_str().into(),
            verification: document.verification.clone(),
            kind: document.kind.clone(),
            languages: document.languages.clone(),
            years,
            firm: document.date.is_some_and(|date| !date.is_uncertain()),
        }
    }

    /// As the index keeps it.
    pub(crate) fn written(&self) -> String {
        let (first, last) = self.years.map_or_else(Default::default, |(first, last)| (first.to_string(), last.to_string()));
        [
            self.schema.as_str(),
            &self.level,
            &self.verification,
            self.kind.as_deref().unwrap_or_default(),
            &self.languages.join(","),
            &first,
            &last,
            if self.firm { "1" } else { "" },
        ]
        .join("\t")
    }

    pub(crate) fn read(text: &str) -> Option<Profile> {
        let mut parts = text.split('\t');
        let mut next = || parts.next();
        let (schema, level, verification, kind, languages) = (next()?, next()?, next()?, next()?, next()?);
        let (first, last, firm) = (next()?, next()?, next()?);
        Some(Profile {
            schema: schema.into(),
            level: level.into(),
            verification: verification.into(),
            kind: Some(kind).filter(|kind| !kind.is_empty()).map(Into::into),
            languages: languages.split(',').filter(|code| !code.is_empty()).map(Into::into).collect(),
            years: first.parse().ok().zip(last.parse().ok()),
            firm: firm == "1",
        })
    }

    /// Whether it has this value of a facet.
    pub(crate) fn has(&self, facet: Facet, value: &str) -> bool {
        match facet {
            Facet::Type => self.schema == value,
            Facet::Clearance => self.level == value,
            Facet::Verification => self.verification == value,
            Facet::Kind => self.kind.as_deref() == Some(value),
            Facet::Language => self.languages.iter().any(|code| code == value),
            Facet::Year => match (value.parse::<i32>(), self.years) {
                (Ok(year), Some((first, last))) => first <= year && year <= last,
                _ => false,
            },
        }
    }

    /// Whether it has one of the chosen values of each facet that has any chosen, but for one facet.
    pub(crate) fn chosen(&self, chosen: &[(Facet, String)], but: Option<Facet>) -> bool {
        let of = |facet: Facet| chosen.iter().filter(move |(wanted, _)| *wanted == facet);
        Facet::ALL.into_iter().filter(|facet| Some(*facet) != but && of(*facet).next().is_some()).all(|facet| {
            of(facet).any(|(_, value)| self.has(facet, value))
        })
    }
}

/// All profiles met so far; a profile's number never changes while the index is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profiles {
    pub(crate) all: Vec<Arc<Profile>>,
    numbers: HashMap<Arc<Profile>, u32>,
}

impl Profiles {
    pub(crate) fn number(&mut self, profile: Profile) -> u32 {
        if let Some(number) = self.numbers.get(&profile) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let profile = Arc::new(profile);
        self.all.push(Arc::clone(&profile));
        self.numbers.insert(profile, number);
        number
    }
}

/// A value of a facet, and how many hits have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    pub value: String,
    pub count: u64,
    pub chosen: bool,
}

/// The values of one facet: the most frequent first; years in their order, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCounts {
    pub facet: Facet,
    pub values: Vec<FacetValue>,
}

/// How many hits there are, and how they are divided, from how many have each profile. A facet's own choice does not narrow its counts.
pub(crate) fn count(profiles: &Profiles, found: &[u64], chosen: &[(Facet, String)]) -> (u64, Vec<FacetCounts>) {
    let met: Vec<(&Profile, u64)> =
        profiles.all.iter().zip(found).filter(|(_, count)| **count > 0).map(|(profile, count)| (&**profile, *count)).collect();
    let total = met.iter().filter(|(profile, _)| profile.chosen(chosen, None)).map(|(_, count)| count).sum();
    let facets = Facet::ALL.into_iter().map(|facet| {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let mut years: BTreeMap<i32, i64> = BTreeMap::new();
        let mut open = (0, 0);
        for (profile, count) in &met {
            if !chosen.is_empty() && !profile.chosen(chosen, Some(facet)) {
                continue;
            }
            let mut put = |value| *counts.entry(value).or_default() += count;
            match facet {
                Facet::Type => put(&profile.schema),
                Facet::Clearance => put(&profile.level),
                Facet::Verification => put(&profile.verification),
                Facet::Kind => profile.kind.iter().for_each(|kind| put(kind)),
                Facet::Language => profile.languages.iter().for_each(|code| put(code)),
                Facet::Year => put_years(profile.years, *count, &mut years, &mut open),
            }
        }
        let mut values: Vec<(String, u64)> = match facet {
            Facet::Year => year_counts(&years, open.0),
            _ => counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect(),
        };
        if facet != Facet::Year {
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        // What is chosen is shown, that it can be let go.
        for (_, value) in chosen.iter().filter(|(wanted, _)| *wanted == facet) {
            if !values.iter().any(|(known, _)| known == value) {
                values.push((value.clone(), 0));
            }
        }
        let is_chosen = |value: &str| chosen.iter().any(|(wanted, chosen)| *wanted == facet && chosen == value);
        let values = values.into_iter().map(|(value, count)| FacetValue { chosen: is_chosen(&value), value, count });
        FacetCounts { facet, values: values.collect() }
    });
    (total, facets.collect())
}

/// Notes by how much the count rises with its first year and falls after its last.
fn put_years(range: Option<(i32, i32)>, count: u64, changes: &mut BTreeMap<i32, i64>, open: &mut (i64, i64)) {
    let Some((first, last)) = range else { return };
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if first == i32::MIN {
        open.0 += count;
    } else {
        *changes.entry(first).or_default() += count;
    }
    if last == i32::MAX {
        open.1 += count;
    } else {
        *changes.entry(last.saturating_add(1)).or_default() -= count;
    }
}

/// How many possibly fall in each year, the newest first. Between two far years only the ends are told.
fn year_counts(changes: &BTreeMap<i32, i64>, always: i64) -> Vec<(String, u64)> {
    let mut counts = Vec::new();
    let mut now = always;
    let mut steps = changes.iter().peekable();
    while let Some((year, change)) = steps.next() {
        now += change;
        let until = steps.peek().map_or(*year, |(next, _)| next.saturating_sub(1));
        if now > 0 {
            let until = if until.saturating_sub(*year) > LONGEST { *year } else { until };
            counts.extend((*year..=until).map(|year| (year.to_string(), now.unsigned_abs())));
        }
    }
    counts.reverse();
    counts.truncate(MOST_YEARS);
    counts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn profile(schema: &str, years: Option<(i32, i32)>) -> Profile {
        Profile {
            schema: schema.into(),
            level: "public".into(),
            verification: "unverified".into(),
            kind: None,
            languages: vec!["en".into(), "km".into()],
            years,
            firm: true,
        }
    }

    #[test]
    fn profiles_are_read_as_they_are_written() {
        for years in [None, Some((2020, 2021)), Some((i32::MIN, 2020))] {
            let profile = profile("Person", years);
            assert_eq!(Profile::read(&profile.written()), Some(profile));
        }
    }

    #[test]
    fn a_vague_date_counts_in_every_year_that_it_allows() {
        let mut profiles = Profiles::default();
        for (schema, years) in [("Act", Some((2020, 2020))), ("Act", Some((2019, 2021))), ("Person", None)] {
            profiles.number(profile(schema, years));
        }
        let (total, facets) = count(&profiles, &[2, 3, 5], &[]);
        assert_eq!(total, 10);
        let told = |facet: Facet| {
            let values = &facets.iter().find(|counts| counts.facet == facet).unwrap().values;
            values.iter().map(|value| format!("{} {}", value.value, value.count)).collect::<Vec<_>>()
        };
        assert_eq!(told(Facet::Year), ["2021 3", "2020 5", "2019 3"]);
        assert_eq!(told(Facet::Type), ["Act 5", "Person 5"]);
        assert_eq!(told(Facet::Language), ["en 10", "km 10"]);
        let (total, facets) = count(&profiles, &[2, 3, 5], &[(Facet::Type, "Act".into()), (Facet::Year, "2019".into())]);
        assert_eq!(total, 3);
        let types = &facets.iter().find(|counts| counts.facet == Facet::Type).unwrap().values;
        assert_eq!((types[0].value.as_str(), types[0].count, types[0].chosen), ("Act", 3, true));
    }
}
