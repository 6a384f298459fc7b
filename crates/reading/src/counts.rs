//! Counts: persons, arrests, cases, hearings, families… with their bounds, population, window and
//! who counted (coding rules 3 and 8).

use crate::acts::{Draft, quote};
use crate::dates::Found;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::model::Count;
use crate::phrase::{ItemKind, Np, NpKind};
use crate::roles::Subject;
use crate::sayings::Attribution;
use crate::text::{Reading, Role};

/// What a document is read with.
pub(crate) struct Context<'a> {
    pub reading: &'a Reading,
    pub lexicon: &'a Lexicon,
    pub published: Option<schema::Day>,
}

/// Whether a group with a number is a total over many events, rather than the victims of one.
pub(crate) fn is_total(s: &Sentence, date: Option<&Found>, np: &Np) -> bool {
    if np.number.is_none() || np.definite {
        return false;
    }
    let bounded = np.number.is_some_and(|n| n.bounds.min != n.bounds.max);
    let perfect = s.tokens.windows(2).any(|w| w[0].is(Flags::HAVE) && matches!(w[1].norm.as_str(), "been" | "had"));
    let recorded = s.tokens.iter().any(|t| {
        matches!(
            t.norm.as_str(),
            "documented" | "recorded" | "counted" | "tallied" | "registered" | "total" | "overall"
        )
    });
    match date {
        Some(d) if d.since || d.period => !is_week(d),
        Some(d) if d.from.month == 0 => perfect || recorded,
        Some(d) if d.from.day == 0 => recorded || (bounded && perfect),
        Some(_) => false,
        None => recorded || bounded && (perfect || s.tokens.iter().any(|t| t.norm == "are")),
    }
}

fn is_week(d: &Found) -> bool {
    match (d.from.first(), d.to.and_then(crate::dates::Part::first)) {
        (Some(a), Some(b)) => b.number() - a.number() <= 7,
        _ => false,
    }
}

/// The counts of a document. `drafts` are its acts by sentence: whom an act befell is not counted again.
pub(crate) fn read(
    context: &Context<'_>,
    sentences: &[Sentence],
    said: &[Vec<Attribution>],
    drafts: &[Vec<Draft>],
) -> Vec<Count> {
    let mut out: Vec<Count> = Vec::new();
    // Of each count: its sentence, and whether it stands only if another number is told beside it.
    let mut notes: Vec<(usize, bool)> = Vec::new();
    let mut last_unit: Option<(String, usize)> = None;
    let mut window: Option<(String, usize)> = None;
    let mut heading_unit: Option<String> = None;
    for (i, s) in sentences.iter().enumerate() {
        if s.role == Role::Heading {
            heading_unit = s.tokens.iter().find_map(|t| context.lexicon.units.get(&t.norm)).cloned();
        }
        if s.role == Role::Row {
            months(context, s, heading_unit.as_deref(), &mut out);
            continue;
        }
        if !matches!(s.role, Role::Body | Role::Item) {
            continue;
        }
        let in_sentence = out.len();
        for (k, item) in s.items.iter().enumerate() {
            let ItemKind::Np(np) = &item.kind else { continue };
            let Some(number) = np.number else { continue };
            let previous = last_unit.as_ref().filter(|(_, p)| *p == s.paragraph).map(|(u, _)| u.as_str());
            let Some(unit) = unit_of(s, k, np, previous, out.len() > in_sentence, context.lexicon) else { continue };
            let bounded = number.bounds.min != number.bounds.max;
            let attributed = said[i].iter().any(|a| a.said.contains(&number.number));
            // A few people in a story are no statistic.
            let few = number.value < 10
                && !bounded
                && !attributed
                && (np.is_person() || np.is_organisation())
                && np.kind == NpKind::Common
                && unit != "families"
                && !s.tokens.iter().any(|t| {
                    matches!(t.norm.as_str(), "died" | "dead" | "recorded" | "documented" | "counted" | "registered")
                });
            // What somebody says of an event's victims is a count besides, where another says otherwise (rule 3).
            let told = bounded || attributed;
            let of_act = is_victim(context, s, item.start, item.end, &drafts[i], np);
            let known = np.definite
                && out.iter().any(|c| c.unit == unit && (c.min, c.max) == (number.bounds.min, number.bounds.max));
            if few || known {
                continue;
            }
            if !countable(s, k, np) || !told && of_act {
                continue;
            }
            let (a, b) = s.bytes(number.start, item.end.max(number.end));
            let asserter = asserter(s, number.number, &said[i], &context.reading.text, context.lexicon);
            let date = s.dates.iter().filter(|d| !d.future).min_by_key(|d| {
                let distance =
                    if d.start >= item.end { d.start - item.end } else { item.start.saturating_sub(d.end) + 3 };
                (!(d.period || d.since), distance)
            });
            let stated = date.map(|d| d.window(context.published));
            if let Some(w) = &stated {
                window = Some((w.clone(), s.paragraph));
            }
            let inherited = window.as_ref().filter(|(_, p)| s.paragraph - *p <= 1).map(|(w, _)| w.clone());
            last_unit = Some((unit.clone(), s.paragraph));
            notes.resize(out.len(), (i, false));
            notes.push((i, of_act && !bounded));
            out.push(Count {
                unit,
                min: number.bounds.min,
                max: number.bounds.max,
                population: population(s, k, np, &context.reading.text),
                window: stated.or(inherited),
                asserter,
                at: quote(context.reading, a, b),
            });
        }
    }
    notes.resize(out.len(), (usize::MAX, false));
    let keep: Vec<bool> = (0..out.len())
        .map(|k| {
            let (i, conditional) = notes[k];
            !conditional
                || (0..out.len()).any(|j| {
                    j != k
                        && notes[j].0.abs_diff(i) <= 1
                        && out[j].unit == out[k].unit
                        && (out[j].min, out[j].max) != (out[k].min, out[k].max)
                })
        })
        .collect();
    out.into_iter().zip(keep).filter(|(_, k)| *k).map(|(c, _)| c).collect()
}

