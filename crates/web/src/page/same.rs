//! Same or different? The pairs that nobody has judged, the worthiest first, and one pair laid out for a judgement.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use figures::Figure;
use ledger::Verdict;
use matching::{Comparison, Part, Question, Sides, Standing};
use schema::EntityId;
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::assets;
use crate::markup::{Words, counted};
use crate::problem::Problem;
use crate::room::{Room, answer, data, html, html_with_script, see};
use crate::shell::{Nav, Shell};

/// Pairs on one page.
const PAGE: usize = 50;
/// Records laid out side by side.
const MOST_SIDES: usize = 6;

#[derive(Template)]
#[template(path = "same.html")]
struct Page {
    shell: Shell,
    people: String,
    open: usize,
    rows: Vec<Row>,
    unsure: Vec<Row>,
    more: usize,
    judged: usize,
    learnt: Option<String>,
    trained: String,
    none: bool,
    past: bool,
}

struct Row {
    href: String,
    pair: Words,
    likely: &'static str,
    percent: String,
    sources: Words,
    counted: String,
}

#[derive(Template)]
#[template(path = "pair.html")]
struct PairPage {
    shell: Shell,
    script: &'static str,
    action: String,
    heading: Words,
    likely: String,
    percent: String,
    standing: &'static str,
    settled: bool,
    effects: Vec<Words>,
    unchanged: bool,
    sides: Vec<(Words, Words)>,
    rows: Vec<Line>,
    parts: Vec<Bar>,
    silent: String,
    total: String,
    reason: String,
    fault: Option<String>,
    last: Option<Last>,
    left: usize,
    before: Option<String>,
    after: Option<String>,
    past: bool,
}

/// One property, laid out.
struct Line {
    label: Words,
    class: &'static str,
    word: &'static str,
    cells: Vec<(String, Vec<CellShown>)>,
}

struct CellShown {
    value: Words,
    who: Words,
    quote: Option<Words>,
}

/// One step of the waterfall: in words, and where its bar begins and ends on a scale of 0 to 1000.
struct Bar {
    comparison: String,
    level: String,
    bits: String,
    odds: String,
    from: i32,
    width: i32,
    zero: i32,
    against: bool,
}

/// What was judged a moment ago.
struct Last {
    text: Words,
    class: &'static str,
    undo: String,
}

pub async fn list(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        if room.ask.query.has("next") {
            let after = room.ask.query.number("after").map(|position| position.to_string()).unwrap_or_default();
            return Ok(see(&next(room, &after)?));
        }
        let figures = figures_of(room)?;
        let refs: Vec<&Figure> = figures.iter().map(AsRef::as_ref).collect();
        room.site.matchers.with(room, |questions| {
            let open = questions.open(&room.reader, &refs)?;
            if room.ask.json {
                return Ok(data(&as_data(room, &open)?));
            }
            let learnt = questions.learnt(&room.reader)?;
            let (unsure, open): (Vec<_>, Vec<_>) = open.into_iter().partition(|q| q.standing == Standing::Unsure);
            let row = |question: &Question| row(room, question);
            html(&Page {
                shell: room.shell("Same or different?", Nav::Same)?,
                people: counted(questions.people().len(), "person", "persons"),
                open: open.len(),
                rows: open.iter().take(PAGE).map(row).collect::<Result<_, _>>()?,
                unsure: unsure.iter().take(PAGE).map(row).collect::<Result<_, _>>()?,
                more: open.len().saturating_sub(PAGE),
                judged: room.reader.judgements()?.len(),
                learnt: (learnt.judgements > 0).then(|| {
                    let way = if learnt.offset < 0.0 { "down" } else { "up" };
                    format!(
                        "{} of scored pairs moved the scores {way} by {:.1} bits.",
                        counted(learnt.judgements, "judgement", "judgements"),
                        learnt.offset.abs()
                    )
                }),
                trained: questions.trained().to_owned(),
                none: questions.people().len() < 2,
                past: room.ask.session.looks_at_the_past(),
            })
        })
    })
    .await
}

pub async fn page(State(site): State<Arc<Site>>, Path((a, b)): Path<(String, String)>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let (a, b) = (room.entity(&a)?, room.entity(&b)?);
        show(room, (a, b), None, "")
    })
    .await
}

/// Figures of the view that can be computed.
pub fn figures_of(room: &Room<'_>) -> Result<Vec<Arc<Figure>>, Problem> {
    let definitions = room.reader.definitions("figure")?;
    Ok(definitions.iter().filter_map(|definition| room.site.figures.get(room, &definition.name).ok()).collect())
}

