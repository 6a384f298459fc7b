//! Words that the pages about matches share: names, probabilities, what was judged a moment ago.

use std::collections::BTreeSet;

use ledger::{Judge, Verdict};
use matching::{Asked, Standing};
use schema::EntityId;

use crate::markup::Words;
use crate::problem::Problem;
use crate::room::Room;

/// What an entity itself is called, whatever it was judged to be the same as.
pub fn own_name(room: &Room<'_>, id: EntityId) -> Result<String, Problem> {
    let own = room.reader.own(id)?;
    let name = own.iter().find(|own| own.property == "name").or_else(|| own.iter().find(|own| own.property == "alias"));
    match name {
        Some(own) => Ok(room.reader.show(&own.value)?),
        None => Ok(room.reader.label(id)?),
    }
}

/// “99.3%”; never “100%”: that is not known.
pub fn percent(p: f64) -> String {
    match p * 100.0 {
        p if p > 99.9 => "over 99.9%".into(),
        p if p < 0.1 => "under 0.1%".into(),
        p if !(1.0..99.0).contains(&p) => format!("{p:.1}%"),
        p => format!("{p:.0}%"),
    }
}

/// The names of several records, each spelling once: “Tha Lavy, in 4 records”.
pub fn own_names(room: &Room<'_>, ids: &[EntityId]) -> Result<Words, Problem> {
    let names = ids.iter().map(|id| own_name(room, *id)).collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeSet::new();
    let each: Vec<Words> = names.iter().filter(|name| seen.insert(*name)).map(|name| Words::of(name)).collect();
    Ok(Words::joined(&[Words::joined(&each, " · "), Words::of(&format!(", in {} records", ids.len()))], ""))
}

/// Labels of the documents that speak of an entity itself.
pub fn sources(room: &Room<'_>, id: EntityId) -> Result<Vec<String>, Problem> {
    let sources: BTreeSet<EntityId> = room.reader.own(id)?.iter().filter_map(|own| own.source).collect();
    Ok(sources.into_iter().map(|id| room.reader.label(id)).collect::<Result<_, _>>()?)
}

#[must_use]
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "not judged yet",
        Standing::Unsure => "judged: it cannot be said",
        Standing::Same => "judged the same",
        Standing::Different => "judged different",
    }
}

#[must_use]
pub fn effect_words(effect: &matching::Effect) -> Words {
    let title = Words::of(&effect.title).linked(&format!("/figure/{}", effect.figure));
    Words::joined(&[title, Words::of(&format!(": {} → {}", effect.now, effect.then))], "")
}

/// Where a question is asked.
#[must_use]
pub fn address(asked: &Asked) -> String {
    match asked {
        Asked::Pair(question) => format!("/same/{}/{}", question.a, question.b),
        Asked::Several(set) => {
            format!("/same/several/{}", set.members.first().map(ToString::to_string).unwrap_or_default())
        }
    }
}

/// Whether nobody has looked at it yet.
#[must_use]
pub fn is_open(asked: &Asked) -> bool {
    !matches!(asked, Asked::Pair(question) if question.standing == Standing::Unsure)
}

/// What was judged a moment ago, and the way to take it back.
pub struct Last {
    pub text: Words,
    pub class: &'static str,
    pub undo: String,
}

/// The judgements of one entry, as far as this view has them.
pub fn judged_in(room: &Room<'_>, position: u64) -> Result<Vec<Judge>, Problem> {
    let since = room.reader.judgements_since(position.saturating_sub(1))?;
    Ok(since.into_iter().filter(|(_, at)| *at == position).map(|(judge, _)| judge).collect())
}

/// What was judged just before this page.
pub fn last(room: &Room<'_>) -> Result<Option<Last>, Problem> {
    let Some(position) = room.ask.query.number("judged") else { return Ok(None) };
    let judged = judged_in(room, position)?;
    let Some(first) = judged.first() else { return Ok(None) };
    let (verb, class) = match first.verdict {
        Verdict::Same => ("are the same", "verified"),
        Verdict::Different => ("are different", "another"),
        Verdict::Unsure => ("cannot be told apart or together", ""),
        Verdict::Withdrawn => ("are open again", ""),
    };
    let name = |id| -> Result<Words, Problem> { Ok(Words::of(&own_name(room, id)?)) };
    let of_one = judged.iter().all(|judge| judge.a == first.a);
    let text = match (judged.len(), first.verdict) {
        (1, _) => Words::joined(&[name(first.a)?, name(first.b)?], " and "),
        (many, Verdict::Different) if of_one => {
            Words::joined(&[name(first.a)?, Words::of(&format!(" and each of {many} others"))], "")
        }
        _ => {
            let ids: BTreeSet<EntityId> = judged.iter().flat_map(|judge| [judge.a, judge.b]).collect();
            own_names(room, &ids.into_iter().collect::<Vec<_>>())?
        }
    };
    Ok(Some(Last {
        text: Words::joined(&[text, Words::of(&format!(" {verb} (entry {position})"))], ""),
        class,
        undo: if first.verdict == Verdict::Withdrawn { String::new() } else { format!("/same/undo/{position}") },
    }))
}
