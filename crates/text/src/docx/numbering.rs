//! The numbers of lists, counted as Word counts them.

use crate::xml::Element;
use std::collections::HashMap;

#[derive(Clone)]
struct Level {
    format: String,
    /// `%1.%2.`: `%n` stands for the number at level n.
    text: String,
    start: i64,
}

#[derive(Default)]
pub struct Numbering {
    abstracts: HashMap<String, Vec<Level>>,
    lists: HashMap<String, String>,
    counters: HashMap<String, Vec<i64>>,
}

impl Numbering {
    pub fn new(root: Option<&Element>) -> Self {
        let mut numbering = Self::default();
        let Some(list) = root.and_then(|root| root.child("numbering")) else { return numbering };
        for element in list.elements() {
            match element.name.as_str() {
                "abstractNum" => {
                    let levels = element
                        .elements()
                        .filter(|child| child.name == "lvl")
                        .take(9)
                        .map(|level| {
                            let value = |name: &str| {
                                level.child(name).and_then(|child| child.attribute("val")).map(str::to_owned)
                            };
                            Level {
                                format: value("numFmt").unwrap_or_else(|| "decimal".to_owned()),
                                text: value("lvlText").unwrap_or_default(),
                                start: value("start").and_then(|start| start.parse().ok()).unwrap_or(1),
                            }
                        })
                        .collect();
                    numbering.abstracts.insert(element.attribute("abstractNumId").unwrap_or("").to_owned(), levels);
                }
                "num" => {
                    let of = element.child("abstractNumId").and_then(|child| child.attribute("val")).unwrap_or("");
                    numbering.lists.insert(element.attribute("numId").unwrap_or("").to_owned(), of.to_owned());
                }
                _ => {}
            }
        }
        numbering
    }

    /// Counts the next item of a list: its label (empty for bullets), or none if there is no such list.
    pub fn next(&mut self, list: &str, level: usize) -> Option<String> {
        let of = self.lists.get(list)?;
        let levels = self.abstracts.get(of)?;
        let own = levels.get(level)?;
        let counters =
            self.counters.entry(of.clone()).or_insert_with(|| levels.iter().map(|level| level.start - 1).collect());
        if let Some(counter) = counters.get_mut(level) {
            *counter = counter.saturating_add(1);
        }
        for (counter, level) in counters.iter_mut().zip(levels).skip(level + 1) {
            *counter = level.start - 1;
        }
        if matches!(own.format.as_str(), "bullet" | "none") {
            return Some(String::new());
        }
        let mut label = own.text.clone();
        for (index, (counter, level)) in counters.iter().zip(levels).enumerate() {
            let shown = (*counter).max(level.start);
            label = label.replace(&format!("%{}", index + 1), &number(shown, &level.format));
        }
        Some(label)
    }
}

fn number(value: i64, format: &str) -> String {
    let style = match format {
        "lowerLetter" => "a",
        "upperLetter" => "A",
        "lowerRoman" => "i",
        "upperRoman" => "I",
        _ => "1",
    };
    crate::html::ordinal(value, style)
}
