//! In, again, changed, out, and in somewhere else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;

use casefile::{Options, Original};
use common::{Desk, all, files, manual_in, write};
use ledger::{AsOf, ClaimState, View};
use schema::{EntityId, Registry};

const DRY: Options = Options { dry_run: true, retract_missing: false };
const RETRACT: Options = Options { dry_run: false, retract_missing: true };

/// The original that the manual's second source asks for, with the SHA-256 put right.
fn with_notice(folder: &std::path::Path) -> Original {
    let bytes = format!("{}The court finds the accused guilty as charged.\nក\n", "x".repeat(120)).into_bytes();
    let path = folder.join("sources/union.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let old = text.split("sha256: ").nth(1).unwrap().get(..64).unwrap().to_owned();
    let new: String = sha(&bytes);
    fs::write(path, text.replace(&old, &new)).unwrap();
    Original { name: "notice.txt".into(), bytes }
}

fn sha(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_manual_s_example_is_sound_and_goes_in_once() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let case_file = common::read(&folder);
    assert_eq!(common::told(&case_file.check(&Registry::builtin().unwrap())), "");

    let before = desk.position();
    let tried = desk.import(&folder, &[], DRY);
    assert_eq!(desk.position(), before, "a dry run records nothing");
    let report = desk.import(&folder, &[], Options::default());
    assert_eq!((tried.entities, tried.claims), (report.entities, report.claims));
    assert!(report.left_out.iter().any(|p| p.what.contains("court-notice")), "{report}");

    let position = desk.position();
    let again = desk.import(&folder, &[], RETRACT);
    assert_eq!(desk.position(), position, "the same folder appends nothing: {again}");
    assert_eq!((again.entities, again.claims, again.skipped), (0, 0, report.claims));
    assert_eq!(again.missing, Vec::<String>::new());
}

#[test]
fn originals_come_with_the_import() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let notice = with_notice(&folder);
    let stray = Original { name: "stray.txt".into(), bytes: b"Nobody asks for this.".to_vec() };
    desk.import(&folder, &[], Options::default());
    let report = desk.import(&folder, &[notice.clone(), stray.clone()], Options::default());
    assert!(report.left_out.is_empty() && report.notices.iter().any(|n| n.contains("stray.txt")), "{report}");

    let reader = desk.workspace.ledger.read(&all()).unwrap();
    let verdict = EntityId::derive("river-press", "case-1-verdict");
    let record = reader.record(verdict).unwrap().unwrap();
    assert_eq!(
        record.first("verdict").unwrap().claims[0].quote(),
        Some("The court finds the accused guilty as charge")
    );
    drop(reader);
    let position = desk.position();
    desk.import(&folder, &[notice, stray], RETRACT);
    assert_eq!(desk.position(), position);
}

#[test]
fn earlier_positions_show_what_was_known_then() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let first = desk.position() + 1;
    desk.import(&folder, &[], Options::default());
    let incident = EntityId::derive("river-press", "inc-arrest");
    let dates = |position| {
        let reader = desk.workspace.ledger.read(&all().at(AsOf::Position(position))).unwrap();
        reader.values(incident, "date").unwrap().len()
    };
    // The entities; the interview of 3 March; the union's statement of 5 March.
    assert_eq!([dates(first), dates(first + 1), dates(first + 2)], [0, 1, 2]);
}

#[test]
fn what_changes_is_added_and_what_goes_is_told() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    desk.import(&folder, &[], Options::default());
    let path = folder.join("sources/union.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("at least 7,", "7,")).unwrap();
    // Mending the text around the words is no change.
    let note = folder.join("sources/notes/union.md");
    let words = fs::read_to_string(&note).unwrap();
    fs::write(&note, format!("Corrected on 7 March.\n{words}")).unwrap();

    let report = desk.import(&folder, &[], Options::default());
    assert_eq!((report.claims, report.missing.len(), report.retracted), (1, 1, 0), "{report}");
    let report = desk.import(&folder, &[], RETRACT);
    assert_eq!((report.claims, report.missing.len(), report.retracted), (0, 1, 1), "{report}");
    let count = EntityId::derive("river-press", "count-union");
    let reader = desk.workspace.ledger.read(&all()).unwrap();
    let states: Vec<bool> = reader
        .claims_about(count)
        .unwrap()
        .into_iter()
        .filter(|claim| claim.property == "count")
        .map(|claim| matches!(claim.state, ClaimState::Retracted { .. }))
        .collect();
    assert_eq!(states, [true, false]);
    drop(reader);
    let position = desk.position();
    let report = desk.import(&folder, &[], RETRACT);
    assert_eq!((desk.position(), report.missing.len()), (position, 0));
}

