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
    // “2. X and Y, brothers”: the mark of an entry is nobody.
    let mark = usize::from(
        s.np(0).is_some_and(|n| n.kind == NpKind::Number) && matches!(s.word(1), "." | ")" | ":" | "|" | "]"),
    );
    let Some(first) = s
        .items
        .iter()
        .take(5)
        .skip(mark)
        .position(|i| i.np().is_some_and(|n| n.is_person() || matches!(n.kind, NpKind::Organisation(_))))
        .map(|k| k + mark)
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

/// “Among them: union organisers A and B, and C”, “They are A, B and C”: the names of those told of as a group.
pub(super) fn named_after(s: &Sentence, story: &mut Story, context: &Context<'_>) -> Vec<Draft> {
    let Some((group, paragraph)) = story.group.clone() else { return Vec::new() };
    if s.paragraph.saturating_sub(paragraph) > 1 || s.tokens.last().is_some_and(|t| t.norm == ":") {
        return Vec::new();
    }
    const OPEN: [&[&str]; 16] = [
        &["among", "them"],
        &["among", "those"],
        &["among", "the"],
        &["they", "are"],
        &["they", "were"],
        &["they", "include"],
        &["they", "included"],
        &["these", "include"],
        &["these", "are"],
        &["those", "arrested"],
        &["those", "detained"],
        &["those", "held"],
        &["those", "taken"],
        &["those", "include"],
        &["the", "names"],
        &["including"],
    ];
    let from = (0..s.tokens.len().min(5)).find(|&i| {
        (i == 0 || !s.tokens[..i].iter().any(|t| t.norm.chars().all(char::is_alphabetic)))
            && OPEN.iter().any(|p| p.iter().enumerate().all(|(j, w)| s.norm(i + j) == *w))
    });
    // “Ms A, Ms B and Ms C.”: names alone, as many as were told of.
    let names_alone = || {
        let sizes: Vec<u64> = group
            .iter()
            .filter_map(|d| match &d.who {
                Entity::Group { bounds: Some(b), .. } => b.min.filter(|_| b.min == b.max),
                _ => None,
            })
            .collect();
        let first = s.np(0).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_)));
        (first && s.clauses.verbs.is_empty() && sizes.contains(&(s.list_after(0).len() as u64))).then_some(0)
    };
    let Some(from) = from.or_else(names_alone) else { return Vec::new() };
    let first = (s.item_of[from]..s.items.len().min(s.item_of[from] + 9))
        .find(|&k| s.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_))));
    let Some(first) = first.filter(|&k| !s.np(k).is_some_and(|n| n.possessive)) else { return Vec::new() };
    let list = s.list_after(first);
    let mut out = Vec::new();
    let mut named = Vec::new();
    for &k in &list {
        let who = match s.np(k).map(|n| &n.kind) {
            Some(NpKind::Person(name)) => Entity::Person(name.clone()),
            Some(NpKind::Organisation(name)) => Entity::Organisation(name.clone()),
            _ => continue,
        };
        let (a, b) = s.bytes(from, s.items[k].end);
        named.push(who.clone());
        for g in &group {
            if g.who.is_organisation() != who.is_organisation() {
                continue;
            }
            let mut d = g.clone();
            d.act.victim = who.victim();
            d.act.at = quote(context.reading, a, b);
            d.who = who.clone();
            d.paragraph = s.paragraph;
            d.own_facts = 2;
            out.push(d);
        }
    }
    // “All six” later are the group and those of it who have names.
    if let Some(g) = group.first().filter(|_| !named.is_empty()) {
        named.insert(0, g.who.clone());
        story.memory.together_are(named);
    }
    out
}

/// “Eleven of them, including the shop steward X,”, “The other two, A and B,”, “X was among the nine”: what was told
/// of the group befell them too.
pub(super) fn members_named(s: &Sentence, story: &Story, context: &Context<'_>) -> Vec<Draft> {
    let Some((group, paragraph)) = &story.group else { return Vec::new() };
    if s.paragraph.saturating_sub(*paragraph) > 2 {
        return Vec::new();
    }
    let name = |k: usize| match s.np(k).map(|n| &n.kind) {
        Some(NpKind::Person(name)) => Some(Entity::Person(name.clone())),
        _ => None,
    };
    let mut named: Vec<(Entity, usize)> = Vec::new();
    let mut least = 0;
    for k in 0..s.items.len() {
        let Some(np) = s.np(k) else { continue };
        let first = s.items[k].start;
        let whole = s.items[k].end;
        // “One of them”, “seven of the eleven”, “the other two”
        let of = s.word(k + 1) == "of"
            && s.np(k + 2).is_some_and(|n| {
                matches!(n.kind, NpKind::Pronoun { plural: true })
                    || n.definite && n.number.is_some_and(|n| n.value > 1)
            });
        let inside = (first..whole).any(|i| {
            s.norm(i) == "of"
                && (matches!(s.norm(i + 1), "them" | "those")
                    || s.norm(i + 1) == "the" && context.lexicon.numbers.word(s.norm(i + 2)).is_some())
        });
        let others = np.other && np.definite;
        // “Six women were roughed up. One, Ms. Srey Pov, suffered”
        let single = k == 0
            && np.number.is_some_and(|n| n.value == 1)
            && np.kind == NpKind::Number
            && s.word(1) == ","
            && name(2).is_some()
            && *paragraph == s.paragraph;
        if single && let Some(who) = name(2) {
            named.push((who, 2));
        }
        if let Some(number) = np.number.filter(|_| of || inside || others) {
            least = number.value;
            let at = if of { k + 2 } else { k };
            let mut list = s.names_after(at);
            if list.is_empty() && matches!(s.word(at + 1), "," | "(") && name(at + 2).is_some() {
                list = s.list_after(at + 2);
            }
            if list.is_empty() {
                list = s.companions(at);
            }
            named.extend(list.into_iter().filter_map(|m| Some((name(m)?, m))));
        }
        // “… were among the nine”
        if np.definite
            && np.number.is_some()
            && k >= 2
            && s.word(k - 1) == "among"
            && s.tokens[s.items[k - 2].start].is(Flags::BE)
            && let Some(first) = (0..k - 2).find(|&j| name(j).is_some() && !s.np(j).is_some_and(|n| n.possessive))
        {
            named.extend(s.list_after(first).into_iter().filter_map(|m| Some((name(m)?, m))));
        }
    }
    let mut out = Vec::new();
    for (who, item) in named {
        for g in group {
            let size = match &g.who {
                Entity::Group { bounds: Some(b), organisation: false, .. } => b.min.or(b.max).unwrap_or(0),
                _ => 0,
            };
            if size < 2 || size < least {
                continue;
            }
            let mut d = g.clone();
            d.act.victim = who.victim();
            if g.paragraph != s.paragraph {
                let (a, b) = s.bytes(0, s.items[item].end);
                d.act.at = quote(context.reading, a, b);
                d.paragraph = s.paragraph;
            }
            d.who = who.clone();
            d.own_facts = 1;
            out.push(d);
        }
    }
    out
}

