//! Whatever is changed in the file, and by whomever, is found and named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::Path;

use common::raw::{PAGE, copy, findings, sql, told, verify};
use common::{Story, entity, id, settings};
use ledger::{Claim, ClaimId, Clearance, Digest, Error, Item, Judge, Ledger, Prefer, Retract, Verdict};

/// A ledger with something of everything; closed.
fn told_story(folder: &Path) {
    let story = Story::begin(folder);
    let paper = story.source("paper"); // entries 2 (the entity) and its title
    let person = story.entity("person", "Person");
    let other = story.entity("other", "Person");
    story.append(vec![entity("act", "Act", Clearance::internal())]);
    let name = story.claim(person, "name", "Rong Chhun", paper);
    story.claim(id("act"), "victim", &person.to_string(), paper);
    let note = story.claim(person, "note", "words that will be destroyed", paper);
    story.append(vec![Item::Prefer(Prefer { claim: name, reason: "the court’s spelling".into(), origin: None })]);
    story.append(vec![Item::Retract(Retract { claim: note, reason: "mistaken".into(), origin: None })]);
    story.append(vec![Item::Judge(Judge {
        a: person,
        b: other,
        verdict: Verdict::Different,
        reason: "two birthdays".into(),
        origin: None,
    })]);
    let Item::Claim(imported) = story.said(person, "alias", "from an import", paper) else { unreachable!() };
    story.append(vec![Item::Claim(Claim { origin: Some(Digest([9; 32])), ..imported })]);
    story.ledger.erase(&story.author, note, "consent was withdrawn").unwrap();
    for n in 0..30 {
        let texts =
            (0..8).map(|m| story.said(person, "note", &format!("{n} {m} {}", "a long remark ".repeat(20)), paper));
        story.append(texts.collect());
    }
}

fn closed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    told_story(folder.path());
    assert!(verify(folder.path()).unwrap().ok());
    folder
}

#[test]
fn one_changed_byte_anywhere_names_its_page() {
    let folder = closed();
    let file = folder.path().join("ledger.db");
    let sound = std::fs::read(&file).unwrap();
    let pages = sound.len() / PAGE;
    assert!(pages > 20, "{pages}");
    // The salt stands in the first 16 bytes of the file; at the end of a page stand 16 bytes of IV and 64 of HMAC.
    let all = [0, 7, 15, 16, 17, 90, 2_047, PAGE - 81, PAGE - 80, PAGE - 65, PAGE - 64, PAGE - 33, PAGE - 1];
    for page in 1..=pages {
        for (n, offset) in all.into_iter().enumerate() {
            if page != 1 && page != pages && n % 6 != page % 6 {
                continue;
            }
            let mut bytes = sound.clone();
            bytes[(page - 1) * PAGE + offset] ^= 1 << (offset % 8);
            std::fs::write(&file, &bytes).unwrap();
            let found = findings(folder.path());
            let expected = format!("page {page} of ledger.db");
            assert!(found.iter().any(|finding| finding.place == expected), "byte {offset} of page {page}: {found:?}");
        }
    }
    std::fs::write(&file, &sound).unwrap();
    assert!(verify(folder.path()).unwrap().ok());
}

