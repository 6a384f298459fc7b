//! What a proposal would record, as fields that a person can change before accepting it.

use ledger::Digest;
use sha2::{Digest as _, Sha256};

use crate::suggest::Candidate;

/// What was typed into a form's fields: `None` for a field that was not sent, which then stands as it is proposed.
pub type Typed<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A proposal's claims, as fields. Made by [`crate::draft`], which also reads what was typed into them.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it is, in a word or two: “Act”, “Published count”.
    pub kind: &'static str,
    pub fields: Vec<Field>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in a form.
    pub name: &'static str,
    pub label: &'static str,
    pub hint: String,
    pub value: String,
    pub input: Input,
    /// Whether the document tells it: a proposal accepted with another value here was changed. Who somebody is, and who may
    /// see it, is not in the words.
    pub of_text: bool,
    /// Seldom needed: shown folded.
    pub further: bool,
}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Input {
    Line,
    Area,
    /// A term of this vocabulary, by its code.
    Term(&'static str),
    /// One of these: (value, label).
    Choice(Vec<(String, String)>),
    /// Somebody, by the name in the text: somebody new, somebody known, or left out.
    Whom(Whom),
    /// Something known, something new, or nothing.
    Which(Which),
}

/// Whom a name means. Its form fields are `NAME`, `NAME-is`, `NAME-as`, and `NAME-was`, the name that the candidates were
/// looked up for.
#[derive(Clone, Debug, Default)]
pub struct Whom {
    /// Schema of somebody new.
    pub is: String,
    /// Schemata to choose from.
    pub schemata: Vec<&'static str>,
    /// An entity's id, `new`, or nothing when it is left out.
    pub chosen: String,
    pub candidates: Vec<Candidate>,
    /// Whether it may be left out.
    pub optional: bool,
    /// The name that the candidates were shown for when one of them was chosen.
    pub was: String,
}

/// Which thing is meant. Its form field is the field's own name.
#[derive(Clone, Debug, Default)]
pub struct Which {
    pub candidates: Vec<Candidate>,
    /// What `new` would be; empty when nothing new can be made here.
    pub new: &'static str,
    /// What nothing would be; empty when something is needed.
    pub none: &'static str,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field's name; empty when it is the whole.
    pub name: String,
    pub label: String,
    /// What is wrong, and what would be right.
    pub text: String,
}

impl Plan {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// A field's value, trimmed; empty when there is no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.field(name).map_or("", |field| field.value.trim())
    }

    /// A digest of everything that is filled in: a form carries it, so that accepting a plan untouched can be told from editing it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hash = Sha256::new_with_prefix(b"rapporteur/plan/v1");
        for field in &self.fields {
            let (is, chosen) = match &field.input {
                Input::Whom(whom) => (whom.is.as_str(), whom.chosen.as_str()),
                _ => ("", ""),
            };
            for part in [field.name, field.value.trim(), is, chosen] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        Digest(hash.finalize().into())
    }

    /// Whether the document's own words are read otherwise here than in another plan of the same proposal.
    #[must_use]
    pub fn differs(&self, other: &Plan) -> bool {
        let said = |plan: &Plan| -> Vec<(&'static str, String)> {
            let told = plan.fields.iter().filter(|field| field.of_text);
            told.map(|field| {
                let out = matches!(&field.input, Input::Whom(whom) if whom.chosen.is_empty() && whom.optional);
                (field.name, if out { String::new() } else { field.value.trim().to_owned() })
            })
            .collect()
        };
        said(self) != said(other)
    }
}
