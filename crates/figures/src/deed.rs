//! The acts that fit a definition, each with why, and with the claims that it rests on.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use ledger::{ClaimId, ClaimState, ClaimView, Reader, Record};
use schema::{EntityId, Value};

use crate::bounds::{Band, Bounds, Told, count};
use crate::fit::{self, Fit};
use crate::{Definition, Error};

/// An act that is counted, certainly or possibly.
pub(crate) struct Deed {
    pub told: Told,
    /// The id under which its page is found.
    pub entity: EntityId,
    pub label: String,
    /// Its own date, or its incident's, as the page shows it.
    pub date: String,
    /// For the order of the list.
    pub sort: String,
    pub place: String,
    pub reasons: Vec<String>,
    pub basis: Basis,
}

/// The claims that something rests on.
#[derive(Clone, Default)]
pub(crate) struct Basis {
    /// In the order in which they were recorded.
    claims: BTreeSet<(u64, ClaimId)>,
    /// Independent roots of their sources; those outside this view are one together.
    roots: BTreeSet<Option<EntityId>>,
}

impl Basis {
    fn add<'c>(&mut self, record: &Record, claims: impl IntoIterator<Item = &'c ClaimView>) {
        for claim in claims {
            self.claims.insert((claim.position, claim.id));
            self.roots.insert(fit::root(record, claim));
        }
    }

    /// Adds the claims of all values of a property.
    pub(crate) fn rest_on(&mut self, record: &Record, property: &str) {
        if let Some(property) = record.property(property) {
            self.add(record, property.values.iter().flat_map(|value| &value.claims));
        }
    }

    pub(crate) fn join(&mut self, other: &Basis) {
        self.claims.extend(&other.claims);
        self.roots.extend(&other.roots);
    }

    pub(crate) fn claims(&self) -> Vec<ClaimId> {
        self.claims.iter().map(|(_, id)| *id).collect()
    }

    pub(crate) fn roots(&self) -> usize {
        self.roots.len()
    }
}

/// Everything that is to be counted, and what could not be.
#[derive(Default)]
pub(crate) struct Gathered {
    pub deeds: Vec<Deed>,
    /// Acts that would fit, but nothing says when they were.
    pub undated: usize,
    /// Destroyed claims about acts that are counted, or might have been.
    pub gone: usize,
}

/// Records that are looked at again and again: incidents, victims.
pub(crate) struct Known<'r, 'l> {
    reader: &'r Reader<'l>,
    records: HashMap<EntityId, Option<Rc<Record>>>,
}

impl<'r, 'l> Known<'r, 'l> {
    pub(crate) fn new(reader: &'r Reader<'l>) -> Self {
        Known { reader, records: HashMap::new() }
    }

    pub(crate) fn record(&mut self, id: EntityId) -> Result<Option<Rc<Record>>, Error> {
        if let Some(known) = self.records.get(&id) {
            return Ok(known.clone());
        }
        let record = self.reader.record(id)?.map(Rc::new);
        self.records.insert(id, record.clone());
        Ok(record)
    }

    fn pointed_at(&mut self, record: &Record, property: &str) -> Result<Option<Rc<Record>>, Error> {
        match record.first(property).map(|value| &value.value) {
            Some(Value::Entity(id)) => self.record(self.reader.shown_as(*id)),
            _ => Ok(None),
        }
    }

    pub(crate) fn is_a(&mut self, id: EntityId, schema: &str) -> Result<bool, Error> {
        let registry = self.reader.registry();
        Ok(self.record(id)?.is_some_and(|record| registry.is_a(&record.schema, schema)))
    }
}

/// Looks through the acts of this view.
pub(crate) fn gather(
    reader: &Reader<'_>,
    definition: &Definition,
    known: &mut Known<'_, '_>,
) -> Result<Gathered, Error> {
    let mut gathered = Gathered::default();
    for id in reader.of_schema("Act")? {
        // Most acts of a workspace are of another type: their records need not be put together.
        let types = reader.values(id, "type")?;
        if !types.is_empty() && types.iter().all(|value| fit::is_other_kind(reader, value, definition)) {
            continue;
        }
        let Some(record) = reader.record(id)? else { continue };
        let incident = known.pointed_at(&record, "incident")?;
        let incident = incident.as_deref();
        let date = fit::date(reader, &record, incident, definition)?;
        let others = fit::kind(reader, &record, definition)?
            .and(fit::group(reader, &record, definition))
            .and(fit::place(reader, &record, incident, definition)?);
        let undated = date == Fit::Missing && !matches!(others, Fit::Missing | Fit::Outside);
        let (certain, reasons) = match others.and(date) {
            Fit::Outside => continue,
            Fit::Missing => {
                let gone = gone(reader, id)?;
                gathered.gone += gone;
                gathered.undated += usize::from(undated && gone == 0);
                continue;
            }
            Fit::Certain => (true, Vec::new()),
            Fit::Possible(reasons) => (false, reasons),
        };
        gathered.gone += gone(reader, id)?;
        gathered.deeds.push(deed(reader, definition, known, &record, incident, certain, reasons)?);
    }
    gathered.deeds.sort_by(|a, b| (&a.sort, &a.label, a.told.id).cmp(&(&b.sort, &b.label, b.told.id)));
    Ok(gathered)
}

