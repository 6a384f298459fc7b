//! What is known of each person itself, before any judgement: the material of comparison.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Own, Reader, Since};
use schema::{Count, Date, EntityId, Name, Place, Term, Value};

use crate::Error;

/// One entity, as far as it helps to tell whether it is another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Names and other names, in the order in which they were recorded.
    pub names: Vec<Name>,
    pub born: Option<Date>,
    /// Code of vocabulary `sex`.
    pub sex: Option<String>,
    /// Age in years, and when.
    pub age: Option<(Count, Option<Date>)>,
    /// Bodies that it belongs to, and posts or occupations.
    pub bodies: BTreeSet<EntityId>,
    pub roles: Vec<String>,
    /// What was done to it, in the order of their ids.
    pub events: Vec<Event>,
}

/// Something that was done to somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub act: EntityId,
    pub kind: Option<Term>,
    /// Its own date and place, or its incident's.
    pub date: Option<Date>,
    pub place: Option<Place>,
    pub incident: Option<EntityId>,
}

/// All persons of a view, each with what is known of it.
#[derive(Clone, Debug, Default)]
pub struct People {
    position: u64,
    known: BTreeMap<EntityId, Known>,
    /// Whom each act was done to.
    victims: BTreeMap<EntityId, EntityId>,
    /// Acts by their incident.
    parts: BTreeMap<EntityId, BTreeSet<EntityId>>,
    /// Acts against what is no person of its own, by their ids: a group, as a rule.
    others: BTreeMap<EntityId, (EntityId, Event)>,
}

