//! Sources told without a verb of speech: “According to his lawyer, …”, “Kang Visoth disagrees: “…””.

use super::speaker::{speaker, speaks};
use super::talk::Talk;
use super::{Attribution, Said, Speaker};
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::phrase::NpKind;

/// “Kang Visoth, a former judge, disagrees: “I have read the file.””
pub(super) fn announced(s: &Sentence, out: &mut Vec<Attribution>, talk: &mut Talk, text: &str) {
    let Some(colon) =
        (1..s.tokens.len().saturating_sub(2)).find(|&k| s.norm(k) == ":" && matches!(s.norm(k + 1), "“" | "\""))
    else {
        return;
    };
    let person = (0..s.items.len().min(5)).find(|&i| {
        s.np(i).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive) && s.items[i].end <= colon
    });
    if let (true, Some(who)) = (out.is_empty(), person.and_then(|i| speaker(s, i, talk, text))) {
        talk.spoke(&who, false);
        out.push(Attribution {
            speaker: who.name,
            role: who.role,
            said: Said(vec![colon + 1..s.tokens.len()]),
            saying: true,
            from: 0,
        });
    }
}

/// “According to his lawyer, …”; at the end of a sentence it gives the source of what is said before.
pub(super) fn according(s: &Sentence, out: &mut Vec<Attribution>, talk: &Talk, text: &str, lexicon: &Lexicon) {
    for phrase in lexicon.phrases("according") {
        let Some(at) = s.tokens.windows(phrase.len()).position(|w| w.iter().zip(phrase).all(|(t, p)| t.norm == *p))
        else {
            continue;
        };
        let Some(&item) = s.item_of.get(at + phrase.len()) else { continue };
        let first = (item..(item + 6).min(s.items.len()))
            .take_while(|&k| k == item || !matches!(s.word(k), "," | "."))
            .find(|&k| {
                s.np(k).is_some_and(speaks)
                    && !s.np(k).is_some_and(|n| n.possessive && matches!(n.kind, NpKind::Common))
            });
        let from = at + phrase.len();
        // “According to the information received”: from nobody.
        if s.tokens.get(from).is_some_and(|t| matches!(t.norm.as_str(), "our" | "my" | "this" | "these"))
            || (from..from + 2).any(|k| s.norm(k) == "information") && (from..from + 6).all(|k| s.norm(k) != "by")
        {
            continue;
        }
        let until = (from..(from + 9).min(s.tokens.len())).find(|&k| matches!(s.norm(k), "," | "." | ";" | ")"));
        let who = first
            .filter(|&i| !s.np(i).is_some_and(|n| matches!(n.kind, NpKind::Pronoun { .. })))
            .and_then(|i| speaker(s, i, talk, text))
            .or_else(|| {
                // “According to the source, …”
                let start =
                    if s.tokens.get(from)?.is(Flags::DETERMINER.with(Flags::POSSESSIVE)) { from + 1 } else { from };
                let name = s.words(text, start, until?);
                let record = (start..until?).any(|k| {
                    matches!(
                        s.norm(k),
                        "indictment"
                            | "law"
                            | "order"
                            | "verdict"
                            | "judgment"
                            | "plan"
                            | "constitution"
                            | "article"
                            | "schedule"
                            | "information"
                            | "report"
                            | "reports"
                    )
                });
                (!name.is_empty() && !record).then_some(Speaker { name, role: None })
            });
        let Some(who) = who else { continue };
        let first = first.unwrap_or(item);
        let said = if at <= 1 {
            Said(vec![s.items[first].end..s.tokens.len()])
        } else {
            Said(vec![0..at, s.items[first].end..s.tokens.len()])
        };
        if out.iter().any(|a| a.speaker == who.name) {
            continue;
        }
        out.push(Attribution {
            speaker: who.name,
            role: who.role,
            said,
            saying: phrase.len() > 1,
            from: if at <= 1 { at } else { 0 },
        });
    }
}
