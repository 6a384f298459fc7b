//! Uwazi's exports: the template of a row says of what kind the thing is.

use schema::{Lang, Registry, fold};

use super::Proposal;
use super::build::free;
use crate::error::Error;
use crate::file::{ListFile, Table};
use crate::mapping::words::plain;
use crate::mapping::{EntityRule, Rule, Words};

/// More templates than a database has.
const MOST: usize = 200;

/// Columns of titles in several languages, `title__en`, with the language of each.
pub fn titles(table: &Table) -> Vec<(&String, String)> {
    let titled = |header: &String| {
        let (title, lang) = header.split_once("__")?;
        let lang = Lang::new(lang.trim()).ok()?;
        title.eq_ignore_ascii_case("title").then(|| lang.to_string())
    };
    table.headers.iter().filter_map(|header| Some((header, titled(header)?))).collect()
}

/// What has such titles is called so, in each language.
pub fn called(person: Option<EntityRule>, table: &Table, proposal: &Proposal) -> Option<EntityRule> {
    let titles = titles(table);
    if titles.is_empty() {
        return person;
    }
    let new = || EntityRule { name: free(proposal, "person"), schema: "Person".into(), ..EntityRule::default() };
    let mut person = person.unwrap_or_else(new);
    person.properties.retain(|(property, _)| property != "name");
    let names =
        titles.into_iter().map(|(header, lang)| ("name".to_owned(), Rule { lang: Some(lang), ..Rule::column(header) }));
    person.properties.splice(0..0, names);
    Some(person)
}

/// Makes what each row becomes depend on its template. `at`: the template's column.
pub fn templates(
    file: &ListFile,
    table: &Table,
    at: usize,
    registry: &Registry,
    proposal: &mut Proposal,
) -> Result<(), Error> {
    let mut said: Vec<String> = Vec::new();
    let mut rows = file.rows(table)?;
    while let Some(row) = rows.next_row()? {
        let cell = row.cells.get(at).map_or("", |cell| cell.trim());
        if !cell.is_empty() && said.len() < MOST && !said.iter().any(|known| fold(known) == fold(cell)) {
            said.push(cell.to_owned());
        }
    }
    let column = table.headers[at].clone();
    let mut of: Vec<(&str, Vec<String>)> = Vec::new();
    for name in said {
        let heading = plain(&name);
        let known = Words::get().templates.iter().find(|(_, words)| {
            words.iter().any(|word| heading == *word || heading.split(' ').any(|part| part == word))
        });
        match (known, of.iter_mut().find(|(schema, _)| known.is_some_and(|(known, _)| known == schema))) {
            (Some(_), Some((_, names))) => names.push(name),
            (Some((schema, _)), None) => of.push((schema, vec![name])),
            (None, _) => proposal.remarks.push(format!(
                "what the template “{name}” is, is not known: its rows are refused until an [[entity]] says when = {{ column = \"{column}\", is = [\"{name}\"] }}"
            )),
        }
    }
    let persons = std::mem::take(&mut proposal.mapping.entities);
    let rules = persons.first().map(|person| person.properties.clone()).unwrap_or_default();
    let act =
        persons.iter().find(|entity| entity.schema == "Act").map(|act| act.properties.clone()).unwrap_or_default();
    for (schema, names) in of {
        let when = Some((column.clone(), names));
        if schema == "Person" {
            proposal
                .mapping
                .entities
                .extend(persons.iter().cloned().map(|entity| EntityRule { when: when.clone(), ..entity }));
            continue;
        }
        let mut entity = EntityRule {
            name: free(proposal, &schema.to_lowercase()),
            schema: schema.to_owned(),
            // Ids of an export are one row of numbers, whatever they number.
            when,
            ..EntityRule::default()
        };
        for (property, rule) in rules.iter().chain(&act).filter(|(_, rule)| !rule.columns.is_empty()) {
            let known = registry.property(schema, property).is_ok();
            if known && !entity.properties.iter().any(|(_, other)| other.columns == rule.columns) {
                entity.properties.push((property.clone(), rule.clone()));
            }
        }
        proposal.mapping.entities.push(entity);
    }
    Ok(())
}
