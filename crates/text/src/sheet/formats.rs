//! What a workbook's number formats say of its numbers: which are days, months, lengths of time.

use super::stream::{Opened, attribute, walk};
use super::xlsx::FORMAT;
use crate::error::Error;
use quick_xml::events::BytesStart;
use std::collections::HashMap;

/// How a number is to be read.
#[derive(Clone, Copy, PartialEq)]
pub enum Style {
    Number,
    Day,
    /// It shows no day: what stands for it in the file is nobody's word.
    Month,
    Year,
    Lasting,
}

/// For each style of cells, how a number is to be read.
pub fn styles(text: &str) -> Result<Vec<Style>, Error> {
    let mut formats: HashMap<String, Style> = HashMap::new();
    let mut styles = Vec::new();
    let mut of_cells = false;
    walk(
        text,
        FORMAT,
        &mut Opened(|name: &str, element: &BytesStart<'_>| match name {
            "numFmt" => {
                formats.extend(
                    attribute(element, "numFmtId").zip(attribute(element, "formatCode").map(|code| told_by(&code))),
                );
            }
            "cellXfs" => of_cells = true,
            "cellStyles" | "dxfs" => of_cells = false,
            "xf" if of_cells => {
                let id = attribute(element, "numFmtId").unwrap_or_default();
                styles.push(formats.get(&id).copied().unwrap_or_else(|| match id.parse() {
                    Ok(17) => Style::Month,
                    Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => Style::Day,
                    Ok(46_u32) => Style::Lasting,
                    _ => Style::Number,
                }));
            }
            _ => {}
        }),
    )?;
    Ok(styles)
}

/// What a format's code says: words in quotation marks, colours, and what is escaped are no part of it.
fn told_by(code: &str) -> Style {
    let first = code.split(';').next().unwrap_or(code);
    let mut rest = first.chars();
    let mut shown = String::new();
    while let Some(c) = rest.next() {
        match c {
            '"' => drop(rest.by_ref().find(|c| *c == '"')),
            '\\' | '_' | '*' => drop(rest.next()),
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                if !inside.is_empty() && inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    return Style::Lasting;
                }
            }
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => shown.push(c.to_ascii_lowercase()),
            // Letters of other words: “General”, “E+00”.
            c if c.is_alphabetic() && shown.is_empty() => return Style::Number,
            _ => {}
        }
    }
    match (shown.contains(['d', 'h', 's']), shown.contains('m'), shown.contains('y')) {
        (true, _, _) => Style::Day,
        (false, true, _) => Style::Month,
        (false, false, true) => Style::Year,
        (false, false, false) => Style::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_is_shown() {
        let codes = [
            "dd/mm/yyyy",
            "[h]:mm",
            "General",
            "0.00E+00",
            "#,##0.00 \"days\"",
            "[Red]d mmm",
            "@",
            "mmm-yy",
            "[$-409]mmm\\ yyyy;@",
            "mm/yyyy",
            "yyyy",
            "h:mm AM/PM",
        ];
        let said = codes.map(|code| match told_by(code) {
            Style::Number => 'n',
            Style::Day => 'd',
            Style::Month => 'm',
            Style::Year => 'y',
            Style::Lasting => 'l',
        });
        assert_eq!(said, ['d', 'l', 'n', 'n', 'n', 'd', 'n', 'm', 'm', 'm', 'y', 'd']);
    }
}
