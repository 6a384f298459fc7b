//! The vault through its own door.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;
use vault::{Error, Vault};

const LIMIT: u64 = 1 << 24;

fn vault(folder: &Path) -> Vault {
    Vault::open(&folder.join("objects"), [7; 32]).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    vault(folder).unknown_files(&HashSet::new()).unwrap()
}

#[test]
fn what_was_added_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    for size in [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000] {
        let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        let stored = vault.add(&mut bytes.as_slice()).unwrap();
        assert_eq!((stored.size, stored.already), (size, false));
        assert_eq!(vault.read_bytes(&stored.sha256, LIMIT).unwrap(), bytes);
        vault.verify(&stored.sha256).unwrap();
        let mut streamed = Vec::new();
        vault.read(&stored.sha256).unwrap().read_to_end(&mut streamed).unwrap();
        assert_eq!(streamed, bytes);
    }
}

#[test]
fn the_same_bytes_are_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let first = vault.add_bytes(b"a reading note").unwrap();
    assert!(!first.already);
    assert!(vault.add_bytes(b"a reading note").unwrap().already);
    assert!(vault.add(&mut &b"a reading note"[..]).unwrap().already);
    assert_eq!(files(folder.path()).len(), 1);
    assert!(vault.unknown_files(&HashSet::from([first.sha256])).unwrap().is_empty());
}

#[test]
fn nothing_on_the_disk_says_which_objects_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let stored = vault.add_bytes(b"a document that the police have too").unwrap();
    let path = vault.path_of(&stored.sha256).unwrap();
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let plain: String = stored.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_ne!(name, plain);
    let bytes = fs::read(path).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"document"));
    assert!(Vault::open(&folder.path().join("objects"), [8; 32]).unwrap().read(&stored.sha256).is_err());
}

#[test]
fn every_flipped_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let object = vault.add_bytes("words ពាក្យ of a source".as_bytes()).unwrap().sha256;
    let path = vault.path_of(&object).unwrap();
    let good = fs::read(&path).unwrap();
    for place in 0..good.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut bad = good.clone();
            bad[place] ^= flip;
            fs::write(&path, &bad).unwrap();
            let error = vault.verify(&object).expect_err(&format!("byte {place} ^ {flip:#x} was not noticed"));
            assert!(error.is_damage(), "byte {place}: {error}");
            assert!(vault.read_bytes(&object, LIMIT).is_err());
        }
    }
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).unwrap();
        assert!(vault.verify(&object).expect_err("a cut file").is_damage(), "cut to {length}");
    }
    for extra in [&b"\0"[..], b"\n", b"more than there was"] {
        fs::write(&path, [&good[..], extra].concat()).unwrap();
        assert!(vault.verify(&object).is_err(), "bytes added at the end");
    }
    fs::write(&path, &good).unwrap();
    vault.verify(&object).unwrap();
}

#[test]
fn the_piece_that_was_changed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    // Three whole pieces: the end of the file is the end of a piece, where a cut or an addition is hardest to see.
    let object = vault.add(&mut io::repeat(5).take(3 * 65_536)).unwrap().sha256;
    let path = vault.path_of(&object).unwrap();
    let good = fs::read(&path).unwrap();
    let payload = good.len() - 3 * (65_536 + 16);

    let mut bad = good.clone();
    bad[payload + 65_552 + 40] ^= 1;
    fs::write(&path, &bad).unwrap();
    let told = vault.verify(&object).unwrap_err().to_string();
    let place = format!("bytes {} to {} (piece 2)", payload + 65_552, payload + 2 * 65_552);
    assert!(told.contains(&place), "{told}");

    for piece in 0..=2 {
        fs::write(&path, &good[..payload + piece * 65_552]).unwrap();
        assert!(vault.verify(&object).unwrap_err().is_damage(), "only {piece} pieces left");
    }
    fs::write(&path, [&good[..], &[0; 16]].concat()).unwrap();
    assert!(vault.verify(&object).unwrap_err().is_damage(), "an empty piece at the end");
    let again = [&good[..], &good[payload..]].concat();
    fs::write(&path, again).unwrap();
    assert!(vault.verify(&object).unwrap_err().is_damage(), "the pieces once more");
}

