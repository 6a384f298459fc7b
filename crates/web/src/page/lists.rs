//! Lists: what each organisation brought, how the lists overlap, and one list with its imports, its persons and its rows.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use lists::{Import, List, Lists, Mapping};
use matching::Standing;
use schema::fold;
use serde_json::json;

use crate::Site;
use crate::ask::Ask;
use crate::list_cache::{counting, lists_soon, told};
use crate::markup::{Words, thousands};
use crate::page::brought::{Table, table};
use crate::problem::Problem;
use crate::room::{Room, answer, bare, data, html};
use crate::shell::{Nav, Shell};
use crate::upset::{Upset, upset};

/// Sets of lists in the table.
const SETS: usize = 40;
/// Persons on one page of a list, and rows of its file.
const PERSONS: usize = 50;
const ROWS: usize = 25;
/// Up to so many persons stand in the order of their names.
const SORTED: usize = 2_000;
/// Rows of a file are read from its beginning: beyond this the page sends to the file itself.
const FURTHEST: usize = 2_000;
/// The largest file that is opened again for its page, in bytes.
const LARGEST: u64 = 32 << 20;
/// With more persons than this the open pairs are not counted here: finding them takes time.
const CHEAP: u64 = 5_000;

#[derive(Template)]
#[template(path = "lists.html")]
struct Page {
    shell: Shell,
    past: bool,
    rows: Vec<Row>,
    persons: String,
    open: Option<String>,
    picture: Option<Upset>,
    overlaps: Vec<(Vec<Words>, String)>,
    more: usize,
}

struct Row {
    href: String,
    name: Words,
    by: Words,
    when: String,
    imports: usize,
    standing: usize,
    rows: String,
    persons: String,
    claims: String,
    undo: Option<String>,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let Some(lists) = lists_soon(room)? else { return counting(room) };
        if room.ask.json {
            return Ok(data(&as_data(room, &lists)));
        }
        let overlaps = lists.overlaps();
        let names = |places: &[usize]| places.iter().map(|at| Words::of(&lists.lists[*at].name)).collect();
        html(&Page {
            shell: room.shell("Lists", Nav::Lists)?,
            past: room.ask.session.looks_at_the_past(),
            rows: lists.lists.iter().map(row).collect(),
            persons: thousands(lists.documented()),
            open: open(room, &lists),
            picture: upset(&lists),
            overlaps: overlaps.iter().take(SETS).map(|set| (names(&set.lists), thousands(set.count))).collect(),
            more: overlaps.len().saturating_sub(SETS),
        })
    })
    .await
}

fn row(list: &List) -> Row {
    let standing: Vec<&Import> = list.imports.iter().filter(|import| import.undone.is_none()).collect();
    let when = standing.last().copied().or(list.imports.last());
    Row {
        href: format!("/lists/{}", list.document),
        name: Words::of(&list.name),
        by: Words::of(list.by.as_deref().unwrap_or("not said")),
        when: when.map(day).unwrap_or_default(),
        imports: list.imports.len(),
        standing: standing.len(),
        rows: thousands(list.rows),
        persons: thousands(list.entities),
        claims: thousands(standing.iter().map(|import| import.claims).sum()),
        undo: match standing.as_slice() {
            [] => None,
            [one] => Some(format!("/lists/undo/{}", one.id)),
            _ => Some(format!("/lists/{}", list.document)),
        },
    }
}

fn day(import: &Import) -> String {
    import.at.get(..10).unwrap_or(&import.at).to_owned()
}

/// How many likely pairs nobody has judged, where that is quickly said.
fn open(room: &Room<'_>, lists: &Lists) -> Option<String> {
    if lists.documented() < 2 || lists.documented() > CHEAP || room.ask.session.looks_at_the_past() {
        return None;
    }
    // Where the comparison fails, its own page says so.
    let open = room.site.matchers.with(room, |questions| Ok(questions.open(&room.reader, &[])?)).ok()?;
    let open = open.iter().filter(|question| question.standing == Standing::Open && question.probability >= 0.5);
    match open.count() {
        0 => None,
        1 => Some("1 pair of persons may be one, and nobody has judged it.".into()),
        many => Some(format!("{many} pairs of persons may be one, and nobody has judged them.")),
    }
}

fn as_data(room: &Room<'_>, lists: &Lists) -> serde_json::Value {
    let names = |places: &[usize]| places.iter().map(|at| lists.lists[*at].name.clone()).collect::<Vec<_>>();
    let overlaps: Vec<_> =
        lists.overlaps().iter().map(|set| json!({"lists": names(&set.lists), "persons": set.count})).collect();
    json!({"position": room.reader.position(), "lists": lists.lists, "persons": lists.documented(), "overlaps": overlaps})
}

#[derive(Template)]
#[template(path = "list.html")]
struct One {
    shell: Shell,
    past: bool,
    undone: bool,
    document: String,
    name: Words,
    by: Option<Words>,
    rows: String,
    persons: String,
    imports: Vec<ImportRow>,
    known: Vec<(Words, Words)>,
    persons_before: Option<String>,
    persons_after: Option<String>,
    file: Option<Table>,
    file_span: String,
    file_before: Option<String>,
    file_after: Option<String>,
    no_file: Option<String>,
    mapping: String,
}

struct ImportRow {
    id: String,
    when: String,
    position: u64,
    file: Words,
    rows: String,
    claims: String,
    refused: String,
    undone: Option<Words>,
}

