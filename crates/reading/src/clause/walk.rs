//! The walk: what each noun phrase, word and mark does to the clauses that are open.

use super::group::PARTICLES;
use super::{Level, Parser};
use crate::lexicon::Flags;
use crate::phrase::NpKind;

impl Parser<'_> {
    /// A noun phrase, or a run of other nouns.
    pub(super) fn noun(&mut self, k: usize, possessive: bool) {
        let thing = self.np(k).is_none();
        if self.is_age(k) {
            return;
        }
        if possessive {
            self.last = Some(k);
            self.in_thing = true;
            self.governed_noun();
            return;
        }
        let continues = self.in_thing && thing;
        self.in_thing = true;
        if continues {
            return;
        }
        if !thing {
            self.last = Some(k);
        }
        if self.governed_noun() {
            self.settle();
            return;
        }
        if self.comma && self.top().level == Level::Relative && self.top().verb.is_some() {
            self.pop();
        }
        if let Some(v) = self.open.take() {
            self.out.verbs[v].object = Some(k);
            self.settle();
            return;
        }
        let comma = self.comma;
        let joined = self.conjunction;
        let person = self.np(k).is_some_and(|n| n.is_person() || n.is_organisation() || n.is_agent());
        // “Mondulkiri – Police”: a date line, unless the place acts.
        let place = self.np(k).is_some_and(|n| matches!(n.kind, NpKind::Place(_)));
        if place && self.top().subject.is_none() && self.top().verb.is_none() && self.group(k + 1).is_none() {
            self.settle();
            return;
        }
        // “told us she had received”: the next verb's subject.
        let acts = self.group(k + 1).is_some_and(|g| g.is_finite());
        let waits = !self.dangling.is_empty()
            && !(comma && person)
            && (self.stack.len() == 1 || self.top().level == Level::Bracket);
        let loose = self.top().subject.is_some_and(|s| {
            s + 3 > k && !self.np(s).is_some_and(|n| n.is_person() || n.is_organisation() || n.is_agent())
        });
        // “Found guilty and given 18 months, of which 12 were suspended, he walked free”
        if self.stack.len() > 1 && comma && person && self.top().verb.is_some() {
            for v in std::mem::take(&mut self.dangling) {
                self.out.verbs[v].subject = Some(k);
            }
        }
        let main = self.stack.len() == 1 || self.top().level == Level::Bracket;
        let frame = self.top_mut();
        match (frame.verb, frame.subject) {
            // “Placed in Centre 2 by …”: what follows a participle at the head is no subject without a comma.
            (None, None) if waits => {}
            (None, None) => {
                frame.subject = Some(k);
                let number = self.np(k).is_some_and(|n| n.kind == NpKind::Number);
                if main || !number {
                    for v in std::mem::take(&mut self.dangling) {
                        self.out.verbs[v].subject = Some(k);
                    }
                }
            }
            // “Defence counsel Heng Nary”: the words before only tell more of her.
            (None, Some(_)) if !comma && !joined && person && loose => frame.subject = Some(k),
            (None, Some(_)) if comma && !joined && person && frame.other.is_none() => frame.other = Some(k),
            (Some(_), _) if acts && !comma && !joined => frame.pending = Some(k),
            // “Y, a farmer, was”: the apposition does not take the place of its noun.
            (Some(_), _) if joined || comma && (frame.pending.is_none() || person) => frame.pending = Some(k),
            _ => {}
        }
        self.settle();
    }

    pub(super) fn governed_noun(&mut self) -> bool {
        std::mem::take(&mut self.governed)
    }

    pub(super) fn other_word(&mut self, k: usize) -> usize {
        let token = &self.tokens[self.items[k].start];
        if !token.is_word() {
            self.mark(k);
            self.in_thing = false;
            return k + 1;
        }
        // “eight of them, including X and Y, were”: governs, though it looks like a verb.
        if matches!(token.norm.as_str(), "including" | "excluding" | "namely" | "notwithstanding") {
            self.governed = true;
            self.open = None;
            self.in_thing = false;
            return k + 1;
        }
        if token.norm != "aged"
            && let Some(group) = self.group(k)
        {
            self.in_thing = false;
            return self.verb(group);
        }
        let norm = token.norm.as_str();
        match norm {
            "and" | "or" | "but" | "yet" | "nor" | "&" => {
                self.conjunction = true;
                self.open = None;
                self.governed = false;
                self.in_thing = false;
                if self.comma && self.top().level == Level::Relative && self.top().comma {
                    self.pop();
                }
                return k + 1;
            }
            "who" | "which" | "whom" | "whose" | "that" | "where" if self.relative(k) => {
                self.in_thing = false;
                return k + 1;
            }
            _ => {}
        }
        // “; whereas the Home Minister has claimed”: the main clause of a recital.
        if norm == "whereas" && self.top().level == Level::Main && self.top().verb.is_none() {
            self.settle();
            return k + 1;
        }
        if token.is(Flags::SUBORDINATOR) || norm == "amid" && self.clause_follows(k + 1) {
            let preposition = token.is(Flags::PREPOSITION) || matches!(norm, "than" | "as" | "once");
            if !preposition || self.clause_follows(k + 1) {
                self.push(Level::Sub, None);
                self.open = None;
                self.governed = false;
                self.settle();
            } else {
                self.governed = true;
                self.open = None;
            }
            self.in_thing = false;
            return k + 1;
        }
        if token.is(Flags::PREPOSITION) || norm == "to" || norm == "than" {
            // “led off the printer”: a particle, unless the verb has its object.
            if PARTICLES.contains(&norm) && self.open.is_some() {
                return k + 1;
            }
            self.governed = true;
            self.open = None;
            self.in_thing = false;
            return k + 1;
        }
        if token.is(Flags::ADVERB.with(Flags::NEGATION))
            || crate::verb::reflexive(norm)
            || PARTICLES.contains(&norm) && !self.in_thing
            || matches!(norm, "guilty" | "unhurt" | "free" | "alive" | "later" | "ago" | "earlier")
            || norm.ends_with("ly") && norm.len() > 4
        {
            self.in_thing = false;
            return k + 1;
        }
        // “aged 19 and 22”
        if norm == "aged" {
            let mut j = k + 1;
            while self.np(j).is_some_and(|n| n.kind == NpKind::Number)
                || matches!(self.word(j), "and" | "to" | "between")
                || self.word(j) == "," && self.np(j + 1).is_some_and(|n| n.kind == NpKind::Number)
            {
                j += 1;
            }
            return j;
        }
        if self.first_person(k) {
            self.in_thing = false;
            self.noun(k, false);
            self.in_thing = false;
            return k + 1;
        }
        // “Two hours later, police”: a length of time is nobody.
        if token.is(Flags::NOT_UNIT) && !self.in_thing {
            self.governed = false;
            return k + 1;
        }
        self.noun(k, token.possessive);
        k + 1
    }

    pub(super) fn first_person(&self, k: usize) -> bool {
        self.items.get(k).is_some_and(|i| i.end == i.start + 1 && self.tokens[i.start].is(Flags::FIRST))
    }

    /// Marks of punctuation.
    pub(super) fn mark(&mut self, k: usize) {
        match self.word(k) {
            "," | "—" | "–" | "--" => {
                self.comma = true;
                self.open = None;
                self.governed = false;
            }
            "(" | "[" => {
                let last = self.last;
                self.push(Level::Bracket, last);
                self.open = None;
            }
            ")" | "]" => {
                while self.top().level != Level::Bracket && self.pop() {}
                self.pop();
                self.open = None;
                self.governed = false;
            }
            ";" | ":" | "|" | "•" => {
                let latest = self.stack.first().and_then(|f| f.subject);
                // The cells of a row are about the one in its first.
                // “Seng Dary;teacher;arrested”: cells too.
                let at = self.items[k].start;
                let tight = self.word(k) == ";"
                    && at > 0
                    && self.tokens[at - 1].end == self.tokens[at].start
                    && self.tokens.get(at + 1).is_some_and(|n| n.start == self.tokens[at].end);
                let first = if self.word(k) == "|" || tight { self.before.or(latest) } else { latest.or(self.before) };
                self.before = first;
                self.stack.clear();
                self.dangling.clear();
                self.push(Level::Main, None);
                self.open = None;
                self.governed = false;
                self.settle();
            }
            // “MYANMAR. 18 prisoners were”: two sentences in one.
            "." if k + 1 < self.items.len() => {
                self.stack.clear();
                self.dangling.clear();
                self.before = None;
                self.push(Level::Main, None);
                self.open = None;
                self.governed = false;
                self.settle();
            }
            "*" | "†" | "“" | "”" | "\"" | "‘" | "’" | "'" | "«" | "»" => {}
            _ => self.open = None,
        }
    }
}
