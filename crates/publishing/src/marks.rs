//! Where note marks stand: after the stop or comma that ends the words they belong to, in one group, never after a number.
//!
//! “20²” reads as four hundred; so the marks of a recorded value wait for the next punctuation of their line.

use crate::model::{Inline, Line, Mark, Run};

/// A line whose values are followed by their marks, set as a reader expects them.
#[must_use]
pub fn settled(line: Line) -> Line {
    let mut out = Line::with_capacity(line.len());
    let mut waiting: Vec<Mark> = Vec::new();
    let mut after_value = false;
    for inline in line {
        match inline {
            Inline::Notes { marks } if after_value => {
                add(&mut waiting, marks);
                continue;
            }
            Inline::Notes { marks } => {
                // A citation stands where its author put it, without the space before it; what waits joins it.
                trim_end(&mut out);
                let mut group = std::mem::take(&mut waiting);
                add(&mut group, marks);
                push_marks(&mut out, group);
            }
            Inline::Text { runs } if !waiting.is_empty() => match split_after_stop(&runs) {
                Some((before, after)) => {
                    out.push(Inline::Text { runs: before });
                    push_marks(&mut out, std::mem::take(&mut waiting));
                    if !after.is_empty() {
                        out.push(Inline::Text { runs: after });
                    }
                }
                None => out.push(Inline::Text { runs }),
            },
            inline => {
                after_value = matches!(inline, Inline::Value { .. });
                out.push(inline);
                continue;
            }
        }
        after_value = false;
    }
    if !waiting.is_empty() {
        push_marks(&mut out, waiting);
    }
    out
}

/// Adds marks of notes that are not in the group yet.
fn add(group: &mut Vec<Mark>, marks: Vec<Mark>) {
    for mark in marks {
        if !group.iter().any(|known| known.number == mark.number) {
            group.push(mark);
        }
    }
}

fn push_marks(out: &mut Line, marks: Vec<Mark>) {
    match out.last_mut() {
        Some(Inline::Notes { marks: group }) => add(group, marks),
        _ => out.push(Inline::Notes { marks }),
    }
}

/// Takes the white space before a mark away, and a text that is nothing else.
fn trim_end(out: &mut Line) {
    if let Some(Inline::Text { runs }) = out.last_mut() {
        if let Some(last) = runs.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        runs.retain(|run| !run.text.is_empty());
        if runs.is_empty() {
            out.pop();
        }
    }
}

/// The text up to its first stop, and the rest. A stop is punctuation before a space or at the end, closing quotes included.
fn split_after_stop(runs: &[Run]) -> Option<(Vec<Run>, Vec<Run>)> {
    for (index, run) in runs.iter().enumerate() {
        let mut chars = run.text.char_indices().peekable();
        while let Some((_, c)) = chars.next() {
            if !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '។' | '៕') {
                continue;
            }
            while chars.peek().is_some_and(|(_, next)| matches!(next, '”' | '’' | '"' | ')' | '»')) {
                chars.next();
            }
            let end = chars.peek().map_or(run.text.len(), |(at, _)| *at);
            if !run.text[end..].chars().next().is_none_or(char::is_whitespace) {
                continue;
            }
            let mut before = runs[..index].to_vec();
            before.push(Run { text: run.text[..end].to_string(), lang: run.lang.clone() });
            let mut after = Vec::new();
            if end < run.text.len() {
                after.push(Run { text: run.text[end..].to_string(), lang: run.lang.clone() });
            }
            after.extend_from_slice(&runs[index + 1..]);
            return Some((before, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plain;

    fn text(text: &str) -> Inline {
        Inline::Text { runs: vec![Run { text: text.into(), lang: None }] }
    }
    fn value(text: &str) -> Inline {
        Inline::Value { made: 0, occurrence: 1, runs: vec![Run { text: text.into(), lang: None }], drafted: None }
    }
    fn notes(numbers: &[usize]) -> Inline {
        Inline::Notes { marks: numbers.iter().map(|number| Mark { number: *number, occurrence: 1 }).collect() }
    }
    fn check(line: Line, expect: &str) {
        let shown: String = settled(line)
            .iter()
            .map(|inline| match inline {
                Inline::Text { runs } | Inline::Value { runs, .. } => plain(runs),
                Inline::Notes { marks } => format!("{:?}", marks.iter().map(|mark| mark.number).collect::<Vec<_>>()),
                _ => String::new(),
            })
            .collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn marks_wait_for_a_stop() {
        check(
            vec![text("It laid "), value("20"), notes(&[1, 2]), text(" benchmarks, in 2,000 pages. End")],
            "It laid 20 benchmarks,[1, 2] in 2,000 pages. End",
        );
        check(
            vec![
                text("on "),
                value("18 August"),
                notes(&[1]),
                text(" to "),
                value("24 months"),
                notes(&[1, 3]),
                text("."),
            ],
            "on 18 August to 24 months.[1, 3]",
        );
        check(vec![text("Total "), value("12"), notes(&[4])], "Total 12[4]");
        check(vec![value("20"), notes(&[1]), text(" said (he “so”.) Yes")], "20 said (he “so”.)[1] Yes");
    }

    #[test]
    fn a_citation_joins_what_waits() {
        check(vec![text("In 2021. "), notes(&[1]), text(" Since")], "In 2021.[1] Since");
        check(
            vec![text("at "), value("20"), notes(&[2]), text(" places. "), notes(&[5]), text(" Then")],
            "at 20 places.[2, 5] Then",
        );
        check(vec![text("a. "), notes(&[1]), text(" "), notes(&[2])], "a.[1, 2]");
    }
}
