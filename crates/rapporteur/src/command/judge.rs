//! Same or different: the questions that are open, and a judgement.

use std::process::ExitCode;
use std::sync::Arc;

use figures::Figure;
use ledger::{Author, Item, Reader, Verdict};
use matching::{Asked, Questions, Stakes, Standing};
use schema::EntityId;
use serde_json::{Value, json};

use crate::arguments::{Common, Judge, Judgement};
use crate::failure::Failure;
use crate::{open, text};

/// Questions that are printed; all of them with `--json`.
const SHOWN: usize = 40;

pub fn run(common: &Common, asked: &Judge) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let reader = workspace.ledger.read(&view)?;
    let a = open::the_thing_itself(&reader, &asked.one)?;
    let others = std::iter::once(&asked.other).chain(&asked.further);
    let others: Vec<EntityId> = others.map(|other| open::the_thing_itself(&reader, other)).collect::<Result<_, _>>()?;
    let verdict = match asked.verdict {
        Judgement::Same => Verdict::Same,
        Judgement::Different => Verdict::Different,
        Judgement::Unsure => Verdict::Unsure,
        Judgement::TakeBack => Verdict::Withdrawn,
    };
    if verdict == Verdict::Same {
        for b in &others {
            if let Some((x, y)) = reader.kept_apart(a, *b)? {
                return Err(Failure::new(
                    format!("{} and {} were judged different", own_name(&reader, x)?, own_name(&reader, y)?),
                    format!(
                        "take that judgement back first, if it was wrong: rapporteur judge {x} {y} take-back --because …"
                    ),
                ));
            }
        }
    }
    if verdict == Verdict::Different {
        for b in &others {
            if let Some((x, y)) = reader.joined_through(a, *b)?.first().copied() {
                return Err(Failure::new(
                    format!(
                        "they are one through other judgements: {} and {} were judged the same",
                        own_name(&reader, x)?,
                        own_name(&reader, y)?
                    ),
                    format!("take back the one that was wrong first: rapporteur judge {x} {y} take-back --because …"),
                ));
            }
        }
    }
    let judge =
        |b: &EntityId| Item::Judge(ledger::Judge { a, b: *b, verdict, reason: asked.because.clone(), origin: None });
    let author = Author::new(workspace.owner().account);
    let receipt = workspace.ledger.append(&author, others.iter().map(judge).collect())?;
    let further: String = others.iter().skip(1).map(|id| format!(" --and {id}")).collect();
    let b = others.first().copied().unwrap_or(a);
    if common.json {
        let further: Vec<String> = others.iter().skip(1).map(ToString::to_string).collect();
        text::json(&json!({"a": a.to_string(), "b": b.to_string(), "further": further, "entry": receipt.position}))?;
    } else if verdict == Verdict::Withdrawn {
        text::out(&format!("Taken back in entry {}: they are open again.", receipt.position))?;
    } else {
        text::out(&format!(
            "Recorded in entry {}. It can be taken back: rapporteur judge {a} {b} take-back{further} --because …",
            receipt.position
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What an entry itself is called, whatever it was judged to be the same as.
fn own_name(reader: &Reader<'_>, id: EntityId) -> Result<String, Failure> {
    match reader.own(id)?.into_iter().find(|own| own.property == "name") {
        Some(own) => Ok(reader.show(&own.value)?),
        None => Ok(reader.label(id)?),
    }
}

/// What nobody has judged in a workspace, the worthiest first: groups of three and more whole, and pairs.
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
    let stakes = Stakes::of(&figures.iter().collect::<Vec<_>>());
    if common.json {
        text::json(&as_data(&questions, &reader, &stakes)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let asked = questions.asked(&reader, &stakes)?;
    let unsure = |asked: &&Asked| matches!(asked, Asked::Pair(pair) if pair.standing == Standing::Unsure);
    let open = asked.len() - asked.iter().filter(unsure).count();
    let mut lines = vec![format!("{open} to judge among {} persons.", questions.people().len())];
    for asked in asked.iter().take(SHOWN) {
        let (probability, words, members) = match asked {
            Asked::Pair(pair) => (pair.probability, pair.words(), vec![pair.a, pair.b]),
            Asked::Several(set) => (set.probability, matching::words(set.probability), set.members.clone()),
        };
        let mut names: Vec<String> = Vec::new();
        for id in &members {
            let name = questions.name(&reader, *id)?;
            if members.len() == 2 || !names.contains(&name) {
                names.push(name);
            }
        }
        let records = if members.len() > 2 { format!(", in {} records", members.len()) } else { String::new() };
        // Never 100%: that is not known.
        let percent = (probability * 100.0).min(99.9);
        lines.push(format!("  {percent:>5.1}%  {}{records}  ({words})", names.join(" · ")));
        for two in members.chunks(2) {
            let ids: Vec<String> = two.iter().map(ToString::to_string).collect();
            lines.push(format!("          {}", ids.join(" ")));
        }
        if let Asked::Several(set) = asked
            && let Some(tie) = set.weak().filter(|tie| tie.probability < 0.9)
        {
            lines.push(format!(
                "          hangs on one weak link, {:.1}%: {} {}",
                tie.probability * 100.0,
                tie.a,
                tie.b
            ));
        }
    }
    if asked.len() > SHOWN {
        lines.push(format!("  … and {} more: --json gives them all", asked.len() - SHOWN));
    }
    if !asked.is_empty() {
        lines.push(
            "Judge: rapporteur judge A B same|different|unsure [--and C …] --because \"…\"; or in the pages, under Matches."
                .into(),
        );
    }
    text::out(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn as_data(questions: &Questions, reader: &Reader<'_>, stakes: &Stakes) -> Result<Value, Failure> {
    let record = |id: EntityId| -> Result<Value, Failure> {
        Ok(json!({"id": id.to_string(), "name": questions.name(reader, id)?}))
    };
    let titles = |titles: &[Arc<str>]| titles.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut pairs = Vec::new();
    for question in questions.open_with(reader, stakes)? {
        let parts: Vec<_> = question
            .parts
            .iter()
            .map(|part| json!({"comparison": &*part.comparison, "level": &*part.level, "bits": part.bits}))
            .collect();
        pairs.push(json!({
            "a": record(question.a)?, "b": record(question.b)?,
            "probability": question.probability, "weight": question.weight, "words": question.words(),
            "unsure": question.standing == Standing::Unsure, "counted_in": titles(&question.counted), "parts": parts,
        }));
    }
    let mut groups = Vec::new();
    for set in questions.sets(reader, stakes)? {
        let records = set.members.iter().map(|id| record(*id)).collect::<Result<Vec<_>, _>>()?;
        let alone = |tie: &matching::Tie| json!({"a": tie.a.to_string(), "b": tie.b.to_string(), "probability": tie.probability, "weight": tie.weight});
        groups.push(json!({
            "records": records, "probability": set.probability, "words": matching::words(set.probability),
            "counted_in": titles(&set.counted), "hangs_on": set.weak().map(alone),
        }));
    }
    Ok(json!({"position": reader.position(), "people": questions.people().len(), "open": pairs, "groups": groups}))
}
