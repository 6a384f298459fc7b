//! One reference after the other, asked of the ledger.

use std::collections::{HashMap, HashSet};

use ledger::{Ledger, PropertyView, Reader, Record, ValueView};
use schema::{EntityId, Kind, Value};

use crate::Error;
use crate::draft::{Ask, Reference};
use crate::model::{Change, Inline, Made, Run};
use crate::notes::{Notes, joined, standing};
use crate::runs::{runs, tagged};

/// What composing has found so far.
pub struct Composer<'r, 'l> {
    pub(crate) reader: &'r Reader<'l>,
    /// To compute a figure in its own view; without it, only those of the letter's own view can be computed.
    ledger: Option<&'r Ledger>,
    /// The letter's view as of the position at which the draft was recorded, if that is an earlier one.
    pub(crate) then: Option<&'r Reader<'l>>,
    own: String,
    pub(crate) notes: Notes,
    found: Found,
    made_at: HashMap<String, usize>,
    /// Whose name in its own script has been given in the body.
    introduced: HashSet<EntityId>,
}

/// Everything beside the text.
#[derive(Default)]
pub struct Found {
    pub made: Vec<Made>,
    pub changes: Vec<Change>,
    pub unresolved: Vec<crate::Unresolved>,
}

impl<'r, 'l> Composer<'r, 'l> {
    pub fn new(reader: &'r Reader<'l>, ledger: Option<&'r Ledger>, then: Option<&'r Reader<'l>>, own: &str) -> Self {
        Composer {
            reader,
            ledger,
            then,
            own: own.to_string(),
            notes: Notes::default(),
            found: Found::default(),
            made_at: HashMap::new(),
            introduced: HashSet::new(),
        }
    }

    /// The letter's language, without region.
    pub fn own(&self) -> &str {
        &self.own
    }

    /// The sources cited, still to be numbered, and everything beside the text.
    pub fn finish(self) -> (Notes, Found) {
        (self.notes, self.found)
    }

    pub fn unresolved(&mut self, reference: &str, line: usize, problem: &str) {
        self.found.unresolved.push(crate::Unresolved { reference: reference.into(), line, problem: problem.into() });
    }

    /// What an entity is called.
    pub fn label(&self, id: EntityId) -> Result<Vec<Run>, Error> {
        Ok(runs(&self.reader.label_opt(id)?.unwrap_or_default(), &self.own))
    }

    /// The label, and after it the name in its own script, if the ledger has one that the label does not show.
    pub fn full_name(&self, id: EntityId) -> Result<Vec<Run>, Error> {
        let mut label = self.label(id)?;
        if label.iter().any(|run| run.lang.is_some()) {
            return Ok(label);
        }
        for value in self.reader.values(id, "name")? {
            let text = match &value {
                Value::Name(_) | Value::Text(_) => value.display(self.reader.registry(), &self.own),
                _ => continue,
            };
            if let Some(own_script) = runs(&text, &self.own).into_iter().find(|run| run.lang.is_some()) {
                label.push(Run { text: " (".into(), lang: None });
                label.push(Run { text: text.trim().to_string(), lang: own_script.lang });
                label.push(Run { text: ")".into(), lang: None });
                break;
            }
        }
        Ok(label)
    }

    /// A value in words. `None` when it is an entity that is not in this view.
    pub fn words(&self, value: &ValueView) -> Result<Option<Vec<Run>>, Error> {
        Ok(match &value.value {
            Value::Entity(id) => self.reader.label_opt(*id)?.map(|label| runs(&label, &self.own)),
            Value::Text(_) | Value::Name(_) => {
                let text = value.value.display(self.reader.registry(), &self.own);
                Some(tagged(&text, value.value.lang().map(|lang| lang.as_str()), &self.own))
            }
            other => Some(runs(&other.display(self.reader.registry(), &self.own), &self.own)),
        })
    }

    /// What stands in the line in place of a reference.
    pub fn reference(&mut self, reference: &Reference) -> Result<Vec<Inline>, Error> {
        match &reference.ask {
            Ask::Figure { name, drafted } => self.figure(reference, name, drafted.as_deref()),
            Ask::Fact { entity, property, drafted } => self.fact(reference, entity, property, drafted.as_deref()),
            Ask::Name { entity } => match self.entity(entity)? {
                Some(id) if self.introduced.insert(id) => Ok(vec![Inline::Text { runs: self.full_name(id)? }]),
                Some(id) => Ok(vec![Inline::Text { runs: self.label(id)? }]),
                None => Ok(self.missing_unseen(reference)),
            },
            Ask::Cite { entity, pinpoint } => match self.entity(entity)? {
                Some(id) => {
                    let mark = self.notes.mark(Some(id), pinpoint.as_deref());
                    Ok(vec![Inline::Notes { marks: vec![mark] }])
                }
                None => Ok(self.missing_unseen(reference)),
            },
        }
    }

    fn missing(&mut self, reference: &Reference, problem: &str) -> Vec<Inline> {
        self.unresolved(&reference.written, reference.line, problem);
        vec![Inline::Missing { reference: reference.written.clone() }]
    }

