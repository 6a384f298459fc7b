//! The chunker: determiners, numbers, roles and names to one noun phrase.

use super::{Item, ItemKind, Np, NpKind};
use crate::dates;
use crate::lexicon::{Flags, Lexicon};
use crate::names::{NameKind, Named};
use crate::token::{Case, Token};

const NOUN: Flags = Flags::PERSON
    .with(Flags::PERSONS)
    .with(Flags::ORGANISATION)
    .with(Flags::ORGANISATIONS)
    .with(Flags::AGENT)
    .with(Flags::UNIT);
/// Nouns of those to whom something can happen.
const BEING: Flags = Flags::PERSON.with(Flags::PERSONS).with(Flags::ORGANISATION).with(Flags::ORGANISATIONS);
const PLURAL: Flags = Flags::PERSONS.with(Flags::ORGANISATIONS);
const CLOSED: Flags = Flags::DETERMINER
    .with(Flags::PREPOSITION)
    .with(Flags::CONJUNCTION)
    .with(Flags::BE)
    .with(Flags::HAVE)
    .with(Flags::DO)
    .with(Flags::MODAL)
    .with(Flags::NEGATION)
    .with(Flags::PRONOUN)
    .with(Flags::PRONOUNS)
    .with(Flags::POSSESSIVE)
    .with(Flags::RELATIVE)
    .with(Flags::SUBORDINATOR);

struct Chunker<'a> {
    tokens: &'a [Token],
    names: &'a [Named],
    lexicon: &'a Lexicon,
    /// Where each token's date, if any, begins and ends.
    dates: &'a [dates::Found],
}

/// The items of a sentence.
pub(crate) fn chunk(tokens: &[Token], dates: &[dates::Found], names: &[Named], lexicon: &Lexicon) -> Vec<Item> {
    let chunker = Chunker { tokens, names, lexicon, dates };
    let mut out = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        if let Some(k) = dates.iter().position(|d| d.start == i) {
            out.push(Item { kind: ItemKind::Date, start: i, end: dates[k].end });
            i = dates[k].end.max(i + 1);
        } else if let Some((np, end)) = chunker.phrase(i) {
            out.push(Item { kind: ItemKind::Np(np), start: i, end });
            i = end.max(i + 1);
        } else {
            out.push(Item { kind: ItemKind::Word, start: i, end: i + 1 });
            i += 1;
        }
    }
    out
}

