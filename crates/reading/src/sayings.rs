//! Who says what: quotations and reported statements with their speakers (coding rule 9).

mod frame;
mod fuller;
mod source;
mod speaker;
mod talk;
mod voices;

use std::ops::Range;

use self::frame::frame;
use self::source::{according, announced};
pub(crate) use self::speaker::official;
use self::talk::Talk;
pub(crate) use self::talk::body_before;
use crate::acts::quote;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::model::Saying;
use crate::phrase::{ItemKind, NpKind};
use crate::text::{Reading, Role};

/// A stretch of a sentence that somebody says.
#[derive(Debug, Clone)]
pub(crate) struct Attribution {
    pub speaker: String,
    pub role: Option<String>,
    /// Tokens that are said, rather than the words that tell who says them.
    pub said: Said,
    /// Whether it is a saying by itself, not only the source of a number.
    pub saying: bool,
    /// The first token of the passage.
    pub from: usize,
}

/// Tokens that are said.
#[derive(Debug, Clone)]
pub(crate) struct Said(Vec<Range<usize>>);

impl Said {
    pub fn contains(&self, token: &usize) -> bool {
        self.0.iter().any(|r| r.contains(token))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Speaker {
    name: String,
    role: Option<String>,
}

/// The attributions of each sentence, and the sayings.
pub(crate) fn read(
    reading: &Reading,
    sentences: &[Sentence],
    lexicon: &Lexicon,
) -> (Vec<Vec<Attribution>>, Vec<Saying>) {
    let mut talk = Talk::default();
    let mut all: Vec<Vec<Attribution>> = Vec::with_capacity(sentences.len());
    let voices = voices::find(sentences, &reading.text);
    let dateline = fuller::dateline(sentences, &reading.text);
    for (i, s) in sentences.iter().enumerate() {
        talk.at(i, s.paragraph);
        if let Some(voice) = &voices[i] {
            // What the speaker reports of others is theirs: “My aunt says fourteen.”
            let mut found = attributions(s, &mut talk, &reading.text, lexicon);
            for a in &mut found {
                a.saying = (0..s.tokens.len()).filter(|k| a.said.contains(k)).any(|k| {
                    let t = &s.tokens[k];
                    t.is(Flags::NUMBER)
                        || t.norm.starts_with(|c: char| c.is_ascii_digit())
                        || t.is(Flags::TRIGGER) && !s.tokens.iter().any(|t| t.is(Flags::MODAL))
                });
            }
            found.retain(|a| {
                a.from >= voice.from && a.speaker != voice.speaker && !s.quoted[a.from.min(s.quoted.len() - 1)]
            });
            talk.spoke(&Speaker { name: voice.speaker.clone(), role: None }, false);
            found.push(Attribution {
                speaker: voice.speaker.clone(),
                role: None,
                said: Said(vec![voice.from..s.tokens.len()]),
                saying: true,
                from: voice.from,
            });
            all.push(found);
            continue;
        }
        // What stands above the dateline tells what the body tells again.
        if dateline.is_some_and(|p| s.paragraph < p) {
            all.push(Vec::new());
            continue;
        }
        let mut found = attributions(s, &mut talk, &reading.text, lexicon);
        // “Q: Some say you should leave.”
        if matches!(s.norm(0), "q" | "q." | "question") && matches!(s.norm(1), ":" | "." | "–") {
            found.iter_mut().for_each(|a| a.saying = false);
        }
        parted(s, &mut found);
        talk.see(s, &reading.text);
        let quoted = s.quoted.iter().filter(|q| **q).count();
        // A quotation that goes on from the sentence before, in the same paragraph.
        if found.is_empty()
            && quoted * 2 > s.tokens.len()
            && let (true, Some(speaker)) = (talk.open && !told_after(sentences, i), talk.last())
        {
            found.push(Attribution {
                speaker: speaker.name.clone(),
                role: speaker.role.clone(),
                said: Said(vec![0..s.tokens.len()]),
                saying: true,
                from: 0,
            });
        }
        if found.iter().any(|a| a.saying) {
            talk.open = true;
        }
        all.push(found);
    }
    // A quotation whose speaker is told only after it: “‘I am alarmed. It must stop,’ said X.”
    for i in (0..sentences.len().saturating_sub(1)).rev() {
        let s = &sentences[i];
        let quoted = s.quoted.iter().filter(|q| **q).count();
        if all[i].is_empty() && quoted * 2 > s.tokens.len() && sentences[i + 1].paragraph == s.paragraph {
            let next: Vec<Attribution> = all[i + 1]
                .iter()
                .filter(|a| a.saying)
                .take(1)
                .map(|a| Attribution { said: Said(vec![0..s.tokens.len()]), from: 0, ..a.clone() })
                .collect();
            all[i] = next;
        }
    }
    // The body that issues the document speaks for itself, except in quotation marks.
    let head: String = reading.text.chars().take(260).collect();
    for (s, found) in sentences.iter().zip(&mut all) {
        let quotes = s.quoted.iter().any(|q| *q);
        for a in found.iter_mut().filter(|a| a.saying && !quotes) {
            let body = a.speaker.split(' ').count() >= 2
                && s.items.iter().any(|i| {
                    i.np().is_some_and(|n| matches!(&n.kind, NpKind::Organisation(name) if *name == a.speaker))
                });
            if body
                && head.contains(&a.speaker)
                && !reading.kind.as_deref().is_some_and(|k| k.contains("news") || k.contains("agency"))
                && !reading.title.as_deref().is_some_and(|t| t.contains(&a.speaker))
            {
                a.saying = false;
            }
        }
    }
    fuller::names(sentences, &mut all, &reading.text);
    let sayings = sayings(reading, sentences, &all, &voices);
    (all, sayings)
}

/// “A says that 17 are held; B puts the number at six”: to each what stands on his side.
fn parted(s: &Sentence, found: &mut [Attribution]) {
    let starts: Vec<usize> = found.iter().map(|a| a.from).filter(|&f| f > 0 && s.norm(f - 1) == ";").collect();
    for a in found.iter_mut() {
        for &cut in &starts {
            for r in &mut a.said.0 {
                if a.from < cut {
                    r.end = r.end.min(cut).max(r.start);
                } else {
                    r.start = r.start.max(cut).min(r.end);
                }
            }
        }
    }
}

/// Whether a quotation opens in a sentence whose speaker is told where it closes, in a later one: “The police put
/// it at two. “Two men died. Twelve officers were hurt,” spokesman Chhay Kim said.”
fn told_after(sentences: &[Sentence], i: usize) -> bool {
    let s = &sentences[i];
    if !matches!(s.norm(0), "“" | "\"") || s.quoted.iter().any(|q| !q) {
        return false;
    }
    sentences[i + 1..]
        .iter()
        .take_while(|n| n.paragraph == s.paragraph && n.quoted.first() == Some(&true))
        .find(|n| n.quoted.iter().any(|q| !q))
        .is_some_and(|n| n.tokens.iter().zip(&n.quoted).any(|(t, q)| !q && t.is(Flags::SPEECH)))
}

/// One for each passage: sentences in a row, in one paragraph, of one speaker.
fn sayings(
    reading: &Reading,
    sentences: &[Sentence],
    all: &[Vec<Attribution>],
    voices: &[Option<voices::Voice>],
) -> Vec<Saying> {
    let mut out: Vec<Saying> = Vec::new();
    let mut last: Option<(usize, usize, String)> = None;
    let mut turns: Vec<(usize, String, usize)> = Vec::new();
    for (i, s) in sentences.iter().enumerate() {
        for a in all[i].iter().filter(|a| a.saying) {
            let start = s.tokens.get(a.from).map_or(s.start, |t| t.start);
            // One for each speaker and paragraph, but not over another speaker's words.
            let goes_on = last.as_ref().is_some_and(|(_, p, name)| *p == s.paragraph && *name == a.speaker);
            // An answer goes on around what it reports of others.
            let turn = turns.iter().find(|(p, name, _)| *p == s.paragraph && *name == a.speaker).map(|(.., at)| *at);
            if let Some(saying) = turn.and_then(|at| out.get_mut(at)) {
                let from = reading.byte(saying.at.start);
                saying.at = quote(reading, from, s.end);
            } else if goes_on && let Some(saying) = out.last_mut() {
                let from = reading.byte(saying.at.start);
                saying.at = quote(reading, from, s.end);
            } else {
                if voices[i].as_ref().is_some_and(|v| v.speaker == a.speaker) {
                    turns.push((s.paragraph, a.speaker.clone(), out.len()));
                }
                out.push(Saying {
                    asserter: a.speaker.clone(),
                    role: a.role.clone(),
                    at: quote(reading, start, s.end),
                });
            }
            last = Some((i, s.paragraph, a.speaker.clone()));
        }
    }
    out
}

fn attributions(s: &Sentence, talk: &mut Talk, text: &str, lexicon: &Lexicon) -> Vec<Attribution> {
    let mut out: Vec<Attribution> = Vec::new();
    if matches!(s.role, Role::Title | Role::Heading | Role::Boilerplate | Role::Note | Role::Row) {
        return out;
    }
    for k in 0..s.tokens.len() {
        let t = &s.tokens[k];
        let put = matches!(t.norm.as_str(), "put" | "puts") && k > 0;
        if s.quoted[k] || !(t.is(Flags::SPEECH) || put) || t.capital() && k > 0 {
            continue;
        }
        let item = s.item_of[k];
        if !matches!(s.items[item].kind, ItemKind::Word) {
            continue;
        }
        if let Some((speaker, said, from)) = frame(s, k, talk, text, lexicon) {
            if out.iter().any(|a| a.speaker == speaker.name) {
                continue;
            }
            let speaker = fuller::subject(s, k, text, &out).unwrap_or(speaker);
            let many = (0..s.items.len()).any(|i| {
                s.np(i).is_some_and(|n| n.plural && n.kind == NpKind::Common) && s.items[i].end > from && {
                    let it = &s.items[i];
                    speaker.name.ends_with(&s.words(text, it.start.max(it.end - 1), it.end))
                }
            });
            talk.spoke(&speaker, many);
            out.push(Attribution { speaker: speaker.name, role: speaker.role, said, saying: true, from });
        }
    }
    according(s, &mut out, talk, text, lexicon);
    announced(s, &mut out, talk, text);
    out
}
