//! Verdicts without a verb: “Two years each for the president, X”, “The ten others: 14 months, suspended”.

use super::who::{members, resolve};
use super::{Context, Draft, Story, quote};
use crate::discourse::{Entity, Sentence};
use crate::lexicon::Flags;
use crate::model::{Act, Relevance};
use crate::penalty;
use crate::text::Role;

/// The sentences that a line tells by their terms alone, after a conviction or in an entry of a list.
pub(super) fn bare_terms(s: &Sentence, story: &Story, told: &[Draft], context: &Context<'_>) -> Vec<Draft> {
    let lexicon = context.lexicon;
    let recent = story.verdict.as_ref().is_some_and(|(_, p)| s.paragraph.saturating_sub(*p) <= 1);
    let convicted: Vec<&Draft> =
        told.iter().filter(|d| matches!(d.act.act_type.as_str(), "conviction" | "charge")).collect();
    let sentenced = told.iter().any(|d| d.act.act_type == "sentence");
    let context_given = recent
        || !convicted.is_empty()
        || story.convicted.as_ref().is_some_and(|(_, p)| s.paragraph.saturating_sub(*p) <= 1);
    if sentenced || !context_given || matches!(s.role, Role::Row) {
        return Vec::new();
    }
    let Some((at, end)) = (0..s.tokens.len()).find_map(|i| {
        let (_, end) = lexicon.numbers.term(&s.tokens, i)?;
        let before = i.checked_sub(1).map_or("", |b| s.norm(b));
        let opens = i == 0 || matches!(before, ":" | ";" | "–" | "—" | "." | "-" | ")" | ",");
        let dated = s.dates.iter().any(|d| d.start <= i && i < d.end);
        let later = matches!(s.norm(end), "ago" | "later" | "after" | "before" | "earlier" | "old" | "since");
        (opens && !dated && !later).then_some((i, end))
    }) else {
        return Vec::new();
    };
    // A clause with a verb of its own before the term is another story.
    if s.clauses.verbs.iter().any(|v| {
        v.at < at
            && v.at + 6 > at
            && s.tokens[v.at].is(Flags::SPEECH.with(Flags::MODAL))
            && s.norm(v.at + 1) != "guilty"
    }) {
        return Vec::new();
    }
    let mut who: Vec<(Entity, usize)> = Vec::new();
    let memory = &story.memory;
    // “X: 14 months”, “Two years each for X”
    let before =
        (0..s.items.len()).take_while(|&k| s.items[k].start < at).find(|&k| s.np(k).is_some_and(|n| n.is_person()));
    let after = (0..s.items.len())
        .skip_while(|&k| s.items[k].start < end)
        .take(6)
        .find(|&k| k > 0 && s.word(k - 1) == "for" && s.np(k).is_some_and(|n| n.is_person()));
    if let Some(k) = after.or_else(|| {
        before.filter(|_| convicted.is_empty() && matches!(s.norm(at.wrapping_sub(1)), ":" | "–" | "—" | ","))
    }) {
        resolve(s, &members(s, k, false), memory, context, None, &mut who);
    } else if !convicted.is_empty() {
        who = convicted.iter().map(|d| (d.who.clone(), at)).collect();
    } else if let Some((list, _)) = &story.convicted {
        who = list.iter().map(|e| (e.clone(), at)).collect();
    }
    let Some(sentence) = penalty::read(&s.tokens, at, s.tokens.len(), lexicon) else { return Vec::new() };
    let date = convicted
        .first()
        .and_then(|d| d.act.date.clone())
        .or_else(|| story.verdict.as_ref().map(|(d, _)| d.clone()))
        .or_else(|| story.entry.as_ref().map(|(d, _)| d.clone()));
    let from = who.iter().map(|(_, t)| *t).min().unwrap_or(at).min(at);
    let to = who
        .iter()
        .map(|(_, t)| s.item_of.get(*t).and_then(|&i| s.items.get(i)).map_or(0, |i| i.end))
        .max()
        .unwrap_or(end)
        .max(end);
    let (a, b) = s.bytes(from, to.min(s.tokens.len()));
    let said = context.attributions.iter().find(|x| x.said.contains(&at)).map(|x| x.speaker.clone());
    who.into_iter()
        .map(|(who, _)| Draft {
            act: Act {
                act_type: "sentence".to_owned(),
                victim: who.victim(),
                date: date.clone(),
                place: None,
                agent: None,
                provisions: Vec::new(),
                sentence: Some(sentence.clone()),
                asserter: said.clone(),
                at: quote(context.reading, a, b),
                relevance: Relevance::High,
            },
            who,
            paragraph: s.paragraph,
            inherited: false,
            own_facts: 2,
        })
        .collect()
}
