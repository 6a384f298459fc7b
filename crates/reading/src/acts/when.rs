//! When an act was: the date that its clause gives, or the one that the clause hangs on.

use super::Told;
use crate::dates;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::triggers::Place;

/// The date of a trigger: the nearest to its right before the next event, else the one to its left.
pub(super) fn date_of<'a>(s: &'a Sentence, told: &[Told], k: usize, detention: bool) -> Option<&'a dates::Found> {
    let t = &told[k];
    // “in prison since their arrest on 27 September”
    if detention
        && let Some(d) = s.dates.iter().find(|d| d.start > t.hit.at)
        && (t.hit.end..d.start).any(|i| s.norm(i) == "since")
        && !(t.hit.end..d.start).any(|i| matches!(s.norm(i), "," | ";"))
    {
        return Some(d);
    }
    // “until 3 March, when he was let out”
    let when = (t.group.start.saturating_sub(4)..t.group.start).rev().find(|&i| s.norm(i) == "when");
    if let Some(w) = when
        && let Some(d) = s.dates.iter().rfind(|d| d.bound && d.end <= w && w - d.end <= 1 && !d.future)
    {
        return Some(d);
    }
    let summons = s.norm(t.hit.at).starts_with("summon");
    let usable = |d: &&dates::Found| {
        !d.bound
            && !d.qualifies
            && !is_dateline(s, d)
            && !(summons
                && d.start > 0
                && (s.norm(d.start - 1) == "for"
                    || (d.start.saturating_sub(3)..d.start).any(|i| s.norm(i) == "appear")))
            && (!d.since || detention || t.hit.form.noun)
    };
    let breaks = |a: usize, b: usize| {
        (a..b).any(|i| {
            matches!(
                s.norm(i),
                ";" | "|"
                    | "but"
                    | "after"
                    | "when"
                    | "before"
                    | "while"
                    | "because"
                    | "until"
                    | "who"
                    | "which"
                    | "where"
                    | "that"
                    | "than"
            ) && !s.dates.iter().any(|d| d.start <= i && i < d.end)
                && !(s.norm(i) == "before" && (is_hour(s.norm(i + 1)) || before_a_court(s, i)))
        })
    };
    // Another event between this one and a date takes the date, unless the two are joined.
    let next_event = |from: usize, to: usize| {
        told.iter().any(|o| {
            // A noun that tells of nothing takes no date: “walked free without charge on Sunday”.
            let tells = !o.hit.form.noun && o.hit.place != Place::Fragment || o.happened && !o.victims.is_empty();
            tells && o.hit.at >= t.hit.end && o.hit.at > from && o.hit.at < to && o.hit.at != t.hit.at && {
                let gap = &s.tokens[t.hit.at + 1..o.group.start.max(t.hit.at + 1)];
                !(gap.len() <= 3 && gap.iter().any(|g| matches!(g.norm.as_str(), "and" | ",")))
            }
        })
    };
    // “charged him, and on 7 October he was remanded”: the date begins what comes next.
    let opens_next = |d: &&dates::Found| {
        let lead = (d.start.saturating_sub(3)..d.start).rev().find(|&i| !s.tokens[i].is(Flags::PREPOSITION));
        lead.is_some_and(|i| {
            (s.norm(i) == "and" || s.norm(i) == "," && i > 0 && matches!(s.norm(i - 1), "and" | "then")) && i > t.hit.at
        }) && s.clauses.verbs.iter().any(|v| {
            v.start >= d.end
                && v.start < d.end + 9
                && (d.end..v.start).all(|i| !matches!(s.norm(i), "," | ";") || i == d.end)
        })
    };
    let right = s
        .dates
        .iter()
        .filter(usable)
        .find(|d| d.start > t.hit.at)
        .filter(|d| !opens_next(d) && !of_speech(s, t.hit.at, d.start))
        .filter(|d| !breaks(t.hit.at + 1, d.start) && !next_event(t.hit.at, d.start));
    if right.is_some() {
        return right;
    }
    // “and is still held”: how it is now, not what happened on the day told before.
    if detention
        && s.tokens[t.group.start..=t.hit.at]
            .iter()
            .any(|x| matches!(x.norm.as_str(), "is" | "are" | "remains" | "remain"))
    {
        return s.dates.iter().filter(usable).rfind(|d| d.end <= t.hit.at && d.since);
    }
    let left = s.dates.iter().filter(usable).rfind(|d| d.end <= t.hit.at)?;
    // “The experts today condemned the conviction of”: the day of the condemning.
    if t.hit.form.noun
        && s.clauses.verbs.iter().any(|v| {
            v.kind == crate::clause::Kind::Finite
                && v.at >= left.end
                && v.at < t.hit.at
                // “Friday saw the arrest of”
                && !matches!(s.norm(v.at), "saw" | "sees" | "brought" | "brings" | "came" | "followed" | "marked" | "began")
                && !told.iter().any(|o| o.happened && o.hit.at == v.at)
        })
    {
        return None;
    }
    let between: Vec<usize> = (left.end..t.group.start.max(left.end)).collect();
    let opening = left.start <= 3
        && !(t.hit.form.noun && told.iter().any(|o| !o.hit.form.noun && left.end <= o.hit.at && o.hit.at < t.hit.at));
    let when = between.len() <= 8
        && between.first().is_some_and(|&i| s.norm(i) == "," && matches!(s.norm(i + 1), "when" | "where"));
    let own = told.iter().any(|o| {
        o.hit.at < left.start && o.hit.at > 0 && o.hit.end <= left.start && !o.hit.form.noun && {
            // The date directly after another verb is that verb's.
            !opening && !s.tokens[o.hit.end..left.start].iter().any(|x| matches!(x.norm.as_str(), "," | ";" | "and"))
        }
    });
    let aside = relative_aside(s, left.end, t.group.start);
    // “Four days later, men who said they were police led him away”: the clause only tells who they were.
    let subject = s.clauses.verb_at(t.hit.at).and_then(|(_, v)| v.subject).and_then(|k| s.items.get(k));
    let told_of = subject.filter(|it| left.end <= it.start && left.start <= 1).map_or(usize::MAX, |it| it.end);
    let turns = (left.end..t.group.start.max(left.end)).any(|i| {
        !aside.contains(&i)
            && !(matches!(s.norm(i), "who" | "which") && i == told_of)
            && matches!(s.norm(i), "after" | "before" | "since" | "when" | "because" | "who" | "which" | "|" | ";")
            && !s.dates.iter().any(|d| d.start <= i && i < d.end)
    });
    if s.role == crate::text::Role::Row && turns {
        return None;
    }
    // The date of the main clause, told before its first verb: “The court on Monday convicted X and sentenced”.
    let main = !told.iter().any(|o| o.hit.at < left.start) && !turns && !t.hit.form.noun;
    if when || (opening && !turns || main) && !left.since {
        return Some(left);
    }
    if t.group.start.saturating_sub(left.end) <= 3 && !turns && !left.since {
        return Some(left);
    }
    if t.hit.form.noun && told.iter().any(|o| !o.hit.form.noun && left.end <= o.hit.at && o.hit.at < t.hit.at) {
        return None;
    }
    if t.hit.form.gerund && !turns {
        return Some(left);
    }
    // “…; on 20 December the court sentenced him”: the date that opens the clause.
    let opens_clause = left.start.checked_sub(1).is_some_and(|i| {
        let i = if s.tokens[i].is(Flags::PREPOSITION) { i.saturating_sub(1) } else { i };
        matches!(s.norm(i), ";" | ":" | "." | "and" | "but" | "then" | "while" | "–" | "—")
            || s.norm(i) == "," && matches!(s.norm(i.saturating_sub(1)), "and" | "but")
    });
    if opens_clause
        && !turns
        && !left.since
        && !told.iter().any(|o| !o.hit.form.noun && o.hit.at >= left.end && o.hit.at < t.group.start)
    {
        return Some(left);
    }
    let same_clause = !breaks(left.end, t.group.start.max(left.end));
    let joined = told.iter().any(|o| o.hit.at < left.start && o.happened);
    (same_clause && !own && !joined).then_some(left)
}

