//! Reading through a view: the only way to ask the ledger anything.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use schema::{Agreement, Cardinality, EntityId, Registry, Standard, Value};

use crate::Error;
use crate::check::kinds;
use crate::clearance::{Clearance, Cleared, Level};
use crate::clock::Timestamp;
use crate::id::{AccountId, ClaimId};
use crate::independence::{self, Tally};
use crate::item::{self, Genesis, Item};
use crate::judgement::Clusters;
use crate::ledger::{Ledger, bodies, clusters_of};
use crate::record::{self, ClaimView, PropertyView, Record, SourceView, ValueView, Weight};
use crate::storage::{EntryRow, ItemNo, Storage};
use crate::told::{self, Account, Told};
use crate::view::{AsOf, View};

/// How deep labels made of other labels may go: an act is named by its victim, a step by its proceeding's defendant.
const DEEPEST_LABEL: u8 = 3;
/// A label made of featured properties takes so many: “Arrest · Rong Chhun · 31 July 2020”.
const LONGEST_LABEL: usize = 3;
/// Entities that a reader remembers while it goes through all of them.
const MOST_REMEMBERED: usize = 400;

/// One reader's eyes on one moment of the ledger. It holds a connection of the pool: make one per question, and let it go.
pub struct Reader<'a> {
    pub(crate) ledger: &'a Ledger,
    line: Option<Line<'a>>,
    view: View,
    standard: Standard,
    position: u64,
    pub(crate) before: ItemNo,
    pub(crate) clusters: Arc<Clusters>,
    /// Every level at which something met so far is seen or not: bit n for level n, and the next for a team's. Projections use it.
    pub(crate) levels: Cell<u8>,
    accounts: RefCell<HashMap<EntityId, Option<Rc<Account>>>>,
    names: RefCell<Option<HashMap<AccountId, String>>>,
    entries: RefCell<HashMap<u64, EntryRow>>,
    /// Who takes an answer from here takes its levels too.
    labels: RefCell<Noted<String>>,
    sources: RefCell<Noted<Rc<Source>>>,
    depth: Cell<u8>,
}

/// By which connection a reader reads.
enum Line<'a> {
    /// One of its own, to be given back.
    Pooled(Box<dyn Storage>),
    /// The writer's, which sees what is not committed yet.
    Writing(&'a dyn Storage),
}

/// Answers about entities, each with the levels that made a difference to it.
type Noted<T> = HashMap<EntityId, (Option<T>, u8)>;

/// What the weighing of claims needs to know of their source. No label: labels are weighed themselves.
pub(crate) struct Source {
    pub(crate) root: EntityId,
    reliability: Option<String>,
    publisher: Option<EntityId>,
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(Line::Pooled(storage)) = self.line.take() {
            self.ledger.give_back(storage);
        }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn open(ledger: &'a Ledger, view: &View) -> Result<Self, Error> {
        let mut reader = Reader::on(ledger, Line::Pooled(ledger.connection()?), view)?;
        reader.clusters = ledger.clusters(reader.storage()?, reader.before, &view.cleared)?;
        Ok(reader)
    }

    /// Reads what a transaction has appended and not committed. It leaves nothing in what readers share: it may be taken back.
    pub(crate) fn within(ledger: &'a Ledger, storage: &'a dyn Storage, view: &View) -> Result<Self, Error> {
        let mut reader = Reader::on(ledger, Line::Writing(storage), view)?;
        let classified = storage.last_of_kind(kinds::CLASSIFY, reader.before)?.is_some();
        reader.clusters = Arc::new(clusters_of(storage, reader.before, &view.cleared, classified)?);
        Ok(reader)
    }

    /// Still without the judgements.
    fn on(ledger: &'a Ledger, line: Line<'a>, view: &View) -> Result<Self, Error> {
        let standard = ledger.registry().standard(&view.standard).cloned().ok_or_else(|| {
            let known: Vec<&str> =
                ledger.registry().standards().iter().map(|standard| standard.name.as_str()).collect();
            Error::Wrong {
                what: format!("there is no standard of proof “{}”", view.standard), hint: known.join(", ")
            }
        })?;
        let mut reader = Reader {
            ledger,
            line: Some(line),
            view: view.clone(),
            standard,
            position: 0,
            before: ItemNo::end_of(0),
            clusters: Arc::new(Clusters::of(&[])),
            levels: Cell::new(0),
            accounts: RefCell::default(),
            names: RefCell::default(),
            entries: RefCell::default(),
            labels: RefCell::default(),
            sources: RefCell::default(),
            depth: Cell::new(0),
        };
        let head = reader.storage()?.head()?.position;
        reader.position = match view.as_of {
            AsOf::Now => head,
            AsOf::Position(position) if position <= head => position,
            AsOf::Position(position) => {
                return Err(Error::Wrong {
                    what: format!("the ledger has {head} entries, so there is no position {position}"),
                    hint: format!("choose a position from 1 to {head}"),
                });
            }
            AsOf::Time(time) => reader.storage()?.position_at(time)?,
        };
        reader.before = ItemNo::end_of(reader.position);
        Ok(reader)
    }

