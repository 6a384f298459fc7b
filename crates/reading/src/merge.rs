//! The same event told twice is one act (coding rule 2).

use schema::Date;

use crate::acts::Draft;
use crate::discourse::Entity;
use crate::model::{Act, Group};

/// Whether two dates can be one event's.
fn agree(a: &Option<String>, b: &Option<String>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if a != b => match (Date::parse(a), Date::parse(b)) {
            (Ok(a), Ok(b)) => a.possibly_within(&b) || b.possibly_within(&a),
            _ => false,
        },
        _ => true,
    }
}

/// Whether two dates lie within a month of each other.
fn near(a: &Option<String>, b: &Option<String>) -> bool {
    let first = |d: &Option<String>| {
        d.as_ref().and_then(|d| Date::parse(d).ok()).and_then(|d| d.possible_range().0).map(|d| d.number())
    };
    match (first(a), first(b)) {
        (Some(a), Some(b)) => a.abs_diff(b) <= 31,
        _ => true,
    }
}

fn same_penalty(a: &Act, b: &Act) -> bool {
    match (&a.sentence, &b.sentence) {
        (Some(x), Some(y)) => x.months == y.months || x.months.is_none() || y.months.is_none(),
        _ => true,
    }
}

/// Fills what the first telling left open from the second.
fn fill(first: &mut Act, second: &Act) {
    let finer = match (&first.date, &second.date) {
        (None, Some(_)) => true,
        (Some(a), Some(b)) => {
            // A day within the stretch that was told of all: “between … police arrested 29, among them X, who was taken on …”.
            let within = a.contains('/')
                && b.len() == 10
                && first.act_type != "detention"
                && matches!((Date::parse(a), Date::parse(b)), (Ok(a), Ok(b)) if b.possibly_within(&a));
            (b.len() > a.len() || within) && !b.contains('/') && !b.ends_with('~')
        }
        _ => false,
    };
    if finer {
        first.date.clone_from(&second.date);
    }
    if first.place.is_none() {
        first.place.clone_from(&second.place);
    }
    if first.agent.is_none() {
        first.agent.clone_from(&second.agent);
    }
    for p in &second.provisions {
        if !first.provisions.contains(p) {
            first.provisions.push(p.clone());
        }
    }
    match (&mut first.sentence, &second.sentence) {
        (Some(a), Some(b)) => {
            a.months = a.months.or(b.months);
            a.to_serve_months = a.to_serve_months.or(b.to_serve_months);
            if a.fine.is_none() {
                a.fine.clone_from(&b.fine);
            }
        }
        (a @ None, Some(b)) => *a = Some(b.clone()),
        _ => {}
    }
}

/// How much a telling says by itself: the quote is the one that says most (gold README, “Headlines”).
fn facts(d: &Draft) -> u8 {
    d.own_facts
}

fn same_entity(a: &Entity, b: &Entity) -> bool {
    match (a, b) {
        (Entity::Group { bounds: x, description: d, .. }, Entity::Group { bounds: y, description: e, .. }) => {
            let head =
                |s: &str| s.split(" of ").next().and_then(|s| s.split_whitespace().last()).map(str::to_lowercase);
            x == y && (d == e || head(d) == head(e) || x.is_some_and(|b| b.min.is_some_and(|n| n > 2)))
        }
        _ => a == b,
    }
}