impl People {
    /// Reads everything that there is; [`People::follow`] is for what came since.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn gather(reader: &Reader<'_>) -> Result<People, Error> {
        let mut people = People { position: reader.position(), ..People::default() };
        for (id, _) in reader.each_of_schema("Person")? {
            people.known.extend(person(reader, id)?.map(|known| (id, known)));
        }
        for (act, _) in reader.each_of_schema("Act")? {
            people.take_act(reader, act)?;
        }
        Ok(people)
    }

    /// Takes in what was recorded since the position that it stands at. Says whether anything is known that was not: a judgement on
    /// two changes nothing of what each is.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn follow(&mut self, reader: &Reader<'_>) -> Result<bool, Error> {
        if reader.position() == self.position {
            return Ok(false);
        }
        let back = reader.position() < self.position;
        let since = if back { Since::Classified } else { reader.since(self.position)? };
        match since {
            Since::Judged => {
                self.position = reader.position();
                return Ok(false);
            }
            Since::Said => {}
            // What left the view is told by no change.
            Since::Classified => {
                *self = People::gather(reader)?;
                return Ok(true);
            }
        }
        let changes = reader.changes(self.position)?;
        if changes.len() > self.known.len() / 2 + 500 {
            *self = People::gather(reader)?;
            return Ok(true);
        }
        // What was known of each that something happened to.
        let mut before: BTreeMap<EntityId, Option<Known>> = BTreeMap::new();
        let mut acts = BTreeSet::new();
        for change in changes {
            let registry = reader.registry();
            match reader.schema_of(change.entity)? {
                Some(schema) if registry.is_a(&schema, "Person") => {
                    let known = self.known.remove(&change.entity);
                    acts.extend(known.iter().flat_map(|known| &known.events).map(|event| event.act));
                    before.insert(change.entity, known);
                    self.known.extend(person(reader, change.entity)?.map(|known| (change.entity, known)));
                }
                Some(schema) if registry.is_a(&schema, "Act") => {
                    acts.insert(change.entity);
                }
                Some(schema) if registry.is_a(&schema, "Incident") => {
                    acts.extend(self.parts.get(&change.entity).into_iter().flatten());
                }
                _ => {}
            }
        }
        let mut changed = false;
        for act in acts {
            let victim = self.victims.get(&act).copied();
            if let Some(id) = victim {
                before.entry(id).or_insert_with(|| self.known.get(&id).cloned());
            }
            self.drop_act(act);
            self.take_act(reader, act)?;
            changed |= self.victims.get(&act).copied() != victim;
        }
        self.position = reader.position();
        Ok(changed || before.iter().any(|(id, known)| self.known.get(id) != known.as_ref()))
    }

    /// The ledger's position that it stands at.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What is known of this one.
    #[must_use]
    pub fn get(&self, id: EntityId) -> Option<&Known> {
        self.known.get(&id)
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (EntityId, &Known)> {
        self.known.iter().map(|(id, known)| (*id, known))
    }

    /// Who had to do with the same incidents as this one.
    #[must_use]
    pub fn companions(&self, id: EntityId) -> BTreeSet<EntityId> {
        let incidents =
            self.known.get(&id).into_iter().flat_map(|known| &known.events).filter_map(|event| event.incident);
        let acts = incidents.filter_map(|incident| self.parts.get(&incident)).flatten();
        acts.filter_map(|act| self.victims.get(act)).copied().filter(|other| *other != id).collect()
    }

    /// Acts against what is no person of its own: what it is, and the act.
    pub(crate) fn others(&self) -> impl Iterator<Item = &(EntityId, Event)> {
        self.others.values()
    }

    fn drop_act(&mut self, act: EntityId) {
        self.others.remove(&act);
        if let Some(victim) = self.victims.remove(&act)
            && let Some(known) = self.known.get_mut(&victim)
        {
            known.events.retain(|event| event.act != act);
        }
        for acts in self.parts.values_mut() {
            acts.remove(&act);
        }
    }

    fn take_act(&mut self, reader: &Reader<'_>, act: EntityId) -> Result<(), Error> {
        let own = reader.own(act)?;
        let mut victim = None;
        let mut event = Event { act, kind: None, date: None, place: None, incident: None };
        for said in &own {
            match (said.property.as_str(), &said.value) {
                ("victim", Value::Entity(id)) if victim.is_none() => victim = Some(*id),
                ("incident", Value::Entity(id)) if event.incident.is_none() => event.incident = Some(*id),
                ("type", Value::Term(kind)) if event.kind.is_none() => event.kind = Some(kind.clone()),
                _ => {}
            }
        }
        event.date = date(&own, "date");
        event.place = place(&own, "place");
        if let Some(incident) = event.incident
            && (event.date.is_none() || event.place.is_none())
        {
            let whole = reader.own(incident)?;
            event.date = event.date.or_else(|| date(&whole, "date"));
            event.place = event.place.or_else(|| place(&whole, "place"));
        }
        let Some(victim) = victim else { return Ok(()) };
        if let Some(incident) = event.incident {
            self.parts.entry(incident).or_default().insert(act);
        }
        let Some(known) = self.known.get_mut(&victim) else {
            self.others.insert(act, (victim, event));
            return Ok(());
        };
        if known.age.is_none() {
            known.age = own.iter().find_map(|said| match (said.property.as_str(), &said.value) {
                ("victimAge", Value::Count(age)) => Some((*age, event.date)),
                _ => None,
            });
        }
        self.victims.insert(act, victim);
        let at = known.events.partition_point(|other| other.act < act);
        known.events.insert(at, event);
        Ok(())
    }
}

/// `None`: nothing is said of it any more, as when its list was taken back.
fn person(reader: &Reader<'_>, id: EntityId) -> Result<Option<Known>, Error> {
    let own = reader.own(id)?;
    if own.is_empty() {
        return Ok(None);
    }
    let mut known = Known::default();
    for said in own {
        match (said.property.as_str(), said.value) {
            ("name" | "alias", Value::Name(name)) if !known.names.contains(&name) => known.names.push(name),
            ("birthDate", Value::Date(date)) if known.born.is_none() => known.born = Some(date),
            ("gender", Value::Term(term)) if known.sex.is_none() => known.sex = Some(term.code),
            ("affiliation", Value::Entity(body)) => {
                known.bodies.insert(body);
            }
            ("occupation" | "position", Value::Text(role)) => known.roles.push(role.text),
            _ => {}
        }
    }
    Ok(Some(known))
}

/// The most precise of what is said: a list that gives the day and one that gives the month do not differ.
fn date(own: &[Own], property: &str) -> Option<Date> {
    let dates = own.iter().filter(|said| said.property == property).filter_map(|said| match &said.value {
        Value::Date(date) => Some(*date),
        _ => None,
    });
    dates.min_by_key(|date| date.days_inclusive().unwrap_or(u32::MAX))
}

fn place(own: &[Own], property: &str) -> Option<Place> {
    own.iter().filter(|said| said.property == property).find_map(|said| match &said.value {
        Value::Place(place) => Some(place.clone()),
        _ => None,
    })
}
