//! Search: what was asked, what was found with the words around it, and how it is divided.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use search::{Answer, Behind, Facet, FacetCounts, FacetValue, Hit, Marked, Query, Saved, Snippet};

use crate::Site;
use crate::ask::{Ask, Pairs, Sent};
use crate::finder;
use crate::markup::{Words, counted, escape, thousands};
use crate::problem::{Problem, capitalised};
use crate::room::{Room, answer, data, html, see};
use crate::shell::{Nav, Shell};

/// Results on a page.
const PAGE: usize = 20;
/// Values of a facet that are shown.
const MOST_VALUES: usize = 12;

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    shell: Shell,
    q: String,
    /// Facets that are chosen, to be sent along with other words.
    hidden: Vec<(&'static str, String)>,
    asked: bool,
    problems: Vec<Wrong>,
    behind: Option<String>,
    building: bool,
    earlier: bool,
    instead: Option<(String, String)>,
    total: String,
    hits: Vec<Item>,
    facets: Vec<Group>,
    saved: Vec<(String, String)>,
    just_saved: Option<String>,
    may_save: bool,
    next: Option<String>,
    first: Option<String>,
    clear: Option<String>,
    data: String,
}

/// What of the question was not understood, and the words it is about.
struct Wrong {
    words: String,
    place: usize,
    text: String,
}

struct Group {
    heading: &'static str,
    values: Vec<Choice>,
}

struct Choice {
    label: String,
    number: String,
    href: String,
    here: bool,
}

struct Item {
    href: String,
    title: Words,
    kind: String,
    date: Option<Words>,
    claims: String,
    disputed: usize,
    verification: Option<String>,
    snippets: Vec<(Option<String>, Words)>,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    let shared = Arc::clone(&site);
    answer(site, ask, move |room| show(room, &shared)).await
}

fn show(room: &Room<'_>, site: &Arc<Site>) -> Result<Response, Problem> {
    let typed = &room.ask.query;
    let mut query = question(room, typed);
    query.after = typed.some("after").map(str::to_owned);
    finder::keep_up(site, room.reader.cleared())?;
    let texts = |reader: &ledger::Reader<'_>, id| finder::words(&site.workspace, reader, id);
    let answer = site.finder.search.ask(room.ledger(), &room.reader, &query, &texts)?;
    if room.ask.json {
        return Ok(data(&answer.as_json(&query, room.reader.position())));
    }
    let to = |changes: &[(&str, &str)]| format!("/search?{}", typed.with(changes));
    let asked = query.node.is_some() || !query.chosen.is_empty();
    let title = if query.text.is_empty() { "Search".to_owned() } else { format!("{} · Search", query.text) };
    html(&Page {
        shell: room.shell(title, Nav::Search)?,
        q: query.text.clone(),
        hidden: query.chosen.iter().map(|(facet, value)| (facet.as_str(), value.clone())).collect(),
        asked,
        problems: query.problems.iter().map(|problem| wrong(&query.text, problem)).collect(),
        behind: answer.behind.map(behind),
        building: matches!(answer.behind, Some(Behind::Building { .. })),
        earlier: !answer.exact && answer.behind.is_none(),
        instead: answer.instead.as_ref().map(|text| (text.clone(), to(&[("q", text), ("after", "")]))),
        total: counted(usize::try_from(answer.total).unwrap_or(usize::MAX), "thing", "things"),
        hits: answer.hits.iter().map(|hit| item(room, hit)).collect(),
        facets: groups(room, &answer, typed),
        saved: search::saved(&room.reader)?.iter().map(link).collect(),
        just_saved: typed.some("saved").map(str::to_owned),
        may_save: asked && !room.ask.session.looks_at_the_past(),
        next: answer.next.as_deref().map(|next| to(&[("after", next)])),
        first: typed.some("after").map(|_| to(&[("after", "")])),
        clear: (!query.chosen.is_empty()).then(|| format!("/search?{}", Pairs::default().with(&[("q", &query.text)]))),
        data: format!("/search.json?{}", typed.with(&[])),
    })
}

/// What the address, or a form, asks for.
fn question(room: &Room<'_>, typed: &Pairs) -> Query {
    let chosen = Facet::ALL.into_iter().filter_map(|facet| Some((facet, typed.some(facet.as_str())?.to_owned())));
    Query { chosen: chosen.collect(), limit: PAGE, ..Query::new(typed.get("q"), room.registry()) }
}

/// Keeps a search under a name.
pub async fn save(State(site): State<Arc<Site>>, sent: Sent) -> Response {
    let Sent { ask, typed } = sent;
    answer(site, ask, move |room| {
        room.writing()?;
        let query = question(room, &typed);
        search::save(room.ledger(), &room.author(), &room.reader, typed.get("name"), &query)?;
        Ok(see(&format!(
            "{}&{}",
            address(&query.text, &query.chosen),
            Pairs::default().with(&[("saved", typed.get("name"))])
        )))
    })
    .await
}

fn address(text: &str, chosen: &[(Facet, String)]) -> String {
    let mut pairs = vec![("q", text)];
    pairs.extend(chosen.iter().map(|(facet, value)| (facet.as_str(), value.as_str())));
    format!("/search?{}", Pairs::default().with(&pairs))
}

