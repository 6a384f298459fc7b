//! The terms of a vocabulary, from YAML.

use std::collections::BTreeMap;

use crate::value::{Duration, Money, ValueError, is_code, is_vocabulary_name};
use crate::vocabulary::{Penalty, TermEntry, Vocabulary};
use crate::yaml::{DataError, Node};

use super::load::{label, text};

pub(super) fn vocabulary(node: &Node, errors: &mut Vec<DataError>) -> Result<Vocabulary, DataError> {
    errors.extend(node.unknown_keys(&[
        "vocabulary",
        "label",
        "version",
        "source",
        "attribution",
        "description",
        "terms",
    ])?);
    let name = node.require("vocabulary")?.str()?;
    if !is_vocabulary_name(name) {
        return Err(node.error(
            format!("“{name}” cannot be the name of a vocabulary"),
            "Write lower-case letters, digits and hyphens, such as victim-groups.",
        ));
    }
    let mut vocabulary = Vocabulary::new(name.to_owned(), label(node.require("label")?)?);
    vocabulary.version = node.require("version")?.str()?.to_owned();
    vocabulary.source = text(node, "source")?;
    vocabulary.attribution = text(node, "attribution")?;
    vocabulary.description = text(node, "description")?;
    read_terms(node.require("terms")?, &mut vocabulary, None, errors)?;
    Ok(vocabulary)
}

/// Reads a list of terms and, below each, its narrower ones.
pub(super) fn read_terms(
    list: &Node,
    vocabulary: &mut Vocabulary,
    broader: Option<&str>,
    errors: &mut Vec<DataError>,
) -> Result<(), DataError> {
    for node in list.list()? {
        let entry = match term(node, vocabulary, broader, errors) {
            Ok(entry) => entry,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let code = entry.code.clone();
        if !vocabulary.add(entry) {
            errors.push(node.error(
                format!("the code {code} stands in vocabulary {} already", vocabulary.name),
                "A code names one term.",
            ));
            continue;
        }
        if let Some(narrower) = node.get("terms") {
            read_terms(narrower, vocabulary, Some(&code), errors)?;
        }
    }
    Ok(())
}

fn term(
    node: &Node,
    vocabulary: &Vocabulary,
    broader: Option<&str>,
    errors: &mut Vec<DataError>,
) -> Result<TermEntry, DataError> {
    errors.extend(node.unknown_keys(&[
        "code",
        "label",
        "description",
        "aliases",
        "codes",
        "rank",
        "order",
        "penalty",
        "verify",
        "broader",
        "terms",
    ])?);
    let code = node.require("code")?.str()?;
    if !is_code(code) {
        return Err(node.error(
            format!("“{code}” cannot be a code"),
            "Write ASCII letters, digits, “.”, “_” and “-”, such as police-custody.",
        ));
    }
    // Only a file that amends a vocabulary needs `broader`: elsewhere the indentation says it.
    let broader = node.opt_str("broader")?.or(broader);
    let depth = match broader {
        None => 0,
        Some(b) => {
            vocabulary
                .get(b)
                .ok_or_else(|| {
                    node.error(
                        format!("there is no broader term {b} before this one"),
                        "Write the code of a term that exists.",
                    )
                })?
                .depth
                + 1
        }
    };
    let mut codes = BTreeMap::new();
    if let Some(map) = node.get("codes") {
        for entry in map.as_map()? {
            codes.insert(entry.key().to_owned(), entry.value().str()?.to_owned());
        }
    }
    Ok(TermEntry {
        code: code.to_owned(),
        label: label(node.require("label")?)?,
        description: text(node, "description")?,
        aliases: match node.get("aliases") {
            Some(list) => list.strings()?.into_iter().map(str::to_owned).collect(),
            None => Vec::new(),
        },
        codes,
        broader: broader.map(str::to_owned),
        depth,
        rank: node.get("rank").map(Node::number).transpose()?,
        order: node.get("order").map(Node::integer).transpose()?,
        penalty: node.get("penalty").map(|n| penalty(n, errors)).transpose()?,
        verify: node.flag("verify")?,
    })
}

fn penalty(node: &Node, errors: &mut Vec<DataError>) -> Result<Penalty, DataError> {
    errors.extend(node.unknown_keys(&["minimumTerm", "maximumTerm", "minimumFine", "maximumFine", "source"])?);
    fn read<T>(node: &Node, key: &str, parse: impl Fn(&str) -> Result<T, ValueError>) -> Result<Option<T>, DataError> {
        node.get(key)
            .map(|n| parse(n.str()?).map_err(|e| n.error(format!("{}: {}", e.given, e.problem), e.hint)))
            .transpose()
    }
    let penalty = Penalty {
        minimum_term: read(node, "minimumTerm", Duration::parse)?,
        maximum_term: read(node, "maximumTerm", Duration::parse)?,
        minimum_fine: read(node, "minimumFine", Money::parse)?,
        maximum_fine: read(node, "maximumFine", Money::parse)?,
        source: node.require("source")?.str()?.to_owned(),
    };
    Ok(penalty)
}
