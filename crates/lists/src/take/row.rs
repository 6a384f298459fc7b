//! One row.

mod known;

use std::borrow::Cow;

use schema::{EntityId, Registry, Value};
use sha2::{Digest, Sha256};

use super::cell::{Read, cut, looks_like_formula};
use super::compile::{Compiled, Source};
use super::{Refused, Taken, TakenClaim, TakenEntity, Why};
use crate::rows::{CellFault, LONGEST_CELL, Row};
use known::{broken, joined};

/// Characters of a value that a report shows.
const SHOWN: usize = 120;
/// The bar that is no part of the grammar of names: U+FF5C, which every reader of names holds for the same.
const BAR: &str = "｜";
/// The namespace of entities that lists make.
const NAMESPACE: &str = "rapporteur/list";

impl Compiled {
    /// What a row of the compiled table `number` comes to. Rows are to be given in their order: keys that come twice are told.
    pub fn take(&mut self, number: usize, row: &Row, registry: &Registry) -> Taken {
        let mut taken = Taken::default();
        if let Some(refused) = broken(row, &self.tables[number]) {
            taken.refused.push(refused);
            taken.lost = true;
            return taken;
        }
        match self.tables[number].language_of(row) {
            Ok(lang) => taken.lang = lang,
            Err(refused) => taken.refused.push(refused),
        }
        match self.tables[number].key_of(row, taken.lang.as_ref()) {
            Ok(key) => taken.key = key,
            Err(refused) => {
                taken.refused.push(refused);
                taken.lost = true;
                return taken;
            }
        }
        for (column, fault) in &row.faults {
            if let CellFault::TooLong { bytes } = fault {
                let why = Why::new(
                    format!("the cell has {bytes} bytes, more than a cell may have ({LONGEST_CELL})"),
                    "Put the text into a document of its own, and a short account into the list.",
                );
                taken.refused.push(Refused { column: Some(*column), value: format!("({bytes} bytes)"), why });
            }
        }
        let parent = self.parent_of(number, row, &mut taken);
        self.entities(number, row, registry, &parent, &mut taken);
        taken
    }

    /// Keeps by what the rows of other tables find this one.
    pub fn remember(&mut self, number: usize, row: &Row, key: &str) {
        for taker in &mut self.tables {
            if let Some(parent) = &mut taker.parent
                && parent.of == number
                && let Some(by) = parent.by
                && let Some(cell) = row.cells.get(by)
            {
                parent.keys.insert(cell.trim().to_owned(), key.to_owned());
            }
        }
    }

    fn parent_of(&self, number: usize, row: &Row, taken: &mut Taken) -> Option<String> {
        let parent = self.tables[number].parent.as_ref()?;
        let cell = row.cells.get(parent.column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())?;
        if parent.by.is_none() {
            return Some(cell.to_owned());
        }
        let found = parent.keys.get(cell).cloned();
        if found.is_none() {
            let why =
                Why::new("no row of the main table has this number", "Export the form again, with all its parts.");
            taken.refused.push(Refused { column: Some(parent.column), value: cut(cell, SHOWN), why });
        }
        found
    }

