//! Counts: persons, arrests, cases, hearings, families… with their bounds, population, window and
//! who counted (coding rules 3 and 8).

mod alone;
mod choose;
mod counting;
mod forms;
mod gate;
mod noun;
mod quantity;
mod source;
mod tally;
mod total;
mod victims;
mod window;

use self::choose::chosen;
use self::counting::Counting;
use self::quantity::{Earlier, Quantity};
use self::source::{asserter, recorder};
pub(crate) use self::total::is_total;
use self::total::{shown, totals};
use self::victims::{acting, dying, event, is_victim};
use self::window::nearest;
use crate::Error;
use crate::acts::{Draft, quote};
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::model::Count;
use crate::sayings::Attribution;
use crate::text::{Reading, Role};

/// What a document is read with.
pub(crate) struct Context<'a> {
    pub reading: &'a Reading,
    pub lexicon: &'a Lexicon,
    pub published: Option<schema::Day>,
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
    /// The act types told in its sentence.
    about: Vec<String>,
    /// A number that somebody gives for what another tells: “the villagers say it was eight”.
    figure: bool,
    /// The noun, where it says more than that they are people.
    noun: Option<String>,
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
    // “How many families lived there?”: the unit and the paragraph of the question.
    let mut asked: Option<(String, usize)> = None;
    for (i, s) in sentences.iter().enumerate() {
        if matches!(s.role, Role::Heading | Role::Title) {
            table.heading(s, context, counting);
        }
        if let Some(unit) = how_many(s, context, counting) {
            asked = Some((unit, s.paragraph));
        }
        if s.role == Role::Row {
            found.extend(table.row(context, s, counting).into_iter().map(|count| Candidate {
                count,
                sentence: i,
                conditional: false,
                few: false,
                token: 0,
                about: Vec::new(),
                figure: false,
                noun: None,
            }));
            continue;
        }
        table.end();
        if matches!(s.role, Role::Body | Role::Item | Role::Heading)
            && let Some(q) = forms::labelled(s, context.lexicon, counting)
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
                about: Vec::new(),
                figure: false,
                noun: None,
            });
            continue;
        }
        if !matches!(s.role, Role::Body | Role::Item) || s.tokens.last().is_some_and(|t| t.norm == "?") {
            continue;
        }
        let previous = last_unit.as_ref().filter(|(_, p)| *p == s.paragraph).map(|(u, _)| u.clone());
        let reply = asked.as_ref().filter(|(_, p)| s.paragraph - *p <= 1).map(|(u, _)| u.clone());
        let first = i == 0
            || sentences[i - 1].paragraph != s.paragraph
            || sentences[i - 1].tokens.last().is_some_and(|t| t.norm == "?");
        let answer = first && reply.is_some();
        let unit = if answer { reply } else { previous.or(reply) };
        let earlier = Earlier { unit: unit.as_deref(), answer };
        let continued = sentences.get(i + 1).is_some_and(|n| n.paragraph == s.paragraph);
        for q in quantity::find(s, earlier, context.lexicon, counting) {
            // “3. Eleven members of the community, Kampong Speu. Summoned on …”: whom an entry is about.
            if s.role == Role::Item && continued && q.found.number <= 5 && !s.tokens.iter().any(verbal) {
                continue;
            }
            if !hypothetical(s, &q) {
                last_unit = Some((q.unit.clone(), s.paragraph));
            }
            let Some(mut candidate) = weigh(context, s, &q, &said[i], &drafts[i], counting) else { continue };
            candidate.few &= !answer;
            let date = nearest(s, &q);
            let speaker = said[i].iter().find(|a| a.said.contains(&q.found.number));
            let stated = date.map(|d| window::of(context, sentences, i, d, speaker));
            if let Some(w) = &stated {
                window = Some((w.clone(), s.paragraph));
            }
            let inherited = window.as_ref().filter(|(_, p)| s.paragraph == *p).map(|(w, _)| w.clone());
            let (a, b) = s.bytes(q.start, q.end);
            found.push(Candidate {
                count: Count {
                    unit: q.unit.clone(),
                    min: q.bounds.min,
                    max: q.bounds.max,
                    population: population(s, &q, &context.reading.text),
                    window: stated.or(inherited),
                    asserter: asserter(sentences, i, q.found.number, &said[i], context, counting),
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

/// Whether a word can be the verb of its sentence.
fn verbal(t: &crate::token::Token) -> bool {
    t.is(Flags::BE
        .with(Flags::HAVE)
        .with(Flags::DO)
        .with(Flags::MODAL)
        .with(Flags::TRIGGER)
        .with(Flags::SPEECH)
        .with(Flags::PAST))
        || t.norm.ends_with("ed") && t.norm.len() > 4
}

/// “How many families lived there?”
fn how_many(s: &Sentence, context: &Context<'_>, counting: &Counting) -> Option<String> {
    s.tokens.last().filter(|t| t.norm == "?")?;
    let at = (0..s.tokens.len()).find(|&i| s.norm(i) == "how" && s.norm(i + 1) == "many")?;
    let noun = noun::scan(s, at + 2, false, context.lexicon, counting);
    match (noun.unit, noun.head) {
        (Some(unit), _) if !noun.rejected => Some(unit),
        (None, None) if !noun.rejected => Some("persons".to_owned()),
        _ => None,
    }
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
    let lead = (0..3).find(|&i| s.norm(i).chars().any(char::is_alphabetic)).unwrap_or(0);
    let base = value >= 10
        && s.norm(lead) == "of"
        && q.start <= lead + 2
        && s.dates.iter().any(|d| d.since || d.period || d.from.month == 0)
        && s.tokens.get(q.end).is_some_and(|t| t.is_word() && !t.is(Flags::BE));
    // “the 18 people who are still missing”
    let standing = value >= 5
        && s.norm(q.end) == "who"
        && (matches!(s.norm(q.end + 1), "are" | "remain") || s.norm(q.end + 1) == "still");
    let only = s.tokens[q.start..q.found.number].iter().any(|t| matches!(t.norm.as_str(), "only" | "just" | "even"));
    let listed = (0..q.start).any(|i| matches!(s.norm(i), "total" | "totals" | "figures" | "tally"))
        && (0..q.start).any(|i| s.norm(i) == ":");
    let ordinal = context.lexicon.numbers.ordinal(s.norm(q.found.number)).is_some();
    if hypothetical(s, q) && !recorder && !ordinal
        || q.definite && !bounded && !(owned && value >= 10) && !base && !standing
        || value == 0
        || value == 1
            && !bounded
            && !(attributed && only)
            && !listed
            && !(s.norm(q.found.number) == "1" && q.head.is_some())
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
    let others = q.head.is_none() && q.end > q.found.end && s.norm(q.end - 1) == "others";
    // “speaks of seven individuals”, “the figure of 26 defenders”
    let spoken_of = attributed
        && q.start > 1
        && s.norm(q.start - 1) == "of"
        && matches!(s.norm(q.start - 2), "speak" | "speaks" | "spoke" | "figure" | "number" | "toll" | "total");
    let told = there
        || spoken_of
        || only && attributed
        || others
        || shown(s)
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
        conditional: (of_act || event && people && !(value >= 500 && attributed))
            && !(only && attributed || base || standing || spoken_of || shown(s) && attributed),
        few: small && !told && !dying(s, q),
        token: 0,
        about: drafts.iter().map(|d| d.act.act_type.clone()).collect(),
        figure: attributed
            && (q.head.is_none() || q.unit == "arrests" || q.unit == "incidents")
            && !s.tokens.get(q.end).is_some_and(|t| t.is(Flags::PREPOSITION)),
        noun: q.head.map(|h| s.norm(h).to_owned()).filter(|n| {
            !matches!(
                n.as_str(),
                "people" | "persons" | "others" | "individuals" | "men" | "women" | "villagers" | "arrests" | "workers"
            )
        }),
    })
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
