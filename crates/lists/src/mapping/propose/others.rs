//! Tables that belong to nothing, and streams that say themselves what they mean.

use schema::Registry;

use super::{Proposal, ProposedColumn};
use crate::file::{ListFile, Table};
use crate::mapping::{EntityRule, Rule, Words};

/// A further sheet is told; what it means is for a person to say.
pub fn unmapped(table: &Table, sample: &[Vec<String>], proposal: &mut Proposal) {
    proposal
        .remarks
        .push(format!("the table {} is not mapped: add an [[entity]] with table = \"{}\"", table.name, table.name));
    for (header, values) in table.headers.iter().zip(sample) {
        proposal.columns.push(ProposedColumn {
            table: table.name.clone(),
            column: header.clone(),
            entity: String::new(),
            property: String::new(),
            confidence: 0.0,
            example: values.first().map(|value| crate::take::cell_cut(value, 80)).unwrap_or_default(),
            becomes: String::new(),
            why: "a further table".into(),
        });
    }
}

/// FollowTheMoney says itself what its properties mean.
pub fn followthemoney(file: &ListFile, registry: &Registry, proposal: &mut Proposal) {
    let words = Words::get();
    const SPACE: &str = "followthemoney";
    for table in &file.tables {
        let Some(theirs) = words.ftm.iter().find(|theirs| theirs.theirs == table.name) else {
            proposal.remarks.push(format!(
                "of a thing called “{name}” nothing can be said here: each is told, and left out if you take what is good; \
                 skip = [\"{name}\"] under [file] leaves them out without a word",
                name = table.name
            ));
            continue;
        };
        let mut entity = EntityRule {
            name: table.name.clone(),
            schema: theirs.ours.clone(),
            table: Some(table.name.clone()),
            key: Vec::new(),
            space: Some(SPACE.into()),
            ..EntityRule::default()
        };
        for header in &table.headers {
            let link = if theirs.subject.as_ref() == Some(header) {
                Some("subject")
            } else if theirs.object.as_ref() == Some(header) {
                Some("object")
            } else {
                None
            };
            let dated = matches!(header.as_str(), "startDate" | "endDate");
            let known = words
                .ftm_properties
                .iter()
                .find(|(name, _)| name == header)
                .map(|(_, ours)| ours.as_str())
                .filter(|_| !dated);
            let ours = link.or(known).filter(|ours| registry.property(&theirs.ours, ours).is_ok());
            if let Some(ours) = ours {
                let space = link.map(|_| SPACE.to_owned());
                entity.properties.push((ours.to_owned(), Rule { space, ..Rule::column(header) }));
            }
            proposal.columns.push(ProposedColumn {
                table: table.name.clone(),
                column: header.clone(),
                entity: ours.map(|_| table.name.clone()).unwrap_or_default(),
                property: ours.unwrap_or_default().to_owned(),
                confidence: if ours.is_some() { 1.0 } else { 0.0 },
                example: String::new(),
                becomes: String::new(),
                why: if ours.is_some() { "FollowTheMoney’s own property" } else { "no such property here" }.into(),
            });
        }
        let has = |name: &str| table.headers.iter().any(|header| header == name).then(|| name.to_owned());
        let (from, to) = (has("startDate"), has("endDate"));
        if (from.is_some() || to.is_some()) && registry.property(&theirs.ours, "date").is_ok() {
            for column in proposal.columns.iter_mut().filter(|column| column.table == table.name) {
                if matches!(column.column.as_str(), "startDate" | "endDate") {
                    (column.entity, column.property, column.confidence) = (table.name.clone(), "date".into(), 1.0);
                    column.why = "FollowTheMoney’s own property".into();
                }
            }
            entity.properties.push(("date".into(), Rule { from, to, ..Rule::default() }));
        }
        // The kind of a tie is the name of its schema.
        let kind = [("type", &theirs.kind), ("role", &theirs.role)];
        for (property, said) in kind {
            entity.properties.extend(said.as_deref().map(|said| (property.to_owned(), Rule::constant(said))));
        }
        if !entity.properties.is_empty() {
            proposal.mapping.entities.push(entity);
        }
    }
    // Persons and bodies before what points at them.
    proposal.mapping.entities.sort_by_key(|entity| (entity.schema == "Relationship", entity.schema != "Person"));
}
