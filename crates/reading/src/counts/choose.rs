//! Which counts stand: those that only repeat what an act says are left out, unless speakers differ.

use super::Candidate;
use crate::model::Count;

/// Whether two speakers, however far apart, give different numbers for one event: “eleven people were bundled into
/// two vans”, and four paragraphs on “the police said that there had been six arrests”.
fn disputed(a: &Candidate, b: &Candidate) -> bool {
    let kind = |c: &Candidate| match c.count.unit.as_str() {
        "arrests" | "detentions" => "persons".to_owned(),
        unit => unit.to_owned(),
    };
    let taking = |c: &Candidate| c.about.iter().any(|t| t == "arrest" || t == "detention");
    let size = |c: &Candidate| c.count.min.or(c.count.max).unwrap_or(0);
    let (low, high) = (size(a).min(size(b)), size(a).max(size(b)));
    let apart = a.sentence.abs_diff(b.sentence);
    let same = a.about.iter().any(|t| b.about.contains(t))
        || a.count.unit == "arrests" && taking(b)
        || b.count.unit == "arrests" && taking(a);
    kind(a) == kind(b)
        && (a.count.min, a.count.max) != (b.count.min, b.count.max)
        && a.count.asserter != b.count.asserter
        && (a.conditional || b.conditional)
        && high <= low.saturating_mul(8)
        && apart > 0
        && a.noun == b.noun
        && (apart <= 5 && (a.figure || b.figure)
            || apart <= 14
                && same
                && (a.figure || b.figure || a.count.asserter.is_some() && b.count.asserter.is_some()))
}

/// Those that only repeat an act, and the few of a story, are left out; so is what was counted before.
pub(super) fn chosen(found: Vec<Candidate>) -> Vec<Count> {
    let beside = |a: &Candidate, b: &Candidate| {
        disputed(a, b)
            || a.sentence.abs_diff(b.sentence) <= 4
                && a.count.unit == b.count.unit
                && (a.count.min, a.count.max) != (b.count.min, b.count.max)
                && a.count.asserter != b.count.asserter
                && (a.count.asserter.is_some() && b.count.asserter.is_some()
                    || a.sentence.abs_diff(b.sentence) <= 2 && a.conditional && b.conditional)
    };
    let keep: Vec<bool> = found
        .iter()
        .enumerate()
        .map(|(k, c)| {
            let disputed = found.iter().enumerate().any(|(j, d)| j != k && beside(c, d));
            if c.conditional && !disputed {
                return false;
            }
            // Among numbers: “733 men and two women”.
            let among = found.iter().enumerate().any(|(j, d)| {
                j != k && d.sentence == c.sentence && !d.few && !d.conditional && d.token.abs_diff(c.token) <= 14
            });
            !c.few || among || disputed
        })
        .collect();
    let mut out: Vec<Count> = Vec::new();
    for (c, _) in found.into_iter().zip(keep).filter(|(_, k)| *k) {
        let again = out.iter().any(|o| {
            o.unit == c.count.unit
                && (o.min, o.max) == (c.count.min, c.count.max)
                && o.population == c.count.population
                && o.window == c.count.window
                && o.asserter == c.count.asserter
        });
        if !again {
            out.push(c.count);
        }
    }
    out
}
