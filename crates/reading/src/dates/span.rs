//! Stretches of time: “between A and B”, “14–16 March”.

use super::{Anchor, Found, Part, day_number, norm, single, year_number};
use crate::lexicon::{Flags, Lexicon};
use crate::token::Token;

/// “between A and B”, “from A to B”, “A – B”, “3 to 5 May”.
pub(super) fn span(tokens: &[Token], i: usize, lexicon: &Lexicon, anchor: &Anchor) -> Option<Found> {
    let opener = matches!(norm(tokens, i), "between" | "from");
    let at = if opener { i + 1 } else { i };
    // “14 to 16 March”, “14–16 March 2020”, “March 14–16”
    if let Some(first) = day_number(norm(tokens, at))
        && matches!(norm(tokens, at + 1), "to" | "and" | "–" | "-" | "until" | "—")
        && let Some(second) = single(tokens, at + 2, lexicon, anchor).filter(|f| f.start == at + 2 && f.from.day > 0)
        && first < second.from.day
        && (opener || norm(tokens, at + 1) != "and")
    {
        let from = Part { day: first, ..second.from };
        return Some(Found { from, to: Some(second.from), period: true, start: i, ..second });
    }
    let first = single(tokens, at, lexicon, anchor)?;
    let joint = norm(tokens, first.end);
    let joins = match joint {
        "–" | "—" | "-" => true,
        "to" | "until" | "through" | "till" => opener || first.since,
        "and" => norm(tokens, i) == "between",
        _ => false,
    };
    if !joins || first.start != at {
        return None;
    }
    if let Some(last) = tokens.get(first.end + 1).and_then(|t| day_number(&t.norm))
        && first.from.day > 0
        && last > first.from.day
        && !tokens.get(first.end + 2).is_some_and(|t| t.is(Flags::MONTH))
    {
        let to = Part { day: last, ..first.from };
        return Some(Found { to: Some(to), period: true, start: i, end: first.end + 2, ..first });
    }
    let mut second = single(tokens, first.end + 1, lexicon, anchor)?;
    if second.start > first.end + 1 {
        return None;
    }
    let mut from = first.from;
    // “between July 31 and Sept. 10, 2019”: one year for both.
    let bare = !tokens[first.start..first.end].iter().any(|t| year_number(&t.norm).is_some());
    if bare && from.year != second.from.year {
        from.year = second.from.year;
        if from.first() > second.from.first() {
            from.year -= 1;
        }
    }
    if from.first() > second.from.first() {
        second.from.year = from.year;
    }
    Some(Found { from, to: Some(second.to.unwrap_or(second.from)), period: true, start: i, ..second })
}
