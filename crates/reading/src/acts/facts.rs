//! The facts of an act that its sentence gives: stays, places, the end of a penalty, and whom an act can befall.

use super::{Context, Story, Told};
use crate::dates;
use crate::discourse::{Entity, Sentence};
use crate::lexicon::{Flags, Lexicon};
use crate::phrase::NpKind;

/// A stay that has ended: “remanded until 27 June”, “had been held since 11 May” of one freed, “kept for 14 months”.
pub(super) fn stay(
    s: &Sentence,
    t: &Told,
    date: Option<&dates::Found>,
    own: Option<&str>,
    story: &Story,
    lexicon: &Lexicon,
) -> Option<String> {
    let told = story.told.as_ref().filter(|(_, d, p)| d.is_some() && s.paragraph.saturating_sub(*p) <= 1);
    let last = told.and_then(|(_, d, _)| d.as_deref()).filter(|d| !d.contains('/'));
    // “remanded until 27 June and then enlarged”
    let until = s.dates.iter().find(|d| d.bound && d.start >= t.hit.end && !d.future && d.from.day > 0);
    if let (Some(from), Some(until)) = (own, until)
        && (t.hit.end..until.start).all(|i| !matches!(s.norm(i), "," | ";"))
        && (s.norm(until.start) == "until" || s.norm(until.start) == "till")
        && from.len() == 10
    {
        return (from <= until.edtf().as_str()).then(|| format!("{from}/{}", until.edtf()));
    }
    let had = t.group.have && s.tokens[t.group.start..=t.hit.at].iter().any(|x| x.norm == "had");
    if had && let (Some(d), Some(from)) = (date.filter(|d| d.since), own) {
        let other =
            s.dates.iter().find(|o| o.start < d.start && !o.since && o.from.day > 0 && !o.bound && !o.qualifies);
        let end = other
            .map(dates::Found::edtf)
            .or_else(|| story.entry.as_ref().filter(|(_, p)| *p == s.paragraph).map(|(d, _)| d.clone()))
            .or_else(|| last.map(str::to_owned));
        return end
            .filter(|e| e.len() >= 7 && !e.contains('/') && e.as_str() > from && d.from.day > 0)
            .map(|e| format!("{from}/{e}"));
    }
    // “kept incommunicado for 14 months”: from the taking on.
    let past =
        !s.tokens[t.group.start..=t.hit.at].iter().any(|x| matches!(x.norm.as_str(), "has" | "have" | "is" | "are"));
    let base = last.filter(|_| past && own.is_none() && told.is_some_and(|(k, ..)| k == "arrest"))?;
    let at = (t.hit.at + 1..s.tokens.len().min(t.hit.at + 9))
        .find(|&i| s.norm(i) == "for" && lexicon.numbers.term(&s.tokens, i + 1).is_some())?;
    let (n, end) = lexicon.numbers.bare(&s.tokens, at + 1)?;
    let n = i64::try_from(n).ok()?;
    let unit = s.norm(end).trim_end_matches('s').to_owned();
    let day = schema::Date::parse(base).ok()?.possible_range().0?;
    let to = match unit.as_str() {
        "day" => day.plus_days(n),
        "week" => day.plus_days(7 * n),
        "month" => day.plus_months(n),
        "year" => day.plus_months(12 * n),
        _ => return None,
    };
    let to: String = to.to_string().chars().take(base.len()).collect();
    Some(if to == base { to } else { format!("{base}/{to}") })
}