    fn entities(&mut self, number: usize, row: &Row, registry: &Registry, parent: &Option<String>, taken: &mut Taken) {
        let makes = self.tables[number].entities.clone();
        if let Some(refused) = self.of_no_kind(&makes, row) {
            taken.refused.push(refused);
            taken.lost = true;
            return;
        }
        let headers = self.tables[number].headers.len();
        let mut drafts: Vec<Draft> = Vec::new();
        for at in &makes {
            drafts.push(self.draft(*at, row, registry, parent, headers, taken));
        }
        // Who points at an entity of this row that is not made, does not point; who then says nothing, is not made.
        drafts.iter_mut().for_each(|draft| draft.says = draft.has_words);
        let is_made = |drafts: &[Draft], target: usize| {
            let draft = makes.iter().position(|at| *at == target).and_then(|at| drafts.get(at));
            draft.is_some_and(|draft| draft.id.is_some() && draft.says && !draft.spoilt)
        };
        loop {
            let pointing = |draft: &Draft| {
                let speaks = draft.constant || draft.has_key;
                speaks && (draft.points || draft.same.iter().any(|(_, target)| is_made(&drafts, *target)))
            };
            let says: Vec<bool> =
                drafts.iter().map(|draft| draft.says || (draft.id.is_some() && pointing(draft))).collect();
            if says.iter().zip(&drafts).all(|(says, draft)| *says == draft.says) {
                break;
            }
            drafts.iter_mut().zip(says).for_each(|(draft, says)| draft.says = says);
        }
        let targets: Vec<bool> = (0..self.entities.len()).map(|target| is_made(&drafts, target)).collect();
        let ids: Vec<Option<EntityId>> = drafts.iter().map(|draft| draft.id).collect();
        for (place, draft) in drafts.into_iter().enumerate() {
            let Some(id) = draft.id else { continue };
            if draft.spoilt || !draft.says {
                let own = self.entities[makes[place]].key.is_some();
                taken.unmade.extend((!draft.spoilt && !own).then_some((makes[place], id)));
                continue;
            }
            let mut claims = draft.claims;
            for (property, target) in draft.same.into_iter().filter(|(_, target)| targets[*target]) {
                let target = makes.iter().position(|at| *at == target).and_then(|at| ids[at]);
                claims.extend(target.map(|target| TakenClaim { property, value: Value::Entity(target), column: None }));
            }
            taken.entities.push(TakenEntity { rule: makes[place], id, claims });
        }
        // What the row is nothing without.
        for at in &makes {
            let entity = &self.entities[*at];
            if !entity.is_made_by(row) {
                continue;
            }
            let found = taken.entities.iter().find(|made| made.rule == *at);
            let missing = entity.required.iter().find(|property| {
                !found.is_some_and(|made| {
                    let name = &entity.properties[**property].name;
                    made.claims.iter().any(|claim| entity.properties[claim.property].name == *name)
                })
            });
            if let Some(property) = missing {
                taken.lost = true;
                let name = &entity.properties[*property].name;
                let told = taken.refused.iter().any(|refused| refused.column == entity.properties[*property].column());
                if !told || entity.properties[*property].column().is_none() {
                    let why = Why::new(
                        format!("the row has no {name}, which the mapping requires"),
                        "Fill it in, or take it out of `required` in the mapping.",
                    );
                    let column = entity.properties[*property].column();
                    taken.refused.push(Refused { column, value: String::new(), why });
                }
            }
        }
        if taken.lost {
            taken.entities.clear();
        }
    }

