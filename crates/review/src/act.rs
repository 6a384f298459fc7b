//! Acts: what was done to whom, and the step that it is in a case before the courts.

use ledger::Reader;
use reading::{Act, Person, Sentence};
use schema::{Agreement, Duration, EntityId, Money, Pronounced, Value, fold};

use crate::Error;
use crate::build::Build;
use crate::draft::{Drafter, VOICES, further, is_name, kind_of_voice, needed};
use crate::plan::{Field, Input, Which};
use crate::suggest::Candidate;

const ACT: &str = "Act";
const STEP: &str = "ProceedingStep";
const CASE: &str = "Proceeding";

/// The type of step that an act is, and the verdict that it means. Being held is none: the words seldom say on what footing.
fn step_of(act_type: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match act_type {
        "arrest" => ("arrest", None),
        "charge" => ("charge", None),
        "indictment" => ("indictment", None),
        "conviction" => ("verdict", Some("guilty")),
        "acquittal" => ("verdict", Some("not-guilty")),
        "sentence" => ("sentence", None),
        "release" => ("release", None),
        "bail" => ("bail", None),
        "summons" => ("summons", None),
        _ => return None,
    })
}

pub(crate) fn fields(drafter: &Drafter<'_>, act: &Act) -> Result<Vec<Field>, Error> {
    let quote = &act.at.quote;
    let act_type = drafter.value("type", &act.act_type);
    let mut victim = match (&act.victim.name, &act.victim.group) {
        (Some(name), _) => {
            let is = match act.victim.is {
                Person::Person => "Person",
                Person::Organisation => match kind_of_voice(name) {
                    "Person" | "Group" => "Organization",
                    kind => kind,
                },
            };
            drafter.whom("victim", "Victim", name, is, &VICTIMS)?
        }
        (None, Some(group)) => drafter.group("victim", "Victim", group)?,
        (None, None) => drafter.whom("victim", "Victim", "", "Person", &VICTIMS)?,
    };
    needed(&mut victim);
    let whom = match &victim.input {
        Input::Whom(whom) => whom.chosen.parse::<EntityId>().ok(),
        _ => None,
    };
    let mut group = drafter.term("victimGroup", "In this event, as", "victim-groups", described_as(drafter, act));
    let size = act.victim.group.as_ref().map(|group| crate::draft::count_text(group.min, group.max, quote));
    let mut fields = vec![drafter.term("type", "What was done", "acts", Some(act.act_type.clone())), victim];
    if let Some(size) = size {
        fields.push(drafter.line("size", "How many", "8, at least 21, about 40", &size));
    }
    let date = act.date.as_deref().unwrap_or_default();
    fields.push(drafter.line("date", "Date", "Empty where the text tells none", date));
    fields.push(drafter.line("place", "Place", "", act.place.as_deref().unwrap_or_default()));
    fields.push(drafter.asserter(act.asserter.as_deref())?);
    fields.extend(by_whom(drafter, act)?);
    let (step, sentenced) = (step_of(&act_type), act_type == "sentence" || act.sentence.is_some());
    if step.is_some() {
        let articles = act.provisions.join(", ");
        fields.push(drafter.line("provisions", "Articles", "495, 305: parted by commas", &articles));
        fields.push(further(drafter.line("charge", "Charge", "In the words of the source", "")));
    }
    if sentenced {
        let (sentence, hint) = sentence_text(act.sentence.as_ref());
        fields.push(drafter.line("sentence", "Sentence", hint, &sentence));
        let fine = act.sentence.as_ref().and_then(|sentence| sentence.fine.clone()).unwrap_or_default();
        let known = Money::parse(&fine).map(|money| money.canonical()).unwrap_or(fine);
        fields.push(drafter.line("fine", "Fine", "2000000 KHR", &known));
    }
    let date = drafter.value("date", date);
    if whom.is_some() {
        fields.push(known_acts(drafter, whom, &act_type, &date)?);
    }
    if step.is_some() {
        fields.push(proceeding(drafter, whom, &act_type, &date)?);
    }
    group.of_text = false;
    fields.push(further(group));
    fields.extend(incident(drafter)?);
    Ok(fields)
}

