//! Whose list it is: an organisation that the workspace knows, or a new one.

use ledger::{Clearance, Reader};
use schema::{EntityId, Value, fold};

use crate::error::Error;
use crate::import::Options;
use crate::record::Import;

/// The organisation of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub id: EntityId,
    pub name: String,
    /// It is to be made.
    pub new: bool,
}

/// `before`: the list's imports that the reader sees. Finds it by its id, or by a name or other name that it has, letter case aside.
///
/// # Errors
/// When several are called so, when it is nobody who could have a list, or when the list is another's.
pub fn find(reader: &Reader<'_>, options: &Options, before: &[Import]) -> Result<Option<By>, Error> {
    let earlier = before.iter().rev().find_map(|import| Some((import.asserter.clone()?, import.by.clone()?)));
    let Some(by) = options.by.as_deref() else {
        let same = earlier.and_then(|(id, name)| Some(By { id: id.parse().ok()?, name, new: false }));
        return Ok(same);
    };
    let found = search(reader, by.trim(), &options.clearance)?;
    if let Some((id, name)) = earlier
        && id != found.id.to_string()
    {
        return Err(Error::wrong(
            format!("the list “{}” is {name}’s, not {by}’s", options.list),
            "give the other list another name: one organisation’s list stays recognisable for ever",
        ));
    }
    Ok(Some(found))
}

/// By its whole name, or by the abbreviation that stands behind it.
fn is_called(name: &str, wanted: &str) -> bool {
    name == wanted
        || name.strip_suffix(')').and_then(|name| name.rsplit_once('(')).is_some_and(|(_, short)| short == wanted)
}

fn search(reader: &Reader<'_>, by: &str, clearance: &Clearance) -> Result<By, Error> {
    if let Ok(id) = by.parse::<EntityId>()
        && let Some(schema) = reader.schema_of(id)?
    {
        if !reader.registry().is_a(&schema, "LegalEntity") {
            return Err(Error::wrong(
                format!("{by} is a {schema}, and has no list"),
                "name an organisation, a group or a person",
            ));
        }
        return Ok(By { id, name: reader.label(id)?, new: false });
    }
    let wanted = fold(by);
    let mut found = Vec::new();
    for schema in ["Organization", "Group"] {
        for id in reader.of_schema(schema)? {
            let called = |property: &str| -> Result<bool, Error> {
                let values = reader.values(id, property)?;
                Ok(values
                    .iter()
                    .any(|value| matches!(value, Value::Name(name) if is_called(&fold(&name.text), &wanted))))
            };
            if called("name")? || called("alias")? {
                found.push(id);
            }
        }
    }
    match found.as_slice() {
        [one] => Ok(By { id: *one, name: reader.label(*one)?, new: false }),
        [] => {
            // One of that name that the author may not see has another audience, and so another id.
            let id = EntityId::derive("rapporteur/organisation", &format!("{clearance}\u{1F}{wanted}"));
            Ok(By { id, name: by.to_owned(), new: true })
        }
        many => Err(Error::wrong(
            format!("{} organisations are called “{by}”", many.len()),
            format!(
                "give the id of one of them: {}",
                many.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            ),
        )),
    }
}