    fn draft(
        &mut self,
        at: usize,
        row: &Row,
        registry: &Registry,
        parent: &Option<String>,
        width: usize,
        taken: &mut Taken,
    ) -> Draft {
        let mut draft = Draft::default();
        let list = self.list.clone();
        let spaces: Vec<String> = self.entities.iter().map(|entity| entity.space.clone()).collect();
        let entity = &mut self.entities[at];
        let own = entity.key.as_ref().map(|columns| joined(row, columns));
        draft.has_key = own.as_ref().is_some_and(|key| !key.is_empty());
        let key = own.unwrap_or_else(|| taken.key.clone());
        if key.is_empty() {
            return draft;
        }
        draft.id = Some(id_of(&list, &entity.space, &key));
        if !entity.is_made_by(row) {
            return draft;
        }
        for number in 0..entity.properties.len() {
            let property = &mut entity.properties[number];
            match &property.source {
                Source::Constant(value) => {
                    draft.constant = true;
                    draft.claims.push(TakenClaim { property: number, value: value.clone(), column: None });
                }
                Source::Same(target) => draft.same.push((number, *target)),
                Source::Parent(target) => {
                    if let Some(key) = parent {
                        let value = Value::Entity(id_of(&list, &spaces[*target], key));
                        draft.claims.push(TakenClaim { property: number, value, column: None });
                        draft.points = true;
                    }
                }
                Source::Keyed { space, column } => {
                    let column = *column;
                    let cell = row.cells.get(column).map_or("", |cell| cell.trim());
                    let several = row.parts_of(column).map_or_else(|| vec![cell.to_owned()], <[String]>::to_vec);
                    for key in several.iter().filter(|key| !key.is_empty()) {
                        let value = Value::Entity(id_of(&list, space, key));
                        draft.claims.push(TakenClaim { property: number, value, column: Some(column) });
                        draft.points = true;
                    }
                }
                Source::Interval { from, to } => {
                    let column = from.or(*to);
                    let cell = |at: &Option<usize>| at.and_then(|at| row.cells.get(at)).map_or("", String::as_str);
                    match property.reader.read_interval(cell(from), cell(to)) {
                        Ok(value) => {
                            draft.has_words |= value.is_some();
                            draft.claims.extend(value.map(|value| TakenClaim { property: number, value, column }));
                        }
                        Err(why) => {
                            let value = format!("{} – {}", cell(from), cell(to));
                            taken.refused.push(Refused { column, value: cut(&value, SHOWN), why });
                        }
                    }
                }
                Source::Columns { columns, join } => {
                    let column = columns.first().copied();
                    let filled = |at: &&usize| row.cells.get(**at).is_some_and(|cell| !cell.trim().is_empty());
                    let mut words: Vec<Cow<'_, str>> =
                        columns.iter().filter(filled).map(|at| Cow::Borrowed(row.cells[*at].trim())).collect();
                    if words.is_empty() {
                        continue;
                    }
                    if property.reader.keeps_bars() && words.iter().any(|words| words.contains('|')) {
                        words.iter_mut().for_each(|words| *words = words.replace('|', BAR).into());
                        let why = format!("a bar parts the parts of a name here, so it was taken as “{BAR}”");
                        let value = cut(&row.cells[columns[0]], SHOWN);
                        taken.remarks.push(Refused { column, value, why: Why::new(why, "") });
                    }
                    let text = if words.len() == columns.len() { words.join(join) } else { words.join(" ") };
                    let parts = column.filter(|_| columns.len() == 1).and_then(|at| row.parts_of(at));
                    let in_parts = property.reader.in_parts;
                    property.reader.in_parts = in_parts && words.len() == columns.len();
                    property.reader.row_lang.clone_from(&taken.lang);
                    let read = property.reader.read(registry, &text, parts);
                    property.reader.in_parts = in_parts;
                    match read {
                        Read::Nothing => taken.nothing.push(text),
                        Read::Values(values) => {
                            for value in values {
                                match value {
                                    Ok(value) => {
                                        if looks_like_formula(&text) {
                                            let why = Why::new(
                                                "it looks like a formula: it was taken as text, and not run",
                                                "",
                                            );
                                            taken.remarks.push(Refused { column, value: cut(&text, SHOWN), why });
                                        }
                                        draft.has_words = true;
                                        draft.claims.push(TakenClaim { property: number, value, column });
                                    }
                                    Err((piece, mut why)) => {
                                        if looks_like_formula(&piece) {
                                            why.reason.push_str("; it looks like a formula, and was not run");
                                        }
                                        if property.needed {
                                            draft.spoilt = true;
                                            why.hint.push_str(&format!(" Without it there is no {}.", entity.name));
                                        }
                                        taken.refused.push(Refused { column, value: cut(&piece, SHOWN), why });
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        // Something is said, but not what the thing is nothing without.
        if draft.has_words && !draft.spoilt {
            for number in 0..entity.properties.len() {
                let property = &entity.properties[number];
                let there = draft.claims.iter().any(|claim| entity.properties[claim.property].name == property.name);
                if property.needed && !there && matches!(property.source, Source::Columns { .. }) {
                    draft.spoilt = true;
                    let why = Why::new(
                        format!(
                            "nothing says the {} of the {}, so there is no {}",
                            property.name, entity.name, entity.name
                        ),
                        "Fill it in, or map it in another way.",
                    );
                    let column = property.column().filter(|at| *at < width);
                    taken.refused.push(Refused { column, value: String::new(), why });
                }
            }
        }
        draft
    }
}

impl super::compile::PropertyTaker {
    /// The first column that it comes from.
    pub fn column(&self) -> Option<usize> {
        match &self.source {
            Source::Columns { columns, .. } => columns.first().copied(),
            Source::Keyed { column, .. } => Some(*column),
            Source::Interval { from, to } => from.or(*to),
            _ => None,
        }
    }
}

/// An entity while it is not clear yet whether it will be made.
#[derive(Default)]
struct Draft {
    id: Option<EntityId>,
    claims: Vec<TakenClaim>,
    /// Property, and the rule of the entity of the same row that it points at.
    same: Vec<(usize, usize)>,
    has_words: bool,
    has_key: bool,
    constant: bool,
    points: bool,
    says: bool,
    spoilt: bool,
}

/// The first 16 bytes of the SHA-256.
pub fn hash_of(text: &str) -> u128 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

fn id_of(list: &str, space: &str, key: &str) -> EntityId {
    EntityId::derive(&format!("{NAMESPACE}/{}:{list}/{space}", list.len()), key)
}
