//! A list comes in: the file, then what its columns become, then what came of it. Nothing is recorded before the last step.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ledger::Clearance;
use lists::{DateOrder, EntityRule, ListFile, Mapping, Options, Rule, Take};
use schema::fold;

use crate::Site;
use crate::ask::{Ask, Pairs, Sent};
use crate::brought::{Draft, Run, lock};
use crate::form::columns::{self, OTHERWISE};
use crate::form::fields::{Fault, Filled, Section, clearances, terms};
use crate::form::upload::{Upload, receive};
use crate::list_cache::told;
use crate::markup::shortened;
use crate::page::brought;
use crate::page::library::offered;
use crate::problem::Problem;
use crate::room::{Room, answer, html, html_wrong, see};
use crate::routes::LARGEST_UPLOAD;
use crate::shell::{Nav, Shell};

/// Rows from which examples are taken.
const SAMPLE: usize = 20;
/// A browser waits so long for an import; then a page says how far it is.
const PATIENCE: Duration = Duration::from_millis(2500);

/// The first step.
#[derive(Template)]
#[template(path = "bring.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    section: Section,
    opened: u64,
    limit: usize,
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        room.writing()?;
        html(&sheet(room, &Filled::new(&room.ask.query))?)
    })
    .await
}

pub async fn send(State(site): State<Arc<Site>>, request: Request) -> Response {
    let Upload { ask, typed, files } = match receive(&site, request).await {
        Ok(upload) => upload,
        Err(refused) => return refused,
    };
    answer(site, ask, move |room| {
        room.writing()?;
        let mut filled = Filled::new(&typed);
        if cleared(room, typed.get("clearance")).is_none() {
            filled.wrong("clearance", "May be seen by", "Choose who may see this list.");
        }
        match files.into_iter().next() {
            None => filled.wrong("files", "File", "Choose the file of the list."),
            Some((name, bytes)) if filled.faults.is_empty() => match begin(room, &typed, &name, bytes) {
                Ok(draft) => {
                    let kept = room.site.brought.keep(&room.ask.cookie, draft).map_err(no_random)?;
                    return Ok(see(&format!("/lists/add/{kept}")));
                }
                Err(error) => {
                    let (what, hint) = told(&error);
                    filled.wrong("files", "File", format!("{what} {hint}"));
                }
            },
            Some(_) => {}
        }
        html_wrong(&sheet(room, &filled)?)
    })
    .await
}

fn sheet(room: &Room<'_>, filled: &Filled<'_>) -> Result<Page, Problem> {
    let mut shell = room.shell("Take in a list", Nav::Lists)?;
    shell.bar.back = "/lists/add".into();
    Ok(Page {
        shell,
        faults: filled.faults.clone(),
        section: whose(room, filled)?,
        opened: room.reader.position(),
        limit: LARGEST_UPLOAD / (1024 * 1024),
    })
}

/// What the list is called, whose it is, and who may see it.
pub fn whose(room: &Room<'_>, filled: &Filled<'_>) -> Result<Section, Problem> {
    let bodies = offered(room, &["Organization".to_owned()], 250)?.into_iter().map(|(_, label)| label).collect();
    Ok(Section {
        legend: "The list",
        intro: String::new(),
        fields: vec![
            filled.line("list", "Name", "As you would cite it. By it the list is known for ever.").wide().required(),
            filled.offering("by", "Whose list it is", "The organisation.", bodies),
            filled.select(
                "clearance",
                "May be seen by",
                "All that comes from it.",
                clearances(room.reader.cleared().level()),
            ),
        ],
        further: None,
    })
}

fn cleared(room: &Room<'_>, text: &str) -> Option<Clearance> {
    text.parse::<Clearance>().ok().filter(|clearance| room.reader.cleared().may_see(clearance))
}

fn no_random(error: getrandom::Error) -> Problem {
    Problem::Inside { what: format!("The operating system gives no random numbers: {error}."), hint: String::new() }
}