/// “have arrested four villagers, a group said on Tuesday”: the day of the saying.
fn of_speech(s: &Sentence, from: usize, date: usize) -> bool {
    let before = (from + 1..date).rev().find(|&i| !s.tokens[i].is(Flags::PREPOSITION.with(Flags::ADVERB)));
    before.is_some_and(|i| {
        matches!(
            s.norm(i),
            "said"
                | "says"
                | "announced"
                | "reported"
                | "told"
                | "wrote"
                | "confirmed"
                | "stated"
                | "added"
                | "tweeted"
        ) && !s.norm(i.saturating_sub(1)).starts_with("be")
    })
}

/// “VIENTIANE, 14 March 2023 – Police have”: the day of the telling.
pub(super) fn is_dateline(s: &Sentence, d: &dates::Found) -> bool {
    d.start > 0
        && d.start <= 8
        && s.tokens[..d.start].iter().all(|t| t.capital() || !t.is_word())
        && matches!(s.norm(d.end), "-" | "–" | "—" | "--" | "(" | "/")
        && s.tokens[0].is_word()
}

/// “charged before the Magistrate on 18 July”
fn before_a_court(s: &Sentence, at: usize) -> bool {
    (at + 1..at + 6).take_while(|&i| !s.tokens.get(i).is_some_and(|t| t.is(Flags::BE.with(Flags::HAVE)))).any(|i| {
        matches!(
            s.norm(i),
            "magistrate"
                | "magistrates"
                | "judge"
                | "judges"
                | "court"
                | "prosecutor"
                | "tribunal"
                | "panel"
                | "magistrate's"
        )
    })
}