/// The address of the next pair, after the one that was just judged.
pub fn next(room: &Room<'_>, query: &str) -> Result<String, Problem> {
    let figures = figures_of(room)?;
    let refs: Vec<&Figure> = figures.iter().map(AsRef::as_ref).collect();
    room.site.matchers.with(room, |questions| {
        let open = questions.open(&room.reader, &refs)?;
        let suffix = if query.is_empty() { String::new() } else { format!("?judged={query}") };
        Ok(match open.iter().find(|question| question.standing == Standing::Open) {
            Some(question) => format!("/same/{}/{}{suffix}", question.a, question.b),
            None => format!("/same{suffix}"),
        })
    })
}

fn row(room: &Room<'_>, question: &Question) -> Result<Row, Problem> {
    let name = |id| -> Result<Words, Problem> { Ok(Words::of(&own_name(room, id)?)) };
    let sources = |id| -> Result<Vec<Words>, Problem> {
        room.site_sources(id)?.into_iter().take(2).map(|label| Ok(Words::of(&label))).collect()
    };
    let both = [sources(question.a)?, sources(question.b)?].map(|labels| Words::joined(&labels, ", "));
    Ok(Row {
        href: format!("/same/{}/{}", question.a, question.b),
        pair: Words::joined(&[name(question.a)?, name(question.b)?], " · "),
        likely: question.words(),
        percent: percent(question.probability),
        sources: Words::joined(&both, " / "),
        counted: question.counted.join(", "),
    })
}

impl Room<'_> {
    /// Labels of the documents that speak of an entity itself.
    fn site_sources(&self, id: EntityId) -> Result<Vec<String>, Problem> {
        let mut sources: Vec<EntityId> = self.reader.own(id)?.iter().filter_map(|own| own.source).collect();
        sources.dedup();
        sources.sort_unstable();
        sources.dedup();
        Ok(sources.into_iter().map(|id| self.reader.label(id)).collect::<Result<_, _>>()?)
    }
}

/// What an entity itself is called, whatever it was judged to be the same as.
fn own_name(room: &Room<'_>, id: EntityId) -> Result<String, Problem> {
    let own = room.reader.own(id)?;
    let name = own.iter().find(|own| own.property == "name").or_else(|| own.iter().find(|own| own.property == "alias"));
    match name {
        Some(own) => Ok(room.reader.show(&own.value)?),
        None => Ok(room.reader.label(id)?),
    }
}

/// “99.3%”; never “100%”: that is not known.
fn percent(p: f64) -> String {
    match p * 100.0 {
        p if p > 99.9 => "over 99.9%".into(),
        p if p < 0.1 => "under 0.1%".into(),
        p if !(1.0..99.0).contains(&p) => format!("{p:.1}%"),
        p => format!("{p:.0}%"),
    }
}

/// A pair, perhaps with what was wrong with a form about it.
pub fn show(
    room: &Room<'_>,
    pair: (EntityId, EntityId),
    fault: Option<String>,
    typed: &str,
) -> Result<Response, Problem> {
    let (a, b) = pair;
    let figures = figures_of(room)?;
    let refs: Vec<&Figure> = figures.iter().map(AsRef::as_ref).collect();
    room.site.matchers.with(room, |questions| {
        let Some(question) = questions.pair(&room.reader, a, b)? else {
            return Err(Problem::wrong(
                "These two cannot be compared: only persons are.",
                "To judge other things, open one of them and choose “Same or different?” there.",
            ));
        };
        let mut ids = vec![a, b];
        for id in room.reader.one_with(a)?.into_iter().chain(room.reader.one_with(b)?) {
            if !ids.contains(&id) && ids.len() < MOST_SIDES {
                ids.push(id);
            }
        }
        let sides = Sides::of(&room.reader, questions.people(), &ids)?;
        let past = room.ask.session.looks_at_the_past();
        let effects = if past || question.standing != Standing::Open && question.standing != Standing::Unsure {
            Vec::new()
        } else {
            // A judgement that the ledger would refuse changes nothing; why it would, it says when it is made.
            matching::effect(room.ledger(), &room.author(), &room.reader, pair, Verdict::Same).unwrap_or_default()
        };
        if room.ask.json {
            return Ok(data(&pair_data(room, &question, &sides, &effects)?));
        }
        let open: Vec<Question> = questions.open(&room.reader, &refs)?;
        let at = open.iter().position(|q| (q.a, q.b) == pair || (q.b, q.a) == pair);
        let address = |at: Option<usize>| {
            at.and_then(|at| open.get(at)).map(|question| format!("/same/{}/{}", question.a, question.b))
        };
        let labels: Vec<Words> = sides.sides.iter().map(|side| Words::of(&side.label)).collect();
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let page = PairPage {
            shell: room.shell("Same or different?", Nav::Same)?,
            script: assets::script(),
            action: format!("/same/{a}/{b}"),
            heading: Words::joined(&labels.iter().take(2).cloned().collect::<Vec<_>>(), " · "),
            likely: crate::problem::initial(question.words()),
            percent: percent(question.probability),
            standing: standing(question.standing),
            settled: matches!(question.standing, Standing::Same | Standing::Different),
            unchanged: effects.is_empty() && !figures.is_empty(),
            effects: effects.iter().map(effect_words).collect(),
            sides: sides_shown(&sides),
            rows: lines(&sides),
            parts: bars(&question.parts),
            silent: silent(&question.parts),
            total: format!("{:+.1}", question.weight),
            reason: if typed.is_empty() { reason(&sides, &question) } else { typed.to_owned() },
            fault,
            last: last(room)?,
            left: open.iter().filter(|q| q.standing == Standing::Open).count(),
            before: address(at.and_then(|at| at.checked_sub(1))),
            after: address(at.map_or(Some(0), |at| Some(at + 1))).filter(|next| *next != format!("/same/{a}/{b}")),
            past,
        };
        html_with_script(&page, status)
    })
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "not judged yet",
        Standing::Unsure => "judged: it cannot be said",
        Standing::Same => "judged the same",
        Standing::Different => "judged different",
    }
}

