//! Who acts and to whom it is done: their number stands in the act and is counted only where speakers differ.

use super::Context;
use super::quantity::Quantity;
use crate::acts::Draft;
use crate::discourse::Sentence;
use crate::lexicon::Flags;

/// “by 300 men”, “some twenty men in uniform”, “46 groups have asked”: who acts is not counted.
pub(super) fn acting(s: &Sentence, q: &Quantity) -> bool {
    let before = q.start.checked_sub(1).map_or("", |i| s.norm(i));
    let next = s.norm(q.end);
    let men = matches!(q.head.map(|h| s.norm(h)), Some("men" | "individuals" | "people" | "persons"));
    let named = q.found.value < 10
        && matches!(next, "," | ":" | "–" | "—" | "(")
        && s.tokens.get(q.end + 1).is_some_and(|t| t.capital() && !t.is(Flags::MONTH.with(Flags::WEEKDAY)));
    let speaking = matches!(q.unit.as_str(), "groups" | "media-outlets" | "parties")
        && (matches!(before, "undersigned" | "coalition" | "network" | "alliance" | "behalf" | "by" | "we")
            || (q.end..(q.end + 5).min(s.tokens.len())).any(|i| {
                s.tokens[i].is(Flags::SPEECH)
                    || matches!(
                        s.norm(i),
                        "asked"
                            | "urged"
                            | "call"
                            | "called"
                            | "signed"
                            | "undersigned"
                            | "condemned"
                            | "unions"
                            | "appealed"
                            | "wrote"
                    )
            }));
    let wearing = men
        && matches!(next, "wearing" | "in" | "carrying" | "armed" | "with" | "on" | "dressed" | "of")
        && !s.norm(q.end + 1).starts_with("prison")
        && q.found.value < 1000
        && (matches!(next, "wearing" | "carrying" | "armed" | "dressed")
            || matches!(
                s.norm(q.end + 1),
                "uniform"
                    | "uniforms"
                    | "plain"
                    | "civilian"
                    | "black"
                    | "masks"
                    | "dark"
                    | "camouflage"
                    | "motorbikes"
                    | "motorcycles"
                    | "balaclavas"
                    | "the"
            ));
    let by = before == "by"
        && s.tokens[..q.start].iter().rev().take(12).any(|t| t.is(Flags::TRIGGER) || t.norm.ends_with("ed"));
    // “2,860 members lost their jobs at 31 plants”: where, not how many.
    let where_to = matches!(q.unit.as_str(), "groups" | "media-outlets" | "parties" | "other")
        && matches!(before, "of" | "in" | "at" | "from" | "across" | "to")
        && s.tokens[..q.start.saturating_sub(1)].iter().rev().take(12).any(|t| t.is(Flags::PERSONS));
    let will = (q.end..q.end + 2).any(|i| matches!(s.norm(i), "will" | "shall" | "would"));
    // “sent to trial with 14 other former councillors”: with somebody whom the sentence is about.
    let along = before == "with" && (q.found.end..q.end).any(|i| matches!(s.norm(i), "other" | "others"));
    // “the full list of 46 groups”
    let listed = q.unit == "groups"
        && before == "of"
        && q.start > 1
        && matches!(
            s.norm(q.start - 2),
            "list" | "coalition" | "network" | "alliance" | "names" | "group" | "grouping"
        );
    listed || along || named || speaking || wearing || by || where_to || will
}

/// “two died”, “three were killed”: how many a disaster or attack cost.
pub(super) fn dying(s: &Sentence, q: &Quantity) -> bool {
    (q.end..(q.end + 3).min(s.tokens.len())).any(|i| matches!(s.norm(i), "died" | "dead" | "wounded" | "missing"))
}

/// “police arrested 29 workers”, “37 families were evicted”, “the arrest of 12”: the victims of one event.
pub(super) fn event(s: &Sentence, q: &Quantity, total: bool) -> bool {
    if total {
        return false;
    }
    let trigger = |i: usize| {
        s.tokens.get(i).is_some_and(|t| t.is(Flags::TRIGGER) && !t.is(Flags::BE.with(Flags::HAVE)) && t.norm.len() > 3)
    };
    let mut k = q.start;
    while k > 0 && s.tokens[k - 1].is(Flags::ADVERB.with(Flags::DETERMINER)) {
        k -= 1;
    }
    let acted = k > 0
        && (trigger(k - 1) && s.tokens[k - 1].is(Flags::PAST.with(Flags::PARTICIPLE).with(Flags::GERUND))
            || k > 1 && s.norm(k - 1) == "of" && trigger(k - 2)
            || k > 1
                && matches!(
                    s.norm(k - 1),
                    "up" | "against" | "out" | "to" | "away" | "off" | "down" | "guilty" | "dead"
                )
                && trigger(k - 2));
    let limit = (q.end + 14).min(s.tokens.len());
    let aux = (q.end..limit)
        .take_while(|&i| !matches!(s.norm(i), "," | ";" | "and" | "that" | "said" | ":"))
        .find(|&i| s.tokens[i].is(Flags::BE) && !matches!(s.norm(i), "are" | "is" | "be"));
    let suffered =
        aux.is_some_and(|i| (i + 1..(i + 5).min(s.tokens.len())).take_while(|&j| s.tokens[j].is_word()).any(trigger));
    // “12 workers lost their jobs”
    let mut verb = q.end;
    while s.tokens.get(verb).is_some_and(|t| t.is(Flags::ADVERB.with(Flags::HAVE)) || t.norm == "who") {
        verb += 1;
    }
    let active = trigger(verb) && !s.tokens[verb].is(Flags::BE) && !s.norm(verb).ends_with("ing");
    acted || suffered || active
}

/// Whom an act of this sentence befell, or who did it.
pub(super) fn is_victim(context: &Context<'_>, s: &Sentence, q: &Quantity, drafts: &[Draft]) -> bool {
    let (a, b) = s.bytes(q.start, q.end);
    let (a, b) = (context.reading.code_point(a), context.reading.code_point(b));
    let words = s.words(&context.reading.text, q.start, q.end);
    drafts.iter().any(|d| {
        let group = d.act.victim.group.as_ref().is_some_and(|g| (g.min, g.max) == (q.bounds.min, q.bounds.max));
        // “Two workers, X and Y, were injured”: told by name.
        let names = d.act.victim.name.is_some()
            && q.found.value < 12
            && !q.bounded()
            && drafts.len() as u64 >= q.found.value
            && d.act.at.start <= b + 3
            && a <= d.act.at.end;
        let actor = d.act.agent.as_ref().is_some_and(|x| x.contains(&words) || words.contains(x.as_str()));
        group && (d.act.at.start < b + 40) || names || actor
    })
}
