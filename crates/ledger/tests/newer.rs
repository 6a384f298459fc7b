//! What a newer version wrote: a newer format is refused, a newer item is kept, checked and passed on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::raw::{sql, verify};
use common::{Story, genesis, id, owner, settings};
use ed25519_dalek::Signer;
use ledger::{Claim, ClaimState, Clearance, Clock, Digest, EntryHeader, Error, Item, Ledger, SigningKey, merkle};
use rusqlite::params;
use schema::{Kind, Value};
use sha2::{Digest as _, Sha256};

#[test]
fn a_ledger_of_a_newer_format_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    Story::begin(folder.path()).entity("person", "Person");
    sql(folder.path()).execute_batch("PRAGMA user_version = 2").unwrap();
    let before = std::fs::read(folder.path().join("ledger.db")).unwrap();
    let error = Ledger::open(settings(folder.path())).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 2, known: 1 }));
    assert!(error.hint().unwrap().contains("newer version"), "{error}");
    assert_eq!(std::fs::read(folder.path().join("ledger.db")).unwrap(), before);
}

/// Kind, subject, source, bytes.
type Foreign = (u16, Option<i64>, Option<i64>, Vec<u8>);

/// Writes an entry as another implementation of the format would, from its description alone.
fn write_as_another(folder: &std::path::Path, items: &[Foreign]) {
    let connection = sql(folder);
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let salt = [3u8; 16];
    let mut commitments = Vec::new();
    for (_, _, _, body) in items {
        let commitment =
            Sha256::new().chain_update(b"rapporteur item v1\n").chain_update(salt).chain_update(body).finalize();
        commitments.extend_from_slice(&commitment);
    }
    let (frontier, sequence, previous, millis): (Vec<u8>, u64, [u8; 32], u64) = connection
        .query_row(
            "SELECT (SELECT value FROM meta WHERE name = 'frontier'), sequence, hash, millis FROM feed",
            [],
            |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64, row.get(2)?, row.get::<_, i64>(3)? as u64)),
        )
        .unwrap();
    let mut frontier = merkle::Frontier::from_bytes(&frontier).unwrap();
    let header = EntryHeader {
        version: 2,
        workspace: genesis().workspace,
        feed: SigningKey::from_seed(&[7; 32]).feed(),
        sequence: sequence + 1,
        previous: Digest(previous),
        clock: Clock { millis: millis + 1, counter: 0 },
        account: owner().id,
        commitments,
    };
    let bytes = minicbor::to_vec(&header).unwrap();
    let hash = merkle::leaf(&bytes);
    let signature = [&[1][..], &key.sign(&[b"rapporteur entry v1\n", &hash.0[..]].concat()).to_bytes()].concat();
    frontier.push(hash);
    let position = frontier.size();
    connection
        .execute(
            "INSERT INTO entry(position, feed, sequence, at, account, hash, signature, header) VALUES(?1, 1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![position as i64, header.sequence as i64, header.clock.millis as i64, owner().id.0, hash.0, signature, bytes],
        )
        .unwrap();
    for (index, (kind, subject, source, body)) in items.iter().enumerate() {
        connection
            .execute(
                "INSERT INTO item(no, kind, subject, source, salt, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                params![(position as i64) << 20 | index as i64, kind, subject, source, salt, body],
            )
            .unwrap();
    }
    connection
        .execute(
            "UPDATE feed SET sequence = ?1, hash = ?2, millis = ?3, counter = 0",
            params![header.sequence as i64, hash.0, header.clock.millis as i64],
        )
        .unwrap();
    let checkpoint = merkle::sign_checkpoint(
        &format!("rapporteur/{}", "01".repeat(16)),
        &frontier,
        &SigningKey::from_seed(&[7; 32]),
    );
    connection.execute("UPDATE meta SET value = ?1 WHERE name = 'frontier'", [frontier.to_bytes()]).unwrap();
    connection.execute("UPDATE meta SET value = ?1 WHERE name = 'checkpoint'", [checkpoint.as_bytes()]).unwrap();
}

#[test]
fn what_is_not_understood_is_kept_checked_and_shown_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::begin(folder.path());
    let paper = story.source("paper");
    let person = story.entity("person", "Person");
    drop(story);
    let number = |name: &str| -> Option<i64> {
        sql(folder.path()).query_row("SELECT no FROM entity WHERE key = ?1", [name], |row| row.get(0)).ok()
    };
    // Kind 400 with a body of its own, and a claim with a kind of value that this version has never heard of.
    let unheard_of = vec![0x82, 0x19, 0x01, 0x90, 0xa1, 0x00, 0x63, b'n', b'e', b'w'];
    let text = Value::parse(Kind::Text, "#c02020", None).unwrap();
    let claim = Claim {
        kind: "colour".into(),
        no_words: Some("seen".into()),
        clearance: Clearance::public(),
        ..Claim::new(person, "note", &text, paper)
    };
    let claim = Item::Claim(claim).encode().unwrap();
    write_as_another(
        folder.path(),
        &[(400, None, None, unheard_of.clone()), (4, number("person"), number("paper"), claim)],
    );

    let report = verify(folder.path()).unwrap();
    assert!(report.ok(), "{:?}", report.findings);
    assert_eq!(report.not_understood, 1);
    let story = Story::reopen(folder.path());
    let reader = story.read();
    let position = reader.position();
    let lines = &reader.entries(position, position).unwrap()[0].items;
    assert_eq!(lines[0], "unknown: an item that a newer version wrote");
    let claims = reader.claims_about(person).unwrap();
    assert_eq!((claims[0].state.clone(), claims[0].display.as_str()), (ClaimState::NotUnderstood, "#c02020"));
    assert!(reader.values(person, "note").unwrap().is_empty(), "what is not understood does not count");
    drop(reader);
    // Life goes on above it, and its bytes stay.
    story.claim(id("person"), "name", "Rong Chhun", paper);
    let kept: Vec<u8> =
        sql(folder.path()).query_row("SELECT body FROM item WHERE kind = 400", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, unheard_of);
    assert!(verify(folder.path()).unwrap().ok());
}
