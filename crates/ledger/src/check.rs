//! The door: what an item must fulfil before it is sealed into an entry. Parsed here, trusted inside.

use std::collections::HashMap;

use schema::{EntityId, Registry, Term, Value};

use crate::Error;
use crate::clearance::{Cleared, Level};
use crate::id::ClaimId;
use crate::item::{Account, Assess, Claim, Item, Judge, Target, Verdict};
use crate::judgement::Clusters;
use crate::ledger::{Author, bodies, clusters_of};
use crate::storage::{Columns, EntityRow, ItemNo, ItemRow, NewEntity, Storage};

/// Longest value or text of an item, in bytes: a document belongs in the vault, not in a claim.
const LONGEST: usize = 256 * 1024;

/// Checks the items of one draft against the schema and the ledger as it stands.
pub(crate) struct Checker<'a> {
    registry: &'a Registry,
    storage: &'a dyn Storage,
    /// Entities known so far: of the ledger, as they are met, and of this draft.
    schemata: HashMap<EntityId, Option<String>>,
    clusters: Option<Clusters>,
    author: Author,
    before: ItemNo,
}

/// What is wrong with an item, still without its number.
struct Problem {
    what: String,
    hint: String,
}

type Checked<T> = Result<T, Problem>;

fn problem<T>(what: impl Into<String>, hint: impl Into<String>) -> Checked<T> {
    Err(Problem { what: what.into(), hint: hint.into() })
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem { hint: error.hint().unwrap_or("run `rapporteur doctor`").into(), what: error.to_string() }
    }
}

impl From<schema::SchemaError> for Problem {
    fn from(error: schema::SchemaError) -> Self {
        Problem {
            what: error.to_string(),
            hint: "the schema says what can be said: see the property’s description".into(),
        }
    }
}

impl<'a> Checker<'a> {
    pub(crate) fn new(registry: &'a Registry, storage: &'a dyn Storage, author: Author, before: ItemNo) -> Self {
        Checker { registry, storage, schemata: HashMap::new(), clusters: None, author, before }
    }

    /// Checks item `number` (from 1) and says how it will be found again.
    pub(crate) fn check(&mut self, number: usize, item: &Item) -> Result<(Columns, Option<NewEntity>), Error> {
        self.columns(item).map_err(|Problem { what, hint }| Error::Item { number, kind: kind_name(item), what, hint })
    }

    fn columns(&mut self, item: &Item) -> Checked<(Columns, Option<NewEntity>)> {
        let about = |subject| Columns { subject: Some(subject), ..Columns::default() };
        Ok(match item {
            Item::Genesis(_) | Item::Publish(_) => (Columns::default(), None),
            Item::Define(define) => {
                said(&define.name, "a definition needs a name")?;
                said(&define.text, "a definition needs its text")?;
                (Columns::default(), None)
            }
            Item::Account(account) => {
                said(&account.name, "an account needs a name")?;
                (Columns::default(), None)
            }
            Item::Entity(entity) => {
                let Some(schema) = self.registry.schema(&entity.schema) else {
                    return problem(
                        format!("there is no schema “{}”", entity.schema),
                        self.nearest_schema(&entity.schema),
                    );
                };
                if schema.is_abstract {
                    return problem(
                        format!("nothing is only a {}: it is an abstract schema", entity.schema),
                        format!("choose one of its descendants, such as {}", self.descendants(&entity.schema)),
                    );
                }
                if self.schema_of(entity.id)?.is_some() {
                    return problem(format!("the entity {} exists already", entity.id), "make claims about it instead");
                }
                self.schemata.insert(entity.id, Some(entity.schema.clone()));
                let row = NewEntity {
                    id: entity.id,
                    schema: entity.schema.clone(),
                    clearance: entity.clearance.clone(),
                    key: entity.key.clone(),
                };
                (about(entity.id), Some(row))
            }
            Item::Claim(claim) => (self.claim(claim)?, None),
            Item::Retract(retract) => {
                said(&retract.reason, "say why the claim no longer stands")?;
                (self.upon(retract.claim)?, None)
            }
            Item::Prefer(prefer) => {
                said(&prefer.reason, "say why this account is to be shown first")?;
                (self.upon(prefer.claim)?, None)
            }
            Item::Erase(erase) => {
                said(&erase.reason, "say why the payload is destroyed")?;
                (self.upon_any(erase.item)?, None)
            }
            Item::Assess(assess) => (self.assess(assess)?, None),
            Item::Classify(classify) => {
                said(&classify.reason, "say why the clearance changes")?;
                let columns = match classify.target {
                    Target::Claim(claim) => self.upon(claim)?,
                    Target::Entity(id) => about(self.known(id)?),
                };
                (columns, None)
            }
            Item::Judge(judge) => {
                self.judge(judge)?;
                (Columns { subject: Some(judge.a), target: Some(judge.b), ..Columns::default() }, None)
            }
            Item::Custody(custody) => {
                said(&custody.reason, "say why or on what occasion this happened to the object")?;
                let subject = custody.source.map(|source| self.source(source)).transpose()?;
                (Columns { subject, ..Columns::default() }, None)
            }
            Item::Stamp(stamp) => {
                if stamp.token.is_empty() || stamp.token.len() > LONGEST {
                    return problem(
                        "a time stamp needs its token",
                        "attach the authority’s answer to `timestamp request`",
                    );
                }
                (Columns::default(), None)
            }
            Item::Decide(decide) => {
                said(&decide.proposer, "say which program made the proposal")?;
                for claim in &decide.claims {
                    self.row_of(*claim)?;
                }
                (Columns { subject: Some(self.source(decide.source)?), ..Columns::default() }, None)
            }
            Item::Unknown { kind } => {
                return problem(format!("items of kind {kind} are not known to this version"), "use a newer version");
            }
        })
    }

