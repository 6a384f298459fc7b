//! `data/columns.yaml`: words by which columns are known.

use std::sync::OnceLock;

use schema::yaml::{self, Node};
use schema::{DataError, fold};

/// The data, read once.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub keys: Vec<String>,
    /// Folded.
    pub nothing: Vec<String>,
    /// Plain, as [`plain`] makes them.
    pub machine: Vec<String>,
    /// Each from January, lower case.
    pub months: Vec<Vec<String>>,
    pub columns: Vec<Column>,
    pub ftm: Vec<Theirs>,
    pub ftm_properties: Vec<(String, String)>,
}

/// What a heading may mean.
#[derive(Debug, Default)]
pub(crate) struct Column {
    pub entity: String,
    pub schema: String,
    pub property: String,
    /// `family` or `given`: a part of the name.
    pub part: Option<String>,
    /// The type of act that the heading tells.
    pub act: Option<String>,
    /// Plain.
    pub words: Vec<String>,
}

/// One of FollowTheMoney's schemata.
#[derive(Debug, Default)]
pub(crate) struct Theirs {
    pub theirs: String,
    pub ours: String,
    pub subject: Option<String>,
    pub object: Option<String>,
}

impl Words {
    /// The built-in data. They are checked by a test; should they not load all the same, nothing is known by its words.
    pub fn get() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Self::load().unwrap_or_default())
    }

    fn load() -> Result<Words, DataError> {
        let root = yaml::parse("columns.yaml", include_str!("../../data/columns.yaml"))?;
        root.known_keys(&[
            "keys",
            "nothing",
            "machine",
            "months",
            "columns",
            "followthemoney",
            "followthemoney_properties",
        ])?;
        let texts = |key: &str| -> Result<Vec<String>, DataError> {
            Ok(root.require(key)?.strings()?.into_iter().map(str::to_owned).collect())
        };
        let optional =
            |node: &Node, key: &str| -> Result<Option<String>, DataError> { Ok(node.opt_str(key)?.map(str::to_owned)) };
        let said = |node: &Node, key: &str| -> Result<String, DataError> { Ok(node.require(key)?.str()?.to_owned()) };
        let mut words = Words {
            keys: texts("keys")?,
            nothing: texts("nothing")?.iter().map(|text| fold(text)).collect(),
            machine: texts("machine")?.iter().map(|text| plain(text)).collect(),
            ..Words::default()
        };
        for months in root.require("months")?.list()? {
            words.months.push(months.strings()?.into_iter().map(str::to_lowercase).collect());
        }
        for node in root.require("columns")?.list()? {
            node.known_keys(&["entity", "schema", "property", "part", "act", "words"])?;
            words.columns.push(Column {
                entity: said(node, "entity")?,
                schema: said(node, "schema")?,
                property: said(node, "property")?,
                part: optional(node, "part")?,
                act: optional(node, "act")?,
                words: node.require("words")?.strings()?.into_iter().map(plain).collect(),
            });
        }
        for node in root.require("followthemoney")?.list()? {
            words.ftm.push(Theirs {
                theirs: said(node, "theirs")?,
                ours: said(node, "ours")?,
                subject: optional(node, "subject")?,
                object: optional(node, "object")?,
            });
        }
        for node in root.require("followthemoney_properties")?.list()? {
            words.ftm_properties.push((said(node, "theirs")?, said(node, "ours")?));
        }
        Ok(words)
    }
}

/// A heading for comparison: the last part of a form's path, lower case, signs as spaces.
pub(crate) fn plain(heading: &str) -> String {
    let last = heading.rsplit('/').next().unwrap_or(heading);
    let spaced: String = last
        .chars()
        .map(|c| {
            if matches!(c, '_' | '-' | '.' | ':' | '(' | ')' | '*' | '#' | '?' | '’' | '\'' | '"' | ',') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let plain = fold(&spaced);
    if plain.is_empty() { fold(heading) } else { plain }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_data_load_and_fit_the_schema() {
        let words = Words::load().unwrap_or_else(|error| panic!("{error}"));
        let registry = schema::Registry::builtin().unwrap();
        for column in &words.columns {
            registry.property(&column.schema, &column.property).unwrap_or_else(|error| panic!("{error}"));
            if let Some(act) = &column.act {
                registry.parse("Act", "type", act, None).unwrap_or_else(|error| panic!("{error}"));
            }
        }
        for theirs in &words.ftm {
            assert!(registry.schema(&theirs.ours).is_some(), "{}", theirs.ours);
        }
        assert!(words.months.iter().all(|months| months.len() == 12));
    }
}
