//! A list that was brought and not taken in: what its columns become, how far its import is, and what came of it.

use askama::Template;
use axum::response::Response;
use lists::{Becomes, Preview, PreviewCell};

use crate::ask::Pairs;
use crate::brought::Draft;
use crate::form::columns::{self, OTHERWISE, Offered};
use crate::form::fields::{Fault, Section};
use crate::form::mapped;
use crate::list_cache::told;
use crate::markup::{Words, shortened, thousands};
use crate::page::told::{Told, reason, tell};
use crate::problem::{Problem, capitalised};
use crate::room::{Room, html, html_wrong};
use crate::shell::{Nav, Shell};

/// Rows of the preview.
const ROWS: usize = 10;
/// With more columns than this, only common choices are offered: the page stays light.
const MANY: usize = 24;

#[derive(Template)]
#[template(path = "columns.html")]
struct Page {
    shell: Shell,
    action: String,
    file: Words,
    about: Vec<String>,
    remembered: Option<Words>,
    known: Option<String>,
    remarks: Vec<String>,
    faults: Vec<Fault>,
    result: Option<Told>,
    section: Section,
    offered: Offered,
    columns: Vec<Column>,
    further: Vec<Further>,
    tables: Vec<Table>,
    toml: String,
    toml_fault: bool,
}

/// A column of the file, and what it becomes.
struct Column {
    name: String,
    header: Words,
    examples: Vec<Words>,
    role: String,
    /// A choice that is not offered to every column.
    extra: Option<(String, String)>,
    why: String,
}

/// A repeat or a further sheet: each column, a value of it, and what it becomes.
struct Further {
    name: Words,
    columns: Vec<(Words, Words, String)>,
}

/// The first rows of a table, in what they become.
pub struct Table {
    pub name: Words,
    pub headers: Vec<(Words, String)>,
    pub rows: Vec<Row>,
    pub also: Vec<String>,
    pub hidden: usize,
}

pub struct Row {
    pub number: u64,
    pub refused: bool,
    pub cells: Vec<Vec<Shown>>,
    pub problems: Vec<String>,
}

/// A value in a cell: what it becomes, what stood there if that differs, or why it is not taken.
pub struct Shown {
    pub value: Words,
    pub from: Option<Words>,
    pub refused: bool,
}

#[derive(Template)]
#[template(path = "running.html")]
struct Running {
    shell: Shell,
    action: String,
    list: Words,
    rows: String,
    percent: u64,
}

#[derive(Template)]
#[template(path = "taken.html")]
struct Taken {
    shell: Shell,
    list: Words,
    href: String,
    import: String,
    position: u64,
    result: Told,
}

/// The page of a draft, as it stands.
pub fn show(
    room: &Room<'_>,
    name: &str,
    draft: &mut Draft,
    typed: &Pairs,
    faults: Vec<Fault>,
) -> Result<Response, Problem> {
    let action = format!("/lists/add/{name}");
    let Some(run) = draft.run.clone() else { return columns_page(room, action, draft, typed, faults, None) };
    let Some(outcome) = run.outcome() else {
        let so_far = run.progress();
        return html(&Running {
            shell: shell(room, "Reading the list", &action)?,
            action,
            list: Words::of(&draft.list),
            rows: thousands(so_far.rows),
            percent: so_far.bytes.saturating_mul(100).checked_div(so_far.of).unwrap_or(0).min(100),
        });
    };
    if let Ok(report) = &outcome.report
        && let Some(import) = &report.import
    {
        draft.let_go();
        return html(&Taken {
            shell: shell(room, "Taken in", "/lists")?,
            list: Words::of(&report.list),
            href: format!("/lists/{}", report.document),
            import: import.clone(),
            position: report.position.unwrap_or(room.reader.position()),
            result: tell(room, &action, report, &outcome),
        });
    }
    let result = match &outcome.report {
        Ok(report) => tell(room, &action, report, &outcome),
        Err((what, hint)) => Told {
            heading: "▲ Nothing was recorded",
            class: "bad",
            lines: vec![Words::of(&capitalised(what)), Words::of(&capitalised(hint))],
            refused: Vec::new(),
            more: 0,
            remarks: Vec::new(),
            files: Vec::new(),
            choice: false,
            fine: false,
        },
    };
    columns_page(room, action, draft, typed, faults, Some(result))
}

