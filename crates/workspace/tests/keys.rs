//! Who can open a workspace, and what a changed `config.toml` does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::Path;
use std::time::Instant;

use common::{PASSPHRASE, demonstration, passphrase};
use workspace::{Config, Error, Options, Passphrase, Workspace};

fn edit(dir: &Path, from: &str, to: &str) {
    let path = dir.join("config.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "there is no `{from}` in\n{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn what_was_made_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("made/with its parents");
    let (made, code) = Workspace::create(&dir, "Cambodia", "Sokha ស", &passphrase(), Options::default()).unwrap();
    assert_eq!(code.to_string().len(), 47);
    let owner = made.owner();
    let position = made.ledger.position().unwrap();
    drop(made);
    let began = Instant::now();
    let opened = Workspace::open(&dir, &passphrase()).unwrap();
    eprintln!("opening took {:?}", began.elapsed());
    assert_eq!((opened.name(), opened.owner(), opened.ledger.position().unwrap()), ("Cambodia", owner, position));
    assert_eq!(opened.config().version(), 1);
    assert!(!opened.config().is_demonstration());
    assert_eq!(opened.config().listen().to_string(), "127.0.0.1:7070");
    assert!(opened.out().is_dir());
    assert!(opened.verify(&mut |_, _, _| {}).unwrap().ok());
}

#[test]
fn a_wrong_passphrase_is_called_that() {
    let (folder, workspace) = demonstration();
    drop(workspace);
    for wrong in ["", "Ordinary words", "ordinary words ", "something else altogether"] {
        let error = Workspace::open(folder.path(), &Passphrase::new(wrong)).unwrap_err();
        assert!(matches!(error, Error::WrongPassphrase { .. }), "{error}");
        assert!(!error.is_damage());
        assert!(error.hint().unwrap().contains("recover"));
    }
    assert!(Workspace::open(folder.path(), &passphrase()).is_ok());
}

#[test]
fn the_recovery_code_sets_a_new_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("one");
    let (_, code) = Workspace::create(&dir, "One", "Sokha", &passphrase(), Options::demonstration()).unwrap();
    let other = folder.path().join("other");
    let (_, other_code) = Workspace::create(&other, "Other", "Sokha", &passphrase(), Options::demonstration()).unwrap();
    let new = Passphrase::new("an entirely new one");

    let error = Workspace::recover(&dir, &other_code, &new).unwrap_err();
    assert!(matches!(error, Error::WrongRecoveryCode { .. }), "{error}");
    assert!(Workspace::open(&dir, &passphrase()).is_ok(), "nothing was changed");

    let typed = code.to_string().to_lowercase().replace('-', " ").replace('0', "o");
    Workspace::recover(&dir, &typed.parse().unwrap(), &new).unwrap();
    assert!(Workspace::open(&dir, &new).is_ok());
    assert!(matches!(Workspace::open(&dir, &passphrase()), Err(Error::WrongPassphrase { .. })));
    Workspace::recover(&dir, &code, &passphrase()).expect("the code stays valid");
    Workspace::change_passphrase(&dir, &passphrase(), &new).unwrap();
    assert!(matches!(Workspace::change_passphrase(&dir, &passphrase(), &new), Err(Error::WrongPassphrase { .. })));
    assert_eq!(Workspace::open(&dir, &new).unwrap().name(), "One");
}

#[test]
fn a_newer_workspace_is_left_alone() {
    let (folder, workspace) = demonstration();
    drop(workspace);
    edit(folder.path(), "version = 1", "version = 2\nsomething_new = true");
    let error = Workspace::open(folder.path(), &passphrase()).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 2, known: 1, .. }), "{error}");
    assert!(error.hint().unwrap().contains("newer version"));
}

