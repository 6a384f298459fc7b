//! The mapping of a list that was brought: proposed, remembered from an earlier import, and edited by choices and by hand.

use ledger::Clearance;
use lists::{DateOrder, EntityRule, ListFile, Mapping, Rule};
use schema::fold;

use crate::ask::Pairs;
use crate::brought::Draft;
use crate::form::columns::{self, OTHERWISE};
use crate::form::fields::{Fault, Filled, Section, clearances, terms};
use crate::markup::shortened;
use crate::page::library::offered;
use crate::problem::Problem;
use crate::room::Room;

/// Rows from which examples are taken.
const SAMPLE: usize = 20;

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

/// A clearance that the reader has.
pub fn cleared(room: &Room<'_>, text: &str) -> Option<Clearance> {
    text.parse::<Clearance>().ok().filter(|clearance| room.reader.cleared().may_see(clearance))
}

/// Values of each column of the first table, as it stands in the file.
pub fn examples(room: &Room<'_>, file: &ListFile) -> Vec<Vec<String>> {
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

/// A mapping guessed from the headings and values, and how sure each guess is.
pub fn propose(room: &Room<'_>, draft: &mut Draft, file: &ListFile) -> Result<(), lists::Error> {
    let proposal = Mapping::propose(file, room.registry())?;
    draft.mapping = proposal.mapping;
    draft.remarks = proposal.remarks;
    draft.remembered = None;
    let later =
        proposal.columns.iter().filter(|column| file.tables.first().is_some_and(|table| table.name != column.table));
    draft.further = later.map(|column| (column.table.clone(), column.column.clone(), column.example.clone())).collect();
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
pub fn remembered(room: &Room<'_>, file: &ListFile) -> Result<Option<(lists::Import, Mapping)>, lists::Error> {
    let headers: Vec<String> = file.tables.iter().flat_map(|table| &table.headers).map(|header| fold(header)).collect();
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
pub fn write_down(draft: &mut Draft) {
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    draft.mapping.list = said(&draft.list);
    draft.mapping.by = said(&draft.by);
    draft.mapping.clearance = said(&draft.clearance);
    draft.toml = draft.mapping.write();
}

/// What was chosen and typed, into the draft; what is wrong with it.
pub fn edit(room: &Room<'_>, draft: &mut Draft, typed: &Pairs) -> Result<Vec<Fault>, Problem> {
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
    let without = |entity: &EntityRule| {
        entity.schema == "Act" && entity.properties.iter().all(|(property, _)| property != "type")
    };
    if draft.mapping.entities.iter().any(without) {
        filled.wrong(
            "act",
            "What happened",
            "There are dates or places of something that was done: choose what it was.",
        );
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
    section.fields.push(filled.select(
        "dates",
        "Dates in figures",
        "Words and 2020-12-31 are always understood.",
        orders,
    ));
    let acts = terms(room.registry(), "acts", "(nothing, or a column says it)");
    section.fields.push(filled.select("act", "What happened", "To everybody on the list.", acts));
    Ok(section)
}