fn is_hour(word: &str) -> bool {
    matches!(word, "dawn" | "midnight" | "sunrise" | "noon" | "daybreak" | "sunset" | "dusk" | "daylight" | "lunch")
}

/// “On Thursday X, who was to lead the list, was set upon”: the relative clause between two commas.
fn relative_aside(s: &Sentence, from: usize, to: usize) -> std::ops::Range<usize> {
    let opens = (from..to).find(|&i| s.norm(i) == "," && matches!(s.norm(i + 1), "who" | "which" | "whose" | "where"));
    let closes = opens.and_then(|o| (o + 2..to).rev().find(|&i| s.norm(i) == ","));
    match (opens, closes) {
        (Some(a), Some(b)) => a..b + 1,
        _ => 0..0,
    }
}

/// “died on 30 April, three days after he was arrested”: the date of the main clause, less the distance.
pub(super) fn offset_date(s: &Sentence, told: &[Told], k: usize, lexicon: &Lexicon) -> Option<String> {
    let t = &told[k];
    let at =
        (t.group.start.saturating_sub(7)..t.group.start).rev().find(|&i| matches!(s.norm(i), "after" | "before"))?;
    let unit = s.norm(at.checked_sub(1)?);
    if !s.clauses.verbs.iter().any(|v| v.start > at && v.at <= t.hit.at) {
        return None;
    }
    // “hours after the king had pardoned him”: the same day.
    if matches!(unit, "hours" | "minutes" | "moments" | "hour" | "shortly" | "soon") {
        let main = s.dates.iter().rfind(|d| d.end < at && d.from.day > 0 && d.to.is_none() && !d.since && !d.bound)?;
        return Some(main.edtf());
    }
    let scale = match unit.trim_end_matches('s') {
        "day" => 1,
        "week" => 7,
        _ => return None,
    };
    let number = at.checked_sub(2)?;
    let n = match s.norm(number) {
        "a" | "one" | "the" => 1,
        word => i64::try_from(lexicon.numbers.word(word)?).ok()?,
    };
    let main = s.dates.iter().rfind(|d| d.end <= number && d.from.day > 0 && d.to.is_none())?.from.first()?;
    let days = if s.norm(at) == "after" { -n * scale } else { n * scale };
    Some(main.plus_days(days).to_string())
}
