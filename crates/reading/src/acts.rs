//! Acts: what befell whom, from the triggers of a sentence (coding rules 1–7).

use crate::citations;
use crate::counts;
use crate::dates;
use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::{Flags, Lexicon};
use crate::model::{Act, Person, Quote, Relevance};
use crate::names::Registry;
use crate::penalty;
use crate::phrase::{ItemKind, NpKind};
use crate::roles::Subject;
use crate::sayings::Attribution;
use crate::text::Reading;
use crate::triggers::{Hit, Place};
use crate::verb::{self, Group};

/// An act before the same act told twice is made one.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub act: Act,
    pub who: Entity,
    pub paragraph: usize,
    /// Its date is that of the sentence before it.
    pub inherited: bool,
}

/// What a sentence is read with.
pub(crate) struct Context<'a> {
    pub reading: &'a Reading,
    pub lexicon: &'a Lexicon,
    pub registry: &'a Registry,
    pub attributions: &'a [Attribution],
}

/// What was found for one trigger.
struct Told {
    hit: Hit,
    group: Group,
    happened: bool,
    passive: bool,
    victims: Vec<(Entity, usize)>,
    agent: Option<usize>,
}

/// Where the story stands: carried from sentence to sentence.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub memory: Memory,
    /// The date of the scene that is being told, and its paragraph.
    pub scene: Option<(String, usize)>,
    /// What a line with a colon says of those in the list below it.
    pub lead: Option<Draft>,
    /// The date of the last verdict told, and its paragraph.
    pub verdict: Option<(String, usize)>,
}

/// The acts of a sentence.
pub(crate) fn read(s: &Sentence, story: &mut Story, context: &Context<'_>) -> Vec<Draft> {
    let lexicon = context.lexicon;
    let hits = hits(s, lexicon);
    let mut told: Vec<Told> = Vec::new();
    for hit in hits {
        let found = tell(s, hit, &told, &story.memory, context);
        if std::env::var("RD").is_ok() {
            eprintln!(
                "HIT {} {:?} happened={} passive={} subj={:?} obj={:?} victims={:?}",
                s.norm(found.hit.at),
                found.hit,
                found.happened,
                found.passive,
                s.subject(found.group.start),
                s.object(found.hit.head_end),
                found.victims
            );
        }
        if found.happened {
            let victims: Vec<Entity> = found.victims.iter().map(|(e, _)| e.clone()).collect();
            story.memory.remember_victims(&victims);
        }
        told.push(found);
    }
    let claimed_false = verb::called_false(&s.tokens, lexicon);
    let mut out = Vec::new();
    for k in 0..told.len() {
        let t = &told[k];
        if !t.happened || t.victims.is_empty() || (claimed_false && !t.hit.form.noun) {
            continue;
        }
        out.extend(draft(s, &told, k, story, context));
    }
    if s.tokens.last().is_some_and(|t| t.norm == ":") {
        story.lead = out.last().cloned();
    } else if !matches!(s.role, crate::text::Role::Item) {
        story.lead = None;
    }
    if let Some(d) =
        s.dates.iter().rfind(|d| d.from.day > 0 && d.to.is_none() && !d.future && !d.qualifies && !d.bound && !d.since)
    {
        story.scene = Some((d.edtf(), s.paragraph));
    }
    out
}

fn hits(s: &Sentence, lexicon: &Lexicon) -> Vec<Hit> {
    let mut out: Vec<Hit> = Vec::new();
    for at in 0..s.tokens.len() {
        if s.tokens[at].flags == Flags::NONE && s.tokens[at].norm.len() < 3 {
            continue;
        }
        let capital_inside = s.tokens[at].capital()
            && at > 0
            && !s.tokens[at - 1].is_opening()
            && s.role != crate::text::Role::Row
            && s.norm(at - 1) != "\"";
        if capital_inside {
            continue;
        }
        for hit in lexicon.triggers.at(&s.tokens, at) {
            // “a mixed force”, “the charge”: a base form alone is a noun, or tells of no event.
            let group = verb::group(&s.tokens, hit.at);
            let base = (hit.form.base || hit.form.third) && !hit.form.past && !hit.form.participle && group.bare();
            if base && !(hit.form.third && !s.dates.is_empty()) && hit.place != Place::Subject {
                continue;
            }
            // Within the words of another trigger of the same kind: “place under arrest”.
            let inside = out
                .iter()
                .any(|h| h.at < hit.at && hit.at < h.end && (h.act == hit.act || hit.form.noun) && h.weight > 1);
            if !inside {
                out.push(hit);
            }
        }
    }
    out
}