    fn claim(&mut self, claim: &Claim) -> Checked<Columns> {
        let Some(schema) = self.schema_of(claim.entity)? else { return self.unknown(claim.entity) };
        let value = claim.typed()?;
        self.registry.check(&schema, &claim.property, &value)?;
        if claim.value.len() > LONGEST {
            return problem(
                format!("the value of {} is longer than {LONGEST} bytes", claim.property),
                "put the text into a document and quote from it",
            );
        }
        let target = match &value {
            Value::Entity(id) => {
                let property = self.registry.property(&schema, &claim.property)?;
                let Some(found) = self.schema_of(*id)? else { return self.unknown(*id) };
                if !property.range.is_empty() && !property.range.iter().any(|range| self.registry.is_a(&found, range)) {
                    return problem(
                        format!(
                            "{}.{} takes a {}, not a {found}",
                            schema,
                            claim.property,
                            property.range.join(" or a ")
                        ),
                        "choose another entity, or another property",
                    );
                }
                Some(*id)
            }
            _ => None,
        };
        let source = self.source(claim.source)?;
        if let Some(asserter) = claim.asserter {
            match self.schema_of(asserter)? {
                None => return self.unknown(asserter),
                Some(found) if self.registry.is_a(&found, "LegalEntity") => {}
                Some(found) => {
                    return problem(
                        format!("a {found} asserts nothing"),
                        "the asserter is a person, a group or an organisation",
                    );
                }
            }
        }
        let words = claim.locator.as_ref().is_some_and(|locator| !locator.exact.trim().is_empty());
        if !words && claim.no_words.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            return problem(
                format!(
                    "the claim on {} has neither the words of its source nor a reason why there are none",
                    claim.property
                ),
                "quote the words, or say why there are none to quote",
            );
        }
        Ok(Columns { subject: Some(claim.entity), target, source: Some(source), on_item: None })
    }

    fn assess(&mut self, assess: &Assess) -> Checked<Columns> {
        said(&assess.reason, "say what the assessment rests on")?;
        if let Some(step) = &assess.verification
            && step.parse::<schema::Verification>().is_err()
        {
            return problem(
                format!("“{step}” is no step of the verification ladder"),
                "unverified, partially-corroborated, corroborated, verified; or contradicted, withdrawn, false",
            );
        }
        if let Some(standard) = &assess.standard
            && self.registry.standard(standard).is_none()
        {
            let known: Vec<&str> = self.registry.standards().iter().map(|standard| standard.name.as_str()).collect();
            return problem(format!("there is no standard of proof “{standard}”"), known.join(", "));
        }
        for (vocabulary, code) in
            [("source-reliability", &assess.reliability), ("information-credibility", &assess.credibility)]
        {
            if let Some(code) = code
                && Term::new(vocabulary, code).ok().and_then(|term| self.registry.term(&term)).is_none()
            {
                return problem(
                    format!("“{code}” is no term of {vocabulary}"),
                    format!("see the vocabulary {vocabulary}"),
                );
            }
        }
        if assess.verification.is_none() && assess.reliability.is_none() && assess.credibility.is_none() {
            return problem("the assessment says nothing", "give a verification, a reliability or a credibility");
        }
        match assess.target {
            Target::Claim(claim) if assess.reliability.is_none() => self.upon(claim),
            Target::Claim(_) => problem(
                "reliability is of a source, not of a claim",
                "assess the source, or give the claim’s credibility",
            ),
            Target::Entity(id) if assess.verification.is_none() && assess.credibility.is_none() => {
                Ok(Columns { subject: Some(self.known(id)?), ..Columns::default() })
            }
            Target::Entity(_) => problem("verification and credibility are of claims", "assess the claims one by one"),
        }
    }

    fn judge(&mut self, judge: &Judge) -> Checked<()> {
        said(&judge.reason, "say what the judgement rests on")?;
        if judge.a == judge.b {
            return problem("an entity is judged against itself", "choose two entities");
        }
        let (Some(a), Some(b)) = (self.schema_of(judge.a)?, self.schema_of(judge.b)?) else {
            let missing = if self.schema_of(judge.a)?.is_none() { judge.a } else { judge.b };
            return self.unknown(missing);
        };
        if judge.verdict == Verdict::Withdrawn {
            let pair = |other: &Judge| {
                (other.a.min(other.b), other.a.max(other.b)) == (judge.a.min(judge.b), judge.a.max(judge.b))
            };
            let latest = judgements(self.storage, self.before)?.into_iter().rev().find(pair);
            return match latest {
                Some(other) if other.verdict != Verdict::Withdrawn => Ok(()),
                _ => problem(
                    "nobody has judged these two, so there is nothing to take back",
                    "look at the history of one of them",
                ),
            };
        }
        if judge.verdict != Verdict::Same {
            return Ok(());
        }
        if !self.registry.is_a(&a, &b) && !self.registry.is_a(&b, &a) {
            return problem(
                format!("a {a} and a {b} are never the same"),
                "if one of them has the wrong schema, make a new entity and move its claims",
            );
        }
        if self.clusters.is_none() {
            self.clusters = Some(self.known_to_the_author()?);
        }
        let blocked = self.clusters.as_ref().and_then(|clusters| clusters.blocked(judge.a, judge.b));
        match blocked {
            // Which two is not told: the view that is looked through may be narrower than the account.
            Some(_) => problem(
                "they, or others whom they were judged to be one with, were judged different",
                "take that judgement back first: joining two people is the graver error",
            ),
            None => Ok(()),
        }
    }

    /// What the judgements that the author may see add up to. A refusal for the sake of a hidden one would tell that it exists; without
    /// the refusal nothing is joined for who sees both, because *different* wins.
    fn known_to_the_author(&self) -> Checked<Clusters> {
        let account = |item| if let Item::Account(account) = item { Some(account) } else { None };
        let accounts: Vec<Account> = bodies(self.storage, kinds::ACCOUNT, self.before, account)?;
        let cleared = match accounts.into_iter().rev().find(|account| account.id == self.author.account) {
            Some(account) => {
                account.teams.iter().fold(Cleared::to(account.level), |cleared, team| cleared.with_team(team))
            }
            None => Cleared::to(Level::Public),
        };
        let classified = self.storage.last_of_kind(kinds::CLASSIFY, self.before)?.is_some();
        Ok(clusters_of(self.storage, self.before, &cleared, classified)?)
    }

    /// The columns of an act upon a claim: it is found with the entity that the claim is about.
    fn upon(&mut self, claim: ClaimId) -> Checked<Columns> {
        let row = self.row_of(claim)?;
        if row.kind != kinds::CLAIM {
            return problem(format!("{claim} is no claim"), "see `rapporteur claims`");
        }
        self.upon_row(claim, &row)
    }

    fn upon_any(&mut self, item: ClaimId) -> Checked<Columns> {
        let row = self.row_of(item)?;
        match row.kind {
            kinds::CLAIM => self.upon_row(item, &row),
            kinds::CUSTODY | kinds::DEFINE | kinds::DECIDE => {
                Ok(Columns { on_item: Some(row.no), ..Columns::default() })
            }
            _ => problem(
                format!("{item} holds no words of a source"),
                "claims, custody events, definitions and decisions can be erased; an entity has nothing of its own",
            ),
        }
    }

    fn upon_row(&self, claim: ClaimId, row: &ItemRow) -> Checked<Columns> {
        let Some(body) = &row.body else {
            return problem(format!("the words of {claim} were destroyed"), "nothing can be done with it any more");
        };
        match Item::decode(body)? {
            Item::Claim(found) => {
                Ok(Columns { subject: Some(found.entity), on_item: Some(row.no), ..Columns::default() })
            }
            _ => problem(format!("{claim} is no claim"), "see `rapporteur claims`"),
        }
    }

    fn row_of(&self, item: ClaimId) -> Checked<ItemRow> {
        match item_row(self.storage, item)? {
            Some(row) => Ok(row),
            None => problem(
                format!("there is no claim {item}"),
                "see `rapporteur claims` for the addresses of an entity’s claims",
            ),
        }
    }

    fn schema_of(&mut self, id: EntityId) -> Checked<Option<String>> {
        if let Some(schema) = self.schemata.get(&id) {
            return Ok(schema.clone());
        }
        let schema = self.storage.entity(id)?.map(|row: EntityRow| row.schema);
        self.schemata.insert(id, schema.clone());
        Ok(schema)
    }

    fn known(&mut self, id: EntityId) -> Checked<EntityId> {
        if self.schema_of(id)?.is_some() { Ok(id) } else { self.unknown(id) }
    }

    fn source(&mut self, id: EntityId) -> Checked<EntityId> {
        let Some(schema) = self.schema_of(id)? else { return self.unknown(id) };
        match self.registry.schema(&schema) {
            Some(found) if found.is_source => Ok(id),
            _ => problem(
                format!("a {schema} is no source"),
                "a source is a document, an interview or a communication: record what was read or heard",
            ),
        }
    }

    fn unknown<T>(&self, id: EntityId) -> Checked<T> {
        problem(format!("there is no entity {id}"), "record the entity before what is claimed about it")
    }

    fn nearest_schema(&self, name: &str) -> String {
        let names: Vec<&str> =
            self.registry.schemata().filter(|schema| !schema.is_abstract).map(|schema| schema.name.as_str()).collect();
        match schema::nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known are {}", names.join(", ")),
        }
    }

    fn descendants(&self, name: &str) -> String {
        let found =
            self.registry.schemata().filter(|schema| !schema.is_abstract && self.registry.is_a(&schema.name, name));
        found.map(|schema| schema.name.as_str()).take(4).collect::<Vec<_>>().join(", ")
    }
}

