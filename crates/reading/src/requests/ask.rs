//! The wordings of asking: “urge X to A and to B”, “demand that”, “call for”, “X must”, “please”.

use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::lists::Lists;
use crate::token::Token;

/// One ask, in tokens.
pub(super) struct Ask {
    pub addressee: Option<String>,
    pub from: usize,
    pub to: usize,
    /// A list follows that says what is asked.
    pub opens_list: bool,
}

/// The asks of a sentence, in order and apart from each other.
pub(super) fn find(s: &Sentence, text: &str, cues: &Lists, lexicon: &Lexicon, spoken: bool) -> Vec<Ask> {
    let mut out: Vec<Ask> = Vec::new();
    if s.tokens.last().is_some_and(|t| t.norm == "?") && !s.tokens.iter().any(|t| t.norm == ":") {
        return out;
    }
    let reader = Reader { s, text, cues };
    out.extend(reader.imperative(spoken));
    let mut k = 0;
    while k < s.tokens.len() {
        if let Some(end) = out.iter().filter(|a| a.from <= k && k < a.to).map(|a| a.to).max() {
            k = end;
            continue;
        }
        let found = reader.at(k, lexicon);
        if found.is_empty() {
            k += 1;
        } else {
            k = found.iter().map(|a| a.to).max().unwrap_or(k + 1).max(k + 1);
            out.extend(found);
        }
    }
    out
}

pub(super) struct Reader<'a> {
    pub s: &'a Sentence,
    pub text: &'a str,
    pub cues: &'a Lists,
}

pub(super) const NOMINAL: Flags = Flags::DETERMINER.with(Flags::POSSESSIVE);

