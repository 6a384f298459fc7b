//! From a proposal to its plan: what it would record, prefilled, with whom its names may mean.

use ledger::{Clearance, Level, Reader};
use reading::{Count, Group, Proposal, Request, Saying, Signatory};
use schema::{EntityId, Found, Registry, fold};

use crate::plan::{Field, Input, Plan, Typed, Which, Whom};
use crate::suggest::{Candidate, suggest};
use crate::voice::{VOICES, is_name, kind_of_voice};
use crate::{Error, Item, Sheet, Ties, act};

/// The plan of a proposal: as proposed, or with what was `typed` into its fields. Suggestions go by what is typed.
///
/// # Errors
/// As the ledger says.
pub fn draft(
    reader: &Reader<'_>,
    sheet: &Sheet,
    ties: &Ties,
    item: &Item,
    typed: Option<Typed<'_>>,
) -> Result<Plan, Error> {
    let drafter = Drafter { reader, ties, source: sheet.source, typed };
    let (kind, mut fields) = match &item.proposal {
        Proposal::Act(proposed) => ("Act", act::fields(&drafter, proposed)?),
        Proposal::Count(count) => ("Published count", drafter.count(count)?),
        Proposal::Saying(saying) => ("Statement", drafter.saying(saying)?),
        Proposal::Request(request) => ("Request", drafter.request(request)?),
        Proposal::Citation(citation) => {
            ("Citation", vec![drafter.line("cites", "Cites", "As the document writes it.", &citation.reference)])
        }
        Proposal::Signatory(signatory) => ("Signatory", drafter.signatory(signatory)?),
    };
    fields.push(drafter.clearance()?);
    Ok(Plan { kind, fields })
}

pub(crate) struct Drafter<'a> {
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) ties: &'a Ties,
    pub(crate) source: EntityId,
    typed: Option<Typed<'a>>,
}

