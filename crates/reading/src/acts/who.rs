//! Who stands in a list of victims, and whom its members mean.

use super::Context;
use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::Flags;
use crate::model::Person;
use crate::phrase::NpKind;

/// Adds an entity with its token, once.
pub(super) fn push(list: &mut Vec<(Entity, usize)>, entity: Entity, token: usize) {
    if !list.iter().any(|(e, _)| *e == entity) {
        list.push((entity, token));
    }
}

/// “for six months” after a verb is no object.
pub(super) fn is_duration(s: &Sentence, item: usize) -> bool {
    s.items.get(item + 1).is_some_and(|it| s.tokens[it.start].is(Flags::NOT_UNIT))
        && s.np(item).is_some_and(|n| n.kind == NpKind::Number)
}

/// What belongs to a victim rather than is one.
const THINGS: [&str; 12] = [
    "site", "sites", "website", "websites", "page", "pages", "account", "accounts", "channel", "channels", "office",
    "offices",
];

/// A noun phrase with those who stand in its list, and its companions. `ends`: it is the last of its list.
pub(super) fn members(s: &Sentence, k: usize, ends: bool) -> Vec<usize> {
    // “unionist and activist Rong Chhun”: one person with two roles.
    let one = s.np(k).is_some_and(|n| {
        n.kind == NpKind::Common && !n.plural && n.number.is_none() && !n.definite && n.described == s.items[k].start
    }) && s.word(k + 1) == "and"
        && s.np(k + 2).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.head.is_empty());
    let k = if one { k + 2 } else { k };
    // “a whatnot, Srey Vuth,”: a noun that no lexicon has, told by the name after it.
    if s.np(k).is_none() && !s.is_first_person(k) {
        let mut j = k;
        while s.nominal(j) && j < k + 9 {
            j += 1;
        }
        let j = s.after_modifiers(j.saturating_sub(1).max(k));
        if s.word(j) == "," && s.np(j + 1).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive) {
            return s.list_after(j + 1);
        }
    }
    // “X, a mother of three, sentenced last month”: the one whom the words between tell of.
    let mut role = k;
    while role >= 2
        && s.np(role).is_some_and(|n| matches!(n.kind, NpKind::Number | NpKind::Place(_) | NpKind::Organisation(_)))
        && matches!(s.word(role - 1), "of" | "from" | "in" | "at" | "with")
        && s.np(role - 2).is_some_and(|n| matches!(n.kind, NpKind::Common | NpKind::Number | NpKind::Place(_)))
        && s.word(k + 1) == ","
    {
        role -= 2;
    }
    if role >= 2
        && s.word(role - 1) == ","
        && s.np(role).is_some_and(|n| {
            n.kind == NpKind::Common
                && !n.plural
                && !n.definite
                && !n.possessive
                && n.number.is_none_or(|n| n.value == 1)
        })
        && matches!(s.norm(s.items[role].start), "a" | "an" | "one")
        && s.np(role - 2).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive)
    {
        return vec![role - 2];
    }
    // “the sites of Radio Sesan and of its sister paper”: whose sites they are.
    let thing = s.np(k).is_some_and(|n| THINGS.contains(&n.head.as_str()));
    if thing && s.word(k + 1) == "of" && s.np(k + 2).is_some_and(|n| n.is_organisation() || n.is_person()) {
        return members(s, k + 2, false);
    }
    let names = s.names_after(k);
    let size = s.np(k).and_then(|n| n.number).map(|n| n.value);
    let plural = s.np(k).is_some_and(|n| n.plural) || size.is_some_and(|n| n > 1);
    if let (false, Some(&name)) = (plural, names.first()) {
        return if ends { s.list_before(name) } else { s.list_after(name) };
    }
    if !names.is_empty() {
        // All of them are named, or some.
        let mut list = names;
        if size.is_some_and(|n| usize::try_from(n).is_ok_and(|n| n > list.len())) {
            list.insert(0, k);
        }
        return list;
    }
    let mut list = if ends { s.list_before(k) } else { s.list_after(k) };
    if let Some(&last) = list.last() {
        let mut more = s.companions(last);
        // “convicted X, president of the union, together with six members”
        let comma = s.after_modifiers(last);
        if more.is_empty() && !ends && s.word(comma) == "," {
            let close = (comma + 1..s.items.len().min(comma + 14))
                .take_while(|&j| s.items.get(j).is_some_and(|i| s.clauses.verb_at(i.start).is_none()))
                .find(|&j| s.word(j) == "," && matches!(s.word(j + 1), "together" | "along" | "alongside"));
            more = close.map(|j| s.companions_at(j)).unwrap_or_default();
        }
        list.extend(more);
    }
    if let Some(&first) = list.first()
        && let Some(heading) = s.heading(first)
        && let Some(number) = s.np(heading).and_then(|n| n.number)
        && usize::try_from(number.value).is_ok_and(|n| n > list.len())
        && list.len() > 1
    {
        list.insert(0, heading);
    }
    list
}

