//! Relative clauses and complements: “who”, “that”, “after … had”.

use super::{Level, Parser};
use crate::lexicon::Flags;
use crate::phrase::{ItemKind, Np};

impl Parser<'_> {
    /// Opens a relative clause or a complement; `false` if the word is neither.
    pub(super) fn relative(&mut self, k: usize) -> bool {
        let word = self.word(k).to_owned();
        let previous_verb = self.open.is_some() || k == 0;
        let next_is_verb = (k + 1..self.items.len().min(k + 4))
            .find(|&j| {
                !self.items.get(j).is_some_and(|i| {
                    self.tokens[i.start].is(Flags::ADVERB) && !self.tokens[i.start].is(Flags::HAVE.with(Flags::BE))
                })
            })
            .is_some_and(|j| {
                self.items.get(j).is_some_and(|i| {
                    let t = &self.tokens[i.start];
                    matches!(i.kind, ItemKind::Word)
                        && t.is(Flags::BE
                            .with(Flags::HAVE)
                            .with(Flags::MODAL)
                            .with(Flags::DO)
                            .with(Flags::PAST)
                            .with(Flags::THIRD)
                            .with(Flags::BASE))
                        || t.norm.ends_with("ed")
                        || word == "who" && j == k + 1 && t.norm.ends_with('s')
                })
            });
        // “if he joined the vigil, which was held”: a thing that no noun phrase stands for.
        let gap = self.last.map_or(0, |l| (l + 1..k).filter(|&j| self.word(j) != ",").count());
        let thing = word == "which"
            && gap > 0
            && k > 0
            && !(self.last.map_or(0, |l| l + 1)..k)
                .any(|j| matches!(self.word(j), "of" | "in" | "for" | "at" | "(" | "from") || self.np(j).is_some());
        let antecedent = if thing { None } else { self.antecedent(&word) };
        match word.as_str() {
            "that" if previous_verb || antecedent.is_none() || !next_is_verb => {
                if !self.clause_follows(k + 1) {
                    return false;
                }
                self.push(Level::Sub, None);
            }
            "where" => self.push(Level::Sub, None),
            "whose" => {
                self.push(Level::Relative, None);
                self.top_mut().owner = antecedent;
            }
            _ if next_is_verb => self.push(Level::Relative, antecedent),
            _ => {
                self.push(Level::Sub, None);
                let governed = k > 0 && self.tokens[self.items[k - 1].start].is(Flags::PREPOSITION);
                if matches!(word.as_str(), "who" | "whom" | "which" | "that") && !governed {
                    self.top_mut().taken = antecedent;
                }
            }
        }
        self.open = None;
        self.governed = false;
        self.settle();
        true
    }

    /// The noun phrase that “who” or “which” takes up.
    pub(super) fn antecedent(&self, word: &str) -> Option<usize> {
        let last = self.last?;
        if !matches!(word, "who" | "whom" | "whose") || self.np(last).is_some_and(Np::is_person) {
            return Some(last);
        }
        (last.saturating_sub(7)..last).rev().find(|&j| self.np(j).is_some_and(Np::is_person)).or(Some(last))
    }

    /// Whether a noun phrase with a finite verb begins at an item.
    pub(super) fn clause_follows(&self, k: usize) -> bool {
        let mut noun = false;
        for j in k..self.items.len().min(k + 14) {
            let item = &self.items[j];
            let t = &self.tokens[item.start];
            match &item.kind {
                ItemKind::Np(_) => noun = true,
                ItemKind::Date => {}
                ItemKind::Word => {
                    if matches!(t.norm.as_str(), ";" | ":" | "(" | ")" | "." | ",") {
                        return false;
                    }
                    let finite = t.is(Flags::BE.with(Flags::HAVE).with(Flags::MODAL).with(Flags::DO))
                        && !matches!(t.norm.as_str(), "being" | "having" | "been" | "be")
                        || (t.is(Flags::PAST) || t.norm.ends_with("ed") && t.norm.len() > 4)
                            && t.case == crate::token::Case::Lower
                            && !(item.start > 0
                                && self.tokens[item.start - 1]
                                    .is(Flags::DETERMINER.with(Flags::POSSESSIVE).with(Flags::PREPOSITION)));
                    if finite {
                        return noun;
                    }
                    if t.norm.ends_with("ing") && !noun {
                        return false;
                    }
                    noun |= t.is_word() && !t.is(Flags::PREPOSITION.with(Flags::ADVERB).with(Flags::CONJUNCTION));
                    if t.is(Flags::RELATIVE) {
                        return false;
                    }
                }
            }
        }
        false
    }
}
