//! Who did what to whom: the subject, object and agent of a verb, and the lists they stand in.

use crate::discourse::Sentence;
use crate::lexicon::Flags;
use crate::phrase::{ItemKind, Np, NpKind};

/// What was found left of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The item of its noun phrase.
    Item(usize),
    /// It shares the subject of the verb at this token: “was arrested … and charged”.
    Shared(usize),
    None,
}

impl Sentence {
    fn is_age(&self, item: usize) -> bool {
        let Some(it) = self.items.get(item) else { return false };
        let number = match &it.kind {
            ItemKind::Np(Np { kind: NpKind::Number, number: Some(n), .. }) => n.value < 120,
            ItemKind::Word => self.norm(it.start).parse::<u64>().is_ok_and(|n| n < 120),
            _ => false,
        };
        number && item > 0 && (self.word(item - 1) == "," || self.word(item - 1) == "(")
    }

    /// “I”, “me”: it stands as a word, for who speaks is no noun phrase of the text.
    pub fn is_first_person(&self, item: usize) -> bool {
        self.items.get(item).is_some_and(|i| i.end == i.start + 1 && self.tokens[i.start].is(Flags::FIRST))
    }

    /// The subject of the verb group that begins at a token.
    pub fn subject(&self, group_start: usize) -> Subject {
        match self.clauses.verb_at(group_start) {
            Some((_, v)) => match (v.subject, v.joined.and_then(|j| self.clauses.verbs.get(j))) {
                (Some(item), _) => Subject::Item(item),
                (None, Some(joined)) => Subject::Shared(joined.at),
                (None, None) => Subject::None,
            },
            None => Subject::None,
        }
    }

    /// A word that can stand in a noun phrase: no mark, function word or verb.
    pub fn nominal(&self, item: usize) -> bool {
        self.items.get(item).is_some_and(|it| match it.kind {
            ItemKind::Np(_) => true,
            ItemKind::Date => false,
            ItemKind::Word => {
                let t = &self.tokens[it.start];
                t.is_word()
                    && !t.is(Flags::PREPOSITION
                        .with(Flags::CONJUNCTION)
                        .with(Flags::RELATIVE)
                        .with(Flags::SUBORDINATOR)
                        .with(Flags::FIRST))
                    && self.clauses.verb_at(it.start).is_none()
            }
        })
    }

    /// The item after a noun phrase with its age, brackets and prepositional phrases:
    /// “Two reporters of the Upriver Courier”, “Sok Dara (23) from Kep”.
    pub fn after_modifiers(&self, item: usize) -> usize {
        let mut j = item + 1;
        let mut steps = 0;
        while steps < 8 {
            steps += 1;
            match self.word(j) {
                "(" => {
                    let Some(close) = (j..(j + 12).min(self.items.len())).find(|&x| self.word(x) == ")") else {
                        return j;
                    };
                    j = close + 1;
                }
                "," if self.is_age(j + 1) => j += 2,
                // “Accused no. 1 and accused no. 2”
                "no." | "no" | "#" if crate::discourse::numbered(self, item).is_some() => {
                    j += if self.word(j + 1) == "." { 3 } else { 2 };
                }
                "," if self.word(j + 1) == "aged" => j += 3,
                "of" | "from" | "for" | "at" | "in" | "with" | "aged" | "near" | "on" if self.nominal(j + 1) => {
                    j += 2;
                    while self.nominal(j) && self.np(j).is_none_or(|n| !matches!(n.kind, NpKind::Pronoun { .. })) {
                        j += 1;
                    }
                }
                _ => return j,
            }
        }
        j
    }