fn shell(room: &Room<'_>, title: &str, back: &str) -> Result<Shell, Problem> {
    let mut shell = room.shell(title, Nav::Lists)?;
    shell.bar.back = back.to_owned();
    Ok(shell)
}

fn columns_page(
    room: &Room<'_>,
    action: String,
    draft: &mut Draft,
    typed: &Pairs,
    mut faults: Vec<Fault>,
    result: Option<Told>,
) -> Result<Response, Problem> {
    let file = match draft.file(&room.site.unpacker) {
        Ok(file) => file,
        Err(error) => {
            let (what, hint) = told(&error);
            return Err(Problem::wrong(what, format!("{hint} Bring the file again from Lists.")));
        }
    };
    let list = if draft.list.is_empty() { "list" } else { draft.list.as_str() };
    let previews = match lists::preview(&file, &draft.mapping, list, room.registry(), ROWS) {
        Ok(previews) => previews,
        Err(error) => {
            let at_toml = |text: String| Fault { name: "toml".into(), label: "Mapping".into(), text };
            match error {
                _ if !faults.is_empty() => {}
                lists::Error::Mapping(wrong) if wrong.iter().any(is_nameless) => faults.push(Fault {
                    name: "columns".into(),
                    label: "The columns".into(),
                    text: "None of them is taken for the name of a person: choose the one that is.".into(),
                }),
                lists::Error::Mapping(wrong) => faults.extend(wrong.iter().map(|fault| at_toml(fault.to_string()))),
                error => faults.push(at_toml(told(&error).0)),
            }
            Vec::new()
        }
    };
    let headers = file.tables.first().map(|table| table.headers.clone()).unwrap_or_default();
    let all = columns::offered(room.registry(), true);
    let offered = if headers.len() > MANY { columns::offered(room.registry(), false) } else { all.clone() };
    let shown = file.format != "followthemoney";
    let columns = headers.iter().enumerate().filter(|_| shown).map(|(at, header)| {
        let role = columns::role(&draft.mapping, &file, header);
        let (proposed, why) = draft.proposed.get(at).cloned().unwrap_or_default();
        let known = |offered: &Offered| label(offered, &role);
        let extra = match (role.as_str(), known(&offered)) {
            ("", _) | (_, Some(_)) => None,
            (OTHERWISE, _) => Some((role.clone(), "As the mapping below says".to_owned())),
            _ => Some((role.clone(), known(&all).unwrap_or_else(|| role.replace(':', ": ")))),
        };
        Column {
            name: format!("c{at}"),
            header: Words::of(&shortened(header, 60)),
            examples: draft.examples.get(at).into_iter().flatten().map(|value| Words::of(value)).collect(),
            why: match (&draft.remembered, role == proposed) {
                (Some(_), _) if !role.is_empty() => "As it was taken before".into(),
                (_, true) => capitalised(&why),
                (_, false) if role.is_empty() => "Left out".into(),
                (_, false) => "Chosen by you".into(),
            },
            role,
            extra,
        }
    });
    let columns = columns.collect();
    let known = if draft.list.is_empty() { None } else { lists::document_of(&room.reader, &draft.list)? };
    let toml_fault = faults.iter().any(|fault| fault.name == "toml");
    let page = Page {
        shell: shell(room, "What its columns become", &action)?,
        action,
        file: Words::of(&draft.file_name),
        about: about(&file),
        remembered: draft.remembered.as_deref().map(Words::of),
        known: known.map(|document| format!("/lists/{document}")),
        remarks: draft.remarks.iter().filter(|remark| is_open(remark, draft)).map(|remark| decide(remark)).collect(),
        result,
        section: mapped::fields(room, draft, &faults)?,
        offered,
        columns,
        further: further(room, draft, &file),
        tables: previews.iter().map(|preview| table(room, preview, 0)).collect(),
        toml: if toml_fault && typed.has("toml") { typed.raw("toml") } else { draft.toml.clone() },
        toml_fault,
        faults,
    };
    if page.faults.is_empty() { html(&page) } else { html_wrong(&page) }
}

