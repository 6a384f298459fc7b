//! From a plan to the items of one entry: entities, and claims that all rest on the proposal's words.

use std::str::FromStr;

use ledger::{Claim, Clearance, EntityItem, Item as Entry, Locator, Reader};
use reading::Proposal;
use schema::{EntityId, Kind, Value, fold};

use crate::draft::one_line;
use crate::plan::{Fault, Input, Plan};
use crate::{Error, act};

/// Puts a plan's claims together. What is wrong with a field is noted; then nothing of it may be recorded.
pub(crate) struct Build<'a> {
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) plan: &'a Plan,
    pub(crate) source: EntityId,
    locator: Locator,
    clearance: Clearance,
    asserter: Option<EntityId>,
    entries: Vec<Entry>,
    faults: Vec<Fault>,
    /// Who was made here, by folded name.
    made: Vec<(String, EntityId)>,
}

/// The items of a plan.
pub(crate) fn entries(
    reader: &Reader<'_>,
    plan: &Plan,
    proposal: &Proposal,
    source: EntityId,
    locator: Locator,
) -> Result<Vec<Entry>, Error> {
    let of_source = reader.clearance_of(source)?.unwrap_or_else(Clearance::internal);
    let mut build = Build {
        reader,
        plan,
        source,
        locator,
        clearance: of_source.clone(),
        asserter: None,
        entries: Vec::new(),
        faults: Vec::new(),
        made: Vec::new(),
    };
    match Clearance::from_str(plan.get("clearance")) {
        Ok(clearance) if narrow_enough(&clearance, &of_source) && reader.cleared().may_see(&clearance) => {
            build.clearance = clearance;
        }
        _ => build.wrong(
            "clearance",
            "Choose one of those that are offered: nothing from a source is seen more widely than the source.",
        ),
    }
    build.asserter = build.whom("asserter")?;
    match proposal {
        Proposal::Act(proposed) => act::build(&mut build, proposed)?,
        Proposal::Count(_) => build.count()?,
        Proposal::Saying(_) => build.saying()?,
        Proposal::Request(_) => build.request()?,
        Proposal::Citation(_) => {
            if let Some(cites) = build.needed("cites", "Document", "cites") {
                build.say(source, "cites", &cites);
            }
        }
        Proposal::Signatory(_) => {
            if let Some(id) = build.somebody("signatory")? {
                build.say(source, "signatory", &Value::Entity(id));
            }
        }
    }
    if build.faults.is_empty() { Ok(build.entries) } else { Err(Error::Faults(build.faults)) }
}

/// Whether what is marked so is seen by nobody who may not see the source.
fn narrow_enough(clearance: &Clearance, source: &Clearance) -> bool {
    match &source.team {
        Some(_) => clearance == source,
        None => clearance.level >= source.level,
    }
}

