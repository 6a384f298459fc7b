//! Patterns over ASCII letters: what becomes what, and between which neighbours.
//!
//! `^ab` at the beginning · `ab$` at the end · `x<ab` after x · `ab>y` before y. The longest pattern that fits is taken, of two of
//! one length the one that asks for more.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

/// One pattern and what it becomes.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    start: bool,
    before: String,
    pub body: String,
    after: String,
    end: bool,
    pub to: String,
}

impl Rule {
    pub(super) fn read(pattern: &str, to: &str, node: &Node) -> Result<Rule, DataError> {
        let (start, rest) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
        let (end, rest) = rest.strip_suffix('$').map_or((false, rest), |rest| (true, rest));
        let (before, rest) = rest.split_once('<').unwrap_or(("", rest));
        let (body, after) = rest.split_once('>').unwrap_or((rest, ""));
        if body.is_empty()
            || ![before, body, after].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_lowercase()))
        {
            return Err(node.error(
                format!("“{pattern}” is no pattern"),
                "Write small letters a to z, perhaps with ^, $, x< or >y around them.",
            ));
        }
        let own = |part: &str| part.to_owned();
        Ok(Rule { start, before: own(before), body: own(body), after: own(after), end, to: own(to) })
    }

    fn fits(&self, word: &str, at: usize) -> bool {
        let (Some(behind), Some(ahead)) = (word.get(..at), word.get(at..)) else { return false };
        let Some(rest) = ahead.strip_prefix(self.body.as_str()) else { return false };
        (!self.start || at == 0)
            && behind.ends_with(self.before.as_str())
            && rest.starts_with(self.after.as_str())
            && (!self.end || rest.is_empty())
    }

    fn asks(&self) -> usize {
        usize::from(self.start) + usize::from(self.end) + self.before.len() + self.after.len()
    }
}

/// Patterns found by their first letter.
#[derive(Clone, Debug, Default)]
pub(super) struct Rewriter {
    by_first: HashMap<u8, Vec<Rule>>,
}

impl Rewriter {
    /// A list of `{from: [patterns], to: letters}`.
    pub(super) fn read(list: &Node) -> Result<Rewriter, DataError> {
        let mut rules = Rewriter::default();
        for line in list.list()? {
            line.known_keys(&["from", "to"])?;
            let to = line.require("to")?.str()?;
            for pattern in line.require("from")?.strings()? {
                rules.add(Rule::read(pattern, to, line)?);
            }
        }
        for rules in rules.by_first.values_mut() {
            rules.sort_by_key(|rule| std::cmp::Reverse((rule.body.len(), rule.asks())));
        }
        Ok(rules)
    }

    fn add(&mut self, rule: Rule) {
        if let Some(first) = rule.body.bytes().next() {
            self.by_first.entry(first).or_default().push(rule);
        }
    }

    /// The rule to take at a byte of a word.
    pub(super) fn at(&self, word: &str, at: usize) -> Option<&Rule> {
        let first = word.as_bytes().get(at)?;
        self.by_first.get(first)?.iter().find(|rule| rule.fits(word, at))
    }

    /// The whole word from left to right; letters without a rule stay.
    pub(super) fn apply(&self, word: &str) -> String {
        let mut out = String::with_capacity(word.len() + 2);
        let mut at = 0;
        while let Some(rest) = word.get(at..).filter(|rest| !rest.is_empty()) {
            match self.at(word, at) {
                Some(rule) => {
                    out.push_str(&rule.to);
                    at += rule.body.len();
                }
                None => {
                    let c = rest.chars().next().unwrap_or(' ');
                    out.push(c);
                    at += c.len_utf8();
                }
            }
        }
        out
    }
}

/// Doubled letters made one.
pub(super) fn undoubled(word: &str) -> String {
    let mut single = String::with_capacity(word.len());
    for c in word.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    single
}
