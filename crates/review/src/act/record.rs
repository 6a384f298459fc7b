//! From the fields of an act to its claims.

use ledger::Reader;
use reading::Act;
use schema::{EntityId, Value, fold};

use super::{ACT, CASE, STEP, step_of, steps_like};
use crate::Error;
use crate::build::Build;
use crate::plan::Input;

pub(crate) fn build(build: &mut Build<'_>, _proposed: &Act) -> Result<(), Error> {
    let victim = build.somebody("victim")?;
    let act_type = build.needed("type", ACT, "type");
    let (Some(victim), Some(act_type)) = (victim, act_type) else { return Ok(()) };
    let code = if let Value::Term(term) = &act_type { term.code.clone() } else { String::new() };
    let date = build.value("date", ACT, "date");
    let place = build.value("place", ACT, "place");
    if let Some(size) = build.value("size", "Group", "size")
        && is_group(build, victim)?
    {
        build.say(victim, "size", &size);
    }
    let act = match build.known("known", ACT)? {
        Some(known) if concerns(build.reader, known, "victim", victim)? => known,
        Some(_) => {
            build.wrong("known", "That act was done to somebody else. Choose again.");
            return Ok(());
        }
        None => build.make(ACT)?,
    };
    build.say(act, "type", &act_type);
    build.say(act, "victim", &Value::Entity(victim));
    for (property, value) in [("date", &date), ("place", &place)] {
        if let Some(value) = value {
            build.say(act, property, value);
        }
    }
    if let Some(perpetrator) = build.whom("perpetrator")? {
        build.say(act, "perpetrator", &Value::Entity(perpetrator));
    }
    build.say_field(act, ACT, "perpetratorType");
    build.say_field(act, ACT, "victimGroup");
    if let Some(incident) = in_incident(build)? {
        build.say(act, "incident", &Value::Entity(incident));
    }
    match step_of(&code) {
        Some(step) => in_proceeding(build, act, victim, &code, step, date.as_ref()),
        None => Ok(()),
    }
}

fn is_group(build: &Build<'_>, id: EntityId) -> Result<bool, Error> {
    // Somebody new is a group when the form says so; somebody known, when the ledger does.
    Ok(match build.reader.schema_of(id)? {
        Some(schema) => schema == "Group",
        None => {
            matches!(build.plan.field("victim").map(|field| &field.input), Some(Input::Whom(whom)) if whom.is == "Group")
        }
    })
}

fn concerns(reader: &Reader<'_>, id: EntityId, property: &str, whom: EntityId) -> Result<bool, Error> {
    let same = |value: &Value| matches!(value, Value::Entity(id) if reader.shown_as(*id) == reader.shown_as(whom));
    Ok(reader.values(id, property)?.iter().any(same))
}

fn in_incident(build: &mut Build<'_>) -> Result<Option<EntityId>, Error> {
    if build.plan.get("incident") != "new" {
        return build.known("incident", "Incident");
    }
    let Some(title) = build.needed("incident-title", "Incident", "title") else { return Ok(None) };
    let id = build.make("Incident")?;
    build.say(id, "title", &title);
    Ok(Some(id))
}

/// The act as a step of a case. Its articles are the case's where they are known provisions, and its charge where they are not.
fn in_proceeding(
    build: &mut Build<'_>,
    act: EntityId,
    victim: EntityId,
    code: &str,
    (step_type, verdict): (&'static str, Option<&'static str>),
    date: Option<&Value>,
) -> Result<(), Error> {
    let chosen = build.plan.get("proceeding").to_owned();
    let filled =
        ["provisions", "charge", "sentence", "fine"].into_iter().find(|field| !build.plan.get(field).is_empty());
    if chosen.is_empty() {
        if let Some(field) = filled {
            build.wrong(field, "This belongs to a proceeding: choose one below, or empty the field.");
        }
        return Ok(());
    }
    let court = build.whom("court")?;
    let known = build.known("proceeding", CASE)?;
    if let Some(known) = known
        && !concerns(build.reader, known, "defendant", victim)?
    {
        build.wrong("proceeding", "That proceeding is somebody else’s. Choose again.");
        return Ok(());
    }
    let case = match known {
        Some(known) => known,
        None if build.plan.get("proceeding") == "new" => {
            let case = build.make(CASE)?;
            build.say(case, "defendant", &Value::Entity(victim));
            case
        }
        None => return Ok(()),
    };
    let day = date.map(Value::canonical).unwrap_or_default();
    let step = match known {
        Some(case) => steps_like(build.reader, case, Some(victim), code, &day)?,
        None => None,
    };
    let step = match step {
        Some(step) => step,
        None => build.make(STEP)?,
    };
    build.say(step, "proceeding", &Value::Entity(case));
    if let Ok(value) = build.reader.registry().parse(STEP, "type", step_type, None) {
        build.say(step, "type", &value);
    }
    build.say(step, "defendant", &Value::Entity(victim));
    if let Some(date) = date {
        build.say(step, "date", date);
    }
    if let Some(verdict) = verdict
        && let Ok(value) = build.reader.registry().parse(STEP, "verdict", verdict, None)
    {
        build.say(step, "verdict", &value);
    }
    if let Some(court) = court {
        build.say(step, "court", &Value::Entity(court));
    }
    for field in ["sentence", "fine"] {
        build.say_field(step, STEP, field);
    }
    build.say_field(case, CASE, "charge");
    provisions(build, case)?;
    build.say(act, "proceeding", &Value::Entity(case));
    Ok(())
}

fn provisions(build: &mut Build<'_>, case: EntityId) -> Result<(), Error> {
    let typed = build.plan.get("provisions").to_owned();
    let articles = typed.split([',', ';']).map(str::trim).filter(|article| !article.is_empty());
    for article in articles {
        let number = fold(article);
        let number = ["articles", "article", "arts.", "art."]
            .iter()
            .find_map(|word| number.strip_prefix(word))
            .unwrap_or(&number)
            .trim()
            .to_owned();
        let mut found = Vec::new();
        for id in build.reader.of_schema("Provision")? {
            if matches!(build.reader.value(id, "article")?, Some(Value::Text(text)) if fold(&text.text) == number) {
                found.push(id);
            }
        }
        match found.as_slice() {
            [one] => build.say(case, "provision", &Value::Entity(*one)),
            // Of no law that is known, or of several: the words stand as the charge.
            _ => {
                let words = if article.starts_with(|c: char| c.is_ascii_digit()) {
                    format!("article {article}")
                } else {
                    article.to_owned()
                };
                match build.reader.registry().parse(CASE, "charge", &words, None) {
                    Ok(charge) => build.say(case, "charge", &charge),
                    Err(error) => build.wrong("provisions", error.to_string()),
                }
            }
        }
    }
    Ok(())
}
