//! Tables of cases: a column whose heading names an act (“Arrested”, “Charge”) tells that act of the
//! person in the row's name column. What the other cells say in words is read like any sentence.

use crate::acts::{Draft, quote};
use crate::citations;
use crate::dates;
use crate::discourse::{Entity, Sentence};
use crate::lexicon::{Flags, Lexicon};
use crate::model::{Act, Relevance};
use crate::penalty;
use crate::phrase::NpKind;
use crate::text::Reading;

/// The heading of the table that is being read.
#[derive(Debug, Default)]
pub(crate) struct Header {
    cells: Vec<Vec<crate::token::Token>>,
    paragraph: usize,
}

/// Token ranges between the bars.
fn cells(s: &Sentence) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    for k in 0..=s.tokens.len() {
        if k == s.tokens.len() || s.norm(k) == "|" {
            out.push((from, k));
            from = k + 1;
        }
    }
    out
}

const NAMES: [&str; 9] = ["name", "names", "person", "defendant", "accused", "victim", "detainee", "prisoner", "who"];

/// Columns whose heading is no trigger by itself: “Taken on”, “Term”.
const COLUMNS: [(&str, &str); 14] = [
    ("taken", "arrest"),
    ("seized", "arrest"),
    ("arrest", "arrest"),
    ("detained", "arrest"),
    ("custody", "detention"),
    ("term", "sentence"),
    ("sentence", "sentence"),
    ("penalty", "sentence"),
    ("punishment", "sentence"),
    ("freed", "release"),
    ("released", "release"),
    ("convicted", "conviction"),
    ("summoned", "summons"),
    ("killed", "killing"),
];

/// The act that a column tells.
fn column_act(head: &[crate::token::Token], lexicon: &Lexicon) -> Option<usize> {
    let listed = head.iter().find_map(|t| COLUMNS.iter().find(|(w, _)| *w == t.norm)).map(|(_, act)| *act);
    listed
        .and_then(|name| lexicon.triggers.act(name))
        .or_else(|| (0..head.len()).find_map(|k| lexicon.triggers.at(head, k).into_iter().next()).map(|h| h.act))
}

/// The acts of a row that its columns tell; the first row of a table is its heading.
pub(crate) fn read(s: &Sentence, header: &mut Option<Header>, reading: &Reading, lexicon: &Lexicon) -> Vec<Draft> {
    let cells = cells(s);
    let continues = header.as_ref().is_some_and(|h| s.paragraph - h.paragraph <= 1 && h.cells.len() == cells.len());
    if !continues {
        *header = (s.dates.is_empty() && cells.len() >= 2).then(|| Header {
            cells: cells.iter().map(|&(a, b)| s.tokens[a..b].to_vec()).collect(),
            paragraph: s.paragraph,
        });
        return Vec::new();
    }
    let Some(header) = header else { return Vec::new() };
    header.paragraph = s.paragraph;
    let named = header.cells.iter().position(|c| c.iter().any(|t| NAMES.contains(&t.norm.as_str())));
    let person = |a: usize, b: usize| {
        s.items
            .iter()
            .find(|i| a <= i.start && i.end <= b && i.np().is_some_and(|n| matches!(n.kind, NpKind::Person(_))))
            .map(|i| (i.start, i.np()))
    };
    let column = named.or_else(|| cells.iter().position(|&(a, b)| person(a, b).is_some()));
    let Some(&(a, b)) = column.and_then(|c| cells.get(c)) else { return Vec::new() };
    let name = match person(a, b) {
        Some((_, Some(np))) => match &np.kind {
            NpKind::Person(name) => name.clone(),
            _ => return Vec::new(),
        },
        _ => s.words(&reading.text, a, b),
    };
    if name.is_empty() || b <= a {
        return Vec::new();
    }
    let who = Entity::Person(name);
    let mut out = Vec::new();
    for (c, &(from, to)) in cells.iter().enumerate() {
        if Some(c) == column || from >= to {
            continue;
        }
        let Some(head) = header.cells.get(c) else { continue };
        let named = column_act(head, lexicon);
        let opens_with_term = lexicon.numbers.term(&s.tokens, from).is_some()
            && !head.iter().any(|t| matches!(t.norm.as_str(), "age" | "aged"));
        let Some(index) = (if opens_with_term { lexicon.triggers.act("sentence") } else { named }) else { continue };
        let act = &lexicon.triggers.acts[index];
        let empty = s.tokens[from..to]
            .iter()
            .any(|t| t.is(Flags::NEGATION) || matches!(t.norm.as_str(), "n" | "n/a" | "none" | "unknown" | "pending"))
            || !s.tokens[from..to].iter().any(crate::token::Token::is_word);
        if empty {
            continue;
        }
        let date = s.dates.iter().find(|d| from <= d.start && d.end <= to).map(dates::Found::edtf);
        let sentence = if act.needs_term { penalty::read(&s.tokens, from, to, lexicon) } else { None };
        let (x, y) = s.bytes(from, to);
        let provisions =
            if act.legal { citations::provisions_in(reading.text.get(x..y).unwrap_or_default()) } else { Vec::new() };
        // A column of dates without a date, a column of sentences without a term: nothing happened.
        if (act.needs_term && sentence.is_none()) || (!act.legal && date.is_none()) {
            continue;
        }
        let (x, _) = s.bytes(a, b);
        let (_, y) = s.bytes(from, to);
        out.push(Draft {
            act: Act {
                act_type: act.name.clone(),
                victim: who.victim(),
                date,
                place: None,
                agent: None,
                provisions,
                sentence,
                asserter: None,
                at: quote(reading, x.min(y), y.max(x)),
                relevance: Relevance::High,
            },
            who: who.clone(),
            paragraph: s.paragraph,
            inherited: false,
            own_facts: 2,
        });
    }
    out
}
