//! Numbered notes: one source a note, the same source at the same place always the same note.
//!
//! While a letter is composed a mark holds the place of its source in a list; when all lines stand, notes are numbered in the
//! order in which they are printed, and described where they are first.

use std::collections::HashMap;

use ledger::{ClaimState, ClaimView, Reader, Record, ValueView};
use schema::{EntityId, Value};

use crate::Error;
use crate::model::{Annex, Block, Inline, Mark, Note, Run, Says};
use crate::runs::{runs, tagged};
use crate::walk::{each_inline, each_line};

/// What a note is about: a source that may be named, or one that may not; and where in it.
type Key = (Option<EntityId>, Option<String>);

/// The sources cited so far.
#[derive(Default)]
pub struct Notes {
    keys: Vec<Key>,
    places: HashMap<Key, usize>,
}

impl Notes {
    /// A mark for this source, to be numbered by [`Notes::number`].
    pub fn mark(&mut self, source: Option<EntityId>, pinpoint: Option<&str>) -> Mark {
        let key = (source, pinpoint.map(str::to_string));
        let number = *self.places.entry(key.clone()).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        Mark { number, occurrence: 0 }
    }

    /// Marks for the sources of these values, each source once, in the order in which the claims stand.
    pub fn marks_of<'v>(&mut self, values: impl IntoIterator<Item = &'v ValueView>) -> Option<Inline> {
        let mut marks: Vec<Mark> = Vec::new();
        for claim in values.into_iter().flat_map(standing) {
            let mark = self.mark(claim.source, None);
            if !marks.contains(&mark) {
                marks.push(mark);
            }
        }
        (!marks.is_empty()).then_some(Inline::Notes { marks })
    }

    /// Numbers all marks in the order of printing, and writes the notes.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn number(
        self,
        reader: &Reader<'_>,
        own: &str,
        body: &mut [Block],
        annex: Option<&mut Annex>,
    ) -> Result<Vec<Note>, Error> {
        // Place in `keys` → (number, marks so far); and the places in the order of their numbers.
        let mut numbered: HashMap<usize, (usize, usize)> = HashMap::new();
        let mut order: Vec<usize> = Vec::new();
        each_line(body, annex, &mut |line| {
            each_inline(line, &mut |inline| {
                let Inline::Notes { marks } = inline else { return };
                for mark in marks.iter_mut() {
                    let (number, count) = numbered.entry(mark.number).or_insert_with(|| {
                        order.push(mark.number);
                        (order.len(), 0)
                    });
                    *count += 1;
                    *mark = Mark { number: *number, occurrence: *count };
                }
                marks.sort_by_key(|mark| mark.number);
            });
        });
        let mut described: HashMap<EntityId, (usize, Vec<Run>)> = HashMap::new();
        let mut notes = Vec::with_capacity(order.len());
        for (index, place) in order.iter().enumerate() {
            let Some((source, pinpoint)) = self.keys.get(*place) else { continue };
            let pinpoint = pinpoint.as_deref().map(|text| runs(text, own));
            let says = match source {
                None => Says::Withheld,
                Some(id) => match described.get(id) {
                    Some((number, short)) => Says::Again { number: *number, short: short.clone(), pinpoint },
                    None => describe(reader, *id, pinpoint, own, index + 1, &mut described)?,
                },
            };
            notes.push(Note { marks: numbered.get(place).map_or(0, |(_, count)| *count), says });
        }
        Ok(notes)
    }
}

fn describe(
    reader: &Reader<'_>,
    id: EntityId,
    pinpoint: Option<Vec<Run>>,
    own: &str,
    number: usize,
    described: &mut HashMap<EntityId, (usize, Vec<Run>)>,
) -> Result<Says, Error> {
    let Some(record) = reader.record(id)? else { return Ok(Says::Withheld) };
    let details = details(reader, &record, own)?;
    let title = runs(&record.label, own);
    let short = if details.is_empty() { title.clone() } else { details.clone() };
    described.insert(id, (number, short));
    Ok(Says::Full { title, details, url: address(&record), pinpoint })
}

/// Claims behind a value that stand in this view.
pub fn standing(value: &ValueView) -> impl Iterator<Item = &ClaimView> {
    value.claims.iter().filter(|claim| matches!(claim.state, ClaimState::Stands))
}

/// Author, publisher, document symbol and date, each only if it is known.
fn details(reader: &Reader<'_>, record: &Record, own: &str) -> Result<Vec<Run>, Error> {
    let mut parts: Vec<Vec<Run>> = Vec::new();
    for property in ["author", "publisher", "identifier", "published"] {
        let Some(value) = record.property(property).and_then(|property| property.values.first()) else { continue };
        match &value.value {
            Value::Entity(id) => {
                if let Some(label) = reader.label_opt(*id)? {
                    parts.push(runs(&label, own));
                }
            }
            other => {
                let text = other.display(reader.registry(), own);
                parts.push(tagged(&text, other.lang().map(|lang| lang.as_str()), own));
            }
        }
    }
    Ok(joined(parts, ", "))
}

fn address(record: &Record) -> Option<String> {
    match &record.property("sourceUrl")?.values.first()?.value {
        Value::Url(url) => Some(url.to_string()),
        _ => None,
    }
}

/// Runs with a separator between them, neighbours of one language made one.
pub fn joined(parts: Vec<Vec<Run>>, separator: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            push(&mut out, Run { text: separator.to_string(), lang: None });
        }
        part.into_iter().for_each(|run| push(&mut out, run));
    }
    out
}

fn push(out: &mut Vec<Run>, run: Run) {
    match out.last_mut() {
        Some(last) if last.lang == run.lang => last.text.push_str(&run.text),
        _ if run.text.is_empty() => {}
        _ => out.push(run),
    }
}