/// What noun and verb readings of a word tell it apart by.
fn reads_as_noun(s: &Sentence, at: usize) -> bool {
    let before = at.checked_sub(1).map(|k| &s.tokens[k]);
    before.is_some_and(|t| {
        t.is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::PREPOSITION)) && t.norm != "to" || t.possessive
    })
}

fn tell(s: &Sentence, hit: Hit, told: &[Told], memory: &Memory, context: &Context<'_>) -> Told {
    let group = verb::group(&s.tokens, hit.at);
    if hit.form.noun {
        return tell_noun(s, hit, group, memory, context);
    }
    let mut out = Told { group, happened: false, passive: false, victims: Vec::new(), agent: None, hit };
    let hit = &out.hit;
    if hit.place != Place::Fragment
        && (hit.form.base || hit.form.third)
        && !hit.form.participle
        && group.bare()
        && reads_as_noun(s, hit.at)
    {
        return out;
    }
    let object = s.object(hit.head_end.max(hit.at + 1)).filter(|&o| {
        // The object of a pattern with words behind it stands before them.
        hit.end <= hit.head_end || s.items[o].start < hit.end
    });
    let object_follows =
        object.is_some_and(|o| s.np(o).is_some_and(|n| (n.is_person() || n.is_organisation()) && !is_duration(s, o)));
    out.passive = verb::passive(&s.tokens, hit, &group, object_follows);
    let subject = s.subject(group.start);
    let shared = match subject {
        Subject::Shared(token) => told.iter().rev().find(|t| {
            t.hit.at <= token && token < t.hit.end.max(t.hit.at + 1)
                || t.hit.at == token
                || (t.group.start <= token && token <= t.hit.at)
        }),
        _ => None,
    };
    let inherited = shared.or_else(|| told.last().filter(|_| matches!(subject, Subject::Shared(_))));
    // A participle right before its noun: “arrested activists”.
    let adjective = hit.form.participle && group.bare() && s.item_of.get(hit.at).is_some_and(|&i| s.np(i).is_some());
    out.happened =
        !adjective && verb::happened(&s.tokens, hit, &group, inherited.filter(|_| group.bare()).map(|t| t.happened));
    // “We do not know what killed him”
    if group.start > 0 && matches!(s.norm(group.start - 1), "what" | "whatever") {
        out.happened = false;
    }
    if let Subject::Item(k) = subject
        && s.np(k).is_some_and(|n| n.negated || matches!(n.kind, NpKind::Nobody))
    {
        out.happened = false;
    }
    if !out.happened {
        // Still told for those who share its auxiliaries.
        return out;
    }
    let subject_list = |k: usize| members_left(s, k);
    let mut items: Vec<usize> = Vec::new();
    match hit.place {
        Place::Subject => match subject {
            Subject::Item(k) => items = subject_list(k),
            Subject::Shared(_) => {}
            Subject::None => {}
        },
        Place::Object if out.passive => {
            match subject {
                Subject::Item(k) => items = subject_list(k),
                Subject::Shared(_) | Subject::None => {}
            }
            out.agent = s.by_agent(hit.at + 1);
        }
        Place::Object => {
            if let Some(o) = object {
                items = members_right(s, o);
            }
            out.agent = match subject {
                Subject::Item(k) => Some(k),
                _ => inherited.and_then(|t| t.agent),
            };
        }
        Place::To(ref prepositions) => {
            items = after_preposition(s, hit.end.max(hit.at + 1), prepositions);
            if items.is_empty() && out.passive && prepositions.iter().any(|p| p == "to") {
                items = object.map(|o| members_right(s, o)).unwrap_or_default();
            }
            out.agent = match subject {
                Subject::Item(k) if !out.passive => Some(k),
                _ => None,
            };
        }
        Place::Holder => {
            out.victims = holder(s, hit, out.passive, memory, context);
            out.agent = match (out.passive, subject) {
                (true, _) => s.by_agent(hit.at + 1),
                (false, Subject::Item(k)) => Some(k),
                _ => None,
            };
        }
        Place::Noun(_) | Place::Fragment => {}
    }
    // “arrested … on charges of forging”
    if hit.place == Place::Fragment && s.norm(hit.at) == "on" {
        if let Some(t) = told.last().filter(|t| {
            t.happened && matches!(context.lexicon.triggers.acts[t.hit.act].name.as_str(), "arrest" | "detention")
        }) {
            out.victims = t.victims.clone();
        }
        return out;
    }
    // “Among those killed on Friday was X”
    if out.passive && hit.at > 0 && s.norm(hit.at - 1) == "those" && group.bare() {
        let be = (hit.at + 1..s.tokens.len().min(hit.at + 9)).find(|&i| s.tokens[i].is(Flags::BE));
        items = be
            .and_then(|i| s.item_of.get(i + 1).copied())
            .filter(|&k| s.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_))))
            .map(|k| s.list_after(k))
            .unwrap_or_default();
    }
    if items.is_empty()
        && out.victims.is_empty()
        && (out.passive || matches!(hit.place, Place::Subject | Place::Fragment))
    {
        // “was arrested … and charged”: the same people.
        if let Some(t) = inherited {
            if t.passive || t.hit.place == Place::Subject || group.bare() {
                out.victims = t.victims.clone();
            } else if let Some(agent) = t.agent {
                items = members_left(s, agent);
            }
        } else if let Some(item) = opening_subject(s, group.start) {
            items = members_left(s, item);
        } else if matches!(subject, Subject::Shared(_))
            && matches!(s.role, crate::text::Role::Item | crate::text::Role::Row)
        {
            // “Leng Chanrith, 24, …; charged with”: an entry of a list is about the one it begins with.
            items = s
                .items
                .iter()
                .take(9)
                .position(|i| i.np().is_some_and(|n| matches!(n.kind, NpKind::Person(_))))
                .into_iter()
                .collect();
        } else if hit.at == 0 || group.start == 0 {
            // “Released this noon”: the one of the sentence before.
            out.victims = memory.victims.iter().map(|e| (e.clone(), hit.at)).collect();
        }
    }
    // “three members were deported, among them Ros Samnang”
    if out.passive
        && items.iter().any(|&k| s.np(k).is_some_and(|n| n.kind == NpKind::Common || n.kind == NpKind::Number))
    {
        let after = s.item_of.get(out.hit.end.saturating_sub(1)).map_or(s.items.len(), |&k| k + 1);
        for k in after..s.items.len().min(after + 16) {
            let more = if s.word(k) == "," { s.companions_at(k) } else { Vec::new() };
            if more.first().is_some_and(|&m| {
                s.np(m).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_)))
            }) {
                items.extend(more);
                break;
            }
        }
    }
    for item in items {
        let Some(np) = s.np(item) else { continue };
        if np.negated || matches!(np.kind, NpKind::Nobody) {
            out.happened = false;
        }
        // “those arrested” alone, “45 gatherings”: no victims.
        if !(np.is_person() || np.is_organisation())
            || np.kind == NpKind::Number
                && out.group.bare()
                && out.passive
                && s.norm(out.hit.at.saturating_sub(1)) == "those"
        {
            continue;
        }
        for entity in memory.resolve(np, s, item, &context.reading.text, context.registry) {
            push(&mut out.victims, entity, s.items[item].start);
        }
    }
    out
}

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
    Some(Draft { act, who, paragraph: s.paragraph, inherited: false })
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