/// A taking by police or soldiers whom the text knows as such, with no word of a place unknown.
pub(super) fn taken_openly(s: &Sentence, t: &Told) -> bool {
    let vanished = matches!(
        s.norm(t.hit.at),
        "disappeared" | "vanished" | "missing" | "disappearance" | "spirited" | "gone" | "seen" | "heard" | "disappear"
    ) || t.hit.form.noun;
    let hidden = s.tokens[t.hit.at..].iter().any(|x| {
        matches!(
            x.norm.as_str(),
            "unknown"
                | "undisclosed"
                | "secret"
                | "whereabouts"
                | "missing"
                | "unidentified"
                | "masked"
                | "unmarked"
                | "seen"
                | "heard"
                | "disappeared"
                | "unaccounted"
                | "incommunicado"
                | "gunmen"
        ) && !(x.norm == "unmarked" && t.agent.is_some())
    });
    let known = t.agent.and_then(|a| s.items.get(a)).is_some_and(|it| {
        s.tokens[it.start..it.end.min(s.tokens.len())].iter().any(|x| {
            matches!(
                x.norm.as_str(),
                "police"
                    | "policemen"
                    | "officers"
                    | "soldiers"
                    | "gendarmes"
                    | "troops"
                    | "guards"
                    | "agents"
                    | "policeman"
                    | "officer"
                    | "militiamen"
                    | "rangers"
            )
        }) && !s.tokens[it.start..it.end.min(s.tokens.len())]
            .iter()
            .any(|x| matches!(x.norm.as_str(), "masked" | "unidentified" | "unknown" | "armed"))
    });
    known && !hidden && !vanished
}

/// Whether a day is of the week before the document: the scene that it is about.
pub(super) fn is_news(day: &str, context: &Context<'_>) -> bool {
    let published = context.reading.published.and_then(|d| d.possible_range().0);
    let first = schema::Date::parse(day).ok().filter(|_| day.len() == 10).and_then(|d| d.possible_range().0);
    matches!((published, first), (Some(p), Some(f)) if f <= p && f.plus_days(7) >= p)
}

/// Parties are dissolved; other bodies lose their registration by it (gold README, “Dissolved”).
pub(super) fn party_fits(act: &str, who: &Entity, s: &Sentence, token: usize, t: &Told) -> bool {
    let name = match who {
        Entity::Organisation(name) => name.to_lowercase(),
        Entity::Group { description, .. } => description.to_lowercase(),
        Entity::Person(_) => return true,
    };
    let called = |w: &str| matches!(w, "party" | "parties");
    let party = name.split_whitespace().any(called)
        || s.tokens[token.saturating_sub(5)..token.min(s.tokens.len())].iter().any(|t| called(&t.norm));
    match act {
        "party-dissolution" => party,
        "party-disqualification" => party || !s.norm(t.hit.at).starts_with("str"),
        "licence-revocation" => {
            !(party
                && matches!(
                    s.norm(t.hit.at),
                    "dissolved"
                        | "disbanded"
                        | "banned"
                        | "liquidated"
                        | "outlawed"
                        | "dissolution"
                        | "liquidation"
                        | "struck"
                ))
        }
        _ => true,
    }
}

pub(super) fn penalty_end(s: &Sentence, t: &Told, next: usize, sentence: bool) -> usize {
    if !sentence {
        return t.hit.end;
    }
    (t.hit.at..next.min(s.tokens.len()))
        .take_while(|&i| !matches!(s.norm(i), ";" | "."))
        .filter(|&i| {
            s.tokens[i].is(Flags::NOT_UNIT)
                || matches!(s.norm(i), "prison" | "jail" | "suspended" | "riel")
                || s.norm(i).contains("-year")
                || s.norm(i).contains("-month")
        })
        .last()
        .map_or(t.hit.end, |i| i + 1)
}

