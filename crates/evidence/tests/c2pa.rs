//! Content Credentials that hold, that were tampered with, and none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use evidence::c2pa::{Manifest, Status, read};
use proptest::prelude::*;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn manifest(bytes: &[u8]) -> Manifest {
    read(bytes).unwrap().expect("a manifest")
}

fn why(bytes: &[u8]) -> Vec<String> {
    match manifest(bytes).status {
        Status::Tampered { why } => why,
        other => panic!("{other:?}"),
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn an_unbroken_manifest_is_read() {
    let said = manifest(&file("c2pa-valid.jpg"));
    assert_eq!(said.status, Status::Valid);
    assert_eq!(said.generator.as_deref(), Some("Test Camera 1.0"));
    assert_eq!(said.title.as_deref(), Some("At the gate"));
    assert_eq!(said.signed_by.as_deref(), Some("Camera es256, Test Camera, KH"));
    assert!(said.signed_at.as_deref().is_some_and(|time| time.starts_with("20") && time.ends_with('Z')), "{said:?}");
    assert!(!said.trusted, "nobody vouches for the signer");
    assert_eq!(said.assertions, ["c2pa.actions.v2", "org.example.note", "c2pa.hash.data"]);
}

#[test]
fn claims_of_both_versions_and_all_kinds_of_keys_hold() {
    for name in [
        "c2pa-v1.jpg",
        "c2pa-valid.png",
        "c2pa-es512.jpg",
        "c2pa-ed25519.jpg",
        "c2pa-parent.jpg",
        "c2pa-ps512.jpg",
        "c2pa-ps384.png",
    ] {
        let said = manifest(&file(name));
        assert_eq!(said.status, Status::Valid, "{name}");
        assert!(said.signed_by.is_some() && said.generator.is_some(), "{name}");
    }
}

#[test]
fn a_picture_without_a_manifest_has_none() {
    assert_eq!(read(&file("c2pa-none.jpg")).unwrap(), None);
    assert_eq!(read(&file("camera.png")).unwrap(), None);
    assert_eq!(read(b"words").unwrap(), None);
    let stripped = evidence::metadata::strip(&file("c2pa-valid.jpg")).unwrap();
    assert_eq!(read(&stripped.bytes).unwrap(), None);
    assert!(stripped.removed.iter().any(|field| field.group == "c2pa"));
}

#[test]
fn what_was_tampered_with_is_named() {
    assert_eq!(why(&file("c2pa-pixels.jpg")), ["the picture was changed after it was signed"]);
    assert_eq!(why(&file("c2pa-assertion.jpg")), ["the assertion org.example.note was changed after it was signed"]);
    let whole = file("c2pa-valid.jpg");
    assert_eq!(
        why(&replaced(&whole, b"At the gate", b"At the door")),
        ["its signature does not hold: the claim was changed, or another key signed it"]
    );
    // Another's certificate with this one's signature.
    let other = replaced(&whole, b"Camera es256", b"Camera es999");
    assert_eq!(manifest(&other).signed_by.as_deref(), Some("Camera es999, Test Camera, KH"));
    assert!(!why(&other).is_empty());
    // What the file has besides: more after the end of the picture.
    assert_eq!(why(&[&whole[..], b"more"].concat()), ["the picture was changed after it was signed"]);
    let parent = file("c2pa-parent.jpg");
    let history = why(&replaced(&parent, b"seen by two people", b"seen by ten people"));
    assert_eq!(history, ["the manifest of parent, from which it was made, was changed"]);
    let png = file("c2pa-valid.png");
    assert!(!why(&replaced(&png, b"seen by two people", b"seen by ten people")).is_empty());
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    let whole = file("c2pa-v1.jpg");
    let said = manifest(&whole);
    let mut unnoticed = Vec::new();
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        if let Ok(Some(found)) = read(&flipped)
            && found.status == Status::Valid
        {
            assert_eq!(found, said, "byte {at}");
            unnoticed.push(at);
        }
    }
    // The padding of the signature (a fifth of this file) and the descriptions of the outer boxes are not signed.
    let most = whole.len() / 4;
    assert!(unnoticed.len() < most, "{} of {}: {unnoticed:?}", unnoticed.len(), whole.len());
}

const FILES: &[&str] = &["c2pa-valid.jpg", "c2pa-v1.jpg", "c2pa-valid.png", "c2pa-parent.jpg"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_is_survived(which in 0..FILES.len(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in prop::option::of(any::<prop::sample::Index>())) {
        let mut bytes = file(FILES[which]);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes);
    }
}
