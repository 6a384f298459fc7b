//! What a verb tells: whether it happened, to whom, and by whom.

use super::who::{after_preposition, is_duration, members, push, resolve};
use super::{Context, Told, holder, noun};
use crate::clause::{Kind, Verb};
use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::Flags;
use crate::phrase::NpKind;
use crate::text::Role;
use crate::triggers::{Hit, Place};
use crate::verb;

pub(super) fn tell(s: &Sentence, hit: Hit, told: &[Told], memory: &Memory, context: &Context<'_>) -> Told {
    let group = verb::group(&s.tokens, hit.at);
    if hit.form.noun {
        return noun::tell(s, hit, group, memory, context);
    }
    let mut out = Told { group, happened: false, passive: false, victims: Vec::new(), agent: None, hit };
    if out.hit.place == Place::Fragment {
        fragment(s, &mut out, told, memory, context);
        return out;
    }
    let hit = &out.hit;
    let only = context.lexicon.triggers.acts[hit.act].only;
    // A word that is no verb where it stands: “a mixed force”, “the charge”, “arrested activists”.
    let Some((index, v)) = s.clauses.verb_at(hit.at) else { return out };
    let of_verb = |t: &&Told, v: &Verb| v.start <= t.hit.at && t.hit.at <= v.at;
    let inherited =
        v.joined.and_then(|j| s.clauses.verbs.get(j)).and_then(|j| told.iter().rev().find(|t| of_verb(t, j)));
    let object = s
        .object(hit.head_end.max(hit.at + 1))
        .or(v.object)
        .filter(|&o| hit.end <= hit.head_end || s.items[o].start < hit.end)
        // “refused four times to register the union”: what the last verb of the pattern takes.
        .or_else(|| s.object(hit.end));
    let object_follows =
        object.is_some_and(|o| s.np(o).is_some_and(|n| (n.is_person() || n.is_organisation()) && !is_duration(s, o)));
    out.passive = v.passive && hit.form.participle
        || hit.form.participle && group.be && hit.at == v.at
        || inherited.is_some_and(|t| t.passive) && v.passive;
    if out.passive && v.joined.is_some() && object_follows && !group.be {
        out.passive = false;
    }
    // “was found guilty and handed a term of 12 years”: handed is what she was.
    if !out.passive
        && group.bare()
        && hit.form.participle
        && hit.place == Place::Object
        && inherited.is_some_and(|t| t.passive)
        && !object_follows
    {
        out.passive = true;
    }
    // “Arrested 4 Feb.; let go 6 Feb.”
    if !out.passive
        && group.bare()
        && hit.form.participle
        && hit.place == Place::Object
        && !object_follows
        && matches!(s.role, Role::Row | Role::Item)
        && group.start > 0
        && matches!(s.norm(group.start - 1), ";" | "|")
    {
        out.passive = true;
    }
    out.happened = verb::happened(&s.tokens, hit, &group, inherited.filter(|_| group.bare()).map(|t| t.happened));
    // “My son held on to a net”
    if !out.passive
        && s.norm(hit.at) == "held"
        && matches!(s.norm(hit.at + 1), "on" | "onto" | "out" | "up" | "hands" | "that")
        || out.passive
            && !group.be
            && s.norm(hit.at) == "held"
            && s.norm(hit.at + 1) == "on"
            && s.norm(hit.at + 2) == "to"
    {
        out.happened = false;
        return out;
    }
    // “the workers fired first”
    if matches!(s.norm(hit.at), "fired" | "fire" | "fires")
        && !group.be
        && matches!(
            s.norm(hit.at + 1),
            "first" | "back" | "at" | "on" | "into" | "in" | "shots" | "tear" | "live" | "rubber"
        )
        && context.lexicon.triggers.acts[hit.act].name == "dismissal"
    {
        out.happened = false;
        return out;
    }
    // “We do not know what killed him”
    if group.start > 0 && matches!(s.norm(group.start - 1), "what" | "whatever") {
        out.happened = false;
    }
    let subject = v.subject;
    if subject.and_then(|k| s.np(k)).is_some_and(|n| n.negated || matches!(n.kind, NpKind::Nobody)) {
        out.happened = false;
    }
    // “Not a single journalist was deported”
    if subject
        .and_then(|k| s.items.get(k))
        .is_some_and(|i| i.start > 0 && matches!(s.norm(i.start - 1), "not" | "nor" | "never"))
    {
        out.happened = false;
    }
    // “those who beat us”: takes up what is known, and tells nothing.
    if !out.passive
        && matches!(s.norm(v.start.wrapping_sub(1)), "who" | "that")
        && matches!(
            s.norm(v.start.wrapping_sub(2)),
            "those" | "anyone" | "whoever" | "anybody" | "everyone" | "someone" | "somebody"
        )
    {
        out.happened = false;
    }
    if !out.happened {
        return out;
    }
    // “X and Y, who were sentenced”: both, for the verb is a plural's.
    let plural = matches!(s.norm(v.start), "were" | "are" | "have")
        && v.start > 0
        && s.norm(v.start - 1) == "who"
        && subject.and_then(|k| s.np(k)).is_some_and(|n| matches!(n.kind, NpKind::Person(_)));
    let subjects = || subject.map(|k| members(s, k, v.reduced || plural)).unwrap_or_default();
    let mut items: Vec<usize> = Vec::new();
    let active = subject.filter(|_| !out.passive);
    match hit.place {
        Place::Subject => items = subjects(),
        Place::Object if out.passive => {
            items = subjects();
            out.agent = s.by_agent(hit.at + 1);
        }
        Place::Object => {
            if let Some(o) = object.filter(|&o| !is_duration(s, o)) {
                items = members(s, o, false);
            } else if context.lexicon.triggers.acts[hit.act].name == "threat" {
                // “threatened to arrest her”, “threatened to burn their house”
                let next = s.clauses.verbs.get(index + 1).filter(|n| n.kind == Kind::Infinitive && n.start <= v.at + 2);
                items = next.and_then(|n| n.object).map(|o| members(s, o, false)).unwrap_or_default();
            }
            // “burned his chest with a soldering iron”: the one whose chest it is.
            if matches!(context.lexicon.triggers.acts[hit.act].name.as_str(), "torture" | "physical-assault")
                && items
                    .iter()
                    .all(|&k| !s.is_first_person(k) && s.np(k).is_none_or(|n| !n.is_person() && !n.is_organisation()))
                && s.tokens.get(hit.head_end).is_some_and(|t| t.is(Flags::POSSESSIVE))
            {
                let whose = match s.norm(hit.head_end) {
                    "my" => context.speaker(hit.head_end).map(Entity::Person),
                    word @ ("his" | "her") => memory.possessor(Some(word == "her")),
                    _ => None,
                };
                if let Some(whose) = whose {
                    items.clear();
                    push(&mut out.victims, whose, hit.head_end);
                }
            }
            out.agent = active;
        }
        Place::To(ref prepositions) => {
            items = match hit.thing {
                // “A vigil of some 60 people was broken up”
                Some(thing) => {
                    let mut list = after_preposition(s, thing, prepositions);
                    list.retain(|&k| s.items[k].start < hit.at);
                    // “A complaint of defamation is filed against X”
                    if list.is_empty() { after_preposition(s, hit.end.max(hit.at + 1), prepositions) } else { list }
                }
                None => after_preposition(s, hit.end.max(hit.at + 1), prepositions),
            };
            if items.is_empty() && out.passive && prepositions.iter().any(|p| p == "to") {
                items = object.map(|o| members(s, o, false)).unwrap_or_default();
            }
            out.agent = active;
        }
        Place::Holder => {
            out.victims = holder::holder(s, hit, memory, context);
            if out.victims.is_empty()
                && out.passive
                && let Some(owner) = v.owner
            {
                resolve(s, &members(s, owner, true), memory, context, only, &mut out.victims);
            }
            out.agent = if out.passive { s.by_agent(hit.at + 1) } else { active };
        }
        Place::Noun(_) | Place::Fragment => {}
    }
    // “whose house was searched”, “whose arm was broken”
    if let (Some(owner), true) = (v.owner, out.passive)
        && items.iter().all(|&k| s.np(k).is_none_or(|n| !n.is_person()))
    {
        items = members(s, owner, true);
    }
    // “Among those killed on Friday was X”
    if out.passive && hit.at > 0 && s.norm(hit.at - 1) == "those" && group.bare() {
        let be = (hit.at + 1..s.tokens.len().min(hit.at + 9)).find(|&i| s.tokens[i].is(Flags::BE));
        let named = |k: usize| s.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_)));
        let first = be.and_then(|i| s.item_of.get(i + 1).copied());
        items = first
            .and_then(|k| {
                // “Among those found guilty were the party's former deputy, X, and a widow of 63, Y”
                (k..s.items.len().min(k + 6))
                    .take_while(|&j| !matches!(s.word(j), ";" | "." | "who" | "and"))
                    .find(|&j| named(j) && !s.np(j).is_some_and(|n| n.possessive))
            })
            .map(|k| s.list_after(k))
            .unwrap_or_default();
    }
    let subjectless = out.passive || matches!(hit.place, Place::Subject);
    if items.is_empty() && out.victims.is_empty() && subjectless && subject.is_none() {
        if let Some(t) = inherited.filter(|t| !t.victims.is_empty()).or_else(|| {
            told.iter().rev().find(|t| t.happened && !t.victims.is_empty()).filter(|_| {
                group.bare()
                    && (matches!(s.role, Role::Item | Role::Row) || group.start > 0 && s.norm(group.start - 1) == ";")
            })
        }) {
            out.victims = t.victims.clone();
        } else if let Some(first) = s
            .items
            .iter()
            .take(9)
            .position(|i| i.np().is_some_and(|n| matches!(n.kind, NpKind::Person(_))))
            .filter(|_| matches!(s.role, Role::Item | Role::Row))
        {
            // “Leng Chanrith, 24, …; charged with”: an entry of a list is about the one it begins with.
            items = vec![first];
        } else if opens(s, group.start) {
            // “Released this noon”, “4 Mar. – Charged with plotting”: the one told of before.
            let about = memory.topic.as_ref().filter(|(_, p)| *p == s.paragraph).map(|(list, _)| list.clone());
            let hero = memory.hero.as_ref().filter(|_| memory.chronicle).map(|h| vec![Entity::Person(h.clone())]);
            let about = about.or(hero);
            let single = memory.person.as_ref().map(|p| vec![Entity::Person(p.clone())]);
            let list =
                about.or_else(|| Some(memory.victims.clone()).filter(|v| !v.is_empty())).or(single).unwrap_or_default();
            out.victims = list.into_iter().map(|e| (e, hit.at)).collect();
        }
    }
    // “police arrested X … and beat him”; “arrested and beat X” found its object above.
    if v.joined.is_some()
        && !out.passive
        && items.is_empty()
        && hit.place == Place::Object
        && object.is_none()
        && let Some(t) = inherited.filter(|t| !t.passive)
    {
        out.victims = t.victims.clone();
    }
    // “he was among 15 villagers arrested at a roadblock”: he was arrested too.
    if out.passive
        && group.bare()
        && let Some(k) = items.first().copied().filter(|&k| k >= 2 && s.word(k - 1) == "among")
        && s.tokens[s.items[k - 2].start].is(Flags::BE)
        && let Some((_, be)) = s.clauses.verb_at(s.items[k - 2].start)
        && let Some(subject) = be.subject
    {
        items.extend(members(s, subject, false));
    }
    // “came to his flat and searched it”: whose flat it is.
    if context.lexicon.triggers.acts[out.hit.act].name == "raid"
        && let [it] = items.as_slice()
        && s.np(*it).is_some_and(|n| n.kind == NpKind::It)
        && let Some(whose) = (0..out.hit.at).rev().find(|&i| s.tokens[i].is(Flags::POSSESSIVE) && s.norm(i) != "its")
    {
        items.clear();
        let owner = match s.norm(whose) {
            "my" | "our" => context.speaker(whose).map(Entity::Person),
            word @ ("his" | "her") => memory.pronoun(Some(word == "her")).map(Entity::Person),
            _ => memory.many.first().cloned(),
        };
        if let Some(owner) = owner {
            push(&mut out.victims, owner, out.hit.at);
        }
    }
    also_among(s, &out, &mut items);
    for &item in &items {
        if s.np(item).is_some_and(|n| n.negated || matches!(n.kind, NpKind::Nobody)) {
            out.happened = false;
        }
    }
    // “those arrested” alone: nobody in particular.
    items.retain(|&item| {
        !(s.np(item).is_some_and(|n| n.kind == NpKind::Number)
            && out.group.bare()
            && out.passive
            && s.norm(out.hit.at.saturating_sub(1)) == "those")
    });
    let mut victims = std::mem::take(&mut out.victims);
    resolve(s, &items, memory, context, only, &mut victims);
    out.victims = victims;
    out
}