impl Drafter<'_> {
    /// What was typed, or else what is proposed.
    pub(crate) fn value(&self, name: &str, proposed: &str) -> String {
        self.typed.and_then(|typed| typed(name)).unwrap_or_else(|| proposed.to_owned())
    }

    pub(crate) fn registry(&self) -> &Registry {
        self.reader.registry()
    }

    pub(crate) fn line(&self, name: &'static str, label: &'static str, hint: &str, proposed: &str) -> Field {
        Field {
            name,
            label,
            hint: hint.into(),
            value: self.value(name, proposed),
            input: Input::Line,
            of_text: true,
            further: false,
        }
    }

    pub(crate) fn term(
        &self,
        name: &'static str,
        label: &'static str,
        vocabulary: &'static str,
        proposed: Option<String>,
    ) -> Field {
        let proposed = proposed.unwrap_or_default();
        Field { input: Input::Term(vocabulary), ..self.line(name, label, "", &proposed) }
    }

    /// The code of the term that people call so.
    pub(crate) fn code(&self, vocabulary: &str, text: &str) -> Option<String> {
        let vocabulary = self.registry().vocabulary(vocabulary)?;
        let singular = text.strip_suffix('s').unwrap_or(text);
        [text, singular].into_iter().find_map(|text| match vocabulary.find(text) {
            Found::One(entry) => Some(entry.code.clone()),
            _ => None,
        })
    }

    /// Somebody by the name that the text gives. Nobody is tied to a name by more than its being the very same.
    pub(crate) fn whom(
        &self,
        name: &'static str,
        label: &'static str,
        proposed: &str,
        is: &'static str,
        schemata: &[&'static str],
    ) -> Result<Field, Error> {
        let value = self.value(name, proposed);
        let mut candidates: Vec<Candidate> = Vec::new();
        let tied = self.ties.whom(&value);
        if let Some(id) = tied {
            candidates.extend(Candidate::known(self.reader, id, "named so in this document")?);
        }
        for candidate in suggest(self.reader, &value, "LegalEntity")? {
            if !candidates.iter().any(|known| known.id == candidate.id) && self.fits(candidate.id, schemata)? {
                candidates.push(candidate);
            }
        }
        let mut same = candidates.iter().filter(|candidate| candidate.same_name);
        let only = same.next().filter(|_| same.next().is_none()).map(|candidate| candidate.id);
        let chosen = match candidates.first().filter(|_| tied.is_some()).map(|candidate| candidate.id).or(only) {
            _ if value.trim().is_empty() => String::new(),
            Some(id) => id.to_string(),
            None => "new".into(),
        };
        let whom = Whom {
            is: self.value(&format!("{name}-is"), is),
            schemata: schemata.to_vec(),
            chosen: self.value(&format!("{name}-as"), &chosen),
            candidates,
            optional: true,
            was: self.value(&format!("{name}-was"), &value),
        };
        Ok(Field { value, input: Input::Whom(whom), ..self.line(name, label, "", proposed) })
    }

    fn fits(&self, id: EntityId, schemata: &[&'static str]) -> Result<bool, Error> {
        let schema = self.reader.schema_of(id)?.unwrap_or_default();
        Ok(schemata.iter().any(|wanted| self.registry().is_a(&schema, wanted)))
    }

    /// People who are not named: a new group, or one of this size that was accepted from this document.
    pub(crate) fn group(&self, name: &'static str, label: &'static str, group: &Group) -> Result<Field, Error> {
        let proposed = group_name(group);
        let mut field = self.whom(name, label, &proposed, "Group", &["Group", "Person", "Organization"])?;
        if let Input::Whom(whom) = &mut field.input
            && let Some(id) = self.ties.which(group)
            && fold(&field.value) == fold(&proposed)
            && let Some(known) = Candidate::known(self.reader, id, "this group, in this document")?
        {
            whom.candidates.retain(|candidate| candidate.id != known.id);
            whom.chosen = self.value(&format!("{name}-as"), &known.id.to_string());
            whom.candidates.insert(0, known);
        }
        Ok(field)
    }

    /// Who says so, where it is not the document itself.
    pub(crate) fn asserter(&self, asserter: Option<&str>) -> Result<Field, Error> {
        let name = asserter.unwrap_or_default();
        let mut field = self.whom("asserter", "Says who", name, kind_of_voice(name), &VOICES)?;
        field.hint = "Left empty: the document itself.".into();
        Ok(field)
    }

    fn count(&self, count: &Count) -> Result<Vec<Field>, Error> {
        let number = count_text(count.min, count.max, &count.at.quote);
        let population = count.population.as_deref().unwrap_or_default();
        let unit = self.unit(&count.unit, population, &count.at.quote);
        let mut fields = vec![
            self.line("count", "Number", "19, at least 21, about 40,000, 10 to 12", &number),
            self.term("unit", "Counts", "counting-units", Some(unit)),
            self.line("population", "Of whom or what", "", population),
            self.line("window", "Window", "From when to when", count.window.as_deref().unwrap_or_default()),
            self.asserter(count.asserter.as_deref())?,
        ];
        let group = self.code("victim-groups", population);
        fields.push(further(self.term("victimGroup", "Group of victims", "victim-groups", group)));
        fields.push(self.known_count(count)?);
        Ok(fields)
    }

    fn unit(&self, unit: &str, population: &str, quote: &str) -> String {
        let words = fold(&format!("{population} {quote}"));
        match unit {
            "places" if words.contains("prison") || words.contains("capacity") => "places-in-prison".into(),
            "organisations" if words.contains("outlet") || words.contains("newspaper") => "media-outlets".into(),
            "organisations" => "groups".into(),
            unit => self.code("counting-units", unit).unwrap_or_else(|| "other".into()),
        }
    }

    /// Counts of the same number and unit that somebody published: perhaps this one, told again.
    fn known_count(&self, count: &Count) -> Result<Field, Error> {
        let number = self.value("count", &count_text(count.min, count.max, &count.at.quote));
        let unit = self
            .value("unit", &self.unit(&count.unit, count.population.as_deref().unwrap_or_default(), &count.at.quote));
        let mut candidates = Vec::new();
        let (Ok(number), Ok(unit)) = (
            self.registry().parse("ReportedCount", "count", &number, None),
            self.registry().parse("ReportedCount", "unit", &unit, None),
        ) else {
            return Ok(self.which(
                "known",
                "The same count as",
                Which { new: "a new count", ..Which::default() },
                "new",
            ));
        };
        for id in self.reader.of_schema("ReportedCount")?.into_iter().take(2000) {
            if self.reader.value(id, "count")?.as_ref() == Some(&number)
                && self.reader.value(id, "unit")?.as_ref() == Some(&unit)
                && candidates.len() < 4
            {
                candidates.extend(Candidate::known(self.reader, id, "the same number")?.map(|candidate| {
                    let about = ["population", "window", "publishedBy"].iter().filter_map(|property| {
                        let value = self.reader.value(id, property).ok().flatten()?;
                        self.reader.show(&value).ok()
                    });
                    Candidate { detail: about.collect::<Vec<_>>().join(", "), ..candidate }
                }));
            }
        }
        let which = Which { candidates, new: "a new count", none: "" };
        Ok(self.which("known", "The same count as", which, "new"))
    }

    fn saying(&self, saying: &Saying) -> Result<Vec<Field>, Error> {
        let mut speaker =
            self.whom("speaker", "Speaker", &saying.asserter, kind_of_voice(&saying.asserter), &VOICES)?;
        needed(&mut speaker);
        Ok(vec![
            speaker,
            self.line("role", "Spoke as", "", saying.role.as_deref().unwrap_or_default()),
            Field { input: Input::Area, ..self.line("words", "Words", "", &one_line(&saying.at.quote)) },
            further(self.line("saidOn", "Said on", "Only if the document tells.", "")),
            further(self.term("argument", "Argument of the State", "state-arguments", None)),
        ])
    }

    fn request(&self, request: &Request) -> Result<Vec<Field>, Error> {
        let by = request.asserter.as_deref().unwrap_or_default();
        let asked = request.addressee.as_deref().unwrap_or_default();
        let mut who = self.whom("by", "Who asks", by, kind_of_voice(by), &VOICES)?;
        who.hint = "Left empty: the document itself.".into();
        let mut addressee = self.whom("addressee", "Who is asked", asked, kind_of_voice(asked), &VOICES)?;
        // “you”, “the authorities”: nobody in particular, whom only a person can name.
        if let Input::Whom(whom) = &mut addressee.input
            && whom.chosen == "new"
            && self.typed.is_none_or(|typed| typed("addressee-as").is_none())
            && !is_name(asked)
        {
            whom.chosen.clear();
        }
        Ok(vec![
            who,
            addressee,
            Field { input: Input::Area, ..self.line("text", "What is asked", "", &one_line(&request.at.quote)) },
            further(self.line("madeOn", "Asked on", "Only if the document tells.", "")),
        ])
    }

    fn signatory(&self, signatory: &Signatory) -> Result<Vec<Field>, Error> {
        let name = &signatory.name;
        let mut field = self.whom("signatory", "Signed by", name, kind_of_voice(name), &VOICES)?;
        needed(&mut field);
        Ok(vec![field])
    }

    pub(crate) fn which(&self, name: &'static str, label: &'static str, which: Which, proposed: &str) -> Field {
        let mut field = self.line(name, label, "", proposed);
        field.of_text = false;
        field.input = Input::Which(which);
        field
    }

    /// Who may see it: the source's circle, or a narrower one that this reader belongs to.
    fn clearance(&self) -> Result<Field, Error> {
        let of_source = self.reader.clearance_of(self.source)?.unwrap_or_else(Clearance::internal);
        let mut choices = vec![of_source.clone()];
        if of_source.team.is_none() {
            choices.extend(Level::ALL.into_iter().filter(|level| *level > of_source.level).map(Clearance::from));
        }
        choices.retain(|choice| self.reader.cleared().may_see(choice));
        let choices = choices.iter().map(|choice| (choice.to_string(), choice.to_string())).collect();
        let mut field = self.line("clearance", "May be seen by", "", &of_source.to_string());
        field.of_text = false;
        field.further = true;
        field.input = Input::Choice(choices);
        Ok(field)
    }
}

pub(crate) fn further(mut field: Field) -> Field {
    field.further = true;
    field
}

/// It cannot be left out.
pub(crate) fn needed(field: &mut Field) {
    if let Input::Whom(whom) = &mut field.input {
        whom.optional = false;
        if whom.chosen.is_empty() {
            whom.chosen = "new".into();
        }
    }
}

/// “8 labour activists”, “at least 3 news outlets”: a group's working name, with its size as the text gives it.
pub(crate) fn group_name(group: &Group) -> String {
    let size = count_text(group.min, group.max, "");
    let size = schema::Count::parse(&size).map(|count| count.display("en")).unwrap_or(size);
    one_line(&format!("{size} {}", group.description))
}

/// Bounds as a count is written. Where the words round, the count does too.
pub(crate) fn count_text(min: Option<u64>, max: Option<u64>, quote: &str) -> String {
    let words = fold(quote);
    let rounds = |word: &str| {
        let cues = ["about", "around", "roughly", "approximately", "some", "nearly", "almost", "circa", "estimated"];
        cues.contains(&word)
    };
    let about = min == max && words.split_whitespace().take(3).any(rounds);
    schema::Count::new(min, max, about).map(|count| count.canonical()).unwrap_or_default()
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
