//! What comes in, what is found in it again, and what `verify` says of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{demonstration, passphrase};
use ledger::{Claim, Clearance, Digest, EntityItem, Item, Level, Reader, View};
use schema::EntityId;
use workspace::{NewObject, NewSource, Report, Workspace};

const NOTE: &str =
    "# Reading note\n\nThe newspaper reports that Rong Chhun was arrested at his house on 31 July 2020.\n";

fn source_id() -> EntityId {
    EntityId::derive("test", "note")
}

fn person() -> EntityId {
    EntityId::derive("test", "rong-chhun")
}

fn note(workspace: &Workspace) -> NewSource<'static> {
    let registry = workspace.ledger.registry();
    let mut source = NewSource::new(source_id(), "Document");
    source.key = Some("note".into());
    source.clearance = Clearance::public();
    source.about = vec![
        ("title".into(), registry.parse("Document", "title", "Reading note", None).unwrap()),
        ("published".into(), registry.parse("Document", "published", "2020-08-01", None).unwrap()),
    ];
    source.bytes = Some(NewObject::bytes("note.md", "text/markdown; charset=utf-8", NOTE.into()));
    source.origin = Some(Digest([1; 32]));
    source
}

fn claims(workspace: &Workspace, property: &str) -> Vec<Item> {
    let registry = workspace.ledger.registry();
    let value = registry.parse("Person", "name", "Rong Chhun", None).unwrap();
    let mut claim = Claim::new(person(), property, &value, source_id());
    let object = Digest(vault_name(NOTE.as_bytes()));
    claim.locator = Some(workspace.locate(NOTE, object, "Rong Chhun", None, None, None).unwrap());
    claim.clearance = Clearance::public();
    claim.origin = Some(Digest(vault_name(property.as_bytes())));
    let person = EntityItem { id: person(), schema: "Person".into(), clearance: Clearance::public(), key: None };
    vec![Item::Entity(person), Item::Claim(claim)]
}

fn vault_name(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

fn with_note() -> (tempfile::TempDir, Workspace) {
    let (folder, workspace) = demonstration();
    workspace.add_source(&workspace.owner(), note(&workspace), claims(&workspace, "name")).unwrap();
    (folder, workspace)
}

fn objects(folder: &tempfile::TempDir) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for shelf in fs::read_dir(folder.path().join("objects")).unwrap() {
        let shelf = shelf.unwrap().path();
        if shelf.is_dir() {
            found.extend(fs::read_dir(shelf).unwrap().map(|file| file.unwrap().path()));
        } else {
            found.push(shelf);
        }
    }
    found
}

fn verify(workspace: &Workspace) -> Report {
    workspace.verify(&mut |_, _, _| {}).unwrap()
}

fn reader(workspace: &Workspace) -> Reader<'_> {
    workspace.ledger.read(&View::public()).unwrap()
}

#[test]
fn a_source_comes_in_whole_and_in_one_entry() {
    let (folder, workspace) = with_note();
    assert_eq!(workspace.ledger.position().unwrap(), 2, "the workspace's beginning, and this");
    assert_eq!(objects(&folder).len(), 1);
    let reader = reader(&workspace);
    let text = workspace.text_of(&reader, source_id()).unwrap().expect("it has a text");
    assert_eq!(text.text, NOTE);
    let found = reader.claims_in(source_id()).unwrap();
    let claim = found.iter().find(|claim| claim.property == "name").unwrap();
    let locator = claim.locator.as_ref().unwrap();
    assert_eq!(locator.exact, "Rong Chhun");
    assert_eq!(locator.text_of, Some(text.object));
    assert_eq!(reader.label(source_id()).unwrap(), "Reading note");
    assert_eq!(reader.objects_of(source_id()).unwrap()[0].custody[0].0.file_name.as_deref(), Some("note.md"));
    assert!(workspace.text_of(&reader, person()).unwrap().is_none());
    let report = verify(&workspace);
    assert!(report.ok() && report.objects == 1 && report.unknown.is_empty(), "{:?}", report.findings);
}

