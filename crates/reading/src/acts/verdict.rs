//! Verdicts without a verb: “Two years each for the president, X”, “The ten others: 14 months, suspended”.

use super::who::{members, resolve};
use super::{Context, Draft, Story, quote};
use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::Flags;
use crate::model::{Act, Relevance};
use crate::penalty;
use crate::phrase::NpKind;
use crate::text::Role;

/// The sentences that a line tells by their terms alone, after a conviction or in an entry of a list.
pub(super) fn bare_terms(s: &Sentence, story: &Story, told: &[Draft], context: &Context<'_>) -> Vec<Draft> {
    let lexicon = context.lexicon;
    let recent = story.verdict.as_ref().is_some_and(|(_, p)| s.paragraph.saturating_sub(*p) <= 1);
    let convicted: Vec<&Draft> =
        told.iter().filter(|d| matches!(d.act.act_type.as_str(), "conviction" | "charge" | "indictment")).collect();
    let sentenced = told.iter().any(|d| d.act.act_type == "sentence");
    let context_given = recent
        || !convicted.is_empty()
        || story.convicted.as_ref().is_some_and(|(_, p)| s.paragraph.saturating_sub(*p) <= 1);
    // “Sar Bunnarith | driver | convicted; 18 months, all suspended”
    let row = matches!(s.role, Role::Row)
        && !told.iter().any(|d| {
            matches!(d.act.act_type.as_str(), "conviction" | "charge" | "indictment") && d.act.victim.name.is_some()
        });
    if sentenced || !context_given || row {
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

/// “X was handed eight years; the other seven received six”, “A got five years and B seven”: the verb or the unit is
/// left out, since the clause before has it.
pub(super) fn gapped(s: &Sentence, told: &[Draft], memory: &Memory, context: &Context<'_>) -> Vec<Draft> {
    let lexicon = context.lexicon;
    let Some(first) = told
        .iter()
        .find(|d| d.act.act_type == "sentence" && d.act.sentence.as_ref().is_some_and(|p| p.months.is_some()))
    else {
        return Vec::new();
    };
    // The unit of the first term in the sentence.
    let Some((begin, unit)) = (0..s.tokens.len()).find_map(|i| {
        let (_, end) = lexicon.numbers.term(&s.tokens, i)?;
        let unit = s.tokens[i..end].iter().find_map(|t| match t.norm.as_str() {
            w if w.contains("year") => Some(12.0),
            w if w.contains("month") => Some(1.0),
            _ => None,
        })?;
        Some((end, unit))
    }) else {
        return Vec::new();
    };
    let mut out: Vec<Draft> = Vec::new();
    for k in 1..s.items.len() {
        let it = &s.items[k];
        let Some(np) = s.np(k).filter(|n| n.is_person() && !n.possessive && !matches!(n.kind, NpKind::Pronoun { .. }))
        else {
            continue;
        };
        if it.start < begin || !matches!(s.word(k - 1), "and" | ";" | "," | "while" | "but" | "whereas") {
            continue;
        }
        if np.kind == NpKind::Number && !(np.definite || np.other) {
            continue;
        }
        // The verb, if there is one, and “to”.
        // “gave A four years, and B and C two years each”
        let list = s.list_after(k);
        let last = *list.last().unwrap_or(&k);
        let mut j = s.items.get(s.after_modifiers(last).saturating_sub(1)).map_or(it.end, |i| i.end).max(it.end);
        let mut steps = 0;
        while steps < 4
            && (s.tokens.get(j).is_some_and(|t| t.is(Flags::BE.with(Flags::HAVE)))
                || matches!(
                    s.norm(j),
                    "received"
                        | "got"
                        | "given"
                        | "handed"
                        | "sentenced"
                        | "to"
                        | "each"
                        | "jailed"
                        | "for"
                        | "about"
                        | ","
                ))
        {
            j += 1;
            steps += 1;
        }
        let bare = lexicon.numbers.bare(&s.tokens, j).filter(|(n, end)| {
            (1..=40).contains(n)
                && s.tokens.get(*end).is_none_or(|t| !t.is_word() || t.is(Flags::PREPOSITION.with(Flags::CONJUNCTION)))
        });
        let whole = lexicon.numbers.term(&s.tokens, j);
        #[allow(clippy::cast_precision_loss)] // no term is near 2^52 years
        let (penalty, end) = match (whole, bare) {
            (Some((_, end)), _) => (penalty::read(&s.tokens, j, s.tokens.len(), lexicon), end),
            (None, Some((n, end))) => {
                (Some(crate::model::Sentence { months: Some(n as f64 * unit), to_serve_months: None, fine: None }), end)
            }
            _ => continue,
        };
        let mut who: Vec<(Entity, usize)> = Vec::new();
        let several = if list.len() > 1 { list } else { members(s, k, true) };
        resolve(s, &several, memory, context, None, &mut who);
        for (who, _) in who {
            if told.iter().chain(&out).any(|d| d.who == who && d.act.act_type == "sentence") {
                continue;
            }
            let (a, b) = s.bytes(it.start, end.min(s.tokens.len()));
            let mut d = first.clone();
            d.act.victim = who.victim();
            d.who = who;
            d.act.sentence.clone_from(&penalty);
            d.act.at = quote(context.reading, a, b);
            d.own_facts = 2;
            out.push(d);
        }
    }
    out
}
