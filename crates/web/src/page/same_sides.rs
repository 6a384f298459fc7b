//! Records side by side: each property with its values, who says them and in which words.

use matching::{Comparison, Row, Sides};

use crate::markup::{Words, shortened};
use crate::page::same_words::percent;

/// One property, laid out.
pub struct Line {
    pub label: Words,
    pub class: &'static str,
    pub word: &'static str,
    pub cells: Vec<(String, Vec<CellShown>)>,
}

pub struct CellShown {
    pub value: Words,
    pub who: Words,
    pub quote: Option<Words>,
}

/// The head of each column: what the record is called, and the documents that speak of it.
pub fn heads(sides: &Sides) -> Vec<(Words, Words)> {
    let shown = sides.sides.iter().map(|side| {
        let label = Words::of(&side.label).linked(&format!("/entity/{}", side.id));
        let sources: Vec<Words> = side
            .sources
            .iter()
            .take(3)
            .map(|(id, label)| Words::of(&shortened(label, 60)).linked(&format!("/source/{id}")))
            .collect();
        // Each stands in a box of its own.
        (label, Words::joined(&sources, " "))
    });
    shown.collect()
}

/// What two sides or more say something of, differences first; and what only one says: missing is not different.
pub fn lines(sides: &Sides) -> (Vec<Line>, Vec<Line>) {
    // Where records stand one below the other, each is known by where it comes from: the names are often the same.
    let named = |(at, side): (usize, &matching::Side)| match side.sources.first() {
        Some((_, source)) => shortened(source, 48),
        None => format!("{}, {}", side.label, at + 1),
    };
    let names: Vec<String> = sides.sides.iter().enumerate().map(named).collect();
    let line = |row: &Row| {
        let (class, word) = match row.comparison {
            Comparison::Differ => ("another", "differ"),
            Comparison::MayAgree => ("partially-corroborated", "may agree"),
            Comparison::Agree => ("verified", "agree"),
            Comparison::OneOnly => ("", "one side only"),
        };
        let cells = row.cells.iter().zip(&names).map(|(cells, name)| {
            let mut shown: Vec<CellShown> = Vec::new();
            for (at, cell) in cells.iter().enumerate() {
                // One value that several documents give stands once, with the first of them.
                if cells.iter().take(at).any(|known| known.display == cell.display) {
                    continue;
                }
                let others = cells.iter().filter(|other| other.display == cell.display).count() - 1;
                let own = cell.asserter.is_empty() || cell.source_label.contains(cell.asserter.as_str());
                let who = if own {
                    cell.source_label.clone()
                } else {
                    format!("{}, in {}", cell.asserter, cell.source_label)
                };
                let who = Words::of(&shortened(&who, 90));
                let who = match cell.source {
                    Some(id) => who.linked(&format!("/source/{id}")),
                    None => who,
                };
                shown.push(CellShown {
                    value: Words::of(&cell.display),
                    who: match others {
                        0 => who,
                        others => Words::joined(&[who, Words::of(&format!("and {others} more"))], " "),
                    },
                    quote: cell.quote.as_deref().map(|quote| Words::of(&shortened(quote, 220))),
                });
            }
            (name.clone(), shown)
        });
        Line { label: Words::of(&row.label), class, word, cells: cells.collect() }
    };
    let (one_only, compared): (Vec<&Row>, Vec<&Row>) =
        sides.rows.iter().partition(|row| row.comparison == Comparison::OneOnly);
    (compared.into_iter().map(line).collect(), one_only.into_iter().map(line).collect())
}

/// What was compared, whatever the judgement: what it rests on to begin with; the person changes it.
pub fn reason(sides: &Sides, probability: f64) -> String {
    let said = |wanted: Comparison| -> Vec<String> {
        let rows = sides.rows.iter().filter(|row| row.comparison == wanted);
        rows.map(|row| row.label.to_lowercase()).take(4).collect()
    };
    let (agree, differ) = (said(Comparison::Agree), said(Comparison::Differ));
    let mut parts = Vec::new();
    if !agree.is_empty() {
        parts.push(format!("{} agree", agree.join(", ")));
    }
    if !differ.is_empty() {
        parts.push(format!("{} differ", differ.join(", ")));
    }
    parts.push(format!("scored {}", percent(probability)));
    format!("Compared: {}", parts.join("; "))
}