#[test]
fn a_file_that_was_cut_off_or_grew_is_found() {
    let folder = closed();
    let sound = std::fs::read(folder.path().join("ledger.db")).unwrap();
    let pages = sound.len() / PAGE;
    for (length, named) in [
        (sound.len() - PAGE, format!("page {pages} of ledger.db: it is missing")),
        (sound.len() - 2 * PAGE, format!("page {} of ledger.db: it is missing", pages - 1)),
        (sound.len() - 100, format!("page {pages} of ledger.db")),
        (PAGE * pages / 2 + 5, "of ledger.db".into()),
        (PAGE, "page 2 of ledger.db: it is missing".into()),
        (100, "page 1 of ledger.db: the file ends within this page".into()),
        (0, "page 1 of ledger.db: the file ends within this page".into()),
    ] {
        let cut = copy(folder.path());
        std::fs::write(cut.path().join("ledger.db"), &sound[..length]).unwrap();
        let found = told(cut.path());
        assert!(found.iter().any(|line| line.contains(&named)), "cut to {length} of {}: {found:?}", sound.len());
    }
    let grown = copy(folder.path());
    std::fs::write(grown.path().join("ledger.db"), [&sound[..], &sound[PAGE..2 * PAGE]].concat()).unwrap();
    let found = told(grown.path());
    assert!(found.iter().any(|line| line.starts_with(&format!("page {} of ledger.db", pages + 1))), "{found:?}");
    let gone = copy(folder.path());
    std::fs::remove_file(gone.path().join("ledger.db")).unwrap();
    assert!(matches!(Ledger::open(settings(gone.path())), Err(Error::Damaged { .. })));
}

#[test]
fn pages_that_changed_places_are_found() {
    let folder = closed();
    let mut bytes = std::fs::read(folder.path().join("ledger.db")).unwrap();
    let (left, right) = bytes.split_at_mut(12 * PAGE);
    left[10 * PAGE..11 * PAGE].swap_with_slice(&mut right[..PAGE]);
    std::fs::write(folder.path().join("ledger.db"), bytes).unwrap();
    let found = told(folder.path());
    for page in [11, 13] {
        assert!(
            found.iter().any(|line| line.starts_with(&format!("page {page} of ledger.db: it does not authenticate"))),
            "{found:?}"
        );
    }
}

#[test]
fn an_older_copy_put_back_is_found_by_the_checkpoint_beside_it() {
    let folder = closed();
    let before = copy(folder.path());
    let position = Story::reopen(folder.path()).ledger.position().unwrap();
    let story = Story::reopen(folder.path());
    let person = id("person");
    story.claim(person, "alias", "said later", id("paper"));
    story.claim(person, "alias", "and later still", id("paper"));
    drop(story);
    std::fs::copy(before.path().join("ledger.db"), folder.path().join("ledger.db")).unwrap();
    let found = told(folder.path());
    assert!(
        found.iter().any(|line| line.starts_with(&format!(
            "entries {} to {}: recorded once, and gone",
            position + 1,
            position + 2
        ))),
        "{found:?}"
    );
}

#[test]
fn another_history_of_the_same_length_is_found() {
    let (folder, other) = (closed(), closed());
    std::fs::copy(other.path().join("ledger.db"), folder.path().join("ledger.db")).unwrap();
    let found = told(folder.path());
    assert!(found.iter().any(|line| line.contains("another history")), "{found:?}");
}

#[test]
fn another_workspace_s_file_is_found() {
    let folder = closed();
    let foreign = tempfile::tempdir().unwrap();
    let key = ledger::Settings { key: [77; 32], ..settings(foreign.path()) };
    drop(Ledger::create(key, common::genesis(), common::owner()).unwrap());
    std::fs::copy(foreign.path().join("ledger.db"), folder.path().join("ledger.db")).unwrap();
    let found = told(folder.path());
    assert!(
        found.iter().any(|line| line.starts_with("page 1 of ledger.db") && line.contains("another workspace")),
        "{found:?}"
    );
}

#[test]
fn a_log_that_was_cut_off_or_changed_is_found() {
    let folder = tempfile::tempdir().unwrap();
    told_story(folder.path());
    let story = Story::reopen(folder.path());
    for n in 0..5 {
        story.claim(id("person"), "alias", &format!("alias {n}"), id("paper"));
    }
    let log = std::fs::metadata(folder.path().join("ledger.db-wal")).unwrap().len();
    assert!(log > 5 * PAGE as u64, "the newest entries stand in the log");
    type Harm = fn(&mut Vec<u8>);
    let harms: [Harm; 3] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.clear(),
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 4;
        },
    ];
    for harm in harms {
        let harmed = copy(folder.path());
        let mut bytes = std::fs::read(harmed.path().join("ledger.db-wal")).unwrap();
        harm(&mut bytes);
        std::fs::write(harmed.path().join("ledger.db-wal"), bytes).unwrap();
        let found = told(harmed.path());
        assert!(found.iter().any(|line| line.contains("gone")), "{found:?}");
    }
    let whole = copy(folder.path());
    assert!(verify(whole.path()).unwrap().ok(), "an unharmed log is no finding");
}