/// By the address of its document, or by its name.
pub async fn one(State(site): State<Arc<Site>>, Path(which): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let Some(lists) = lists_soon(room)? else { return counting(room) };
        let asked = bare(&which);
        let found = |list: &List| list.document == asked || fold(&list.name) == fold(asked);
        let at = lists.lists.iter().position(found).ok_or(Problem::NotFound)?;
        let list = &lists.lists[at];
        if room.ask.json {
            return Ok(data(&json!({"position": room.reader.position(), "list": list})));
        }
        html(&view(room, &lists, at, list)?)
    })
    .await
}

fn view(room: &Room<'_>, lists: &Lists, at: usize, list: &List) -> Result<One, Problem> {
    let query = &room.ask.query;
    let start = |name: &str| usize::try_from(query.number(name).unwrap_or(0)).unwrap_or(0);
    let address = |name: &str, to: usize, place: &str| {
        let to = if to == 0 { String::new() } else { to.to_string() };
        Some(format!("/lists/{}?{}#{place}", list.document, query.with(&[(name, &to), ("undone", "")])))
    };
    let mut on = persons(lists, at);
    if on.len() <= SORTED {
        let labels: Result<Vec<String>, ledger::Error> = on.iter().map(|(id, _)| room.reader.label(*id)).collect();
        let mut named: Vec<_> = labels?.iter().map(|label| fold(label)).zip(on).collect();
        named.sort();
        on = named.into_iter().map(|(_, person)| person).collect();
    }
    let from = start("persons");
    let mut known = Vec::new();
    for (id, others) in on.iter().skip(from).take(PERSONS) {
        let others: Vec<Words> = others.iter().map(|other| Words::of(&lists.lists[*other].name)).collect();
        known.push((room.link(*id)?, Words::joined(&others, "; ")));
    }
    let standing = list.imports.iter().rev().find(|import| import.undone.is_none()).or(list.imports.last());
    let row = start("row").min(FURTHEST);
    let (file, no_file) = match standing.map(|import| rows(room, list, import, row)) {
        Some(Ok(table)) => (Some(table), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    let shown = file.as_ref().map_or(0, |table| table.rows.len());
    Ok(One {
        shell: room.shell(&list.name, Nav::Lists)?,
        past: room.ask.session.looks_at_the_past(),
        undone: query.has("undone") && list.imports.iter().any(|import| import.undone.is_some()),
        document: list.document.clone(),
        name: Words::of(&list.name),
        by: by(room, list)?,
        rows: thousands(list.rows),
        persons: thousands(list.entities),
        imports: list.imports.iter().rev().map(import_row).collect(),
        known,
        persons_before: address("persons", from.saturating_sub(PERSONS), "persons").filter(|_| from > 0),
        persons_after: address("persons", from + PERSONS, "persons").filter(|_| from + PERSONS < on.len()),
        file_span: if shown == 0 {
            String::new()
        } else {
            format!("rows {} to {}, and what each cell becomes", row + 1, row + shown)
        },
        file,
        file_before: address("row", row.saturating_sub(ROWS), "file").filter(|_| row > 0),
        file_after: address("row", row + ROWS, "file").filter(|_| shown == ROWS && row + ROWS <= FURTHEST),
        no_file,
        mapping: standing.map(|import| import.mapping.clone()).unwrap_or_default(),
    })
}

fn by(room: &Room<'_>, list: &List) -> Result<Option<Words>, Problem> {
    let asserter = list.asserter.as_deref().and_then(|id| id.parse().ok());
    match (asserter, &list.by) {
        (Some(id), _) => Ok(Some(room.link(id)?)),
        (None, by) => Ok(by.as_deref().map(Words::of)),
    }
}

/// Everybody on a list, each with the other lists that know them.
fn persons(lists: &Lists, at: usize) -> Vec<(schema::EntityId, Vec<usize>)> {
    let sets = lists.overlaps().into_iter().filter(|set| set.lists.contains(&at));
    let mut on: Vec<_> = sets
        .flat_map(|set| {
            let others: Vec<usize> = set.lists.iter().copied().filter(|other| *other != at).collect();
            lists.on(&set.lists).into_iter().map(move |id| (id, others.clone()))
        })
        .collect();
    on.sort();
    on
}

fn import_row(import: &Import) -> ImportRow {
    ImportRow {
        id: import.id.clone(),
        when: day(import),
        position: import.position,
        file: Words::of(&import.file),
        rows: thousands(import.rows),
        claims: thousands(import.claims),
        refused: thousands(import.cells_refused),
        undone: import.undone.as_deref().map(Words::of),
    }
}

/// Rows of the file as it came in, and what each cell became; or why they cannot be shown.
fn rows(room: &Room<'_>, list: &List, import: &Import, skip: usize) -> Result<Table, String> {
    let gone = || "The file is not here: it was destroyed, or is kept elsewhere.".to_owned();
    let said = |error: lists::Error| told(&error).0;
    let document = list.document.parse().map_err(|_| gone())?;
    let objects = room.reader.objects_of(document).map_err(|_| gone())?;
    let file = objects.iter().find(|object| object.object.to_string() == import.sha256).ok_or_else(gone)?;
    let size = file.acquired().and_then(|custody| custody.size).unwrap_or(0);
    if size > LARGEST {
        return Err("The file is too large to be shown here row by row.".into());
    }
    let bytes = room.site.workspace.vault.read_bytes(&file.object.0, LARGEST).map_err(|_| gone())?;
    let mapping = Mapping::read(&import.mapping, "mapping").map_err(said)?;
    let file = lists::ListFile::from_bytes(&import.file, bytes, &mapping.file, &room.site.unpacker).map_err(said)?;
    let previews = lists::preview(&file, &mapping, &list.name, room.registry(), skip + ROWS).map_err(said)?;
    previews.first().map(|preview| table(room, preview, skip)).ok_or_else(gone)
}