#[test]
fn a_missing_file_and_an_exchanged_one_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let one = vault.add_bytes(b"one").unwrap().sha256;
    let other = vault.add_bytes(b"other").unwrap().sha256;
    fs::copy(vault.path_of(&other).unwrap(), vault.path_of(&one).unwrap()).unwrap();
    assert!(matches!(vault.verify(&one).unwrap_err(), Error::Exchanged { .. }));
    let mut bytes = Vec::new();
    assert!(vault.read(&one).unwrap().read_to_end(&mut bytes).is_err(), "a stream says it at its end");
    fs::remove_file(vault.path_of(&one).unwrap()).unwrap();
    assert!(matches!(vault.verify(&one).unwrap_err(), Error::Missing { .. }));
}

#[test]
fn a_file_is_verified_without_knowing_whose_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let object = vault.add_bytes(b"restricted to a team").unwrap().sha256;
    let path = vault.path_of(&object).unwrap();
    assert!(vault.looks_like_object(&path));
    assert_eq!(vault.verify_file(&path).unwrap(), object);
    let elsewhere = path.with_file_name(format!("{}.age", "0".repeat(64)));
    fs::copy(&path, &elsewhere).unwrap();
    assert!(matches!(vault.verify_file(&elsewhere), Err(Error::Exchanged { .. })));
    let mut bad = fs::read(&path).unwrap();
    let last = bad.len() - 1;
    bad[last] ^= 1;
    fs::write(&path, bad).unwrap();
    assert!(matches!(vault.verify_file(&path), Err(Error::Damaged { .. })));
    assert!(!vault.looks_like_object(&folder.path().join("objects/planted.txt")));
}

#[test]
fn adding_the_original_again_heals_a_damaged_file() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let object = vault.add_bytes(b"the original").unwrap().sha256;
    fs::write(vault.path_of(&object).unwrap(), b"rubbish").unwrap();
    assert!(!vault.add_bytes(b"the original").unwrap().already);
    vault.verify(&object).unwrap();
}

struct BreaksOff(usize);

impl Read for BreaksOff {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::other("the stick was pulled out"));
        }
        self.0 -= 1;
        Ok(buffer.len())
    }
}

#[test]
fn an_addition_that_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let error = vault.add(&mut BreaksOff(5)).unwrap_err();
    assert!(matches!(error, Error::Input(_)));
    assert!(error.to_string().contains("the stick was pulled out"), "{error}");
    assert_eq!(fs::read_dir(folder.path().join("objects")).unwrap().count(), 0);
}

#[test]
fn what_a_killed_addition_left_is_no_object_and_is_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    fs::write(folder.path().join("objects/.new-0011.part"), b"half").unwrap();
    fs::write(folder.path().join("objects/planted.txt"), b"who put this here?").unwrap();
    let unknown = vault.unknown_files(&HashSet::new()).unwrap();
    assert_eq!(unknown, [folder.path().join("objects/planted.txt")]);
    assert_eq!(vault.clear_leftovers(Duration::from_secs(3600)).unwrap(), 0, "it may still be under way");
    assert_eq!(vault.clear_leftovers(Duration::ZERO).unwrap(), 1);
}

#[test]
fn a_destroyed_object_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let object = vault.add_bytes(b"testimony whose giver withdrew consent").unwrap().sha256;
    assert!(vault.contains(&object).unwrap());
    assert!(vault.destroy(&object).unwrap());
    assert!(!vault.contains(&object).unwrap());
    assert!(!vault.destroy(&object).unwrap(), "there is nothing left to destroy");
    assert!(matches!(vault.verify(&object).unwrap_err(), Error::Missing { .. }));
}

#[test]
fn an_object_larger_than_wanted_is_not_taken_into_memory() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let object = vault.add_bytes(&[1; 1000]).unwrap().sha256;
    assert!(matches!(vault.read_bytes(&object, 999), Err(Error::TooLarge { limit: 999, .. })));
    assert_eq!(vault.read_bytes(&object, 1000).unwrap().len(), 1000);
}

#[cfg(unix)]
#[test]
fn folders_and_files_are_their_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let object = vault.add_bytes(b"private").unwrap().sha256;
    let path = vault.path_of(&object).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&folder.path().join("objects")), 0o700);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_bytes_come_back_and_any_change_is_found(
        bytes in prop::collection::vec(any::<u8>(), 0..200_000), place in any::<prop::sample::Index>(), flip in 1u8..,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path());
        let object = vault.add_bytes(&bytes).unwrap().sha256;
        prop_assert_eq!(vault.read_bytes(&object, LIMIT).unwrap(), bytes);
        let path = vault.path_of(&object).unwrap();
        let mut file = fs::read(&path).unwrap();
        let place = place.index(file.len());
        file[place] ^= flip;
        fs::write(&path, &file).unwrap();
        prop_assert!(vault.verify(&object).unwrap_err().is_damage());
    }
}
