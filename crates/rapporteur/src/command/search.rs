//! Finding things: from the index of the view's audience, brought up to the ledger first.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use ledger::{Ledger, Reader};
use schema::EntityId;
use search::{Answer, Behind, Facet, FacetCounts, Marked, Query, Saved, Search, Updated};
use serde_json::json;
use workspace::Workspace;

use crate::arguments::{Common, Search as Asked};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, asked: &Asked) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let reader = workspace.ledger.read(&view)?;
    if asked.saved.as_deref() == Some("") {
        return list(common, &search::saved(&reader)?);
    }
    let query = query(asked, &reader)?;
    let search = Search::open(&workspace.search_folder(), workspace.search_key());
    if asked.rebuild {
        search.forget(&view.cleared)?;
    }
    bring_up(&search, &workspace.ledger, &view.cleared, &workspace)?;
    let answer = search.ask(&workspace.ledger, &reader, &query, &|reader, id| words(&workspace, reader, id))?;
    if let Some(name) = &asked.save {
        search::save(&workspace.ledger, &workspace.owner(), &reader, name, &query)?;
        eprintln!("Saved as “{}”. Run it with: rapporteur search --saved {:?}", name.trim(), name.trim());
    }
    if common.json {
        text::json(&answer.as_json(&query, reader.position()))?;
    } else {
        tell(&query, &answer, &reader)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The text of a source. What cannot be read is left out here; `verify` names it.
fn words(workspace: &Workspace, reader: &Reader<'_>, id: EntityId) -> Option<String> {
    workspace.text_of(reader, id).ok().flatten().map(|text| text.text)
}

fn bring_up(search: &Search, ledger: &Ledger, cleared: &ledger::Cleared, workspace: &Workspace) -> Result<(), Failure> {
    let terminal = std::io::stderr().is_terminal();
    let mut told = false;
    let mut progress = |done: u64, of: u64| {
        if terminal && of > 2_000 {
            told = true;
            eprint!("\rThe index of this view is being made: {} of {}", text::grouped(done), text::grouped(of));
            let _ = std::io::stderr().flush();
        }
        true
    };
    let updated = search.update(ledger, cleared, &|reader, id| words(workspace, reader, id), &mut progress)?;
    if told {
        eprintln!();
    }
    if updated == Updated::Busy {
        eprintln!("Another program is bringing the index up to date; this answer may be behind it.");
    }
    Ok(())
}

fn query(asked: &Asked, reader: &Reader<'_>) -> Result<Query, Failure> {
    let mut query = match &asked.saved {
        Some(name) => {
            let saved = search::saved_as(reader, name)?;
            Query { chosen: saved.chosen, ..Query::new(&saved.text, reader.registry()) }
        }
        None => Query::new(&asked.query.join(" "), reader.registry()),
    };
    for facet in &asked.facet {
        let chosen = facet
            .split_once('=')
            .and_then(|(facet, value)| Some((Facet::named(facet.trim())?, value.trim().to_owned())));
        query.chosen.push(chosen.ok_or_else(|| {
            let names: Vec<&str> = Facet::ALL.into_iter().map(Facet::as_str).collect();
            Failure::usage(
                format!("“{facet}” is no value of a facet"),
                format!("write FACET=VALUE; facets are {}", names.join(", ")),
            )
        })?);
    }
    query.limit = asked.limit;
    query.after.clone_from(&asked.after);
    Ok(query)
}

fn list(common: &Common, saved: &[Saved]) -> Result<ExitCode, Failure> {
    if common.json {
        let list = saved.iter().map(|saved| {
            json!({ "name": saved.name, "query": saved.text,
                    "facets": saved.chosen.iter().map(|(facet, value)| format!("{}={value}", facet.as_str())).collect::<Vec<_>>() })
        });
        text::json(&json!({ "saved": list.collect::<Vec<_>>() }))?;
    } else if saved.is_empty() {
        text::out("No search is saved in this view. Save one with: rapporteur search QUERY --save NAME")?;
    } else {
        let line = |saved: &Saved| {
            let chosen: String =
                saved.chosen.iter().map(|(facet, value)| format!("  {}={value}", facet.as_str())).collect();
            format!("{}\n    {}{chosen}", saved.name, saved.text)
        };
        text::out(&saved.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn behind(answer: &Answer) -> Option<String> {
    match answer.behind? {
        Behind::Building { done, of } => Some(format!("the index of this view is being made: {done} of {of}")),
        Behind::Entries(entries) => {
            Some(format!("{} not in the index yet", text::counted(entries, "entry is", "entries are")))
        }
    }
}

fn tell(query: &Query, answer: &Answer, reader: &Reader<'_>) -> Result<(), Failure> {
    for problem in &answer.problems {
        let place: String = query.text.chars().skip(problem.start).take(problem.end - problem.start).take(40).collect();
        eprintln!("Not understood, {} (“{place}”): {}. {}", at(problem.start), problem.problem, problem.hint);
    }
    if let Some(behind) = behind(answer) {
        eprintln!("Note: {behind}.");
    }
    let mut lines = Vec::new();
    if let Some(instead) = &answer.instead {
        lines.push(format!("Nobody wrote “{}” here. Found with: {instead}", query.text));
    }
    let of = if answer.exact { "" } else { " (counted now; each is looked at again in this view)" };
    lines.push(format!("{}{of}", text::counted(answer.total, "thing", "things")));
    for hit in &answer.hits {
        let label = reader.registry().schema(&hit.schema).map_or(hit.schema.as_str(), |schema| schema.label.get("en"));
        let date = hit.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
        lines.push(format!(
            "\n{}  ({label}{date}; {})",
            shown(&hit.label),
            text::counted(hit.claims as u64, "claim", "claims")
        ));
        for snippet in &hit.snippets {
            let of = snippet.of.as_ref().map(|of| format!("{of}: ")).unwrap_or_default();
            let (before, after) = (if snippet.cut.0 { "… " } else { "" }, if snippet.cut.1 { " …" } else { "" });
            lines.push(format!(
                "    {of}{before}{}{after}",
                shown(&snippet.words).split_whitespace().collect::<Vec<_>>().join(" ")
            ));
        }
        lines.push(format!("    {}", hit.id));
    }
    if !answer.hits.is_empty() {
        lines.push(String::new());
        lines.extend(answer.facets.iter().filter(|counts| !counts.values.is_empty()).map(facet_line));
    }
    if let Some(next) = &answer.next {
        lines.push(format!("\nMore: the same with --after {next}"));
    }
    text::out(&lines.join("\n"))
}

fn at(start: usize) -> String {
    format!("character {}", start + 1)
}

fn facet_line(counts: &FacetCounts) -> String {
    const MOST: usize = 8;
    let values = counts.values.iter().take(MOST).map(|value| {
        let chosen = if value.chosen { "*" } else { "" };
        format!("{}{chosen} {}", value.value, text::grouped(value.count))
    });
    let more = if counts.values.len() > MOST { ", …" } else { "" };
    format!("{}: {}{more}", counts.facet.as_str(), values.collect::<Vec<_>>().join(", "))
}

/// A text with what was asked for in [brackets].
fn shown(marked: &Marked) -> String {
    let mut out = String::with_capacity(marked.text.len() + marked.marks.len() * 2);
    for (at, c) in marked.text.chars().enumerate() {
        if marked.marks.iter().any(|(start, _)| *start == at) {
            out.push('[');
        }
        out.push(c);
        if marked.marks.iter().any(|(_, end)| *end == at + 1) {
            out.push(']');
        }
    }
    out
}