/// The number by which the store knows an item.
fn no(entry: u64, index: u64) -> u64 {
    (entry << 20) | index
}

#[test]
fn who_has_the_key_and_edits_rows_is_found() {
    let folder = closed();
    let position = Story::reopen(folder.path()).ledger.position().unwrap();
    // Entries: 2 paper, 3 person, 4 other, 5 act, 6 name, 7 victim, 8 note, 9 prefer, 10 retract, 11 judge, 12 import, 13 erase, 14… remarks.
    let edits: Vec<(String, &str)> = vec![
        (format!("UPDATE item SET body = CAST(replace(CAST(body AS TEXT), 'Rong', 'Wrong') AS BLOB) WHERE no = {}", no(6, 0)), "item 0 of entry 6: "),
        (format!("UPDATE item SET body = CAST(substr(body, 1, 40) || zeroblob(8) || substr(body, 49) AS BLOB) WHERE no = {}", no(20, 3)), "item 3 of entry 20: its words are not those"),
        (format!("UPDATE item SET body = 'text' WHERE no = {}", no(20, 3)), "item 3 of entry 20: its words are not those"),
        (format!("UPDATE item SET salt = zeroblob(16) WHERE no = {}", no(20, 3)), "item 3 of entry 20: its words are not those"),
        (format!("UPDATE item SET salt = NULL, body = NULL WHERE no = {}", no(20, 3)), "item 3 of entry 20: its words are gone, and no entry says why"),
        (format!("UPDATE item SET body = NULL WHERE no = {}", no(20, 3)), "item 3 of entry 20: half of it is gone"),
        (format!("DELETE FROM item WHERE no = {}", no(20, 3)), "item 3 of entry 20: it is missing"),
        (format!("DELETE FROM item WHERE no = {}", no(20, 7)), "item 7 of entry 20: it is missing"),
        (format!("DELETE FROM item WHERE no >= {}", no(position, 0)), "item 0 of entry 43: it is missing"),
        (format!("INSERT INTO item SELECT {}, kind, subject, target, source, on_item, salt, body FROM item WHERE no = {}", no(20, 8), no(20, 7)), "item 8 of entry 20: its entry does not commit to it"),
        (format!("INSERT INTO item SELECT {}, kind, subject, target, source, on_item, salt, body FROM item WHERE no = {}", no(99, 0), no(20, 7)), "item 0 of entry 99: its entry does not commit to it"),
        (format!("UPDATE item SET subject = (SELECT no FROM entity WHERE key = 'other') WHERE no = {}", no(6, 0)), "item 0 of entry 6: it is filed under another"),
        (format!("UPDATE item SET subject = 4711 WHERE no = {}", no(6, 0)), "item 0 of entry 6: it is filed under another"),
        (format!("UPDATE item SET subject = NULL WHERE no = {}", no(6, 0)), "item 0 of entry 6: it is filed under another"),
        (format!("UPDATE item SET target = 4711 WHERE no = {}", no(6, 0)), "item 0 of entry 6: it is filed under another"),
        (format!("UPDATE item SET target = NULL WHERE no = {}", no(7, 0)), "item 0 of entry 7: it is filed under another"),
        (format!("UPDATE item SET source = (SELECT no FROM entity WHERE key = 'act') WHERE no = {}", no(7, 0)), "item 0 of entry 7: it is filed under another"),
        (format!("UPDATE item SET on_item = {} WHERE no = {}", no(7, 0), no(9, 0)), "item 0 of entry 9: it is filed under another"),
        (format!("UPDATE item SET on_item = NULL WHERE no = {}", no(10, 0)), "item 0 of entry 10: it is filed under another"),
        (format!("UPDATE item SET kind = 5 WHERE no = {}", no(9, 0)), "item 0 of entry 9: it is filed under another kind"),
        ("UPDATE entity SET clearance = 'public' WHERE key = 'act'".into(), "item 0 of entry 5: the entity is filed otherwise"),
        ("UPDATE entity SET schema = 'Group' WHERE key = 'person'".into(), "item 0 of entry 3: the entity is filed otherwise"),
        ("UPDATE entity SET key = 'somebody' WHERE key = 'person'".into(), "item 0 of entry 3: the entity is filed otherwise"),
        ("UPDATE entity SET created = 1 WHERE key = 'person'".into(), "item 0 of entry 3: the entity is filed otherwise"),
        ("UPDATE entity SET id = zeroblob(16) WHERE key = 'person'".into(), "item 0 of entry 3: the entity is filed otherwise"),
        ("DELETE FROM entity WHERE key = 'other'".into(), "item 0 of entry 4: the entity is filed otherwise"),
        ("INSERT INTO entity(id, schema, clearance, created) VALUES(zeroblob(16), 'Person', 'public', 1)".into(), "entity 00000000000000000000000000: no entry made it"),
        ("UPDATE entry SET header = CAST(substr(header, 1, 90) || zeroblob(8) || substr(header, 99) AS BLOB) WHERE position = 20".into(), "entry 20: its bytes do not give its hash"),
        ("UPDATE entry SET header = 'text' WHERE position = 20".into(), "entry 20: its row holds what does not belong there"),
        ("UPDATE entry SET header = x'' WHERE position = 20".into(), "entry 20: its header cannot be read"),
        ("UPDATE entry SET hash = zeroblob(32) WHERE position = 20".into(), "entry 20: its bytes do not give its hash"),
        ("UPDATE entry SET signature = (SELECT signature FROM entry WHERE position = 21) WHERE position = 20".into(), "entry 20: its signature is not its feed’s"),
        ("UPDATE entry SET signature = x'01' WHERE position = 20".into(), "entry 20: its signature has the wrong length"),
        ("UPDATE entry SET signature = x'' WHERE position = 20".into(), "entry 20: it is signed with an algorithm"),
        ("UPDATE entry SET account = zeroblob(16) WHERE position = 20".into(), "entry 20: the feed, number, time or account"),
        ("UPDATE entry SET at = at - 1 WHERE position = 20".into(), "entry 20: the feed, number, time or account"),
        ("UPDATE entry SET sequence = 999 WHERE position = 20".into(), "entry 20: the feed, number, time or account"),
        ("UPDATE entry SET feed = 99 WHERE position = 20".into(), "entry 20: it is missing"),
        ("UPDATE entry SET position = 0 WHERE position = 20; UPDATE entry SET position = 20 WHERE position = 21; UPDATE entry SET position = 21 WHERE position = 0".into(), "entry 20: it does not follow entry 19"),
        ("DELETE FROM entry WHERE position IN (20, 21)".into(), "entries 20 to 21: they are missing"),
        (format!("DELETE FROM entry WHERE position = {position}; DELETE FROM item WHERE no >= {}", no(position, 0)), "entry 43: it is missing"),
        ("UPDATE feed SET sequence = sequence - 1".into(), ": its last entry is not the one"),
        ("UPDATE feed SET hash = zeroblob(32)".into(), ": its last entry is not the one"),
        ("UPDATE feed SET millis = millis + 1000".into(), ": its last entry is not the one"),
        ("UPDATE feed SET counter = counter + 1".into(), ": its last entry is not the one"),
        ("UPDATE feed SET key = zeroblob(32)".into(), "entry 1: "),
        ("INSERT INTO feed(key, sequence, hash, millis, counter) VALUES(zeroblob(32), 1, zeroblob(32), 1, 1)".into(), "feed 0000"),
        ("UPDATE meta SET value = zeroblob(8) WHERE name = 'frontier'".into(), "the tree: "),
        ("UPDATE meta SET value = x'00' WHERE name = 'frontier'".into(), "ledger.db: the tree’s edge"),
        ("DELETE FROM meta WHERE name = 'frontier'".into(), "the tree: "),
        ("UPDATE meta SET value = substr(value, 1, length(value) - 6) WHERE name = 'checkpoint'".into(), "the checkpoint: "),
        ("DELETE FROM meta WHERE name = 'checkpoint'".into(), "the checkpoint: it is no signed note"),
        ("DELETE FROM origin".into(), "item 0 of entry 12: its origin is not kept"),
        (format!("UPDATE origin SET item = {}", no(6, 0)), "item 0 of entry 6: the origin kept for it is not its own"),
        (format!("INSERT INTO origin VALUES(zeroblob(32), {})", no(6, 0)), "item 0 of entry 6: the origin kept for it is not its own"),
        ("CREATE TRIGGER quiet AFTER INSERT ON item BEGIN DELETE FROM item WHERE no = NEW.no; END".into(), "“quiet” is not as this program makes it"),
        ("DROP INDEX item_about".into(), "“item_about” is not as this program makes it"),
    ];
    assert_eq!(position, 43, "the entries that the edits name");
    for (edit, expected) in edits {
        let edited = copy(folder.path());
        sql(edited.path()).execute_batch(&edit).unwrap_or_else(|error| panic!("{edit}: {error}"));
        let found = told(edited.path());
        assert!(found.iter().any(|line| line.contains(expected)), "{edit}\nexpected {expected}\nfound {found:#?}");
    }
}

