//! A mapping guessed from headings and values, each guess with how sure it is and an example.

mod build;
mod guess;
mod others;
mod repeats;
mod templates;

use std::collections::HashSet;

use schema::{Registry, fold};
use serde::Serialize;

use build::{Built, build};
use guess::{Guess, SURE_ENOUGH, becomes, guesses, settle};
use others::{followthemoney, unmapped};
use repeats::repeat;
use templates::{called, templates, titles};

use super::words::{plain, tight};
use super::{DateOrder, Mapping, Words};
use crate::error::Error;
use crate::file::{ListFile, MadeBy, Table};
use crate::take::says_nothing;

/// Rows that are looked at.
const SAMPLE: usize = 200;
/// As sure as a guess is of which nothing was made.
const UNMADE: f64 = 0.45;

/// A proposed mapping, and why.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub mapping: Mapping,
    /// One for each column of each table.
    pub columns: Vec<ProposedColumn>,
    /// What a person has to decide.
    pub remarks: Vec<String>,
}

/// What a column was taken for.
#[derive(Clone, Debug, Serialize)]
pub struct ProposedColumn {
    pub table: String,
    pub column: String,
    /// Empty: kept with the raw row only.
    pub entity: String,
    pub property: String,
    /// From 0 to 1.
    pub confidence: f64,
    /// A value of the column, and what it becomes.
    pub example: String,
    pub becomes: String,
    pub why: String,
}

impl Mapping {
    /// Guesses a mapping. What is not sure enough stays out, and is told.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn propose(file: &ListFile, registry: &Registry) -> Result<Proposal, Error> {
        let mut proposal = Proposal { mapping: Mapping::default(), columns: Vec::new(), remarks: Vec::new() };
        if file.format == "followthemoney" {
            followthemoney(file, registry, &mut proposal);
            return Ok(proposal);
        }
        let samples = file.tables.iter().map(|table| sample(file, table)).collect::<Result<Vec<_>, _>>()?;
        let Some((first, sample)) = file.tables.iter().zip(&samples).next() else { return Ok(proposal) };
        let mut repeats = Vec::new();
        for (table, sample) in file.tables.iter().zip(&samples).skip(1) {
            repeats.extend(repeats::parent(table).map(|parent| (table, sample, parent)));
        }
        main_table(file, first, sample, registry, !repeats.is_empty(), &mut proposal)?;
        let main = proposal.mapping.entities.first().cloned();
        for (table, sample) in file.tables.iter().zip(&samples).skip(1) {
            match repeats.iter().find(|(repeat, _, _)| repeat.name == table.name) {
                Some((_, _, parent)) => repeat(table, sample, parent, main.as_ref(), registry, &mut proposal),
                None => unmapped(table, sample, &mut proposal),
            }
        }
        nobody(&mut proposal);
        Ok(proposal)
    }
}

/// Without a name there is nobody: whoever looks on is told so, and nothing is taken in before a column is named.
fn nobody(proposal: &mut Proposal) {
    let mut named = false;
    for entity in &mut proposal.mapping.entities {
        let has = entity.properties.iter().any(|(property, _)| property == "name");
        named |= has || entity.schema == "Incident" || entity.schema == "Act";
        if !has && entity.schema == "Person" {
            entity.required = vec!["name".into()];
            proposal.remarks.push("no column was known for a person’s name: write the mapping by hand".into());
            return;
        }
    }
    if !named {
        proposal.remarks.push("no column was known for a person’s name: write the mapping by hand".into());
    }
}

/// Values of each column of the first rows.
fn sample(file: &ListFile, table: &Table) -> Result<Vec<Vec<String>>, Error> {
    let mut columns = vec![Vec::new(); table.headers.len()];
    let mut rows = file.rows(table)?;
    for _ in 0..SAMPLE {
        let Some(row) = rows.next_row()? else { break };
        for (column, cell) in columns.iter_mut().zip(&row.cells) {
            if !cell.trim().is_empty() && !says_nothing(cell.trim()) && cell.len() < 10_000 {
                column.push(cell.trim().to_owned());
            }
        }
    }
    Ok(columns)
}

