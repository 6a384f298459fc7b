//! Tables beside the first, and streams that say themselves what they mean.

use schema::Registry;

use super::{Proposal, ProposedColumn};
use crate::file::{ListFile, Table};
use crate::mapping::{EntityRule, Rule, TableRules, Words};

/// Repeats and further sheets are told; what they mean is for a person to say.
pub fn other_table(table: &Table, sample: &[Vec<String>], proposal: &mut Proposal) {
    let at = |name: &str| table.headers.iter().any(|header| header == name);
    let parent = if at("PARENT_KEY") {
        Some(("PARENT_KEY", None))
    } else if at("_submission__uuid") {
        Some(("_submission__uuid", None))
    } else if at("_parent_index") {
        Some(("_parent_index", Some("_index".to_owned())))
    } else {
        None
    };
    if let Some((parent, by)) = parent {
        proposal.mapping.tables.push(TableRules {
            name: table.name.clone(),
            key: Vec::new(),
            ordinal: false,
            parent: Some(parent.to_owned()),
            parent_key: by,
        });
        proposal.remarks.push(format!(
            "the table {} belongs to the rows of the first one; add an [[entity]] with table = \"{}\" to take it in",
            table.name, table.name
        ));
    } else {
        proposal
            .remarks
            .push(format!("the table {} is not mapped: add an [[entity]] with table = \"{}\"", table.name, table.name));
    }
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
            proposal.remarks.push(format!("{} is not known here: kept with the file only", table.name));
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
            let known = words.ftm_properties.iter().find(|(name, _)| name == header).map(|(_, ours)| ours.as_str());
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
        if !entity.properties.is_empty() {
            proposal.mapping.entities.push(entity);
        }
    }
    // Persons and bodies before what points at them.
    proposal.mapping.entities.sort_by_key(|entity| (entity.schema == "Relationship", entity.schema != "Person"));
}
