//! Tracked changes and comments inside a part: deletions go, insertions stay as if they had always been there.
//!
//! A paragraph whose mark was deleted is not joined to the next: the words are the same, with a line between them.

use std::collections::HashSet;

use super::super::xml::{Act, Element, look};

/// The roots of Word's parts that hold words: its main part need not lie in `word/`.
const ROOTS: &[&str] = &["document", "glossaryDocument", "hdr", "ftr", "footnotes", "endnotes"];

pub(super) fn of_word(element: &Element, part: &str) -> bool {
    part.starts_with("word/") || element.within.first().is_some_and(|root| ROOTS.contains(&root.as_str()))
}

/// What the pass over one part found.
#[derive(Default)]
pub(super) struct Found {
    pub deletions: usize,
    pub insertions: usize,
    pub formats: usize,
    pub comments: usize,
}

impl Found {
    /// In words, with how many.
    pub fn told(&self) -> impl Iterator<Item = (&'static str, usize)> {
        [
            ("deleted passages", self.deletions),
            ("inserted passages", self.insertions),
            ("changed formats", self.formats),
            ("places of comments", self.comments),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
    }
}

/// What becomes of an element of a tracked change or a comment's place; `None` for every other element.
pub(super) fn act(element: &Element, found: &mut Found) -> Option<Act> {
    let around = element.within.last().map_or("", String::as_str);
    match element.name.as_str() {
        // Beside a mark or a row, these are signs; around words, they hold the words.
        "del" | "moveFrom" => {
            found.deletions += 1;
            Some(Act::Drop)
        }
        "ins" | "moveTo" => {
            found.insertions += 1;
            Some(if matches!(around, "rPr" | "trPr" | "ctrlPr" | "numPr") { Act::Drop } else { Act::Unwrap })
        }
        "delText" | "delInstrText" => Some(Act::Drop),
        "cellIns" | "cellDel" | "cellMerge" => Some(Act::Drop),
        name if name.ends_with("Change") && is_change(name) => {
            found.formats += 1;
            Some(Act::Drop)
        }
        "moveFromRangeStart" | "moveFromRangeEnd" | "moveToRangeStart" | "moveToRangeEnd" => Some(Act::Drop),
        name if name.starts_with("customXml") && name.contains("Range") => Some(Act::Drop),
        "commentRangeStart" | "commentRangeEnd" => Some(Act::Drop),
        "commentReference" => {
            found.comments += 1;
            Some(Act::Drop)
        }
        // Who may change a passage, by account.
        "permStart" | "permEnd" => Some(Act::Drop),
        _ => None,
    }
}

fn is_change(name: &str) -> bool {
    matches!(
        name,
        "rPrChange"
            | "pPrChange"
            | "sectPrChange"
            | "tblPrChange"
            | "tblPrExChange"
            | "tblGridChange"
            | "trPrChange"
            | "tcPrChange"
            | "numberingChange"
    )
}

/// Rows and cells that were deleted, by where they begin: what says so stands inside them.
pub(super) fn deleted_rows(xml: &[u8]) -> HashSet<u64> {
    let mut gone = HashSet::new();
    if !has(xml, b"trPr") && !has(xml, b"cellDel") {
        return gone;
    }
    /// A row that is open: how deep and where it begins, its cells and how many of them go.
    struct Row {
        depth: usize,
        at: u64,
        cells: usize,
        gone: usize,
    }
    let (mut rows, mut cells): (Vec<Row>, Vec<(usize, u64)>) = (Vec::new(), Vec::new());
    let end = |row: Row, gone: &mut HashSet<u64>| {
        if row.cells > 0 && row.cells == row.gone {
            gone.insert(row.at);
        }
    };
    let _ = look(xml, &mut |element| {
        let depth = element.within.len();
        let around = element.within.last().map_or("", String::as_str);
        while let Some(row) = rows.pop_if(|row| row.depth >= depth) {
            end(row, &mut gone);
        }
        while cells.pop_if(|cell| cell.0 >= depth).is_some() {}
        match element.name.as_str() {
            "tr" => rows.push(Row { depth, at: element.at, cells: 0, gone: 0 }),
            "tc" => {
                cells.push((depth, element.at));
                if let Some(row) = rows.last_mut() {
                    row.cells += 1;
                }
            }
            "del" if around == "trPr" => gone.extend(rows.last().map(|row| row.at)),
            "cellDel" if around == "tcPr" => {
                gone.extend(cells.last().map(|cell| cell.1));
                if let Some(row) = rows.last_mut() {
                    row.gone += 1;
                }
            }
            _ => {}
        }
    });
    rows.into_iter().for_each(|row| end(row, &mut gone));
    gone
}

/// The boxes of comments in a sheet's drawing, by where they begin.
pub(super) fn notes(vml: &[u8]) -> HashSet<u64> {
    shapes(vml).map(|(notes, _)| notes).unwrap_or_default()
}

/// Whether a drawing holds boxes of comments and nothing else.
pub(super) fn only_notes(vml: &[u8]) -> bool {
    shapes(vml).is_ok_and(|(notes, all)| all > 0 && notes.len() == all)
}

/// Comments' shapes, and the number of all.
fn shapes(vml: &[u8]) -> Result<(HashSet<u64>, usize), String> {
    let (mut notes, mut all, mut last) = (HashSet::new(), 0, None);
    look(vml, &mut |element| match element.name.as_str() {
        "shape" | "rect" | "oval" | "line" | "polyline" | "image" | "group" | "roundrect" | "arc" | "curve" => {
            all += 1;
            last = Some(element.at);
        }
        "ClientData" if element.get("ObjectType") == Some("Note") => notes.extend(last),
        _ => {}
    })?;
    Ok((notes, all))
}

fn has(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}
