//! A mapping as a file that a person can read and correct.

use std::fmt::Write;

use super::{Mapping, Rule};

impl Mapping {
    /// The mapping as TOML; [`Mapping::read`] gives the same back.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::from("# How the columns of this list become claims.\n");
        let list = [("name", &self.list), ("by", &self.by), ("clearance", &self.clearance)];
        section(&mut out, "[list]", list.iter().filter_map(|(key, value)| Some((*key, quoted(value.as_ref()?)))));
        let file = &self.file;
        let texts = [("encoding", &file.encoding), ("separator", &file.separator), ("quote", &file.quote)];
        let mut lines: Vec<(&str, String)> =
            texts.iter().filter_map(|(key, value)| Some((*key, quoted(value.as_ref()?)))).collect();
        lines.extend(file.header.map(|row| ("header", row.to_string())));
        lines.extend(file.dates.map(|order| ("dates", quoted(order.as_str()))));
        lines.extend(several("key", &file.key));
        lines.extend(several("skip", &file.skip));
        lines.extend(file.language.as_ref().map(|column| ("language", quoted(column))));
        lines.extend(file.lang.as_ref().map(|lang| ("lang", quoted(lang))));
        section(&mut out, "[file]", lines.into_iter());
        for table in &self.tables {
            let mut lines = vec![("name", quoted(&table.name))];
            lines.extend(several("key", &table.key));
            lines.extend(table.ordinal.then(|| ("ordinal", "true".to_owned())));
            lines.extend(table.parent.as_ref().map(|column| ("parent", quoted(column))));
            lines.extend(table.parent_key.as_ref().map(|column| ("parent_key", quoted(column))));
            section(&mut out, "[[table]]", lines.into_iter());
        }
        for entity in &self.entities {
            let mut lines = vec![("name", quoted(&entity.name)), ("schema", quoted(&entity.schema))];
            lines.extend(entity.table.as_ref().map(|table| ("table", quoted(table))));
            lines.extend(entity.when.as_ref().map(|(column, said)| {
                let said: Vec<String> = said.iter().map(|text| quoted(text)).collect();
                ("when", format!("{{ column = {}, is = [{}] }}", quoted(column), said.join(", ")))
            }));
            lines.extend(several("key", &entity.key));
            lines.extend(entity.space.as_ref().map(|space| ("space", quoted(space))));
            lines.extend(several("required", &entity.required));
            section(&mut out, "[[entity]]", lines.into_iter());
            out.push_str("[entity.properties]\n");
            let mut written: Vec<&str> = Vec::new();
            for (property, _) in &entity.properties {
                if written.contains(&property.as_str()) {
                    continue;
                }
                written.push(property);
                let same = entity.properties.iter().filter(|(other, _)| other == property);
                let rules: Vec<String> = same.map(|(_, rule)| shown(rule)).collect();
                let _ = match rules.as_slice() {
                    [one] => writeln!(out, "{} = {one}", key(property)),
                    many => writeln!(out, "{} = [{}]", key(property), many.join(", ")),
                };
            }
        }
        out
    }
}

fn section<'a>(out: &mut String, head: &str, lines: impl Iterator<Item = (&'a str, String)>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "\n{head}");
    for (key, value) in lines {
        let _ = writeln!(out, "{key} = {value}");
    }
}

fn several<'a>(key: &'a str, texts: &[String]) -> Option<(&'a str, String)> {
    match texts {
        [] => None,
        [one] => Some((key, quoted(one))),
        many => Some((key, format!("[{}]", many.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")))),
    }
}

fn shown(rule: &Rule) -> String {
    if let [column] = rule.columns.as_slice()
        && *rule == Rule::column(column)
    {
        return quoted(column);
    }
    let mut parts: Vec<String> = Vec::new();
    match rule.columns.as_slice() {
        [] => {}
        [one] => parts.push(format!("column = {}", quoted(one))),
        many => {
            parts.push(format!("columns = [{}]", many.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")))
        }
    }
    let texts = [
        ("join", &rule.join),
        ("from", &rule.from),
        ("to", &rule.to),
        ("value", &rule.value),
        ("entity", &rule.entity),
        ("space", &rule.space),
        ("split", &rule.split),
        ("lang", &rule.lang),
    ];
    parts.extend(texts.iter().filter_map(|(name, value)| Some(format!("{name} = {}", quoted(value.as_ref()?)))));
    parts.extend(rule.dates.map(|order| format!("dates = {}", quoted(order.as_str()))));
    if !rule.values.is_empty() {
        let pairs: Vec<String> =
            rule.values.iter().map(|(from, to)| format!("{} = {}", key(from), quoted(to))).collect();
        parts.push(format!("values = {{ {} }}", pairs.join(", ")));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { name.to_owned() } else { quoted(name) }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::mapping::{DateOrder, Mapping};

    const MAP: &str = r#"
[list]
name = "Arrests 2020"
by = "LICADHO"
[file]
separator = ";"
dates = "day-first"
key = "rec_id"
skip = ["office use", "who typed it"]
language = "lang"
[[table]]
name = "children"
key = "_submission__uuid"
ordinal = true
parent = "_submission__uuid"
[[entity]]
name = "person"
schema = "Person"
required = "name"
[entity.properties]
name = [{ columns = ["Family", "Given"], join = " | " }, { column = "ឈ្មោះ", lang = "km" }]
gender = { column = "Sex", values = { M = "male", "F " = "female" } }
alias = { column = "Other", split = ";" }
[[entity]]
name = "arrest"
schema = "Act"
when = { column = "Kind", is = ["Arrest", "Detention"] }
[entity.properties]
type = { value = "arrest" }
victim = { entity = "person" }
date = [{ column = "When", dates = "month-first" }, { from = "Begin", to = "End" }]
"#;

    #[test]
    fn written_and_read_back() {
        let mapping = Mapping::read(MAP, "MAP.toml").unwrap();
        assert_eq!(mapping.file.dates, Some(DateOrder::Day));
        assert_eq!(mapping.entities[0].properties.len(), 4);
        assert_eq!(Mapping::read(&mapping.write(), "again").unwrap(), mapping);
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        let error =
            Mapping::read("[file]\nseperator = \";\"\n[[entity]]\nschema = \"Person\"\n", "MAP.toml").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("MAP.toml:2") && text.contains("separator"), "{text}");
        assert!(text.contains("MAP.toml:3") || text.contains("MAP.toml:4"), "{text}");
    }
}
