//! What a person decides is recorded, with its words, and nothing else is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use ledger::{
    Author, CardFilter, ClaimState, ClaimView, Clearance, Cleared, Decision, Digest, EntityItem, Item as Entry, Level,
    Reader, View,
};
use proptest::prelude::*;
use reading::{
    Act, Citation, Count, Group, Person, Proposal, Proposer, Quote, Relevance, Request, Saying, Sentence, Signatory,
    Victim,
};
use review::{Desk, Error, Hand, Input, Reading, Sheet, State, draft, suggest, undo};
use schema::{EntityId, Value};
use tempfile::TempDir;
use workspace::{NewObject, NewSource, Options, Passphrase, Workspace};

const TEXT: &str = "LETTER\n\nLICADHO says that police arrested Chhim Sithar on 4 January 2022 in Phnom Penh. On 25 May 2023 the Phnom Penh \
Municipal Court convicted Chhim Sithar of incitement under article 495 and sentenced her to 24 months, and eight union members to \
18 months. The NGO counted at least 21 arrests. “We only apply the law,” said Chin Malin, a spokesperson for the ministry. About 40,000 \
people are held. We call on the Government to release them. See A/HRC/51/66.\n\nAmnesty International\n";

/// Proposes what the test says, found in the text by its words.
struct Fixed;

fn at(words: &str) -> Quote {
    let byte = TEXT.find(words).unwrap_or_else(|| panic!("{words}"));
    let start = TEXT[..byte].chars().count();
    Quote { quote: words.into(), start, end: start + words.chars().count() }
}

fn act(act_type: &str, victim: Victim, date: &str, words: &str) -> Act {
    Act {
        act_type: act_type.into(),
        victim,
        date: (!date.is_empty()).then(|| date.into()),
        place: None,
        agent: None,
        provisions: Vec::new(),
        sentence: None,
        asserter: None,
        at: at(words),
        relevance: Relevance::High,
    }
}

fn named(name: &str) -> Victim {
    Victim { name: Some(name.into()), group: None, is: Person::Person }
}

fn eight() -> Victim {
    let group = Group { min: Some(8), max: Some(8), description: "union members".into() };
    Victim { name: None, group: Some(group), is: Person::Person }
}

fn months(months: f64) -> Option<Sentence> {
    Some(Sentence { months: Some(months), to_serve_months: None, fine: None })
}

fn proposals() -> Vec<Proposal> {
    let convicted = "convicted Chhim Sithar of incitement under article 495";
    let some = |text: &str| Some(text.to_owned());
    let mut all = vec![
        Proposal::Act(Act {
            agent: some("police"),
            place: some("Phnom Penh"),
            asserter: some("LICADHO"),
            ..act(
                "arrest",
                named("Chhim Sithar"),
                "2022-01-04",
                "police arrested Chhim Sithar on 4 January 2022 in Phnom Penh",
            )
        }),
        Proposal::Act(Act {
            agent: some("Phnom Penh Municipal Court"),
            provisions: vec!["495".into()],
            ..act("conviction", named("Chhim Sithar"), "2023-05-25", convicted)
        }),
        Proposal::Act(Act {
            sentence: months(24.0),
            ..act("sentence", named("Chhim Sithar"), "2023-05-25", "sentenced her to 24 months")
        }),
        Proposal::Act(Act {
            sentence: months(18.0),
            ..act("sentence", eight(), "2023-05-25", "eight union members to 18 months")
        }),
        Proposal::Count(Count {
            unit: "arrests".into(),
            min: Some(21),
            max: None,
            population: None,
            window: None,
            asserter: some("LICADHO"),
            at: at("at least 21 arrests"),
        }),
        Proposal::Saying(Saying {
            asserter: "Chin Malin".into(),
            role: some("a spokesperson for the ministry"),
            at: at("“We only apply the law,” said Chin Malin"),
        }),
        Proposal::Count(Count {
            unit: "persons".into(),
            min: Some(40_000),
            max: Some(40_000),
            population: some("people"),
            window: None,
            asserter: None,
            at: at("About 40,000 people"),
        }),
        Proposal::Request(Request { addressee: some("the Government"), asserter: None, at: at("release them") }),
        Proposal::Citation(Citation { reference: "A/HRC/51/66".into(), note: None, at: at("A/HRC/51/66") }),
        Proposal::Signatory(Signatory { name: "Amnesty International".into(), at: at("Amnesty International") }),
    ];
    all.sort_by_key(|proposal| proposal.at().start);
    all
}