    fn figure(&mut self, reference: &Reference, name: &str, drafted: Option<&str>) -> Result<Vec<Inline>, Error> {
        let figure = match self.computed(self.reader, name) {
            Ok(figure) => figure,
            Err(figures::Error::Unknown { .. }) => return Ok(self.missing_unseen(reference)),
            Err(figures::Error::Ledger(error)) => return Err(error.into()),
            Err(error) => return Ok(self.missing(reference, &error.to_string())),
        };
        let now = match figure.upper {
            Some(upper) if upper == figure.lower => figure.lower.to_string(),
            Some(upper) => format!("{}..{upper}", figure.lower),
            None => format!("{}..", figure.lower),
        };
        let words = runs(&figure.words(), &self.own);
        let changed = match drafted {
            None => self.figure_then(name, &figure)?,
            Some(drafted) => match (Value::parse(Kind::Count, drafted, None), Value::parse(Kind::Count, &now, None)) {
                (Ok(then), Ok(now)) => {
                    (then.canonical() != now.canonical()).then(|| then.display(self.reader.registry(), &self.own))
                }
                (Err(error), _) => return Ok(self.missing(reference, &error.to_string())),
                (_, Err(error)) => return Err(Error::Internal(error.to_string())),
            },
        };
        let mut lines = vec![
            ("Definition".to_string(), runs(&figure.definition, &self.own)),
            ("Unit".to_string(), runs(&figure.unit, &self.own)),
            ("Window".to_string(), runs(&self.window(&figure.window), &self.own)),
            ("Standard of proof".to_string(), runs(&self.standard_label(&figure.standard), &self.own)),
            ("Ledger position".to_string(), runs(&figure.position.to_string(), &self.own)),
            ("Behind it".to_string(), runs(&behind(figure.items.len()), &self.own)),
            ("Digest".to_string(), runs(&figure.digest.to_string(), &self.own)),
        ];
        if figure.gone > 0 {
            let gone = format!("{} claims that it could have rested on were erased", figure.gone);
            lines.push(("Erased".to_string(), runs(&gone, &self.own)));
        }
        let title = if self.own == "km" { figure.title.km.as_ref() } else { None }.unwrap_or(&figure.title.en);
        Ok(vec![self.value("figure", name, reference, runs(title, &self.own), words, lines, changed)])
    }

    /// The figure at this reader's position, computed with its own clearance and standard, which are never wider than the letter's.
    pub(crate) fn computed(&self, reader: &Reader<'_>, name: &str) -> Result<figures::Figure, figures::Error> {
        let definition = figures::load(reader, name)?;
        let view = figures::view(reader, &definition)?;
        match self.ledger {
            Some(ledger) if view.cleared != *reader.cleared() || view.standard != reader.view().standard => {
                figures::compute(&ledger.read(&view)?, &definition)
            }
            _ => figures::compute(reader, &definition),
        }
    }

    fn fact(
        &mut self,
        reference: &Reference,
        entity: &str,
        property: &str,
        drafted: Option<&str>,
    ) -> Result<Vec<Inline>, Error> {
        let record = match self.entity(entity)? {
            Some(id) => self.reader.record(id)?,
            None => None,
        };
        let Some(record) = record else { return Ok(self.missing_unseen(reference)) };
        let found = record.property(property).and_then(|view| view.values.first().map(|value| (view, value)));
        let words = match found {
            Some((_, value)) => self.words(value)?,
            None => None,
        };
        let (Some((view, value)), Some(words)) = (found, words) else {
            return Ok(self.missing(reference, &format!("no value of “{property}” stands in this view")));
        };
        let changed = match drafted {
            None => self.fact_then(entity, property, value, &words)?,
            Some(drafted) => {
                match self.reader.registry().parse(&record.schema, property, drafted, value.value.lang()) {
                    Ok(then) if then.canonical() == value.value.canonical() => None,
                    Ok(then) => Some(then.display(self.reader.registry(), &self.own)),
                    Err(error) => return Ok(self.missing(reference, &error.to_string())),
                }
            }
        };
        let lines = self.fact_lines(&record, view, value)?;
        let (told, of) = (self.told_as(&record)?, view.label.get(&self.own).to_lowercase());
        // The sentence of a sentence is said once.
        let label = if told.ends_with(&of) { told } else { format!("{told}, {of}") };
        let label = runs(&label, &self.own);
        let name = format!("{entity}.{property}");
        let mut out = vec![self.value("fact", &name, reference, label, words, lines, changed)];
        out.extend(self.notes.marks_of([value]));
        Ok(out)
    }

