//! Who says what: quotations and reported statements with their speakers (coding rule 9).

mod fuller;
mod speaker;
mod voices;

use std::ops::Range;

pub(crate) use self::speaker::official;
use self::speaker::{described, described_from, speaker, speaks};
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

/// State from sentence to sentence.
#[derive(Default)]
struct Talk {
    last: Option<Speaker>,
    /// The last person spoken of as a subject.
    person: Option<Speaker>,
    /// A quotation is open from an earlier sentence.
    open: bool,
}

/// The attributions of each sentence, and the sayings.
pub(crate) fn read(
    reading: &Reading,
    sentences: &[Sentence],
    lexicon: &Lexicon,
) -> (Vec<Vec<Attribution>>, Vec<Saying>) {
    let mut talk = Talk::default();
    let mut all: Vec<Vec<Attribution>> = Vec::with_capacity(sentences.len());
    let mut paragraph = usize::MAX;
    let voices = voices::find(sentences, &reading.text);
    let dateline = fuller::dateline(sentences, &reading.text);
    for (i, s) in sentences.iter().enumerate() {
        if let Some(voice) = &voices[i] {
            talk.last = Some(Speaker { name: voice.speaker.clone(), role: None });
            all.push(vec![Attribution {
                speaker: voice.speaker.clone(),
                role: None,
                said: Said(vec![voice.from..s.tokens.len()]),
                saying: true,
                from: voice.from,
            }]);
            continue;
        }
        if s.paragraph != paragraph {
            paragraph = s.paragraph;
            talk.open = false;
        }
        // What stands above the dateline tells what the body tells again.
        if dateline.is_some_and(|p| s.paragraph < p) {
            all.push(Vec::new());
            continue;
        }
        let mut found = attributions(s, &mut talk, &reading.text, lexicon);
        let quoted = s.quoted.iter().filter(|q| **q).count();
        // A quotation that goes on from the sentence before, in the same paragraph.
        if found.is_empty()
            && quoted * 2 > s.tokens.len()
            && let (true, Some(speaker)) = (talk.open, &talk.last)
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
    let sayings = sayings(reading, sentences, &all);
    (all, sayings)
}

/// One for each passage: sentences in a row, in one paragraph, of one speaker.
fn sayings(reading: &Reading, sentences: &[Sentence], all: &[Vec<Attribution>]) -> Vec<Saying> {
    let mut out: Vec<Saying> = Vec::new();
    let mut last: Option<(usize, usize, String)> = None;
    for (i, s) in sentences.iter().enumerate() {
        for a in all[i].iter().filter(|a| a.saying) {
            let start = s.tokens.get(a.from).map_or(s.start, |t| t.start);
            // One for each speaker and paragraph, but not over another speaker's words.
            let goes_on = last.as_ref().is_some_and(|(_, p, name)| *p == s.paragraph && *name == a.speaker);
            if goes_on && let Some(saying) = out.last_mut() {
                let from = reading.byte(saying.at.start);
                saying.at = quote(reading, from, s.end);
            } else {
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
            talk.last = Some(speaker.clone());
            out.push(Attribution { speaker: speaker.name, role: speaker.role, said, saying: true, from });
        }
    }
    according(s, &mut out, text, lexicon);
    announced(s, &mut out, talk, text);
    // Subjects are whom “he said” means when nobody has spoken yet.
    if let Some(np) =
        s.items.iter().take(6).filter_map(|i| i.np()).find(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive)
        && let NpKind::Person(name) = &np.kind
    {
        talk.person = Some(Speaker { name: name.clone(), role: None });
    }
    out
}

/// A speech verb with its speaker, and what is said; `None` if it is none.
fn frame(s: &Sentence, k: usize, talk: &Talk, text: &str, lexicon: &Lexicon) -> Option<(Speaker, Said, usize)> {
    let norm = |i: usize| s.norm(i);
    let verb = norm(k);
    let before = k.checked_sub(1).map(norm).unwrap_or_default();
    if matches!(
        before,
        "to" | "the" | "a" | "his" | "her" | "their" | "its" | "this" | "that" | "of" | "by" | "not" | "in"
    ) || s.tokens[k.saturating_sub(1)].is(Flags::MODAL) && k > 0 && before != "would"
    {
        return None;
    }
    // Finding, informing and the like are acts of their own; to be told is not to tell.
    let group = crate::verb::group(&s.tokens, k);
    let silent = matches!(
        verb,
        "find"
            | "finds"
            | "found"
            | "finding"
            | "believe"
            | "believes"
            | "believed"
            | "inform"
            | "informed"
            | "informs"
            | "point"
            | "points"
            | "pointed"
            | "deem"
            | "deemed"
            | "welcome"
            | "welcomed"
            | "observes"
            | "observed"
            | "observe"
            | "concluded"
            | "concludes"
    );
    let passive = group.be && !verb.ends_with("ing");
    // “told her to take it down”, “told him that he would die if”
    let rest_of = |words: &[&str]| {
        (k + 1..s.tokens.len()).take_while(|&i| !matches!(s.norm(i), ";" | ".")).any(|i| words.contains(&s.norm(i)))
    };
    let telling = matches!(verb, "told" | "tells" | "warned" | "warns" | "ordered");
    let quoted_words = s.quoted.iter().skip(k).any(|q| *q);
    let ordered = telling
        && (k + 1..(k + 8).min(s.tokens.len()))
            .take_while(|&i| !matches!(s.norm(i), "that" | "," | "“" | "\""))
            .any(|i| s.norm(i) == "to" && i > k + 1);
    let threat = (telling || verb == "said")
        && rest_of(&["would", "will"])
        && rest_of(&["if", "unless", "until"])
        && !quoted_words
        || matches!(verb, "warned" | "warns")
            && rest_of(&["would", "“"])
            && rest_of(&["he", "she", "they", "him", "her", "them"]);
    // “The Law on Juvenile Justice says”; “has said so”; “wrote down”; “you have told”
    let about = s.tokens[group.start.saturating_sub(9)..group.start]
        .iter()
        .rev()
        .take_while(|t| !matches!(t.norm.as_str(), ";" | "”" | "“" | ":" | "and" | "but"))
        .any(|t| {
            t.is(Flags::LAW_HEAD) && t.capital()
                || matches!(
                    t.norm.as_str(),
                    "article" | "section" | "paper" | "order" | "summons" | "warrant" | "clause"
                )
        });
    let idle = matches!(norm(k + 1), "so" | "down" | "up" | "nothing" | "little")
        || verb == "read" && group.have
        || group.start > 0 && matches!(norm(group.start - 1), "you" | "we" | "i");
    let aside = group.start > 0
        && matches!(norm(group.start - 1), "who" | "which")
        && !quoted_words
        && !(k + 1..(k + 9).min(s.tokens.len())).any(|i| norm(i) == "that");
    let barred = telling && rest_of(&["must"]) && !quoted_words;
    if silent || passive || ordered || threat || about || idle || aside || barred {
        return None;
    }
    let quotes = s.quoted.iter().any(|q| *q);
    let says = matches!(
        verb,
        "said"
            | "says"
            | "say"
            | "told"
            | "tells"
            | "added"
            | "adds"
            | "wrote"
            | "writes"
            | "stated"
            | "states"
            | "insisted"
            | "replied"
            | "claimed"
            | "claims"
            | "tweeted"
            | "read"
            | "reads"
            | "saying"
            | "recalled"
            | "recalls"
            | "asked"
            | "denied"
            | "denies"
            | "warned"
            | "warns"
            | "noted"
            | "continued"
            | "adding"
            | "argued"
            | "argues"
            | "assured"
            | "alleges"
            | "alleged"
            | "allege"
            | "reported"
    );
    let that = (k + 1..(k + 9).min(s.tokens.len()))
        .find(|&i| norm(i) == "that")
        .filter(|&i| !(k + 1..i).any(|j| matches!(norm(j), "," | ";" | "." | "and" | "who")));
    let closes = k > 0 && matches!(before, "”" | "\"" | "," | "’" | "'");
    let quote_after = (k + 1..(k + 6).min(s.tokens.len())).any(|i| matches!(norm(i), "“" | "\"" | "‘")) && quotes;
    let gerund = verb.ends_with("ing");
    // Inverted: “…,” said Mary Lawlor, the UN Special Rapporteur.
    let after_item = s.item_of.get(k + 1).copied();
    let inverted =
        closes.then_some(after_item).flatten().filter(|&i| s.np(i).is_some_and(speaks) && s.items[i].start == k + 1);
    let direct = s.subject(crate::verb::group(&s.tokens, k).start);
    let subject = match direct {
        crate::roles::Subject::Item(i) if s.np(i).is_some_and(speaks) => Some(i),
        _ => None,
    };
    // “X's statement read”
    let owner = s
        .item_of
        .get(k)
        .and_then(|&i| (i.saturating_sub(4)..i).rev().find(|&j| s.np(j).is_some_and(|n| n.possessive && speaks(n))))
        .filter(|_| {
            matches!(before, "statement" | "letter" | "post" | "report" | "reply" | "lawyer" | "page" | "account")
        });
    let negated = crate::verb::group(&s.tokens, k).negated;
    if negated {
        return None;
    }
    let strong = that.is_some()
        || (says
            && (quotes
                || !matches!(
                    verb,
                    "denied"
                        | "denies"
                        | "asked"
                        | "recalled"
                        | "warned"
                        | "read"
                        | "reads"
                        | "continued"
                        | "noted"
                        | "adding"
                        | "alleged"
                        | "reported"
                )));
    // “…, Radio Salween reported.”
    let ends = s.tokens.len().saturating_sub(k) <= 2 && s.tokens[..k].iter().rev().take(8).any(|t| t.norm == ",");
    // “put the number at more than 80”, “speaks of 151”
    let figure = matches!(verb, "put" | "puts") && (k + 1..k + 7).any(|i| norm(i) == "at")
        || matches!(verb, "speak" | "speaks" | "spoke")
            && norm(k + 1) == "of"
            && s.tokens.get(k + 2).is_some_and(|t| {
                t.is(Flags::NUMBER)
                    || t.norm.starts_with(|c: char| c.is_ascii_digit())
                    || matches!(t.norm.as_str(), "more" | "at" | "“" | "about" | "some" | "only")
            });
    let okay = strong
        || figure
        || ends
        || matches!(verb, "denied" | "denies" | "deny") && norm(k + 1) == "it"
        || (quotes && (closes || quote_after))
        || (matches!(verb, "denied" | "denies" | "rejected" | "dismissed") && norm(k + 1).ends_with("ing"));
    let comma_ending = says && closes && inverted.is_some();
    if !(okay || comma_ending) || gerund && !(quotes || that.is_some()) {
        return None;
    }
    let item = match (inverted, subject, owner) {
        (Some(i), None, _) => Some(i),
        (Some(i), Some(j), _) => Some(if s.items[j].end == k || k - s.items[j].end <= 2 && !closes { j } else { i }),
        (None, Some(i), _) => Some(i),
        (None, None, Some(i)) => Some(i),
        _ => None,
    };
    let speaker = match item {
        Some(i) => speaker(s, i, talk, text)?,
        None if let Some(words) = described(s, group.start, text) => Speaker { name: words, role: None },
        None if gerund || direct != crate::roles::Subject::None => talk.last.clone().filter(|_| quotes || gerund)?,
        None => return None,
    };
    let _ = lexicon;
    let frame_start = item.map_or_else(|| described_from(s, group.start).unwrap_or(k), |i| s.items[i].start.min(k));
    // Told after what is said: “…, his lawyer said.”
    let rest = s.tokens.len().saturating_sub(k);
    let tail = inverted.is_some()
        || (item.is_some_and(|i| s.items[i].start > 3)
            && s.tokens[..frame_start].iter().any(|t| t.norm == "," || t.norm == "”" || t.norm == "\"")
            && that.is_none()
            && (rest <= 6 || quotes && s.quoted.first() == Some(&true) || norm(k + 1) == ","))
        || item.is_none()
            && frame_start > 3
            && rest <= 6
            && that.is_none()
            && matches!(norm(frame_start - 1), "," | "”" | "\"");
    let (said, from) = if tail {
        let mut ranges = vec![0..frame_start];
        let quoted_after: Vec<usize> = (k + 1..s.tokens.len()).filter(|&i| s.quoted[i]).collect();
        if let (Some(&a), Some(&b)) = (quoted_after.first(), quoted_after.last()) {
            ranges.push(a..b + 1);
        }
        (Said(ranges), 0)
    } else {
        let mut ranges = vec![k + 1..s.tokens.len()];
        if let Some(first) = s.quoted.iter().position(|q| *q).filter(|&q| q < frame_start) {
            ranges.push(first..frame_start);
        }
        let first_quoted = s.quoted.iter().position(|q| *q).unwrap_or(frame_start);
        (Said(ranges), first_quoted.min(frame_start))
    };
    Some((speaker, said, from))
}

/// “Kang Visoth, a former judge, disagrees: “I have read the file.””
fn announced(s: &Sentence, out: &mut Vec<Attribution>, talk: &mut Talk, text: &str) {
    let Some(colon) =
        (1..s.tokens.len().saturating_sub(2)).find(|&k| s.norm(k) == ":" && matches!(s.norm(k + 1), "“" | "\""))
    else {
        return;
    };
    let person = (0..s.items.len().min(5)).find(|&i| {
        s.np(i).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive) && s.items[i].end <= colon
    });
    if let (true, Some(who)) = (out.is_empty(), person.and_then(|i| speaker(s, i, talk, text))) {
        talk.last = Some(who.clone());
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
fn according(s: &Sentence, out: &mut Vec<Attribution>, text: &str, lexicon: &Lexicon) {
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
        if s.tokens.get(from).is_some_and(|t| matches!(t.norm.as_str(), "our" | "my" | "this" | "these")) {
            continue;
        }
        let until = (from..(from + 9).min(s.tokens.len())).find(|&k| matches!(s.norm(k), "," | "." | ";" | ")"));
        let who = first.and_then(|i| speaker(s, i, &Talk::default(), text)).or_else(|| {
            // “According to the source, …”
            let start = if s.tokens.get(from)?.is(Flags::DETERMINER.with(Flags::POSSESSIVE)) { from + 1 } else { from };
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