#[test]
fn a_cut_config_never_passes_for_a_whole_one() {
    let (folder, workspace) = demonstration();
    drop(workspace);
    let path = folder.path().join("config.toml");
    let whole = fs::read_to_string(&path).unwrap();
    for length in (0..whole.trim_end().len()).filter(|length| whole.is_char_boundary(*length)) {
        fs::write(&path, &whole[..length]).unwrap();
        match Workspace::open(folder.path(), &passphrase()) {
            Err(error) => assert!(error.is_damage(), "cut to {length}: {error}"),
            Ok(workspace) => {
                let report = workspace.verify(&mut |_, _, _| {}).unwrap();
                assert_eq!(report.findings[0].place, "config.toml", "cut to {length}");
            }
        }
    }
    fs::write(&path, [0xff, 0xfe, 0]).unwrap();
    assert!(Workspace::open(folder.path(), &passphrase()).unwrap_err().is_damage());
    fs::write(&path, whole).unwrap();
    assert!(Workspace::open(folder.path(), &passphrase()).is_ok());
}

#[test]
fn edited_parameters_open_nothing_and_are_called_damage() {
    for (from, to) in [
        ("memory_kib = 8192", "memory_kib = 64"),
        ("memory_kib = 8192", "memory_kib = 4294967295"),
        ("passes = 1", "passes = 2"),
        ("passes = 1", "passes = 4294967295"),
        ("lanes = 1", "lanes = 0"),
        ("demonstration = true", "demonstration = false"),
        ("kind = \"passphrase\"", "kind = \"recovery\""),
        ("algorithm = \"argon2id\"", "algorithm = \"argon2d\""),
    ] {
        let (folder, workspace) = demonstration();
        drop(workspace);
        edit(folder.path(), from, to);
        let began = Instant::now();
        let error = Workspace::open(folder.path(), &passphrase()).expect_err(to);
        assert!(error.is_damage() || to == "lanes = 0", "{to}: {error}");
        assert!(began.elapsed().as_secs() < 20, "{to}");
    }
}

#[test]
fn where_it_listens_may_be_edited() {
    let (folder, workspace) = demonstration();
    drop(workspace);
    edit(folder.path(), "127.0.0.1:7070", "127.0.0.1:8080");
    let workspace = Workspace::open(folder.path(), &passphrase()).unwrap();
    assert_eq!(workspace.config().listen().port(), 8080);
    assert!(workspace.verify(&mut |_, _, _| {}).unwrap().ok());
    edit(folder.path(), "127.0.0.1:8080", "here");
    assert!(Config::read(folder.path()).is_err());
}

#[test]
fn a_workspace_is_made_in_an_empty_folder_only() {
    let (folder, workspace) = demonstration();
    let error = Workspace::create(folder.path(), "Again", "Sokha", &passphrase(), Options::default()).unwrap_err();
    assert!(error.to_string().contains("already"), "{error}");
    drop(workspace);
    assert!(Workspace::open(folder.path(), &passphrase()).is_ok(), "the first one is as it was");

    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("thesis.odt"), "mine").unwrap();
    assert!(Workspace::create(other.path(), "W", "Sokha", &passphrase(), Options::default()).is_err());
    assert_eq!(fs::read_dir(other.path()).unwrap().count(), 1);
}

#[test]
fn a_creation_that_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("new");
    assert!(Workspace::create(&dir, "W", "Sokha", &Passphrase::new("short"), Options::default()).is_err());
    assert!(Workspace::create(&dir, " ", "Sokha", &passphrase(), Options::default()).is_err());
    assert!(!dir.exists());
}

#[test]
fn a_creation_that_was_killed_is_no_workspace() {
    let (folder, workspace) = demonstration();
    drop(workspace);
    fs::remove_file(folder.path().join("config.toml")).unwrap();
    let error = Workspace::open(folder.path(), &passphrase()).unwrap_err();
    assert!(matches!(error, Error::NotAWorkspace { .. }), "{error}");
    assert!(error.hint().unwrap().contains("interrupted"));
    let nothing = tempfile::tempdir().unwrap();
    let error = Workspace::open(nothing.path(), &passphrase()).unwrap_err();
    assert!(error.hint().unwrap().contains("rapporteur init"), "{error}");
}

#[test]
fn nothing_on_the_disk_says_what_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("w");
    drop(Workspace::create(&dir, "Mondulkiri land case", "Sokha", &passphrase(), Options::demonstration()).unwrap());
    for entry in fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            for secret in ["Mondulkiri", "Sokha", PASSPHRASE] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "“{secret}” is in {}", path.display());
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_workspace_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, workspace) = demonstration();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.path()), 0o700);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    drop(workspace);
}