/// “Sentenced to two years in the same trial, she is still”: the subject after an opening participle.
fn opening_subject(s: &Sentence, group_start: usize) -> Option<usize> {
    if group_start != 0 {
        return None;
    }
    let comma = (0..s.items.len()).find(|&k| s.word(k) == ",")?;
    s.np(comma + 1).filter(|n| n.is_person()).map(|_| comma + 1)
}

fn push(list: &mut Vec<(Entity, usize)>, entity: Entity, token: usize) {
    if !list.iter().any(|(e, _)| *e == entity) {
        list.push((entity, token));
    }
}

fn is_duration(s: &Sentence, item: usize) -> bool {
    s.items.get(item + 1).is_some_and(|it| s.tokens[it.start].is(Flags::NOT_UNIT))
        && s.np(item).is_some_and(|n| n.kind == NpKind::Number)
}

/// A subject with those who stand in its list, its heading if that counts more than are named, and its companions.
fn members_left(s: &Sentence, k: usize) -> Vec<usize> {
    let k = s.apposed_after(k).unwrap_or(k);
    let mut list = s.list_before(k);
    list.extend(s.companions(k));
    with_heading(s, list)
}

fn members_right(s: &Sentence, k: usize) -> Vec<usize> {
    // “unionist and activist Rong Chhun”: one person with two roles.
    let one = s.np(k).is_some_and(|n| {
        n.kind == NpKind::Common && !n.plural && n.number.is_none() && !n.definite && n.described == s.items[k].start
    }) && s.word(k + 1) == "and"
        && s.np(k + 2).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.head.is_empty());
    let k = if one { k + 2 } else { k };
    let k = s.apposed_after(k).unwrap_or(k);
    let mut list = s.list_after(k);
    if let Some(&last) = list.last() {
        list.extend(s.companions(last));
    }
    // “arrested three activists, X, Y and Z”
    if let Some(np) = s.np(k)
        && matches!(np.kind, NpKind::Common)
        && np.number.is_some_and(|n| n.value > 1)
        && matches!(s.word(k + 1), "," | ":" | "—" | "–" | "(")
    {
        let first = k + 2;
        if s.np(first).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_))) {
            let named = s.list_after(first);
            if named.len() > 1 {
                list = named;
            }
        }
    }
    with_heading(s, list)
}

