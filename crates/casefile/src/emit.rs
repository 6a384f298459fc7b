//! Writing YAML that people read and version control compares: one order, one style, the same bytes for the same data.
//!
//! A scalar stands plain only when it cannot be taken for anything else by any YAML 1.1 or 1.2 reader; otherwise it is
//! double-quoted, or a literal block when it has lines.

use std::fmt::Write;

/// A YAML document to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

/// A line may grow to about this many characters before a list or a map is broken into lines.
const WIDTH: usize = 110;

impl Yaml {
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Yaml::Text(text.into())
    }

    /// A map of these pairs; pairs without a value are left out.
    #[must_use]
    pub fn map<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<Yaml>)>) -> Self {
        Yaml::Map(pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
    }

    /// One value stands alone, several stand in a list.
    #[must_use]
    pub fn one_or_many(mut values: Vec<Yaml>) -> Self {
        match values.pop() {
            Some(only) if values.is_empty() => only,
            Some(last) => {
                values.push(last);
                Yaml::List(values)
            }
            None => Yaml::List(values),
        }
    }

    /// The document, ending in a line break.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = String::new();
        match self {
            Yaml::Text(text) => {
                scalar(&mut out, text, 0, true);
                out.push('\n');
            }
            other if other.is_empty() => {
                flow(&mut out, other);
                out.push('\n');
            }
            other => block(&mut out, other, 0),
        }
        out
    }

    fn is_empty(&self) -> bool {
        match self {
            Yaml::Text(_) => false,
            Yaml::List(items) => items.is_empty(),
            Yaml::Map(pairs) => pairs.is_empty(),
        }
    }

    /// Whether it may stand in brackets on one line: no lines of its own, and nothing nested deeper than a language.
    fn inline(&self, depth: usize) -> Option<String> {
        let flat = |value: &Yaml| match value {
            Yaml::Text(text) => !text.contains('\n'),
            nested => nested.inline(depth + 1).is_some(),
        };
        let fits = match self {
            Yaml::Text(_) => return None,
            Yaml::List(items) => depth < 3 && items.iter().all(flat),
            Yaml::Map(pairs) => depth < 3 && pairs.iter().all(|(_, value)| flat(value)),
        };
        let mut out = String::new();
        flow(&mut out, self);
        (fits && out.chars().count() <= WIDTH).then_some(out)
    }
}

fn block(out: &mut String, value: &Yaml, indent: usize) {
    match value {
        Yaml::Text(text) => {
            pad(out, indent);
            scalar(out, text, indent, true);
            out.push('\n');
        }
        Yaml::List(items) => {
            for item in items {
                pad(out, indent);
                out.push('-');
                entry(out, item, indent, true);
            }
        }
        Yaml::Map(pairs) => {
            for (key, value) in pairs {
                pad(out, indent);
                pair(out, key, value, indent);
            }
        }
    }
}

fn pair(out: &mut String, key: &str, value: &Yaml, indent: usize) {
    scalar(out, key, indent, false);
    out.push(':');
    entry(out, value, indent, false);
}

/// What follows `-` or `key:`, with the line break that ends it.
fn entry(out: &mut String, value: &Yaml, indent: usize, in_list: bool) {
    match value {
        Yaml::Text(text) => {
            out.push(' ');
            scalar(out, text, indent, true);
            out.push('\n');
        }
        // A list of maps is read downwards; everything small stands on its line.
        Yaml::Map(pairs) if in_list && !pairs.is_empty() => match value.inline(1) {
            Some(line) if pairs.len() <= 2 => {
                let _ = writeln!(out, " {line}");
            }
            _ => {
                for (i, (key, value)) in pairs.iter().enumerate() {
                    if i == 0 {
                        out.push(' ');
                    } else {
                        pad(out, indent + 2);
                    }
                    pair(out, key, value, indent + 2);
                }
            }
        },
        nested => match nested.inline(0) {
            Some(line) => {
                let _ = writeln!(out, " {line}");
            }
            None if nested.is_empty() => {
                out.push(' ');
                flow(out, nested);
                out.push('\n');
            }
            None => {
                out.push('\n');
                block(out, nested, indent + 2);
            }
        },
    }
}

fn flow(out: &mut String, value: &Yaml) {
    match value {
        Yaml::Text(text) => scalar(out, text, 0, false),
        Yaml::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                flow(out, item);
            }
            out.push(']');
        }
        Yaml::Map(pairs) => {
            out.push('{');
            for (i, (key, value)) in pairs.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                scalar(out, key, 0, false);
                out.push_str(": ");
                flow(out, value);
            }
            out.push('}');
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    for _ in 0..indent {
        out.push(' ');
    }
}