#[test]
fn the_same_source_again_adds_nothing() {
    let (folder, workspace) = with_note();
    let receipt = workspace.add_source(&workspace.owner(), note(&workspace), claims(&workspace, "name")).unwrap();
    assert_eq!((receipt.position, receipt.claims.len()), (2, 0));
    assert_eq!((workspace.ledger.position().unwrap(), objects(&folder).len()), (2, 1));
}

#[test]
fn a_source_that_is_refused_leaves_no_trace() {
    let (folder, workspace) = demonstration();
    assert!(workspace.add_source(&workspace.owner(), note(&workspace), claims(&workspace, "nosuchproperty")).is_err());
    assert_eq!((workspace.ledger.position().unwrap(), objects(&folder)), (1, Vec::new()));
    let (folder, workspace) = with_note();
    assert!(workspace.add_source(&workspace.owner(), note(&workspace), claims(&workspace, "nosuchproperty")).is_err());
    assert_eq!(objects(&folder).len(), 1, "an object that was here before stays");
    assert!(verify(&workspace).ok());
}

#[test]
fn bytes_that_are_no_text_have_no_text() {
    let (_folder, workspace) = demonstration();
    for (key, media_type, bytes) in
        [("a", "application/pdf", &b"%PDF-1.7"[..]), ("b", "text/plain", &[0xff, 0xfe, 0x00])]
    {
        let id = EntityId::derive("test", key);
        let mut source = NewSource::new(id, "Document");
        source.clearance = Clearance::public();
        source.bytes = Some(NewObject::reader("file", media_type, bytes));
        workspace.add_source(&workspace.owner(), source, Vec::new()).unwrap();
        assert!(workspace.text_of(&reader(&workspace), id).unwrap().is_none());
    }
    assert_eq!(verify(&workspace).objects, 2);
}

#[test]
fn every_change_to_an_object_is_found() {
    let (folder, workspace) = with_note();
    let path = objects(&folder).remove(0);
    let good = fs::read(&path).unwrap();
    for place in (0..good.len()).step_by(41) {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(&path, bad).unwrap();
        let report = verify(&workspace);
        let name: String = vault_name(NOTE.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(report.findings[0].place, format!("object {name}"), "byte {place}");
    }
    fs::remove_file(&path).unwrap();
    assert!(verify(&workspace).findings[0].problem.contains("missing"));
    fs::write(&path, good).unwrap();
    fs::write(folder.path().join("objects/planted"), "?").unwrap();
    let report = verify(&workspace);
    assert!(report.ok());
    assert_eq!(report.unknown, [folder.path().join("objects/planted")]);
}

#[test]
fn what_belongs_to_a_team_without_members_is_checked_too() {
    let (folder, workspace) = demonstration();
    let mut source = note(&workspace);
    source.clearance = Clearance::restricted("witness protection");
    workspace.add_source(&workspace.owner(), source, Vec::new()).unwrap();
    assert!(verify(&workspace).ok());
    let path = objects(&folder).remove(0);
    let mut bad = fs::read(&path).unwrap();
    bad[300] ^= 1;
    fs::write(&path, bad).unwrap();
    assert!(!verify(&workspace).ok());
}

#[test]
fn a_ledger_that_does_not_open_is_damage_and_not_a_wrong_passphrase() {
    let (folder, workspace) = with_note();
    drop(workspace);
    let path = folder.path().join("ledger.db");
    let good = fs::read(&path).unwrap();
    for place in [0, 17, 100, 4000] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(&path, bad).unwrap();
        let error = Workspace::open(folder.path(), &passphrase()).expect_err("a changed first page");
        assert!(error.is_damage() && error.to_string().contains("ledger.db"), "{place}: {error}");
        assert!(error.to_string().contains("the passphrase is right"), "{error}");
        let report = Workspace::check_damage(folder.path(), &passphrase(), &mut |_, _, _| {}).unwrap();
        assert_eq!(report.findings.len(), 1);
    }
    let (other, workspace) = demonstration();
    drop(workspace);
    fs::copy(other.path().join("ledger.db"), &path).unwrap();
    assert!(Workspace::open(folder.path(), &passphrase()).unwrap_err().is_damage(), "another workspace's ledger");
    fs::remove_file(&path).unwrap();
    assert!(Workspace::open(folder.path(), &passphrase()).unwrap_err().is_damage(), "no ledger");
    fs::write(&path, good).unwrap();
    assert!(verify(&Workspace::open(folder.path(), &passphrase()).unwrap()).ok());
}

