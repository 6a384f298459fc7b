//! Blocking rules: how they are written, and those that fit a table when nobody has said any.

use std::fmt;

use crate::error::Error;
use crate::table::{Kind, Table};

use super::MOST_RULES;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Word,
    Sound,
    Skeleton,
    Letters(u8),
    Whole,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Given(Form),
    Family(Form),
    /// First words of given and family name, or first and last word of a whole name, in either order.
    Both(Form),
    Place(Form),
    Event(When),
    Birth(When),
    Sex,
    Column(usize, Form),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    Day,
    Month,
    Year,
    /// Spells of this many days, shifted by half of one.
    Spell(i32, bool),
}

/// A blocking rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    text: String,
    pub(super) parts: Vec<Part>,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Rule {
    /// Reads a rule: parts with ` + ` between them. Parts are `given`, `family` (of a whole name the first
    /// and the last word), `names` (both, in either order), `place`, `event`, `birth`, `sex`, or the header of a column; with
    /// `~` by sound, `#` by skeleton, `[:4]` by the first four letters, `=` whole (all words);
    /// dates with `.month`, `.year`, `.week`, `.fortnight` or `.fortnight+` (shifted by a half).
    /// `all` alone makes every row a pair with every other: for small tables.
    ///
    /// # Errors
    /// When a part is not known, stands twice, or the table has no such column.
    pub fn parse(text: &str, table: &Table) -> Result<Self, Error> {
        // No part at all: the key is the same for every row.
        if text.trim() == "all" {
            return Ok(Self::every());
        }
        let parts = text.split('+').map(str::trim).collect::<Vec<_>>();
        // `.fortnight+` ends in the sign that parts are joined by.
        let mut joined: Vec<String> = Vec::new();
        for part in parts {
            match joined.last_mut() {
                Some(last) if part.is_empty() => last.push('+'),
                _ => joined.push(part.to_owned()),
            }
        }
        let mut parts: Vec<Part> = Vec::new();
        for part in &joined {
            let read = Part::parse(part, table)
                .map_err(|why| Error::Settings(format!("blocking rule “{}”: {why}", text.trim())))?;
            if parts.contains(&read) {
                let what = format!("blocking rule “{}”: “{part}” stands in it twice; leave one out", text.trim());
                return Err(Error::Settings(what));
            }
            parts.push(read);
        }
        Ok(Self { text: text.trim().to_owned(), parts })
    }

    fn every() -> Self {
        Self { text: "all".to_owned(), parts: Vec::new() }
    }

    /// Every row with every other, without anything narrower.
    #[must_use]
    pub fn all() -> Vec<Self> {
        vec![Self::every()]
    }

    /// Columns at which it looks.
    #[must_use]
    pub fn columns(&self, table: &Table) -> Vec<usize> {
        let of = |kind: Kind| table.of_kind(kind);
        let mut out: Vec<usize> = Vec::new();
        for part in &self.parts {
            match part {
                Part::Given(_) => out.extend(of(Kind::GivenName).or_else(|| of(Kind::Name))),
                Part::Family(_) => out.extend(of(Kind::FamilyName).or_else(|| of(Kind::Name))),
                Part::Both(_) => {
                    out.extend(of(Kind::GivenName).or_else(|| of(Kind::Name)).into_iter().chain(of(Kind::FamilyName)))
                }
                Part::Place(_) => out.extend(of(Kind::Place)),
                Part::Event(_) => out.extend(of(Kind::Event)),
                Part::Birth(_) => out.extend(of(Kind::Birth)),
                Part::Sex => out.extend(of(Kind::Sex)),
                Part::Column(c, _) => out.push(*c),
            }
        }
        out
    }

    /// The rules that fit a table when nobody has said any: those of persons on lists if there are
    /// names, and those of addresses. Each with narrower ones, for when it gives too many pairs.
    #[must_use]
    pub fn defaults(table: &Table) -> Vec<Vec<Self>> {
        let mut wanted: Vec<String> = [
            "names~ | names~ + event.year | names~ + event.month | names~ + birth.year",
            "identifier",
            "family~ + place | family + place | family + place + event.year | family + place + event.month",
            "place + event | place + event + sex | place + event + given[:1]",
            "given~ + birth",
            "family~ + birth",
            "family + event.month | family + event.month + given[:1] | family + event",
            "place + event.month + family[:2] | place + event.month + family",
            "birth + place",
            "place + birth.year + given[:2] | place + birth.year + given",
            "given[:4] + family[:4] + sex | given[:4] + family[:4] + event.year | given[:4] + family[:4] + birth.year",
            "event + given[:3] | event + given | event + given + sex",
            "place + event.month + given[:2] | place + event.month + given",
            "given~ + event.month + birth.year",
            "family[:3] + event | family + event",
            "family[:3] + place + event.year | family + place + event.month",
            "given~ + place + event.year | given + place + event.month",
        ]
        .map(str::to_owned)
        .to_vec();
        let with = |kind: Kind| table.columns.iter().filter(move |c| c.kind == kind);
        let has_context = table.of_kind(Kind::Place).is_some() || table.of_kind(Kind::Event).is_some();
        for id in with(Kind::Identifier) {
            wanted.push(format!("\"{}\"", id.name));
        }
        if !has_context {
            wanted.push("birth".to_owned());
            wanted.push("given[:3] + family[:3]".to_owned());
            wanted.push("names# | names# + birth.year".to_owned());
            for text in with(Kind::Text) {
                wanted.push(format!("\"{}\" + family", text.name));
                wanted.push(format!("\"{}\" + given", text.name));
                for code in with(Kind::Code) {
                    wanted.push(format!("\"{}\" + \"{}\"", text.name, code.name));
                }
            }
            let mut codes: Vec<_> = with(Kind::Code).collect();
            codes.sort_by_key(|c| std::cmp::Reverse(c.values.len()));
            if let Some(code) = codes.first() {
                wanted.push(format!("\"{}\"", code.name));
            }
        }
        let mut rules: Vec<Vec<Self>> = wanted
            .iter()
            .map(|choices| choices.split('|').filter_map(|r| Self::parse(r, table).ok()).collect::<Vec<_>>())
            .filter(|choices| !choices.is_empty())
            .collect();
        // Without places or dates several come to the same.
        let mut seen: Vec<Vec<Part>> = Vec::new();
        rules.retain(|choices| {
            let new = !seen.contains(&choices[0].parts);
            seen.push(choices[0].parts.clone());
            new
        });
        rules.truncate(MOST_RULES);
        rules
    }
}