/// `in_block`: a comma is only a comma, and a text with lines may stand as a literal block.
fn scalar(out: &mut String, text: &str, indent: usize, in_block: bool) {
    if is_plain(text, in_block) {
        out.push_str(text);
    } else if in_block && may_be_literal(text) {
        out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            out.push('\n');
            if !line.is_empty() {
                pad(out, indent + 2);
                out.push_str(line);
            }
        }
    } else {
        quoted(out, text);
    }
}

fn is_plain(text: &str, in_block: bool) -> bool {
    const TAKEN_FOR_OTHERS: [&str; 11] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let mut characters = text.chars();
    let allowed = |c: char| c.is_ascii_alphanumeric() || " .-_/;()=+".contains(c) || (in_block && c == ',');
    characters.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.chars().last().is_some_and(|last| last.is_ascii_alphanumeric() || "./)_".contains(last))
        && !text.contains("  ")
        && !TAKEN_FOR_OTHERS.contains(&text.to_ascii_lowercase().as_str())
        // A colon is harmless inside a word (an address, a time); before a space it would make a map.
        && text.char_indices().all(|(i, c)| {
            allowed(c)
                || (in_block && c == ':' && text[i + 1..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '/'))
        })
}

/// A literal block keeps a text as it is, if no line needs an escape or begins with a space that would be taken for indentation.
fn may_be_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && text.chars().all(|c| c == '\n' || !needs_escape(c))
        && body.split('\n').all(|line| !line.ends_with(' ') && !line.starts_with(' '))
        && !body.starts_with('\n')
}

fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{fffe}' | '\u{ffff}')
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) && u32::from(c) <= 0xff => {
                let _ = write!(out, "\\x{:02X}", u32::from(c));
            }
            c if needs_escape(c) => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;
    use schema::yaml::{self, Node};

    fn back(node: &Node) -> Yaml {
        if let Ok(entries) = node.as_map() {
            return Yaml::Map(entries.iter().map(|entry| (entry.key().to_owned(), back(entry.value()))).collect());
        }
        if let Ok(members) = node.list() {
            return Yaml::List(members.iter().map(back).collect());
        }
        Yaml::text(node.str().unwrap_or_else(|error| panic!("{error}")))
    }

    fn holds(yaml: &Yaml) {
        let text = yaml.render();
        let node = yaml::parse("a.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(back(&node), *yaml, "{text}");
    }

    #[test]
    fn it_looks_as_a_person_would_write_it() {
        let claim = Yaml::map([
            ("about", Some(Yaml::text("rong-chhun"))),
            ("words", Some(Yaml::text("was: \"taken\""))),
            ("note", None),
            (
                "says",
                Some(Yaml::map([
                    ("name", Some(Yaml::map([("en", Some(Yaml::text("Rong Chhun")))]))),
                    ("size", Some(Yaml::text("no"))),
                ])),
            ),
        ]);
        let source = Yaml::map([
            ("source", Some(Yaml::text("lic300"))),
            ("url", Some(Yaml::text("https://example.org/a?b=c"))),
            ("claims", Some(Yaml::List(vec![claim]))),
        ]);
        let text = Yaml::map([("sources", Some(Yaml::List(vec![source])))]).render();
        assert_eq!(
            text,
            "sources:\n  - source: lic300\n    url: \"https://example.org/a?b=c\"\n    claims:\n      - about: rong-chhun\n        words: \"was: \\\"taken\\\"\"\n        says: {name: {en: Rong Chhun}, size: \"no\"}\n"
        );
    }

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z0-9 .,:/#-]{0,12}",
            "(.|\n){0,12}",
            "( |\n|a|- |: |#|'|\"|\\||>|\t|\u{85}|\u{200b}|\u{feff}|\u{2028}|ក){0,8}",
            Just("null".to_owned()),
            Just("~".to_owned()),
            Just("1.10".to_owned()),
            Just("a\n\nb\n".to_owned()),
            Just("---".to_owned()),
        ]
    }

    fn trees() -> impl Strategy<Value = Yaml> {
        texts().prop_map(Yaml::Text).prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Yaml::List),
                prop::collection::btree_map(texts(), inner, 0..5).prop_map(|map| Yaml::Map(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(yaml in trees()) {
            holds(&yaml);
        }
    }
}
