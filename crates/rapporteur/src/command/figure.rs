//! A named count.

use std::process::ExitCode;

use ledger::{Reader, View};
use matching::Questions;
use serde_json::json;
use workspace::Workspace;

use crate::arguments::{Common, Figure};
use crate::failure::Failure;
use crate::{open, text};

/// People on a list up to whom it is said in passing whether some may be one: comparing more takes seconds.
const COMPARED: usize = 5_000;

pub fn run(common: &Common, asked: &Figure) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let reader = workspace.ledger.read(&view)?;
    let Some(name) = &asked.name else { return list(common, &reader) };
    let figure = compute(&workspace, &view, name)?;
    eprint!("{}", counted_twice(&reader, &figure)?);
    if common.json {
        text::out(figure.json().trim_end())?;
    } else {
        let mut lines = vec![figure.title.en.clone(), format!("  {}", figure.words())];
        lines.push(format!(
            "  window {} · standard {} · position {} · digest {}",
            figure.window, figure.standard, figure.position, figure.digest
        ));
        lines.push(format!("  {}", figure.definition));
        lines.push(String::new());
        lines.extend(figure.items.iter().map(|item| {
            format!("  • {} ({})", item.label, text::counted(item.claims.len() as u64, "claim", "claims"))
        }));
        text::out(&lines.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A warning where people on the list may be counted twice; a line, or nothing.
fn counted_twice(reader: &Reader<'_>, figure: &figures::Figure) -> Result<String, Failure> {
    if figure.unit != "persons" {
        return Ok(String::new());
    }
    if figure.items.len() > COMPARED {
        let people = text::grouped(figure.items.len() as u64);
        return Ok(format!(
            "note: whether some of these {people} may be one is not looked at here: `rapporteur link` does\n"
        ));
    }
    let mut questions = Questions::default();
    questions.follow(reader)?;
    Ok(match matching::unjudged(&questions, reader, figure)? {
        0 => String::new(),
        1 => "warning: 1 pair on this list may be one person, and nobody has judged it. Until then both are counted: `rapporteur link` shows it\n".into(),
        pairs => format!("warning: {pairs} pairs on this list may be one person, and nobody has judged them. Until then both are counted: `rapporteur link` shows them\n"),
    })
}

/// Computes a figure as its own definition wants it: at the view's moment, for the figure's clearance, under its standard.
pub fn compute(workspace: &Workspace, view: &View, name: &str) -> Result<figures::Figure, Failure> {
    let reader = workspace.ledger.read(view)?;
    let definition = figures::load(&reader, name)?;
    let own = figures::view(&reader, &definition)?;
    drop(reader);
    Ok(figures::compute(&workspace.ledger.read(&own)?, &definition)?)
}

fn list(common: &Common, reader: &Reader<'_>) -> Result<ExitCode, Failure> {
    let figures = reader.definitions("figure")?;
    if common.json {
        let names: Vec<_> =
            figures.iter().map(|figure| json!({ "name": figure.name, "position": figure.position })).collect();
        text::json(&json!({ "figures": names }))?;
    } else if figures.is_empty() {
        text::out("No figure is defined here yet: define one in a case file (docs/casefile.md).")?;
    } else {
        text::out(&figures.iter().map(|figure| figure.name.clone()).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
