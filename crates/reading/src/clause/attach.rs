//! How a verb group takes its subject and object from the clauses that are open.

use super::group::{AUXILIARY, Group, PARTICLES, past};
use super::{Kind, Level, Parser, Verb};
use crate::lexicon::Flags;
use crate::phrase::{Item, ItemKind, NpKind};

impl Parser<'_> {
    /// Takes a verb group into the clauses; the item after it.
    pub(super) fn verb(&mut self, g: Group) -> usize {
        let next = self.item_of[g.at] + 1;
        self.open = None;
        let governed = std::mem::take(&mut self.governed);
        // “carted off its files”
        let phrasal = PARTICLES.contains(&self.word(next))
            && self.items.get(next + 1).is_some_and(|i| {
                self.tokens[i.start].is(Flags::DETERMINER.with(Flags::POSSESSIVE))
                    || i.np().is_some_and(|n| !n.possessive)
            });
        let object = self.object_follows(next) || phrasal;
        match g.kind {
            Kind::Finite => self.finite(g, object),
            Kind::Participle => self.participle(g, object, governed),
            Kind::Gerund | Kind::Infinitive => self.nonfinite(g, governed),
        }
        self.settle();
        next
    }

    pub(super) fn object_follows(&self, k: usize) -> bool {
        self.items.get(k).is_some_and(|i| match &i.kind {
            ItemKind::Np(_) => true,
            ItemKind::Date => false,
            // “shot dead nine men”
            ItemKind::Word if self.tokens[i.start].norm == "dead" => self.object_follows(k + 1),
            ItemKind::Word => {
                let t = &self.tokens[i.start];
                t.is_word()
                    && !t.is(Flags::PREPOSITION
                        .with(Flags::CONJUNCTION)
                        .with(Flags::SUBORDINATOR)
                        .with(Flags::ADVERB)
                        .with(Flags::NOT_UNIT)
                        .with(AUXILIARY)
                        .with(Flags::RELATIVE))
                    && !t.norm.ends_with("ly")
                    && !matches!(
                        t.norm.as_str(),
                        "to" | "guilty"
                            | "free"
                            | "dead"
                            | "unconscious"
                            | "incommunicado"
                            | "pending"
                            | "below"
                            | "above"
                            | "here"
                            | "there"
                            | "today"
                            | "alone"
                            | "together"
                            | "elsewhere"
                            | "abroad"
                            | "again"
                            | "twice"
                            | "naked"
                    )
                    && !PARTICLES.contains(&t.norm.as_str())
                    && !(t.norm.starts_with(|c: char| c.is_ascii_digit()))
                    && !t.is(Flags::NUMBER)
                    && !(t.is(Flags::PARTICIPLE) && t.norm.ends_with("ed"))
            }
        })
    }

    fn add(&mut self, g: Group, passive: bool, subject: Option<usize>, joined: Option<usize>) -> usize {
        let frame = self.top();
        let v = Verb {
            start: g.start,
            at: g.at,
            kind: g.kind,
            passive,
            subject,
            object: None,
            joined,
            reduced: false,
            owner: frame.owner,
        };
        self.out.verbs.push(v);
        let index = self.out.verbs.len() - 1;
        if !passive {
            self.open = Some(index);
        }
        index
    }

    fn finite(&mut self, g: Group, object: bool) {
        let speech = self.tokens[g.at].is(Flags::SPEECH) && g.bare;
        // “…, police said,” within a clause; “…,” said X.
        if speech
            && (self.comma
                || self.tokens[..g.start].last().is_some_and(|t| matches!(t.norm.as_str(), "”" | "\"" | "’")))
            && self.top().verb.is_some()
            && !self.conjunction
        {
            self.add(g, false, None, None);
            self.open = None;
            return;
        }
        if speech
            && let Some(other) = self.top().other
            && self.item_of[g.start] == other + 1
        {
            self.top_mut().other = None;
            self.add(g, false, Some(other), None);
            return;
        }
        let _ = object;
        loop {
            let frame = self.top();
            let Some(verb) = frame.verb else {
                let name = |k: usize| {
                    self.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_)))
                };
                let one = |k: usize| {
                    self.np(k).is_some_and(|n| {
                        !n.plural
                            && matches!(n.kind, NpKind::Common | NpKind::Number)
                            && n.number.is_none_or(|n| n.value == 1)
                    })
                };
                let subject = match (frame.subject, frame.other) {
                    // “The boy who drove me, Sim Phallin,”, “One of them, Ms Hoeurn Chanda,”
                    (Some(s), Some(o)) if one(s) && name(o) => Some(o),
                    // “Two hours later, police”, “In all, …”: what is nobody gives way.
                    (Some(s), Some(o)) if self.np(s).is_none() => Some(o),
                    (Some(s), Some(o)) if !self.np(s).is_some_and(|n| n.is_person() || n.is_organisation()) => Some(o),
                    (Some(s), _) => Some(s),
                    (None, _) if frame.level == Level::Main => self.before,
                    (None, _) => None,
                };
                let taken = frame.taken.filter(|_| !object && !g.be);
                let v = self.add(g, g.be, subject, None);
                self.top_mut().verb = Some(v);
                if taken.is_some() {
                    self.out.verbs[v].object = taken;
                    self.open = None;
                }
                return;
            };
            if !self.conjunction
                && let Some(pending) = frame.pending
            {
                let frame = self.top_mut();
                frame.pending = None;
                frame.owner = None;
                frame.subject = Some(pending);
                let v = self.add(g, g.be, Some(pending), None);
                self.top_mut().verb = Some(v);
                return;
            }
            if self.conjunction {
                let subject = self.out.verbs[verb].subject;
                let v = self.add(g, g.be, subject, Some(verb));
                self.out.verbs[v].reduced = self.out.verbs[verb].reduced;
                self.top_mut().verb = Some(v);
                return;
            }
            // “said X was arrested”: the object is the next verb's subject.
            let nearest = self.out.verbs.len().checked_sub(1).filter(|&v| {
                self.out.verbs[v]
                    .object
                    .is_some_and(|o| !self.items[o..self.item_of[g.start]].iter().skip(1).any(|i| self.is_mark(i)))
            });
            if self.top().level != Level::Relative
                && let Some(v) = nearest
                && let Some(o) = self.out.verbs[v].object.take()
            {
                self.push(Level::Sub, Some(o));
                let v = self.add(g, g.be, Some(o), None);
                self.top_mut().verb = Some(v);
                return;
            }
            if self.pop() {
                continue;
            }
            // The main clause has its verb: “…, was arrested”.
            let subject = self.out.verbs[verb].subject;
            let v = self.add(g, g.be, subject, Some(verb));
            self.top_mut().verb = Some(v);
            return;
        }
    }

    /// Whether the object stands behind words between commas: “, for the second time, the application”.
    fn object_after_aside(&self, from: usize) -> bool {
        let mut k = from;
        if PARTICLES.contains(&self.word(k)) {
            k += 1;
        }
        let opens = self.word(k) == ","
            && matches!(
                self.word(k + 1),
                "for" | "once" | "again" | "without" | "despite" | "yet" | "on" | "in" | "at"
            );
        let close = (k + 2..(k + 9).min(self.items.len())).find(|&j| self.word(j) == ",").filter(|_| opens);
        close.is_some_and(|c| (self.word(c + 1) == "to" || self.object_follows(c + 1)) && !self.finite_ahead(c + 1))
    }

    fn is_mark(&self, item: &Item) -> bool {
        matches!(item.kind, ItemKind::Word) && matches!(self.tokens[item.start].norm.as_str(), "," | ";" | ":" | "that")
    }

    /// Whether a finite verb comes before the clause ends: then a bare participle only tells of its noun.
    fn finite_ahead(&self, from: usize) -> bool {
        for (n, item) in self.items[from.min(self.items.len())..].iter().take(16).enumerate() {
            // “Iryna Lis, hauled in on the same day, was freed”
            if self.comma
                && matches!(item.kind, ItemKind::Word)
                && self.tokens[item.start].norm == ","
                && self.items.get(from + n + 1).is_some_and(|i| {
                    let t = &self.tokens[i.start];
                    t.is(AUXILIARY) && !matches!(t.norm.as_str(), "being" | "having" | "be" | "been")
                })
            {
                return true;
            }
            if !matches!(item.kind, ItemKind::Word) {
                continue;
            }
            let t = &self.tokens[item.start];
            if t.is(AUXILIARY) && !matches!(t.norm.as_str(), "being" | "having" | "be" | "been") {
                return true;
            }
            if matches!(
                t.norm.as_str(),
                ";" | ":"
                    | ","
                    | "and"
                    | "but"
                    | "who"
                    | "which"
                    | "that"
                    | "when"
                    | "after"
                    | "before"
                    | "while"
                    | "because"
            ) {
                return false;
            }
            if t.is(Flags::PAST) && !t.is(Flags::PARTICIPLE) {
                return true;
            }
        }
        false
    }

    fn participle(&mut self, g: Group, object: bool, governed: bool) {
        let frame = self.top();
        let (verb, subject) = (frame.verb, frame.subject);
        let finite = Group { kind: Kind::Finite, ..g };
        // “the party, which the committee struck from the ballot”
        if frame.taken.is_some() && verb.is_none() && subject.is_some() && past(&self.tokens[g.at]) {
            self.finite(finite, object);
            return;
        }
        // “turned down, for the second time, the application”, “refused, for the third time, to register”
        if verb.is_none()
            && subject.is_some()
            && past(&self.tokens[g.at])
            && self.object_after_aside(self.item_of[g.at] + 1)
        {
            self.finite(finite, true);
            return;
        }
        if self.conjunction
            && let Some(v) = verb
        {
            // “was arrested and charged”, but “was arrested and denied the charge”.
            let of = &self.out.verbs[v];
            let (passive, subject, kind, reduced) = (of.passive && !object, of.subject, of.kind, of.reduced);
            let new = self.add(Group { kind, ..g }, passive, subject, Some(v));
            self.out.verbs[new].reduced = reduced;
            self.top_mut().verb = Some(new);
            return;
        }
        if self.comma
            && !object
            && let Some(v) = verb
            && self.out.verbs[v].passive
            && self.item_of[g.start] > 0
            && self.word(self.item_of[g.start] - 1) == ","
        {
            // “was arrested, beaten and charged”
            let subject = self.out.verbs[v].subject;
            let new = self.add(g, true, subject, Some(v));
            self.out.verbs[new].kind = self.out.verbs[v].kind;
            return;
        }
        let right_before = self.item_of[g.start]
            .checked_sub(1)
            .filter(|&p| Some(p) == self.last || matches!(self.items[p].kind, ItemKind::Date))
            .and(self.last);
        // “had their cameras seized”: the cameras, not those whose they are.
        let thing = self.item_of[g.start].checked_sub(1).filter(|&p| {
            let token = &self.tokens[self.items[p].start];
            matches!(self.items[p].kind, ItemKind::Word)
                && token.is_word()
                && !token.is(Flags::PREPOSITION
                    .with(Flags::ADVERB)
                    .with(Flags::CONJUNCTION)
                    .with(Flags::RELATIVE)
                    .with(AUXILIARY)
                    .with(Flags::DETERMINER)
                    .with(Flags::FIRST))
                && self.out.verbs.last().is_some_and(|v| v.at < self.items[p].start)
        });
        match (verb, subject) {
            (Some(_), _) if !object && !self.comma && thing.is_some() => {
                let new = self.add(g, true, thing, None);
                self.out.verbs[new].reduced = true;
            }
            (None, Some(_)) if object && past(&self.tokens[g.at]) => self.finite(finite, object),
            (None, Some(s)) => {
                let next = self.item_of[g.at] + 1;
                let ahead = self.finite_ahead(next);
                let comma = self.comma && frame_apart(self.top().other);
                // “Police threatened to arrest her”
                let threatens = self.tokens[g.at].norm == "threatened" && matches!(self.word(next), "to" | "that");
                // “eleven others rounded up while marching”: the particle has no object either.
                let taken = matches!(
                    self.tokens[g.at].norm.as_str(),
                    "rounded"
                        | "picked"
                        | "dragged"
                        | "knocked"
                        | "gunned"
                        | "hauled"
                        | "carted"
                        | "bundled"
                        | "locked"
                        | "roughed"
                        | "whisked"
                        | "shoved"
                        | "called"
                        | "set"
                        | "shut"
                ) && PARTICLES.contains(&self.word(next))
                    && !self.object_follows(next + 1);
                let transitive = self.tokens[g.at].is(Flags::TRIGGER) && !threatens || taken;
                if ahead || comma || transitive {
                    // Of “the lawyer of the men arrested in May” it is the men.
                    let whom = right_before.filter(|_| !self.comma).unwrap_or(s);
                    let new = self.add(g, true, Some(whom), None);
                    self.out.verbs[new].reduced = true;
                    if !ahead && !comma {
                        self.top_mut().verb = Some(new);
                    }
                } else {
                    self.finite(finite, object);
                }
            }
            (Some(_), _) if object && past(&self.tokens[g.at]) && !governed => self.finite(finite, object),
            (Some(_), _) => {
                let whom = right_before.or(self.last).or(subject);
                let new = self.add(g, true, whom, None);
                self.out.verbs[new].reduced = true;
            }
            (None, None) => {
                // “…; the court lowered the term; freed on 3 May”: not the court.
                let whom = self
                    .before
                    .filter(|_| self.stack.len() == 1)
                    .filter(|&b| object || !self.np(b).is_some_and(crate::phrase::Np::is_agent));
                let new = self.add(g, !object, whom, None);
                if whom.is_some() {
                    self.top_mut().verb = Some(new);
                } else {
                    self.dangling.push(new);
                }
            }
        }
    }

    fn nonfinite(&mut self, g: Group, governed: bool) {
        let frame = self.top();
        let main = frame.verb.and_then(|v| self.out.verbs[v].subject).or(frame.subject);
        let last_object = self.out.verbs.last().and_then(|v| v.object);
        let right_before = self.item_of[g.start].checked_sub(1).filter(|&p| Some(p) == self.last);
        let subject = match g.kind {
            Kind::Infinitive => last_object.filter(|_| !self.comma).or(main),
            _ if !governed && !self.comma && !self.conjunction => right_before.or(main),
            _ => main,
        };
        let joined = None;
        let v = self.add(g, g.be, subject, joined);
        if subject.is_none() {
            self.dangling.push(v);
        }
        // “Being held”, “to be charged”: voice by the auxiliary.
        if g.be {
            self.open = None;
        }
    }
}

fn frame_apart(other: Option<usize>) -> bool {
    other.is_none()
}
