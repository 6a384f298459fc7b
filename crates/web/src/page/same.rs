//! Same or different? What is worth asking, the worthiest first: groups that may be one, and pairs.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ledger::Reader;
use matching::{Asked, Question, Questions, Set, Standing};
use schema::EntityId;
use serde_json::{Value, json};

use crate::Site;
use crate::ask::Ask;
use crate::markup::{Words, counted};
use crate::page::same_words::{Last, address, is_open, last, own_name, own_names, percent, sources};
use crate::problem::Problem;
use crate::room::{Room, answer, data, html, see};
use crate::shell::{Nav, Shell};

/// Questions on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "same.html")]
struct Page {
    shell: Shell,
    people: String,
    open: usize,
    lists: usize,
    rows: Vec<Row>,
    unsure: Vec<Row>,
    more: usize,
    judged: usize,
    learnt: Option<String>,
    trained: String,
    none: bool,
    last: Option<Last>,
    past: bool,
}

struct Row {
    href: String,
    who: Words,
    likely: &'static str,
    percent: String,
    sources: Words,
    counted: Words,
}

pub async fn list(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        if room.ask.query.has("next") {
            return on(room, &[], room.ask.query.number("after"));
        }
        let weighed = room.site.matchers.weighed(room)?;
        let page = room.site.matchers.soon(room, |questions| {
            if room.ask.json {
                return Ok(data(&as_data(room, questions, &weighed.stakes)?));
            }
            let asked = questions.asked(&room.reader, &weighed.stakes)?;
            let (open, unsure): (Vec<_>, Vec<_>) = asked.iter().partition(|asked| is_open(asked));
            let row = |asked: &&Asked| row(room, asked);
            let learnt = questions.learnt();
            html(&Page {
                shell: room.shell("Same or different?", Nav::Same)?,
                people: counted(questions.people().len(), "person", "persons"),
                open: open.len(),
                lists: lists::lists_in(&room.reader)?.len(),
                rows: open.iter().take(PAGE).map(row).collect::<Result<_, _>>()?,
                unsure: unsure.iter().take(PAGE).map(row).collect::<Result<_, _>>()?,
                more: open.len().saturating_sub(PAGE),
                judged: questions.judged(),
                learnt: (learnt.judgements > 0).then(|| {
                    let told = counted(learnt.judgements, "judgement", "judgements");
                    format!(
                        "Learnt from {told} here: what was scored at 50% stands at {}, and what was at 90% stands at {}.",
                        percent(learnt.probability(0.0)),
                        percent(learnt.probability(9.0_f64.log2()))
                    )
                }),
                trained: questions.trained().to_owned(),
                none: questions.people().len() < 2,
                last: last(room)?,
                past: room.ask.session.looks_at_the_past(),
            })
        })?;
        page.map_or_else(|| comparing(room), Ok)
    })
    .await
}

#[derive(Template)]
#[template(path = "comparing.html")]
struct Comparing {
    shell: Shell,
    address: String,
}

/// The page that stands in until the records are compared.
pub fn comparing(room: &Room<'_>) -> Result<Response, Problem> {
    html(&Comparing {
        shell: room.shell("The records are being compared", Nav::Same)?,
        address: room.ask.address.clone(),
    })
}

/// On to the next question, in the ledger as it is now: one about these records if there is one, and otherwise the worthiest.
pub fn on(room: &Room<'_>, about: &[EntityId], judged: Option<u64>) -> Result<Response, Problem> {
    let now = Room { site: room.site, ask: room.ask, reader: fresh(room)? };
    let weighed = now.site.matchers.weighed(&now)?;
    let found = now.site.matchers.soon(&now, |questions| {
        let asked = questions.asked(&now.reader, &weighed.stakes)?;
        let open =
            |wanted: &dyn Fn(&Asked) -> bool| asked.iter().find(|asked| is_open(asked) && wanted(asked)).map(address);
        Ok(open(&|asked| about.iter().any(|id| asked.holds(*id))).or_else(|| open(&|_| true)))
    })?;
    let suffix = judged.map(|position| format!("judged={position}"));
    Ok(match (found, suffix) {
        // Not compared yet: that page asks again.
        (None, _) => comparing(room)?,
        (Some(found), suffix) => {
            let found = found.unwrap_or_else(|| "/same".into());
            see(&suffix.map_or_else(|| found.clone(), |suffix| format!("{found}?{suffix}")))
        }
    })
}