    /// The names that tell who a description means: “the librarian, Oeun Phalla,”, “two reporters of the
    /// Courier, Ko Htet and Ma Su,”.
    pub fn names_after(&self, item: usize) -> Vec<usize> {
        let Some(np) = self.np(item) else { return Vec::new() };
        let described = matches!(np.kind, NpKind::Common | NpKind::Number) && (np.is_person() || np.is_organisation());
        let mut mark = self.after_modifiers(item);
        // “against three women on Monday: Ms A and Ms B”
        let dated = |k: usize| self.items.get(k).is_some_and(|i| matches!(i.kind, ItemKind::Date));
        let past = if dated(mark) { mark + 1 } else { mark + 2 };
        if (dated(mark) || matches!(self.word(mark), "on" | "in" | "last") && dated(mark + 1))
            && matches!(self.word(past), ":" | ",")
            && np.number.is_some_and(|n| n.value > 1)
        {
            mark = past;
        }
        // “Two journalists covering the eviction, Ruth Achieng and Peter Ssali,”: as many names as were announced.
        if described
            && !np.possessive
            && let Some(n) = np.number.map(|n| n.value).filter(|n| (2..=12).contains(n))
            && !matches!(self.word(mark), "," | ":" | "—" | "–" | "(" | "and")
        {
            let finite = |k: usize| {
                self.items.get(k).is_some_and(|i| {
                    self.clauses.verb_at(i.start).is_some_and(|(_, v)| v.kind == crate::clause::Kind::Finite)
                })
            };
            // “Two friends who went to ask about him, X and Y,”
            let told = matches!(self.word(mark), "who" | "which");
            let comma = (mark..mark + if told { 14 } else { 9 }).take_while(|&k| told || !finite(k)).find(|&k| {
                self.word(k) == ","
                    && self.np(k + 1).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && np.is_person())
            });
            let list = comma.map(|k| self.list_after(k + 1)).unwrap_or_default();
            if list.len() as u64 == n {
                return list;
            }
        }
        if !described || np.possessive || !matches!(self.word(mark), "," | ":" | "—" | "–" | "(") {
            return Vec::new();
        }
        let first = mark + 1;
        let named = |k: usize| {
            self.np(k).is_some_and(|n| {
                !n.possessive
                    && (matches!(n.kind, NpKind::Person(_)) && np.is_person()
                        || (np.is_organisation() || np.kind == NpKind::Number)
                            && matches!(n.kind, NpKind::Organisation(_)))
            })
        };
        if !named(first) {
            return Vec::new();
        }
        if np.plural || np.number.is_some_and(|n| n.value > 1) {
            return self.list_after(first).into_iter().filter(|&k| named(k)).collect();
        }
        let after = self.after_modifiers(first);
        let closed = matches!(self.word(after), "," | "." | ")" | "" | "who" | "—" | "–" | ";")
            || self.items.get(after).is_none_or(|it| self.clauses.verb_at(it.start).is_some());
        if closed { vec![first] } else { Vec::new() }
    }

    /// The one name after a description.
    pub fn apposed_after(&self, item: usize) -> Option<usize> {
        let np = self.np(item)?;
        if np.plural || np.number.is_some_and(|n| n.value > 1) {
            return None;
        }
        self.names_after(item).first().copied()
    }

    /// Whether two noun phrases can stand in one list of victims.
    fn joins(&self, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.np(a), self.np(b)) else { return false };
        let both_persons = a.is_person() && b.is_person() && !matches!(b.kind, NpKind::Nobody);
        let both_bodies = a.is_organisation() && b.is_organisation();
        // “each got five, and the other two walked free”: a bare number is a term.
        let bare = a.kind == NpKind::Number && !a.definite && !a.partitive && !a.other && b.kind == NpKind::Number;
        !bare && (both_persons || both_bodies) && (a.is_agent() == b.is_agent() || matches!(b.kind, NpKind::Person(_)))
    }

    /// The members of a list that ends at an item, in order.
    pub fn list_before(&self, last: usize) -> Vec<usize> {
        let mut out = vec![last];
        let mut k = last;
        let mut conjoined = false;
        while let Some((previous, conjunction)) = self.previous_member(k) {
            if !conjoined && !conjunction || !self.joins(previous, k) || self.np(previous).is_some_and(|n| n.possessive)
            {
                break;
            }
            conjoined = true;
            // A counted group before names is their heading, not a member: see `heading`.
            let heading = !conjunction
                && self.np(previous).is_some_and(|n| matches!(n.kind, NpKind::Common))
                && self.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_)));
            if heading {
                break;
            }
            out.push(previous);
            k = previous;
        }
        out.reverse();
        out
    }

    fn previous_member(&self, item: usize) -> Option<(usize, bool)> {
        let mut k = item.checked_sub(1)?;
        if self.np(k).is_some_and(|n| n.possessive && n.is_person()) {
            k = k.checked_sub(1)?;
        }
        let conjunction = matches!(self.word(k), "and" | "&" | "or");
        if conjunction {
            k = k.checked_sub(1)?;
            if self.word(k) == "," {
                k = k.checked_sub(1)?;
            }
        } else if self.word(k) == "," {
            k = k.checked_sub(1)?;
        } else {
            return None;
        }
        if self.is_age(k) {
            k = k.checked_sub(2)?;
        } else if self.word(k) == ")" {
            k = (k.saturating_sub(10)..k).rev().find(|&j| self.word(j) == "(")?.checked_sub(1)?;
        }
        self.np(k).map(|_| (k, conjunction))
    }

    /// The members of a list that begins at an item.
    pub fn list_after(&self, first: usize) -> Vec<usize> {
        let mut out = vec![first];
        let mut pending: Vec<usize> = Vec::new();
        let mut k = first;
        let mut steps = 0;
        loop {
            steps += 1;
            let mut j = self.after_modifiers(k);
            // “X, who leads the union, and Y”
            if self.word(j) == "," && matches!(self.word(j + 1), "who" | "which" | "whose") {
                let Some(close) = (j + 2..(j + 24).min(self.items.len())).find(|&x| self.word(x) == ",") else { break };
                j = close;
            }
            let comma = matches!(self.word(j), "," | ";");
            if comma {
                j += 1;
            }
            let conjunction =
                matches!(self.word(j), "and" | "&" | "or") || self.word(j) == "as" && self.word(j + 1) == "well";
            if conjunction {
                j += if self.word(j) == "as" { 3 } else { 1 };
            }
            if !(comma || conjunction) || steps > 40 {
                break;
            }
            // “A, B and B's cousin C”
            if self.np(j).is_some_and(|n| n.possessive && n.is_person())
                && self.np(j + 1).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive)
            {
                j += 1;
            }
            let Some(np) = self.np(j) else { break };
            // “X, a unionist, and Y”
            if comma
                && !conjunction
                && matches!(np.kind, NpKind::Common)
                && !np.plural
                && np.number.is_none_or(|n| n.value == 1)
            {
                k = j;
                continue;
            }
            // “X, a stoker and formerly reader in philosophy”
            if conjunction
                && !comma
                && matches!(self.np(k).map(|n| &n.kind), Some(NpKind::Common))
                && k != first
                && matches!(np.kind, NpKind::Common)
                && !np.plural
                && np.number.is_none()
                && !self.tokens[self.items[j].start].is(Flags::DETERMINER.with(Flags::POSSESSIVE))
            {
                k = j;
                continue;
            }
            if !self.joins(first, j) || np.possessive || self.acts_next(j) {
                break;
            }
            // “the president, X, and the treasurer, Y”
            let member = self.apposed_after(j).unwrap_or(j);
            pending.push(member);
            k = member;
            if conjunction {
                out.append(&mut pending);
                // “X and Y”, but also “X and Y, and Z”.
                if !(self.word(self.after_modifiers(k)) == ",") {
                    break;
                }
            }
        }
        out
    }

    /// Whether a noun phrase is the subject of a verb right after it.
    fn acts_next(&self, item: usize) -> bool {
        self.clauses.verbs.iter().any(|v| v.kind == crate::clause::Kind::Finite && v.subject == Some(item))
            || self.items.get(item + 1).is_some_and(|it| {
                matches!(it.kind, ItemKind::Word)
                    && self.tokens[it.start].is(Flags::BE.with(Flags::HAVE).with(Flags::MODAL).with(Flags::SPEECH))
                    && !self.tokens[it.start].is(Flags::PERSON)
                    && !self.clauses.verb_at(it.start).is_some_and(|(_, v)| v.subject.is_some_and(|s| s < item))
            })
    }

    /// Others who share the fate of those in an item: “along with eight labour activists”, “including X”.
    pub fn companions(&self, item: usize) -> Vec<usize> {
        self.companions_at(self.after_modifiers(item))
    }

    /// As [`Self::companions`], from an item on.
    pub fn companions_at(&self, from: usize) -> Vec<usize> {
        let mut k = from;
        if matches!(self.word(k), "," | "(" | "—" | "–") {
            k += 1;
        }
        let next = match (self.word(k), self.word(k + 1)) {
            ("along" | "together", "with") => k + 2,
            ("as", "well") => k + 3,
            ("alongside" | "including" | "namely", _) => k + 1,
            ("among", "whom") | ("who" | "which", "include" | "includes" | "included") => k + 2,
            ("among", _) if self.np(k + 1).is_some_and(|n| matches!(n.kind, NpKind::Pronoun { plural: true })) => k + 2,
            ("such", "as") => k + 2,
            // “with 14 other former councillors”
            ("with", _) if self.np(k + 1).is_some_and(|n| n.other && n.number.is_some()) => k + 1,
            _ => return Vec::new(),
        };
        // “among them its president, Ms Chum Sreymom”, “among them the former bâtonnier Hichem Karoui”
        let words = (next..next + 6)
            .take_while(|&k| {
                matches!(self.items.get(k).map(|i| &i.kind), Some(ItemKind::Word))
                    && self.nominal(k)
                    && !self.is_first_person(k)
            })
            .count();
        let next = match self.np(next + words) {
            Some(n) if words > 0 && matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_)) => next + words,
            _ => next,
        };
        let first = self.apposed_after(next).unwrap_or(next);
        if self.np(first).is_some() { self.list_after(first) } else { Vec::new() }
    }

    /// The counted group that stands before its members' names: “Two workers, X and Y”.
    pub fn heading(&self, first: usize) -> Option<usize> {
        let mut k = first.checked_sub(1)?;
        if matches!(self.word(k), "," | ":" | "—" | "–" | "(") {
            k = k.checked_sub(1)?;
        }
        let np = self.np(k)?;
        (matches!(np.kind, NpKind::Common) && np.number.is_some() && (np.is_person() || np.is_organisation()))
            .then_some(k)
    }

    /// The object after the token `from`: the next noun phrase, with nothing but particles, adverbs, dates and
    /// verbs joined by “and” before it.
    pub fn object(&self, from: usize) -> Option<usize> {
        let mut k = *self.item_of.get(from)?;
        let mut steps = 0;
        while steps < 7 {
            steps += 1;
            let item = self.items.get(k)?;
            match &item.kind {
                ItemKind::Np(np) if matches!(np.kind, NpKind::Place(_)) => return None,
                ItemKind::Np(np) if np.possessive => {
                    // “X's brother Y”
                    k += 1;
                }
                ItemKind::Np(_) => return Some(k),
                ItemKind::Date => k += 1,
                ItemKind::Word => {
                    let t = &self.tokens[item.start];
                    let next_date = matches!(self.items.get(k + 1).map(|i| &i.kind), Some(ItemKind::Date));
                    let joined = matches!(t.norm.as_str(), "and" | "or" | ",")
                        && self.items.get(k + 1).is_some_and(|i| {
                            matches!(i.kind, ItemKind::Word)
                                && (self.tokens[i.start].is(Flags::TRIGGER) || self.tokens[i.start].is(Flags::ADVERB))
                        });
                    let light = t.is(Flags::ADVERB)
                        || t.norm.ends_with("ly")
                        || matches!(t.norm.as_str(), "up" | "back" | "down")
                        || (t.is(Flags::TRIGGER) && k > 0 && matches!(self.word(k - 1), "and" | "or" | ","));
                    if !(joined || light || (t.is(Flags::PREPOSITION) && next_date)) {
                        return None;
                    }
                    k += 1;
                }
            }
        }
        None
    }

    /// The agent of a passive: the noun phrase after “by”, before the clause ends.
    pub fn by_agent(&self, from: usize) -> Option<usize> {
        let start = *self.item_of.get(from)?;
        for k in start..self.items.len().min(start + 14) {
            let word = self.word(k);
            if matches!(word, ";" | "." | "and" | "but" | "who" | "after" | "when" | "while" | "“" | "\"") {
                return None;
            }
            if word == "by" {
                return self.np(k + 1).map(|_| k + 1);
            }
        }
        None
    }
}
