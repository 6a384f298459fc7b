//! Entities of the guesses that are sure enough.

use schema::{Kind, Registry};

use super::Proposal;
use super::guess::{Guess, SURE_ENOUGH, meanings};
use crate::file::{MadeBy, Table};
use crate::mapping::{EntityRule, Rule};

/// What the columns of one table make.
#[derive(Default)]
pub struct Built {
    pub person: Option<EntityRule>,
    /// Only where it is known what was done.
    pub act: Option<EntityRule>,
    /// The same as an incident, for a table without people.
    pub incident: Option<EntityRule>,
    /// Organisations that the person belongs to, or that are said to have done it.
    pub bodies: Vec<EntityRule>,
    pub remarks: Vec<String>,
}

/// `table_name`: of a table that is not the main one.
pub fn build(
    table: &Table,
    sample: &[Vec<String>],
    registry: &Registry,
    guesses: &[Guess<'_>],
    table_name: Option<&str>,
    proposal: &Proposal,
) -> Built {
    let mut built = Built::default();
    let sure: Vec<&Guess<'_>> = guesses.iter().filter(|guess| guess.confidence >= SURE_ENOUGH).collect();
    let of = |entity: &str| -> Vec<&&Guess<'_>> { sure.iter().filter(|guess| guess.word.entity == entity).collect() };
    let new = |name: &str, schema: &str| EntityRule {
        name: free(proposal, name),
        schema: schema.into(),
        table: table_name.map(str::to_owned),
        ..EntityRule::default()
    };
    let rule = |guess: &Guess<'_>| column_rule(table, sample, registry, guess);
    let mut person = new("person", "Person");
    person.properties = name_of_parts(table, &sure);
    person.properties.extend(
        of("person")
            .iter()
            .filter(|guess| guess.word.part.is_none())
            .map(|guess| (guess.word.property.clone(), rule(guess))),
    );
    let mut act = new("act", "Act");
    act.properties = of("act").iter().map(|guess| (guess.word.property.clone(), rule(guess))).collect();
    let mut incident = new("incident", "Incident");
    incident.properties =
        act.properties.iter().filter(|(name, _)| registry.property("Incident", name).is_ok()).cloned().collect();
    built.incident = Some(incident).filter(|incident| !incident.properties.is_empty());
    let has_type = act.properties.iter().any(|(property, _)| property == "type");
    if !has_type && !act.properties.is_empty() {
        match of("act").iter().find_map(|guess| guess.word.act.as_deref()) {
            Some(code) => act.properties.push(("type".into(), Rule::constant(code))),
            None => {
                // Where it can be read is said of the person, where nothing is said of an act.
                person.properties.extend(act.properties.iter().filter(|(name, _)| name == "sourceUrl").cloned());
                if act.properties.iter().any(|(name, _)| name != "sourceUrl") {
                    built.remarks.push(
                        "there are dates or places of something that happened, and no column says what: name the type of act, \
                         such as type = { value = \"arrest\" }, or leave the entity “act” out"
                            .to_owned(),
                    );
                }
                act.properties.clear();
            }
        }
    }
    if let Some(guess) = of("affiliation").first() {
        let body = keyed(new("affiliation", "Organization"), &table.headers[guess.at]);
        person.properties.push(("affiliation".into(), Rule::of(&body.name)));
        built.bodies.push(body);
    }
    if !act.properties.is_empty() {
        act.properties.push(("victim".into(), Rule::of(&person.name)));
        if let Some(guess) = of("agent").first() {
            let body = keyed(new("agent", "Organization"), &table.headers[guess.at]);
            act.properties.push(("perpetrator".into(), Rule::of(&body.name)));
            built.bodies.push(body);
        }
        built.act = Some(act);
    }
    built.person = Some(person).filter(|person| !person.properties.is_empty());
    built
}

/// Family and given name as the parts of one, or the one that there is.
fn name_of_parts(table: &Table, sure: &[&Guess<'_>]) -> Vec<(String, Rule)> {
    let parts = |part: &str| sure.iter().find(|guess| guess.word.part.as_deref() == Some(part));
    let rule = match (parts("family"), parts("given")) {
        (Some(family), Some(given)) => Rule {
            columns: vec![table.headers[family.at].clone(), table.headers[given.at].clone()],
            join: Some(" | ".into()),
            ..Rule::default()
        },
        (Some(one), None) | (None, Some(one)) => Rule::column(&table.headers[one.at]),
        (None, None) => return Vec::new(),
    };
    vec![("name".into(), rule)]
}

fn column_rule(table: &Table, sample: &[Vec<String>], registry: &Registry, guess: &Guess<'_>) -> Rule {
    let values = &sample[guess.at];
    let kind = registry.property(&guess.word.schema, &guess.word.property).map(|property| property.kind);
    let has = |sign: char| values.iter().any(|value| value.contains(sign));
    let bar = table.made_by == MadeBy::Uwazi && has('|');
    let split = if bar {
        Some("|")
    } else if matches!(guess.word.property.as_str(), "alias" | "name") && has(';') {
        Some(";")
    } else {
        None
    };
    Rule {
        split: split.filter(|_| kind != Ok(Kind::Date)).map(str::to_owned),
        values: if kind == Ok(Kind::Term) { meanings(guess.word, values, registry) } else { Vec::new() },
        ..Rule::column(&table.headers[guess.at])
    }
}

fn keyed(entity: EntityRule, column: &str) -> EntityRule {
    EntityRule { key: vec![column.to_owned()], properties: vec![("name".into(), Rule::column(column))], ..entity }
}

/// A name that no entity of the mapping has.
pub fn free(proposal: &Proposal, wanted: &str) -> String {
    let taken = |name: &str| proposal.mapping.entities.iter().any(|entity| entity.name == name);
    let numbered = (2..).map(|number| format!("{wanted}{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
