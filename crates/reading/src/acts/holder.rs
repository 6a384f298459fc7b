//! Whose thing it is that something befell: “X's licence”, “the homes of ten families”.

use super::Context;
use super::who::{members, push};
use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::Flags;
use crate::phrase::NpKind;
use crate::triggers::Hit;

/// Whose thing it is: “X's licence”, “the licence of X”, “its licence”.
pub(super) fn holder(s: &Sentence, hit: &Hit, memory: &Memory, context: &Context<'_>) -> Vec<(Entity, usize)> {
    let mut out = Vec::new();
    let (from, to) = match hit.thing {
        Some(thing) => (thing.saturating_sub(8), thing + 1),
        None => (hit.head_end, hit.end),
    };
    let resolve = |item: usize, out: &mut Vec<(Entity, usize)>| {
        if let Some(np) = s.np(item) {
            for e in memory.resolve(np, s, item, &context.reading.text, context.registry) {
                push(out, e, s.items[item].start);
            }
        }
    };
    // “of X”, “to the websites of at least three outlets”, “belonging to X”
    // “turned the newsroom of the Dinkal upside down”: within the words of the pattern too.
    let after = hit.thing.map_or(if hit.end > hit.head_end + 2 { hit.head_end + 1 } else { hit.end }, |t| t + 1);
    let stop = hit.thing.map_or(s.tokens.len(), |_| hit.at);
    let mut k = after;
    while k < stop.min(after + 14) {
        let Some(&item) = s.item_of.get(k) else { break };
        let both = s.norm(k) == "and" && (k + 1..s.tokens.len().min(k + 6)).any(|j| s.norm(j) == "of");
        if matches!(s.norm(k), ";" | "." | "," | "who" | "and") && !both {
            break;
        }
        // “access to the websites of at least three outlets”: the outlets'.
        let thing = s.np(item + 1).is_some_and(|n| {
            matches!(
                n.head.as_str(),
                "website"
                    | "websites"
                    | "site"
                    | "sites"
                    | "page"
                    | "pages"
                    | "account"
                    | "accounts"
                    | "channel"
                    | "channels"
            )
        }) && (item + 2..s.items.len().min(item + 9)).any(|j| s.word(j) == "of");
        if thing {
            k += 1;
            continue;
        }
        // “the soles of my feet”, “of his house”
        if matches!(s.norm(k), "of" | "to" | "on")
            && s.tokens.get(k + 1).is_some_and(|t| t.is(Flags::POSSESSIVE))
            && !s.np(item + 1).is_some_and(|n| n.is_person() || n.is_organisation())
        {
            let e = match s.norm(k + 1) {
                "my" => context.speaker(k + 1).map(Entity::Person),
                word @ ("his" | "her") => memory.possessor(Some(word == "her")),
                _ => None,
            };
            if let Some(e) = e {
                push(&mut out, e, k + 1);
                return out;
            }
        }
        if matches!(s.norm(k), "of" | "for" | "to" | "belonging" | "at")
            && s.np(item + 1).is_some_and(|n| n.is_organisation() || n.is_person())
        {
            for m in members(s, item + 1, false) {
                resolve(m, &mut out);
            }
            if !out.is_empty() {
                return out;
            }
        }
        k += 1;
    }
    let mut k = from;
    while k < to.min(s.tokens.len()) {
        let item = s.item_of[k];
        if s.np(item).is_some_and(|n| n.possessive && (n.is_person() || n.is_organisation())) {
            for m in s.list_before(item) {
                resolve(m, &mut out);
            }
        } else if s.tokens[k].is(Flags::POSSESSIVE) {
            let e = match s.norm(k) {
                "my" => context.speaker(k).map(Entity::Person),
                "its" => memory.organisation.clone(),
                "their" => {
                    // “X and Y, cousins. Their houses were searched”
                    for who in memory.many.iter().filter(|e| matches!(e, Entity::Person(_))) {
                        push(&mut out, who.clone(), k);
                    }
                    memory.many.first().cloned().or_else(|| memory.organisation.clone())
                }
                word @ ("his" | "her") => memory.possessor(Some(word == "her")),
                _ => None,
            };
            if let Some(e) = e {
                push(&mut out, e, k);
            }
        }
        k += 1;
    }
    // “The court overturned the conviction”, “lowered the term to 20 months”: of those told of last.
    let act = context.lexicon.triggers.acts[hit.act].name.as_str();
    if out.is_empty() && matches!(act, "acquittal" | "sentence") {
        let thing = hit.thing.or_else(|| {
            (hit.head_end..hit.end).find(|&i| {
                matches!(
                    s.norm(i),
                    "conviction"
                        | "convictions"
                        | "sentence"
                        | "sentences"
                        | "term"
                        | "terms"
                        | "verdict"
                        | "punishment"
                )
            })
        });
        if let Some(thing) = thing
            && thing > 0
            && matches!(s.norm(thing - 1), "the" | "that" | "this" | "both" | "these")
            && s.norm(thing + 1) != "of"
        {
            for e in memory.victims.iter().filter(|e| !e.is_organisation()) {
                push(&mut out, e.clone(), thing);
            }
        }
    }
    // “the application was rejected”: that of the body told of.
    if out.is_empty()
        && let Some(thing) = hit.thing
        && thing > 0
        && s.norm(thing - 1) == "the"
        && let Some(e) = &memory.organisation
    {
        push(&mut out, e.clone(), thing);
    }
    if out.is_empty() && hit.thing.is_none() {
        // “pulled down the houses of”, “raided the radio station's office” found none: the object itself.
        if let Some(o) = s.object(hit.head_end).filter(|&o| {
            s.items[o].start < hit.end
                && s.np(o).is_some_and(|n| n.is_organisation() || matches!(n.kind, NpKind::Person(_)))
        }) {
            resolve(o, &mut out);
        }
    }
    out
}
