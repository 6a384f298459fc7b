//! Lists: what a line with a colon says of the entries below it, and whom a sentence is about.

use super::{Context, Draft, Story, quote};
use crate::discourse::{Entity, Sentence};
use crate::lexicon::Flags;
use crate::penalty;
use crate::phrase::NpKind;

/// “The court jailed the following members: – Alena Marozava, 30 months”: an entry of the list.
pub(crate) fn entry(s: &Sentence, story: &Story, context: &Context<'_>) -> Option<Draft> {
    let lead = story.lead.as_ref()?;
    let item = s
        .items
        .iter()
        .take(6)
        .find(|i| i.np().is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_))))?;
    let who = match &item.np()?.kind {
        NpKind::Person(name) => Entity::Person(name.clone()),
        NpKind::Organisation(name) => Entity::Organisation(name.clone()),
        _ => return None,
    };
    if who.is_organisation() != lead.who.is_organisation() {
        return None;
    }
    let mut act = lead.act.clone();
    act.victim = who.victim();
    if act.sentence.is_some() || act.act_type == "sentence" {
        act.sentence = penalty::read(&s.tokens, item.end, s.tokens.len(), context.lexicon).or(act.sentence);
    }
    if let Some(d) = s.dates.iter().find(|d| !d.future && !d.qualifies) {
        act.date = Some(d.edtf());
    }
    let (a, b) = s.bytes(item.start, s.tokens.len());
    act.at = quote(context.reading, a, b);
    Some(Draft { act, who, paragraph: s.paragraph, inherited: false, own_facts: 2 })
}

/// Whom a sentence without acts is about: for “they” and “it” in the next.
pub(crate) fn subjects(s: &Sentence, story: &mut Story, context: &Context<'_>) {
    let Some(first) = s
        .items
        .iter()
        .take(5)
        .position(|i| i.np().is_some_and(|n| n.is_person() || matches!(n.kind, NpKind::Organisation(_))))
    else {
        return;
    };
    let Some(np) = s.np(first) else { return };
    if np.possessive
        || np.is_agent()
        || np.owned
        || np.negated
        || first > 0 && s.tokens[s.items[first - 1].start].is(Flags::PREPOSITION)
    {
        return;
    }
    if let NpKind::Organisation(_) = np.kind {
        story.memory.organisation =
            story.memory.resolve(np, s, first, &context.reading.text, context.registry).into_iter().next();
        return;
    }
    let mut list = s.list_after(first);
    let last = list.last().copied().unwrap_or(first);
    list.extend(s.companions(last));
    let several = list.len() > 1 || np.number.is_some_and(|n| n.value > 1);
    if several {
        let entities = list
            .iter()
            .filter_map(|&k| Some((k, s.np(k)?)))
            .flat_map(|(k, n)| story.memory.resolve(n, s, k, &context.reading.text, context.registry))
            .collect();
        story.memory.together_are(entities);
    }
}
