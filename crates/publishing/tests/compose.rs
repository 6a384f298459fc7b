//! From a small ledger to a letter: through the doors that users have.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ledger::{AsOf, Claim, Clearance, Cleared, Define, EntityItem, Item, Level, View};
use publishing::model::{Says, plain};
use publishing::{Composed, Draft, Error, compose, compose_from, fragment, html, pdf};
use schema::{EntityId, Lang};
use workspace::{Options, Passphrase, Workspace};

/// A workspace of a few claims about one case.
struct Case {
    dir: tempfile::TempDir,
    workspace: Workspace,
}

fn id(key: &str) -> EntityId {
    EntityId::derive("test", key)
}

impl Case {
    fn new() -> Case {
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

    fn append(&self, items: Vec<Item>) {
        self.workspace.ledger.append(&self.workspace.owner(), items).unwrap();
    }

    fn entity(&self, key: &str, schema: &str, clearance: Clearance) {
        self.append(vec![Item::Entity(EntityItem {
            id: id(key),
            schema: schema.into(),
            clearance,
            key: Some(key.into()),
        })]);
    }

    fn say(&self, entity: &str, property: &str, value: &str, source: &str) {
        self.say_in(entity, property, value, source, None, Clearance::public());
    }

    fn say_in(
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

    fn prefer_first(&self, entity: &str, property: &str) {
        let reader = self.workspace.ledger.read(&View::public()).unwrap();
        let claims = reader.claims_about(id(entity)).unwrap();
        let claim = claims.iter().find(|claim| claim.property == property).unwrap().id;
        drop(reader);
        self.append(vec![Item::Prefer(ledger::Prefer { claim, reason: "test".into(), origin: None })]);
    }

    fn define_figure(&self) {
        let text = "figure: arrested\ntitle: {en: Defenders arrested}\ndefinition: persons, once each\nunit: persons\nacts: [arrest]\n\
                    victimGroups: [human-rights-defender]\nwindow: 2020-07-31/2020-09-10\nstandard: all-allegations\nclearance: public\n";
        let define = Define {
            kind: "figure".into(),
            name: "arrested".into(),
            text: text.into(),
            clearance: Clearance::public(),
        };
        self.append(vec![Item::Define(define)]);
    }

    fn draft(front: &str, body: &str) -> Draft {
        Draft::parse(&format!("---\npublication: l\ntitle: A letter\ndate: 2023-09-15\n{front}---\n{body}")).unwrap()
    }

    fn compose(&self, front: &str, body: &str) -> Composed {
        let draft = Case::draft(front, body);
        let reader = self.workspace.ledger.read(&draft.view()).unwrap();
        compose(&reader, &draft).unwrap()
    }

    /// The body as text, for looking at what was said.
    fn said(&self, body: &str) -> String {
        let page = fragment(&self.compose("", body));
        let from = page.find("</header>").unwrap() + 9;
        let to = page.find("<section").or_else(|| page.find("<footer")).unwrap();
        page[from..to].trim().to_string()
    }
}

/// A page's text without its tags.
fn without_tags(page: &str) -> String {
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

#[test]
fn facts_names_and_citations() {
    let case = Case::new();
    let said = without_tags(&case.said(
        "[[name:rong-chhun]] was sentenced on [[fact:rc1-verdict.date]] to [[fact:rc1-verdict.sentence]]. [[cite:lic300|para. 4]] \
         Of [[fact:bm-set.number]] benchmarks, and [[name:rong-chhun]].",
    ));
    assert_eq!(
        said,
        "Rong Chhun (រ៉ុង ឈុន) was sentenced on 18 August 2021 to 24 months.1,2 Of 20 benchmarks,1 and Rong Chhun."
    );
}

#[test]
fn the_same_source_is_the_same_note() {
    let case = Case::new();
    let letter = case.compose("", "A.[[cite:lic300]] B.[[cite:cd1]] C.[[cite:lic300]] D.[[cite:lic300|para. 4]]");
    assert_eq!(letter.notes.len(), 3);
    assert_eq!(letter.notes[0].marks, 2);
    match &letter.notes[0].says {
        Says::Full { title, details, url, .. } => {
            assert_eq!(plain(title), "Flash news on the <verdict>");
            assert_eq!(plain(details), "LICADHO, 18 August 2021");
            assert_eq!(url.as_deref(), Some("https://www.licadho-cambodia.org/flashnews.php?perm=300&x=1"));
        }
        other => panic!("{other:?}"),
    }
    assert!(
        matches!(&letter.notes[2].says, Says::Again { number: 1, pinpoint: Some(words), .. } if plain(words) == "para. 4")
    );
    assert!(fragment(&letter).contains("<cite>Flash news on the &lt;verdict&gt;</cite>, LICADHO, 18 August 2021"));
}

#[test]
fn the_annex_shows_the_ladder_and_the_other_account() {
    let case = Case::new();
    let letter = case.compose("annex: {title: Cases, entities: [rc1]}\n", "Text.");
    let page = without_tags(&fragment(&letter));
    for needed in [
        "Defendant\nRong Chhun (រ៉ុង ឈុន)",
        "Phnom Penh Municipal Court",
        "31 July 2020Arrest",
        "18 August 2021Verdict: 24 months",
        "Another account: Cambodia Daily gives 17 August 2021 (verdict, date)",
    ] {
        assert!(page.replace("DefendantRong", "Defendant\nRong").contains(needed), "“{needed}” is not in: {page}");
    }
    assert!(!page.contains("Verdict: 24 months; court:"), "a step does not repeat its case's court");
    assert_eq!(pdf(&letter).unwrap(), pdf(&letter).unwrap());
}

#[test]
fn a_figure_that_changed_is_marked_and_one_that_did_not_is_not() {
    let case = Case::new();
    case.define_figure();
    let same = case.compose("", "In all [[figure:arrested|drafted 1]].");
    assert_eq!((same.changes.len(), same.unresolved.len()), (0, 0), "{:?}", same.unresolved);
    let changed = case.compose("", "In all [[figure:arrested|drafted 14..20]], twice [[figure:arrested]].");
    assert_eq!(changed.changes.len(), 1);
    assert_eq!(changed.changes[0].line, 6);
    assert_eq!(changed.made.len(), 1, "one figure is told once");
    let page = fragment(&changed);
    assert!(page.contains("<mark class=\"changed\">"));
    assert!(page.contains("which said 14 to 20]") || page.contains("which said 14–20]"), "{page}");
    let labels: Vec<&str> = changed.made[0].lines.iter().map(|(label, _)| label.as_str()).collect();
    for needed in ["Definition", "Unit", "Window", "Standard of proof", "Ledger position", "Digest"] {
        assert!(labels.contains(&needed), "{needed} is not told of a figure");
    }
}

#[test]
fn a_figure_of_another_standard_is_computed_in_its_own_view() {
    let case = Case::new();
    case.define_figure();
    let draft = Case::draft("clearance: internal\nstandard: corroborated\n", "In all [[figure:arrested]].");
    let letter = compose_from(&case.workspace.ledger, &draft, AsOf::Now).unwrap();
    assert_eq!(letter.unresolved, []);
    assert!(
        letter.made[0]
            .lines
            .iter()
            .any(|(label, words)| label == "Standard of proof" && plain(words) == "All allegations")
    );
}

#[test]
fn a_fact_that_changed_is_marked() {
    let case = Case::new();
    let letter =
        case.compose("", "On [[fact:rc1-verdict.date|drafted 2021-08-17]] and [[fact:bm-set.number|drafted 20]].");
    assert_eq!(letter.changes.len(), 1);
    assert_eq!(
        (letter.changes[0].drafted.as_str(), letter.changes[0].now.as_str()),
        ("17 August 2021", "18 August 2021")
    );
}

#[test]
fn what_cannot_be_answered_is_said_and_listed() {
    let case = Case::new();
    let letter = case.compose(
        "signatories: [nobody]\n",
        "See [[cite:nothing]] and [[fact:rc1.birthday]]\nand [[figure:none]] and [[name:Rong Chhun]].",
    );
    let lines: Vec<(usize, &str)> = letter.unresolved.iter().map(|item| (item.line, item.reference.as_str())).collect();
    assert_eq!(
        lines,
        [(7, "cite:nothing"), (7, "fact:rc1.birthday"), (8, "figure:none"), (8, "name:Rong Chhun"), (5, "nobody")],
        "a label is no key"
    );
    assert!(fragment(&letter).contains("[not resolved: cite:nothing]"));
}

#[test]
fn only_a_reader_of_exactly_that_clearance() {
    let case = Case::new();
    let draft = Case::draft("clearance: partners\n", "Text.");
    for level in [Level::Public, Level::Internal, Level::Restricted] {
        let reader = case.workspace.ledger.read(&View::new(Cleared::to(level))).unwrap();
        let error = compose(&reader, &draft).unwrap_err();
        assert!(matches!(error, Error::Clearance { .. }), "{error}");
        assert!(error.to_string().contains("exactly partners"), "{error}");
    }
    let team = View::new(Cleared::to(Level::Partners).with_team("legal"));
    assert!(matches!(compose(&case.workspace.ledger.read(&team).unwrap(), &draft), Err(Error::Clearance { .. })));
    assert!(compose(&case.workspace.ledger.read(&draft.view()).unwrap(), &draft).is_ok());
    let other = draft.view().under("corroborated");
    assert!(matches!(compose(&case.workspace.ledger.read(&other).unwrap(), &draft), Err(Error::Standard { .. })));
}

#[test]
fn what_is_not_public_leaves_no_trace() {
    let body = "[[name:rong-chhun]] on [[fact:rc1-verdict.date]], [[fact:bm-set.number]]. [[cite:lic300]]";
    let front = "annex: {title: Cases, entities: [rc1]}\n";
    let case = Case::new();
    let position = case.workspace.ledger.position().unwrap();
    let compose_then = |case: &Case| {
        let draft = Case::draft(front, body);
        let reader = case.workspace.ledger.read(&draft.view().at(AsOf::Position(position))).unwrap();
        (compose(&reader, &draft).unwrap(), case.compose(front, body))
    };
    for (entity, property, value) in [
        ("rc1-verdict", "date", "2021-08-16"),
        ("rc1-verdict", "execution", "at home"),
        ("rong-chhun", "name", "ឈ្មោះសម្ងាត់"),
        ("bm-set", "number", "21"),
    ] {
        case.say_in(entity, property, value, "witness-talk", None, Clearance::internal());
    }
    let (before, after) = compose_then(&case);
    // All that may differ is the position that is printed.
    let same = |letter: &Composed| {
        let position = letter.position.to_string();
        fragment(letter)
            .replace(&letter.digest, "")
            .replace(&format!("position {position}"), "")
            .replace(&format!("<dd>{position}</dd>"), "")
    };
    assert_eq!(same(&before), same(&after));
}

#[test]
fn a_source_that_may_not_be_named_is_not() {
    let case = Case::new();
    case.say_in("rc1-verdict", "execution", "in prison", "witness-talk", None, Clearance::public());
    let letter = case.compose("", "He serves it [[fact:rc1-verdict.execution]]. [[cite:witness-talk]]");
    let page = html(&letter);
    assert!(page.contains("A source that is not named in this publication"));
    assert!(page.contains("[not resolved: cite:witness-talk]"));
    assert!(!page.contains(&id("witness-talk").to_string()));
}

#[test]
fn an_earlier_position_gives_the_earlier_letter() {
    let case = Case::new();
    let draft = Case::draft("", "On [[fact:bm-set.number]].");
    let position = case.workspace.ledger.position().unwrap();
    let at = |case: &Case| {
        let reader = case.workspace.ledger.read(&draft.view().at(AsOf::Position(position))).unwrap();
        compose(&reader, &draft).unwrap()
    };
    let first = at(&case);
    case.say("lic300", "author", "Somebody", "lic300");
    case.say("rc1-verdict", "result", "guilty", "lic300");
    assert_eq!(first, at(&case));
    assert_eq!(first.digest, at(&case).digest);
    assert!(pdf(&first).unwrap() == pdf(&at(&case)).unwrap());
    assert!(case.dir.path().exists());
}
