//! A mapping guessed from headings and values, each guess with how sure it is and an example.

mod others;

use others::{followthemoney, other_table};
use schema::{Kind, Registry, fold, nearest};
use serde::Serialize;

use super::words::{Column, plain};
use super::{DateOrder, EntityRule, Mapping, Rule, Words};
use crate::error::Error;
use crate::file::{ListFile, MadeBy, Table};
use crate::take::{dates, says_nothing};

/// Rows that are looked at.
const SAMPLE: usize = 200;
/// A guess less sure than this is told and not made.
const SURE_ENOUGH: f64 = 0.5;

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

struct Guess<'a> {
    at: usize,
    word: &'a Column,
    confidence: f64,
    why: String,
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
        for (number, table) in file.tables.iter().enumerate() {
            let sample = sample(file, table)?;
            if number == 0 {
                main_table(table, &sample, registry, &mut proposal);
            } else {
                other_table(table, &sample, &mut proposal);
            }
        }
        Ok(proposal)
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

fn main_table(table: &Table, sample: &[Vec<String>], registry: &Registry, proposal: &mut Proposal) {
    let words = Words::get();
    let key = words.keys.iter().find_map(|key| table.headers.iter().find(|header| fold(header) == fold(key)));
    proposal.mapping.file.key.extend(key.cloned());
    if key.is_none() {
        proposal.remarks.push(
            "no column tells a row from all others: rows are known by all that they say, so a changed row will be a new one. \
             Name one with `key` if there is one"
                .to_owned(),
        );
    }
    order_of_dates(sample, proposal);
    let mut guesses: Vec<Guess<'_>> = Vec::new();
    for (at, header) in table.headers.iter().enumerate() {
        if Some(header) == key || words.machine.contains(&plain(header)) {
            continue;
        }
        guesses.extend(guess(at, header, &sample[at], registry, proposal.mapping.file.dates));
    }
    settle(&mut guesses);
    build(table, sample, registry, &guesses, proposal);
    for (at, header) in table.headers.iter().enumerate() {
        let found = guesses.iter().find(|guess| guess.at == at);
        let example = sample[at].first().map(|value| crate::take::cell_cut(value, 80)).unwrap_or_default();
        let (entity, property, confidence, why) = match found {
            Some(guess) if guess.confidence >= SURE_ENOUGH => {
                (guess.word.entity.clone(), guess.word.property.clone(), guess.confidence, guess.why.clone())
            }
            Some(guess) => (
                String::new(),
                String::new(),
                guess.confidence,
                format!("perhaps {}.{}: {}", guess.word.entity, guess.word.property, guess.why),
            ),
            None if Some(header) == key => (String::new(), String::new(), 1.0, "the key of the row".into()),
            None => (String::new(), String::new(), 0.0, "nothing that is known by its heading".into()),
        };
        let becomes = found.and_then(|guess| becomes(guess.word, &example, registry, proposal.mapping.file.dates));
        proposal.columns.push(ProposedColumn {
            table: table.name.clone(),
            column: header.clone(),
            entity,
            property,
            confidence,
            example,
            becomes: becomes.unwrap_or_default(),
            why,
        });
    }
}

/// The best meaning of a column, by its heading and by how many of its values could be such.
fn guess<'a>(
    at: usize,
    header: &str,
    values: &[String],
    registry: &Registry,
    order: Option<DateOrder>,
) -> Option<Guess<'a>> {
    let heading = plain(header);
    let mut best: Option<Guess<'a>> = None;
    for word in &Words::get().columns {
        let Some((by_word, known)) = word
            .words
            .iter()
            .filter_map(|known| Some((likeness(&heading, known)?, known)))
            .max_by(|a, b| a.0.total_cmp(&b.0))
        else {
            continue;
        };
        let fitting = values.iter().filter(|value| becomes(word, value, registry, order).is_some()).count();
        let share = if values.is_empty() { 0.5 } else { fitting as f64 / values.len() as f64 };
        let confidence = by_word * (0.3 + 0.7 * share);
        if best.as_ref().is_none_or(|best| confidence > best.confidence + 1e-9) {
            let why = if values.is_empty() {
                format!("the heading is like “{known}”; the column is empty in the first rows")
            } else {
                format!("the heading is like “{known}”, and {fitting} of {} values fit", values.len())
            };
            best = Some(Guess { at, word, confidence, why });
        }
    }
    best.filter(|best| best.confidence > 0.2)
}

/// How near a heading is to a word that is known.
fn likeness(heading: &str, known: &str) -> Option<f64> {
    if heading == known {
        return Some(1.0);
    }
    let tokens: Vec<&str> = heading.split(' ').collect();
    let wanted: Vec<&str> = known.split(' ').collect();
    if tokens.windows(wanted.len()).any(|window| window == wanted) {
        return Some(0.5 + 0.35 * wanted.len() as f64 / tokens.len() as f64);
    }
    if known.chars().count() > 4 && nearest(heading, [known]).is_some() {
        return Some(0.6);
    }
    None
}

fn becomes(word: &Column, value: &str, registry: &Registry, order: Option<DateOrder>) -> Option<String> {
    let kind = registry.property(&word.schema, &word.property).ok()?.kind;
    if kind == Kind::Date {
        // Where day and month cannot be told apart, it is a date all the same.
        return match dates::read(value, order) {
            Ok(date) => Some(date.display("en")),
            Err(why) if why.reason.contains("cannot be told apart") => Some("a date, day and month in doubt".into()),
            Err(_) => None,
        };
    }
    if kind == Kind::Name && value.chars().filter(|c| c.is_ascii_digit()).count() * 2 > value.chars().count() {
        return None;
    }
    let value = registry.parse(&word.schema, &word.property, value, None).ok()?;
    Some(value.display(registry, "en"))
}

