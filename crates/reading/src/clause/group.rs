//! Verb groups: the auxiliaries and adverbs before a verb, with the verb itself.

use super::{Kind, Parser};
use crate::lexicon::Flags;
use crate::phrase::ItemKind;
use crate::token::{Case, Token};

/// A run of auxiliaries with its verb.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    pub start: usize,
    pub at: usize,
    pub(super) kind: Kind,
    pub(super) be: bool,
    pub(super) bare: bool,
}

impl Group {
    pub fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }
}

pub(super) const AUXILIARY: Flags = Flags::BE.with(Flags::HAVE).with(Flags::DO).with(Flags::MODAL);

/// Words that belong to a verb rather than to what follows: “gunned down”.
pub(super) const PARTICLES: [&str; 14] =
    ["down", "up", "away", "back", "off", "out", "over", "home", "apart", "aside", "forward", "along", "dead", "open"];

fn light(t: &Token) -> bool {
    t.is(Flags::ADVERB.with(Flags::NEGATION)) && !t.is(AUXILIARY)
        || t.norm.ends_with("ly") && t.norm.len() > 4
        || crate::verb::reflexive(&t.norm)
}

/// An -ed form that no lexicon has is a verb's as well.
fn participle(t: &Token) -> bool {
    t.is(Flags::PARTICIPLE) || t.norm.ends_with("ed") && t.norm.len() > 4 && !t.is(Flags::PERSON.with(Flags::ADVERB))
}

pub(super) fn past(t: &Token) -> bool {
    t.is(Flags::PAST) || participle(t) && t.norm.ends_with("ed")
}

fn gerund(t: &Token) -> bool {
    t.is(Flags::GERUND) || t.norm.ends_with("ing") && t.norm.len() > 6 && !t.is(Flags::PREPOSITION.with(Flags::NUMBER))
}

