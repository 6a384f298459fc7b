//! Who has spoken and who was spoken of: whom “she said”, “they warned” and “the ministry said” mean.

use std::collections::HashMap;

use super::Speaker;
use crate::discourse::{Sentence, gender_of};
use crate::lexicon::Flags;
use crate::phrase::NpKind;
use crate::text::Role;

/// State from sentence to sentence.
#[derive(Default)]
pub(super) struct Talk {
    /// Who spoke last, and in which sentence and paragraph.
    last: Option<(Speaker, usize, usize)>,
    /// Who spoke last of several: “the experts”.
    many: Option<Speaker>,
    /// The last person spoken of as a subject, and in which sentence.
    person: Option<(String, usize)>,
    /// A quotation is open from an earlier sentence.
    pub open: bool,
    women: HashMap<String, bool>,
    /// Offices in lower case with who holds them: “deputy prosecutor”, “Seng Hour”.
    offices: Vec<(String, String)>,
    /// Bodies by name, as they came.
    bodies: Vec<String>,
    sentence: usize,
    paragraph: usize,
}

/// The head of a body's name, by which it is called again: “the party”, “the ministry”.
const BODIES: [&str; 32] = [
    "party",
    "ministry",
    "network",
    "commission",
    "committee",
    "council",
    "association",
    "union",
    "league",
    "fund",
    "office",
    "centre",
    "center",
    "department",
    "embassy",
    "mission",
    "federation",
    "agency",
    "observatory",
    "institute",
    "court",
    "board",
    "directorate",
    "society",
    "movement",
    "foundation",
    "coalition",
    "alliance",
    "authority",
    "assembly",
    "force",
    "commissariat",
];

impl Talk {
    /// Another sentence begins.
    pub fn at(&mut self, sentence: usize, paragraph: usize) {
        if paragraph != self.paragraph || sentence == 0 {
            self.open = false;
        }
        self.sentence = sentence;
        self.paragraph = paragraph;
    }

    pub fn spoke(&mut self, who: &Speaker, many: bool) {
        if many {
            self.many = Some(who.clone());
        }
        if let Some(role) = &who.role {
            self.offices.push((role.to_lowercase(), who.name.clone()));
        }
        self.last = Some((who.clone(), self.sentence, self.paragraph));
    }

    pub fn last(&self) -> Option<&Speaker> {
        self.last.as_ref().map(|(who, ..)| who)
    }

    /// Whom “he”, “she” or “they” means.
    pub fn pronoun(&self, word: &str) -> Option<Speaker> {
        if matches!(word, "they" | "them" | "both") {
            return self.many.clone().or_else(|| self.last().cloned());
        }
        let fits = |name: &str| match (word, self.women.get(name)) {
            ("she", Some(woman)) => *woman,
            ("he", Some(woman)) => !woman,
            _ => true,
        };
        let last = self.last.as_ref().filter(|(who, ..)| fits(&who.name));
        let person = self.person.as_ref().filter(|(name, _)| fits(name));
        match (last, person) {
            // Whoever became the subject after the last words were spoken, unless these stand in this paragraph.
            (Some((who, at, paragraph)), Some((name, seen))) => {
                let since = seen > at && *paragraph != self.paragraph && *name != who.name;
                Some(if since { Speaker { name: name.clone(), role: None } } else { who.clone() })
            }
            (Some((who, ..)), None) => Some(who.clone()),
            (None, Some((name, _))) => Some(Speaker { name: name.clone(), role: None }),
            (None, None) => None,
        }
    }

    /// “the colonel”, “the deputy prosecutor”: who holds the office, if the text has said it.
    pub fn office(&self, described: &str) -> Option<Speaker> {
        let words: Vec<String> = described.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let (role, name) = self.offices.iter().rev().find(|(role, _)| {
            let held: Vec<&str> = role.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
            words.iter().all(|w| held.contains(&w.as_str()))
        })?;
        Some(Speaker { name: name.clone(), role: Some(role.clone()).filter(|r| r != name) })
    }

