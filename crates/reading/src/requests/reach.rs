//! How far an ask reaches: whom it addresses, where it ends, and where the next begins.

use super::ask::{Ask, NOMINAL, Reader};
use crate::lexicon::Flags;

impl Reader<'_> {
    /// “to” before a verb, rather than before a noun.
    pub(super) fn infinitive(&self, k: usize) -> bool {
        let mut next = k + 1;
        while self.token(next).is_some_and(|t| t.norm.ends_with("ly") || matches!(t.norm.as_str(), "not" | "also")) {
            next += 1;
        }
        self.token(next).is_none_or(|t| {
            !t.is(NOMINAL.with(Flags::RELATIVE).with(Flags::PRONOUN).with(Flags::PRONOUNS).with(Flags::NUMBER))
                && !(t.capital() && k + 1 < self.s.tokens.len())
                && !t.norm.starts_with(|c: char| c.is_ascii_digit())
                && !matches!(
                    t.norm.as_str(),
                    "us" | "you" | "me" | "physicians" | "workers" | "people" | "date" | "death" | "prison"
                )
                && !(t.is(Flags::PERSONS) && !t.is(Flags::TRIGGER))
        })
    }

    /// Whether those asked are such as are asked in public.
    pub(super) fn addressed(&self, from: usize, to: usize, verb: usize, strong: bool, we: bool) -> bool {
        let words = &self.s.tokens[from..to];
        let nobody = words.iter().any(|t| matches!(t.norm.as_str(), "nobody" | "none"));
        let pronoun = words.len() == 1 && words[0].is(Flags::PRONOUN.with(Flags::PRONOUNS).with(Flags::POSSESSIVE));
        let me = words.first().is_some_and(|t| matches!(t.norm.as_str(), "me" | "us" | "him" | "her"));
        let names = words.iter().any(|t| t.capital());
        let asked = words.iter().any(|t| self.cues.has("asked", &t.norm));
        let letters = self.s.tokens[..verb]
            .iter()
            .any(|t| matches!(t.norm.as_str(), "letter" | "letters" | "write" | "appeals" | "petition" | "please"));
        if nobody || words.len() > 26 {
            return false;
        }
        if pronoun || me {
            return strong && (we || !me) && !matches!(self.norm(verb), "petition") || letters || we && !me;
        }
        strong || we || names || asked
    }

    /// From the first “to”: each further “to”, and each further addressee, is an ask of its own.
    pub(super) fn split(&self, verb: usize, to: usize, addressee: Option<String>) -> Vec<Ask> {
        let s = self.s;
        let mut out = Vec::new();
        let mut from = verb;
        let mut who = addressee;
        let in_quote = s.quoted.get(verb).copied().unwrap_or(false);
        let mut k = to + 2;
        while k < s.tokens.len() {
            let norm = self.norm(k);
            if norm == ";" || norm == "." && k + 1 >= s.tokens.len() || in_quote && matches!(norm, "”" | "\"") {
                break;
            }
            let joined = matches!(self.norm(k - 1), "and" | "," | ";" | "or");
            let next_ask = joined
                && (self.cues.at("strong", s, k).is_some()
                    || self.cues.at("weak", s, k).is_some() && !self.norm(k).ends_with("ing")
                    || self.cues.at("for", s, k).is_some());
            let speech = joined
                && self.norm(k - 1) == ","
                && (self.token(k).is_some_and(|t| t.is(Flags::SPEECH))
                    || self.token(k + 1).is_some_and(|t| matches!(t.norm.as_str(), "said" | "says")));
            if next_ask || speech {
                k -= 1;
                break;
            }
            if norm == "to" && joined && self.infinitive(k) {
                out.push(Ask { addressee: who.clone(), from, to: self.trimmed(from, k), opens_list: false });
                from = k;
            } else if joined
                && self.norm(k - 1) != ","
                && let Some((start, stop)) = self.next_addressee(k)
            {
                out.push(Ask { addressee: who.clone(), from, to: self.trimmed(from, k), opens_list: false });
                who = Some(s.words(self.text, start, stop));
                from = k;
                k = stop;
            }
            k += 1;
        }
        out.push(Ask { addressee: who, from, to: k.min(s.tokens.len()).max(from + 1), opens_list: false });
        out
    }

    pub(super) fn trimmed(&self, from: usize, k: usize) -> usize {
        let mut end = k;
        while end > from + 1 && matches!(self.norm(end - 1), "," | "and" | ";" | "or") {
            end -= 1;
        }
        end
    }

    /// “… and on prosecutors to open a case”, “… and the company to give back”
    pub(super) fn next_addressee(&self, k: usize) -> Option<(usize, usize)> {
        let start = if matches!(self.norm(k), "on" | "upon" | "to") { k + 1 } else { k };
        let to = (start + 1..(start + 16).min(self.s.tokens.len()))
            .take_while(|&i| !matches!(self.norm(i), "," | ";" | "." | "and" | "that" | "who" | "for"))
            .find(|&i| self.norm(i) == "to" && self.infinitive(i))?;
        let first = self.token(start)?;
        let led = start > k || first.is(NOMINAL) || first.capital();
        let asked = self.s.tokens[start..to].iter().any(|t| self.cues.has("asked", &t.norm) || t.capital());
        let verbal = self.s.tokens[start..to].iter().any(|t| t.is(Flags::BE.with(Flags::HAVE).with(Flags::MODAL)));
        (led && asked && !verbal).then_some((start, to))
    }

    /// A list inside the sentence: “urge the court: (a) to hear them; (b) to free them”.
    pub(super) fn runs_in(&self, verb: usize, end: usize, addressee: Option<String>) -> Option<Vec<Ask>> {
        let s = self.s;
        let colon = (verb..end.min(s.tokens.len())).find(|&i| self.norm(i) == ":" && i + 3 < s.tokens.len())?;
        let mut out = Vec::new();
        let mut from = colon + 1;
        for k in colon + 1..=s.tokens.len() {
            if k == s.tokens.len() || self.norm(k) == ";" {
                let mut start = from;
                while start < k
                    && self.token(start).is_some_and(|t| {
                        !t.is_word() || t.norm.chars().count() == 1 && t.norm != "a" || t.norm == "and"
                    })
                {
                    start += 1;
                }
                if start < k {
                    out.push(Ask { addressee: addressee.clone(), from: start, to: k, opens_list: false });
                }
                from = k + 1;
            }
        }
        match out.len() {
            0 => None,
            // “We ask the Rapporteur: which of them …?”
            1 => Some(vec![Ask { addressee, from: verb, to: s.tokens.len(), opens_list: false }]),
            _ => Some(out),
        }
    }

    pub(super) fn clause_end(&self, from: usize) -> usize {
        let s = self.s;
        let asks = |k: usize| {
            self.cues.at("strong", s, k).is_some()
                || self.cues.at("weak", s, k).is_some() && !self.norm(k).ends_with("ing")
                || self.cues.at("modals", s, k).is_some()
        };
        (from..s.tokens.len())
            .find(|&k| {
                matches!(self.norm(k), ";" | "”" | "\"" | ":")
                    || self.norm(k) == "." && k + 1 >= s.tokens.len()
                    || matches!(self.norm(k), "and" | ",")
                        && (asks(k + 1)
                            || matches!(self.norm(k + 1), "we" | "i" | "they" | "it") && (asks(k + 2) || asks(k + 3)))
            })
            .unwrap_or(s.tokens.len())
    }
}