fn deed(
    reader: &Reader<'_>,
    definition: &Definition,
    known: &mut Known<'_, '_>,
    record: &Record,
    incident: Option<&Record>,
    certain: bool,
    mut reasons: Vec<String>,
) -> Result<Deed, Error> {
    let accounts = |property: &str| fit::accounts(reader, record, property);
    let kinds = accounts("type")?.into_iter().filter_map(|value| match value {
        Value::Term(kind) => Some(kind),
        _ => None,
    });
    let dates = accounts("date")?.into_iter().filter_map(|value| match value {
        Value::Date(date) => Some(date),
        _ => None,
    });
    let incidents = accounts("incident")?.into_iter().filter_map(|value| match value {
        Value::Entity(id) => Some(reader.shown_as(id)),
        _ => None,
    });
    let victims = fit::victims(reader, record)?;
    for other in victims.iter().skip(1) {
        reasons.push(format!("another account names {}", reader.label(*other)?));
    }
    if victims.is_empty() {
        reasons.push("its victim is not known".into());
    }
    let mut basis = Basis::default();
    for property in ["type", "victim", "date"] {
        basis.rest_on(record, property);
    }
    if let Some(groups) = record.property("victimGroup") {
        let counted = groups.values.iter().filter(|value| fit::is_group(reader, &value.value, definition));
        basis.add(record, counted.flat_map(|value| &value.claims));
    }
    let mut shown = [String::new(), String::new()];
    for (shown, property) in shown.iter_mut().zip(["date", "place"]) {
        let asked = property == "date" || definition.place.is_some();
        let told = match (record.first(property), incident) {
            (Some(value), _) => {
                if asked {
                    basis.rest_on(record, property);
                }
                Some(value)
            }
            (None, Some(incident)) => {
                if asked {
                    basis.rest_on(record, "incident");
                    basis.rest_on(incident, property);
                }
                incident.first(property)
            }
            (None, None) => None,
        };
        *shown = told.map(|value| value.display.clone()).unwrap_or_default();
    }
    let [date, place] = shown;
    let dated = record.first("date").or_else(|| incident.and_then(|incident| incident.first("date")));
    let id = reader.shown_as(record.id);
    let told = Told {
        id,
        certain,
        band: band(reader, known, &victims)?,
        victims,
        kinds: kinds.collect(),
        dates: dates.collect(),
        incidents: incidents.collect(),
    };
    let sort = dated.map(|value| value.value.sort_key()).unwrap_or_default();
    Ok(Deed { told, entity: record.id, label: record.label.clone(), date, sort, place, reasons, basis })
}

/// The group that an act was against. Where another account names somebody else, it may have been one person only; or, where
/// that is a group too, as many as that one has.
fn band(reader: &Reader<'_>, known: &mut Known<'_, '_>, victims: &[EntityId]) -> Result<Option<Band>, Error> {
    let mut band: Option<Band> = None;
    for victim in victims {
        if !known.is_a(*victim, "Group")? {
            continue;
        }
        let Some(record) = known.record(*victim)? else { continue };
        let members = members(reader, &record);
        let mut size = size(reader, &record, count(members.len()))?;
        if victims.len() > 1 {
            size.lower = size.lower.min(1);
        }
        match &mut band {
            Some(band) => band.size.upper = band.size.upper.zip(size.upper).map(|(a, b)| a.max(b)),
            None => band = Some(Band { group: *victim, size, members }),
        }
    }
    Ok(band)
}

/// The persons of a group whose names are known, each once.
fn members(reader: &Reader<'_>, record: &Record) -> BTreeSet<EntityId> {
    let values = record.property("member").map(|property| property.values.as_slice()).unwrap_or_default();
    let shown = values.iter().filter_map(|value| match value.value {
        Value::Entity(id) => Some(reader.shown_as(id)),
        _ => None,
    });
    shown.collect()
}

/// How many a group has, as far apart as independent accounts put it. A rounded number allows what rounds to it.
fn size(reader: &Reader<'_>, record: &Record, named: u64) -> Result<Bounds, Error> {
    let Some(property) = record.property("size") else { return Ok(Bounds { lower: named.max(1), upper: None }) };
    let mut bounds: Option<Bounds> = None;
    for account in fit::independent(reader, record, property)? {
        let Value::Count(number) = &account.value else { continue };
        let slack = |n: u64| if number.approximate { half_step(n) } else { 0 };
        let lower = number.min.map_or(1, |n| n.saturating_sub(slack(n)).max(1));
        let upper = number.max.map(|n| n.saturating_add(slack(n)));
        bounds = Some(match bounds {
            None => Bounds { lower, upper },
            Some(so_far) => {
                Bounds { lower: so_far.lower.min(lower), upper: so_far.upper.zip(upper).map(|(a, b)| a.max(b)) }
            }
        });
    }
    Ok(bounds.unwrap_or(Bounds { lower: named.max(1), upper: None }))
}

/// Half the unit of the last digit that is not nought: about 40,000 allows 35,000 to 45,000 (as [`schema::Count`] agrees).
fn half_step(n: u64) -> u64 {
    let mut unit: u64 = 1;
    while n != 0 && n.is_multiple_of(unit.saturating_mul(10)) {
        unit = unit.saturating_mul(10);
    }
    (unit / 2).max(1)
}

/// Claims about an entity that were destroyed, as far as this view may know of that.
pub(crate) fn gone(reader: &Reader<'_>, id: EntityId) -> Result<usize, Error> {
    let claims = reader.claims_about(id)?;
    Ok(claims.iter().filter(|claim| matches!(claim.state, ClaimState::Erased { .. })).count())
}

#[cfg(test)]
mod tests {
    use super::half_step;

    #[test]
    fn rounded_numbers_allow_what_rounds_to_them() {
        assert_eq!([40_000, 370, 24, 0, u64::MAX].map(half_step), [5_000, 5, 1, 1, 1]);
    }
}