impl Proposer for Fixed {
    fn propose(&self, _: &reading::Reading) -> Result<Vec<Proposal>, reading::Error> {
        Ok(proposals())
    }
}

struct Room {
    _folder: TempDir,
    workspace: Workspace,
    desk: Desk,
    source: EntityId,
    view: View,
}

impl Room {
    fn new() -> Room {
        Room::of(Clearance::public())
    }

    fn of(clearance: Clearance) -> Room {
        let folder = tempfile::tempdir().unwrap();
        let passphrase = Passphrase::new("a passphrase for the tests");
        let workspace =
            Workspace::create(folder.path(), "Small workspace", "Tester", &passphrase, Options::demonstration())
                .unwrap()
                .0;
        let source = EntityId::derive("review", "letter");
        let registry = Arc::clone(workspace.ledger.registry());
        let mut letter = NewSource::new(source, "Document");
        letter.clearance = clearance;
        letter.about = vec![("title".into(), registry.parse("Document", "title", "A letter", None).unwrap())];
        letter.bytes = Some(NewObject::bytes("letter.txt", "text/plain", TEXT.as_bytes().to_vec()));
        workspace.add_source(&workspace.owner(), letter, Vec::new()).unwrap();
        let view = View::new(Cleared::to(Level::Restricted));
        Room { _folder: folder, workspace, desk: Desk::new(Box::new(Fixed), "fixed 1"), source, view }
    }

    fn owner(&self) -> Author {
        self.workspace.owner()
    }

    fn reader(&self) -> Reader<'_> {
        self.workspace.ledger.read(&self.view).unwrap()
    }

    fn sheet(&self) -> Sheet {
        Sheet::open(&self.reader(), &self.workspace, self.source, &self.desk).unwrap().unwrap()
    }

    fn reading(&self) -> Arc<Reading> {
        self.sheet().reading
    }

    fn key(&self, number: usize) -> String {
        self.sheet().items[number].key.to_string()
    }

    fn accept(&self, number: usize) -> Result<ledger::Receipt, Error> {
        self.by(&self.owner(), number, &self.view)
    }

    fn accept_with(&self, number: usize, typed: &[(&str, &str)]) -> Result<ledger::Receipt, Error> {
        let typed: BTreeMap<&str, &str> = typed.iter().copied().collect();
        let typed = |name: &str| typed.get(name).map(|value| (*value).to_owned());
        let (author, reading) = (self.owner(), self.reading());
        let hand = Hand {
            workspace: &self.workspace,
            author: &author,
            view: &self.view,
            source: self.source,
            reading: &reading,
        };
        hand.accept(&self.key(number), Some(&typed), None)
    }

    fn reject(&self, number: usize) -> Result<ledger::Receipt, Error> {
        let (author, reading) = (self.owner(), self.reading());
        let hand = Hand {
            workspace: &self.workspace,
            author: &author,
            view: &self.view,
            source: self.source,
            reading: &reading,
        };
        hand.reject(&self.key(number), Some("not said"))
    }

    /// Accepted as proposed, by this account through this view.
    fn by(&self, author: &Author, number: usize, view: &View) -> Result<ledger::Receipt, Error> {
        let reading = self.reading();
        let hand = Hand { workspace: &self.workspace, author, view, source: self.source, reading: &reading };
        hand.accept(&self.key(number), None, None)
    }

    fn undo(&self) -> Result<review::Undone, Error> {
        undo(&self.workspace, &self.owner(), &self.view, self.source)
    }

    fn claims(&self) -> Vec<ClaimView> {
        let all = self.reader().claims_in(self.source).unwrap();
        all.into_iter().filter(|claim| claim.locator.is_some() && claim.state == ClaimState::Stands).collect()
    }

    /// property: value, of each claim of one proposal
    fn said(&self, number: usize) -> Vec<String> {
        let ids = self.sheet().items[number].claims.clone();
        let mut said: Vec<String> = self
            .claims()
            .iter()
            .filter(|claim| ids.contains(&claim.id))
            .map(|claim| format!("{}: {}", claim.property, claim.display))
            .collect();
        said.sort();
        said
    }

    /// Everything that lists and records show, at each level and under each standard.
    fn everything(&self) -> Vec<String> {
        let mut all = Vec::new();
        for level in Level::ALL {
            for standard in ["all-allegations", "corroborated"] {
                let view = View::new(Cleared::to(level)).under(standard);
                let reader = self.workspace.ledger.read(&view).unwrap();
                let filter = CardFilter { schemata: vec!["*".into()], limit: 500, ..CardFilter::default() };
                for card in reader.list(&filter).unwrap().items {
                    let record = reader.record(card.id).unwrap().unwrap();
                    let said: Vec<String> = record
                        .properties
                        .iter()
                        .flat_map(|p| {
                            p.values.iter().map(|v| format!("{} {} {} {}", p.name, v.display, v.why, v.roots))
                        })
                        .collect();
                    all.push(format!("{level} {standard} {} {} {} {said:?}", card.label, card.schema, card.claims));
                }
                all.push(format!("{:?}", reader.facets(&filter).unwrap()));
            }
        }
        all.sort();
        all
    }
}