/// A reader of what is there now: this request may have written since its own was made.
fn fresh<'a>(room: &Room<'a>) -> Result<Reader<'a>, Problem> {
    Ok(room.site.workspace.ledger.read(&room.ask.session.view())?)
}

/// Before and after a question in the order of all: for those who look without judging.
pub fn neighbours(asked: &[Asked], here: impl Fn(&Asked) -> bool) -> (Option<String>, Option<String>) {
    let at = asked.iter().position(here);
    let of = |at: Option<usize>| at.and_then(|at| asked.get(at)).map(address);
    (of(at.and_then(|at| at.checked_sub(1))), of(at.map_or(Some(0), |at| Some(at + 1))))
}

fn row(room: &Room<'_>, asked: &Asked) -> Result<Row, Problem> {
    let known = |id| -> Result<Words, Problem> {
        let labels: Vec<Words> = sources(room, id)?.iter().take(2).map(|label| Words::of(label)).collect();
        Ok(Words::joined(&labels, ", "))
    };
    let titles =
        |titles: &[Arc<str>]| Words::joined(&titles.iter().map(|title| Words::of(title)).collect::<Vec<_>>(), ", ");
    Ok(match asked {
        Asked::Pair(question) => {
            let name = |id| -> Result<Words, Problem> { Ok(Words::of(&own_name(room, id)?)) };
            Row {
                href: address(asked),
                who: Words::joined(&[name(question.a)?, name(question.b)?], " · "),
                likely: question.words(),
                percent: percent(question.probability),
                sources: Words::joined(&[known(question.a)?, known(question.b)?], " / "),
                counted: titles(&question.counted),
            }
        }
        Asked::Several(set) => {
            let mut all: Vec<String> = Vec::new();
            for id in &set.members {
                all.extend(sources(room, *id)?);
            }
            all.sort_unstable();
            all.dedup();
            let more = all.len().saturating_sub(3);
            let mut labels: Vec<Words> = all.iter().take(3).map(|label| Words::of(label)).collect();
            if more > 0 {
                labels.push(Words::of(&format!("and {more} more")));
            }
            Row {
                href: address(asked),
                who: own_names(room, &set.members)?,
                likely: matching::words(set.probability),
                percent: percent(set.probability),
                sources: Words::joined(&labels, " / "),
                counted: titles(&set.counted),
            }
        }
    })
}

fn as_data(room: &Room<'_>, questions: &Questions, stakes: &matching::Stakes) -> Result<Value, Problem> {
    let record =
        |id: EntityId| -> Result<Value, Problem> { Ok(json!({"id": id.to_string(), "name": own_name(room, id)?})) };
    let titles = |titles: &[Arc<str>]| titles.iter().map(|title| title.to_string()).collect::<Vec<_>>();
    let pair = |question: &Question| -> Result<Value, Problem> {
        Ok(json!({
            "a": record(question.a)?, "b": record(question.b)?,
            "probability": question.probability, "weight": question.weight, "words": question.words(),
            "unsure": question.standing == Standing::Unsure, "counted_in": titles(&question.counted),
        }))
    };
    let several = |set: &Set| -> Result<Value, Problem> {
        let ties = set.ties.iter().map(|tie| {
            json!({"a": tie.a.to_string(), "b": tie.b.to_string(), "probability": tie.probability, "weight": tie.weight,
                "needed": tie.needed, "holds_alone": tie.alone.is_some()})
        });
        Ok(json!({
            "records": set.members.iter().map(|id| record(*id)).collect::<Result<Vec<_>, _>>()?,
            "probability": set.probability, "words": matching::words(set.probability), "counted_in": titles(&set.counted),
            "more": set.more, "ties": ties.collect::<Vec<_>>(),
        }))
    };
    let open = questions.open_with(&room.reader, stakes)?;
    let sets = questions.sets(&room.reader, stakes)?;
    Ok(json!({
        "position": room.reader.position(),
        "open": open.iter().map(pair).collect::<Result<Vec<_>, _>>()?,
        "groups": sets.iter().map(several).collect::<Result<Vec<_>, _>>()?,
    }))
}