fn effect_words(effect: &matching::Effect) -> Words {
    let title = Words::of(&effect.title).linked(&format!("/figure/{}", effect.figure));
    Words::joined(&[title, Words::of(&format!(": {} → {}", effect.now, effect.then))], "")
}

fn sides_shown(sides: &Sides) -> Vec<(Words, Words)> {
    let shown = sides.sides.iter().map(|side| {
        let label = Words::of(&side.label).linked(&format!("/entity/{}", side.id));
        let sources: Vec<Words> = side
            .sources
            .iter()
            .take(3)
            .map(|(id, label)| Words::of(&crate::markup::shortened(label, 60)).linked(&format!("/source/{id}")))
            .collect();
        (label, Words::joined(&sources, ", "))
    });
    shown.collect()
}

fn lines(sides: &Sides) -> Vec<Line> {
    // Where records stand one below the other, each is known by where it comes from: the names are often the same.
    let named = |(at, side): (usize, &matching::Side)| match side.sources.first() {
        Some((_, source)) => crate::markup::shortened(source, 48),
        None => format!("{}, {}", side.label, at + 1),
    };
    let names: Vec<String> = sides.sides.iter().enumerate().map(named).collect();
    let lines = sides.rows.iter().map(|row| {
        let (class, word) = match row.comparison {
            Comparison::Differ => ("another", "differ"),
            Comparison::MayAgree => ("partially-corroborated", "may agree"),
            Comparison::Agree => ("verified", "agree"),
            Comparison::OneOnly => ("", "one side only"),
        };
        let cells = row.cells.iter().zip(&names).map(|(cells, name)| {
            let shown = cells.iter().map(|cell| {
                let own = cell.asserter.is_empty() || cell.source_label.contains(cell.asserter.as_str());
                let who = if own {
                    cell.source_label.clone()
                } else {
                    format!("{}, in {}", cell.asserter, cell.source_label)
                };
                let who = Words::of(&crate::markup::shortened(&who, 90));
                CellShown {
                    value: Words::of(&cell.display),
                    who: match cell.source {
                        Some(id) => who.linked(&format!("/source/{id}")),
                        None => who,
                    },
                    quote: cell.quote.as_deref().map(|quote| Words::of(&crate::markup::shortened(quote, 220))),
                }
            });
            (name.clone(), shown.collect())
        });
        Line { label: Words::of(&row.label), class, word, cells: cells.collect() }
    });
    lines.collect()
}

/// The waterfall's bars: each begins where the one before ended.
fn bars(parts: &[Part]) -> Vec<Bar> {
    let mut running = 0.0_f64;
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for part in parts {
        running += part.bits;
        low = low.min(running);
        high = high.max(running);
    }
    let scale = |bits: f64| ((bits - low) / (high - low).max(1.0) * 1000.0).round() as i32;
    let mut at = 0.0;
    let spoken = parts.iter().filter(|part| !is_silent(part));
    let bars = spoken.map(|part| {
        let (from, to) = (at, at + part.bits);
        at = to;
        let (left, right) = (scale(from.min(to)), scale(from.max(to)));
        Bar {
            comparison: part.comparison.clone(),
            level: part.level.clone(),
            bits: format!("{:+.1}", part.bits),
            odds: part.odds(),
            from: left,
            width: (right - left).max(4),
            zero: scale(0.0),
            against: part.bits < 0.0,
        }
    });
    bars.collect()
}

