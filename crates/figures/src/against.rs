//! Somebody's published count held against our list: which of ours fall in their window, and how many of theirs we do not have.

use ledger::Reader;
use schema::{Date, EntityId, Value};

use crate::{Error, Figure};

/// How one line of our list stands to their window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// Every day that it allows is in their window.
    Inside,
    /// Some day that it allows is.
    Possibly,
    Outside,
}

/// One line of our list: a person or an act, in the unit that they count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub entity: EntityId,
    pub label: String,
    pub date: String,
    pub place: Where,
}

/// A published count and our list, in their unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Against {
    /// The ReportedCount, and who published it.
    pub entity: EntityId,
    pub asserter: String,
    /// Whether they count acts (arrests, charges) rather than people.
    pub acts: bool,
    /// Their number: at least, at most.
    pub theirs: (Option<u64>, Option<u64>),
    /// Their window for people; `None` when they do not state one, and then nothing is inside or outside.
    pub window: Option<String>,
    /// Inside first.
    pub ours: Vec<Held>,
    /// Members of groups who are not on our list by name: they may be among theirs.
    pub unnamed: u64,
    /// What they count otherwise than we do, one difference each.
    pub differences: Vec<String>,
}

impl Against {
    /// How many of ours stand so.
    #[must_use]
    pub fn number(&self, place: Where) -> u64 {
        self.ours.iter().filter(|held| held.place == place).count() as u64
    }

    /// How many of theirs are on no list of ours, even if every one of ours that may be in their window is among theirs; `None`
    /// where they state no lower bound or no window.
    #[must_use]
    pub fn missing(&self) -> Option<u64> {
        self.window.as_ref()?;
        Some(self.theirs.0?.saturating_sub(self.number(Where::Inside) + self.number(Where::Possibly)))
    }
}

/// Holds a published count that a figure is set beside against the figure's list; `None` when it is not set beside it.
///
/// A person is inside when one of the acts by which that person counts is.
///
/// # Errors
/// As the ledger says.
pub fn against(reader: &Reader<'_>, figure: &Figure, count: EntityId) -> Result<Option<Against>, Error> {
    let shown = reader.shown_as(count);
    let Some(published) = figure.published.iter().find(|known| known.entity == shown) else { return Ok(None) };
    let window = match reader.value(shown, "window")? {
        Some(Value::Date(window)) => Some(window),
        _ => None,
    };
    let acts = published.unit.as_deref().is_some_and(|unit| !matches!(unit, "persons" | "families" | "other"));
    let mut ours = Vec::new();
    for item in &figure.items {
        let mut best: Option<Held> = None;
        for act in &item.acts {
            let place = window
                .as_ref()
                .map_or(Where::Possibly, |window| standing(date(reader, act.entity).ok().flatten(), window));
            let held = Held {
                entity: if acts { act.entity } else { item.entity },
                label: if acts { act.label.clone() } else { item.label.clone() },
                date: act.date.clone(),
                place,
            };
            if acts {
                ours.push(held);
            } else if best.as_ref().is_none_or(|known| held.place < known.place) {
                best = Some(held);
            }
        }
        ours.extend(best);
    }
    ours.sort_by(|a, b| (a.place, &a.label).cmp(&(b.place, &b.label)));
    Ok(Some(Against {
        entity: published.entity,
        asserter: published.asserter.clone(),
        acts,
        theirs: (published.lower, published.upper),
        window: window.as_ref().and(published.window_label.clone()),
        ours,
        unnamed: figure.groups.iter().map(|group| group.unnamed.upper.unwrap_or(group.unnamed.lower)).sum(),
        differences: published.differences.clone(),
    }))
}

fn standing(date: Option<Date>, window: &Date) -> Where {
    match date {
        Some(date) if date.certainly_within(window) => Where::Inside,
        Some(date) if !date.possibly_within(window) => Where::Outside,
        _ => Where::Possibly,
    }
}

/// The date of an act or, where nobody gives one, of its incident.
fn date(reader: &Reader<'_>, act: EntityId) -> Result<Option<Date>, Error> {
    if let Some(Value::Date(date)) = reader.value(act, "date")? {
        return Ok(Some(date));
    }
    let Some(Value::Entity(incident)) = reader.value(act, "incident")? else { return Ok(None) };
    Ok(match reader.value(incident, "date")? {
        Some(Value::Date(date)) => Some(date),
        _ => None,
    })
}