fn unit_of(
    s: &Sentence,
    k: usize,
    np: &Np,
    previous: Option<&str>,
    in_sentence: bool,
    lexicon: &Lexicon,
) -> Option<String> {
    let item = s.items.get(k)?;
    match np.kind {
        NpKind::Common => {
            if np.flags.any(Flags::NOT_UNIT) {
                return None;
            }
            if let Some(unit) = lexicon.units.get(&np.head) {
                return Some(unit.clone());
            }
            np.is_person().then(|| "persons".to_owned())
        }
        NpKind::Number => {
            let number = np.number?;
            let before = |words: &[&str]| number.start > 0 && words.contains(&s.norm(number.start - 1));
            let near = (number.start.saturating_sub(8)..number.start)
                .any(|i| lexicon.phrases("capacity").iter().any(|p| p.first().is_some_and(|w| w == s.norm(i))));
            if near && number.value >= 20 {
                return Some("places".to_owned());
            }
            // “Fewer than 20 of those arrested”
            if s.word(k + 1) == "of" && matches!(s.norm(item.end + 1), "those" | "them" | "whom") {
                return Some("persons".to_owned());
            }
            let bounded = number.bounds.min != number.bounds.max;
            let next = s.tokens.get(item.end);
            // “two were wounded”, “71 are women”
            if next.is_some_and(|t| t.is(Flags::BE.with(Flags::HAVE))) && !np.definite {
                return Some(previous.unwrap_or("persons").to_owned());
            }
            // “the families speak of more than 90”
            let ends = next.is_none_or(|t| {
                !t.is_word()
                    || t.is(Flags::CONJUNCTION)
                    || matches!(t.norm.as_str(), "in" | "at" | "on" | "since" | "remain" | "remained" | "of")
            });
            if (bounded || number.value >= 10)
                && ends
                && !np.definite
                && (previous.is_some() || bounded)
                && !before(&["no.", "road", "section", "page", "number", "/", "[", "-", "–"])
            {
                return Some(previous.unwrap_or("persons").to_owned());
            }
            let compared =
                before(&["from", "to", "against", "than", "says", "said", ",", "and", "with"]) || number.start == 0;
            let plain =
                s.norm(number.number).bytes().all(|b| b.is_ascii_digit() || b == b',') || before(&["says", "said"]);
            (compared && plain && !np.definite && (in_sentence || before(&["says", "said"]) || number.start == 0))
                .then_some(previous?.to_owned())
        }
        _ => None,
    }
}

fn countable(s: &Sentence, k: usize, np: &Np) -> bool {
    let Some(number) = np.number else { return false };
    let item = &s.items[k];
    let bounded = number.bounds.min != number.bounds.max;
    // “the two men”: told before; “one man” is no count.
    if (np.definite && np.kind != NpKind::Common) || (number.value < 2 && !bounded) || np.owned && !np.partitive {
        return false;
    }
    if np.definite && number.value < 10 && !bounded {
        return false;
    }
    if np.kind == NpKind::Number {
        let next = s.norm(item.end);
        if matches!(next, "%" | "percent" | "(" | "km" | "," | ":" | "/" | "-") && next != ","
            || s.is_article(number.number)
        {
            return false;
        }
    }
    if number.start > 0 && matches!(s.norm(number.start - 1), "/" | "[" | "|" | "-" | ":" | "$" | "€" | "£") {
        return false;
    }
    // Ages: “a 41-year-old”; days: “day 3”; numbered things: “case 5”.
    let before = number.start.checked_sub(1).map_or("", |i| s.norm(i));
    if matches!(
        before,
        "case"
            | "no."
            | "article"
            | "articles"
            | "art."
            | "section"
            | "chapter"
            | "table"
            | "room"
            | "annex"
            | "page"
            | "aged"
            | "line"
            | "paragraph"
            | "point"
            | "gate"
            | "centre"
            | "cell"
    ) {
        return false;
    }
    // “one of the two defendants said”, “two officers arrested him”: actors, not a population.
    !np.is_agent() || number.value >= 10
}