/// Whether a comparison said nothing, because one side or both say nothing.
fn is_silent(part: &Part) -> bool {
    part.bits.abs() < 0.05
}

/// What could not be compared, in words.
fn silent(parts: &[Part]) -> String {
    parts.iter().filter(|part| is_silent(part)).map(|part| part.comparison.as_str()).collect::<Vec<_>>().join(", ")
}

/// What a judgement would rest on, to begin with; the person changes it.
fn reason(sides: &Sides, question: &Question) -> String {
    let said = |wanted: Comparison| -> Vec<String> {
        let rows = sides.rows.iter().filter(|row| row.comparison == wanted);
        rows.map(|row| row.label.to_lowercase()).take(4).collect()
    };
    let (agree, differ) = (said(Comparison::Agree), said(Comparison::Differ));
    let mut parts = Vec::new();
    if !agree.is_empty() {
        parts.push(format!("Agree: {}", agree.join(", ")));
    }
    if !differ.is_empty() {
        parts.push(format!("differ: {}", differ.join(", ")));
    }
    parts.push(format!("scored {}", percent(question.probability)));
    parts.join("; ")
}

/// What was judged just before this page.
fn last(room: &Room<'_>) -> Result<Option<Last>, Problem> {
    let Some(position) = room.ask.query.number("judged") else { return Ok(None) };
    let Some((judge, _)) = room.reader.judgements()?.into_iter().find(|(_, at)| *at == position) else {
        return Ok(None);
    };
    let (verb, class) = match judge.verdict {
        Verdict::Same => ("are the same", "verified"),
        Verdict::Different => ("are different", "another"),
        Verdict::Unsure => ("cannot be told apart or together", ""),
        Verdict::Withdrawn => ("are open again", ""),
    };
    let text = Words::joined(
        &[
            Words::of(&own_name(room, judge.a)?),
            Words::of(" and "),
            Words::of(&own_name(room, judge.b)?),
            Words::of(&format!(" {verb} (entry {position})")),
        ],
        "",
    );
    let undo =
        if judge.verdict == Verdict::Withdrawn { String::new() } else { format!("/same/{}/{}", judge.a, judge.b) };
    Ok(Some(Last { text, class, undo }))
}

fn as_data(room: &Room<'_>, open: &[Question]) -> Result<serde_json::Value, Problem> {
    let mut pairs = Vec::new();
    for question in open {
        pairs.push(json!({
            "a": {"id": question.a.to_string(), "name": own_name(room, question.a)?},
            "b": {"id": question.b.to_string(), "name": own_name(room, question.b)?},
            "probability": question.probability, "weight": question.weight, "words": question.words(),
            "unsure": question.standing == Standing::Unsure, "counted_in": question.counted,
        }));
    }
    Ok(json!({"position": room.reader.position(), "open": pairs}))
}

fn pair_data(
    room: &Room<'_>,
    question: &Question,
    sides: &Sides,
    effects: &[matching::Effect],
) -> Result<serde_json::Value, Problem> {
    let parts: Vec<_> = question
        .parts
        .iter()
        .map(|part| json!({"comparison": part.comparison, "level": part.level, "m": part.m, "u": part.u, "bits": part.bits}))
        .collect();
    let rows: Vec<_> = sides
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Vec<_>> = row
                .cells
                .iter()
                .map(|cells| {
                    cells
                        .iter()
                        .map(|cell| json!({"value": cell.display, "source": cell.source_label, "quote": cell.quote}))
                        .collect()
                })
                .collect();
            json!({"property": row.label, "comparison": format!("{:?}", row.comparison), "values": cells})
        })
        .collect();
    let effects: Vec<_> = effects
        .iter()
        .map(|effect| json!({"figure": effect.figure, "now": effect.now, "if_same": effect.then}))
        .collect();
    Ok(json!({
        "position": room.reader.position(),
        "sides": sides.sides.iter().map(|side| json!({"id": side.id.to_string(), "name": side.label})).collect::<Vec<_>>(),
        "probability": question.probability, "weight": question.weight, "standing": standing(question.standing),
        "waterfall": parts, "rows": rows, "effects": effects,
    }))
}
