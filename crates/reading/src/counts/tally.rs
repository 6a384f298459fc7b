//! Tables of numbers: each cell with a number of what is counted is a count, the total too.

use super::Context;
use super::counting::Counting;
use crate::acts::quote;
use crate::discourse::Sentence;
use crate::model::Count;

/// The table that is being read.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// What the last heading speaks of: “Arrests by month, 2022”.
    unit: Option<String>,
    /// Its columns; `None` before its first row.
    header: Option<Vec<String>>,
    /// The units of its cells so far.
    seen: Vec<String>,
    /// The byte after its last row.
    end: usize,
}

/// Cells in bytes of the text.
fn cells<'a>(text: &'a str, s: &Sentence) -> Vec<(usize, &'a str)> {
    let line = text.get(s.start..s.end).unwrap_or_default();
    let mark = if line.contains('|') { '|' } else { '\t' };
    let mut at = s.start;
    let mut out = Vec::new();
    for cell in line.split(mark) {
        let trimmed = cell.trim();
        let lead = cell.len() - cell.trim_start().len();
        out.push((at + lead, trimmed));
        at += cell.len() + 1;
    }
    // “| a | b |”
    if out.first().is_some_and(|c| c.1.is_empty()) {
        out.remove(0);
    }
    if out.last().is_some_and(|c| c.1.is_empty()) {
        out.pop();
    }
    out
}

fn number(cell: &str) -> Option<u64> {
    let digits: String = cell.chars().filter(|c| !matches!(c, ',' | '*' | ' ')).collect();
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

fn year(label: &str) -> Option<&str> {
    label.split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 4 && (w.starts_with("19") || w.starts_with("20")))
}

impl Table {
    pub fn heading(&mut self, s: &Sentence, context: &Context<'_>, counting: &Counting) {
        let unit = unit(&s.words(&context.reading.text, 0, s.tokens.len()), context, counting);
        // A date line below the title says nothing of what is counted.
        if unit.is_some() || s.dates.is_empty() {
            self.unit = unit;
        }
        self.end();
    }

    /// A line that is no row ends the table.
    pub fn end(&mut self) {
        self.header = None;
        self.seen.clear();
    }

