//! Repeats of a form: rows of a further table that belong to rows of the first one.

use schema::{Registry, fold};

use super::build::{build, free};
use super::guess::{guesses, settle};
use super::{Proposal, tell};
use crate::file::Table;
use crate::mapping::words::plain;
use crate::mapping::{EntityRule, Rule, TableRules, Words};

/// By which column a table's rows know the row that they belong to, and that row's column, if it is not its key.
pub fn parent(table: &Table) -> Option<(String, Option<String>)> {
    let at = |name: &str| table.headers.iter().find(|header| fold(header) == fold(name)).cloned();
    at("PARENT_KEY")
        .or_else(|| at("_submission__uuid"))
        .map(|column| (column, None))
        .or_else(|| at("_parent_index").map(|column| (column, Some("_index".to_owned()))))
}

/// What the rows of a repeat make, tied to what the row makes that they belong to (`main`).
pub fn repeat(
    table: &Table,
    sample: &[Vec<String>],
    (parent, by): &(String, Option<String>),
    main: Option<&EntityRule>,
    registry: &Registry,
    proposal: &mut Proposal,
) {
    proposal.mapping.tables.push(TableRules {
        name: table.name.clone(),
        key: Vec::new(),
        ordinal: false,
        parent: Some(parent.clone()),
        parent_key: by.clone(),
    });
    let own = |_: usize, header: &str| {
        header == parent
            || Words::get().machine.contains(&plain(header))
            || Words::get().keys.contains(&header.to_owned())
    };
    let mut found = guesses(table, sample, registry, proposal.mapping.file.dates, own);
    settle(&mut found, sample);
    let built = build(table, sample, registry, &found, Some(&table.name), proposal);
    let named = |entity: &EntityRule| entity.properties.iter().any(|(name, _)| name == "name");
    let mut made: Vec<EntityRule> = Vec::new();
    let told = proposal.mapping.entities.iter().find(|entity| entity.schema == "Act");
    let done = told.and_then(|act| act.properties.iter().find(|(name, rule)| name == "type" && rule.value.is_some()));
    let whose = main.map(|main| (main.name.clone(), main.schema.as_str()));
    match (built.person.filter(named), whose) {
        (Some(person), Some((whose, "Person"))) => {
            made.extend(tie(table, &person, &whose, proposal));
            made.extend(built.act);
            made.insert(0, person);
        }
        (Some(person), Some((whose, "Incident"))) => {
            let act = built.act.or_else(|| {
                let done = done.cloned()?;
                let victim = ("victim".to_owned(), Rule::of(&person.name));
                let act = EntityRule { name: free(proposal, "act"), schema: "Act".into(), ..EntityRule::default() };
                Some(EntityRule { table: Some(table.name.clone()), properties: vec![done, victim], ..act })
            });
            match act {
                Some(mut act) => {
                    act.properties.push(("incident".into(), Rule::of(&whose)));
                    made.push(act);
                }
                None => proposal.remarks.push(format!(
                    "the table {} has people, and nothing says what was done to them: add an Act with its type, victim and incident",
                    table.name
                )),
            }
            made.insert(0, person);
        }
        (Some(person), _) => made.push(person),
        (None, Some((whose, "Person"))) => match (built.act, built.incident) {
            (Some(mut act), _) => {
                act.properties.retain(|(name, _)| name != "victim");
                act.properties.push(("victim".into(), Rule::of(&whose)));
                made.push(act);
            }
            (None, Some(mut incident)) => {
                incident.properties.push(("involved".into(), Rule::of(&whose)));
                made.push(incident);
            }
            (None, None) => {}
        },
        (None, _) => made.extend(built.incident),
    }
    if made.is_empty() {
        proposal.remarks.push(format!(
            "the table {} belongs to the rows of the first one, and none of its columns was known: add an [[entity]] with table = \"{}\" to take it in",
            table.name, table.name
        ));
    } else {
        let points = |name: &String| {
            made.iter().flat_map(|entity| &entity.properties).any(|(_, rule)| rule.entity.as_ref() == Some(name))
        };
        let bodies: Vec<EntityRule> = built.bodies.into_iter().filter(|body| points(&body.name)).collect();
        made.extend(bodies);
        let kinds: Vec<&str> = made.iter().map(|entity| entity.name.as_str()).collect();
        proposal.remarks.push(format!(
            "each row of the table {} belongs to a row of the first one and makes: {}. See whether that is what the form means",
            table.name,
            kinds.join(", ")
        ));
        proposal.mapping.entities.extend(made);
    }
    tell(table, sample, registry, &found, None, proposal);
}

/// A tie between the person of a repeat and the person whose form it is.
fn tie(table: &Table, person: &EntityRule, whose: &str, proposal: &Proposal) -> Option<EntityRule> {
    let said = plain(&table.name);
    let words = Words::get();
    let family = words.family.iter().any(|word| said.split(' ').any(|part| part.starts_with(word.as_str())));
    let role = table.headers.iter().find(|header| {
        let heading = plain(header);
        words.relation.iter().any(|word| heading.split(' ').any(|part| part == word) || heading == *word)
    });
    let mut properties = vec![
        ("subject".to_owned(), Rule::of(&person.name)),
        ("object".to_owned(), Rule::of(whose)),
        ("type".to_owned(), Rule::constant(if family { "relative" } else { "unknown" })),
    ];
    properties.extend(role.map(|header| ("role".to_owned(), Rule::column(header))));
    Some(EntityRule {
        name: free(proposal, "tie"),
        schema: "Relationship".into(),
        table: Some(table.name.clone()),
        properties,
        ..EntityRule::default()
    })
}