impl Reader<'_> {
    pub(super) fn norm(&self, k: usize) -> &str {
        self.s.norm(k)
    }

    pub(super) fn token(&self, k: usize) -> Option<&Token> {
        self.s.tokens.get(k)
    }

    fn at(&self, k: usize, lexicon: &Lexicon) -> Vec<Ask> {
        if let Some(n) = self.cues.at("polite", self.s, k)
            && let Some(ask) = self.polite(k, k + n)
        {
            return vec![ask];
        }
        if let Some(n) = self.cues.at("modals", self.s, k)
            && let Some(ask) = self.modal(k, k + n)
        {
            return self.both(ask, k + n);
        }
        // “the call for”, “his request”, “a petition”: nouns.
        let noun = k > 0
            && (self
                .token(k - 1)
                .is_some_and(|t| t.is(NOMINAL) && !matches!(t.norm.as_str(), "both" | "all" | "that" | "this"))
                || self.s.tokens[k - 1].possessive);
        if noun {
            return Vec::new();
        }
        let counted = k > 0
            && (self.s.tokens[k - 1].is(Flags::NUMBER) || self.norm(k - 1).starts_with(|c: char| c.is_ascii_digit()));
        // “leaflets that called upon workers to”
        let relative = k > 0 && matches!(self.norm(k - 1), "that" | "which");
        if counted || relative {
            return Vec::new();
        }
        let group = crate::verb::group(&self.s.tokens, k);
        let we = (group.start.saturating_sub(3)..group.start).any(|i| matches!(self.norm(i), "we" | "i"));
        let gerund = self.norm(k).ends_with("ing");
        // “would ask for bail”, “will call on”, “to ask”, “did not ask”
        let to_come = group.modal && !we
            || group.infinitive
                && !matches!(
                    self.norm(group.start.wrapping_sub(1)),
                    "like" | "continues" | "continue" | "wish" | "wishes" | "used" | "have" | "has"
                );
        if group.negated || to_come {
            return Vec::new();
        }
        if group.be && !gerund {
            return self.passive(k, &group);
        }
        if let Some(n) = self.cues.at("strong", self.s, k) {
            // “We therefore call on:”
            if self.norm(k + n) == ":" && k + n + 1 >= self.s.tokens.len() {
                return vec![Ask { addressee: None, from: k, to: k + n, opens_list: true }];
            }
            let asks = self.to_do(k, k + n, true, we);
            if !asks.is_empty() {
                return asks;
            }
        }
        if let Some(n) = self.cues.at("that", self.s, k)
            && self.norm(k + n) == "that"
            && (self.norm(k) != "asked" || self.likely_asker(k))
            && !(k + n..k + n + 4).any(|i| self.norm(i) == "name")
        {
            let to = self.clause_end(k + n);
            let opens_list = self.norm(to) == ":";
            return self
                .runs_in(k, to, None)
                .unwrap_or_else(|| vec![Ask { addressee: self.after_that(k + n + 1), from: k, to, opens_list }]);
        }
        if let Some(n) = self.cues.at("weak", self.s, k) {
            let asks = self.to_do(k, k + n, false, we);
            if !asks.is_empty() {
                return asks;
            }
        }
        self.for_thing(k, lexicon)
    }

    /// “We demand that the company pay”: the company.
    fn after_that(&self, from: usize) -> Option<String> {
        let item = *self.s.item_of.get(from)?;
        self.s.np(item)?;
        let it = &self.s.items[item];
        Some(self.s.words(self.text, it.start, it.end))
    }

    fn likely_asker(&self, k: usize) -> bool {
        (k.saturating_sub(9)..k)
            .any(|i| self.cues.has("asking", self.norm(i)) || self.token(i).is_some_and(|t| t.capital() && i > 0))
    }

    fn for_thing(&self, k: usize, _: &Lexicon) -> Vec<Ask> {
        let (end, any) = match (self.cues.at("for", self.s, k), self.cues.at("demand", self.s, k)) {
            (Some(n), _) => (k + n, true),
            (None, Some(n)) => (k + n, false),
            _ => return Vec::new(),
        };
        let next = (end..end + 3).find(|&i| self.token(i).is_some_and(|t| !t.is(NOMINAL)));
        let refused = (end..end + 4).any(|i| self.norm(i) == "name")
            || (end..end + 4)
                .any(|i| self.cues.has("not_asked", self.norm(i)) && !self.cues.has("things", self.norm(i + 1)));
        let thing = (end..end + 6)
            .take_while(|&i| self.token(i).is_some_and(Token::is_word))
            .any(|i| self.cues.has("things", self.norm(i)));
        // “sought years of calm”: only who asks a court or a State asks for terms.
        let asker =
            self.norm(k) != "asked" && self.norm(k) != "sought" && self.norm(k) != "seeks" || self.likely_asker(k);
        let word = next.and_then(|i| self.token(i)).is_some_and(Token::is_word);
        if refused
            || !word
            || !(any || thing && asker)
            || k > 0 && self.s.tokens[k - 1].is(Flags::PREPOSITION) && !self.norm(k).ends_with("ing")
        {
            return Vec::new();
        }
        let to = self.clause_end(end);
        vec![Ask { addressee: None, from: k, to, opens_list: self.norm(to) == ":" && to + 1 >= self.s.tokens.len() }]
    }

    /// “The public is asked not to share”, “The mandate holders are respectfully requested:”
    fn passive(&self, k: usize, group: &crate::verb::Group) -> Vec<Ask> {
        let known = self.cues.at("strong", self.s, k).or_else(|| self.cues.at("weak", self.s, k));
        let Some(n) = known else { return Vec::new() };
        let now = (group.start..k).any(|i| matches!(self.norm(i), "is" | "are"));
        let asked = (group.start.saturating_sub(8)..group.start).any(|i| {
            self.cues.has("asked", self.norm(i)) || self.token(i).is_some_and(|t| t.norm.ends_with('s') && t.is_word())
        });
        let strong = self.cues.at("strong", self.s, k).is_some();
        if !(now || strong)
            || !asked
            || !matches!(
                self.norm(k),
                "asked"
                    | "requested"
                    | "urged"
                    | "called"
                    | "invited"
                    | "encouraged"
                    | "begged"
                    | "advised"
                    | "implored"
            )
        {
            return Vec::new();
        }
        let next = self.norm(k + n);
        if next == ":" && k + n + 1 >= self.s.tokens.len() {
            return vec![Ask { addressee: None, from: k, to: k + n, opens_list: true }];
        }
        let to = if next == "not" { k + n + 1 } else { k + n };
        if self.norm(to) != "to" && next != ":" {
            return Vec::new();
        }
        let end = self.clause_end(k + n + 1);
        if self.norm(end) == ":" && end + 1 >= self.s.tokens.len() {
            return vec![Ask { addressee: None, from: k, to: end, opens_list: true }];
        }
        let item = self.s.item_of.get(group.start).copied().unwrap_or(0);
        let subject = (item.saturating_sub(3)..item).rev().find(|&i| self.s.np(i).is_some());
        let from = subject.map_or(group.start, |i| self.s.items[i].start);
        let addressee = subject.map(|i| self.s.words(self.text, self.s.items[i].start, self.s.items[i].end));
        self.runs_in(from, self.s.tokens.len(), addressee.clone())
            .unwrap_or_else(|| vec![Ask { addressee, from, to: end, opens_list: false }])
    }

    /// “Cambodia must empty its prisons”, “The charges should be dropped”
    fn modal(&self, k: usize, after: usize) -> Option<Ask> {
        let s = self.s;
        let group = crate::verb::group(&s.tokens, k);
        let start = group.start.min(k);
        let mut item = start.checked_sub(1).and_then(|t| s.item_of.get(t).copied())?;
        // “The boards, which decide this, should”
        if s.np(item).is_none() && item > 0 {
            item -= 1;
        }
        let named = |i: usize| s.items.get(i).filter(|_| s.np(i).is_some());
        let passive = matches!(self.norm(after), "be" | "have") || self.norm(after + 1) == "be";
        let negative = matches!(self.norm(after), "have");
        let asked = |from: usize, to: usize| {
            s.tokens[from..to].iter().any(|t| self.cues.has("asked", &t.norm) || t.is(Flags::PLACE) && t.capital())
        };
        let here = (0..=item).rev().take(4).find(|&i| named(i).is_some())?;
        let it = &s.items[here];
        let np = s.np(here)?;
        if np.negated || negative {
            return None;
        }
        // What a law or a rule says, what somebody thought or feared.
        let law = s.tokens[..k].iter().any(|t| {
            matches!(
                t.norm.as_str(),
                "law"
                    | "article"
                    | "constitution"
                    | "code"
                    | "rule"
                    | "rules"
                    | "if"
                    | "who"
                    | "which"
                    | "whether"
                    | "because"
                    | "order"
                    | "covenant"
                    | "convention"
                    | "act"
                    | "what"
                    | "why"
                    | "how"
            )
        });
        if law {
            return None;
        }
        if passive {
            let done = (after..after + 4).any(|i| self.cues.has("done", self.norm(i)));
            let to = self.clause_end(after);
            return done.then(|| Ask { addressee: None, from: self.clause_start(it.start), to, opens_list: false });
        }
        let person = matches!(np.kind, crate::phrase::NpKind::Person(_));
        let pronoun = matches!(np.kind, crate::phrase::NpKind::Pronoun { plural: true })
            && s.quoted.get(k).copied().unwrap_or(false);
        let base =
            self.token(after).is_some_and(|t| t.is_word() && !t.norm.ends_with("ed") && !t.norm.ends_with("ing"));
        // Nobody asks for what is told of workers and protesters: only those in power must.
        if !(asked(it.start, it.end) || pronoun) || person || !base {
            return None;
        }
        let to = self.clause_end(after);
        // “The European Union [EU] needs to”
        let whole = (it.start > 1 && matches!(self.norm(it.start - 1), "[" | "("))
            .then(|| s.item_of.get(it.start - 2).and_then(|&i| s.np(i).map(|_| &s.items[i])))
            .flatten()
            .unwrap_or(it);
        Some(Ask {
            addressee: Some(s.words(self.text, whole.start, whole.end)),
            from: whole.start,
            to,
            opens_list: to + 1 >= s.tokens.len() && self.norm(to) == ":",
        })
    }

    /// “Viet Nam must release all three and repeal article 117”: two.
    fn both(&self, ask: Ask, verb: usize) -> Vec<Ask> {
        let second = (verb + 2..ask.to).find(|&i| {
            self.norm(i - 1) == "and"
                && self.cues.has("imperatives", self.norm(i))
                && self.cues.has("imperatives", self.norm(verb))
                && self.token(i + 1).is_some_and(|t| t.is_word() && !t.is(Flags::CONJUNCTION))
        });
        match second {
            Some(i) if !ask.opens_list => vec![
                Ask {
                    addressee: ask.addressee.clone(),
                    from: ask.from,
                    to: self.trimmed(ask.from, i),
                    opens_list: false,
                },
                Ask { addressee: ask.addressee, from: i, to: ask.to, opens_list: false },
            ],
            _ => vec![ask],
        }
    }

    fn clause_start(&self, from: usize) -> usize {
        (0..from)
            .rev()
            .find(|&i| matches!(self.norm(i), "," | ";" | ":" | "“" | "\"" | "that" | "—"))
            .map_or(0, |i| i + 1)
    }

    /// “urge X to do A and to B”: one for each.
    fn to_do(&self, verb: usize, after: usize, strong: bool, we: bool) -> Vec<Ask> {
        let s = self.s;
        let mut mark = None;
        for k in after..s.tokens.len().min(after + 34) {
            let norm = self.norm(k);
            if matches!(
                norm,
                ";" | "." | "about" | "whether" | "if" | "how" | "why" | "when" | "because" | "said" | "that"
            ) && !(norm == "if" && self.norm(k - 1) == ",")
                || norm == "who" && self.norm(k.saturating_sub(1)) != ","
            {
                break;
            }
            if norm == ":" || norm == "to" && self.infinitive(k) && self.norm(k - 1) != "according" {
                mark = Some(k);
                break;
            }
        }
        let Some(mut to) = mark else { return Vec::new() };
        if self.norm(to - 1) == "not" {
            to -= 1;
        }
        let quoted_to = matches!(self.norm(to - 1), "“" | "\"");
        let end_of_np = if quoted_to { to - 1 } else { to };
        if end_of_np <= after {
            // “asked to comment”, “asks: what …”
            return Vec::new();
        }
        if !self.addressed(after, end_of_np, verb, strong, we) {
            return Vec::new();
        }
        // “your government, during the 54th session of the Council,”
        let aside = (after + 1..end_of_np).find(|&i| {
            self.norm(i) == ","
                && self.token(i + 1).is_some_and(|t| t.is(Flags::PREPOSITION))
                && self.norm(end_of_np - 1) == ","
        });
        let addressee = Some(s.words(self.text, after, aside.unwrap_or(end_of_np))).filter(|a| !a.is_empty());
        if s.tokens.last().is_some_and(|t| t.norm == ":") {
            return vec![Ask { addressee, from: verb, to: s.tokens.len() - 1, opens_list: true }];
        }
        if let Some(asks) = self.runs_in(verb, s.tokens.len(), addressee.clone()) {
            return asks;
        }
        self.split(verb, to, addressee)
    }
}