/// Those after one of the prepositions, from a token on.
pub(super) fn after_preposition(s: &Sentence, from: usize, prepositions: &[String]) -> Vec<usize> {
    let Some(&start) = s.item_of.get(from.min(s.tokens.len().saturating_sub(1))) else { return Vec::new() };
    for k in start..s.items.len().min(start + 14) {
        let word = s.word(k);
        if matches!(word, ";" | "." | "“" | "who" | "which") {
            break;
        }
        if prepositions.iter().any(|p| p == word)
            && (s.np(k + 1).is_some_and(|n| n.is_person() || n.is_organisation()) || s.is_first_person(k + 1))
        {
            return members(s, k + 1, false);
        }
    }
    Vec::new()
}

/// A name of two words or more that is no law, place or thing.
pub(crate) fn may_name(s: &Sentence, item: usize, only: Person) -> bool {
    let Some(it) = s.items.get(item) else { return false };
    let words = &s.tokens[it.start..it.end.min(s.tokens.len())];
    let capitals = words.iter().filter(|t| t.capital()).count();
    let plain = Flags::LAW_HEAD
        .with(Flags::PLACE_HEAD)
        .with(Flags::MONTH)
        .with(Flags::WEEKDAY)
        .with(Flags::AGENT)
        .with(Flags::DEMONYM);
    capitals >= 2
        && !words.iter().any(|t| {
            t.is(plain)
                && !(only == Person::Organisation && capitals >= 3 && t.is(Flags::AGENT.with(Flags::PLACE_HEAD)))
        })
        && (only == Person::Organisation
            || capitals <= 4 && !words.iter().any(|t| t.is(Flags::NOT_NAME.with(Flags::ORG_HEAD)) || t.norm == "the"))
}

/// A number that can stand for people: no age, year, mark of a note or number of a thing.
fn counts_people(s: &Sentence, item: usize) -> bool {
    let Some(number) = s.np(item).and_then(|n| n.number) else { return false };
    let before = s.items[item].start.checked_sub(1).map_or("", |i| s.norm(i));
    let after = s.norm(s.items[item].end);
    let thing = matches!(
        before,
        "[" | "aged"
            | "no."
            | "nos."
            | "article"
            | "articles"
            | "section"
            | "sections"
            | "art."
            | "room"
            | "–"
            | "-"
            | "/"
            | "$"
            | "centre"
            | "under"
    );
    let age = before == "and"
        && s.items[item].start >= 2
        && s.norm(s.items[item].start - 2).parse::<u64>().is_ok_and(|n| n < 120)
        && number.value < 120;
    !thing && !age && number.value < 1900 && !matches!(after, "]" | ")" | "/" | "%" | "–")
}

/// Whom the members of a list mean; nobody, if they are “nobody” or things.
pub(super) fn resolve(
    s: &Sentence,
    items: &[usize],
    memory: &Memory,
    context: &Context<'_>,
    only: Option<Person>,
    out: &mut Vec<(Entity, usize)>,
) {
    for &item in items {
        let token = s.items[item].start;
        if s.is_first_person(item) {
            if let Some(speaker) = context.speaker(token) {
                push(out, Entity::Person(speaker), token);
            }
            continue;
        }
        let Some(np) = s.np(item) else { continue };
        if np.owned && THINGS.contains(&np.head.as_str()) {
            continue;
        }
        // “Sambor River Guard”, “Kimly Ratha”: a name that nothing tells apart is what the act needs.
        if let NpKind::Named(name) = &np.kind
            && let Some(only) = only
            && may_name(s, item, only)
        {
            let entity =
                if only == Person::Person { Entity::Person(name.clone()) } else { Entity::Organisation(name.clone()) };
            push(out, entity, token);
            continue;
        }
        if !(np.is_person() || np.is_organisation()) || np.kind == NpKind::Number && !counts_people(s, item) {
            continue;
        }
        for entity in memory.resolve(np, s, item, &context.reading.text, context.registry) {
            push(out, entity, token);
        }
    }
}