/// “in Koh Kong”, “at the Poipet border post”: where the clause says it was.
pub(super) fn place_of(s: &Sentence, at: usize, next: usize, text: &str) -> Option<String> {
    let first = *s.item_of.get(at)?;
    let last = s.item_of.get(next.min(s.tokens.len() - 1)).copied().unwrap_or(first);
    let place = |k: usize| {
        let led = k > 0 && matches!(s.word(k - 1), "in" | "at" | "near" | "outside" | "from" | "inside" | "to");
        let np = s.np(k)?;
        (led && matches!(np.kind, NpKind::Place(_) | NpKind::Named(_))).then(|| {
            let it = &s.items[k];
            s.words(text, np.described.max(it.start), it.end)
        })
    };
    // A place that stands before holds when it opens the sentence (“In Koh Kong, …”), or when nothing parts it from the event: what is
    // said of one event in a list is not said of the next.
    let before = |k: &usize| {
        let apart = s.items.get(*k).is_none_or(|it| {
            s.tokens.get(it.end..at).unwrap_or_default().iter().any(|t| matches!(t.norm.as_str(), "," | ";" | "and"))
        });
        *k <= 1 || !apart
    };
    (first..last.max(first + 1)).find_map(place).or_else(|| (0..first).filter(before).find_map(place))
}

/// Ordinary crime, or what happens to a perpetrator (coding rule 6).
pub(super) fn low_relevance(s: &Sentence, t: &Told, lexicon: &Lexicon, act: &str) -> bool {
    let legal = matches!(
        act,
        "arrest"
            | "detention"
            | "charge"
            | "conviction"
            | "sentence"
            | "indictment"
            | "acquittal"
            | "release"
            | "bail"
            | "summons"
    );
    let crime = legal
        && s.tokens.iter().skip(t.hit.at).take(18).any(|x| {
            x.is(Flags::CRIME)
                || (x.norm == "murder" || x.norm == "killing")
                    && matches!(act, "charge" | "conviction" | "sentence" | "arrest" | "acquittal")
        });
    let phrase = lexicon
        .phrases("crime_phrases")
        .iter()
        .any(|p| s.tokens.windows(p.len().max(1)).any(|w| w.iter().zip(p).all(|(a, b)| a.norm == *b)));
    crime || phrase
}

/// What blows are to bring about when they are torture (gold README, “Beaten to make somebody speak or sign”).
const CONFESS: [&str; 30] = [
    "confess",
    "confessed",
    "confession",
    "confessions",
    "sign",
    "signed",
    "signs",
    "thumbprint",
    "thumbprinted",
    "thumbprints",
    "fingerprint",
    "admit",
    "admitted",
    "talk",
    "talked",
    "speak",
    "spoke",
    "name",
    "names",
    "password",
    "passwords",
    "passcode",
    "unlock",
    "testify",
    "apologise",
    "apologize",
    "apology",
    "statement",
    "confirm",
    "agreed",
];

/// “slapped her to make her put her thumbprint on a statement”, “beaten until he signed”, “so that he would confess”.
pub(super) fn to_make_confess(s: &Sentence, from: usize) -> bool {
    let stop = (from..s.tokens.len()).find(|&i| s.norm(i) == ";").unwrap_or(s.tokens.len()).min(from + 30);
    let purpose = (from..stop).find(|&i| match s.norm(i) {
        "to" => {
            matches!(
                s.norm(i + 1),
                "make"
                    | "force"
                    | "get"
                    | "compel"
                    | "extract"
                    | "extort"
                    | "obtain"
                    | "wring"
                    | "press"
                    | "coerce"
                    | "confess"
                    | "induce"
                    | "have"
            )
        }
        "until" | "till" => true,
        "so" => s.norm(i + 1) == "that" || matches!(s.norm(i + 1), "he" | "she" | "they"),
        "into" => matches!(s.norm(i + 1), "signing" | "confessing" | "admitting" | "giving" | "making"),
        "order" => s.norm(i + 1) == "to",
        "and" => matches!(s.norm(i + 1), "made" | "forced") || s.norm(i + 1) == "told" && s.norm(i + 3) == "to",
        "when" | "because" | "after" | "for" => {
            (i + 1..(i + 4).min(stop)).any(|j| matches!(s.norm(j), "refused" | "refusing" | "declined" | "would"))
        }
        _ => false,
    });
    purpose.is_some_and(|at| {
        (at + 1..stop.min(at + 14))
            .any(|i| CONFESS.contains(&s.norm(i)) || matches!(s.norm(i), "signing" | "confessing" | "admitting"))
    })
}
