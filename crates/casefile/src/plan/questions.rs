//! Figures and letters: their keys are checked and replaced by entity ids, as they are kept in the ledger.

use ledger::Define;
use schema::EntityId;
use schema::yaml::{self, Node};

use super::{Builder, Resolved};
use crate::model::Key;
use crate::problem::{At, Problem};
use crate::publication::{self, NOT_IN_THIS_VIEW, Reference};
use crate::substitute::substitute;

/// The parts of a figure's definition that hold entity keys.
pub(crate) const FIGURE_KEYED: [&[&str]; 2] = [&["sources"], &["published"]];

impl Builder<'_> {
    pub(super) fn figures(&mut self) {
        for figure in &self.case_file.figures {
            for (key, vocabulary) in [("acts", "acts"), ("victimGroups", "victim-groups"), ("place", "places")] {
                let nodes = figure.definition.get(key).map(Node::one_or_many).unwrap_or_default();
                for node in nodes {
                    match node.str() {
                        Ok(code) => self.term(vocabulary, code, &At::new(node.file(), node.line())),
                        Err(error) => self.problems.push(Problem::from(error)),
                    }
                }
            }
            if let Some(node) = figure.definition.get("standard")
                && let Ok(name) = node.str()
                && self.registry.standard(name).is_none()
            {
                let names: Vec<&str> = self.registry.standards().iter().map(|s| s.name.as_str()).collect();
                let at = At::new(node.file(), node.line());
                self.problem(
                    &at,
                    format!("there is no standard of proof “{name}”"),
                    format!("There are: {}.", names.join(", ")),
                );
            }
            let text = substitute(&figure.definition, &FIGURE_KEYED, &mut |node, key| {
                let key = Key { key: key.to_owned(), at: At::new(node.file(), node.line()) };
                self.id(&key)
            });
            self.plan.definitions.push(Define {
                kind: "figure".into(),
                name: figure.name.clone(),
                text: text.render(),
                clearance: figure.clearance.clone().unwrap_or_else(|| self.case_file.default_clearance()),
            });
        }
    }

    pub(super) fn publications(&mut self) {
        for publication in &self.case_file.publications {
            let file = &publication.at.file;
            // Read once already by `CaseFile::read`: what fails here failed there.
            let Ok((front, body)) = publication::split(file, &publication.text) else { continue };
            let Ok(node) = yaml::parse(file, &front) else { continue };
            let front_lines = front.matches('\n').count();
            let front = substitute(&node, &publication::KEYED, &mut |node, key| {
                let key = Key { key: key.to_owned(), at: At::new(node.file(), node.line()) };
                self.id(&key)
            });
            let body = publication::rewrite(body, |reference, line| {
                // The front matter's lines, the closing line, and lines counted from 1.
                let at = At::new(file, front_lines + 2 + line);
                self.reference(reference, at)
            });
            self.plan.definitions.push(Define {
                kind: "publication".into(),
                name: publication.name.clone(),
                text: publication::join(&front.render(), &body),
                clearance: publication.clearance.clone().unwrap_or_else(|| self.case_file.default_clearance()),
            });
        }
    }

    fn reference(&mut self, reference: Reference<'_>, at: At) -> Option<String> {
        match reference {
            Reference::Figure(name) => {
                if !self.case_file.figures.iter().any(|figure| figure.name == name) {
                    let hint = match schema::nearest(name, self.case_file.figures.iter().map(|f| f.name.as_str())) {
                        Some(near) => format!("Did you mean “{near}”?"),
                        None => "Define it under “figures:”.".into(),
                    };
                    self.problem(&at, format!("there is no figure “{name}”"), hint);
                }
                None
            }
            Reference::Name(key) => self.id(&Key { key: key.into(), at }),
            Reference::Cite(key) => {
                let key = Key { key: key.into(), at };
                let id = self.id(&key)?;
                if id != key.key && !self.case_file.sources.iter().any(|source| source.key == key.key) {
                    self.problem(
                        &key.at,
                        format!("“{}” is no source", key.key),
                        "[[cite:…]] names a source; for anything else write [[name:…]] or [[fact:…]].",
                    );
                }
                Some(id)
            }
            Reference::Fact(key, _) if foreign(key) => None,
            Reference::Fact(key, property) => {
                let key = Key { key: key.into(), at };
                let (id, schema): (EntityId, String) = match self.resolve(&key) {
                    Resolved::Thing(thing) => (thing.id, thing.schema.clone()),
                    Resolved::LeftOut | Resolved::Unknown => return None,
                };
                if let Err(error) = self.registry.property(&schema, property) {
                    self.schema_trouble(&key.at, &error);
                }
                Some(id.to_string())
            }
        }
    }

    /// The id that a key stands for; none, with a notice or a problem, when it is left out or unknown.
    fn id(&mut self, key: &Key) -> Option<String> {
        if foreign(&key.key) && !self.things.contains_key(key.key.as_str()) {
            return Some(key.key.clone());
        }
        match self.resolve(key) {
            Resolved::Thing(thing) => Some(thing.id.to_string()),
            Resolved::LeftOut => {
                let what = format!("the reference to “{}” is left out: its original was not given", key.key);
                self.plan.left_out.push(key.at.problem(what, ""));
                None
            }
            Resolved::Unknown => None,
        }
    }
}

/// Whether it names nothing of the case file, and is left as it is: the id of an entity elsewhere, or the marker that an export puts in
/// place of what its reader may not see.
fn foreign(key: &str) -> bool {
    key == NOT_IN_THIS_VIEW || key.parse::<EntityId>().is_ok_and(|id| id.to_string() == key)
}
