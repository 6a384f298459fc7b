//! A document reaches the proposers on the review page as it does on the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};

use intake::{Arriving, Given, Intake, Readers};
use ledger::{Cleared, Level, View};
use reading::{Proposal, Proposer};
use review::Desk;
use workspace::{Options, Passphrase, Workspace};

const PAGE: &str = "<html><head><title>Unionist held</title><meta property='article:published_time' content='2023-05-04'></head>\
    <body><article><h1>Unionist held</h1><p>Police arrested Prum Sovathy on Tuesday, her lawyer said. She is accused of \
    incitement, and was taken to the provincial court in the afternoon.</p><p>The union called for her release, and said that \
    its members would meet again on Friday.</p></article></body></html>";

/// Title, date and words that a proposer was given.
type Heard = (Option<String>, Option<String>, String);

/// Proposes nothing, and remembers what it was given.
#[derive(Default)]
struct Listening(Arc<Mutex<Vec<Heard>>>);

fn heard(reading: &reading::Reading) -> Heard {
    (reading.title.clone(), reading.published.as_ref().map(schema::Date::canonical), reading.text.clone())
}

impl Proposer for Listening {
    fn propose(&self, reading: &reading::Reading) -> Result<Vec<Proposal>, reading::Error> {
        self.0.lock().unwrap().push(heard(reading));
        Ok(Vec::new())
    }
}

#[test]
fn proposers_are_given_what_the_ledger_knows_of_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new("a passphrase for the tests");
    let workspace =
        Workspace::create(folder.path(), "Small", "Tester", &passphrase, Options::demonstration()).unwrap().0;
    let (view, readers) = (View::new(Cleared::to(Level::Restricted)), Readers::in_this_process());
    let intake = Intake::new(&workspace, workspace.owner(), &view, &readers).unwrap();
    let given = Given { title: Some("A unionist is held".into()), ..Given::default() };
    let added = intake.add(Arriving { given, ..Arriving::bytes("page.html", PAGE.into()) }).unwrap();
    let reader = workspace.ledger.read(&view).unwrap();
    let listening = Listening::default();
    let said = Arc::clone(&listening.0);
    let desk = Desk::new(Box::new(listening), "listening 1");
    let read = desk.read(&workspace, &reader, added.id).unwrap().unwrap();
    desk.read(&workspace, &reader, added.id).unwrap();
    let said = said.lock().unwrap();
    assert_eq!(said.len(), 1, "the second time it is remembered");
    assert_eq!(said[0].0.as_deref(), Some("A unionist is held"), "as recorded, not as in the file");
    assert_eq!(said[0].1.as_deref(), Some("2023-05-04"), "as the page says outside of its words");
    let (object, reading) = intake::reading_of(&workspace, &reader, added.id).unwrap().unwrap();
    assert_eq!((read.object, &said[0]), (object, &heard(&reading)), "as on the command line");
}
