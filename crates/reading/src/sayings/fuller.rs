//! Speakers told better than by the words before their verb: by the fullest name in the document, by
//! whose statement it is, and by the subject of the sentence; and where a document's head ends.

use std::collections::HashMap;

use super::speaker::speaker;
use super::talk::Talk;
use super::{Attribution, Speaker};
use crate::discourse::Sentence;
use crate::lexicon::Flags;
use crate::phrase::NpKind;
use crate::text::Role;
use crate::token::Case;

/// The paragraph that opens with a dateline, “PHNOM PENH – …”: above it stand headline, lead and caption.
pub(super) fn dateline(sentences: &[Sentence], text: &str) -> Option<usize> {
    let body = |s: &&Sentence| matches!(s.role, Role::Body | Role::Item);
    sentences.iter().filter(body).take(16).find_map(|s| {
        let line = text.get(s.start..s.end)?;
        let at = ["--", "—", " – ", " - "].iter().filter_map(|m| line.find(m)).min()?;
        let head = line[..at].trim();
        let place = head.split([',', '(']).next().unwrap_or_default().trim();
        let upper = place.chars().filter(|c| c.is_alphabetic()).count() >= 4 && !place.chars().any(char::is_lowercase);
        (upper && head.chars().count() <= 60).then_some(s.paragraph)
    })
}

/// “In a response, A repeated what he has said and, claiming once again that …”: A, and not who spoke last.
pub(super) fn subject(s: &Sentence, verb: usize, text: &str, before: &[Attribution]) -> Option<Speaker> {
    if !before.is_empty() || !s.norm(verb).ends_with("ing") {
        return None;
    }
    let item = (0..s.items.len()).find(|&i| {
        let it = &s.items[i];
        it.end < verb
            && s.np(i).is_some_and(|n| {
                matches!(n.kind, NpKind::Person(_) | NpKind::Named(_) | NpKind::Organisation(_)) && !n.possessive
            })
            && (it.start == 0 || s.norm(it.start - 1) == ",")
            && s.tokens.get(it.end).is_some_and(|t| {
                t.case == Case::Lower
                    && !t.is(Flags::BE.with(Flags::HAVE).with(Flags::PREPOSITION).with(Flags::CONJUNCTION))
                    && (t.is(Flags::PAST.with(Flags::SPEECH)) || t.norm.ends_with("ed"))
            })
    })?;
    let it = &s.items[item];
    speaker(s, item, &Talk::default(), text)
        .or_else(|| Some(Speaker { name: s.words(text, it.start, it.end), role: None }))
}

/// The fullest name of those who stand with a single name; “a joint statement by the experts” is the experts’.
pub(super) fn names(sentences: &[Sentence], all: &mut [Vec<Attribution>], text: &str) {
    let mut known: HashMap<String, String> = HashMap::new();
    for a in all.iter_mut().flatten() {
        for opening in [
            "joint statement by ",
            "statement by ",
            "joint statement of ",
            "statement of ",
            "letter from ",
            "letter by ",
        ] {
            if let Some(rest) = a.speaker.strip_prefix(opening).filter(|r| !r.is_empty()) {
                a.speaker = rest.to_owned();
                break;
            }
        }
        let single = !a.speaker.contains(' ') && a.speaker.starts_with(char::is_uppercase);
        let acronym = a.speaker.chars().filter(|c| c.is_uppercase()).count() > 1;
        if single && !acronym {
            let name = known
                .entry(a.speaker.clone())
                .or_insert_with(|| full(sentences, &a.speaker, text).unwrap_or_else(|| a.speaker.clone()));
            a.speaker.clone_from(name);
        }
    }
}

/// “An Sokkhoeurn” for “Sokkhoeurn”: a person of the text with that last name, or the word with a capital
/// right before it inside a sentence.
fn full(sentences: &[Sentence], name: &str, text: &str) -> Option<String> {
    let person = sentences.iter().flat_map(|s| &s.items).find_map(|i| match i.np().map(|n| &n.kind) {
        Some(NpKind::Person(n)) if n.contains(' ') && n.split(' ').any(|w| w == name) => Some(n.clone()),
        _ => None,
    });
    person
        .or_else(|| {
            sentences.iter().filter(|s| matches!(s.role, Role::Body | Role::Item)).find_map(|s| {
                (2..s.tokens.len()).find_map(|k| {
                    let (t, before) = (&s.tokens[k], &s.tokens[k - 1]);
                    let fits = text.get(t.start..t.end)? == name
                        && before.case == Case::Title
                        && before.is_word()
                        && !before.possessive
                        && !before.is(Flags::PERSON.with(Flags::PERSONS))
                        && s.norm(k - 2) == ",";
                    fits.then(|| s.words(text, k - 1, k + 1))
                })
            })
        })
        .map(|n| n.trim_end_matches("’s").trim_end_matches("'s").to_owned())
}