impl Part {
    /// Reads a part; otherwise says why not.
    fn parse(text: &str, table: &Table) -> Result<Self, String> {
        let unknown = || {
            let compared = table.columns.iter().filter(|c| c.kind != Kind::Ignore).map(|c| c.name.as_str());
            format!(
                "there is no part “{text}”. Parts are given, family, names, place, event, birth, sex, where a column holds \
                 such; with ~, #, =, [:4], .month, .year, .week or .fortnight; and the columns that are compared: {}",
                compared.collect::<Vec<_>>().join(", ")
            )
        };
        let missing = |kind: Kind| {
            let word = serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
            format!(
                "“{text}” needs a column of kind {word}, and there is none; name it under [columns], or leave the rule out"
            )
        };
        let need = |kind: Kind| table.of_kind(kind).map(|_| ()).ok_or_else(|| missing(kind));
        let (name, form) = if let Some(name) = text.strip_suffix('~') {
            (name, Form::Sound)
        } else if let Some(name) = text.strip_suffix('#') {
            (name, Form::Skeleton)
        } else if let Some(name) = text.strip_suffix('=') {
            (name, Form::Whole)
        } else if let Some((name, n)) = text.strip_suffix(']').and_then(|t| t.split_once("[:")) {
            (name, Form::Letters(n.parse().map_err(|_| unknown())?))
        } else {
            (text, Form::Word)
        };
        let (name, when) = match name.split_once('.') {
            None => (name, When::Day),
            Some((n, "month")) => (n, When::Month),
            Some((n, "year")) => (n, When::Year),
            Some((n, "week")) => (n, When::Spell(7, false)),
            Some((n, "fortnight")) => (n, When::Spell(15, false)),
            Some((n, "fortnight+")) => (n, When::Spell(15, true)),
            Some(_) => (name, When::Day),
        };
        let bare = name.trim_matches('"');
        Ok(match name {
            "given" => {
                need(Kind::GivenName).or_else(|_| need(Kind::Name))?;
                Self::Given(form)
            }
            "family" => {
                need(Kind::FamilyName).or_else(|_| need(Kind::Name))?;
                Self::Family(form)
            }
            "names" => {
                need(Kind::GivenName).and_then(|()| need(Kind::FamilyName)).or_else(|_| need(Kind::Name))?;
                Self::Both(form)
            }
            "place" => {
                need(Kind::Place)?;
                Self::Place(if form == Form::Word { Form::Whole } else { form })
            }
            "event" => {
                need(Kind::Event)?;
                Self::Event(when)
            }
            "birth" => {
                need(Kind::Birth)?;
                Self::Birth(when)
            }
            "sex" => {
                need(Kind::Sex)?;
                Self::Sex
            }
            _ => {
                let column = table.columns.iter().position(|c| c.name == bare && c.kind != Kind::Ignore);
                Self::Column(column.ok_or_else(unknown)?, if form == Form::Word { Form::Whole } else { form })
            }
        })
    }
}
