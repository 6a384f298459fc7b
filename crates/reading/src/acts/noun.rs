//! Nouns that tell of an act: “the arrest of X”, “his release on 5 May”.

use super::who::{members, push};
use super::{Context, Told};
use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::Flags;
use crate::phrase::{ItemKind, NpKind};
use crate::triggers::{Hit, Place};
use crate::verb::{self, Group};

pub(super) fn tell(s: &Sentence, hit: Hit, group: Group, memory: &Memory, context: &Context<'_>) -> Told {
    let mut out = Told { group, happened: false, passive: true, victims: Vec::new(), agent: None, hit };
    let hit = &out.hit;
    let Place::Noun(prepositions) = &hit.place else { return out };
    let act = &context.lexicon.triggers.acts[hit.act];
    // A verb by its place, or a noun that only qualifies another: “arrest warrant”, “detention centre”.
    let next = s.tokens.get(hit.end);
    if !s.dates.iter().any(|d| d.start == hit.end)
        && next.is_some_and(|t| {
            t.is_word()
                && t.case == crate::token::Case::Lower
                && !t.is(Flags::PREPOSITION
                    .with(Flags::CONJUNCTION)
                    .with(Flags::ADVERB)
                    .with(Flags::BE)
                    .with(Flags::HAVE)
                    .with(Flags::MODAL)
                    .with(Flags::SUBORDINATOR)
                    .with(Flags::RELATIVE)
                    .with(Flags::TRIGGER)
                    .with(Flags::SPEECH))
                && !t.norm.ends_with("ed")
        })
        || s.tokens[hit.at].possessive
    {
        return out;
    }
    // “will have to spend three years on probation after his release”
    let to_come = act.name == "release"
        && s.tokens[..hit.at].iter().any(|t| t.is(Flags::MODAL))
        && matches!(s.norm(hit.at.saturating_sub(2)), "after" | "until" | "before" | "upon" | "since");
    out.happened = !to_come && verb::noun_happened(&s.tokens, hit.at, &act.name);
    if !out.happened {
        return out;
    }
    let mut items = Vec::new();
    let start = s.item_of.get(hit.end).copied().unwrap_or(s.items.len());
    for k in start..s.items.len().min(start + 16) {
        let word = s.word(k);
        if prepositions.iter().any(|p| p == word) {
            // “of the media licence of X”: the first is a part of the thing's name.
            let compound = s.np(k + 1).is_some_and(|n| n.kind == NpKind::Common)
                && s.items.get(k + 2).is_some_and(|i| matches!(i.kind, ItemKind::Word))
                && s.nominal(k + 2)
                && !s.tokens[s.items[k + 2].start].is(Flags::ADVERB);
            if !compound && s.np(k + 1).is_some_and(|n| n.is_person() || n.is_organisation()) {
                items = members(s, k + 1, false);
                break;
            }
            // “revocation of the media licence of X”: the next “of”.
            let later = (k + 1..s.items.len().min(k + 7))
                .take_while(|&j| s.word(j) != "," && s.word(j) != ".")
                .find(|&j| s.word(j) == "of" && s.np(j + 1).is_some_and(|n| n.is_person() || n.is_organisation()));
            if let Some(j) = later.filter(|_| word == "of") {
                items = members(s, j + 1, false);
                break;
            }
            if word != "on" && word != "to" {
                break;
            }
        }
        let it = &s.items[k];
        let t = &s.tokens[it.start];
        let carries = matches!(it.kind, ItemKind::Date)
            || matches!(word, "and" | "," | "'" | "’" | "or")
            || t.norm.starts_with(|c: char| c.is_ascii_digit())
            || t.is(Flags::NUMBER.with(Flags::NOT_UNIT).with(Flags::TRIGGER))
            || matches!(
                word,
                "to" | "for"
                    | "in"
                    | "on"
                    | "imprisonment"
                    | "arbitrary"
                    | "subsequent"
                    | "prison"
                    | "jail"
                    | "the"
                    | "a"
            )
            || s.np(k).is_some_and(|n| n.kind == NpKind::Number || n.flags.any(Flags::UNIT));
        if !carries {
            break;
        }
    }
    // “2-years' imprisonment” is a sentence.
    let termed = (hit.at.saturating_sub(3)..hit.at).any(|i| {
        context.lexicon.numbers.term(&s.tokens, i).is_some()
            || s.norm(i) == "life"
            || s.norm(i).starts_with("year")
            || s.norm(i).starts_with("month")
    });
    if termed && act.name == "detention" {
        out.happened = false;
        return out;
    }
    let counted = hit.at > 0 && context.lexicon.numbers.word(s.norm(hit.at - 1)).is_some();
    if counted {
        return out;
    }
    if items.is_empty() && prepositions.iter().any(|p| p == "of") {
        // “Rong Chhun's July 31 arrest”, “his arrest”
        for k in (hit.at.saturating_sub(5)..hit.at).rev() {
            let item = s.item_of[k];
            if s.tokens[k].is(Flags::PREPOSITION.with(Flags::BE).with(Flags::HAVE)) || matches!(s.norm(k), "," | ";") {
                break;
            }
            if s.np(item).is_some_and(|n| n.possessive && (n.is_person() || n.is_organisation())) {
                items = s.list_before(item);
                break;
            }
            if s.tokens[k].is(Flags::POSSESSIVE) {
                let e = match s.norm(k) {
                    "its" => memory.organisation.iter().cloned().collect(),
                    "their" => {
                        if memory.many.is_empty() {
                            memory.victims.clone()
                        } else {
                            memory.many.clone()
                        }
                    }
                    "my" => context.speaker(k).map(Entity::Person).into_iter().collect(),
                    word @ ("his" | "her") => {
                        memory.pronoun(Some(word == "her")).map(Entity::Person).into_iter().collect::<Vec<_>>()
                    }
                    _ => Vec::new(),
                };
                for entity in e {
                    push(&mut out.victims, entity, k);
                }
                break;
            }
        }
    }
    for item in items {
        let Some(np) = s.np(item) else { continue };
        for entity in memory.resolve(np, s, item, &context.reading.text, context.registry) {
            // “the arrest of activists”: nobody in particular.
            let vague = matches!(&entity, Entity::Group { bounds: None, .. });
            if !vague {
                push(&mut out.victims, entity, s.items[item].start);
            }
        }
    }
    out.agent = s.by_agent(hit.end);
    out
}