/// Opens the file and proposes what its columns become: as a list with these headings was taken in before, or anew.
fn begin(room: &Room<'_>, typed: &Pairs, name: &str, bytes: Vec<u8>) -> Result<Draft, lists::Error> {
    let mut draft = Draft::new(name, bytes);
    (draft.list, draft.by) = (typed.get("list").to_owned(), typed.get("by").to_owned());
    draft.clearance = typed.get("clearance").to_owned();
    let file = draft.file(&room.site.unpacker)?;
    draft.examples = examples(room, &file);
    propose(room, &mut draft, &file)?;
    if let Some((import, mapping)) = remembered(room, &file)? {
        let at = import.at.get(..10).unwrap_or_default();
        draft.remembered = Some(format!("{} of {at}", import.list));
        if draft.list.is_empty() {
            draft.list.clone_from(&import.list);
        }
        if draft.by.is_empty() && fold(&draft.list) == fold(&import.list) {
            draft.by = import.by.unwrap_or_default();
        }
        draft.mapping = mapping;
    }
    write_down(&mut draft);
    Ok(draft)
}

/// Values of each column of the first table, as it stands in the file.
fn examples(room: &Room<'_>, file: &ListFile) -> Vec<Vec<String>> {
    let said = Rule { value: Some("-".into()), ..Rule::default() };
    let row = EntityRule {
        name: "row".into(),
        schema: "Person".into(),
        properties: vec![("note".into(), said)],
        ..EntityRule::default()
    };
    let mapping = Mapping { entities: vec![row], ..Mapping::default() };
    let width = file.tables.first().map_or(0, |table| table.headers.len());
    let mut columns = vec![Vec::new(); width];
    let previews = lists::preview(file, &mapping, "list", room.registry(), SAMPLE).unwrap_or_default();
    for row in previews.first().into_iter().flat_map(|preview| &preview.rows) {
        for (column, cell) in columns.iter_mut().zip(&row.cells) {
            let value = shortened(cell.value.trim(), 40);
            if !value.is_empty() && column.len() < 3 && !column.contains(&value) {
                column.push(value);
            }
        }
    }
    columns
}

fn propose(room: &Room<'_>, draft: &mut Draft, file: &ListFile) -> Result<(), lists::Error> {
    let proposal = Mapping::propose(file, room.registry())?;
    draft.mapping = proposal.mapping;
    draft.remarks = proposal.remarks;
    draft.remembered = None;
    let Some(table) = file.tables.first() else { return Ok(()) };
    let of_first = proposal.columns.iter().filter(|column| column.table == table.name);
    let why: Vec<(&str, String)> = of_first
        .map(|column| {
            let sure = match column.confidence {
                _ if column.entity.is_empty() && column.confidence < 1.0 => "Not taken",
                c if c >= 0.85 => "Sure",
                c if c >= 0.65 => "Likely",
                _ => "Perhaps",
            };
            (column.column.as_str(), format!("{sure}: {}", column.why))
        })
        .collect();
    draft.proposed = table
        .headers
        .iter()
        .map(|header| {
            let said = why.iter().find(|(column, _)| column == header).map(|(_, why)| why.clone());
            (columns::role(&draft.mapping, file, header), said.unwrap_or_default())
        })
        .collect();
    Ok(())
}

/// The newest import in this view whose mapping fits this file's headings.
fn remembered(room: &Room<'_>, file: &ListFile) -> Result<Option<(lists::Import, Mapping)>, lists::Error> {
    let headers: Vec<String> =
        file.tables.iter().flat_map(|table| &table.headers).map(|header| fold(header)).collect();
    for import in lists::imports(&room.reader)?.into_iter().rev() {
        let Ok(mapping) = Mapping::read(&import.mapping, "mapping") else { continue };
        let named = columns::named(&mapping);
        if named.len() > 1 && named.iter().all(|column| headers.contains(&fold(column))) {
            return Ok(Some((import, mapping)));
        }
    }
    Ok(None)
}

/// The mapping as the form shows it, with what the form's fields say of the list.
fn write_down(draft: &mut Draft) {
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    draft.mapping.list = said(&draft.list);
    draft.mapping.by = said(&draft.by);
    draft.mapping.clearance = said(&draft.clearance);
    draft.toml = draft.mapping.write();
}

/// The second step and the third: what the columns become, how far the import is, or what came of it.
pub async fn step(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        room.writing()?;
        let Some(draft) = room.site.brought.find(&room.ask.cookie, &name) else { return Err(forgotten()) };
        let mut draft = lock(&draft);
        brought::show(room, &name, &mut draft, &Pairs::default(), Vec::new())
    })
    .await
}

