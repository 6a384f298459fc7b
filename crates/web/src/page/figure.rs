//! Figures: a number with its unit, bounds, definition, window and position; what others published; the list behind it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use figures::Figure;
use schema::{Kind, Value};
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::markup::{Words, counted, thousands};
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, bare, data, html};
use crate::shell::{Nav, Shell};

#[derive(Template)]
#[template(path = "figures.html")]
struct List {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    title: Words,
    words: String,
    window: Words,
    clearance: String,
}

pub async fn list(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let mut rows = Vec::new();
        for definition in room.reader.definitions("figure")? {
            let href = format!("/figure/{}", definition.name);
            let clearance = definition.clearance.to_string();
            rows.push(match room.site.figures.get(room, &definition.name) {
                Ok(figure) => Row {
                    href,
                    title: Words::of(&figure.title),
                    words: figure.words(),
                    window: Words::of(&window(room, &figure)),
                    clearance,
                },
                Err(Problem::NotFound) => continue,
                Err(problem) => Row {
                    href,
                    title: Words::of(&definition.name),
                    words: format!("not computed: {}", problem.told().1),
                    window: Words::default(),
                    clearance,
                },
            });
        }
        if room.ask.json {
            let list: Vec<_> = rows.iter().map(|row| json!({"address": row.href, "words": row.words})).collect();
            return Ok(data(&json!(list)));
        }
        html(&List { shell: room.shell("Figures", Nav::Figures)?, rows })
    })
    .await
}

#[derive(Template)]
#[template(path = "figure.html")]
struct Page {
    shell: Shell,
    name: String,
    title: Words,
    lede: Words,
    words: String,
    also: Vec<String>,
    bounds: String,
    digest: String,
    position: u64,
    facts: Vec<(&'static str, Words)>,
    published: Vec<Other>,
    items: Vec<Entry>,
    groups: Vec<Words>,
    possible: usize,
    /// `None`: its people are still being compared.
    unjudged: Option<usize>,
}

/// A number that somebody else published.
struct Other {
    who: Words,
    number: String,
    unit: Words,
    window: Words,
    differs: Words,
    against: String,
}

/// One line of the list behind the number.
struct Entry {
    entity: Words,
    certain: bool,
    why: Words,
    when: Words,
    place: Words,
    rests_on: String,
    claims: Vec<(String, usize)>,
}

pub async fn page(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let figure = room.site.figures.get(room, bare(&name))?;
        if room.ask.json {
            let headers = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
            return Ok((headers, figure.json()).into_response());
        }
        html(&view(room, &figure)?)
    })
    .await
}

fn view(room: &Room<'_>, figure: &Figure) -> Result<Page, Problem> {
    let possible = figure.items.iter().filter(|item| !item.certain).count();
    Ok(Page {
        shell: room.shell(figure.title.to_string(), Nav::Figures)?,
        name: figure.name.clone(),
        title: Words::of(&figure.title),
        lede: Words::of(&window(room, figure)),
        words: figure.words(),
        also: figure.also.iter().map(figures::Count::words).collect(),
        bounds: bounds(figure),
        digest: figure.digest.to_string(),
        position: figure.position,
        facts: facts(room, figure),
        published: figure.published.iter().map(|other| published(&figure.name, other)).collect(),
        items: figure.items.iter().map(|item| entry(room, item)).collect::<Result<_, _>>()?,
        groups: figure.groups.iter().map(|group| self::group(room, group)).collect::<Result<_, _>>()?,
        possible,
        unjudged: unjudged(room, figure),
    })
}

/// Pairs on the list that are likely one and that nobody has judged: until then both are counted.
fn unjudged(room: &Room<'_>, figure: &Figure) -> Option<usize> {
    if figure.unit != "persons" || room.ask.session.looks_at_the_past() {
        return Some(0);
    }
    let counted = room.site.matchers.soon(room, |questions| Ok(matching::unjudged(questions, &room.reader, figure)?));
    // Where the comparison fails, its own page says so.
    counted.unwrap_or(Some(0))
}

/// “31 July 2020 to 10 September 2020, both days included, in Phnom Penh”.
fn window(room: &Room<'_>, figure: &Figure) -> String {
    let date = Value::parse(Kind::Date, &figure.window, None).map(|date| date.display(room.registry(), "en"));
    let mut text = date.unwrap_or_else(|_| figure.window.clone());
    if figure.window.contains('/') {
        text.push_str(", both ends included");
    }
    if let Some(place) = &figure.place {
        text.push_str(&format!(", in {}", term(room, "places", place)));
    }
    text
}

fn term(room: &Room<'_>, vocabulary: &str, code: &str) -> String {
    let entry = room.registry().vocabulary(vocabulary).and_then(|vocabulary| vocabulary.get(code));
    entry.map_or_else(|| code.to_owned(), |entry| entry.label.get("en").to_owned())
}

