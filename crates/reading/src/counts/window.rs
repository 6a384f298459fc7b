//! The time that a count is of: the nearest date, and the day from which “the past three months” of a
//! quoted statement are reckoned.

use super::Context;
use super::quantity::Quantity;
use crate::dates::{Found, Part};
use crate::discourse::Sentence;
use crate::lexicon::Flags;
use crate::sayings::Attribution;
use crate::token::Case;

/// The date that a count's window is.
pub(super) fn nearest<'a>(s: &'a Sentence, q: &Quantity) -> Option<&'a Found> {
    s.dates.iter().filter(|d| !d.future).min_by_key(|d| {
        let distance = if d.start >= q.end { d.start - q.end } else { q.start.saturating_sub(d.end) + 3 };
        (!(d.period || d.since), distance)
    })
}

/// The window as text. What somebody says of “the past three months” ends on the day when he said it,
/// if that is told before: “UN experts on 16 November called …”, two paragraphs above “said the UN Special Rapporteur”.
pub(super) fn of(
    context: &Context<'_>,
    sentences: &[Sentence],
    i: usize,
    date: &Found,
    speaker: Option<&Attribution>,
) -> String {
    let plain = date.window(context.published);
    let (Some(published), Some(speaker), Some(to), true) = (context.published, speaker, date.to, date.period) else {
        return plain;
    };
    if to != Part::of(published) || date.from.day == 0 {
        return plain;
    }
    let (Some(said), Some(from)) = (statement(sentences, i, speaker, published), date.from.first()) else {
        return plain;
    };
    let months = (to.year - date.from.year) * 12 + i64::from(to.month) - i64::from(date.from.month);
    let whole = i32::try_from(months).ok().filter(|m| *m > 0 && published.plus_months((-*m).into()) == from);
    let from = match whole {
        Some(m) => said.plus_months((-m).into()),
        None => said.plus_days(from.number() - published.number()),
    };
    format!("{from}/{said}")
}

/// The day of a statement, told in an earlier sentence of the same speakers.
fn statement(sentences: &[Sentence], i: usize, speaker: &Attribution, published: schema::Day) -> Option<schema::Day> {
    let role = speaker.role.as_deref().unwrap_or_default();
    let known = |word: &str| {
        word.chars().count() >= 2
            && speaker.speaker.split(' ').chain(role.split(' ')).any(|w| w.eq_ignore_ascii_case(word))
    };
    let first = i.saturating_sub(12);
    sentences.get(first..i)?.iter().rev().find_map(|s| {
        s.dates.iter().find_map(|d| {
            let day = d.from.first().filter(|_| d.from.day > 0 && d.to.is_none() && !d.since && !d.future)?;
            let near = d.start.saturating_sub(2)..(d.end + 2).min(s.tokens.len());
            let verb = near.clone().find(|&k| {
                s.tokens[k].is(Flags::SPEECH)
                    || matches!(
                        s.norm(k),
                        "called"
                            | "urged"
                            | "issued"
                            | "released"
                            | "expressed"
                            | "demanded"
                            | "denounced"
                            | "condemned"
                    )
            })?;
            let from = verb.min(d.start).saturating_sub(9);
            let same = s.tokens[from..verb.min(d.start)].iter().any(|t| t.case != Case::Lower && known(&t.norm));
            let age = published.number() - day.number();
            (same && (0..=31).contains(&age)).then_some(day)
        })
    })
}
