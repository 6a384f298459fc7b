//! Same or different: the pairs that are open, and a judgement on one.

use std::process::ExitCode;

use figures::Figure;
use ledger::{Author, Item, Verdict};
use matching::{Questions, Standing};
use serde_json::json;

use crate::arguments::{Common, Judge, Judgement};
use crate::failure::Failure;
use crate::{open, text};

/// Pairs that are printed; all of them with `--json`.
const SHOWN: usize = 40;

pub fn run(common: &Common, asked: &Judge) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let reader = workspace.ledger.read(&view)?;
    let (a, b) = (open::the_thing_itself(&reader, &asked.one)?, open::the_thing_itself(&reader, &asked.other)?);
    let verdict = match asked.verdict {
        Judgement::Same => Verdict::Same,
        Judgement::Different => Verdict::Different,
        Judgement::Unsure => Verdict::Unsure,
        Judgement::TakeBack => Verdict::Withdrawn,
    };
    let judge = ledger::Judge { a, b, verdict, reason: asked.because.clone(), origin: None };
    let author = Author::new(workspace.owner().account);
    let receipt = workspace.ledger.append(&author, vec![Item::Judge(judge)])?;
    if common.json {
        text::json(&json!({"a": a.to_string(), "b": b.to_string(), "entry": receipt.position}))?;
    } else {
        text::out(&format!(
            "Recorded in entry {}. It can be taken back: rapporteur judge {a} {b} take-back --because …",
            receipt.position
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The pairs of a workspace that nobody has judged, the worthiest first.
pub fn open_pairs(common: &Common) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let reader = workspace.ledger.read(&view)?;
    let mut questions = Questions::default();
    questions.follow(&reader)?;
    let mut figures: Vec<Figure> = Vec::new();
    for definition in reader.definitions("figure")? {
        let computed = figures::load(&reader, &definition.name)
            .and_then(|definition| Ok((figures::view(&reader, &definition)?, definition)));
        if let Ok((view, definition)) = computed
            && let Ok(figure) = figures::compute(&workspace.ledger.read(&view)?, &definition)
        {
            figures.push(figure);
        }
    }
    let open = questions.open(&reader, &figures.iter().collect::<Vec<_>>())?;
    let mut rows = Vec::new();
    for question in &open {
        rows.push((question, questions.name(&reader, question.a)?, questions.name(&reader, question.b)?));
    }
    if common.json {
        let pairs: Vec<_> = rows
            .iter()
            .map(|(question, a, b)| {
                let parts: Vec<_> = question
                    .parts
                    .iter()
                    .map(|part| json!({"comparison": part.comparison, "level": part.level, "bits": part.bits}))
                    .collect();
                json!({
                    "a": {"id": question.a.to_string(), "name": a}, "b": {"id": question.b.to_string(), "name": b},
                    "probability": question.probability, "weight": question.weight, "words": question.words(),
                    "unsure": question.standing == Standing::Unsure, "counted_in": question.counted, "parts": parts,
                })
            })
            .collect();
        text::json(&json!({"position": reader.position(), "people": questions.people().len(), "open": pairs}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = vec![format!(
        "{} to judge among {} persons.",
        open.iter().filter(|question| question.standing == Standing::Open).count(),
        questions.people().len()
    )];
    for (question, a, b) in rows.iter().take(SHOWN) {
        lines.push(format!("  {:>5.1}%  {a} · {b}  ({})", question.probability * 100.0, question.words()));
        lines.push(format!("          {} {}", question.a, question.b));
    }
    if open.len() > SHOWN {
        lines.push(format!("  … and {} more: --json gives them all", open.len() - SHOWN));
    }
    if !open.is_empty() {
        lines.push(
            "Judge one: rapporteur judge A B same|different|unsure --because \"…\"; or in the pages, under Matches."
                .into(),
        );
    }
    text::out(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
