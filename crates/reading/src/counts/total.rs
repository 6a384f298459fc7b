//! Totals over many events, rather than the victims of one (coding rule 3).

use crate::dates::Found;
use crate::discourse::Sentence;
use crate::lexicon::Flags;
use crate::phrase::Np;

/// Whether a group with a number is a total over many events, rather than the victims of one.
pub(crate) fn is_total(s: &Sentence, date: Option<&Found>, np: &Np) -> bool {
    if np.number.is_none() || np.definite {
        return false;
    }
    let bounded = np.number.is_some_and(|n| n.bounds.min != n.bounds.max);
    totals(s, date, bounded)
}

pub(super) fn totals(s: &Sentence, date: Option<&Found>, bounded: bool) -> bool {
    // “have been arrested”, “has closed”
    let perfect = s.tokens.windows(2).any(|w| {
        w[0].is(Flags::HAVE)
            && w[0].norm != "having"
            && (matches!(w[1].norm.as_str(), "been" | "had" | "already") || w[1].norm.ends_with("ed"))
    });
    let so_far =
        s.tokens.windows(2).any(|w| matches!((w[0].norm.as_str(), w[1].norm.as_str()), ("so", "far") | ("to", "date")));
    let recorded = shown(s)
        || s.tokens.iter().any(|t| {
            matches!(
                t.norm.as_str(),
                "documented" | "recorded" | "counted" | "tallied" | "registered" | "total" | "overall" | "logged"
            )
        });
    match date {
        Some(d) if d.since || d.period => !is_week(d),
        Some(d) if d.from.month == 0 => perfect || recorded || so_far || compared(s),
        Some(d) if d.from.day == 0 => recorded || (bounded && perfect),
        Some(_) => false,
        None => recorded || so_far || bounded && (perfect || s.tokens.iter().any(|t| t.norm == "are")),
    }
}

/// “The Government's records show that 143 persons”, “In all, 29 people have been charged”
pub(super) fn shown(s: &Sentence) -> bool {
    (0..s.tokens.len()).any(|i| {
        matches!(
            s.norm(i),
            "records" | "figures" | "statistics" | "data" | "registers" | "register" | "count" | "tally"
        ) && (matches!(
            s.norm(i + 1),
            "show"
                | "shows"
                | "showed"
                | "show:"
                | "has"
                | "had"
                | "have"
                | "names"
                | "stands"
                | "gives"
                | "put"
                | "puts"
        ) || matches!(s.norm(i + 1), "of" | "kept")
            && (i + 2..i + 9).any(|k| matches!(s.norm(k), "show" | "shows" | "showed" | "has" | "had")))
            || s.norm(i) == "in" && matches!(s.norm(i + 1), "all" | "total") && (i == 0 || s.norm(i + 2) == ",")
            || s.norm(i) == "altogether" && i == 0
    })
}

/// “down from 23 the year before”, “compared with 11 in 2020”
fn compared(s: &Sentence) -> bool {
    s.tokens.windows(2).any(|w| {
        matches!(w[0].norm.as_str(), "down" | "up" | "compared") && matches!(w[1].norm.as_str(), "from" | "with" | "to")
    })
}

fn is_week(d: &Found) -> bool {
    match (d.from.first(), d.to.and_then(crate::dates::Part::first)) {
        (Some(a), Some(b)) => b.number() - a.number() <= 7,
        _ => false,
    }
}