/// Numbers of the kinds that are looked for by number.
pub(crate) mod kinds {
    pub(crate) const ACCOUNT: u16 = 2;
    pub(crate) const CLAIM: u16 = 4;
    pub(crate) const JUDGE: u16 = 8;
    pub(crate) const CUSTODY: u16 = 10;
    pub(crate) const DEFINE: u16 = 11;
    pub(crate) const PUBLISH: u16 = 12;
    pub(crate) const CLASSIFY: u16 = 13;
    pub(crate) const STAMP: u16 = 14;
    pub(crate) const DECIDE: u16 = 15;
}

pub(crate) fn judgements(storage: &dyn Storage, before: ItemNo) -> Result<Vec<Judge>, Error> {
    let rows = storage.items_of_kind(kinds::JUDGE, before)?;
    let judged = rows.iter().filter_map(|row| row.body.as_deref()).map(|body| match Item::decode(body)? {
        Item::Judge(judge) => Ok(judge),
        _ => Err(Error::Encoding("an item is not of the kind that it is stored as".into())),
    });
    judged.collect()
}

pub(crate) fn item_row(storage: &dyn Storage, item: ClaimId) -> Result<Option<ItemRow>, Error> {
    let Some(position) = storage.position_of(item.feed, item.sequence)? else { return Ok(None) };
    storage.item(ItemNo::new(position, item.index as usize))
}

fn said(text: &str, hint: &str) -> Checked<()> {
    if text.trim().is_empty() {
        return problem("something is missing", hint);
    }
    if text.len() > LONGEST {
        return problem(format!("a text is longer than {LONGEST} bytes"), "put it into a document");
    }
    Ok(())
}

fn kind_name(item: &Item) -> &'static str {
    match item {
        Item::Genesis(_) => "beginning of a workspace",
        Item::Account(_) => "account",
        Item::Entity(_) => "entity",
        Item::Claim(_) => "claim",
        Item::Retract(_) => "retraction",
        Item::Assess(_) => "assessment",
        Item::Prefer(_) => "preference",
        Item::Judge(_) => "judgement",
        Item::Erase(_) => "erasure",
        Item::Custody(_) => "custody",
        Item::Define(_) => "definition",
        Item::Publish(_) => "publication",
        Item::Classify(_) => "clearance",
        Item::Stamp(_) => "time stamp",
        Item::Decide(_) => "decision on a proposal",
        Item::Unknown { .. } => "unknown",
    }
}