/// One act for each victim and event, in the order of the text.
pub(crate) fn merge(drafts: Vec<Draft>) -> Vec<Act> {
    let mut out: Vec<Draft> = Vec::new();
    for draft in drafts {
        let twin = out.iter_mut().find(|d| {
            let reread = d.act.act_type == "detention" || d.act.act_type == "arrest";
            d.act.act_type == draft.act.act_type
                && same_entity(&d.who, &draft.who)
                && (agree(&d.act.date, &draft.act.date)
                    || (draft.inherited || d.inherited) && reread && near(&d.act.date, &draft.act.date))
                && same_penalty(&d.act, &draft.act)
        });
        match twin {
            Some(first) => {
                if first.inherited && !draft.inherited && draft.act.date.is_some() {
                    first.act.date.clone_from(&draft.act.date);
                    first.inherited = false;
                }
                if facts(&draft) > facts(first) + 1 {
                    first.act.at = draft.act.at.clone();
                    first.paragraph = draft.paragraph;
                }
                first.own_facts = facts(first).max(facts(&draft));
                fill(&mut first.act, &draft.act);
                if first.act.asserter.is_some() && draft.act.asserter.is_none() {
                    first.act.asserter = None;
                }
            }
            None => out.push(draft),
        }
    }
    let mut out = name_the_unnamed(out);
    // Found guilty on a day, and the term told without one: one verdict.
    let verdicts: Vec<(Entity, String, &str)> = out
        .iter()
        .filter_map(|d| {
            let other = match d.act.act_type.as_str() {
                "conviction" => "sentence",
                "sentence" => "conviction",
                _ => return None,
            };
            Some((d.who.clone(), d.act.date.clone()?, other))
        })
        .collect();
    for d in &mut out {
        let mut same = verdicts.iter().filter(|(who, _, kind)| *who == d.who && *kind == d.act.act_type);
        if d.act.date.is_none()
            && let (Some((_, date, _)), None) = (same.next(), same.next())
        {
            d.act.date = Some(date.clone());
        }
    }
    // “hit in the chest and died at the scene”: one killing.
    let killed: Vec<(Entity, usize, Option<String>)> = out
        .iter()
        .filter(|d| d.act.act_type == "killing")
        .map(|d| (d.who.clone(), d.paragraph, d.act.date.clone()))
        .collect();
    out.retain(|d| {
        d.act.act_type != "physical-assault"
            || !killed.iter().any(|(w, p, date)| *w == d.who && *p == d.paragraph && agree(date, &d.act.date))
    });
    // A taking that is then denied or hidden is one disappearance, and no arrest beside it.
    let gone: Vec<(Entity, Option<String>, usize)> = out
        .iter()
        .filter(|d| d.act.act_type == "enforced-disappearance")
        .map(|d| (d.who.clone(), d.act.date.clone(), d.paragraph))
        .collect();
    for (who, date, paragraph) in gone {
        let taking = out.iter().position(|d| {
            d.act.act_type == "arrest"
                && d.who == who
                && agree(&d.act.date, &date)
                && (d.paragraph.abs_diff(paragraph) <= 1 || d.act.date == date && date.is_some())
        });
        if let Some(k) = taking {
            let arrest = out.remove(k);
            if let Some(d) = out.iter_mut().find(|d| d.act.act_type == "enforced-disappearance" && d.who == who) {
                let at = d.act.at.clone();
                fill(&mut d.act, &arrest.act);
                if arrest.own_facts > d.own_facts && d.paragraph != arrest.paragraph {
                    d.act.at = arrest.act.at;
                } else {
                    d.act.at = at;
                }
            }
        }
    }
    named_groups(out).into_iter().map(|d| d.act).collect()
}

/// “charged the head of a garment workers' union … Prum Sovathy, 41, was”: who is first told by
/// role and then by name. Only where nobody else has been named before.
fn name_the_unnamed(mut drafts: Vec<Draft>) -> Vec<Draft> {
    let one = |d: &Draft| matches!(&d.who, Entity::Group { bounds: Some(b), organisation: false, .. } if b.min == Some(1) && b.max == Some(1));
    let first = drafts.iter().position(|d| matches!(d.who, Entity::Person(_))).unwrap_or(drafts.len());
    for i in 0..drafts.len() {
        if !one(&drafts[i]) || i > first {
            continue;
        }
        let after = |d: &&Draft| {
            let apart = d.paragraph.saturating_sub(drafts[i].paragraph);
            matches!(d.who, Entity::Person(_)) && apart > 0 && apart <= 4 && agree(&d.act.date, &drafts[i].act.date)
        };
        // Only where one person is told of: “three villagers and a reporter” are four.
        let alone = !drafts.iter().any(|d| d.act.at == drafts[i].act.at && d.who != drafts[i].who);
        let Some(later) = drafts[i + 1..].iter().find(after).filter(|_| alone).map(|d| d.who.clone()) else {
            continue;
        };
        drafts[i].who = later.clone();
        drafts[i].act.victim = later.victim();
        drafts[i].own_facts = drafts[i].own_facts.saturating_sub(3);
    }
    let mut out: Vec<Draft> = Vec::new();
    for draft in drafts {
        match out.iter_mut().find(|d| {
            d.act.act_type == draft.act.act_type
                && d.who == draft.who
                && agree(&d.act.date, &draft.act.date)
                && same_penalty(&d.act, &draft.act)
        }) {
            Some(first) => {
                if draft.own_facts > first.own_facts {
                    first.act.at = draft.act.at.clone();
                    first.own_facts = draft.own_facts;
                }
                fill(&mut first.act, &draft.act);
            }
            None => out.push(draft),
        }
    }
    out
}

/// A group all of whose members are named: the names are told, the group is not.
fn named_groups(drafts: Vec<Draft>) -> Vec<Draft> {
    let keep: Vec<bool> = drafts
        .iter()
        .map(|d| {
            let Some(Group { min: Some(min), max: Some(max), .. }) = &d.act.victim.group else { return true };
            if min != max || *min < 2 {
                return true;
            }
            let named = drafts
                .iter()
                .filter(|o| {
                    o.act.act_type == d.act.act_type && o.act.victim.name.is_some() && agree(&o.act.date, &d.act.date)
                })
                .count() as u64;
            let near = drafts
                .iter()
                .filter(|o| {
                    o.act.act_type == d.act.act_type
                        && o.act.victim.name.is_some()
                        && o.paragraph == d.paragraph
                        && agree(&o.act.date, &d.act.date)
                })
                .count() as u64;
            named != *min && near != *min
        })
        .collect();
    drafts.into_iter().zip(keep).filter(|(_, k)| *k).map(|(d, _)| d).collect()
}
