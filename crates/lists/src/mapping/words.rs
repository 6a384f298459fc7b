//! `data/columns.yaml`: words by which columns are known.

use std::sync::OnceLock;

use schema::yaml::{self, Node};
use schema::{DataError, fold};

/// The data, read once.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub keys: Vec<String>,
    /// Headings of numbers that may tell rows apart, if no two rows have the same.
    pub numbers: Vec<String>,
    /// Columns of Uwazi: the row's language, and its template.
    pub languages: Vec<String>,
    pub template_columns: Vec<String>,
    /// Plain words of templates' names, and what such a thing is.
    pub templates: Vec<(String, Vec<String>)>,
    /// Plain beginnings of words for relatives, and words for how somebody is tied to another.
    pub family: Vec<String>,
    pub relation: Vec<String>,
    /// Property, what lists write (folded), and the term that it means.
    pub meanings: Vec<(String, String, String)>,
    /// Folded.
    pub nothing: Vec<String>,
    /// The same, where a date, a number or a place is asked for.
    pub unknown: Vec<String>,
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
    /// The type of relationship.
    pub kind: Option<String>,
    /// In words, where the type says less than the schema does.
    pub role: Option<String>,
}

impl Words {
    /// The built-in data. They are checked by a test; should they not load all the same, nothing is known by its words.
    pub fn get() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Self::load().unwrap_or_default())
    }

    /// The term that a list means by this, where it is not one itself.
    pub fn meaning(&self, property: &str, text: &str) -> Option<&str> {
        let text = fold(text);
        let same = |(of, from, _): &&(String, String, String)| of == property && *from == text;
        self.meanings.iter().find(same).map(|(_, _, to)| to.as_str())
    }

    fn load() -> Result<Words, DataError> {
        let root = yaml::parse("columns.yaml", include_str!("../../data/columns.yaml"))?;
        root.known_keys(&[
            "keys",
            "numbers",
            "languages",
            "template_columns",
            "templates",
            "family",
            "relation",
            "meanings",
            "nothing",
            "unknown",
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
            numbers: texts("numbers")?,
            languages: texts("languages")?,
            template_columns: texts("template_columns")?,
            family: texts("family")?.iter().map(|text| plain(text)).collect(),
            relation: texts("relation")?.iter().map(|text| plain(text)).collect(),
            nothing: texts("nothing")?.iter().map(|text| fold(text)).collect(),
            unknown: texts("unknown")?.iter().map(|text| fold(text)).collect(),
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
        for node in root.require("templates")?.list()? {
            node.known_keys(&["schema", "words"])?;
            words
                .templates
                .push((said(node, "schema")?, node.require("words")?.strings()?.into_iter().map(plain).collect()));
        }
        for node in root.require("meanings")?.list()? {
            node.known_keys(&["property", "term", "words"])?;
            let (property, term) = (said(node, "property")?, said(node, "term")?);
            for text in node.require("words")?.strings()? {
                words.meanings.push((property.clone(), fold(text), term.clone()));
            }
        }
        for node in root.require("followthemoney")?.list()? {
            words.ftm.push(Theirs {
                theirs: said(node, "theirs")?,
                ours: said(node, "ours")?,
                subject: optional(node, "subject")?,
                object: optional(node, "object")?,
                kind: optional(node, "type")?,
                role: optional(node, "role")?,
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
    // The path of a form has no spaces; a slash elsewhere parts two words for one thing.
    let is_path =
        heading.contains('/') && !heading.contains(' ') && heading.split('/').all(|part| part.chars().count() > 2);
    let last = if is_path { heading.rsplit('/').next().unwrap_or(heading) } else { heading };
    let spaced: String = last
        .chars()
        .map(|c| {
            if matches!(
                c,
                '_' | '-'
                    | '.'
                    | ':'
                    | '('
                    | ')'
                    | '*'
                    | '#'
                    | '?'
                    | '’'
                    | '\''
                    | '"'
                    | ','
                    | '/'
                    | '['
                    | ']'
                    | '&'
                    | '|'
            ) {
                ' '
            } else {
                c
            }
        })
        .collect();
    let plain = fold(&spaced);
    if plain.is_empty() { fold(heading) } else { plain }
}

/// A heading without any sign: “S/N”, “S. N.” and “sn” are the same. A sign alone is itself.
pub(crate) fn tight(heading: &str) -> String {
    let letters: String =
        fold(heading).chars().filter(|c| c.is_alphanumeric() || matches!(c, '\u{1780}'..='\u{17FF}')).collect();
    if letters.is_empty() { heading.trim().to_owned() } else { letters }
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
        for theirs in words.ftm.iter().filter_map(|theirs| theirs.kind.as_deref()) {
            registry.parse("Relationship", "type", theirs, None).unwrap_or_else(|error| panic!("{error}"));
        }
        for (schema, _) in &words.templates {
            assert!(registry.schema(schema).is_some(), "{schema}");
        }
        for (property, _, term) in &words.meanings {
            registry.parse("Person", property, term, None).unwrap_or_else(|error| panic!("{error}"));
        }
        assert!(words.months.iter().all(|months| months.len() == 12));
    }
}