pub async fn go_on(State(site): State<Arc<Site>>, Path(name): Path<String>, sent: Sent) -> Response {
    let Sent { ask, typed } = sent;
    answer(site, ask, move |room| {
        room.writing()?;
        let Some(draft) = room.site.brought.find(&room.ask.cookie, &name) else { return Err(forgotten()) };
        let mut draft = lock(&draft);
        let here = format!("/lists/add/{name}");
        let running = draft.run.as_ref().filter(|run| run.outcome().is_none());
        if let Some(run) = running {
            if typed.get("do") == "stop" {
                run.stop();
                run.wait(PATIENCE);
            }
            return Ok(see(&here));
        }
        let done = draft.run.as_ref().and_then(|run| run.outcome());
        if done.is_some_and(|outcome| outcome.report.as_ref().is_ok_and(|report| report.import.is_some())) {
            return Ok(see(&here));
        }
        draft.run = None;
        let mut faults = edit(room, &mut draft, &typed)?;
        let options = match typed.get("do") {
            "dry" => Some((Take::All, true)),
            "take" => Some((Take::All, false)),
            "take-whole" => Some((Take::WholeRows, false)),
            "take-good" => Some((Take::Good, false)),
            _ => None,
        };
        if let (Some((take, dry_run)), true) = (options, faults.is_empty()) {
            match start(room, &mut draft, take, dry_run) {
                Ok(run) => {
                    run.wait(PATIENCE);
                    draft.run = Some(run);
                    return Ok(see(&here));
                }
                Err(error) => {
                    let (what, hint) = told(&error);
                    let name = if draft.list.is_empty() { "list" } else { "toml" };
                    let label = if draft.list.is_empty() { "Name" } else { "Mapping" };
                    faults.push(Fault { name: name.into(), label: label.into(), text: format!("{what} {hint}") });
                }
            }
        }
        brought::show(room, &name, &mut draft, &typed, faults)
    })
    .await
}

fn forgotten() -> Problem {
    Problem::wrong(
        "This list is no longer here.",
        "A file that was brought and not taken in is kept for an hour, in memory only. Bring it again from Lists.",
    )
}

/// What was chosen and typed, into the draft; what is wrong with it.
fn edit(room: &Room<'_>, draft: &mut Draft, typed: &Pairs) -> Result<Vec<Fault>, Problem> {
    let mut filled = Filled::new(typed);
    if typed.get("do") == "propose" {
        let file = draft.file(&room.site.unpacker)?;
        propose(room, draft, &file)?;
        write_down(draft);
        return Ok(filled.faults);
    }
    if !typed.has("list") {
        // A choice on the page of results: nothing else was on it.
        return Ok(filled.faults);
    }
    (draft.list, draft.by) = (typed.get("list").to_owned(), typed.get("by").to_owned());
    match cleared(room, typed.get("clearance")) {
        Some(clearance) => draft.clearance = clearance.to_string(),
        None => filled.wrong("clearance", "May be seen by", "Choose who may see this list."),
    }
    let text = typed.raw("toml");
    if text.trim() == draft.toml.trim() {
        let file = draft.file(&room.site.unpacker)?;
        choose(draft, &file, typed);
    } else {
        match Mapping::read(&text, "Mapping") {
            Ok(mapping) => {
                draft.list = mapping.list.clone().unwrap_or_else(|| draft.list.clone());
                draft.by = mapping.by.clone().unwrap_or_else(|| draft.by.clone());
                if let Some(clearance) = mapping.clearance.as_deref() {
                    match cleared(room, clearance) {
                        Some(clearance) => draft.clearance = clearance.to_string(),
                        None => filled.wrong("toml", "Mapping", "Its clearance is none that you have."),
                    }
                }
                draft.mapping = mapping;
                draft.remarks.clear();
            }
            Err(lists::Error::Mapping(faults)) => {
                for fault in faults {
                    filled.wrong("toml", "Mapping", fault.to_string());
                }
                return Ok(filled.faults);
            }
            Err(error) => return Err(error.into()),
        }
    }
    write_down(draft);
    if draft.list.is_empty() && typed.get("do") != "preview" {
        filled.wrong("list", "Name", "Give the list a name: by it the list is known for ever.");
    }
    let without = |entity: &&EntityRule| {
        entity.schema == "Act" && entity.properties.iter().all(|(property, _)| property != "type")
    };
    if draft.mapping.entities.iter().find(without).is_some() {
        filled.wrong("act", "What happened", "There are dates or places of something that was done: choose what it was.");
    }
    Ok(filled.faults)
}

