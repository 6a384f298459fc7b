//! From pieces to a question. Every text gives one: what is wrong is left out and told.

use schema::{Date, Registry};

use super::token::{Kind, Token, tokens};
use super::{Field, Node, Problem, Window};
use crate::words::all_words;

/// Words of a question that are looked for; the rest is told to be left out.
const MOST_WORDS: usize = 64;
/// Parts within parts.
const DEEPEST: usize = 32;
const FIELDS: &str = "name:, source:, place:, type:, lang:, date:, possibly:, certainly:";

/// Reads a question; what of it was not understood is left out and told with its place.
#[must_use]
pub fn parse(text: &str, registry: &Registry) -> (Option<Node>, Vec<Problem>) {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, words: 0, registry, problems: Vec::new() };
    let mut parts = Vec::new();
    loop {
        parts.extend(parser.either());
        // Only a parenthesis that nothing opened stops it before the end.
        match parser.take() {
            Some(token) => {
                parser.wrong(&token, "this parenthesis closes nothing", "Leave it out, or open one before it.")
            }
            None => break,
        }
    }
    (joined(parts, Node::And), parser.problems)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    words: usize,
    registry: &'a Registry,
    problems: Vec<Problem>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn wrong(&mut self, token: &Token, problem: impl Into<String>, hint: impl Into<String>) {
        // One question has at most a few things to say.
        if self.problems.len() < 8 {
            self.problems.push(Problem {
                start: token.start,
                end: token.end,
                problem: problem.into(),
                hint: hint.into(),
            });
        }
    }

    /// Parts joined by OR, up to a closing parenthesis or the end.
    fn either(&mut self) -> Option<Node> {
        let mut sides = Vec::new();
        loop {
            let before = self.at;
            let side = self.all();
            let token = self.tokens.get(self.at).cloned();
            match token {
                Some(token) if token.kind == Kind::Or => {
                    self.at += 1;
                    if side.is_none() && before + 1 == self.at {
                        self.wrong(&token, "there is nothing before OR", "Write a word on either side of it.");
                    } else if matches!(self.peek(), None | Some(Kind::Close)) {
                        self.wrong(&token, "there is nothing after OR", "Write a word on either side of it.");
                    }
                    sides.extend(side);
                }
                _ => {
                    sides.extend(side);
                    return joined(sides, Node::Or);
                }
            }
        }
    }

    /// Parts side by side: all of them.
    fn all(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.get(self.at).cloned() {
            match token.kind {
                Kind::Or | Kind::Close => break,
                Kind::And => {
                    self.at += 1;
                    if matches!(self.peek(), None | Some(Kind::Close | Kind::Or)) {
                        self.wrong(&token, "there is nothing after AND", "Write a word after it, or leave it out.");
                    }
                }
                _ => parts.extend(self.part()),
            }
        }
        joined(parts, Node::And)
    }

    fn part(&mut self) -> Option<Node> {
        let token = self.take()?;
        match token.kind.clone() {
            Kind::Not => {
                if matches!(self.peek(), None | Some(Kind::Close | Kind::Or | Kind::And)) {
                    self.wrong(&token, "there is nothing after NOT", "Write the word that must not be there.");
                    return None;
                }
                if self.depth >= DEEPEST {
                    return self.too_deep(&token);
                }
                self.depth += 1;
                let inner = self.part();
                self.depth -= 1;
                inner.map(|inner| match inner {
                    Node::Not(inner) => *inner,
                    inner => Node::Not(Box::new(inner)),
                })
            }
            Kind::Open => {
                if self.depth >= DEEPEST {
                    return self.too_deep(&token);
                }
                self.depth += 1;
                let inner = self.either();
                self.depth -= 1;
                match self.peek() {
                    Some(Kind::Close) => self.at += 1,
                    _ => self.wrong(&token, "this parenthesis is not closed", "Write “)” where the part ends."),
                }
                inner
            }
            Kind::Field(name) => self.field(&name, &token),
            Kind::Word(word) => self.word(&word, &token),
            Kind::Quoted(words, closed) => {
                if !closed {
                    self.wrong(&token, "this quotation mark is not closed", "Write “\"” where the phrase ends.");
                }
                let words = self.counted(&words, &token);
                match words.len() {
                    0 => None,
                    _ => Some(Node::Phrase(words)),
                }
            }
            Kind::And | Kind::Or | Kind::Close => None,
        }
    }

    fn too_deep(&mut self, token: &Token) -> Option<Node> {
        self.wrong(token, "there are too many parts within parts", "Ask in fewer parentheses.");
        None
    }

    /// The exact forms of the words in a text, as far as a question has room for them.
    fn counted(&mut self, text: &str, token: &Token) -> Vec<String> {
        let mut words: Vec<String> = all_words(text).into_iter().map(|word| word.exact).collect();
        let room = MOST_WORDS.saturating_sub(self.words);
        if words.len() > room {
            words.truncate(room);
            self.wrong(token, format!("only the first {MOST_WORDS} words are looked for"), "Ask for fewer.");
        }
        self.words += words.len();
        words
    }

    fn word(&mut self, word: &str, token: &Token) -> Option<Node> {
        if let Some(beginning) = word.strip_suffix('*') {
            let mut words = self.counted(beginning, token);
            let last = words.pop()?;
            if last.chars().count() < 2 {
                self.wrong(
                    token,
                    format!("“{last}*” would find nearly everything"),
                    "Write two letters or more before the star.",
                );
                words.push(last);
                return Some(Node::Phrase(words));
            }
            let mut parts: Vec<Node> = words.into_iter().map(Node::Word).collect();
            parts.push(Node::Prefix(last));
            return joined(parts, Node::And);
        }
        let mut words = self.counted(word, token);
        match words.len() {
            0 => None,
            1 => words.pop().map(Node::Word),
            // “A/HRC/54” is words side by side; so is unspaced Khmer, which may be one name.
            _ if word.is_ascii() => Some(Node::Phrase(words)),
            _ => Some(Node::Unspaced(words)),
        }
    }

    fn field(&mut self, name: &str, token: &Token) -> Option<Node> {
        let known = matches!(name, "name" | "source" | "place" | "type" | "lang" | "date" | "possibly" | "certainly");
        if !known {
            let near =
                schema::nearest(name, ["name", "source", "place", "type", "lang", "date", "possibly", "certainly"]);
            let hint = match near {
                Some(near) => format!("Did you mean “{near}:”? Searched as a word."),
                None => format!("Fields are {FIELDS}. Searched as a word."),
            };
            self.wrong(token, format!("there is no field “{name}:”"), hint);
            return self.word(name, token);
        }
        // What belongs to a field stands right behind the colon.
        let value = match self.tokens.get(self.at).cloned() {
            Some(next) if next.start == token.end && matches!(next.kind, Kind::Word(_) | Kind::Quoted(..)) => {
                self.at += 1;
                next
            }
            // `certainly:date:…` and alike: the inner one is read as a value's beginning.
            _ => {
                self.wrong(
                    token,
                    format!("there is nothing after “{name}:”"),
                    "Write what to look for right after the colon.",
                );
                return None;
            }
        };
        let text = match &value.kind {
            Kind::Word(text) => text.clone(),
            Kind::Quoted(text, closed) => {
                if !closed {
                    self.wrong(&value, "this quotation mark is not closed", "Write “\"” where it ends.");
                }
                text.clone()
            }
            _ => String::new(),
        };
        match name {
            "type" => self.schema(&text, &value),
            "lang" => Some(Node::Lang(text.to_lowercase())),
            "date" | "possibly" | "certainly" => self.window(&text, &value, name == "certainly"),
            _ => {
                let field = match name {
                    "name" => Field::Name,
                    "source" => Field::Source,
                    _ => Field::Place,
                };
                let words = self.counted(text.trim_end_matches('*'), &value);
                if words.is_empty() { None } else { Some(Node::Within(field, words)) }
            }
        }
    }

    /// A schema by its name or its label.
    fn schema(&mut self, text: &str, token: &Token) -> Option<Node> {
        let wanted = schema::fold(text);
        let found = self.registry.schemata().find(|schema| {
            let labels =
                [Some(&schema.label.en), Some(&schema.plural.en), schema.label.km.as_ref(), schema.plural.km.as_ref()];
            schema::fold(&schema.name) == wanted
                || labels.into_iter().flatten().any(|label| schema::fold(label) == wanted)
        });
        if let Some(schema) = found {
            return Some(Node::Type(schema.name.clone()));
        }
        let names: Vec<&str> = self.registry.schemata().map(|schema| schema.name.as_str()).collect();
        let hint = match schema::nearest(text, names.iter().copied()) {
            Some(near) => format!("Did you mean “type:{near}”? It is left out."),
            None => format!("Types are {}. It is left out.", names.join(", ")),
        };
        self.wrong(token, format!("there is no type “{text}”"), hint);
        None
    }

    /// `2020`, `2020-07..2020-09`, `..2020-09-10`, `2020-07-31..`, or any date of EDTF.
    fn window(&mut self, text: &str, token: &Token, certainly: bool) -> Option<Node> {
        let end = |text: &str| if text.is_empty() { "..".to_owned() } else { text.to_owned() };
        let typed = match text.split_once("..") {
            Some((from, to)) if !text.contains('/') => format!("{}/{}", end(from), end(to)),
            _ => text.to_owned(),
        };
        match Date::parse(&typed) {
            Ok(date) if certainly && (date.is_approximate() || date.is_uncertain()) => {
                self.wrong(
                    token,
                    "nothing is certainly in a window that is not certain itself",
                    "Leave “~”, “?” and “%” out. It is left out.",
                );
                None
            }
            Ok(date) => Some(Node::Date(Window { date, certainly })),
            Err(error) => {
                let hint = "Write a day, month or year, or a window: date:2020-07-31, date:2020-07..2020-09, date:..2020. It is left out.";
                self.wrong(token, error.problem, hint);
                None
            }
        }
    }
}

/// One part is itself; none is nothing.
fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Option<Node> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(join(parts)),
    }
}
