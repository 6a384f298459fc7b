//! Who speaks: names, offices, pronouns, and what stands before a verb where nothing better is known.

use super::Speaker;
use super::talk::Talk;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::phrase::{ItemKind, Np, NpKind};

/// Where the words begin that stand as subject before a verb, if nothing better is known of them:
/// “The defence argued that”, “…, the prison department said”.
pub(super) fn described_from(s: &Sentence, verb: usize) -> Option<usize> {
    let stop = |k: usize| {
        matches!(
            s.norm(k),
            "," | ";" | ":" | "”" | "\"" | "“" | "—" | "–" | "but" | "and" | "as" | "that" | "(" | ")" | "." | "while"
        )
    };
    if verb == 0 {
        return None;
    }
    // “The Minister, questioned in the House, answered”
    let mut end = verb;
    if s.norm(verb - 1) == "," {
        end = (0..verb - 1).rev().take(9).find(|&k| s.norm(k) == ",")?;
    }
    let from = (0..end).rev().take(13).find(|&k| stop(k)).map_or_else(|| (end <= 13).then_some(0), |k| Some(k + 1))?;
    // “On 17 August a clerk told”
    let from = s.dates.iter().filter(|d| from <= d.start && d.end < end).map(|d| d.end).max().unwrap_or(from);
    // A number before it is the paragraph's.
    let from = (from..end).find(|&k| !s.norm(k).chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/')))?;
    let from = if s.norm(from) == "whereas" && from + 1 < end { from + 1 } else { from };
    let words = &s.tokens[from..end];
    let first = words.first()?;
    let noun =
        first.is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::PERSON).with(Flags::PERSONS)) || first.capital();
    let verbal = words.iter().any(|t| {
        t.is(Flags::BE
            .with(Flags::HAVE)
            .with(Flags::MODAL)
            .with(Flags::RELATIVE)
            .with(Flags::SUBORDINATOR)
            .with(Flags::SPEECH))
    });
    let plain = !first.is(Flags::PREPOSITION.with(Flags::SUBORDINATOR).with(Flags::ADVERB))
        && !matches!(
            first.norm.as_str(),
            "this" | "these" | "that" | "it" | "there" | "you" | "we" | "i" | "nobody" | "no" | "nothing" | "one"
        );
    (noun
        && plain
        && !verbal
        && !s.dates.iter().any(|d| from < d.end && d.start < end)
        && words.iter().any(|t| t.norm.len() > 2))
    .then_some(from)
}

pub(super) fn described(s: &Sentence, verb: usize, text: &str) -> Option<String> {
    let from = described_from(s, verb)?;
    let end = (from..verb).find(|&k| s.norm(k) == ",").unwrap_or(verb);
    let start =
        if s.tokens[from].is(Flags::DETERMINER.with(Flags::POSSESSIVE)) && from + 1 < end { from + 1 } else { from };
    // “Sokkhoeurn’s statement read”: whose it is.
    let owner = (start..end).find(|&k| s.tokens[k].possessive && s.tokens[k].capital());
    let end = owner
        .filter(|_| {
            matches!(
                s.norm(end.saturating_sub(1)),
                "statement" | "letter" | "post" | "reply" | "report" | "account" | "message" | "speech"
            )
        })
        .map_or(end, |k| k + 1);
    Some(s.words(text, start, end)).filter(|w| !w.is_empty())
}

/// Whether somebody speaks for an office or a client, rather than for himself.
pub(crate) fn official(s: &Sentence, np: &Np, lexicon: &Lexicon) -> bool {
    let roles = lexicon.phrases("speaker_roles");
    let from = np.name_start.saturating_sub(6);
    s.tokens[from..np.name_start.min(s.tokens.len())]
        .iter()
        .chain(s.tokens.iter().skip(np.name_start).take(8))
        .any(|t| roles.iter().any(|p| p.first().is_some_and(|w| *w == t.norm)))
}

pub(super) fn speaks(np: &Np) -> bool {
    match np.kind {
        NpKind::Person(_) | NpKind::Organisation(_) | NpKind::Pronoun { .. } => true,
        NpKind::Common => np.is_person() || np.is_organisation() || np.is_agent(),
        NpKind::It | NpKind::Nobody | NpKind::Number | NpKind::Place(_) | NpKind::Named(_) => false,
    }
}