/// “Three workers were summoned on Thursday: A, B and C.”: the names of a group at the end of its sentence.
pub(super) fn colon_names(s: &Sentence, out: &[Draft], context: &Context<'_>) -> Vec<Draft> {
    let named = |k: usize| s.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive);
    let colon = (1..s.items.len()).rev().find(|&k| {
        matches!(s.word(k), ":" | "—" | "–" | "--") && (named(k + 1) || named(k + 2) && s.np(k + 1).is_some())
    });
    let Some(colon) = colon else { return Vec::new() };
    let first = if named(colon + 1) { colon + 1 } else { colon + 2 };
    let list = s.list_after(first);
    let mut more = Vec::new();
    for g in out {
        let size = match &g.who {
            Entity::Group { bounds: Some(b), organisation: false, .. } => b.min.or(b.max).unwrap_or(0),
            _ => 0,
        };
        if size < 2 || size < list.len() as u64 {
            continue;
        }
        for &k in &list {
            let Some(NpKind::Person(name)) = s.np(k).map(|n| &n.kind) else { continue };
            let who = Entity::Person(name.clone());
            if out.iter().any(|d| d.who == who && d.act.act_type == g.act.act_type) {
                continue;
            }
            let mut d = g.clone();
            d.act.victim = who.victim();
            d.who = who;
            let end = context.reading.code_point(s.bytes(0, s.items[k].end).1);
            d.act.at.end = end.max(d.act.at.end);
            d.act.at.quote = context.reading.slice(d.act.at.start, d.act.at.end).to_owned();
            more.push(d);
        }
    }
    more
}

/// “The four, A, B, C and D,”, “The men, A and B,”: those whom the sentences before told of without names.
pub(super) fn names_of_number(s: &Sentence) -> Option<Vec<Entity>> {
    (0..s.items.len()).find_map(|k| {
        let np = s.np(k).filter(|n| n.definite && !n.other && !n.owned && !n.possessive)?;
        let number = np.number.map(|n| n.value);
        let many = number.map_or(np.plural && matches!(np.kind, NpKind::Common), |n| n > 1);
        if !many || s.word(k + 1) == "of" {
            return None;
        }
        // “The four are A, B, C and D.”
        let told = s.tokens.get(s.items[k].end).is_some_and(|t| matches!(t.norm.as_str(), "are" | "were"));
        let mut list = if told { s.list_after(k + 2) } else { s.names_after(k) };
        list.retain(|&m| s.np(m).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive));
        let names: Vec<Entity> = list
            .iter()
            .filter_map(|&m| match s.np(m).map(|n| &n.kind) {
                Some(NpKind::Person(name)) => Some(Entity::Person(name.clone())),
                _ => None,
            })
            .collect();
        (names.len() > 1 && number.is_none_or(|n| n == names.len() as u64)).then_some(names)
    })
}

/// Gives their names to the groups told of before: “Four members were remanded. … The four, A, B, C and D, …”.
pub(crate) fn name_groups(drafts: &mut [Vec<Draft>], named: &[(Vec<Entity>, usize)]) {
    for (names, paragraph) in named {
        let size = names.len() as u64;
        for found in drafts.iter_mut() {
            let fits = |d: &Draft| {
                matches!(&d.who, Entity::Group { bounds: Some(b), organisation: false, .. }
                    if b.min == Some(size) && b.max == Some(size))
                    && d.paragraph <= *paragraph
                    && paragraph - d.paragraph <= 3
            };
            if !found.iter().any(fits) {
                continue;
            }
            let old = std::mem::take(found);
            for d in old {
                if !fits(&d) {
                    found.push(d);
                    continue;
                }
                for who in names {
                    let mut one = d.clone();
                    one.act.victim = who.victim();
                    one.who = who.clone();
                    found.push(one);
                }
            }
        }
    }
}