#[test]
fn an_arrest_a_verdict_and_a_sentence_are_one_person_and_one_case() {
    let room = Room::new();
    room.accept(0).unwrap();
    let arrest = room.said(0);
    for wanted in [
        "type: Arrest",
        "victim: Chhim Sithar",
        "date: 4 January 2022",
        "place: Phnom Penh",
        "name: Chhim Sithar",
        "name: LICADHO",
        "perpetratorType: Police force",
        "defendant: Chhim Sithar",
    ] {
        assert!(arrest.iter().any(|said| said == wanted), "{wanted} in {arrest:#?}");
    }
    room.accept(1).unwrap();
    room.accept(2).unwrap();
    assert!(!room.said(1).contains(&"name: Chhim Sithar".to_owned()), "she is known by now: {:#?}", room.said(1));
    assert!(
        room.said(1).contains(&"verdict: Guilty".to_owned())
            && room.said(1).contains(&"charge: article 495".to_owned())
    );
    assert!(room.said(1).contains(&"court: Phnom Penh Municipal Court".to_owned()), "{:#?}", room.said(1));
    assert!(room.said(2).contains(&"sentence: 24 months".to_owned()), "{:#?}", room.said(2));
    let reader = room.reader();
    let people = reader.of_schema("Person").unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(reader.of_schema("Proceeding").unwrap().len(), 1);
    assert_eq!(reader.of_schema("ProceedingStep").unwrap().len(), 3);
    // Who says so is the asserter, and only there.
    let of = |number: usize| -> Vec<ClaimView> {
        let ids = room.sheet().items[number].claims.clone();
        room.claims().into_iter().filter(|claim| ids.contains(&claim.id)).collect()
    };
    assert!(of(0).iter().filter(|claim| claim.display != "LICADHO").all(|claim| claim.asserter_label == "LICADHO"));
    assert!(of(1).iter().all(|claim| claim.asserter.is_none()));
}

#[test]
fn numbers_stay_as_uncertain_as_the_words() {
    let room = Room::new();
    room.accept(4).unwrap();
    room.accept(6).unwrap();
    room.accept(3).unwrap();
    assert!(
        room.said(4).contains(&"count: at least 21".to_owned())
            && room.said(4).contains(&"publishedBy: LICADHO".to_owned())
    );
    assert!(room.said(6).contains(&"count: about 40,000".to_owned()), "{:?}", room.said(6));
    assert!(room.said(3).contains(&"size: 8".to_owned()) && room.said(3).contains(&"name: 8 union members".to_owned()));
}

#[test]
fn the_other_kinds() {
    let room = Room::new();
    for number in [5, 7, 8, 9] {
        room.accept(number).unwrap();
    }
    assert!(
        room.said(5).contains(&"speaker: Chin Malin".to_owned())
            && room.said(5).contains(&"role: a spokesperson for the ministry".to_owned())
    );
    assert_eq!(room.said(7), ["text: release them", "title: release them"], "nobody is invented for “the Government”");
    assert_eq!(room.said(8), ["cites: A/HRC/51/66"]);
    assert!(room.said(9).contains(&"signatory: Amnesty International".to_owned()));
    let reader = room.reader();
    let signed = reader.value(room.source, "signatory").unwrap().unwrap();
    let Value::Entity(id) = signed else { panic!() };
    assert_eq!(reader.schema_of(id).unwrap().unwrap(), "Organization");
}

