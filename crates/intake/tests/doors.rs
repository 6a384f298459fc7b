//! Files become sources: their words, what they say of themselves, what is inside them; and nothing is lost on the way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::AtomicBool;

use intake::{Arriving, Given, Intake, Many, Readers, opened, reading_of};
use ledger::{Clearance, Cleared, Level, Reader, View};
use tempfile::TempDir;
use workspace::{Options, Passphrase, Workspace};

const PAGE: &str = "<html lang=en><head><title>Unionist held | Daily</title>\
    <meta property='article:published_time' content='2023-05-04T08:00:00+07:00'>\
    <link rel=canonical href='https://daily.example/2023/unionist'></head><body>\
    <nav><a href=/>Home</a> <a href=/share>Share on facebook</a></nav>\
    <article><h1>Unionist held</h1><p>Police arrested Prum Sovathy, a union leader, at her home in Phnom Penh on Tuesday, her lawyer said. \
    She had called for a strike at a garment factory the week before, and hundreds of workers had joined it.</p>\
    <p>At least 21 defenders have been arrested since January, according to the rights group Samaki, which called for their release. \
    The government said that it applied the law and that nobody was above it.</p></article></body></html>";
const NOTE: &str = "# A note\n\nProm Sovathy was released on bail on 9 May 2023.\n";

fn workspace() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new("ordinary words that nobody guesses");
    let made = Workspace::create(folder.path(), "Test", "Analyst", &passphrase, Options::demonstration());
    (folder, made.unwrap().0)
}

fn everything() -> View {
    View::new(Cleared::to(Level::Restricted))
}

fn reader(workspace: &Workspace) -> Reader<'_> {
    workspace.ledger.read(&everything()).unwrap()
}

fn values(reader: &Reader<'_>, id: schema::EntityId, property: &str) -> Vec<String> {
    reader.values(id, property).unwrap().iter().map(schema::Value::canonical).collect()
}