pub(super) fn speaker(s: &Sentence, item: usize, talk: &Talk, text: &str) -> Option<Speaker> {
    let np = s.np(item)?;
    match &np.kind {
        // “said Vuthy's wife, Chan Thy”
        NpKind::Person(_) | NpKind::Organisation(_)
            if np.possessive
                && s.np(item + 1)
                    .is_some_and(|n| n.kind == NpKind::Common && s.items[item + 1].start == s.items[item].end) =>
        {
            speaker(s, item + 1, talk, text)
        }
        NpKind::Person(name) | NpKind::Organisation(name) => {
            let it = &s.items[item];
            let longer = longer(s, np, it.end, text);
            let name = longer.as_ref().unwrap_or(name);
            let before = (np.name_start > it.start).then(|| s.words(text, it.start, np.name_start));
            let role = before
                .map(|r| strip_titles(&r))
                .filter(|r| !r.is_empty())
                .or_else(|| apposition(s, item, text))
                .or_else(|| lead_role(s, item, text));
            Some(Speaker { name: name.clone(), role })
        }
        NpKind::Pronoun { .. } => talk.pronoun(s.norm(s.items[item].start)),
        NpKind::Common => {
            // “The village chief, Mr Kim Sambath, told”
            if let Some(named) = s.apposed_after(item)
                && let Some(NpKind::Person(name) | NpKind::Organisation(name)) = s.np(named).map(|n| &n.kind)
            {
                let it = &s.items[item];
                return Some(Speaker {
                    name: name.clone(),
                    role: Some(s.words(text, np.described.max(it.start), it.end)),
                });
            }
            // “Vuthy's wife, Chan Thy”
            let called = called(s, item, text);
            let single = !np.plural && np.number.is_none();
            if np.definite && single {
                // “the minister”, “the colonel”: told by name before.
                let bare = called.split(" of ").next().unwrap_or(&called).to_owned();
                if !np.is_organisation()
                    && let Some(who) = talk.office(&bare)
                {
                    return Some(who);
                }
                // “the party”: the one that was named last.
                if bare.split(' ').count() == 1
                    && let Some(name) = talk.body(&np.head)
                {
                    return Some(Speaker { name, role: None });
                }
            }
            Some(Speaker { name: called, role: None })
        }
        _ => None,
    }
}

/// Of a body's name cut short by its first word: “Negros Labour Archive”, “Prisoners' Relief Committee”.
fn longer(s: &Sentence, np: &Np, end: usize, text: &str) -> Option<String> {
    if !matches!(np.kind, NpKind::Organisation(_)) {
        return None;
    }
    let from = np.name_start.min(end);
    let mut start = from;
    while start > 0
        && s.tokens[start - 1].capital()
        && s.tokens[start - 1].is_word()
        && !s.tokens[start - 1].is(Flags::DETERMINER
            .with(Flags::MONTH)
            .with(Flags::WEEKDAY)
            .with(Flags::PREPOSITION)
            .with(Flags::SUBORDINATOR)
            .with(Flags::POSSESSIVE))
        && (start > 1 || !s.tokens[0].is(Flags::PERSON.with(Flags::PERSONS)))
    {
        start -= 1;
    }
    (start < from).then(|| s.words(text, start, end))
}

/// What a speaker without a name is called: “Thai police”, “two officials”, “a diplomat from an EU member state”,
/// without article and owner.
fn called(s: &Sentence, item: usize, text: &str) -> String {
    let it = &s.items[item];
    let mut from = it.start;
    while from + 1 < it.end
        && (s.tokens[from].is(Flags::POSSESSIVE)
            || matches!(
                s.norm(from),
                "the" | "a" | "an" | "this" | "that" | "these" | "those" | "all" | "both" | "other"
            ) && s.norm(from) != "other")
    {
        from += 1;
    }
    let mut end = it.end;
    // “of the justice ministry”, “from an EU member state”: up to the verb or a mark.
    while matches!(s.norm(end), "of" | "from" | "for" | "at") && end < it.end + 9 {
        let next = (end + 1..(end + 7).min(s.tokens.len())).find(|&k| {
            !s.tokens[k].is_word()
                || s.tokens[k].is(Flags::SPEECH.with(Flags::BE).with(Flags::HAVE).with(Flags::PREPOSITION))
                    && k > end + 1
                || s.norm(k) == "who"
        });
        let Some(next) = next.filter(|&n| n > end + 1 && s.dates.iter().all(|d| d.start >= n || d.end <= end)) else {
            break;
        };
        end = next;
    }
    s.words(text, from, end)
}