fn with_heading(s: &Sentence, mut list: Vec<usize>) -> Vec<usize> {
    if let Some(&first) = list.first()
        && let Some(heading) = s.heading(first)
        && let Some(number) = s.np(heading).and_then(|n| n.number)
        && number.value as usize > list.len()
        && list.len() > 1
    {
        list.insert(0, heading);
    }
    list
}

fn after_preposition(s: &Sentence, from: usize, prepositions: &[String]) -> Vec<usize> {
    let Some(&start) = s.item_of.get(from.min(s.tokens.len().saturating_sub(1))) else { return Vec::new() };
    for k in start..s.items.len().min(start + 14) {
        let word = s.word(k);
        if matches!(word, ";" | "." | "“" | "who" | "which") {
            break;
        }
        if prepositions.iter().any(|p| p == word) && s.np(k + 1).is_some_and(|n| n.is_person() || n.is_organisation()) {
            return members_right(s, k + 1);
        }
    }
    Vec::new()
}

/// Whose thing it is: “X's licence”, “the licence of X”, “its licence”.
fn holder(s: &Sentence, hit: &Hit, passive: bool, memory: &Memory, context: &Context<'_>) -> Vec<(Entity, usize)> {
    let mut out = Vec::new();
    let (from, to) = match hit.thing {
        Some(thing) => (thing.saturating_sub(8), thing + 1),
        None => (hit.head_end, hit.end),
    };
    let _ = passive;
    let resolve = |item: usize, out: &mut Vec<(Entity, usize)>| {
        if let Some(np) = s.np(item) {
            for e in memory.resolve(np, s, item, &context.reading.text, context.registry) {
                push(out, e, s.items[item].start);
            }
        }
    };
    // “of X”, “to the websites of at least three outlets”, “belonging to X”
    let after = hit.thing.map_or(hit.end, |t| t + 1);
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
        if matches!(s.norm(k), "of" | "for" | "to" | "belonging" | "at")
            && s.np(item + 1).is_some_and(|n| n.is_organisation() || n.is_person())
        {
            for m in members_right(s, item + 1) {
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
                "its" => memory.organisation.clone(),
                "their" => memory.many.first().cloned().or_else(|| memory.organisation.clone()),
                word @ ("his" | "her") => memory.pronoun(Some(word == "her")).map(Entity::Person),
                _ => None,
            };
            if let Some(e) = e {
                push(&mut out, e, k);
            }
        }
        k += 1;
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

fn tell_noun(s: &Sentence, hit: Hit, group: Group, memory: &Memory, context: &Context<'_>) -> Told {
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
            if s.np(k + 1).is_some_and(|n| n.is_person() || n.is_organisation()) {
                items = members_right(s, k + 1);
                break;
            }
            // “revocation of the media licence of X”: the next “of”.
            let later = (k + 1..s.items.len().min(k + 7))
                .take_while(|&j| s.word(j) != "," && s.word(j) != ".")
                .find(|&j| s.word(j) == "of" && s.np(j + 1).is_some_and(|n| n.is_person() || n.is_organisation()));
            if let Some(j) = later.filter(|_| word == "of") {
                items = members_right(s, j + 1);
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

/// The date of a trigger: the nearest to its right before the next event, else the one to its left.
fn date_of<'a>(s: &'a Sentence, told: &[Told], k: usize, detention: bool) -> Option<&'a dates::Found> {
    let t = &told[k];
    let summons = s.norm(t.hit.at).starts_with("summon");
    let usable = |d: &&dates::Found| {
        !d.bound
            && !d.qualifies
            && !(summons
                && d.start > 0
                && (s.norm(d.start - 1) == "for"
                    || (d.start.saturating_sub(3)..d.start).any(|i| s.norm(i) == "appear")))
            && (!d.since || detention || t.hit.form.noun)
    };
    let breaks = |a: usize, b: usize| {
        (a..b).any(|i| {
            matches!(
                s.norm(i),
                ";" | "|"
                    | "but"
                    | "after"
                    | "when"
                    | "before"
                    | "while"
                    | "because"
                    | "until"
                    | "who"
                    | "which"
                    | "where"
                    | "that"
                    | "than"
            ) && !s.dates.iter().any(|d| d.start <= i && i < d.end)
        })
    };
    // Another event between this one and a date takes the date, unless the two are joined.
    let next_event = |from: usize, to: usize| {
        told.iter().any(|o| {
            o.hit.at > from && o.hit.at < to && o.hit.at != t.hit.at && {
                let gap = &s.tokens[t.hit.at + 1..o.group.start.max(t.hit.at + 1)];
                !(gap.len() <= 3 && gap.iter().any(|g| matches!(g.norm.as_str(), "and" | ",")))
            }
        })
    };
    let right = s
        .dates
        .iter()
        .filter(usable)
        .find(|d| d.start > t.hit.at)
        .filter(|d| !breaks(t.hit.at + 1, d.start) && !next_event(t.hit.at, d.start));
    if right.is_some() {
        return right;
    }
    let left = s.dates.iter().filter(usable).rfind(|d| d.end <= t.hit.at)?;
    let between: Vec<usize> = (left.end..t.group.start.max(left.end)).collect();
    let opening = left.start <= 3
        && !(t.hit.form.noun && told.iter().any(|o| !o.hit.form.noun && left.end <= o.hit.at && o.hit.at < t.hit.at));
    let when = between.len() <= 8
        && between.first().is_some_and(|&i| s.norm(i) == "," && matches!(s.norm(i + 1), "when" | "where"));
    let own = told.iter().any(|o| {
        o.hit.at < left.start && o.hit.at > 0 && o.hit.end <= left.start && !o.hit.form.noun && {
            // The date directly after another verb is that verb's.
            !opening && !s.tokens[o.hit.end..left.start].iter().any(|x| matches!(x.norm.as_str(), "," | ";" | "and"))
        }
    });
    let turns = (left.end..t.group.start.max(left.end)).any(|i| {
        matches!(s.norm(i), "after" | "before" | "since" | "when" | "because" | "who" | "which" | "|" | ";")
            && !s.dates.iter().any(|d| d.start <= i && i < d.end)
    });
    if s.role == crate::text::Role::Row && turns {
        return None;
    }
    // The date of the main clause, told before its first verb: “The court on Monday convicted X and sentenced”.
    let main = !told.iter().any(|o| o.hit.at < left.start) && !turns && !t.hit.form.noun;
    if when || (opening && !turns || main) && !left.since {
        return Some(left);
    }
    if t.group.start.saturating_sub(left.end) <= 3 && !turns && !left.since {
        return Some(left);
    }
    if t.hit.form.noun && told.iter().any(|o| !o.hit.form.noun && left.end <= o.hit.at && o.hit.at < t.hit.at) {
        return None;
    }
    if t.hit.form.gerund && !turns {
        return Some(left);
    }
    let same_clause = !breaks(left.end, t.group.start.max(left.end));
    let joined = told.iter().any(|o| o.hit.at < left.start && o.happened);
    (same_clause && !own && !joined).then_some(left)
}

/// “died on 30 April, three days after he was arrested”: the date of the main clause, less the distance.
fn offset_date(s: &Sentence, told: &[Told], k: usize, lexicon: &Lexicon) -> Option<String> {
    let t = &told[k];
    let at =
        (t.group.start.saturating_sub(7)..t.group.start).rev().find(|&i| matches!(s.norm(i), "after" | "before"))?;
    let unit = s.norm(at.checked_sub(1)?);
    let scale = match unit.trim_end_matches('s') {
        "day" => 1,
        "week" => 7,
        _ => return None,
    };
    let number = at.checked_sub(2)?;
    let n = match s.norm(number) {
        "a" | "one" => 1,
        word => i64::try_from(lexicon.numbers.word(word)?).ok()?,
    };
    let main = s.dates.iter().rfind(|d| d.end <= number && d.from.day > 0 && d.to.is_none())?.from.first()?;
    let days = if s.norm(at) == "after" { -n * scale } else { n * scale };
    Some(main.plus_days(days).to_string())
}

fn draft(s: &Sentence, told: &[Told], k: usize, story: &mut Story, context: &Context<'_>) -> Vec<Draft> {
    let t = &told[k];
    let lexicon = context.lexicon;
    let text = &context.reading.text;
    let act = &lexicon.triggers.acts[t.hit.act];
    // The clause of this event ends where the next begins.
    let next = told
        .iter()
        .filter(|o| o.happened && !o.victims.is_empty() && !(o.hit.form.noun && o.hit.act == t.hit.act))
        .map(|o| o.group.start)
        .filter(|&at| at > t.hit.at + 1 && at >= t.hit.head_end)
        .min()
        .unwrap_or(s.tokens.len());
    let from = if t.hit.form.noun { t.hit.at.saturating_sub(4) } else { t.hit.at };
    let mut sentence = None;
    if act.needs_term {
        sentence = penalty::read(
            &s.tokens,
            from,
            if matches!(t.hit.place, Place::Object | Place::Subject) {
                s.tokens.len().min(next.max(t.hit.end + 1))
            } else {
                s.tokens.len()
            },
            lexicon,
        )
        .or_else(|| {
            penalty::read(&s.tokens, t.hit.at.saturating_sub(5), t.hit.at, lexicon).filter(|_| t.hit.form.noun)
        });
        let jailed = matches!(s.norm(t.hit.at), "jailed");
        if sentence.is_none() && !jailed {
            return Vec::new();
        }
    } else if matches!(act.name.as_str(), "detention" | "arrest")
        && s.norm(t.hit.at).starts_with("imprison")
        && penalty::read(&s.tokens, t.hit.at, next, lexicon).is_some()
    {
        return Vec::new();
    }
    let date = date_of(s, told, k, act.name == "detention");
    if date.is_some_and(|d| d.future) {
        return Vec::new();
    }
    let mut own = date.map(dates::Found::edtf);
    // “from 10 March to 1 June, when the court granted her bail”
    if let Some(d) = date.filter(|d| d.end <= t.hit.at && matches!(s.norm(d.end + 1), "when"))
        && let Some(to) = d.to
    {
        own = Some(to.edtf());
    }
    // “convicted on 5 May and sentenced”, “X was sentenced to two years, the others to one”: one verdict.
    if own.is_none() && matches!(act.name.as_str(), "sentence" | "conviction" | "acquittal") {
        let here = told
            .iter()
            .enumerate()
            .filter(|(j, o)| {
                *j != k
                    && matches!(lexicon.triggers.acts[o.hit.act].name.as_str(), "conviction" | "sentence" | "acquittal")
                    && o.happened
            })
            .find_map(|(j, _)| date_of(s, told, j, false))
            .map(dates::Found::edtf);
        own = here.or_else(|| {
            story.verdict.as_ref().filter(|(_, p)| s.paragraph.saturating_sub(*p) <= 1).map(|(d, _)| d.clone())
        });
    }
    if let (Some(d), "sentence" | "conviction" | "acquittal") = (&own, act.name.as_str()) {
        story.verdict = Some((d.clone(), s.paragraph));
    }
    // “arrested last week on charges of”
    if own.is_none() && t.hit.place == Place::Fragment && s.norm(t.hit.at) == "on" && k > 0 {
        own = date_of(s, told, k - 1, false).map(dates::Found::edtf);
    }
    if own.is_none() {
        own = offset_date(s, told, k, lexicon);
    }
    let mut inherited = false;
    // “was detained by men in masks outside her school”: being taken, not being kept (rule 5).
    let taken = s.norm(t.hit.at) == "detained"
        && t.hit.weight == 1
        && !t.hit.form.noun
        && !s.tokens[t.group.start..t.hit.at]
            .iter()
            .any(|x| matches!(x.norm.as_str(), "been" | "being" | "still" | "remains" | "remain" | "are" | "is"))
        && !date.is_some_and(|d| d.since || d.to.is_some())
        && !(t.hit.at + 1..s.tokens.len().min(t.hit.at + 7)).any(|i| {
            matches!(s.norm(i), "for" | "in" | "since" | "until")
                && (lexicon.numbers.term(&s.tokens, i + 1).is_some()
                    || matches!(s.norm(i + 1), "prison" | "jail" | "custody" | "pre-trial" | "pretrial"))
        });
    let fine = sentence.as_ref().is_some_and(|p| p.months.is_none());
    if own.is_none()
        && (act.scene || taken || fine)
        && !t.hit.form.noun
        && let Some((scene, paragraph)) = &story.scene
        && s.paragraph.saturating_sub(*paragraph) <= 3
    {
        own = Some(scene.clone());
        inherited = true;
    }
    if let Some(d) = date.filter(|d| d.from.day > 0 && d.to.is_none() && !d.since) {
        story.scene = Some((d.edtf(), s.paragraph));
    } else if inherited {
        story.scene = story.scene.take().map(|(d, _)| (d, s.paragraph));
    }
    let attribution = context.attributions.iter().find(|a| a.said.contains(&t.hit.at));
    let agent = t.agent.and_then(|item| {
        let it = s.items.get(item)?;
        let np = s.np(item)?;
        Some(match &np.kind {
            NpKind::Person(n) | NpKind::Organisation(n) => n.clone(),
            NpKind::Pronoun { .. } | NpKind::Number | NpKind::Nobody => return None,
            _ => s.words(text, if np.definite && np.number.is_none() { np.described } else { it.start }, it.end),
        })
    });
    let place = place_of(s, t.hit.at, next, text);
    let provisions = if act.legal { citations::provisions(s, text) } else { Vec::new() };
    let low = low_relevance(s, t, lexicon, &act.name);
    let clause_end =
        penalty_end(s, t, next, sentence.is_some()).max(date.filter(|d| d.start >= t.hit.at).map_or(0, |d| d.end));
    let mut out = Vec::new();
    for (who, token) in &t.victims {
        let fits = match act.only {
            Some(Person::Person) => !who.is_organisation(),
            Some(Person::Organisation) => who.is_organisation(),
            None => true,
        };
        if !fits {
            continue;
        }
        // “activists were arrested”, with neither number nor date: nothing to code.
        let exact = date.is_some_and(|d| d.from.day > 0 && !d.since && !d.period);
        if let Entity::Group { bounds: None, definite, .. } = who
            && (own.is_none() && !definite || !exact && !definite)
        {
            continue;
        }
        // “At least 24 defenders have been charged since 2020”: a total, so a count (rule 3).
        if matches!(who, Entity::Group { .. })
            && s.item_of.get(*token).and_then(|&i| s.np(i)).is_some_and(|np| {
                counts::is_total(s, date, np)
                    || s.dates.iter().any(|d| (d.since || d.period) && counts::is_total(s, Some(d), np))
            })
        {
            continue;
        }
        // “19 people are in prison”: how many there are, not what befell whom.
        if matches!(who, Entity::Group { bounds: Some(b), .. } if b.min.is_none_or(|n| n > 1))
            && act.name == "detention"
            && own.is_none()
            && (t.hit.place == Place::Subject || s.tokens[t.group.start..t.hit.at].iter().any(|x| x.norm == "are"))
        {
            continue;
        }
        let is_police = matches!(who, Entity::Group { .. })
            && s.item_of.get(*token).and_then(|&i| s.np(i)).is_some_and(|n| n.is_agent() && n.number.is_none());
        if is_police
            && !matches!(
                act.name.as_str(),
                "killing" | "physical-assault" | "dismissal" | "sentence" | "conviction" | "charge" | "arrest"
            )
        {
            continue;
        }
        let first = (*token)
            .min(t.group.start)
            .min(t.agent.filter(|_| !t.passive).and_then(|a| s.items.get(a)).map_or(usize::MAX, |i| i.start));
        let last =
            clause_end.max(t.hit.end).max(s.item_of.get(*token).and_then(|&i| s.items.get(i)).map_or(0, |i| i.end));
        let (a, b) = s.bytes(first, last.min(s.tokens.len()));
        let name = if taken { "arrest".to_owned() } else { act.name.clone() };
        out.push(Draft {
            act: Act {
                act_type: name,
                victim: who.victim(),
                date: own.clone(),
                place: place.clone(),
                agent: agent.clone(),
                provisions: provisions.clone(),
                sentence: sentence.clone(),
                asserter: attribution.map(|a| a.speaker.clone()),
                at: quote(context.reading, a, b),
                relevance: if low || is_police { Relevance::Low } else { Relevance::High },
            },
            who: who.clone(),
            paragraph: s.paragraph,
            inherited,
        });
    }
    out
}

fn penalty_end(s: &Sentence, t: &Told, next: usize, sentence: bool) -> usize {
    if !sentence {
        return t.hit.end;
    }
    (t.hit.at..next.min(s.tokens.len()))
        .take_while(|&i| !matches!(s.norm(i), ";" | "."))
        .filter(|&i| {
            s.tokens[i].is(Flags::NOT_UNIT)
                || matches!(s.norm(i), "prison" | "jail" | "suspended" | "riel")
                || s.norm(i).contains("-year")
                || s.norm(i).contains("-month")
        })
        .last()
        .map_or(t.hit.end, |i| i + 1)
}

/// “in Koh Kong”, “at the Poipet border post”: where the clause says it was.
fn place_of(s: &Sentence, at: usize, next: usize, text: &str) -> Option<String> {
    let first = *s.item_of.get(at)?;
    let last = s.item_of.get(next.min(s.tokens.len() - 1)).copied().unwrap_or(first);
    let find = |range: std::ops::Range<usize>| {
        range.into_iter().find_map(|k| {
            let led = k > 0 && matches!(s.word(k - 1), "in" | "at" | "near" | "outside" | "from" | "inside" | "to");
            let np = s.np(k)?;
            (led && matches!(np.kind, NpKind::Place(_) | NpKind::Named(_))).then(|| {
                let it = &s.items[k];
                s.words(text, np.described.max(it.start), it.end)
            })
        })
    };
    find(first..last.max(first + 1)).or_else(|| find(0..s.items.len()))
}

/// Ordinary crime, or what happens to a perpetrator (coding rule 6).
fn low_relevance(s: &Sentence, t: &Told, lexicon: &Lexicon, act: &str) -> bool {
    let legal = matches!(
        act,
        "arrest"
            | "detention"
            | "charge"
            | "conviction"
            | "sentence"
            | "indictment"
            | "acquittal"
            | "release"
            | "bail"
            | "summons"
    );
    let crime = legal
        && s.tokens.iter().skip(t.hit.at).take(18).any(|x| {
            x.is(Flags::CRIME)
                || (x.norm == "murder" || x.norm == "killing")
                    && matches!(act, "charge" | "conviction" | "sentence" | "arrest" | "acquittal")
        });
    let phrase = lexicon
        .phrases("crime_phrases")
        .iter()
        .any(|p| s.tokens.windows(p.len().max(1)).any(|w| w.iter().zip(p).all(|(a, b)| a.norm == *b)));
    crime || phrase
}

/// Bytes as a quote in code points.
pub(crate) fn quote(reading: &Reading, start: usize, end: usize) -> Quote {
    let (a, b) = (reading.code_point(start), reading.code_point(end));
    Quote { quote: reading.slice(a, b).to_owned(), start: a, end: b }
}