impl Parser<'_> {
    fn token(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i)
    }

    /// A token that stands by itself, rather than in a noun phrase or date.
    fn free(&self, i: usize) -> Option<&Token> {
        let item = self.items.get(*self.item_of.get(i)?)?;
        matches!(item.kind, ItemKind::Word).then(|| &self.tokens[i])
    }

    /// The verb group that begins at a word.
    pub(super) fn group(&self, k: usize) -> Option<Group> {
        let start = self.items.get(k)?.start;
        let first = self.token(start)?;
        if first.norm == "to" {
            let mut i = start + 1;
            while self.free(i).is_some_and(light) {
                i += 1;
            }
            let t = self.free(i)?;
            let base = t.is(Flags::BASE.with(AUXILIARY)) && t.case == Case::Lower && t.norm != "being";
            if !base {
                return None;
            }
            let rest = self.auxiliaries(i);
            return Some(rest.map_or(Group { start, at: i, kind: Kind::Infinitive, be: false, bare: false }, |g| {
                Group { start, kind: Kind::Infinitive, ..g }
            }));
        }
        let auxiliary = first.is(AUXILIARY) || first.norm.ends_with("n't");
        let named = first.capital() && start > 0 && matches!(first.norm.as_str(), "may" | "will");
        if auxiliary && !named {
            return self.auxiliaries(start);
        }
        self.bare(start)
    }

    fn auxiliaries(&self, start: usize) -> Option<Group> {
        let mut i = start;
        let mut last = start;
        let (mut be, mut gerund_form) = (false, false);
        let mut finite = true;
        while let Some(t) = self.free(i) {
            if t.is(AUXILIARY) || t.norm.ends_with("n't") {
                be = t.is(Flags::BE) && !matches!(t.norm.as_str(), "got" | "get" | "gets");
                be |= matches!(
                    t.norm.as_str(),
                    "wasn't" | "weren't" | "isn't" | "aren't" | "got" | "get" | "gets" | "getting"
                );
                finite &= !(i == start && matches!(t.norm.as_str(), "being" | "having" | "getting"));
                last = i;
            } else if matches!(t.norm.as_str(), "in" | "at" | "by")
                && self.token(i + 1).is_some_and(|n| {
                    matches!(n.norm.as_str(), "addition" | "turn" | "fact" | "effect" | "once" | "then" | "now")
                })
            {
                // “was in addition charged”
                i += 1;
            } else if !light(t) {
                break;
            }
            i += 1;
        }
        // “Was he arrested?”, “neither was he”: not read.
        let t = self.free(i);
        let before = &self.tokens[last].norm;
        let main = t.is_some_and(|t| {
            (t.case == Case::Lower || t.case == Case::Title && start == 0)
                && match before.as_str() {
                    _ if be => participle(t) || gerund(t),
                    "has" | "have" | "had" | "having" | "hasn't" | "haven't" | "hadn't" => participle(t),
                    _ => t.is(Flags::BASE),
                }
        });
        let at = if main { i } else { last };
        if main && be && t.is_some_and(|t| gerund(t) && !participle(t)) {
            gerund_form = true;
        }
        let kind = if finite { Kind::Finite } else { Kind::Gerund };
        Some(Group { start, at, kind, be: be && main && !gerund_form, bare: false })
    }

    fn bare(&self, i: usize) -> Option<Group> {
        let t = self.free(i)?;
        let digits = |k: usize| self.tokens[k].norm.starts_with(|c: char| c.is_ascii_digit());
        let capital = t.capital()
            && i > 0
            && self.tokens[i - 1].is_word()
            && !(i <= 6 && digits(i - 1) && t.is(Flags::PAST.with(Flags::THIRD)));
        if capital || t.possessive {
            return None;
        }
        let before = i.checked_sub(1).and_then(|b| self.token(b));
        let qualified = before.is_some_and(|b| {
            b.possessive
                || b.is(Flags::DETERMINER.with(Flags::POSSESSIVE))
                    && !matches!(
                        b.norm.as_str(),
                        "all" | "both" | "those" | "each" | "several" | "many" | "few" | "most" | "some"
                    )
        });
        // “found guilty” is no speech.
        let state = self
            .token(i + 1)
            .is_some_and(|n| matches!(n.norm.as_str(), "guilty" | "dead" | "not" | "liable" | "innocent"));
        let speech = t.is(Flags::SPEECH) && !state;
        if past(t) || participle(t) {
            let adjective = qualified
                || before.is_some_and(|b| b.is(Flags::PREPOSITION) && b.norm != "as" && !b.is(Flags::SUBORDINATOR))
                    && self.free(i + 1).is_none_or(|n| !n.is(Flags::PREPOSITION) && n.is_word());
            if adjective {
                return None;
            }
            // “Chhay Borith, Rural Radio, dismissed on 2 November”
            let suffered = t.is(Flags::TRIGGER)
                && !self.object_follows(self.item_of[i] + 1)
                && self.tokens.get(i + 1).is_none_or(|n| n.norm != "that");
            let speech = speech && !suffered;
            let kind = if past(t) && (!participle(t) || speech) { Kind::Finite } else { Kind::Participle };
            return Some(Group { start: i, at: i, kind, be: false, bare: true });
        }
        if gerund(t) {
            if qualified {
                return None;
            }
            return Some(Group { start: i, at: i, kind: Kind::Gerund, be: false, bare: true });
        }
        let told = before.is_some_and(|b| b.norm == "who")
            && t.norm.ends_with('s')
            && t.case == Case::Lower
            && !t.is(Flags::PREPOSITION.with(Flags::ADVERB).with(Flags::PRONOUN));
        let form = told
            || t.is(Flags::THIRD.with(Flags::BASE))
                && (t.case == Case::Lower
                    || t.is(Flags::THIRD)
                        && self.tokens[..i].iter().all(|t| {
                            !t.is_word() || t.norm.starts_with(|c: char| c.is_ascii_digit()) || t.is(Flags::MONTH)
                        }));
        if !form || qualified || before.is_some_and(|b| b.is(Flags::PREPOSITION)) {
            return None;
        }
        let frame = self.top();
        let pronoun = before
            .is_some_and(|b| b.is(Flags::PRONOUN.with(Flags::PRONOUNS).with(Flags::RELATIVE).with(Flags::FIRST)))
            || before.is_some_and(|b| b.norm == "it" || b.norm == "that");
        let object = self.items.get(self.item_of[i] + 1).is_some_and(|n| {
            matches!(n.kind, ItemKind::Np(_))
                || self.tokens[n.start].is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::PRONOUN))
                || matches!(self.tokens[n.start].norm.as_str(), "that" | "both" | "all")
        });
        let waits = frame.verb.is_none() && frame.subject.is_some() || frame.pending.is_some();
        let subject_right_before = before.is_some_and(Token::is_word)
            && self.items.get(self.item_of[i].wrapping_sub(1)).is_some_and(|n| n.np().is_some());
        let joined = self.conjunction && frame.verb.is_some() && object;
        let opens = i == 0
            || self.out.verbs.is_empty()
                && frame.subject.is_none()
                && self.tokens[..i]
                    .iter()
                    .all(|t| !t.is_word() || t.norm.starts_with(|c: char| c.is_ascii_digit()) || t.is(Flags::MONTH));
        let accept = pronoun
            || opens && t.is(Flags::THIRD) && !t.is(Flags::NOMINAL)
            || waits && !t.is(Flags::NOMINAL) && (t.is(Flags::THIRD) || subject_right_before)
            || waits && object && subject_right_before
            || joined;
        accept.then_some(Group { start: i, at: i, kind: Kind::Finite, be: false, bare: true })
    }
}