/// The column that tells a row from all others. A number of a case that several rows share does not.
fn key_of(table: &Table, sample: &[Vec<String>], several: bool, proposal: &mut Proposal) -> Option<usize> {
    let words = Words::get();
    let rows = sample.iter().map(Vec::len).max().unwrap_or(0);
    let named = |wanted: &[String]| {
        let at = |name: &String| table.headers.iter().position(|header| tight(header) == tight(name));
        wanted.iter().filter_map(at).collect::<Vec<_>>()
    };
    for at in named(&words.keys).into_iter().chain(named(&words.numbers)) {
        let values: HashSet<&String> = sample[at].iter().collect();
        if rows == 0 || several || values.len() == rows {
            return Some(at);
        }
        let why = if sample[at].len() < rows { "is empty in some rows" } else { "stands in several rows" };
        proposal.remarks.push(format!("“{}” {why}, so it does not tell rows apart", table.headers[at]));
    }
    None
}

fn main_table(
    file: &ListFile,
    table: &Table,
    sample: &[Vec<String>],
    registry: &Registry,
    has_repeats: bool,
    proposal: &mut Proposal,
) -> Result<(), Error> {
    let words = Words::get();
    let named = |wanted: &[String]| {
        table.headers.iter().position(|header| wanted.iter().any(|word| fold(word) == fold(header)))
    };
    let titled: Vec<&String> = titles(table).into_iter().map(|(header, _)| header).collect();
    let spoken = named(&words.languages).filter(|_| table.made_by == MadeBy::Uwazi);
    // A row with a title in each language is there once.
    let language = spoken.filter(|_| titled.is_empty());
    let template = named(&words.template_columns).filter(|_| table.made_by == MadeBy::Uwazi);
    let key = key_of(table, sample, language.is_some(), proposal);
    proposal.mapping.file.key.extend(key.map(|at| table.headers[at].clone()));
    if key.is_none() {
        proposal.remarks.push(
            "no column tells a row from all others: rows are known by all that they say, so a changed row will be a new one. \
             Name one with `key` if there is one"
                .to_owned(),
        );
    } else if let Some(at) = language {
        proposal.mapping.file.language = Some(table.headers[at].clone());
    }
    order_of_dates(sample, proposal);
    let own = |at: usize, header: &str| {
        Some(at) == key
            || Some(at) == spoken
            || titled.iter().any(|title| *title == header)
            || Some(at) == template
            || words.machine.contains(&plain(header))
    };
    let mut found = guesses(table, sample, registry, proposal.mapping.file.dates, own);
    settle(&mut found, sample);
    let mut built = build(table, sample, registry, &found, None, proposal);
    built.person = called(built.person, table, proposal);
    assemble(built, has_repeats, proposal);
    if let Some(at) = template {
        templates(file, table, at, registry, proposal)?;
    }
    tell(table, sample, registry, &found, key, proposal);
    Ok(())
}

/// The entities of the main table. A form about something that happened, whose repeats have the people, makes an incident.
fn assemble(built: Built, has_repeats: bool, proposal: &mut Proposal) {
    let named = built.person.as_ref().is_some_and(|person| person.properties.iter().any(|(name, _)| name == "name"));
    let entities = &mut proposal.mapping.entities;
    if has_repeats
        && !named
        && let Some(incident) = built.incident
    {
        entities.push(incident);
        return;
    }
    let has_person = built.person.is_some();
    entities.extend(built.person);
    if has_person {
        entities.extend(built.act);
    }
    entities.extend(built.bodies);
    proposal.remarks.extend(built.remarks);
}