#[test]
fn an_export_gives_the_same_records_and_the_same_bytes() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let notice = with_notice(&folder);
    desk.import(&folder, &[notice], Options::default());
    let (out, report) = desk.export(&all(), "out");
    assert!(report.claims > 20 && report.sources == 3, "{report}");

    let second = Desk::new();
    let taken = second.import(&out, &[], Options::default());
    assert_eq!(taken.claims, report.claims, "{taken}");
    assert_eq!(second.dump(&all()), desk.dump(&all()));
    let (again, _) = second.export(&all(), "again");
    assert_eq!(text(&files(&again)), text(&files(&out)));

    // And where it came from has nothing to learn from it.
    let known = desk.import(&out, &[], RETRACT);
    assert_eq!((known.claims, known.entities, known.missing.len()), (0, 0, 0), "{known}");
}

#[test]
fn an_export_holds_only_what_its_reader_may_see() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let secret = "sok-example";
    desk.import(&folder, &[], Options::default());
    let narrow = View::new(ledger::Cleared::to(ledger::Level::Internal));
    let (out, _) = desk.export(&narrow, "out");
    let written = text(&files(&out));
    for hidden in [secret, "Sok", "call-sok", "memory", &EntityId::derive("river-press", secret).to_string()] {
        assert!(!written.contains(hidden), "{hidden}:\n{written}");
    }
    let second = Desk::new();
    second.import(&out, &[], Options::default());
    let (public, _) = desk.export(&View::public(), "public");
    second.import(&public, &[], Options::default());
}

#[test]
fn what_was_made_without_a_case_file_comes_out_as_one() {
    use ledger::{Claim, EntityItem, Item};
    let desk = Desk::new();
    let registry = Registry::builtin().unwrap();
    let (person, source) = (EntityId::from_bytes([7; 16]), EntityId::from_bytes([9; 16]));
    let entity = |id, schema: &str| {
        Item::Entity(EntityItem { id, schema: schema.into(), clearance: ledger::Clearance::internal(), key: None })
    };
    let nasty = "no: # “yes”\n  - ' \" \\ \u{200b}ក {[|>*&!%@`]}\t\u{85}";
    let claim = |property: &str, text: &str| {
        let value = registry.parse("Person", property, text, None).unwrap();
        Item::Claim(Claim { no_words: Some("typed in".into()), ..Claim::new(person, property, &value, source) })
    };
    let items = vec![
        entity(person, "Person"),
        entity(source, "Document"),
        claim("name", "ម៉ី"),
        claim("summary", nasty),
        claim("summary", "no"),
    ];
    desk.workspace.ledger.append(&desk.workspace.owner(), items).unwrap();
    let (out, report) = desk.export(&all(), "out");
    assert_eq!(report.claims, 3);
    let second = Desk::new();
    second.import(&out, &[], Options::default());
    assert_eq!(second.dump(&all()), desk.dump(&all()));
    assert_eq!(text(&files(&second.export(&all(), "again").0)), text(&files(&out)));
    let known = desk.import(&out, &[], RETRACT);
    assert_eq!(known.claims, 0, "{known}");
}

#[test]
fn an_export_takes_no_folder_that_holds_something() {
    let desk = Desk::new();
    write(&desk.path("out"), &[("mine.txt", "keep")]);
    let reader = desk.workspace.ledger.read(&all()).unwrap();
    assert!(
        casefile::export(&reader, &desk.workspace, &desk.path("out")).unwrap_err().to_string().contains("not empty")
    );
    assert_eq!(files(&desk.path("out")).len(), 1);
}

/// The folder written for the demonstration, whole and twice.
#[test]
fn the_demonstration_s_case_file_goes_in() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../casefiles/cambodia");
    let case_file = common::read(&folder);
    assert_eq!(common::told(&case_file.check(&Registry::builtin().unwrap())), "");
    let desk = Desk::new();
    let report = desk.import(&folder, &[], Options::default());
    assert!(report.claims > 100, "{report}");
    let position = desk.position();
    let again = desk.import(&folder, &[], RETRACT);
    assert_eq!((desk.position(), again.missing.len()), (position, 0), "{again}");

    let (out, _) = desk.export(&all(), "out");
    let second = Desk::new();
    second.import(&out, &[], Options::default());
    assert_eq!(second.dump(&all()), desk.dump(&all()));
    assert_eq!(text(&files(&second.export(&all(), "again").0)), text(&files(&out)));
}

fn text(files: &[(String, Vec<u8>)]) -> String {
    files.iter().map(|(name, bytes)| format!("== {name}\n{}\n", String::from_utf8_lossy(bytes))).collect()
}
