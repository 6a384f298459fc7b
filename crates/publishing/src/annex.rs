//! The annex: each case as the ledger has it, with its ladder of steps and the accounts that differ.
//!
//! What a case shows follows the schema (featured properties, parts), not the kind of case: a proceeding shows its steps, an
//! incident its acts. Sensitive properties are never printed, whatever their clearance: an annex needs none of them.

use ledger::{PropertyView, Record, ValueView};
use schema::{Agreement, EntityId, Sensitivity, Value};

use crate::Error;
use crate::model::{Case, CaseLine, Inline, Line, Run, Step, plain};
use crate::notes::{joined, standing};
use crate::resolve::Composer;
use crate::runs::runs;

/// Shown of a proceeding, in this order; of other cases, what their schema features.
const OF_A_PROCEEDING: [&str; 6] = ["defendant", "court", "charge", "provision", "complainant", "caseNumber"];

/// What a step's outcome says without its label: the words tell what they are.
const SPEAK_FOR_THEMSELVES: [&str; 5] = ["verdict", "sentence", "result", "execution", "title"];

/// Not part of an outcome: shown elsewhere, or somebody's prose.
const NOT_OUTCOME: [&str; 17] = [
    "date",
    "type",
    "defendant",
    "title",
    "name",
    "alias",
    "summary",
    "account",
    "note",
    "argument",
    "response",
    "sourceUrl",
    "identifier",
    "statedReason",
    "victimGroup",
    "incident",
    "proceeding",
];