    /// “the party”, “the ministry”: the body of that name that was told of last.
    pub fn body(&self, head: &str) -> Option<String> {
        if !BODIES.contains(&head) {
            return None;
        }
        self.bodies
            .iter()
            .rev()
            .find(|name| {
                name.split_whitespace()
                    .any(|w| w.trim_end_matches("’s").trim_end_matches("'s").eq_ignore_ascii_case(head))
            })
            .cloned()
    }

    /// What a sentence tells of persons and bodies, for those after it.
    pub fn see(&mut self, s: &Sentence, text: &str) {
        if matches!(s.role, Role::Boilerplate | Role::Note) {
            return;
        }
        for (k, item) in s.items.iter().enumerate() {
            let Some(np) = item.np() else { continue };
            let NpKind::Person(name) = &np.kind else { continue };
            let before = item.start.min(np.name_start)..np.name_start.min(s.tokens.len());
            for t in &s.tokens[before.clone()] {
                if let Some(woman) = gender_of(&t.norm) {
                    self.women.insert(name.clone(), woman);
                }
            }
            let title = s.norm(item.start.wrapping_sub(1));
            if let Some(woman) = gender_of(title) {
                self.women.insert(name.clone(), woman);
            }
            // “His wife, Sok Maly,”
            if k >= 2
                && matches!(s.word(k - 1), "," | "(")
                && let Some(lead) = s.np(k - 2).filter(|n| n.kind == NpKind::Common && !n.plural)
            {
                if let Some(woman) = gender_of(&lead.head) {
                    self.women.insert(name.clone(), woman);
                }
                let it = &s.items[k - 2];
                self.offices.push((s.words(text, lead.described.max(it.start), it.end).to_lowercase(), name.clone()));
            }
            let role = super::speaker::strip_titles(&s.words(text, before.start, before.end)).to_lowercase();
            if !role.is_empty() {
                self.offices.push((role, name.clone()));
            }
        }
        if let Some(name) = s.items.iter().take(6).filter_map(|i| i.np()).find_map(|n| match &n.kind {
            NpKind::Person(name) if !n.possessive => Some(name),
            _ => None,
        }) && matches!(s.role, Role::Body | Role::Item)
        {
            self.person = Some((name.clone(), self.sentence));
        }
        for k in 0..s.tokens.len() {
            if s.tokens[k].capital() && BODIES.contains(&s.norm(k)) {
                self.bodies.extend(named_body(s, k, text));
            }
        }
    }
}

/// The body with this head in its name that was told of last before a sentence.
pub(crate) fn body_before(sentences: &[Sentence], i: usize, head: &str, text: &str) -> Option<String> {
    if !BODIES.contains(&head) {
        return None;
    }
    sentences.get(..=i)?.iter().rev().filter(|s| !matches!(s.role, Role::Boilerplate | Role::Note)).find_map(|s| {
        (0..s.tokens.len())
            .rev()
            .filter(|&k| s.tokens[k].capital() && s.norm(k) == head)
            .find_map(|k| named_body(s, k, text))
    })
}

/// The name of a body around its head: “Lotus Light Party”, “Ministry of Justice”, “National Election Committee”.
fn named_body(s: &Sentence, head: usize, text: &str) -> Option<String> {
    let name = |k: usize| {
        s.tokens.get(k).is_some_and(|t| {
            t.capital()
                && t.is_word()
                && !t.is(Flags::DETERMINER
                    .with(Flags::MONTH)
                    .with(Flags::WEEKDAY)
                    .with(Flags::SUBORDINATOR)
                    .with(Flags::PREPOSITION))
        })
    };
    let mut start = head;
    while start > 0 && name(start - 1) && head - start < 6 {
        start -= 1;
    }
    let mut end = head + 1;
    if matches!(s.norm(end), "of" | "for" | "on") {
        let first = if s.norm(end + 1) == "the" { end + 2 } else { end + 1 };
        if name(first) {
            end = first + 1;
            while name(end) && end - first < 4 {
                end += 1;
            }
        }
    }
    (end - start > 1).then(|| s.words(text, start, end))
}