const VICTIMS: [&str; 6] = ["Person", "Group", "Organization", "MediaOutlet", "PoliticalParty", "PublicBody"];

/// The group of victims that the words name: “labour activists” is in the vocabulary or it is not.
fn described_as(drafter: &Drafter<'_>, act: &Act) -> Option<String> {
    let description = &act.victim.group.as_ref()?.description;
    drafter.code("victim-groups", description)
}

/// Who did it: a court has its own place, somebody with a name is somebody, and “police” is a kind of perpetrator.
fn by_whom(drafter: &Drafter<'_>, act: &Act) -> Result<Vec<Field>, Error> {
    let agent = act.agent.as_deref().unwrap_or_default();
    let court = fold(agent).split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "court" | "tribunal"));
    let mut fields = Vec::new();
    if step_of(&act.act_type).is_some() {
        let name = if court && is_name(agent) { agent } else { "" };
        let field = drafter.whom("court", "Court", name, "PublicBody", &["PublicBody"])?;
        fields.push(if name.is_empty() { further(field) } else { field });
    }
    let person = if is_name(agent) && !court { agent } else { "" };
    let kind = if person.is_empty() { drafter.code("perpetrator-types", agent) } else { None };
    let field = drafter.whom("perpetrator", "By whom", person, kind_of_voice(person), &VOICES)?;
    fields.push(if person.is_empty() { further(field) } else { field });
    let empty = kind.is_none();
    let field = drafter.term("perpetratorType", "By what kind of body", "perpetrator-types", kind);
    fields.push(if empty { further(field) } else { field });
    Ok(fields)
}

/// A sentence as people write it, and what to say beside the field.
fn sentence_text(sentence: Option<&Sentence>) -> (String, &'static str) {
    const HINT: &str = "24 months; 20 months, 15 months to serve; 12 months suspended";
    let Some(Sentence { months: Some(months), to_serve_months, .. }) = sentence else { return (String::new(), HINT) };
    let whole = |months: f64| {
        let rounded = months.round();
        let fits = (months - rounded).abs() < 1e-6 && (0.0..=12_000.0).contains(&rounded);
        fits.then(|| Duration::parse(&format!("{rounded:.0} months")).ok()).flatten()
    };
    let Some(term) = whole(*months) else {
        return (String::new(), "The text has parts of a month: write it as the words have it");
    };
    let (serve, suspended) = match to_serve_months {
        Some(serve) if *serve <= 0.0 => (None, Some(term)),
        Some(serve) if serve < months => match whole(*serve) {
            Some(serve) => (Some(serve), None),
            None => return (String::new(), "The text has parts of a month: write it as the words have it"),
        },
        _ => (None, None),
    };
    match schema::Sentence::new(Pronounced::Prison(term), serve, suspended, false, None) {
        Ok(sentence) => (sentence.display("en"), HINT),
        Err(_) => (String::new(), HINT),
    }
}

/// How a known date stands to the one that is proposed: agreeing, when neither contradicts the other; `None`, when one is missing.
fn agreement(reader: &Reader<'_>, id: EntityId, date: &str) -> Result<Option<Agreement>, Error> {
    let proposed = reader.registry().parse(ACT, "date", date, None).ok();
    let known = reader.value(id, "date")?;
    Ok(proposed.zip(known).map(|(proposed, known)| proposed.agreement(&known)))
}

fn is_type(reader: &Reader<'_>, id: EntityId, code: &str) -> Result<bool, Error> {
    Ok(matches!(reader.value(id, "type")?, Some(Value::Term(term)) if term.code == code))
}