    /// What an entity is called where its context is not at hand: a step is named with its case.
    fn told_as(&self, record: &Record) -> Result<String, Error> {
        let registry = self.reader.registry();
        for property in registry.properties(&record.schema).into_iter().filter(|property| property.part) {
            if let Some(Value::Entity(whole)) = record.first(&property.name).map(|value| &value.value)
                && let Some(whole) = self.reader.label_opt(*whole)?
            {
                let part = match record.first("type") {
                    Some(kind) => kind.value.display(registry, &self.own).to_lowercase(),
                    None => record.label.clone(),
                };
                return Ok(format!("{whole}, {part}"));
            }
        }
        Ok(record.label.clone())
    }

    /// How a recorded value came to be printed.
    fn fact_lines(
        &self,
        record: &Record,
        view: &PropertyView,
        value: &ValueView,
    ) -> Result<Vec<(String, Vec<Run>)>, Error> {
        let own = &self.own;
        let mut lines = Vec::new();
        let defined = self.reader.registry().property(&record.schema, &view.name).map_err(ledger::Error::from)?;
        lines.push(("What it is".to_string(), runs(without_field_codes(&defined.description), own)));
        if !value.why.is_empty() {
            lines.push(("Why this value".to_string(), runs(&value.why, own)));
        }
        lines.push(("Rests on".to_string(), runs(&rests_on(value), own)));
        let mut others = Vec::new();
        for other in view.values.iter().skip(1) {
            if let Some(words) = self.words(other)? {
                others.push(words);
            }
        }
        if !others.is_empty() {
            lines.push(("Other accounts".to_string(), joined(others, "; ")));
        }
        // A number that somebody counted is nothing without what was counted, and when.
        for (property, label) in [
            ("unit", "Unit"),
            ("population", "Who was counted"),
            ("window", "Window"),
            ("asOf", "As of"),
            ("publishedBy", "Counted by"),
        ] {
            if let Some(value) = record.property(property).and_then(|view| view.values.first())
                && view.name != property
                && let Some(words) = self.words(value)?
            {
                lines.push((label.to_string(), words));
            }
        }
        let view = format!("{}; ledger position {}", self.reader.standard().label.get(own), self.reader.position());
        lines.push(("Standard of proof".to_string(), runs(&view, own)));
        Ok(lines)
    }

    #[allow(clippy::too_many_arguments)]
    fn value(
        &mut self,
        kind: &'static str,
        name: &str,
        reference: &Reference,
        title: Vec<Run>,
        words: Vec<Run>,
        lines: Vec<(String, Vec<Run>)>,
        changed: Option<String>,
    ) -> Inline {
        let key = format!("{kind}:{name}");
        let index = match self.made_at.get(&key) {
            Some(index) => *index,
            None => {
                self.found.made.push(Made {
                    kind,
                    reference: name.to_string(),
                    title,
                    words: words.clone(),
                    lines,
                    drafted: None,
                    occurrences: 0,
                });
                self.made_at.insert(key, self.found.made.len() - 1);
                self.found.made.len() - 1
            }
        };
        let mut occurrence = 1;
        if let Some(made) = self.found.made.get_mut(index) {
            made.occurrences += 1;
            occurrence = made.occurrences;
            if changed.is_some() {
                made.drafted.clone_from(&changed);
            }
        }
        if let Some(drafted) = &changed {
            self.found.changes.push(Change {
                reference: reference.written.clone(),
                drafted: drafted.clone(),
                now: crate::model::plain(&words),
                line: reference.line,
            });
        }
        Inline::Value { made: index, occurrence, runs: words, drafted: changed }
    }

    fn standard_label(&self, name: &str) -> String {
        self.reader
            .registry()
            .standard(name)
            .map_or_else(|| name.to_string(), |standard| standard.label.get(&self.own).to_string())
    }

    fn window(&self, written: &str) -> String {
        Value::parse(Kind::Date, written, None)
            .map_or_else(|_| written.to_string(), |date| date.display(self.reader.registry(), &self.own))
    }
}

/// A property's description as a reader needs it: the codes of other systems, in brackets at its end, are for those who map them.
fn without_field_codes(description: &str) -> &str {
    let text = description.trim();
    match text.rfind(" (") {
        Some(at) if text.ends_with(").") || text.ends_with(')') => &text[..at],
        _ => text,
    }
}

fn behind(items: usize) -> String {
    match items {
        0 => "no entry".into(),
        1 => "1 entry, with the claims it rests on".into(),
        n => format!("a list of {n} entries, each with the claims it rests on"),
    }
}

/// “3 claims in 2 documents, said by LICADHO, Xinhua; corroborated”.
fn rests_on(value: &ValueView) -> String {
    let mut who: Vec<&str> = Vec::new();
    let mut sources = HashSet::new();
    let mut claims = 0;
    for claim in standing(value) {
        claims += 1;
        sources.insert(claim.source);
        if !claim.asserter_label.is_empty() && !who.contains(&claim.asserter_label.as_str()) {
            who.push(&claim.asserter_label);
        }
    }
    let many = |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let who = if who.is_empty() { String::new() } else { format!(", said by {}", who.join(", ")) };
    let verification = value.verification.as_str().replace('-', " ");
    format!("{} in {}{who}; {verification}", many(claims, "claim"), many(sources.len(), "source"))
}
