//! A small ledger about one case, and letters that are composed from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use ledger::{Claim, ClaimId, Clearance, Cleared, Define, EntityItem, Item, Level, View};
use publishing::{Composed, Draft, compose, fragment};
use schema::{EntityId, Lang};
use workspace::{Options, Passphrase, Workspace};

/// A workspace of a few claims about one case.
pub struct Case {
    pub dir: tempfile::TempDir,
    pub workspace: Workspace,
}

pub fn id(key: &str) -> EntityId {
    EntityId::derive("test", key)
}

impl Case {
    pub fn new() -> Case {
        let dir = tempfile::tempdir().unwrap();
        let (workspace, _) = Workspace::create(
            &dir.path().join("w"),
            "Test",
            "Owner",
            &Passphrase::new("a long passphrase"),
            Options::demonstration(),
        )
        .unwrap();
        let case = Case { dir, workspace };
        for (key, schema) in [
            ("rong-chhun", "Person"),
            ("licadho", "Organization"),
            ("daily", "MediaOutlet"),
            ("lic300", "Document"),
            ("cd1", "Document"),
            ("court", "PublicBody"),
            ("rc1", "Proceeding"),
            ("rc1-arrest", "ProceedingStep"),
            ("rc1-verdict", "ProceedingStep"),
            ("march", "Incident"),
            ("act-1", "Act"),
            ("bm-set", "BenchmarkSet"),
        ] {
            case.entity(key, schema, Clearance::public());
        }
        case.entity("witness-talk", "Interview", Clearance::internal());
        case.say("licadho", "name", "LICADHO", "lic300");
        case.say("daily", "name", "Cambodia Daily", "cd1");
        case.say("lic300", "title", "Flash news on the <verdict>", "lic300");
        case.say("lic300", "publisher", &id("licadho").to_string(), "lic300");
        case.say("lic300", "published", "2021-08-18", "lic300");
        case.say("lic300", "sourceUrl", "https://www.licadho-cambodia.org/flashnews.php?perm=300&x=1", "lic300");
        case.say("cd1", "title", "Unionist sentenced", "cd1");
        case.say("cd1", "publisher", &id("daily").to_string(), "cd1");
        case.say("rong-chhun", "name", "Rong Chhun", "lic300");
        case.say_in("rong-chhun", "name", "រ៉ុង ឈុន", "lic300", Some("km"), Clearance::public());
        case.say("court", "name", "Phnom Penh Municipal Court", "lic300");
        case.say("rc1", "title", "Rong Chhun: incitement", "lic300");
        case.say("rc1", "defendant", &id("rong-chhun").to_string(), "lic300");
        case.say("rc1", "court", &id("court").to_string(), "lic300");
        case.say("rc1-arrest", "proceeding", &id("rc1").to_string(), "lic300");
        case.say("rc1-arrest", "type", "arrest", "lic300");
        case.say("rc1-arrest", "date", "2020-07-31", "lic300");
        case.say("rc1-verdict", "proceeding", &id("rc1").to_string(), "lic300");
        case.say("rc1-verdict", "type", "verdict", "lic300");
        case.say("rc1-verdict", "date", "2021-08-18", "lic300");
        case.say("rc1-verdict", "date", "2021-08-17", "cd1");
        case.prefer_first("rc1-verdict", "date");
        case.say("rc1-verdict", "sentence", "24 months", "lic300");
        case.say("rc1-verdict", "court", &id("court").to_string(), "lic300");
        case.say("bm-set", "title", "Benchmarks", "lic300");
        case.say("bm-set", "number", "20", "lic300");
        case.say("act-1", "type", "arrest", "lic300");
        case.say("act-1", "victim", &id("rong-chhun").to_string(), "lic300");
        case.say("act-1", "victimGroup", "human-rights-defender", "lic300");
        case.say("act-1", "date", "2020-07-31", "lic300");
        case
    }

    pub fn append(&self, items: Vec<Item>) {
        self.workspace.ledger.append(&self.workspace.owner(), items).unwrap();
    }

    pub fn entity(&self, key: &str, schema: &str, clearance: Clearance) {
        self.append(vec![Item::Entity(EntityItem {
            id: id(key),
            schema: schema.into(),
            clearance,
            key: Some(key.into()),
        })]);
    }

    pub fn say(&self, entity: &str, property: &str, value: &str, source: &str) {
        self.say_in(entity, property, value, source, None, Clearance::public());
    }

    pub fn say_in(
        &self,
        entity: &str,
        property: &str,
        value: &str,
        source: &str,
        lang: Option<&str>,
        clearance: Clearance,
    ) {
        let reader = self.workspace.ledger.read(&View::new(Cleared::to(Level::Restricted))).unwrap();
        let schema = reader.schema_of(id(entity)).unwrap().unwrap();
        let lang = lang.map(|lang| Lang::new(lang).unwrap());
        let value = reader.registry().parse(&schema, property, value, lang.as_ref()).unwrap();
        let mut claim = Claim::new(id(entity), property, &value, id(source));
        claim.no_words = Some("test".into());
        claim.clearance = clearance;
        drop(reader);
        self.append(vec![Item::Claim(claim)]);
    }

    pub fn prefer_first(&self, entity: &str, property: &str) {
        self.prefer(self.claims_of(entity, property)[0]);
    }

    pub fn prefer_last(&self, entity: &str, property: &str) {
        self.prefer(*self.claims_of(entity, property).last().unwrap());
    }

    /// The claims on a property, in the order in which they were recorded.
    pub fn claims_of(&self, entity: &str, property: &str) -> Vec<ClaimId> {
        let reader = self.workspace.ledger.read(&View::public()).unwrap();
        let claims = reader.claims_about(id(entity)).unwrap();
        claims.iter().filter(|claim| claim.property == property).map(|claim| claim.id).collect()
    }

    fn prefer(&self, claim: ClaimId) {
        self.append(vec![Item::Prefer(ledger::Prefer { claim, reason: "test".into(), origin: None })]);
    }

    pub fn define_figure(&self) {
        self.define_figure_for("arrested", Clearance::public());
    }

    pub fn define_figure_for(&self, name: &str, clearance: Clearance) {
        let text = format!(
            "figure: {name}\ntitle: {{en: Defenders arrested}}\ndefinition: persons, once each\nunit: persons\nacts: [arrest]\n\
             victimGroups: [human-rights-defender]\nwindow: 2020-07-31/2020-09-10\nstandard: all-allegations\nclearance: public\n"
        );
        self.append(vec![Item::Define(Define { kind: "figure".into(), name: name.into(), text, clearance })]);
    }

    pub fn draft(front: &str, body: &str) -> Draft {
        Draft::parse(&format!("---\npublication: l\ntitle: A letter\ndate: 2023-09-15\n{front}---\n{body}")).unwrap()
    }

    pub fn compose(&self, front: &str, body: &str) -> Composed {
        let draft = Case::draft(front, body);
        let reader = self.workspace.ledger.read(&draft.view()).unwrap();
        compose(&reader, &draft).unwrap()
    }

    /// The body as text, for looking at what was said.
    pub fn said(&self, body: &str) -> String {
        let page = fragment(&self.compose("", body));
        let from = page.find("</header>").unwrap() + 9;
        let to = page.find("<section").or_else(|| page.find("<footer")).unwrap();
        page[from..to].trim().to_string()
    }
}

/// A page's text without its tags.
pub fn without_tags(page: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
