//! A small ledger, written as a test needs it.

use figures::{Definition, Figure};
use ledger::{
    Account, AccountId, AsOf, Assess, Author, Claim, ClaimId, Clearance, Cleared, Define, EntityItem, Genesis, Item,
    Judge, Ledger, Level, Settings, SigningKey, Target, Verdict, View,
};
use schema::{EntityId, Registry};
use tempfile::TempDir;

pub const DEFINITION: &str = "figure: arrests\ntitle: {en: Defenders arrested, km: អ្នកការពារសិទ្ធិ}\ndefinition: Defenders who were arrested.\n\
    unit: persons\nalso: [acts]\nacts: [arrest]\nvictimGroups: [human-rights-defender]\nwindow: 2020-07-31/2020-09-10\n\
    standard: all-allegations\nclearance: public\n";

pub struct World {
    pub ledger: Ledger,
    pub author: Author,
    _dir: TempDir,
}

/// The entity of this key.
pub fn id(key: &str) -> EntityId {
    EntityId::derive("test", key)
}

impl World {
    /// An empty ledger with one source, `note`.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let owner =
            Account { id: AccountId::named("owner"), name: "Owner".into(), level: Level::Restricted, teams: vec![] };
        let author = Author::new(owner.id);
        let settings = Settings {
            database: dir.path().join("ledger.db"),
            index: dir.path().join("index.db"),
            key: [1; 32],
            index_key: [2; 32],
            signing: SigningKey::from_seed(&[3; 32]),
            registry: Registry::builtin().unwrap(),
        };
        let genesis = Genesis { workspace: [4; 16], name: "test".into(), program: "test".into() };
        let world = World { ledger: Ledger::create(settings, genesis, owner).unwrap(), author, _dir: dir };
        world.append(vec![entity("note", "Document")]);
        world
    }

    pub fn append(&self, items: Vec<Item>) -> Vec<ClaimId> {
        self.ledger.append(&self.author, items).unwrap().claims
    }

    /// Entities, and what the source `note` says of them: `rong: Person`, `rong.name: Rong Chhun`, `note2.derivedFrom: note`;
    /// `@note2 rong.name: …` for another source. A reference is written as its key.
    pub fn tell(&self, lines: &str) -> Vec<ClaimId> {
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        self.append(lines.map(|line| self.item(line)).collect())
    }

    fn item(&self, line: &str) -> Item {
        let (source, line) = match line.strip_prefix('@') {
            Some(rest) => rest.split_once(' ').unwrap(),
            None => ("note", line),
        };
        let (about, said) = line.split_once(": ").unwrap();
        match about.split_once('.') {
            None => entity(about, said),
            Some((key, property)) => claim(self.ledger.registry(), key, property, said, source),
        }
    }

    /// A person arrested as a defender, with an act of the same key and `-arrest`.
    pub fn arrested(&self, key: &str, date: &str) {
        self.tell(&format!("{key}: Person\n{key}.name: {key}"));
        self.arrest(&format!("{key}-arrest"), key, date);
    }

    pub fn arrest(&self, act: &str, victim: &str, date: &str) {
        self.tell(&format!(
            "{act}: Act\n{act}.type: acts:arrest\n{act}.victim: {victim}\n{act}.victimGroup: victim-groups:human-rights-defender\n{act}.date: {date}"
        ));
    }

    pub fn judge(&self, a: &str, b: &str, verdict: Verdict) {
        self.append(vec![Item::Judge(Judge { a: id(a), b: id(b), verdict, reason: "compared".into(), origin: None })]);
    }

    pub fn assess(&self, claim: ClaimId, step: &str) {
        self.append(vec![Item::Assess(Assess {
            target: Target::Claim(claim),
            verification: Some(step.into()),
            standard: None,
            reliability: None,
            credibility: None,
            reason: "looked at".into(),
            origin: None,
        })]);
    }

    pub fn define(&self, text: &str) {
        let define =
            Define { kind: "figure".into(), name: "arrests".into(), text: text.into(), clearance: Clearance::public() };
        self.append(vec![Item::Define(define)]);
    }

    /// The figure of this definition, in its own view, now.
    pub fn figure(&self, text: &str) -> Figure {
        self.figure_at(text, AsOf::Now)
    }

    pub fn figure_at(&self, text: &str, as_of: AsOf) -> Figure {
        let definition = Definition::parse(text).unwrap();
        let reader = self.ledger.read(&definition.view().at(as_of)).unwrap();
        figures::compute(&reader, &definition).unwrap()
    }

    /// Bounds of persons and of acts.
    pub fn counted(&self, text: &str) -> [(u64, Option<u64>); 2] {
        let figure = self.figure(text);
        let also = figure.also.first().unwrap();
        [(figure.lower, figure.upper), (also.lower, also.upper)]
    }

    pub fn reader(&self, level: Level) -> ledger::Reader<'_> {
        self.ledger.read(&View::new(Cleared::to(level))).unwrap()
    }
}

fn entity(key: &str, schema: &str) -> Item {
    Item::Entity(EntityItem {
        id: id(key),
        schema: schema.into(),
        clearance: Clearance::public(),
        key: Some(key.into()),
    })
}

pub fn claim(registry: &Registry, key: &str, property: &str, said: &str, source: &str) -> Item {
    let kind = ["Act", "Group", "Person", "Document", "Incident", "ReportedCount", "Organization"]
        .iter()
        .find_map(|schema| registry.property(schema, property).ok())
        .unwrap()
        .kind;
    let text = if kind == schema::Kind::Entity { id(said).to_string() } else { said.to_owned() };
    let value = schema::Value::parse(kind, &text, None).unwrap();
    let mut claim = Claim::new(id(key), property, &value, id(source));
    claim.no_words = Some("a test".into());
    claim.clearance = Clearance::public();
    Item::Claim(claim)
}