#[test]
fn a_page_becomes_a_source_with_its_words_and_what_it_says_of_itself() {
    let (_folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let added = intake.add(Arriving::bytes("page.html", PAGE.into())).unwrap();
    assert!(!added.already && added.characters > 100, "{added:?}");
    let reader = reader(&workspace);
    assert_eq!(values(&reader, added.id, "title"), ["Unionist held"]);
    assert_eq!(values(&reader, added.id, "published"), ["2023-05-04"]);
    assert_eq!(values(&reader, added.id, "sourceUrl"), ["https://daily.example/2023/unionist"]);
    assert_eq!(values(&reader, added.id, "language"), ["languages:en"]);
    let opened = opened(&workspace, &reader, added.id).unwrap().unwrap();
    assert!(opened.document.text.contains("Police arrested Prum Sovathy"));
    assert!(!opened.document.text.contains("Share on facebook"), "the menus are not the document");
    assert!(!opened.document.blocks.is_empty());
    assert_eq!(workspace.objects_here(&reader, added.id).unwrap().len(), 3, "the original, its text, its structure");
    let (text_of, reading) = reading_of(&workspace, &reader, added.id).unwrap().unwrap();
    assert_eq!((text_of, reading.text.as_str()), (opened.text_of, opened.document.text.as_str()));
    assert!(workspace.verify(&mut |_, _, _| {}).unwrap().ok());
}

#[test]
fn plain_text_is_its_own_text() {
    let (_folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let added = intake.add(Arriving::bytes("note.md", NOTE.into())).unwrap();
    let reader = reader(&workspace);
    assert_eq!(workspace.text_of(&reader, added.id).unwrap().unwrap().text, NOTE);
    let objects = workspace.objects_here(&reader, added.id).unwrap();
    assert!(
        objects.iter().all(|view| view.acquired().unwrap().media_type.as_deref() != Some("text/plain;charset=utf-8"))
    );
}

#[test]
fn the_same_bytes_are_taken_once_by_whoever_may_know_that_they_are_there() {
    let (_folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let secret = Arriving { clearance: Clearance::from(Level::Restricted), ..Arriving::bytes("note.md", NOTE.into()) };
    let first = intake.add(secret).unwrap();
    let again = intake.add(Arriving::bytes("copy.md", NOTE.into())).unwrap();
    assert_eq!((again.id, again.already), (first.id, true));

    // Somebody who may not see the first is told nothing of it.
    let narrow = View::new(Cleared::to(Level::Internal));
    let other = workspace.account("Another", Level::Internal).unwrap();
    let theirs = Intake::new(&workspace, other, &narrow, &readers).unwrap();
    let added = theirs.add(Arriving::bytes("mine.md", NOTE.into())).unwrap();
    assert!(!added.already && added.id != first.id);
}

#[test]
fn what_cannot_be_read_is_kept_and_said() {
    let (_folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let broken = b"%PDF-1.7\nthis is no PDF".to_vec();
    let added = intake.add(Arriving::bytes("broken.pdf", broken.clone())).unwrap();
    assert_eq!(added.characters, 0);
    assert!(added.warnings.iter().any(|warning| warning.contains("could not be read")), "{:?}", added.warnings);
    let reader = reader(&workspace);
    let objects = workspace.objects_here(&reader, added.id).unwrap();
    assert_eq!(objects.len(), 1);
    assert_eq!(workspace.vault.read_bytes(&objects[0].object.0, 1 << 20).unwrap(), broken);
    assert!(opened(&workspace, &reader, added.id).unwrap().is_none());
}

#[test]
fn what_the_person_says_takes_the_place_of_what_the_file_says() {
    let (_folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let given = Given {
        title: Some("Arrest of a unionist".into()),
        published: Some("2023-05".into()),
        kind: Some("news-report".into()),
        url: None,
    };
    let added = intake.add(Arriving { given, ..Arriving::bytes("page.html", PAGE.into()) }).unwrap();
    let reader = reader(&workspace);
    assert_eq!(values(&reader, added.id, "title"), ["Arrest of a unionist"]);
    assert_eq!(values(&reader, added.id, "published"), ["2023-05"]);
    assert_eq!(values(&reader, added.id, "kind"), ["document-kinds:news-report"]);
    let wrong = Given { published: Some("the day after".into()), ..Given::default() };
    let added = intake.add(Arriving { given: wrong, ..Arriving::bytes("a.txt", b"Words.".to_vec()) }).unwrap();
    assert!(added.warnings.iter().any(|warning| warning.starts_with("published")), "{:?}", added.warnings);
}

#[test]
fn what_a_file_says_of_itself_is_kept_from_outsiders() {
    let (_folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let mail = "From: Sok Dara <dara@example.org>\r\nTo: desk@example.org\r\nSubject: Arrest in Kep\r\n\
                Date: Wed, 3 May 2023 10:00:00 +0700\r\nMessage-ID: <1@example.org>\r\n\r\nThey took him this morning.\r\n";
    let public = Arriving { clearance: Clearance::public(), ..Arriving::bytes("mail.eml", mail.into()) };
    let added = intake.add(public).unwrap();
    let all = values(&reader(&workspace), added.id, "metadata").join("\n");
    assert!(all.contains("dara@example.org"), "{all}");
    let outside = workspace.ledger.read(&View::new(Cleared::to(Level::Public))).unwrap();
    assert!(values(&outside, added.id, "metadata").is_empty());
    assert_eq!(values(&outside, added.id, "title"), ["Arrest in Kep"]);
}

#[test]
fn many_files_come_in_together_and_one_that_fails_costs_only_itself() {
    let (folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let mut files: Vec<Arriving> = (0..20)
        .map(|n| Arriving::bytes(&format!("{n}.txt"), format!("Note {n}: a man was arrested.").into()))
        .collect();
    files.insert(7, Arriving::file(&folder.path().join("not-there.pdf")));
    let stop = AtomicBool::new(false);
    let outcomes = Many::new(&intake, &stop).add(files, &|_| {});
    assert_eq!(outcomes.len(), 21);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.result.is_err()).count(), 1);
    assert!(outcomes[7].result.as_ref().unwrap_err().to_string().contains("not-there.pdf"));
    assert_eq!(reader(&workspace).of_schema("Document").unwrap().len(), 20);

    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let left = Many::new(&intake, &stop).add(vec![Arriving::bytes("late.txt", b"Late.".to_vec())], &|_| {});
    assert!(left.is_empty(), "what was left when it was stopped was not begun");
}

#[test]
fn an_original_leaves_only_for_somebody_and_a_reason() {
    let (_folder, workspace) = workspace();
    let (view, readers) = (everything(), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let added = intake.add(Arriving::bytes("note.md", NOTE.into())).unwrap();
    let reader = reader(&workspace);
    let give = |to, why| intake::give_out(&workspace, &workspace.owner(), &reader, added.id, to, why, false);
    assert!(give("", "the trial").is_err() && give("the court", " ").is_err());
    let given = give("the court", "the trial").unwrap();
    assert_eq!(given.bytes, NOTE.as_bytes());
    let reader = workspace.ledger.read(&everything()).unwrap();
    let told = reader.objects_of(added.id).unwrap();
    let (custody, _, _) = told[0].custody.last().unwrap();
    assert_eq!((custody.event, custody.recipient.as_deref()), (ledger::CustodyEvent::Exported, Some("the court")));
}

#[test]
fn a_document_that_is_read_again_keeps_its_claims_in_their_words() {
    let (_folder, workspace) = workspace();
    let readers = Readers::in_this_process();
    // As a worse reader read it: with the menus, and with a hyphen at a line's end.
    let worse = "Home Share on facebook\nUnionist held\nPolice arrested Prum Sova-\nthy, a union leader, at her home in Phnom Penh on Tuesday";
    let id = schema::EntityId::derive("test", "page");
    let mut source = workspace::NewSource::new(id, "Document");
    source.bytes = Some(workspace::NewObject::bytes("page.html", "text/html", PAGE.into()));
    source.derived = vec![workspace::Derived {
        bytes: worse.into(),
        file_name: "page.txt".into(),
        media_type: "text/plain".into(),
        operation: "text 0.0.1".into(),
    }];
    workspace.add_source(&workspace.owner(), source, Vec::new()).unwrap();
    let old_reader = reader(&workspace);
    let text = workspace.text_of(&old_reader, id).unwrap().unwrap();
    assert_eq!(text.text, worse);
    let locator = workspace.locate(worse, text.object, "arrested Prum Sova-\nthy", None, None, None).unwrap();
    let value = workspace.ledger.registry().parse("Document", "title", "Unionist held", None).unwrap();
    let mut claim = ledger::Claim::new(id, "title", &value, id);
    claim.locator = Some(locator.clone());
    workspace.ledger.append(&workspace.owner(), vec![ledger::Item::Claim(claim)]).unwrap();

    let now = reader(&workspace);
    let done = intake::read_again(&workspace, &workspace.owner(), &now, &readers, id).unwrap();
    assert_eq!((done.changed, done.quoted, done.lost), (true, 1, 0));
    let opened = opened(&workspace, &reader(&workspace), id).unwrap().unwrap();
    let (start, end) = intake::place(&opened.document.text, &locator).unwrap();
    let words: String = opened
        .document
        .text
        .chars()
        .skip(usize::try_from(start).unwrap())
        .take(usize::try_from(end - start).unwrap())
        .collect();
    assert!(words.starts_with("arrested Prum Sova"), "{words} in {}", opened.document.text);
}
