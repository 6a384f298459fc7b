//! Pictures: what is in them about themselves is kept as claims, and goes no further.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use intake::{Arriving, Intake, Readers};
use ledger::{Cleared, Level, View};
use workspace::{Options, Passphrase, Workspace};

fn read(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../evidence/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn metadata_and_content_credentials_are_claims_and_a_copy_can_leave_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new("ordinary words that nobody guesses");
    let (workspace, _) =
        Workspace::create(folder.path(), "Test", "Analyst", &passphrase, Options::demonstration()).unwrap();
    let (view, readers) = (View::new(Cleared::to(Level::Restricted)), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let said = |name: &str| {
        let id = intake.add(Arriving::bytes(name, read(name))).unwrap().id;
        let reader = workspace.ledger.read(&view).unwrap();
        let values = reader.values(id, "metadata").unwrap();
        (id, values.iter().map(schema::Value::canonical).collect::<Vec<_>>().join("\n"))
    };
    assert!(said("c2pa-valid.jpg").1.contains("the manifest fits the file"));
    assert!(said("c2pa-pixels.jpg").1.contains("was changed after signing"));
    assert!(!said("c2pa-none.jpg").1.contains("C2PA"));
    let (id, camera) = said("camera.jpg");
    assert!(camera.contains("GPS"), "{camera}");
    let reader = workspace.ledger.read(&view).unwrap();
    let given = intake::give_out(&workspace, &workspace.owner(), &reader, id, "a paper", "publication", true).unwrap();
    assert!(given.removed > 0);
    assert!(evidence::metadata::read(&given.bytes).iter().all(|field| !field.personal));
    assert!(workspace.verify(&mut |_, _, _| {}).unwrap().ok());
}