#[test]
fn words_that_were_destroyed_and_are_put_back_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    let note: ClaimId = story.claim(paper, "note", "the words of a witness", paper);
    drop(story);
    let row = |connection: &rusqlite::Connection| -> (Vec<u8>, Vec<u8>) {
        connection
            .query_row("SELECT salt, body FROM item WHERE no = ?1", [no(3, 0) as i64], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap()
    };
    let (salt, body) = row(&sql(folder.path()));
    let story = Story::reopen(folder.path());
    story.ledger.erase(&story.author, note, "consent was withdrawn").unwrap();
    drop(story);
    let file = std::fs::read(folder.path().join("ledger.db")).unwrap();
    assert!(verify(folder.path()).unwrap().ok());
    sql(folder.path())
        .execute("UPDATE item SET salt = ?1, body = ?2 WHERE no = ?3", rusqlite::params![salt, body, no(3, 0) as i64])
        .unwrap();
    let found = told(folder.path());
    assert!(
        found.iter().any(|line| line.contains("item 0 of entry 3: an entry says that its words were destroyed")),
        "{found:?}"
    );
    std::fs::write(folder.path().join("ledger.db"), file).unwrap();
}

#[test]
fn a_thousand_findings_are_counted_and_the_first_are_listed() {
    let folder = closed();
    sql(folder.path()).execute_batch("UPDATE item SET salt = zeroblob(16)").unwrap();
    let report = verify(folder.path()).unwrap();
    assert_eq!(report.findings.len(), 200);
    assert!(report.more > 50, "{}", report.more);
}

#[test]
fn a_checkpoint_beside_that_is_missing_or_changed_is_found() {
    let folder = closed();
    let file = folder.path().join("checkpoint");
    let note = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, note.replacen('4', "5", 1)).unwrap();
    assert!(told(folder.path()).iter().any(|line| line.starts_with("the file `checkpoint`: ")));
    std::fs::remove_file(&file).unwrap();
    assert!(told(folder.path()).iter().any(|line| line.starts_with("the file `checkpoint`: it is missing")));
}
