//! Counts: persons, arrests, cases, hearings, families… with their bounds, population, window and
//! who counted (coding rules 3 and 8).

mod counting;
mod noun;
mod quantity;
mod tally;
mod victims;
mod window;

use self::counting::Counting;
use self::quantity::Quantity;
use self::victims::{acting, dying, event, is_victim};
use self::window::nearest;
use crate::Error;
use crate::acts::{Draft, quote};
use crate::dates::Found;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::model::Count;
use crate::phrase::{Np, NpKind};
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
    totals(s, date, bounded)
}

fn totals(s: &Sentence, date: Option<&Found>, bounded: bool) -> bool {
    // “have been arrested”, “has closed”
    let perfect = s.tokens.windows(2).any(|w| {
        w[0].is(Flags::HAVE)
            && w[0].norm != "having"
            && (matches!(w[1].norm.as_str(), "been" | "had" | "already") || w[1].norm.ends_with("ed"))
    });
    let so_far =
        s.tokens.windows(2).any(|w| matches!((w[0].norm.as_str(), w[1].norm.as_str()), ("so", "far") | ("to", "date")));
    let recorded = s.tokens.iter().any(|t| {
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

/// A count before those are left out that only repeat what an act says.
struct Candidate {
    count: Count,
    sentence: usize,
    /// It stands only if another number is told beside it.
    conditional: bool,
    /// A few people in a story are no statistic, unless they stand among numbers.
    few: bool,
    token: usize,
}

/// The counts of a document. `drafts` are its acts by sentence: whom an act befell is not counted again.
///
/// # Errors
/// [`Error::Data`] when `data/counting.yaml` is wrong.
pub(crate) fn read(
    context: &Context<'_>,
    sentences: &[Sentence],
    said: &[Vec<Attribution>],
    drafts: &[Vec<Draft>],
) -> Result<Vec<Count>, Error> {
    let counting = Counting::standard()?;
    let mut found: Vec<Candidate> = Vec::new();
    let mut last_unit: Option<(String, usize)> = None;
    let mut window: Option<(String, usize)> = None;
    let mut table = tally::Table::default();
    for (i, s) in sentences.iter().enumerate() {
        if s.role == Role::Heading {
            table.heading(s, context, counting);
        }
        if s.role == Role::Row {
            found.extend(table.row(context, s, counting).into_iter().map(|count| Candidate {
                count,
                sentence: i,
                conditional: false,
                few: false,
                token: 0,
            }));
            continue;
        }
        table.end();
        if matches!(s.role, Role::Body | Role::Item | Role::Heading)
            && let Some(q) = quantity::labelled(s, context.lexicon, counting)
        {
            let (a, b) = s.bytes(q.start, q.end);
            found.push(Candidate {
                count: Count {
                    unit: q.unit.clone(),
                    min: q.bounds.min,
                    max: q.bounds.max,
                    population: Some(s.words(&context.reading.text, q.start, q.end)),
                    window: nearest(s, &q).map(|d| d.window(context.published)),
                    asserter: None,
                    at: quote(context.reading, a, b),
                },
                sentence: i,
                conditional: false,
                few: false,
                token: 0,
            });
            continue;
        }
        if !matches!(s.role, Role::Body | Role::Item) || s.tokens.last().is_some_and(|t| t.norm == "?") {
            continue;
        }
        let previous = last_unit.as_ref().filter(|(_, p)| *p == s.paragraph).map(|(u, _)| u.clone());
        for q in quantity::find(s, previous.as_deref(), context.lexicon, counting) {
            if !hypothetical(s, &q) {
                last_unit = Some((q.unit.clone(), s.paragraph));
            }
            let Some(candidate) = weigh(context, s, &q, &said[i], &drafts[i], counting) else { continue };
            let date = nearest(s, &q);
            let speaker = said[i].iter().find(|a| a.said.contains(&q.found.number));
            let stated = date.map(|d| window::of(context, sentences, i, d, speaker));
            if let Some(w) = &stated {
                window = Some((w.clone(), s.paragraph));
            }
            let inherited = window.as_ref().filter(|(_, p)| s.paragraph - *p <= 1).map(|(w, _)| w.clone());
            let (a, b) = s.bytes(q.start, q.end);
            found.push(Candidate {
                count: Count {
                    unit: q.unit.clone(),
                    min: q.bounds.min,
                    max: q.bounds.max,
                    population: population(s, &q, &context.reading.text),
                    window: stated.or(inherited),
                    asserter: asserter(s, q.found.number, &said[i], context, counting),
                    at: quote(context.reading, a, b),
                },
                sentence: i,
                token: q.start,
                ..candidate
            });
        }
    }
    Ok(chosen(found))
}

/// “could arrest 40 people”, “if 20 workers strike”
fn hypothetical(s: &Sentence, q: &Quantity) -> bool {
    let from = (0..q.start)
        .rev()
        .find(|&i| matches!(s.norm(i), "," | ";" | ":" | "“" | "\"" | "—" | "–" | "(" | "which" | "who"))
        .map_or(0, |i| i + 1);
    let modal = |i: usize| {
        matches!(s.norm(i), "could" | "would" | "might" | "may" | "if" | "unless" | "should" | "must" | "shall")
            && s.tokens[i].case != crate::token::Case::Title
    };
    (from..q.start).any(modal) || (q.end..q.end + 2).any(|i| i < s.tokens.len() && modal(i) && s.norm(i) != "if")
}

/// Whether a quantity is a count, and how sure that is.
fn weigh(
    context: &Context<'_>,
    s: &Sentence,
    q: &Quantity,
    said: &[Attribution],
    drafts: &[Draft],
    counting: &Counting,
) -> Option<Candidate> {
    let value = q.found.value;
    let bounded = q.bounded();
    let attributed = said.iter().any(|a| a.said.contains(&q.found.number));
    let recorder = recorder(s, q.found.number, counting).is_some();
    let total = s.dates.iter().any(|d| totals(s, Some(d), bounded))
        || totals(s, None, bounded)
        || recorder
        || (0..s.tokens.len()).any(|i| counting.at("totals", s, i));
    let owned = q.start > 0 && s.tokens[q.start - 1].is(Flags::POSSESSIVE);
    // “Of the 41 people charged since January, 12 were women”
    let base = value >= 10
        && s.norm(0) == "of"
        && q.start <= 2
        && s.dates.iter().any(|d| d.since || d.period || d.from.month == 0)
        && s.tokens.get(q.end).is_some_and(|t| t.is_word() && !t.is(Flags::BE));
    let only = s.tokens[q.start..q.found.number].iter().any(|t| matches!(t.norm.as_str(), "only" | "just" | "even"));
    let listed = (0..q.start).any(|i| matches!(s.norm(i), "total" | "totals" | "figures" | "tally"))
        && (0..q.start).any(|i| s.norm(i) == ":");
    let ordinal = context.lexicon.numbers.ordinal(s.norm(q.found.number)).is_some();
    if hypothetical(s, q) && !recorder && !ordinal
        || q.definite && !bounded && !(owned && value >= 10) && !base
        || value == 0
        || value == 1 && !bounded && !(attributed && only) && !listed
        || q.actor
            && !(bounded
                && total
                && q.unit == "persons"
                && s.tokens[q.end..].iter().take(3).any(|t| t.is(Flags::HAVE.with(Flags::BE))))
        || acting(s, q)
    {
        return None;
    }
    let of_act = is_victim(context, s, q, drafts);
    let event = event(s, q, total);
    let small = value < 10 && !bounded;
    let people = matches!(q.unit.as_str(), "persons" | "families" | "groups" | "media-outlets" | "parties");
    let period = s.dates.iter().any(|d| totals(s, Some(d), bounded)) && value >= 3;
    // “says six”; “Of the twelve …, three have left”
    let elliptic = q.head.is_none()
        && (s.tokens[..q.start].last().is_some_and(|t| counting.has("compared", &t.norm))
            || s.tokens.get(q.end).is_some_and(|t| t.is(Flags::HAVE.with(Flags::BE)))
                && (q.start == 0 || s.norm(0) == "of"));
    let sexes = matches!(q.head.map(|h| s.norm(h)), Some("men" | "women" | "girls" | "boys" | "children" | "minors"))
        && s.tokens
            .iter()
            .filter(|t| matches!(t.norm.as_str(), "men" | "women" | "girls" | "boys" | "children" | "adults"))
            .count()
            > 1;
    // “There were four hearings in March.”
    let there = !people
        && q.start > 1
        && matches!(s.norm(q.start - 1), "were" | "was" | "are")
        && s.norm(q.start - 2) == "there";
    let told = there
        || recorder
        || listed
        || ordinal
        || elliptic
        || sexes
        || period && !event
        || attributed && total && !event
        || q.partitive && total;
    Some(Candidate {
        count: Count {
            unit: String::new(),
            min: None,
            max: None,
            population: None,
            window: None,
            asserter: None,
            at: quote(context.reading, s.start, s.start),
        },
        sentence: 0,
        // “says that 1,438 people were held on 15 February”: no single event.
        conditional: (of_act || event && people && !(value >= 500 && attributed)) && !(only && attributed) && !base,
        few: small && !told && !dying(s, q),
        token: 0,
    })
}

/// Those that only repeat an act, and the few of a story, are left out; so is what was counted before.
fn chosen(found: Vec<Candidate>) -> Vec<Count> {
    let beside = |a: &Candidate, b: &Candidate| {
        a.sentence.abs_diff(b.sentence) <= 4
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

/// The verb of recording before a number: “LICADHO documented 19 arrests”.
fn recorder(s: &Sentence, token: usize, counting: &Counting) -> Option<usize> {
    (0..token).rev().take(12).take_while(|&i| !matches!(s.norm(i), ";" | "”" | "“")).find(|&i| {
        counting.has("records", s.norm(i))
            && !(i > 0 && s.tokens[i - 1].is(Flags::DETERMINER.with(Flags::POSSESSIVE)))
            && matches!(s.subject(crate::verb::group(&s.tokens, i).start), Subject::Item(_))
    })
}

fn asserter(
    s: &Sentence,
    token: usize,
    said: &[Attribution],
    context: &Context<'_>,
    counting: &Counting,
) -> Option<String> {
    if let Some(a) = said.iter().find(|a| a.said.contains(&token)) {
        return Some(a.speaker.clone());
    }
    let record = recorder(s, token, counting)?;
    let Subject::Item(k) = s.subject(crate::verb::group(&s.tokens, record).start) else { return None };
    let it = s.items.get(k)?;
    let np = s.np(k)?;
    match &np.kind {
        NpKind::Person(n) | NpKind::Organisation(n) => Some(n.clone()),
        NpKind::Common => Some(s.words(&context.reading.text, np.described.max(it.start), it.end)),
        _ => None,
    }
}

/// “human rights defenders”, “people who exercised their right to assemble”.
fn population(s: &Sentence, q: &Quantity, text: &str) -> Option<String> {
    let head = q.head?;
    // With what qualifies it: “of women”, “from three villages”.
    let after = s.norm(head + 1);
    let end = if matches!(after, "of" | "from" | "against" | "for" | "in" | "on")
        && s.dates.iter().all(|d| d.start != head + 1)
    {
        (head + 2..s.tokens.len().min(head + 8))
            .find(|&i| {
                !s.tokens[i].is_word()
                    || s.tokens[i].is(Flags::BE.with(Flags::HAVE).with(Flags::RELATIVE).with(Flags::TRIGGER))
            })
            .unwrap_or((head + 4).min(s.tokens.len()))
    } else {
        head + 1
    };
    let words = s.words(text, q.found.end.min(head), end);
    (!words.is_empty()).then_some(words)
}