#[test]
fn a_changed_byte_anywhere_in_the_ledger_is_damage() {
    let (folder, workspace) = with_note();
    drop(workspace);
    let path = folder.path().join("ledger.db");
    let good = fs::read(&path).unwrap();
    for place in (0..good.len()).step_by(1499) {
        let mut bad = good.clone();
        bad[place] ^= 0x10;
        fs::write(&path, bad).unwrap();
        let report = Workspace::check_damage(folder.path(), &passphrase(), &mut |_, _, _| {}).unwrap();
        assert!(!report.ok(), "byte {place} of {}", good.len());
    }
}

#[test]
fn a_destroyed_object_is_gone_and_verifies() {
    let (folder, workspace) = with_note();
    let object = Digest(vault_name(NOTE.as_bytes()));
    workspace.destroy_object(&workspace.owner(), object, "the giver withdrew consent").unwrap();
    assert!(objects(&folder).is_empty());
    let report = verify(&workspace);
    assert!(report.ok(), "{:?}", report.findings);
    assert_eq!((report.objects, report.destroyed), (0, 1));
    assert!(workspace.text_of(&reader(&workspace), source_id()).unwrap().is_none());
    assert!(workspace.destroy_object(&workspace.owner(), object, "again").is_err());

    workspace.add_source(&workspace.owner(), note(&workspace), Vec::new()).unwrap();
    assert!(workspace.text_of(&reader(&workspace), source_id()).unwrap().is_some(), "consent was given again");
    assert_eq!((verify(&workspace).objects, verify(&workspace).destroyed), (1, 0));
}

#[test]
fn the_same_bytes_from_two_sources_are_one_object() {
    let (folder, workspace) = with_note();
    let mut copy = note(&workspace);
    copy.id = EntityId::derive("test", "copy");
    copy.key = None;
    copy.origin = None;
    workspace.add_source(&workspace.owner(), copy, Vec::new()).unwrap();
    assert_eq!((objects(&folder).len(), verify(&workspace).objects), (1, 1));
    let object = Digest(vault_name(NOTE.as_bytes()));
    workspace.destroy_object(&workspace.owner(), object, "the giver withdrew consent").unwrap();
    assert!(verify(&workspace).ok());
    for source in [source_id(), EntityId::derive("test", "copy")] {
        assert!(workspace.text_of(&reader(&workspace), source).unwrap().is_none());
    }
}

#[test]
fn an_account_is_made_once() {
    let (_folder, workspace) = demonstration();
    let analyst = workspace.account("Second analyst", Level::Internal).unwrap();
    let position = workspace.ledger.position().unwrap();
    assert_eq!(workspace.account("Second analyst", Level::Internal).unwrap(), analyst);
    assert_eq!(workspace.account("Demonstration analyst", Level::Public).unwrap(), workspace.owner());
    assert_eq!(workspace.ledger.position().unwrap(), position);
    assert!(workspace.account("", Level::Public).is_err());
}

#[test]
fn a_workspace_brings_its_own_schemata() {
    let (folder, workspace) = demonstration();
    drop(workspace);
    fs::create_dir(folder.path().join("schemata")).unwrap();
    let path = folder.path().join("schemata/Prison.yaml");
    fs::write(
        &path,
        "schema: Prison\nlabel: {en: Prison}\nplural: {en: Prisons}\nextends: [PublicBody]\ndescription: A place of detention.\n\
         properties:\n  capacity: {label: {en: Capacity}, kind: count, cardinality: one, description: Places for prisoners.}\n",
    )
    .unwrap();
    let workspace = Workspace::open(folder.path(), &passphrase()).unwrap();
    assert!(workspace.ledger.registry().is_a("Prison", "Organization"));
    drop(workspace);
    fs::write(&path, "schema: Prison\nlabel: {en: Prison}\nextends: [NoSuchThing]\n").unwrap();
    let error = Workspace::open(folder.path(), &passphrase()).unwrap_err();
    assert!(error.to_string().contains("schemata/Prison.yaml"), "{error}");
    assert!(!error.is_damage());
}