/// A saved search: its name, and where it leads.
fn link(saved: &Saved) -> (String, String) {
    (saved.name.clone(), address(&saved.text, &saved.chosen))
}

fn wrong(text: &str, problem: &search::Problem) -> Wrong {
    Wrong {
        words: text.chars().skip(problem.start).take((problem.end - problem.start).min(60)).collect(),
        place: problem.start + 1,
        text: format!("{} {}", capitalised(&problem.problem), problem.hint),
    }
}

fn behind(behind: Behind) -> String {
    match behind {
        Behind::Building { of: 0, .. } => {
            "The index of what you may see is being made. This page looks again by itself.".into()
        }
        Behind::Building { done, of } => format!(
            "The index of what you may see is being made: {} of {}. This page looks again by itself.",
            thousands(done),
            thousands(of)
        ),
        Behind::Entries(entries) => format!(
            "{} not in the index yet; what they change is left out below. Reload the page in a moment.",
            counted(usize::try_from(entries).unwrap_or(usize::MAX), "entry is", "entries are")
        ),
    }
}

fn item(room: &Room<'_>, hit: &Hit) -> Item {
    let source = room.registry().schema(&hit.schema).is_some_and(|schema| schema.is_source);
    Item {
        href: if source { format!("/source/{}", hit.id) } else { format!("/entity/{}", hit.id) },
        title: marked(&hit.label, (false, false)),
        kind: room.schema_label(&hit.schema),
        date: hit.date.as_deref().map(Words::of),
        claims: counted(hit.claims, "claim", "claims"),
        disputed: hit.disputed,
        verification: (hit.verification != "unverified").then(|| hit.verification.replace('-', " ")),
        snippets: hit.snippets.iter().map(words_around).collect(),
    }
}

fn words_around(snippet: &Snippet) -> (Option<String>, Words) {
    (snippet.of.clone(), marked(&snippet.words, snippet.cut))
}

/// A text with its marks, escaped.
fn marked(marked: &Marked, cut: (bool, bool)) -> Words {
    let chars: Vec<char> = marked.text.chars().collect();
    let piece = |from: usize, to: usize| Words::of(&chars.get(from..to).unwrap_or_default().iter().collect::<String>());
    let mut out = String::new();
    if cut.0 {
        escape("… ", &mut out);
    }
    let mut at = 0;
    for (start, end) in &marked.marks {
        if *start < at {
            continue;
        }
        out.push_str(&piece(at, *start).to_string());
        out.push_str("<mark>");
        out.push_str(&piece(*start, *end).to_string());
        out.push_str("</mark>");
        at = *end;
    }
    out.push_str(&piece(at, chars.len()).to_string());
    if cut.1 {
        escape(" …", &mut out);
    }
    Words::ready(out)
}

fn groups(room: &Room<'_>, answer: &Answer, typed: &Pairs) -> Vec<Group> {
    let group = |counts: &FacetCounts| {
        // One value alone divides nothing.
        let any = counts.values.len() > 1 || counts.values.iter().any(|value| value.chosen);
        let shown = counts.values.iter().enumerate().filter(|(at, value)| *at < MOST_VALUES || value.chosen);
        any.then(|| Group {
            heading: heading(counts.facet),
            values: shown.map(|(_, value)| choice(room, counts.facet, value, typed)).collect(),
        })
    };
    answer.facets.iter().filter_map(group).collect()
}

fn heading(facet: Facet) -> &'static str {
    match facet {
        Facet::Type => "What it is",
        Facet::Year => "Year, possibly",
        Facet::Kind => "Kind of document",
        Facet::Language => "Language",
        Facet::Clearance => "Who may see it",
        Facet::Verification => "Verification",
    }
}

fn choice(room: &Room<'_>, facet: Facet, value: &FacetValue, typed: &Pairs) -> Choice {
    let term = |vocabulary: &str| {
        let entry = room.registry().vocabulary(vocabulary).and_then(|vocabulary| vocabulary.get(&value.value));
        entry.map_or_else(|| value.value.clone(), |entry| entry.label.get("en").to_owned())
    };
    let label = match facet {
        Facet::Type => room.schema_plural(&value.value),
        Facet::Kind => term("document-kinds"),
        Facet::Language => term("languages"),
        Facet::Verification => value.value.replace('-', " "),
        Facet::Year | Facet::Clearance => value.value.clone(),
    };
    let chosen = if value.chosen { "" } else { value.value.as_str() };
    Choice {
        label,
        number: thousands(value.count),
        href: format!("/search?{}", typed.with(&[(facet.as_str(), chosen), ("after", ""), ("saved", "")])),
        here: value.chosen,
    }
}

impl From<search::Error> for Problem {
    fn from(error: search::Error) -> Self {
        let hint = error.hint().map(capitalised).unwrap_or_default();
        let what = capitalised(&error.to_string());
        match error {
            search::Error::Ledger(error) => error.into(),
            search::Error::Cursor | search::Error::NotSaved(_) | search::Error::Saving(_) => {
                Problem::Wrong { what, hint }
            }
            search::Error::Disk { .. } | search::Error::Index(_) => Problem::Inside { what, hint },
        }
    }
}
