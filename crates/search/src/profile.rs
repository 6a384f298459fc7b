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
            day.map_or(open, |day| {
                i32::try_from(day.parts().0).unwrap_or(if day.parts().0 < 0 { i32::MIN } else { i32::MAX })
            })
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
        let (first, last) =
            self.years.map_or_else(Default::default, |(first, last)| (first.to_string(), last.to_string()));
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
}

/// Facets whose values are words. A set of languages is one value here, and taken apart when all is counted.
const WORDED: [Facet; 5] = [Facet::Type, Facet::Kind, Facet::Language, Facet::Clearance, Facet::Verification];

/// All profiles met so far; a profile's number never changes while the index is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profiles {
    pub(crate) all: Vec<Arc<Profile>>,
    numbers: HashMap<Arc<Profile>, u32>,
    /// The values of each worded facet, and for each profile which it has.
    values: [Vec<String>; WORDED.len()],
    codes: Vec<[u32; WORDED.len()]>,
}

impl Profiles {
    pub(crate) fn number(&mut self, profile: Profile) -> u32 {
        if let Some(number) = self.numbers.get(&profile) {
            return *number;
        }
        let worded = [
            profile.schema.clone(),
            profile.kind.clone().unwrap_or_default(),
            profile.languages.join(","),
            profile.level.clone(),
            profile.verification.clone(),
        ];
        let mut codes = [0; WORDED.len()];
        for ((code, word), values) in codes.iter_mut().zip(worded).zip(&mut self.values) {
            let at = values.iter().position(|known| *known == word).unwrap_or_else(|| {
                values.push(word);
                values.len() - 1
            });
            *code = u32::try_from(at).unwrap_or(u32::MAX);
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let profile = Arc::new(profile);
        self.all.push(Arc::clone(&profile));
        self.codes.push(codes);
        self.numbers.insert(profile, number);
        number
    }

    /// For each profile: whether it has one of the chosen values of each facet that has any chosen, and if it fails one alone, which.
    pub(crate) fn choose(&self, chosen: &[(Facet, String)]) -> Vec<Fit> {
        if chosen.is_empty() {
            return vec![Fit::All; self.all.len()];
        }
        let of =
            |facet: Facet| chosen.iter().filter(move |(wanted, _)| *wanted == facet).map(|(_, value)| value.as_str());
        let fitting: Vec<Option<Vec<bool>>> = WORDED
            .iter()
            .zip(&self.values)
            .map(|(facet, values)| {
                let has = |value: &String| match facet {
                    Facet::Language => value.split(',').any(|code| of(*facet).any(|wanted| wanted == code)),
                    _ => of(*facet).any(|wanted| wanted == value),
                };
                of(*facet).next().is_some().then(|| values.iter().map(has).collect())
            })
            .collect();
        let years: Vec<i32> = of(Facet::Year).filter_map(|year| year.parse().ok()).collect();
        let by_year = of(Facet::Year).next().is_some();
        let fits = self.all.iter().zip(&self.codes).map(|(profile, codes)| {
            let mut failed = None;
            let mut failures = 0;
            for ((facet, code), fitting) in WORDED.iter().zip(codes).zip(&fitting) {
                if fitting.as_ref().is_some_and(|fitting| fitting.get(*code as usize) != Some(&true)) {
                    failed = Some(*facet);
                    failures += 1;
                }
            }
            let in_years = |(first, last): (i32, i32)| years.iter().any(|year| first <= *year && *year <= last);
            if by_year && !profile.years.is_some_and(in_years) {
                failed = Some(Facet::Year);
                failures += 1;
            }
            match (failures, failed) {
                (0, _) => Fit::All,
                (1, Some(facet)) => Fit::AllBut(facet),
                _ => Fit::None,
            }
        });
        fits.collect()
    }
}

/// How a profile fits what is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    All,
    /// It fails this facet's choice alone, so it is counted in this facet alone.
    AllBut(Facet),
    None,
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
    let fits = profiles.choose(chosen);
    let mut total = 0;
    let mut worded: Vec<Vec<u64>> = profiles.values.iter().map(|values| vec![0; values.len()]).collect();
    let mut years = Years::default();
    for (((profile, codes), count), fit) in profiles.all.iter().zip(&profiles.codes).zip(found).zip(&fits) {
        if *count == 0 || *fit == Fit::None {
            continue;
        }
        if *fit == Fit::All {
            total += count;
        }
        for ((facet, code), counts) in WORDED.iter().zip(codes).zip(&mut worded) {
            if (*fit == Fit::All || *fit == Fit::AllBut(*facet))
                && let Some(sum) = counts.get_mut(*code as usize)
            {
                *sum += count;
            }
        }
        if *fit == Fit::All || *fit == Fit::AllBut(Facet::Year) {
            years.put(profile.years, *count);
        }
    }
    let facets = Facet::ALL.into_iter().map(|facet| {
        let mut values: Vec<(String, u64)> = match WORDED.iter().position(|known| *known == facet) {
            Some(at) => in_words(facet, &profiles.values[at], &worded[at]),
            None => years.told(),
        };
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

/// The values that any hit has, the most frequent first.
fn in_words(facet: Facet, values: &[String], counts: &[u64]) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (value, count) in values.iter().zip(counts).filter(|(value, count)| **count > 0 && !value.is_empty()) {
        match facet {
            Facet::Language => value.split(',').for_each(|code| *sums.entry(code).or_default() += count),
            _ => *sums.entry(value).or_default() += count,
        }
    }
    let mut told: Vec<(String, u64)> = sums.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
    told.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    told
}

/// By how much the count rises with a first year and falls after a last one.
#[derive(Default)]
struct Years {
    /// By range, which many profiles share.
    ranges: HashMap<(i32, i32), u64>,
}

impl Years {
    fn put(&mut self, range: Option<(i32, i32)>, count: u64) {
        if let Some(range) = range {
            *self.ranges.entry(range).or_default() += count;
        }
    }

    fn told(&self) -> Vec<(String, u64)> {
        let mut changes: BTreeMap<i32, i64> = BTreeMap::new();
        let mut always = 0;
        for ((first, last), count) in &self.ranges {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            if *first == i32::MIN {
                always += count;
            } else {
                *changes.entry(*first).or_default() += count;
            }
            if *last < i32::MAX {
                *changes.entry(last.saturating_add(1)).or_default() -= count;
            }
        }
        year_counts(&changes, always)
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
        let (total, facets) =
            count(&profiles, &[2, 3, 5], &[(Facet::Type, "Act".into()), (Facet::Year, "2019".into())]);
        assert_eq!(total, 3);
        let types = &facets.iter().find(|counts| counts.facet == Facet::Type).unwrap().values;
        assert_eq!((types[0].value.as_str(), types[0].count, types[0].chosen), ("Act", 3, true));
    }
}
