//! Taking a whole import back: what it recorded no longer stands, and the reason is kept.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use lists::{Import, Which};

use crate::Site;
use crate::ask::{Ask, Sent};
use crate::form::fields::{Filled, Section};
use crate::form::{Sheet, fault_of};
use crate::markup::{Words, thousands};
use crate::problem::Problem;
use crate::room::{Room, answer, see};

pub async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    answer(site, ask, move |room| {
        room.writing()?;
        let import = standing(room, &id)?;
        let typed = room.ask.query.clone();
        sheet(room, &import, Filled::new(&typed))?.page()
    })
    .await
}

pub async fn send(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        room.writing()?;
        let import = standing(room, &id)?;
        let mut filled = Filled::new(&typed);
        let reason = typed.get("reason");
        if reason.is_empty() {
            filled.wrong("reason", "Why", "Say why: it is kept with every claim that no longer stands.");
        } else {
            match lists::undo(&room.site.workspace, &room.author(), &Which::Import(import.id.clone()), reason) {
                Ok(_) => return Ok(see(&format!("/lists/{}?undone=1", import.document))),
                Err(error) => filled.faults.push(fault_of(error.into())?),
            }
        }
        sheet(room, &import, filled)?.page()
    })
    .await
}

/// An import of this view that stands.
fn standing(room: &Room<'_>, id: &str) -> Result<Import, Problem> {
    let lists = lists::lists_in(&room.reader)?;
    let import = lists.into_iter().flat_map(|list| list.imports).find(|import| import.id == id);
    let import = import.ok_or(Problem::NotFound)?;
    if import.undone.is_some() {
        return Err(Problem::wrong("This import is taken back already.", "Its list says when and why."));
    }
    Ok(import)
}

fn sheet(room: &Room<'_>, import: &Import, filled: Filled<'_>) -> Result<Sheet, Problem> {
    let mut sheet = Sheet::new(room, "Take an import back", Words::of("Take this import back?"), filled.typed)?;
    sheet.kind = Words::of(&import.list).linked(&format!("/lists/{}", import.document));
    sheet.lede = format!(
        "{}, {} rows, {} claims. None of its claims will stand any longer, and what an earlier import of this list said stands again. \
         Nothing is lost: the file and the history stay, and the list can be taken in again.",
        import.file,
        thousands(import.rows),
        thousands(import.claims)
    );
    sheet.sections = vec![Section {
        legend: "Why",
        fields: vec![filled.area("reason", "Why", "In a sentence: whoever looks later will ask.", false, 3).required()],
        ..Section::default()
    }];
    sheet.submit = "Take it back";
    sheet.cancel = format!("/lists/{}", import.document);
    sheet.faults = filled.faults;
    Ok(sheet)
}