/// Acts of this type against this victim that are known: told again, an act is one act with one more account.
fn known_acts(drafter: &Drafter<'_>, whom: Option<EntityId>, act_type: &str, date: &str) -> Result<Field, Error> {
    let reader = drafter.reader;
    let mut candidates = Vec::new();
    let mut agreeing = Vec::new();
    if let Some(whom) = whom {
        for related in reader.related(whom)? {
            if related.schema != ACT || related.property != "victim" || !is_type(reader, related.id, act_type)? {
                continue;
            }
            let agreement = agreement(reader, related.id, date)?;
            if agreement == Some(Agreement::Different) {
                continue;
            }
            let why = match agreement {
                Some(Agreement::Same) => "the same day",
                Some(_) => "a date that agrees",
                None => "one of the two has no date",
            };
            let day = reader.value(related.id, "date")?.map(|date| reader.show(&date)).transpose()?.unwrap_or_default();
            candidates
                .extend(Candidate::known(reader, related.id, why)?.map(|known| Candidate { detail: day, ..known }));
            if agreement.is_some() {
                agreeing.push(related.id);
            }
        }
    }
    candidates.truncate(5);
    let proposed = match agreeing.as_slice() {
        [one] => one.to_string(),
        _ => "new".into(),
    };
    let which = Which { candidates, new: "a new act", none: "" };
    Ok(drafter.which("known", "The same act as", which, &proposed))
}

/// The case in which it is a step: one of the victim's, or a new one.
fn proceeding(drafter: &Drafter<'_>, whom: Option<EntityId>, act_type: &str, date: &str) -> Result<Field, Error> {
    let reader = drafter.reader;
    let mut candidates = Vec::new();
    let mut fitting: Vec<(u8, EntityId)> = Vec::new();
    if let Some(whom) = whom {
        for related in reader.related(whom)? {
            if related.schema != CASE || related.property != "defendant" {
                continue;
            }
            let steps = steps_like(reader, related.id, Some(whom), act_type, date)?;
            let here = drafter.ties.spoken_of.contains(&related.id);
            let why = if here { "spoken of in this document" } else { "" };
            let known = Candidate::known(reader, related.id, why)?;
            candidates.extend(known.map(|known| Candidate { detail: String::new(), ..known }));
            // The step is known there; or this document is about that case; or it is the only one.
            fitting.push((
                if steps.is_some() {
                    0
                } else if here {
                    1
                } else {
                    2
                },
                related.id,
            ));
        }
    }
    fitting.sort();
    candidates.truncate(6);
    let proposed = match fitting.as_slice() {
        [(_, one)] => one.to_string(),
        [(best, one), (next, _), ..] if best < next => one.to_string(),
        _ => "new".into(),
    };
    let which = Which { candidates, new: "a new proceeding", none: "none" };
    Ok(drafter.which("proceeding", "Proceeding", which, &proposed))
}

/// The step of this case that is this one, if it is known already: of the type, of nobody else, on a day that agrees.
fn steps_like(
    reader: &Reader<'_>,
    case: EntityId,
    whom: Option<EntityId>,
    act_type: &str,
    date: &str,
) -> Result<Option<EntityId>, Error> {
    let Some((step_type, _)) = step_of(act_type) else { return Ok(None) };
    let mut found = Vec::new();
    for related in reader.related(case)? {
        if related.schema != STEP || related.property != "proceeding" || !is_type(reader, related.id, step_type)? {
            continue;
        }
        let defendants = reader.values(related.id, "defendant")?;
        let others = !defendants.is_empty()
            && whom.is_some_and(|whom| {
                !defendants
                    .iter()
                    .any(|value| matches!(value, Value::Entity(id) if reader.shown_as(*id) == reader.shown_as(whom)))
            });
        if others || matches!(agreement(reader, related.id, date)?, None | Some(Agreement::Different)) {
            continue;
        }
        found.push(related.id);
    }
    Ok(match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// The incident that it belongs to, with others: only if a person says so.
fn incident(drafter: &Drafter<'_>) -> Result<Vec<Field>, Error> {
    let mut candidates = Vec::new();
    for id in &drafter.ties.incidents {
        let known = Candidate::known(drafter.reader, *id, "in this document")?;
        candidates.extend(known.map(|known| Candidate { detail: String::new(), ..known }));
    }
    let which = Which { candidates, new: "a new incident", none: "none" };
    let mut title = drafter.line("incident-title", "The new incident’s title", "", "");
    title.of_text = false;
    Ok(vec![further(drafter.which("incident", "Part of an incident", which, "")), further(title)])
}

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
