//! How lists overlap, as a picture: an UpSet plot (Lex, Gehlenborg, Strobelt, Vuillemot & Pfister 2014, doi 10.1109/TVCG.2014.2346248).
//! A bar for each set of lists, as high as the number of people whom exactly these know; below it, which lists they are. The name
//! of a list stands above its row of dots, so that the picture fits a telephone.

use lists::Lists;

use crate::markup::{shortened, thousands};

/// Sets of lists that are drawn; all stand in the table behind the picture.
const MOST: usize = 20;
/// Height of the longest bar, and where bars stand.
const TALL: i32 = 130;
const FLOOR: i32 = TALL + 24;
/// A row: the list's name, and its dots below.
const ROW: i32 = 46;

pub struct Upset {
    pub width: i32,
    pub height: i32,
    pub desc: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Sets that are not drawn.
    pub more: usize,
}

pub struct Column {
    pub middle: i32,
    pub left: i32,
    pub wide: i32,
    pub top: i32,
    pub high: i32,
    pub count: String,
    /// (where, on this list)
    pub dots: Vec<(i32, bool)>,
    /// From the first list of the set to the last.
    pub line: Option<(i32, i32)>,
}

pub struct Row {
    pub label: String,
    pub text: i32,
    pub rule: i32,
}

/// The picture; `None` where fewer than two lists know anybody.
#[must_use]
pub fn upset(lists: &Lists) -> Option<Upset> {
    let shown: Vec<usize> = (0..lists.lists.len()).filter(|at| lists.lists[*at].entities > 0).collect();
    if shown.len() < 2 {
        return None;
    }
    let overlaps = lists.overlaps();
    let most = overlaps.iter().map(|overlap| overlap.count).max().unwrap_or(1).max(1);
    let step = if overlaps.len() <= 8 { 46 } else { 34 };
    let place =
        |list: usize| shown.iter().position(|at| *at == list).and_then(|at| i32::try_from(at).ok()).unwrap_or(0);
    let dot = |list: usize| FLOOR + place(list) * ROW + 33;
    let columns: Vec<Column> = (0..)
        .zip(overlaps.iter().take(MOST))
        .map(|(at, overlap)| {
            let middle = 4 + step / 2 + at * step;
            let high = i32::try_from(overlap.count * TALL.unsigned_abs() as u64 / most).unwrap_or(TALL).max(2);
            let ends = (overlap.lists.first(), overlap.lists.last());
            Column {
                middle,
                left: middle - 11,
                wide: 22,
                top: FLOOR - high,
                high,
                count: thousands(overlap.count),
                dots: shown.iter().map(|list| (dot(*list), overlap.lists.contains(list))).collect(),
                line: match ends {
                    (Some(first), Some(last)) if first != last => Some((dot(*first), dot(*last))),
                    _ => None,
                },
            }
        })
        .collect();
    let rows = shown.iter().map(|list| Row {
        label: format!("{} · {}", shortened(&lists.lists[*list].name, 50), thousands(lists.lists[*list].entities)),
        text: dot(*list) - 15,
        rule: FLOOR + place(*list) * ROW + 4,
    });
    let several: u64 = overlaps.iter().filter(|overlap| overlap.lists.len() > 1).map(|overlap| overlap.count).sum();
    let drawn = i32::try_from(columns.len()).unwrap_or(0);
    Some(Upset {
        width: (drawn * step + 8).max(344),
        height: FLOOR + i32::try_from(shown.len()).unwrap_or(0) * ROW + 4,
        desc: format!(
            "{} persons on {} lists; {} of them are on more than one. Each bar is a set of lists, each row of dots a list; the table has the same numbers.",
            thousands(lists.documented()),
            shown.len(),
            thousands(several)
        ),
        columns,
        rows: rows.collect(),
        more: overlaps.len().saturating_sub(MOST),
    })
}