#[test]
fn what_was_edited_is_recorded_as_changed_and_what_is_wrong_is_named() {
    let room = Room::new();
    let wrong = room.accept_with(0, &[("date", "31 February 2022"), ("type", "")]).unwrap_err();
    let Error::Faults(faults) = wrong else { panic!("{wrong}") };
    let names: Vec<&str> = faults.iter().map(|fault| fault.name.as_str()).collect();
    assert!(names.contains(&"type"), "{faults:?}");
    assert!(room.claims().is_empty(), "nothing is recorded by halves");
    room.accept_with(0, &[("date", "2022-01")]).unwrap();
    assert_eq!(room.sheet().items[0].state, State::Changed);
    assert!(room.said(0).contains(&"date: January 2022".to_owned()));
    room.accept_with(4, &[("clearance", "restricted")]).unwrap();
    assert_eq!(room.sheet().items[4].state, State::Accepted, "who may see it is not in the words");
    let public = room.workspace.ledger.read(&View::public()).unwrap();
    assert!(public.of_schema("ReportedCount").unwrap().is_empty());
}

#[test]
fn nothing_of_a_source_is_seen_more_widely_than_the_source() {
    let room = Room::of(Level::Restricted.into());
    let wrong = room.accept_with(8, &[("clearance", "public")]).unwrap_err();
    assert!(matches!(wrong, Error::Faults(_)));
    for number in 0..10 {
        room.accept(number).unwrap();
    }
    let internal = room.workspace.ledger.read(&View::new(Cleared::to(Level::Internal))).unwrap();
    assert!(internal.of_schema("Thing").unwrap().is_empty(), "nobody else sees any of it");
    let narrow = View::new(Cleared::to(Level::Internal));
    let gone = room.by(&room.owner(), 0, &narrow);
    assert!(matches!(gone.unwrap_err(), Error::Gone));
}

#[test]
fn two_at_once_are_told_and_nothing_is_doubled() {
    let room = Room::new();
    let colleague = room.workspace.account("Colleague", Level::Restricted).unwrap();
    room.by(&colleague, 0, &room.view).unwrap();
    let before = room.claims().len();
    let refused = room.accept(0).unwrap_err();
    assert!(refused.to_string().starts_with("Colleague accepted this proposal on "), "{refused}");
    assert!(matches!(room.reject(0).unwrap_err(), Error::Decided { .. }));
    assert_eq!(room.claims().len(), before);
    assert!(matches!(room.undo().unwrap_err(), Error::NothingToUndo), "what others decided they take back themselves");
    // A form that was opened before still knows nobody; sent untouched, it means whom the colleague's decision means.
    let sheet = room.sheet();
    let stale = draft(&room.reader(), &sheet, &review::Ties::default(), &sheet.items[2], None).unwrap();
    let Some(Input::Whom(whom)) = stale.field("victim").map(|field| field.input.clone()) else { panic!() };
    assert_ne!(whom.chosen, "new", "the same name is known: {whom:?}");
    room.accept(2).unwrap();
    assert_eq!(room.reader().of_schema("Person").unwrap().len(), 1);
}

#[test]
fn undoing_leaves_to_others_what_theirs_rests_on() {
    let room = Room::new();
    let colleague = room.workspace.account("Colleague", Level::Restricted).unwrap();
    room.accept(0).unwrap();
    room.by(&colleague, 1, &room.view).unwrap();
    let undone = room.undo().unwrap();
    assert_eq!(undone.was, State::Accepted);
    assert_eq!(room.sheet().items[0].state, State::Open);
    assert!(room.said(1).contains(&"victim: Chhim Sithar".to_owned()), "she keeps her name: {:#?}", room.said(1));
    assert!(matches!(room.undo().unwrap_err(), Error::NothingToUndo));
}

