//! What happens to objects after they came in: derivatives, links of the chain, and a consent that is withdrawn.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{demonstration, passphrase};
use ledger::{Claim, ClaimState, Clearance, Custody, CustodyEvent, Digest, EntityItem, Item, Reader, View};
use schema::EntityId;
use workspace::{Derived, NewObject, NewSource, Workspace};

const TESTIMONY: &[u8] = b"\x00\x01 a recording of somebody who said it was Sok Dara of Kep";
const TRANSCRIPT: &str = "They came at night and took my brother Vireak.";

fn id(name: &str) -> EntityId {
    EntityId::derive("test", name)
}

fn sha256(bytes: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest(sha2::Sha256::digest(bytes).into())
}

fn everything(workspace: &Workspace) -> Reader<'_> {
    workspace.ledger.read(&View::new(ledger::Cleared::to(ledger::Level::Restricted))).unwrap()
}

/// A recording with its transcript, and a claim in its words.
fn with_testimony() -> (tempfile::TempDir, Workspace) {
    let (folder, workspace) = demonstration();
    let registry = workspace.ledger.registry();
    let mut source = NewSource::new(id("testimony"), "Interview");
    source.about = vec![("title".into(), registry.parse("Interview", "title", "Testimony of Sok Dara", None).unwrap())];
    source.bytes = Some(NewObject::bytes("sok-dara.ogg", "audio/ogg", TESTIMONY.into()));
    source.derived = vec![Derived {
        bytes: TRANSCRIPT.into(),
        file_name: "sok-dara.txt".into(),
        media_type: "text/plain".into(),
        operation: "transcribed by hand".into(),
    }];
    source.consent = Some("may be used without the name".into());
    source.consent_scope = vec!["publication-without-name".into()];
    let value = registry.parse("Person", "name", "Vireak", None).unwrap();
    let mut claim = Claim::new(id("vireak"), "name", &value, id("testimony"));
    claim.locator =
        Some(workspace.locate(TRANSCRIPT, sha256(TRANSCRIPT.as_bytes()), "Vireak", None, None, None).unwrap());
    let person = EntityItem { id: id("vireak"), schema: "Person".into(), clearance: Clearance::internal(), key: None };
    workspace.add_source(&workspace.owner(), source, vec![Item::Entity(person), Item::Claim(claim)]).unwrap();
    (folder, workspace)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn a_derivative_stands_beside_its_original() {
    let (_folder, workspace) = with_testimony();
    let reader = everything(&workspace);
    let objects = workspace.objects_here(&reader, id("testimony")).unwrap();
    assert_eq!(objects.len(), 2);
    let transcript = objects.iter().find(|view| view.object == sha256(TRANSCRIPT.as_bytes())).unwrap();
    let custody = transcript.acquired().unwrap();
    assert_eq!(custody.derived_from, Some(sha256(TESTIMONY)));
    assert_eq!(custody.operation.as_deref(), Some("transcribed by hand"));
    let original = objects.iter().find(|view| view.object == sha256(TESTIMONY)).unwrap().acquired().unwrap();
    assert_eq!(original.consent_scope.as_deref(), Some(["publication-without-name".to_owned()].as_slice()));
    assert_eq!(workspace.text_of(&reader, id("testimony")).unwrap().unwrap().text, TRANSCRIPT);
}

#[test]
fn links_of_the_chain_are_recorded_and_some_only_by_their_own_doors() {
    let (_folder, workspace) = with_testimony();
    let link = |event| Custody::new(sha256(TESTIMONY), event, Some(id("testimony")), "for the trial");
    let mut given = link(CustodyEvent::Transferred);
    given.recipient = Some("the defence".into());
    workspace.record_custody(&workspace.owner(), given).unwrap();
    workspace.record_custody(&workspace.owner(), link(CustodyEvent::Hashed)).unwrap();
    assert!(workspace.record_custody(&workspace.owner(), link(CustodyEvent::Transferred)).is_err(), "to nobody");
    for event in [CustodyEvent::Acquired, CustodyEvent::Destroyed, CustodyEvent::ConsentWithdrawn] {
        assert!(workspace.record_custody(&workspace.owner(), link(event)).is_err());
    }
    let mut unknown = link(CustodyEvent::Viewed);
    unknown.object = sha256(b"something else");
    assert!(workspace.record_custody(&workspace.owner(), unknown).is_err());
    let reader = everything(&workspace);
    let events: Vec<_> = reader
        .objects_of(id("testimony"))
        .unwrap()
        .iter()
        .find(|view| view.object == sha256(TESTIMONY))
        .unwrap()
        .custody
        .iter()
        .map(|(custody, _, _)| (custody.event, custody.recipient.clone()))
        .collect();
    assert_eq!(
        events,
        [
            (CustodyEvent::Acquired, None),
            (CustodyEvent::Transferred, Some("the defence".into())),
            (CustodyEvent::Hashed, None)
        ]
    );
}

#[test]
fn a_withdrawn_consent_leaves_commitments_and_nothing_else() {
    let (folder, workspace) = with_testimony();
    let before = files(&folder.path().join("objects")).len();
    assert_eq!(before, 2);
    let gone = workspace.withdraw_consent(&workspace.owner(), id("testimony"), "she asked for it").unwrap();
    assert_eq!((gone.objects, gone.kept, gone.claims), (2, 0, 2), "recording and transcript; the title and the name");
    assert!(files(&folder.path().join("objects")).is_empty(), "the bytes are gone from the disk");

    let report = workspace.verify(&mut |_, _, _| {}).unwrap();
    assert!(report.ok(), "{:?}", report.findings);
    assert_eq!(report.destroyed, 2);
    assert_eq!(report.gone.len(), 2);
    assert!(report.gone.iter().all(|gone| gone.reason == "she asked for it"), "{:?}", report.gone);

    let reader = everything(&workspace);
    let claims = reader.claims_in(id("testimony")).unwrap();
    assert!(claims.iter().all(|claim| matches!(claim.state, ClaimState::Erased { .. })));
    assert!(reader.record(id("vireak")).unwrap().unwrap().properties.is_empty());
    for view in reader.objects_of(id("testimony")).unwrap() {
        for (custody, _, _) in &view.custody {
            assert_eq!((&custody.file_name, &custody.consent), (&None, &None), "not even the file's name is left");
        }
    }
    assert!(workspace.text_of(&reader, id("testimony")).unwrap().is_none());
    drop(reader);
    assert!(workspace.withdraw_consent(&workspace.owner(), id("testimony"), "again").is_err());

    // Nor does anything of it stand in the database's file, opened anew.
    drop(workspace);
    let again = Workspace::open(folder.path(), &passphrase()).unwrap();
    assert!(again.verify(&mut |_, _, _| {}).unwrap().ok());
    let reader = everything(&again);
    let told: String = reader.history(id("testimony")).unwrap().iter().map(|line| line.text.clone()).collect();
    assert!(!told.contains("Dara") && !told.contains("Vireak"), "{told}");
}

#[test]
fn bytes_that_another_gave_too_stay() {
    let (folder, workspace) = with_testimony();
    let mut other = NewSource::new(id("other"), "Document");
    other.bytes = Some(NewObject::bytes("copy.ogg", "audio/ogg", TESTIMONY.into()));
    workspace.add_source(&workspace.owner(), other, Vec::new()).unwrap();
    let gone = workspace.withdraw_consent(&workspace.owner(), id("testimony"), "she asked for it").unwrap();
    assert_eq!((gone.objects, gone.kept), (1, 1), "the transcript alone");
    assert_eq!(files(&folder.path().join("objects")).len(), 1);
    let report = workspace.verify(&mut |_, _, _| {}).unwrap();
    assert!(report.ok());
    assert_eq!(report.gone.len(), 1, "what is still there for another is not said to be destroyed");
}

#[test]
fn a_derived_object_is_added_once() {
    let (_folder, workspace) = with_testimony();
    let redacted = Derived {
        bytes: b"a recording".to_vec(),
        file_name: "redacted.ogg".into(),
        media_type: "audio/ogg".into(),
        operation: "voice altered".into(),
    };
    for _ in 0..2 {
        workspace.add_derived(&workspace.owner(), id("testimony"), sha256(TESTIMONY), redacted.clone()).unwrap();
    }
    let reader = everything(&workspace);
    assert_eq!(workspace.objects_here(&reader, id("testimony")).unwrap().len(), 3);
    drop(reader);
    let from = sha256(b"not there");
    assert!(workspace.add_derived(&workspace.owner(), id("testimony"), from, redacted).is_err());
}