/// Whether nothing but a date, a number or a mark stands before a token.
fn opens(s: &Sentence, token: usize) -> bool {
    s.tokens[..token].iter().enumerate().all(|(i, t)| {
        !t.is_word()
            || s.dates.iter().any(|d| d.start <= i && i < d.end)
            || t.norm.bytes().all(|b| b.is_ascii_digit() || b == b'/')
            || t.is(Flags::ADVERB)
    })
}

/// “three members were deported, among them Ros Samnang”
fn also_among(s: &Sentence, out: &Told, items: &mut Vec<usize>) {
    let group = |&k: &usize| s.np(k).is_some_and(|n| n.kind == NpKind::Common || n.kind == NpKind::Number);
    if !out.passive || items.is_empty() {
        return;
    }
    let after = s.item_of.get(out.hit.end.saturating_sub(1)).map_or(s.items.len(), |&k| k + 1);
    for k in after..s.items.len().min(after + 16) {
        if matches!(s.word(k), ";" | "who" | "which" | "when" | "after" | "but" | "while" | "that") {
            break;
        }
        // “She was seized together with her brother X and a driver”
        if matches!(s.word(k), "together" | "along" | "alongside")
            || s.word(k) == "with" && s.np(k + 1).is_some_and(|n| n.other && n.number.is_some())
        {
            let more = s.companions_at(k);
            items.extend(
                more.into_iter()
                    .filter(|&m| s.np(m).is_some_and(|n| n.is_person() && !matches!(n.kind, NpKind::Pronoun { .. }))),
            );
            break;
        }
        if !items.iter().any(group) {
            continue;
        }
        let more = if s.word(k) == "," { s.companions_at(k) } else { Vec::new() };
        if more
            .first()
            .is_some_and(|&m| s.np(m).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_))))
        {
            items.extend(more);
            break;
        }
    }
}