#[test]
fn suggestions_for_the_same_person() {
    let room = Room::new();
    let owner = room.owner();
    let mut items = Vec::new();
    for name in ["Chhim Sithor", "Kem Sokha", "Seng Theary", "Chin Malin"] {
        let id = EntityId::derive("review", name);
        items.push(Entry::Entity(EntityItem {
            id,
            schema: "Person".into(),
            clearance: Clearance::public(),
            key: None,
        }));
        let value = room.workspace.ledger.registry().parse("Person", "name", name, None).unwrap();
        let mut claim = ledger::Claim::new(id, "name", &value, room.source);
        claim.no_words = Some("by hand".into());
        claim.clearance = Clearance::public();
        items.push(Entry::Claim(claim));
    }
    room.workspace.ledger.append(&owner, items).unwrap();
    let reader = room.reader();
    let labels = |name: &str| -> Vec<String> {
        suggest(&reader, name, "Person").unwrap().into_iter().map(|c| format!("{} ({})", c.label, c.why)).collect()
    };
    assert_eq!(labels("Chhim Sithar"), ["Chhim Sithor (spelled a little differently)"]);
    assert_eq!(labels("Theary Seng"), ["Seng Theary (the same names in another order)"]);
    assert_eq!(labels("Kem Sokkha"), ["Kem Sokha (spelled a little differently)"]);
    assert_eq!(labels("CHIN Malin"), ["Chin Malin (the same name)"]);
    assert_eq!(labels("Malin"), ["Chin Malin (shares a name)"]);
    assert!(labels("Rong Chhun").is_empty() && labels("").is_empty());
    // The same name is prefilled; a spelling is offered and not taken.
    let sheet = room.sheet();
    let ties = sheet.ties(&reader).unwrap();
    let chosen = |number: usize, field: &str| match draft(&reader, &sheet, &ties, &sheet.items[number], None)
        .unwrap()
        .field(field)
    {
        Some(review::Field { input: Input::Whom(whom), .. }) => whom.chosen.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(chosen(5, "speaker"), EntityId::derive("review", "Chin Malin").to_string());
    assert_eq!(chosen(0, "victim"), "new");
    drop(reader);
    // Once she is tied to somebody here, all others of that name in this document are.
    room.accept_with(0, &[("victim-as", &EntityId::derive("review", "Chhim Sithor").to_string())]).unwrap();
    let reader = room.reader();
    let sheet = room.sheet();
    let ties = sheet.ties(&reader).unwrap();
    let Some(review::Field { input: Input::Whom(whom), .. }) =
        draft(&reader, &sheet, &ties, &sheet.items[1], None).unwrap().field("victim").cloned()
    else {
        panic!()
    };
    assert_eq!(whom.chosen, EntityId::derive("review", "Chhim Sithor").to_string());
    assert_eq!(whom.candidates[0].why, "named so in this document");
    let names = reader.values(EntityId::derive("review", "Chhim Sithor"), "name").unwrap();
    assert_eq!(names.len(), 2, "the other spelling is kept as a name: {names:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn decisions_and_undoing_them(steps in prop::collection::vec((0usize..10, 0u8..4), 1..14)) {
        let room = Room::new();
        let before = room.everything();
        let mut history = vec![before];
        for (number, what) in steps {
            let done = match what {
                0 | 1 => room.accept(number).is_ok(),
                2 => room.reject(number).is_ok(),
                _ => {
                    if room.undo().is_ok() {
                        history.pop();
                        prop_assert_eq!(history.last().unwrap(), &room.everything(), "undone, all is as it was");
                    }
                    false
                }
            };
            if done {
                history.push(room.everything());
            }
            let sheet = room.sheet();
            let chars: Vec<char> = TEXT.chars().collect();
            let claims = room.claims();
            for claim in &claims {
                let locator = claim.locator.as_ref().unwrap();
                let (start, end) = (locator.start.unwrap() as usize, locator.end.unwrap() as usize);
                prop_assert_eq!(&chars[start..end].iter().collect::<String>(), &locator.exact);
                let item = sheet.items.iter().find(|item| item.claims.contains(&claim.id));
                let item = item.expect("every claim is of a decision that holds");
                prop_assert!(matches!(item.state, State::Accepted | State::Changed));
                prop_assert_eq!(&item.proposal.at().quote, &locator.exact);
            }
            for item in &sheet.items {
                prop_assert_eq!(item.claims.is_empty(), matches!(item.state, State::Open | State::Rejected));
            }
        }
        while room.undo().is_ok() {}
        prop_assert_eq!(&room.everything(), &history[0]);
    }
}

#[test]
fn decisions_say_who_and_which_program() {
    let room = Room::new();
    room.reject(0).unwrap();
    let decided = room.reader().decisions_in(room.source).unwrap();
    let one = decided.values().next().unwrap();
    assert_eq!(
        (one.by.as_str(), one.decide.proposer.as_str(), one.decide.decision),
        ("Tester", "fixed 1", Decision::Rejected)
    );
    assert_eq!(one.decide.text_of, Digest(sha2_of(TEXT)));
    assert_eq!(room.sheet().items[0].reason.as_deref(), Some("not said"));
    let verified = room.workspace.ledger.verify(&mut |_, _| {}).unwrap();
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);
}

fn sha2_of(text: &str) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(text.as_bytes()).into()
}
