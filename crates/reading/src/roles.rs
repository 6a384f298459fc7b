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

const BREAKS: [&str; 16] = [
    "that", "when", "while", "because", "if", "unless", "whether", "although", "though", "where", "after", "before",
    "but", "so", "than", "until",
];

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

    fn gerund(&self, item: usize) -> bool {
        let Some(it) = self.items.get(item).filter(|i| matches!(i.kind, ItemKind::Word)) else { return false };
        let t = &self.tokens[it.start];
        t.norm.ends_with("ing")
            && t.norm.len() > 5
            && !(it.start > 0 && self.tokens[it.start - 1].is(Flags::BE))
            && it.start > 0
    }

    /// A verb in the past tense, as far as its ending tells.
    fn finite(&self, item: usize) -> bool {
        let Some(it) = self.items.get(item).filter(|i| matches!(i.kind, ItemKind::Word)) else { return false };
        let t = &self.tokens[it.start];
        t.norm.ends_with("ed") && t.norm.len() > 4 || t.is(Flags::TRIGGER) && !t.norm.ends_with("ing")
    }

    fn preposition_before(&self, item: usize) -> Option<&str> {
        let k = item.checked_sub(1)?;
        let word = self.word(k);
        let token = self.items.get(k)?.start;
        (!word.is_empty() && self.tokens[token].is(Flags::PREPOSITION)).then_some(word)
    }

    /// The subject of the verb group that begins at a token.
    pub fn subject(&self, group_start: usize) -> Subject {
        let Some(&at) = self.item_of.get(group_start) else { return Subject::None };
        let mut p = at;
        let mut relative = false;
        let mut comma = false;
        let mut joint = false;
        let mut steps = 0;
        while p > 0 && steps < 26 {
            p -= 1;
            steps += 1;
            let item = &self.items[p];
            match &item.kind {
                ItemKind::Date => {}
                ItemKind::Np(np) => {
                    if self.is_age(p)
                        || np.possessive && !relative
                        || matches!(np.kind, NpKind::Place(_) | NpKind::Named(_))
                    {
                        continue;
                    }
                    // “three activists, including X, were”: X stands in the phrase of the three.
                    if self.preposition_before(p).is_some() && !relative {
                        p -= 1;
                        continue;
                    }
                    // “convicted of beating X and was”: X is beaten.
                    if p > 0 && self.gerund(p - 1) && !relative {
                        p -= 1;
                        continue;
                    }
                    // “found X guilty and was”, “criticised the king and was arrested”: an object.
                    if joint && p > 0 && self.finite(p - 1) {
                        let verb = self.items[p - 1].start;
                        if self.tokens[verb].is(Flags::TRIGGER) {
                            return Subject::Shared(verb);
                        }
                        p -= 1;
                        joint = false;
                        continue;
                    }
                    if matches!(np.kind, NpKind::Common | NpKind::Organisation(_))
                        && let Some(person) = self.apposed_before(p)
                    {
                        return Subject::Item(person);
                    }
                    return Subject::Item(p);
                }
                ItemKind::Word => {
                    let t = &self.tokens[item.start];
                    match t.norm.as_str() {
                        "," | "—" | "–" => {
                            comma = true;
                            continue;
                        }
                        ")" => {
                            while p > 0 && self.word(p) != "(" {
                                p -= 1;
                            }
                            continue;
                        }
                        "who" | "which" | "whom" => {
                            relative = true;
                            continue;
                        }
                        "and" | "or" | "then" | "also" | "later" => {
                            joint |= steps <= 3;
                            continue;
                        }
                        // “arrested on 5 September; charged with incitement; released on bail”
                        ";" | "|" if steps == 1 => return Subject::Shared(group_start),
                        ";" | ":" | "“" | "”" | "\"" | "|" => return Subject::None,
                        "that"
                            if p > 0 && self.np(p - 1).is_some_and(|n| matches!(n.kind, NpKind::Common)) && !comma =>
                        {
                            relative = true;
                            continue;
                        }
                        word if BREAKS.contains(&word) => return Subject::None,
                        _ => {}
                    }
                    if t.is(Flags::SPEECH) && !t.is(Flags::PERSON) && !joint {
                        // “police said X was”: X would have come first.
                        return Subject::None;
                    }
                    let adjective = (t.norm.ends_with("ed") || t.norm.ends_with("ing"))
                        && item.start > 0
                        && (self.tokens[item.start - 1].is(Flags::DETERMINER.with(Flags::POSSESSIVE))
                            || self.tokens[item.start - 1].possessive);
                    if adjective {
                        continue;
                    }
                    let verbal = t.is(Flags::TRIGGER.with(Flags::BE).with(Flags::HAVE).with(Flags::MODAL))
                        || (t.norm.ends_with("ed")
                            && t.norm.len() > 4
                            && !(p > 0 && self.np(p - 1).is_some() && steps <= 2));
                    if !verbal {
                        continue;
                    }
                    // A verb of another clause: a relative clause, a participle between commas, or a
                    // verb that ours is joined to.
                    if let Some(who) = (0..p).rev().take(16).find(|&k| matches!(self.word(k), "who" | "which"))
                        && !(who + 1..p).any(|k| matches!(self.word(k), ";" | ":"))
                        && !joint
                    {
                        p = who;
                        relative = true;
                        continue;
                    }
                    if comma && !joint && p >= 2 && self.word(p - 1) == "," && self.np(p - 2).is_some() {
                        p -= 1;
                        continue;
                    }
                    if self.gerund(p) {
                        continue;
                    }
                    if (joint || comma) && !t.is(Flags::TRIGGER.with(Flags::BE)) {
                        joint = false;
                        continue;
                    }
                    if joint || comma {
                        return Subject::Shared(item.start);
                    }
                    return Subject::None;
                }
            }
        }
        Subject::None
    }

    /// “Rong Chhun, a unionist,”: the name before an apposition.
    fn apposed_before(&self, item: usize) -> Option<usize> {
        let np = self.np(item)?;
        if np.number.is_some_and(|n| n.value > 1) || np.plural {
            return None;
        }
        let mut k = item.checked_sub(1)?;
        // “a leader and member of the committee”
        if self.word(k) == "and" && k > 0 && self.np(k - 1).is_some_and(|n| n.kind == NpKind::Common && !n.plural) {
            k = k.checked_sub(2)?;
            while self.word(k) != "," && k > 0 && item - k < 9 {
                k -= 1;
            }
        }
        if self.word(k) != "," {
            return None;
        }
        k = k.checked_sub(1)?;
        if self.is_age(k) {
            k = k.checked_sub(2)?;
        }
        self.np(k).filter(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive).map(|_| k)
    }

    /// “the librarian, Oeun Phalla,”: the name after a description.
    pub fn apposed_after(&self, item: usize) -> Option<usize> {
        let np = self.np(item)?;
        if !matches!(np.kind, NpKind::Common) || np.plural || np.number.is_some_and(|n| n.value > 1) {
            return None;
        }
        let mut k = item + 1;
        // “the president of the union, X”
        let mut steps = 0;
        while self.word(k) != "," && steps < 9 {
            let of = matches!(self.word(k), "of" | "for" | "at" | "from" | "and" | "in" | "the");
            let plain = self.items.get(k).is_some_and(|it| {
                matches!(it.kind, ItemKind::Np(_))
                    || of
                    || self.tokens[it.start].is_word()
                        && steps > 0
                        && !self.tokens[it.start].is(Flags::BE
                            .with(Flags::HAVE)
                            .with(Flags::MODAL)
                            .with(Flags::TRIGGER)
                            .with(Flags::SPEECH))
            });
            if !plain || (steps == 0 && self.word(k) != "of" && self.word(k) != "for" && self.word(k) != "at") {
                return None;
            }
            k += 1;
            steps += 1;
        }
        let person = k + 1;
        let fits = self.np(person).is_some_and(|n| {
            matches!(n.kind, NpKind::Person(_)) || np.is_organisation() && matches!(n.kind, NpKind::Organisation(_))
        });
        let closed = matches!(self.word(person + 1), "," | "." | ")" | "" | "who")
            || self.items.get(person + 1).is_none_or(|it| {
                self.tokens[it.start].is(Flags::BE.with(Flags::HAVE)) || matches!(it.kind, ItemKind::Date)
            });
        (fits && closed).then_some(person)
    }

    /// Whether two noun phrases can stand in one list of victims.
    fn joins(&self, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.np(a), self.np(b)) else { return false };
        let both_persons = a.is_person() && b.is_person() && !matches!(b.kind, NpKind::Nobody);
        let both_bodies = a.is_organisation() && b.is_organisation();
        (both_persons || both_bodies) && (a.is_agent() == b.is_agent() || matches!(b.kind, NpKind::Person(_)))
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
            let mut j = k + 1;
            if self.word(j) == "," && self.is_age(j + 1) {
                j += 2;
            } else if self.word(j) == "(" {
                let Some(close) = (j..(j + 10).min(self.items.len())).find(|&x| self.word(x) == ")") else { break };
                j = close + 1;
            }
            let comma = self.word(j) == ",";
            if comma {
                j += 1;
            }
            let conjunction = matches!(self.word(j), "and" | "&" | "or");
            if conjunction {
                j += 1;
            }
            if !(comma || conjunction) || steps > 40 {
                break;
            }
            let Some(np) = self.np(j) else { break };
            // “X, a unionist, and Y”
            if comma && !conjunction && matches!(np.kind, NpKind::Common) && np.number.is_none_or(|n| n.value == 1) {
                k = j;
                continue;
            }
            if !self.joins(first, j) || np.possessive || self.acts_next(j) {
                break;
            }
            pending.push(j);
            k = j;
            if conjunction {
                out.append(&mut pending);
                // “X and Y”, but also “X and Y, and Z”.
                if self.word(k + 1) != "," {
                    break;
                }
            }
        }
        out
    }

    /// Whether a noun phrase is the subject of a verb right after it.
    fn acts_next(&self, item: usize) -> bool {
        self.items.get(item + 1).is_some_and(|it| {
            matches!(it.kind, ItemKind::Word)
                && self.tokens[it.start].is(Flags::BE.with(Flags::HAVE).with(Flags::MODAL).with(Flags::SPEECH))
                && !self.tokens[it.start].is(Flags::PERSON)
        })
    }

    /// Others who share the fate of those in an item: “along with eight labour activists”, “including X”.
    pub fn companions(&self, item: usize) -> Vec<usize> {
        let mut k = item + 1;
        if self.word(k) == "of" && self.np(k + 1).is_some() {
            k += 2;
        }
        self.companions_at(k)
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
            ("among", "whom") => k + 2,
            ("among", _) if self.np(k + 1).is_some_and(|n| matches!(n.kind, NpKind::Pronoun { plural: true })) => k + 2,
            ("such", "as") => k + 2,
            _ => return Vec::new(),
        };
        // “among them its president, Ms Chum Sreymom”
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