/// The choices of the form.
fn choose(draft: &mut Draft, file: &ListFile, typed: &Pairs) {
    let headers = file.tables.first().map(|table| table.headers.clone()).unwrap_or_default();
    for (at, header) in headers.iter().enumerate() {
        let name = format!("c{at}");
        let chosen = typed.get(&name);
        if typed.has(&name) && chosen != OTHERWISE && chosen != columns::role(&draft.mapping, file, header) {
            columns::choose(&mut draft.mapping, file, header, chosen);
        }
    }
    if typed.has("dates") {
        draft.mapping.file.dates = order(typed.get("dates"));
    }
    if typed.has("act") {
        columns::set_act_type(&mut draft.mapping, typed.get("act"));
    }
}

/// Ways to write a date in figures.
pub const ORDERS: [(DateOrder, &str); 4] = [
    (DateOrder::Day, "day first: 31/12/2020"),
    (DateOrder::Month, "month first: 12/31/2020"),
    (DateOrder::Year, "year first: 2020/12/31"),
    (DateOrder::Serial, "a spreadsheet’s count of days: 44196"),
];

fn order(text: &str) -> Option<DateOrder> {
    ORDERS.into_iter().find(|(order, _)| order.as_str() == text).map(|(order, _)| order)
}

/// The fields above the table of columns.
pub fn fields(room: &Room<'_>, draft: &Draft, faults: &[Fault]) -> Result<Section, Problem> {
    let mut typed = Pairs::default();
    typed.set("list", &draft.list);
    typed.set("by", &draft.by);
    typed.set("clearance", &draft.clearance);
    typed.set("dates", draft.mapping.file.dates.map_or("", DateOrder::as_str));
    typed.set("act", &columns::act_type(&draft.mapping));
    let filled = Filled { typed: &typed, faults: faults.to_vec() };
    let mut section = whose(room, &filled)?;
    let orders = ORDERS.iter().map(|(order, label)| (order.as_str().to_owned(), (*label).to_owned()));
    let orders = std::iter::once((String::new(), "as the file tells".to_owned())).chain(orders).collect();
    section.fields.push(filled.select("dates", "Dates in figures", "Words and 2020-12-31 are always understood.", orders));
    let acts = terms(room.registry(), "acts", "(nothing, or a column says it)");
    section.fields.push(filled.select("act", "What happened", "To everybody on the list.", acts));
    Ok(section)
}

fn start(room: &Room<'_>, draft: &mut Draft, take: Take, dry_run: bool) -> Result<Arc<Run>, lists::Error> {
    let file = draft.file(&room.site.unpacker)?;
    let mut options = Options::new(&draft.mapping, Some(&draft.list), Some(&draft.by))?;
    (options.take, options.dry_run) = (take, dry_run);
    // What does not fit the file is said here, beside the mapping, and not by the import.
    lists::preview(&file, &draft.mapping, &draft.list, room.registry(), 1)?;
    Run::begin(Arc::clone(&room.site.workspace), room.author(), file, draft.mapping.clone(), options).map_err(|error| {
        lists::Error::Wrong { what: format!("the import cannot be started: {error}"), hint: "try again".into() }
    })
}

/// The rows that were not taken, as a file to correct and bring again.
pub async fn rows(State(site): State<Arc<Site>>, Path((name, file)): Path<(String, String)>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        let draft = room.site.brought.find(&room.ask.cookie, &name).ok_or(Problem::NotFound)?;
        let outcome = lock(&draft).run.as_ref().and_then(|run| run.outcome()).ok_or(Problem::NotFound)?;
        let number: usize = file.strip_suffix(".csv").and_then(|number| number.parse().ok()).ok_or(Problem::NotFound)?;
        let (_, bytes) = outcome.rejected.get(number).ok_or(Problem::NotFound)?;
        let kind = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"rows-to-correct.csv\""),
        ];
        Ok((kind, bytes.clone()).into_response())
    })
    .await
}