fn is_nameless(fault: &lists::Fault) -> bool {
    fault.what.contains("makes nothing of a row") || fault.what.contains("name is required")
}

/// The tables after the first, as the mapping takes them.
fn further(room: &Room<'_>, draft: &Draft, file: &lists::ListFile) -> Vec<Further> {
    let becomes = |table: &str, header: &str| -> String {
        let of_it = draft.mapping.entities.iter().filter(|entity| entity.table.as_deref() == Some(table));
        let rules =
            of_it.flat_map(|entity| entity.properties.iter().map(move |(property, rule)| (entity, property, rule)));
        let named = rules.filter(|(_, _, rule)| rule.named().any(|column| column == header));
        let label = |entity: &lists::EntityRule, property: &str| {
            let known = room.registry().property(&entity.schema, property);
            known.map_or_else(|_| property.to_owned(), |known| known.label.get("en").to_lowercase())
        };
        let said: Vec<String> =
            named.map(|(entity, property, _)| format!("{}: {}", entity.name, label(entity, property))).collect();
        if said.is_empty() { "not taken".into() } else { said.join("; ") }
    };
    file.tables
        .iter()
        .skip(1)
        .filter(|_| file.format != "followthemoney")
        .map(|table| Further {
            name: Words::of(&table.name),
            columns: draft
                .further
                .iter()
                .filter(|(name, _, _)| *name == table.name)
                .map(|(name, column, example)| {
                    (Words::of(&shortened(column, 60)), Words::of(example), becomes(name, column))
                })
                .collect(),
        })
        .filter(|further| !further.columns.is_empty())
        .collect()
}

fn label(offered: &Offered, role: &str) -> Option<String> {
    offered.iter().flat_map(|(_, choices)| choices).find(|(value, _)| value == role).map(|(_, label)| label.clone())
}

/// What was told from the file itself.
fn about(file: &lists::ListFile) -> Vec<String> {
    let kind = match file.format {
        "csv" => "A table in text",
        "workbook" => "A workbook",
        "archive" => "An archive of tables",
        "json" => "JSON lines",
        "followthemoney" => "FollowTheMoney’s entities",
        other => other,
    };
    let size = match file.size {
        bytes if bytes < 10_000 => format!("{} bytes", thousands(bytes)),
        bytes if bytes < 10_000_000 => format!("{} kB", thousands(bytes / 1000)),
        bytes => format!("{} MB", thousands(bytes / 1_000_000)),
    };
    let mut about = vec![format!("{kind}, {size}")];
    if file.tables.len() > 1 {
        let names: Vec<&str> = file.tables.iter().map(|table| table.name.as_str()).collect();
        about.push(format!("{} tables: {}", names.len(), names.join(", ")));
    }
    about.extend(file.notices.iter().map(|notice| capitalised(notice)));
    about
}