impl Chunker<'_> {
    fn token(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i)
    }

    fn dated(&self, i: usize) -> bool {
        self.dates.iter().any(|d| d.start <= i && i < d.end)
    }

    fn named_from(&self, i: usize) -> Option<&Named> {
        self.names.iter().find(|n| n.lead == i || n.start == i)
    }

    /// A word that may stand before a head noun.
    fn content(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| {
            t.is_word()
                && !t.is(CLOSED)
                && !self.dated(i)
                && !matches!(t.norm.as_str(), "guilty" | "unharmed" | "unhurt")
                && !(t.is(Flags::PAST.with(Flags::PARTICIPLE)) && !t.is(NOUN) && !t.capital() && !self.adjectival(i))
                && !(t.is(Flags::THIRD) && !t.is(Flags::NOMINAL.with(NOUN)) && !t.capital())
                && !(matches!(t.norm.as_str(), "dead" | "home")
                    && i > 0
                    && self.tokens[i - 1].is(Flags::PAST.with(Flags::PARTICIPLE)))
                && !(t.norm.starts_with(|c: char| c.is_ascii_digit()) && !t.norm.contains('-'))
                && !(t.is(Flags::SPEECH.with(Flags::ADVERB)) && !t.is(NOUN) && t.norm != "state")
                && (!t.is(Flags::TRIGGER) || t.is(NOUN) && !self.verbal(i) || self.adjectival(i))
                && !(self.names.iter().any(|n| n.start <= i && i < n.end && n.kind != NameKind::Other))
        })
    }

    /// A trigger that is a noun by its form, but stands where a verb stands.
    fn verbal(&self, i: usize) -> bool {
        self.token(i + 1).is_some_and(|t| t.is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::PRONOUN)))
    }

    /// “arrested activists”, “detained journalists”: a participle before its noun.
    fn adjectival(&self, i: usize) -> bool {
        let Some(t) = self.token(i) else { return false };
        let before = i.checked_sub(1).and_then(|k| self.token(k));
        (t.norm.ends_with("ed") || t.norm.ends_with("ing"))
            && before.is_some_and(|b| {
                b.is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::NUMBER))
                    || b.possessive
                    || b.norm.starts_with(|c: char| c.is_ascii_digit())
            })
            && self
                .token(i + 1)
                .is_some_and(|n| n.is(BEING) || self.token(i + 2).is_some_and(|m| m.is(BEING)) && !n.is(CLOSED))
    }

    fn noun(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| t.is(NOUN)) && self.content(i)
    }

    fn phrase(&self, i: usize) -> Option<(Np, usize)> {
        let first = self.token(i)?;
        if !first.is_word() {
            return None;
        }
        let mut np = Np {
            kind: NpKind::Common,
            head: String::new(),
            number: None,
            plural: false,
            definite: false,
            owned: false,
            negated: false,
            other: false,
            partitive: false,
            possessive: false,
            flags: Flags::NONE,
            described: i,
            name_start: i,
        };
        if let Some((kind, end)) = self.pronoun(i) {
            np.kind = kind;
            np.plural = matches!(np.kind, NpKind::Pronoun { plural: true });
            return Some((np, end));
        }
        let mut at = i;
        let mut specified = false;
        // Bounds and numbers, determiners, possessives: “at least 21”, “all of the”, “his two”.
        let mut steps = 0;
        while steps < 5 {
            steps += 1;
            if np.number.is_none()
                && let Some(found) = (at..at + 5).find_map(|k| {
                    self.lexicon.numbers.at(self.tokens, k).filter(|f| f.start <= at && f.number == k && !self.dated(k))
                })
            {
                np.definite |= self.tokens[at..found.number]
                    .iter()
                    .any(|t| matches!(t.norm.as_str(), "the" | "all" | "both" | "these" | "those"));
                np.other |= self.tokens[at..found.number].iter().any(|t| t.norm == "another");
                np.plural = found.value > 1;
                at = found.end;
                np.number = Some(found);
                specified = true;
                continue;
            }
            let Some(t) = self.token(at) else { break };
            match t.norm.as_str() {
                "the" | "these" | "those" | "this" | "that" | "both" | "all" | "each" | "every" => {
                    if matches!(t.norm.as_str(), "that" | "this") && !self.content(at + 1) {
                        break;
                    }
                    // “records show that Mr Samart”
                    let said = at > 0
                        && self.tokens[at - 1].is(Flags::BASE.with(Flags::THIRD).with(Flags::PAST).with(Flags::SPEECH));
                    if t.norm == "that" && (said || self.token(at + 1).is_some_and(Token::capital)) {
                        break;
                    }
                    np.definite |= !np.partitive;
                    np.plural |= matches!(t.norm.as_str(), "these" | "those" | "both" | "all");
                }
                "no" | "neither" => np.negated = true,
                "other" | "another" => np.other = true,
                "remaining" if np.definite => np.other = true,
                "of" if specified
                    && self.token(at + 1).is_some_and(|t| {
                        matches!(t.norm.as_str(), "the" | "its" | "their" | "those" | "these" | "them" | "his" | "her")
                    }) =>
                {
                    np.partitive = np.number.is_some();
                }
                "of" if matches!(
                    at.checked_sub(1).and_then(|k| self.token(k)).map(|t| t.norm.as_str()),
                    Some("dozens" | "hundreds" | "thousands" | "scores")
                ) =>
                {
                    np.plural = true;
                }
                "a" | "an" | "some" | "several" | "many" | "few" | "dozens" | "hundreds" | "thousands" | "scores"
                | "various" | "numerous" | "most" | "any" | "such" | "certain" => {}
                _ if t.is(Flags::POSSESSIVE) => np.owned = true,
                "following" if specified => {}
                "third" | "second" | "first" | "fourth" | "then" | "now" if specified => {}
                _ => break,
            }
            specified = true;
            at += 1;
        }
        np.described = at;
        // “each of them”, “three of them”
        if specified
            && self.token(at).is_some_and(|t| t.is(Flags::PRONOUNS))
            && at > i
            && self.tokens[at - 1].norm == "of"
        {
            if np.number.is_none() {
                np.kind = NpKind::Pronoun { plural: true };
                np.plural = true;
            } else {
                np.kind = NpKind::Number;
            }
            return Some((np, at + 1));
        }
        if let Some(done) = self.named(&mut np, i, at) {
            return Some((np, done));
        }
        if let Some(head) = self.head(at, specified) {
            let token = &self.tokens[head];
            // “his own head”: a part of the body.
            if np.owned && token.norm == "head" && self.token(head + 1).is_none_or(|t| t.norm != "of") {
                return None;
            }
            np.head = token.norm.clone();
            np.flags = token.flags;
            np.plural |= token.is(PLURAL);
            np.other |= self.tokens[at..=head].iter().any(|t| matches!(t.norm.as_str(), "other" | "others"));
            np.possessive = token.possessive;
            let end = head + 1;
            // “union leader Rong Chhun”, “the newspaper Sangker Times”
            if !np.possessive
                && let Some(done) = self.named(&mut np, i, end)
            {
                return Some((np, done));
            }
            return Some((np, end));
        }
        if let Some(number) = np.number {
            // A number without a noun: “the other four”, “all five”; not “two months”.
            let next = self.token(number.end);
            if next.is_some_and(|t| t.norm == "more")
                && self.token(number.end + 1).is_none_or(|t| t.norm != "than" && !self.noun(number.end + 1))
            {
                np.kind = NpKind::Number;
                np.other = true;
                return Some((np, number.end + 1));
            }
            // “30 months, 10 suspended”: months.
            if next.is_some_and(|t| t.norm == "suspended") {
                return None;
            }
            let unit = next.is_some_and(|t| t.is(Flags::NOT_UNIT));
            let later = self.token(number.end + 1).is_some_and(|t| t.is(Flags::NOT_UNIT));
            let more_content = next.is_some_and(|t| {
                t.is_word() && !t.is(CLOSED.with(Flags::TRIGGER).with(Flags::ADVERB)) && t.case == Case::Lower
            });
            if !unit && !later && !(more_content && !np.definite) {
                np.kind = NpKind::Number;
                return Some((np, number.end));
            }
        }
        None
    }

    fn pronoun(&self, i: usize) -> Option<(NpKind, usize)> {
        let t = self.token(i)?;
        if matches!(t.norm.as_str(), "nobody" | "none" | "no-one")
            || (t.norm == "no" && self.token(i + 1).is_some_and(|n| n.norm == "one"))
        {
            return Some((NpKind::Nobody, if t.norm == "no" { i + 2 } else { i + 1 }));
        }
        if t.norm == "it" {
            return Some((NpKind::It, i + 1));
        }
        // “Each was handed two years”, “both had been charged”
        if matches!(t.norm.as_str(), "each" | "both")
            && !(i > 0 && self.tokens[i - 1].is(Flags::BE.with(Flags::HAVE)))
            && self.token(i + 1).is_some_and(|n| {
                n.is(Flags::BE.with(Flags::HAVE).with(Flags::MODAL))
                    || n.is(Flags::PAST) && n.is(Flags::TRIGGER)
                    || n.is(Flags::BASE.with(Flags::PAST)) && !n.is(NOUN) && n.case == Case::Lower
                    || matches!(
                        n.norm.as_str(),
                        "remain"
                            | "remained"
                            | "got"
                            | "received"
                            | "spent"
                            | "deny"
                            | "denied"
                            | "went"
                            | "left"
                            | "walked"
                    )
            })
        {
            return Some((NpKind::Pronoun { plural: true }, i + 1));
        }
        // “charges both with plotting”, “freed both on bail”
        if t.norm == "both"
            && i > 0
            && self.tokens[i - 1].is(Flags::TRIGGER)
            && self.token(i + 1).is_none_or(|n| n.is(Flags::PREPOSITION) || !n.is_word())
        {
            return Some((NpKind::Pronoun { plural: true }, i + 1));
        }
        // “were themselves picked up”: it only stresses.
        if crate::verb::reflexive(&t.norm)
            && i > 0
            && (self.tokens[i - 1].is(Flags::BE.with(Flags::HAVE))
                || self.tokens[i - 1].capital()
                || self.token(i + 1).is_some_and(|n| n.is(Flags::BE.with(Flags::HAVE))))
        {
            return None;
        }
        if t.is(Flags::PRONOUN) || t.is(Flags::PRONOUNS) {
            return Some((NpKind::Pronoun { plural: t.is(Flags::PRONOUNS) }, i + 1));
        }
        // “kicked her”, but not “her brother”.
        const STATES: [&str; 12] = [
            "guilty",
            "free",
            "away",
            "back",
            "home",
            "alone",
            "incommunicado",
            "overnight",
            "down",
            "up",
            "out",
            "off",
        ];
        let state = self.token(i + 1).is_some_and(|n| STATES.contains(&n.norm.as_str()));
        let after_verb = i > 0
            && self.tokens[i - 1].is(Flags::TRIGGER)
            && !self.tokens[i - 1].is(NOUN)
            && !self.noun(i + 1)
            && !self.noun(i + 2)
            && matches!(self.tokens[i - 1].norm.as_str(), "gave" | "give" | "told" | "sent" | "handed" | "denied");
        if t.norm == "her" && (after_verb || state || !self.content(i + 1)) && self.named_from(i + 1).is_none() {
            return Some((NpKind::Pronoun { plural: false }, i + 1));
        }
        None
    }

    /// A name at `at`, with what has been gathered before it as its role.
    fn named(&self, np: &mut Np, from: usize, at: usize) -> Option<usize> {
        let name = self.names.iter().find(|n| n.lead == at || n.start == at)?;
        let kind = match name.kind {
            NameKind::Person => NpKind::Person(name.name.clone()),
            NameKind::Organisation => NpKind::Organisation(name.name.clone()),
            NameKind::Place => NpKind::Place(name.name.clone()),
            NameKind::Law | NameKind::Other => NpKind::Named(name.name.clone()),
        };
        // “the regional paper Pruzhany Today”
        let kind = match kind {
            NpKind::Named(n)
                if np.flags.any(Flags::ORGANISATION)
                    && !np.flags.any(Flags::PERSON)
                    && name.kind == NameKind::Other =>
            {
                NpKind::Organisation(n)
            }
            other => other,
        };
        let last = self.token(name.end - 1)?;
        // “Golden Needle factory”, “Phnom Penh residents”: the name only tells more of a noun.
        let modifies = !last.possessive && self.noun(name.end) && name.kind != NameKind::Person;
        if modifies
            || (from < at && !np.head.is_empty() && !matches!(kind, NpKind::Person(_) | NpKind::Organisation(_)))
        {
            if modifies && np.head.is_empty() {
                let head = self.head(name.end, true)?;
                let token = self.token(head)?;
                np.head = token.norm.clone();
                np.flags = token.flags;
                np.plural |= token.is(PLURAL);
                np.possessive = token.possessive;
                np.kind = match (&kind, token.is(Flags::ORGANISATION.with(Flags::AGENT))) {
                    (NpKind::Organisation(_) | NpKind::Named(_), true)
                        if !token.is(Flags::PERSON) && np.number.is_none() =>
                    {
                        NpKind::Organisation(name.name.clone())
                    }
                    _ => NpKind::Common,
                };
                // “Former senator Pal Sovanna”
                if let Some(person) = self.names.iter().find(|n| n.lead == head + 1 || n.start == head + 1)
                    && person.kind == NameKind::Person
                    && !np.possessive
                {
                    np.kind = NpKind::Person(person.name.clone());
                    np.name_start = person.start;
                    np.possessive = self.token(person.end - 1)?.possessive;
                    return Some(person.end);
                }
                return Some(head + 1);
            }
            return None;
        }
        if matches!(kind, NpKind::Organisation(_))
            && np.flags.any(Flags::PERSON.with(Flags::PERSONS))
            && !np.flags.any(Flags::ORGANISATION)
        {
            return None;
        }
        np.possessive = last.possessive;
        if np.head.is_empty() {
            let flags = self.tokens[name.lead..name.end].iter().fold(Flags::NONE, |f, t| f.with(t.flags));
            if !matches!(kind, NpKind::Person(_)) && flags.any(Flags::AGENT) {
                np.flags = np.flags.with(Flags::AGENT);
            }
        }
        np.kind = kind;
        np.name_start = name.start;
        Some(name.end)
    }

    /// The head noun of the run of content words at `at`.
    fn head(&self, at: usize, specified: bool) -> Option<usize> {
        let first = self.token(at)?;
        // “who include village chief X”, “they face charges”: a verb where a verb stands.
        let after_pronoun = at > 0
            && self.tokens[at - 1].is(Flags::PRONOUN
                .with(Flags::PRONOUNS)
                .with(Flags::RELATIVE)
                .with(Flags::FIRST)
                .with(Flags::MODAL)
                .with(Flags::DO));
        // “who heads the Centre”, “who chairs the union”
        let relative = at > 0
            && self.tokens[at - 1].norm == "who"
            && first.case == Case::Lower
            && (first.norm.ends_with('s') || first.is(Flags::BASE))
            && self.token(at + 1).is_some_and(|n| {
                n.is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::PREPOSITION)) || n.capital()
            });
        if relative && !specified {
            return None;
        }
        let verb = first.is(Flags::BASE) && first.case == Case::Lower && !first.is(NOUN);
        if !specified && verb && (after_pronoun || !first.is(Flags::NOMINAL)) {
            return None;
        }
        if !specified && !self.noun(at) && (first.norm.ends_with("ed") || first.norm.ends_with("ing")) {
            return None;
        }
        let mut k = at;
        let mut head = None;
        while k < at + 9 && self.content(k) {
            let t = self.token(k)?;
            if self.noun(k) {
                head = Some(k);
                let next_noun = self.noun(k + 1);
                let beyond = self.content(k + 1) && self.noun(k + 2) && !t.is(PLURAL);
                if !(next_noun || beyond || t.possessive && self.content(k + 1))
                    || (t.is(Flags::PERSONS) && !t.possessive && !next_noun)
                {
                    break;
                }
            } else if t.possessive && head.is_some() {
                break;
            }
            k += 1;
        }
        head
    }
}