    pub(crate) fn storage(&self) -> Result<&dyn Storage, Error> {
        match &self.line {
            Some(Line::Pooled(storage)) => Ok(storage.as_ref()),
            Some(Line::Writing(storage)) => Ok(*storage),
            None => Err(Error::Storage("the reader is closed".into())),
        }
    }

    /// Entries up to which this reader sees.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    #[must_use]
    pub fn cleared(&self) -> &Cleared {
        &self.view.cleared
    }

    #[must_use]
    pub fn standard(&self) -> &Standard {
        &self.standard
    }

    #[must_use]
    pub fn registry(&self) -> &Registry {
        self.ledger.registry()
    }

    /// When the last entry that this reader sees was recorded.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.entry(self.position).map(|entry| entry.at)
    }

    /// What the workspace is.
    ///
    /// # Errors
    /// As the database says; so for all that follow.
    pub fn workspace(&self) -> Result<Genesis, Error> {
        match self.storage()?.item(ItemNo::new(1, 0))?.and_then(|row| row.body).as_deref().map(Item::decode) {
            Some(Ok(Item::Genesis(genesis))) => Ok(genesis),
            _ => Err(Error::Damaged {
                place: "entry 1".into(),
                problem: "it is not the beginning of a workspace".into(),
            }),
        }
    }

    /// The entity as its claims add up in this view; `None` when this view has no such entity.
    ///
    /// # Errors
    /// As the database says.
    pub fn record(&self, id: EntityId) -> Result<Option<Record>, Error> {
        let members = self.members(id)?;
        let Some(first) = members.first() else { return Ok(None) };
        let label = self.label_opt(first.seen.id)?.unwrap_or_default();
        let mut tally: Tally = BTreeMap::new();
        let mut standing: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
        for told in members.iter().flat_map(|member| &member.told) {
            if let Some(claim) = &told.claim
                && self.counts(told)?
            {
                standing.entry(&claim.property).or_default().push(told);
                if let Some(source) = self.source(claim.source)? {
                    tally.entry(claim.source).or_insert((0, source.root)).0 += 1;
                }
            }
        }
        let claims = standing.values().map(Vec::len).sum();
        let mut properties = Vec::new();
        for property in self.registry().properties(&first.seen.schema) {
            if let Some(told) = standing.remove(property.name.as_str()) {
                let values = self.weigh(told, property.cardinality)?;
                properties.push(PropertyView {
                    name: property.name.clone(),
                    label: property.label.clone(),
                    cardinality: property.cardinality,
                    values,
                });
            }
        }
        if let Some(schema) = self.registry().schema(&first.seen.schema) {
            // What the thing is called and what the schema puts first, come first; the rest in the schema's order.
            let leading: Vec<&String> = schema.caption.iter().chain(&schema.featured).collect();
            properties
                .sort_by_key(|property| leading.iter().position(|name| **name == property.name).unwrap_or(usize::MAX));
        }
        let mut sources = Vec::with_capacity(tally.len());
        for (id, (claims, root)) in tally {
            sources.push(SourceView { id, label: self.label(id)?, claims, root });
        }
        sources.sort_by(|a, b| b.claims.cmp(&a.claims).then_with(|| a.label.cmp(&b.label)));
        Ok(Some(Record {
            id: first.seen.id,
            schema: first.seen.schema.clone(),
            label,
            clearance: first.seen.clearance.clone(),
            merged: members.iter().skip(1).map(|member| member.seen.id).collect(),
            disputed: properties.iter().filter(|property| property.disputed()).count(),
            properties,
            claims,
            roots: independence::distinct(sources.iter().map(|source| source.root)).len(),
            sources,
        }))
    }

    /// The value shown first.
    ///
    /// # Errors
    /// As the database says.
    pub fn value(&self, id: EntityId, property: &str) -> Result<Option<Value>, Error> {
        Ok(self.values(id, property)?.into_iter().next())
    }

    /// All values that stand, the best first.
    ///
    /// # Errors
    /// As the database says.
    pub fn values(&self, id: EntityId, property: &str) -> Result<Vec<Value>, Error> {
        self.values_where(id, property, |told| told.stands(&self.standard))
    }

    /// The value by which a thing is named: one that counts under the standard, or else any that is alleged. A standard narrows what is
    /// held to have happened; what is talked about keeps its name.
    fn naming(&self, id: EntityId, property: &str) -> Result<Option<Value>, Error> {
        if let Some(value) = self.value(id, property)? {
            return Ok(Some(value));
        }
        Ok(self.values_where(id, property, Told::is_alleged)?.into_iter().next())
    }

    fn values_where(&self, id: EntityId, property: &str, counts: impl Fn(&Told) -> bool) -> Result<Vec<Value>, Error> {
        let members = self.members(id)?;
        let mut told = Vec::new();
        for candidate in members.iter().flat_map(|member| &member.told) {
            let asked = candidate.claim.as_ref().is_some_and(|claim| claim.property == property);
            if asked && counts(candidate) && self.in_view(candidate)? {
                told.push(candidate);
            }
        }
        // Where all say the same, nothing has to be weighed, and no source looked at.
        let values: Vec<&Value> = told.iter().filter_map(|told| told.value.as_ref()).collect();
        match values.split_first() {
            Some((first, rest)) if rest.iter().all(|value| self.same_value(first, value)) => Ok(vec![(*first).clone()]),
            _ => Ok(self.order(&told)?.into_iter().map(|(weight, _)| weight.value).collect()),
        }
    }

    /// The schema of an entity of this view.
    ///
    /// # Errors
    /// As the database says.
    pub fn schema_of(&self, id: EntityId) -> Result<Option<String>, Error> {
        Ok(self.account(id)?.map(|account| account.seen.schema.clone()))
    }

    /// What the entity was called in the case file that it came from.
    ///
    /// # Errors
    /// As the database says.
    pub fn key_of(&self, id: EntityId) -> Result<Option<String>, Error> {
        Ok(self.account(id)?.and_then(|account| account.seen.key.clone()))
    }

    /// The id under which this view shows an entity: its own, or the first of those judged to be the same.
    #[must_use]
    pub fn shown_as(&self, id: EntityId) -> EntityId {
        self.clusters.name(id)
    }

    /// Whether somebody looked at these two and could not tell whether they are the same.
    #[must_use]
    pub fn unsure(&self, a: EntityId, b: EntityId) -> bool {
        self.clusters.unsure(a, b)
    }

    /// The label of an entity, or words that say that this view has none.
    ///
    /// # Errors
    /// As the database says.
    pub fn label(&self, id: EntityId) -> Result<String, Error> {
        Ok(self.label_opt(id)?.unwrap_or_else(|| "(not in this view)".into()))
    }

    /// The label of an entity: the first value of its schema's caption, or what can be made of its featured properties.
    ///
    /// # Errors
    /// As the database says.
    pub fn label_opt(&self, id: EntityId) -> Result<Option<String>, Error> {
        let id = self.clusters.name(id);
        if let Some((label, met)) = self.labels.borrow().get(&id) {
            self.levels.set(self.levels.get() | met);
            return Ok(label.clone());
        }
        let (label, met) = self.noting(|| match self.account(id)? {
            Some(account) => self.make_label(&account),
            None => Ok(None),
        })?;
        if self.depth.get() == 0 {
            self.labels.borrow_mut().insert(id, (label.clone(), met));
        }
        Ok(label)
    }

    /// What this entity itself is called, whatever it was judged to be the same as: judgements name both sides by it.
    pub(crate) fn own_label(&self, id: EntityId) -> Result<String, Error> {
        let Some(account) = self.account(id)? else { return self.label(id) };
        let captions =
            self.registry().schema(&account.seen.schema).map(|schema| schema.caption.as_slice()).unwrap_or_default();
        for caption in captions {
            for told in account.told.iter().filter(|told| told.is_alleged()) {
                if let (Some(claim), Some(value)) = (&told.claim, &told.value)
                    && claim.property == *caption
                    && self.in_view(told)?
                {
                    return self.show(value);
                }
            }
        }
        self.label(id)
    }

    fn make_label(&self, account: &Account) -> Result<Option<String>, Error> {
        let Some(schema) = self.registry().schema(&account.seen.schema) else {
            return Ok(Some(account.seen.schema.clone()));
        };
        for caption in &schema.caption {
            if let Some(value) = self.naming(account.seen.id, caption)? {
                return Ok(Some(self.show(&value)?));
            }
        }
        if self.depth.get() >= DEEPEST_LABEL {
            return Ok(Some(schema.label.en.clone()));
        }
        self.depth.set(self.depth.get() + 1);
        let mut parts = Vec::new();
        for property in &schema.featured {
            if parts.len() == LONGEST_LABEL {
                break;
            }
            match self.naming(account.seen.id, property) {
                Ok(Some(value)) => parts.push(self.show(&value)),
                Ok(None) => {}
                Err(error) => parts.push(Err(error)),
            }
        }
        self.depth.set(self.depth.get() - 1);
        let parts = parts.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Some(if parts.is_empty() { format!("{} without a name", schema.label.en) } else { parts.join(" · ") }))
    }

    /// A value in words; an entity by its label.
    ///
    /// # Errors
    /// As the database says.
    pub fn show(&self, value: &Value) -> Result<String, Error> {
        match value {
            Value::Entity(id) => self.label(*id),
            value => Ok(value.display(self.registry(), "en")),
        }
    }

    /// An account's name.
    #[must_use]
    pub fn account_name(&self, account: AccountId) -> String {
        let mut names = self.names.borrow_mut();
        let known = names.get_or_insert_with(|| {
            let accounts = self.accounts().unwrap_or_default();
            accounts.into_iter().map(|account| (account.id, account.name)).collect()
        });
        known.get(&account).cloned().unwrap_or_else(|| account.to_string())
    }

    /// All accounts, each as last recorded.
    ///
    /// # Errors
    /// As the database says.
    pub fn accounts(&self) -> Result<Vec<item::Account>, Error> {
        let take = |item| if let Item::Account(account) = item { Some(account) } else { None };
        let mut latest: BTreeMap<AccountId, item::Account> = BTreeMap::new();
        for account in bodies(self.storage()?, kinds::ACCOUNT, self.before, take)? {
            latest.insert(account.id, account);
        }
        Ok(latest.into_values().collect())
    }

    /// Everything about the entities judged to be one with this one, as far as the view sees them.
    pub(crate) fn members(&self, id: EntityId) -> Result<Vec<Rc<Account>>, Error> {
        let mut members = Vec::new();
        for member in self.clusters.members(id) {
            members.extend(self.account(member)?);
        }
        Ok(members)
    }

    /// Everything about one entity; `None` when this view has none such.
    pub(crate) fn account(&self, id: EntityId) -> Result<Option<Rc<Account>>, Error> {
        if let Some(known) = self.accounts.borrow().get(&id) {
            // Asked again, because it is answered from memory: the level makes the same difference as the first time.
            known.as_ref().map(|account| self.sees(&account.seen.clearance));
            return Ok(known.clone());
        }
        let account = match self.storage()?.entity(id)? {
            Some(row) if row.created < self.before => {
                let items = self.storage()?.items_about(id, self.before)?;
                Some(told::account(row, items)?).filter(|account| self.sees(&account.seen.clearance)).map(Rc::new)
            }
            _ => None,
        };
        self.accounts.borrow_mut().insert(id, account.clone());
        Ok(account)
    }

    /// The only gate of access; it remembers which levels made a difference.
    pub(crate) fn sees(&self, clearance: &Clearance) -> bool {
        let level = match clearance.team {
            Some(_) => Level::ALL.len(),
            None => Level::ALL.iter().position(|level| *level == clearance.level).unwrap_or(3),
        };
        self.levels.set(self.levels.get() | 1 << level);
        self.view.cleared.may_see(clearance)
    }

    /// Whether a claim is in this view: cleared, and if it points at another entity, that too.
    pub(crate) fn in_view(&self, told: &Told) -> Result<bool, Error> {
        if !self.sees(&told.clearance) {
            return Ok(false);
        }
        match &told.value {
            Some(Value::Entity(id)) => Ok(self.account(*id)?.is_some()),
            _ => Ok(true),
        }
    }

    /// Whether a claim is in this view and counts under its standard.
    pub(crate) fn counts(&self, told: &Told) -> Result<bool, Error> {
        Ok(told.stands(&self.standard) && self.in_view(told)?)
    }

    /// What is known of a source; `None` when its identity is not in this view.
    pub(crate) fn source(&self, id: EntityId) -> Result<Option<Rc<Source>>, Error> {
        if let Some((known, met)) = self.sources.borrow().get(&id) {
            self.levels.set(self.levels.get() | met);
            return Ok(known.clone());
        }
        let (source, met) = self.noting(|| match self.account(id)? {
            None => Ok(None),
            Some(account) => Ok(Some(Rc::new(Source {
                root: self.root_of(id)?,
                reliability: account.reliability.clone(),
                publisher: self.pointed_at(&account, "publisher")?,
            }))),
        })?;
        self.sources.borrow_mut().insert(id, (source.clone(), met));
        Ok(source)
    }

    /// An answer, and the levels that made a difference to it.
    fn noting<T>(&self, ask: impl FnOnce() -> Result<T, Error>) -> Result<(T, u8), Error> {
        let before = self.levels.replace(0);
        let answer = ask();
        let met = self.levels.get();
        self.levels.set(before | met);
        Ok((answer?, met))
    }

    /// A reader that goes through the whole ledger must not carry it all along.
    pub(crate) fn forget_some(&self) {
        if self.accounts.borrow().len() > MOST_REMEMBERED {
            self.accounts.borrow_mut().clear();
            self.labels.borrow_mut().clear();
            self.sources.borrow_mut().clear();
            self.entries.borrow_mut().clear();
        }
    }

    fn root_of(&self, id: EntityId) -> Result<EntityId, Error> {
        let failed = Cell::new(None);
        let root = independence::root(id, |source| {
            let next = self.account(source).and_then(|account| match account {
                Some(account) => self.pointed_at(&account, "derivedFrom"),
                None => Ok(None),
            });
            next.unwrap_or_else(|error| {
                failed.set(Some(error));
                None
            })
        });
        failed.into_inner().map_or(Ok(root), Err)
    }

    /// The first standing value of a property that points at an entity. It does not weigh: that would need the sources first.
    fn pointed_at(&self, account: &Account, property: &str) -> Result<Option<EntityId>, Error> {
        for told in &account.told {
            if let (Some(claim), Some(Value::Entity(id))) = (&told.claim, &told.value)
                && claim.property == property
                && self.counts(told)?
            {
                return Ok(Some(*id));
            }
        }
        Ok(None)
    }

    pub(crate) fn entry(&self, position: u64) -> Option<EntryRow> {
        if let Some(row) = self.entries.borrow().get(&position) {
            return Some(*row);
        }
        let row = self.storage().ok()?.entry(position).ok()??;
        self.entries.borrow_mut().insert(position, row);
        Some(row)
    }

    /// Who recorded an item, and when.
    pub(crate) fn recorded(&self, no: ItemNo) -> (String, Timestamp) {
        match self.entry(no.position()) {
            Some(entry) => (self.account_name(entry.account), entry.at),
            None => (String::new(), Timestamp(0)),
        }
    }

    /// Groups claims by what they say, and orders the groups.
    fn order<'t>(&self, told: &[&'t Told]) -> Result<Vec<(Weight, Vec<&'t Told>)>, Error> {
        let mut groups: Vec<(Weight, Vec<&'t Told>)> = Vec::new();
        for told in told {
            let (Some(value), Some(claim)) = (&told.value, &told.claim) else { continue };
            let source = self.source(claim.source)?;
            // Sources outside this view are one root together: their number is not this reader's to know.
            let root = source.as_ref().map_or(EntityId::from_bytes([0; 16]), |source| source.root);
            let reliability = record::grade(source.as_ref().and_then(|source| source.reliability.as_deref()));
            let at = groups.iter().position(|(weight, _)| self.same_value(&weight.value, value));
            match at {
                Some(at) => {
                    let (weight, claims) = &mut groups[at];
                    weight.own_roots.insert(root);
                    weight.verification = weight.verification.max(told.verification);
                    weight.reliability = weight.reliability.max(reliability);
                    if told.preferred.as_ref().map(|(no, _)| *no) > weight.preferred.as_ref().map(|(no, _)| *no) {
                        weight.preferred.clone_from(&told.preferred);
                    }
                    claims.push(told);
                }
                None => groups.push((
                    Weight {
                        value: value.clone(),
                        preferred: told.preferred.clone(),
                        verification: told.verification,
                        reliability,
                        own_roots: BTreeSet::from([root]),
                        roots: BTreeSet::new(),
                        first: told.no,
                    },
                    vec![told],
                )),
            }
        }
        let mut weights: Vec<Weight> = groups.iter().map(|(weight, _)| weight.clone()).collect();
        record::support(&mut weights);
        for ((weight, _), supported) in groups.iter_mut().zip(weights) {
            *weight = supported;
        }
        groups.sort_by(|(a, _), (b, _)| record::compare(a, b).0);
        Ok(groups)
    }

    fn same_value(&self, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Entity(a), Value::Entity(b)) => self.clusters.name(*a) == self.clusters.name(*b),
            (a, b) => {
                a.agreement(b) == Agreement::Same && a.lang().map(|l| l.language()) == b.lang().map(|l| l.language())
            }
        }
    }

    fn weigh(&self, told: Vec<&Told>, cardinality: Cardinality) -> Result<Vec<ValueView>, Error> {
        let groups = self.order(&told)?;
        let mut views = Vec::with_capacity(groups.len());
        for (rank, (weight, claims)) in groups.iter().enumerate() {
            let winner = &groups[0].0;
            let why = match rank {
                0 => record::why_first(winner, groups.get(1).map(|(weight, _)| weight), cardinality),
                _ => record::why_other(winner, weight, cardinality),
            };
            views.push(ValueView {
                display: self.show(&weight.value)?,
                preferred: rank == 0,
                why,
                verification: weight.verification,
                roots: weight.roots.len(),
                agrees: (rank > 0 && cardinality == Cardinality::One).then(|| weight.value.agreement(&winner.value)),
                claims: claims.iter().map(|told| self.claim_view(told)).collect::<Result<_, _>>()?,
                value: weight.value.clone(),
            });
        }
        Ok(views)
    }

    /// The address of an item of this ledger.
    pub(crate) fn address(&self, no: ItemNo) -> ClaimId {
        match self.entry(no.position()) {
            Some(entry) => ClaimId { feed: entry.feed.tag(), sequence: entry.sequence, index: no.index() },
            None => ClaimId { feed: [0; 4], sequence: no.position(), index: no.index() },
        }
    }

    pub(crate) fn claim_view(&self, told: &Told) -> Result<ClaimView, Error> {
        let (recorded_by, recorded_at) = self.recorded(told.no);
        let state = told.state(&self.standard, |no| self.recorded(no));
        let id = self.address(told.no);
        let base = ClaimView {
            id,
            entity: EntityId::from_bytes([0; 16]),
            property: String::new(),
            value: told.value.clone(),
            display: String::new(),
            source: None,
            source_label: "a source outside this view".into(),
            asserter: None,
            asserter_label: String::new(),
            locator: None,
            no_words: None,
            recorded_at,
            recorded_by,
            position: told.no.position(),
            verification: told.verification,
            assessed_because: told.assessed.as_ref().map(|(_, reason)| reason.clone()),
            credibility: told.credibility.clone(),
            clearance: told.clearance.clone(),
            note: None,
            state,
            preferred_because: told.preferred.as_ref().map(|(_, reason)| reason.clone()),
            origin: told.origin(),
        };
        let Some(claim) = &told.claim else { return Ok(base) };
        let display = match &told.value {
            Some(value) => self.show(value)?,
            None => claim.value.clone(),
        };
        let base = ClaimView { entity: claim.entity, property: claim.property.clone(), display, ..base };
        let Some(source) = self.source(claim.source)? else {
            // Whoever recorded it, and what they noted, may point at the source as surely as its name.
            return Ok(ClaimView { recorded_by: String::new(), ..base });
        };
        let source_label = self.label(claim.source)?;
        // Without an asserter the document speaks for its publisher; an asserter outside this view leaves only the document.
        let asserter = claim.asserter.or(source.publisher);
        let (asserter, asserter_label) = match asserter.map(|id| self.label_opt(id)).transpose()?.flatten() {
            Some(label) => (asserter, label),
            None => (None, source_label.clone()),
        };
        Ok(ClaimView {
            source: Some(claim.source),
            source_label,
            asserter,
            asserter_label,
            locator: claim.locator.clone(),
            no_words: claim.no_words.clone(),
            note: claim.note.clone(),
            ..base
        })
    }
}