/// What the mapping makes of a column: the entity and the property.
fn made_of(table: &Table, header: &String, mapping: &Mapping) -> Option<(String, String)> {
    let of_it = mapping.entities.iter().filter(|entity| match &entity.table {
        Some(name) => *name == table.name,
        None => mapping.tables.iter().all(|rules| rules.name != table.name),
    });
    let mut rules =
        of_it.flat_map(|entity| entity.properties.iter().map(move |(property, rule)| (entity, property, rule)));
    let found = rules.find(|(_, _, rule)| rule.named().any(|column| column == header));
    found.map(|(entity, property, _)| (entity.name.clone(), property.clone()))
}

/// Each column, with what it was taken for.
fn tell(
    table: &Table,
    sample: &[Vec<String>],
    registry: &Registry,
    found: &[Guess<'_>],
    key: Option<usize>,
    proposal: &mut Proposal,
) {
    let (order, words) = (proposal.mapping.file.dates, Words::get());
    for (at, header) in table.headers.iter().enumerate() {
        let guess = found.iter().find(|guess| guess.at == at);
        let example = sample[at].first().map(|value| crate::take::cell_cut(value, 80)).unwrap_or_default();
        let made = made_of(table, header, &proposal.mapping);
        let like = || guess.map(|guess| format!("{}.{}: {}", guess.word.entity, guess.word.property, guess.why));
        let own = || words.machine.contains(&plain(header)) || words.keys.contains(header);
        let (entity, property, confidence, why) = match (made, guess) {
            (Some((entity, property)), Some(guess)) if guess.word.property == property => {
                (entity, property, guess.confidence, guess.why.clone())
            }
            (Some((entity, property)), _) => (entity, property, SURE_ENOUGH, "by what the table is about".into()),
            (None, _) if Some(at) == key => (String::new(), String::new(), 1.0, "the key of the row".into()),
            (None, Some(guess)) => {
                let confidence = guess.confidence.min(UNMADE);
                (String::new(), String::new(), confidence, format!("perhaps {}", like().unwrap_or_default()))
            }
            (None, None) if own() => (String::new(), String::new(), 0.0, "the program’s own".into()),
            (None, None) => (String::new(), String::new(), 0.0, "nothing that is known by its heading".into()),
        };
        let shown = guess.and_then(|guess| becomes(guess.word, &example, registry, order));
        proposal.columns.push(ProposedColumn {
            table: table.name.clone(),
            column: header.clone(),
            entity,
            property,
            confidence,
            example,
            becomes: shown.unwrap_or_default(),
            why,
        });
    }
}

/// Whether dates in figures are day first or month first, where the values themselves say so without doubt.
fn order_of_dates(sample: &[Vec<String>], proposal: &mut Proposal) {
    let (mut day, mut month, mut doubt) = (0, 0, 0);
    for value in sample.iter().flatten() {
        let parts: Vec<&str> = value.split(['/', '-', '.']).collect();
        let [a, b, c] = parts.as_slice() else { continue };
        let (Ok(a), Ok(b)) = (a.parse::<u8>(), b.parse::<u8>()) else { continue };
        if c.len() != 4 || c.parse::<u16>().is_err() {
            continue;
        }
        match (a, b) {
            (13..=31, 1..=12) => day += 1,
            (1..=12, 13..=31) => month += 1,
            (1..=12, 1..=12) if a != b => doubt += 1,
            _ => {}
        }
    }
    match (day, month) {
        (1.., 0) => proposal.mapping.file.dates = Some(DateOrder::Day),
        (0, 1..) => proposal.mapping.file.dates = Some(DateOrder::Month),
        (0, 0) if doubt > 0 => proposal
            .remarks
            .push("the dates can be read day first or month first: say `dates` under [file] in the mapping".into()),
        (1.., 1..) => {
            proposal
                .remarks
                .push("some dates are day first and some month first: those in doubt will be refused".into());
        }
        _ => {}
    }
}
