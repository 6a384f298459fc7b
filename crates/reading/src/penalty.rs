//! What a court imposed: the term pronounced, the part to serve, the fine (coding rule 4).
//! Pronounced = to serve + suspended (DESIGN §4).

use crate::lexicon::Lexicon;
use crate::model::Sentence as Penalty;
use crate::token::Token;

/// The penalty that the tokens from `from` to `to` tell; `None` if there is none.
pub(crate) fn read(tokens: &[Token], from: usize, to: usize, lexicon: &Lexicon) -> Option<Penalty> {
    let numbers = &lexicon.numbers;
    let to = to.min(tokens.len());
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    let mut terms: Vec<(f64, usize, usize)> = Vec::new();
    let mut fine = None;
    let mut damages = false;
    let mut fined = false;
    let mut i = from;
    while i < to {
        match norm(i) {
            "fine" | "fined" | "fines" => fined = true,
            "damages" | "compensation" | "complainant" | "plaintiff" => damages = true,
            _ => {}
        }
        if let Some((amount, code, end)) = numbers.money(tokens, i) {
            // “ordered to pay 10 million riel in damages”: damages are no fine.
            let near = |words: &[&str], a: usize, b: usize| (a..b.min(tokens.len())).any(|k| words.contains(&norm(k)));
            let is_fine = near(&["fine", "fined", "fines"], i.saturating_sub(6).max(from.saturating_sub(1)), i)
                || near(&["fine"], end, end + 3);
            let is_damage = near(&["damages", "compensation"], i.saturating_sub(5), i)
                || near(&["damages", "compensation"], end, end + 4);
            if is_fine && !is_damage && fine.is_none() {
                fine = Some(format!("{amount} {code}"));
            }
            i = end;
            continue;
        }
        if let Some((months, end)) = numbers.term(tokens, i) {
            // “three years ago”, “a 24-year-old”, “probation of two years”
            let probation = (i.saturating_sub(4)..i).any(|k| norm(k) == "probation") || norm(end) == "probation";
            let dated =
                matches!(norm(end), "ago" | "later" | "earlier" | "after" | "before") || norm(i).ends_with("-old");
            if !probation && !dated {
                terms.push((months, i, end));
            }
            i = end;
            continue;
        }
        i += 1;
    }
    let _ = (fined, damages);
    let served = |k: usize| {
        (k.saturating_sub(3)..k).any(|j| matches!(norm(j), "serve" | "serving" | "served")) && k > from
            || matches!((norm(k), norm(k + 1)), ("to", "serve"))
    };
    let to_serve = terms
        .iter()
        .skip(1)
        .find(|(_, i, end)| served(*i) || matches!((norm(*end), norm(end + 1)), ("to", "serve") | ("behind", "bars")))
        .map(|t| t.0);
    // “to death”, “life imprisonment”: a sentence without a number of months.
    let whole = (from..to).any(|k| {
        matches!(
            (norm(k), norm(k + 1)),
            ("to" | "of", "death" | "life")
                | ("life", "imprisonment" | "sentence" | "in" | "term")
                | ("death", "sentence" | "penalty")
        )
    });
    let Some(&(months, _, first_end)) = terms.first() else {
        if whole {
            return Some(Penalty { months: None, to_serve_months: None, fine });
        }
        return fine.map(|fine| Penalty { months: None, to_serve_months: None, fine: Some(fine) });
    };
    let suspended_at: Vec<usize> =
        (from..to).filter(|&k| matches!(norm(k), "suspended" | "suspending" | "suspend" | "deferred")).collect();
    let mut to_serve_months = to_serve;
    if to_serve_months.is_none()
        && let Some(&at) = suspended_at.first()
    {
        let part = terms.iter().skip(1).find(|(m, i, end)| {
            *m < months
                && ((*end <= at && at - *end <= 7)
                    || (*i > at && *i - at <= 3)
                    || suspended_at.iter().any(|&s| *end <= s && s - *end <= 4))
        });
        let partly = (at.saturating_sub(5)..(at + 4).min(to)).any(|k| {
            matches!(norm(k), "part" | "partly" | "partially" | "rest" | "remainder" | "half" | "most" | "balance")
        });
        to_serve_months = match part {
            Some((m, ..)) => Some(months - m),
            None if (at.saturating_sub(5)..at).any(|k| norm(k) == "half") => Some(months / 2.0),
            None if partly => None,
            None => Some(0.0),
        };
    }
    // “30 months, 10 suspended”, “20 months, 12 of them suspended”: in the unit of the term.
    let years = tokens.get(first_end.wrapping_sub(1)).is_some_and(|t| t.norm.contains("year"));
    if let Some(&at) = suspended_at.first()
        && let Some((n, _)) = (first_end..at)
            .filter(|&k| at - k <= 4)
            .find_map(|k| numbers.bare(tokens, k).filter(|(_, end)| matches!(norm(*end), "suspended" | "of" | "to")))
        && !terms.iter().skip(1).any(|(_, i, _)| *i < at)
    {
        #[allow(clippy::cast_precision_loss)] // no term is near 2^52 years
        let part = if years { n as f64 * 12.0 } else { n as f64 };
        if part < months {
            to_serve_months = Some(months - part);
        }
    }
    Some(Penalty { months: Some(months), to_serve_months, fine })
}

/// “he would serve 13 months”: the part to serve, told after the sentence.
pub(crate) fn to_serve(tokens: &[Token], lexicon: &Lexicon) -> Option<f64> {
    let at = tokens.iter().position(|t| matches!(t.norm.as_str(), "serve" | "serving"))?;
    (at + 1..(at + 5).min(tokens.len())).find_map(|i| lexicon.numbers.term(tokens, i)).map(|(m, _)| m)
}

/// “21 and 16 years' imprisonment respectively”: the first of two terms that share their unit, in months.
pub(crate) fn first_of_two(tokens: &[Token], from: usize, lexicon: &Lexicon) -> Option<f64> {
    if !tokens.iter().skip(from).any(|t| t.norm == "respectively") {
        return None;
    }
    (from..tokens.len()).find_map(|i| {
        let (n, end) = lexicon.numbers.bare(tokens, i)?;
        let joined = tokens.get(end).is_some_and(|t| t.norm == "and");
        let (_, close) = lexicon.numbers.term(tokens, end + 1).filter(|_| joined)?;
        let unit = tokens[end + 1..close].iter().find_map(|t| match t.norm.as_str() {
            w if w.contains("year") => Some(12.0),
            w if w.contains("month") => Some(1.0),
            _ => None,
        })?;
        #[allow(clippy::cast_precision_loss)] // no term is near 2^52 years
        Some(n as f64 * unit)
    })
}