/// Rows of a preview after the first `skip`, without the columns that become nothing.
pub fn table(room: &Room<'_>, preview: &Preview, skip: usize) -> Table {
    let used = |cell: &PreviewCell| !cell.becomes.is_empty() || !cell.refused.is_empty();
    let width = preview.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let kept: Vec<usize> =
        (0..width).filter(|at| preview.rows.iter().any(|row| row.cells.get(*at).is_some_and(used))).collect();
    let name = |becomes: &Becomes| {
        let property = room.registry().property(&becomes.schema, &becomes.property);
        let property = property.map_or(becomes.property.clone(), |property| property.label.get("en").to_owned());
        format!("{}: {}", becomes.entity, property.to_lowercase())
    };
    let headers = kept.iter().map(|at| {
        let cells = || preview.rows.iter().filter_map(|row| row.cells.get(*at));
        let header = cells().next().map(|cell| shortened(&cell.column, 40)).unwrap_or_default();
        let becomes = cells().flat_map(|cell| &cell.becomes).next().map(name).unwrap_or_default();
        (Words::of(&header), becomes)
    });
    let rows = preview.rows.iter().skip(skip).map(|row| Row {
        number: row.row,
        refused: row.refused,
        cells: kept.iter().map(|at| row.cells.get(*at).map(|it| cell(it, row.refused)).unwrap_or_default()).collect(),
        problems: row.problems.iter().map(|problem| reason(&problem.reason, &problem.hint)).collect(),
    });
    let first = preview.rows.iter().find(|row| !row.refused);
    let also = first.into_iter().flat_map(|row| &row.also);
    let mut said: Vec<String> = also.map(|becomes| format!("{} {}", name(becomes), becomes.shown)).collect();
    said.dedup();
    Table {
        name: Words::of(&preview.table),
        headers: headers.collect(),
        rows: rows.collect(),
        also: said,
        hidden: width - kept.len(),
    }
}

/// Whether a cell becomes what stands in it; long ones are cut.
fn says_the_same(shown: &str, cell: &str) -> bool {
    shown == cell || cell.len() > 60 && shown.starts_with(cell.trim_end_matches(['…', ' ']))
}

/// `lost`: the row is not taken, so its cells stand there as they are.
fn cell(cell: &PreviewCell, lost: bool) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    if lost && cell.refused.is_empty() {
        let value = Words::of(&shortened(cell.value.trim(), 40));
        return vec![Shown { value, from: None, refused: false }];
    }
    for becomes in &cell.becomes {
        let value = Words::of(&shortened(&becomes.shown, 70));
        if shown.iter().any(|other| other.value == value) {
            continue;
        }
        // What stands there is said once, also where it makes several values.
        let from =
            Some(cell.value.trim()).filter(|from| shown.is_empty() && !says_the_same(becomes.shown.trim(), from));
        let from = from.map(|from| Words::of(&shortened(from, 40)));
        shown.push(Shown { value, from, refused: false });
    }
    for (why, hint) in &cell.refused {
        let from = Some(Words::of(&shortened(cell.value.trim(), 40)));
        shown.push(Shown { value: Words::of(&reason(why, hint)), from, refused: true });
    }
    shown
}

/// Whether what a proposal left to a person was not decided since.
fn is_open(remark: &str, draft: &Draft) -> bool {
    let mapping = &draft.mapping;
    match remark {
        text if text.contains("`key`") => mapping.file.key.is_empty(),
        text if text.contains("`dates`") => mapping.file.dates.is_none(),
        text if text.contains("type of act") => columns::act_type(mapping).is_empty(),
        _ => true,
    }
}

/// What a proposal leaves to a person, in the words of the form.
fn decide(remark: &str) -> String {
    let told = match remark {
        text if text.contains("`key`") => {
            "No column tells a row from all others, so a row that changes later will be a new one. If there is one, choose “Number that tells rows apart” for it."
        }
        text if text.contains("`dates`") => {
            "Dates can be read day first or month first: choose which at “Dates in figures”. Until then those in doubt are refused."
        }
        text if text.contains("type of act") => {
            "There are dates or places of something that happened, and no column says what: choose it at “What happened”, and what the columns of the act become."
        }
        text if text.contains("by hand") => "No column was known for a person’s name: choose it below.",
        text => return capitalised(text),
    };
    told.to_owned()
}