/// “arrested … on charges of forging”; “; in pre-trial detention” in an entry of a list.
fn fragment(s: &Sentence, out: &mut Told, told: &[Told], memory: &Memory, context: &Context<'_>) {
    let only = context.lexicon.triggers.acts[out.hit.act].only;
    if s.norm(out.hit.at) == "on" {
        let arrest = told.last().filter(|t| {
            t.happened && matches!(context.lexicon.triggers.acts[t.hit.act].name.as_str(), "arrest" | "detention")
        });
        if let Some(t) = arrest {
            out.happened = true;
            out.victims = t.victims.clone();
        }
        return;
    }
    out.happened = verb::happened(&s.tokens, &out.hit, &out.group, None);
    out.passive = true;
    let at = s.item_of.get(out.hit.at).copied().unwrap_or(0);
    let near = (at.saturating_sub(4)..at).rev().find(|&k| {
        s.np(k).is_some_and(|n| {
            matches!(n.kind, NpKind::Person(_)) || n.number.is_some() && n.is_person() && n.kind == NpKind::Common
        })
    });
    if let (Some(k), "guilty" | "not" | "acquitted") = (near, s.norm(out.hit.at)) {
        resolve(s, &members(s, k, true), memory, context, only, &mut out.victims);
    } else if let Some(t) = told.last().filter(|t| {
        only.is_none_or(|p| {
            t.victims.iter().any(|(e, _)| e.is_organisation() == (p == crate::model::Person::Organisation))
        })
    }) {
        out.victims = t.victims.clone();
    } else if let Some(first) = s.items.iter().take(9).position(|i| {
        i.np().is_some_and(|n| match only {
            Some(crate::model::Person::Organisation) => matches!(n.kind, NpKind::Organisation(_) | NpKind::Named(_)),
            _ => matches!(n.kind, NpKind::Person(_)) || n.is_person() && n.kind == NpKind::Common && n.number.is_some(),
        })
    }) {
        resolve(s, &members(s, first, false), memory, context, only, &mut out.victims);
    } else {
        for e in &memory.victims {
            push(&mut out.victims, e.clone(), out.hit.at);
        }
    }
}