impl Build<'_> {
    pub(crate) fn wrong(&mut self, name: &str, text: impl Into<String>) {
        let label = self.plan.field(name).map_or(name, |field| field.label).to_owned();
        self.faults.push(Fault { name: name.into(), label, text: text.into() });
    }

    /// A field's value as that property takes it; `None` when it is empty, or wrong and noted.
    pub(crate) fn value(&mut self, field: &str, schema: &str, property: &str) -> Option<Value> {
        let text = self.plan.get(field);
        if text.is_empty() {
            return None;
        }
        match self.reader.registry().parse(schema, property, text, None) {
            Ok(value) => Some(value),
            Err(error) => {
                let error = error.to_string();
                // The schema's names are no business of whoever fills in a form.
                let text = error.strip_prefix(&format!("{schema}.{property}: ")).unwrap_or(&error).to_owned();
                self.wrong(field, text);
                None
            }
        }
    }

    /// The same of a field that cannot be left empty.
    pub(crate) fn needed(&mut self, field: &str, schema: &str, property: &str) -> Option<Value> {
        if self.plan.get(field).is_empty() {
            self.wrong(field, "This is needed: say it, or reject the proposal.");
            return None;
        }
        self.value(field, schema, property)
    }

    /// A new entity's address: 128 random bits.
    pub(crate) fn make(&mut self, schema: &str) -> Result<EntityId, Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        let id = EntityId::from_bytes(bytes);
        self.entries.push(Entry::Entity(EntityItem {
            id,
            schema: schema.into(),
            clearance: self.clearance.clone(),
            key: None,
        }));
        Ok(id)
    }

    /// A claim on the proposal's words, said by whoever the plan says.
    pub(crate) fn say(&mut self, entity: EntityId, property: &str, value: &Value) {
        self.say_noted(entity, property, value, None);
    }

    fn say_noted(&mut self, entity: EntityId, property: &str, value: &Value, note: Option<&str>) {
        let mut claim = Claim::new(entity, property, value, self.source);
        claim.locator = Some(self.locator.clone());
        claim.asserter = self.asserter;
        claim.clearance = self.clearance.clone();
        claim.note = note.map(str::to_owned);
        self.entries.push(Entry::Claim(claim));
    }

    /// A property by the field of the same name, if it is filled in.
    pub(crate) fn say_field(&mut self, entity: EntityId, schema: &str, field: &str) {
        if let Some(value) = self.value(field, schema, field) {
            self.say(entity, field, &value);
        }
    }

    /// Whom a field means: somebody known, or somebody who is made here. `None`: left out, or wrong and noted.
    pub(crate) fn whom(&mut self, field: &str) -> Result<Option<EntityId>, Error> {
        let Some(Input::Whom(whom)) = self.plan.field(field).map(|field| &field.input) else { return Ok(None) };
        let (whom, name) = (whom.clone(), one_line(self.plan.get(field)));
        match whom.chosen.as_str() {
            "" => Ok(None),
            _ if name.is_empty() && whom.optional => Ok(None),
            "new" => self.somebody_new(field, &name, &whom.is, &whom.schemata),
            known => {
                let known = EntityId::from_str(known).ok();
                let schema = known.map(|id| self.reader.schema_of(id)).transpose()?.flatten();
                let (Some(id), Some(schema)) = (known, schema) else {
                    self.wrong(field, "Whom you chose is not in this view any more. Choose again.");
                    return Ok(None);
                };
                if !whom.schemata.iter().any(|wanted| self.reader.registry().is_a(&schema, wanted)) {
                    self.wrong(field, "Whom you chose cannot stand here. Choose again.");
                    return Ok(None);
                }
                if !whom.was.is_empty() && fold(&whom.was) != fold(&name) {
                    self.wrong(
                        field,
                        format!("The name was changed after “{}” was looked up. Say whom you mean now.", whom.was),
                    );
                    return Ok(None);
                }
                self.say_spelling(id, &name)?;
                Ok(Some(id))
            }
        }
    }

    fn somebody_new(
        &mut self,
        field: &str,
        name: &str,
        schema: &str,
        schemata: &[&'static str],
    ) -> Result<Option<EntityId>, Error> {
        if let Some((_, id)) = self.made.iter().find(|(known, _)| *known == fold(name)) {
            return Ok(Some(*id));
        }
        let Some(schema) = schemata.iter().find(|known| **known == schema) else {
            self.wrong(field, "Say what it is: a person, a group, an organisation.");
            return Ok(None);
        };
        match Value::parse(Kind::Name, name, None) {
            Ok(value) => {
                let id = self.make(schema)?;
                let elsewhere = !fold(&self.locator.exact).contains(&fold(name));
                let note = (elsewhere && *schema != "Group").then_some("named so elsewhere in the document");
                self.say_noted(id, "name", &value, note);
                self.made.push((fold(name), id));
                Ok(Some(id))
            }
            Err(error) => {
                self.wrong(field, error.to_string());
                Ok(None)
            }
        }
    }

    /// How this document spells somebody who is known: one more name, if these words have it and nobody claimed it before.
    fn say_spelling(&mut self, id: EntityId, name: &str) -> Result<(), Error> {
        if !fold(&self.locator.exact).contains(&fold(name)) || name.split_whitespace().count() < 2 {
            return Ok(());
        }
        for property in ["name", "alias"] {
            for value in self.reader.values(id, property).unwrap_or_default() {
                if matches!(&value, Value::Name(known) if fold(&known.text) == fold(name)) {
                    return Ok(());
                }
            }
        }
        if self.made.iter().any(|(_, made)| *made == id) {
            return Ok(());
        }
        if let Ok(value) = Value::parse(Kind::Name, name, None) {
            self.made.push((fold(name), id));
            self.say(id, "name", &value);
        }
        Ok(())
    }

    /// The same of a field that cannot be left out.
    pub(crate) fn somebody(&mut self, field: &str) -> Result<Option<EntityId>, Error> {
        let before = self.faults.len();
        let found = self.whom(field)?;
        if found.is_none() && self.faults.len() == before {
            self.wrong(field, "This is needed: give a name as the document has it, or reject the proposal.");
        }
        Ok(found)
    }

    /// Which known thing a field means, if it means one; it must be of that schema.
    pub(crate) fn known(&mut self, field: &str, schema: &str) -> Result<Option<EntityId>, Error> {
        let chosen = self.plan.get(field).to_owned();
        if chosen.is_empty() || chosen == "new" {
            return Ok(None);
        }
        if let Ok(id) = EntityId::from_str(&chosen)
            && let Some(found) = self.reader.schema_of(id)?
            && self.reader.registry().is_a(&found, schema)
        {
            return Ok(Some(id));
        }
        self.wrong(field, "What you chose is not in this view any more. Choose again.");
        Ok(None)
    }

    fn count(&mut self) -> Result<(), Error> {
        const COUNT: &str = "ReportedCount";
        let number = self.needed("count", COUNT, "count");
        let unit = self.needed("unit", COUNT, "unit");
        let known = self.known("known", COUNT)?;
        let id = match known {
            Some(id) => id,
            None => self.make(COUNT)?,
        };
        for (property, value) in [("count", number), ("unit", unit)] {
            if let Some(value) = value {
                self.say(id, property, &value);
            }
        }
        for field in ["population", "window", "victimGroup"] {
            self.say_field(id, COUNT, field);
        }
        if let Some(asserter) = self.asserter {
            self.say(id, "publishedBy", &Value::Entity(asserter));
        }
        Ok(())
    }

    fn saying(&mut self) -> Result<(), Error> {
        const STATEMENT: &str = "Statement";
        let speaker = self.somebody("speaker")?;
        let words = self.needed("words", STATEMENT, "words");
        let id = self.make(STATEMENT)?;
        self.heading(id, STATEMENT, "words");
        if let (Some(speaker), Some(words)) = (speaker, words) {
            self.say(id, "speaker", &Value::Entity(speaker));
            self.say(id, "words", &words);
        }
        for field in ["role", "saidOn", "argument"] {
            self.say_field(id, STATEMENT, field);
        }
        Ok(())
    }

    fn request(&mut self) -> Result<(), Error> {
        const REQUEST: &str = "Request";
        let text = self.needed("text", REQUEST, "text");
        let by = self.whom("by")?;
        let addressee = self.whom("addressee")?;
        let id = self.make(REQUEST)?;
        self.heading(id, REQUEST, "text");
        if let Some(text) = text {
            self.say(id, "text", &text);
        }
        for (property, party) in [("by", by), ("addressee", addressee)] {
            if let Some(party) = party {
                self.say(id, property, &Value::Entity(party));
            }
        }
        self.say_field(id, REQUEST, "madeOn");
        Ok(())
    }

    /// A heading of its first words, so that lists can tell it from its like.
    fn heading(&mut self, id: EntityId, schema: &str, field: &str) {
        let text = self.plan.get(field).trim_matches(|c: char| matches!(c, '“' | '”' | '"' | '«' | '»')).to_owned();
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut heading = words.iter().take(9).copied().collect::<Vec<_>>().join(" ");
        if words.len() > 9 {
            heading.push_str(" …");
        }
        if let Ok(value) = self.reader.registry().parse(schema, "title", &heading, None) {
            self.say(id, "title", &value);
        }
    }
}