fn bounds(figure: &Figure) -> String {
    match figure.upper {
        Some(upper) if upper == figure.lower => "Both bounds are the same: nothing on the list is left open.".into(),
        Some(upper) => format!("What is certain makes {}; what is possible would make {upper}.", figure.lower),
        None => "There is no upper bound: a group of unknown size is among them.".into(),
    }
}

fn facts(room: &Room<'_>, figure: &Figure) -> Vec<(&'static str, Words)> {
    let terms = |vocabulary: &str, codes: &[String]| {
        codes.iter().map(|code| term(room, vocabulary, code)).collect::<Vec<_>>().join(", ")
    };
    let standard = room.registry().standard(&figure.standard).map_or(figure.standard.as_str(), |s| s.label.get("en"));
    let mut facts = vec![
        ("In words", Words::of(&figure.definition)),
        ("Counted", Words::of(&format!("{}; {}", figure.unit, unit_rule(&figure.unit)))),
        (
            "Who",
            Words::of(&if figure.victim_groups.is_empty() {
                "anybody".into()
            } else {
                terms("victim-groups", &figure.victim_groups)
            }),
        ),
        ("What", Words::of(&terms("acts", &figure.acts))),
        ("When", Words::of("inside the window for certain: both bounds; possibly inside: the upper bound only")),
        ("Standard", Words::of(standard)),
        ("Computed for", Words::of(&figure.clearance.to_string())),
    ];
    if let Some(note) = &figure.source_note {
        facts.push(("Sources", Words::of(note)));
    }
    if !figure.sources.is_empty() {
        let texts: Vec<Words> =
            figure.sources.iter().map(|(id, label)| Words::of(label).linked(&format!("/source/{id}"))).collect();
        facts.push(("Terms after", Words::joined(&texts, "; ")));
    }
    if figure.undated > 0 {
        facts.push(("Left out", Words::of(&format!("{}: nothing says when", counted(figure.undated, "act", "acts")))));
    }
    if figure.gone > 0 {
        facts.push((
            "Destroyed",
            Words::of(&format!(
                "{} that it rested on, or may have, were erased",
                counted(figure.gone, "claim", "claims")
            )),
        ));
    }
    facts
}

fn unit_rule(unit: &str) -> &'static str {
    if unit == "persons" { "each once, however often it was done to them" } else { "each act once" }
}

fn published(figure: &str, other: &figures::Published) -> Other {
    let about = if other.approximate { "about " } else { "" };
    let number = match (other.lower, other.upper) {
        (Some(lower), Some(upper)) if lower == upper => format!("{about}{}", thousands(lower)),
        (Some(lower), Some(upper)) => format!("{} to {}", thousands(lower), thousands(upper)),
        (Some(lower), None) => format!("at least {}", thousands(lower)),
        (None, Some(upper)) => format!("at most {}", thousands(upper)),
        (None, None) => "not stated".into(),
    };
    let unit =
        [other.unit_label.clone(), other.population.clone()].into_iter().flatten().collect::<Vec<_>>().join(": ");
    Other {
        who: Words::of(&other.asserter).linked(&format!("/entity/{}", other.entity)),
        number,
        unit: Words::of(&unit),
        window: Words::of(other.window_label.as_deref().unwrap_or("not stated")),
        differs: Words::of(&other.differs()),
        against: format!("/figure/{figure}/against/{}", other.entity),
    }
}

fn entry(room: &Room<'_>, item: &figures::Item) -> Result<Entry, Problem> {
    let mut when = Vec::new();
    let mut places: Vec<Words> = Vec::new();
    for act in &item.acts {
        let date = if act.date.is_empty() { "date not recorded" } else { act.date.as_str() };
        when.push(Words::of(date).linked(&format!("/entity/{}", act.entity)));
        let place = Words::of(&act.place);
        if !act.place.is_empty() && !places.contains(&place) {
            places.push(place);
        }
    }
    let roots = counted(item.roots, "independent source", "independent sources");
    Ok(Entry {
        entity: room.link(item.entity)?,
        certain: item.certain,
        // “certain” is said once, by its mark; what is only possible says why.
        why: if item.certain { Words::default() } else { Words::of(item.reason.trim_start_matches("possible: ")) },
        when: Words::joined(&when, "; "),
        place: Words::joined(&places, "; "),
        rests_on: format!("{}, {roots}", counted(item.claims.len(), "claim", "claims")),
        claims: item.claims.iter().enumerate().map(|(at, claim)| (claim.to_string(), at + 1)).collect(),
    })
}

fn group(room: &Room<'_>, group: &figures::CountedGroup) -> Result<Words, Problem> {
    let told = format!(
        ": {} by name on the list; the rest {}. {}",
        group.named,
        match group.unnamed.upper {
            Some(upper) if upper == group.unnamed.lower => format!("is {upper}"),
            Some(upper) => format!("is {} to {upper}", group.unnamed.lower),
            None => "is of unknown number".into(),
        },
        capitalised(&group.reason)
    );
    Ok(Words::joined(&[room.link(group.entity)?, Words::of(&told)], ""))
}