impl Composer<'_, '_> {
    /// A case of the annex; `None` when it is not in this view.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn case(&mut self, id: EntityId) -> Result<Option<Case>, Error> {
        let Some(record) = self.reader.record(id)? else { return Ok(None) };
        let Some(schema) = self.reader.registry().schema(&record.schema) else { return Ok(None) };
        let kind = schema.label.get(self.own()).to_string();
        let shown: Vec<String> = if record.schema == "Proceeding" {
            OF_A_PROCEEDING.iter().map(ToString::to_string).collect()
        } else {
            schema.featured.iter().filter(|name| *name != "title").cloned().collect()
        };
        let mut lines = Vec::new();
        let mut disagreements = Vec::new();
        for name in &shown {
            let Some(view) = record.property(name) else { continue };
            if self.is_sensitive(&record, name) {
                continue;
            }
            if let Some(value) = self.property_line(view)? {
                lines.push(CaseLine { label: view.label.get(self.own()).to_string(), value });
            }
            self.differing(view, None, &mut disagreements)?;
        }
        let steps = self.steps(&record, &mut disagreements)?;
        let title = if record.label.trim().is_empty() { &kind } else { &record.label };
        Ok(Some(Case { title: runs(title, self.own()), kind: kind.clone(), lines, steps, disagreements }))
    }

    fn is_sensitive(&self, record: &Record, property: &str) -> bool {
        self.reader
            .registry()
            .property(&record.schema, property)
            .map_or(true, |property| property.sensitivity == Sensitivity::Sensitive)
    }

    /// The values of a property and the marks of their sources.
    fn property_line(&mut self, view: &PropertyView) -> Result<Option<Line>, Error> {
        // Of a property that can have one value, the preferred one; the others are told as other accounts.
        let values: &[ValueView] = if view.cardinality == schema::Cardinality::One {
            view.values.get(..1).unwrap_or_default()
        } else {
            &view.values
        };
        let mut words = Vec::new();
        let mut sources = Vec::new();
        for value in values {
            let said = match &value.value {
                Value::Entity(id) if self.reader.label_opt(*id)?.is_some() => Some(self.full_name(*id)?),
                Value::Entity(_) => None,
                _ => self.words(value)?,
            };
            if let Some(said) = said
                && !words.contains(&said)
            {
                words.push(said);
                sources.push(value);
            }
        }
        if words.is_empty() {
            return Ok(None);
        }
        let mut line = vec![Inline::Text { runs: joined(words, "; ") }];
        line.extend(self.notes.marks_of(sources));
        Ok(Some(line))
    }

    /// The parts of a case in the ledger's order: by date, on one day by what they are; those without a date come last.
    fn steps(&mut self, case: &Record, disagreements: &mut Vec<Line>) -> Result<Vec<Step>, Error> {
        let mut parts: Vec<(String, Record)> = Vec::new();
        for related in self.reader.related(case.id)?.into_iter().filter(|related| related.part) {
            if parts.iter().any(|(_, known)| known.id == related.id) {
                continue;
            }
            if let Some(record) = self.reader.record(related.id)? {
                parts.push((related.sort, record));
            }
        }
        parts.sort_by(|(a, first), (b, second)| (a, &first.label, first.id).cmp(&(b, &second.label, second.id)));
        parts.iter().map(|(_, part)| self.step(case, part, disagreements)).collect()
    }

    fn step(&mut self, case: &Record, part: &Record, disagreements: &mut Vec<Line>) -> Result<Step, Error> {
        let own = self.own().to_string();
        let first = |name: &str| part.property(name).and_then(|view| view.values.first());
        let mut sources: Vec<&ValueView> = Vec::new();
        let date = match first("date") {
            Some(value) => {
                sources.push(value);
                value.value.display(self.reader.registry(), &own)
            }
            None => "date not recorded".into(),
        };
        let mut what = match first("type") {
            Some(value) => {
                sources.push(value);
                self.words(value)?.unwrap_or_default()
            }
            None => runs(&part.label, &own),
        };
        // Whom it concerns, where it is not everybody: said with the step, before what came of it.
        if let Some(view) = part.property("defendant").filter(|view| !same_as_the_case(case, view)) {
            let mut names = Vec::new();
            for value in &view.values {
                if let Some(name) = self.words(value)? {
                    names.push(name);
                    sources.push(value);
                }
            }
            what = joined(vec![what, joined(names, ", ")], ", ");
        }
        let mut outcome = Vec::new();
        for view in &part.properties {
            if NOT_OUTCOME.contains(&view.name.as_str()) || self.is_sensitive(part, &view.name) {
                continue;
            }
            if same_as_the_case(case, view) {
                continue;
            }
            let values = if view.cardinality == schema::Cardinality::One {
                view.values.get(..1).unwrap_or_default()
            } else {
                &view.values
            };
            let mut words = Vec::new();
            for value in values {
                if let Some(said) = self.words(value)? {
                    words.push(said);
                    sources.push(value);
                }
            }
            if words.is_empty() {
                continue;
            }
            let mut said = joined(words, ", ");
            if !SPEAK_FOR_THEMSELVES.contains(&view.name.as_str()) {
                let label = Run { text: format!("{}: ", view.label.get(&own).to_lowercase()), lang: None };
                said = joined(vec![vec![label], said], "");
            }
            outcome.push(vec![Inline::Text { runs: said }]);
        }
        for view in &part.properties {
            if !self.is_sensitive(part, &view.name) {
                self.differing(view, Some(&plain(&what)), disagreements)?;
            }
        }
        let notes = self.notes.marks_of(sources).into_iter().collect();
        Ok(Step { date, what, outcome, notes })
    }

    /// Other accounts of a property that can have only one value: who gives what, and in which source.
    fn differing(&mut self, view: &PropertyView, step: Option<&str>, out: &mut Vec<Line>) -> Result<(), Error> {
        if view.cardinality != schema::Cardinality::One {
            return Ok(());
        }
        let own = self.own().to_string();
        let preferred = match view.values.first() {
            Some(first) => self.words(first)?,
            None => None,
        };
        for other in view.values.iter().skip(1) {
            let Some(words) = self.words(other)? else { continue };
            // Two accounts that may both be true, of which each says something else, are two accounts. One that only says
            // less precisely what is printed already is none.
            let tells = match other.agrees {
                Some(Agreement::Different) => true,
                Some(Agreement::Compatible) => preferred.as_deref().map(plain) != Some(plain(&words)),
                _ => false,
            };
            if !tells {
                continue;
            }
            let mut who: Vec<Vec<Run>> = Vec::new();
            for claim in standing(other) {
                let name = runs(&claim.asserter_label, &own);
                if !name.is_empty() && !who.contains(&name) {
                    who.push(name);
                }
            }
            let gives = if who.len() == 1 { " gives " } else { " give " };
            let who = if who.is_empty() { runs("Others", &own) } else { joined(who, " and ") };
            let label = view.label.get(&own).to_lowercase();
            let about = match step {
                Some(step) => format!(" ({}, {label})", uncapitalised(step)),
                None => format!(" ({label})"),
            };
            let mut line =
                vec![Inline::Text { runs: joined(vec![who, runs(gives, &own), words, runs(&about, &own)], "") }];
            line.extend(self.notes.marks_of([other]));
            out.push(line);
        }
        Ok(())
    }
}

/// Whether a step only repeats what the case says of itself: its court, its defendants.
fn same_as_the_case(case: &Record, view: &PropertyView) -> bool {
    if view.values.iter().any(|value| value.value == Value::Entity(case.id)) {
        return true;
    }
    case.property(&view.name).is_some_and(|whole| {
        let texts = |view: &PropertyView| {
            let mut texts: Vec<String> = view.values.iter().map(|value| value.value.canonical()).collect();
            texts.sort();
            texts
        };
        texts(whole) == texts(view)
    })
}

/// The same with a small first letter: a label in the midst of a line. Names in it keep theirs.
fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
