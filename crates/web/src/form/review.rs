//! Decisions on proposals: accept, change, reject, take back. Each is a form of its own and one transaction.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Path, State};
use axum::response::Response;
use ledger::View;
use review::{Error, Fault, Hand, Input, Plan, Whom};

use crate::Site;
use crate::ask::Sent;
use crate::form::fields::terms;
use crate::markup::Words;
use crate::page::review::{address, next_open, sheet, show, source};
use crate::problem::Problem;
use crate::room::{Room, answer, see};
use crate::shell::Choice;

/// One field of a proposal's form. It knows how to write itself.
#[derive(Template)]
#[template(path = "part/proposed.html")]
pub struct Shown {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: String,
    pub value: String,
    pub fault: Option<String>,
    pub control: Control,
    pub further: bool,
}

impl HtmlSafe for Shown {}

pub enum Control {
    Line,
    Area,
    Select(Vec<Choice>),
    Whom {
        /// (value, whether it is chosen, label, what else is known)
        radios: Vec<(String, bool, Words, Words)>,
        is: Vec<Choice>,
        was: String,
        new: bool,
    },
}

/// A plan's fields as the page shows them.
pub fn shown(room: &Room<'_>, plan: &Plan, faults: &[Fault]) -> Vec<Shown> {
    let mut all = Vec::new();
    for field in &plan.fields {
        let fault = faults.iter().find(|fault| fault.name == field.name).map(|fault| fault.text.clone());
        let control = match &field.input {
            Input::Line => Control::Line,
            Input::Area => Control::Area,
            Input::Term(vocabulary) => {
                let choices = terms(room.registry(), vocabulary, "(not said)").into_iter();
                Control::Select(choices.map(|(value, label)| chosen(value, label, &field.value)).collect())
            }
            Input::Choice(choices) => {
                let choices = choices.iter().cloned();
                Control::Select(choices.map(|(value, label)| chosen(value, label, &field.value)).collect())
            }
            Input::Which(which) => {
                // Where there is nothing to choose from, nothing is asked.
                if which.candidates.is_empty() && which.none.is_empty() {
                    continue;
                }
                let mut choices = vec![chosen("new".into(), which.new.into(), &field.value)];
                choices.extend(which.candidates.iter().map(|known| {
                    let about: Vec<&str> = [known.detail.as_str(), known.why.as_str()]
                        .into_iter()
                        .filter(|text| !text.is_empty())
                        .collect();
                    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join("; ")) };
                    chosen(known.id.to_string(), format!("{}{about}", known.label), &field.value)
                }));
                if !which.none.is_empty() {
                    choices.push(chosen(String::new(), which.none.into(), &field.value));
                }
                Control::Select(choices)
            }
            Input::Whom(whom) => people(room, whom, &field.value),
        };
        all.push(Shown {
            name: field.name,
            label: field.label,
            hint: field.hint.clone(),
            value: field.value.clone(),
            fault,
            control,
            further: field.further,
        });
    }
    all
}

fn chosen(value: String, label: String, now: &str) -> Choice {
    Choice { chosen: value == now, value, label }
}

fn people(room: &Room<'_>, whom: &Whom, name: &str) -> Control {
    let mut radios: Vec<(String, bool, Words, Words)> = Vec::new();
    for known in &whom.candidates {
        let value = known.id.to_string();
        let about: Vec<&str> =
            [known.why.as_str(), known.detail.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
        radios.push((value.clone(), value == whom.chosen, Words::of(&known.label), Words::of(&about.join("; "))));
    }
    // With nobody known and nothing to leave out there is no choice; an empty name means nobody.
    if !name.trim().is_empty() && (!radios.is_empty() || whom.optional) {
        radios.push(("new".into(), whom.chosen == "new", Words::of("somebody new"), Words::default()));
        if whom.optional {
            radios.push((String::new(), whom.chosen.is_empty(), Words::of("leave out"), Words::default()));
        }
    }
    let is = whom.schemata.iter().map(|schema| chosen((*schema).into(), room.schema_label(schema), &whom.is)).collect();
    Control::Whom { radios, is, was: name.to_owned(), new: whom.chosen == "new" || whom.chosen.is_empty() }
}

pub async fn send(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let id = source(room, &id)?;
        let Some(sheet) = sheet(room, id)? else { return Err(Problem::NotFound) };
        let given = |name: &str| typed.has(name).then(|| typed.raw(name).trim().to_owned());
        let view = room.ask.session.view();
        let (author, key) = (room.author(), typed.get("key"));
        let hand =
            Hand { workspace: &room.site.workspace, author: &author, view: &view, source: id, reading: &sheet.reading };
        let done = match typed.get("do") {
            // Through a view lowered by choice its claims could not be seen, and would be left standing.
            "undo" => {
                let all = View::new(room.ask.session.cleared.clone());
                Hand { view: &all, ..hand }.undo().map(|undone| undone.key.short())
            }
            "reject" => hand.reject(key, typed.some("reason")).map(|_| key.to_owned()),
            "look" => return show(room, &sheet, Some(key), Some(&given), Vec::new()),
            _ => hand.accept(key, Some(&given), typed.some("drafted")).map(|_| key.to_owned()),
        };
        match done {
            Ok(key) => {
                let after = sheet.item(&key);
                // What was taken back is in hand again; else the next one, as the ledger has it now.
                let next = if typed.get("do") == "undo" {
                    after
                } else {
                    next_open(&sheet, after).filter(|next| after.is_none_or(|after| after.key != next.key))
                };
                let last = format!("&last={key}");
                Ok(see(&match next {
                    Some(next) => address(id, next, &last),
                    None => format!("/source/{id}/review?last={key}"),
                }))
            }
            Err(Error::Faults(faults)) => show(room, &sheet, Some(key), Some(&given), faults),
            // Its page says who decided it, and how.
            Err(Error::Decided { .. }) => Ok(see(&match sheet.item(key) {
                Some(item) => address(id, item, "&held=1"),
                None => format!("/source/{id}/review"),
            })),
            Err(error) => Err(error.into()),
        }
    })
    .await
}
