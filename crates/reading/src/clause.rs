//! Clauses: where a sentence has its verbs, and what stands as subject and object of each.
//!
//! One walk from left to right over noun phrases, dates and words, with a stack of open clauses
//! (main, relative, subordinate, in brackets): a finite-state analysis in the manner of cascaded
//! chunkers (S. Abney, “Partial parsing via finite-state cascades”, 1996). It never fails; where it
//! cannot tell, a verb has no subject.

mod attach;
mod group;
mod relative;
mod walk;

use crate::phrase::{Item, ItemKind, Np, NpKind};
use crate::token::{Case, Token};

/// How a verb stands in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Finite,
    Infinitive,
    Gerund,
    /// “workers arrested in May”, “Arrested in May, she”
    Participle,
}

/// A verb with those about it.
#[derive(Debug, Clone)]
pub(crate) struct Verb {
    /// First token of its auxiliaries, and the verb itself.
    pub start: usize,
    pub at: usize,
    pub kind: Kind,
    pub passive: bool,
    /// Items.
    pub subject: Option<usize>,
    pub object: Option<usize>,
    /// The verb whose subject it shares: “was arrested and charged”.
    pub joined: Option<usize>,
    /// Right after the noun it tells of: that one is its last, not its first.
    pub reduced: bool,
    /// “whose house was searched”: whose the subject is.
    pub owner: Option<usize>,
}

/// The verbs of a sentence, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clauses {
    pub verbs: Vec<Verb>,
}

impl Clauses {
    /// The verb that is, or whose auxiliaries hold, the token at `at`.
    pub fn verb_at(&self, at: usize) -> Option<(usize, &Verb)> {
        self.verbs.iter().enumerate().find(|(_, v)| v.start <= at && at <= v.at)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Main,
    Relative,
    Sub,
    Bracket,
}

#[derive(Debug, Clone)]
struct Frame {
    level: Level,
    subject: Option<usize>,
    /// A second noun phrase after a comma: an apposition, or the real subject.
    other: Option<usize>,
    verb: Option<usize>,
    /// A noun phrase after the verb's clause that may begin the next.
    pending: Option<usize>,
    /// Opened after a comma.
    comma: bool,
    owner: Option<usize>,
    /// “the party, which the committee struck off”: whom the verb of a relative clause takes.
    taken: Option<usize>,
}

struct Parser<'a> {
    tokens: &'a [Token],
    items: &'a [Item],
    item_of: &'a [usize],
    out: Clauses,
    stack: Vec<Frame>,
    /// The verb that may take the next noun phrase as its object.
    open: Option<usize>,
    governed: bool,
    comma: bool,
    conjunction: bool,
    in_thing: bool,
    /// The last noun phrase of a person or body, governed or not, and the last of any kind.
    last: Option<usize>,
    /// Participles that wait for a subject: “Arrested in May, she …”.
    dangling: Vec<usize>,
    /// The subject of the part of the sentence before “;”.
    before: Option<usize>,
}

/// The clauses of a sentence.
pub(crate) fn parse(tokens: &[Token], items: &[Item], item_of: &[usize]) -> Clauses {
    let mut p = Parser {
        tokens,
        items,
        item_of,
        out: Clauses::default(),
        stack: Vec::new(),
        open: None,
        governed: false,
        comma: false,
        conjunction: false,
        in_thing: false,
        last: None,
        dangling: Vec::new(),
        before: None,
    };
    p.push(Level::Main, None);
    let mut k = dateline(tokens, items).unwrap_or_else(|| p.enumerator());
    while k < items.len() {
        k = p.step(k).max(k + 1);
    }
    p.out
}

/// “SANDAN, Kampong Thom, February 18, 2022 – Four members”: the first item after the place and the day.
pub(crate) fn dateline(tokens: &[Token], items: &[Item]) -> Option<usize> {
    let shouted = tokens.first().is_some_and(|t| t.case == Case::Upper && t.norm.chars().count() > 2);
    let dash = (1..items.len().min(12)).find(|&k| {
        matches!(items[k].kind, ItemKind::Word)
            && matches!(tokens[items[k].start].norm.as_str(), "–" | "—" | "--" | "-")
    })?;
    let head = &items[..dash];
    let dated = head.iter().any(|i| matches!(i.kind, ItemKind::Date));
    let plain = head.iter().all(|i| {
        matches!(i.kind, ItemKind::Date) || tokens[i.start..i.end].iter().all(|t| t.capital() || !t.is_word())
    });
    let opens = items.get(dash + 1).is_some_and(|i| tokens[i.start].capital());
    (plain && opens && (shouted || dated && head.len() > 1)).then_some(dash + 1)
}

