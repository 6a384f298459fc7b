//! A small workspace for the tests and for looking at the pages: one man, two accounts of one date, a document that says so.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod browser;

use std::path::Path;
use std::sync::Arc;

use ledger::{Claim, Clearance, Define, EntityItem, Item, Level};
use schema::{EntityId, Lang, Value};
use workspace::{NewObject, NewSource, Options, Passphrase, Workspace};

/// What nobody may see who is not cleared for it.
pub const SECRET: &str = "Witness Seventeen";
/// HTML in a text field.
pub const MARKUP: &str = "<script>alert(1)</script><b>'\"&";

pub const NOTE: &str = "# Reading note\n\nLICADHO reports that Rong Chhun was arrested at his home on 31 July 2020. \
A court convicted him of incitement on 18 August 2021 and sentenced him to 24 months.\n\n\
The note also records <b>bold words</b> that are not markup, and the Ministry’s answer: it was only legal action.\n";

const OTHER: &str = "The verdict was read out on 17 August 2021, this paper reports.\n";

pub const FIGURE: &str = "figure: arrested-2020\ntitle: {en: Human rights defenders arrested}\ndefinition: >-\n  Persons who were arrested for \
what they did as human rights defenders, once each, however often arrested.\nunit: persons\nalso: [acts]\nacts: [arrest]\n\
victimGroups: [human-rights-defender]\nwindow: 2020-07-31/2020-09-10\nstandard: all-allegations\nclearance: public\n";

pub fn id(key: &str) -> EntityId {
    EntityId::derive("small", key)
}

pub fn open(dir: &Path) -> Workspace {
    let passphrase = Passphrase::new("a passphrase for the tests");
    Workspace::create(dir, "Small workspace", "Tester", &passphrase, Options::demonstration()).unwrap().0
}

