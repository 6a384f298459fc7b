//! Fields of a form: each with its label, its hint, what was typed, and what is wrong with it.

use askama::Template;
use askama::filters::HtmlSafe;
use schema::{Registry, Verification};

use crate::account::state_of;
use crate::ask::Pairs;
use crate::shell::Choice;

/// What is wrong, and at which field. Without a name: with the whole of it.
#[derive(Clone, Debug)]
pub struct Fault {
    pub name: String,
    pub label: String,
    pub text: String,
}

/// Fields that belong together.
#[derive(Default)]
pub struct Section {
    pub legend: &'static str,
    pub intro: String,
    pub fields: Vec<Field>,
    /// Fields that are seldom needed: (what they are, whether they are open, the fields).
    pub further: Option<(&'static str, bool, Vec<Field>)>,
}

/// One field. It knows how to write itself.
#[derive(Template)]
#[template(path = "part/field.html")]
pub struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub fault: Option<String>,
    pub required: bool,
    pub wide: bool,
    pub control: Control,
}

impl HtmlSafe for Field {}

pub enum Control {
    Line,
    /// A line that offers these, and takes others.
    Offering(Vec<String>),
    Area {
        words: bool,
        rows: usize,
    },
    Select(Vec<Choice>),
}

/// What was typed, and what is wrong with it so far.
pub struct Filled<'a> {
    pub typed: &'a Pairs,
    pub faults: Vec<Fault>,
}

impl<'a> Filled<'a> {
    pub fn new(typed: &'a Pairs) -> Self {
        Filled { typed, faults: Vec::new() }
    }

    pub fn wrong(&mut self, name: &str, label: &str, text: impl Into<String>) {
        self.faults.push(Fault { name: name.into(), label: label.into(), text: text.into() });
    }

    pub fn line(&self, name: &str, label: &str, hint: &str) -> Field {
        let fault = self.faults.iter().find(|fault| fault.name == name).map(|fault| fault.text.clone());
        Field {
            name: name.into(),
            label: label.into(),
            hint: hint.into(),
            value: self.typed.raw(name),
            fault,
            required: false,
            wide: false,
            control: Control::Line,
        }
    }

    pub fn offering(&self, name: &str, label: &str, hint: &str, offered: Vec<String>) -> Field {
        Field { control: Control::Offering(offered), ..self.line(name, label, hint) }
    }

    pub fn area(&self, name: &str, label: &str, hint: &str, words: bool, rows: usize) -> Field {
        Field { wide: true, control: Control::Area { words, rows }, ..self.line(name, label, hint) }
    }

    pub fn select(&self, name: &str, label: &str, hint: &str, choices: Vec<(String, String)>) -> Field {
        let chosen = self.typed.get(name);
        let choices = choices.into_iter().map(|(value, label)| Choice { chosen: value == chosen, value, label });
        Field { control: Control::Select(choices.collect()), ..self.line(name, label, hint) }
    }
}

impl Field {
    /// Over the whole width of the form.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

/// A vocabulary's terms to choose from, narrower ones set in.
#[must_use]
pub fn terms(registry: &Registry, vocabulary: &str, none: &str) -> Vec<(String, String)> {
    let mut choices = vec![(String::new(), none.to_owned())];
    if let Some(vocabulary) = registry.vocabulary(vocabulary) {
        choices.extend(vocabulary.terms.iter().map(|term| {
            let label = format!("{}{}", "\u{2003}".repeat(term.depth), term.label.get("en"));
            (term.code.clone(), label)
        }));
    }
    choices
}

/// Who may see what is said here, up to what the session sees.
#[must_use]
pub fn clearances(highest: ledger::Level) -> Vec<(String, String)> {
    let order = [ledger::Level::Internal, ledger::Level::Public, ledger::Level::Partners, ledger::Level::Restricted];
    order.into_iter().filter(|level| *level <= highest).map(|level| (level.to_string(), level.to_string())).collect()
}

/// The ladder of verification.
#[must_use]
pub fn ladder() -> Vec<(String, String)> {
    let mut choices = vec![(String::new(), "(no change)".to_owned())];
    choices.extend(Verification::ALL.iter().map(|step| (step.as_str().to_owned(), state_of(*step).word.to_owned())));
    choices
}