    pub fn row(&mut self, context: &Context<'_>, s: &Sentence, counting: &Counting) -> Vec<Count> {
        let text = context.reading.text.as_str();
        let cells = cells(text, s);
        // An empty line between: another table.
        if text.get(self.end..s.start).is_some_and(|gap| gap.matches('\n').count() > 1) {
            self.end();
        }
        self.end = s.end;
        if let Some(found) = self.months(context, s, &cells) {
            return found;
        }
        let Some(header) = self.header.clone() else {
            self.header = Some(cells.iter().map(|c| c.1.to_owned()).collect());
            return Vec::new();
        };
        // A row for each person or case is no statistic.
        let people = header.iter().any(|h| {
            h.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|w| {
                matches!(
                    w,
                    "name"
                        | "person"
                        | "defendant"
                        | "accused"
                        | "victim"
                        | "detainee"
                        | "prisoner"
                        | "who"
                        | "age"
                        | "case"
                )
            })
        });
        if people || header.len() != cells.len() {
            return Vec::new();
        }
        let label = cells.first().map_or("", |c| c.1);
        let by_row = unit(label, context, counting);
        let total = |label: &str| {
            let lower = label.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            matches!(
                lower.as_str(),
                "total" | "totals" | "all" | "sum" | "in all" | "together" | "overall" | "grand total"
            )
        };
        // “Total”: of what the other cells count, if they count one thing.
        let mut others: Vec<String> =
            header.iter().skip(1).filter_map(|h| unit(h, context, counting)).chain(self.seen.iter().cloned()).collect();
        others.sort();
        others.dedup();
        let common = if let [one] = others.as_slice() { Some(one.clone()) } else { None };
        let mut out = Vec::new();
        for (k, (at, cell)) in cells.iter().enumerate().skip(1) {
            let (Some(n), Some(column)) = (number(cell), header.get(k)) else { continue };
            let sum = total(label) || total(column);
            let found = unit(column, context, counting)
                .or_else(|| by_row.clone())
                .or_else(|| if sum { common.clone() } else { None })
                .or_else(|| self.unit.clone())
                .or_else(|| common.clone().filter(|_| year(column).is_none()));
            let Some(unit) = found else { continue };
            if !self.seen.contains(&unit) {
                self.seen.push(unit.clone());
            }
            let window = year(label).or_else(|| year(column)).map(str::to_owned);
            out.push(Count {
                unit,
                min: Some(n),
                max: Some(n),
                population: Some(format!("{column}, {label}")),
                window,
                asserter: None,
                at: quote(context.reading, *at, at + cell.len()),
            });
        }
        out
    }

    /// A row by month: “Jan 9 | Feb 12 | Mar 8”.
    fn months(&self, context: &Context<'_>, s: &Sentence, cells: &[(usize, &str)]) -> Option<Vec<Count>> {
        let unit = self.unit.as_ref()?;
        let by_month = |cell: &str| {
            let (month, n) = cell.split_once([' ', ':'])?;
            Some((
                context.lexicon.calendar.month(&month.trim_end_matches(['.', ':']).to_lowercase())?,
                number(n.trim())?,
            ))
        };
        if cells.len() < 2 || !cells.iter().all(|c| by_month(c.1).is_some()) {
            return None;
        }
        let year = context.lexicon.calendar.heading_year(&context.reading.text[..s.start]);
        let counts = cells
            .iter()
            .filter_map(|(at, cell)| {
                let (month, n) = by_month(cell)?;
                Some(Count {
                    unit: unit.clone(),
                    min: Some(n),
                    max: Some(n),
                    population: None,
                    window: year.map(|y| format!("{y:04}-{month:02}")),
                    asserter: None,
                    at: quote(context.reading, *at, at + cell.len()),
                })
            })
            .collect();
        Some(counts)
    }
}

/// What a label counts: “Arrests”, “Workers dismissed”, “Killed”.
fn unit(label: &str, context: &Context<'_>, counting: &Counting) -> Option<String> {
    use crate::lexicon::Flags;
    let lower = label.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    // “Sentence (months)”, “Share %”
    if ["(months", "(years", "(days", "%", "(usd", "(riel", "average", "rate"].iter().any(|w| lower.contains(w)) {
        return None;
    }
    // “In prison”, “On bail”: people.
    let state = [
        "in prison",
        "in detention",
        "in custody",
        "on bail",
        "behind bars",
        "on remand",
        "in exile",
        "at large",
        "awaiting trial",
        "pre-trial",
        "under house arrest",
        "held",
        "wanted",
        "free",
        "injured",
        "hospitalised",
    ];
    if state.iter().any(|p| {
        lower == *p || lower.starts_with(&format!("{p} ")) || lower.starts_with("still ") && lower.ends_with(p)
    }) {
        return Some("persons".to_owned());
    }
    let known = words.iter().find_map(|w| {
        let flags = context.lexicon.flags(w);
        let people = flags.any(Flags::PERSONS) || counting.has("people", w);
        counting
            .unit(w)
            .filter(|_| w.ends_with('s') || words.len() == 1)
            .map(str::to_owned)
            .or_else(|| people.then(|| "persons".to_owned()))
    });
    known.or_else(|| {
        matches!(
            words.first().copied(),
            Some(
                "arrested"
                    | "charged"
                    | "convicted"
                    | "killed"
                    | "injured"
                    | "wounded"
                    | "detained"
                    | "released"
                    | "evicted"
                    | "jailed"
                    | "dead"
                    | "missing"
                    | "dismissed"
                    | "imprisoned"
                    | "sentenced"
                    | "acquitted"
                    | "summoned"
                    | "women"
                    | "men"
                    | "girls"
                    | "boys"
            )
        )
        .then(|| "persons".to_owned())
    })
}
