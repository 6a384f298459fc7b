//! Acts: what was done to whom, and the step that it is in a case before the courts. Here, what is asked of the person who
//! decides; what is recorded then, in `record`.

mod record;

use ledger::Reader;
use reading::{Act, Person, Sentence};
use schema::{Agreement, Duration, EntityId, Money, Pronounced, Value, fold};

use crate::Error;
use crate::draft::{Drafter, further, needed};
use crate::plan::{Field, Input, Which};
use crate::suggest::Candidate;
use crate::voice::{VOICES, is_name, kind_of_voice};

pub(crate) use record::build;

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