/// Who stands between commas before a verb: “The interior minister, Sok Vanna, told”, “Maly, 60, told”; and the
/// first token.
pub(super) fn apposed(s: &Sentence, verb: usize, text: &str) -> Option<(Speaker, usize)> {
    let last = verb.checked_sub(1).filter(|&k| s.norm(k) == ",")?;
    let first = (last.saturating_sub(12)..last).rev().find(|&k| s.norm(k) == ",")?;
    let ending = |k: usize| s.item_of.get(k.checked_sub(1)?).copied().filter(|&i| s.items[i].end == k);
    let outer = ending(first)?;
    let np = s.np(outer)?;
    let inner = s.item_of.get(first + 1).copied().filter(|&i| s.items[i].end == last);
    let name = |i: usize| match s.np(i).map(|n| (&n.kind, n.possessive)) {
        Some((NpKind::Person(name), false)) => Some(name.clone()),
        Some((NpKind::Named(name), false)) if name.contains(' ') => Some(name.clone()),
        _ => None,
    };
    let start = s.items[outer].start;
    if let Some(told) = inner.and_then(name).filter(|_| np.kind == NpKind::Common && !np.plural) {
        let role = s.words(text, np.described.max(start), s.items[outer].end);
        return Some((Speaker { name: told, role: Some(role) }, start));
    }
    let who = name(outer).or_else(|| match &np.kind {
        NpKind::Organisation(name) => Some(name.clone()),
        NpKind::Common if np.is_person() || np.is_agent() => Some(called(s, outer, text)),
        _ => None,
    })?;
    // “On Friday, Sok Dara, 41, said”: not a list of three.
    let listed = s.norm(start.wrapping_sub(1)) == ","
        && s.dates.iter().all(|d| d.end + 1 != start)
        && s.np(s.item_of[start].saturating_sub(2)).is_some_and(|n| matches!(n.kind, NpKind::Person(_)));
    (!listed).then_some((Speaker { name: who, role: None }, start))
}

pub(super) fn strip_titles(role: &str) -> String {
    let words: Vec<&str> = role
        .split_whitespace()
        .filter(|w| {
            !matches!(
                w.trim_end_matches('.').to_lowercase().as_str(),
                "mr" | "ms" | "mrs" | "dr" | "miss" | "h.e" | "the" | "his" | "her"
            )
        })
        .collect();
    words.join(" ")
}

/// “Naly Pilorge, director of LICADHO”
pub(super) fn apposition(s: &Sentence, item: usize, text: &str) -> Option<String> {
    let k = item + 1;
    if !matches!(s.word(k), "," | "—" | "–" | "(") {
        return None;
    }
    let np = s.np(k + 1).filter(|n| matches!(n.kind, NpKind::Common | NpKind::Organisation(_) | NpKind::Named(_)))?;
    if np.number.is_some() {
        return None;
    }
    let from = s.items[k + 1].start;
    let mut end = s.items[k + 1].end;
    let mut j = k + 2;
    while let Some(it) = s.items.get(j) {
        if matches!(s.word(j), "," | "." | "—" | "–" | ")" | "who" | "“" | "\"" | ";")
            || s.tokens[it.start].is(Flags::SPEECH) && matches!(it.kind, ItemKind::Word)
        {
            break;
        }
        end = it.end;
        j += 1;
    }
    let from = np.described.clamp(from, end.saturating_sub(1));
    Some(s.words(text, from, end))
}

/// “The librarian, Oeun Phalla, said”
pub(super) fn lead_role(s: &Sentence, item: usize, text: &str) -> Option<String> {
    let k = item.checked_sub(2)?;
    if s.word(item - 1) != "," {
        return None;
    }
    let np = s.np(k).filter(|n| matches!(n.kind, NpKind::Common) && !n.plural)?;
    let it = &s.items[k];
    Some(s.words(text, np.described.max(it.start), it.end))
}