/// One column for each property that has one value; the others stay out, with what they might be.
fn settle(guesses: &mut Vec<Guess<'_>>) {
    let mut taken: Vec<(String, String, Option<String>)> = Vec::new();
    let mut order: Vec<usize> = (0..guesses.len()).collect();
    order.sort_by(|a, b| guesses[*b].confidence.total_cmp(&guesses[*a].confidence));
    for at in order {
        let word = guesses[at].word;
        let place = (word.entity.clone(), word.property.clone(), word.part.clone());
        let several = matches!(word.property.as_str(), "alias" | "note" | "identifier" | "account" | "sourceUrl");
        if taken.contains(&place) && !several {
            guesses[at].confidence = 0.3;
            guesses[at].why.push_str("; another column is nearer");
        } else if guesses[at].confidence >= SURE_ENOUGH {
            taken.push(place);
        }
    }
    // A whole name is better than its parts, and one part is none.
    let has = |part: Option<&str>, guesses: &[Guess<'_>]| {
        guesses.iter().any(|guess| {
            guess.confidence >= SURE_ENOUGH
                && guess.word.property == "name"
                && guess.word.entity == "person"
                && guess.word.part.as_deref() == part
        })
    };
    let whole = has(None, guesses);
    if whole {
        for guess in guesses.iter_mut().filter(|guess| guess.word.part.is_some()) {
            guess.confidence = guess.confidence.min(0.4);
        }
    }
}

/// Entities of the guesses that are sure enough.
fn build(table: &Table, sample: &[Vec<String>], registry: &Registry, guesses: &[Guess<'_>], proposal: &mut Proposal) {
    let sure: Vec<&Guess<'_>> = guesses.iter().filter(|guess| guess.confidence >= SURE_ENOUGH).collect();
    let of = |entity: &str| -> Vec<&&Guess<'_>> { sure.iter().filter(|guess| guess.word.entity == entity).collect() };
    let split = if table.made_by == MadeBy::Uwazi { Some("|") } else { None };
    let rule = |guess: &Guess<'_>| {
        let kind = registry.property(&guess.word.schema, &guess.word.property).map(|property| property.kind);
        let several = guess.word.property == "alias" && sample[guess.at].iter().any(|value| value.contains(';'));
        let by_bar = split.filter(|_| sample[guess.at].iter().any(|value| value.contains('|')));
        Rule {
            split: by_bar
                .map(str::to_owned)
                .or_else(|| several.then(|| ";".to_owned()))
                .filter(|_| kind != Ok(Kind::Date)),
            ..Rule::column(&table.headers[guess.at])
        }
    };
    let mut person = EntityRule { name: "person".into(), schema: "Person".into(), ..EntityRule::default() };
    let parts = |part: &str| sure.iter().find(|guess| guess.word.part.as_deref() == Some(part));
    match (parts("family"), parts("given")) {
        (Some(family), Some(given)) => person.properties.push((
            "name".into(),
            Rule {
                columns: vec![table.headers[family.at].clone(), table.headers[given.at].clone()],
                join: Some(" | ".into()),
                ..Rule::default()
            },
        )),
        (Some(one), None) | (None, Some(one)) => {
            person.properties.push(("name".into(), Rule::column(&table.headers[one.at])))
        }
        (None, None) => {}
    }
    person.properties.extend(
        of("person")
            .iter()
            .filter(|guess| guess.word.part.is_none())
            .map(|guess| (guess.word.property.clone(), rule(guess))),
    );
    let affiliation = of("affiliation").first().map(|guess| table.headers[guess.at].clone());
    let agent = of("agent").first().map(|guess| table.headers[guess.at].clone());
    let mut act = EntityRule { name: "act".into(), schema: "Act".into(), ..EntityRule::default() };
    act.properties = of("act").iter().map(|guess| (guess.word.property.clone(), rule(guess))).collect();
    let has_type = act.properties.iter().any(|(property, _)| property == "type");
    if !has_type && !act.properties.is_empty() {
        match of("act").iter().find_map(|guess| guess.word.act.as_deref()) {
            Some(code) => act.properties.push(("type".into(), Rule::constant(code))),
            None => {
                proposal.remarks.push(
                    "there are dates or places of something that happened, and no column says what: name the type of act, \
                     such as type = { value = \"arrest\" }, or leave the entity “act” out"
                        .to_owned(),
                );
                act.properties.clear();
            }
        }
    }
    if let Some(column) = &affiliation {
        person.properties.push(("affiliation".into(), Rule::of("affiliation")));
        proposal.mapping.entities.push(keyed("affiliation", column));
    }
    if !act.properties.is_empty() && !person.properties.is_empty() {
        act.properties.push(("victim".into(), Rule::of("person")));
        if let Some(column) = &agent {
            act.properties.push(("perpetrator".into(), Rule::of("agent")));
            proposal.mapping.entities.push(keyed("agent", column));
        }
        proposal.mapping.entities.insert(0, act);
    }
    if person.properties.is_empty() {
        proposal.remarks.push("no column was known for a person’s name: write the mapping by hand".into());
    } else {
        proposal.mapping.entities.insert(0, person);
    }
}

fn keyed(name: &str, column: &str) -> EntityRule {
    EntityRule {
        name: name.into(),
        schema: "Organization".into(),
        key: vec![column.to_owned()],
        properties: vec![("name".into(), Rule::column(column))],
        ..EntityRule::default()
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