impl Parser<'_> {
    fn top(&self) -> &Frame {
        // The stack is never empty: `push` opens the first frame, and `pop` keeps it.
        &self.stack[self.stack.len() - 1]
    }

    fn top_mut(&mut self) -> &mut Frame {
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    fn push(&mut self, level: Level, subject: Option<usize>) {
        let comma = self.comma;
        self.stack.push(Frame {
            level,
            subject,
            other: None,
            verb: None,
            pending: None,
            comma,
            owner: None,
            taken: None,
        });
    }

    fn pop(&mut self) -> bool {
        let more = self.stack.len() > 1;
        if more {
            self.stack.pop();
        }
        more
    }

    fn np(&self, item: usize) -> Option<&Np> {
        self.items.get(item).and_then(Item::np)
    }

    fn word(&self, item: usize) -> &str {
        match self.items.get(item) {
            Some(Item { kind: ItemKind::Word, start, .. }) => &self.tokens[*start].norm,
            _ => "",
        }
    }

    /// “2.”, “(b)”, “iv)” before an entry: the first item after it.
    fn enumerator(&self) -> usize {
        let short = |k: usize| {
            self.items.get(k).is_some_and(|i| {
                let t = &self.tokens[i.start];
                i.end == i.start + 1
                    && t.is_word()
                    && (t.norm.bytes().all(|b| b.is_ascii_digit()) || t.norm.chars().count() <= 3 && t.norm != "i")
            })
        };
        let mark = |k: usize, marks: &[&str]| marks.contains(&self.word(k));
        if mark(0, &["(", "["]) && short(1) && mark(2, &[")", "]"]) {
            return 3;
        }
        // “4/9 All 12”, “14:05 Police”
        if short(0) && mark(1, &["/", ":"]) {
            return if short(2) { 3 } else { 2 };
        }
        // “A. My husband”, “Q. Did”
        if self.word(0) == "a." || self.word(0) == "q." {
            return 1;
        }
        if short(0) && mark(1, &[".", ")", "|", ":", "]"]) {
            return 2;
        }
        usize::from(mark(0, &["•", "-", "–", "—", "*", "·", "▪", "●"]))
    }

    /// “[2]”, “¹”: the mark of a footnote.
    fn note(&self, k: usize) -> Option<usize> {
        let t = &self.tokens[self.items.get(k)?.start];
        if t.norm.chars().all(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c)) {
            return Some(k + 1);
        }
        let digits = self
            .items
            .get(k + 1)
            .is_some_and(|i| i.end == i.start + 1 && self.tokens[i.start].norm.bytes().all(|b| b.is_ascii_digit()));
        (self.word(k) == "[" && digits && self.word(k + 2) == "]").then_some(k + 3)
    }

    /// Handles an item; the item after it.
    fn step(&mut self, k: usize) -> usize {
        if let Some(after) = self.note(k) {
            return after;
        }
        match &self.items[k].kind {
            ItemKind::Date => {
                self.governed = false;
                self.in_thing = false;
                k + 1
            }
            ItemKind::Np(np) => {
                let possessive = np.possessive;
                self.noun(k, possessive);
                k + 1
            }
            ItemKind::Word => self.other_word(k),
        }
    }

    fn settle(&mut self) {
        self.comma = false;
        self.conjunction = false;
    }

    fn is_age(&self, k: usize) -> bool {
        // “On 6 January, eight of them”: no age.
        let alone = self.items.get(k).is_some_and(|i| i.end == i.start + 1)
            && matches!(self.word(k + 1), "," | ")" | "." | "and" | ";" | "" | "from" | "of" | "/");
        let young =
            alone && self.np(k).is_some_and(|n| n.kind == NpKind::Number && n.number.is_some_and(|n| n.value < 120));
        let digits = self.word(k).parse::<u64>().is_ok_and(|n| n < 120);
        (young || digits) && k > 0 && matches!(self.word(k - 1), "," | "(")
    }
}