pub fn fill(workspace: &Workspace) {
    let registry = Arc::clone(workspace.ledger.registry());
    let owner = workspace.owner();
    let value = |schema: &str, property: &str, text: &str| registry.parse(schema, property, text, None).unwrap();
    let entity = |key: &str, schema: &str| {
        Item::Entity(EntityItem {
            id: id(key),
            schema: schema.into(),
            clearance: Clearance::public(),
            key: Some(key.into()),
        })
    };

    let names = ["licadho", "daily", "court", "ministry"];
    let mut items: Vec<Item> = names.iter().map(|key| entity(key, "Organization")).collect();
    items[2] = entity("court", "PublicBody");
    for (key, schema) in [
        ("rong", "Person"),
        ("hidden", "Person"),
        ("rc1", "Proceeding"),
        ("arrest", "ProceedingStep"),
        ("verdict", "ProceedingStep"),
        ("wave", "Incident"),
        ("act", "Act"),
        ("markup", "Person"),
    ] {
        items.push(entity(key, schema));
    }
    if let Some(Item::Entity(hidden)) =
        items.iter_mut().find(|item| matches!(item, Item::Entity(e) if e.id == id("hidden")))
    {
        hidden.clearance = Level::Restricted.into();
    }
    workspace.ledger.append(&owner, items).unwrap();

    let add = |key: &str, title: &str, publisher: &str, published: &str, text: &str, claims: Vec<Item>| {
        let mut source = NewSource::new(id(key), "Document");
        source.clearance = Clearance::public();
        source.about = vec![
            ("title".into(), value("Document", "title", title)),
            ("publisher".into(), Value::Entity(id(publisher))),
            ("published".into(), value("Document", "published", published)),
            ("kind".into(), value("Document", "kind", "reading-note")),
        ];
        source.bytes = Some(NewObject::bytes("note.md", "text/markdown", text.as_bytes().to_vec()));
        workspace.add_source(&owner, source, claims).unwrap();
    };
    let quoted = |source: &str, text: &str, about: &str, schema: &str, property: &str, given: &str, words: &str| {
        let value = registry.parse(schema, property, given, None).unwrap();
        let mut claim = Claim::new(id(about), property, &value, id(source));
        let object = ledger::Digest({
            use sha2::Digest;
            sha2::Sha256::digest(text.as_bytes()).into()
        });
        claim.locator = Some(workspace::locate(text, object, words, None, None, None).unwrap());
        claim.clearance = Clearance::public();
        Item::Claim(claim)
    };
    let bare = |source: &str, about: &str, property: &str, value: &Value, clearance: Clearance| {
        let mut claim = Claim::new(id(about), property, value, id(source));
        claim.no_words = Some("entered by hand, to be confirmed".into());
        claim.clearance = clearance;
        Item::Claim(claim)
    };
    let open = Clearance::public;
    let entity_value = |key: &str| Value::Entity(id(key));
    let arrested = "Rong Chhun was arrested at his home on 31 July 2020";
    let q = |about, schema, property, given, words| quoted("note", NOTE, about, schema, property, given, words);
    let claims = vec![
        bare("note", "licadho", "name", &value("Organization", "name", "LICADHO"), open()),
        bare("note", "daily", "name", &value("Organization", "name", "Cambodia Daily"), open()),
        bare("note", "court", "name", &value("PublicBody", "name", "Phnom Penh Municipal Court"), open()),
        bare("note", "ministry", "name", &value("Organization", "name", "Ministry of Justice"), open()),
        q("rong", "Person", "name", "Rong Chhun", "Rong Chhun"),
        bare(
            "note",
            "rong",
            "name",
            &registry.parse("Person", "name", "រ៉ុង ឈុន", Some(&Lang::new("km").unwrap())).unwrap(),
            open(),
        ),
        bare("note", "rong", "occupation", &value("Person", "occupation", "trade unionist"), open()),
        bare("note", "rong", "note", &value("Person", "note", SECRET), Level::Restricted.into()),
        bare("note", "hidden", "name", &value("Person", "name", SECRET), Level::Restricted.into()),
        bare("note", "markup", "name", &value("Person", "name", MARKUP), open()),
        bare("note", "markup", "summary", &value("Person", "summary", MARKUP), open()),
        bare("note", "rc1", "title", &value("Proceeding", "title", "Rong Chhun, first case"), open()),
        bare("note", "rc1", "defendant", &entity_value("rong"), open()),
        bare("note", "rc1", "court", &entity_value("court"), open()),
        bare("note", "arrest", "proceeding", &entity_value("rc1"), open()),
        bare("note", "arrest", "type", &value("ProceedingStep", "type", "arrest"), open()),
        q("arrest", "ProceedingStep", "date", "2020-07", "31 July 2020"),
        bare("note", "verdict", "proceeding", &entity_value("rc1"), open()),
        bare("note", "verdict", "type", &value("ProceedingStep", "type", "verdict"), open()),
        q("verdict", "ProceedingStep", "date", "2021-08-18", "on 18 August 2021"),
        q("verdict", "ProceedingStep", "sentence", "24 months", "sentenced him to 24 months"),
        bare("note", "wave", "title", &value("Incident", "title", "Arrest at home, July 2020"), open()),
        q("wave", "Incident", "date", "2020-07-31", arrested),
        bare("note", "act", "incident", &entity_value("wave"), open()),
        q("act", "Act", "type", "arrest", "arrested at his home"),
        quoted("note", NOTE, "act", "Act", "date", "2020-07-31", arrested),
        bare("note", "act", "victim", &entity_value("rong"), open()),
        bare("note", "act", "victimGroup", &value("Act", "victimGroup", "human-rights-defender"), open()),
    ];
    add("note", "Reading note: LICADHO on the case", "licadho", "2021-11-12", NOTE, claims);
    let claims = vec![quoted("paper", OTHER, "verdict", "ProceedingStep", "date", "2021-08-17", "on 17 August 2021")];
    add("paper", "Verdict report", "daily", "2021-08-18", OTHER, claims);
    let define = Define {
        kind: "figure".into(),
        name: "arrested-2020".into(),
        text: FIGURE.into(),
        clearance: Clearance::public(),
    };
    let letter =
        Define { kind: "publication".into(), name: "letter".into(), text: letter(), clearance: Clearance::public() };
    workspace.ledger.append(&owner, vec![Item::Define(define), Item::Define(letter)]).unwrap();
}

fn letter() -> String {
    let (rong, note, rc1) = (id("rong"), id("note"), id("rc1"));
    format!(
        "---\npublication: letter\nkind: open-letter\ntitle: An open letter\ndate: 2023-09-15\nplace: Geneva\nlanguage: en\n\
         from: The undersigned\nto: [The Members of the Council]\nsubject: Cambodia\nsalutation: Excellencies,\n\
         closing: Yours sincerely,\nsignatories: [{licadho}]\nclearance: public\nstandard: all-allegations\n\
         annex: {{title: Cases, entities: [{rc1}]}}\n---\n\
         [[name:{rong}]] is one of [[figure:arrested-2020|drafted 7]].[[cite:{note}]]\n\n## Asks\n\n- Extend the mandate.\n",
        licadho = id("licadho"),
    )
}