impl Sentence {
    /// Whether a number belongs to an article of law.
    fn is_article(&self, token: usize) -> bool {
        (token.saturating_sub(4)..token)
            .any(|i| matches!(self.norm(i), "article" | "articles" | "art." | "arts." | "section" | "sections"))
    }
}

/// Whom an act of this sentence befell, or who did it.
fn is_victim(context: &Context<'_>, s: &Sentence, start: usize, end: usize, drafts: &[Draft], np: &Np) -> bool {
    let (a, b) = s.bytes(start, end);
    let (a, b) = (context.reading.code_point(a), context.reading.code_point(b));
    let bounds = np.number.map(|n| n.bounds);
    let words = s.words(&context.reading.text, np.described.max(start).min(end.saturating_sub(1)), end);
    let group = drafts.iter().any(|d| {
        d.act.victim.group.as_ref().is_some_and(|g| {
            Some((g.min, g.max)) == bounds.map(|b| (b.min, b.max))
                && (g.description.starts_with(words.as_str()) || np.kind == NpKind::Number)
        }) && d.act.at.start < b
            && a < d.act.at.end.max(b)
    });
    // “Two workers, X and Y, were injured”: told by name.
    let heads_names = np.number.is_some_and(|n| n.bounds.min == n.bounds.max && n.value < 12)
        && drafts.iter().any(|d| d.act.victim.name.is_some() && d.act.at.start <= b + 3 && a <= d.act.at.end)
        && np.kind == NpKind::Common
        && np.is_person()
        && drafts.len() as u64 >= np.number.map_or(0, |n| n.value);
    let actor = drafts
        .iter()
        .any(|d| d.act.agent.as_ref().is_some_and(|x| s.words(&context.reading.text, start, end).contains(x.as_str())));
    group || heads_names || actor
}

fn asserter(s: &Sentence, token: usize, said: &[Attribution], text: &str, lexicon: &Lexicon) -> Option<String> {
    if let Some(a) = said.iter().find(|a| a.said.contains(&token)) {
        return Some(a.speaker.clone());
    }
    // “LICADHO documented 19 arrests”
    let record = (0..token)
        .rev()
        .take(12)
        .find(|&i| lexicon.phrases("record_verbs").iter().any(|p| p.first().is_some_and(|w| w == s.norm(i))))?;
    match s.subject(crate::verb::group(&s.tokens, record).start) {
        Subject::Item(k) => {
            let it = s.items.get(k)?;
            let np = s.np(k)?;
            match &np.kind {
                NpKind::Person(n) | NpKind::Organisation(n) => Some(n.clone()),
                NpKind::Common => Some(s.words(text, np.described.max(it.start), it.end)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// “human rights defenders”, “people who exercised their right to assemble”.
fn population(s: &Sentence, k: usize, np: &Np, text: &str) -> Option<String> {
    let item = s.items.get(k)?;
    let noun = s.words(text, np.described.clamp(item.start, item.end.saturating_sub(1)), item.end);
    if s.word(k + 1) == "of"
        && let Some(next) = s.items.get(k + 2).filter(|n| n.np().is_some())
    {
        return Some(s.words(text, next.start, next.end));
    }
    (np.kind == NpKind::Common).then_some(noun)
}

/// A row of a table by month: “Jan 9 | Feb 12 | Mar 8”.
fn months(context: &Context<'_>, s: &Sentence, unit: Option<&str>, out: &mut Vec<Count>) {
    let Some(unit) = unit else { return };
    let cells: Vec<&[crate::token::Token]> = s.tokens.split(|t| t.norm == "|").filter(|c| !c.is_empty()).collect();
    let by_month = |c: &[crate::token::Token]| match c {
        [month, n] => Some((
            context.lexicon.calendar.month(&month.norm)?,
            n.norm.replace(',', "").parse::<u64>().ok()?,
            month.start,
            n.end,
        )),
        _ => None,
    };
    if cells.len() < 2 || !cells.iter().all(|c| by_month(c).is_some()) {
        return;
    }
    let year = context.lexicon.calendar.heading_year(&context.reading.text[..s.start]);
    for (month, n, a, b) in cells.into_iter().filter_map(by_month) {
        out.push(Count {
            unit: unit.to_owned(),
            min: Some(n),
            max: Some(n),
            population: None,
            window: year.map(|y| format!("{y:04}-{month:02}")),
            asserter: None,
            at: quote(context.reading, a, b),
        });
    }
}
